"""Tables for programs: CSV and JSON, with all rows and numbers in full."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from reversed_persona.comparison.layout.cells import all_notes
from reversed_persona.comparison.table import Bounds, Cell, Estimate, RankRange, Table
from reversed_persona.statistics.intervals import Interval

__all__ = ["as_csv", "as_json"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(tables: Sequence[Table]) -> str:
    """Write all tables as one: a column `table` tells them apart, and an interval takes three columns."""
    columns = ["table"]
    rows: list[dict[str, Any]] = []
    for table in tables:
        for column in table.columns:  # of an interval all three, also where the first row has none
            cells = [cell for row in table.rows if (cell := row.get(column)) is not None]
            columns += [name for cell in cells for name in _flat_cell(column, cell)] or [column]
        rows += [{"table": table.name, **_flat(table, row)} for row in table.rows]
    columns = list(dict.fromkeys(columns))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([_no_formula(column) for column in columns])
    writer.writerows([_no_formula(row.get(column)) for column in columns] for row in rows)
    return out.getvalue()


def _no_formula(cell: Any) -> Any:
    """Quote a text that a spreadsheet would run."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _flat(table: Table, row: Mapping[str, Cell]) -> dict[str, Any]:
    return {name: value for column in table.columns for name, value in _flat_cell(column, row.get(column)).items()}


def _flat_cell(column: str, cell: Cell) -> dict[str, Any]:
    if isinstance(cell, Interval):
        return {column: cell.estimate, f"{column}_low": cell.low, f"{column}_high": cell.high}
    if isinstance(cell, Estimate):
        return {column: cell.value, f"{column}_stderr": cell.stderr}
    if isinstance(cell, Bounds):
        return {f"{column}_least": cell.low, f"{column}_most": cell.high}
    if isinstance(cell, RankRange):
        return {f"{column}_first": cell.first, f"{column}_last": cell.last}
    return {column: cell}


def as_json(tables: Sequence[Table]) -> str:
    """Write tables as one JSON object."""
    found = [
        {
            "name": table.name,
            "rows": [{column: _value(row.get(column)) for column in table.columns} for row in table.rows],
            "notes": all_notes(table),
        }
        for table in tables
    ]
    return json.dumps({"tables": found}, indent=2, allow_nan=False)


def _value(cell: Cell) -> Any:
    if isinstance(cell, Interval):
        return {"estimate": cell.estimate, "low": cell.low, "high": cell.high}
    if isinstance(cell, Estimate):
        return {"value": cell.value, "stderr": cell.stderr}
    if isinstance(cell, Bounds):
        return {"least": cell.low, "most": cell.high}
    if isinstance(cell, RankRange):
        return {"first": cell.first, "last": cell.last}
    return cell
