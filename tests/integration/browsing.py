"""What the tests of pages in a real browser share: opening one while listening to it, and what contrast text has."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

BOARD_READY = "html[data-usable]"
"""What is there once the board's page can be used."""
CONTRAST = """() => {
  const channel = (v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = parts(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const node of document.querySelectorAll("body *")) {
    const says = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
    if (!says || !node.getClientRects().length || ["SCRIPT", "STYLE", "OPTION"].includes(node.tagName)) continue;
    const style = getComputedStyle(node);
    const colour = node.namespaceURI.endsWith("svg") ? style.fill : style.color;
    if (colour === "none") continue;
    const [a, b] = [light(parts(colour)), light(behind(node))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) poor.push(`${node.tagName} ${node.getAttribute("class")} ${ratio}: ${node.textContent}`);
  }
  return poor;
}"""
"""Texts that stand out too little from what is behind them (WCAG AA)."""


class Opened:
    """A page, and what it complained of or asked for.

    Attributes:
        page: Playwright's.
        url: Its address, without a fragment.
        ready: Selector of what is there once it has been drawn.
        said: Lines on its console, and errors.
        asked: Addresses that it asked for.
    """

    def __init__(self, page: Any, path: Path, ready: str) -> None:
        """Listen to a page before it is opened."""
        self.page = page
        self.ready = ready
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))
        self.url = path.as_uri()

    def go(self, fragment: str = "") -> Any:
        """Open an address of the page afresh."""
        if self.page.url != "about:blank":
            self.page.goto("about:blank")
        self.page.goto(self.url + fragment)
        self.page.wait_for_selector(self.ready, state="attached")
        return self.page

    def listed(self) -> list[str]:
        """Return the ids of the questions that are listed."""
        found = self.page.locator("#list .id").all_inner_texts()
        return [text.split()[0] for text in found]

    def chosen(self) -> str:
        """Return the id of the question that is shown."""
        return str(self.page.locator("#question h3").inner_text()).split()[0]


@contextlib.contextmanager
def opening(browser: Any, path: Path, *, ready: str, beside: Path | None = None, **options: Any) -> Iterator[Opened]:
    """Open a page; at the end it has complained of nothing and asked for nothing else.

    Args:
        browser: Playwright's.
        path: The page.
        ready: Selector of what is there once it has been drawn.
        beside: A folder whose files it may ask for too.
        options: Of the browser's context.
    """
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
    context.set_default_timeout(10_000)
    opened = Opened(context.new_page(), path, ready)
    yield opened
    assert opened.said == []
    own = {opened.url, "about:blank"}
    others = {url.partition("#")[0] for url in opened.asked} - own
    assert all(beside is not None and url.startswith((beside.as_uri() + "/", "blob:file:")) for url in others), others
    context.close()
