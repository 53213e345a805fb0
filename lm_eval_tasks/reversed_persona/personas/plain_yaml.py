"""Read a YAML file that anybody may have written: plain data, small, and nothing that stands for more than it says."""

from pathlib import Path
from typing import Any

import yaml
from yaml.error import MarkedYAMLError

from reversed_persona.errors import TemplateError

__all__ = ["MAX_FILE_BYTES", "parse_yaml", "read_yaml"]

MAX_FILE_BYTES = 64 * 1024  # a template is a few hundred words; anything larger is a mistake or an attack

# What PyYAML lets through from the conversion of dates, numbers and explicit tags such as `!!bool x`, or from nesting.
_BAD_VALUE = (ValueError, ArithmeticError, LookupError, AttributeError, RecursionError)


class _PlainLoader(yaml.SafeLoader):
    """YAML without aliases, which let a short file stand for a huge one, and without keys that overrule each other."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
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
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise TemplateError(f"{path}: cannot be read: {error.strerror}") from error
    return parse_yaml(raw, path)


def parse_yaml(raw: bytes, path: object) -> dict[str, Any]:
    """Read a mapping out of a file's bytes.

    Args:
        raw: The bytes.
        path: What the file is called, for messages.

    Raises:
        TemplateError: They are too many, not UTF-8, not plain YAML, or hold no mapping.
    """
    if len(raw) > MAX_FILE_BYTES:
        raise TemplateError(f"{path}: is {len(raw)} bytes; such a file has at most {MAX_FILE_BYTES}")
    try:
        data = yaml.load(raw.decode("utf-8"), Loader=_PlainLoader)
    except UnicodeDecodeError as error:
        raise TemplateError(f"{path}: is not UTF-8 (byte {error.start}); save it as UTF-8") from error
    except (yaml.YAMLError, *_BAD_VALUE) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}:" if mark else ""
        raise TemplateError(f"{path}:{line} not plain YAML: {getattr(error, 'problem', None) or error}") from error
    if not isinstance(data, dict):
        got = "is empty" if data is None else f"got {type(data).__name__}"
        raise TemplateError(f"{path}: {got}; expected a mapping of keys to values")
    return data
