r"""Rewrite what is laid out in one of several ways: arrays, \over, \log_e, roots in words, the degrees of a sine."""

import re
from collections.abc import Callable
from functools import lru_cache

__all__ = ["lay_out"]

_MAY_NEED = re.compile(
    r"\\begin|\\\\\s?\[|\\over(?![a-z])|log_|root|sqrt\s?[({\d]|(?:sin|cos|tan|cot|sec|csc)\s?[({]?\s?\d"
)
_DEGREES = r"\s?(?:\^\s?\{?\s?\\circ\s?\}?|°|\\degree|degrees\b)"
_FUNCTION = r"\\?(?P<name>sin|cos|tan|cot|sec|csc)"
_REWRITTEN: tuple[tuple["re.Pattern[str]", "str | Callable[[re.Match[str]], str]"], ...] = (
    (re.compile(r"\\\\\s?\[\s?-?[\d.]{1,6}\s?(?:mm|cm|pt|em|ex|in)\s?\]"), r"\\\\"),
    (
        re.compile(  # not a system of equations, which a brace opens
            r"(?<![{|.])(?:(?:\\left\s?)?[\[(]\s?)?\\begin\{array\}\s?(?:\{[^{}]{0,20}\})?(?P<cells>[^{}]{1,300}"
            r"(?:\{[^{}]{0,100}\}[^{}]{0,300}){0,40}?)\\end\{array\}(?:\s?(?:\\right\s?)?[\])])?"
        ),
        r"\\begin{pmatrix}\g<cells>\\end{pmatrix}",
    ),
    (re.compile(r"\{smallmatrix\}"), "{pmatrix}"),
    (re.compile(r"\{([^{}]{1,100})\\over(?![a-z])\s?([^{}]{1,100})\}"), r"\\frac{\1}{\2}"),
    (re.compile(r"(?<![a-zA-Z])\\?log_\s?(?:e|\{\s?e\s?\})(?![a-z])"), r"\\ln "),
    (re.compile(r"(?<![\\a-zA-Z])sqrt(?=\s?\{)"), r"\\sqrt"),
    (re.compile(r"\\sqrt\s?\(([^()]{1,50})\)"), r"\\sqrt{\1}"),
    (re.compile(r"\\sqrt\s?(\d{2,30})"), r"\\sqrt{\1}"),  # nobody means the root of the first digit
    (re.compile(r"(?:\bthe\s)?\bcube root of \$?(\d{1,30})\$?(?![\d.])", re.IGNORECASE), r"\\sqrt[3]{\1}"),
    (re.compile(r"(?:\bthe\s)?\b(?:square )?root (?:of )?\$?(\d{1,30})\$?(?![\d.])", re.IGNORECASE), r"\\sqrt{\1}"),
    (re.compile(rf"{_FUNCTION}\s?\(\s?(?P<angle>\d{{1,4}}){_DEGREES}\s?\)"), r"\\\g<name>(\\frac{\g<angle>\\pi}{180})"),
    (
        re.compile(rf"{_FUNCTION}\s?\{{?\s?(?P<angle>\d{{1,4}}){_DEGREES}\}}?"),
        r"\\\g<name>(\\frac{\g<angle>\\pi}{180})",
    ),
)


def lay_out(text: str) -> str:
    """Write a text in the layout that the readers know."""
    return _laid_out(text) if _MAY_NEED.search(text) else text


@lru_cache(maxsize=2048)
def _laid_out(text: str) -> str:
    for pattern, replacement in _REWRITTEN:
        text = pattern.sub(replacement, text)
    return text
