"""Files of JSON lines that may be anybody's: read line by line, limited in size; a bad line doesn't stop the rest."""

import contextlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from reversed_persona.errors import SettingsError

__all__ = ["STDIN", "BadRow", "read_json_lines"]

STDIN = Path("-")
MAX_ROW_BYTES = 20 << 20  # a question's responses at 32k tokens each stay far below

_FORMATS = {
    b"\x1f\x8b": "compressed with gzip (gunzip it first)",
    b"PK\x03\x04": "a zip file (unpack it first)",
    b"\xff\xfe": "UTF-16 (iconv turns it to UTF-8)",
    b"\xfe\xff": "UTF-16 (iconv turns it to UTF-8)",
    b"PAR1": "a parquet file",
}
"""How a file begins that holds no lines of JSON."""

_Row = TypeVar("_Row")


@dataclass(frozen=True)
class BadRow:
    """A line that holds no response.

    Attributes:
        row: Its number, from 1.
        said: What is wrong with it.
    """

    row: int
    said: str


def read_json_lines(path: Path, take: Callable[[int, dict[str, Any]], Iterable[_Row]]) -> Iterator[_Row | BadRow]:
    """Read a file of JSON objects, one a line.

    Args:
        path: The file; "-" is the standard input.
        take: Turns a line's number, from 1, and its object into records; whatever it raises makes a bad row.

    Raises:
        SettingsError: The file can't be opened or read, or is of another format.
    """
    try:
        with contextlib.nullcontext(sys.stdin.buffer) if path == STDIN else path.open("rb") as file:
            for number, line in _lines(file):
                if number == 1:
                    _check_format(path, line or b"")
                if line is None:
                    yield BadRow(number, f"is longer than {MAX_ROW_BYTES >> 20} MB")
                elif line.strip():
                    yield from _taken(number, line, take)
    except IsADirectoryError as error:
        raise SettingsError(
            f"{path}: is a folder; expected a file of JSON lines, such as a samples_*.jsonl in it"
        ) from error
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}; expected a file of JSON lines") from error


def _check_format(path: Path, line: bytes) -> None:
    for mark, what in _FORMATS.items():
        if line.startswith(mark):
            raise SettingsError(f"{path}: is {what}; expected JSON lines in UTF-8")


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Number the lines; None for one that is too long, of which the rest is passed over."""
    number = 0
    while line := file.readline(MAX_ROW_BYTES):
        number += 1
        whole = line.endswith(b"\n") or len(line) < MAX_ROW_BYTES
        rest = line
        while not whole and rest and not rest.endswith(b"\n"):
            rest = file.readline(MAX_ROW_BYTES)
        yield number, line if whole else None


def _taken(number: int, line: bytes, take: Callable[[int, dict[str, Any]], Iterable[_Row]]) -> Iterator[_Row | BadRow]:
    try:
        row = _object(line)
        found = list(take(number, row))
    except KeyError as error:
        yield BadRow(number, f"has no field {error}; found {', '.join(row) or 'none'}")
    except ValueError as error:
        yield BadRow(number, str(error))
    except (TypeError, IndexError, AttributeError, RecursionError):
        yield BadRow(number, "is no sample of these tasks, nor a row with gold and response")
    else:
        yield from found


def _object(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except UnicodeDecodeError as error:
        raise ValueError(f"is not UTF-8 (byte {error.start})") from error
    except json.JSONDecodeError as error:
        said = error.msg.removesuffix(" at")
        raise ValueError(f"is not JSON ({said} at character {error.pos}); expected an object on one line") from error
    except ValueError as error:
        raise ValueError("holds a number too long to read") from error
    except RecursionError as error:
        raise ValueError("is nested too deeply") from error
    if not isinstance(row, dict):
        raise ValueError(f"is {json.dumps(row):.40}; expected an object")
    return row
