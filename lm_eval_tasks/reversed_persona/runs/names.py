"""What models and tasks are called."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath

__all__ = ["model_ids", "own_tasks"]

_HUB_CACHE = re.compile(r"models--(?P<org>[^/\\]+?)--(?P<name>[^/\\]+)")
_IS_PATH = re.compile(r"[/~.]|[A-Za-z]:[\\/]|.*/.*/")


def own_tasks() -> frozenset[str]:
    """Return the names of this package's tasks: each is a file in a folder, and a group in none."""
    return frozenset(path.stem for path in Path(__file__).parents[1].glob("*/*.yaml"))


def model_ids(names: Iterable[str]) -> Mapping[str, str]:
    """Give each model its id in place of the path that it was loaded from.

    A path in the Hub's cache gives the Hub's id, another one its last part, or as many of the last parts as tell two
    paths apart. What is no path is an id already.

    Args:
        names: What lm-eval called the models.
    """
    parts = {name: _parts(name) for name in dict.fromkeys(names)}
    depth = 1
    while True:
        ids = {name: "/".join(of_path[-depth:]) for name, of_path in parts.items()}
        told_apart = len(set(ids.values())) == len(set(parts.values()))  # two paths of one id in the Hub are one model
        if told_apart or depth >= max(map(len, parts.values()), default=1):
            return ids
        depth += 1


def _parts(name: str) -> tuple[str, ...]:
    if cached := _HUB_CACHE.search(name):
        return (f"{cached['org']}/{cached['name']}",)
    if not _IS_PATH.match(name):
        return (name,)
    path = PureWindowsPath(name) if "\\" in name else PurePosixPath(name)
    return tuple(part for part in path.parts if part not in (path.anchor, ".", "..", "~")) or (name,)
