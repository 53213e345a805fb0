"""What is taken out of a text: names of this machine and its user, paths, addresses and secrets."""

import getpass
import os
import re
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

__all__ = ["Scrubber", "of_this_machine"]

_SECRET = re.compile(r"token|key|secret|passw|credential|auth", re.IGNORECASE)
_NAMED_SECRET = r"\b[\w.+-]*(?:token(?!iz|s\b)|api_?key|secret|passw(?:or)?d|credential)[\w-]*\s*[=:]\s*[^\s,;'\"]+"
_NEAR_HOST = r"(?<![\w.-])(?:localhost|[\w-]+(?:\.[\w-]+)*\.(?:local|lan|internal|cluster|corp))(?::\d+)?(?![\w-])"
_KEY = r"\b(?:hf_|sk[-_]|gsk_|gh[a-z]_|github_pat_|xox[a-z]-|AKIA|glpat-|eyJ)[A-Za-z0-9._-]{12,}"
_PATTERNS = (
    (re.compile(_NAMED_SECRET, re.IGNORECASE), ""),
    (re.compile(_KEY), "SECRET"),
    (re.compile(r"\b[a-z][a-z0-9+.-]{1,15}://[^\s,;'\"]+", re.IGNORECASE), "URL"),
    (re.compile(r"[\w.+-]+@[\w-][\w.-]*"), "USER"),
    (re.compile(r"(?<![\w.<])(?:~[\w-]*/|\.{0,2}/|[A-Za-z]:[\\/]|\\\\)[^\s,;'\"=)\]}]*"), "PATH"),
    (re.compile(r"(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?(?![\w.])"), "HOST"),
    (re.compile(_NEAR_HOST), "HOST"),
)
_LEAST_CHARS = 3  # a user called "a" can't be told from an article
_OWN_WORDS = frozenset(
    {"run", "model", "tasks", "none", "high", "low", "user", "system", "hf", "vllm", "api", "auto", "test"}
)


@dataclass(frozen=True)
class Scrubber:
    """Takes out of a text what names a machine or its user.

    Attributes:
        names: What to look for, the longest first, and what is put in its place.
    """

    names: Sequence[tuple[str, str]]

    def text(self, text: str) -> str:
        """Return a text without paths, addresses, hosts, users and secrets."""
        for name, instead in self.names:
            pattern = rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])"
            text = re.sub(pattern, lambda _, word=instead: word, text, flags=re.IGNORECASE)  # type: ignore[misc]
        for pattern_, instead in _PATTERNS:
            text = pattern_.sub(instead, text)
        return " ".join(text.split())

    def is_clean(self, text: str) -> bool:
        """Whether nothing has to be taken out."""
        return self.text(text) == " ".join(text.split())

    def is_telling(self, text: str) -> bool:
        """Whether a model's words hold a key, or a folder or secret of this machine, which no model should know."""
        return self._telling.search(text) is not None

    @cached_property
    def _telling(self) -> re.Pattern[str]:
        own = (re.escape(name) for name, instead in self.names if instead in ("SECRET", "PATH"))
        return re.compile("|".join([_KEY, *(rf"(?<![\w/]){name}(?![\w])" for name in own)]))


def of_this_machine(environment: Mapping[str, str] | None = None) -> Scrubber:
    """Return what scrubs this machine's and user's names, this folder, and secrets of the environment.

    Args:
        environment: Its variables; None for this process's.
    """
    environment = os.environ if environment is None else environment
    found: dict[str, str] = {}
    for name, value in environment.items():
        if _SECRET.search(name) and len(value) >= 2 * _LEAST_CHARS:
            found[value] = "SECRET"
    for path in (environment.get("HOME"), environment.get("PWD"), *_folders()):
        if path and len(Path(path).parts) > 1:
            found[str(path)] = "PATH"
    for host in (environment.get("HOSTNAME"), socket.gethostname()):
        found |= dict.fromkeys(filter(None, (host, (host or "").partition(".")[0])), "HOST")
    found |= dict.fromkeys(filter(None, map(environment.get, ("USER", "LOGNAME", "USERNAME"))), "USER")
    with suppress(KeyError, OSError, ImportError):
        found[getpass.getuser()] = "USER"
    with suppress(RuntimeError):
        found[Path.home().name] = "USER"
    kept = {name: word for name, word in found.items() if len(name) >= _LEAST_CHARS and name.lower() not in _OWN_WORDS}
    return Scrubber(sorted(kept.items(), key=lambda pair: -len(pair[0])))


def _folders() -> Iterator[str]:
    with suppress(RuntimeError, OSError):
        yield str(Path.home())
    with suppress(OSError):
        yield str(Path.cwd())
