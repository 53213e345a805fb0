"""By difficulty, subject and wording: what a run's numbers are on some of its questions, or in one of its wordings."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from reversed_persona.comparison.measures import core_cells
from reversed_persona.comparison.rows import EXPLORATORY, asked_as, by_reversal, explored, row_name
from reversed_persona.comparison.table import Cell, Table
from reversed_persona.runs import TaskRun
from reversed_persona.statistics.intervals import Interval, combined_interval, interval_of
from reversed_persona.statistics.tests import interval_p

__all__ = ["by_difficulty", "by_subject", "by_wording"]

_CELLS = ("n", "reversal", "acc_none", "acc_high", "acc_low", "unanswered_low", "reversal_faithful")
_P = "p: of no difference from the model's other questions in reversal"


def by_difficulty(task: str, runs: Sequence[TaskRun]) -> Table | None:
    """Return high, low and none by difficulty; None where no run has high and low, or all questions are alike."""
    note = "difficulty: calculation steps marked in the gold solution (GSM8K; 0: none is), level (MATH-500)"
    return _parts(task, runs, "difficulty", lambda run: [problem["difficulty"] for problem in run.problems], [note])


def by_subject(task: str, runs: Sequence[TaskRun]) -> Table | None:
    """Return high, low and none by subject; None as for `by_difficulty`."""
    return _parts(task, runs, "subject", lambda run: [problem["subject"] for problem in run.problems], [])


def _parts(
    task: str,
    runs: Sequence[TaskRun],
    name: str,
    part_of: Callable[[TaskRun], Sequence[int] | Sequence[str]],
    notes: Sequence[str],
) -> Table | None:
    of_task = [run for run in runs if run.task == task and run.problems]
    with_both = [run for run in of_task if "" in run.groups]
    if len({part for run in with_both for part in part_of(run)}) < 2:
        return None
    rows: list[dict[str, Cell]] = []
    for run in by_reversal(with_both):
        of_questions = np.array(part_of(run))
        for part in np.unique(of_questions):
            chosen = of_questions == part
            cells = core_cells(run, chosen=chosen)
            row = {"model": row_name(run), name: part.item(), **{column: cells[column] for column in _CELLS}}
            rows.append({**row, "p": _against_the_others(run, chosen)})
    missing = [
        f"not here: {row_name(run)}, asked as {asked_as(run)}; expected high and low"
        for run in of_task
        if run not in with_both
    ]
    columns = ("model", name, *_CELLS, "p", "p_bh")
    said = [*notes, *missing, _P, EXPLORATORY]
    return Table(f"{task}_by_{name}", f"{task}, by {name}", columns, explored(rows), said, keys=2)


def _against_the_others(run: TaskRun, chosen: NDArray[np.bool_]) -> float | None:
    """Test the difference in reversal of some questions from the others, by MOVER: they have nothing in common."""
    reversal = run.reversal()
    if reversal is None or chosen.all() or not chosen.any():
        return None
    one, other = interval_of(reversal[chosen]), interval_of(reversal[~chosen])
    return interval_p(combined_interval(one, Interval(-other.estimate, -other.high, -other.low)))


def by_wording(task: str, runs: Sequence[TaskRun]) -> Table | None:
    """Return high and low by the wording of the persona; None where no run varies it."""
    rows: list[dict[str, Cell]] = []
    for run in runs:
        for group in run.groups:
            if run.task == task and group.startswith("wording_"):
                cells = core_cells(run, group)
                rows.append({"model": row_name(run), "wording": group, **{column: cells[column] for column in _CELLS}})
    note = "how far the wordings lie apart, and how far chance alone puts them: the table without --by"
    columns = ("model", "wording", *_CELLS)
    return Table(f"{task}_by_wording", f"{task}, by wording", columns, rows, [note], keys=2) if rows else None
