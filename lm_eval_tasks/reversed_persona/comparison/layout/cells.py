"""A cell -> text for people, and what its brackets and signs mean."""

from reversed_persona.comparison.table import Bounds, Cell, Estimate, RankRange, Table
from reversed_persona.statistics.intervals import Interval

__all__ = ["all_notes", "as_text", "printable"]

MISSING = "-"


def as_text(cell: Cell, column: str = "") -> str:
    """Write a cell for people."""
    if cell is None:
        return MISSING
    if isinstance(cell, Interval):
        return f"{_number(cell.estimate)} [{_number(cell.low)}, {_number(cell.high)}]"
    if isinstance(cell, Estimate):
        return _number(cell.value) + (f" ± {_number(cell.stderr)}" if cell.stderr is not None else "")
    if isinstance(cell, Bounds):
        low, high = _number(cell.low), _number(cell.high)
        return low if low == high else f"{low} to {high}"
    if isinstance(cell, RankRange):
        return str(cell.first) if cell.first == cell.last else f"{cell.first}-{cell.last}"
    if isinstance(cell, float):
        if column in ("p", "p_holm", "p_bh"):
            return "<0.001" if cell < 0.001 else _number(cell)
        return _number(cell)
    return printable(str(cell))


def _number(value: float) -> str:
    return f"{round(value, 3) + 0.0:.3f}"  # no "-0.000"


def printable(text: str) -> str:
    """Return a text without signs that steer a terminal or end a line: a model's name may hold any."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def all_notes(table: Table) -> list[str]:
    """Return a table's notes, and before them what its brackets and signs mean."""
    cells = [row.get(column) for row in table.rows for column in table.columns]
    says = {Interval: "[low, high]: 95 % interval", Estimate: "±: lm-eval's standard error"}
    return [*(said for kind, said in says.items() if any(isinstance(cell, kind) for cell in cells)), *table.notes]
