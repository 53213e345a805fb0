"""Runs -> the same numbers by difficulty, subject, target, race, wording and round, for as many models as can be read.

`compare --by` has them for all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from reversed_persona.comparison.breakdown import BY
from reversed_persona.comparison.ranking import core_first
from reversed_persona.comparison.rows import by_reversal, row_name
from reversed_persona.comparison.table import Table
from reversed_persona.runs import TaskRun

__all__ = ["MOST_MODELS", "Parts", "parts_of"]

MOST_MODELS = 12
"""In one table by parts, and in one plot by race."""
_ADJUSTED_OVER_ALL = ("difficulty", "subject")
"""Where p is adjusted over all models, so that leaving some out would change it."""


@dataclass(frozen=True)
class Parts:
    """What a task's runs fall into.

    Attributes:
        task: The task.
        tables: By what, and its table, for people, of the models shown.
        in_full: The same with all rows, and by difficulty and subject of all models, for plots.
        models: How many models ran the task.
        shown: Names of the models shown.
    """

    task: str
    tables: Mapping[str, Table]
    in_full: Mapping[str, Table]
    models: int
    shown: Sequence[str]

    @property
    def left_out(self) -> int:
        """How many models are not shown."""
        return self.models - len(self.shown)


def parts_of(runs: Sequence[TaskRun], lit: Sequence[str], before: Sequence[TaskRun] = ()) -> list[Parts]:
    """Take the runs of each task apart, wherever they can be.

    Args:
        runs: At most one for each model and task.
        lit: Names of the models that are shown in any case; of the others the best by reversal.
        before: What rounds of self-refinement go on from, beside `runs`.
    """
    found = []
    for task in sorted({run.task for run in runs}, key=core_first):
        of_task = by_reversal(run for run in runs if run.task == task)
        chosen = sorted(of_task, key=lambda run: row_name(run) not in lit)[:MOST_MODELS]
        shown = {row_name(run) for run in chosen}
        others = [run for run in (*runs, *before) if run.task != task or run in before]
        in_full, tables = {}, {}
        for by, take_apart in BY.items():
            over_all = by in _ADJUSTED_OVER_ALL
            table = take_apart(task, [*(of_task if over_all else chosen), *others])
            if table is None:
                continue
            in_full[by] = table
            readable = table.for_people()
            tables[by] = replace(readable, rows=[row for row in readable.rows if row["model"] in shown])
        if tables:
            found.append(Parts(task, tables, in_full, len(of_task), sorted(shown)))
    return found
