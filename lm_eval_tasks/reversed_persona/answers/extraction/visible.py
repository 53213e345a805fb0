"""What of a response the reader sees: its thinking blanked out, at unchanged offsets."""

import re

__all__ = ["hide_dress", "hide_struck", "hide_thinking", "opens_thinking"]

_TAG = re.compile(
    r"<(/?)(?:\w{1,12}:)?(?:think|thinking|thoughts?|reasoning|scratchpad)\s?>|\[(/?)THINK\]", re.IGNORECASE
)
_STRUCK = re.compile(r"~~(?=[^\s~])[^~\n]{1,200}~~")
_MARKUP = re.compile(r"<(?=[/a-zA-Z])/?(?:b|i|u|em|strong|code|mark|br)\s?/?>", re.IGNORECASE)
_QUOTED = re.compile(r"[“«「]([^“”«»「」\n]{1,60})[”»」]")
_LONGEST_TAG = 32


def opens_thinking(prompt: str) -> bool:
    """Return whether a prompt ends with a thinking tag, as some chat templates do: the response begins inside."""
    ending = prompt.rstrip()[-_LONGEST_TAG:]
    last = next(reversed(list(_TAG.finditer(ending))), None)
    return last is not None and "/" not in last.group() and last.end() == len(ending)


def _may_hold_tag(response: str) -> bool:
    """Whether a tag's word stands in the text at all: a search for the tags themselves takes ten times as long."""
    if "<" not in response and "[" not in response:
        return False
    lowered = response.lower()
    return "think" in lowered or "thought" in lowered or "reasoning" in lowered or "scratchpad" in lowered


def hide_thinking(response: str, opened: bool = False) -> str | None:
    """Replace thinking blocks by newlines, character for character.

    A closing tag without an opening one ends a block that the chat template had opened: all before it is thinking.

    Args:
        response: What the model wrote.
        opened: The prompt ended with a thinking tag (see `opens_thinking`).

    Returns:
        A text as long as `response`; None if a block is never closed (the budget ran out while thinking).
    """
    if not opened and not _may_hold_tag(response):
        return response
    visible: list[str] = []
    hidden_to = kept_to = 0
    start: int | None = 0 if opened else None
    for tag in _TAG.finditer(response):
        if "/" not in tag.group():
            start = tag.start() if start is None else start
            continue
        if start is None:
            visible, hidden_to = [], tag.end()
        else:
            visible += [response[kept_to:start], "\n" * (tag.end() - start)]
        kept_to, start = tag.end(), None
    if start is not None:
        return None
    return "".join(["\n" * hidden_to, *visible, response[kept_to:]])


def hide_struck(visible: str) -> str:
    """Replace what is struck out, "~~12~~", by spaces, character for character."""
    return _STRUCK.sub(lambda found: " " * len(found.group()), visible) if "~~" in visible else visible


def hide_dress(visible: str) -> str:
    """Replace HTML's marks and paired quotation marks, "<b>12</b>" and "“12”", by spaces, character for character."""
    if "<" in visible and _MARKUP.search(visible):
        visible = _MARKUP.sub(lambda found: " " * len(found.group()), visible)
    if not visible.isascii() and ("“" in visible or "«" in visible or "「" in visible):
        visible = _QUOTED.sub(r" \1 ", visible)
    return visible
