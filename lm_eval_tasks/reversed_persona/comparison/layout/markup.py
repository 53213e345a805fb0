"""Tables for Markdown and LaTeX files."""

from collections.abc import Iterator, Sequence

from reversed_persona.comparison.layout.cells import all_notes, as_text, printable
from reversed_persona.comparison.table import Table

__all__ = ["as_latex", "as_markdown"]

_LATEX = str.maketrans(
    {
        "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
        "<": "$<$", ">": "$>$",
        "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}", "±": r"$\pm$",
    }
)  # fmt: skip


def as_markdown(tables: Sequence[Table]) -> str:
    """Write tables as Markdown."""

    def lines() -> Iterator[str]:
        for table in (table.for_people() for table in tables):
            yield f"### {printable(table.title)}\n"
            yield _line(table.columns)
            yield "|" + "---|" * len(table.columns)
            for row in table.rows:
                yield _line([as_text(row.get(column), column) for column in table.columns])
            yield "".join(f"\n{printable(note)}\n" for note in all_notes(table))

    return "\n".join(lines())


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(printable(cell).replace("|", r"\|") for cell in cells) + " |"


def as_latex(tables: Sequence[Table]) -> str:
    """Write tables as LaTeX."""

    def lines() -> Iterator[str]:
        for table in (table.for_people() for table in tables):
            yield f"% {printable(table.title)}"
            yield "% \\usepackage{booktabs}"
            yield "\\begin{tabular}{l" + "r" * (len(table.columns) - 1) + "}"
            yield "\\toprule"
            yield _row(table.columns)
            yield "\\midrule"
            for row in table.rows:
                yield _row([as_text(row.get(column), column) for column in table.columns])
            yield "\\bottomrule"
            yield "\\end{tabular}"
            yield from (f"% {printable(note)}" for note in all_notes(table))
            yield ""

    return "\n".join(lines())


def _row(cells: Sequence[str]) -> str:
    return " & ".join(printable(cell).translate(_LATEX) for cell in cells) + r" \\"
