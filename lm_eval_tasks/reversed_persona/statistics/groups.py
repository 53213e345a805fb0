"""Differences between groups of personas that were asked the same questions: races, wordings, irrelevant things."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import factorial, prod

import numpy as np
from numpy.typing import NDArray

__all__ = ["Spread", "spread"]

DRAWS = 10_000
_CHUNK = 2_000_000  # values that are shuffled at once

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Spread:
    """How far the means of groups lie apart.

    Attributes:
        low: Place of the group with the lowest mean.
        high: Place of that with the highest.
        range: Highest mean - lowest mean, at least 0.
        sd: Standard deviation of the means (over groups - 1).
        range_of_noise: The mean range of permutations within questions: what groups that don't matter would give.
        p: Share of the permutations with a range as large, the observed one counted; never 0.
        draws: How many permutations.
        seed: Of these.
    """

    low: int
    high: int
    range: float
    sd: float
    range_of_noise: float
    p: float
    draws: int
    seed: int


def spread(scores: Values, *, draws: int = DRAWS, seed: int = 0) -> Spread:
    """Say how far the means of groups lie apart, and how far exchanging the groups within each question puts them.

    The largest of many differences is large by choice: it is never shown without what noise alone gives.

    Args:
        scores: Shape (questions, groups), at least two groups.
        draws: How many permutations.
        seed: Of these.

    Raises:
        ValueError: It has another shape, or a score is not finite.
    """
    if scores.ndim != 2 or not len(scores) or scores.shape[1] < 2 or not np.isfinite(scores).all():
        raise ValueError(
            f"scores: got shape {scores.shape}; expected finite numbers of (questions, two groups or more)"
        )
    means = scores.mean(axis=0)
    observed = float(np.ptp(means))
    ranges = np.ptp(_permuted_sums(scores, draws, np.random.default_rng(seed)), axis=1) / len(scores)
    p = float(((ranges >= observed - 1e-9).sum() + 1) / (draws + 1))
    return Spread(
        int(means.argmin()),
        int(means.argmax()),
        observed,
        float(means.std(ddof=1)),
        float(ranges.mean()),
        p,
        draws,
        seed,
    )


def _permuted_sums(scores: Values, draws: int, random: np.random.Generator) -> Values:
    """Return the groups' sums after permutations within each question, shape (draws, groups).

    Questions with the same values are permuted together: how many of them fall into each order is multinomial.
    """
    groups = scores.shape[1]
    varied = np.sort(scores[np.ptp(scores, axis=1) > 0], axis=1)  # else all orders are one
    sums = np.zeros((draws, groups))
    for values, count in zip(*np.unique(varied, axis=0, return_counts=True), strict=True):
        if _number_of_orders(values) < count * groups:
            orders = np.array(list(_orders(values.tolist())))
            sums += random.multinomial(count, np.full(len(orders), 1 / len(orders)), size=draws) @ orders
            continue
        step = max(1, _CHUNK // (count * groups))
        for start in range(0, draws, step):
            size = min(step, draws - start)
            sums[start : start + size] += random.permuted(np.tile(values, (size, count, 1)), axis=2).sum(axis=1)
    return sums


def _number_of_orders(values: Values) -> int:
    _, repeated = np.unique(values, return_counts=True)
    return factorial(len(values)) // prod(factorial(int(times)) for times in repeated)


def _orders(values: list[float]) -> Iterator[list[float]]:
    """Yield each order of sorted values once, equal ones being interchangeable."""
    if not values:
        yield []
    for place, first in enumerate(values):
        if place == 0 or first != values[place - 1]:
            yield from ([first, *rest] for rest in _orders(values[:place] + values[place + 1 :]))
