r"""The boxes of a response, \boxed{18}, and which of them is the student's own."""

import re

from reversed_persona.answers.reading.golds import same_value
from reversed_persona.answers.reading.notation import box_content

__all__ = ["DISCLOSES", "last_box", "row_of_boxes"]

DISCLOSES = re.compile(
    r"\b(?:correct|right|real|true|actual)\s(?:final\s)?(?:answer|value|result)\b|\bmistake\b|\bwould be\b|"
    r"\bpretend|\bintentional",
    re.IGNORECASE,
)
_JOINS = re.compile(r"[\s$,;}.\\()]*(?:and|or)?[\s$\\()]*|[\s$,]*\\(?:text|quad)\s?\{?\s?(?:and|or)\s?\}?[\s$]*")
_MAX_BOXES = 5
_CLOSES = re.compile(r"\s{0,20}\}")
_NEAR = 200
_MAX_IN_ROW = 20


def last_box(visible: str, after: int = 0) -> tuple[int, int, int] | None:
    """Give (start, content start, content end) of the last box that holds something."""
    at, told = len(visible), None
    for _ in range(_MAX_BOXES):
        at = max(visible.rfind("\\boxed", after, at), visible.rfind("\\fbox", after, at))
        if at < 0:
            break
        content = box_content(visible, at)
        if content and not DISCLOSES.search(visible, max(0, at - 60), at):
            return at, *content
        told = told or (content and (at, *content))
    return told


def row_of_boxes(visible: str, box: tuple[int, int, int], after: int = 0) -> tuple[int, int] | None:
    r"""Give the span of a row of different boxes that ends with this one (start, content start, content end).

    Returns:
        All of "\boxed{1}, \boxed{2} and \boxed{3}"; None where one box stands alone or repeats one value.
    """
    at, begin, end = box
    values = [visible[begin:end]]
    for _ in range(_MAX_IN_ROW):
        before = visible.rfind("\\boxed{", max(after, at - _NEAR), at)
        if before < 0:
            break
        beside = box_content(visible, before)
        if beside is None or not _JOINS.fullmatch(visible, beside[1], at):
            break
        at = before
        values.append(visible[slice(*beside)])
    if at == box[0] or all(same_value(value, values[0]) for value in values[1:]):
        return None
    closing = _CLOSES.match(visible, end)
    return at, closing.end() if closing else end
