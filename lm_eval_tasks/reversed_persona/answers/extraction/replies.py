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
_PYTHON = re.compile(  # a dictionary printed as such
    r"\{\s{0,9}'(?:final[ _-]?)?answer'\s{0,9}:\s{0,9}"
    r"(?:'(?P<text>[^'\n]{0,200})'|(?P<bare>[^\s'{}\[\],]{1,50}))\s{0,9}[,}]",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"<(?:final[ _-]?)?answer>\s{0,9}(?P<text>\S(?:(?!</?(?:final[ _-]?)?answer>)[^\n]){0,500}?)"
    r"\s{0,9}</(?:final[ _-]?)?answer>",
    re.IGNORECASE,
)
_IS_RIGHT = re.compile(r"\b(?:correct|right|true|real|actual)\b[^\n{}]{0,25}\{\s{0,9}$", re.IGNORECASE)
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
    if '"' not in visible and not ("{" in visible and "'" in visible):
        return None
    start = max(0, len(visible) - _MAX_SEARCHED)
    replies = list(_JSON.finditer(visible, start)) or list(_PYTHON.finditer(visible, start))
    if not replies:
        return None
    found = _outermost(visible, replies)
    group = found.lastgroup or "text"
    return Reply(found.start(), found.span(group), _reading(group, found[group]))


def _outermost(visible: str, replies: "list[re.Match[str]]") -> "re.Match[str]":
    """Give the last of the replies that stand in the fewest braces and are not told as the right one."""
    if len(replies) == 1:
        return replies[0]
    own = [reply for reply in replies if not _IS_RIGHT.search(visible, max(0, reply.start() - 40), reply.start())]
    outermost, least, depth, at = replies[-1], 0, 0, replies[0].start()
    for reply in own:
        depth += visible.count("{", at, reply.start()) - visible.count("}", at, reply.start())
        at = reply.start()
        if reply is own[0] or depth <= least:
            outermost, least = reply, depth
    return outermost


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
