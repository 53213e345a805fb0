"""What a check of a submission found: one line each, as text or as an annotation of a GitHub workflow."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from reversed_persona.errors import LeaderboardError

__all__ = ["About", "Finding", "Kind", "Refused", "github_line", "refused", "shown", "text_line", "worst_error"]

Kind = Literal["refused", "flagged"]
About = Literal["files", "record", "results", "rows", "verdicts", "scores", "others"]


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a submission, or that people should look at.

    Attributes:
        path: Which file or folder, as the user named it.
        line: Which of its lines, from 1; None for the whole.
        said: What was found and what was expected.
        mending: How to mend it.
        kind: `refused` keeps a submission out; `flagged` is for a maintainer to look at.
        about: What it is about. Where `verdicts` and `scores` alone disagree, the responses can still be graded anew.
    """

    path: str
    line: int | None
    said: str
    mending: str
    kind: Kind = "refused"
    about: About = "files"


class Refused(LeaderboardError):
    """A submission that can't be taken.

    Attributes:
        finding: Why.
    """

    def __init__(self, finding: Finding) -> None:
        """Say it in one line."""
        super().__init__(text_line(finding))
        self.finding = finding


def refused(path: str, said: str, mending: str, *, line: int | None = None, about: About = "files") -> Refused:
    """Return what is raised where a submission can't be read on."""
    return Refused(Finding(path, line, said, mending, "refused", about))


def shown(value: object, length: int = 60) -> str:
    """Return a short text for something that a submission says: no control characters, no line ends, not long."""
    text = value if isinstance(value, str) else repr(value)
    short = text if len(text) <= length else text[:length] + "..."
    return _visible(repr(short))


def _visible(text: str) -> str:
    """Spell out what can't be seen or printed: a file's name may hold line ends, colours and half characters."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape", "replace").decode() for one in text)


def worst_error(error: ValidationError, fields: Collection[str] | None = None) -> tuple[str, ErrorDetails]:
    """Return where a record is wrong, and how: what our own checks say first, which is the plainest.

    Args:
        error: At least one of its errors is about `fields`.
        fields: The record's fields that count; None for all.
    """
    errors = [one for one in error.errors(include_url=False) if fields is None or one["loc"][0] in fields]
    first = next((one for one in errors if one["type"] == "value_error"), errors[0])
    return shown(".".join(str(part) for part in first["loc"]) or "the whole", 160)[1:-1], first


def text_line(finding: Finding) -> str:
    """Return a finding as a line of text."""
    where = finding.path if finding.line is None else f"{finding.path}: line {finding.line}"
    return _visible(f"{where}: {finding.kind}: {finding.said}. {finding.mending}")


def github_line(finding: Finding) -> str:
    """Return a finding as a command that makes a GitHub workflow show it beside the file.

    Everything is escaped as GitHub asks, so that nothing in a submission can pass for a command of its own.
    """
    level = "error" if finding.kind == "refused" else "warning"
    place = [f"file={_property(finding.path)}"]
    if finding.line is not None:
        place.append(f"line={finding.line}")
    return _visible(f"::{level} {','.join(place)}::{_message(f'{finding.said}. {finding.mending}')}")


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
