"""Persona templates: who the model is asked to be, and how often that student is right.

persona_templates/ holds one YAML file per persona and `prompt.yml`, the frame that every prompt shares. The texts are
this project's own: a reimplementation of the idea of arXiv 2504.06460, whose exact prompts were not at hand.

A persona with an expected accuracy is measured against it, so every one of its wordings has to promise that accuracy
to the model.
"""

import reprlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from yaml.error import MarkedYAMLError

from reversed_persona.errors import SettingsError, TemplateError, did_you_mean
from reversed_persona.template_text import check_promise, check_text, render

__all__ = [
    "FINAL_ANSWER_DEMAND",
    "Frame",
    "Persona",
    "Templates",
    "Wording",
    "load_templates",
    "template_folder",
]

FINAL_ANSWER_DEMAND = "Final answer:"
FRAME_FILE = "prompt.yml"
MAX_FILE_BYTES = 64 * 1024  # a persona is a few hundred words; anything larger is a mistake or an attack

_INSTRUCTION_VARIABLES = frozenset({"collection"})
_QUESTION_VARIABLES = frozenset({"question"})

# What PyYAML lets through from the conversion of dates, numbers and explicit tags such as `!!bool x`, or from nesting.
_BAD_VALUE = (ValueError, ArithmeticError, LookupError, AttributeError, RecursionError)

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_Model = TypeVar("_Model", bound=BaseModel)


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Wording(_Record):
    """One way to say who the student is.

    Attributes:
        instruction: The text given to the model; may use `{{ collection }}`, the name of the problems at hand.
        promise: The phrase of `instruction` that promises the expected accuracy; None where nothing is expected.
    """

    instruction: Text
    promise: Text | None = None


class Persona(_Record):
    """A student the model is asked to play.

    Attributes:
        id: Its name in metrics, settings and files: lower case letters, digits, underscores.
        label: Its name for people.
        expected_accuracy: Share of problems in [0, 1] that this student gets right; None where nothing is expected.
        wordings: Ways to say it, the first being the standard one; empty for "no persona at all".
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    label: Text
    expected_accuracy: Annotated[float | None, Field(ge=0.0, le=1.0)]
    wordings: tuple[Wording, ...]

    @model_validator(mode="before")
    @classmethod
    def _lists_are_tuples(cls, data: Any) -> Any:
        """Let YAML's lists through strict validation."""
        if isinstance(data, dict) and isinstance(data.get("wordings"), list):
            return {**data, "wordings": tuple(data["wordings"])}
        return data

    def instruction(self, collection: str, wording: int = 0) -> str:
        """Return what the model is told, or "" for a persona without wordings.

        Args:
            collection: What the problems are called, such as "grade-school word problems".
            wording: Which of the wordings, from 0.
        """
        return render(self.wordings[wording].instruction, collection=collection) if self.wordings else ""


class Frame(_Record):
    """What every prompt shares, whoever is asked.

    Attributes:
        question: How the problem is put; uses `{{ question }}`.
        demand: How the final answer is asked for; its last line begins with "Final answer:".
    """

    question: Text
    demand: Text


@dataclass(frozen=True)
class Templates:
    """A validated set of personas and the frame of their prompts.

    Attributes:
        personas: By id.
        frame: Shared by all of them.
        custom: Whether any text is not this project's own, so that its results aren't the benchmark's.
    """

    personas: dict[str, Persona]
    frame: Frame
    custom: bool

    def select(self, ids: Sequence[str]) -> tuple[Persona, ...]:
        """Return the personas with these ids, in this order.

        Raises:
            SettingsError: An id is unknown or named twice, or none is named.
        """
        if not ids:
            raise SettingsError("personas: got an empty list; expected at least one persona id")
        if twice := sorted({name for name in ids if list(ids).count(name) > 1}):
            raise SettingsError(f"personas: {twice[0]!r} is named twice; name each persona once")
        for name in ids:
            if name not in self.personas:
                raise SettingsError(
                    f"personas: unknown persona id {name!r}; expected one of {', '.join(sorted(self.personas))}"
                    + did_you_mean(name, self.personas)
                )
        return tuple(self.personas[name] for name in ids)


def template_folder() -> Path:
    """Return the folder of the built-in templates: in the installed package, or beside the tasks in a checkout."""
    package = Path(__file__).resolve().parent
    installed = package / "persona_templates"
    return installed if installed.is_dir() else package.parents[1] / "persona_templates"


@cache
def load_templates(folder: Path | None = None) -> Templates:
    """Load and validate the built-in templates, and over them those of `folder`.

    A file of `folder` replaces the built-in one with the same persona id (or the built-in frame); the set is then
    custom.

    Args:
        folder: The user's own templates, or None for the benchmark's.

    Raises:
        TemplateError: A file is missing, unreadable, malformed, holds code, or breaks the promise of its accuracy.
    """
    personas, frame = _read_folder(template_folder())
    if folder is not None:
        own_personas, own_frame = _read_folder(folder)
        if not own_personas and own_frame is None:
            raise TemplateError(f"{folder}: holds no template; expected at least one .yml file")
        personas, frame = {**personas, **own_personas}, own_frame or frame
    if frame is None:
        raise TemplateError(f"{template_folder() / FRAME_FILE}: not found; reinstall the package")
    return Templates(personas=personas, frame=frame, custom=folder is not None)


def _read_folder(folder: Path) -> tuple[dict[str, Persona], Frame | None]:
    if not folder.is_dir():
        raise TemplateError(f"{folder}: not a folder; expected a folder of persona templates (*.yml)")
    personas: dict[str, Persona] = {}
    files: dict[str, Path] = {}
    frame = None
    for path in sorted(folder.glob("*.yml")):
        if path.name == FRAME_FILE:
            frame = _read_frame(path)
            continue
        persona = _read_persona(path)
        if persona.id in personas:
            raise TemplateError(
                f"{path}: id: {persona.id!r} is already taken by {files[persona.id].name}; give each persona its own id"
            )
        personas[persona.id], files[persona.id] = persona, path
    return personas, frame


def _read_persona(path: Path) -> Persona:
    persona = _validate(Persona, path)
    if persona.expected_accuracy is not None and not persona.wordings:
        raise TemplateError(f"{path}: wordings: got none; a persona with an expected_accuracy needs at least one")
    for number, wording in enumerate(persona.wordings):
        where = f"{path}: wordings[{number}]"
        check_text(wording.instruction, _INSTRUCTION_VARIABLES, f"{where}.instruction")
        if wording.promise is not None:
            check_text(wording.promise, _INSTRUCTION_VARIABLES, f"{where}.promise")
        check_promise(wording.promise, wording.instruction, persona.expected_accuracy, where)
    return persona


def _read_frame(path: Path) -> Frame:
    frame = _validate(Frame, path)
    if check_text(frame.question, _QUESTION_VARIABLES, f"{path}: question") != _QUESTION_VARIABLES:
        raise TemplateError(f"{path}: question: does not show the problem; put {{{{ question }}}} into it")
    check_text(frame.demand, frozenset(), f"{path}: demand")
    last_line = render(frame.demand).splitlines()[-1].strip()
    if not last_line.startswith(FINAL_ANSWER_DEMAND):
        raise TemplateError(
            f"{path}: demand: ends in {last_line!r}; its last line must begin with {FINAL_ANSWER_DEMAND!r}, "
            "or no answer can be told from a remark"
        )
    return frame


def _validate(model: type[_Model], path: Path) -> _Model:
    data = _read_yaml(path)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        known = ", ".join(model.model_fields)
        hint = did_you_mean(key, model.model_fields) if first["type"] == "extra_forbidden" else ""
        got = "" if first["type"] == "missing" else f", got {_shown(first['input'])}"
        raise TemplateError(f"{path}: {key}: {first['msg']}{got}; the keys of this file are {known}{hint}") from error


def _shown(value: object) -> str:
    """Return a short repr, made without writing the whole value out first."""
    try:
        return f"{reprlib.repr(value):.80}"
    except ValueError:  # Python writes out no integer of thousands of digits
        return f"a huge {type(value).__name__}"


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


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise TemplateError(f"{path}: cannot be read: {error.strerror}") from error
    if len(raw) > MAX_FILE_BYTES:
        raise TemplateError(f"{path}: is {len(raw)} bytes; a template has at most {MAX_FILE_BYTES}")
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
