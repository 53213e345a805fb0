"""TaskRun -> the numbers of a row. None where a thing was not asked, never 0."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from reversed_persona.answers import read_gold, stated_value
from reversed_persona.comparison.table import Bounds, Cell
from reversed_persona.runs import ArmScores, TaskRun
from reversed_persona.statistics.degeneracy import Degeneracy, degeneracy
from reversed_persona.statistics.intervals import Interval, interval_of
from reversed_persona.statistics.suppression import suppression_interval
from reversed_persona.statistics.tests import mcnemar

__all__ = ["core_cells", "flags", "single_run_cells", "wrong_alike"]

Values = NDArray[np.float64]


def core_cells(run: TaskRun, group: str = "", chosen: NDArray[np.bool_] | None = None) -> Mapping[str, Cell]:
    """Return what a row says of high, low and none.

    Args:
        run: The run.
        group: What high and low are crossed with, "" for nothing.
        chosen: Shape (questions,): which questions count; all if left out.
    """
    none, high, low = (run.arm(persona, group) for persona in ("none", "high", "low"))
    none = none or run.arm("none")
    return {
        "n": int(chosen.sum()) if chosen is not None else len(run.problems),
        "acc_none": _mean(none.correct if none else None, chosen),
        "acc_high": _mean(high.correct if high else None, chosen),
        "acc_low": _mean(low.correct if low else None, chosen),
        "unanswered_low": _mean(low.unanswered if low else None, chosen),
        "reversal": _interval(run.reversal(group), chosen),
        "reversal_faithful": _interval(run.reversal_faithful(group), chosen),
        "suppression": _suppression(run, group, chosen),
    }


def _suppression(run: TaskRun, group: str, chosen: NDArray[np.bool_] | None) -> Interval | None:
    reversal, high = run.reversal(group), run.arm("high", group)
    if reversal is None or high is None or not len(_of(reversal, chosen)):
        return None
    return suppression_interval(_of(reversal, chosen), _of(high.correct, chosen))


def single_run_cells(run: TaskRun) -> Mapping[str, Cell]:
    """Return what else is said of a run with high and low by itself.

    Returns:
        contrast: Its bounds: every unanswered response could have been right or wrong.
        discordant: How many questions have a reversal of 1 and of -1, as "b:c"; None for averages over repeats.
        p: McNemar's exact one, of right as high against not wrong as low; None as before.
        modal_wrong_share, modal_offset_share: Of the low student's wrong answers; None where there are none.
    """
    reversal, high, low = run.reversal(), run.arm("high"), run.arm("low")
    if reversal is None or high is None or low is None:
        return {}
    least = float(reversal.mean())
    cells: dict[str, Cell] = {"contrast": Bounds(least, least + float((high.unanswered + low.unanswered).mean()))}
    if run.repeats == 1:
        test = mcnemar(int((reversal == 1).sum()), int((reversal == -1).sum()))
        cells |= {"discordant": f"{test.b}:{test.c}", "p": test.p}
    if alike := wrong_alike(run, low):
        cells |= {"modal_wrong_share": alike.modal_wrong_share, "modal_offset_share": alike.modal_offset_share}
    return cells


def wrong_alike(run: TaskRun, arm: ArmScores) -> Degeneracy | None:
    """Say how much alike an arm's wrong answers are; None where it has none."""
    values = [stated_value(answer) for _, answer in arm.wrong_answers]
    golds = [read_gold(run.problems[place]["gold"]).number for place, _ in arm.wrong_answers]
    offsets = [
        None if gold is None or isinstance(value, str) else value - gold.value
        for value, gold in zip(values, golds, strict=True)
    ]
    return degeneracy(values, offsets)


def flags(run: TaskRun) -> Sequence[str]:
    """Return what has to be known before a row is believed."""
    found = []
    if run.partial:
        found.append("partial")
    if run.custom is not False:
        found.append("custom" if run.custom else "unknown prompts")
    if run.metadata.get("validated") is False:
        found.append("unvalidated")
    if run.metadata.get("self_judging") is True:
        found.append("self-judging")
    low = run.arm("low")
    alike = wrong_alike(run, low) if low else None
    if alike and alike.flagged:
        found.append("wrong answers alike")
    return found


def _interval(values: Values | None, chosen: NDArray[np.bool_] | None) -> Interval | None:
    of_questions = _of(values, chosen) if values is not None else None
    return interval_of(of_questions) if of_questions is not None and len(of_questions) else None


def _mean(values: Values | None, chosen: NDArray[np.bool_] | None) -> float | None:
    of_questions = _of(values, chosen) if values is not None else None
    return float(of_questions.mean()) if of_questions is not None and len(of_questions) else None


def _of(values: Values, chosen: NDArray[np.bool_] | None) -> Values:
    return values if chosen is None else values[chosen]
