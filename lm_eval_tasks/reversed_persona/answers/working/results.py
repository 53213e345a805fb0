"""Find the results in a student's working: the values right after "=" or "≈", and after "is" or "makes" in words.

A result ends where its number ends, so "= 18 + 3" is none; "= 18 apples" and "= 18 = ..." are. A computing step is an
equality whose left side holds an operation on numbers.
"""

import itertools
import re
from collections.abc import Iterator

from reversed_persona.answers.reading.notation import box_content, goes_on, normalise
from reversed_persona.answers.reading.numbers import NUMBER, Value, read_number

__all__ = ["computes", "last_digits", "result_places", "sides", "steps_before", "worded_places"]

_VALUE = re.compile(
    r"[\s&*_]{0,6}(?:(?:about|approximately|you)\s)?(?:<<[^<>\n]{0,100}>>)?(?:\\?\$|\\\(|\\boxed\{|"
    r"\\text\{|\(|\{|[£€*])?\$?"
    rf"(?P<value>{NUMBER})(?P<decimals>(?:,|\{{,\}})\d{{1,2}}(?![\d,]))?"
)
_ANY_SIGN = re.compile(r"(?<![!<>])=|[≈→]|->|\\approx|\\Rightarrow")
_PLAIN = re.compile(r"[ $]{0,2}(\d{1,15})(?=\n|>>|\.?$|\.\n)")
_NO_VALUE = frozenset("bcdefghijklmnopqrstvwxz=")  # "about 5" and "you 5" are values
_VERBS = ("is ", "equals ", "makes ", "gives ", "get ", "gets ", "leaves ")
_OPERATION = re.compile(
    r"[+*/×÷·^√]|\d\s:\s\d|[a-z]\s[xX]\s\$?\d|\\(?:times|cdot|div|frac|dfrac|tfrac|sqrt)|%|\d\s?[xX]\s?\$?\d|[\d)\s$}][-−–]\s?[\d($\\]|"
    r"\b(?:of|times|plus|minus|divided by|multiplied by|more than|less than)\b|\d!|\d\s?\(|[)}]\s?\("
)
_CLAUSE_ENDS = ("\n", ". ", ", ", "; ", ": ", "<<", "\\\\", "$$", "\\[", " so ", " So ", " then ", " and ", " because ")
_STEP = re.compile(r"\d\s?[-+*/×÷]\s?\$?\d[\d.,]{0,12}\s{0,2}$")
_MAX_STEP = 24
_DIGIT = re.compile(r"\d")
_MAX_LEFT = 200
_MAX_RIGHT = 140
_MAX_SIGNS = 1_000
_MAX_SIDES = 300


def computes(text: str, at: int) -> bool:
    """Whether the sign or verb at `at` has an operation on numbers to its left."""
    if _STEP.search(text, max(0, at - _MAX_STEP), at):
        return True  # the usual case, seen fast
    left = _left_side(text, at)
    return _DIGIT.search(left) is not None and _OPERATION.search(left) is not None


def _left_side(text: str, at: int) -> str:
    """Give what stands left of the equals sign at `at`, back to the clause (the line before if empty)."""
    window = text[max(0, at - _MAX_LEFT) : at]
    left = window
    for end in _CLAUSE_ENDS:  # each cut leaves less to search
        place = left.rfind(end)
        if place >= 0:
            left = left[place + len(end) :]
    if left.strip(" &\t$\\[]"):
        return left
    return window.rstrip(" &\t\n$\\[]").rpartition("\n")[2]


def result_places(text: str, value: Value) -> Iterator[int]:
    """Find the signs behind which a value stands as a result, from the last to the first: "= 18", "≈ 18 eggs"."""
    digits = last_digits(value)
    for start, end in itertools.islice(_signs(text), _MAX_SIGNS):
        if text.find(digits, end, end + _MAX_RIGHT) >= 0 and _stands_at(text, end, value):
            yield start


def worded_places(text: str, value: Value) -> Iterator[int]:
    """Find the verbs behind an operation that give a value: "9 times 2 is 18"."""
    digits = last_digits(value)
    for verb in _VERBS:
        at, tried = text.find(verb), 0
        while at >= 0 and tried < _MAX_SIGNS:
            tried += 1
            end = at + len(verb)
            within = text.find(digits, end, end + _MAX_RIGHT) >= 0 and not text[at - 1 : at].isalpha()
            if within and _stands_at(text, end - 1, value) and computes(text, at):
                yield at
            at = text.find(verb, end)


def steps_before(text: str, at: int) -> bool:
    """Whether a computing step stands before `at`."""
    return any(computes(text, start) for start, _ in itertools.islice(_signs(text[:at]), _MAX_SIGNS))


def last_digits(value: Value) -> str:
    """Give the digits that a text must hold if the value stands in it: "" for a fraction, which has many forms."""
    return str(abs(value.numerator))[-3:] if value.denominator == 1 else ""


def _signs(text: str) -> Iterator[tuple[int, int]]:
    if "≈" in text or "→" in text or "->" in text or "\\approx" in text or "\\Rightarrow" in text:
        for found in reversed(list(_ANY_SIGN.finditer(text))):
            yield found.span()
        return
    at = text.rfind("=")
    while at >= 0:
        if text[at - 1 : at] not in ("!", "<", ">"):
            yield at, at + 1
        at = text.rfind("=", 0, at)


def _stands_at(text: str, at: int, value: Value) -> bool:
    """Whether this value, and nothing larger, stands at a place."""
    if text[at : at + 2].lstrip()[:1].lower() in _NO_VALUE:
        return False
    plain = _PLAIN.match(text, at)  # the usual case, read fast
    if plain:
        return int(plain[1]) == value
    found = _VALUE.match(text, at)
    if found is None or goes_on(text, found.end()):
        return False
    decimals = found["decimals"]  # of a decimal comma
    number = read_number(found["value"] if decimals is None else f"{found['value']}.{decimals.strip('{,}')}")
    return number is not None and number.value == value


_RIGHT_SIDE = re.compile(
    r"(?:=|≈|\\approx|\\in(?![a-zA-Z])|\b(?:is|are|be|at|gives|gets?|get|makes|or)(?=\s))[\s$*]{0,20}(?=(?P<side>[^\n=≈]{1,300}))"
)
_SIDE_ENDS = re.compile(
    r"\$|\\\)|\\\]|\\\\|\\approx|\\quad|\\implies|\\Rightarrow|\*\*|(?<!\\)[.?!;]\s|[.?!]$|\s\((?=[a-zA-Z]{2})|\s\[(?=[a-z])|"
    r"\s(?:or|and)\s[a-zA-Z]\s?$|,?\s(?:if|and so|but|because|so|which|since)\s|,\s(?=I\b|i\s|it\b)"
)
_IN_MATRIX = re.compile(r"\$|\\\)|\\\]|\.\s|\.$")  # there "\\" parts the rows
_MAX_BOXES = 50


def sides(text: str) -> Iterator[tuple[str, bool]]:
    """Find the right sides of a working as normalised strings, each with whether its left side computes.

    A right side stands behind "=" or "≈", or behind a verb: "so the lines cross at (3, -2)", "the roots are 1 and -2".
    """
    for found in list(_RIGHT_SIDE.finditer(text))[-_MAX_SIDES:]:
        side = (_IN_MATRIX if "\\begin" in found["side"] else _SIDE_ENDS).split(found["side"])[0]
        computed = computes(text, found.start())
        for piece in {side, side.split(", ")[0]}:
            yield normalise(piece), computed
    for line in text.splitlines()[-_MAX_SIDES:]:
        if line.count("=") > 1 and len(line) <= _MAX_LEFT:
            yield normalise(line), False  # x = 2 or x = 5
    yield from ((boxed, False) for boxed in _boxes(text))


def _boxes(text: str) -> Iterator[str]:
    at = text.find("\\boxed")
    for _ in range(_MAX_BOXES):
        if at < 0:
            return
        content = box_content(text, at)
        if content:
            yield normalise(text[slice(*content)])
        at = text.find("\\boxed", at + 6)
