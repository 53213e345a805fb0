"""A submission's folder -> its files, none of which is trusted: no links, no unexpected names, nothing too large.

submission.yaml     64 KB
results.json        1 MB
samples/<task>.jsonl.gz     3 MB each, 128 MB unpacked, 4 MB a line
judgements/<task>.jsonl.gz  likewise; only where a judge rated the responses
"""

import hashlib
import os
import re
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path

from reversed_persona.leaderboard.submissions.findings import Finding, refused, shown

__all__ = [
    "JUDGEMENTS",
    "MAX_SAMPLES_BYTES",
    "RECORD",
    "RESULTS",
    "SAMPLES",
    "judge_task_of",
    "judgements_name",
    "list_files",
    "read_file",
    "samples_name",
    "sha256_of",
    "task_of",
    "unpacked_lines",
]

RECORD, RESULTS, SAMPLES, JUDGEMENTS = "submission.yaml", "results.json", "samples", "judgements"
MAX_SAMPLES_BYTES = 3 << 20
MAX_BYTES = {RECORD: 64 << 10, RESULTS: 1 << 20}
MAX_ENTRIES = 40
_SUBMISSION = re.compile(r"\d{4}-\d{2}-\d{2}_[0-9a-f]{8}")
MAX_UNPACKED = 128 << 20
MAX_LINE = 4 << 20

_TASK = r"(?P<task>[a-z][a-z0-9_]{0,79})\.jsonl\.gz"
_SAMPLES_FILE = re.compile(f"{SAMPLES}/{_TASK}")
_JUDGEMENTS_FILE = re.compile(f"{JUDGEMENTS}/{_TASK}")
_CHUNK = 1 << 20
_FROM_PREPARE = "Make the folder with `reversed-persona submission prepare`"
_PLAIN_GZIP = b"\x1f\x8b\x08\x00\x00\x00\x00\x00"  # no name, no comment, no date


def samples_name(task: str) -> str:
    """Return what a task's samples are called in a submission."""
    return f"{SAMPLES}/{task}.jsonl.gz"


def task_of(name: str) -> str | None:
    """Return the task whose samples a file of this name holds; None for another file."""
    found = _SAMPLES_FILE.fullmatch(name)
    return found["task"] if found else None


def judgements_name(task: str) -> str:
    """Return what a judge task's judgements are called in a submission."""
    return f"{JUDGEMENTS}/{task}.jsonl.gz"


def judge_task_of(name: str) -> str | None:
    """Return the judge task whose judgements a file of this name holds; None for another file."""
    found = _JUDGEMENTS_FILE.fullmatch(name)
    return found["task"] if found else None


def list_files(folder: Path) -> tuple[list[str], list[Finding]]:
    """List a submission's files, without following a link.

    Returns:
        The names of those that belong to a submission, with "/" between folder and file; and what is wrong.
    """
    findings: list[Finding] = []
    names: list[str] = []
    try:
        within = folder.absolute()
        if any(not stat.S_ISDIR(one.lstat().st_mode) for one in (within, *within.parents[:2])):
            said = "is no folder, or a link to one, or lies behind a link; expected a folder in two folders"
            return [], [Finding(str(folder), None, said, _FROM_PREPARE)]
        _list(folder, "", names, findings)
    except OSError as error:
        said = f"cannot be read: {error.strerror}; expected a submission's folder"
        findings.append(Finding(str(folder), None, said, _FROM_PREPARE))
    for name in () if findings else (RECORD, RESULTS):
        if name not in names:
            findings.append(Finding(str(folder), None, f"has no {name}; expected one", _FROM_PREPARE))
    return sorted(names), findings


def _list(folder: Path, prefix: str, names: list[str], findings: list[Finding]) -> None:
    with os.scandir(folder) as entries:
        for number, entry in enumerate(entries):
            if number >= MAX_ENTRIES:
                said = f"holds more than {MAX_ENTRIES} files; expected {RECORD}, {RESULTS} and {SAMPLES}/"
                findings.append(Finding(str(folder), None, said, "Take out what does not belong to it"))
                return
            name = f"{prefix}{entry.name}"
            mode = entry.stat(follow_symlinks=False).st_mode
            if wrong := _wrong_with(name, mode):
                findings.append(Finding(f"{folder}/{shown(entry.name)[1:-1]}", None, *wrong))
            elif stat.S_ISDIR(mode):
                _list(folder / entry.name, f"{name}/", names, findings)
            else:
                names.append(name)


def _wrong_with(name: str, mode: int) -> tuple[str, str] | None:
    if stat.S_ISLNK(mode):
        return "is a link; expected the file itself", "Put the file there, or take the link out"
    if stat.S_ISDIR(mode):
        expected = f"expected {SAMPLES}/ and {JUDGEMENTS}/ alone"
        if _SUBMISSION.fullmatch(name):
            return f"is a submission itself; {expected}", "Name the submission's folder, one level below"
        return None if name in (SAMPLES, JUDGEMENTS) else (f"is an unexpected folder; {expected}", "Take it out")
    if not stat.S_ISREG(mode):
        return "is no regular file; expected one", "Take it out"
    if name in MAX_BYTES or task_of(name) or judge_task_of(name):
        return None
    expected = f"{RECORD}, {RESULTS}, {SAMPLES}/<task>.jsonl.gz and {JUDGEMENTS}/<task>.jsonl.gz"
    return f"is an unexpected file; expected {expected}", "Take it out"


def read_file(folder: Path, name: str) -> bytes:
    """Read a file of a submission whole.

    Raises:
        Refused: It is a link, no regular file, can't be read, or is too large.
    """
    path, limit = folder / name, MAX_BYTES.get(name, MAX_SAMPLES_BYTES)
    try:
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        with os.fdopen(os.open(path, flags), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise refused(str(path), "is no regular file; expected one", "Take it out")
            raw = file.read(limit + 1)
    except OSError as error:
        said = f"cannot be read ({error.strerror}); expected a regular file and no link"
        raise refused(str(path), said, _FROM_PREPARE) from error
    if len(raw) > limit:
        size = f"{limit >> 20} MB" if limit >= 1 << 20 else f"{limit >> 10} KB"
        said = f"is larger than {size}; expected at most that"
        raise refused(str(path), said, "Leave an optional task out; a core task has to fit")
    return raw


def sha256_of(raw: bytes) -> str:
    """Return the sha256 of some bytes, 64 hexadecimal digits."""
    return hashlib.sha256(raw).hexdigest()


def unpacked_lines(raw: bytes, path: str) -> Iterator[bytes]:
    """Unpack a gzip file line by line, never holding much more than a line.

    Args:
        raw: The file.
        path: What it is called, for messages.

    Raises:
        Refused: It is no gzip file, is damaged or cut off, holds a second part or a name, or unpacks to too much.
    """
    pack = "Pack it again with `reversed-persona submission prepare`"
    if not raw.startswith(_PLAIN_GZIP):
        raise refused(path, "is no gzip file without a name and a date in its head; expected one", pack)
    number, line = 0, b""
    for chunk in _unpacked(raw, path, pack):
        first, *others = chunk.split(b"\n")
        line += first
        for rest in others:
            number += 1
            yield line
            line = rest
        if len(line) > MAX_LINE:
            said = f"is longer than {MAX_LINE >> 20} MB; expected one question's responses"
            raise refused(path, said, pack, line=number + 1, about="rows")
    if line:
        raise refused(path, "has no end; expected a line end after every row", pack, line=number + 1, about="rows")


def _unpacked(raw: bytes, path: str, pack: str) -> Iterator[bytes]:
    unpacking = zlib.decompressobj(wbits=31)  # gzip
    left, total = raw, 0
    try:
        while not unpacking.eof:
            chunk = unpacking.decompress(left, _CHUNK)
            left = unpacking.unconsumed_tail
            total += len(chunk)
            if total > MAX_UNPACKED:
                said = f"unpacks to more than {MAX_UNPACKED >> 20} MB; expected at most that"
                raise refused(path, said, "Leave the task out; a core task has to fit")
            if not chunk and not left and not unpacking.eof:
                raise refused(path, "is cut off; expected a whole gzip file", pack)
            yield chunk
    except zlib.error as error:
        raise refused(path, f"is damaged ({error!s:.80}); expected a whole gzip file", pack) from error
    if unpacking.unused_data:
        raise refused(path, "goes on behind its end; expected one gzip file and nothing more", pack)
