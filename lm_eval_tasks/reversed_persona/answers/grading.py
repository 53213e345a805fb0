"""From a response to a verdict."""

from reversed_persona.answers.equality.comparison import compare
from reversed_persona.answers.extraction.finding import QUESTION_HEADER, extract
from reversed_persona.answers.extraction.found import Extraction
from reversed_persona.answers.extraction.replies_anew import only_new_reply
from reversed_persona.answers.reading.golds import read_gold
from reversed_persona.answers.reading.numbers import Number
from reversed_persona.answers.reading.values import read_value
from reversed_persona.answers.verdict import Reason, Status, Verdict
from reversed_persona.answers.working.origin import is_derived, is_flip, plain

__all__ = ["grade"]


_UNREADABLE: dict[str, Reason] = {
    "ambiguous": "ambiguous",
    "unreadable": "no_final_answer",
    "undecided": "undecided",
}


def grade(
    response: str,
    *,
    gold: str,
    question: str,
    thinking: bool = False,
    header: str = QUESTION_HEADER,
    reply_header: str = "",
) -> Verdict:
    r"""Judge one raw response.

    Args:
        response: What the model wrote, thinking blocks included.
        gold: The reference answer: a number ("18"), or a mathematical expression or word in LaTeX ("\frac{3}{4}").
        question: The question asked; a number that it gives is no sign of a flipped answer.
        thinking: The prompt ended with a thinking tag, so that the response begins inside a thinking block.
        header: How a line of the prompt begins that puts a question; what follows such a line after an answer is an
            invented next question.
        reply_header: How the line begins below which the reply stands, where the prompt asked for remarks before it.

    Returns:
        The verdict; see `Verdict` for its parts. No response makes this raise.

    Raises:
        ValueError: The gold is empty.
        ReversedPersonaError: The process for symbolic comparison can't be started.
    """
    reference = read_gold(gold)
    response, thinking = only_new_reply(response, thinking, reply_header)
    found = extract(response, reference.kind, thinking, header)
    if not isinstance(found, Extraction):
        return Verdict("unanswered", found)
    outcome = compare(gold, found.reading, question)
    if outcome in _UNREADABLE:
        return Verdict("unanswered", _UNREADABLE[outcome], found.text, found.method, found.span)
    stated = read_value(found.reading)
    values = {stated.value} if isinstance(stated, Number) else set()
    if outcome == "equal" and reference.number:
        values.add(reference.number.value)  # what "475 cents" comes to in dollars
    working = plain(found.visible[: found.working_end])
    shown = working
    if not any(map(str.isalnum, working)):  # an answer first, then the explanation
        shown = plain(found.visible[found.span[1] :])
    status: Status = "correct" if outcome == "equal" else "wrong"
    return Verdict(
        status,
        None,
        found.text,
        found.method,
        found.span,
        flip=status == "wrong" and is_flip(working, reference, question),
        derived=is_derived(shown, found.reading, values),
    )
