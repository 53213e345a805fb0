"""Rewrite the separators that other places put into a number: 18 000, 1.234.567, 11,5 kg and 1.234,50.

A decimal comma is read only where it can't part two values or thousands: two digits follow it, or one and then a unit.
"2,5" alone may be a list, and stays. "2.400" stays a decimal here; `numbers.numbers_equal` knows its other reading.
"""

import re

__all__ = ["has_decimal_comma", "usual_separators"]

_BEFORE = r"^(?P<before>\D{0,4}?)"
_SPACED = re.compile(rf"{_BEFORE}(?P<number>\d{{1,3}}(?: \d{{3}}){{1,10}})(?![\d/]|\s\d)")
_DOTTED = re.compile(
    rf"{_BEFORE}(?P<number>\d{{1,3}}(?:\.\d{{3}}){{2,10}}|\d{{1,3}}(?:\.\d{{3}}){{1,10}}(?=,\d))(?!\d)"
)
_COMMA = re.compile(
    rf"{_BEFORE}(?P<whole>\d{{1,15}}),(?P<decimals>\d{{2}}|(?<=(?<!\d)0,)\d{{1,15}}|\d(?=\s?(?:[^\W\d_]|[%€$])))(?![\d,])"
)


def has_decimal_comma(text: str) -> bool:
    """Whether the number with which a text begins has a comma for a decimal point."""
    return "," in text and _COMMA.match(text) is not None


def usual_separators(text: str) -> str:
    """Rewrite the number with which a text begins, if it is written in another place's way."""
    if " " in text:
        text = _SPACED.sub(lambda found: found["before"] + found["number"].replace(" ", ""), text)
    if "." in text:
        text = _DOTTED.sub(lambda found: found["before"] + found["number"].replace(".", ""), text)
    return _COMMA.sub(r"\g<before>\g<whole>.\g<decimals>", text) if "," in text else text
