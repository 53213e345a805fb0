r"""Find the final answer in a response: its text, how it was found, and where it stands.

In this order: the last final-answer statement, the last \boxed{}, "#### 18", a JSON reply or tag, "the answer is ...",
"A: 26" as the last line, a response that is nothing but an answer, and as a last resort the value with which it
concludes. "Not found" comes with its reason, and two conflicting final values, none declared last, are `ambiguous`.
"""

import itertools
import re

from reversed_persona.answers.extraction.bare import find_bare
from reversed_persona.answers.extraction.boxes import last_box, row_of_boxes
from reversed_persona.answers.extraction.conclusions import find_conclusion
from reversed_persona.answers.extraction.displays import closing_display
from reversed_persona.answers.extraction.found import Extraction, found_at
from reversed_persona.answers.extraction.later import against_later
from reversed_persona.answers.extraction.marked import (
    from_answer_is,
    from_final_line,
    from_label,
    from_sloppy_line,
    last_line,
)
from reversed_persona.answers.extraction.marks import FINAL, LABEL
from reversed_persona.answers.extraction.reasons import why_none
from reversed_persona.answers.extraction.replies import find_json, find_tag
from reversed_persona.answers.extraction.second_thoughts import last_correction
from reversed_persona.answers.extraction.sentences import is_closing_remark
from reversed_persona.answers.extraction.statements import REJECTED
from reversed_persona.answers.extraction.visible import hide_dress, hide_struck, hide_thinking
from reversed_persona.answers.extraction.words import MAX_LAST_LINE
from reversed_persona.answers.reading.golds import Kind, holds_value
from reversed_persona.answers.reading.notation import looks_mathematical
from reversed_persona.answers.reading.numbers import read_number
from reversed_persona.answers.verdict import Reason

__all__ = ["QUESTION_HEADER", "extract"]

QUESTION_HEADER = "Problem:"
"""How a question begins in this project's own prompts; see `extract`."""

_HASH = re.compile(r"^####[ \t]{0,9}(?P<value>[^\s][^\n]{0,199})$", re.MULTILINE)
_CLOSES_DISPLAY = re.compile(r"\s{0,9}(?:\\\]|\$\$|\\end\{(?:align|aligned|equation|gather)\*?\})\.?")
_MAX_HEADERS = 5
_TURN = (
    r"(?P<turn><\|(?:im_end|im_start|endoftext|end_of_text|eot_id|start_header_id|return|end|user|human|system)\b|"
    r"</s>|\[INST\]|<(?:end|start)_of_turn>)"
)
"""What a model writes that goes on with the conversation by itself."""


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
    visible = _cut_invented(hide_struck(visible), kind, header)
    found = _find(visible, kind)
    if found is None or (isinstance(found, Extraction) and ("<" in found.text or not found.text.isascii())):
        undressed = hide_dress(visible)
        if undressed != visible:
            visible = undressed
            found = _find(visible, kind)
    if found is None:
        return why_none(visible)
    if isinstance(found, Extraction) and response[slice(*found.span)] != found.text:
        return "no_final_answer"  # a thinking block stands inside it
    return found


def _cut_invented(visible: str, kind: Kind, header: str) -> str:
    """Cut before a next problem or turn, once an answer was given."""
    word = header.rstrip(":")
    begins = [_TURN] if _may_hold_turn(visible) else []
    if word and word in visible:
        begins += [
            f"^(?P<header>{re.escape(header)})",
            rf"^[ \t*#>]{{0,8}}{re.escape(word)}(?: \d{{1,3}})?[*_]{{0,2}}:",
        ]
    if not begins:
        return visible
    starts = re.finditer("|".join(begins), visible, re.MULTILINE)
    for found in itertools.islice(starts, _MAX_HEADERS):
        before = visible[: found.start()]
        if not before.strip():
            continue
        answer = _find(before, kind)
        is_stated = isinstance(answer, Extraction) and answer.method not in ("last_number", "whole_response")
        is_certain = found.lastgroup is not None  # "Problem 2:" may be a part of the working
        if is_stated or (is_certain and (answer or why_none(before) != "no_final_answer")):
            return before
    return visible


def _may_hold_turn(visible: str) -> bool:
    """Whether a turn's sign may stand in the text, seen fast."""
    if "<" not in visible:
        return "[" in visible and "[INST]" in visible
    return ("|" in visible and "<|" in visible) or "</s>" in visible or ("_" in visible and "_of_turn>" in visible)


def _find(visible: str, kind: Kind) -> Extraction | Reason | None:
    return from_final_line(visible, kind) or _from_other_places(visible, kind)


def _from_other_places(visible: str, kind: Kind) -> Extraction | Reason | None:
    """Try the places after the final-answer line, in order."""
    boxed = _from_box(visible, kind)
    if boxed is not None:
        return boxed
    return (
        _from_hash(visible, kind)
        or from_sloppy_line(visible, kind)
        or _from_reply(visible)
        or from_answer_is(visible, kind)
        or from_label(visible, kind)
        or _from_whole(visible, kind)
        or _from_conclusion(visible, kind)
        or _from_display(visible, kind)
    )


def _from_reply(visible: str) -> Extraction | Reason | None:
    reply = find_json(visible)
    if reply:
        return found_at(visible, reply.span, "json", reply.start, reply.reading) if reply.reading else "abstained"
    reply = find_tag(visible)
    return found_at(visible, reply.span, "answer_is", reply.start) if reply else None


def _from_whole(visible: str, kind: Kind) -> Extraction | Reason | None:
    """Take the whole response where it is nothing but an answer."""
    found = find_bare(visible, kind)
    if found is None or found == "ambiguous":
        return found
    return found_at(visible, found, "whole_response", found[0])


def _from_box(visible: str, kind: Kind) -> Extraction | Reason | None:
    box = last_box(visible)
    if box is None:
        return None
    _, begin, end = box
    row = row_of_boxes(visible, box)
    if row and kind != "expression":
        return "ambiguous"
    found = found_at(visible, row or (begin, end), "boxed", row[0] if row else end)
    return against_later(found, kind)


def _from_hash(visible: str, kind: Kind) -> Extraction | Reason | None:
    if "####" not in visible:
        return None
    hashes = list(_HASH.finditer(visible))
    if not hashes:
        return None
    last = hashes[-1]
    if len(hashes) > 1 and REJECTED.search(last["value"]):
        last = hashes[-2]  # "#### 18 is correct" judges the one before
    text = last["value"].rstrip(" \t.")
    words = re.search(r"[A-Za-z]{2}", re.sub(r"\\[a-z]+", "", text))
    if words and (visible[last.end() :].strip() or read_number(text) is None):
        return None  # "#### 3 steps to take" is a heading
    if not words and not looks_mathematical(text):
        return None
    begin = last.start("value")
    found = found_at(visible, (begin, begin + len(text)), "hash", last.start())
    if last.end() == len(visible):
        return found
    second = last_correction(visible, last.end(), len(visible), text)
    if isinstance(second, tuple):
        return found_at(visible, second[:2], "hash", second[2])
    return "ambiguous" if second else against_later(found, kind)


def _from_display(visible: str, kind: Kind) -> Extraction | Reason | None:
    """Take what the display puts with which the response ends."""
    display = closing_display(visible)
    if display is None:
        return None
    start, end, is_all = display
    text = visible[start:end]
    if is_all and looks_mathematical(text) and holds_value(text, kind):
        return found_at(visible, (start, end), "last_number", start)
    found = find_conclusion(visible, start, end, kind) if "=" in text else None
    if found is None or found == "ambiguous":
        return found
    return found_at(visible, (found.start, found.end), "last_number", found.working_end, found.reading)


def _from_conclusion(visible: str, kind: Kind) -> Extraction | Reason | None:
    start, end = last_line(visible)
    if start and kind == "number" and _CLOSES_DISPLAY.fullmatch(visible, start, end):
        start, end = last_line(visible[:start])
    if start and is_closing_remark(visible, start, end):
        start, end = last_line(visible[:start])
    if end - start > MAX_LAST_LINE or LABEL.match(visible, start, end) or FINAL.search(visible, start, end):
        return None
    found = find_conclusion(visible, start, end, kind)
    if found is None or found == "ambiguous":
        return found
    return found_at(visible, (found.start, found.end), "last_number", found.working_end, found.reading)
