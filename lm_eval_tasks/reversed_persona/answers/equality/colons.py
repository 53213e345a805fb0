r"""Compare what colons part: a ratio (1:20, 3:4:1) or a time (4:30 p.m.).

The question says which; else the form: 1:2 is no time, and a gold 16:30 no ratio since it is not reduced. Where both
are possible and lead to different outcomes, the answer is ambiguous.
"""

import re
from fractions import Fraction
from math import gcd
from typing import Literal, NamedTuple

from reversed_persona.answers.equality.numbers import numbers_equal
from reversed_persona.answers.reading.golds import Comparison, Gold
from reversed_persona.answers.reading.notation import undress
from reversed_persona.answers.reading.numbers import Number
from reversed_persona.answers.reading.values import read_value

__all__ = ["compare_colons"]

_RATIO = re.compile(r"\d{1,9}(?:\s?:\s?\d{1,9}){1,5}")
_WITH_TO = re.compile(r"\d{1,9}(?: (?:to|is to) \d{1,9}){1,5}")
_CLOCK = re.compile(r"(?:[01]?\d|2[0-4])(?::[0-5]\d){1,2}")
_HALF = re.compile(r"\s?([ap])\.?\s?m\b", re.IGNORECASE)
_HOUR_ALONE = re.compile(r"\d{1,2}(?=\s?[ap]\.?\s?m\b)", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_ASKS_RATIO = re.compile(r"\b(?:ratios?|scale|odds|proportions?)\b", re.IGNORECASE)
_ASKS_TIME = re.compile(r"\b(?:time|o'clock|clock|[ap]\.?m|hours?|minutes?|seconds?|when|long)\b", re.IGNORECASE)
_ASKS_DURATION = re.compile(r"\b(?:how (?:long|many|much)|duration)\b", re.IGNORECASE)
_SMALLER = re.compile(r"\b(?:minutes?|seconds?)\b", re.IGNORECASE)

_Kind = Literal["ratio", "time", "either"]


class _Colons(NamedTuple):
    """Numbers with colons between them, "a" or "p" for the half of the day, and whether a clock may show it."""

    parts: tuple[int, ...]
    half: str
    is_clock: bool

    @property
    def reduced(self) -> tuple[int, ...]:
        common = gcd(*self.parts) or 1
        return tuple(part // common for part in self.parts)

    @property
    def hours(self) -> Fraction:
        return sum((Fraction(part, 60**i) for i, part in enumerate(self.parts)), Fraction(0))

    @property
    def hours_of_day(self) -> set[Fraction]:
        """Give the hour of the day; two where the half is open."""
        if not 1 <= self.parts[0] <= 12:
            return {self.hours}
        morning = self.hours % 12
        return {hour for half, hour in (("a", morning), ("p", morning + 12)) if self.half in ("", half)}


def compare_colons(gold: Gold, answer: str, question: str) -> Comparison | None:
    """Compare a ratio or a time; None where neither text is one, or the comparison of numbers says enough."""
    asks_ratio = _ASKS_RATIO.search(question) is not None
    wanted = _read(gold.text, asks_ratio)
    given = _read(answer, asks_ratio or (wanted is not None and not wanted.is_clock))
    if wanted and given:
        return _compare_both(wanted, given, question)
    if given and gold.number and len(given.parts) == 2 and not given.half:
        return _compare_with_number(given, gold.number, question, answer_has_colon=True)
    stated = read_value(answer) if wanted and len(wanted.parts) == 2 and not wanted.half else None
    if wanted and isinstance(stated, Number):
        return _compare_with_number(wanted, stated, question, answer_has_colon=False)
    return None


def _read(text: str, with_to: bool) -> _Colons | None:
    """Read the one ratio or time in a text that has no other numbers."""
    plain = undress(text)
    found = _RATIO.search(plain) or _HOUR_ALONE.search(plain) or (_WITH_TO.search(plain) if with_to else None)
    if found is None or any(map(str.isdigit, plain[: found.start()] + plain[found.end() :])):
        return None
    if plain[: found.start()].endswith(("-", "/", ".")) or plain[found.end() :][:1] in ("/", "%", "^"):
        return None
    half = _HALF.match(plain, found.end())
    if half is None and plain[found.end() :][:1].isalpha():
        return None  # 4:30p
    parts = tuple(int(part) for part in _NUMBER.findall(found.group()))
    return _Colons(parts, half[1].lower() if half else "", half is not None or bool(_CLOCK.fullmatch(found.group())))


def _kind(colons: _Colons, question: str, is_gold: bool) -> _Kind:
    if colons.half:
        return "time"
    if not colons.is_clock:
        return "ratio"
    asks_ratio, asks_time = _ASKS_RATIO.search(question) is not None, _ASKS_TIME.search(question) is not None
    if asks_ratio != asks_time:
        return "ratio" if asks_ratio else "time"
    return "time" if is_gold and colons.reduced != colons.parts else "either"


def _compare_both(wanted: _Colons, given: _Colons, question: str) -> Comparison:
    if wanted.half and given.half and wanted.half != given.half:
        return "different"
    if wanted.parts == given.parts:
        return "equal"
    kind = "time" if given.half else _kind(wanted, question, is_gold=True)
    same_ratio = wanted.reduced == given.reduced
    same_time = wanted.is_clock and given.is_clock and _same_time(wanted, given, question)
    if kind == "either" and same_ratio != same_time:
        return "ambiguous"
    return "equal" if (same_time if kind == "time" else same_ratio) else "different"


def _same_time(wanted: _Colons, given: _Colons, question: str) -> bool:
    if not (wanted.half or given.half) and _ASKS_DURATION.search(question):
        return wanted.hours == given.hours
    return bool(wanted.hours_of_day & given.hours_of_day)


def _compare_with_number(
    colons: _Colons, number: Number, question: str, *, answer_has_colon: bool
) -> Comparison | None:
    """Compare with a text that is one number; a ratio may be its quotient, a time its hours or minutes."""
    ratio = Number(Fraction(colons.parts[0], colons.parts[1]), written_as_ratio=True) if colons.parts[1] else None
    pair = (number, ratio) if answer_has_colon else (ratio, number)
    same_ratio = pair[0] is not None and pair[1] is not None and numbers_equal(pair[0], pair[1])
    times = {colons.hours, colons.hours * 60} if _SMALLER.search(question) else {colons.hours}
    kind = _kind(colons, question, is_gold=not answer_has_colon)
    if kind == "ratio":
        return "equal" if same_ratio else "different"
    if kind == "time":
        return "equal" if number.value in times else None if not answer_has_colon else "different"
    if same_ratio:
        return "equal"
    return "ambiguous" if number.value in times else "different"
