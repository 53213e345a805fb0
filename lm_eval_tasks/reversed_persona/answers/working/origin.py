"""Does an answer come out of the student's own working, and does the gold stand in it?"""

import re
from collections.abc import Collection

from reversed_persona.answers.reading.golds import Gold
from reversed_persona.answers.reading.notation import goes_on, normalise, split_list
from reversed_persona.answers.reading.numbers import NUMBER, Value, numbers_in, read_number, values_in
from reversed_persona.answers.working.results import (
    computes,
    last_digits,
    places_of,
    plainly_computed,
    sides,
    steps_before,
    steps_by,
)

__all__ = ["is_derived", "is_flip", "plain"]

_MAX_WORKING = 50_000
_BOLD = re.compile(r"\\(?:mathbf|textbf|bf)(?![a-zA-Z])")
_CONCLUSION = re.compile(
    r"\banswer\b[^.\n=\d]{0,30}?(?:is|:|=)[\s$*_\\(]{0,6}|^####\s*|\\boxed\{\s*",
    re.IGNORECASE | re.MULTILINE,
)
_SO = re.compile(
    r"(?:\A|[\n.!?])[ ,*]{0,3}"
    r"(?P<said>(?:[Ss]o|[Tt]herefore|[Tt]hus|[Hh]ence|[Ii]n total|[Aa]ltogether)\b[^.!?\n=]{0,120})"
)
_VALUE = re.compile(NUMBER)
_FIGURES = re.compile(r"[^\\:]*(?:\\\$)?[^\\:]*")  # no LaTeX but a dollar sign, and no clock time
_APPROXIMATELY = re.compile(r"\s*(?:≈|\\approx)")
_IS = re.compile(r"\b(?:is|are|was|be|at|on)\s")
_EQUALS_WORDS = re.compile(r"=\s*(?P<words>[^\W\d_][\w ]{2,30})(?=[.,\n]|$)")
_RELATION = re.compile(r"[<>≤≥]|\\[lg]eq?(?![a-zA-Z])")


def plain(working: str) -> str:
    """Return the end of a working without emphasis, which would part a result from its equals sign."""
    working = working[-_MAX_WORKING:].replace("**", "").replace("__", "").replace("`", "")
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
    stated = read_number(answer) if values else None
    if stated and _FIGURES.fullmatch(answer) and (stated.decimals or not stated.written_as_ratio):
        return False  # while 8/4 and 4:30 may stand there without their values
    if "=" not in working and "≈" not in working and "\\approx" not in working:
        return False
    wanted = {normalise(_APPROXIMATELY.split(answer)[0]).lower(), normalise(_RELATION.split(answer)[-1]).lower()}
    digits = min((frozenset(filter(str.isdigit, one)) for one in wanted), key=len)
    places = [at for side, at in sides(working) if _may_say(side, digits) and normalise(side).lower() in wanted]
    return bool(places) and steps_by(working, max(places))


def _may_say(side: str, digits: frozenset[str]) -> bool:
    """Whether all these digits stand in a text: quick, and seldom so where another value stands."""
    return digits.issubset(side) or not side.isascii()


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
    return sorted(split_list(normal))


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
