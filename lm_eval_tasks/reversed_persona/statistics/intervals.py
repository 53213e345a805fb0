"""Intervals for what a run estimates.

    paired_interval     mean of values in {-1, 0, 1} (reversal, contrast): Tango's score interval, corrected
    mean_interval       mean of bounded values that are no three-way outcome: differences of reversals, averages over
                        repeats; normal, with a pseudo-observation at each side
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
BOUND = 2.0
"""The largest size of a difference of two reversals."""
_BISECTIONS = 60
# Of `paired_score`, `paired_limits` and `mean_and_error` (FURTHER), chosen so that the coverage in tests/validity lies
# within 94 and 97.5 %.
_FEW = 3  # questions that fall short of the edge
_HALF_A_QUESTION = 0.5
_WIDER = 1.025
FURTHER = 1.14


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


def interval_of(values: ArrayLike, *, differences: bool = False, confidence: float = CONFIDENCE) -> Interval:
    """Return the interval for the mean of per-question values: `paired_interval` where they are -1, 0 and 1.

    Args:
        values: Shape (questions,), at least one.
        differences: Whether they are differences of two such values. These can be of size 2, and where rare ones are
            missed by chance, `paired_interval` would cover 90 %: `mean_interval` it is.
        confidence: In (0, 1).

    Raises:
        ValueError: There are no values, or one is not finite.
    """
    of_questions = _checked(values)
    if is_three_way(of_questions, differences):
        n = len(of_questions)
        return paired_interval(
            int((of_questions == 1).sum()), int((of_questions == -1).sum()), n, confidence=confidence
        )
    return mean_interval(of_questions, confidence=confidence)


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
    centre, error = _mean_and_error(of_questions, BOUND)
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


def paired_limits(
    b: NDArray[np.int64], c: NDArray[np.int64], n: int, *, confidence: float = CONFIDENCE
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the limits of `paired_interval` for many outcomes at once, each of the shape of `b`."""
    low, high = _not_rejected(b, c, n, confidence)
    short = _mid_p_low(np.arange(_FEW + 1), n, confidence)
    low = np.where(n - c <= _FEW, np.minimum(low, short[np.minimum(n - c, _FEW)] - 1), low)
    high = np.where(n - b <= _FEW, np.maximum(high, 1 - short[np.minimum(n - b, _FEW)]), high)
    return low, high


def _not_rejected(
    b: NDArray[np.int64], c: NDArray[np.int64], n: int, confidence: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Solve score(difference) = +-z by bisection; the score falls as the difference grows."""
    z = stats.norm.ppf(0.5 + confidence / 2)
    estimate = (b - c) / n

    def solve(inside: NDArray[np.float64], outside: float, sign: int) -> NDArray[np.float64]:
        near, far = inside.copy(), np.full(inside.shape, outside)
        for _ in range(_BISECTIONS):
            middle = (near + far) / 2
            rejected = sign * paired_score(b, c, n, middle) > z
            far = np.where(rejected, middle, far)
            near = np.where(rejected, near, middle)
        return np.where(far == outside, outside, near)

    return solve(estimate, -1.0, 1), solve(estimate, 1.0, -1)


def paired_score(
    b: NDArray[np.int64], c: NDArray[np.int64], n: int, difference: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return Tango's score with three corrections; like his it is standard normal under the hypothesis.

    Counts are whole, so his interval covers 93 % next to some truths. Half a question is added to the variance, and the
    score divided by 1.025. Where all signs but those of three or more questions are alike, and these are 0, no sign of
    the other kind is expected under the hypothesis either; else the interval is too long there.
    """
    negative = _negative_share(b, c, n, difference)
    negative = np.where(_one_sided(b, c, n), 0.0, negative)
    negative = np.where(_one_sided(c, b, n), -difference, negative)
    return _standardised(b, c, n, difference, negative, _HALF_A_QUESTION) / _WIDER


def tango_score(
    b: NDArray[np.int64], c: NDArray[np.int64], n: int, difference: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return Tango's score statistic for the hypothesis of a difference, as published."""
    return _standardised(b, c, n, difference, _negative_share(b, c, n, difference), 0.0)


def _one_sided(many: NDArray[np.int64], none: NDArray[np.int64], n: int) -> NDArray[np.bool_]:
    one_sided: NDArray[np.bool_] = (none == 0) & (2 * many > n) & (n - many >= _FEW)
    return one_sided


def _negative_share(
    b: NDArray[np.int64], c: NDArray[np.int64], n: int, difference: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the likeliest share of -1 under the hypothesis."""
    first = -b - c + (2 * n - b + c) * difference
    last = -c * difference * (1 - difference)
    share: NDArray[np.float64] = (np.sqrt(np.maximum(first**2 - 8 * n * last, 0)) - first) / (4 * n)
    return share


def _standardised(
    b: NDArray[np.int64],
    c: NDArray[np.int64],
    n: int,
    difference: NDArray[np.float64],
    negative: NDArray[np.float64],
    more: float,
) -> NDArray[np.float64]:
    variance = np.maximum(n * (2 * negative + difference * (1 - difference)), 0) + more
    distance = b - c - n * difference
    with np.errstate(divide="ignore", invalid="ignore"):
        score = distance / np.sqrt(variance)
    return np.where(np.abs(distance) < 1e-12, 0.0, score)


def _mid_p_low(k: NDArray[np.int64], n: int, confidence: float) -> NDArray[np.float64]:
    """Return the lower mid-p limit for a proportion k / n; 0 for k = 0."""
    tail = (1 - confidence) / 2
    low, high = np.zeros(k.shape), np.minimum(k / n, 1.0)
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        above = stats.binom.sf(k, n, middle) + stats.binom.pmf(k, n, middle) / 2
        low = np.where(above < tail, middle, low)
        high = np.where(above < tail, high, middle)
    return low


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
    pairs, counts = np.unique(np.stack([top, bottom], axis=1), axis=0, return_counts=True)
    low, high = ratio_limits(counts[None, :], pairs[:, 0], pairs[:, 1], confidence=confidence)
    return Interval(float(top.mean() / bottom.mean()), float(low[0]), float(high[0]))


def ratio_limits(
    counts: NDArray[np.int64],
    above: NDArray[np.float64],
    below: NDArray[np.float64],
    *,
    confidence: float = CONFIDENCE,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the limits of `ratio_interval` for many runs at once.

    Args:
        counts: Shape (runs, pairs): how many questions have each pair of values.
        above: Shape (pairs,).
        below: Shape (pairs,); its mean is above 0 in each run.
        confidence: In (0, 1).
    """
    ratio = (counts * above).sum(axis=-1) / (counts * below).sum(axis=-1)
    _, error = mean_and_error(counts, above - ratio[..., None] * below)
    half = stats.norm.ppf(0.5 + confidence / 2) * error * counts.sum(axis=-1) / (counts * below).sum(axis=-1)
    return ratio - half, ratio + half


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
