"""A prepared submission -> its folder: written beside its place, checked there, and moved when nothing is refused."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from reversed_persona.errors import OutputError
from reversed_persona.leaderboard.submissions.examining import Problems
from reversed_persona.leaderboard.submissions.findings import Finding
from reversed_persona.leaderboard.submissions.places import find_submissions
from reversed_persona.leaderboard.submissions.preparing import Prepared
from reversed_persona.leaderboard.submissions.validating import validate
from reversed_persona.leaderboard.suite import Suite

__all__ = ["write_submission"]


def write_submission(
    prepared: Prepared,
    submissions: Path,
    board: Path,
    suite: Suite,
    problems: Problems,
    *,
    now: float | None = None,
) -> tuple[Path, list[Finding]]:
    """Write a submission, unless the validator refuses it.

    Args:
        prepared: The submission.
        submissions: The folder of all submissions, in which its own folders are made.
        board: The board that it is compared with.
        suite: What it is of.
        problems: The suite's problem sets by name.
        now: What time it is, as for `validate`.

    Returns:
        Its folder, and what the validator found; where something is refused, nothing is left behind.

    Raises:
        OutputError: It can't be written.
    """
    place = submissions.joinpath(*prepared.place)
    try:
        with _folder(submissions, place.parent), tempfile.TemporaryDirectory(dir=submissions, prefix=".draft-") as root:
            draft = Path(root).joinpath(*prepared.place)
            for name, raw in prepared.files.items():
                (draft / name).parent.mkdir(parents=True, exist_ok=True)
                (draft / name).write_bytes(raw)
            others = [one for one in find_submissions(board, suite.version) if one.resolve() != place.resolve()]
            findings = [_moved(one, draft, place) for one in validate(draft, board, suite, problems, others, now=now)]
            if not any(one.kind == "refused" for one in findings):
                place.parent.mkdir(parents=True, exist_ok=True)
                if place.is_dir() and not place.is_symlink():
                    shutil.rmtree(place)  # its name holds its hash: it is this very submission
                draft.replace(place)
    except OSError as error:
        raise OutputError(f"{place}: cannot be written: {error.strerror}; name another place") from error
    return place, findings


@contextmanager
def _folder(folder: Path, inner: Path) -> Iterator[None]:
    """Make a folder; at the end, take away what was made of it, of those around it and down to `inner`, if empty."""
    made_here = [one for one in (inner, *inner.parents) if not one.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    finally:
        for one in made_here:
            with suppress(OSError):  # it holds something, or was never made
                one.rmdir()


def _moved(finding: Finding, draft: Path, place: Path) -> Finding:
    """Speak of the place, not of the draft."""
    path = finding.path.replace(str(draft), str(place))
    return Finding(path, finding.line, finding.said, finding.mending, finding.kind, finding.about)
