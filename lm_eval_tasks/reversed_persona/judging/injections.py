"""Texts that try to talk a judge into a rating: persona_templates/followups/injections.yml, or the user's own.

A judged response may hold such a text by chance or by design. With `"injections": true` in a judge task's metadata,
each question is also judged with one of them at the end of its low response, and `doc_injection_shift` tells how far
the judge follows.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from reversed_persona.judging.material import MAX_CHARACTERS
from reversed_persona.personas.loading import read_record, template_file

__all__ = ["Injection", "Injections", "load_injections"]

INJECTIONS_FILE = Path("followups", "injections.yml")

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

    id: Annotated[str, Field(min_length=1)]
    wants: Annotated[int, Field(ge=1, le=5)]
    text: Annotated[str, Field(min_length=1)]
    repeat: Annotated[int, Field(ge=1, le=1000)] = 1

    @model_validator(mode="after")
    def _fits(self) -> "Injection":
        if len(self.text) * self.repeat > MAX_CHARACTERS:
            raise ValueError(f"{self.id!r} is longer than the {MAX_CHARACTERS} characters that a judge reads")
        return self

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

    @model_validator(mode="after")
    def _told_apart(self) -> "InjectionFile":
        ids = [injection.id for injection in self.injections]
        if twice := [name for name in dict.fromkeys(ids) if ids.count(name) > 1]:
            raise ValueError(f"id {twice[0]!r} stands twice; give each text its own")
        return self


@dataclass(frozen=True)
class Injections:
    """The checked texts.

    Attributes:
        texts: To draw from.
        custom: Whether they are not this project's own.
    """

    texts: tuple[Injection, ...] = ()
    custom: bool = False


@cache
def load_injections(folder: Path | None = None) -> Injections:
    """Load and check the texts.

    Args:
        folder: The user's own templates; the built-in texts are used where they hold none.

    Raises:
        TemplateError: The file is missing, unreadable or malformed.
    """
    path, custom = template_file(INJECTIONS_FILE, folder)
    return Injections(tuple(read_record(InjectionFile, path).injections), custom)
