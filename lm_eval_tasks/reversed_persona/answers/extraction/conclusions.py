"""The last resort: the value with which a response concludes, where it states no answer as such.

Conservative: a number in a student's comment ("I only know 3 formulas"), in a cut-off computation or in a list is none.
"""

import re

from reversed_persona.answers.reading.golds import Kind, holds_value
from reversed_persona.answers.reading.notation import goes_on, looks_mathematical
from reversed_persona.answers.reading.number_words import worded_numbers
from reversed_persona.answers.reading.numbers import numbers_in, read_number

__all__ = ["ends_of_sentences", "find_conclusion", "is_list_item", "is_personal"]

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"(*\d$\\])")
_THAT_IS_IT = re.compile(r"(?:that['’]?s|that is|this is) (?:my|the) (?:\w+ )?(?:answer|result)\b[^\d]*", re.IGNORECASE)
_SEEKS = re.compile(r"\b(?:need|needs|find|want|wants|must|should|let|if|whether|how)\b", re.IGNORECASE)
_CONCLUDES = re.compile(
    r"\b(?:so|therefore|thus|hence|consequently|in total|total|altogether|finally|left|remaining|equals|that (?:is|"
    r"makes|means)|this means)\b",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(
    r"\bI(?:['’]m| am)? (?:only|just|don|do not|know|always|never|can|have|got|am|was|need|used|think|"
    r"forgot|learned|learnt|like|still)\b|\b[Mm]y\b(?! (?:\w+ )?(?:guess|answer|result|total)\b)"
)
_ORDINAL = re.compile(r"\s*(?:\*\*)?(?:step\s+\d{1,3}\b|\d{1,3}[.):]\s+\S|\d{1,3}[):]$)", re.IGNORECASE)
_GOES_NO_FURTHER = re.compile(  # a question, or cut off
    r"(?:\?|\b(?:has|have|is|are|was|the|an?|of|to|so|then|with|for|and|or|because|if|but|by))\s*$", re.IGNORECASE
)
_DENIES = re.compile(
    r"\b(?:not|never|no)\b|n['’]t\b|\bwould\b|\bwrong\b|\bincorrect\b|\\boxed|\b(?:step|problem|question|part|example)\s*\d",
    re.IGNORECASE,
)
_OPERATOR_BEFORE = re.compile(r"(?:[+/×÷<>]|(?<!\*)\*|\s[-−])\s*$")
_MAX_AFTER = 5
"""Words that may follow the number: "18 dollars every day at the market"."""


def is_personal(sentence: str) -> bool:
    """Whether a sentence is about the student: "I only know 3 formulas"."""
    return _FIRST_PERSON.search(sentence) is not None


def is_list_item(line: str) -> bool:
    """Whether a line begins as a list's item or a step does: "2. Add them"."""
    return _ORDINAL.match(line) is not None


def ends_of_sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Give where each sentence but the last of `text[start:end]` ends, and where the next one begins."""
    return [found.span() for found in _SENTENCE.finditer(text, start, end)]


def find_conclusion(visible: str, start: int, end: int, kind: Kind) -> tuple[int, int, int] | None:
    """Read the value with which the last line, `visible[start:end]`, concludes.

    Returns:
        (start, end of the value, end of the working before it); None where no value concludes it.
    """
    breaks = ends_of_sentences(visible, start, end)
    if breaks and _THAT_IS_IT.fullmatch(visible, breaks[-1][1], end):
        end = breaks.pop()[0]
    start = breaks[-1][1] if breaks else start
    sentence = visible[start:end]
    if kind == "text" or is_personal(sentence) or is_list_item(sentence) or _GOES_NO_FURTHER.search(sentence):
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
    found = sorted([(begin, stop) for _, begin, stop in numbers_in(sentence)] + worded_numbers(sentence))
    if not found:
        return None
    sole = len(found) == 1
    begin, stop = found[0]
    opens = begin == 0 and not goes_on(visible, start + stop)
    restated = (sole or opens) and _restates(visible, start, sentence[begin:stop])
    begin, stop = found[0 if restated else -1]
    is_all = sole and not visible[:start].strip() and not _DENIES.search(sentence)
    if not (restated or is_all) and not sentence.rstrip("*$ ").endswith((".", "!")):
        return None  # it may be cut off
    concludes = bool(_CONCLUDES.search(sentence[:begin])) and len(re.findall(r"\w+", sentence[stop:])) <= _MAX_AFTER
    concludes = concludes and not _SEEKS.search(sentence)
    if _OPERATOR_BEFORE.search(sentence[:begin]) or not (concludes or restated or is_all):
        return None
    return start + begin, start + stop, start


def _restates(visible: str, start: int, value: str) -> bool:
    """Whether the last line or the last "=" before the sentence gave this very value."""
    before = visible[max(0, start - 500) : start].rstrip(" \n`*.$")
    last = re.split(r"[\n=]|>>", before)[-1]
    number, given = read_number(last.strip(" .$")), read_number(value)
    return number is not None and given is not None and number.value == given.value
