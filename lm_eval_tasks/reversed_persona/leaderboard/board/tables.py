"""Entries -> the board's tables: one over the core, and one for each task.

A row is taken of one model by itself; what hangs on the other rows is added here and in `standings`.
"""

from collections.abc import Mapping, Sequence

from reversed_persona.comparison.rows import explored
from reversed_persona.comparison.table import Cell, Table
from reversed_persona.leaderboard.board.measuring import OVERALL
from reversed_persona.leaderboard.board.records import FACTS, Entry
from reversed_persona.leaderboard.board.standings import Standing

__all__ = ["board_tables", "view_columns", "view_names", "view_rows"]

_WHO = ("model", "kind", "tier", "rank")


def view_names(entries: Sequence[Entry], core: Sequence[str]) -> list[str]:
    """Return which tables there are: over the core, the core's tasks, and the others by name."""
    there = {view for entry in entries for view in entry.measured.rows}
    return [view for view in (OVERALL, *core, *sorted(there - {OVERALL, *core})) if view in there]


def view_rows(view: str, entries: Sequence[Entry]) -> dict[str, dict[str, Cell]]:
    """Return a table's rows by file; `p_bh` is adjusted over those of models, not of reference respondents."""
    there = [entry for entry in entries if view in entry.measured.rows]
    rows = {entry.file: dict(entry.measured.rows[view]) for entry in there}
    for entry in there:
        rows[entry.file].pop("p_bh", None)
    explored([rows[entry.file] for entry in there if entry.kind != "reference"])
    return rows


def view_columns(view: str, entries: Sequence[Entry]) -> list[str]:
    """Return the columns of a table in which something was measured, without the model and its place."""
    there = [entry.measured for entry in entries if view in entry.measured.rows]
    names = dict.fromkeys(name for one in there for name in one.columns[view] if name != "model")
    return [name for name in names if any(one.rows[view].get(name) is not None for one in there)]


def board_tables(entries: Sequence[Entry], standings: Mapping[str, Standing], core: Sequence[str]) -> list[Table]:
    """Return all tables with numbers in full, and beside them what is known of model and run: for files.

    Args:
        entries: All of them.
        standings: By table.
        core: What R is the mean of.
    """
    return [_table(view, entries, standings.get(view)) for view in view_names(entries, core)]


def _table(view: str, entries: Sequence[Entry], standing: Standing | None) -> Table:
    numbers, cells = view_columns(view, entries), view_rows(view, entries)
    rows: list[dict[str, Cell]] = [
        {
            **cells[entry.file],
            "model": entry.model,
            "kind": entry.kind,
            "tier": entry.tier,
            "rank": standing.place(entry.file) if standing else None,
            **{name: _said(entry.facts.get(name)) for name in FACTS},
            "submission": entry.submission or None,
        }
        for entry in entries
        if entry.file in cells
    ]
    return Table(view, view, (*_WHO, *numbers, *FACTS, "submission"), rows)


def _said(fact: str | int | bool | None) -> str | int | None:
    return {True: "yes", False: "no"}[fact] if isinstance(fact, bool) else fact
