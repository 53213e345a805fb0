"""What kind of wrong a wrong answer is.

    near_miss           within 10 % of the gold, or off by one
    intermediate        a value that the gold solution passes through
    question_number     a number that the question gives
    other               anything else, and every wrong answer that is no number

The first that fits counts. One more shows only over many questions:

    constant            the same value again and again: to a tenth of all problems it got wrong, and at least five
"""

from collections import Counter
from collections.abc import Hashable, Iterable
from typing import Literal

from reversed_persona.answers.reading.golds import read_gold
from reversed_persona.answers.reading.notation import normalise
from reversed_persona.answers.reading.numbers import Number, Value, distance, values_in
from reversed_persona.answers.reading.values import read_value

__all__ = ["WrongKind", "constants", "kind_of_wrong", "stated_value"]

WrongKind = Literal["constant", "near_miss", "intermediate", "question_number", "other"]

ONE_IN = 10
"""A near miss is off by a tenth at most; a constant answer is a tenth of the wrong ones at least."""


LEAST_REPEATS = 5


def constants(answers: Iterable[tuple[Hashable, str]]) -> frozenset[str]:
    """Find the answers of a respondent that are one and the same value again and again.

    Args:
        answers: Its wrong answers, each with the problem that it was given to.

    Returns:
        Those of them whose value was given to a tenth of all these problems, and to at least five.
    """
    values = {(problem, answer): stated_value(answer) for problem, answer in answers}
    given = {(problem, value) for (problem, _), value in values.items()}
    counts = Counter(value for _, value in given)
    least = max(LEAST_REPEATS, len({problem for problem, _ in values}) / ONE_IN)
    return frozenset(answer for (_, answer), value in values.items() if counts[value] >= least)


def stated_value(answer: str) -> Value | str:
    """Return the number that a final answer states, else its text, so that answers that say the same are equal."""
    stated = read_value(answer)
    return stated.value if isinstance(stated, Number) else normalise(answer)


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
    stated = read_value(answer)
    if wanted is None or not isinstance(stated, Number):
        return "other"
    off = distance(stated.value, wanted.value)
    if off == 1 or ONE_IN * off <= distance(wanted.value, 0):
        return "near_miss"
    if stated.value in values_in(solution.replace("<<", " ").replace(">>", " ")):  # GSM8K's calculator marks
        return "intermediate"
    return "question_number" if stated.value in values_in(question) else "other"
