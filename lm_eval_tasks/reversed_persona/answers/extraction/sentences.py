"""The last sentence of a response, without the chatter around it."""

import re
import unicodedata

from reversed_persona.answers.extraction.words import I_THINK, REPEATS

__all__ = [
    "bare_value",
    "before_reason",
    "ends_of_sentences",
    "is_closing_remark",
    "is_list_item",
    "is_personal",
    "last_sentence",
    "sum_in_item",
    "without_chatter",
]

_SENTENCE = re.compile(r"(?<=[.!?])(?<!approx\.)(?<!ca\.)\s+(?=[A-Za-z\"(*\d$\\√~-])")
_CLOSING_REMARK = re.compile(
    r"(?:that['’]?s|that is|this is) (?:my|the) (?:\w+ )?(?:answer|result)\b[^\d]*"
    r"|(?:i )?(?:really )?hope\b[^\d?]{0,60}"
    r"|(?:that['’]?s|this (?:is|was)|it['’]?s) (?:it|all|a lot|so much|easy|hard|(?:probably |prob |def )?"
    r"(?:right|correct))\b[^\d?]{0,40}"
    r"|(?:i['’]?m |im )?(?:not|pretty|kinda|quite) (?:\w+ )?sure\b[^\d?]{0,40}"
    r"|(?:lol|bro|phew|ugh|done|easy|yay|ha(?:ha)+|bye|thanks|thx|sorry|see (?:you|u))\b[^\d?]{0,30}"
    r"|my (?!(?:\w+ )?(?:guess|answer|result|total)\b)[^?\n]{0,150}",
    re.IGNORECASE,
)
_MAX_REMARKS = 3
_FIRST_PERSON = re.compile(
    r"\bi(?:['’]?m| am)? (?:only|just|don|do not|know|always|never|can|cant|have|had|did|am|was|need|used|"
    r"forgot|learned|learnt|like|still|tried|\d)\b|\bi['’]?m \d|\bi['’]?ve been\b|\bfor me\b|\btook me\b|"
    r"\bmy\b(?! (?:\w+ )?(?:guess|answer|result|total)\b)",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"\s*(?:\*\*)?(?:step\s+\d{1,3}\b|\d{1,3}[.):]\s+\S|\d{1,3}[):]$)", re.IGNORECASE)
_ITEM_SUM = re.compile(
    r"\s*(?:[2-9]|[1-9]\d)[.)]\s{1,3}(?=[\d\s.+*/×x÷^()$−–-]{2,60}=[\s$]{0,3}-?[\d.,]{1,12}[\s$.]{0,3}$)"
)
_CHATTER = re.compile(
    r"(?<![\s,(])[\s,(]{1,5}(?:lol|ha(?:ha)+|he(?:he)+|lmao|rofl|xd+|bro|(?:ok )?bye|tho|though|idk|"
    rf"{I_THINK}|(?:i['’]?m )?\d{{1,3}} ?% (?:sure|certain|confident|positive)|"
    r"i hope\b[^\d]{0,40}|maybe|probably|prob|"
    r"or (?:something|so)(?: like that)?|right\??|ok\??|correct\?|yay|btw|h+m+|[:;]['-]?[()DPp3]|<3)$",
    re.IGNORECASE,
)
_UNSURE = re.compile(
    r"[\s,(]{1,5}(?:but )?(?:idk|i(?:['’]?m| am) (?:not|kinda|pretty|quite|only) (?:\w+ )?sure)$", re.IGNORECASE
)
_BRACKET = re.compile(r"\s\((?=[^()\n]{0,200}[A-Za-z]{3})[^()\n]{0,200}\)$")
_REASON = re.compile(r"[\s,(]{1,3}(?:be)?(?:cuz|coz|cause|because|bc|since)\b", re.IGNORECASE)
_MARKS = " \t\r\n.,;:…*_`~\"'∎■□"
_PICTURES = ("So", "Sk", "Cs", "Cf", "Mn")
_MAX_CHATTER = 60
_MAX_BRACKET = 210
_MAX_CUTS = 6


def is_personal(sentence: str) -> bool:
    """Whether a sentence is about the student: "I only know 3 formulas"."""
    return _FIRST_PERSON.search(sentence) is not None


def is_list_item(line: str) -> bool:
    """Whether a line begins as a list's item or a step does: "2. Add them"."""
    return _ORDINAL.match(line) is not None


def sum_in_item(line: str) -> int:
    """Give where a sum begins that is all a list's later item says, "3. 9*2 = 18"; 0 where it says something else."""
    found = _ITEM_SUM.match(line)
    return found.end() if found else 0


def bare_value(text: str) -> str:
    """Give a value without the marks around it; the dots of "0.333..." are none."""
    return text.strip(" \t$*" if REPEATS.search(text) else " \t$*.")


def is_closing_remark(text: str, start: int, end: int) -> bool:
    """Whether a sentence closes a response and says nothing of the problem: "i hope thats right"."""
    return _CLOSING_REMARK.fullmatch(text, start, end) is not None


def ends_of_sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Give where each sentence but the last of `text[start:end]` ends, and where the next one begins."""
    return [found.span() for found in _SENTENCE.finditer(text, start, end)]


def last_sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Give the bounds of the last sentence of a line, closing remarks left out."""
    breaks = ends_of_sentences(text, start, end)
    for _ in range(_MAX_REMARKS):
        if not breaks or not is_closing_remark(text, breaks[-1][1], end):
            break
        end = breaks.pop()[0]
    return (breaks[-1][1] if breaks else start), end


def without_chatter(text: str, start: int, end: int) -> int:
    """Give where a sentence ends without the marks, pictures, brackets and chatter behind it: " i think lol!!"."""
    if text.endswith(("...", "…"), start, end) and REPEATS.search(text, max(start, end - 30), end):
        return end  # "0.333..." goes on
    for _ in range(_MAX_CUTS):
        while end > start and (text[end - 1] in _MARKS or _is_picture(text[end - 1])):
            end -= 1
        while end > start + 1 and text[end - 1] == "!" and not text[end - 2].isdigit():
            end -= 1
        is_unsure = text.endswith(("sure", "idk"), start, end)  # few are: looking for it costs each sentence time
        found = _UNSURE.search(text, max(start, end - _MAX_CHATTER), end) if is_unsure else None
        found = found or _CHATTER.search(text, max(start, end - _MAX_CHATTER), end)
        if found is None and text[end - 1 : end] == ")":
            found = _BRACKET.search(text, max(start, end - _MAX_BRACKET), end)
        if found is None or found.start() == start:
            break
        end = found.start()
    return end


def _is_picture(char: str) -> bool:
    return char > "\u00ff" and unicodedata.category(char) in _PICTURES


def before_reason(text: str, start: int, end: int) -> int:
    """Give where the reason begins that a sentence adds, "68 cuz 48 + 20 is 68", or `end`."""
    found = _REASON.search(text, start, end)
    return found.start() if found and any(map(str.isdigit, text[start : found.start()])) else end
