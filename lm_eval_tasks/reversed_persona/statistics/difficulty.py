"""Do the wrong answers of a graded persona fall on the harder problems?

Somers' D of being wrong with respect to difficulty is P(a wrong one is harder) - P(a wrong one is easier) over pairs of
one wrong and one right question, in [-1, 1]; 0: no relation. Difficulty awareness is D of the persona minus D of the
model without one: its own mistakes fall on the harder problems anyway.
"""

import numpy as np
from numpy.typing import NDArray

from reversed_persona.statistics.intervals import CONFIDENCE, Interval

__all__ = ["difficulty_awareness", "somers_d"]

LEAST = 20
"""Wrong and right questions that each side needs."""
DRAWS = 2_000

Values = NDArray[np.float64]


def somers_d(wrong: NDArray[np.bool_], difficulty: NDArray[np.int64], weights: Values | None = None) -> float | None:
    """Return Somers' D of wrong with respect to difficulty, in [-1, 1]; None where all are wrong or all right.

    Args:
        wrong: Shape (questions,).
        difficulty: Shape (questions,), whole numbers; higher is harder.
        weights: How often each question counts; once if left out.
    """
    counts = np.ones(len(wrong)) if weights is None else weights
    levels = np.unique(difficulty, return_inverse=True)[1]
    n_wrong = np.bincount(levels, counts * wrong)
    n_right = np.bincount(levels, counts * ~wrong)
    pairs = n_wrong.sum() * n_right.sum()
    if pairs == 0:
        return None
    easier_right = np.concatenate([[0.0], np.cumsum(n_right)[:-1]])
    harder_right = n_right.sum() - np.cumsum(n_right)
    return float((n_wrong * (easier_right - harder_right)).sum() / pairs)


def difficulty_awareness(
    wrong_persona: NDArray[np.bool_],
    wrong_none: NDArray[np.bool_],
    difficulty: NDArray[np.int64],
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> Interval | None:
    """Return D(persona) - D(none) with a percentile interval of a bootstrap over questions.

    Args:
        wrong_persona: Shape (questions,): the questions that were right as high, and answered by both sides.
        wrong_none: The same questions, without a persona.
        difficulty: Their difficulty.
        draws: How many bootstrap samples.
        seed: Of these.

    Returns:
        None unless each side has 20 wrong and 20 right ones.

    Raises:
        ValueError: The shapes differ.
    """
    if not wrong_persona.shape == wrong_none.shape == difficulty.shape:
        raise ValueError("wrong_persona, wrong_none, difficulty: got different shapes; expected the same questions")
    sides = (wrong_persona, wrong_none)
    if any(min(side.sum(), (~side).sum()) < LEAST for side in sides):
        return None
    one, other = (somers_d(side, difficulty) for side in sides)
    random = np.random.default_rng(seed)
    n = len(difficulty)
    drawn = []
    for _ in range(draws):
        weights = np.bincount(random.integers(0, n, n), minlength=n).astype(np.float64)
        pair = [somers_d(side, difficulty, weights) for side in sides]
        if pair[0] is not None and pair[1] is not None:
            drawn.append(pair[0] - pair[1])
    low, high = np.quantile(drawn, [(1 - CONFIDENCE) / 2, 0.5 + CONFIDENCE / 2])
    return Interval((one or 0.0) - (other or 0.0), float(low), float(high))
