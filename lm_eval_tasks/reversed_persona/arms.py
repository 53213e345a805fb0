"""Who is asked about each problem: the arms of a task, made from its metadata and the templates.

An arm is a persona, possibly crossed with something that the task varies: an attribute of the student, the wording of
the instruction, or what is done with an earlier answer. What arms of one crossing share is their group.

    personas: [high, low]                       high, low
    personas: [high, low], attribute: race      high_unspecified, low_unspecified, high_hispanic, low_hispanic, ...
    personas: [high, low], wordings: 8          high_wording_1, low_wording_1, high_wording_2, ...
    personas: [high, low], passes: [refined]    high_refined, low_refined
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reversed_persona.errors import SettingsError, did_you_mean
from reversed_persona.personas import Persona, Templates

__all__ = ["PASSES", "Arm", "arms_of", "every_arm"]

PASSES = ("refined", "checked")
"""What may be done with an earlier answer; see `refining`."""

_CROSSED_WITH = ("attribute", "wordings", "passes")


@dataclass(frozen=True, eq=False)  # the arms of a task are told apart as objects, which is fast
class Arm:
    """One way in which a problem is asked.

    Attributes:
        persona: Who is asked.
        group: What the persona is crossed with, "" for nothing.
        wording: Which wording of its instruction, from 0.
        attribute: What else is said of the student, "" for nothing.
    """

    persona: Persona
    group: str = ""
    wording: int = 0
    attribute: str = ""

    @property
    def id(self) -> str:
        """Its name in metrics, documents and model arguments."""
        return f"{self.persona.id}_{self.group}" if self.group else self.persona.id

    @property
    def expected_accuracy(self) -> float | None:
        """The persona's."""
        return self.persona.expected_accuracy

    def instruction(self, collection: str) -> str:
        """Return what the model is told; see `Persona.instruction`."""
        return self.persona.instruction(collection, self.wording, self.attribute)


def arms_of(metadata: Mapping[str, Any], templates: Templates) -> tuple[Arm, ...]:
    """Read who a task asks.

    Args:
        metadata: The task's; `personas` names the personas, `attribute`, `wordings` or `passes` what they are crossed
            with.
        templates: Where they are.

    Raises:
        SettingsError: A name is unknown, or a persona can't be crossed so.
    """
    personas = templates.select(_persona_ids(metadata))
    crossed = {name: metadata[name] for name in _CROSSED_WITH if metadata.get(name) is not None}
    if len(crossed) > 1:
        raise SettingsError(f"metadata: {' and '.join(crossed)}: got both; a task varies one of them")
    if "attribute" in crossed:
        return _with_attribute(personas, crossed["attribute"], templates)
    if "wordings" in crossed:
        return _with_wordings(personas, crossed["wordings"])
    if "passes" in crossed:
        return _with_passes(personas, crossed["passes"])
    return tuple(Arm(persona) for persona in personas)


def every_arm(templates: Templates) -> list[Arm]:
    """Return all arms that any task could ask with these templates."""
    personas = tuple(templates.personas.values())
    told = tuple(persona for persona in personas if persona.wordings)
    return [
        *(Arm(persona) for persona in personas),
        *(arm for persona in told for arm in _with_wordings((persona,), len(persona.wordings))),
        *(
            Arm(persona, value.id, 0, value.sentence)
            for persona in told
            if _takes_attribute(persona)
            for attribute in templates.attributes.values()
            for value in attribute.values
        ),
        *_with_passes(told, PASSES),
    ]


def _with_attribute(personas: Sequence[Persona], name: object, templates: Templates) -> tuple[Arm, ...]:
    if not isinstance(name, str) or name not in templates.attributes:
        raise SettingsError(
            f"metadata: attribute: unknown attribute {name!r}; expected one of {', '.join(templates.attributes)}"
            + did_you_mean(name, templates.attributes)
        )
    for persona in personas:
        if not _takes_attribute(persona):
            raise SettingsError(
                f"metadata: attribute: persona {persona.id!r} can't be crossed with {name!r}; expected "
                "{{ attribute }} in its first wording"
            )
    return tuple(
        Arm(persona, value.id, 0, value.sentence) for value in templates.attributes[name].values for persona in personas
    )


def _with_wordings(personas: Sequence[Persona], count: object) -> tuple[Arm, ...]:
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise SettingsError(f"metadata: wordings: got {count!r}; expected a number from 1")
    for persona in personas:
        if len(persona.wordings) < count:
            raise SettingsError(
                f"metadata: wordings: got {count}, but persona {persona.id!r} has {len(persona.wordings)}; expected "
                "no more than every persona has"
            )
    return tuple(Arm(persona, f"wording_{n + 1}", n) for n in range(count) for persona in personas)


def _with_passes(personas: Sequence[Persona], passes: object) -> tuple[Arm, ...]:
    if not isinstance(passes, list | tuple) or not passes or not all(name in PASSES for name in passes):
        raise SettingsError(f"metadata: passes: got {passes!r}; expected some of {', '.join(PASSES)}")
    return tuple(Arm(persona, name) for name in dict.fromkeys(passes) for persona in personas)


def _takes_attribute(persona: Persona) -> bool:
    return bool(persona.wordings) and persona.instruction("problems", attribute="\0") != persona.instruction("problems")


def _persona_ids(metadata: Mapping[str, Any]) -> list[str]:
    ids = metadata.get("personas")
    if not isinstance(ids, list) or not all(isinstance(name, str) for name in ids):
        raise SettingsError(f'metadata: personas: got {ids!r}; expected a list of persona ids such as ["high", "low"]')
    return ids
