"""Does an answer come out of the student's own working, and does the gold stand in it?"""

import re
from collections.abc import Collection

from reversed_persona.answers.extraction.sentences import last_sentence, without_chatter
from reversed_persona.answers.reading.golds import Gold
from reversed_persona.answers.reading.notation import canonical, goes_on, normalise, split_list
from reversed_persona.answers.reading.numbers import NUMBER, Value, numbers_in, read_number, values_in
from reversed_persona.answers.working.results import (
    computes,
    first_step,
    last_digits,
    places_of,
    plainly_computed,
    sides,
    steps_before,
)

__all__ = ["is_derived", "is_flip", "plain"]

_MAX_WORKING = 50_000
_BOLD = re.compile(r"\\(?:mathbf|textbf|bf)(?![a-zA-Z])")
_CONCLUSION = re.compile(
    r"\banswer\b[^.\n=\d]{0,30}?(?:is|:|=)[\s$*_\\(]{0,6}|^####\s*|\\boxed\{\s*",
    re.IGNORECASE | re.MULTILINE,
)
_SO = re.compile(
    r"(?:\A|[\n.!?]|\s(?=so\s))[ ,*]{0,3}"
    r"(?P<said>(?:[Ss]o|[Tt]herefore|[Tt]hus|[Hh]ence|[Ii]n total|[Aa]ltogether)\b(?:[^.!?\n=]|\.(?=\d)){0,120})"
)
_VALUE = re.compile(NUMBER)
_FIGURES = re.compile(r"[^\\:]*(?:\\\$)?[^\\:]*")  # no LaTeX but a dollar sign, and no clock time
_APPROXIMATELY = re.compile(r"\s*(?:≈|\\approx)")
_IS = re.compile(r"\b(?:is|are|was|be|at|on)\s")
_EQUALS_WORDS = re.compile(r"=\s*(?P<words>[^\W\d_][\w ]{2,30})(?=[.,\n]|$)")
_OPERATES = re.compile(
    r"\d\s?[)}$]?\s?[-+*/×÷·−–^xX:%]\s?[($\\]?\d|[+*/×÷·]\s?\$?\d|\s[-−–]\s\$?\d|\\(?:times|cdot)|"
    r"\d\s(?:times|plus|minus|divided by)\s|"
    r"(?<![a-zA-Z])[a-zA-Zθ\d)}²³]\s?[-+*/×÷·−^]\s?(?:[a-zA-Zθ](?![a-zA-Z])|[\d(√\\])"
)
_PUTS = re.compile(
    r"(?:^|[:,→=⟹]|[-=]>|\b(?:so|to|is|are|thats|that['’]s|its|it['’]s|makes?|gives?|gets?|got|leaves?|total|together|left|rest|like|just|"
    r"about|around|only|be|another|more|then|answer))[\s$*(]{0,4}$",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_JOINED = frozenset("+-*/^_.0123456789")
_MAX_SENTENCE = 200
_MAX_BEFORE = 2_000
_MAX_BEHIND = 3
_MAX_LEAD = 30
_FRAGMENT = re.compile(r"[\n.!?]\s{0,3}[^\d\n.!?]{0,30}$")
_MAX_FRAGMENT = 40
_RELATION = re.compile(r"[<>≤≥]|\\[lg]eq?(?![a-zA-Z])")


def plain(working: str) -> str:
    """Return the end of a working without emphasis, which would part a result from its equals sign."""
    working = working[-_MAX_WORKING:].replace("**", "").replace("__", "").replace("`", "")
    working = working.replace("= $\\boxed{", "= \\boxed{")
    return _BOLD.sub("", working) if "bf" in working else working


def is_derived(working: str, answer: str, values: Collection[Value]) -> bool:
    """Whether the answer is a result of the working, at or after a computing step.

    Args:
        working: The visible working before the answer, as `plain` gives it.
        answer: The answer, as it reads.
        values: The numbers that it may state: none, one, or two where it is said in another unit.
    """
    for value in values:
        if _derives(working, value):
            return True
    ending = working[-_MAX_SENTENCE:]
    boxed = "\\boxed" in ending or "\\fbox" in ending  # the statement of the answer itself
    if not boxed and any(_ends(ending, value) for value in values) and _says_number_last(working, values):
        return True
    stated = read_number(answer) if values else None
    if stated and _FIGURES.fullmatch(answer) and (stated.decimals or not stated.written_as_ratio):
        return False  # while 8/4 and 4:30 may stand there without their values
    return _is_a_side(working, answer) or (not boxed and _says_expression_last(working, answer))


def _is_a_side(working: str, answer: str) -> bool:
    """Whether an expression, or each part of a list, stands as a right side at or after a computing step."""
    if "=" not in working and "≈" not in working and "\\approx" not in working:
        return False
    first = first_step(working)
    if first is None:
        return False
    answer = answer.replace(";", ",")
    wanted = {canonical(_APPROXIMATELY.split(answer)[0]), canonical(_RELATION.split(answer)[-1])}
    parts, in_order = _parts(answer)
    if in_order:
        wanted.add(f"({','.join(parts)})")
    digits = {frozenset(filter(str.isdigit, one)) for one in (*wanted, *parts)}
    left = list(parts)
    for side, at in sides(working):
        if not any(_may_say(side, some) for some in digits):
            continue
        said = canonical(side)
        if said in left[: 1 if in_order else None]:
            left.remove(said)
        if first <= at and (said in wanted or (len(parts) > 1 and not left)):
            return True
    return False


def _may_say(side: str, digits: frozenset[str]) -> bool:
    """Whether all these digits stand in a text: quick, and seldom so where another value stands."""
    return digits.issubset(side) or not side.isascii()


def _parts(answer: str) -> tuple[list[str], bool]:
    """Give the parts of a list, a set, a point or a column, and whether their order counts; an interval has none."""
    normal = normalise(answer)
    in_order = normal.startswith(("(", "\\begin"))
    if in_order:
        inner = normal.removeprefix("\\begin{pmatrix}").removesuffix("\\end{pmatrix}").replace("\\\\", ",")
        normal = inner[1:-1] if inner.startswith("(") and inner.endswith(")") else inner
    normal = normal.removeprefix("\\{").removesuffix("\\}")
    return [canonical(part) for part in split_list(normal)], in_order


def _last_sentence(working: str) -> tuple[int, int]:
    """Give the bounds of the last sentence of a working, headings and marks behind it left out."""
    end = len(working.rstrip(" \t\r\n#>-=_:*"))
    fragment = _FRAGMENT.search(working, max(0, end - _MAX_FRAGMENT), end)  # "so" before the value itself
    end = fragment.start() if fragment else end
    start, end = last_sentence(working, max(working.rfind("\n", 0, end) + 1, end - _MAX_SENTENCE), end)
    return start, without_chatter(working, start, end)


def _ends(text: str, value: Value) -> bool:
    """Whether the last digits of a text may be this value's."""
    digits = last_digits(value)
    at = text.rfind(digits)
    return at >= 0 and _DIGIT.search(text, at + len(digits)) is None


def _works_before(working: str, at: int) -> bool:
    return _OPERATES.search(working, max(0, at - _MAX_BEFORE), at) is not None


def _says_number_last(working: str, values: Collection[Value]) -> bool:
    """Whether a working that computes ends with one of these values: "2 × 15 = 30, take away 5: 25."."""
    start, end = _last_sentence(working)
    numbers = numbers_in(working[start:end])
    if not numbers or numbers[-1][0].value not in values:
        return False
    _, begin, stop = numbers[-1]
    behind = working[start + stop : end]
    return (
        not goes_on(working, start + stop)
        and len(behind.split()) <= _MAX_BEHIND
        and _PUTS.search(working, max(start, start + begin - _MAX_LEAD), start + begin) is not None
        and _works_before(working, start + begin)
    )


def _says_expression_last(working: str, answer: str) -> bool:
    """Whether a working that computes ends with this expression or word: "... together (2, 102)."."""
    start, end = _last_sentence(working)
    wanted = normalise(answer).lower()
    said = normalise(working[start:end]).lower()
    if len(wanted) < 2 or not said.endswith(wanted):
        return False
    if not _works_before(working, max(start, end - len(answer))):
        return False
    before = said[: -len(wanted)][-1:]
    return before not in _JOINED or wanted[0].isalpha()


def _derives(working: str, value: Value) -> bool:
    if plainly_computed(working, value):
        return True
    last = True
    for at, is_verb in places_of(working, value):
        if computes(working, at):
            return True
        if last and not is_verb:
            if steps_before(working, at):
                return True
            last = False  # before an earlier place there are no more steps than before the last
    return False


def is_flip(working: str, gold: Gold, question: str) -> bool:
    """Whether the gold stands in the working (as `plain` gives it) as a result, though the answer is another one.

    A number that the question itself gives counts only where it is computed or stated as a conclusion.
    """
    if gold.kind == "text":
        return _concludes_words(working, gold)
    if gold.number is None:
        wanted, digits = _unordered(gold.normal), frozenset(filter(str.isdigit, gold.normal))
        said = (side for side, _ in sides(working) if _may_say(side, digits))
        return any(_unordered(normalise(side)) == wanted for side in said) or _concludes_words(working, gold)
    value = gold.number.value
    if last_digits(value) not in working:
        return False
    if plainly_computed(working, value):
        return True
    stands = False
    for at, is_verb in places_of(working, value):
        if computes(working, at):
            return True
        stands = stands or not is_verb
    if _concludes(working, value):
        return True
    return (stands or _says_so(working, value)) and value not in values_in(question)


def _unordered(normal: str) -> list[str]:
    """Give the parts of a list in any order, a single value as it is."""
    return sorted(map(canonical, split_list(normal)))


def _concludes(working: str, value: Value) -> bool:
    """Whether this value is stated as an answer."""
    if not ("nswer" in working or "NSWER" in working or "####" in working or "\\boxed" in working):
        return False
    for found in _CONCLUSION.finditer(working):
        rest = _VALUE.match(working, found.end())
        number = read_number(rest.group()) if rest else None
        if rest and number and number.value == value and not goes_on(working, rest.end()):
            return True
    return False


def _says_so(working: str, value: Value) -> bool:
    """Whether a sentence such as "So she makes 18 dollars" names this value alone."""
    digits = last_digits(value)
    for found in _SO.finditer(working):
        if digits not in found["said"]:
            continue
        numbers = numbers_in(found["said"])
        if len(numbers) == 1 and numbers[0][0].value == value:
            return True
    return False


def _concludes_words(working: str, gold: Gold) -> bool:
    """Whether an answer or a "So it would be ..." is these words."""
    for found in _SO.finditer(working):
        said = _IS.split(found["said"])[-1].split(",")[0]
        if normalise(said).lower() == gold.normal.lower():
            return True
    if any(normalise(found["words"]).lower() == gold.normal.lower() for found in _EQUALS_WORDS.finditer(working)):
        return True
    for found in _CONCLUSION.finditer(working):
        line = working[found.end() : found.end() + 300].split("\n")[0]
        if normalise(re.split(r"\$|\\\)|\.\s|\.$", line)[0]) == gold.normal:
            return True
    return False
