"""What the verbs share that read output folders: which, of which tasks and dates, and what is said of the rest."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reversed_persona.errors import RunsError, did_you_mean

if TYPE_CHECKING:
    from reversed_persona.runs import Runs

__all__ = ["add_output_options", "read_outputs"]

OLDER_SHOWN = 5


def add_output_options(parser: argparse.ArgumentParser, *, seed: bool = True) -> None:
    """Add what says which runs are meant, and the seed of what is drawn about them if anything is."""
    parser.add_argument("outputs", metavar="OUT", nargs="+", type=Path, help="folders, results files or sample logs")
    parser.add_argument("--task", action="append", metavar="TASK", help="this task only, by its exact name; repeatable")
    parser.add_argument("--date", metavar="DATE", default="", help="only runs whose date begins so, such as 2026-11-24")
    if seed:
        parser.add_argument("--seed", type=int, default=0, help="of bootstrap and permutations (default: 0)")


def read_outputs(options: argparse.Namespace, *, rounds: bool = False) -> "Runs":
    """Read the runs that the options mean; what is left out, or replaced by a newer run, is said on stderr.

    Args:
        options: What `add_output_options` added.
        rounds: As for `read_runs`.

    Raises:
        RunsError: A path is not there, or no run could be read.
    """
    from reversed_persona.runs import read_runs
    from reversed_persona.runs.names import own_tasks

    found = read_runs(options.outputs, tasks=options.task, date=options.date, rounds=rounds, progress=_progress)
    for left_out in found.left_out:
        print(f"left out: {left_out}", file=sys.stderr)
    for model, task, date in found.older[:OLDER_SHOWN]:
        more = ", compare --by round shows rounds" if task.startswith("refine_") else ""
        print(f"older: {model}, {task}, {date}: a newer run counts; --date picks one{more}", file=sys.stderr)
    if len(found.older) > OLDER_SHOWN:
        print(f"older: {len(found.older) - OLDER_SHOWN} more runs that newer ones replace", file=sys.stderr)
    for model, task, date in found.smaller[:OLDER_SHOWN]:
        print(f"partial: {model}, {task}, {date}: an older, whole run counts; --date {date} picks it", file=sys.stderr)
    if len(found.smaller) > OLDER_SHOWN:
        print(f"partial: {len(found.smaller) - OLDER_SHOWN} more runs that whole ones go before", file=sys.stderr)
    if not found.runs:
        wanted = ", ".join(options.task or ["these tasks"])
        dated = f" with a date that begins with {options.date!r}" if options.date else ""
        unknown = [task for task in options.task or () if task not in own_tasks()]
        raise RunsError(
            f"{', '.join(map(str, options.outputs))}: no run of {wanted}{dated} could be read; expected "
            "results_<date>.json and samples_<task>_<date>.jsonl"
            + (did_you_mean(unknown[0], own_tasks()) if unknown else "")
        )
    return found


def _progress(paths: Sequence[Path]) -> Iterator[Path]:
    """Show how far the reading is, on a terminal, if it takes long."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    yield from track(paths, "Reading runs", console=console, transient=True, disable=not console.is_terminal)
