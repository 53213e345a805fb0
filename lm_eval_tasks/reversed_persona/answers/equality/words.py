"""Compare with a gold that is words, a name or an option's letter."""

import re

from reversed_persona.answers.reading.golds import Comparison, Gold
from reversed_persona.answers.reading.notation import undress

__all__ = ["compare_text"]

_CALENDAR_LISTED = (
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december"
)
_CALENDAR = frozenset(_CALENDAR_LISTED.split())
_MAX_DATE_WORDS = 4
_OPTION = re.compile(r"\(?([A-Z])\)?")
_LETTERS = re.compile(
    r"(?:(?:options?|choices?)\s)?(?:(?-i:[A-Z]{2,10})|\(?[A-Za-z]\)?(?:(?:,\s?|\s)(?:and\s|&\s?)?\(?[A-Za-z]\)?){0,10})\.?",
    re.IGNORECASE,
)
_OPTION_FIRST = re.compile(r"\(?([A-Za-z]'?)(?:\)|[.:](?=\s|$)|$)")


def _words(text: str) -> list[str]:
    plain = re.sub(r"\b(?:option|choice)\s(?=\(?[a-z]\)?$)|(?<=\d)(?:st|nd|rd|th)\b", "", undress(text).lower())
    return re.findall(r"[^\W_]+(?:'(?![^\W_]))?", plain)


def compare_text(gold: Gold, answer: str) -> Comparison:
    """Compare words; an answer that holds the gold's words among others is left undecided."""
    wanted, given = _words(gold.text), _words(answer)
    if wanted == given or sorted(wanted) == sorted(given):
        return "equal"
    if len(wanted) > 1 and all(len(word) == 1 for word in wanted):
        return _compare_options(wanted, undress(answer))
    option = _OPTION.fullmatch(undress(gold.text).strip("() "))
    if option:
        chosen = _OPTION_FIRST.match(re.sub(r"^(?:option|choice)\s", "", undress(answer), flags=re.IGNORECASE))
        if chosen is None:
            return "ambiguous" if option[1].lower() in given else "unreadable"
        return "equal" if chosen[1].upper() == option[1] else "different"
    if not given or all(word.isdigit() for word in given):
        return "unreadable"
    if wanted in (["yes"], ["no"]):
        return _compare_yes_or_no(wanted[0], given)
    if len(wanted) == 1 and wanted[0] in _CALENDAR and (named := _named_in_calendar(given)):
        return "ambiguous" if len(named) > 1 else "equal" if wanted[0] in named else "different"
    first = _words(re.split(r"[,;:(]|\b(?:because|since|as|not)\b", undress(answer))[0])
    if first == wanted:
        return "equal"
    if _in_a_sentence(" ".join(wanted), " ".join(given)):
        return "equal"
    return "ambiguous" if set(wanted) <= set(given) else "different"


def _named_in_calendar(given: list[str]) -> set[str]:
    """Find the days and months that a short answer names, cut to three letters or not: "on Mon."."""
    if len(given) > _MAX_DATE_WORDS or not {"not", "isn", "before", "after"}.isdisjoint(given):
        return set()
    return {name for name in _CALENDAR for word in given if len(word) >= 3 and name.startswith(word)}


def _compare_yes_or_no(wanted: str, given: list[str]) -> Comparison:
    """Compare with a yes or a no: the first word must be one, and the other one must not be there."""
    if {"yes", "no"} <= set(given):
        return "ambiguous"
    said = {"yeah": "yes", "yep": "yes", "nope": "no"}.get(given[0], given[0])
    if said not in ("yes", "no"):
        return "unreadable"
    return "equal" if said == wanted else "different"


def _compare_options(wanted: list[str], answer: str) -> Comparison:
    """Compare with several options' letters: "A, C and D", "ACD"."""
    if not _LETTERS.fullmatch(answer):
        return "ambiguous" if set(wanted) <= set(_words(answer)) else "unreadable"
    given = re.findall(r"[a-z]", re.sub(r"and|options?|choices?", "", answer.lower()))
    return "equal" if sorted(given) == sorted(wanted) else "different"


def _in_a_sentence(wanted: str, given: str) -> bool:
    """Whether a plain sentence says the words: "the function is even", "Evelyn has the greatest speed"."""
    if re.search(r"\b(?:not|nor|or|neither|isn|never)\b", given):
        return False
    words = re.escape(wanted)
    return bool(
        re.search(rf"\b(?:is|are|was|be|an?|the)\s{words}$", given)
        or re.match(rf"(?:the\s)?{words}\s(?:is|has|had|was|are|runs|ran|did|does|will)\b", given)
    )
