"""What a template file holds: a persona, an attribute to cross personas with, exemplars, or the frame of a prompt."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from reversed_persona.personas.text import render

__all__ = ["Attribute", "AttributeValue", "Exemplar", "ExemplarFile", "Frame", "Persona", "PersonaFile", "Wording"]

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Share = Annotated[float, Field(ge=0.0, le=1.0)]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _lists_are_tuples(cls, data: Any) -> Any:
        """Let YAML's lists through strict validation."""
        if not isinstance(data, dict):
            return data
        return {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}


class Wording(_Record):
    """One way to say who the student is.

    Attributes:
        instruction: The text given to the model. It may use `{{ collection }}`, the name of the problems at hand,
            `{{ target }}`, how many of every 100 this student gets right, and `{{ attribute }}`, where a sentence about
            the student stands when the persona is crossed with an attribute.
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

    id: Id
    label: Text
    expected_accuracy: Share | None
    wordings: tuple[Wording, ...]

    def instruction(self, collection: str, wording: int = 0, attribute: str = "") -> str:
        """Return what the model is told, or "" for a persona without wordings.

        Args:
            collection: What the problems are called, such as "grade-school word problems".
            wording: Which of the wordings, from 0.
            attribute: A sentence about the student, "" for none.
        """
        if not self.wordings:
            return ""
        return render(
            self.wordings[wording].instruction,
            collection=collection,
            target=self.target,
            attribute=f"{attribute} " if attribute else "",
        )

    @property
    def target(self) -> str:
        """How many of every 100 problems this student gets right, "" where nothing is expected."""
        return "" if self.expected_accuracy is None else str(round(100 * self.expected_accuracy))


class PersonaFile(_Record):
    """A persona, or one for each of several expected accuracies.

    Attributes:
        id: Of the persona; with `expected_accuracies` each has its target behind it: graded_20, graded_40.
        label: As for `Persona`.
        expected_accuracy: As for `Persona`.
        expected_accuracies: Several of them, in place of one.
        wordings: As for `Persona`.
    """

    id: Id
    label: Text
    expected_accuracy: Share | None = None
    expected_accuracies: tuple[Share, ...] = ()
    wordings: tuple[Wording, ...]

    @model_validator(mode="after")
    def _one_or_several(self) -> "PersonaFile":
        if ("expected_accuracy" in self.model_fields_set) == bool(self.expected_accuracies):
            raise ValueError("expected either expected_accuracy or expected_accuracies")
        return self

    def personas(self) -> tuple[Persona, ...]:
        """Return the personas of the file."""
        if not self.expected_accuracies:
            return (
                Persona(id=self.id, label=self.label, expected_accuracy=self.expected_accuracy, wordings=self.wordings),
            )
        return tuple(
            Persona(
                id=f"{self.id}_{round(100 * share)}",
                label=f"{self.label}, {round(100 * share)} of 100",
                expected_accuracy=share,
                wordings=self.wordings,
            )
            for share in self.expected_accuracies
        )


class AttributeValue(_Record):
    """One value of an attribute.

    Attributes:
        id: Its name in metrics.
        sentence: What is said of the student, "" for nothing.
    """

    id: Id
    sentence: Annotated[str, StringConstraints(strip_whitespace=True)]


class Attribute(_Record):
    """Something said of the student beside the level, in one sentence.

    Attributes:
        id: Its name in settings and files.
        label: Its name for people.
        values: The first says nothing: all others are held against it.
    """

    id: Id
    label: Text
    values: Annotated[tuple[AttributeValue, ...], Field(min_length=2)]

    @model_validator(mode="after")
    def _first_says_nothing(self) -> "Attribute":
        if [value.sentence for value in self.values].count("") != 1 or self.values[0].sentence:
            raise ValueError("expected the first value, and no other, to have an empty sentence")
        if len({value.id for value in self.values}) < len(self.values):
            raise ValueError("expected every value to have an id of its own")
        return self


class Exemplar(_Record):
    """A problem with a worked reply in each persona's own manner.

    Attributes:
        question: The problem.
        gold: Its right answer.
        replies: Per persona id, what this student replies.
    """

    question: Text
    gold: Text
    replies: Annotated[dict[Id, Text], Field(min_length=1)]


class ExemplarFile(_Record):
    """The exemplars for one problem set.

    Attributes:
        problems: Name of the problem set.
        exemplars: To draw from.
    """

    problems: Text
    exemplars: Annotated[tuple[Exemplar, ...], Field(min_length=1)]


class Frame(_Record):
    """What every prompt shares, whoever is asked.

    Attributes:
        question: How the problem is put; uses `{{ question }}`.
        demand: How the final answer is asked for; its last line begins with "Final answer:".
        example: How an exemplar is shown; uses `{{ question }}` and `{{ reply }}`. None: the frame shows none.
    """

    question: Text
    demand: Text
    example: Text | None = None
