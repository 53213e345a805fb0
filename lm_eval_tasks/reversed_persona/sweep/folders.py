"""What the folder of a run tells: whether it is complete, in progress, or how its last try ended.

run.json       the configuration, without secrets
state.json     the try in progress, or the last one: host, process, Slurm's job
outcome.json   how the last try ended; not there while one is in progress
lock           held as long as a process of the run lives
log.txt        what lm-eval said, try after try
answers*       lm-eval's --use_cache
results/       lm-eval's --output_path
"""

import contextlib
import errno
import fcntl
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from reversed_persona.writing import write_lines

__all__ = [
    "LOG",
    "Locked",
    "Outcome",
    "is_locked",
    "last_line",
    "lock",
    "read_outcome",
    "read_state",
    "write_outcome",
    "write_state",
]

LOCK, STATE, OUTCOME, LOG = "lock", "state.json", "outcome.json", "log.txt"
MAX_BYTES = 1 << 20
TAIL_BYTES = 64 << 10
MAX_LINE = 500
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-_])")
# what a file system says that knows no locks
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL)


class Locked(Exception):
    """Another process holds the lock."""


@dataclass(frozen=True)
class Outcome:
    """How a try ended.

    Attributes:
        code: Exit code of the command; negative for the signal that ended it.
        started: When, in seconds since 1970.
        ended: When.
        results: The results file that it left, from the run's folder; None where there is none.
        stopped: It was told to stop.
    """

    code: int
    started: float
    ended: float
    results: str | None = None
    stopped: bool = False

    @property
    def duration_s(self) -> float:
        """How long it took."""
        return max(0.0, self.ended - self.started)


@contextlib.contextmanager
def lock(path: Path) -> Iterator[int | None]:
    """Hold a lock while the block runs, or as long as a process that inherits it lives.

    Yields:
        The open file, for children to inherit; None where the file system knows no locks.

    Raises:
        Locked: Another process holds it.
        OSError: The file can't be opened.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Locked(str(path)) from error
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
            yield None
        else:
            yield handle
    finally:
        os.close(handle)


def is_locked(folder: Path) -> bool:
    """Say whether a process of the run lives."""
    if not (folder / LOCK).exists():
        return False
    try:
        with lock(folder / LOCK):
            return False
    except Locked:
        return True


def read_state(folder: Path) -> Mapping[str, Any]:
    """Return what is noted of the try in progress, or the last one; empty where nothing can be read."""
    return _read(folder / STATE)


def write_state(folder: Path, **state: Any) -> None:
    """Note the try that begins.

    Raises:
        OutputError: It can't be written.
    """
    write_lines(folder / STATE, [json.dumps(state)])


def read_outcome(folder: Path) -> Outcome | None:
    """Return how the last try ended; None where none did, or nothing readable says so."""
    found = _read(folder / OUTCOME)
    try:
        results = found["results"]
        return Outcome(
            int(found["code"]),
            float(found["started"]),
            float(found["ended"]),
            None if results is None else str(results),
            bool(found["stopped"]),
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def write_outcome(folder: Path, outcome: Outcome | None) -> None:
    """Note how a try ended; None takes an earlier note away.

    Raises:
        OutputError: It can't be written.
    """
    if outcome is None:
        (folder / OUTCOME).unlink(missing_ok=True)
    else:
        write_lines(folder / OUTCOME, [json.dumps(asdict(outcome))])


def last_line(path: Path) -> str:
    """Return the last line of a log that says something, fit for a terminal; "" where there is none."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - TAIL_BYTES))
            text = _ESCAPES.sub("", file.read(TAIL_BYTES).decode("utf-8", "replace"))
    except OSError:
        return ""
    # a progress bar goes back to the beginning of its line
    lines = ("".join(c for c in line if c.isprintable()).strip() for line in re.split(r"[\r\n]+", text))
    said = [line for line in lines if line]
    return said[-1][:MAX_LINE] if said else ""


def _read(path: Path) -> Mapping[str, Any]:
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(MAX_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
