"""A response without its thinking: what a submission keeps of it."""

import re
from collections.abc import Iterator

from reversed_persona.answers import hide_thinking

__all__ = ["UNFINISHED", "hides_text", "whole_characters", "without_thinking"]

UNFINISHED = "<think>"
"""What is kept of a response that never ended its thinking, so that it is still graded as one."""

_LINE_ENDS = re.compile(r"\n+")


def without_thinking(response: str, thinking: bool) -> Iterator[str]:
    """Yield spellings of a response without its thinking, the shortest first.

    Most are graded as the response itself is; the last one always, for it has line ends in place of every character
    that was taken out, and that is what the grader reads.

    Args:
        response: What the model wrote.
        thinking: The prompt had opened a thinking tag.
    """
    visible = hide_thinking(response, thinking) if response.strip() else response
    if visible is None:
        yield UNFINISHED
    elif visible == response:
        yield response
    else:
        closed_up = _closed_up(response, visible)
        if not hides_text(closed_up):  # what was around a block can make a tag, as in "<think<think>7</think>>"
            yield closed_up
        yield visible


def hides_text(response: str) -> bool:
    """Return whether part of a response is thinking, which nobody would grade and no copy would be known by."""
    return response != UNFINISHED and hide_thinking(response) != response


def whole_characters(text: str) -> str:
    """Put U+FFFD in place of half characters, which no UTF-8 file can hold."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _closed_up(response: str, visible: str) -> str:
    """Put one line end in place of each block that was taken out."""
    kept, end = [], 0
    for gap in _LINE_ENDS.finditer(visible):
        hidden = [place for place in range(*gap.span()) if response[place] != "\n"]
        if hidden:
            kept += [visible[end : hidden[0]], "\n"]
            end = hidden[-1] + 1
    return "".join([*kept, visible[end:]])
