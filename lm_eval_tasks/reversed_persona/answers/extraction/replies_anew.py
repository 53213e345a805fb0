"""Where a response begins anew: what a model says about an earlier reply, before the new one, is no part of that."""

import re
from functools import lru_cache

from reversed_persona.answers.extraction.visible import hide_thinking

__all__ = ["only_new_reply"]


def only_new_reply(response: str, thinking: bool, header: str) -> tuple[str, bool]:
    """Blank out what stands before a response's last line that begins with `header`, at unchanged offsets.

    Args:
        response: What the model wrote.
        thinking: The prompt ended with a thinking tag.
        header: How the line begins, "New reply:" for instance; "" for none.

    Returns:
        A text as long as the response, and whether it begins inside a thinking block. The response itself if it has no
        such line, or nothing behind it.
    """
    visible = hide_thinking(response, thinking) if header else None
    if visible is None:
        return response, thinking
    last = next(reversed(list(_line(header).finditer(visible))), None)
    if last is None or not visible[last.end() :].strip():
        return response, thinking
    return "\n" * last.end() + visible[last.end() :], False


@lru_cache(maxsize=64)
def _line(header: str) -> re.Pattern[str]:
    words = r"\s+".join(map(re.escape, header.strip().rstrip(":").split()))
    return re.compile(rf"^[ \t*_#>]*{words}[ \t*_]*(?::[*_]*|$)", re.IGNORECASE | re.MULTILINE)
