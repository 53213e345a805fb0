"""The board's index -> one HTML page that works from a file; answers and details lie in files beside it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup

from reversed_persona.comparison.report import notes
from reversed_persona.leaderboard.board.page import texts
from reversed_persona.pages.assembly import joined, packed, policy, printable, templates

__all__ = ["board_page"]

FOLDER = Path(__file__).parent
SHARED_SCRIPTS = ("elements.js", "tables.js", "answers.js", "questions.js")
SCRIPTS = (
    *("loading.js", "entries.js", "cells.js", "columns.js", "filters.js", "addresses.js", "meanings.js", "ranking.js"),
    *("download.js", "drawing.js", "plots.js", "judge.js", "model.js", "pair.js", "matrix.js", "page.js"),
)
STYLES = ("look.css", "answers.css", "page.css")


def board_page(index: Mapping[str, Any]) -> str:
    """Return the text of index.html.

    Args:
        index: What `packing.index_data` returns.
    """
    script, style = joined(FOLDER, *SHARED_SCRIPTS, *SCRIPTS), joined(FOLDER, *STYLES)
    columns = {**notes.COLUMNS, **texts.COLUMNS, **index["columns"]}
    said = {
        "tiers": texts.TIERS,
        "prompts": texts.PROMPTS,
        "kinds": texts.KINDS,
        "unproven": texts.UNPROVEN,
        "race": notes.RACE,
        "doc": texts.DOC,
    }
    page = (
        templates(FOLDER)
        .get_template("page.html.jinja")
        .render(
            index=index,
            columns=columns,
            notes=notes,
            texts=texts,
            models=[entry for entry in index["entries"] if entry["kind"] != "reference"],
            packed=packed({**index, "columns": columns, "texts": said}),
            script=Markup(script),
            style=Markup(style),
            policy=policy(script, style, files=True),
        )
    )
    return printable(page)
