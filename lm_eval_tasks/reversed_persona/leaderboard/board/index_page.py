"""The board's data -> its one HTML page, which opens the data files beside it as they are asked for; see `pages`."""

from pathlib import Path

from markupsafe import Markup

from reversed_persona import __version__
from reversed_persona.leaderboard.board.packing import Data
from reversed_persona.pages.assembly import joined, packed, policy, printable, templates

__all__ = ["page_of"]

FOLDER = Path(__file__).parent / "page"
SCRIPTS = ("elements.js",)
STYLES = ("look.css",)


def page_of(index: Data) -> str:
    """Return the page.

    Args:
        index: What `packing.index_data` gives.
    """
    script, style = joined(FOLDER, *SCRIPTS), joined(FOLDER, *STYLES)
    page = (
        templates(FOLDER)
        .get_template("index.html.jinja")
        .render(
            index=index,
            packed=packed(index),
            version=__version__,
            script=Markup(script),
            style=Markup(style),
            policy=policy(script, style, files=True),
        )
    )
    return printable(page)
