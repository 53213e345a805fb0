"""Where submissions lie on a board: submissions/<suite>/<org>__<model>/<date>_<first 8 digits of a hash>/."""

from pathlib import Path

from reversed_persona.leaderboard.submissions.files import sha256_of
from reversed_persona.leaderboard.submissions.record import SubmissionRecord

__all__ = ["find_submissions", "submission_place"]

MOST = 10_000
"""Submissions of a board; the rest is not looked at."""


def submission_place(record: SubmissionRecord, raw: bytes) -> tuple[str, str, str]:
    """Return the names of the three folders in which a submission lies, from the outermost.

    The last one's hash is of submission.yaml, which holds the hashes of all other files: no byte changes unnoticed.

    Args:
        record: What submission.yaml says.
        raw: Its bytes.
    """
    model = record.model.id.replace("/", "__")
    return record.suite, model, f"{record.run.date[:10]}_{sha256_of(raw)[:8]}"


def find_submissions(board: Path, suite: str | None = None) -> list[Path]:
    """Return the submissions' folders on a board, in order; links are not followed.

    Args:
        board: The board's folder.
        suite: The version of the suite; None for all.
    """
    found = []
    for version in _folders(board / "submissions"):
        if suite is None or version.name == suite:
            found += [folder for model in _folders(version) for folder in _folders(model)]
    return found[:MOST]


def _folders(folder: Path) -> list[Path]:
    if folder.is_symlink() or not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if not path.is_symlink() and path.is_dir())
