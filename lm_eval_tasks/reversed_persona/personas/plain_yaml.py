"""Read a YAML file that anybody may have written: plain data, small, and nothing that stands for more than it says."""

from pathlib import Path
from typing import Any

import yaml
from yaml.error import MarkedYAMLError

from reversed_persona.errors import ReversedPersonaError, TemplateError

__all__ = ["MAX_FILE_BYTES", "PlainLoader", "load_node", "parse_node", "read_yaml"]

MAX_FILE_BYTES = 64 * 1024  # a template is a few hundred words; anything larger is a mistake or an attack

# What PyYAML lets through from the conversion of dates, numbers and explicit tags such as `!!bool x`, or from nesting.
_BAD_VALUE = (ValueError, ArithmeticError, LookupError, AttributeError, RecursionError)


class PlainLoader(yaml.SafeLoader):
    """YAML without aliases, which let a short file stand for a huge one, and without keys that overrule each other."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Compose a node that has no anchor and, in a mapping, no key twice."""
        event = self.peek_event()  # type: ignore[no-untyped-call]  # the stubs leave it out
        if getattr(event, "anchor", None):  # an alias (*name) names its anchor too
            raise MarkedYAMLError(None, None, "holds an anchor or alias (&, *); write the text out", event.start_mark)
        node = super().compose_node(parent, index)
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        seen = set()
        for key in (key for key, _ in pairs if isinstance(key, yaml.ScalarNode)):
            if key.value in seen:
                raise MarkedYAMLError(None, None, f"key {key.value!r} stands twice; keep one", key.start_mark)
            seen.add(key.value)
        return node


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a mapping.

    Raises:
        TemplateError: The file can't be read, is too large, is not UTF-8, not plain YAML, or holds no mapping.
    """
    data, _ = load_node(path, "a template", TemplateError)
    return data


def load_node(
    path: Path, what: str, error_class: type[ReversedPersonaError], loader: type[PlainLoader] = PlainLoader
) -> tuple[dict[str, Any], yaml.Node]:
    """Read a mapping, and the nodes it came from, which know their lines.

    Args:
        path: The file.
        what: What it is, for the messages.
        error_class: What is raised.
        loader: Turns text into values.

    Raises:
        ReversedPersonaError: As `error_class`; the file can't be read, is too large, is not UTF-8, not plain YAML, or
            holds no mapping.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise error_class(f"{path}: cannot be read: {error.strerror}") from error
    return parse_node(raw, path, what, error_class, loader)


def parse_node(
    raw: bytes,
    path: object,
    what: str,
    error_class: type[ReversedPersonaError],
    loader: type[PlainLoader] = PlainLoader,
) -> tuple[dict[str, Any], yaml.Node]:
    """Read a mapping out of a file's bytes; see `load_node`.

    Args:
        raw: The bytes.
        path: What the file is called, for the messages.
        what: What it is, for the messages.
        error_class: What is raised.
        loader: Turns text into values.

    Raises:
        ReversedPersonaError: As `error_class`; as for `load_node`.
    """
    if len(raw) > MAX_FILE_BYTES:
        raise error_class(f"{path}: is {len(raw)} bytes; {what} has at most {MAX_FILE_BYTES}")
    try:
        opened = loader(raw.decode("utf-8"))
        node = opened.get_single_node()
        data = None if node is None else opened.construct_document(node)
    except UnicodeDecodeError as error:
        raise error_class(f"{path}: is not UTF-8 (byte {error.start}); save it as UTF-8") from error
    except (yaml.YAMLError, *_BAD_VALUE) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}:" if mark else ""
        raise error_class(f"{path}:{line} not plain YAML: {getattr(error, 'problem', None) or error}") from error
    if node is None or not isinstance(data, dict):
        got = "is empty" if data is None else f"got {type(data).__name__}"
        raise error_class(f"{path}: {got}; expected a mapping of keys to values")
    return data, node
