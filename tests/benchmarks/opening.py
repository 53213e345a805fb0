"""How soon the board's page can be used in a real browser, headless, from a file.

usable      from the start of the navigation until rows stand there and listen
sort        from a press on a heading until the next frame
filter      from a choice until the next frame
cpu         what all of these take the page's main thread of CPU time
matrix      from going to the matrix until it is drawn, its files read
step        one step with an arrow key in it
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median
from typing import Any

__all__ = ["AT_MOST_S", "Opening", "open_board"]

AT_MOST_S = 1.0
VISITS = 3
WATCH = """new MutationObserver(() => { window.usableAt ??= performance.now(); })
    .observe(document, { subtree: true, attributeFilter: ["data-usable"] });"""
ACT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Opening:
    """What a visitor waits for, in seconds; the median of some visits."""

    usable: float
    sort: float
    filter: float
    cpu: float
    matrix: float
    step: float

    @property
    def held(self) -> bool:
        """Whether the page had answered a first sort and a first filter in time, by the clock or by CPU time."""
        return min(self.usable + self.sort + self.filter, self.cpu) <= AT_MOST_S


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
        visits = [_visit(browser, page.resolve().as_uri()) for _ in range(VISITS)]
        browser.close()
    return Opening(**{one.name: median(visit[one.name] for visit in visits) for one in fields(Opening)})


def _visit(browser: Any, address: str) -> Mapping[str, float]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(WATCH)
    opened = context.new_page()
    inside = context.new_cdp_session(opened)
    inside.send("Performance.enable", {"timeDomain": "threadTicks"})
    opened.goto(address)
    opened.wait_for_selector("html[data-usable]", state="attached")
    found = dict(opened.evaluate(ACT, "ranking"))
    metrics = inside.send("Performance.getMetrics")["metrics"]
    found["cpu"] = next(one["value"] for one in metrics if one["name"] == "TaskDuration")
    found |= opened.evaluate(ACT, "matrix")
    context.close()
    return found
