"""Compare an answer with the gold: cheap exact ways first, the symbolic worker last. The policy is in `equality`."""

import re
from math import factorial

from reversed_persona.answers.equality.colons import compare_colons
from reversed_persona.answers.equality.expressions import compare_expression
from reversed_persona.answers.equality.numbers import numbers_equal
from reversed_persona.answers.equality.requests import compare_symbolically
from reversed_persona.answers.equality.structures import named_parts, point_of
from reversed_persona.answers.equality.symbolic import MAX_CHARS
from reversed_persona.answers.equality.words import compare_text
from reversed_persona.answers.reading.golds import Comparison, Gold, read_gold
from reversed_persona.answers.reading.layout import lay_out
from reversed_persona.answers.reading.notation import normalise, undress
from reversed_persona.answers.reading.numbers import Number, read_number
from reversed_persona.answers.reading.prose import proportion
from reversed_persona.answers.reading.units import converted, is_in_wrong_unit
from reversed_persona.answers.reading.values import read_value

__all__ = ["compare"]


_UNENDING = re.compile(r",\s?(?:\.\.\.|…|\\[cl]?dots)")


def compare(gold: str, answer: str, question: str = "") -> Comparison:
    """Compare an extracted answer with the gold.

    Returns:
        "equal" or "different" (a readable value of the gold's kind that is another one); "ambiguous" for several
        values where one is asked for; "unreadable" where no value of the gold's kind stands there; "undecided" when the
        symbolic comparison did not finish.
    """
    wanted = read_gold(gold)
    if wanted.number is not None and answer.isdecimal() and ":" not in gold and len(answer) <= MAX_CHARS:
        return _compare_plain(wanted.number, answer)
    if len(answer) > MAX_CHARS:
        return "unreadable"
    answer = lay_out(answer)
    if ":" in answer or ":" in gold or " to " in answer:
        outcome = compare_colons(wanted, answer, question)
        if outcome is not None:
            return outcome
    if wanted.number is not None:
        return _compare_number(wanted, wanted.number, answer, question)
    if gold.count("=") > 1:
        wanted = read_gold(point_of(gold))
    if _UNENDING.search(answer) and not _UNENDING.search(gold):
        return "ambiguous"
    if wanted.normal == normalise(answer):
        return "equal"
    return compare_text(wanted, answer) if wanted.kind == "text" else compare_expression(wanted, answer, question)


def _compare_plain(number: Number, answer: str) -> Comparison:
    """Compare with an answer that is nothing but digits, as most are."""
    given = read_value(answer)
    if not isinstance(given, Number):
        return given if given != "expression" else "unreadable"
    return "equal" if numbers_equal(number, given) else "different"


def _compare_number(gold: Gold, number: Number, answer: str, question: str) -> Comparison:
    """Compare with a gold that is one number."""
    if "=" in answer and _names_several(answer):
        return "ambiguous"
    given = read_value(answer)
    has_unit = not isinstance(given, Number) or _may_have_unit(answer, question)
    if isinstance(given, Number) and numbers_equal(number, given, question=question):
        return "different" if has_unit and number.value and is_in_wrong_unit(answer, question) else "equal"
    if has_unit and (_is_suffixed(answer, number) or number.value in converted(answer, question)):
        return "equal"
    if isinstance(given, Number):
        return "different"
    if given == "ambiguous" and (readings := proportion(undress(answer))):
        return _compare_proportion(number, readings)
    if given == "expression" and gold.normal == normalise(answer):
        return "equal"
    if given == "expression":
        return compare_symbolically(str(number.value) if number.percent else gold.text, answer)
    return given


def _compare_proportion(gold: Number, readings: tuple[Number, Number]) -> Comparison:
    """Compare "1 in 3", which is a third, and may be the 1."""
    is_ratio, is_part = (numbers_equal(gold, reading) for reading in readings)
    if is_ratio and (is_part or gold.value.denominator > 1):
        return "equal"
    return "ambiguous" if is_ratio or is_part else "different"


def _may_have_unit(answer: str, question: str) -> bool:
    """Whether an answer is more than a number; a dollar sign matters only where the question speaks of cents."""
    if not answer[-1:].isdigit():
        return True
    return answer[:1] in ("$", "\\") and ("cent" in question or "penn" in question)


def _names_several(answer: str) -> bool:
    """Whether an answer lists several values with names: "x = 2, y = 5", but not "x = 2, so y = 5"."""
    named = named_parts(answer)
    return named is not None and len({value for values in named.values() for value in values}) > 1


_SUFFIXED = re.compile(r"[^\d.−-]{0,20}(?P<number>[-−]?\d[\d,]{0,12}(?:\.\d{1,6})?)(?P<suffix>!|\s?[kK])\W{0,5}")


def _is_suffixed(answer: str, gold: Number) -> bool:
    """12! may be an exclamation or a factorial, and 18k thousands or a product; the gold decides."""
    found = _SUFFIXED.fullmatch(answer)
    number = read_number(found["number"]) if found else None
    if found is None or number is None:
        return False
    if found["suffix"] != "!":
        return number.value * 1000 == gold.value or (number.value == gold.value and found["suffix"] == " K")  # kelvins
    return number.value in range(100) and factorial(int(number.value)) == gold.value
