"""Read the statement behind a mark: the last final-answer line, "the answer is", or a label on the last line."""

import re

from reversed_persona.answers.extraction.found import Extraction, found_at
from reversed_persona.answers.extraction.later import against_later
from reversed_persona.answers.extraction.marks import ANSWER_IS, FINAL, LABEL, MAX_SEARCHED, marks_of, sloppy_mark
from reversed_persona.answers.extraction.statements import Statement, read_statement
from reversed_persona.answers.extraction.whose import Saying, deliberate_saying, is_told
from reversed_persona.answers.reading.golds import Kind, same_value
from reversed_persona.answers.verdict import Reason

__all__ = ["from_answer_is", "from_final_line", "from_label", "from_sloppy_line", "last_line"]

_CONDITION = re.compile(
    r"\(\s*(?:if|when|assuming|with|without|in case|case|option|version|interpretation)\b", re.IGNORECASE
)


def from_final_line(visible: str, kind: Kind) -> Extraction | Reason | None:
    """Read the last statement of a final answer that states something."""
    marks, saying = marks_of(FINAL, "final", visible)
    if saying:
        return None
    for i in range(len(marks) - 1, -1, -1):
        mark = marks[i]
        stop = marks[i + 1].start() if i + 1 < len(marks) else len(visible)
        if "|" in mark.group():  # a row of a table
            cell = visible.find("|", mark.end(), stop)
            stop = cell if cell > 0 else stop
        said = read_statement(visible, mark.end(), stop, kind)
        if said.outcome in ("abstained", "ambiguous"):
            return "abstained" if said.outcome == "abstained" else "ambiguous"
        if said.outcome == "value" and i and _is_alternative(visible, marks[i - 1], mark, said, kind):
            return "ambiguous"
        if said.outcome == "value":
            working_end = mark.start() if said.corrected_at is None else said.start
            found = found_at(visible, (said.start, said.end), "final_answer_line", working_end)
            return found if said.corrected_at is not None else against_later(found, kind)
    return None


def from_sloppy_line(visible: str, kind: Kind) -> Extraction | Reason | None:
    """Read a misspelt final-answer line: "finel anser: 12"."""
    mark = sloppy_mark(visible)
    if mark is None or is_told(visible, mark, None):
        return None
    said = read_statement(visible, mark.end(), len(visible), kind)
    if said.outcome in ("abstained", "ambiguous"):
        return "abstained" if said.outcome == "abstained" else "ambiguous"
    if said.outcome == "none":
        return None
    working_end = mark.start() if said.corrected_at is None else said.start
    return found_at(visible, (said.start, said.end), "final_answer_line", working_end)


def _is_alternative(visible: str, before: "re.Match[str]", mark: "re.Match[str]", said: Statement, kind: Kind) -> bool:
    """Whether two statements hold under conditions: "Final answer (if the gate is free): 912", "... (if not): 960"."""
    if not (_CONDITION.search(before.group()) and _CONDITION.search(mark.group())):
        return False
    other = read_statement(visible, before.end(), mark.start(), kind, second_thoughts=False)
    return other.outcome == "value" and not same_value(visible[other.start : other.end], visible[said.start : said.end])


def from_answer_is(visible: str, kind: Kind) -> Extraction | Reason | None:
    """Read the last "the answer is" that states something."""
    marks, saying = marks_of(ANSWER_IS, "answer", visible, len(visible) - MAX_SEARCHED)
    saying = deliberate_saying(visible) or saying if marks else saying
    if saying:
        return _from_saying(visible, saying, marks, kind)
    for mark in reversed(marks):
        said = read_statement(visible, mark.end(), len(visible), kind)
        if said.outcome == "ambiguous":
            return "ambiguous"
        if said.outcome == "value":
            return _stated(visible, said, mark.start())
    return None


def _from_saying(visible: str, saying: Saying, marks: "list[re.Match[str]]", kind: Kind) -> Extraction | Reason | None:
    """Take what the student says where the marked answer is another's; a mere step beside that makes two readings."""
    own = read_statement(visible, saying.end, len(visible), kind, second_thoughts=False)
    if own.outcome != "value":
        return "ambiguous"
    text = visible[own.start : own.end]
    told = read_statement(visible, marks[-1].end(), len(visible), kind, second_thoughts=False) if marks else None
    if saying.is_certain or (told and same_value(text, visible[told.start : told.end])):
        return _stated(visible, own, saying.end)
    return "ambiguous"


def _stated(visible: str, said: Statement, start: int) -> Extraction:
    working_end = start if said.corrected_at is None else said.corrected_at
    return found_at(visible, (said.start, said.end), "answer_is", working_end)


def last_line(visible: str) -> tuple[int, int]:
    """Give the bounds of the last line that isn't blank."""
    end = len(visible.rstrip())
    return visible.rfind("\n", 0, end) + 1, end


def from_label(visible: str, kind: Kind) -> Extraction | Reason | None:
    """Read a last line such as "A: 26"."""
    start, end = last_line(visible)
    mark = LABEL.match(visible, start, end)
    if mark is None:
        return None
    said = read_statement(visible, mark.end(), end, kind)
    if said.outcome == "value":
        return _stated(visible, said, start)
    return "ambiguous" if said.outcome == "ambiguous" else None
