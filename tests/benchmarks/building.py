"""What `leaderboard build` costs over made-up submissions of the whole core, as a ratio to the fewest of them.

Each submission answers all of GSM8K and MATH-500 without a persona, as high and as low: 5,457 responses, every one of
which is graded again. The bars: 200 submissions in 180 s on two cores, by the clock or by the CPU time used, and a page
of 2 MB, compressed; a submission costs no more than twice what it costs among the fewest. Then the page is opened in
headless Chromium: with 200 submissions a first sort and a first filter are answered within 1 s.
"""

import gzip
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from opening import AT_MOST_S as AT_MOST_PAGE_S
from opening import Opening, open_board
from rows import Row, Sizes, cost_of

__all__ = ["names", "rows"]

CORES, LINEAR = 2, 2.0
BAR_MODELS, AT_MOST_S, AT_MOST_MB = 200, 180.0, 2.0
RESPONSES = 5_457


def names(sizes: Sizes) -> list[str]:
    """Return the names of the rows, in their order."""
    return [name for count in sorted(sizes.models) for name in (_name(count), _page_name(count))]


def rows(sizes: Sizes) -> Iterator[Row]:
    """Build ever larger boards."""
    from board import write_submissions

    problems_dir = os.environ["REVERSED_PERSONA_PROBLEMS"]
    first = 0.0
    for count in sorted(sizes.models):
        with tempfile.TemporaryDirectory() as name:
            board = Path(name) / "board"
            write_submissions(board, problems_dir, count)
            arguments = ("--board", board, "--problems_dir", problems_dir, "--processes", CORES)
            cost = cost_of("leaderboard", "build", *arguments)
            page_mb = len(gzip.compress((board / "site" / "index.html").read_bytes(), 6)) / 1e6
            opened = open_board(board / "site" / "index.html")
        first = first or cost.cpu_s / count
        ratio = cost.cpu_s / count / first
        bar, held = f"a model no more than {LINEAR:.0f} x", ratio <= LINEAR
        if count == BAR_MODELS:
            bar = f"{bar}, {AT_MOST_S:.0f} s, {AT_MOST_MB:.0f} MB"
            held = held and min(cost.seconds, cost.cpu_s / CORES) <= AT_MOST_S and page_mb <= AT_MOST_MB
        here = f"{cost}, page {page_mb:.2f} MB compressed"
        yield Row(_name(count), f"{count * RESPONSES:,} responses", here, "a model of the fewest", ratio, bar, held)
        yield _page_row(count, opened)


def _page_row(count: int, opened: Opening | None) -> Row:
    """Return what a visitor waits for."""
    if opened is None:
        return Row(_page_name(count), f"{count} rows", "not measured: no browser here")
    here = (
        f"usable {opened.usable:.2f} s, sort {opened.sort:.2f} s, filter {opened.filter:.2f} s "
        f"({opened.cpu:.2f} CPU s), matrix {opened.matrix:.2f} s"
    )
    bar = (f"{AT_MOST_PAGE_S:.0f} s to a sort and a filter", opened.held) if count == BAR_MODELS else ("-", True)
    return Row(_page_name(count), f"{count} rows", here, "-", None, *bar)


def _page_name(count: int) -> str:
    return f"leaderboard page, {count} models"


def _name(count: int) -> str:
    return f"leaderboard build, {count} models"
