"""Do the rank ranges of 20 models hold all true ranks at once?"""

import numpy as np
from truths import Line, percent

from reversed_persona.statistics.ranks import rank_models

HEADS = ["models", "runs", "bootstrap draws", "all true ranks held", "3 standard errors", "at least 95"]
MODELS = 20
SIZES = (1319, 500)


def of_models(random: np.random.Generator, draws: int = 1_000) -> list[Line]:
    lines = []
    for name, step, runs in (("equal", 0.0, 2_000), ("0.1 SE apart", 0.1, 1_000), ("1 SE apart", 1.0, 500)):
        held = sum(_held(random, step, draws, run) for run in range(runs)) / runs
        error = 3 * (0.95 * 0.05 / runs) ** 0.5
        met = held >= 0.95 - error
        cells = [f"{MODELS}, {name}", f"{runs:,}", f"{draws:,}", percent(held), percent(error), "yes" if met else "NO"]
        lines.append(Line(cells, met))
    return lines


def _held(random: np.random.Generator, step: float, draws: int, seed: int) -> bool:
    error = sum(0.43 / n for n in SIZES) ** 0.5 / len(SIZES)  # of one model's R; a value's variance is about 0.43
    shift = step * error * np.arange(MODELS) / 2  # half of it as high, half of it as low
    datasets = []
    for n in SIZES:
        hard = random.uniform(0.0, 0.6, (n, 1))  # the questions are hard for all models alike
        right = random.random((n, MODELS)) < 0.2 + hard + shift
        wrong = random.random((n, MODELS)) < 0.2 + hard + shift
        datasets.append(right + wrong - 1.0)
    ranking = rank_models(datasets, draws=draws, seed=seed)
    if step == 0.0:
        return not ranking.better.any()  # all share all places
    places = MODELS - np.arange(MODELS)
    return bool(((ranking.first <= places) & (places <= ranking.last)).all())
