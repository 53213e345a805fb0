"""Differences between groups of personas that were asked the same questions: races, wordings, irrelevant things."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["LargestDifference", "Spread", "largest_difference", "spread"]

DRAWS = 10_000

Values = NDArray[np.float64]


@dataclass(frozen=True)
class LargestDifference:
    """The two groups that lie furthest apart.

    Attributes:
        low: Place of the group with the lowest mean.
        high: Place of that with the highest.
        difference: Of their means, at least 0.
        p: Share of the permutations that give a difference as large, the observed one counted; never 0.
        draws: How many permutations.
        seed: Of these.
    """

    low: int
    high: int
    difference: float
    p: float
    draws: int
    seed: int


@dataclass(frozen=True)
class Spread:
    """How far the means of groups lie apart.

    Attributes:
        range: Largest mean - smallest mean.
        sd: Standard deviation of the means (over groups - 1); None for one group.
        range_of_noise: The mean range of permutations within questions: what groups that don't matter would give.
        range_p: Share of the permutations with a range as large, the observed one counted.
        draws: How many permutations.
        seed: Of these.
    """

    range: float
    sd: float | None
    range_of_noise: float
    range_p: float
    draws: int
    seed: int


def largest_difference(scores: Values, *, draws: int = DRAWS, seed: int = 0) -> LargestDifference:
    """Find the largest difference of means, and how often exchanging the groups within each question gives as much.

    The largest of many differences is large by choice: it is never shown without this p.

    Args:
        scores: Shape (questions, groups), at least two groups.
        draws: How many permutations.
        seed: Of these.

    Raises:
        ValueError: It has another shape, or a score is not finite.
    """
    ranges = _permuted_ranges(scores, draws, seed)
    means = scores.mean(axis=0)
    low, high = int(means.argmin()), int(means.argmax())
    return LargestDifference(low, high, float(np.ptp(means)), _share(ranges, float(np.ptp(means))), draws, seed)


def spread(scores: Values, *, draws: int = DRAWS, seed: int = 0) -> Spread:
    """Say how far the means of groups lie apart, and how far noise alone would put them.

    Args:
        scores: Shape (questions, groups), at least two groups.
        draws: How many permutations.
        seed: Of these.

    Raises:
        ValueError: It has another shape, or a score is not finite.
    """
    ranges = _permuted_ranges(scores, draws, seed)
    means = scores.mean(axis=0)
    observed = float(np.ptp(means))
    sd = float(means.std(ddof=1)) if len(means) > 1 else None
    return Spread(observed, sd, float(ranges.mean()), _share(ranges, observed), draws, seed)


def _permuted_ranges(scores: Values, draws: int, seed: int) -> Values:
    if scores.ndim != 2 or not len(scores) or scores.shape[1] < 2 or not np.isfinite(scores).all():
        raise ValueError(
            f"scores: got shape {scores.shape}; expected finite numbers of (questions, two groups or more)"
        )
    random = np.random.default_rng(seed)
    varied = scores[np.ptp(scores, axis=1) > 0]  # a question that all groups answered alike stays as it is
    ranges = np.empty(draws)
    for draw in range(draws):
        ranges[draw] = np.ptp(random.permuted(varied, axis=1).sum(axis=0)) / len(scores) if len(varied) else 0.0
    return ranges


def _share(ranges: Values, observed: float) -> float:
    return float(((ranges >= observed - 1e-12).sum() + 1) / (len(ranges) + 1))
