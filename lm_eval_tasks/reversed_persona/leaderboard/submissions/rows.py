"""One line of samples/<task>.jsonl.gz: a question's responses and their verdicts; no question, gold or prompt."""

import gzip
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from reversed_persona.answers import Reason, Status, Verdict
from reversed_persona.leaderboard.submissions.findings import worst_error

__all__ = ["RowArm", "RowVerdict", "SubmittedRow", "packed", "prompt_hash", "read_line", "read_row", "row_line"]

MOST_KEYS = 64

_Row = TypeVar("_Row", bound=BaseModel)

Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class RowVerdict(_Record):
    """What a response came to; see `answers.Verdict`."""

    status: Status
    reason: Reason | None
    answer: str | None
    flip: bool
    derived: bool

    @classmethod
    def of(cls, verdict: Verdict) -> "RowVerdict":
        """Take what a row keeps of a verdict: how the answer was found, and where, follows from the response."""
        return cls.model_construct(
            status=verdict.status,
            reason=verdict.reason,
            answer=verdict.answer,
            flip=verdict.flip,
            derived=verdict.derived,
        )

    def verdict(self) -> Verdict:
        """Return it as the rest of the package knows it."""
        return Verdict(self.status, self.reason, self.answer, flip=self.flip, derived=self.derived)


class RowArm(_Record):
    """One arm's responses.

    Attributes:
        prompt: sha256 of what the model read.
        responses: One for each repeat, without thinking; a thought that never ended is kept as a lone opening tag.
        verdicts: One for each response.
    """

    prompt: Sha256
    responses: Annotated[list[str], Field(min_length=1, max_length=100)]
    verdicts: Annotated[list[RowVerdict], Field(min_length=1, max_length=100)]


class SubmittedRow(_Record):
    """One question.

    Attributes:
        problem_id: Which.
        doc: Hash of the problem; see `suite.hashes_of`.
        target: Hash of its gold answer.
        arms: By arm id, in the task's order.
    """

    problem_id: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    doc: Hash
    target: Hash
    arms: Annotated[dict[str, RowArm], Field(min_length=1, max_length=MOST_KEYS)]


def prompt_hash(prompt: str) -> str:
    """Return the sha256 of what a model read, 64 hexadecimal digits."""
    return hashlib.sha256(prompt.encode("utf-8", "surrogatepass")).hexdigest()


def row_line(row: BaseModel) -> str:
    """Return a row as its line, without the line end: the only spelling of it that is taken."""
    return json.dumps(row.model_dump(), separators=(",", ":"))


def read_row(line: bytes) -> SubmittedRow:
    """Read a line.

    Raises:
        ValueError: It is no row, or not spelt as `row_line` does; says what is wrong.
    """
    return read_line(line, SubmittedRow, lambda row: (text for arm in row.arms.values() for text in arm.responses))


def read_line(line: bytes, kind: type[_Row], texts: Callable[[_Row], Iterable[str]]) -> _Row:
    """Read a line of a kind of row.

    Args:
        line: The line, without its end.
        kind: What it has to be.
        texts: What a model wrote, of such a row.

    Raises:
        ValueError: It is something else, or not spelt as `row_line` does; says what is wrong.
    """
    try:
        row = kind.model_validate(json.loads(line, parse_constant=_no_number, object_pairs_hook=_few))
    except ValidationError as error:
        where, first = worst_error(error)
        raise ValueError(f"{where}: {first['msg']}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"is not UTF-8 (byte {error.start})") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"is not JSON ({error.msg} at character {error.pos})") from error
    except RecursionError as error:
        raise ValueError("is nested too deeply") from error
    if row_line(row).encode() != line:
        raise ValueError("is not spelt as `submission prepare` does (keys twice, in another order, or other spacing)")
    if any("\ud800" <= one <= "\udfff" for text in texts(row) for one in _odd(text)):
        raise ValueError("holds half a character")
    return row


def packed(lines: Iterable[str], level: int = 9) -> bytes:
    """Pack lines into a gzip file that depends on nothing but them.

    Args:
        lines: The lines, without their ends.
        level: How hard it is tried to make it small, from 1 to 9.
    """
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0, compresslevel=level) as file:
        for line in lines:
            file.write(f"{line}\n".encode())
    return buffer.getvalue()


def _odd(text: str) -> str:
    return "" if text.isascii() else text


def _few(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
    if len(pairs) > MOST_KEYS:  # an error for each of 400,000 keys takes seconds and half a gigabyte
        raise ValueError(f"holds an object of {len(pairs)} keys; expected at most {MOST_KEYS}")
    return dict(pairs)


def _no_number(name: str) -> Any:
    raise ValueError(f"holds {name}; expected numbers")
