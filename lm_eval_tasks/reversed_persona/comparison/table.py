"""What a comparison says, without any layout."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from reversed_persona.statistics.intervals import Interval

__all__ = ["Bounds", "Cell", "Estimate", "RankRange", "Table"]


@dataclass(frozen=True)
class Estimate:
    """A mean with lm-eval's standard error, where no interval of our own is at hand.

    Attributes:
        value: The mean.
        stderr: Its standard error; None where there is none.
    """

    value: float
    stderr: float | None


@dataclass(frozen=True)
class Bounds:
    """Between what a number lies for certain, whatever the unanswered would have been.

    Attributes:
        low: The least it can be.
        high: The most.
    """

    low: float
    high: float


@dataclass(frozen=True)
class RankRange:
    """The places that a model may have.

    Attributes:
        first: The best, from 1.
        last: The worst.
    """

    first: int
    last: int


Cell: TypeAlias = str | int | float | Interval | Estimate | Bounds | RankRange | None
"""None: not measured. It is shown as "-", never as 0."""


@dataclass(frozen=True)
class Table:
    """Rows of one kind.

    Attributes:
        name: What it is called in files: a task, or what is compared.
        title: Its heading.
        columns: Names of the columns, in order; what every column means stands in README.
        rows: One mapping a row, by column; a missing cell is None.
        notes: What has to be known to read it.
    """

    name: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Mapping[str, Cell]]
    notes: Sequence[str] = field(default=())
