"""One table a task: what its runs say, side by side."""

from collections.abc import Mapping, Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from reversed_persona.comparison.measures import core_cells, single_run_cells
from reversed_persona.comparison.ranking import core_first, rank_note, rank_runs
from reversed_persona.comparison.rows import EXPLORATORY, by_reversal, explored, joined_flags, row_name
from reversed_persona.comparison.table import Cell, Estimate, Table
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
from reversed_persona.statistics.intervals import Interval, interval_of

__all__ = ["task_tables"]

CORE_COLUMNS = (
    *("n", "reversal", "rank", "reversal_faithful", "acc_none", "acc_high", "acc_low", "unanswered_low", "flags"),
    *("suppression", "contrast", "discordant", "p", "p_bh", "modal_wrong_share", "modal_offset_share"),
)
_CORE_NOTES = (
    "contrast: from all unanswered against the model to all for it",
    "discordant: questions with reversal 1 and -1",
    "p: McNemar, exact, of a reversal of 0",
)
GRADED_COLUMNS = (
    *("n", "acc_none", "slope", "calibration_error", "noise_floor", *(f"acc_{name}" for name in TARGETS)),
    *("beyond ability", "flags", "net_order", "pairs_apart"),
)
SPREAD_COLUMNS = ("largest_difference", "by_chance", "p", "p_bh", "sd")


def task_tables(runs: Sequence[TaskRun], *, seed: int = 0) -> list[Table]:
    """Return one table for each task, the core first; models by reversal, instruments of this package last.

    Args:
        runs: At most one for each model and task.
        seed: Of the bootstrap behind the ranks, and of permutations.
    """
    ordered = sorted(runs, key=lambda run: core_first(run.task))
    return [_task_table(task, list(of_task), seed) for task, of_task in groupby(ordered, key=lambda run: run.task)]


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
            "model": row_name(run),
            **core_cells(run),
            **single_run_cells(run),
            "rank": ranked.place(run.model) if ranked else None,
            "flags": joined_flags(run),
        }
        for run in by_reversal(runs)
    ]
    notes = [*([rank_note(ranked)] if ranked else []), *_CORE_NOTES, EXPLORATORY]
    return Table(task, task, ("model", *CORE_COLUMNS), explored(rows), notes)


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
                "model": row_name(run),
                "round": run.round or None,
                "n": run.n,
                **{f"reversal_{group}": _maybe(values) for group, values in reversals.items()},
                "largest_difference": apart.range if apart else None,
                "by_chance": apart.range_of_noise if apart else None,
                "sd": apart.sd if apart else None,
                "p": apart.p if apart else None,
                **{name: Estimate(one.value, one.stderr) for name, one in run.reported.items() if name in deltas},
                "flags": joined_flags(run),
            }
        )
    of_groups = [f"reversal_{group}" for group in groups]
    columns = (
        ("round", *of_groups, *deltas, "flags", *SPREAD_COLUMNS) if deltas else (*SPREAD_COLUMNS, "flags", *of_groups)
    )
    notes = [
        "round: the newest one, and every delta is against the round before it; --by round shows all rounds",
        "largest_difference: between the groups' reversals",
        "by_chance: what exchanging the groups within each question gives on average",
        f"p: of a difference as large; 10,000 permutations within questions, seed {seed}",
        "sd: standard deviation of the groups' reversals",
        EXPLORATORY,
    ]
    return Table(task, task, ("model", "n", *columns), explored(rows), notes if deltas else notes[1:])


def _graded_table(task: str, runs: Sequence[TaskRun]) -> Table:
    rows: list[Mapping[str, Cell]] = []
    for run in runs:
        correct = {name: run.arms[name].correct for name in TARGETS if name in run.arms}
        complete = len(correct) == len(TARGETS)
        accuracies = {name: float(values.mean()) for name, values in correct.items()}
        none = run.arm("none")
        rows.append(
            {
                "model": row_name(run),
                "n": run.n,
                "acc_none": float(none.correct.mean()) if none else None,
                **{f"acc_{name}": accuracies.get(name) for name in TARGETS},
                "slope": interval_of(slope(correct), differences=True) if complete else None,
                "net_order": interval_of(net_order(correct), differences=True) if complete else None,
                "pairs_apart": float(pairs_apart(correct).mean()) if complete else None,
                "calibration_error": calibration_error(accuracies) if complete else None,
                "noise_floor": noise_floor(len(run.problems)) if complete and run.repeats == 1 else None,
                "beyond ability": ", ".join(beyond_ability(float(none.correct.mean()))) or "none" if none else None,
                "flags": joined_flags(run),
            }
        )
    noise = "noise_floor: the calibration_error that a respondent on target gets on average"
    return Table(task, task, ("model", *GRADED_COLUMNS), rows, [noise])


def _reported_table(task: str, runs: Sequence[TaskRun]) -> Table:
    """Return what lm-eval reports of a task that asks neither high and low nor targets: control tasks, and judges."""
    names = list(dict.fromkeys(name for run in runs for name in run.reported))
    rows: list[Mapping[str, Cell]] = [
        {
            "model": row_name(run),
            "of": _text(run.earlier.get("model")),
            "n": run.n,
            **{name: Estimate(one.value, one.stderr) for name, one in run.reported.items()},
            "flags": joined_flags(run),
        }
        for run in runs
    ]
    of = ("of",) if any(row["of"] for row in rows) else ()
    notes = ["of: whose earlier run the model goes on from"] if of else []
    return Table(task, task, ("model", *of, "n", "flags", *names), rows, notes, keys=1 + len(of))


def _text(said: object) -> str | None:
    return said if isinstance(said, str) else None


def _maybe(values: NDArray[np.float64] | None) -> Interval | None:
    return interval_of(values) if values is not None else None
