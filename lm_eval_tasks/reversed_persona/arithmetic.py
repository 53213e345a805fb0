"""Plain arithmetic in a student's working: which equalities it holds, and whether they are right. Exact, no floats.

    "3 × $4 + 2 = 14 eggs"  ->  3*4+2, 14, right

Read are numbers with + - * / and brackets before an equals sign, and the number after it. Anything else (powers,
fractions in LaTeX, letters, "20% of 50") is not looked at. A result may be rounded to the decimals that it shows.
"""

import ast
import operator
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

__all__ = ["Equality", "equalities", "value_of"]

_SIDE = 120  # characters before an equals sign that are looked at
_NUMBER = r"\d{1,15}(?:,\d{3})*(?:\.\d{1,10})?"
_ATOM = rf"[(\s]{{0,6}}-?(?:{_NUMBER}|\.\d{{1,10}})%?[)\s]{{0,6}}"
_CALCULATION = re.compile(rf"{_ATOM}(?:[-+*/]{_ATOM}){{1,30}}$")
_PART_OF_IT = tuple(".,^%)}\\")
_TIMES = re.compile(r"\b[xX]\s*$")
_OPERATES = tuple("+-*/^=<>|")
_RESULT = re.compile(
    rf"\s*\\?\$?\s*(?P<sign>-?)\s*\\?\$?(?P<number>{_NUMBER}|\.\d{{1,10}})(?P<percent>\\?%)?(?![\d.]*\d)"
    r"(?!\s*\\?\$?(?:\s?[A-Za-z]{2,15}){0,2}\s*(?:[-+*/×÷·−–^]|\\times|\\cdot|\\div|[xX]\s*(?=[\d(]))\s*\\?[$(]*\s*\.?\d)"
    r"(?!\s\d+\s?/)"  # "= 14 / 2" and "= 3 1/2" go on
)
_GLUE = re.compile(r"(?<=\d),(?=\d{3}(?!\d))|\\?[$€£]|\\[()]|[*_]{2,}|[{}]|\\(?:left|right)(?![a-z])|\\[,;! ]")
_SIGNS = (
    (re.compile(r"[×·⋅]|\\(?:times|cdot)(?![a-z])|(?<=\d)\s*[xX]\s*(?=[\d(])"), "*"),
    (re.compile(r"÷|\\div(?![a-z])"), "/"),
    (re.compile("[−–]"), "-"),
)
_UNIT = re.compile(r"(?<=\d)\s*(?!x\b)[A-Za-z]{2,15}(?:\s[A-Za-z]{2,15})?(?=\s*(?:[-+*/)]|$))")
_BULLET = re.compile(r"^\s*(?:[-*•]\s+|\d{1,2}[.)]\s+)")
_PERCENT = re.compile(rf"({_NUMBER})%")
_OPERATORS: dict[type, Any] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


@dataclass(frozen=True)
class Equality:
    """A calculation and its stated result.

    Attributes:
        expression: What is computed, in plain signs.
        result: What is said to come out.
        right: Whether it does.
    """

    expression: str
    result: Fraction
    right: bool


def equalities(text: str) -> Iterator[Equality]:
    """Find the calculations of a text, in order."""
    for line in text.splitlines():
        for at in (found.start() for found in re.finditer(r"(?<![<>!=:])=(?!=)", line)):
            found = _RESULT.match(line, at + 1)
            expression = _expression(line[max(0, at - _SIDE) : at])
            value = value_of(_PERCENT.sub(r"(\1/100)", expression)) if found and expression else None
            if found and expression and value is not None:
                result = _stated(found)
                yield Equality(expression, result, _rounds_to(value, result, found))


def value_of(expression: str) -> Fraction | None:
    """Return the exact value of + - * / over numbers; None for anything else."""
    try:
        return _value(ast.parse(expression, mode="eval").body)
    except (SyntaxError, ValueError, ZeroDivisionError, RecursionError, MemoryError):
        return None


def _expression(before: str) -> str | None:
    """Return the calculation with which a text ends; None where it ends with something else."""
    plain = _GLUE.sub("", before.rpartition("=")[2])
    for pattern, sign in _SIGNS:
        plain = pattern.sub(sign, plain)
    plain = _UNIT.sub("", _BULLET.sub("", plain))
    found = _CALCULATION.search(plain)
    if found is None:
        return None
    run = found.group().strip()
    run = run[max(0, run.count("(") - run.count(")")) :].strip()  # a bracket around the whole equality
    ahead = plain[: plain.rindex(run)]
    touching, last = ahead[-1:], ahead.rstrip()[-1:]
    if touching.isalnum() or touching in _PART_OF_IT or last in _OPERATES or (run[0] == "-" and last.isalnum()):
        return None  # the rest of something that can't be read: "2x + 3 + 4", "x - 3 + 4"
    if last.isdigit() or last == ")" or _TIMES.search(ahead):
        return None  # "3 1/2 - 2", "15 pages x 1/3"
    return run


def _value(node: ast.expr) -> Fraction:
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return Fraction(_OPERATORS[type(node.op)](_value(node.left), _value(node.right)))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand)
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return Fraction(str(node.value))
    raise ValueError("not plain arithmetic")


def _stated(found: "re.Match[str]") -> Fraction:
    number = Fraction(found["number"].replace(",", ""))
    return -number if found["sign"] else number


def _rounds_to(value: Fraction, result: Fraction, found: "re.Match[str]") -> bool:
    decimals = len(found["number"].partition(".")[2])
    # "1 / 4 = 25%" and "25 + 10 = 35%" are both right
    values = (value, value * 100) if found["percent"] else (value,)
    # "10 / 3 = 3.33" is rounded; "10 / 3 = 3" is not right
    slack = Fraction(1, 2 * 10**decimals) if decimals else 0
    return any(abs(one - result) <= slack for one in values)
