r"""Does an answer say what the gold says? Exact and cheap ways first, the symbolic worker last.

The policy, row by row; tests/cases/policy.jsonl holds cases for each. "Ambiguous" and "unreadable" mean that a response
is unanswered: neither right nor wrong.

====================  =================================================================================================
percent               50% equals a gold 50, for then the question asked for a percentage; it equals a gold 1/2 or 0.5,
                      written as a ratio in [0, 1]; and a gold 50% accepts 50%, 50, 0.5 and 1/2.
exact value           A decimal is not an exact value: 6.32 is not 2 sqrt(10), 0.33 is not 1/3. Two allowances: six or
                      more decimals of a rational gold may be off by a millionth, and 0.333... is 1/3. Where an exact
                      value stands beside its decimal, the exact one counts.
number format         1,234.50, 1 234.50, 1.234,50 and other digits are one number. A decimal comma is read with two
                      digits after it or a unit; "2,5" alone may be a list and is ambiguous. 2.400 is also 2400.
words                 twelve, a dozen, half, two and a half, 3rd, 3 million (also for a gold 3, if the question counts
                      in millions). "third" alone is unreadable: an ordinal or a part.
fractions             1/2, \frac12, mixed numbers and a ratio 5:3 are their exact values, reduced or not.
units                 Ignored, also where they don't fit, since golds carry none; converted where the question names
                      another unit of the same quantity and the number alone is not the gold.
clock times           Hours and minutes; a.m. and p.m. count where both say one.
several values        Two values where one is asked for are ambiguous; a bound (x > 18) and a bare letter are
                      unreadable.
order of a list       Without brackets, and in a set, any order; all of it and no more.
order of a point      Points, vectors and matrices: in order; a row may stand for a column.
intervals             The brackets count; an inequality equals its interval, "or" its union.
sides of an equation  An equation equals any equation that is a multiple of it, and the right side of "y = ..."; the
                      name in "x = 5" is not asked for.
equivalent forms      Any expression that is the same value: expanded, factored, reordered, not simplified.
plus-minus            a \pm b is the two values a + b and a - b.
bases                 The digits must agree, and the base if it is given.
words as answers      Case and a sentence around them don't count; a day or month may be cut to three letters; an option
                      is its letter.
====================  =================================================================================================
"""

import re
from math import factorial

from reversed_persona.answers.expressions import compare_expression, compare_symbolically, compare_text
from reversed_persona.answers.golds import Comparison, Gold, read_gold
from reversed_persona.answers.notation import normalise, undress
from reversed_persona.answers.numbers import Number, numbers_equal
from reversed_persona.answers.symbolic import MAX_CHARS
from reversed_persona.answers.units import converted
from reversed_persona.answers.values import read_value

__all__ = ["compare"]


def compare(gold: str, answer: str, question: str = "") -> Comparison:
    """Compare an extracted answer with the gold.

    Returns:
        "equal" or "different" (a readable value of the gold's kind that is another one); "ambiguous" for several
        values where one is asked for; "unreadable" where no value of the gold's kind stands there; "undecided" when the
        symbolic comparison did not finish.
    """
    wanted = read_gold(gold)
    if len(answer) > MAX_CHARS:
        return "unreadable"
    if wanted.number is not None:
        return _compare_number(wanted, wanted.number, answer, question)
    if wanted.normal == normalise(answer):
        return "equal"
    return compare_text(wanted, answer) if wanted.kind == "text" else compare_expression(wanted, answer)


def _compare_number(gold: Gold, number: Number, answer: str, question: str) -> Comparison:
    """Compare with a gold that is one number."""
    given = read_value(answer)
    if isinstance(given, Number) and numbers_equal(number, given, question=question):
        return "different" if ":" in gold.text and _other_half_of_day(gold.text, answer) else "equal"
    has_unit = not answer[-1:].isdigit()  # or an exclamation mark
    if has_unit and (_is_factorial(answer, number) or number.value in converted(answer, question)):
        return "equal"
    if isinstance(given, Number):
        return "different"
    if given == "expression" and gold.normal == normalise(answer):
        return "equal"
    if given == "expression":
        return compare_symbolically(str(number.value) if number.percent else gold.text, answer)
    return given


_HALF_OF_DAY = re.compile(r"\b(?P<half>[ap])\.?\s?m\b", re.IGNORECASE)


def _other_half_of_day(gold: str, answer: str) -> bool:
    """Whether one says a.m. and the other p.m."""
    halves = {found["half"].lower() for found in map(_HALF_OF_DAY.search, (undress(gold), undress(answer))) if found}
    return len(halves) > 1


def _is_factorial(answer: str, gold: Number) -> bool:
    """12! may be an exclamation or a factorial; the gold decides."""
    found = re.fullmatch(r"\D*?(\d{1,2})!\W*", answer)
    return found is not None and factorial(int(found[1])) == gold.value
