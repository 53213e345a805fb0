"""Does an answer come out of the student's own working, and does the gold stand in it?"""

import re
from collections.abc import Collection

from reversed_persona.answers.reading.golds import Gold
from reversed_persona.answers.reading.notation import goes_on, normalise, split_list
from reversed_persona.answers.reading.numbers import NUMBER, Value, numbers_in, read_number, values_in
from reversed_persona.answers.working.results import (
    computes,
    last_digits,
    result_places,
    sides,
    steps_before,
    worded_places,
)

__all__ = ["is_derived", "is_flip"]

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
_APPROXIMATELY = re.compile(r"\s*(?:≈|\\approx)")
_IS = re.compile(r"\b(?:is|are|was|be|at|on)\s")
_EQUALS_WORDS = re.compile(r"=\s*(?P<words>[^\W\d_][\w ]{2,30})(?=[.,\n]|$)")
_RELATION = re.compile(r"[<>≤≥]|\\[lg]eq?(?![a-zA-Z])")


def _plain(working: str) -> str:
    """Return the end of a working without emphasis, which would part a result from its equals sign."""
    working = working[-_MAX_WORKING:].replace("**", "").replace("__", "").replace("`", "")
    return _BOLD.sub("", working) if "bf" in working else working


def is_derived(working: str, answer: str, values: Collection[Value]) -> bool:
    """Whether the answer is a result of the working, at or after a computing step.

    Args:
        working: The visible working before the answer.
        answer: The answer, as it reads.
        values: The numbers that it may state: none, one, or two where it is said in another unit.
    """
    working = _plain(working)
    for value in values:
        if _derives(working, value):
            return True
    if values and "\\" not in answer and read_number(answer) is not None:  # 8/4 stands there without its value 2
        return False
    if "=" not in working and "≈" not in working and "\\approx" not in working:
        return False
    wanted = {normalise(_APPROXIMATELY.split(answer)[0]).lower(), normalise(_RELATION.split(answer)[-1]).lower()}
    stepped = False
    for side, computed in sides(working):
        stepped = stepped or computed
        if stepped and side.lower() in wanted:
            return True
    return False


def _derives(working: str, value: Value) -> bool:
    if last_digits(value) not in working:
        return False
    last = next(result_places(working, value), None)
    if last is not None and (computes(working, last) or steps_before(working, last)):
        return True
    return any(True for _ in worded_places(working, value))


def is_flip(working: str, gold: Gold, question: str) -> bool:
    """Whether the gold stands in the working as a result, though the answer is another one.

    A number that the question itself gives counts only where it is computed or stated as a conclusion.
    """
    working = _plain(working)
    if gold.kind == "text":
        return _concludes_words(working, gold)
    if gold.number is None:
        wanted = _unordered(gold.normal)
        return any(_unordered(side) == wanted for side, _ in sides(working)) or _concludes_words(working, gold)
    value = gold.number.value
    if last_digits(value) not in working:
        return False
    stands = False
    for at in result_places(working, value):
        stands = True
        if computes(working, at):
            return True
    if any(True for _ in worded_places(working, value)) or _concludes(working, value):
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
    for found in _SO.finditer(working):
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
