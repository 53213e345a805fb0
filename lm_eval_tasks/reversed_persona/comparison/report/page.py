"""A report -> one HTML page that works from a file and asks the network for nothing.

Whatever a model, a problem or a results file says is text: Jinja escapes it; what the script reads is data, in which no
tag can end, and goes into the page as textContent. A Content-Security-Policy lets no other script or style run.
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reversed_persona import __version__
from reversed_persona.comparison.layout import as_text
from reversed_persona.comparison.report import notes
from reversed_persona.comparison.report.charts import INSTALL, can_draw, draw_svg, printable
from reversed_persona.comparison.report.data import Report
from reversed_persona.comparison.table import Bounds, Cell, Estimate, RankRange, Table
from reversed_persona.statistics.intervals import Interval

__all__ = ["as_data", "page_of"]

FOLDER = Path(__file__).parent
_IN_DATA = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def page_of(report: Report) -> str:
    """Return the page."""
    script, style = (_file(name) for name in ("page.js", "page.css"))
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"cell": as_text, "sort_key": sort_key, "is_text": is_text}
    page = environment.get_template("page.html.jinja").render(
        report=report,
        notes=notes,
        version=__version__,
        figures=_figures(report),
        not_drawn="" if can_draw() else INSTALL,
        columns={table.name: shown_columns(table) for table in _tables(report)},
        browser=Markup(as_data(_browser(report))),
        script=Markup(script),
        style=Markup(style),
        policy="; ".join(
            (
                *("default-src 'none'", f"script-src {_hash(script)}", f"style-src {_hash(style)}"),
                *("img-src data:", "base-uri 'none'", "form-action 'none'"),
            )
        ),
    )
    return printable(page)


def as_data(value: object) -> str:
    """Return JSON that can stand in a script element: nothing in it ends the element, or a line."""
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    for sign, escape in _IN_DATA.items():
        text = text.replace(sign, escape)
    return text


def shown_columns(table: Table) -> list[str]:
    """Return the columns in which at least one cell is measured, as in a terminal."""
    return [column for column in table.columns if any(row.get(column) is not None for row in table.rows)]


def is_text(table: Table, column: str) -> bool:
    """Return whether a column holds words alone."""
    return all(isinstance(row.get(column), str | None) for row in table.rows)


def sort_key(cell: Cell) -> str:
    """Return what a cell is sorted by: a number in full, or its text; "" where nothing was measured."""
    if isinstance(cell, Interval):
        return repr(cell.estimate)
    if isinstance(cell, Estimate):
        return repr(cell.value)
    if isinstance(cell, Bounds):
        return repr(cell.low)
    if isinstance(cell, RankRange):
        return repr(cell.first + cell.last / 1_000_000)
    return "" if cell is None else str(cell)


def _tables(report: Report) -> list[Table]:
    return [*report.tables, report.runs, *(plot.numbers for plot in report.plots)]


def _figures(report: Report) -> list[Mapping[str, Any]]:
    drawn = can_draw()
    return [{"plot": plot, "svg": Markup(draw_svg(plot)) if drawn else ""} for plot in report.plots]


def _browser(report: Report) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    return {
        "tasks": [
            {"task": one.task, "models": list(one.models), "arms": dict(one.arms), "packed": f"packed-{place}"}
            for place, one in enumerate(report.browsed)
        ]
    }


def _file(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8").strip()


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
