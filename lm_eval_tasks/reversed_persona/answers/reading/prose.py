r"""Read the one number that a sentence states: "Janet makes $26 every day"."""

import re
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from reversed_persona.answers.reading.number_words import ANY_NUMBER_WORD, NUMBER_WORDS
from reversed_persona.answers.reading.numbers import Number, numbers_apart, read_number

__all__ = ["number_in_prose", "proportion"]

_OPERATOR_BESIDE = re.compile(r"\s?(?:[+*/×÷^=!]|[-−](?![a-z]{3})\s?[\w(]|\\[a-z])")
_INSIDE_A_FUNCTION = re.compile(r"\\(?:sqrt|log|ln|sin|cos|tan|overline|bar|hat|exp|binom)(?![a-zA-Z])|[√∛]")
_QUALIFIER = re.compile(
    r"(?!\s?(?:in|of|out of|by|to)\s\W?\d|\s?(?:for|per|at)\s\W?\d+$)[^\d,;]{0,60}?"
    r"\b(?:in|per|for|after|every|over|within|by|at|with|of|from|because|since|on|during|between)\b",
    re.IGNORECASE,
)
_SAYS_MORE = re.compile(  # the next number is another value, not a part of what qualifies the first
    r"[,;+&→]|\b(?:and|so|then|makes?|but|or|plus|minus|total|altogether|each|"
    r"(?:an?|per|every) \w+ (?:for|over|during)|not|without|while|"
    r"becomes?|gives?|is|are)\b|%\s?of\b|\bper ?cent of\b",
    re.IGNORECASE,
)
_AND_A_PART = re.compile(r"\band (?:an?|one) (?:half|third|quarter)", re.IGNORECASE)
_TOTAL = re.compile(r"\b(?:altogether|in total|total|in all|sum)\b", re.IGNORECASE)
_WORDED = rf"(?:{ANY_NUMBER_WORD})(?:-(?:{ANY_NUMBER_WORD}))?"
_OUT_OF = re.compile(
    rf"(?:an? |the )?(?P<part>\d{{1,9}}|{_WORDED}) (?:out of|in|of) (?:every )?(?P<whole>\d{{1,9}}|{_WORDED})",
    re.IGNORECASE,
)


def proportion(plain: str) -> tuple[Number, Number] | None:
    """Read "1 in 3" or "two out of five" as a ratio, and as its first number, which it may mean, too."""
    found = _OUT_OF.fullmatch(plain)
    part, whole = (read_number(found["part"]), read_number(found["whole"])) if found else (None, None)
    if part is None or whole is None or not 0 <= part.value <= whole.value or not whole.value:
        return None
    return Number(Fraction(part.value) / whole.value, written_as_ratio=True), part


def number_in_prose(plain: str) -> Number | Literal["ambiguous"] | None:
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
    found = numbers_apart(plain)
    if not found:
        return "ambiguous" if _AND_A_PART.search(plain) else _words_in_prose(plain)
    if any(_OPERATOR_BESIDE.match(plain, end) for _, _, end in found):
        return None if len(found) == 1 else "ambiguous"
    if _INSIDE_A_FUNCTION.search(plain):
        return None
    if len({number.value for number, _, _ in found}) == 1:
        return found[0][0]
    return _main_number(plain, found)


def _main_number(plain: str, found: list[tuple[Number, int, int]]) -> Number | Literal["ambiguous"]:
    """Choose between several numbers: the total of the others, or the first if the rest only qualifies it."""
    *parts, (last, start, _) = found
    if len(parts) > 1 and last.value == sum(part.value for part, _, _ in parts) and _TOTAL.search(plain, parts[-1][2]):
        return last  # 48 in April and 24 in May, 72 altogether
    number, start, end = found[0]
    between = (plain[a[2] : b[1]] for a, b in pairwise(found))
    if re.search(r"\w", plain[:start]) or not _QUALIFIER.match(plain[end:]):
        return "ambiguous"
    more = any(map(_SAYS_MORE.search, between)) or number.percent
    return "ambiguous" if more else number  # 12 apples in 3 days


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
