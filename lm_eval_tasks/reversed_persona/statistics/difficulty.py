"""Do the wrong answers of a graded persona fall on the harder problems?

Somers' D of being wrong with respect to difficulty is P(a wrong one is harder) - P(a wrong one is easier) over pairs of
one wrong and one right question, in [-1, 1]; 0: no relation. Difficulty awareness is D of the persona minus D of the
model without one: its own mistakes fall on the harder problems anyway.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from reversed_persona.statistics.intervals import CONFIDENCE, Interval

__all__ = ["difficulty_awareness", "somers_d"]

LEAST = 20
"""Wrong and right questions that each side needs."""
DRAWS = 2_000

Values = NDArray[np.float64]


def somers_d(wrong: NDArray[np.bool_], difficulty: NDArray[np.int64]) -> float | None:
    """Return Somers' D of wrong with respect to difficulty, in [-1, 1]; None where all are wrong or all right.

    Args:
        wrong: Shape (questions,).
        difficulty: Shape (questions,), whole numbers; higher is harder.
    """
    levels = np.unique(difficulty, return_inverse=True)[1]
    counts = np.stack([np.bincount(levels, side, minlength=levels.max() + 1) for side in (~wrong, wrong)], axis=1)
    d = float(_d_of_counts(counts))
    return None if np.isnan(d) else d


def _d_of_counts(counts: NDArray[np.int64] | Values) -> Values:
    """Return D of counts of the shape (..., levels, right or wrong); nan where all are wrong or all right."""
    right, wrong = counts[..., 0], counts[..., 1]
    easier_right = np.cumsum(right, axis=-1) - right
    harder_right = right.sum(axis=-1, keepdims=True) - np.cumsum(right, axis=-1)
    above = (wrong * (easier_right - harder_right)).sum(axis=-1)
    with np.errstate(invalid="ignore"):
        d: Values = above / (right.sum(axis=-1) * wrong.sum(axis=-1))
    return d


def difficulty_awareness(
    wrong_persona: NDArray[np.bool_],
    wrong_none: NDArray[np.bool_],
    difficulty: NDArray[np.int64],
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> Interval | None:
    """Return D(persona) - D(none) with a percentile interval of a bootstrap over questions.

    It is widened by Student's t over the normal quantile, of the fewest wrong or right ones: the bootstrap alone covers
    93.9 % with 30 wrong ones.

    Args:
        wrong_persona: Shape (questions,): the questions that were right as high, and answered by both sides.
        wrong_none: The same questions, without a persona.
        difficulty: Their difficulty.
        draws: How many bootstrap samples.
        seed: Of these.

    Returns:
        None unless each side has 20 wrong and 20 right ones, and where both are wrong on the very same questions: no
        sample of these differs, and a bootstrap would be sure of 0.

    Raises:
        ValueError: The shapes differ.
    """
    if not wrong_persona.shape == wrong_none.shape == difficulty.shape:
        raise ValueError("wrong_persona, wrong_none, difficulty: got different shapes; expected the same questions")
    sides = (wrong_persona, wrong_none)
    if any(min(side.sum(), (~side).sum()) < LEAST for side in sides) or (wrong_persona == wrong_none).all():
        return None
    one, other = (somers_d(side, difficulty) for side in sides)
    levels = np.unique(difficulty, return_inverse=True)[1]
    cells = np.bincount(4 * levels + 2 * wrong_persona + wrong_none, minlength=4 * (levels.max() + 1))
    drawn = np.random.default_rng(seed).multinomial(len(levels), cells / len(levels), size=draws)
    of_cells = drawn.reshape(draws, -1, 2, 2)  # draw, level, wrong as persona, wrong without
    differences = _d_of_counts(of_cells.sum(axis=3)) - _d_of_counts(of_cells.sum(axis=2))
    low, high = np.nanquantile(differences, [(1 - CONFIDENCE) / 2, 0.5 + CONFIDENCE / 2])
    estimate = (one or 0.0) - (other or 0.0)
    fewest = min(min(side.sum(), (~side).sum()) for side in sides)
    wider = float(stats.t.ppf(0.5 + CONFIDENCE / 2, fewest - 1) / stats.norm.ppf(0.5 + CONFIDENCE / 2))
    return Interval(estimate, estimate - wider * (estimate - float(low)), estimate + wider * (float(high) - estimate))
