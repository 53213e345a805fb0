"""The folder that --output_path names: can results be kept there, and were they?

lm-eval finds out only after the last answer, and then only warns. A full disk would cost the whole run.
"""

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from reversed_persona.errors import OutputError

__all__ = ["BYTES_PER_RUN", "check_room", "check_written", "folder_of"]

BYTES_PER_RUN = 1 << 20


def check_room(option: str, path: str, n_bytes: int) -> None:
    """Refuse a path at which `n_bytes` can't be written. Leaves nothing behind, not even a folder.

    Args:
        option: The option that named the path, for the message.
        path: A folder that may not be there yet.
        n_bytes: How much has to fit.

    Raises:
        OutputError: The path leads through a file, nothing can be written, or the disk is too full.
    """
    folder = Path(path).absolute()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    if not folder.is_dir():
        raise OutputError(f"{option}: {folder} is a file; expected a folder to write to")
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            if hasattr(os, "posix_fallocate"):  # takes the room for real, so quotas count as well
                os.posix_fallocate(probe.fileno(), 0, n_bytes)
            probe.write(b"reversed-persona")
            probe.flush()
    except OSError as error:
        raise OutputError(
            f"{option}: {n_bytes / 1e6:.0f} MB cannot be written to {folder}: {error.strerror}; "
            "make room there or name another folder"
        ) from error


def folder_of(output_path: str) -> Path:
    """Return the folder to which lm-eval writes for an --output_path: "x.json" begins a file name."""
    path = Path(output_path)
    return path.parent if path.suffix == ".json" else path


def check_written(results: Path | None, output_path: str, expected_rows: Mapping[str, int]) -> None:
    """Raise if a finished run did not leave all that it should.

    Args:
        results: Its results file; None if lm-eval didn't come to write one.
        output_path: The --output_path, for the message.
        expected_rows: How many questions of each task the sample logs have to hold; empty without --log_samples.

    Raises:
        OutputError: The results file is missing or cut off, or a sample log is.
    """
    if results is None or not results.exists():
        raise _lost(output_path, "no results file was written")
    try:
        json.loads(results.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _lost(output_path, f"{results.name} is damaged ({error})") from error
    date = results.stem.rpartition("_")[2]
    for task, n_rows in expected_rows.items():
        if _rows(results.parent / f"samples_{task}_{date}.jsonl") < n_rows:
            raise _lost(output_path, f"samples_{task}_{date}.jsonl is missing or cut off; expected {n_rows} rows")


def _rows(path: Path) -> int:
    try:
        text = path.read_bytes()
        json.loads(text.rstrip().rpartition(b"\n")[2])
    except (OSError, ValueError):
        return -1
    return text.count(b"\n")


def _lost(path: str, what: str) -> OutputError:
    return OutputError(
        f"--output_path {path}: {what}, though the run had finished: is the disk full? "
        "Make room and run the same command again; with --use_cache nothing is asked twice"
    )
