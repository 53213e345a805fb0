"""Places of models, and the ranking by R over the benchmark's two problem sets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reversed_persona.comparison.table import Cell, RankRange, Table
from reversed_persona.runs import TaskRun
from reversed_persona.statistics.intervals import Interval, combined_interval, interval_of
from reversed_persona.statistics.ranks import Ranking, rank_models

__all__ = ["CORE_TASKS", "Ranked", "core_first", "rank_note", "rank_runs", "ranking_table"]

CORE_TASKS = ("reversed_persona_gsm8k", "reversed_persona_math500")
"""What R, the headline over both problem sets, is the mean of."""

_Reversals = dict[str, float]  # by problem_id


@dataclass(frozen=True)
class Ranked:
    """Models that were asked the same questions, and their places.

    Attributes:
        models: In the order of the ranking's arrays.
        intervals: Of each: reversal, or its mean over problem sets.
        ranking: The places.
    """

    models: Sequence[str]
    intervals: Sequence[Interval]
    ranking: Ranking

    def place(self, model: str) -> RankRange | None:
        """Return the places that a model may have; None where it is not ranked."""
        if model not in self.models:
            return None
        at = self.models.index(model)
        return RankRange(int(self.ranking.first[at]), int(self.ranking.last[at]))


def core_first(task: str) -> tuple[bool, str]:
    """Return by what tasks are put in order: the core first."""
    return task not in CORE_TASKS, task


def ranking_table(runs: Sequence[TaskRun], *, seed: int = 0) -> Table | None:
    """Return the ranking by R, the mean reversal over both problem sets; None where no model has both, whole."""
    ranked = rank_runs(runs, CORE_TASKS, seed=seed)
    if ranked is None:
        return None
    by_task = {(run.model, run.task): values for run in runs if (values := run.reversal()) is not None}
    rows: list[Mapping[str, Cell]] = []
    for at in np.argsort(-ranked.ranking.means, kind="stable"):
        model = ranked.models[at]
        apart = ranked.ranking.not_separated(int(at))
        rows.append(
            {
                "model": model,
                "R": ranked.intervals[at],
                "rank": ranked.place(model),
                **{task: interval_of(by_task[model, task]) for task in CORE_TASKS},
                "not separated from": ", ".join(ranked.models[other] for other in apart) or "none",
            }
        )
    columns = ("model", "R", "rank", *CORE_TASKS, "not separated from")
    title = "Ranking by R, the mean reversal over both problem sets"
    return Table("ranking", title, columns, rows, [rank_note(ranked)])


def rank_runs(runs: Iterable[TaskRun], tasks: Sequence[str], *, seed: int = 0) -> Ranked | None:
    """Rank the models that have whole runs of all these tasks with the benchmark's prompts; None where there is none.

    Reference respondents are instruments, not models, and have no place.

    Args:
        runs: At most one for each model and task.
        tasks: What the mean of the reversals is taken over.
        seed: Of the bootstrap.
    """
    by_model: dict[str, dict[str, _Reversals]] = {}
    for run in runs:
        reversal = run.reversal()
        may_be_ranked = not (run.partial or run.reference) and run.custom is False
        if run.task in tasks and reversal is not None and may_be_ranked:
            by_model.setdefault(run.model, {})[run.task] = dict(zip(run.problem_ids, reversal.tolist(), strict=True))
    complete = {model: found for model, found in by_model.items() if len(found) == len(tasks)}
    if not complete:
        return None
    datasets = [_beside([found[task] for found in complete.values()]) for task in tasks]
    if not all(dataset.size for dataset in datasets):
        return None  # no question was asked of all
    intervals = [
        combined_interval(*(interval_of(list(found[task].values())) for task in tasks)) for found in complete.values()
    ]
    return Ranked(list(complete), intervals, rank_models(datasets, seed=seed))


def _beside(models: Sequence[_Reversals]) -> NDArray[np.float64]:
    """Put the reversals of several models beside each other, on the questions that all were asked."""
    shared = [name for name in models[0] if all(name in model for model in models)]
    return np.array([[model[name] for model in models] for name in shared])


def rank_note(ranked: Ranked) -> str:
    """Say what the places of a ranking mean."""
    return (
        f"rank: all pairs at once, max-T, 95 %, {ranked.ranking.draws:,} bootstrap draws over questions, seed "
        f"{ranked.ranking.seed}; partial and custom runs and reference respondents are not ranked"
    )
