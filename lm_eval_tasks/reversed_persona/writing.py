"""Files that are there whole or not at all."""

import errno
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from reversed_persona.errors import OutputError

__all__ = ["check_writable", "write_bytes", "write_lines"]


def check_writable(path: Path) -> None:
    """Refuse a place that `write_lines` could not write to, before the work is done. Leaves nothing behind.

    Raises:
        OutputError: It is a folder, or what holds it is no folder or can't be written to.
    """
    path = path.resolve()
    if path.exists() and not path.is_dir() and not path.is_file():
        return  # a device or a pipe
    folder = path.parent
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}; name another place") from error


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write a UTF-8 text file beside its place, and move it there when it is whole.

    Args:
        path: Where; folders on the way are made. A link is followed, and a device or pipe is written to as it stands.
        lines: The lines, without their ends; whatever they raise leaves nothing behind.

    Raises:
        OutputError: It can't be written.
    """
    write_bytes(path, (f"{line}\n".encode() for line in lines))


def write_bytes(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file beside its place, and move it there when it is whole; see `write_lines`.

    Raises:
        OutputError: It can't be written.
    """
    draft: Path | None = None
    path = path.resolve()
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            with path.open("wb") as device:
                device.writelines(chunks)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("wb", dir=path.parent, delete=False) as file:
            draft = Path(file.name)
            file.writelines(chunks)
        draft.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        draft.replace(path)
        draft = None
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}; name another place") from error
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)
