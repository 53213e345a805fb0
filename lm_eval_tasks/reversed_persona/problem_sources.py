"""Where raw problem rows are read from: a local folder, or the Hugging Face Hub at a pinned revision.

A local folder is named by `problems_dir` in --metadata or by the environment variable REVERSED_PERSONA_PROBLEMS:

    <folder>/gsm8k/test.jsonl      or test.parquet, test-*.parquet, main/test-*.parquet (as in a snapshot of the Hub)
    <folder>/math500/test.jsonl    or test.parquet, test-*.parquet
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from reversed_persona.errors import ProblemsError

__all__ = ["PROBLEMS_VARIABLE", "HubDataset", "Rows", "find_rows", "hub_rows", "read_rows"]

PROBLEMS_VARIABLE = "REVERSED_PERSONA_PROBLEMS"
Rows: TypeAlias = Iterator[tuple[int, Mapping[str, Any]]]  # numbered from 1


@dataclass(frozen=True)
class HubDataset:
    """A dataset on the Hub.

    Attributes:
        repository: Its id.
        file: Its test split, a JSONL or parquet file in the repository.
        revision: The pinned commit.
    """

    repository: str
    file: str
    revision: str


def find_rows(name: str, hub: HubDataset, problems_dir: str | os.PathLike[str] | None) -> tuple[str, Rows]:
    """Return where a problem set is read from, for messages, and its raw rows.

    Args:
        name: Its name, which is also its folder's.
        hub: Where it is on the Hub.
        problems_dir: Local folder; None for the one that REVERSED_PERSONA_PROBLEMS names, or else the Hub.

    Raises:
        ProblemsError: The local folder or file is missing, or the Hub can't be reached; while reading, the file is
            malformed.
    """
    local = problems_dir or os.environ.get(PROBLEMS_VARIABLE)
    if not local:
        return hub_rows(name, hub)
    path = _find_file(name, hub, Path(local), "problems_dir" if problems_dir else PROBLEMS_VARIABLE)
    return str(path), read_rows(path)


def hub_rows(name: str, hub: HubDataset) -> tuple[str, Rows]:
    """Return where on the Hub a problem set is read from, for messages, and its raw rows.

    The file is downloaded once, into the Hub client's own cache.

    Raises:
        ProblemsError: The Hub can't be reached, and the file is not in the cache.
    """
    return f"the Hub's {hub.repository} at {hub.revision}", read_rows(_download(name, hub))


def read_rows(path: Path) -> Rows:
    """Read a JSONL or parquet file.

    Raises:
        ProblemsError: The file can't be read, or a line is malformed.
    """
    return _read_parquet(path) if path.suffix == ".parquet" else _read_jsonl(path)


def _find_file(name: str, hub: HubDataset, folder: Path, named_by: str) -> Path:
    if not folder.is_dir():
        raise ProblemsError(f"{named_by}: {folder} is not a folder; name the folder that holds {name}/")
    patterns = [f"{name}/test.jsonl", f"{name}/test.parquet", f"{name}/test-*.parquet"]
    if f"{name}/{hub.file}" not in patterns:
        patterns.append(f"{name}/{hub.file}")
    for pattern in patterns:
        if found := sorted(folder.glob(pattern)):
            return found[0]
    raise ProblemsError(
        f"{named_by}: {folder} has no {' or '.join(patterns)}; put the test split of {hub.repository} there"
    )


def _read_jsonl(path: Path) -> Rows:
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise ProblemsError(f"{path}: cannot be read: {error.strerror}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line.decode("utf-8"))
        except UnicodeDecodeError as error:
            raise ProblemsError(f"{path}: line {number} is not UTF-8 text; expected JSON lines in UTF-8") from error
        except (ValueError, RecursionError) as error:
            raise ProblemsError(f"{path}: line {number} is not JSON ({error}); expected one object a line") from error
        if not isinstance(row, dict):
            raise ProblemsError(f"{path}: line {number} is a {type(row).__name__}; expected one object a line")
        yield number, row


def _read_parquet(path: Path) -> Rows:
    from pyarrow import ArrowException, parquet  # only parquet needs it, and it comes with `datasets`

    try:
        table = parquet.read_table(path)
    except (OSError, ArrowException) as error:
        raise ProblemsError(f"{path}: cannot be read as parquet: {error}; copy the file again") from error
    for number, cells in enumerate(zip(*table.columns, strict=True), start=1):
        row = {}
        for field, cell in zip(table.column_names, cells, strict=True):
            try:
                row[field] = cell.as_py()
            except (ValueError, OverflowError, ArrowException) as error:  # bytes that aren't UTF-8, an impossible date
                raise ProblemsError(
                    f"{path}: row {number}: {field}: got a value that cannot be read ({error}); expected UTF-8 text"
                ) from error
        yield number, row


def _download(name: str, hub: HubDataset) -> Path:
    from huggingface_hub import hf_hub_download  # takes a second to import, so only where the Hub is asked

    # the Hub client knows HF_HUB_OFFLINE by itself; clusters set this one as often
    offline = os.environ.get("HF_DATASETS_OFFLINE", "").upper() in ("1", "ON", "YES", "TRUE")
    try:
        path = hf_hub_download(
            hub.repository, hub.file, repo_type="dataset", revision=hub.revision, local_files_only=offline
        )
    except Exception as error:  # the Hub client raises a dozen unrelated types, all meaning "not to be had"
        raise ProblemsError(
            f"{name}: cannot be had from the Hub ({type(error).__name__}: {error!s:.200}). "
            "HF_HUB_OFFLINE and HF_DATASETS_OFFLINE keep it from asking. Where there is a network run "
            "`reversed-persona prefetch FOLDER`; without one name a folder that holds "
            f'{name}/test.jsonl in --metadata \'{{"problems_dir": "FOLDER"}}\' or in {PROBLEMS_VARIABLE}'
        ) from error
    return Path(path)
