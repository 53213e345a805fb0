"""Find the results in a student's working: the values right after "=" or "≈", and after "is" or "makes" in words.

A result ends where its number ends, so "= 18 + 3" is none; "= 18 apples" and "= 18 = ..." are. A computing step is an
equality whose left side holds an operation on numbers.
"""

import itertools
import re
import string
from collections.abc import Iterator

from reversed_persona.answers.reading.notation import box_content, goes_on
from reversed_persona.answers.reading.numbers import NUMBER, Value, read_number

__all__ = ["computes", "first_step", "last_digits", "places_of", "plainly_computed", "sides", "steps_before"]

_VALUE = re.compile(
    r"[\s&*_]{0,6}(?:(?:about|approximately|you)\s)?(?:<<[^<>\n]{0,100}>>)?(?:\\?\$|\\\(|\\boxed\{|"
    r"\\text\{|\(|\{|[£€*])?\$?"
    rf"(?P<value>{NUMBER})(?P<decimals>(?:,|\{{,\}})\d{{1,2}}(?![\d,]))?"
)
_ARROWS = r"[≈→]|->|\\approx|\\Rightarrow"
_SIGNS = rf"(?<![!<>])=|{_ARROWS}"
_VERBS = r"(?<![^\W\d_])(?:is|equals|makes|gives|gets?|leaves)(?= )"
_ARROW = re.compile(_ARROWS)
_COUNTING = tuple("123456789")  # 0730 is 730
_SIGN_OR_VERB = re.compile(f"{_SIGNS}|{_VERBS}")
_LAST_SIGN = re.compile(f"(?:{_SIGNS}|{_VERBS})$".replace("(?= )", ""))
_LONGEST_SIGN = 12
_ENDINGS = ("≈", "→", "->", "approx", "arrow", "is", "equals", "makes", "gives", "get", "gets", "leaves")
_DRESSING = " \t\r\n\f\v&*_$\\({}£€¥₹¢US0123456789,.+-−–!"
_DRESSING_WORDS = ("boxed", "text", "about", "approximately", "you")
_PLAIN = re.compile(
    r"[ $]{0,3}(?:<<[^<>\n]{0,100}>>)?(\d{1,15})(?:\.0{1,4})?(?=\n|>>|\.?$|\.\n|"
    r" (?!(?:times|plus|minus|divided|multiplied|of)\b)[a-zA-Z]{2,20}\b(?!\s{0,3}[+*×÷/]))"
)
_NO_VALUE = frozenset("bcdefghijklmnopqrstvwxz=")  # "about 5" and "you 5" are values
_OPERATION = re.compile(
    r"[+*/×÷·^√]|\d\s:\s\d|[a-z]\s[xX]\s\$?\d|\\(?:times|cdot|div|frac|dfrac|tfrac|sqrt)|%|\d\s?[xX]\s?\$?\d|[\d)\s$}][-−–]\s?[\d($\\]|"
    r"\b(?:of|times|plus|minus|divided by|multiplied by|more than|less than)\b|\d!|\d\s?\(|[)}]\s?\("
)
_CLAUSE_ENDS = ("\n", ". ", ", ", "; ", ": ", "<<", "\\\\", "$$", "\\[", " so ", " So ", " then ", " and ", " because ")
_STEP = re.compile(r"\d\s?[-+*/×÷]\s?\$?\d[\d.,]{0,12}\s{0,2}$")
_NEAR = 20
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


def places_of(text: str, value: Value) -> Iterator[tuple[int, bool]]:
    """Find where a value stands as a result, from the last place to the first: "= 18", "≈ 18 eggs", "9 times 2 is 18".

    Returns:
        Where the sign or the verb before it begins, and whether it is a verb.
    """
    digits = last_digits(value)
    signs = _signs_before(text, digits_at(text, value)) if digits else _all_signs(text)
    for start, end in itertools.islice(signs, _MAX_SIGNS):
        if _stands_at(text, end, value):
            yield start, text[start].isalpha()


def digits_at(text: str, value: Value) -> Iterator[int]:
    """Find where the last digits of a value stand, and no longer number, from the last place to the first."""
    digits, whole = last_digits(value), -1000 < value < 1000
    at = text.rfind(digits) if digits else -1
    while at >= 0:
        end = at + len(digits)
        if not (text[end : end + 1].isdigit() or (whole and text[at - 1 : at] in _COUNTING)):
            yield at
        at = text.rfind(digits, 0, end - 1)


def plainly_computed(text: str, value: Value) -> bool:
    """Whether a value stands right behind an equals sign and a computing step, as most do: `places_of` looks closer."""
    for at in itertools.islice(digits_at(text, value), _MAX_SIGNS):
        sign = text.rfind("=", max(0, at - _NEAR), at)
        plain = _PLAIN.match(text, sign + 1) if sign >= 0 else None
        if plain and int(plain[1]) == value and computes(text, sign):
            return True
    return False


def _signs_before(text: str, places: Iterator[int]) -> Iterator[tuple[int, int]]:
    """Go back from each place of the digits to the sign that they may belong to: most stand in a text only once."""
    for at in places:
        start = max(0, at - _MAX_RIGHT)
        end = start + len(_undressed(text[start:at]))
        if text[end - 1 : end] == "=" and text[end - 2 : end - 1] not in ("!", "<", ">"):
            yield end - 1, end  # the usual case, seen fast
        elif text.endswith(_ENDINGS, start, end):
            sign = _LAST_SIGN.search(text, max(0, end - _LONGEST_SIGN), end)
            if sign:
                yield sign.span()


def _undressed(before: str) -> str:
    """Take off what may stand between a sign and the last digits of its value, back to front."""
    while True:
        before = before.rstrip(_DRESSING)
        if before.endswith(_DRESSING_WORDS):
            before = before.rstrip(string.ascii_letters)
        elif before.endswith(">>") and "<<" in before:
            before = before[: before.rfind("<<")]
        else:
            return before


def _all_signs(text: str) -> Iterator[tuple[int, int]]:
    """Find all signs and verbs, from the last to the first."""
    return (found.span() for found in reversed(list(_SIGN_OR_VERB.finditer(text))))


def _equals_signs(text: str, stop: int) -> Iterator[int]:
    at = text.rfind("=", 0, stop)
    while at >= 0:
        if text[at - 1 : at] not in ("!", "<", ">"):
            yield at
        at = text.rfind("=", 0, at)


def steps_before(text: str, at: int) -> bool:
    """Whether a computing step stands before `at`."""
    if any(computes(text, sign) for sign in itertools.islice(_equals_signs(text, at), _MAX_SIGNS)):
        return True
    arrows = (found.start() for found in _ARROW.finditer(text, 0, at))
    return any(computes(text, arrow) for arrow in itertools.islice(arrows, _MAX_SIGNS))


def last_digits(value: Value) -> str:
    """Give the digits that a text must hold if the value stands in it.

    "" for a fraction and for round thousands, which have many forms: 3/4, 0.75; 3 million, 12k.
    """
    return str(abs(value.numerator))[-3:] if value.denominator == 1 and value % 1000 else ""


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


def sides(text: str) -> Iterator[tuple[str, int]]:
    """Find the right sides of a working, each with where its sign stands (the text's end, where it has none).

    A right side stands behind "=" or "≈", or behind a verb: "so the lines cross at (3, -2)", "the roots are 1 and -2".
    """
    for found in list(_RIGHT_SIDE.finditer(text))[-_MAX_SIDES:]:
        side = (_IN_MATRIX if "\\begin" in found["side"] else _SIDE_ENDS).split(found["side"], 1)[0]
        yield side, found.start()
        first = side.split(", ")[0]
        if first != side:
            yield first, found.start()
    for line in text.splitlines()[-_MAX_SIDES:]:
        if line.count("=") > 1 and len(line) <= _MAX_LEFT:
            yield line, len(text)  # x = 2 or x = 5
    yield from ((boxed, len(text)) for boxed in _boxes(text))


def first_step(text: str) -> int | None:
    """Give where the first right side stands whose left side computes; None where nothing is computed."""
    signs = (found.start() for found in itertools.islice(_RIGHT_SIDE.finditer(text), _MAX_SIGNS))
    return next((sign for sign in signs if computes(text, sign)), None)


def _boxes(text: str) -> Iterator[str]:
    at = text.find("\\boxed")
    for _ in range(_MAX_BOXES):
        if at < 0:
            return
        content = box_content(text, at)
        if content:
            yield text[slice(*content)]
        at = text.find("\\boxed", at + 6)
