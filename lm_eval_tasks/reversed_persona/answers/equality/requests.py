"""What the symbolic worker is asked, and how its outcome counts."""

import re
from collections.abc import Collection, Sequence

from reversed_persona.answers.equality.symbolic import How, compare_expressions
from reversed_persona.answers.reading.commands import has_degrees, has_number_as_angle, with_radians
from reversed_persona.answers.reading.golds import Comparison
from reversed_persona.answers.reading.notation import primed_names, to_latex

__all__ = ["ask", "compare_symbolically"]

_COMMAND = re.compile(r"\\[a-zA-Z]{1,20}")
_LAST_LETTER = re.compile(r"(?<![a-zA-Z\\{])([cdghlmost])(?=[\s$]*$)")
_BARRED = re.compile(r"\\(?:overline|bar|widehat|hat|tilde)\s?\{?\s?(?:[-\d(]|[^{}A-Z]{1,60}[-+])")
_PRODUCT = re.compile(r"(?<=[\d)])\s?(?=\(-?[\d.]{1,20}\))|(?<=\d) x (?=\d)")  # (2)(9), 2 x 9
_OVER_A_PRODUCT = re.compile(
    r"(/\s?(?:\d{1,20}|[a-zA-Z]|\([^()]{1,60}\)))\s?(?=[a-zA-Z(]|\\(?:sqrt|pi|frac)(?![a-zA-Z]))"
)


def compare_symbolically(gold: str, answer: str, *earlier: str) -> Comparison:
    """Ask the worker; a gold that it can't read decides nothing.

    Args:
        gold: The reference answer.
        answer: The answer.
        earlier: What stands before it in a chain of equations; an answer is ambiguous where only that is equal.
    """
    if primed_names(gold) != primed_names(answer):
        return "different"  # the worker would read f' as f
    if _BARRED.search(answer) and not _BARRED.search(gold):
        return "unreadable"  # a conjugate, or a cycle of digits
    given = _PRODUCT.sub(r"\\cdot ", to_latex(answer.strip()))
    readings = [*(to_latex(one.strip()) for one in earlier), given]
    if "/" in given and (product := _OVER_A_PRODUCT.sub(r"\1\\cdot ", given)) != given:
        readings.insert(0, product)  # 1/2x: the worker reads 1/(2x), another means (1/2)x
    wanted = to_latex(gold.strip().rstrip("."))
    if _angles_are_clear([wanted, *readings]):
        wanted, readings = with_radians(wanted), [with_radians(reading) for reading in readings]
    return ask([wanted], readings, "last_counts" if len(readings) > 1 else "in_order")


def _angles_are_clear(texts: Sequence[str]) -> bool:
    """Whether degrees stand behind a function, and no number without them behind another: sin 20 may be meant so."""
    return any(map(has_degrees, texts)) and all(has_degrees(text) or not has_number_as_angle(text) for text in texts)


def ask(wanted: Sequence[str], given: Sequence[str], how: How) -> Comparison:
    """Compare in one request."""
    names = set("".join(_COMMAND.sub("", one) for one in wanted))
    golds = tuple(_with_last_letter(one) for one in wanted)
    answers = (to_latex(one.strip()) for one in given)
    outcome = compare_expressions(
        golds, tuple(_with_last_letter(one) if _keeps_last(one, names) else one for one in answers), how
    )
    return "undecided" if outcome == "gold_unreadable" else outcome


def _with_last_letter(text: str) -> str:
    """Put a last letter into braces: the worker would drop the c of 5-7c as a unit."""
    return _LAST_LETTER.sub(r"{\1}", text)


def _keeps_last(answer: str, names: Collection[str]) -> bool:
    """Whether the last letter of an answer is a variable: the gold has it, it ends a sum, or it is hardly a unit."""
    found = _LAST_LETTER.search(answer)
    if found is None or found[1] in names:
        return found is not None
    return answer[: found.start()][-1:].isdigit() and (found[1] in "ot" or "+" in answer or "-" in answer[1:])
