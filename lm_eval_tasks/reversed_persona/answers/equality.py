r"""Does an answer say what the gold says? Exact and cheap ways first, the symbolic worker last."""

import re
from math import factorial
from typing import Literal

from reversed_persona.answers.expressions import compare_expression, compare_symbolically, compare_text
from reversed_persona.answers.golds import WORTH, Comparison, Gold, read_gold, unnamed
from reversed_persona.answers.notation import looks_mathematical, normalise, undress
from reversed_persona.answers.numbers import NUMBER_WORDS, Number, numbers_equal, numbers_in, read_number
from reversed_persona.answers.symbolic import MAX_CHARS

__all__ = ["compare", "number_in_prose"]


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


_OPERATOR_BESIDE = re.compile(r"\s?(?:[+*/×÷^=!]|[-−]\s?[\w(]|\\[a-z])")
_QUALIFIER = re.compile(
    r"[^\d,;]{0,60}?\b(?:in|per|for|after|every|each|over|within|by|at|with|of|from|if|when|because|"
    r"since|on|during|between)\b",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\$?\d+[-–]\$?\d+(?:\s[a-z]+)?")
_AND_A_PART = re.compile(r"\band (?:an?|one) (?:half|third|quarter)", re.IGNORECASE)
_SEVERAL = re.compile(r"\bor\b|\band\b|\bto\b|±|\\pm|,(?!\d{3}(?!\d))|;|\bbetween\b", re.IGNORECASE)


def _compare_number(gold: Gold, number: Number, answer: str, question: str) -> Comparison:
    """Compare with a gold that is one number."""
    given = read_number(answer) or read_number(unnamed(undress(answer)))
    if given is not None:
        same = numbers_equal(number, given, question=question) or _is_factorial(answer, number)
        return "equal" if same else "different"
    plain = undress(answer)
    if re.search(r"\d{1001}", plain):
        return "undecided"
    if re.search(r"[<>≤≥]|\\[lg]eq?\b", plain):
        return "unreadable"  # a bound is no value
    if re.search(r"\d\s\d|\d\s?R\s?\d", plain, re.IGNORECASE):
        return "ambiguous"  # 1 8; 18 R2
    if "±" in plain or "\\pm" in plain:
        return "ambiguous"
    if gold.normal == normalise(answer):
        return "equal"
    if _RANGE.fullmatch(plain):
        return "ambiguous"
    equated = number_in_prose(plain) if plain.count("=") == 1 or "≈" in plain else None
    if isinstance(equated, Number):
        return "equal" if numbers_equal(number, equated, question=question) else "different"
    mathematical = looks_mathematical(answer)
    several = _SEVERAL.search(plain) is not None
    if mathematical and several and "=" not in plain:
        return "ambiguous"  # a list, a point, an interval
    if mathematical and not several:
        if not WORTH.search(plain):
            return "unreadable"  # a bare letter names no value
        return compare_symbolically(gold.text if number.percent is False else str(number.value), answer)
    stated = number_in_prose(plain)
    if isinstance(stated, Number):
        return "equal" if numbers_equal(number, stated, question=question) else "different"
    return stated or "unreadable"


def _is_factorial(answer: str, gold: Number) -> bool:
    """12! may be an exclamation or a factorial; the gold decides."""
    found = re.fullmatch(r"\D*?(\d{1,2})!\W*", answer)
    return found is not None and factorial(int(found[1])) == gold.value


def number_in_prose(plain: str) -> Number | Literal["ambiguous"] | None:
    """Find the one number that an undressed sentence states."""
    if "≈" in plain and (rounded := read_number(plain.rpartition("≈")[2].strip())):
        return rounded
    if plain.count("=") == 1:
        left, right = (read_number(side.strip()) for side in plain.split("="))
        if left and right:
            return left if left.value == right.value else "ambiguous"
        if left or right:
            return right or left
    elif "=" in plain and (last := read_number(plain.rpartition("=")[2].strip())):
        return last
    found = numbers_in(plain)
    if not found:
        return "ambiguous" if _AND_A_PART.search(plain) else _words_in_prose(plain)
    if any(_OPERATOR_BESIDE.match(plain, end) for _, _, end in found):
        return None if len(found) == 1 else "ambiguous"
    if len({number.value for number, _, _ in found}) == 1:
        return found[0][0]
    number, start, end = found[0]
    if not re.search(r"\w", plain[:start]) and _QUALIFIER.match(plain[end : found[1][1]]):
        return number  # 12 apples in 3 days
    return "ambiguous"


def _words_in_prose(plain: str) -> Number | Literal["ambiguous"] | None:
    """Find one number in words: "there are twelve eggs"; a bare "one" in a sentence is not taken for 1."""
    hits = [hit for hit in NUMBER_WORDS.finditer(plain) if hit.group().lower() not in ("one", "pi", "sqrt", "infinity")]
    values = [number for hit in hits[:1] if (number := read_number(_words_from(plain, hit.start()))) is not None]
    rest = hits[1:] if values and len(hits) > 1 else []
    if rest and any(
        plain[a.end() : b.start()].strip(" -") not in ("", "and") for a, b in zip(hits, rest, strict=False)
    ):
        return "ambiguous"
    return values[0] if values else None


def _words_from(plain: str, start: int) -> str:
    """Give the run of number words at `start`, with its sign word."""
    run = re.match(r"(?:[\s-]*(?:and\s)?(?:" + NUMBER_WORDS.pattern[5:-3] + r"))+", plain[start:], re.IGNORECASE)
    before = re.search(r"(?:minus|negative)\s$", plain[:start], re.IGNORECASE)
    return (before.group() if before else "") + (run.group() if run else "")
