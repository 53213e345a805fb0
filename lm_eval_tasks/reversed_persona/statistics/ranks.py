"""Which of many models can be told apart, and between which places each one is.

All pairwise differences are tested at once: the largest studentised difference of a joint bootstrap over questions (the
same questions for all models, each dataset by itself) gives one critical value for all pairs, so the chance that any
of the statements "better than" is false is at most alpha. A model's rank lies between 1 + the number of models that are
significantly better and m - the number that are significantly worse. "Not told apart" is not transitive.

Percentile bootstrap ranks are invalid next to ties; this is the max-T procedure of Romano and Wolf (Econometrica 73
(2005) 1237-1282), and the rank ranges of Mogstad, Romano, Shaikh and Wilhelm (Review of Economic Studies 91 (2024)
476-518).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from reversed_persona.statistics.intervals import BOUND, FURTHER

__all__ = ["Ranking", "rank_models"]

ALPHA = 0.05
DRAWS = 10_000
_CHUNK = 500

Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Ranking:
    """The places of m models, in the order in which they were given.

    Attributes:
        means: Shape (m,): the mean over datasets of each model's mean.
        first: Shape (m,): the best place that it may have, from 1.
        last: Shape (m,): the worst.
        better: Shape (m, m): whether the model of the row is significantly better than that of the column.
        p: Shape (m, m): two-sided, adjusted for all pairs, in (0, 1]; below alpha where one of the two is better.
        critical: The critical value of the studentised differences.
        draws: How many bootstrap samples were drawn.
        seed: Of these.
    """

    means: Scores
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    better: NDArray[np.bool_]
    p: Scores
    critical: float
    draws: int
    seed: int

    def not_separated(self, model: int) -> list[int]:
        """Return the other models that this one can't be told apart from."""
        apart = self.better[model] | self.better[:, model]
        return [other for other in range(len(self.means)) if other != model and not apart[other]]


def rank_models(datasets: Sequence[Scores], *, alpha: float = ALPHA, draws: int = DRAWS, seed: int = 0) -> Ranking:
    """Rank models by the mean over datasets of their mean score.

    Args:
        datasets: One array each, of the shape (questions, m): every model's scores, in [-1, 1], on the same questions.
        alpha: Chance that any pair is wrongly called different.
        draws: How many bootstrap samples.
        seed: Of the bootstrap.

    Raises:
        ValueError: There is no dataset or no model, the numbers of models differ, or a score is not finite.
    """
    m = _models(datasets)
    means = np.mean([scores.mean(axis=0) for scores in datasets], axis=0)
    differences = means[:, None] - means[None, :]
    plain, errors = (np.sqrt(sum(_variances(s, pseudo) for s in datasets)) / len(datasets) for pseudo in (0.0, FURTHER))
    largest = _largest_of_draws(datasets, plain, draws, seed) if m > 1 else np.zeros(1, dtype=np.float32)
    critical = _critical(largest, alpha) if m > 1 else 0.0
    better = differences > critical * errors
    np.fill_diagonal(better, False)
    p = _adjusted_p(np.abs(differences) / errors, largest)
    np.fill_diagonal(p, 1.0)
    return Ranking(means, 1 + better.sum(axis=0), m - better.sum(axis=1), better, p, critical, draws, seed)


def _models(datasets: Sequence[Scores]) -> int:
    shapes = {scores.shape[1:] for scores in datasets}
    if len(shapes) != 1 or not all(scores.ndim == 2 and scores.size for scores in datasets):
        raise ValueError(
            f"datasets: got shapes {[scores.shape for scores in datasets]}; expected (questions, models), of the same "
            "models in all"
        )
    if not all(np.isfinite(scores).all() for scores in datasets):
        raise ValueError("datasets: got a score that is not finite; leave the question out for all models")
    return int(datasets[0].shape[1])


def _variances(scores: Scores, pseudo: float) -> Scores:
    """Return every mean difference's variance, with a pseudo-observation on each side, in units of the largest one.

    Bootstrap samples of what was seen are studentised without them: they stand for what was not.
    """
    n = len(scores)
    centred = scores - scores.mean(axis=0)
    products = centred.T @ centred
    squares = np.diag(products)
    spread = np.maximum(squares[:, None] + squares[None, :] - 2 * products, 0) + 2 * (pseudo * BOUND) ** 2
    variances: Scores = spread / n**2
    return variances


def _critical(largest: NDArray[np.float32], alpha: float) -> float:
    of_one = float(stats.norm.ppf(1 - alpha / 2))  # where each question differs by the same, no bootstrap sample varies
    return max(of_one, float(np.quantile(largest, 1 - alpha, method="higher")))


def _adjusted_p(scores: Scores, largest: NDArray[np.float32]) -> Scores:
    """Return the share of draws that give as much for any pair, the observed one counted; at least one pair's p."""
    as_large = len(largest) - np.searchsorted(np.sort(largest), scores, side="left")
    p: Scores = np.maximum((as_large + 1) / (len(largest) + 1), 2 * stats.norm.sf(scores))
    return p


def _largest_of_draws(datasets: Sequence[Scores], errors: Scores, draws: int, seed: int) -> NDArray[np.float32]:
    """Return the largest studentised difference of all pairs in each bootstrap sample."""
    random = np.random.default_rng(seed)
    upper = np.triu_indices(len(errors), 1)
    varied = errors[upper] > 1e-9  # else no sample differs
    inverse = np.divide(1, errors[upper], out=np.zeros(varied.shape), where=varied).astype(np.float32)
    centred = [(scores - scores.mean(axis=0)).astype(np.float32) / len(scores) for scores in datasets]
    largest = []
    for start in range(0, draws, _CHUNK):
        size = min(_CHUNK, draws - start)
        deviations = np.zeros((size, len(errors)), dtype=np.float32)
        for scores in centred:
            n = len(scores)
            drawn = random.integers(0, n, size=(size, n))
            counts = np.apply_along_axis(np.bincount, 1, drawn, minlength=n).astype(np.float32)
            deviations += counts @ scores
        deviations /= len(datasets)
        largest.append(_largest(deviations, upper, inverse))
    return np.concatenate(largest)


def _largest(
    deviations: NDArray[np.float32], upper: tuple[NDArray[np.int64], NDArray[np.int64]], inverse: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return each draw's largest studentised difference, a model at a time: all pairs at once may not fit in memory."""
    m = deviations.shape[1]
    best = np.zeros(len(deviations), dtype=np.float32)
    begin = 0
    for model in range(m - 1):
        end = begin + m - 1 - model
        of_model = np.abs(deviations[:, model, None] - deviations[:, model + 1 :]) * inverse[begin:end]
        np.maximum(best, of_model.max(axis=1), out=best)
        begin = end
    return best
