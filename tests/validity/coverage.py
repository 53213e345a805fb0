"""How often does each interval hold the truth?"""

from itertools import product

import numpy as np
from truths import Line, chances, info, limit_tables, line, percent, shares, twice

from reversed_persona.statistics.difficulty import difficulty_awareness
from reversed_persona.statistics.intervals import Interval, combined_interval, mean_and_error
from reversed_persona.statistics.suppression import suppression_limits

SIZES = (100, 500, 1319)
RUNS, AGAIN = 10_000, 200_000
SLACK = 0.0015  # three standard errors of 200,000 runs
Z = 1.959963984540054
HEADS = ["interval", "n", "truths", "runs", "lowest, info >= 10", "highest, info >= 10", "lowest of all", "met"]
DIFFICULTY_HEADS = ["slope of persona, of none, share wrong", "n", "runs", "covered", "3 standard errors", "met"]
LEAST_OF = {100: 0.92, 500: 0.94, 1319: 0.94}


def holds(low: np.ndarray, truth: float, high: np.ndarray) -> np.ndarray:
    return (low <= truth + 1e-12) & (truth - 1e-12 <= high)


def of_pairs() -> list[Line]:
    lines = []
    for n in SIZES:
        low, high = limit_tables(n)
        informed, covered = [], []
        for p, m in shares(n):
            where, chance = chances(n, p, m)
            informed.append(info(n, p, m))
            covered.append(chance[holds(low[where], p - m, high[where])].sum())
        lines.append(line(["paired_interval"], n, np.array(informed), np.array(covered), "exact"))
    return lines


def differences(n: int) -> list[np.ndarray]:
    """Return shares of -2, -1, 0, 1, 2, from rare ones to common ones."""
    counts = product((0, 1.4, 2.3, 10), (0, 2, 20), (0, 0.3, 1, 2, 6, 12, 40), (0, 1, 2, 3, 10, 20))
    kept = [pair for pair in counts if sum(pair) <= 0.9 * n] + [(0, 0, x, 0) for x in np.arange(3, 25, 0.5)]
    kept += [(0, x, x, 0) for x in np.arange(1, 13, 0.5)] + [(0, 0, 0, x) for x in np.arange(1, 25, 0.5)]
    return [np.array([a, b, n - a - b - c - d, c, d]) / n for a, b, c, d in kept]


def of_means(random: np.random.Generator) -> list[Line]:
    scores = np.arange(-2.0, 3.0)
    return [_of_mean(n, scores, differences(n), "mean_interval, differences", random, 2.0) for n in SIZES]


def of_repeats(random: np.random.Generator) -> list[Line]:
    """Means of four repeats; a share of the questions behaves unlike the others."""
    scores = np.arange(-4, 5) / 4
    lines = []
    for n in SIZES:
        truths = [
            (1 - odd) * _four_repeats(right, 0.0) + odd * _four_repeats(0.02, 0.3)
            for right, odd in product((0.02, 0.2, 0.5, 0.8, 0.97), (0.0, 0.05, 0.3))
        ]
        lines.append(_of_mean(n, scores, truths, "mean_interval, four repeats", random, 1.0))
    return lines


def _four_repeats(right: float, backward: float) -> np.ndarray:
    one = np.array([backward * (1 - right), (1 - backward) * (1 - right), right])
    total = np.ones(1)
    for _ in range(4):
        total = np.convolve(total, one)
    return total


def _of_mean(
    n: int, scores: np.ndarray, truths: list[np.ndarray], name: str, random: np.random.Generator, bound: float
) -> Line:
    def cover(place: int, runs: int) -> float:
        mean, error = mean_and_error(random.multinomial(n, truths[place], size=runs), scores, bound)
        low, high = np.maximum(mean - Z * error, -bound), np.minimum(mean + Z * error, bound)
        return float(holds(low, truths[place] @ scores, high).mean())

    informed = np.array([spread_info(n, truth, scores) for truth in truths])
    return line([name], n, informed, twice(cover, len(truths), informed, RUNS, AGAIN), f"{RUNS:,}", SLACK)


def spread_info(n: int, truth: np.ndarray, scores: np.ndarray) -> float:
    """Return how many of the largest deviations would give the variance; of those expected at least 0.1 times."""
    deviations = scores - truth @ scores
    furthest = np.abs(deviations[truth > 0.1 / n]).max()
    return float(n * (truth @ deviations**2) / furthest**2) if furthest > 0 else 0.0


def of_suppressions(random: np.random.Generator) -> list[Line]:
    """Right as high and wrong as low: unrelated, as alike as they can be, or half of each; up to both ends."""
    reversal, right = np.array([-1.0, 0, 0, 1]), np.array([0.0, 0, 1, 1])
    return [_of_suppression(n, reversal, right, random) for n in SIZES]


def _of_suppression(n: int, reversal: np.ndarray, right: np.ndarray, random: np.random.Generator) -> Line:
    few, most = [x / n for x in (0.3, 1, 2, 4, 8, 15)], [1 - x / n for x in (0.2, 1, 2, 4, 8, 13, 20, 30)]
    truths, residuals = [], []
    for acc, wrong, alike in product(
        (0.2, 0.25, 0.5, 0.8, 0.95, 0.995, 1.0), (*few, 0.1, 0.3, 0.6, 0.9, *most), (0, 0.5, 1)
    ):
        both = alike * min(acc, wrong) + (1 - alike) * acc * wrong
        shares = np.array([1 - acc - wrong + both, wrong - both, acc - both, both])
        if shares.min() > -1e-12:
            truths.append(np.maximum(shares, 0.0))
            residuals.append(reversal - (truths[-1] @ reversal) / acc * right)

    def cover(place: int, runs: int) -> float:
        truth = truths[place]
        drawn = random.multinomial(n, truth, size=runs)
        low, high = suppression_limits(drawn[drawn @ right > 0], reversal, right)
        return float(holds(low, (truth @ reversal) / (truth @ right), high).mean())

    not_wrong = [n * (truth[0] + truth[2]) for truth in truths]  # how far from suppression 1, in questions
    spreads = [spread_info(n, t, r) for t, r in zip(truths, residuals, strict=True)]
    informed = np.minimum(spreads, not_wrong)
    covered = twice(cover, len(truths), informed, RUNS, AGAIN)
    return line(["suppression_interval"], n, informed, covered, f"{RUNS:,}", SLACK)


def of_combinations(random: np.random.Generator) -> list[Line]:
    sizes = (1319, 500)
    tables = {n: limit_tables(n) for n in sizes}
    few = [(0.0, 0.0), (0.004, 0.0), (0.01, 0.01), (0.03, 0.02), (0.1, 0.0), (0.1, 0.1)]
    many = [(0.4, 0.1), (0.5, 0.4), (0.8, 0.05), (0.95, 0.03), (0.98, 0.0), (0.998, 0.001)]
    truths = list(product(few + many, repeat=2))

    def cover(place: int, runs: int) -> float:
        parts = []
        for n, (p, m) in zip(sizes, truths[place], strict=True):
            b, _, c = random.multinomial(n, [p, max(0.0, 1 - p - m), m], size=runs).T
            low, high = tables[n]
            parts.append(Interval((b - c) / n, low[b, c], high[b, c]))
        _, lows, highs = combined_interval(*parts)
        return float(holds(lows, float(np.mean([p - m for p, m in truths[place]])), highs).mean())

    informed = np.array([min(info(n, *pair) for n, pair in zip(sizes, truth, strict=True)) for truth in truths])
    covered = twice(cover, len(truths), informed, RUNS, AGAIN)
    return [line(["combined_interval, 1319 and 500"], sum(sizes), informed, covered, f"{RUNS:,}", SLACK)]


def of_difficulty(random: np.random.Generator, runs: int = 2_000, draws: int = 1_000) -> list[Line]:
    levels = np.arange(1, 6)
    slopes = [(0.0, 0.0, 0.3), (0.0, 0.5, 0.3), (0.6, 0.6, 0.3), (1.2, 0.3, 0.5), (1.2, 0.6, 0.15), (0.3, 1.0, 0.8)]
    slopes += [(0.6, 0.3, 0.0)]  # 30 wrong ones, however many questions
    lines = []
    for n, (persona, none, share) in product(SIZES, slopes):
        chance = [
            1 / (1 + np.exp(-(slope * (levels - 3) + np.log(mean / (1 - mean)))))
            for slope, mean in ((persona, share or 30 / n), (none, 0.25))
        ]
        truth = _d(chance[0]) - _d(chance[1])
        held = answered = 0
        for run in range(runs):
            level = random.integers(0, 5, n)
            wrong = [random.random(n) < side[level] for side in chance]
            found = difficulty_awareness(wrong[0], wrong[1], level, draws=draws, seed=run)
            if found is not None:
                answered += 1
                held += found.low <= truth <= found.high
        error = 3 * (0.95 * 0.05 / answered) ** 0.5
        met = held / answered >= LEAST_OF[n] - error and (n < 500 or held / answered <= 0.975 + error)
        cells = [
            f"{persona}, {none}, {share or '30 questions'}",
            str(n),
            str(answered),
            percent(held / answered),
            percent(error),
        ]
        lines.append(Line([*cells, "yes" if met else "NO"], met))
    return lines


def _d(wrong: np.ndarray) -> float:
    """Return the true D where the five levels are equally common."""
    pairs = np.outer(wrong, 1 - wrong)
    return float((np.tril(pairs, -1).sum() - np.triu(pairs, 1).sum()) / pairs.sum())
