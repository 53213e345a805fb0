"""Tables as wide as the terminal.

What has no room stands below, beside the same first columns. In a narrow terminal the last columns, which are the least
important, are left out and named, and a table whose first columns alone fill half of it is one table for each value of
the first.
"""

import io
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from reversed_persona.comparison.layout.cells import all_notes, as_text, printable
from reversed_persona.comparison.table import Table, is_text, shown_columns

if TYPE_CHECKING:
    from rich.table import Table as RichTable

__all__ = ["for_terminal"]

GAP = 3  # between columns
LEAST_WIDTH, WIDTH_OF_NO_TERMINAL = 60, 200
MOST_BELOW_EACH_OTHER = 3


def for_terminal(tables: Sequence[Table]) -> str:
    """Write tables for a terminal."""
    from rich.console import Console

    width = max(shutil.get_terminal_size((WIDTH_OF_NO_TERMINAL, 24)).columns, LEAST_WIDTH)
    out = io.StringIO()
    console = Console(file=out, width=width, highlight=False, markup=False, emoji=False)
    for table in (table.for_people() for table in tables):
        left_out: dict[str, None] = {}
        for part in _by_first_key(table, width):
            dealt = list(_dealt(part, width))
            console.print(printable(part.title), soft_wrap=True)
            for columns in dealt[:MOST_BELOW_EACH_OTHER]:
                console.print(_rich_table(part, columns))
            left_out |= dict.fromkeys(column for columns in dealt[MOST_BELOW_EACH_OTHER:] for column in columns)
        for note in _said_below(table, [column for column in left_out if column not in table.columns[: table.keys]]):
            console.print(f"  {printable(note)}", soft_wrap=True)
        console.print()
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def _by_first_key(table: Table, width: int) -> list[Table]:
    """Return a table, or where its keys leave no room, one for each value of its first key."""
    wide = _widths(table)
    if table.keys < 2 or sum(wide.get(key, 0) for key in table.columns[: table.keys]) <= width // 2:
        return [table]
    first, *others = table.columns
    return [
        replace(table, title=f"{table.title}: {value}", columns=others, rows=list(rows), keys=table.keys - 1)
        for value, rows in groupby(table.rows, key=lambda row: as_text(row.get(first), first))
    ]


def _rich_table(table: Table, columns: Sequence[str]) -> "RichTable":
    from rich import box
    from rich.table import Table as RichTable

    shown = RichTable(box=box.SIMPLE_HEAD)
    for column in columns:
        words = is_text(table, column)
        shown.add_column(printable(column), justify="left" if words else "right", overflow="fold", no_wrap=not words)
    for row in table.rows:
        shown.add_row(*(as_text(row.get(column), column) for column in columns))
    return shown


def _dealt(table: Table, width: int) -> Iterator[Sequence[str]]:
    """Deal the columns out to tables that are no wider than `width`, each with those that say what a row is of."""
    wide = _widths(table)
    keys = [column for column in table.columns[: table.keys] if column in wide]
    keys_wide = min(sum(wide[key] for key in keys), 2 * width // 3)  # a longer name is folded
    beside: list[str] = []
    for column in (column for column in wide if column not in keys):
        if beside and keys_wide + sum(wide[one] for one in (*beside, column)) + 1 > width:
            yield *keys, *beside
            beside = []
        beside.append(column)
    yield *keys, *beside


def _widths(table: Table) -> dict[str, int]:
    """Return how wide each column is in which anything was measured."""
    return {
        column: GAP + max(len(column), *(len(as_text(row.get(column), column)) for row in table.rows))
        for column in shown_columns(table)
    }


def _said_below(table: Table, left_out: Sequence[str]) -> list[str]:
    """Return the notes on what is shown, and before them the names of what isn't."""
    notes = all_notes(table.with_columns([column for column in shown_columns(table) if column not in left_out]))
    if not left_out:
        return notes
    return [f"no room for {', '.join(left_out)}: --columns, a wider terminal or another --format shows them", *notes]
