"""A report -> one HTML page that works from a file and asks the network for nothing; see `pages`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from reversed_persona import __version__
from reversed_persona.comparison.layout import as_text
from reversed_persona.comparison.report import notes
from reversed_persona.comparison.report.charts import INSTALL, can_draw, draw_svg
from reversed_persona.comparison.report.data import Report
from reversed_persona.comparison.table import Bounds, Cell, Estimate, RankRange, Table, is_text, shown_columns
from reversed_persona.pages.assembly import as_data, joined, policy, printable, templates
from reversed_persona.statistics.intervals import Interval

__all__ = ["page_of", "sort_key"]

FOLDER = Path(__file__).parent
SCRIPTS = ("elements.js", "tables.js", "answers.js", "questions.js", "page.js")
STYLES = ("look.css", "page.css", "answers.css")


def page_of(report: Report) -> str:
    """Return the page."""
    script, style = joined(FOLDER, *SCRIPTS), joined(FOLDER, *STYLES)
    environment = templates(FOLDER)
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
        policy=policy(script, style),
    )
    return printable(page)


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
    parts = (table for one in report.parts for table in one.tables.values())
    return [*report.tables, *parts, report.runs, *(plot.numbers for plot in report.plots)]


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
