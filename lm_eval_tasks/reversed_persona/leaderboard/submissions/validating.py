"""Submissions -> findings: all that keeps one out, and all that a maintainer should look at.

Refused: links, unexpected, large or damaged files; another place, hash or suite; markup in a text; a run with --limit,
--samples or --predict_only, with other problems, settings or prompts, or of a date to come; rows that are missing, come
twice or are altered; verdicts and scores that the responses do not give. Flagged: responses of another submission, ids
that look alike, a model that somebody else submitted.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from reversed_persona.errors import LeaderboardError
from reversed_persona.leaderboard.submissions.checks.markup import is_active, markup_finding
from reversed_persona.leaderboard.submissions.checks.others import Marks, Other, Said, check_ids, check_others
from reversed_persona.leaderboard.submissions.examining import Problems, check_problems, examine
from reversed_persona.leaderboard.submissions.files import RECORD, read_file, samples_name, unpacked_lines
from reversed_persona.leaderboard.submissions.findings import Finding
from reversed_persona.leaderboard.submissions.places import find_submissions
from reversed_persona.leaderboard.submissions.record import SubmissionRecord, read_record
from reversed_persona.leaderboard.suite import Suite

__all__ = ["validate", "validate_all"]


def validate(
    folder: Path,
    board: Path,
    suite: Suite,
    problems: Problems,
    others: Sequence[Path] | None = None,
    *,
    now: float | None = None,
) -> list[Finding]:
    """Check one submission; see the module.

    Args:
        folder: The submission's.
        board: The board's folder.
        suite: The version of the suite it has to be of.
        problems: The suite's problem sets by name.
        others: Folders of the submissions it is compared with; None for all on the board.
        now: What time it is, in seconds since 1970, for runs that have not been yet; None to take any date.

    Raises:
        LeaderboardError: The problem sets are not those of the suite.
    """
    return next(iter(validate_all([folder], board, suite, problems, others, now=now)))[1]


def validate_all(
    folders: Sequence[Path],
    board: Path,
    suite: Suite,
    problems: Problems,
    others: Sequence[Path] | None = None,
    *,
    now: float | None = None,
) -> Iterator[tuple[Path, list[Finding]]]:
    """Check submissions one after another, each against the board and against those before it.

    Args:
        folders: The submissions'.
        board: The board's folder.
        suite: As for `validate`.
        problems: As for `validate`.
        others: As for `validate`.
        now: As for `validate`.

    Raises:
        LeaderboardError: The problem sets are not those of the suite.
    """
    check_problems(suite, problems)
    given, marks = {folder.resolve() for folder in folders}, Marks(suite, " ".join(folder.name for folder in folders))
    there = find_submissions(board, suite.version) if others is None else others
    read = (_other(folder, suite, marks) for folder in there if folder.resolve() not in given)
    known = [other for other in read if other]
    for folder in folders:
        examined = examine(folder, suite, problems, now=now)
        findings = list(examined.findings)
        if examined.record is not None:
            model_id = examined.record.model.id
            findings += check_ids(str(folder), model_id, {one.folder: one.model_id for one in known})
            if not examined.is_refused:
                findings += _active_rows(folder, examined.tasks)
                me = _as_other(folder, examined.record, marks.of(_responses(folder, suite.core)))
                findings += check_others(me, known)
                known.append(me)
        yield folder, findings


def _active_rows(folder: Path, tasks: Iterable[str]) -> Iterator[Finding]:
    """Flag what is odd about the responses of a submission that is known to be whole."""
    for task in tasks:
        active = [row["problem_id"] for _, row in _rows(folder, [task]) if is_active(row)]
        if active:
            yield markup_finding(f"{folder}/{samples_name(task)}", active)


def _other(folder: Path, suite: Suite, marks: Marks) -> Other | None:
    """Read another submission's responses; None where it can't be read, which is said when it is checked itself."""
    said = marks.of([])
    try:
        record = read_record(read_file(folder, RECORD))
    except (LeaderboardError, ValueError):
        return None
    with suppress(LeaderboardError, ValueError, RecursionError, LookupError, TypeError, AttributeError):
        said = marks.of(_responses(folder, suite.core))
    return _as_other(folder, record, said)


def _as_other(folder: Path, record: SubmissionRecord, said: Said) -> Other:
    return Other(folder, record.model.id, record.submitter.name, (record.type, record.run.date), said)


def _responses(folder: Path, tasks: Iterable[str]) -> Iterator[tuple[tuple[str, str, str], str]]:
    """Read the responses of a task; of several repeats the first."""
    for task, row in _rows(folder, tasks):
        for arm, given in row["arms"].items():
            yield (task, row["problem_id"], arm), given["responses"][0]


def _rows(folder: Path, tasks: Iterable[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for task in tasks:
        name = samples_name(task)
        for line in unpacked_lines(read_file(folder, name), f"{folder}/{name}"):
            yield task, json.loads(line)
