"""Before a run: how wide will the interval be, how small a difference between two models can be seen?

Simulated: for assumed accuracies as high and as low, and a correlation between models that comes from the questions
being hard or easy for both. Of several problem sets it is the mean over them that is planned.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from reversed_persona.statistics.intervals import CONFIDENCE, mean_and_error
from reversed_persona.statistics.paired import paired_limits

__all__ = ["Assumed", "Plan", "plan_power"]

POWER = 0.8
RUNS = 2_000
MOST = 1_000_000  # questions, and runs
_BISECTIONS = 12
_SCORES = np.array([-1.0, 0.0, 1.0])

Shares = NDArray[np.float64]
"""Of the scores -1, 0 and 1; they add up to 1."""


@dataclass(frozen=True)
class Assumed:
    """A problem set, and how a model fares on it.

    Attributes:
        n: Number of questions, from 2 to 1,000,000.
        acc_high: Accuracy as high, in [0, 1].
        wrong_low: Share of wrong answers as low, in [0, 1].
    """

    n: int
    acc_high: float
    wrong_low: float

    @property
    def reversal(self) -> float:
        """The true reversal, in [-1, 1]."""
        return self.acc_high + self.wrong_low - 1

    @property
    def shares(self) -> Shares:
        """Of the scores, the arms being independent."""
        better, worse = self.acc_high * self.wrong_low, (1 - self.acc_high) * (1 - self.wrong_low)
        return np.array([worse, max(0.0, 1 - better - worse), better])


@dataclass(frozen=True)
class Plan:
    """What runs of so many questions can tell.

    Attributes:
        n: Number of questions, of all problem sets together.
        reversal: The assumed true reversal.
        width: Mean width of its 95 % interval.
        covered: Share of the simulated intervals that hold the truth.
        smallest_difference: Smallest true difference of two models' reversals, the same in each problem set, that is
            found with a power of 80 %; None where even the largest possible one isn't.
        runs: How many runs were simulated.
        seed: Of these.
    """

    n: int
    reversal: float
    width: float
    covered: float
    smallest_difference: float | None
    runs: int
    seed: int


def plan_power(sets: Sequence[Assumed], *, shared: float = 0.0, runs: int = RUNS, seed: int = 0) -> Plan:
    """Simulate runs on one problem set, or on several whose mean reversal counts.

    Args:
        sets: The problem sets.
        shared: Share of the questions, in [0, 1), on which two models fare alike, because the question is hard or easy
            for both; 0: unrelated, which asks for the largest difference.
        runs: How many runs are simulated.
        seed: Of these.

    Raises:
        ValueError: A number is out of its range, or there is no problem set.
    """
    for name, value in ((name, getattr(one, name)) for one in sets for name in ("acc_high", "wrong_low")):
        if not 0 <= value <= 1:
            raise ValueError(f"{name}: got {value!r}; expected a number from 0 to 1")
    if not sets or not all(2 <= one.n <= MOST for one in sets) or not 1 <= runs <= MOST or not 0 <= shared < 1:
        got = f"{', '.join(str(one.n) for one in sets) or 'none'}; {runs}; {shared}"
        raise ValueError(
            f"n; runs; shared: got {got}; expected n from 2, runs from 1, both to {MOST:,}, and 0 <= shared < 1"
        )
    random = np.random.default_rng(seed)
    truth = sum(one.reversal for one in sets) / len(sets)
    low, high = _limits(sets, runs, random)
    covered = float(((low <= truth + 1e-12) & (truth - 1e-12 <= high)).mean())
    smallest = _smallest_difference(sets, shared, runs, random)
    return Plan(sum(one.n for one in sets), truth, float((high - low).mean()), covered, smallest, runs, seed)


def _limits(sets: Sequence[Assumed], runs: int, random: np.random.Generator) -> tuple[Shares, Shares]:
    """Return the limits of simulated runs: of the mean over problem sets by MOVER, as `combined_interval`."""
    estimate, down, up = (np.zeros(runs) for _ in range(3))
    for one in sets:
        drawn = random.multinomial(one.n, one.shares, size=runs)
        of_set = (drawn[:, 2] - drawn[:, 0]) / one.n
        low, high = paired_limits(drawn[:, 2], drawn[:, 0], one.n)
        estimate, down, up = estimate + of_set, down + (of_set - low) ** 2, up + (high - of_set) ** 2
    return (estimate - np.sqrt(down)) / len(sets), (estimate + np.sqrt(up)) / len(sets)


def _smallest_difference(
    sets: Sequence[Assumed], shared: float, runs: int, random: np.random.Generator
) -> float | None:
    """Find by bisection the difference that a test of two models' reversals finds with the wanted power."""
    rooms = {towards: min(1 - towards * one.reversal for one in sets) for towards in (-1.0, 1.0)}
    towards = max(rooms, key=lambda one: rooms[one])
    near, far = 0.0, rooms[towards]
    if _power(sets, towards * far, shared, runs, random) < POWER:
        return None
    for _ in range(_BISECTIONS):
        middle = (near + far) / 2
        if _power(sets, towards * middle, shared, runs, random) < POWER:
            near = middle
        else:
            far = middle
    return far


def _moved(shares: Shares, difference: float) -> Shares:
    """Return the shares of a model whose reversal differs: questions move to the far end, the nearest first."""
    if difference < 0:
        return _moved(shares[::-1], -difference)[::-1]
    worse, same, better = shares
    from_same = min(same, difference)
    from_worse = min(worse, (difference - from_same) / 2)
    return np.array([worse - from_worse, same - from_same, better + from_same + from_worse])


def _power(sets: Sequence[Assumed], difference: float, shared: float, runs: int, random: np.random.Generator) -> float:
    """Return how often a difference of two models is found: the interval of its mean over the sets leaves 0 out."""
    differences = (_SCORES[None, :] - _SCORES[:, None]).ravel()
    found, square = np.zeros(runs), np.zeros(runs)
    for of_set in sets:
        one, other = of_set.shares, _moved(of_set.shares, difference)
        joint = (1 - shared) * np.outer(one, other) + shared * _alike(one, other)
        mean, error = mean_and_error(random.multinomial(of_set.n, joint.ravel() / joint.sum(), size=runs), differences)
        found, square = found + mean, square + error**2
    return float((np.abs(found) > stats.norm.ppf(0.5 + CONFIDENCE / 2) * np.sqrt(square)).mean())


def _alike(one: Shares, other: Shares) -> NDArray[np.float64]:
    """Return the joint shares of two models that find the same questions hard."""
    rows, columns = np.concatenate([[0.0], np.cumsum(one)]), np.concatenate([[0.0], np.cumsum(other)])
    ends = np.minimum(rows[1:, None], columns[None, 1:])
    starts = np.maximum(rows[:-1, None], columns[None, :-1])
    joint: NDArray[np.float64] = np.maximum(ends - starts, 0.0)
    return joint
