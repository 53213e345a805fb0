"""TaskRun -> the scores that are exported, each with its uncertainty.

Everything is computed from the verdicts in the sample log. A metric of which neither more nor less is better (a gap, a
shift, a slope, the accuracy of a graded persona) is not exported: other collections sort by every number they hold.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reversed_persona.runs import ArmScores, TaskRun
from reversed_persona.statistics.calibration import TARGETS, net_order
from reversed_persona.statistics.intervals import Interval, interval_of, is_three_way, share_interval

__all__ = ["Number", "numbers_of"]

Values = NDArray[np.float64]

_SAYS: Mapping[str, str] = {
    "reversal": "c_high + w_low - 1 per question: 1 = right as the high-performing student and wrong as the "
    "low-performing one, 0 = the persona makes no difference, below 0 = backwards or silent",
    "reversal_faithful": "reversal in which the wrong answer comes out of the student's own working: "
    "c_high + w_low (1 - flip_low) derived_low - 1 per question",
    "contrast": "c_high - c_low per question",
    "net_order": "(rising - falling pairs of the targets 0.2, 0.4, 0.6, 0.8) / 6 per question; 0 is blind, 1/3 ideal",
    "acc": "share of right answers",
    "wrong": "share of definite wrong answers",
    "unanswered": "share of responses without one readable final answer",
    "flip": "share of wrong answers in whose working the right one stands as a result",
    "derived": "share of answers that are a result of the visible working",
}
_KINDS: Mapping[str, str] = {"acc": "accuracy"}
_TWO_SIDED = ("reversal", "reversal_faithful", "contrast", "net_order")


@dataclass(frozen=True)
class Number:
    """A score.

    Attributes:
        name: The metric's name, as lm-eval reports it.
        measure: What it is one of, such as "acc".
        arm: Whose it is; "" for one of several arms.
        says: What it is.
        value: Its mean over questions.
        least: The least that it can be; the most is 1.
        lower_is_better: Whether less of it is better.
        deviation: Standard deviation over questions; None with one question.
        interval: 95 %.
        method: Of the interval.
        n: Questions.
    """

    name: str
    measure: str
    arm: str
    says: str
    value: float
    least: float
    lower_is_better: bool
    deviation: float | None
    interval: Interval
    method: str
    n: int

    @property
    def stderr(self) -> float | None:
        """The plain standard error of the mean, as lm-eval has it; None with one question."""
        return None if self.deviation is None else self.deviation / self.n**0.5

    @property
    def kind(self) -> str | None:
        """The family of metrics that it may be averaged with; None for none but its own."""
        return _KINDS.get(self.measure)


def numbers_of(run: TaskRun) -> list[Number]:
    """Return a run's scores, the headline first."""
    return [*_over_arms(run), *(number for arm, scores in run.arms.items() for number in _of_arm(arm, scores))]


def _over_arms(run: TaskRun) -> Iterator[Number]:
    for group in run.groups:
        end = f"_{group}" if group else ""
        for measure, values in {
            "reversal": run.reversal(group),
            "reversal_faithful": run.reversal_faithful(group),
            "contrast": run.contrast(group),
        }.items():
            if values is not None:
                yield _number(measure + end, measure, "", values, lower_is_better=False)
    if run.arms.keys() >= TARGETS.keys():
        values = net_order({name: run.arms[name].correct for name in TARGETS})
        yield _number("net_order", "net_order", "", values, lower_is_better=False)


def _of_arm(arm: str, scores: ArmScores) -> Iterator[Number]:
    expected = scores.expected_accuracy
    if expected in (None, 0.0, 1.0):  # of a target between the ends neither more nor less is better
        yield _number(f"acc_{arm}", "acc", arm, scores.correct, lower_is_better=expected == 0.0)
        yield _number(f"wrong_{arm}", "wrong", arm, scores.wrong, lower_is_better=expected != 0.0)
    yield _number(f"unanswered_{arm}", "unanswered", arm, scores.unanswered, lower_is_better=True)
    yield _number(f"flip_{arm}", "flip", arm, scores.flip, lower_is_better=True)
    yield _number(f"derived_{arm}", "derived", arm, scores.derived, lower_is_better=False)


def _number(name: str, measure: str, arm: str, values: Values, *, lower_is_better: bool) -> Number:
    least = -1.0 if measure in _TWO_SIDED else 0.0
    interval, method = _interval(measure, values, least)
    return Number(
        name=name,
        measure=measure,
        arm=arm,
        says=_SAYS[measure] + (f"; asked as {arm}" if arm else ""),
        value=float(values.mean()),
        least=least,
        lower_is_better=lower_is_better,
        deviation=float(values.std(ddof=1)) if len(values) > 1 else None,
        interval=interval,
        method=method,
        n=len(values),
    )


def _interval(measure: str, values: Values, least: float) -> tuple[Interval, str]:
    differences = measure == "net_order"
    found = share_interval(values) if least == 0.0 else interval_of(values, differences=differences)
    method = "Tango score, corrected" if is_three_way(values, differences) else "normal with pseudo-observations"
    return Interval(found.estimate, max(found.low, least), min(found.high, 1.0)), method
