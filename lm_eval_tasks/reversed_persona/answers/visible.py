"""What of a response the reader sees: its thinking blanked out, at unchanged offsets."""

import re

__all__ = ["hide_thinking"]

_TAG = re.compile(r"<(/?)(?:think|thinking|thought|reasoning)>|\[(/?)THINK\]", re.IGNORECASE)


def hide_thinking(response: str) -> str | None:
    """Replace thinking blocks by newlines, character for character.

    A closing tag without an opening one ends a block that the chat template had opened: all before it is thinking.

    Returns:
        A text as long as `response`; None if a block is never closed (the budget ran out while thinking).
    """
    if "<" not in response and "[" not in response:
        return response
    visible: list[str] = []
    hidden_to = kept_to = 0
    opened: int | None = None
    for tag in _TAG.finditer(response):
        if "/" not in tag.group():
            opened = tag.start() if opened is None else opened
            continue
        if opened is None:
            visible, hidden_to = [], tag.end()
        else:
            visible += [response[kept_to:opened], "\n" * (tag.end() - opened)]
        kept_to, opened = tag.end(), None
    if opened is not None:
        return None
    return "".join(["\n" * hidden_to, *visible, response[kept_to:]])
