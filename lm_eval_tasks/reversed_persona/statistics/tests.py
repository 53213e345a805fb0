"""Tests of a difference, and adjustment for making many.

mcnemar         exact test of paired right and wrong
difference_p    test of a mean of 0, of any values per question
interval_p      the same of what has only an interval, such as a mean over datasets
equivalence     two one-sided tests: is a difference smaller than a margin?
holm            familywise adjustment
benjamini_hochberg  false discovery rate, for what is only explored
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from reversed_persona.statistics.intervals import BOUND, CONFIDENCE, FURTHER, Interval, is_three_way, score_of

__all__ = [
    "Equivalence",
    "McNemar",
    "benjamini_hochberg",
    "difference_p",
    "equivalence",
    "holm",
    "interval_p",
    "mcnemar",
]

Outcome = Literal["equivalent", "different", "inconclusive"]


@dataclass(frozen=True)
class McNemar:
    """A test of b against c.

    Attributes:
        b: Questions with the value 1.
        c: Questions with the value -1.
        p: Two-sided, exact, in (0, 1]; 1 where nothing is discordant.
    """

    b: int
    c: int
    p: float


@dataclass(frozen=True)
class Equivalence:
    """Whether a mean is near 0.

    Attributes:
        outcome: "equivalent" if it is smaller than the margin (also if it surely isn't 0), else "different" if it
            surely isn't 0, else "inconclusive".
        equivalence_p: Of the two one-sided tests against the margin, the larger.
        difference_p: Two-sided, against 0.
    """

    outcome: Outcome
    equivalence_p: float
    difference_p: float


def mcnemar(b: int, c: int) -> McNemar:
    """Test whether 1 and -1 are as likely as each other, given how many questions have either.

    For reversal: right as high against not wrong as low. The exact p keeps its level; mid-p, which is a little smaller,
    exceeds it (5.7 % with 100 questions, by enumeration) and is not offered.

    Args:
        b: Number of questions with the value 1.
        c: Number of questions with the value -1.

    Raises:
        ValueError: A count is below 0.
    """
    if b < 0 or c < 0:
        raise ValueError(f"b, c: got {b}, {c}; expected counts from 0")
    return McNemar(b, c, float(stats.binomtest(b, b + c).pvalue) if b + c else 1.0)


def difference_p(values: ArrayLike, *, differences: bool = False) -> float:
    """Return the two-sided p of a mean of 0, by the test that `interval_of` inverts.

    Args:
        values: Shape (questions,).
        differences: As for `interval_of`.

    Raises:
        ValueError: There are no values, or one is not finite.
    """
    return 2 * float(stats.norm.sf(abs(score_of(values, 0.0, differences=differences))))


def interval_p(interval: Interval, *, confidence: float = CONFIDENCE) -> float:
    """Return the two-sided p of 0 for an estimate with an interval: below 1 - confidence where that leaves 0 out.

    The side of the interval towards 0 is taken for that of a normal estimate.

    Args:
        interval: The estimate and its limits.
        confidence: The interval's.
    """
    side = interval.estimate - interval.low if interval.estimate > 0 else interval.high - interval.estimate
    error = side / float(stats.norm.ppf(0.5 + confidence / 2))
    return float(2 * stats.norm.sf(abs(interval.estimate) / error)) if error > 0 else 1.0


def equivalence(values: ArrayLike, margin: float, *, differences: bool = False, alpha: float = 0.05) -> Equivalence:
    """Test whether a mean difference is smaller than a margin.

    Args:
        values: Shape (questions,), differences per question.
        margin: Above 0, in the unit of the values.
        differences: As for `interval_of`: of contrast or reversal, not of accuracies.
        alpha: Level of both tests.

    Raises:
        ValueError: The margin is not above 0, there are no values, or one is not finite.
    """
    if not margin > 0:
        raise ValueError(f"margin: got {margin!r}; expected a number above 0")
    above, below = (_one_sided_score(values, at, differences) for at in (-margin, margin))
    near = max(float(stats.norm.sf(above)), float(stats.norm.cdf(below)))
    different = difference_p(values, differences=differences)
    outcome: Outcome = "equivalent" if near < alpha else "different" if different < alpha else "inconclusive"
    return Equivalence(outcome, near, different)


def skewed_score(counts: NDArray[np.int64], values: NDArray[np.float64], mean: float) -> NDArray[np.float64]:
    """Return how far many runs lie above a hypothesis on their mean, corrected for skew; standard normal under it.

    A one-sided test needs it: where few questions carry the mean, a low mean comes with a low standard error. The
    correction is monotone in the score. The pseudo-observations lie as far out as a value of size 2 may lie, whether or
    not there is one: equivalence is claimed of what was not seen, too.

    Source: Hall, Journal of the Royal Statistical Society B 54 (1992) 221-228.

    Args:
        counts: Shape (runs, values): how many questions have each value.
        values: Shape (values,).
        mean: The hypothesis.
    """
    n = counts.sum(axis=-1)
    found = counts @ values / n
    deviations = values - found[..., None]
    root = np.sqrt((counts * deviations**2).sum(axis=-1) + 2 * (FURTHER * BOUND) ** 2)
    score = n * (found - mean) / root
    skew = (counts * deviations**3).sum(axis=-1) / root**3
    corrected: NDArray[np.float64] = score + skew / 3 * score**2 + skew**2 / 27 * score**3 + skew / 6
    return corrected


def _one_sided_score(values: ArrayLike, mean: float, differences: bool) -> float:
    score = score_of(values, mean, differences=differences)
    of_questions, counts = np.unique(np.asarray(values, dtype=np.float64), return_counts=True)
    if is_three_way(of_questions, differences):
        return score
    return float(skewed_score(counts[None, :], of_questions, mean)[0])


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjust p values so that the chance of any false alarm stays below alpha (Holm 1979).

    Args:
        p_values: In [0, 1].

    Raises:
        ValueError: One is not in [0, 1].
    """
    p = _checked(p_values)
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    return _in_place(np.minimum(stepped, 1.0), order)


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Adjust p values so that the expected share of false alarms among all alarms stays below alpha (1995).

    Args:
        p_values: In [0, 1].

    Raises:
        ValueError: One is not in [0, 1].
    """
    p = _checked(p_values)
    order = np.argsort(-p, kind="stable")
    stepped = np.minimum.accumulate(p[order] * len(p) / np.arange(len(p), 0, -1))
    return _in_place(np.minimum(stepped, 1.0), order)


def _in_place(adjusted: NDArray[np.float64], order: NDArray[np.int64]) -> list[float]:
    placed = np.empty_like(adjusted)
    placed[order] = adjusted
    return [float(value) for value in placed]


def _checked(p_values: Sequence[float]) -> NDArray[np.float64]:
    p = np.asarray(p_values, dtype=np.float64)
    for value in p:
        if not 0 <= value <= 1:
            raise ValueError(f"p_values: got {float(value)!r}; expected numbers from 0 to 1")
    return p
