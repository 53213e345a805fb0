"""Submissions -> findings: all that keeps one out, and all that a maintainer should look at.

Refused: links, unexpected, large or damaged files; another place, hash or suite; markup in a text; a run with --limit,
--samples or --predict_only, with other problems, settings or prompts; rows that are missing, come twice or are altered;
verdicts and scores that the responses do not give. Flagged: responses of another submission, ids that look alike.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from reversed_persona.errors import LeaderboardError
from reversed_persona.leaderboard.submissions.checks.copies import Other, Said, check_copies, check_ids, marks
from reversed_persona.leaderboard.submissions.checks.markup import is_active, markup_finding
from reversed_persona.leaderboard.submissions.examining import Examined, Problems, check_problems, examine
from reversed_persona.leaderboard.submissions.files import RECORD, read_file, samples_name, unpacked_lines
from reversed_persona.leaderboard.submissions.findings import Finding
from reversed_persona.leaderboard.submissions.places import find_submissions
from reversed_persona.leaderboard.submissions.record import read_record
from reversed_persona.leaderboard.suite import Suite

__all__ = ["validate", "validate_all"]


def validate(
    folder: Path, board: Path, suite: Suite, problems: Problems, others: Sequence[Path] | None = None
) -> list[Finding]:
    """Check one submission; see the module.

    Args:
        folder: The submission's.
        board: The board's folder.
        suite: The version of the suite it has to be of.
        problems: The suite's problem sets by name.
        others: Folders of the submissions it is compared with; None for all on the board.

    Raises:
        LeaderboardError: The problem sets are not those of the suite.
    """
    return next(iter(validate_all([folder], board, suite, problems, others)))[1]


def validate_all(
    folders: Sequence[Path], board: Path, suite: Suite, problems: Problems, others: Sequence[Path] | None = None
) -> Iterator[tuple[Path, list[Finding]]]:
    """Check submissions one after another, each against the board and against those before it.

    Args:
        folders: The submissions'.
        board: The board's folder.
        suite: As for `validate`.
        problems: As for `validate`.
        others: As for `validate`.

    Raises:
        LeaderboardError: The problem sets are not those of the suite.
    """
    check_problems(suite, problems)
    given = {folder.resolve() for folder in folders}
    there = find_submissions(board, suite.version) if others is None else others
    known = [other for other in (_other(folder, suite) for folder in there if folder.resolve() not in given) if other]
    for folder in folders:
        examined = examine(folder, suite, problems)
        findings = list(examined.findings)
        if examined.record is not None:
            model_id = examined.record.model.id
            findings += check_ids(str(folder), model_id, {one.folder: one.model_id for one in known})
            if not examined.is_refused:
                said, odd = _read_responses(folder, suite, examined)
                findings += odd
                for one in known:
                    findings += check_copies(str(folder), model_id, said, one)
                known.append(Other(folder, model_id, said))
        yield folder, findings


def _read_responses(folder: Path, suite: Suite, examined: Examined) -> tuple[Said, list[Finding]]:
    """Read a submission's responses, which are known to be whole: their marks, and what is odd about them."""
    said: dict[tuple[str, str, str], bytes] = {}
    findings: list[Finding] = []
    for task in examined.tasks:
        active = []
        for row in _rows(folder, task):
            if is_active(row):
                active.append(row["problem_id"])
            if task in suite.core:
                said.update(_marks(task, row))
        if active:
            findings.append(markup_finding(f"{folder}/{samples_name(task)}", active))
    return said, findings


def _other(folder: Path, suite: Suite) -> Other | None:
    """Read another submission's responses; None where it can't be read, which is said when it is checked itself."""
    said: dict[tuple[str, str, str], bytes] = {}
    try:
        model_id = read_record(read_file(folder, RECORD)).model.id
    except (LeaderboardError, ValueError):
        return None
    for task in suite.core:
        with suppress(LeaderboardError, ValueError, RecursionError, LookupError, TypeError, AttributeError):
            for row in _rows(folder, task):
                said.update(_marks(task, row))
    return Other(folder, model_id, said)


def _rows(folder: Path, task: str) -> Iterator[Mapping[str, Any]]:
    name = samples_name(task)
    for line in unpacked_lines(read_file(folder, name), f"{folder}/{name}"):
        yield json.loads(line)


def _marks(task: str, row: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str, str], bytes]]:
    responses = {arm: of_arm["responses"] for arm, of_arm in row["arms"].items()}
    return marks(task, row["problem_id"], responses)
