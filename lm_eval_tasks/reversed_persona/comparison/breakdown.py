"""The same numbers by difficulty, subject, race or target."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from reversed_persona.comparison.measures import core_cells
from reversed_persona.comparison.summary import EXPLORATORY, explored
from reversed_persona.comparison.table import Cell, Table
from reversed_persona.errors import RunsError
from reversed_persona.runs import TaskRun
from reversed_persona.statistics.calibration import TARGETS, beyond_ability
from reversed_persona.statistics.difficulty import difficulty_awareness
from reversed_persona.statistics.intervals import Interval, combined_interval, interval_of, share_interval
from reversed_persona.statistics.tests import equivalence, holm, interval_p

__all__ = ["BY", "break_down"]

MARGIN, SMALL_MARGIN = 0.05, 0.03
"""Differences below this count as none: 5 points, and 3 to see how much hangs on that."""
_PARTS = ("n", "acc_none", "acc_high", "acc_low", "unanswered_low", "reversal", "reversal_faithful")
_OUTCOMES = ("acc_high", "acc_low", "unanswered_low", "contrast")
_RACE_GROUPS = ("unspecified", "white_american")
"""What every group is held against."""


def break_down(runs: Sequence[TaskRun], by: str) -> list[Table]:
    """Return one table for each task that has such parts.

    Args:
        runs: At most one for each model and task.
        by: One of BY.

    Raises:
        RunsError: No run has such parts.
    """
    tables = [table for task in sorted({run.task for run in runs}) if (table := BY[by](_of_task(runs, task)))]
    if not tables:
        tasks = ", ".join(sorted({run.task for run in runs})) or "none"
        raise RunsError(f"--by {by}: no run here can be taken apart so (tasks: {tasks}); expected {_NEEDED[by]}")
    return tables


def _of_task(runs: Sequence[TaskRun], task: str) -> list[TaskRun]:
    return [run for run in runs if run.task == task]


def _table(
    runs: Sequence[TaskRun], by: str, columns: Sequence[str], rows: Sequence[Mapping[str, Cell]], notes: Sequence[str]
) -> Table | None:
    task = runs[0].task
    return Table(f"{task}_by_{by}", f"{task}, by {by}", columns, rows, notes) if rows else None


def _by_difficulty(runs: Sequence[TaskRun]) -> Table | None:
    note = "difficulty: calculation steps of the gold solution (GSM8K), level (MATH-500)"
    return _parts(runs, "difficulty", lambda run: np.array([problem["difficulty"] for problem in run.problems]), note)


def _by_subject(runs: Sequence[TaskRun]) -> Table | None:
    return _parts(runs, "subject", lambda run: np.array([problem["subject"] for problem in run.problems]), "")


def _parts(
    runs: Sequence[TaskRun], name: str, part_of: Callable[[TaskRun], NDArray[np.generic]], note: str
) -> Table | None:
    rows: list[dict[str, Cell]] = []
    for run in runs:
        if "" not in run.groups:
            continue
        of_questions = part_of(run)
        for part in np.unique(of_questions):
            chosen = of_questions == part
            cells = core_cells(run, chosen=chosen)
            row = {"model": run.model, name: part.item(), **{column: cells[column] for column in _PARTS}}
            rows.append({**row, "p": _against_the_others(run, chosen)})
    notes = [text for text in (note, "p: of no difference from the model's other questions in reversal") if text]
    return _table(runs, name, ("model", name, *_PARTS, "p", "p_bh"), explored(rows), [*notes, EXPLORATORY])


def _against_the_others(run: TaskRun, chosen: NDArray[np.bool_]) -> float | None:
    """Test the difference in reversal of some questions from the others, by MOVER: they have nothing in common."""
    reversal = run.reversal()
    if reversal is None or chosen.all() or not chosen.any():
        return None
    one, other = interval_of(reversal[chosen]), interval_of(reversal[~chosen])
    return interval_p(combined_interval(one, Interval(-other.estimate, -other.high, -other.low)))


def _by_wording(runs: Sequence[TaskRun]) -> Table | None:
    rows: list[Mapping[str, Cell]] = []
    for run in runs:
        for group in run.groups:
            if group.startswith("wording_"):
                cells = core_cells(run, group)
                rows.append({"model": run.model, "wording": group, **{column: cells[column] for column in _PARTS}})
    notes = ["how far the wordings lie apart, and how far chance alone puts them: the table without --by"]
    return _table(runs, "wording", ("model", "wording", *_PARTS), rows, notes)


def _by_race(runs: Sequence[TaskRun]) -> Table | None:
    rows: list[dict[str, Cell]] = []
    for run in runs:
        if not {*_RACE_GROUPS} <= {*run.groups}:
            continue
        of_model: list[dict[str, Cell]] = []
        for against in _RACE_GROUPS:
            for group in run.groups:
                if group != against and not (against == _RACE_GROUPS[1] and group == _RACE_GROUPS[0]):
                    of_model += [_shift(run, group, against, outcome) for outcome in _OUTCOMES]
        adjusted = holm([float(row["p"]) for row in of_model])  # type: ignore[arg-type]  # _shift puts a float there
        rows += [{**row, "p_holm": p} for row, p in zip(of_model, adjusted, strict=True)]
    compared = ("model", "group", "against", "outcome", "difference", "p", "p_holm")
    notes = [
        "measures the model's bias, and nothing about people; an inconclusive difference is not an absent one",
        "p_holm: adjusted within each model for all groups and outcomes",
    ]
    if "math500" in runs[0].task:
        notes.append("500 questions are mostly too few to show that a difference stays within 3 or 5 points")
    return _table(runs, "race", (*compared, "within 5 points", "within 3 points"), rows, notes)


def _shift(run: TaskRun, group: str, against: str, outcome: str) -> dict[str, Cell]:
    values = _outcome(run, group, outcome) - _outcome(run, against, outcome)
    may_be_two = outcome == "contrast"  # itself a difference
    wide, narrow = (equivalence(values, margin, differences=may_be_two) for margin in (MARGIN, SMALL_MARGIN))
    return {
        "model": run.model,
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


def _by_target(runs: Sequence[TaskRun]) -> Table | None:
    rows: list[Mapping[str, Cell]] = []
    for run in runs:
        for name, target in TARGETS.items():
            arm = run.arms.get(name)
            if arm is None:
                continue
            rows.append(
                {
                    "model": run.model,
                    "target": target,
                    "n": len(run.problems),
                    "acc": float(arm.correct.mean()),
                    "gap": _shifted(share_interval(arm.correct), -target),
                    "unanswered": float(arm.unanswered.mean()),
                    "beyond ability": _beyond(run, name),
                    "difficulty_awareness": _awareness(run, name),
                }
            )
    columns = ("model", "target", "n", "acc", "gap", "unanswered", "beyond ability", "difficulty_awareness")
    notes = [
        "difficulty_awareness: Somers' D of wrong answers on difficulty, minus that without a persona; 2,000 draws"
    ]
    return Table(f"{runs[0].task}_by_target", f"{runs[0].task}, by target", columns, rows, notes) if rows else None


def _shifted(interval: Interval, by: float) -> Interval:
    return Interval(*(limit + by for limit in interval))


def _beyond(run: TaskRun, name: str) -> str | None:
    none = run.arm("none")
    return ("yes" if name in beyond_ability(float(none.correct.mean())) else "no") if none else None


def _awareness(run: TaskRun, name: str) -> Cell:
    none, high, arm = run.arm("none"), run.arm("high"), run.arms[name]
    if none is None or high is None or run.repeats > 1:
        return None
    chosen = (high.correct == 1) & (arm.unanswered == 0) & (none.unanswered == 0)
    difficulty = np.array([problem["difficulty"] for problem in run.problems])
    return difficulty_awareness(arm.wrong[chosen] == 1, none.wrong[chosen] == 1, difficulty[chosen])


BY: Mapping[str, Callable[[Sequence[TaskRun]], Table | None]] = {
    "difficulty": _by_difficulty,
    "race": _by_race,
    "target": _by_target,
    "subject": _by_subject,
    "wording": _by_wording,
}
"""What runs can be taken apart by."""

_NEEDED = {
    "difficulty": "a run with high and low, such as of reversed_persona_gsm8k",
    "race": "a run of a _race task",
    "target": "a run of a _graded task",
    "subject": "a run with high and low, such as of reversed_persona_math500",
    "wording": "a run of a _paraphrase task",
}
