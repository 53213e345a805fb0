"""What a comparison says, without any layout."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from reversed_persona.errors import SettingsError, did_you_mean
from reversed_persona.statistics.intervals import Interval

__all__ = ["Bounds", "Brief", "Cell", "Estimate", "RankRange", "Table", "is_text", "only_columns", "shown_columns"]

COLUMNS_SAID = 16  # in a message


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


Row: TypeAlias = Mapping[str, Cell]


@dataclass(frozen=True)
class Brief:
    """What people are shown of a table whose rows are too many to read.

    Attributes:
        rows: Some of the table's rows.
        note: Which are left out.
    """

    rows: Sequence[Row]
    note: str


@dataclass(frozen=True)
class Table:
    """Rows of one kind.

    Attributes:
        name: What it is called in files: a task, or what is compared.
        title: Its heading.
        columns: Names of the columns, the most important first; what every column means stands in the report's notes.
        rows: One mapping a row, by column; a missing cell is None.
        notes: What has to be known to read it.
        keys: How many of the first columns say what a row is of.
        brief: What people are shown in place of all rows; None for all.
    """

    name: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Row]
    notes: Sequence[str] = field(default=())
    keys: int = 1
    brief: Brief | None = None

    def with_columns(self, columns: Sequence[str]) -> "Table":
        """Return the table with these columns alone, and without the notes on others ("column: what it is")."""
        others = tuple(f"{column}: " for column in self.columns if column not in columns)
        return replace(self, columns=columns, notes=[note for note in self.notes if not note.startswith(others)])

    def for_people(self) -> "Table":
        """Return the table as people are shown it."""
        if self.brief is None:
            return self
        return replace(self, rows=self.brief.rows, notes=[*self.notes, self.brief.note], brief=None)


def shown_columns(table: Table) -> list[str]:
    """Return the columns in which at least one cell is measured."""
    return [column for column in table.columns if any(row.get(column) is not None for row in table.rows)]


def is_text(table: Table, column: str) -> bool:
    """Return whether a column holds words alone."""
    return all(isinstance(row.get(column), str | None) for row in table.rows)


def only_columns(tables: Sequence[Table], columns: Sequence[str]) -> list[Table]:
    """Keep some columns, in the order given, behind those that say what a row is of.

    Args:
        tables: Each keeps those that it has; one that has none of them is left out.
        columns: Their names.

    Raises:
        SettingsError: No table has a column of such a name, or no name is given.
    """
    known = list(dict.fromkeys(column for table in tables for column in table.columns))
    for column in columns or [""]:
        if column not in known:
            raise SettingsError(
                f"--columns: got {column!r}; expected some of {', '.join(known[:COLUMNS_SAID])}"
                f"{' and others' if known[COLUMNS_SAID:] else ''}{did_you_mean(column, known)}"
            )
    chosen = []
    for table in tables:
        keys = table.columns[: table.keys]
        kept = [column for column in dict.fromkeys(columns) if column in table.columns and column not in keys]
        if kept:
            chosen.append(table.with_columns((*keys, *kept)))
    return chosen
