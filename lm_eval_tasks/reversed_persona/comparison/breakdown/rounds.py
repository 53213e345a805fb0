"""By round: self-refinement beside the run that it goes on from.

A round's answers follow those of the round before, so the rows of a model are one chain of runs: the one that ends in
its newest round. Both arms of every round, the one asked to refine and its control, began with the same base run, so
all that asking for the persona has added since is their difference.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from reversed_persona.comparison.pairing import shared_places
from reversed_persona.comparison.rows import joined_flags, row_name
from reversed_persona.comparison.table import Cell, Estimate, Table
from reversed_persona.metrics import DELTAS
from reversed_persona.runs import TaskRun
from reversed_persona.statistics.intervals import interval_of, mean_interval

__all__ = ["by_round"]

REFINED, CHECKED = "refined", "checked"
_FURTHEST = 4.0  # of a difference of differences of reversals
_COLUMNS = (
    *("model", "round", "n", "reversal", "control", "delta_reversal", "added", "flags"),
    *("acc_high", "acc_low", "unanswered_low", "delta_reversal_refined", "delta_reversal_checked"),
)
_NOTES = (
    "round 0: the run that the first round goes on from",
    "control: reversal of the same second looks, not asked for the persona",
    "added: reversal - control, all that asking for the persona has added since round 0",
    "deltas: against the round before, paired, over all questions",
)

Values = NDArray[np.float64]


def by_round(task: str, runs: Sequence[TaskRun]) -> Table | None:
    """Return the rounds of each model that ran a refine task; None where none did."""
    newest = {run.model: run for run in sorted(runs, key=lambda run: run.date) if run.task == task and run.round}
    rows: list[Mapping[str, Cell]] = []
    notes = list(_NOTES)
    for last in newest.values():
        chain = _chain(last, runs)
        if chain[0].round:
            notes.append(
                f"{row_name(last)}: what round {chain[0].round} goes on from is not among these runs; its deltas are "
                "lm-eval's"
            )
        rows += [_row(run, before) for before, run in zip([None, *chain], chain, strict=False)]
    return Table(f"{task}_by_round", f"{task}, by round", _COLUMNS, rows, notes, keys=2) if rows else None


def _chain(last: TaskRun, runs: Sequence[TaskRun]) -> list[TaskRun]:
    """Return the run before the first round, if it is there, and all rounds up to a run."""
    found = {(run.model, run.task, run.date): run for run in runs}
    chain = [last]
    while chain[0].round:
        earlier = chain[0].earlier
        before = found.get((last.model, str(earlier.get("task")), str(earlier.get("date"))))
        if before is None or before.round >= chain[0].round:
            break
        chain.insert(0, before)
    return chain


def _row(run: TaskRun, before: TaskRun | None) -> Mapping[str, Cell]:
    group = REFINED if run.round else ""
    high, low = run.arm("high", group), run.arm("low", group)
    reversal, control = run.reversal(group), run.reversal(CHECKED)
    return {
        "model": row_name(run),
        "round": run.round,
        "n": run.n,
        "reversal": interval_of(reversal) if reversal is not None else None,
        "control": interval_of(control) if control is not None else None,
        "added": interval_of(reversal - control, differences=True)
        if reversal is not None and control is not None
        else None,
        "acc_high": float(high.correct.mean()) if high else None,
        "acc_low": float(low.correct.mean()) if low else None,
        "unanswered_low": float(low.unanswered.mean()) if low else None,
        "flags": joined_flags(run),
        **(_deltas(run, before) if run.round else {}),
    }


def _deltas(run: TaskRun, before: TaskRun | None) -> Mapping[str, Cell]:
    reported = {name: Estimate(one.value, one.stderr) for name, one in run.reported.items() if name in DELTAS}
    if before is None:
        return reported
    here, there = shared_places(run, before)
    changes: list[Values] = []
    for group in (REFINED, CHECKED):
        now, then = run.reversal(group), before.reversal(group if before.round else "")
        if now is None or then is None or not here.size:
            return reported
        changes.append(now[here] - then[there])
    refined, checked = changes
    of_both, of_refined, of_checked = DELTAS
    return {
        of_both: mean_interval(refined - checked, bound=_FURTHEST if before.round else _FURTHEST / 2),
        of_refined: interval_of(refined, differences=True),
        of_checked: interval_of(checked, differences=True),
    }
