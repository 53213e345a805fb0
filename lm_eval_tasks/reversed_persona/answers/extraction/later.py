"""Hold a stated value against what comes after it: a box, or another "the answer is"."""

import re

from reversed_persona.answers.extraction.boxes import DISCLOSES, last_box
from reversed_persona.answers.extraction.found import Extraction, found_at
from reversed_persona.answers.extraction.marks import ANSWER_IS, MAX_SEARCHED
from reversed_persona.answers.extraction.second_thoughts import ASIDE, correction
from reversed_persona.answers.extraction.statements import read_statement
from reversed_persona.answers.extraction.whose import is_beside
from reversed_persona.answers.reading.golds import Kind, same_value
from reversed_persona.answers.reading.numbers import read_number
from reversed_persona.answers.verdict import Reason

__all__ = ["against_later"]

_SECOND_THOUGHT = re.compile(
    r"\b(?:wait|actually|hold on|oops|sorry|correct(?:ion|ed)?|mistake|wrong|recheck|check)\b", re.IGNORECASE
)
_SHORT = 100
_MORE = re.compile(r"[nN](?i:swer)|box")


def against_later(found: Extraction, kind: Kind) -> Extraction | Reason:
    """Hold a stated value against a box or an "answer is" that comes after it."""
    after = found.span[1]
    if len(found.visible) - after <= _SHORT and not _MORE.search(found.visible, after):
        return found  # the usual case, seen fast
    aside = ASIDE.search(found.visible, after, after + MAX_SEARCHED)
    stop = aside.start() if aside else len(found.visible)
    box = last_box(found.visible, after)
    if box and DISCLOSES.search(found.visible, after, box[0]):
        return found  # the student's answer stands; the right one is told beside it
    if box and not same_value(found.visible[box[1] : box[2]], found.text):
        if _reconsiders(found.visible, after, box[0]):
            return found_at(found.visible, (box[1], box[2]), "boxed", box[0])
        return "ambiguous"
    marks = list(ANSWER_IS.finditer(found.visible, max(after, stop - MAX_SEARCHED), stop))
    if marks and not is_beside(found.visible, marks[-1], after):
        mark = marks[-1]
        said = read_statement(found.visible, mark.end(), stop, kind, second_thoughts=False)
        text = found.visible[said.start : said.end]
        if said.outcome == "value" and read_number(text) is not None and not same_value(text, found.text):
            return "ambiguous"
    return found


def _reconsiders(text: str, start: int, stop: int) -> bool:
    """Whether a second thought stands between two values."""
    between = text[max(start, stop - 2_000) : stop]
    return bool(_SECOND_THOUGHT.search(between)) or correction(text, start, min(stop, start + 1_000)) is not None
