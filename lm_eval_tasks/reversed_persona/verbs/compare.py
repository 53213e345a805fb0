"""`reversed-persona compare`: many models side by side."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from reversed_persona.errors import RunsError
from reversed_persona.verbs.options import Verbs

__all__ = ["add"]

OLDER_SHOWN = 5


def add(verbs: Verbs) -> None:
    """Add the verb to the command line."""
    compare = verbs.add_parser(
        "compare",
        help="many models side by side: intervals, ranks, paired differences",
        description="OUT are folders that --output_path named, with --log_samples. The newest run of each model and "
        "task counts. A cell that was not measured is '-'. What each column means: README.",
    )
    compare.add_argument("outputs", metavar="OUT", nargs="+", type=Path, help="folders, results files or sample logs")
    compare.add_argument(
        "--task", action="append", metavar="TASK", help="this task only, by its exact name; repeatable"
    )
    compare.add_argument("--by", choices=("difficulty", "race", "target", "subject"), help="take the runs apart")
    compare.add_argument("--against", metavar="MODEL", help="paired differences from this model, with p adjusted")
    compare.add_argument(
        "--format", choices=("table", "markdown", "csv", "json", "latex"), default="table", help="(default: table)"
    )
    compare.add_argument("-o", "--output", metavar="FILE", type=Path, help="where to (default: stdout)")
    compare.add_argument(
        "--date", metavar="DATE", default="", help="only runs whose date begins so, such as 2026-11-24"
    )
    compare.add_argument("--seed", type=int, default=0, help="of bootstrap and permutations (default: 0)")
    compare.set_defaults(verb=_compare)


def _compare(options: argparse.Namespace) -> int:
    from reversed_persona.comparison.against import differences_from
    from reversed_persona.comparison.breakdown import break_down
    from reversed_persona.comparison.layout import FORMATS
    from reversed_persona.comparison.summary import ranking_table, task_tables
    from reversed_persona.runs import read_runs
    from reversed_persona.writing import check_writable, write_lines

    if options.output:
        check_writable(options.output)
    found = read_runs(options.outputs, tasks=options.task, date=options.date, progress=_progress)
    for left_out in found.left_out:
        print(f"left out: {left_out}", file=sys.stderr)
    for model, task, date in found.older[:OLDER_SHOWN]:
        print(f"older: {model}, {task}, {date}: a newer run counts; --date picks one", file=sys.stderr)
    if len(found.older) > OLDER_SHOWN:
        print(f"older: {len(found.older) - OLDER_SHOWN} more runs that newer ones replace", file=sys.stderr)
    if not found.runs:
        raise RunsError(
            f"{', '.join(map(str, options.outputs))}: no run of {', '.join(options.task or ['these tasks'])} could be "
            "read; expected results_<date>.json and samples_<task>_<date>.jsonl"
        )
    if options.by:
        tables = break_down(found.runs, options.by)
    elif options.against:
        tables = [differences_from(options.against, found.runs)]
    else:
        ranking = ranking_table(found.runs, seed=options.seed)
        tables = [*([ranking] if ranking else []), *task_tables(found.runs, seed=options.seed)]
    text = FORMATS[options.format](tables)
    if options.output:
        write_lines(options.output, text.splitlines())
    else:
        print(text)
    return 0


def _progress(paths: Sequence[Path]) -> Iterator[Path]:
    """Show how far the reading is, on a terminal, if it takes long."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    yield from track(paths, "Reading runs", console=console, transient=True, disable=not console.is_terminal)
