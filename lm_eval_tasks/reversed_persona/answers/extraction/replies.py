"""Answers in a machine's clothes: a JSON reply, {"answer": 12}, and an <answer> tag."""

import json
import re
from typing import NamedTuple

__all__ = ["Reply", "find_json", "find_tag"]

_JSON = re.compile(
    r'"(?:final[ _-]?)?answer"\s{0,9}:\s{0,9}(?:"(?P<text>(?:[^"\\\n]|\\.){0,500})"|(?P<list>\[[^\[\]\n]{0,300}\])|'
    r"(?P<bare>[^\s\"{}\[\]][^\"{}\[\]\n]{0,200}?)(?=\s{0,9}(?:,\s{0,9}\"|,?\s{0,9}[}\n]|$)))",
    re.IGNORECASE,
)
_TAG = re.compile(r"<answer>\s{0,9}(?P<text>\S(?:(?!</?answer>)[^\n]){0,500}?)\s{0,9}</answer>", re.IGNORECASE)
_SINGLE = re.compile(r"(?<!\\)\\(?=[a-zA-Z]{2})(?!u[0-9a-fA-F]{4})")
_DOUBLED = r"\\\\"
_MAX_SEARCHED = 100_000


class Reply(NamedTuple):
    """An answer found: where its mark begins, its span, and what it reads once its dress is off ("" for none given)."""

    start: int
    span: tuple[int, int]
    reading: str


def find_json(visible: str) -> Reply | None:
    """Find the last "answer" of a JSON reply."""
    if '"' not in visible:
        return None
    replies = list(_JSON.finditer(visible, max(0, len(visible) - _MAX_SEARCHED)))
    if not replies:
        return None
    found = replies[-1]
    group = found.lastgroup or "text"
    return Reply(found.start(), found.span(group), _reading(group, found[group]))


def _reading(group: str, written: str) -> str:
    if group == "list":
        return written[1:-1].replace('"', "")
    if group == "bare":
        return "" if written == "null" else written
    try:
        return str(json.loads(f'"{_SINGLE.sub(_DOUBLED, written)}"'))  # LaTeX: \\frac is no form feed
    except ValueError:
        return written


def find_tag(visible: str) -> Reply | None:
    """Find the last <answer> tag."""
    if "</" not in visible:
        return None
    tags = list(_TAG.finditer(visible, max(0, len(visible) - _MAX_SEARCHED)))
    return Reply(tags[-1].start(), tags[-1].span("text"), tags[-1]["text"]) if tags else None
