"""The folder that --output_path names: can results be kept there, and were they?

lm-eval finds out only after the last answer, and then only warns. A full disk would cost the whole run.
"""

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from reversed_persona.errors import OutputError

__all__ = ["check_room", "check_written", "result_files"]

BYTES_PER_RUN = 1 << 20


def check_room(option: str, path: str, n_bytes: int) -> None:
    """Refuse a path at which `n_bytes` can't be written. Leaves nothing behind, not even a folder.

    Args:
        option: The option that named the path, for the message.
        path: A folder that may not be there yet, or a file in one.
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


def result_files(path: str) -> set[Path]:
    """Return lm-eval's results files at an --output_path."""
    place = Path(path)
    if place.suffix == ".json":  # lm-eval takes it for the beginning of a file name
        return set(place.parent.glob(f"{place.stem}_*.json"))
    return set(place.glob("*/results_*.json"))


def check_written(path: str, before: set[Path], expected_rows: Mapping[str, int]) -> None:
    """Raise if a finished run did not leave all that it should.

    Args:
        path: The --output_path.
        before: `result_files` before the run.
        expected_rows: How many questions of each task the sample logs have to hold; empty without --log_samples.

    Raises:
        OutputError: A results file is missing or cut off, or a sample log is.
    """
    new = result_files(path) - before
    if not new:
        raise _lost(path, "no results file was written")
    for results in new:
        try:
            json.loads(results.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise _lost(path, f"{results.name} is damaged ({error})") from error
        date = results.stem.rpartition("_")[2]
        for task, n_rows in expected_rows.items():
            if _rows(results.parent / f"samples_{task}_{date}.jsonl") < n_rows:
                raise _lost(path, f"samples_{task}_{date}.jsonl is missing or cut off; expected {n_rows} rows")


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
