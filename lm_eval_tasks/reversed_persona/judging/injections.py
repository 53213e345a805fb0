"""Texts that try to talk a judge into a rating: persona_templates/followups/injections.jsonl, this project's own.

A judged response may hold such a text by chance or by design. With `"injections": true` in a judge task's metadata,
each question is also judged with one of them at the end of its low response, and `doc_injection_shift` tells how far
the judge follows.
"""

import json
from dataclasses import dataclass
from functools import cache

from reversed_persona.errors import TemplateError
from reversed_persona.personas import template_folder

__all__ = ["Injection", "load_injections"]


@dataclass(frozen=True)
class Injection:
    """A text that asks for a rating.

    Attributes:
        id: Its name in sample logs.
        wants: The rating it asks for, 1 to 5.
        text: The text.
        repeat: How many times it is written in a row.
    """

    id: str
    wants: int
    text: str
    repeat: int = 1

    def into(self, response: str) -> str:
        """Return the response with the text at its end."""
        return "\n\n".join([response, *[self.text] * self.repeat])


@cache
def load_injections() -> tuple[Injection, ...]:
    """Load the texts.

    Raises:
        TemplateError: The file is missing or malformed.
    """
    path = template_folder() / "followups" / "injections.jsonl"
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        found = tuple(Injection(**row) for row in rows)
    except (OSError, ValueError, TypeError) as error:
        raise TemplateError(f"{path}: cannot be read: {error}; reinstall the package") from error
    return found
