"""Whether a submission lies where it belongs and holds the files it names; and which ids of models look alike."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from reversed_persona.leaderboard.submissions.files import RECORD, sha256_of
from reversed_persona.leaderboard.submissions.findings import Finding, shown
from reversed_persona.leaderboard.submissions.places import submission_place
from reversed_persona.leaderboard.submissions.record import SubmissionRecord
from reversed_persona.leaderboard.suite import Suite

__all__ = ["alike", "check_hash", "check_identity"]

_AGAIN = "Make the folder with `reversed-persona submission prepare`"
_ALIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s", "8": "b", "2": "z", "_": "-", ".": "-"})


def check_identity(
    folder: Path, suite: Suite, record: SubmissionRecord, raw: bytes, names: Sequence[str]
) -> Iterator[Finding]:
    """Check the folder's place and the list of its files.

    Args:
        folder: The submission's.
        suite: The version of the suite it has to be of.
        record: What submission.yaml says.
        raw: Its bytes.
        names: Of the files that are there.
    """
    path = f"{folder}/{RECORD}"
    if record.suite != suite.version:
        said = f"suite: got {record.suite!r}; expected {suite.version!r}"
        yield Finding(path, None, said, "Run the tasks of that version", "refused", "record")
    place, there = submission_place(record, raw), Path(os.path.normpath(folder.absolute())).parts[-3:]
    if there != place:
        said = (
            f"lies in {shown('/'.join(there), 200)}; expected {'/'.join(place)}, after what {RECORD} says and its hash"
        )
        yield Finding(str(folder), None, said, f"{_AGAIN}; don't edit it by hand")
    for name in sorted(set(names) - {*record.files, RECORD}):
        yield Finding(f"{folder}/{name}", None, f"is not named in {RECORD}; expected its sha256 there", _AGAIN)
    for name in sorted(record.files.keys() - {*names} | record.files.keys() & {RECORD}):
        what = "the file itself, whose sha256 it can't hold" if name == RECORD else "which is not there; expected it"
        yield Finding(path, None, f"files: names {shown(name)}, {what}", _AGAIN)


def check_hash(folder: Path, record: SubmissionRecord, name: str, raw: bytes) -> Iterator[Finding]:
    """Compare a file's hash with the one that submission.yaml names.

    Args:
        folder: The submission's.
        record: What submission.yaml says; a file that it does not name is another matter.
        name: The file's.
        raw: Its bytes.
    """
    said = record.files.get(name)
    if said is not None and said != sha256_of(raw):
        got = f"sha256: got {sha256_of(raw)[:16]}...; expected {said[:16]}..., as {RECORD} says"
        mending = "The file was changed after `submission prepare`: prepare it again"
        yield Finding(f"{folder}/{name}", None, got, mending)


def alike(model_id: str) -> str:
    """Return an id with everything made equal that looks alike, so that ids that look alike come to the same."""
    return model_id.casefold().replace("rn", "m").replace("vv", "w").translate(_ALIKE)
