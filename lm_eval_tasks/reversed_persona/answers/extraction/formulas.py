"""The expression with which a sentence ends: "the roots are 1 and -2", "i get 2sqrt3", "so x=3 and y=-2"."""

import itertools
import re

from reversed_persona.answers.reading.golds import holds_value, unnamed
from reversed_persona.answers.reading.notation import looks_mathematical
from reversed_persona.answers.reading.numbers import read_number

__all__ = ["OPEN", "find_formula"]

_BEFORE_VALUE = re.compile(
    r"\b(?:so|is|are|be|at|get|got|its|thats|equals?|makes?|gives?|have|then|therefore|thus|hence|to|as|becomes|"
    r"answer|think)\b|['’]s\b|→|[-=]>|[=≈:,]",
    re.IGNORECASE,
)
_NAMED = r"[a-zA-Z]\s?=\s?[^\s=,;&]{1,40}"
_NAMED_VALUES = re.compile(rf"{_NAMED}(?:(?:\s?[,;&]\s?|\s(?:and|or)\s|\s){_NAMED}){{1,4}}")
_JOINT = re.compile(r"(?:\s?[,;&]\s?|\s(?:and|or)\s|\s)(?=[a-zA-Z]\s?=)")
_ARITHMETIC = re.compile(r"[\d\s.+*/×÷^()$−–-]+")
OPEN = re.compile(r"[-+*/=^<>,(\[{\\]\s*[$)]?$")
"""The end of an expression that goes on."""

_MAX_PLACES = 40


def find_formula(text: str, start: int, end: int) -> tuple[int, int, str | None] | None:
    """Find the expression, which is no plain number, with which `text[start:end]` ends.

    Returns:
        (start, end, what it reads if that is not what stands there); None where the sentence ends otherwise.
    """
    places = [found.end() for found in itertools.islice(_BEFORE_VALUE.finditer(text, start, end), _MAX_PLACES)]
    for place in [start, *places]:
        value = text[place:end].strip(" \t*.,")
        begin = text.find(value, place) if value else place
        if _NAMED_VALUES.fullmatch(value):
            return begin, begin + len(value), ", ".join(sorted(_JOINT.split(value)))  # a point's order
        if value and "=" not in value and _is_formula(value):
            return begin, begin + len(value), None
    return None


def _is_formula(value: str) -> bool:
    if OPEN.search(value) or _ARITHMETIC.fullmatch(value) or "\\boxed" in value:
        return False
    if read_number(unnamed(value)) is not None:
        return False
    return looks_mathematical(value) and holds_value(value, "expression") and any(map(str.isdigit, value))
