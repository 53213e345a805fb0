"""Runs -> one table a task of what they fall into."""

from collections.abc import Callable, Mapping, Sequence

from reversed_persona.comparison.breakdown.parts import by_difficulty, by_subject, by_wording
from reversed_persona.comparison.breakdown.race import by_race
from reversed_persona.comparison.breakdown.rounds import by_round
from reversed_persona.comparison.breakdown.targets import by_target
from reversed_persona.comparison.rows import asked_as
from reversed_persona.comparison.table import Table
from reversed_persona.errors import RunsError
from reversed_persona.runs import TaskRun

__all__ = ["BY", "break_down"]

BY: Mapping[str, Callable[[str, Sequence[TaskRun]], Table | None]] = {
    "difficulty": by_difficulty,
    "race": by_race,
    "target": by_target,
    "subject": by_subject,
    "wording": by_wording,
    "round": by_round,
}
"""What runs can be taken apart by: a task and all runs -> its table; None where it has no such parts."""

_NEEDED = {
    "difficulty": "a run with high and low whose problems differ in difficulty, such as of reversed_persona_gsm8k",
    "race": "a run of a _race task",
    "target": "a run of a _graded task",
    "subject": "a run with high and low whose problems differ in subject, such as of reversed_persona_math500",
    "wording": "a run of a _paraphrase task",
    "round": "a run of a refine_ task",
}
_TASKS_SAID = 4


def break_down(runs: Sequence[TaskRun], by: str) -> list[Table]:
    """Return one table for each task that has such parts.

    Args:
        runs: At most one for each model and task; for "round" with the earlier ones that they go on from.
        by: One of BY.

    Raises:
        RunsError: No run has such parts.
    """
    tasks = sorted({run.task for run in runs})
    tables = [table for task in tasks if (table := BY[by](task, runs))]
    if not tables:
        raise RunsError(f"--by {by}: no run here can be taken apart so ({_found(runs)}); expected {_NEEDED[by]}")
    return tables


def _found(runs: Sequence[TaskRun]) -> str:
    said = list(dict.fromkeys(f"{run.task}, asked as {asked_as(run) or 'nobody'}" for run in runs))
    more = f" and {len(said) - _TASKS_SAID} more" if len(said) > _TASKS_SAID else ""
    return ("; ".join(said[:_TASKS_SAID]) or "there is none") + more
