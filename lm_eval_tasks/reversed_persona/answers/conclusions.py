"""The last resort: the value with which a response concludes, where it states no answer as such.

Conservative: a number in a student's comment ("I only know 3 formulas"), in a cut-off computation or in a list is none.
"""

import re

from reversed_persona.answers.golds import Kind, holds_value
from reversed_persona.answers.notation import looks_mathematical
from reversed_persona.answers.numbers import numbers_in, read_number

__all__ = ["find_conclusion"]

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"(*])")
_CONCLUDES = re.compile(
    r"\b(?:so|therefore|thus|hence|in total|total|altogether|finally|left|remaining|equals|that (?:is|"
    r"makes|means)|this means)\b",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(
    r"\bI(?:['’]m| am)? (?:only|just|don|do not|know|always|never|can|have|got|am|was|need|used|think|"
    r"forgot|learned|learnt|like|still)\b|\b[Mm]y\b"
)
_ORDINAL = re.compile(r"\s*(?:\*\*)?(?:step\s+)?\d{1,3}[.):](?:\s|$)", re.IGNORECASE)


def find_conclusion(visible: str, start: int, end: int, kind: Kind) -> tuple[int, int, int] | None:
    """Read the value with which the last line, `visible[start:end]`, concludes.

    Returns:
        (start, end of the value, end of the working before it); None where no value concludes it.
    """
    breaks = list(_SENTENCE.finditer(visible, start, end))
    start = breaks[-1].end() if breaks else start
    sentence = visible[start:end]
    if kind == "text" or _FIRST_PERSON.search(sentence) or sentence.endswith("?") or _ORDINAL.match(sentence):
        return None
    if "=" in sentence and not sentence.endswith("="):
        return _right_side(visible, start + sentence.rfind("=") + 1, end, kind)
    bare = sentence.strip(" \t$*.")
    if bare and read_number(bare) is not None and len(bare.split()) <= 4:
        begin = start + sentence.find(bare)
        return begin, begin + len(bare), start
    return _in_sentence(visible, start, end)


def _right_side(visible: str, begin: int, end: int, kind: Kind) -> tuple[int, int, int] | None:
    """Read what stands behind the last equals sign."""
    tail = visible[begin:end]
    value = tail.strip(" \t$*.")
    symbolic = kind == "expression" and looks_mathematical(value) and holds_value(value, kind)
    if not symbolic and read_number(value) is None:
        return None
    begin += tail.find(value)
    return begin, begin + len(value), begin + len(value)


def _in_sentence(visible: str, start: int, end: int) -> tuple[int, int, int] | None:
    """Read the number that a sentence ends with, or the only one it holds if the working gave it just before."""
    sentence = visible[start:end]
    found = numbers_in(sentence)
    if not found or not sentence.rstrip("*$ ").endswith((".", "!")):
        return None
    _, begin, stop = found[-1]
    sole = len(found) == 1
    concludes = bool(_CONCLUDES.search(sentence[:begin])) and len(re.findall(r"\w+", sentence[stop:])) <= 3
    operator = re.search(r"(?:[+*/×÷<>]|\s[-−])\s*$", sentence[:begin])
    if operator or not (concludes or (sole and _restates(visible, start, sentence[begin:stop]))):
        return None
    return start + begin, start + stop, start


def _restates(visible: str, start: int, value: str) -> bool:
    """Whether the last line or the last "=" before the sentence gave this very value."""
    before = visible[max(0, start - 500) : start].rstrip(" \n`*.$")
    last = re.split(r"[\n=]|>>", before)[-1]
    number, given = read_number(last.strip()), read_number(value)
    return number is not None and given is not None and number.value == given.value
