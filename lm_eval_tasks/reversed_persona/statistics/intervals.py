"""Intervals for what a run estimates.

    paired_interval     mean of values in {-1, 0, 1} (reversal, contrast): Tango's score interval, widened at the edges
    mean_interval       mean of bounded values that are no three-way outcome: differences of reversals, averages over
                        repeats; normal, with one pseudo-observation at each side
    ratio_interval      ratio of two paired means (suppression): delta method
    combined_interval   mean over datasets: MOVER

Their coverage is proved in tests/validity.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

__all__ = [
    "Interval",
    "combined_interval",
    "interval_of",
    "mean_interval",
    "paired_interval",
    "ratio_interval",
    "score_of",
]

CONFIDENCE = 0.95
_BISECTIONS = 60
_FEW = 4  # questions that fall short of the edge


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

    @property
    def stderr(self) -> float:
        """Half of the width over the normal quantile: what a 95 % interval of this width would come from."""
        return (self.high - self.low) / 2 / float(stats.norm.ppf(0.5 + CONFIDENCE / 2))


def interval_of(values: ArrayLike, *, confidence: float = CONFIDENCE) -> Interval:
    """Return the interval for the mean of per-question values: `paired_interval` where they are -1, 0 and 1.

    Args:
        values: Shape (questions,), at least one.
        confidence: In (0, 1).

    Raises:
        ValueError: There are no values, or one is not finite.
    """
    of_questions = _checked(values)
    if np.isin(of_questions, (-1.0, 0.0, 1.0)).all():
        n = len(of_questions)
        return paired_interval(
            int((of_questions == 1).sum()), int((of_questions == -1).sum()), n, confidence=confidence
        )
    return mean_interval(of_questions, confidence=confidence)


def score_of(values: ArrayLike, mean: float) -> float:
    """Return how far the values lie above a hypothesis on their mean, standard normal under it: what is inverted here.

    Args:
        values: Shape (questions,), at least one.
        mean: The hypothesis.

    Raises:
        ValueError: There are no values, or one is not finite.
    """
    of_questions = _checked(values)
    if np.isin(of_questions, (-1.0, 0.0, 1.0)).all():
        b, c = (np.array([(of_questions == sign).sum()]) for sign in (1, -1))
        return float(tango_score(b, c, len(of_questions), np.array([mean]))[0])
    centre, error = _shrunk(of_questions, 1.0)
    return float((centre - mean) / error)


def paired_interval(b: int, c: int, n: int, *, confidence: float = CONFIDENCE) -> Interval:
    """Return Tango's score interval for (b - c) / n, in [-1, 1], widened where it is too short.

    The interval holds the differences that a score test does not reject. Next to -1 and 1 it has the gap of every score
    interval for a proportion: a truth of 1 - 0.17 / n would be missed 16 times in 100. Where few
    questions fall short of the edge, or none has the other sign, the limit is therefore at least as wide as the mid-p
    limit for the share of those that fall short.

    Source: Tango, Statistics in Medicine 17 (1998) 891-908. The widening is this project's own.

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


def paired_limits(
    b: NDArray[np.int64], c: NDArray[np.int64], n: int, *, confidence: float = CONFIDENCE
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the limits of `paired_interval` for many outcomes at once, each of the shape of `b`."""
    low, high = _tango(b, c, n, confidence)
    low = np.where((b == 0) | (n - c <= _FEW), np.minimum(low, _mid_p_low(n - c, n, confidence) - 1), low)
    high = np.where((c == 0) | (n - b <= _FEW), np.maximum(high, 1 - _mid_p_low(n - b, n, confidence)), high)
    return low, high


def _tango(
    b: NDArray[np.int64], c: NDArray[np.int64], n: int, confidence: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Solve score(difference) = +-z by bisection; the score falls as the difference grows."""
    z = stats.norm.ppf(0.5 + confidence / 2)
    estimate = (b - c) / n

    def solve(inside: NDArray[np.float64], outside: float, sign: int) -> NDArray[np.float64]:
        near, far = inside.copy(), np.full(inside.shape, outside)
        for _ in range(_BISECTIONS):
            middle = (near + far) / 2
            rejected = sign * tango_score(b, c, n, middle) > z
            far = np.where(rejected, middle, far)
            near = np.where(rejected, near, middle)
        return near

    return solve(estimate, -1.0, 1), solve(estimate, 1.0, -1)


def tango_score(
    b: NDArray[np.int64], c: NDArray[np.int64], n: int, difference: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return Tango's score statistic for the hypothesis of a difference; standard normal under it."""
    first = -b - c + (2 * n - b + c) * difference
    last = -c * difference * (1 - difference)
    q = (np.sqrt(np.maximum(first**2 - 8 * n * last, 0)) - first) / (4 * n)  # share of -1 under the hypothesis
    variance = n * (2 * q + difference * (1 - difference))
    distance = b - c - n * difference
    with np.errstate(divide="ignore", invalid="ignore"):
        score = distance / np.sqrt(np.maximum(variance, 0))
    return np.where(np.abs(distance) < 1e-12, 0.0, score)


def _mid_p_low(k: NDArray[np.int64], n: int, confidence: float) -> NDArray[np.float64]:
    """Return the lower mid-p limit for a proportion k / n; 0 for k = 0."""
    tail = (1 - confidence) / 2
    low, high = np.zeros(k.shape), k / n
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        above = stats.binom.sf(k, n, middle) + stats.binom.pmf(k, n, middle) / 2
        low = np.where(above < tail, middle, low)
        high = np.where(above < tail, high, middle)
    return low


def mean_interval(values: ArrayLike, *, confidence: float = CONFIDENCE, pseudo: float = 1.0) -> Interval:
    """Return a normal interval for a mean of bounded values, with one pseudo-observation at +pseudo and one at -pseudo.

    Without them the interval of values that are all alike would have no width. It is centred on the mean of all n + 2.

    Args:
        values: Shape (questions,), such as differences of two models' reversals, in [-2, 2].
        confidence: In (0, 1).
        pseudo: Where the pseudo-observations lie.

    Raises:
        ValueError: There are no values, or one is not finite.
    """
    of_questions = _checked(values)
    centre, error = _shrunk(of_questions, pseudo)
    half = float(stats.norm.ppf(0.5 + confidence / 2)) * error
    return Interval(float(of_questions.mean()), centre - half, centre + half)


def _shrunk(of_questions: NDArray[np.float64], pseudo: float) -> tuple[float, float]:
    """Return mean and standard error with the two pseudo-observations."""
    n = len(of_questions) + 2
    centre = of_questions.sum() / n
    variance = ((of_questions**2).sum() + 2 * pseudo**2) / n - centre**2
    return float(centre), float(np.sqrt(variance / n))


def ratio_interval(above: ArrayLike, below: ArrayLike, *, confidence: float = CONFIDENCE) -> Interval | None:
    """Return the interval for mean(above) / mean(below), paired, by the delta method; None unless mean(below) > 0.

    Args:
        above: Shape (questions,).
        below: Shape (questions,), of the same questions.
        confidence: In (0, 1).

    Raises:
        ValueError: The shapes differ, there are no values, or one is not finite.
    """
    top, bottom = _checked(above), _checked(below)
    if top.shape != bottom.shape:
        raise ValueError(f"above, below: got shapes {top.shape} and {bottom.shape}; expected the same questions")
    if bottom.mean() <= 0:
        return None
    ratio = top.mean() / bottom.mean()
    spread = mean_interval(top - ratio * bottom, confidence=confidence)
    half = (spread.high - spread.low) / 2 / float(bottom.mean())
    return Interval(float(ratio), float(ratio - half), float(ratio + half))


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
