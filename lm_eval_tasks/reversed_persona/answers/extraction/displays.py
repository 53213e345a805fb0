r"""A display of mathematics with which a response ends: "the probability is $$ \frac{3}{4} $$"."""

import re

__all__ = ["closing_display"]

_CLOSES = re.compile(r"(?:\$\$|\\\]|\\end\{(?:align|aligned|equation|gather|gathered)\*?\})$")
_OPENING = {"$$": "$$", "\\]": "\\["}
_LEADS = re.compile(r"\b(?:is|are|equals?|get|gives?|obtain)[\s:]{0,3}$", re.IGNORECASE)
_SEEKS = re.compile(r"\b(?:if|find|what|how|whether|not|let|suppose|equation)\b[^.!?\n]{0,80}$", re.IGNORECASE)
_MAX_DISPLAY = 2_000
_REACH = 100


def closing_display(visible: str) -> tuple[int, int, bool] | None:
    """Find the last line of the display with which a text ends.

    Returns:
        (start, end, whether the words before the display put its whole as the answer); None where it ends otherwise.
    """
    end, opened = _end(visible, len(visible)), 0
    closing = None
    for _ in range(3):
        closes = _CLOSES.search(visible, max(0, end - 20), end)
        if closes is None:
            break
        closing = closes.group()
        opening = _OPENING.get(closing, closing.replace("end", "begin"))
        opened = visible.rfind(opening, max(0, closes.start() - _MAX_DISPLAY), closes.start())
        if opened < 0:
            return None
        end, begin = _end(visible, closes.start()), opened + len(opening)
    if closing is None or not visible[begin:end].strip():
        return None
    line = max(begin, visible.rfind("\n", begin, end) + 1, visible.rfind("\\\\", begin, end) + 2)
    line += len(visible[line:end]) - len(visible[line:end].lstrip(" \t\n&"))
    reach = max(0, opened - _REACH)
    leads = _LEADS.search(visible, reach, opened)
    is_all = not visible[begin:line].strip() and "=" not in visible[line:end]
    return line, end, is_all and leads is not None and _SEEKS.search(visible, reach, opened) is None


def _end(visible: str, end: int) -> int:
    """Give where a text ends without its closing marks and line breaks."""
    while end and visible[end - 1] in " \t\r\n.,\\" and visible[end - 2 : end] != "\\]":
        end -= 1
    return end
