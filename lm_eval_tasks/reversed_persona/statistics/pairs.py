"""The differences between all pairs of many models at once, on the same questions."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from reversed_persona.statistics.intervals import BOUND, CONFIDENCE, Interval, interval_of, mean_and_error

__all__ = ["PairIntervals", "combined_pairs", "pair_intervals"]

Scores = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PairIntervals:
    """An interval for each pair of m models: of the row's model minus the column's.

    Attributes:
        estimates: Shape (m, m).
        low: Shape (m, m).
        high: Shape (m, m).
    """

    estimates: Scores
    low: Scores
    high: Scores

    def of(self, one: int, other: int) -> Interval:
        """Return the interval of one model's mean minus another's."""
        return Interval(*(float(array[one, other]) for array in (self.estimates, self.low, self.high)))


def pair_intervals(scores: Scores) -> PairIntervals:
    """Return what `interval_of` gives, as a difference, for each pair of models.

    Args:
        scores: Shape (questions, m): every model's scores, in [-1, 1], on the same questions.

    Raises:
        ValueError: There are no questions or models, or a score is not finite.
    """
    if scores.ndim != 2 or not scores.size or not np.isfinite(scores).all():
        raise ValueError(f"scores: got shape {scores.shape}; expected finite numbers of (questions, models)")
    if not np.isin(scores, (-1.0, 0.0, 1.0)).all():  # averages over repeats
        return _one_by_one(scores)
    levels = (-1, 0, 1)
    is_level = [(scores == level).astype(np.float32) for level in levels]
    m = scores.shape[1]
    counts = np.zeros((m, m, 5), dtype=np.int64)  # of differences of -2, -1, 0, 1, 2
    for row, of_row in zip(levels, is_level, strict=True):
        for column, of_column in zip(levels, is_level, strict=True):
            counts[:, :, 2 + row - column] += np.rint(of_row.T @ of_column).astype(np.int64)
    mean, error = mean_and_error(counts.reshape(m * m, 5), np.arange(-2.0, 3.0))
    half = float(stats.norm.ppf(0.5 + CONFIDENCE / 2)) * error
    low, high = np.maximum(mean - half, -BOUND), np.minimum(mean + half, BOUND)
    return PairIntervals(*(array.reshape(m, m) for array in (mean, low, high)))


def combined_pairs(*datasets: PairIntervals) -> PairIntervals:
    """Return the intervals for the mean over datasets: MOVER, as `combined_interval`.

    Raises:
        ValueError: There is none.
    """
    if not datasets:
        raise ValueError("datasets: got none; expected one or more")
    count = len(datasets)
    estimates: Scores = sum((one.estimates for one in datasets), np.zeros_like(datasets[0].estimates)) / count
    down, up = (
        np.sqrt(sum((getattr(one, side) - one.estimates) ** 2 for one in datasets)) / count for side in ("low", "high")
    )
    return PairIntervals(estimates, estimates - down, estimates + up)


def _one_by_one(scores: Scores) -> PairIntervals:
    m = scores.shape[1]
    arrays = [np.zeros((m, m)) for _ in range(3)]
    for row, column in np.ndindex(m, m):
        interval = interval_of(scores[:, row] - scores[:, column], differences=True)
        for array, value in zip(arrays, interval, strict=True):
            array[row, column] = value
    return PairIntervals(*arrays)
