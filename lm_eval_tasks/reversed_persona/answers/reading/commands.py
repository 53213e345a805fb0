r"""LaTeX that the symbolic worker's parser can't read, written so that it can.

Hyperbolic functions by those it knows, degrees behind a function in radians.
"""

import re

__all__ = ["has_degrees", "has_number_as_angle", "with_known_functions", "with_radians"]

_OPERATOR = re.compile(r"\\operatorname\s?\{\s?((?:arc?)?(?:sinh|cosh|tanh)|csch|sech|coth)\s?\}")
_RECIPROCAL = re.compile(r"\\?(csch|sech|coth)\s?(?:\(([^()]{1,60})\)|([a-z])(?![a-zA-Z]))")
_KNOWN = {
    "csch": r"\frac{{1}}{{\sinh({0})}}",
    "sech": r"\frac{{1}}{{\cosh({0})}}",
    "coth": r"\frac{{\cosh({0})}}{{\sinh({0})}}",
}
_ANGLE = r"\\(?:sin|cos|tan|cot|sec|csc)(?:\^\s?\{?\d\}?)?\s?(?:\\left)?[({]?\s?"
_DEGREES = re.compile(r"(?P<number>\d{1,9}(?:\.\d{1,9})?)\s?(?:\^\s?\{?\s?\\circ\s?\}?|°)")
_OF_DEGREES = re.compile(rf"{_ANGLE}[^()]{{0,30}}(?:\\circ(?![a-zA-Z])|°)")
_OF_NUMBER = re.compile(rf"{_ANGLE}\d")


def with_known_functions(text: str) -> str:
    r"""Write \operatorname{sinh} x as \sinh x, and sech x as 1/\cosh x."""
    text = _OPERATOR.sub(r"\\\1", text)
    return _RECIPROCAL.sub(lambda found: _KNOWN[found[1]].format(found[2] or found[3]), text)


def has_degrees(text: str) -> bool:
    """Whether a function is taken of degrees: sin 30°."""
    return _OF_DEGREES.search(text) is not None


def has_number_as_angle(text: str) -> bool:
    """Whether a function is taken of a number: sin 30, in degrees or in radians."""
    return _OF_NUMBER.search(text) is not None


def with_radians(text: str) -> str:
    r"""Write 30° as 30\pi/180."""
    return _DEGREES.sub(r"(\\frac{\g<number>\\pi}{180})", text)
