"""What a task's metadata asks for, read and checked: from its YAML, and over it from --metadata."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args

from reversed_persona.arms import Arm, arms_of
from reversed_persona.errors import SettingsError, did_you_mean
from reversed_persona.metrics import CORE, check_measures, directions
from reversed_persona.own_settings import OWN_SETTINGS, in_common_terms, is_own
from reversed_persona.personas import Exemplar, Frame, Templates, load_templates
from reversed_persona.problems import PROBLEM_SETS
from reversed_persona.prompts import Role

__all__ = ["SETTINGS", "TaskSettings", "refuse_misspelt"]

SETTINGS = (
    "problems",
    "problems_dir",
    "personas",
    "persona_role",
    "persona_templates",
    "repeats",
    "attribute",
    "wordings",
    "passes",
    "earlier_run",
    "earlier_task",
    "exemplars",
    "exemplar_seed",
    "questions",
    "measures",
    "own",
    *OWN_SETTINGS,
)
OWN_SET = "custom"


@dataclass(frozen=True)
class TaskSettings:
    """What a run asks of the task.

    Attributes:
        problems: Name of the problem set, or the file of the user's own problems.
        own: Whether it is that file.
        collection: What the problems are called in a prompt.
        problems_dir: Local folder of problem sets, or None for the default source.
        questions: How many of the problems are asked, chosen by a hash of their ids; None for all.
        arms: Who is asked, in this order.
        measures: What is reported; see `metrics`.
        role: Where the persona stands in the prompt.
        frame: What all prompts share.
        exemplars: Worked examples to draw one from for each problem; none are shown if empty.
        exemplar_seed: Which one is drawn.
        custom: Whether templates or problems are the user's own.
    """

    problems: str
    own: bool
    collection: str
    problems_dir: str | None
    questions: int | None
    arms: tuple[Arm, ...]
    measures: tuple[str, ...]
    role: Role
    frame: Frame
    exemplars: tuple[Exemplar, ...]
    exemplar_seed: int
    custom: bool

    @classmethod
    def from_metadata(cls, metadata: Mapping[str, Any]) -> "TaskSettings":
        """Read and check the settings.

        Raises:
            SettingsError: A value is not one of those allowed.
            TemplateError: The user's own templates are malformed.
        """
        refuse_misspelt(metadata, SETTINGS)
        own = is_own(metadata)
        metadata = in_common_terms(metadata) if own else metadata
        problems = metadata["problems"] if own else _problem_set(metadata)
        role = metadata.get("persona_role", "user")
        if role not in get_args(Role):
            raise SettingsError(f"metadata: persona_role: got {role!r}; expected 'user' or 'system'")
        own_templates = _path(metadata, "persona_templates")
        templates = load_templates(Path(own_templates).resolve() if own_templates else None)
        arms = arms_of(metadata, templates)
        measures = check_measures(metadata.get("measures", CORE))
        if not directions(arms, measures):
            raise SettingsError(
                f"metadata: measures: {', '.join(measures)} can't be had from {', '.join(arm.id for arm in arms)}; "
                "expected at least one that these personas allow, such as acc"
            )
        return cls(
            problems=problems,
            own=own,
            collection=metadata["collection"] if own else PROBLEM_SETS[problems].collection,
            problems_dir=_path(metadata, "problems_dir"),
            questions=_count(metadata, "questions", least=1),
            arms=arms,
            measures=measures,
            role=cast(Role, role),
            frame=templates.frame,
            exemplars=_exemplars(templates, OWN_SET if own else problems, arms) if _flag(metadata, "exemplars") else (),
            exemplar_seed=_count(metadata, "exemplar_seed", least=0) or 0,
            custom=templates.custom or own,
        )


def _problem_set(metadata: Mapping[str, Any]) -> str:
    problems = metadata.get("problems")
    if not isinstance(problems, str) or problems not in PROBLEM_SETS:
        raise SettingsError(
            f"metadata: problems: unknown problem set {problems!r}; expected one of {', '.join(PROBLEM_SETS)}"
            + did_you_mean(problems, PROBLEM_SETS)
        )
    return problems


def _exemplars(templates: Templates, problems: str, arms: tuple[Arm, ...]) -> tuple[Exemplar, ...]:
    exemplars = templates.exemplars.get(problems, ())
    if not exemplars or templates.frame.example is None:
        raise SettingsError(
            f"metadata: exemplars: there are none for {problems!r}, or prompt.yml doesn't say how to show one; "
            f"expected exemplars/*.yml with problems: {problems}"
        )
    for exemplar in exemplars:
        for arm in arms:
            if arm.persona.id not in exemplar.replies:
                raise SettingsError(
                    f"metadata: exemplars: {exemplar.question[:40]!r} has no reply of persona {arm.persona.id!r}; "
                    f"expected one under replies, beside {', '.join(exemplar.replies)}"
                )
    return exemplars


def refuse_misspelt(metadata: Mapping[str, Any], known: Sequence[str]) -> None:
    """Refuse keys that look like ours but aren't; keys unlike ours may be the model's.

    Raises:
        SettingsError: There is one.
    """
    names = [name for name in known if len(name) > 3]  # to a short one many others are near
    for key in metadata.keys() - {*known}:
        if near := difflib.get_close_matches(str(key), names, n=1, cutoff=0.8):
            raise SettingsError(f"metadata: unknown key {key!r}; did you mean {near[0]!r}?")


def _count(metadata: Mapping[str, Any], key: str, least: int) -> int | None:
    count = metadata.get(key)
    if count is not None and (not isinstance(count, int) or isinstance(count, bool) or count < least):
        raise SettingsError(f"metadata: {key}: got {count!r}; expected a whole number from {least}")
    return count


def _flag(metadata: Mapping[str, Any], key: str) -> bool:
    flag = metadata.get(key)
    if flag is not None and not isinstance(flag, bool):
        raise SettingsError(f"metadata: {key}: got {flag!r}; expected true or false")
    return bool(flag)


def _path(metadata: Mapping[str, Any], key: str) -> str | None:
    path = metadata.get(key)
    if path is not None and not isinstance(path, str):
        raise SettingsError(f"metadata: {key}: got {path!r}; expected the path of a folder")
    return path
