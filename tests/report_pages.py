"""A report's page, read as a browser would, and texts that try to be more than text on it."""

import base64
import json
import zlib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from reversed_persona.cli import main
from reversed_persona.comparison.report import charts
from run_files import row

HOSTILE = "</script><script>alert(1)</script></textarea><img src=x onerror=alert(2)>&amp; $\\frac{1}{2}$ 🎓 \u2028"
NAME = HOSTILE.replace("/", "")  # of what looks like a path only the end is a model's name

needs_altair = pytest.mark.skipif(not charts.can_draw(), reason="altair and vl-convert-python are not installed")


class Page(HTMLParser):
    """The elements of a page, and what their scripts and cells hold."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: dict[str, str] = {}
        self._at = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self._at = dict(attrs).get("id") or tag

    def handle_data(self, data: str) -> None:
        if self._at:
            self.scripts[self._at] = self.scripts.get(self._at, "") + data

    def handle_endtag(self, tag: str) -> None:
        self._at = ""

    def browsed(self, place: int = 0) -> dict[str, Any]:
        return json.loads(zlib.decompress(base64.b64decode(self.scripts[f"packed-{place}"])))


def reported(tmp_path: Path, *arguments: object) -> Page:
    out = tmp_path / "report.html"
    assert main(["report", str(tmp_path / "runs"), "-o", str(out), *map(str, arguments)]) == 0
    return Page(out.read_text(encoding="utf-8"))


def hostile_row(text: str = HOSTILE) -> dict[str, Any]:
    found: dict[str, Any] = row("p1", none="correct", high="correct", low="wrong")
    found["doc"] |= {"problem_id": f"p{text}", "question": text, "subject": text}
    found["resps"] = [[text] for _ in found["resps"]]
    return found
