"""What kind of wrong a wrong answer is.

    near_miss           within 10 % of the gold, or off by one
    intermediate        a value that the gold solution passes through
    question_number     a number that the question gives
    other               anything else, and every wrong answer that is no number

The first that fits counts. That a respondent gives one and the same value again and again shows only over a run.
"""

from fractions import Fraction
from typing import Literal

from reversed_persona.answers.equality import number_in_prose
from reversed_persona.answers.golds import read_gold, unnamed
from reversed_persona.answers.notation import undress
from reversed_persona.answers.numbers import Number, numbers_in, read_number

__all__ = ["WrongKind", "kind_of_wrong"]

WrongKind = Literal["near_miss", "intermediate", "question_number", "other"]

NEAR = Fraction(1, 10)


def kind_of_wrong(answer: str, *, gold: str, question: str = "", solution: str = "") -> WrongKind:
    """Say what kind of wrong a final answer is.

    Args:
        answer: The final answer of a response whose verdict is `wrong`.
        gold: The reference answer.
        question: The question asked.
        solution: The gold solution, if it is at hand.

    Raises:
        ValueError: The gold is empty.
    """
    wanted = read_gold(gold).number
    stated = read_number(unnamed(answer)) or number_in_prose(undress(answer))
    if wanted is None or not isinstance(stated, Number):
        return "other"
    off = abs(stated.value - wanted.value)
    if off == 1 or off <= NEAR * abs(wanted.value):
        return "near_miss"
    if _holds(solution, stated):
        return "intermediate"
    return "question_number" if _holds(question, stated) else "other"


def _holds(text: str, number: Number) -> bool:
    lines = text.replace("<<", " ").replace(">>", " ").splitlines()  # GSM8K's calculator marks
    return any(found.value == number.value for line in lines for found, _, _ in numbers_in(line))
