"""How often does each test at the level of 5 % find what is not there?"""

from itertools import product

import numpy as np
from scipy import stats
from truths import Line, Values, chances, limit_tables, percent, table_of

from reversed_persona.statistics.groups import spread
from reversed_persona.statistics.intervals import mean_and_error
from reversed_persona.statistics.paired import paired_score
from reversed_persona.statistics.tests import benjamini_hochberg, holm, skewed_score

ALPHA = 0.05
SIZES = (100, 500, 1319)
HEADS = ["test", "n", "truths", "runs", "highest rate", "3 standard errors", "at most 5"]


def line(name: str, n: int, rates: Values, runs: int | None) -> Line:
    worst = float(rates.max())
    error = 3 * (ALPHA * (1 - ALPHA) / runs) ** 0.5 if runs else 0.0
    met = worst <= ALPHA + error
    tries, margin = (f"{runs:,}", percent(error)) if runs else ("exact", "-")
    return Line([name, str(n), str(len(rates)), tries, percent(worst), margin, "yes" if met else "NO"], met)


def of_counts() -> list[Line]:
    """Enumerate the tests that see only b and c."""
    lines = []
    for n in SIZES:
        nulls = [(x / n / 2, x / n / 2) for x in np.concatenate([np.geomspace(0.1, n, 200), [n]])]
        lines += [
            line("mcnemar", n, _rates(n, table_of(n, _exact, 1.0), nulls), None),
            line("difference_p, values -1, 0, 1", n, _rates(n, table_of(n, _difference, 1.0, n), nulls), None),
        ]
        for margin in (0.03, 0.05):
            at_margin = [(margin + x, x) for x in np.concatenate([[0.0], np.geomspace(0.1 / n, (1 - margin) / 2, 100)])]
            near = table_of(n, _near, 1.0, n, margin)
            lines.append(line(f"equivalence, true difference = margin = {margin}", n, _rates(n, near, at_margin), None))
    return lines


def _rates(n: int, p_values: Values, truths: list[tuple[float, float]]) -> Values:
    rejected = p_values < ALPHA
    rates = []
    for truth in truths:
        where, chance = chances(n, *truth)
        rates.append(chance[rejected[where]].sum())
    return np.array(rates)


def _exact(b: Values, c: Values) -> Values:
    return np.where(b == c, 1.0, np.minimum(1.0, 2 * stats.binom.cdf(np.minimum(b, c), np.maximum(b + c, 1), 0.5)))


def _difference(b: Values, c: Values, n: int) -> Values:
    return 2 * stats.norm.sf(np.abs(paired_score(b, c, n, np.zeros(b.shape))))


def _near(b: Values, c: Values, n: int, margin: float) -> Values:
    above, below = (paired_score(b, c, n, np.full(b.shape, at)) for at in (-margin, margin))
    return np.maximum(stats.norm.sf(above), stats.norm.cdf(below))


def of_differences(random: np.random.Generator, runs: int = 200_000, margin: float = 0.05) -> list[Line]:
    """Simulate the tests of differences of two models' reversals, -2 to 2."""
    scores = np.arange(-2.0, 3.0)
    lines = []
    for n in SIZES:
        counts = product((0, 0.7, 2, 5, 15), (0.5, 2, 5, 10, 20))
        nulls = [np.array([far, near, n - 2 * (far + near), near, far]) / n for far, near in counts]
        nulls += [np.array([far, 0, n - 3 * far, 2 * far, 0]) / n for far in (0.5, 1, 3, 8, 20)]
        rates = []
        for truth in nulls:
            mean, error = mean_and_error(random.multinomial(n, truth, size=runs), scores)
            rates.append((2 * stats.norm.sf(np.abs(mean / error)) < ALPHA).mean())
        lines.append(line("difference_p, values -2 to 2", n, np.array(rates), runs))
        at_margin = [(spread / 4, spread / 2, spread / 2 + margin, spread / 4) for spread in (0, 0.01, 0.05, 0.2, 0.4)]
        at_margin += [(0, 0, 0.0, 0.025), (0, 0, 0.03, 0.01), (0, 0.01, 0.02, 0.02), (0.01, 0.01, 0.06, 0.01)]
        rates = []
        for a, b, c, d in at_margin:
            drawn = random.multinomial(n, np.array([a, b, 1 - a - b - c - d, c, d]), size=runs)
            above, below = (skewed_score(drawn, scores, at) for at in (-margin, margin))
            rates.append((np.maximum(stats.norm.sf(above), stats.norm.cdf(below)) < ALPHA).mean())
        name = f"equivalence, values -2 to 2, true difference = margin = {margin}"
        lines.append(line(name, n, np.array(rates), runs))
    return lines


def of_families(random: np.random.Generator, runs: int = 4_000, tests: int = 20) -> list[Line]:
    """Simulate Holm over 20 correlated null differences: how often is any of them found?"""
    lines = []
    for n in SIZES:
        found = 0
        for _ in range(runs):
            base = random.random(n) < 0.5
            models = base[:, None] ^ (random.random((n, tests)) < 0.15)
            b, c = ((models != base[:, None]) & (models == side) for side in (True, False))
            found += min(holm(_difference(b.sum(axis=0), c.sum(axis=0), n).tolist())) < ALPHA
        lines.append(line("holm, any of 20", n, np.array([found / runs]), runs))
    return lines


def of_explored(random: np.random.Generator, runs: int = 10_000, tests: int = 20, real: int = 8) -> list[Line]:
    """Simulate Benjamini and Hochberg's procedure over 20 tests, 8 of which have something to find."""
    lines = []
    for n in SIZES:
        shift = np.where(np.arange(tests) < real, 3.0, 0.0) / n**0.5
        false = 0.0
        for _ in range(runs):
            up = random.binomial(n, 0.2 + shift / 4)
            down = random.binomial(n - up, np.maximum(0.2 - shift / 4, 0) / (0.8 - shift / 4))
            found = np.array(benjamini_hochberg(_difference(up, down, n).tolist())) < ALPHA
            false += found[real:].sum() / max(1, found.sum())
        lines.append(line("benjamini_hochberg, false share of what is found", n, np.array([false / runs]), runs))
    return lines


def of_intervals(random: np.random.Generator, runs: int = 200_000) -> list[Line]:
    """Simulate the tests that go by an interval: R of two models, and a part of the questions against the rest."""
    scores, z = np.arange(-2.0, 3.0), stats.norm.ppf(1 - ALPHA / 2)
    rates = []
    for far, near in product((0, 0.7, 2, 5, 15), (0.5, 2, 5, 10, 20)):
        estimate, square = np.zeros(runs), np.zeros(runs)
        for n in (1319, 500):
            share = np.array([far, near, n - 2 * (far + near), near, far]) / n
            mean, error = mean_and_error(random.multinomial(n, share, size=runs), scores)
            estimate, square = estimate + mean / 2, square + (z * error / 2) ** 2
        rates.append((np.abs(estimate) > np.sqrt(square)).mean())
    lines = [line("interval_p, R of two models", 1819, np.array(rates), runs)]
    few = [(0.02, 0.0), (0.02, 0.02), (0.1, 0.0), (0.1, 0.1), (0.3, 0.1), (0.5, 0.0), (0.9, 0.05), (0.98, 0.0)]
    for n, part in ((500, 38), (1319, 50), (1319, 600)):
        rates = []
        for p, m in few:
            sides = []
            for size in (part, n - part):
                b, _, c = random.multinomial(size, [p, max(0.0, 1 - p - m), m], size=runs // 10).T
                low, high = (table[b, c] for table in limit_tables(size))
                sides.append(((b - c) / size, low, high))
            (one, one_low, one_high), (other, other_low, other_high) = sides
            down, up = np.hypot(one - one_low, other_high - other), np.hypot(one_high - one, other - other_low)
            rates.append(((one - other > down) | (other - one > up)).mean())
        lines.append(line(f"interval_p, {part} questions against the others", n, np.array(rates), runs // 10))
    return lines


def of_groups(random: np.random.Generator, runs: int = 2_000, draws: int = 199) -> list[Line]:
    """Simulate five groups that don't matter, on questions of different difficulty."""
    lines = []
    for n in (100, 500):
        found = 0
        for run in range(runs):
            chance = random.beta(0.5, 0.3, n)
            scores = (random.random((n, 5)) < chance[:, None]).astype(float)
            found += spread(scores, draws=draws, seed=run).p <= ALPHA
        lines.append(line("spread, 5 groups", n, np.array([found / runs]), runs))
    return lines
