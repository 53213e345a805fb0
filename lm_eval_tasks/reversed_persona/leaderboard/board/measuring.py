"""One model's runs -> all that the board says of them: rows, what stands behind them, and what became of each question.

Every number comes from `comparison` and `statistics`. A score is taken anew from graded responses, never from a file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reversed_persona.comparison.breakdown import BY
from reversed_persona.comparison.summary import task_tables
from reversed_persona.comparison.table import Cell, Table
from reversed_persona.runs import ArmScores, TaskRun
from reversed_persona.statistics.intervals import Interval, combined_interval

__all__ = ["OVERALL", "Measured", "letters_of", "measure", "overall_of"]

OVERALL = "R"
"""The table over all core tasks."""
_BY = ("difficulty", "target", "race")
_INTERVALS = {"R": "reversal", "R_faithful": "reversal_faithful"}
_MEANS = ("acc_none", "acc_high", "acc_low", "unanswered_low")

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Measured:
    """What is known of one model's runs.

    Attributes:
        columns: By task, the columns of its table.
        rows: By task, the model's row.
        details: By task, tables by difficulty, target or race.
        reversals: By task, the reversal of each question, where high and low were asked and nothing else.
        letters: By task and arm, one letter a question; see `letters_of`.
    """

    columns: Mapping[str, Sequence[str]]
    rows: Mapping[str, Mapping[str, Cell]]
    details: Mapping[str, Sequence[Table]]
    reversals: Mapping[str, Values]
    letters: Mapping[str, Mapping[str, str]]


def measure(runs: Mapping[str, TaskRun], core: Sequence[str]) -> Measured:
    """Measure one model.

    Args:
        runs: By task.
        core: The tasks that its place hangs on.
    """
    tables = {task: task_tables([run])[0] for task, run in runs.items()}
    rows: dict[str, Mapping[str, Cell]] = {task: table.rows[0] for task, table in tables.items()}
    columns = {task: [name for name in table.columns if name != "rank"] for task, table in tables.items()}
    if all(task in rows for task in core):
        rows = {OVERALL: overall_of([rows[task] for task in core], core), **rows}
        columns = {OVERALL: ["model", *rows[OVERALL]], **columns}
    reversals = {task: run.reversal() for task, run in runs.items()}
    return Measured(
        columns=columns,
        rows=rows,
        details={task: _details(task, list(runs.values())) for task in runs},
        reversals={task: values for task, values in reversals.items() if values is not None},
        letters={task: {arm: letters_of(scores) for arm, scores in run.arms.items()} for task, run in runs.items()},
    )


def overall_of(rows: Sequence[Mapping[str, Cell]], core: Sequence[str]) -> dict[str, Cell]:
    """Put the core tasks together: R and R_faithful with intervals (MOVER), and plain means of the accuracies.

    Args:
        rows: Of each core task.
        core: Their names.
    """
    found: dict[str, Cell] = {}
    for name, of_task in _INTERVALS.items():
        intervals = [cell for row in rows if isinstance(cell := row[of_task], Interval)]
        found[name] = combined_interval(*intervals) if len(intervals) == len(rows) else None
    found |= {f"reversal {task}": row["reversal"] for task, row in zip(core, rows, strict=True)}
    for name in _MEANS:
        values = [cell for row in rows if isinstance(cell := row[name], float)]
        found[name] = sum(values) / len(values) if len(values) == len(rows) else None
    flags = dict.fromkeys(flag for row in rows for flag in str(row["flags"] or "").split(", ") if flag)
    return {**found, "flags": ", ".join(flags) or None}


def letters_of(scores: ArmScores) -> str:
    """Say in one letter a question what became of it.

    c correct, w wrong, f wrong behind the right working (a flip), u unanswered, m: it hangs on the repeat.
    """
    letters = np.full(len(scores.correct), "m")
    for letter, values in (("c", scores.correct), ("w", scores.wrong), ("u", scores.unanswered)):
        letters[values == 1] = letter
    letters[(scores.wrong == 1) & (scores.flip == 1)] = "f"
    return "".join(letters.tolist())


def _details(task: str, runs: Sequence[TaskRun]) -> list[Table]:
    """Take a task apart in all ways that fit it; by race it is held against another task of the same model."""
    return [table for by in _BY if (table := BY[by](task, runs)) is not None]
