"""One line of judgements/<task>.jsonl.gz: what a judge replied to a question's showings; no question and no prompt.

Ratings are not in it: they are read from the replies, whenever they are needed.
"""

import hashlib
from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from reversed_persona.leaderboard.submissions.rows import read_line

__all__ = ["JudgementRow", "Shown", "asked_hash", "read_judgements"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Shown(_Record):
    """Two responses in one order, and what the judge said of them.

    Attributes:
        asked: `asked_hash` of the turn that showed them: problem, both responses and the rubric.
        replies: One for each repeat, without thinking; a thought that never ended is kept as a lone opening tag.
    """

    asked: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
    replies: Annotated[list[str], Field(min_length=1, max_length=100)]


class JudgementRow(_Record):
    """One question.

    Attributes:
        problem_id: Which.
        showings: By the showing's id, in the order in which they were asked; see `judging.showings`.
    """

    problem_id: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    showings: Annotated[dict[str, Shown], Field(min_length=1, max_length=12)]


def asked_hash(turn: str) -> str:
    """Return 16 hexadecimal digits of a judge's prompt, without the chat template that may stand around it."""
    return hashlib.sha256(turn.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def read_judgements(line: bytes) -> JudgementRow:
    """Read a line.

    Raises:
        ValueError: It is no such row, or not spelt as `rows.row_line` does; says what is wrong.
    """
    return read_line(line, JudgementRow, _replies)


def _replies(row: JudgementRow) -> Iterator[str]:
    return (reply for one in row.showings.values() for reply in one.replies)
