"""By race: differences in four outcomes, and how far apart things lie that must not matter."""

from collections.abc import Mapping, Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from reversed_persona.comparison.rows import row_name
from reversed_persona.comparison.table import Brief, Cell, Row, Table
from reversed_persona.runs import TaskRun
from reversed_persona.statistics.intervals import Interval, interval_of
from reversed_persona.statistics.tests import equivalence, holm

__all__ = ["by_race"]

MARGIN, SMALL_MARGIN = 0.05, 0.03
"""Differences below this count as none: 5 points, and 3 to see how much hangs on that."""
ALPHA = 0.05
FLOOR = "irrelevant_largest"
_OUTCOMES = ("acc_high", "acc_low", "unanswered_low", "contrast")
_GROUPS = ("unspecified", "white_american")
"""What every group is held against."""
_COLUMNS = (
    *("model", "group", "against", "outcome", "difference", "p_holm", FLOOR, "within 5 points", "within 3 points"),
    "p",
)


def by_race(task: str, runs: Sequence[TaskRun]) -> Table | None:
    """Return the differences of each race from those without one and from White American; None where none is asked.

    People are shown what is not equivalent, the largest first, and of each model at least its largest difference.
    """
    floors = {run.model: _largest_of(run) for run in runs if run.task == task.replace("_race", "_irrelevant")}
    rows: list[Row] = []
    without_floor = []
    for run in runs:
        if run.task != task or not {*_GROUPS} <= {*run.groups}:
            continue
        floor = floors.get(run.model, {})
        if not floor:
            without_floor.append(row_name(run))
        rows += [{**row, FLOOR: floor.get(str(row["outcome"]))} for row in _of_model(run)]
    if not rows:
        return None
    notes = [
        "measures the model's bias, and nothing about people; an inconclusive difference is not an absent one",
        "p_holm: adjusted within each model for all groups and outcomes",
        *_floor_notes(task, without_floor, all_lack_it=len(without_floor) == len({row["model"] for row in rows})),
    ]
    if "math500" in task:
        notes.append("500 questions are mostly too few to show that a difference stays within 3 or 5 points")
    return Table(f"{task}_by_race", f"{task}, by race", _COLUMNS, rows, notes, keys=4, brief=_brief(rows))


def _floor_notes(task: str, without_floor: Sequence[str], *, all_lack_it: bool) -> list[str]:
    notes = [f"{FLOOR}: the largest difference in the outcome between attributes that must not matter: the noise floor"]
    if without_floor:
        whose = "" if all_lack_it else f" of {', '.join(without_floor)}"
        needed = task.replace("_race", "_irrelevant")
        said = f"no noise floor{whose}: it takes a run of {needed}, shown together with this one"
        notes = [said] if all_lack_it else [*notes, said]
    return notes


def _of_model(run: TaskRun) -> list[dict[str, Cell]]:
    pairs = [(group, against) for against in _GROUPS for group in run.groups if group not in (against, _GROUPS[0])]
    rows = [_shift(run, group, against, outcome) for group, against in pairs for outcome in _OUTCOMES]
    adjusted = holm([float(row["p"]) for row in rows])  # type: ignore[arg-type]  # _shift puts a float there
    return [{**row, "p_holm": p} for row, p in zip(rows, adjusted, strict=True)]


def _shift(run: TaskRun, group: str, against: str, outcome: str) -> dict[str, Cell]:
    values = _outcome(run, group, outcome) - _outcome(run, against, outcome)
    may_be_two = outcome == "contrast"  # itself a difference
    wide, narrow = (equivalence(values, margin, differences=may_be_two) for margin in (MARGIN, SMALL_MARGIN))
    return {
        "model": row_name(run),
        "group": group,
        "against": against,
        "outcome": outcome,
        "difference": interval_of(values, differences=may_be_two),
        "p": wide.difference_p,
        "within 5 points": wide.outcome,
        "within 3 points": narrow.outcome,
    }


def _outcome(run: TaskRun, group: str, outcome: str) -> NDArray[np.float64]:
    high, low = run.arms[f"high_{group}"], run.arms[f"low_{group}"]
    return {
        "acc_high": high.correct,
        "acc_low": low.correct,
        "unanswered_low": low.unanswered,
        "contrast": high.correct - low.correct,
    }[outcome]


def _largest_of(run: TaskRun) -> Mapping[str, float]:
    """Return, by outcome, the largest difference between two of the groups; empty where there are no two."""
    if len(run.groups) < 2:
        return {}
    means = {outcome: [float(_outcome(run, group, outcome).mean()) for group in run.groups] for outcome in _OUTCOMES}
    return {outcome: max(of_groups) - min(of_groups) for outcome, of_groups in means.items()}


def _brief(rows: Sequence[Row]) -> Brief | None:
    shown: list[Row] = []
    for _, of_model in groupby(rows, key=lambda row: row["model"]):
        largest, *others = sorted(of_model, key=_size, reverse=True)
        shown += [largest, *(row for row in others if not _is_nothing(row))]
    if len(shown) == len(rows):
        return None
    return Brief(
        shown,
        f"{len(shown)} of {len(rows)} rows; left out: differences within 5 points that are not significant (of each "
        "model the largest stays); csv and json hold all",
    )


def _size(row: Row) -> float:
    difference = row["difference"]
    assert isinstance(difference, Interval)
    return abs(difference.estimate)


def _is_nothing(row: Row) -> bool:
    p = row["p_holm"]
    return row["within 5 points"] == "equivalent" and isinstance(p, float) and p >= ALPHA
