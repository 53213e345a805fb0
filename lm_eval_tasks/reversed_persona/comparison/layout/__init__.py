"""Table -> text: for the terminal, for Markdown, LaTeX and CSV files, or as JSON. No arithmetic here.

A cell that was not measured is "-", and null in JSON; it is empty in CSV. CSV and JSON hold numbers in full, and all
rows and columns; what people read may be brief.

cells       a cell -> text for people, and what signs in it mean
terminal    as wide as the terminal
markup      Markdown and LaTeX
data        CSV and JSON
"""

from collections.abc import Callable, Mapping, Sequence

from reversed_persona.comparison.layout.cells import as_text
from reversed_persona.comparison.layout.data import as_csv, as_json
from reversed_persona.comparison.layout.markup import as_latex, as_markdown
from reversed_persona.comparison.layout.terminal import for_terminal
from reversed_persona.comparison.table import Table

__all__ = ["FORMATS", "as_text"]

FORMATS: Mapping[str, Callable[[Sequence[Table]], str]] = {
    "table": for_terminal,
    "markdown": as_markdown,
    "csv": as_csv,
    "json": as_json,
    "latex": as_latex,
}
"""What tables can be written as."""
