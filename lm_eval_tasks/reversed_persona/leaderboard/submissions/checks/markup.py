"""Whether responses hold what a browser would run. The page shows it as text; a maintainer should know of it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from reversed_persona.leaderboard.submissions.findings import Finding

__all__ = ["is_active", "markup_finding"]

_ACTIVE = re.compile(
    r"<\s*(?:script|iframe|object|embed|svg|img|link|meta|base|form|style)\b[^<]{0,1000}?>|\bjavascript\s*:"
    r"|<[^<>]{1,1000}\son[a-z]{3,20}\s*=",
    re.IGNORECASE,
)


def is_active(row: Mapping[str, Any]) -> bool:
    """Whether a row's responses hold script, or tags that load something."""
    texts = (text for arm in row["arms"].values() for text in arm["responses"])
    return any(_ACTIVE.search(text) for text in texts if "<" in text or ":" in text)


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
