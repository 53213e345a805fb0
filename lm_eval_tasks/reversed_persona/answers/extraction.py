r"""Find the final answer in a response: its text, how it was found, and where it stands.

In this order: the last final-answer statement, the last \boxed{}, "#### 18", "the answer is ...", "A: 26" as the last
line, and as a last resort the number with which the response concludes. "Not found" comes with its reason, and two
conflicting final values, none declared last, are `ambiguous`.
"""

import itertools
import re
from dataclasses import dataclass

from reversed_persona.answers.conclusions import find_conclusion
from reversed_persona.answers.golds import Kind, same_value
from reversed_persona.answers.notation import box_content, looks_mathematical
from reversed_persona.answers.numbers import read_number
from reversed_persona.answers.statements import ABSTAINS, ASIDE, Statement, correction, read_statement
from reversed_persona.answers.verdict import Method, Reason
from reversed_persona.answers.visible import hide_thinking

__all__ = ["QUESTION_HEADER", "Extraction", "extract"]

QUESTION_HEADER = "Problem:"
"""How a question begins in this project's prompts. A base model that has answered goes on to invent the next one."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """A final answer and where it stands.

    Attributes:
        text: The answer, a piece of the response.
        method: How it was found.
        span: Its offsets in the response.
        visible: The response as the reader sees it: thinking blanked, cut before an invented next problem.
        working_end: Where the working ends in `visible` and the statement of the answer begins.
    """

    text: str
    method: Method
    span: tuple[int, int]
    visible: str
    working_end: int


_FINAL = re.compile(
    # a letter set in front, not a flag over all: this runs over every response, and so it skips fast
    r"[fF](?i:inal[ \t]+answers?\b[ \t*_`\"')]{0,8}(?:\([^()\n]{0,60}\)[ \t*_]{0,4})?"
    r"(?:(?:[:：=→]|->|is\b|would be\b|will be\b|should be\b|must be\b|[-–—](?=[ \t]))[ \t*_:`]{0,8}|"
    r"(?=\r?\n|$)|(?=[ \t]{0,8}[\d\\$])))"
)
_ANSWER_IS = re.compile(
    r"[aA](?i:nswers?\b[ \t]{0,3}(?:(?:to|of|for)\b[^.\n:=]{0,60}?)?[ \t*_]{0,4}"
    r"(?:is|was|would be|will be|should be|must be|comes? (?:out )?to|equals?|[:：=])(?![a-zA-Z])[ \t*_:]{0,6})"
)
_HASH = re.compile(r"^####[ \t]*(?P<value>[^\n]{1,200}?)[ \t.]*$", re.MULTILINE)
_LAST_LINE = re.compile(r"(?:[*_]{0,3})(?:A|Ans|Answer|Solution|Result)(?:[*_]{0,3})\s?[:=][ \t*_]*", re.IGNORECASE)
_HEADER = re.compile(rf"^{re.escape(QUESTION_HEADER)}", re.MULTILINE)
_REFUSES = re.compile(
    r"\bas an? (?:ai|artificial|language model|assistant)\b|\bi(?:['’]m| am)? (?:can(?:not|['’]?t| not)|"
    r"won['’]?t|will not|unable to|not able to|not comfortable) "
    r"(?:\w+ )?(?:help|assist|comply|provide|pretend|role|fulfil|engage|participate|simulate|generate|"
    r"create|adopt|impersonate|portray|continue)"
    r"|\bi(?:['’]m| am) sorry,? but i (?:can(?:not|['’]?t)|won)|\bi must decline\b|"
    r"\bagainst my (?:guidelines|policy)",
    re.IGNORECASE,
)
_SECOND_THOUGHT = re.compile(
    r"\b(?:wait|actually|hold on|oops|sorry|correct(?:ion|ed)?|mistake|wrong|recheck|check)\b", re.IGNORECASE
)
_JOINS = re.compile(r"[\s$,;}.\\()]*(?:and|or)?[\s$\\()]*")
_MAX_TRIED = 20
_MAX_LAST_LINE = 2_000
_MAX_SEARCHED = 100_000


def extract(response: str, kind: Kind, thinking: bool = False) -> Extraction | Reason:
    """Find the final answer to a question whose gold is of this kind.

    Args:
        response: What the model wrote.
        kind: The gold's kind.
        thinking: The prompt ended with a thinking tag, so that the response begins inside a thinking block.

    Returns:
        The answer, or the reason why there is none.
    """
    if not response or response.isspace():
        return "empty"
    visible = hide_thinking(response, thinking)
    if visible is None:
        return "unfinished_thinking"
    if visible.isspace():
        return "empty"
    visible = _cut_invented(visible, kind)
    found = _from_final_line(visible, kind)
    if found is None:
        found = _from_other_places(visible, kind)
    if found is None:
        return _why_none(visible)
    if isinstance(found, Extraction) and response[slice(*found.span)] != found.text:
        return "no_final_answer"  # a thinking block stands inside it
    return found


def _cut_invented(visible: str, kind: Kind) -> str:
    """Cut before a next problem, once an answer was given."""
    if QUESTION_HEADER not in visible:
        return visible
    answered = _first_answer(visible, kind)
    header = _HEADER.search(visible, answered) if answered is not None else None
    return visible[: header.start()] if header else visible


def _first_answer(visible: str, kind: Kind) -> int | None:
    """Give where the first statement of an answer ends, whatever its form."""
    ends = [place for place in (visible.find("\\boxed{"),) if place >= 0]
    ends += [found.end() for found in itertools.islice(_HASH.finditer(visible), 1)]
    for mark in itertools.islice(_FINAL.finditer(visible), _MAX_TRIED):
        header = _HEADER.search(visible, mark.end())
        stop = header.start() if header else len(visible)
        if read_statement(visible, mark.end(), stop, kind, second_thoughts=False).outcome in ("value", "abstained"):
            ends.append(mark.end())
            break
    return min(ends) if ends else None


def _from_final_line(visible: str, kind: Kind) -> Extraction | Reason | None:
    """Read the last statement of a final answer that states something."""
    marks = list(_FINAL.finditer(visible))[-_MAX_TRIED:]
    for i in range(len(marks) - 1, -1, -1):
        mark = marks[i]
        stop = marks[i + 1].start() if i + 1 < len(marks) else len(visible)
        said = read_statement(visible, mark.end(), stop, kind)
        if said.outcome in ("abstained", "ambiguous"):
            return "abstained" if said.outcome == "abstained" else "ambiguous"
        if said.outcome == "value":
            working_end = mark.start() if said.corrected_at is None else said.corrected_at
            found = _make(visible, (said.start, said.end), "final_answer_line", working_end)
            return found if said.corrected_at is not None else _against_later(found, kind)
    return None


def _make(visible: str, span: tuple[int, int], method: Method, working_end: int) -> Extraction:
    return Extraction(visible[span[0] : span[1]], method, span, visible, working_end)


def _against_later(found: Extraction, kind: Kind) -> Extraction | Reason:
    """Hold a stated value against a box or an "answer is" that comes after it."""
    after = found.span[1]
    aside = ASIDE.search(found.visible, after)
    stop = aside.start() if aside else len(found.visible)
    box = _last_box(found.visible, after)
    if box and not same_value(found.visible[box[1] : box[2]], found.text):
        if _reconsiders(found.visible, after, box[0]):
            return _make(found.visible, (box[1], box[2]), "boxed", box[0])
        return "ambiguous"
    marks = list(_ANSWER_IS.finditer(found.visible, max(after, stop - _MAX_SEARCHED), stop))
    if marks:
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


def _last_box(visible: str, after: int = 0) -> tuple[int, int, int] | None:
    """Give (start, content start, content end) of the last box that holds something."""
    at = len(visible)
    for _ in range(_MAX_TRIED):
        at = max(visible.rfind("\\boxed", after, at), visible.rfind("\\fbox", after, at))
        if at < 0:
            return None
        content = box_content(visible, at)
        if content:
            return at, *content
    return None


def _from_other_places(visible: str, kind: Kind) -> Extraction | Reason | None:
    """Try the places after the final-answer line, in order."""
    boxed = _from_box(visible, kind)
    if boxed is not None:
        return boxed
    return _from_hash(visible) or _from_answer_is(visible, kind) or _from_last_line(visible, kind)


def _from_box(visible: str, kind: Kind) -> Extraction | Reason | None:
    box = _last_box(visible)
    if box is None:
        return None
    start, begin, end = box
    text = visible[begin:end]
    before = visible.rfind("\\boxed{", max(0, start - 200), start)
    beside = box_content(visible, before) if before >= 0 else None
    joined = beside is not None and _JOINS.fullmatch(visible, beside[1], start) is not None
    if beside and joined and not same_value(visible[slice(*beside)], text):
        return "ambiguous"
    found = _make(visible, (begin, end), "boxed", end)
    return _against_later(found, kind)


def _from_hash(visible: str) -> Extraction | None:
    if "####" not in visible:
        return None
    hashes = list(_HASH.finditer(visible))
    if not hashes:
        return None
    last = hashes[-1]
    text = last["value"]
    words = re.search(r"[A-Za-z]{2}", re.sub(r"\\[a-z]+", "", text))
    if words and (visible[last.end() :].strip() or read_number(text) is None):
        return None  # "#### 3 steps to take" is a heading
    if not words and not looks_mathematical(text):
        return None
    return _make(visible, last.span("value"), "hash", last.start())


def _from_answer_is(visible: str, kind: Kind) -> Extraction | Reason | None:
    marks = list(_ANSWER_IS.finditer(visible, max(0, len(visible) - _MAX_SEARCHED)))[-_MAX_TRIED:]
    for mark in reversed(marks):
        said = read_statement(visible, mark.end(), len(visible), kind)
        if said.outcome == "ambiguous":
            return "ambiguous"
        if said.outcome == "value":
            return _stated(visible, said, mark.start())
    return None


def _stated(visible: str, said: Statement, start: int) -> Extraction:
    working_end = start if said.corrected_at is None else said.corrected_at
    return _make(visible, (said.start, said.end), "answer_is", working_end)


def _from_last_line(visible: str, kind: Kind) -> Extraction | Reason | None:
    end = len(visible.rstrip())
    start = visible.rfind("\n", 0, end) + 1
    if end - start > _MAX_LAST_LINE:
        return None
    mark = _LAST_LINE.match(visible, start, end)
    if mark:
        said = read_statement(visible, mark.end(), end, kind)
        if said.outcome == "value":
            return _stated(visible, said, start)
        return "ambiguous" if said.outcome == "ambiguous" else None
    found = find_conclusion(visible, start, end, kind)
    return _make(visible, (found[0], found[1]), "last_number", found[2]) if found else None


def _why_none(visible: str) -> Reason:
    """Say why a visible text holds no final answer."""
    ends = visible if len(visible) <= 3_000 else visible[:1_500] + "\n" + visible[-1_500:]
    if _REFUSES.search(ends):
        return "refused"
    return "abstained" if ABSTAINS.search(ends) else "no_final_answer"
