"""A response that is nothing but an answer: "12", "$960", "tuesday", "x = 3, y = -2", "45 or 46"."""

import re
from typing import Literal

from reversed_persona.answers.extraction.chat import is_chat
from reversed_persona.answers.extraction.formulas import OPEN
from reversed_persona.answers.extraction.sentences import is_list_item, is_personal
from reversed_persona.answers.extraction.statements import JUDGED_WRONG
from reversed_persona.answers.extraction.words import REPEATS
from reversed_persona.answers.reading.golds import Kind, holds_value, unnamed
from reversed_persona.answers.reading.notation import looks_mathematical, normalise, split_list, undress
from reversed_persona.answers.reading.numbers import read_number

__all__ = ["find_bare"]

_MAX_CHARS = 200
_MAX_LINES = 3
_SHORT = 6
_MAX_WORDS = 3
_REPLIES_LISTED = "ok okay sure hello hi hey thanks sorry hmm hm what why done please working answer"
_REPLIES = frozenset(_REPLIES_LISTED.split())
_TWO = re.compile(r"[^\s=]{1,20} (?:or|/) [^\s=]{1,20}")
_NAMED = re.compile(r"\s*\$?\(?[A-Za-z](?:_\{?\w\}?)?(?:,\s?[a-z]\))?\s*=[^=]+$")
_IN_BASE = re.compile(r"\(?(?:in )?base (?:\d{1,2}|[a-z]{3,6})\)?", re.IGNORECASE)
_POWER = re.compile(r"[-\d.]+\s?(?:\^|\*\*)\s?\{?-?\d+\}?")


def find_bare(visible: str, kind: Kind) -> tuple[int, int] | Literal["ambiguous"] | None:
    """Find the answer in a response that is nothing else.

    Returns:
        Its span; "ambiguous" where it is several answers; None where the response says more.
    """
    text = visible.strip()
    if len(text) > _MAX_CHARS or text.endswith("?") or is_personal(text) or JUDGED_WRONG.search(text):
        return None
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and "\\begin" not in text:
        if len(lines) > _MAX_LINES or not all(_is_bare(line, kind) for line in lines):
            return None
        return "ambiguous" if len(set(map(normalise, lines))) > 1 else _span(visible, lines[0])
    if kind == "number" and _TWO.fullmatch(text):
        return "ambiguous"
    return _span(visible, text) if _is_bare(text, kind) else None


def _span(visible: str, text: str) -> tuple[int, int]:
    bare = text.lstrip("*` \t").lstrip(". \t") if REPEATS.search(text) else text.strip("*`. \t")
    start = visible.find(bare)
    return start, start + len(bare)


def _is_bare(text: str, kind: Kind) -> bool:
    if kind == "text":
        words = re.findall(r"[^\W_]+", text)
        return 0 < len(words) <= _MAX_WORDS and holds_value(text, kind) and words[0].lower() not in _REPLIES
    if kind == "number":
        plain = undress(text)
        if is_list_item(text) or (len(plain) > _SHORT and is_chat(plain)):
            return False
        return read_number(unnamed(plain)) is not None or _POWER.fullmatch(plain) is not None
    based = _IN_BASE.sub("", text)
    if "\\boxed" in based or OPEN.search(based) or ("=" in text and not all(map(_NAMED.match, split_list(text)))):
        return False
    return looks_mathematical(based) and holds_value(based, kind)
