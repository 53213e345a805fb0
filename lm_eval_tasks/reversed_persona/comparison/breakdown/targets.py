"""By target: what a graded persona promises, what comes of it, and whether the wrong ones are the harder questions."""

from collections.abc import Sequence

import numpy as np

from reversed_persona.comparison.rows import row_name
from reversed_persona.comparison.table import Cell, Table
from reversed_persona.runs import TaskRun
from reversed_persona.statistics.calibration import TARGETS, beyond_ability
from reversed_persona.statistics.difficulty import DRAWS, difficulty_awareness
from reversed_persona.statistics.intervals import Interval, share_interval

__all__ = ["by_target"]

_COLUMNS = ("model", "target", "n", "acc", "gap", "difficulty_awareness", "unanswered", "beyond ability")
_NOTE = (
    "difficulty_awareness: Somers' D of wrong answers on difficulty, minus that without a persona; needs 20 wrong and "
    f"20 right answers on each side, and a question on which the two differ; {DRAWS:,} draws"
)


def by_target(task: str, runs: Sequence[TaskRun]) -> Table | None:
    """Return each graded target's accuracy and gap; None where no run has targets."""
    rows: list[dict[str, Cell]] = []
    for run in runs:
        for name, target in TARGETS.items():
            arm = run.arms.get(name)
            if run.task != task or arm is None:
                continue
            acc = share_interval(arm.correct)
            rows.append(
                {
                    "model": row_name(run),
                    "target": target,
                    "n": len(run.problems),
                    "acc": acc.estimate,
                    "gap": Interval(*(limit - target for limit in acc)),
                    "difficulty_awareness": _awareness(run, name),
                    "unanswered": float(arm.unanswered.mean()),
                    "beyond ability": _beyond(run, name),
                }
            )
    return Table(f"{task}_by_target", f"{task}, by target", _COLUMNS, rows, [_NOTE], keys=2) if rows else None


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
