"""Graded targets: does the share of right answers follow what the persona promises?"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["TARGETS", "beyond_ability", "calibration_error", "net_order", "noise_floor", "pairs_apart", "slope"]

TARGETS: Mapping[str, float] = {"graded_20": 0.2, "graded_40": 0.4, "graded_60": 0.6, "graded_80": 0.8}
"""The graded personas and the accuracy that each promises."""

Values = NDArray[np.float64]


def slope(correct: Mapping[str, Values]) -> Values:
    """Return each question's least-squares slope of right answers over targets: 1 on average is ideal, 0 is blind.

    Args:
        correct: Per graded persona, shape (questions,).

    Raises:
        KeyError: A target is missing.
    """
    weights = [(target - 0.5) / 0.2 for target in TARGETS.values()]  # -1.5, -0.5, 0.5, 1.5: steps of one target
    slopes: Values = np.sum([weight * correct[name] for name, weight in zip(TARGETS, weights, strict=True)], axis=0)
    return slopes


def net_order(correct: Mapping[str, Values]) -> Values:
    """Return (pairs of targets in rising order - pairs in falling order) / 6 per question; 0 is blind.

    Args:
        correct: Per graded persona, shape (questions,).

    Raises:
        KeyError: A target is missing.
    """
    order: Values = _signs(correct).mean(axis=0)
    return order


def pairs_apart(correct: Mapping[str, Values]) -> Values:
    """Return the share of pairs of targets that rise or fall per question: what net_order is made of.

    Args:
        correct: Per graded persona, shape (questions,).

    Raises:
        KeyError: A target is missing.
    """
    apart: Values = np.abs(_signs(correct)).mean(axis=0)
    return apart


def _signs(correct: Mapping[str, Values]) -> Values:
    columns = [correct[name] for name in TARGETS]
    return np.array([np.sign(high - low) for place, low in enumerate(columns) for high in columns[place + 1 :]])


def calibration_error(accuracies: Mapping[str, float]) -> float:
    """Return the mean distance of the accuracies from their targets, 0 (on target) to 1.

    An aggregate: for a respondent that is on target it is not 0 but about `noise_floor`.

    Args:
        accuracies: Per graded persona.

    Raises:
        KeyError: A target is missing.
    """
    return float(np.mean([abs(accuracies[name] - target) for name, target in TARGETS.items()]))


def noise_floor(n: int) -> float:
    """Return the calibration_error to expect of a respondent on target: 0.010 with 1319 questions, 0.016 with 500.

    Args:
        n: Number of questions, with one response each.
    """
    return float(np.mean([(2 * target * (1 - target) / (np.pi * n)) ** 0.5 for target in TARGETS.values()]))


def beyond_ability(acc_none: float) -> Sequence[str]:
    """Return the targets that ask for more than the model can do without a persona."""
    return [name for name, target in TARGETS.items() if target > acc_none]
