"""Intervals for what a run estimates.

    paired_interval     mean of values in {-1, 0, 1} (reversal, contrast): Tango's score interval, corrected
    mean_interval       mean of bounded values that are no three-way outcome: differences of reversals, averages over
                        repeats; normal, with a pseudo-observation at each side
    share_interval      mean of values in [0, 1] (accuracy)
    scale_interval      mean of values on a scale, such as ratings from 1 to 5: mean_interval, moved there
    combined_interval   mean over datasets: MOVER

Their coverage is proved in tests/validity.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from reversed_persona.statistics.paired import CONFIDENCE, paired_limits, paired_score

__all__ = [
    "CONFIDENCE",
    "Interval",
    "combined_interval",
    "interval_of",
    "mean_interval",
    "paired_interval",
    "scale_interval",
    "score_of",
    "share_interval",
]

BOUND = 2.0
"""The largest size of a difference of two reversals."""
FURTHER = 1.14
"""Of `mean_and_error`, chosen so that the coverage in tests/validity lies within 94 and 97.5 %."""


class Interval(NamedTuple):
    """An estimate with its interval.

    Attributes:
        estimate: The estimate.
        low: Lower limit.
        high: Upper limit.
    """

    estimate: float
    low: float
    high: float


def interval_of(values: ArrayLike, *, differences: bool = False, confidence: float = CONFIDENCE) -> Interval:
    """Return the interval for the mean of per-question values: `paired_interval` where they are -1, 0 and 1.

    Args:
        values: Shape (questions,), at least one, in [-1, 1].
        differences: Whether they are differences of two such values. These can be of size 2, and where rare ones are
            missed by chance, `paired_interval` would cover 90 %: `mean_interval` it is.
        confidence: In (0, 1).

    Raises:
        ValueError: There are no values, one is not finite, or one lies beyond 1, or beyond 2 for differences.
    """
    of_questions = _checked(values)
    if is_three_way(of_questions, differences):
        n = len(of_questions)
        return paired_interval(
            int((of_questions == 1).sum()), int((of_questions == -1).sum()), n, confidence=confidence
        )
    return mean_interval(of_questions, confidence=confidence, bound=BOUND if differences else 1.0)


def share_interval(values: ArrayLike, *, confidence: float = CONFIDENCE) -> Interval:
    """Return the interval for the mean of values in [0, 1], such as an accuracy; it lies in [0, 1].

    Args:
        values: Shape (questions,), at least one.
        confidence: In (0, 1).

    Raises:
        ValueError: There are no values, or one is not in [0, 1].
    """
    of_questions = _checked(values)
    if of_questions.min() < 0:
        raise ValueError(f"values: got {float(of_questions.min())!r}; expected numbers from 0 to 1")
    found = interval_of(of_questions, confidence=confidence)
    return found._replace(low=max(found.low, 0.0))


def scale_interval(values: ArrayLike, low: float, high: float, *, confidence: float = CONFIDENCE) -> Interval:
    """Return the interval for the mean of values on a scale: `mean_interval`, with the scale's middle as its 0.

    Args:
        values: Shape (questions,), at least one.
        low: The scale's lower end.
        high: Its upper end, above the lower.
        confidence: In (0, 1).

    Raises:
        ValueError: There are no values, one is not finite, or one lies beyond an end.
    """
    middle = (low + high) / 2
    found = mean_interval(_checked(values) - middle, confidence=confidence, bound=(high - low) / 2)
    return Interval(*(value + middle for value in found))


def score_of(values: ArrayLike, mean: float, *, differences: bool = False) -> float:
    """Return how far the values lie above a hypothesis on their mean, standard normal under it: what is inverted here.

    Args:
        values: Shape (questions,), at least one.
        mean: The hypothesis.
        differences: As for `interval_of`.

    Raises:
        ValueError: There are no values, or one is not finite.
    """
    of_questions = _checked(values)
    if is_three_way(of_questions, differences):
        b, c = (np.array([(of_questions == sign).sum()]) for sign in (1, -1))
        return float(paired_score(b, c, len(of_questions), np.array([mean]))[0])
    centre, error = _mean_and_error(of_questions, BOUND if differences else 1.0)
    return float((centre - mean) / error)


def is_three_way(values: ArrayLike, differences: bool) -> bool:
    """Return whether the values are -1, 0 and 1, and can't be anything else."""
    return not differences and bool(np.isin(values, (-1.0, 0.0, 1.0)).all())


def paired_interval(b: int, c: int, n: int, *, confidence: float = CONFIDENCE) -> Interval:
    """Return the interval for (b - c) / n, in [-1, 1]: the differences that `paired_score` does not reject.

    Where at most three questions fall short of the edge, the limit next to it is at least as wide as the mid-p limit
    for the share of those that fall short: every score interval for a proportion misses a truth of 1 - 0.17 / n in 16
    of 100 runs.

    Source: Tango, Statistics in Medicine 17 (1998) 891-908; the corrections are this project's own.

    Args:
        b: Number of questions with the value 1.
        c: Number of questions with the value -1.
        n: Number of questions.
        confidence: In (0, 1).

    Raises:
        ValueError: The counts are no counts, or n is 0.
    """
    if n < 1 or b < 0 or c < 0 or b + c > n:
        raise ValueError(f"b, c, n: got {b}, {c}, {n}; expected counts from 0 with b + c <= n and n >= 1")
    low, high = paired_limits(np.array([b]), np.array([c]), n, confidence=confidence)
    return Interval((b - c) / n, float(low[0]), float(high[0]))


def mean_interval(values: ArrayLike, *, confidence: float = CONFIDENCE, bound: float = BOUND) -> Interval:
    """Return a normal interval for a mean of bounded values, with the error of `mean_and_error`, cut at the bounds.

    Args:
        values: Shape (questions,), such as differences of two models' reversals, in [-2, 2].
        confidence: In (0, 1).
        bound: The largest size that a value can have; 1 for an average of reversals over repeats.

    Raises:
        ValueError: There are no values, one is not finite, or one lies beyond the bound.
    """
    of_questions = _checked(values)
    if np.abs(of_questions).max() > bound + 1e-9:
        raise ValueError(
            f"values: got {of_questions[np.abs(of_questions).argmax()]!r}; expected at most {bound} in size"
        )
    centre, error = _mean_and_error(of_questions, bound)
    half = float(stats.norm.ppf(0.5 + confidence / 2)) * error
    return Interval(centre, max(centre - half, -bound), min(centre + half, bound))


def mean_and_error(
    counts: NDArray[np.int64], values: NDArray[np.float64], bound: float = BOUND
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the mean and its standard error for many runs at once, with two pseudo-observations in the variance.

    They lie on both sides of the mean, at 1.14 times the distance of the furthest value, or where all values are alike
    at 1.14 times the furthest that one could have been: rare values are missed by chance, and the plain standard error
    is then too small, or 0.

    Args:
        counts: Shape (runs, values): how many questions have each value.
        values: Shape (values,), or (runs, values).
        bound: The largest size that a value can have.
    """
    n = counts.sum(axis=-1)
    mean = (counts * values).sum(axis=-1) / n
    distances = np.abs(values - mean[..., None])
    furthest = np.where(counts > 0, distances, 0.0).max(axis=-1)
    furthest = np.where(furthest < 1e-12, bound + np.abs(mean), furthest)
    squares = (counts * distances**2).sum(axis=-1)
    return mean, np.sqrt(squares + 2 * (FURTHER * furthest) ** 2) / n


def _mean_and_error(of_questions: NDArray[np.float64], bound: float) -> tuple[float, float]:
    values, counts = np.unique(of_questions, return_counts=True)
    mean, error = mean_and_error(counts[None, :], values, bound)
    return float(mean[0]), float(error[0])


def combined_interval(*intervals: Interval) -> Interval:
    """Return the interval for the mean of independent estimates, such as of two datasets.

    Source: MOVER, the method of variance estimates recovery; Zou and Donner, Statistics in Medicine 27 (2008)
    1693-1702.

    Args:
        intervals: One each, at the same confidence; at least one.

    Raises:
        ValueError: There is none.
    """
    if not intervals:
        raise ValueError("intervals: got none; expected one for each dataset")
    estimate = sum(one.estimate for one in intervals) / len(intervals)
    down = sum((one.estimate - one.low) ** 2 for one in intervals) ** 0.5 / len(intervals)
    up = sum((one.high - one.estimate) ** 2 for one in intervals) ** 0.5 / len(intervals)
    return Interval(estimate, estimate - down, estimate + up)


def _checked(values: ArrayLike) -> NDArray[np.float64]:
    of_questions = np.asarray(values, dtype=np.float64)
    if of_questions.ndim != 1 or not len(of_questions) or not np.isfinite(of_questions).all():
        raise ValueError(f"values: got shape {of_questions.shape}; expected at least one finite number per question")
    return of_questions
