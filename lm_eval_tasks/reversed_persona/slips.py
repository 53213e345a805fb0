"""Worked answers for the reference respondents: right ones, wrong ones with a slip or a flip, and silence.

A slip is made where a student makes one, in a step of the calculation, and is carried through to the answer. So the
wrong answer follows from the working, and the right one does not appear in it. A flip is the reverse: the working is
right, and only the answer isn't.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from typing import Any

from reversed_persona.arithmetic import value_of
from reversed_persona.students import Outcome

__all__ = ["flipped_answer", "no_answer", "reply", "right_answer", "wrong_answer"]

_STEP = re.compile(r"<<([^<>=]+)=([^<>=]+)>>")
_INTEGER = re.compile(r"\d+")
_TEXT = re.compile(r"\\text\{(.*)\}")
_OPTION = re.compile(r"(\(?)([A-Z])(\)?)")  # of a multiple choice
_OPPOSITES = (("even", "odd"), ("east", "west"), ("north", "south"), ("yes", "no"))
_CONFUSED = {one: other for pair in _OPPOSITES for one, other in (pair, pair[::-1])}
_SLIPS = (1, -1, 2, -2, 10, -10, 3, 5)
_REMARK = "(I did this one in my head.)"


def reply(outcome: Outcome, problem: Mapping[str, Any], variant: int) -> str:
    """Return what a respondent says of whom it is known what becomes of the problem.

    Args:
        outcome: What becomes of it.
        problem: The problem's row.
        variant: Which slip or wrong answer, from 0.
    """
    if outcome == "correct":
        return right_answer(problem)
    if outcome == "unanswered":
        return no_answer()
    return (flipped_answer if outcome == "flipped" else wrong_answer)(problem, variant)


def right_answer(problem: Mapping[str, Any]) -> str:
    """Return the problem's own worked solution and its gold as the final answer."""
    return f"{_solution(problem)}\nFinal answer: {problem['gold']}"


def no_answer() -> str:
    """Return a reply without an answer."""
    return "I don't know how to do this one."


def wrong_answer(problem: Mapping[str, Any], variant: int) -> str:
    """Return a worked solution with one slip, and the wrong final answer that follows from it.

    Args:
        problem: The problem's row.
        variant: Which slip, from 0; the same number gives the same text.
    """
    return _slip_in_a_step(problem, variant) or _slip_at_the_end(problem["gold"], problem["question"], variant)


def flipped_answer(problem: Mapping[str, Any], variant: int) -> str:
    """Return the problem's own worked solution, and a wrong final answer that does not come from it.

    Args:
        problem: The problem's row.
        variant: Which wrong answer, from 0; the same number gives the same text.
    """
    gold, number = problem["gold"], _number(problem["gold"])
    said = gold.replace("\\! ", "")  # 11,\! 111 as 11,111
    working = f"{_solution(problem)}\nSo the answer is {f'${said}$' if number is None else said}.".lstrip()
    seen = set(_INTEGER.findall(working))
    if number is None:
        text = _TEXT.fullmatch(gold.strip())
        other = (
            rf"\text{{{_another_word(text[1], problem['question'])}}}"
            if text
            else f"${_another_expression(gold, seen)}$"
        )
    else:
        start = variant % len(_SLIPS)
        others = [str(_plain(number + by) or number + by) for by in (*_SLIPS[start:], *_SLIPS[:start])]
        other = next((other for other in others if other.lstrip("-") not in seen), others[0])
    return f"{working}\nFinal answer: {other}"


def _solution(problem: Mapping[str, Any]) -> str:
    return _STEP.sub("", problem["solution"]).partition("####")[0].strip()


def _slip_in_a_step(problem: Mapping[str, Any], variant: int) -> str | None:
    """Return a solution with one wrong step carried through, or None where the solution names no usable steps."""
    steps = [(expression.strip(), _number(result)) for expression, result in _STEP.findall(problem["solution"])]
    gold = _number(problem["gold"])
    if gold is None or not steps or steps[-1][1] != gold or any(result is None for _, result in steps):
        return None
    computed = [bool(re.search(r"[\d)]\s*[-+*/]", expression)) for expression, _ in steps]
    choices = [(at, by) for by in _SLIPS for at in range(len(steps)) if computed[at] and computed[-1]]
    for shift in range(len(choices)):
        at, by = choices[(variant + shift) % len(choices)]
        lines = list(_carried_through([(expression, result or Fraction(0)) for expression, result in steps], at, by))
        if len(lines) == len(steps) and gold not in [result for _, result in lines]:
            shown = [f"{_spaced(expression)} = {_plain(result)}." for expression, result in lines]
            shown[at] += f" {_REMARK}"
            return "\n".join([*shown, f"Final answer: {_plain(lines[-1][1])}"])
    return None


def _carried_through(steps: list[tuple[str, Fraction]], at: int, by: int) -> Iterator[tuple[str, Fraction]]:
    """Yield the steps with the result of step `at` off by `by`; end early where a number could not be written down."""
    changed: dict[Fraction, Fraction] = {}
    for number, (expression, result) in enumerate(steps):
        mine = _with_values(expression, changed)
        value = result + by if number == at else result if mine == expression else value_of(mine)
        if value is None or value < 0 or _plain(value) is None:
            return
        if value != result:
            changed[result] = value
        yield mine, value


def _with_values(expression: str, changed: Mapping[Fraction, Fraction]) -> str:
    def replace(match: re.Match[str]) -> str:
        value = _number(match[0])
        return match[0] if value is None or value not in changed else str(_plain(changed[value]))

    return re.sub(r"\d*\.?\d+", replace, expression)


def _slip_at_the_end(gold: str, question: str, variant: int) -> str:
    """Return a short calculation that misses the gold by a slip."""
    number = _number(gold)
    if number is not None:
        wrong = number + _SLIPS[variant % len(_SLIPS)]
        shown = _plain(wrong) or str(wrong)
        return f"{_plain(number - 7) or number - 7} + 7 = {shown}.\n{_REMARK}\nFinal answer: {shown}"
    text = _TEXT.fullmatch(gold.strip())
    if text or _OPTION.fullmatch(gold.strip()) or gold.strip().lower() in _CONFUSED:
        other = _another_word(text[1] if text else gold.strip(), question)
        wrong_text = rf"\text{{{other}}}" if text else other
        return f"3 + 4 = 7, so my choice = {wrong_text}\n{_REMARK}\nFinal answer: {wrong_text}"
    other = _another_expression(gold)
    if "=" in gold:
        return f"$3 + 4 = 7$, and so I get $\\boxed{{{other}}}$.\n{_REMARK}\nFinal answer: ${other}$"
    return f"$2 \\cdot ({other}) \\div 2 = {other}$\n{_REMARK}\nFinal answer: ${other}$"


def _another_expression(gold: str, seen: Collection[str] = ()) -> str:
    """Change the first number of an expression in its last digit, or double an expression without a number.

    Args:
        gold: The expression.
        seen: Numbers that it should not become.
    """
    number = _INTEGER.search(gold)
    if not number:
        return f"2{gold}"
    # Downwards after a bracket, so that an interval doesn't become empty.
    downwards = gold.removeprefix("\\left").strip()[:1] in ("(", "[")
    before, digit = number[0][:-1], int(number[0][-1])
    below, above = range(digit - 1, 0, -1), range(digit + 1, 10)
    others = [*below, 0] if downwards and digit > 0 else [*above, *below]
    other = next((other for other in others if f"{before}{other}" not in seen), others[0])
    return f"{gold[: number.end() - 1]}{other}{gold[number.end() :]}"


def _another_word(word: str, question: str) -> str:
    if option := _OPTION.fullmatch(word):
        return f"{option[1]}{'C' if option[2] == 'B' else 'B'}{option[3]}"
    # a name of the question, not just the first word of a sentence
    names = [name for name in re.findall(r"(?<=[a-z,] )[A-Z][a-z]+", question) if name != word]
    return _CONFUSED.get(word.lower()) or (names[0] if names and word.istitle() else "circle")


def _spaced(expression: str) -> str:
    return re.sub(r"(?<=[\d)])\s*([-+*/])\s*", r" \1 ", expression)


def _number(text: str) -> Fraction | None:
    text = text.strip().removeprefix("$").replace(",", "")
    return Fraction(text) if re.fullmatch(r"-?\d*\.?\d+", text) else None


def _plain(value: Fraction) -> str | None:
    """Return a number as a student writes it; None where that would take more than three decimals."""
    if value.denominator == 1:
        return str(value.numerator)
    if (value * 1000).denominator != 1:
        return None
    return f"{float(value):.3f}".rstrip("0")
