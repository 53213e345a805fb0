r"""The boxes of a response, \boxed{18}, and which of them is the student's own."""

import re

from reversed_persona.answers.reading.notation import box_content

__all__ = ["DISCLOSES", "last_box"]

DISCLOSES = re.compile(
    r"\b(?:correct|right|real|true|actual)\s(?:final\s)?(?:answer|value|result)\b|\bmistake\b|\bwould be\b|"
    r"\bpretend|\bintentional",
    re.IGNORECASE,
)
_MAX_BOXES = 5


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
