"""Does an answer come out of the student's own working, and does the gold stand in it?

A result is the value right after "=" or "≈" (and after "is", "makes", "gives", "equals" behind an operation): it ends
there, so "= 18 + 3" is none; "= 18 apples" and "= 18 = ..." are. A computing step is an equality whose left side
holds an operation on numbers.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

from reversed_persona.answers.golds import Gold
from reversed_persona.answers.notation import box_content, normalise
from reversed_persona.answers.numbers import NUMBER, numbers_in, read_number

__all__ = ["is_derived", "is_flip"]

_MAX_WORKING = 50_000

_VALUE = (
    r"[\s&*_]{0,6}(?:(?:about|approximately|you)\s)?(?:<<[^<>\n]{0,100}>>)?(?:\\?\$|\\\(|\\boxed\{|"
    r"\\text\{|\(|\{|[£€*])?\$?"
    rf"(?P<value>{NUMBER})"
)
_EQUALS = re.compile(rf"(?:[=≈→]|->|\\approx|\\Rightarrow){_VALUE}")
_IN_WORDS = re.compile(
    rf"(?:is|equals|makes|gives|gets?|"
    rf"leaves)\s{_VALUE}"
)  # no \b first: that would slow the search
_GOES_ON = re.compile(
    r"[})$]{0,2}[ \t]{0,3}(?:[+*/×÷^·]\s?(?:[$\\\d]|\([-\d]|[a-z]\b)|[-−–]\s?[$\\(]?\d|"
    r"\\(?:times|cdot|div|frac|sqrt|pi)|[xX]\s?\$?\d|"
    r"(?:times|plus|minus|divided|multiplied|of\s(?:the\s)?\$?\d)\b|"
    r"[a-zA-Z]{1,20}\s{0,3}[+*×÷/]\s{0,3}\$?\d|\.?\d|%\s{0,3}(?:of|\*|×)|\((?=\d)|[a-zA-Z]\s{0,2}[=^])|[a-zA-Z](?![a-zA-Z])"
)
_OPERATION = re.compile(
    r"[+*/×÷·^√]|\\(?:times|cdot|div|frac|dfrac|tfrac|sqrt)|%|\d\s?[xX]\s?\$?\d|[\d)\s$}][-−–]\s?[\d($\\]|"
    r"\b(?:of|times|plus|minus|divided by|multiplied by|more than|less than)\b|\d!|\d\s?\(|[)}]\s?\("
)
_CLAUSE_ENDS = ("\n", ". ", ", ", "; ", ": ", "<<", "\\\\", "$$", "\\[", " so ", " So ", " then ", " and ", " because ")
_DIGIT = re.compile(r"\d")
_CONCLUSION = re.compile(
    r"\banswer\b[^.\n=\d]{0,30}?(?:is|:|=)[\s$*_\\(]{0,6}|^####\s*|\\boxed\{\s*",
    re.IGNORECASE | re.MULTILINE,
)
_SO = re.compile(r"(?:[Ss]o|[Tt]herefore|[Tt]hus|[Hh]ence|[Ii]n total|[Aa]ltogether)\b[^.!?\n=]{0,120}")


def _left_side(text: str, at: int) -> str:
    """Give what stands left of the equals sign at `at`, back to the clause (the line before if empty)."""
    window = text[max(0, at - 200) : at]
    cut = max((place + len(end) for end in _CLAUSE_ENDS if (place := window.rfind(end)) >= 0), default=0)
    left = window[cut:]
    if left.strip(" &\t$\\[]"):
        return left
    return window.rstrip(" &\t\n$\\[]").rpartition("\n")[2]


def _computes(text: str, at: int) -> bool:
    """Whether the equals sign at `at` has an operation on numbers to its left."""
    left = _left_side(text, at)
    return _DIGIT.search(left) is not None and _OPERATION.search(left) is not None


@lru_cache(maxsize=2)  # one working is asked about twice: derived? flipped?
def _results(text: str) -> list[tuple[Fraction, int]]:
    """Find what stands behind the equals signs of a working, in order: values and where their signs stand."""
    results = []
    for found in _EQUALS.finditer(text):
        if not _GOES_ON.match(text, found.end()):
            number = read_number(found["value"])
            if number is not None:
                results.append((number.value, found.start()))
    return results


def _worded_results(text: str) -> Iterator[tuple[Fraction, int]]:
    """Find results said in words: "9 times 2 is 18"."""
    for found in _IN_WORDS.finditer(text):
        at = found.start()
        if not text[at - 1 : at].isalpha() and not _GOES_ON.match(text, found.end()) and _computes(text, at):
            number = read_number(found["value"])
            if number is not None:
                yield number.value, at


@lru_cache(maxsize=2048)
def _numbers_of(question: str) -> frozenset[Fraction]:
    return frozenset(number.value for number, _, _ in numbers_in(question))


_RIGHT_SIDE = re.compile(r"(?:=|≈|\\approx|\\in(?![a-zA-Z]))\s*(?P<side>[^\n=≈]{1,300})")


_SIDE_ENDS = re.compile(r"\$|\\\)|\\\]|\\\\|\.\s|\.$")
_IN_MATRIX = re.compile(r"\$|\\\)|\\\]|\.\s|\.$")  # there "\\" parts the rows


def _sides(text: str) -> Iterator[tuple[str, bool]]:
    """Find the right sides of a working as normalised strings, each with whether its left side computes."""
    for found in _RIGHT_SIDE.finditer(text):
        side = (_IN_MATRIX if "\\begin" in found["side"] else _SIDE_ENDS).split(found["side"])[0]
        computed = _computes(text, found.start())
        for piece in {side, side.split(", ")[0]}:
            yield normalise(piece), computed
    at = text.find("\\boxed")
    for _ in range(50):
        if at < 0:
            return
        content = box_content(text, at)
        if content:
            yield normalise(text[slice(*content)]), False
        at = text.find("\\boxed", at + 6)


_EMPHASIS = re.compile(r"\*\*|__|`|\\(?:mathbf|textbf|bf)(?![a-zA-Z])")


@lru_cache(maxsize=2)
def _plain(working: str) -> str:
    """Return the end of a working without emphasis, which would part a result from its equals sign."""
    working = working[-_MAX_WORKING:]
    return _EMPHASIS.sub("", working) if "*" in working or "`" in working or "bf" in working else working


def is_derived(working: str, answer: str, value: Fraction | None) -> bool:
    """Whether the answer is a result of the working, at or after a computing step.

    Args:
        working: The visible working before the answer.
        answer: The answer as it stands in the response.
        value: The number that it states, if it states one.
    """
    working = _plain(working)
    if value is not None:
        if _derives(working, value):
            return True
        if "\\" not in answer:
            return False
    if "=" not in working and "≈" not in working and "\\approx" not in working:
        return False
    wanted, stepped = normalise(answer), False
    for side, computed in _sides(working):
        stepped = stepped or computed
        if stepped and side == wanted:
            return True
    return False


def _derives(working: str, value: Fraction) -> bool:
    results = _results(working)
    for i in range(len(results) - 1, -1, -1):
        if results[i][0] == value:
            return any(_computes(working, at) for _, at in reversed(results[: i + 1])) or _says(working, value)
    return _says(working, value)


def _says(working: str, value: Fraction) -> bool:
    return any(said == value for said, _ in _worded_results(working))


def is_flip(working: str, gold: Gold, question: str) -> bool:
    """Whether the gold stands in the working as a result, though the answer is another one.

    A number that the question itself gives counts only where it is computed or stated as a conclusion.
    """
    working = _plain(working)
    if gold.number is None:
        return any(side == gold.normal for side, _ in _sides(working)) or _concludes_words(working, gold)
    value = gold.number.value
    if value.denominator == 1 and str(abs(value.numerator))[-3:] not in working:
        return False  # its last digits stand nowhere
    for result, at in _results(working):
        if result == value and (value not in _numbers_of(question) or _computes(working, at)):
            return True
    if _says(working, value):
        return True
    for found in _CONCLUSION.finditer(working) if _may_conclude(working) else ():
        rest = re.compile(NUMBER).match(working, found.end())
        number = read_number(rest.group()) if rest else None
        if rest and number and number.value == value and not _GOES_ON.match(working, rest.end()):
            return True
    return value not in _numbers_of(question) and _concludes(working, value)


def _may_conclude(working: str) -> bool:
    return "nswer" in working or "NSWER" in working or "####" in working or "\\boxed" in working


def _concludes(working: str, value: Fraction) -> bool:
    """Whether a sentence such as "So she makes 18 dollars" names this value alone."""
    for found in _SO.finditer(working):
        if working[max(0, found.start() - 4) : found.start()].rstrip(" ,*")[-1:] not in ("", "\n", ".", "!", "?"):
            continue
        numbers = numbers_in(found.group())
        if len(numbers) == 1 and numbers[0][0].value == value:
            return True
    return False


def _concludes_words(working: str, gold: Gold) -> bool:
    for found in _CONCLUSION.finditer(working):
        line = working[found.end() : found.end() + 300].split("\n")[0]
        if normalise(re.split(r"\$|\\\)|\.\s|\.$", line)[0]) == gold.normal:
            return True
    return False
