"""Whether responses hold what a browser would run. The page shows it as text; a maintainer should know of it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reversed_persona.leaderboard.submissions.findings import Finding

__all__ = ["holds_active", "is_active", "markup_finding"]

_ACTIVE = re.compile(
    r"<\s*(?:script|iframe|object|embed|svg|img|link|meta|base|form|style)\b[^<]{0,1000}?>|\bjavascript\s*:"
    r"|<[^<>]{1,1000}\son[a-z]{3,20}\s*=",
    re.IGNORECASE,
)


def is_active(row: Mapping[str, Any]) -> bool:
    """Whether a row's responses hold script, or tags that load something."""
    return holds_active(text for arm in row["arms"].values() for text in arm["responses"])


def holds_active(responses: Iterable[str]) -> bool:
    """Whether one of a question's responses holds script, or tags that load something."""
    return any(_ACTIVE.search(text) for text in responses if "<" in text or "javascript" in text.casefold())


def markup_finding(path: str, problem_ids: Sequence[str]) -> Finding:
    """Flag the rows of a task that are `is_active`.

    Args:
        path: The file, for messages.
        problem_ids: Their questions, at least one.
    """
    n, first = len(problem_ids), problem_ids[0]
    said = f"{n} questions (the first is {first}) have responses with script or active tags; expected text"
    return Finding(
        path, None, said, "Nothing to mend if the model wrote it: the page shows it as text", "flagged", "rows"
    )
