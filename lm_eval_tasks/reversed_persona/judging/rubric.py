"""The judge's prompt: persona_templates/followups/judge.yml, or the same file of the user's own templates."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from reversed_persona.errors import TemplateError
from reversed_persona.judging.material import Material
from reversed_persona.personas.loading import read_record, template_file
from reversed_persona.personas.text import check_text, render
from reversed_persona.quoting import block

__all__ = ["Rubric", "load_rubric"]

RUBRIC_FILE = Path("followups", "judge.yml")

_VARIABLES = frozenset({"code", "problem", "response_a", "response_b", "scale"})
_ENDING = ("Rating:", "Weaker:")
_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class RubricFile(BaseModel):
    """What judge.yml holds.

    Attributes:
        ask: The prompt; uses `{{ code }}`, `{{ problem }}`, `{{ response_a }}`, `{{ response_b }}` and `{{ scale }}`.
        demand: How the reply is asked for; ends in a line "Rating: ..." and a line "Weaker: ...".
        scale: What the ratings 1 to 5 mean.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    ask: _Text
    demand: _Text
    scale: Annotated[list[_Text], Field(min_length=5, max_length=5)]


@dataclass(frozen=True)
class Rubric:
    """A checked prompt for a judge.

    Attributes:
        ask: See `RubricFile`.
        demand: See `RubricFile`.
        scale: The five anchors as the judge reads them.
        custom: Whether it is not this project's own.
    """

    ask: str
    demand: str
    scale: str
    custom: bool = False

    def prompt(self, material: Material) -> str:
        """Return the user's turn that shows two responses to the judge."""
        code = material.code
        asked = render(
            self.ask,
            code=code,
            problem=block("PROBLEM", material.question, code),
            response_a=block("RESPONSE A", material.first, code),
            response_b=block("RESPONSE B", material.second, code),
            scale=self.scale,
        )
        return f"{asked}\n\n{render(self.demand)}"

    @property
    def fingerprint(self) -> str:
        """16 hexadecimal digits that change when one character of the prompt does."""
        return hashlib.sha256(json.dumps([self.ask, self.demand, self.scale]).encode()).hexdigest()[:16]


def load_rubric(folder: Path | None = None) -> Rubric:
    """Load and check the rubric.

    Args:
        folder: The user's own templates; the built-in rubric is used where they hold none.

    Raises:
        TemplateError: The file is missing, unreadable, malformed, holds code, or loses a part of the material.
    """
    path, custom = template_file(RUBRIC_FILE, folder)
    file = read_record(RubricFile, path)
    used = check_text(file.ask, _VARIABLES, f"{path}: ask")
    if missing := sorted(_VARIABLES - used):
        raise TemplateError(f"{path}: ask: does not show {missing[0]!r}; put {{{{ {missing[0]} }}}} into it")
    check_text(file.demand, frozenset(), f"{path}: demand")
    ending = [line.strip() for line in render(file.demand).splitlines()[-2:]]
    if len(ending) < 2 or not all(line.startswith(mark) for line, mark in zip(ending, _ENDING, strict=True)):
        raise TemplateError(
            f"{path}: demand: ends in {ending!r}; its last two lines must begin with 'Rating:' and 'Weaker:', "
            "or no rating can be read"
        )
    for number, anchor in enumerate(file.scale, start=1):
        check_text(anchor, frozenset(), f"{path}: scale: {number}")
    scale = "\n".join(f"{number}: {render(anchor)}" for number, anchor in enumerate(file.scale, start=1))
    return Rubric(file.ask, file.demand, scale, custom=custom)
