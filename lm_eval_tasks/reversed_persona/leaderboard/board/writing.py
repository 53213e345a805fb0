"""The site's data files: each is a line of script that hands packed data to the page, for `file://` has no fetch."""

from pathlib import Path

from reversed_persona.pages.assembly import packed

__all__ = ["DATA", "write_data"]

DATA = "data"


def write_data(folder: Path, name: str, value: object) -> None:
    """Write a data file.

    Args:
        folder: The site's folder for data.
        name: What it is called, without its ending; made of letters, digits, "_" and "-" alone.
        value: What it says: anything that JSON can say.
    """
    (folder / f"{name}.js").write_text(f'received("{name}","{packed(value)}");\n', encoding="ascii", newline="\n")
