"""How far a judge agrees with people: weighted kappa on pairs of responses that both have rated.

Ratings come as a CSV file, one rating a line:

    item,rater,kind,rating
    sample-1a2b/contrast_high_first,ann,human,4
    sample-1a2b/contrast_high_first,judge-7b,judge,3

Cohen's kappa (scikit-learn's) weighs a disagreement by its square ("quadratic") or its size ("linear"): 1 is full
agreement, 0 is chance, below 0 is worse than chance. A judge is held against every human on the items that both rated,
and the mean of these kappas stands for all humans; beside it stands how far the humans agree with one another, which no
judge can be expected to exceed. Kappa is undefined, and None here, where both gave one and the same rating throughout.
"""

import csv
import math
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Literal

from reversed_persona.errors import SettingsError, did_you_mean

__all__ = ["DRAWS", "Agreement", "Ratings", "agreement", "kappa", "read_ratings", "summary_lines"]

COLUMNS = ("item", "rater", "kind", "rating")
MAX_BYTES = 64 << 20
RATINGS = (1, 2, 3, 4, 5)
FEWEST_ITEMS = 2
DRAWS = 1000

Weights = Literal["quadratic", "linear"]
Given = Mapping[str, Mapping[str, int]]  # rater -> item -> rating


@dataclass(frozen=True)
class Ratings:
    """What people and judges gave.

    Attributes:
        humans: Per person, the rating of each item.
        judges: The same per judge.
    """

    humans: Given
    judges: Given

    def with_judges(self, more: Iterable[tuple[str, Mapping[str, int]]]) -> "Ratings":
        """Return these ratings and those of more judges, by name.

        Raises:
            SettingsError: A rater of this name is there already.
        """
        judges = dict(self.judges)
        for name, ratings in more:
            if name in judges or name in self.humans:
                raise SettingsError(f"judge {name!r} is there twice; expected one file for each rater")
            judges[name] = ratings
        return Ratings(self.humans, judges)


@dataclass(frozen=True)
class Agreement:
    """How far one rater agrees with others.

    Attributes:
        rater: The judge; or two people, "ann, bob".
        other: The person it is held against; "all humans" for the mean over them.
        n: Number of items that both rated; for the mean, of items that the judge and anybody rated.
        quadratic: Quadratically weighted kappa, in [-1, 1]; None where it is undefined.
        linear: Linearly weighted kappa.
        interval: 95 % percentile bootstrap interval of the quadratic one over questions; None if not computed.
    """

    rater: str
    other: str
    n: int
    quadratic: float | None
    linear: float | None
    interval: tuple[float, float] | None = None


def read_ratings(path: Path) -> Ratings:
    """Read a CSV file of ratings.

    Raises:
        SettingsError: The file can't be read, lacks a column, or a line holds something else than one rating.
    """
    humans: dict[str, dict[str, int]] = {}
    judges: dict[str, dict[str, int]] = {}
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SettingsError(f"{path}: is larger than {MAX_BYTES >> 20} MB; expected a CSV file of ratings")
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            _check_columns(path, reader.fieldnames)
            for row in reader:
                where = f"{path}: line {reader.line_num}"
                item, rater, kind, rating = _checked(where, row)
                by_rater = humans if kind == "human" else judges
                given = by_rater.setdefault(rater, {})
                if item in given:
                    raise SettingsError(f"{where}: {rater!r} rated {item!r} before; expected one rating of each item")
                given[item] = rating
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SettingsError(f"{path}: cannot be read: {error}; expected a CSV file in UTF-8") from error
    if both := sorted(humans.keys() & judges.keys()):
        raise SettingsError(f"{path}: {both[0]!r} is both human and judge; expected one kind for each rater")
    return Ratings(humans, judges)


def _check_columns(path: Path, names: Sequence[str] | None) -> None:
    got = list(names or [])
    for column in COLUMNS:
        if column not in got:
            raise SettingsError(
                f"{path}: line 1: no column {column!r} in {', '.join(map(repr, got)) or 'an empty file'}; expected "
                + ",".join(COLUMNS)
                + did_you_mean(column, got)
            )


def _checked(where: str, row: Mapping[str | None, object]) -> tuple[str, str, str, int]:
    values = {column: row.get(column) for column in COLUMNS}
    if None in row or any(not isinstance(value, str) or not value.strip() for value in values.values()):
        raise SettingsError(f"{where}: got {list(values.values())!r:.80}; expected one value in each column")
    item, rater, kind, rating = (str(value).strip() for value in values.values())
    if kind not in ("human", "judge"):
        raise SettingsError(f"{where}: kind: got {kind!r:.40}; expected human or judge")
    if rating not in tuple(map(str, RATINGS)):
        raise SettingsError(f"{where}: rating: got {rating!r:.40}; expected a whole number from 1 to 5")
    return item, rater, kind, int(rating)


def kappa(one: Sequence[int], other: Sequence[int], weights: Weights) -> float | None:
    """Return Cohen's weighted kappa of two raters' ratings of the same items; None where it is undefined.

    Raises:
        ValueError: The two are of different lengths, or empty.
    """
    from sklearn.metrics import cohen_kappa_score

    if len(one) != len(other) or not one:
        raise ValueError(f"got {len(one)} and {len(other)} ratings; expected as many of each, and some")
    if len({*one, *other}) == 1:  # chance alone would agree as fully
        return None
    found = float(cohen_kappa_score(list(one), list(other), labels=list(RATINGS), weights=weights))
    return min(1.0, max(-1.0, found))  # floats stray


def agreement(ratings: Ratings, *, draws: int = DRAWS, seed: int = 0) -> list[Agreement]:
    """Hold every judge against every human and their mean, and the humans against one another.

    Args:
        ratings: From `read_ratings`.
        draws: Number of bootstrap samples for each interval; 0 for none.
        seed: Of the bootstrap.

    Raises:
        SettingsError: There are no two raters, one of them human, who rated two items in common.
    """
    raters = len(ratings.humans) + len(ratings.judges)
    if raters < 2 or not ratings.humans:
        raise SettingsError(
            f"got ratings of {len(ratings.humans)} people and {len(ratings.judges)} judges; expected at least one "
            "person, and a judge or another person"
        )
    found = []
    for judge, given in ratings.judges.items():
        pairs = [_pair(judge, given, human, theirs) for human, theirs in ratings.humans.items()]
        known = [pair for pair in pairs if pair.n >= FEWEST_ITEMS]
        if known:
            found += [*known, _over_humans(judge, given, ratings.humans, known, draws, seed)]
    for (one, ones), (other, others) in combinations(ratings.humans.items(), 2):
        found.append(_pair(f"{one}, {other}", ones, other, others, between_humans=True))
    found = [pair for pair in found if pair.n >= FEWEST_ITEMS]
    if not found:
        raise SettingsError(f"no two raters rated {FEWEST_ITEMS} items in common; expected the same `item` for both")
    return found


def _pair(
    name: str, given: Mapping[str, int], other: str, theirs: Mapping[str, int], between_humans: bool = False
) -> Agreement:
    items = [item for item in given if item in theirs]
    one, two = [given[item] for item in items], [theirs[item] for item in items]
    quadratic, linear = (kappa(one, two, "quadratic"), kappa(one, two, "linear")) if items else (None, None)
    return Agreement(name, "each other" if between_humans else other, len(items), quadratic, linear)


def _over_humans(
    judge: str, given: Mapping[str, int], humans: Given, pairs: Sequence[Agreement], draws: int, seed: int
) -> Agreement:
    items = [item for item in given if any(item in theirs for theirs in humans.values())]
    questions: dict[str, list[str]] = {}  # both orders of a question are drawn together: they are not independent
    for item in items:
        questions.setdefault(item.partition("/")[0], []).append(item)
    of_questions = list(questions.values())
    drawn = random.Random(seed)
    means = []
    for _ in range(draws):
        sample = [item for of_one in drawn.choices(of_questions, k=len(of_questions)) for item in of_one]
        kappas = []
        for pair in pairs:
            theirs = humans[pair.other]
            shared = [item for item in sample if item in theirs]
            if shared:
                kappas.append(kappa([given[i] for i in shared], [theirs[i] for i in shared], "quadratic"))
        if (mean := _mean(kappas)) is not None:
            means.append(mean)
    return Agreement(
        judge,
        "all humans",
        len(items),
        _mean([pair.quadratic for pair in pairs]),
        _mean([pair.linear for pair in pairs]),
        _percentiles(means),
    )


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _percentiles(values: Sequence[float]) -> tuple[float, float] | None:
    if not values:
        return None
    ordered = sorted(values)
    low, high = math.floor(0.025 * len(ordered)), math.ceil(0.975 * len(ordered)) - 1
    return ordered[low], ordered[high]


def summary_lines(found: Sequence[Agreement], ratings: Ratings, *, draws: int, seed: int) -> list[str]:
    """Return the table that `reversed-persona judge-agreement` prints."""
    width = max(len("rater"), *(len(pair.rater) for pair in found)) + 2
    beside = max(len(pair.other) for pair in found) + 2
    lines = [f"{'rater':{width}}{'with':{beside}}{'n':>6}{'quadratic':>11}{'linear':>9}  95 % interval"]
    for pair in found:
        interval = f"{pair.interval[0]:.3f} to {pair.interval[1]:.3f}" if pair.interval else ""
        lines.append(
            f"{pair.rater:{width}}{pair.other:{beside}}{pair.n:>6}{_shown(pair.quadratic):>11}"
            f"{_shown(pair.linear):>9}  {interval}".rstrip()
        )
    lines.append(
        f"Weighted kappa: 1 full agreement, 0 chance. Interval: bootstrap over questions, {draws} draws, seed {seed}."
    )
    if any(pair.quadratic is None for pair in found):
        lines.append("-: undefined, since both gave one and the same rating throughout.")
    if len(ratings.humans) < 2:
        lines.append("One person only: nothing says how far people agree with one another.")
    if not ratings.judges:
        lines.append("No judge among the raters.")
    return lines


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
