"""Load and check template folders: the built-in one, and over it the user's own."""

import reprlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from reversed_persona.errors import SettingsError, TemplateError, did_you_mean
from reversed_persona.personas.plain_yaml import read_yaml
from reversed_persona.personas.records import Attribute, Exemplar, ExemplarFile, Frame, Persona, PersonaFile
from reversed_persona.personas.text import check_promise, check_text, render

__all__ = ["FINAL_ANSWER_DEMAND", "Templates", "load_templates", "read_record", "template_file", "template_folder"]

FINAL_ANSWER_DEMAND = "Final answer:"
FRAME_FILE = "prompt.yml"

_INSTRUCTION_VARIABLES = frozenset({"collection", "target", "attribute"})
_QUESTION_VARIABLES = frozenset({"question"})
_EXAMPLE_VARIABLES = frozenset({"question", "reply"})

_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True)
class Templates:
    """A validated set of templates.

    Attributes:
        personas: By id.
        attributes: By id.
        exemplars: By name of the problem set.
        frame: Shared by all prompts.
        custom: Whether any text is not this project's own, so that its results aren't the benchmark's.
        own: Ids of the personas of the user's own folder, by the names of their files.
    """

    personas: dict[str, Persona]
    frame: Frame
    attributes: dict[str, Attribute] = field(default_factory=dict)
    exemplars: dict[str, tuple[Exemplar, ...]] = field(default_factory=dict)
    custom: bool = False
    own: tuple[str, ...] = ()

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
    package = Path(__file__).resolve().parents[1]
    installed = package / "persona_templates"
    return installed if installed.is_dir() else package.parents[1] / "persona_templates"


def template_file(name: Path, folder: Path | None) -> tuple[Path, bool]:
    """Return where a file of templates is that a task reads by itself, and whether it is the user's own.

    Args:
        name: The file, relative to a template folder.
        folder: The user's own templates; the built-in file is taken where they hold none.
    """
    own = folder / name if folder else None
    return (own, True) if own and own.is_file() else (template_folder() / name, False)


@cache
def load_templates(folder: Path | None = None) -> Templates:
    """Load and validate the built-in templates, and over them those of `folder`.

    A file of `folder` replaces the built-in one with the same id (or the built-in frame); the set is then custom.

    Args:
        folder: The user's own templates, or None for the benchmark's.

    Raises:
        TemplateError: A file is missing, unreadable, malformed, holds code, or breaks the promise of its accuracy.
    """
    found = _read_folder(template_folder())
    own_ids: tuple[str, ...] = ()
    if folder is not None:
        own = _read_folder(folder)
        followups = list((folder / "followups").glob("*.yml"))  # read by the tasks that they are for
        if not any((own.personas, own.attributes, own.exemplars, own.frame, followups)):
            raise TemplateError(f"{folder}: holds no template; expected at least one .yml file")
        own_ids = tuple(own.personas)
        found = _Found(
            {**found.personas, **own.personas},
            {**found.attributes, **own.attributes},
            {**found.exemplars, **own.exemplars},
            own.frame or found.frame,
        )
    if found.frame is None:
        raise TemplateError(f"{template_folder() / FRAME_FILE}: not found; reinstall the package")
    return Templates(
        found.personas, found.frame, found.attributes, found.exemplars, custom=folder is not None, own=own_ids
    )


@dataclass(frozen=True)
class _Found:
    personas: dict[str, Persona]
    attributes: dict[str, Attribute]
    exemplars: dict[str, tuple[Exemplar, ...]]
    frame: Frame | None


def _read_folder(folder: Path) -> _Found:
    if not folder.is_dir():
        raise TemplateError(f"{folder}: not a folder; expected a folder of persona templates (*.yml)")
    personas = _by_id(folder, _read_personas, lambda persona: persona.id)
    attributes = _by_id(folder / "attributes", _read_attribute, lambda attribute: attribute.id)
    exemplars = _by_id(folder / "exemplars", _read_exemplars, lambda file: file.problems)
    frame = folder / FRAME_FILE
    return _Found(
        personas,
        attributes,
        {name: file.exemplars for name, file in exemplars.items()},
        _read_frame(frame) if frame.is_file() else None,
    )


def _by_id(folder: Path, read: Callable[[Path], Sequence[_Model]], key: Callable[[_Model], str]) -> dict[str, _Model]:
    """Read every template of a folder; no two may have the same id."""
    found: dict[str, _Model] = {}
    files: dict[str, Path] = {}
    for path in sorted(folder.glob("*.yml")):
        for record in read(path) if path.name != FRAME_FILE else ():
            name = key(record)
            if name in found:
                raise TemplateError(f"{path}: id: {name!r} is already taken by {files[name].name}; give each its own")
            found[name], files[name] = record, path
    return found


def _read_personas(path: Path) -> tuple[Persona, ...]:
    personas = read_record(PersonaFile, path).personas()
    for persona in personas:
        if persona.expected_accuracy is not None and not persona.wordings:
            raise TemplateError(f"{path}: wordings: got none; a persona with an expected_accuracy needs at least one")
        for number, wording in enumerate(persona.wordings):
            where = f"{path}: wordings[{number}]"
            check_text(wording.instruction, _INSTRUCTION_VARIABLES, f"{where}.instruction")
            if wording.promise is not None:
                check_text(wording.promise, _INSTRUCTION_VARIABLES, f"{where}.promise")
            check_promise(wording.promise, wording.instruction, persona.expected_accuracy, persona.target, where)
    return personas


def _read_attribute(path: Path) -> tuple[Attribute]:
    attribute = read_record(Attribute, path)
    for value in attribute.values[1:]:
        check_text(value.sentence, frozenset(), f"{path}: values: {value.id}: sentence")
    return (attribute,)


def _read_exemplars(path: Path) -> tuple[ExemplarFile]:
    return (read_record(ExemplarFile, path),)


def _read_frame(path: Path) -> Frame:
    frame = read_record(Frame, path)
    if check_text(frame.question, _QUESTION_VARIABLES, f"{path}: question") != _QUESTION_VARIABLES:
        raise TemplateError(f"{path}: question: does not show the problem; put {{{{ question }}}} into it")
    check_text(frame.demand, frozenset(), f"{path}: demand")
    last_line = render(frame.demand).splitlines()[-1].strip()
    if not last_line.startswith(FINAL_ANSWER_DEMAND):
        raise TemplateError(
            f"{path}: demand: ends in {last_line!r}; its last line must begin with {FINAL_ANSWER_DEMAND!r}, "
            "or no answer can be told from a remark"
        )
    if frame.example is not None:
        used = check_text(frame.example, _EXAMPLE_VARIABLES, f"{path}: example")
        if used != _EXAMPLE_VARIABLES:
            raise TemplateError(f"{path}: example: expected {{{{ question }}}} and {{{{ reply }}}} in it")
    return frame


def read_record(model: type[_Model], path: Path) -> _Model:
    """Read a template file into a record.

    Raises:
        TemplateError: The file can't be read, or does not hold what the record does.
    """
    data = read_yaml(path)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        known = ", ".join(model.model_fields)
        hint = did_you_mean(key, model.model_fields) if first["type"] == "extra_forbidden" else ""
        got = "" if first["type"] in ("missing", "value_error") else f", got {_shown(first['input'])}"
        where = f"{path}: {key}:" if key else f"{path}:"
        raise TemplateError(f"{where} {first['msg']}{got}; the keys of this file are {known}{hint}") from error


def _shown(value: object) -> str:
    """Return a short repr, made without writing the whole value out first."""
    try:
        return f"{reprlib.repr(value):.80}"
    except ValueError:  # Python writes out no integer of thousands of digits
        return f"a huge {type(value).__name__}"
