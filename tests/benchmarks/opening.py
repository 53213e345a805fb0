"""How soon the board's page can be used in a real browser, headless, from a file.

usable      from the start of the navigation until rows stand there and listen
sort        from a press on a heading until the next frame
filter      from a choice until the next frame
matrix      from going to the matrix until it is drawn, its files read; and a step with an arrow key in it
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median

__all__ = ["AT_MOST_S", "MATRIX_AT_MOST_S", "Opening", "open_board"]

AT_MOST_S, MATRIX_AT_MOST_S = 1.0, 1.0
ROUNDS, STEPS = 3, 20
WATCH = """new MutationObserver(() => { window.usableAt ??= performance.now(); })
    .observe(document, { subtree: true, attributeFilter: ["data-usable"] });"""
VISIT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Opening:
    """What a visitor waits for, in seconds; the median of some visits."""

    usable: float
    sort: float
    filter: float
    matrix: float
    step: float

    @property
    def held(self) -> bool:
        """Whether the page had answered a first sort and a first filter in time, and the matrix stood in time."""
        return self.usable + self.sort + self.filter <= AT_MOST_S and self.matrix <= MATRIX_AT_MOST_S


def open_board(page: Path) -> Opening | None:
    """Visit a board's page; None where no browser is here.

    Args:
        page: Its index.html, with its data beside it.
    """
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        return None
    with sync_playwright() as driver:
        found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        try:
            browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        except Error:
            return None
        visits: list[Mapping[str, float]] = []
        for _ in range(ROUNDS):
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            context.add_init_script(WATCH)
            opened = context.new_page()
            opened.goto(page.resolve().as_uri())
            opened.wait_for_selector("html[data-usable]", state="attached")
            visits.append(opened.evaluate(VISIT, STEPS))
            context.close()
        browser.close()
    return Opening(**{one.name: median(visit[one.name] for visit in visits) for one in fields(Opening)})
