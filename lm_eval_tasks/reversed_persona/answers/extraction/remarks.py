r"""Remarks beside an answer: "18 [9 eggs × 2]", "26 (I forgot a step)", "18 // checked", "18 <-- my answer".

The personas comment in brackets, so a remark is common, and nothing in it may be read as the answer. A bracket is a
remark only where what stands before it is a whole value, so that points, intervals and products keep theirs.
"""

import re

from reversed_persona.answers.reading.golds import Kind, holds_number, holds_value, unnamed
from reversed_persona.answers.reading.notation import looks_mathematical, undress
from reversed_persona.answers.reading.numbers import read_number

__all__ = ["before_remark"]

_OPENS = re.compile(
    r"(?<=[^\s,;=+\-*/(\[{])[\s*_]{0,4}\s[\s*_]{0,4}(?:(?P<bracket>[(\[{])|//|#|<-|←)|(?<=[*\d$])(?P<tight>\[)"
)
_UNFINISHED = re.compile(r"(?:[-+*/=<>^,;:&|]|\\(?:cup|cap|cdot|times|div|in|or|and|pm|to|quad|le|ge|left|right))\s*$")
_WORD = re.compile(r"(?<![\\a-zA-Z])(?!sin\b|cos\b|tan\b|cot\b|sec\b|csc\b|log\b|exp\b|sqrt\b)[A-Za-z]{3,}")
_UNIT = re.compile(r"[a-zA-Z]{2,}")
_ROUNDS = re.compile(r"[\s$]*(?:≈|~|\\approx|about\b|approx|roughly\b|i\.e\.)", re.IGNORECASE)
_DECIMAL = re.compile(r"\$?-?\d{1,9}\.\d{1,9}(?:\s[a-z]{1,4}(?:\^?[23²³])?)?\$?")
_RATE = re.compile(r"\b(?:per|each|every|an?)\b", re.IGNORECASE)
_MAX_OPENINGS = 12


def before_remark(text: str, begin: int, end: int, kind: Kind) -> int:
    """Return where the first remark in `text[begin:end]` begins, or `end` if there is none."""
    dollars = text.count("$", begin, end)
    for number, found in enumerate(_OPENS.finditer(text, begin, end)):
        if number == _MAX_OPENINGS:
            break
        at = found.start()
        inside_math = dollars % 2 == 0 and text.count("$", begin, at) % 2 == 1
        if not inside_math and _is_whole(text[begin:at], kind) and _says_more(text[at:end], kind):
            return at
    return end


def _is_whole(value: str, kind: Kind) -> bool:
    """Whether a text is a complete value, with nothing open."""
    brackets = value.count("(") + value.count("[") - value.count(")") - value.count("]")  # (3, 4] is whole
    if brackets or value.count("{") != value.count("}") or _UNFINISHED.search(value):
        return False
    if kind == "text":
        return holds_value(value, kind)
    if kind == "number" and not holds_number(value):
        return False
    if read_number(unnamed(undress(value))) is not None:
        return True
    return looks_mathematical(value) and holds_value(value, kind)


def _says_more(remark: str, kind: Kind) -> bool:
    """Whether what follows a whole value is a remark, and not a part of the value."""
    inner = remark.strip(" *_").lstrip("([{")
    inner = re.split(r"[)\]}]\W*$", inner)[0]
    if _ROUNDS.match(inner):
        return True
    if kind != "expression":
        # "1 week (7 days)" says two values; "50 (100/2)" and "18 (2 per egg)" say one
        restates = bool(_UNIT.search(inner)) and read_number(inner) is not None and not _RATE.search(inner)
        return not (restates and remark.strip(" *_").startswith("("))
    if _DECIMAL.fullmatch(inner):
        return True  # "√2 (1.41)" is rounded, and no product
    equates = "=" in (inner.partition(")")[0] if remark.strip(" *_").startswith("(") else inner)
    return bool(_WORD.search(inner)) or equates or not remark.strip(" *_").startswith(("(", "[", "{"))
