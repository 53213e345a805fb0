r"""Read the one number that an answer states, also with words around it: "Janet makes $26 every day"."""

import re
from typing import Literal

from reversed_persona.answers.reading.golds import WORTH, unnamed
from reversed_persona.answers.reading.notation import looks_mathematical, undress
from reversed_persona.answers.reading.number_words import NUMBER_WORDS
from reversed_persona.answers.reading.numbers import Number, numbers_in, read_number

__all__ = ["Unread", "read_value"]

Unread = Literal["ambiguous", "unreadable", "undecided", "expression"]
"""Why no number is read: several stand there, none does, it is too long, or it is an expression to be computed."""

_OPERATOR_BESIDE = re.compile(r"\s?(?:[+*/×÷^=!]|[-−](?![a-z]{3})\s?[\w(]|\\[a-z])")
_QUALIFIER = re.compile(
    r"[^\d,;]{0,60}?\b(?:in|per|for|after|every|each|over|within|by|at|with|of|from|because|"
    r"since|on|during|between)\b",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\$?\d+\s?(?:[-–~]|\.\.)\s?\$?\d+(?:\s[a-z]+)?")
_UNKNOWN = re.compile(r"\d\s?(?!x\s?\d)[a-z](?![a-zA-Z])|(?<![a-zA-Z\d])[a-z]\s?[-+*/^]|[-+*/^]\s?[a-z](?![a-zA-Z])")
_BOUND = re.compile(
    r"(?:\w+ )?(?:(?:less|fewer|more|greater|higher|lower|bigger|smaller|other) than|under|over|at least|at most|"
    r"up to|below|above|nearly|almost|close to|a bit (?:under|over)|any(?:thing|\snumber|\svalue)? (?:but|except))\b"
    r"|\d+\+$|≠|\\ne",
    re.IGNORECASE,
)
_OR_MORE = re.compile(
    r"\d(?:\s\w{1,20})?\s(?:or|and)\s(?:more|less|fewer|greater|higher|lower|above|below|over|under|up|older|younger)\b",
    re.IGNORECASE,
)
_MONEY_SCALE = re.compile(r"(?P<money>[$€£]\s?\d[\d,.]{0,15})\s?(?P<scale>k|m|bn)(?![^\W_])", re.IGNORECASE)
_MONEY_SCALES = {"k": "thousand", "m": "million", "bn": "billion"}
_COMPUTES = re.compile(
    r"\b(?:double|twice|half of|third of|quarter of|squared|cubed|factorial|root of|divided by|multiplied by|halves|"
    r"thirds|tenths|hundredths|remainder|modulo|power|point (?:one|two|three|four|five|six|seven|eight|nine|zero))\b",
    re.IGNORECASE,
)
_AND_A_PART = re.compile(r"\band (?:an?|one) (?:half|third|quarter)", re.IGNORECASE)
_TWO_SOLUTIONS = re.compile(r"(?<![a-zA-Z])(?P<name>[a-zA-Z])\s?=[^=]{1,30}?\b(?:or|and)\s(?P=name)\s?=")
_TWO_AMOUNTS = re.compile(r"[$€£]\s?\d[\d.,]{0,20}\s?/\s?[$€£]\s?\d")
_SEVERAL = re.compile(r"\bor\b|\band\b|\bto\b|±|\\pm|,(?!\d{3}(?!\d))|;|\bbetween\b", re.IGNORECASE)


def read_value(answer: str) -> Number | Unread:
    """Read the number that an answer states."""
    if not answer[-1:].isdigit() and _COMPUTES.search(answer):
        return "unreadable"  # an operation in words
    if "/" in answer and _TWO_AMOUNTS.search(answer):
        return "ambiguous"
    given = read_number(answer)
    if given is not None:
        return given
    plain = undress(_spelled_scale(answer))
    if _BOUND.match(plain) or _COMPUTES.search(plain):
        return "unreadable"
    if (" or " in plain or " and " in plain) and _OR_MORE.search(plain):
        return "unreadable"
    given = read_number(unnamed(plain))
    if given is not None:
        return given
    if re.search(r"\d{1001}", plain):
        return "undecided"
    if re.search(r"[<>≤≥]|\\[lg]eq?\b", plain):
        return "unreadable"  # a bound is no value
    if re.search(r"\d\s\d|\d\s?R\s?\d", plain, re.IGNORECASE):
        return "ambiguous"  # 1 8; 18 R2
    if "±" in plain or "\\pm" in plain or _RANGE.fullmatch(plain):
        return "ambiguous"
    if plain.count("=") == 1 and _UNKNOWN.search(plain):
        return "unreadable"  # 2x = 18 is no value
    equated = _number_in_prose(plain) if plain.count("=") == 1 or "≈" in plain else None
    if isinstance(equated, Number):
        return equated
    if plain.count("=") > 1 and _TWO_SOLUTIONS.search(plain):
        return "ambiguous"
    if " or " in plain and (same := _same_twice(plain)):
        return same
    mathematical = looks_mathematical(answer)
    several = _SEVERAL.search(plain) is not None
    if mathematical and several and "=" not in plain:
        return "ambiguous"  # a list, a point, an interval
    if mathematical and not several:
        return "expression" if WORTH.search(plain) else "unreadable"  # a bare letter names no value
    return _number_in_prose(plain) or "unreadable"


def _spelled_scale(answer: str) -> str:
    """Write $1.5M as $1.5 million; two dollars are delimiters of mathematics."""
    if answer.count("$") > 1:
        return answer
    return _MONEY_SCALE.sub(lambda found: f"{found['money']} {_MONEY_SCALES[found['scale'].lower()]}", answer)


def _same_twice(plain: str) -> Number | None:
    """Read one value that is said in two ways: "11/2 or 5.5"."""
    one, other = (read_number(unnamed(side)) for side in plain.split(" or ", 1))
    return one if one and other and one.value == other.value and one.percent == other.percent else None


def _number_in_prose(plain: str) -> Number | Literal["ambiguous"] | None:
    """Find the one number that an undressed sentence states."""
    if "≈" in plain:
        exact, _, rounded = plain.rpartition("≈")
        left, right = read_number(exact.strip(" =(")), read_number(rounded.strip(" )"))
        if left and right:
            return right if left.decimals else left  # 9/7 is exact beside 1.2857; 17.6 is rounded to 18
        if left or right:
            return left or right
    if plain.count("=") == 1:
        left, right = (read_number(side.strip()) for side in plain.split("="))
        if left and right:
            rounds = -1 <= 2 * (left.value - right.value) * 10**right.decimals <= 1
            return left if rounds else "ambiguous"  # 1/3 = 0.333
        if left or right:
            return right or left
    elif "=" in plain and (last := read_number(plain.rpartition("=")[2].strip())):
        return last
    found = numbers_in(plain)
    if not found:
        return "ambiguous" if _AND_A_PART.search(plain) else _words_in_prose(plain)
    if any(_OPERATOR_BESIDE.match(plain, end) for _, _, end in found):
        return None if len(found) == 1 else "ambiguous"
    if len({number.value for number, _, _ in found}) == 1:
        return found[0][0]
    number, start, end = found[0]
    if not re.search(r"\w", plain[:start]) and _QUALIFIER.match(plain[end : found[1][1]]):
        return number  # 12 apples in 3 days
    return "ambiguous"


def _words_in_prose(plain: str) -> Number | Literal["ambiguous"] | None:
    """Find one number in words: "there are twelve eggs"; a bare "one" in a sentence is not taken for 1."""
    hits = [hit for hit in NUMBER_WORDS.finditer(plain) if hit.group().lower() not in ("one", "pi", "sqrt", "infinity")]
    values = [number for hit in hits[:1] if (number := read_number(_words_from(plain, hit.start()))) is not None]
    rest = hits[1:] if values and len(hits) > 1 else []
    if rest and any(
        plain[a.end() : b.start()].strip(" -") not in ("", "and") for a, b in zip(hits, rest, strict=False)
    ):
        return "ambiguous"
    return values[0] if values else None


def _words_from(plain: str, start: int) -> str:
    """Give the run of number words at `start`, with its sign word."""
    run = re.match(r"(?:[\s-]*(?:and\s)?(?:" + NUMBER_WORDS.pattern[5:-3] + r"))+", plain[start:], re.IGNORECASE)
    before = re.search(r"(?:minus|negative)\s$", plain[:start], re.IGNORECASE)
    return (before.group() if before else "") + (run.group() if run else "")
