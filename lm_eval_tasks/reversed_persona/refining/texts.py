"""What the model is asked in a refine pass: persona_templates/followups/refine.yml, or the user's own such file."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from reversed_persona.errors import TemplateError
from reversed_persona.personas.loading import read_record, template_file
from reversed_persona.personas.text import check_text, render
from reversed_persona.quoting import block, code_for

__all__ = ["RefineTexts", "load_texts"]

TEXTS_FILE = Path("followups", "refine.yml")

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_VARIABLES = {
    "shown": frozenset({"code", "earlier"}),
    "refined": frozenset({"header"}),
    "checked": frozenset({"header"}),
    "empty": frozenset[str](),
    "header": frozenset[str](),
}


class RefineFile(BaseModel):
    """What refine.yml holds; see `RefineTexts`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    shown: _Text
    refined: _Text
    checked: _Text
    empty: _Text
    header: _Text


@dataclass(frozen=True)
class RefineTexts:
    """The checked texts.

    Attributes:
        shown: How an earlier reply is shown; uses `{{ code }}` and `{{ earlier }}`.
        refined: What is asked in the pass that is measured; uses `{{ header }}`.
        checked: What is asked in the control; uses `{{ header }}`.
        empty: Stands in place of an earlier reply without text.
        header: The line that begins the new reply.
        custom: Whether they are not this project's own.
    """

    shown: str
    refined: str
    checked: str
    empty: str
    header: str
    custom: bool = False

    def ask(self, refine_pass: str, earlier: str, code: str | None = None) -> str:
        """Return what stands between the persona's instruction and the problem.

        Args:
            refine_pass: One of `arms.PASSES`.
            earlier: The earlier reply, made by `quoting.shown_text`.
            code: Stands in the lines around it; None for one made from the reply.
        """
        text = earlier or self.empty
        code = code or code_for(text)
        shown = render(self.shown, code=code, earlier=block("EARLIER REPLY", text, code))
        asked = {"refined": self.refined, "checked": self.checked}[refine_pass]
        return f"{shown}\n\n{render(asked, header=self.header)}"


@cache
def load_texts(folder: Path | None = None) -> RefineTexts:
    """Load and check the texts.

    Args:
        folder: The user's own templates; the built-in texts are used where they hold none.

    Raises:
        TemplateError: The file is missing, unreadable, malformed, holds code, or leaves out what it has to show.
    """
    path, custom = template_file(TEXTS_FILE, folder)
    file = read_record(RefineFile, path)
    for key, expected in _VARIABLES.items():
        used = check_text(getattr(file, key), expected, f"{path}: {key}")
        if missing := sorted(expected - used):
            raise TemplateError(f"{path}: {key}: does not show {missing[0]!r}; put {{{{ {missing[0]} }}}} into it")
    if len(file.header.splitlines()) > 1 or not any(map(str.isalnum, file.header)):
        raise TemplateError(f"{path}: header: got {file.header!r:.40}; expected one line of words")
    return RefineTexts(**file.model_dump(), custom=custom)
