"""One table a task, and the ranking over the benchmark's two problem sets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from reversed_persona.comparison.measures import core_cells, flags, single_run_cells
from reversed_persona.comparison.table import Cell, Estimate, RankRange, Table
from reversed_persona.metrics import DELTAS
from reversed_persona.runs import TaskRun
from reversed_persona.statistics.calibration import (
    TARGETS,
    beyond_ability,
    calibration_error,
    net_order,
    noise_floor,
    pairs_apart,
    slope,
)
from reversed_persona.statistics.groups import spread
from reversed_persona.statistics.intervals import Interval, combined_interval, interval_of
from reversed_persona.statistics.ranks import Ranking, rank_models
from reversed_persona.statistics.tests import benjamini_hochberg

__all__ = ["CORE_TASKS", "EXPLORATORY", "Ranked", "explored", "rank_runs", "ranking_table", "row_name", "task_tables"]

CORE_TASKS = ("reversed_persona_gsm8k", "reversed_persona_math500")
"""What R, the headline over both problem sets, is the mean of."""
CORE_COLUMNS = (
    *("n", "reversal", "rank", "reversal_faithful", "acc_none", "acc_high", "acc_low", "unanswered_low"),
    *("suppression", "contrast", "discordant", "p", "p_bh", "modal_wrong_share", "modal_offset_share"),
)
EXPLORATORY = "p_bh: exploratory, adjusted over the table's rows (Benjamini-Hochberg)"

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


def task_tables(runs: Sequence[TaskRun], *, seed: int = 0) -> list[Table]:
    """Return one table for each task, the core first; models by reversal, instruments of this package last.

    Args:
        runs: At most one for each model and task.
        seed: Of the bootstrap behind the ranks, and of permutations.
    """
    ordered = sorted(runs, key=lambda run: (run.task not in CORE_TASKS, run.task))
    return [_task_table(task, list(of_task), seed) for task, of_task in groupby(ordered, key=lambda run: run.task)]


def ranking_table(runs: Sequence[TaskRun], *, seed: int = 0) -> Table | None:
    """Return the ranking by R, the mean reversal over both problem sets; None where no model has both, whole."""
    ranked = rank_runs(runs, CORE_TASKS, seed=seed)
    if ranked is None:
        return None
    by_task = {(run.model, run.task): run.reversal() for run in runs}
    rows: list[Mapping[str, Cell]] = []
    for at in np.argsort(-ranked.ranking.means, kind="stable"):
        model = ranked.models[at]
        apart = ranked.ranking.not_separated(int(at))
        rows.append(
            {
                "model": model,
                "R": ranked.intervals[at],
                **{task: _maybe(by_task[model, task]) for task in CORE_TASKS},
                "rank": ranked.place(model),
                "not separated from": ", ".join(ranked.models[other] for other in apart) or "none",
            }
        )
    columns = ("model", "R", *CORE_TASKS, "rank", "not separated from")
    title = "Ranking by R, the mean reversal over both problem sets"
    return Table("ranking", title, columns, rows, [_rank_note(ranked)])


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


def _task_table(task: str, runs: Sequence[TaskRun], seed: int) -> Table:
    graded = any(name in run.arms for run in runs for name in TARGETS)
    crossed = any(group for run in runs for group in run.groups)
    if graded:
        return _graded_table(task, runs)
    if crossed:
        return _crossed_table(task, runs, seed)
    if any(run.groups for run in runs):
        return _core_table(task, runs, seed)
    return _reported_table(task, runs)


def _core_table(task: str, runs: Sequence[TaskRun], seed: int) -> Table:
    ranked = rank_runs(runs, [task], seed=seed)
    rows: list[dict[str, Cell]] = [
        {
            **_head(run),
            **core_cells(run),
            **single_run_cells(run),
            "rank": ranked.place(run.model) if ranked else None,
            "flags": _flags(run),
        }
        for run in _by_reversal(runs)
    ]
    notes = [_rank_note(ranked)] if ranked else []
    notes.append(
        "contrast: from all unanswered against the model to all for it; discordant: questions with reversal 1 and -1; "
        "p: McNemar, exact, of a reversal of 0"
    )
    return Table(task, task, ("model", *CORE_COLUMNS, "flags"), explored(rows), [*notes, EXPLORATORY])


def _crossed_table(task: str, runs: Sequence[TaskRun], seed: int) -> Table:
    """Return reversal per group; how far the groups lie apart is never shown without what chance alone would give."""
    groups = list(dict.fromkeys(group for run in runs for group in run.groups))
    deltas = list(dict.fromkeys(name for run in runs for name in run.reported if name in DELTAS))
    rows: list[dict[str, Cell]] = []
    for run in runs:
        reversals = {group: run.reversal(group) for group in groups}
        beside = [values for values in reversals.values() if values is not None]
        apart = spread(np.stack(beside, axis=1), seed=seed) if beside[1:] else None
        rows.append(
            {
                **_head(run),
                "round": _round(run),
                "n": len(run.problems),
                **{f"reversal_{group}": _maybe(values) for group, values in reversals.items()},
                "largest_difference": apart.range if apart else None,
                "by_chance": apart.range_of_noise if apart else None,
                "sd": apart.sd if apart else None,
                "p": apart.p if apart else None,
                **{name: Estimate(one.value, one.stderr) for name, one in run.reported.items() if name in deltas},
                "flags": _flags(run),
            }
        )
    spread_columns = ("largest_difference", "by_chance", "sd", "p", "p_bh")
    rounds = ("round",) if deltas else ()
    columns = ("model", *rounds, "n", *(f"reversal_{group}" for group in groups), *spread_columns, *deltas, "flags")
    note = (
        "largest_difference: between the groups' reversals, sd: their standard deviation; by_chance, p: what "
        f"exchanging the groups within each question gives; 10,000 permutations, seed {seed}"
    )
    of_rounds = ["round: the newest round counts, and every delta is against the round before it"] if deltas else []
    return Table(task, task, columns, explored(rows), [*of_rounds, note, EXPLORATORY])


def _round(run: TaskRun) -> int | None:
    """Return which round of self-refinement a run is, from 1; None for none."""
    before = _of_earlier_run(run, "round")
    return before + 1 if isinstance(before, int) else None


def _graded_table(task: str, runs: Sequence[TaskRun]) -> Table:
    rows: list[Mapping[str, Cell]] = []
    for run in runs:
        correct = {name: run.arms[name].correct for name in TARGETS if name in run.arms}
        complete = len(correct) == len(TARGETS)
        accuracies = {name: float(values.mean()) for name, values in correct.items()}
        none = run.arm("none")
        rows.append(
            {
                **_head(run),
                "n": len(run.problems),
                "acc_none": float(none.correct.mean()) if none else None,
                **{f"acc_{name}": accuracies.get(name) for name in TARGETS},
                "slope": interval_of(slope(correct), differences=True) if complete else None,
                "net_order": interval_of(net_order(correct), differences=True) if complete else None,
                "pairs_apart": float(pairs_apart(correct).mean()) if complete else None,
                "calibration_error": calibration_error(accuracies) if complete else None,
                "noise_floor": noise_floor(len(run.problems)) if complete and run.repeats == 1 else None,
                "beyond ability": ", ".join(beyond_ability(float(none.correct.mean()))) or "none" if none else None,
                "flags": _flags(run),
            }
        )
    columns = ("model", "n", "acc_none", *(f"acc_{name}" for name in TARGETS), "slope", "net_order")
    columns = (*columns, "pairs_apart", "calibration_error", "noise_floor", "beyond ability", "flags")
    noise = "noise_floor: the calibration_error that a respondent on target gets on average"
    return Table(task, task, columns, rows, [noise])


def _reported_table(task: str, runs: Sequence[TaskRun]) -> Table:
    """Return what lm-eval reports of a task that asks neither high and low nor targets: control tasks, and judges."""
    names = list(dict.fromkeys(name for run in runs for name in run.reported))
    rows: list[Mapping[str, Cell]] = [
        {
            **_head(run),
            "of": _earlier_model(run),
            "n": len(run.problems) or None,
            **{name: Estimate(one.value, one.stderr) for name, one in run.reported.items()},
            "flags": _flags(run),
        }
        for run in runs
    ]
    of = ("of",) if any(row["of"] for row in rows) else ()
    notes = ["of: whose earlier run the model goes on from"] if of else []
    return Table(task, task, ("model", *of, "n", *names, "flags"), rows, notes)


def _earlier_model(run: TaskRun) -> str | None:
    model = _of_earlier_run(run, "model")
    return model if isinstance(model, str) else None


def _of_earlier_run(run: TaskRun, key: str) -> object:
    """Return what a run's results say of the run that it goes on from; None where they say nothing."""
    earlier = run.metadata.get("earlier_run")
    return earlier.get(key) if isinstance(earlier, Mapping) else None


def explored(rows: Sequence[dict[str, Cell]]) -> list[dict[str, Cell]]:
    """Return the rows of a table with `p_bh`: their p values, where there are any, adjusted for their number."""
    tested = [row for row in rows if row.get("p") is not None]
    adjusted = benjamini_hochberg([float(row["p"]) for row in tested])  # type: ignore[arg-type]  # a float in each
    for row, p in zip(tested, adjusted, strict=True):
        row["p_bh"] = p
    return list(rows)


def row_name(run: TaskRun) -> str:
    """Return what a model is called in a row: an instrument of this package is marked as such."""
    return f"{run.model} (reference)" if run.reference else run.model


def _head(run: TaskRun) -> dict[str, Cell]:
    return {"model": row_name(run)}


def _flags(run: TaskRun) -> str | None:
    return ", ".join(flags(run)) or None


def _by_reversal(runs: Iterable[TaskRun]) -> list[TaskRun]:
    def key(run: TaskRun) -> tuple[bool, float]:
        reversal = run.reversal()
        return run.reference, -float(reversal.mean()) if reversal is not None else 2.0

    return sorted(runs, key=key)


def _maybe(values: NDArray[np.float64] | None) -> Interval | None:
    return interval_of(values) if values is not None else None


def _rank_note(ranked: Ranked) -> str:
    return (
        f"rank: all pairs at once, max-T, 95 %, {ranked.ranking.draws:,} bootstrap draws over questions, seed "
        f"{ranked.ranking.seed}; partial and custom runs and reference respondents are not ranked"
    )
