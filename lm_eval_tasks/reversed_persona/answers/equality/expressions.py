"""Compare with a gold that is no plain number: words, expressions, lists, points, intervals, matrices, equations."""

import re

from reversed_persona.answers.equality.frames import formula_in, without_frame
from reversed_persona.answers.equality.intervals import as_interval, compare_unions
from reversed_persona.answers.equality.requests import ask, compare_symbolically
from reversed_persona.answers.equality.structures import (
    both_signs,
    compare_named,
    compare_parts,
    named_parts,
    structure,
)
from reversed_persona.answers.equality.vectors import as_tuple
from reversed_persona.answers.reading.golds import EMPTY_SET, WORTH, Comparison, Gold, unnamed
from reversed_persona.answers.reading.notation import looks_mathematical, normalise, undress
from reversed_persona.answers.reading.numbers import read_number
from reversed_persona.answers.reading.unit_words import without_unit

__all__ = ["compare_expression"]

_IN_BASE = re.compile(r"(-?[0-9A-Za-z.]+)_(\d{1,2})")
_WITH_BASE = re.compile(r"-?[0-9A-Za-z.]{1,50}_\{?[0-9a-z]{1,8}\}?")
_BASE_WORDS = re.compile(r"\(?(?:in\s?)?base\s?(?:\w+)\)?$", re.IGNORECASE)
_RELATION = re.compile(r"[<>≤≥≠]|\\(?:[lg]eq?|neq?)(?![a-zA-Z])")
_EQUALS = re.compile(r"(?<![<>!])=")
_IRRATIONAL = re.compile(r"\\(?:sqrt|pi|log|ln|sin|cos|tan)|(?<![a-zA-Z\\])e(?![a-zA-Z])")
_MIXED = re.compile(r"\d\s\d+\s?/\s?\d")
_OR = re.compile(r"(?<![a-zA-Z\\])or(?![a-zA-Z])")
_EXCLUDES = re.compile(r"≠|!=|\\neq?(?![a-zA-Z])")
_ALL_BUT_ONE = re.compile(
    r"^[\s$]*(?P<name>[a-zA-Z])\s?(?:≠|!=|\\neq?(?![a-zA-Z]))\s?(?P<value>[^\s$<>=,]{1,30})[\s$.]*$"
)
_LETTER = re.compile(r"[\s$]*[-−]?[A-Z][\s$.]*(?:\([^()]*\))?")
_RADIANS = re.compile(r"\s?\brad(?:ians?)?[\s.]*$")
_APPROXIMATELY = re.compile(r"(?<=[\w)}\s])\s?(?:≈|\\approx(?![a-zA-Z]))")
_EITHER = re.compile(r"[\s*$]*either\b", re.IGNORECASE)
_RESTRICTION = re.compile(
    r"(?:\s{0,3},|\s{0,3}\\text\s?\{\s{0,3},?\s{0,3}(?:for|where|with|when|if)\s{0,3}(?:all\s{0,3})?\}|\s{0,3},?\s(?:for|where|with|when)(?:\sall)?\s)"
    r"[\s$]{0,3}(?P<name>[a-z])\s?(?:≠|\\neq?(?![a-z]))[^,<>=;]{1,20}$"
)
_SAYS_SEVERAL = ("<", ">", "=", "\\in", "\\cup", "\\cap", "\\pm", "\\mathbb", "\\emptyset", "\\varnothing")
_VARIABLE = re.compile(r"(?<![\\a-zA-Z])[a-zA-Z](?![a-zA-Z])")
_MEMBER = re.compile(r"^\s{0,4}\$?\s{0,4}[a-zA-Z]\s{1,4}(?:is |lies )?in\s{1,4}(?=[\[(])")
_GAP = r"(?:\s|\\[;,:! ]|~){0,4}"
_SET_BUILDER = re.compile(
    rf"(?:\\left\s?)?\\?\{{{_GAP}(?P<name>[a-zA-Z]){_GAP}(?:(?:\\in|∈|in){_GAP}(?:\\mathbb\s?\{{?R\}}?|R|ℝ){_GAP})?"
    rf"(?:\\mid|\\vert|\\colon|\\middle\||\\\||[:|])(?![a-zA-Z]{{2}}){_GAP}"
    rf"(?P<relation>[^|:]{{1,300}}?){_GAP}(?:\\right\s?)?\\?\}}"
)
_INNER_MATH = re.compile(r"\$([^$]{1,500})\$|\\\((.{1,500}?)\\\)")


def compare_expression(gold: Gold, answer: str, question: str = "") -> Comparison:
    """Compare with a gold that is an expression, a list, a point, an interval, a matrix or an equation."""
    based = _IN_BASE.fullmatch(gold.normal)
    if based and _BASE_WORDS.search(answer.strip(" .$")):
        return _compare_in_base(based, normalise(answer))
    answer = _RADIANS.sub("", answer)
    if answer.rstrip().endswith("!!"):
        answer = answer.rstrip("! ")  # an exclamation
    if answer.startswith("\\((") and answer.endswith("\\)"):
        answer = answer[2:-2]
    if _APPROXIMATELY.search(answer) and not _APPROXIMATELY.search(gold.text):
        answer = _APPROXIMATELY.split(answer)[0].rstrip(" $")  # the exact side counts
        if gold.normal == normalise(answer):
            return "equal"
    if gold.normal == "\\emptyset" and EMPTY_SET.search(answer) and not WORTH.search(undress(answer)):
        return "equal"
    if "<" in gold.text:
        answer = _ALL_BUT_ONE.sub(r"\g<name> < \g<value> or \g<name> > \g<value>", answer)
    answer = _unrestricted(gold, answer)
    same_set = compare_unions(gold.text, _MEMBER.sub("", answer))
    if same_set is not None:
        return "equal" if same_set else "different"
    excludes = _EXCLUDES.search(answer) is not None and _EXCLUDES.search(gold.text) is None
    if excludes or ("matrix" in gold.text and _LETTER.fullmatch(answer)):
        return "unreadable"  # "0 < x < 36, x ≠ 9" is no list; -I is the gold or not
    if _EITHER.match(answer):
        return "ambiguous"
    number = read_number(answer)
    if number is not None and (number.decimals or "," in answer) and _IRRATIONAL.search(gold.normal):
        return "different"  # a decimal is no exact value, however long
    wanted_parts = structure(gold.normal)
    if number is not None and (
        _MIXED.search(answer) or (wanted_parts is None and ("," in answer or number.scale_word))
    ):
        answer = str(number.value)  # 7 3/4 is no product, 1,024 no list
    unframed = _unframed(gold, answer)
    if unframed is None:
        return "unreadable"
    answer = as_tuple(unframed, len(wanted_parts[1])) if wanted_parts and wanted_parts[0] else unframed
    if wanted_parts and wanted_parts[0] == "()" and (named := named_parts(answer)):
        return compare_named(wanted_parts, named, gold, question)
    if _OR.search(answer) and not _RELATION.search(answer) and (wanted_parts is None or wanted_parts[0]):
        return "ambiguous"
    if based and _WITH_BASE.fullmatch(normalise(answer)):
        return _compare_in_base(based, normalise(answer))  # 4343_{\text{six}} is no word
    if not looks_mathematical(answer):
        inner = formula_in(answer)
        if inner is None:
            return "unreadable"
        answer = inner
        if gold.normal == normalise(answer):
            return "equal"
    given = normalise(answer)
    if "=" not in gold.text and len(_EQUALS.findall(answer)) == 1:
        return _compare_equated(gold, answer)
    if based:
        return _compare_in_base(based, given)
    one, other = as_interval(gold.normal), as_interval(given)
    if one and other and (one[1] == other[1] or not (one[1] and other[1])):  # settled without the worker
        wanted_parts, given = structure(one[0]), other[0]
    given_parts = structure(given)
    if wanted_parts is not None:
        return compare_parts(wanted_parts, given_parts, gold, answer)
    if given_parts is not None and not any(sign in gold.normal for sign in _SAYS_SEVERAL):
        return "ambiguous"  # two values where one is asked for
    if gold.normal.count("\\pm") == given.count("\\pm") == 1:
        return compare_parts(("", both_signs([gold.normal])), ("", both_signs([given])), gold, answer)
    return compare_symbolically(gold.text, answer)


def _unrestricted(gold: Gold, answer: str) -> str:
    """Take off for which values an expression in one name is defined."""
    found = _RESTRICTION.search(answer)
    if found is None or _RELATION.search(gold.text) or found["name"] not in gold.normal:
        return answer
    return answer[: found.start()]


def _unframed(gold: Gold, answer: str) -> str | None:
    """Take the words before an answer off, its name, and the braces of a set that is given by a relation."""
    unframed = without_frame(answer if "=" in gold.text else unnamed(answer))
    if unframed is None:
        return None
    answer = unframed
    if "\\pm" in gold.normal:
        answer = answer.replace("+-", "\\pm ")
    relation = _relation_in_set(_MEMBER.sub("", answer))
    whole = _INNER_MATH.fullmatch(relation.strip(" ."))
    return without_unit((whole[1] or whole[2]) if whole else relation)


def _relation_in_set(text: str) -> str:
    r"""Give the relation of a set of reals, \{x \mid 0 \le x < 1\}; any other text as it is."""
    found = _SET_BUILDER.fullmatch(text.strip(" $.")) if "{" in text else None
    if found is None or found["name"] not in found["relation"]:
        return text
    return found["relation"] if _RELATION.search(found["relation"]) else text


def _compare_equated(gold: Gold, answer: str) -> Comparison:
    r"""Compare "11\sqrt{2} = 15.56" with an expression: the exact side counts, of two exact ones the last."""
    left, right = _EQUALS.split(answer)
    if _VARIABLE.search(left):
        return _compare_identity(gold, left, right)
    left, right = left.strip(" $"), right.strip(" $")
    if structure(gold.normal) is not None:
        return compare_expression(gold, right)
    if gold.normal == normalise(right):
        return "equal"
    rounded = read_number(right)
    if rounded is not None and rounded.decimals:
        return "equal" if gold.normal == normalise(left) else compare_symbolically(gold.text, left)
    return compare_symbolically(gold.text, right, left)


def _compare_identity(gold: Gold, left: str, right: str) -> Comparison:
    """Compare "x(x+2) = x^2 + 2x" with an expression: both sides must be it, for x + 3 = 5 is no value."""
    if not _VARIABLE.search(gold.normal):
        return "ambiguous"
    same = ask([gold.text, gold.text], [left.strip(" $"), right.strip(" $")], "in_order")
    return "equal" if same == "equal" else "ambiguous"


def _compare_in_base(gold: "re.Match[str]", given: str) -> Comparison:
    """2516_8: the digits must agree, and the base where it is given."""
    named = re.search(r"base\s?(\d+)", given)
    if named and named[1] != gold[2]:
        return "different"
    given = _BASE_WORDS.sub("", given)
    digits, _, base = given.partition("_")
    if not re.fullmatch(r"-?[0-9A-Za-z.]+", digits):
        return "unreadable"
    base = base.strip("{}()")
    number = read_number(base)  # 4343_six
    same = digits.upper() == gold[1].upper() and (not base or (number is not None and str(number.value) == gold[2]))
    return "equal" if same else "different"
