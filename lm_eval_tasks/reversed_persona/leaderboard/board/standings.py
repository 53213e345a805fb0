"""Entries -> ranks, and the differences of all pairs. Only whole runs with the benchmark's prompts are ranked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from reversed_persona.comparison.table import RankRange
from reversed_persona.leaderboard.board.measuring import OVERALL
from reversed_persona.leaderboard.board.records import Entry
from reversed_persona.statistics.intervals import Interval
from reversed_persona.statistics.pairs import PairIntervals, combined_pairs, pair_intervals
from reversed_persona.statistics.ranks import Ranking, rank_models

__all__ = ["Pair", "Standing", "standings"]

BETTER, WORSE, NOT_SEPARATED = "+", "-", "="


@dataclass(frozen=True)
class Pair:
    """Two entries, on the same questions.

    Attributes:
        difference: The one's reversal minus the other's.
        p: Adjusted for all pairs of ranked models; None where one of the two is not ranked.
    """

    difference: Interval
    p: float | None


@dataclass(frozen=True)
class Standing:
    """The places in one table.

    Attributes:
        files: All entries that can be compared in it.
        ranked: Those of them that have a place.
        ranking: The places, in the order of `ranked`; None where nobody has one.
        pairs: The differences, in the order of `files`.
    """

    files: Sequence[str]
    ranked: Sequence[str]
    ranking: Ranking | None
    pairs: PairIntervals

    @cached_property
    def _at(self) -> Mapping[str, int]:
        return {file: at for at, file in enumerate(self.files)}

    @cached_property
    def _ranked_at(self) -> Mapping[str, int]:
        return {file: at for at, file in enumerate(self.ranked)}

    def place(self, file: str) -> RankRange | None:
        """Return the places that an entry may have; None where it is not ranked."""
        at = self._ranked_at.get(file)
        if self.ranking is None or at is None:
            return None
        return RankRange(int(self.ranking.first[at]), int(self.ranking.last[at]))

    def against(self, file: str) -> str:
        """Return one sign for each ranked entry: is this one better (+), worse (-), or not separated (=)?"""
        at = self._ranked_at.get(file)
        if self.ranking is None or at is None:
            return ""
        better = self.ranking.better
        signs = np.where(better[at], BETTER, np.where(better[:, at], WORSE, NOT_SEPARATED))
        return "".join(signs.tolist())

    def pair(self, one: str, other: str) -> Pair:
        """Return the difference of two entries."""
        ranked = [self._ranked_at.get(file) for file in (one, other)]
        p = None if self.ranking is None or None in ranked else float(self.ranking.p[tuple(ranked)])
        return Pair(self.pairs.of(self._at[one], self._at[other]), p)


def standings(entries: Sequence[Entry], core: Sequence[str], *, seed: int = 0) -> Mapping[str, Standing]:
    """Rank the entries over the core tasks, and within each task with high and low.

    Args:
        entries: All of them, reference respondents too.
        core: What R is the mean of.
        seed: Of the bootstrap.
    """
    tasks = list(dict.fromkeys(task for entry in entries for task in entry.measured.reversals))
    found: dict[str, Standing] = {}
    for view, needed in ((OVERALL, list(core)), *((task, [task]) for task in sorted(tasks))):
        complete = [entry for entry in entries if all(task in entry.measured.reversals for task in needed)]
        if complete:
            found[view] = _standing(complete, needed, seed)
    return found


def _standing(complete: Sequence[Entry], tasks: Sequence[str], seed: int) -> Standing:
    ranked = [entry for entry in complete if entry.kind == "standard"]
    return Standing(
        files=[entry.file for entry in complete],
        ranked=[entry.file for entry in ranked],
        ranking=rank_models([_beside(ranked, task) for task in tasks], seed=seed) if ranked else None,
        pairs=combined_pairs(*(pair_intervals(_beside(complete, task)) for task in tasks)),
    )


def _beside(entries: Sequence[Entry], task: str) -> NDArray[np.float64]:
    return np.stack([entry.measured.reversals[task] for entry in entries], axis=1)
