"""`reversed-persona judge-agreement`: how far judges agree with people."""

import argparse
from pathlib import Path

from reversed_persona.verbs.options import Verbs

__all__ = ["add"]


def add(verbs: Verbs) -> None:
    """Add the verb to the command line."""
    judged = verbs.add_parser(
        "judge-agreement",
        help="how far judges agree with people: weighted kappa from a CSV file of ratings",
        description="RATINGS is a CSV file with one rating a line, in the columns item, rater, kind (human or judge) "
        "and rating (1 to 5). An item is one pair in one order, such as sample-1a2b/contrast_high_first.",
    )
    judged.add_argument("ratings", metavar="RATINGS.csv", type=Path, help="columns item,rater,kind,rating")
    judged.add_argument(
        "--judged",
        metavar="SAMPLES",
        nargs="+",
        type=Path,
        default=[],
        help="sample logs of judge tasks, beside the CSV",
    )
    judged.add_argument("--seed", type=int, default=0, help="of the bootstrap (default: 0)")
    judged.set_defaults(verb=_judge_agreement)


def _judge_agreement(options: argparse.Namespace) -> int:
    from reversed_persona.judging.agreement import DRAWS, agreement, read_ratings, summary_lines
    from reversed_persona.judging.judged_ratings import read_judged

    ratings = read_ratings(options.ratings).with_judges(map(read_judged, options.judged))
    found = agreement(ratings, seed=options.seed)
    print("\n".join(summary_lines(found, ratings, draws=DRAWS, seed=options.seed)))
    return 0
