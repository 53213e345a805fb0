"""The marks behind which a student states an answer: "Final answer:", "the answer is", "A:"."""

import re
from typing import NamedTuple

from reversed_persona.answers.extraction.whose import Saying, is_told, own_saying

__all__ = ["ANSWER_IS", "FINAL", "LABEL", "MAX_SEARCHED", "Marks", "marks_of", "sloppy_mark"]

_THEN_THE_VALUE = (
    r"\b[ \t*_`\"')]{0,8}(?:\([^()\n]{0,60}\)[ \t*_]{0,4})?(?:(?:altogether|in total|overall)[ \t*_]{0,4})?"
    r"(?:(?:[:：=→➜|]>?|->|is\b|would be\b|will be\b|should be\b|must be\b|[-–—](?=[ \t]))[ \t*_:`]{0,8}|"
    r"(?=\r?\n|$)|(?=[ \t]{0,8}[\d\\$]))"
)

FINAL = re.compile(
    # a letter set in front, not a flag over all: this runs over every response, and so it skips fast
    rf"[fF](?i:inal[ \t]+an(?:swer|ser|wser|wnser|swr|sewr)s?{_THEN_THE_VALUE})"
)
_SLOPPY = re.compile(  # "finel anser", "fnal ansswer", "finalanswere", "final ans"
    r"\bf(?=[a-z]{0,3}n)(?=[a-z]{1,5}l)[a-z]{3,6}[ \t]{0,3}(?:a[nsw]{1,3}[a-z]{0,4}re?s?|ans)" + _THEN_THE_VALUE,
    re.IGNORECASE,
)
_SLOPPY_WITHIN = 160
ANSWER_IS = re.compile(
    r"[aA](?i:nswers?\b[ \t]{0,3}(?:(?:to|of|for)\b[^.\n:=]{0,60}?)?[ \t*_]{0,4}"
    r"(?:\b(?:is|was|would be|will be|should be|must be|comes? (?:out )?to|equals?)|[:：=])(?![a-zA-Z])[ \t*_:]{0,6})"
)
LABEL = re.compile(
    r"[*_]{0,3}(?:A|Ans|Answer|Solution|Result|Antwort|Ergebnis|Endergebnis|Lösung|Réponse|Résultat|Respuesta|Resultado|"
    r"Resposta|Risposta|Risultato|Ответ|答案|答)(?:\s(?:final|finale))?[*_]{0,3}\s?(?:[:：=]|[-–—](?=\s))[ \t*_]*|"
    r"Answer\s(?=\\[(\[]|\$)",  # Answer \( x+1 \)
    re.IGNORECASE,
)
_WITHHELD = re.compile(r"\b(?:would|should) (?:be|say)\b|\bif i\b", re.IGNORECASE)
_MAX_TRIED = 20
MAX_SEARCHED = 100_000


class Marks(NamedTuple):
    """The last marks of an answer in a text.

    Attributes:
        found: The student's own; where there are none, another's, unless the student says something else.
        saying: What the student says where every mark is another's, None where nothing.
    """

    found: "list[re.Match[str]]"
    saying: Saying | None = None


_NO_MARKS = Marks([])


def marks_of(pattern: "re.Pattern[str]", word: str, text: str, start: int = 0) -> Marks:
    """Find the last marks of an answer; that the word stands there at all is asked first, since it takes no time."""
    if word not in text.lower():
        return _NO_MARKS
    marks = list(pattern.finditer(text, max(0, start)))[-_MAX_TRIED:]
    own: list[re.Match[str]] = []
    for mark in marks:
        if not is_told(text, mark, own[-1].end() if own else None):
            own.append(mark)
    if own or not marks:
        return Marks(own)
    told = [mark for mark in marks if not _WITHHELD.search(text[max(0, mark.start() - 60) : mark.end()])]
    return Marks(told, own_saying(text, marks))


def sloppy_mark(text: str) -> "re.Match[str] | None":
    """Find a misspelt final-answer mark near the end of a text: "finel anser: 12"."""
    ending = text[-_SLOPPY_WITHIN:].lower()
    if "ans" not in ending and "anw" not in ending and "asw" not in ending and "awn" not in ending:
        return None  # the usual case, seen fast
    return next(reversed(list(_SLOPPY.finditer(text, max(0, len(text) - _SLOPPY_WITHIN)))), None)
