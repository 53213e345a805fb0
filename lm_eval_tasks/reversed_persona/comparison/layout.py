"""Table -> text: for the terminal, for Markdown, LaTeX and CSV files, or as JSON. No arithmetic here.

A cell that was not measured is "-", and null in JSON; it is empty in CSV. CSV and JSON hold numbers in full.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from reversed_persona.comparison.table import Bounds, Cell, Estimate, RankRange, Table
from reversed_persona.statistics.intervals import Interval

if TYPE_CHECKING:
    from rich.table import Table as RichTable

__all__ = ["FORMATS", "as_text"]

MISSING = "-"
GAP = 3  # between columns in a terminal
_LATEX = str.maketrans(
    {
        "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
        "<": "$<$", ">": "$>$",
        "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}", "±": r"$\pm$",
    }
)  # fmt: skip


def as_text(cell: Cell, column: str = "") -> str:
    """Write a cell for people."""
    if cell is None:
        return MISSING
    if isinstance(cell, Interval):
        return f"{cell.estimate:.3f} [{cell.low:.3f}, {cell.high:.3f}]"
    if isinstance(cell, Estimate):
        return f"{cell.value:.3f}" + (f" ± {cell.stderr:.3f}" if cell.stderr is not None else "")
    if isinstance(cell, Bounds):
        return f"{cell.low:.3f} to {cell.high:.3f}"
    if isinstance(cell, RankRange):
        return str(cell.first) if cell.first == cell.last else f"{cell.first}-{cell.last}"
    if isinstance(cell, float):
        if column in ("p", "p_holm", "p_bh"):
            return "<0.001" if cell < 0.001 else f"{cell:.3f}"
        return f"{cell:.3f}"
    return _printable(str(cell))


def _printable(text: str) -> str:
    """Return a text without signs that steer a terminal or end a line: a model's name may hold any."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _notes(table: Table) -> list[str]:
    """Return a table's notes, and before them what its brackets and signs mean."""
    cells = [cell for row in table.rows for cell in row.values()]
    says = {Interval: "[low, high]: 95 % interval", Estimate: "±: lm-eval's standard error"}
    return [*(said for kind, said in says.items() if any(isinstance(cell, kind) for cell in cells)), *table.notes]


def _terminal(tables: Sequence[Table]) -> str:
    """Write tables as wide as the terminal; what has no room stands below, beside the same first column."""
    from rich.console import Console

    console = Console(file=io.StringIO(), width=_terminal_width(), highlight=False, markup=False, emoji=False)
    for table in tables:
        columns = [column for column in table.columns if any(row.get(column) is not None for row in table.rows)]
        for place, beside in enumerate(_fitting(table, columns, console.width)):
            console.print(_rich_table(table, beside, _printable(table.title) if place == 0 else None))
        for note in _notes(table):
            console.print(f"  {_printable(note)}", soft_wrap=True)
        console.print()
    out = console.file
    assert isinstance(out, io.StringIO)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def _rich_table(table: Table, columns: Sequence[str], title: str | None) -> "RichTable":
    from rich import box
    from rich.table import Table as RichTable

    shown = RichTable(title=title, box=box.SIMPLE_HEAD, title_justify="left", title_style="bold")
    for column in columns:
        is_text = all(isinstance(row.get(column), str | None) for row in table.rows)
        shown.add_column(column, justify="left" if is_text else "right", overflow="fold", no_wrap=not is_text)
    for row in table.rows:
        shown.add_row(*(as_text(row.get(column), column) for column in columns))
    return shown


def _fitting(table: Table, columns: Sequence[str], width: int) -> Iterator[Sequence[str]]:
    """Deal the columns out to tables that are no wider than `width`, each with the first column."""
    wide = {
        column: GAP + max(len(column), *(len(as_text(row.get(column), column)) for row in table.rows))
        for column in columns
    }
    first, *others = columns
    first_wide = min(wide[first], width // 2)  # a longer name is folded
    beside: list[str] = []
    for column in others:
        if beside and first_wide + sum(wide[one] for one in (*beside, column)) + 1 > width:
            yield first, *beside
            beside = []
        beside.append(column)
    yield first, *beside


def _terminal_width() -> int:
    import shutil

    return max(shutil.get_terminal_size((200, 24)).columns, 60)


def _markdown(tables: Sequence[Table]) -> str:
    def lines() -> Iterator[str]:
        for table in tables:
            yield f"### {_printable(table.title)}\n"
            yield "| " + " | ".join(table.columns) + " |"
            yield "|" + "---|" * len(table.columns)
            for row in table.rows:
                cells = (as_text(row.get(column), column) for column in table.columns)
                yield "| " + " | ".join(cell.replace("|", r"\|").replace("\n", " ") for cell in cells) + " |"
            yield "".join(f"\n{_printable(note)}\n" for note in _notes(table))

    return "\n".join(lines())


def _latex(tables: Sequence[Table]) -> str:
    def lines() -> Iterator[str]:
        for table in tables:
            yield f"% {_printable(table.title)}"
            yield "% \\usepackage{booktabs}"
            yield "\\begin{tabular}{l" + "r" * (len(table.columns) - 1) + "}"
            yield "\\toprule"
            yield " & ".join(column.translate(_LATEX) for column in table.columns) + r" \\"
            yield "\\midrule"
            for row in table.rows:
                yield (
                    " & ".join(as_text(row.get(column), column).translate(_LATEX) for column in table.columns) + r" \\"
                )
            yield "\\bottomrule"
            yield "\\end{tabular}"
            yield from (f"% {_printable(note)}" for note in _notes(table))
            yield ""

    return "\n".join(lines())


def _csv(tables: Sequence[Table]) -> str:
    """Write all tables as one: a column `table` tells them apart, and an interval takes three columns."""
    rows = [{"table": table.name, **_flat(table, row)} for table in tables for row in table.rows]
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(key for row in rows for key in row)), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _flat(table: Table, row: Mapping[str, Cell]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for column in table.columns:
        cell = row.get(column)
        if isinstance(cell, Interval):
            flat |= {column: cell.estimate, f"{column}_low": cell.low, f"{column}_high": cell.high}
        elif isinstance(cell, Estimate):
            flat |= {column: cell.value, f"{column}_stderr": cell.stderr}
        elif isinstance(cell, Bounds):
            flat |= {f"{column}_least": cell.low, f"{column}_most": cell.high}
        elif isinstance(cell, RankRange):
            flat |= {f"{column}_first": cell.first, f"{column}_last": cell.last}
        elif isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
            flat[column] = f"'{cell}"  # a spreadsheet would run it
        else:
            flat[column] = cell
    return flat


def _json(tables: Sequence[Table]) -> str:
    def value(cell: Cell) -> Any:
        if isinstance(cell, Interval):
            return {"estimate": cell.estimate, "low": cell.low, "high": cell.high}
        if isinstance(cell, Estimate):
            return {"value": cell.value, "stderr": cell.stderr}
        if isinstance(cell, Bounds):
            return {"least": cell.low, "most": cell.high}
        if isinstance(cell, RankRange):
            return {"first": cell.first, "last": cell.last}
        return cell

    found = [
        {
            "name": table.name,
            "rows": [{column: value(row.get(column)) for column in table.columns} for row in table.rows],
            "notes": _notes(table),
        }
        for table in tables
    ]
    return json.dumps({"tables": found}, indent=2, allow_nan=False)


FORMATS: Mapping[str, Callable[[Sequence[Table]], str]] = {
    "table": _terminal,
    "markdown": _markdown,
    "csv": _csv,
    "json": _json,
    "latex": _latex,
}
"""What tables can be written as."""
