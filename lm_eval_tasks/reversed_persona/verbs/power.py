"""`reversed-persona power`: what a run of so many questions will be able to tell."""

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING

from reversed_persona.errors import SettingsError
from reversed_persona.verbs.options import Verbs

if TYPE_CHECKING:
    from reversed_persona.comparison.table import Cell
    from reversed_persona.statistics.power import Assumed

__all__ = ["add"]

DATASETS = {"gsm8k": 1319, "math500": 500}
BOTH = "R"


def add(verbs: Verbs) -> None:
    """Add the verb to the command line."""
    power = verbs.add_parser(
        "power",
        help="before a run: how wide the interval of reversal will be, how small a difference of models can be seen",
        description="Simulates runs of n questions for assumed accuracies. The smallest difference is the one between "
        "two models that a two-sided test at 5 % finds in 80 of 100 runs.",
    )
    power.add_argument(
        "n",
        metavar="N",
        nargs="*",
        default=[*DATASETS],
        help=f"questions, or {', '.join(DATASETS)} (default: both, and R, their mean)",
    )
    power.add_argument(
        "--acc-high",
        metavar="SHARE",
        type=_shares,
        default="0.9",
        help="assumed accuracy as high; one for all, or one for each N, as in 0.95,0.7 (default: 0.9)",
    )
    power.add_argument(
        "--acc-low", metavar="SHARE", type=_shares, default="0.5", help="assumed, likewise (default: 0.5)"
    )
    power.add_argument(
        "--unanswered-low", metavar="SHARE", type=_shares, default="0", help="assumed, likewise (default: 0)"
    )
    power.add_argument(
        "--shared",
        type=float,
        default=0.0,
        help="share of the questions on which the two models fare alike (default: 0, which asks for the most)",
    )
    power.add_argument("--runs", type=int, default=2_000, help="simulated runs (default: 2000)")
    power.add_argument("--seed", type=int, default=0, help="of the simulation (default: 0)")
    power.add_argument("--format", choices=("table", "markdown", "csv", "json", "latex"), default="table")
    power.set_defaults(verb=_power)


def _power(options: argparse.Namespace) -> int:
    from reversed_persona.comparison.layout import FORMATS
    from reversed_persona.comparison.table import Table
    from reversed_persona.statistics.power import plan_power

    planned = {given: [one] for given, one in _assumed(options).items()}
    if all(name in planned for name in DATASETS):
        planned[BOTH] = [one for name in DATASETS for one in planned[name]]
    rows: list[Mapping[str, Cell]] = []
    for given, sets in planned.items():
        try:
            plan = plan_power(sets, shared=options.shared, runs=options.runs, seed=options.seed)
        except ValueError as error:
            raise SettingsError(f"power: {error} (wrong as low is 1 - acc_low - unanswered_low)") from error
        rows.append(
            {
                "questions": given if given in (*DATASETS, BOTH) else None,
                "n": plan.n,
                "reversal": plan.reversal,
                "interval width": plan.width,
                "intervals that hold the truth": plan.covered,
                "smallest difference": plan.smallest_difference,
            }
        )
    notes = [f"{options.runs:,} simulated runs each, seed {options.seed}"]
    if BOTH in planned:
        notes.append(f"{BOTH}: the mean reversal over both problem sets")
    if any(row["smallest difference"] is None for row in rows):
        notes.append("smallest difference: '-' where no run of this size finds any")
    columns = ("questions", "n", "reversal", "interval width", "smallest difference", "intervals that hold the truth")
    print(FORMATS[options.format]([Table("power", "What a run can tell", columns, rows, notes)]))
    return 0


def _assumed(options: argparse.Namespace) -> "dict[str, Assumed]":
    from reversed_persona.statistics.power import Assumed

    names = list(dict.fromkeys(options.n))
    by_option = {name: getattr(options, name) for name in ("acc_high", "acc_low", "unanswered_low")}
    for name, given in by_option.items():
        if len(given) not in (1, len(names)):
            raise SettingsError(
                f"power: --{name.replace('_', '-')}: got {len(given)} numbers for {len(names)} N ({', '.join(names)}); "
                "expected one, or one for each"
            )
        by_option[name] = given * len(names) if len(given) == 1 else given
    return {
        name: Assumed(_questions(name), high, round(1 - low - unanswered, 12))
        for name, high, low, unanswered in zip(names, *by_option.values(), strict=True)
    }


def _shares(given: str) -> list[float]:
    try:
        return [float(one) for one in given.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(f"got {given!r}; expected a number, or several with commas") from None


def _questions(given: str) -> int:
    if given in DATASETS:
        return DATASETS[given]
    try:
        return int(given)
    except ValueError as error:
        raise SettingsError(f"power: N: got {given!r}; expected a number or one of {', '.join(DATASETS)}") from error
