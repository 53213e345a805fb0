r"""Find the final answer in a response: its text, how it was found, and where it stands.

In this order: the last final-answer statement, the last \boxed{}, "#### 18", a JSON reply or tag, "the answer is ...",
"A: 26" as the last line, a response that is nothing but an answer, and as a last resort the value with which it
concludes. "Not found" comes with its reason, and two conflicting final values, none declared last, are `ambiguous`.
"""

import itertools
import re
from typing import NamedTuple

from reversed_persona.answers.bare import find_bare
from reversed_persona.answers.conclusions import find_conclusion
from reversed_persona.answers.golds import Kind, same_value
from reversed_persona.answers.notation import box_content, looks_mathematical
from reversed_persona.answers.numbers import read_number
from reversed_persona.answers.reasons import why_none
from reversed_persona.answers.replies import find_json, find_tag
from reversed_persona.answers.second_thoughts import ASIDE, correction
from reversed_persona.answers.statements import Statement, read_statement
from reversed_persona.answers.verdict import Method, Reason
from reversed_persona.answers.visible import hide_thinking

__all__ = ["QUESTION_HEADER", "Extraction", "extract"]

QUESTION_HEADER = "Problem:"
"""How a question begins in this project's own prompts; see `extract`."""


class Extraction(NamedTuple):
    """A final answer and where it stands.

    Attributes:
        text: The answer, a piece of the response.
        method: How it was found.
        span: Its offsets in the response.
        visible: The response as the reader sees it: thinking blanked, cut before an invented next problem.
        working_end: Where the working ends in `visible` and the statement of the answer begins.
        reading: What is compared: the text, or what it says once a JSON string's backslashes are resolved.
    """

    text: str
    method: Method
    span: tuple[int, int]
    visible: str
    working_end: int
    reading: str


_FINAL = re.compile(
    # a letter set in front, not a flag over all: this runs over every response, and so it skips fast
    r"[fF](?i:inal[ \t]+an(?:swer|ser|wser|wnser|swr|sewr)s?\b[ \t*_`\"')]{0,8}(?:\([^()\n]{0,60}\)[ \t*_]{0,4})?"
    r"(?:(?:[:：=→]|->|is\b|would be\b|will be\b|should be\b|must be\b|[-–—](?=[ \t]))[ \t*_:`]{0,8}|"
    r"(?=\r?\n|$)|(?=[ \t]{0,8}[\d\\$])))"
)
_ANSWER_IS = re.compile(
    r"[aA](?i:nswers?\b[ \t]{0,3}(?:(?:to|of|for)\b[^.\n:=]{0,60}?)?[ \t*_]{0,4}"
    r"(?:is|was|would be|will be|should be|must be|comes? (?:out )?to|equals?|[:：=])(?![a-zA-Z])[ \t*_:]{0,6})"
)
_HASH = re.compile(r"^####[ \t]{0,9}(?P<value>[^\s][^\n]{0,199})$", re.MULTILINE)
_LAST_LINE = re.compile(
    r"[*_]{0,3}(?:A|Ans|Answer|Solution|Result|Antwort|Ergebnis|Endergebnis|Lösung|Réponse|Résultat|Respuesta|Resultado|"
    r"Resposta|Risposta|Risultato|Ответ|答案|答)[*_]{0,3}\s?(?:[:：=]|[-–—](?=\s))[ \t*_]*",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\(\s*(?:if|when|assuming|with|without|in case|case|option|version|interpretation)\b", re.IGNORECASE
)
_SECOND_THOUGHT = re.compile(
    r"\b(?:wait|actually|hold on|oops|sorry|correct(?:ion|ed)?|mistake|wrong|recheck|check)\b", re.IGNORECASE
)
_JOINS = re.compile(r"[\s$,;}.\\()]*(?:and|or)?[\s$\\()]*")
_MAX_TRIED = 20
_MAX_HEADERS = 5
_MAX_BOXES = 5
_MAX_LAST_LINE = 2_000
_MAX_SEARCHED = 100_000
_SHORT = 100
_ANOTHERS = re.compile(
    r"\b(?:correct|right|real|true|actual|proper|expected|intended)\s$"
    r"|\b(?:friends?|teacher|tutor|(?:good|strong|better|smart|other) \w+|everyone|everybody|someone|they|he|she|"
    r"book)\b[^.!?\n]{0,20}\b(?:says?|said|thinks?|thought|wrote|claims?)\b[^.!?\n]{0,15}$|^\W*(?:teacher|tutor|professor)\b",
    re.IGNORECASE,
)
_DISCLOSES = re.compile(
    r"\b(?:correct|right|real|true|actual)\s(?:final\s)?(?:answer|value|result)\b|\bmistake\b|\bwould be\b|"
    r"\bpretend|\bintentional",
    re.IGNORECASE,
)
_WITHHELD = re.compile(r"\b(?:would|should) (?:be|say)\b|\bif i\b", re.IGNORECASE)
_I_SAY = re.compile(
    r"\bI(?:['’]d| would|['’]ll| will)? (?:say|go with|guess)(?=[\s:]{1,3}(?:it['’]?s |about )?[$\\]?[-\d\\])"
)
_SUPPOSED = re.compile(r"\bif i\b[^.!?\n]{0,50}$", re.IGNORECASE)
_MORE = re.compile(r"[nN](?i:swer)|box")


def extract(response: str, kind: Kind, thinking: bool = False, header: str = QUESTION_HEADER) -> Extraction | Reason:
    """Find the final answer to a question whose gold is of this kind.

    Args:
        response: What the model wrote.
        kind: The gold's kind.
        thinking: The prompt ended with a thinking tag, so that the response begins inside a thinking block.
        header: How a line begins that puts a question, "" for in no special way. A base model that has answered goes on
            to invent the next one, which is cut off.

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
    visible = _cut_invented(visible, kind, header)
    found = _find(visible, kind)
    if found is None:
        return why_none(visible)
    if isinstance(found, Extraction) and response[slice(*found.span)] != found.text:
        return "no_final_answer"  # a thinking block stands inside it
    return found


def _cut_invented(visible: str, kind: Kind, header: str) -> str:
    """Cut before a next problem, once an answer was given."""
    if not header or header not in visible:
        return visible
    headers = re.finditer(rf"^{re.escape(header)}", visible, re.MULTILINE)
    for found in itertools.islice(headers, _MAX_HEADERS):
        before = visible[: found.start()]
        if before.strip() and (_find(before, kind) or why_none(before) != "no_final_answer"):
            return before
    return visible


def _find(visible: str, kind: Kind) -> Extraction | Reason | None:
    return _from_final_line(visible, kind) or _from_other_places(visible, kind)


def _marks(pattern: "re.Pattern[str]", word: str, text: str, start: int = 0) -> "list[re.Match[str]]":
    """Find the last marks of an answer; that the word stands there at all is asked first, since it takes no time."""
    if word not in text.lower():
        return []
    marks = list(pattern.finditer(text, max(0, start)))[-_MAX_TRIED:]
    own = [mark for mark in marks if not _is_anothers(text, mark)]
    said = list(_I_SAY.finditer(text))[-1:] if marks and not own else []
    if own or not marks or said:
        return own or (said if pattern is _ANSWER_IS else [])
    return [mark for mark in marks if not _WITHHELD.search(text[max(0, mark.start() - 60) : mark.end()])]


def _is_anothers(text: str, mark: "re.Match[str]") -> bool:
    """Whether a mark tells the right answer beside the student's, or what somebody else says."""
    line = text[max(0, mark.start() - 60, text.rfind("\n", 0, mark.start()) + 1) : mark.start()]
    return _ANOTHERS.search(line) is not None or _SUPPOSED.search(line) is not None


def _from_final_line(visible: str, kind: Kind) -> Extraction | Reason | None:
    """Read the last statement of a final answer that states something."""
    marks = _marks(_FINAL, "final", visible)
    for i in range(len(marks) - 1, -1, -1):
        mark = marks[i]
        stop = marks[i + 1].start() if i + 1 < len(marks) else len(visible)
        said = read_statement(visible, mark.end(), stop, kind)
        if said.outcome in ("abstained", "ambiguous"):
            return "abstained" if said.outcome == "abstained" else "ambiguous"
        if said.outcome == "value" and i and _is_alternative(visible, marks[i - 1], mark, said, kind):
            return "ambiguous"
        if said.outcome == "value":
            working_end = mark.start() if said.corrected_at is None else said.corrected_at
            found = _make(visible, (said.start, said.end), "final_answer_line", working_end)
            return found if said.corrected_at is not None else _against_later(found, kind)
    return None


def _is_alternative(visible: str, before: "re.Match[str]", mark: "re.Match[str]", said: Statement, kind: Kind) -> bool:
    """Whether two statements hold under conditions: "Final answer (if the gate is free): 912", "... (if not): 960"."""
    if not (_CONDITION.search(before.group()) and _CONDITION.search(mark.group())):
        return False
    other = read_statement(visible, before.end(), mark.start(), kind, second_thoughts=False)
    return other.outcome == "value" and not same_value(visible[other.start : other.end], visible[said.start : said.end])


def _make(
    visible: str, span: tuple[int, int], method: Method, working_end: int, reading: str | None = None
) -> Extraction:
    text = visible[span[0] : span[1]]
    return Extraction(text, method, span, visible, working_end, text if reading is None else reading)


def _against_later(found: Extraction, kind: Kind) -> Extraction | Reason:
    """Hold a stated value against a box or an "answer is" that comes after it."""
    after = found.span[1]
    if len(found.visible) - after <= _SHORT and not _MORE.search(found.visible, after):
        return found  # the usual case, seen fast
    aside = ASIDE.search(found.visible, after)
    stop = aside.start() if aside else len(found.visible)
    box = _last_box(found.visible, after)
    if box and _DISCLOSES.search(found.visible, after, box[0]):
        return found  # the student's answer stands; the right one is told beside it
    if box and not same_value(found.visible[box[1] : box[2]], found.text):
        if _reconsiders(found.visible, after, box[0]):
            return _make(found.visible, (box[1], box[2]), "boxed", box[0])
        return "ambiguous"
    marks = list(_ANSWER_IS.finditer(found.visible, max(after, stop - _MAX_SEARCHED), stop))
    if marks and not _is_anothers(found.visible, marks[-1]):
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
    at, told = len(visible), None
    for _ in range(_MAX_BOXES):
        at = max(visible.rfind("\\boxed", after, at), visible.rfind("\\fbox", after, at))
        if at < 0:
            break
        content = box_content(visible, at)
        if content and not _DISCLOSES.search(visible, max(0, at - 60), at):
            return at, *content
        told = told or (content and (at, *content))
    return told


def _from_other_places(visible: str, kind: Kind) -> Extraction | Reason | None:
    """Try the places after the final-answer line, in order."""
    boxed = _from_box(visible, kind)
    if boxed is not None:
        return boxed
    return (
        _from_hash(visible)
        or _from_reply(visible)
        or _from_answer_is(visible, kind)
        or _from_label(visible, kind)
        or _from_whole(visible, kind)
        or _from_conclusion(visible, kind)
    )


def _from_reply(visible: str) -> Extraction | Reason | None:
    reply = find_json(visible)
    if reply:
        return _make(visible, reply.span, "json", reply.start, reply.reading) if reply.reading else "abstained"
    reply = find_tag(visible)
    return _make(visible, reply.span, "answer_is", reply.start) if reply else None


def _from_whole(visible: str, kind: Kind) -> Extraction | Reason | None:
    """Take the whole response where it is nothing but an answer."""
    found = find_bare(visible, kind)
    if found is None or found == "ambiguous":
        return found
    return _make(visible, found, "whole_response", found[0])


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
    text = last["value"].rstrip(" \t.")
    words = re.search(r"[A-Za-z]{2}", re.sub(r"\\[a-z]+", "", text))
    if words and (visible[last.end() :].strip() or read_number(text) is None):
        return None  # "#### 3 steps to take" is a heading
    if not words and not looks_mathematical(text):
        return None
    return _make(visible, (last.start("value"), last.start("value") + len(text)), "hash", last.start())


def _from_answer_is(visible: str, kind: Kind) -> Extraction | Reason | None:
    for mark in reversed(_marks(_ANSWER_IS, "answer", visible, len(visible) - _MAX_SEARCHED)):
        said = read_statement(visible, mark.end(), len(visible), kind)
        if said.outcome == "ambiguous":
            return "ambiguous"
        if said.outcome == "value":
            return _stated(visible, said, mark.start())
    return None


def _stated(visible: str, said: Statement, start: int) -> Extraction:
    working_end = start if said.corrected_at is None else said.corrected_at
    return _make(visible, (said.start, said.end), "answer_is", working_end)


def _last_line(visible: str) -> tuple[int, int]:
    end = len(visible.rstrip())
    return visible.rfind("\n", 0, end) + 1, end


def _from_label(visible: str, kind: Kind) -> Extraction | Reason | None:
    """Read a last line such as "A: 26"."""
    start, end = _last_line(visible)
    mark = _LAST_LINE.match(visible, start, end)
    if mark is None:
        return None
    said = read_statement(visible, mark.end(), end, kind)
    if said.outcome == "value":
        return _stated(visible, said, start)
    return "ambiguous" if said.outcome == "ambiguous" else None


def _from_conclusion(visible: str, kind: Kind) -> Extraction | None:
    start, end = _last_line(visible)
    if end - start > _MAX_LAST_LINE or _LAST_LINE.match(visible, start, end) or _FINAL.search(visible, start, end):
        return None
    found = find_conclusion(visible, start, end, kind)
    return _make(visible, (found[0], found[1]), "last_number", found[2]) if found else None
