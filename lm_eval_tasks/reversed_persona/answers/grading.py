"""From a response to a verdict."""

from fractions import Fraction

from reversed_persona.answers.equality import compare, number_in_prose
from reversed_persona.answers.extraction import Extraction, extract
from reversed_persona.answers.golds import Kind, read_gold, unnamed
from reversed_persona.answers.notation import undress
from reversed_persona.answers.numbers import Number, read_number
from reversed_persona.answers.verdict import Reason, Status, Verdict
from reversed_persona.answers.working import is_derived, is_flip

__all__ = ["grade"]


_UNREADABLE: dict[str, Reason] = {
    "ambiguous": "ambiguous",
    "unreadable": "no_final_answer",
    "undecided": "undecided",
}


def grade(response: str, *, gold: str, question: str, thinking: bool = False) -> Verdict:
    r"""Judge one raw response.

    Args:
        response: What the model wrote, thinking blocks included.
        gold: The reference answer: a number ("18"), or a mathematical expression or word in LaTeX ("\frac{3}{4}").
        question: The question asked; a number that it gives is no sign of a flipped answer.
        thinking: The prompt ended with a thinking tag, so that the response begins inside a thinking block.

    Returns:
        The verdict; see `Verdict` for its parts. No response makes this raise.

    Raises:
        ValueError: The gold is empty.
        ReversedPersonaError: The process for symbolic comparison can't be started.
    """
    reference = read_gold(gold)
    found = extract(response, reference.kind, thinking)
    if not isinstance(found, Extraction):
        return Verdict("unanswered", found)
    outcome = compare(gold, found.text, question)
    if outcome in _UNREADABLE:
        return Verdict("unanswered", _UNREADABLE[outcome], found.text, found.method, found.span)
    working = found.visible[: found.working_end]
    status: Status = "correct" if outcome == "equal" else "wrong"
    return Verdict(
        status,
        None,
        found.text,
        found.method,
        found.span,
        flip=status == "wrong" and is_flip(working, reference, question),
        derived=is_derived(working, found.text, _stated_number(found.text, reference.kind)),
    )


def _stated_number(answer: str, kind: Kind) -> Fraction | None:
    """Return the number that an answer states, also with words around it: "Janet makes $26 every day"."""
    stated = read_number(unnamed(answer)) or (number_in_prose(undress(answer)) if kind == "number" else None)
    return stated.value if isinstance(stated, Number) else None
