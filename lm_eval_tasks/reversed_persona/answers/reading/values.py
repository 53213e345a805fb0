r"""Read the one number that an answer states, also with words around it: "Janet makes $26 every day"."""

import re
from typing import Literal

from reversed_persona.answers.reading.golds import WORTH, unnamed
from reversed_persona.answers.reading.notation import looks_mathematical, undress
from reversed_persona.answers.reading.number_words import ANY_NUMBER_WORD
from reversed_persona.answers.reading.numbers import Number, read_number
from reversed_persona.answers.reading.prose import number_in_prose, proportion

__all__ = ["Unread", "read_value"]

Unread = Literal["ambiguous", "unreadable", "undecided", "expression"]
"""Why no number is read: several stand there, none does, it is too long, or it is an expression to be computed."""

_RANGE = re.compile(r"\$?\d+\s?(?:[-–~]|\.\.)\s?\$?\d+(?:\s[a-z]+)?")
_NO_VALUE = re.compile(
    r"(?<![a-zA-Z])(?:log|ln|exp|sqrt)\s?=|"
    r"\d\s?(?!x\s?\d)[a-z](?![a-zA-Z])|(?<![a-zA-Z\d])[a-z]\s?[-+*/^]|[-+*/^]\s?[a-z](?![a-zA-Z])"
)
_BOUND = re.compile(
    r"(?:[^\W\d]+ )?(?:(?:less|fewer|more|greater|higher|lower|bigger|smaller|other) than|under|over|at least|at most|"
    r"up to|below|above|nearly|almost|close to|a bit (?:under|over)|any(?:thing|\snumber|\svalue)? (?:but|except))\b"
    r"|\d+\+$|≠|\\ne",
    re.IGNORECASE,
)
_OTHER_THAN = re.compile(
    r"\b(?:(?:less|fewer|more|greater|higher|lower|bigger|larger|smaller|other) than|"
    r"(?:number|integer)s? (?:before|after|above|below|under|over|preceding|following)|not|except)"
    r"\s\W{0,3}(?:frac\s?\{?)?\d",
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
    r"thirds|tenths|hundredths|remainder|modulo|power|(?:opposite|reciprocal|negative|inverse|square|cube|factors|"
    r"multiples?|divisors?|log(?:arithm)?|complement) of|negative [a-z]\b|(?:per ?cent|%) of \W?\d+|"
    r"point (?:one|two|three|four|five|six|seven|eight|nine|zero))\b",
    re.IGNORECASE,
)
_COMPUTES_WITH = re.compile(  # two times 49
    rf"\b(?:{ANY_NUMBER_WORD}|hundred|half)\s(?:times|plus|minus|over)\s(?:\W?\d|(?:{ANY_NUMBER_WORD})\b)"
    r"|\b(?:hundred|root|plus)\s\W?\d",
    re.IGNORECASE,
)
_EITHER = re.compile(rf"\b(?:{ANY_NUMBER_WORD}),? (?:or|to|and) (?:maybe )?(?:{ANY_NUMBER_WORD})\b", re.IGNORECASE)
_TWO_SOLUTIONS = re.compile(r"(?<![a-zA-Z])(?P<name>[a-zA-Z])\s?=[^=]{1,30}?\b(?:or|and)\s(?P=name)\s?=")
_TWO_AMOUNTS = re.compile(r"[$€£]\s?\d[\d.,]{0,20}\s?/\s?[$€£]\s?\d")
_SEVERAL = re.compile(r"\bor\b|\band\b|\bto\b|±|\\pm|→|&|,(?!\d{3}(?!\d))|;|\bbetween\b", re.IGNORECASE)


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
    if _BOUND.match(plain) or any(one.search(plain) for one in (_OTHER_THAN, _COMPUTES, _COMPUTES_WITH)):
        return "unreadable"
    if _EITHER.search(plain) or proportion(plain):
        return "ambiguous"  # one or two; 1 in 3
    if (" or " in plain or " and " in plain) and _OR_MORE.search(plain):
        return "unreadable"
    given = read_number(unnamed(plain))
    if given is not None:
        return given
    if re.search(r"\d{1001}", plain):
        return "undecided"
    if re.search(r"[<>≤≥≠]|\\(?:[lg]e|ne)q?\b", plain):
        return "unreadable"  # a bound is no value
    if re.search(r"(?<!_)\d\s\d|\d\s?R\s?\d", plain, re.IGNORECASE):
        return "ambiguous"  # 1 8; 18 R2
    if "±" in plain or "\\pm" in plain or _RANGE.fullmatch(plain):
        return "ambiguous"
    if plain.count("=") == 1 and _NO_VALUE.search(plain):
        return "unreadable"  # 2x = 18 is no value, nor is log = 2
    equated = number_in_prose(plain) if plain.count("=") == 1 or "≈" in plain else None
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
    return number_in_prose(plain) or "unreadable"


def _spelled_scale(answer: str) -> str:
    """Write $1.5M as $1.5 million; two dollars are delimiters of mathematics."""
    if answer.count("$") > 1:
        return answer
    return _MONEY_SCALE.sub(lambda found: f"{found['money']} {_MONEY_SCALES[found['scale'].lower()]}", answer)


def _same_twice(plain: str) -> Number | None:
    """Read one value that is said in two ways: "11/2 or 5.5"."""
    one, other = (read_number(unnamed(side)) for side in plain.split(" or ", 1))
    return one if one and other and one.value == other.value and one.percent == other.percent else None
