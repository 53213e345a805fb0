"""Convert what an answer says in other units than the question asks for: 475 cents, 1 hour 30 minutes, 0.18 m.

Only within one kind of quantity and only into units that the question names. A unit that doesn't fit is no mistake,
since the golds carry none, unless the question asks for another one of the same kind.
"""

import re
from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from reversed_persona.answers.reading.notation import undress
from reversed_persona.answers.reading.numbers import NUMBER, read_number
from reversed_persona.answers.reading.separators import usual_separators

__all__ = ["converted", "is_in_wrong_unit"]

_QUANTITIES: tuple[dict[str, int], ...] = (
    {"cents?|¢|penn(?:y|ies)": 1, "dollars?|bucks?|usd|euros?|eur|€": 100},
    {"seconds?|secs?|s": 1, "minutes?|mins?|min": 60, "hours?|hrs?|h": 3_600, "days?": 86_400, "weeks?": 604_800},
    {"months?": 1, "years?|yrs?": 12},
    {
        "mm|milli(?:metre|meter)s?": 1,
        "cm|centi(?:metre|meter)s?": 10,
        "m|met(?:re|er)s?": 1_000,
        "km|kilo(?:metre|meter)s?": 1_000_000,
    },
    {"inch(?:es)?|in": 1, "foot|feet|ft": 12, "yards?|yds?": 36, "miles?|mi": 63_360},
    {"mg|milligrams?": 1, "g|grams?": 1_000, "kg|kilos?|kilograms?": 1_000_000},
    {"ounces?|oz": 1, "pounds?|lbs?": 16},
    {"ml|milli(?:litre|liter)s?": 1, "cl|centi(?:litre|liter)s?": 10, "l|lit(?:re|er)s?": 1_000},
    {"cups?": 1, "pints?": 2, "quarts?": 4, "gallons?": 16},
)
_NAMES = {name: (kind, size) for kind, units in enumerate(_QUANTITIES) for name, size in units.items()}
_UNIT = re.compile("|".join(f"(?P<u{i}>{name})" for i, name in enumerate(_NAMES)), re.IGNORECASE)
_MEASURES = list(_NAMES.values())
_PART = re.compile(rf"(?P<amount>{NUMBER})\s?-?(?P<unit>[¢€]|(?!in\s\W?\w)[A-Za-z]+)\.?")
_DOLLARS_AFTER = re.compile(r"(?<=\d)\s?\$\s{0,3}$")
_JOIN = re.compile(r"\s?,?\s?(?:and\s|&\s)?")
_NAMED = re.compile(r"[A-Za-z]+|[¢€$]")
_ASKED = re.compile(
    r"\b(?:how many|number of|(?P<in>in)) (?:(?:more|fewer|total|whole|full|extra|additional|of|the) ){0,3}"
    r"(?P<unit>[a-z]{1,20}|[¢€])",
    re.IGNORECASE,
)
_HOURS_AND_MINUTES = re.compile(
    r"(\d{1,3})(?:\s?h\s?(\d{2})(?:\s?m)?|:([0-5]\d)\s?(?:h|hrs?|hours?)|\shours? (?:and )?([0-5]?\d))\.?",
    re.IGNORECASE,
)
_DOLLARS_AND_CENTS = re.compile(
    r"(?:\\?\$\s?(\d{1,9}) (?:and )?(\d{1,2})\s?(?:cents?|¢)|(\d{1,9}) (?:dollars?|bucks|euros?) (?:and )?(\d{2}))\.?",
    re.IGNORECASE,
)
_DOLLARS = re.compile(r"\\?\$\s?([\d,]{1,15}(?:\.\d{1,2})?)\.?")


class _Quantity(NamedTuple):
    """An amount in one kind of quantity: its size, and the sizes of the units in which it is said."""

    kind: int
    size: Fraction
    units: frozenset[int]


def converted(answer: str, question: str) -> list[Fraction]:
    """Read an answer in the units that the question names.

    Returns:
        One value for each such unit, or for the largest of its own where it has several (4 hours 30 minutes) and the
        question names none; nothing where the answer has no unit of a known kind.
    """
    read = _quantity(_DOLLARS_AFTER.sub(" dollars", answer))
    if read is None:
        return []
    sizes = _sizes(read.kind, _named(question))
    if not sizes and len(read.units) > 1:
        sizes = {max(read.units)}
    return [read.size / one for one in sorted(sizes)]


def is_in_wrong_unit(answer: str, question: str) -> bool:
    """Whether an answer is in another unit than the question asks for, 72 hours for "how many minutes".

    A unit that the question names anywhere is not a wrong one.
    """
    asked = _asked(question)
    if not asked:
        return False
    read = _quantity(answer)
    if read is None or not _sizes(read.kind, asked):
        return False
    return not read.units & _sizes(read.kind, _named(question))


@lru_cache(maxsize=1024)
def _asked(question: str) -> tuple[str, ...]:
    """Give the words after "how many", and the plurals after "in"."""
    found = (one for one in _ASKED.finditer(question) if not one["in"] or one["unit"][-1] in "stm")
    return tuple(one["unit"] for one in found if _measure(one["unit"]))


@lru_cache(maxsize=1024)
def _named(question: str) -> tuple[str, ...]:
    """Give the units that a question names."""
    return tuple({word for word in _NAMED.findall(question) if _measure(word)})


def _measure(unit: str) -> tuple[int, int] | None:
    """Give a unit's kind of quantity and its size."""
    found = _UNIT.fullmatch("dollars" if unit == "$" else unit)
    return _MEASURES[int(found.lastgroup[1:])] if found and found.lastgroup else None


def _sizes(kind: int, words: Iterable[str]) -> set[int]:
    """Give the sizes of the units of one kind of quantity among words."""
    return {measure[1] for word in words if (measure := _measure(word)) and measure[0] == kind}


def _quantity(answer: str) -> _Quantity | None:
    """Add up the amounts with which an answer begins: "1 hour 30 minutes"."""
    plain = usual_separators(undress(_apart(answer)))
    kind, size, units, at = None, Fraction(0), set[int](), 0
    while found := _PART.match(plain, at):
        amount, measure = read_number(found["amount"]), _measure(found["unit"])
        if amount is None or measure is None or kind not in (None, measure[0]):
            break
        kind, size = measure[0], size + amount.value * measure[1]
        units.add(measure[1])
        at = found.end()
        joined = _JOIN.match(plain, at)
        at = joined.end() if joined else at
    if plain[at : at + 1].isdigit():
        return None  # 3 hours 20
    return None if kind is None else _Quantity(kind, size, frozenset(units))


def _apart(answer: str) -> str:
    """Spell out what is written together: 4h30, 4:30 hours, $4 and 75 cents, 4 dollars 75, $4.75."""
    answer = answer.strip()
    if found := _HOURS_AND_MINUTES.fullmatch(answer):
        return f"{found[1]} hours {found[2] or found[3] or found[4]} minutes"
    if found := _DOLLARS_AND_CENTS.fullmatch(answer):
        return f"{found[1] or found[3]} dollars {found[2] or found[4]} cents"
    if found := _DOLLARS.fullmatch(answer):
        return f"{found[1]} dollars"
    return answer
