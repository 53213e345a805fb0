"""Texts that try to talk a judge into a rating: persona_templates/followups/injections.yml, this project's own.

A judged response may hold such a text by chance or by design. With `"injections": true` in a judge task's metadata,
each question is also judged with one of them at the end of its low response, and `doc_injection_shift` tells how far
the judge follows.
"""

from functools import cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from reversed_persona.personas.loading import read_record, template_folder

__all__ = ["Injection", "load_injections"]

_STRICT = ConfigDict(frozen=True, extra="forbid", strict=True)


class Injection(BaseModel):
    """A text that asks for a rating.

    Attributes:
        id: Its name.
        wants: The rating it asks for.
        text: The text.
        repeat: How many times it is written in a row.
    """

    model_config = _STRICT

    id: str
    wants: Annotated[int, Field(ge=1, le=5)]
    text: Annotated[str, Field(min_length=1)]
    repeat: Annotated[int, Field(ge=1, le=1000)] = 1

    def into(self, response: str) -> str:
        """Return the response with the text at its end."""
        return "\n\n".join([response, *[self.text] * self.repeat])


class InjectionFile(BaseModel):
    """What injections.yml holds.

    Attributes:
        injections: The texts.
    """

    model_config = _STRICT

    injections: Annotated[list[Injection], Field(min_length=1)]


@cache
def load_injections() -> tuple[Injection, ...]:
    """Load the texts.

    Raises:
        TemplateError: The file is missing or malformed.
    """
    return tuple(read_record(InjectionFile, template_folder() / "followups" / "injections.yml").injections)
