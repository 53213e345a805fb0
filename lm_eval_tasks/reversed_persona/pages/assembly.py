"""Parts -> an HTML page that works from a file and asks the network for nothing.

Whatever a model, a problem, a submission or a results file says is text: Jinja escapes it; what a script reads is data,
in which no tag can end, and goes into the page as textContent. A Content-Security-Policy lets no other script or style
run.
"""

import base64
import hashlib
import json
import zlib
from collections.abc import Iterable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

__all__ = ["as_data", "joined", "packed", "policy", "printable", "templates"]

SHARED = Path(__file__).parent
_IN_DATA = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def as_data(value: object) -> str:
    """Return JSON that can stand in a script element: nothing in it ends the element, or a line."""
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    for sign, escape in _IN_DATA.items():
        text = text.replace(sign, escape)
    return text


def packed(value: object) -> str:
    """Return JSON, deflated (zlib), as base64: what the scripts' `unpack` reads."""
    raw = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode("ascii")
    return base64.b64encode(zlib.compress(raw, 6)).decode("ascii")


def printable(text: str) -> str:
    """Return a text that UTF-8 can hold: half a surrogate pair becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def joined(folder: Path, *names: str) -> str:
    """Return files as one text, in order: each from the page's own folder, or else what pages share."""
    paths = (folder / name if (folder / name).is_file() else SHARED / name for name in names)
    return "\n".join(path.read_text(encoding="utf-8").strip() for path in paths)


def policy(script: str, style: str, *, files: bool = False) -> str:
    """Return the Content-Security-Policy that lets one script and one style run.

    Args:
        script: The text of the one script element.
        style: The text of the one style element.
        files: Whether that script may load scripts that lie beside the page; on a server "beside" is the same origin.
    """
    beside: Iterable[str] = ("'self'", "file:") if files else ()  # Firefox takes no file for a page's 'self'
    return "; ".join(
        (
            *("default-src 'none'", " ".join(("script-src", _hash(script), *beside)), f"style-src {_hash(style)}"),
            *("img-src data:", "base-uri 'none'", "form-action 'none'"),
        )
    )


def templates(folder: Path) -> Environment:
    """Return the environment for the HTML templates of a folder: everything is escaped, and nothing may be missing."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
