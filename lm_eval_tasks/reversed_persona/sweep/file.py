"""Read a sweep's file: plain YAML, checked, and what is wrong with it said with its line."""

import reprlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from reversed_persona.errors import SettingsError, did_you_mean
from reversed_persona.personas.plain_yaml import PlainLoader, load_node
from reversed_persona.sweep.records import LocalPart, ModelPart, OptionsPart, SlurmPart, SweepPart

__all__ = ["SweepFile", "read_sweep_file"]

_KEYS: Mapping[str, type[BaseModel]] = {
    "": SweepPart,
    "models": ModelPart,
    "options": OptionsPart,
    "slurm": SlurmPart,
    "local": LocalPart,
}
_Place = tuple[str | int, ...]


class SweepFile:
    """A sweep's file that has been read.

    Attributes:
        path: Where it is.
        sweep: What it says.
    """

    def __init__(self, path: Path, sweep: SweepPart, lines: Mapping[_Place, int]) -> None:
        """Keep what was read, and the line of each place."""
        self.path, self.sweep, self._lines = path, sweep, lines

    def error(self, place: _Place, said: str) -> SettingsError:
        """Return an error about a place of the file, with its line.

        Args:
            place: Keys and numbers from the top, such as ("models", 0, "gpus").
            said: What was found there, what is expected, how to mend it.
        """
        return _error(self.path, self._lines, place, said)


class _SweepLoader(PlainLoader):
    """YAML in which a number is one only if it reads back as it was written.

    4:00:00 is a time and not 14,400, 0123456 is a revision and not an octal number, and so is 2026-01-01.
    """

    def construct_as_written(self, node: yaml.ScalarNode) -> object:
        value = self.construct_yaml_int(node)
        return value if str(value) == node.value else node.value

    def construct_text(self, node: yaml.ScalarNode) -> object:
        return node.value

    def construct_unless_time(self, node: yaml.ScalarNode) -> object:
        return node.value if ":" in node.value else self.construct_yaml_float(node)


_SweepLoader.add_constructor("tag:yaml.org,2002:int", _SweepLoader.construct_as_written)
_SweepLoader.add_constructor("tag:yaml.org,2002:float", _SweepLoader.construct_unless_time)
_SweepLoader.add_constructor("tag:yaml.org,2002:timestamp", _SweepLoader.construct_text)


def read_sweep_file(path: Path) -> SweepFile:
    """Read and check a sweep's file.

    Raises:
        SettingsError: It can't be read, is not plain YAML, or holds what a sweep does not; with the line.
    """
    data, node = load_node(path, "a sweep's file", SettingsError, _SweepLoader)
    lines: dict[_Place, int] = {(): 1}
    _note_lines(node, (), lines)
    try:
        return SweepFile(path, SweepPart.model_validate(data), lines)
    except ValidationError as error:
        found = error.errors(include_url=False)
        # of a value that may be one of several things, the first complaint is about the first of them
        first = next((one for one in found if one["type"] == "extra_forbidden"), found[0])
        place = tuple(first["loc"])
        raise _error(path, lines, place, _complaint(first, place, lines)) from error


def _note_lines(node: yaml.Node, place: _Place, lines: dict[_Place, int]) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            lines[(*place, key.value)] = key.start_mark.line + 1
            _note_lines(value, (*place, key.value), lines)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            lines[(*place, number)] = value.start_mark.line + 1
            _note_lines(value, (*place, number), lines)


def _known_place(place: _Place, lines: Mapping[_Place, int]) -> _Place:
    """Return how far a place can be found in the file: a key may be missing, and a checker adds parts of its own."""
    while place not in lines:
        place = place[:-1]
    return place


def _error(path: Path, lines: Mapping[_Place, int], place: _Place, said: str) -> SettingsError:
    known = _known_place(place, lines)
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in known).lstrip(".")
    return SettingsError(f"{path}: line {lines[known]}: {f'{key}: ' if key else ''}{said}")


def _complaint(found: Any, place: _Place, lines: Mapping[_Place, int]) -> str:
    kind, said = found["type"], str(found["msg"]).removeprefix("Value error, ")
    if kind == "extra_forbidden":
        holder = next((str(part) for part in reversed(place[:-1]) if isinstance(part, str)), "")
        keys = _KEYS.get(holder, SweepPart).model_fields
        return f"is no key here; expected one of {', '.join(keys)}{did_you_mean(place[-1], keys)}"
    if kind == "missing":
        return f"{place[-1]!r} is missing; expected it here"
    return f"got {_shown(found['input'])}: {said[:1].lower()}{said[1:]}"


def _shown(value: object) -> str:
    try:
        return f"{reprlib.repr(value):.80}"
    except ValueError:  # Python writes out no integer of thousands of digits
        return f"a huge {type(value).__name__}"
