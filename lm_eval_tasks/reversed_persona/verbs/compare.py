"""`reversed-persona compare`: many models side by side."""

import argparse
from pathlib import Path

from reversed_persona.verbs.options import Verbs
from reversed_persona.verbs.outputs import add_output_options, read_outputs

__all__ = ["add"]


def add(verbs: Verbs) -> None:
    """Add the verb to the command line."""
    compare = verbs.add_parser(
        "compare",
        help="many models side by side: intervals, ranks, paired differences",
        description="OUT are folders that --output_path named, with --log_samples. The newest run of each model and "
        "task counts. A cell that was not measured is '-'. What each column means: README, and the page of `report`.",
    )
    add_output_options(compare)
    one_of = compare.add_mutually_exclusive_group()
    one_of.add_argument(
        "--by",
        choices=("difficulty", "race", "target", "subject", "wording", "round"),
        help="take the runs apart; round: of self-refinement, beside the run that it goes on from",
    )
    one_of.add_argument("--against", metavar="MODEL", help="paired differences from this model, with p adjusted")
    compare.add_argument(
        "--format", choices=("table", "markdown", "csv", "json", "latex"), default="table", help="(default: table)"
    )
    compare.add_argument(
        "--columns", metavar="COLUMN,...", help="these columns alone, behind those that say what a row is of"
    )
    compare.add_argument("-o", "--output", metavar="FILE", type=Path, help="where to (default: stdout)")
    compare.set_defaults(verb=_compare)


def _compare(options: argparse.Namespace) -> int:
    from reversed_persona.comparison.against import differences_from
    from reversed_persona.comparison.breakdown import break_down
    from reversed_persona.comparison.layout import FORMATS
    from reversed_persona.comparison.ranking import ranking_table
    from reversed_persona.comparison.summary import task_tables
    from reversed_persona.comparison.table import only_columns
    from reversed_persona.writing import check_writable, write_lines

    if options.output:
        check_writable(options.output)
    found = read_outputs(options, rounds=options.by == "round")
    if options.by:
        tables = break_down([*found.runs, *found.before], options.by)
    elif options.against:
        tables = [differences_from(options.against, found.runs)]
    else:
        ranking = ranking_table(found.runs, seed=options.seed)
        tables = [*([ranking] if ranking else []), *task_tables(found.runs, seed=options.seed)]
    if options.columns is not None:
        tables = only_columns(tables, [column.strip() for column in options.columns.split(",")])
    text = FORMATS[options.format](tables)
    if options.output:
        write_lines(options.output, text.splitlines())
    else:
        print(text)
    return 0
