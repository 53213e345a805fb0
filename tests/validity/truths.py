"""Truths to try, the chances of what is counted under them, and how a line of a table is made of coverages."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from reversed_persona.statistics.paired import paired_limits

Values = NDArray[np.float64]
LEAST, MOST, LEAST_EVERYWHERE = 0.94, 0.975, 0.92
ENOUGH = 10


@dataclass
class Line:
    """A line of a table, and whether it meets its bar."""

    cells: list[str]
    met: bool


def percent(share: float) -> str:
    return f"{100 * share:.2f}"


def shares(n: int) -> list[tuple[float, float]]:
    """Return (p+, p-), p+ >= p-: a grid in the logarithm of the expected counts, finer along and next to the edges."""
    coarse = np.concatenate([[0], np.geomspace(0.02, n / 2, 40)])
    fine = np.concatenate([np.geomspace(0.02, n / 2, 300), np.arange(4.5, 13, 0.02)])
    next_to = np.geomspace(3, n / 2, 60)
    counts = [(x, y) for x in coarse for y in coarse]
    counts += [pair for y in fine for pair in ((0.0, y), (y, 0.0))]
    counts += [pair for y in next_to for x in (0.05, 0.15) for pair in ((x, y), (y, x))]
    found = {(p, m) for x, y in counts for p, m in ((x / n, y / n), (1 - (x + y) / n, y / n)) if p >= m and p + m <= 1}
    return sorted(found)


def info(n: int, p: float, m: float) -> float:
    return min(n * (p + m), n * (1 - abs(p - m)))


def chances(n: int, p: float, m: float) -> tuple[tuple[slice, slice], Values]:
    """Return the rectangle of (b, c) that holds all but 1e-9 of the chance, and the chance of each."""

    def reach(share: float) -> slice:
        width = 6 * (n * share * (1 - share)) ** 0.5 + 12
        return slice(max(0, int(n * share - width)), min(n, int(n * share + width)) + 1)

    rows, columns = reach(p), reach(m)
    b, c = np.arange(rows.start, rows.stop), np.arange(columns.start, columns.stop)
    of_c = stats.binom.pmf(c[None, :], (n - b)[:, None], min(1.0, m / (1 - p)) if p < 1 else 0.0)
    return (rows, columns), stats.binom.pmf(b, n, p)[:, None] * of_c


def table_of(n: int, function: Callable[..., Values], outside: float, *more: float) -> Values:
    """Return a function of all (b, c), shape (n + 1, n + 1)."""
    b, c = np.meshgrid(np.arange(n + 1), np.arange(n + 1), indexing="ij")
    possible = b + c <= n
    table = np.full(b.shape, outside)
    table[possible] = function(b[possible], c[possible], *more)
    return table


@cache
def limit_tables(n: int) -> tuple[Values, Values]:
    """Return the limits of `paired_interval` for all (b, c), each of the shape (n + 1, n + 1)."""
    limits: list[Values] = []

    def low(b: NDArray[np.int64], c: NDArray[np.int64]) -> Values:
        limits.extend(paired_limits(b, c, n))
        return limits[0]

    return table_of(n, low, np.nan), table_of(n, lambda b, c: limits[1], np.nan)


def line(names: list[str], n: int, informed: Values, covered: Values, tries: str, slack: float = 0.0) -> Line:
    """Judge coverages; where they are simulated, slack is what chance alone may take off."""
    enough = informed >= ENOUGH
    met = covered.min() >= LEAST_EVERYWHERE - slack
    if n >= 500:
        met &= covered[enough].min() >= LEAST - slack and covered[enough].max() <= MOST + slack
    low, high, few = (percent(x) for x in (covered[enough].min(), covered[enough].max(), covered.min()))
    cells = [*names, str(n), str(len(covered)), tries, low, high, few, "yes" if met else "NO"]
    return Line(cells, bool(met))


def twice(
    cover: Callable[[int, int], float], truths: int, informed: Values, runs: int, again: int, extremes: int = 6
) -> Values:
    """Simulate the coverage of each truth, and of the extreme ones anew: the extreme of many is so by chance."""
    covered = np.array([cover(place, runs) for place in range(truths)])
    enough = informed >= ENOUGH
    order = np.argsort(covered)
    picked = {*order[:extremes], *_first(order, enough, extremes), *_first(order[::-1], enough, extremes)}
    for place in sorted(picked):
        covered[place] = cover(int(place), again)
    return covered


def _first(order: NDArray[np.int64], enough: NDArray[np.bool_], extremes: int) -> Iterator[int]:
    return iter([int(place) for place in order if enough[place]][:extremes])
