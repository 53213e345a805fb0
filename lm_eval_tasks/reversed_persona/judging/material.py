"""What a judge reads of a question and two responses, so that nothing written in them can pass for the prompt."""

from dataclasses import dataclass

from reversed_persona.quoting import code_for, take_apart
from reversed_persona.quoting import shown_text as quoted

__all__ = ["EMPTY", "MAX_CHARACTERS", "Material", "make_material", "shown_text"]

MAX_CHARACTERS = 6000
"""A longer response keeps its first half and its last half of these, with a mark between them."""
EMPTY = "[the response holds no text]"


@dataclass(frozen=True)
class Material:
    """A question and two responses, ready to be shown.

    Attributes:
        question: The problem.
        first: Shown as response A.
        second: Shown as response B.
        code: Stands in the lines around each of them, and in none of them.
    """

    question: str
    first: str
    second: str
    code: str


def shown_text(response: str, thinking: bool = False) -> str:
    """Return what the judge sees of a response: see `quoting`; `EMPTY` where there is nothing.

    Args:
        response: What was answered.
        thinking: The prompt had opened a thinking tag.
    """
    return quoted(response, thinking, MAX_CHARACTERS) or EMPTY


def make_material(question: str, first: str, second: str, salt: str) -> Material:
    """Put a question and two texts together.

    Args:
        question: The problem, as given.
        first: From `shown_text`.
        second: From `shown_text`.
        salt: What makes this showing another than those of the same texts, such as the order.
    """
    question, first, second = take_apart(question), take_apart(first), take_apart(second)
    return Material(question, first, second, code_for("\0".join([salt, question, first, second])))
