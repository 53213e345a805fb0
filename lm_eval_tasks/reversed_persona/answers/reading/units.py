"""Convert what an answer says in other units than the question asks for: 475 cents, 1 hour 30 minutes, 0.18 m.

Only within one kind of quantity and only into units that the question names; a unit that merely doesn't fit is no
mistake, since the golds carry none.
"""

import re
from fractions import Fraction

from reversed_persona.answers.reading.notation import undress
from reversed_persona.answers.reading.numbers import NUMBER, read_number
from reversed_persona.answers.reading.separators import usual_separators

__all__ = ["converted"]

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
_PART = re.compile(rf"(?P<amount>{NUMBER})\s?-?(?P<unit>[¢€]|[A-Za-z]+)\.?")
_DOLLARS_AFTER = re.compile(r"(?<=\d)\s?\$\s{0,3}$")
_JOIN = re.compile(r"\s?,?\s?(?:and\s|&\s)?")
_ASKED = re.compile(r"[A-Za-z]+|[¢€$]")


def _measure(unit: str) -> tuple[int, int] | None:
    """Give a unit's kind of quantity and its size."""
    found = _UNIT.fullmatch(unit)
    return _MEASURES[int(found.lastgroup[1:])] if found and found.lastgroup else None


def converted(answer: str, question: str) -> list[Fraction]:
    """Read an answer in the units that the question names.

    Returns:
        One value for each such unit; none where the answer has no unit of a known kind, or the question names none.
    """
    read = _quantity(usual_separators(undress(_DOLLARS_AFTER.sub(" dollars", answer))))
    if read is None:
        return []
    kind, size = read
    words = ("dollars" if word == "$" else word for word in _ASKED.findall(question))
    sizes = {measure[1] for word in words if (measure := _measure(word)) and measure[0] == kind}
    return [size / one for one in sorted(sizes)]


def _quantity(plain: str) -> tuple[int, Fraction] | None:
    """Add up the amounts with which a text begins, "1 hour 30 minutes"; give the kind of quantity and its size."""
    kind, size, at = None, Fraction(0), 0
    while found := _PART.match(plain, at):
        amount, measure = read_number(found["amount"]), _measure(found["unit"])
        if amount is None or measure is None or kind not in (None, measure[0]):
            break
        kind, size = measure[0], size + amount.value * measure[1]
        at = found.end()
        joined = _JOIN.match(plain, at)
        at = joined.end() if joined else at
    return None if kind is None else (kind, size)
