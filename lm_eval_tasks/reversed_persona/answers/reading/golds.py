r"""What kind of answer a gold is, and whether a text may hold one of that kind.

A `number` ("18", "\$18.90", "\frac{14}{3}", "x = 5"), a `text` ("\text{Evelyn}", "(C)"), or an `expression`.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from reversed_persona.answers.reading.layout import lay_out
from reversed_persona.answers.reading.notation import looks_mathematical, normalise, undress
from reversed_persona.answers.reading.number_words import NUMBER_WORDS
from reversed_persona.answers.reading.numbers import Number, numbers_in, read_number
from reversed_persona.answers.reading.separators import has_decimal_comma

__all__ = [
    "EMPTY_SET",
    "WORTH",
    "Comparison",
    "Gold",
    "Kind",
    "holds_number",
    "holds_value",
    "read_gold",
    "same_value",
    "unnamed",
]

Kind = Literal["number", "text", "expression"]
Comparison = Literal["equal", "different", "ambiguous", "unreadable", "undecided"]


@dataclass(frozen=True, slots=True)
class Gold:
    """A reference answer, read once: its kind, and its number if it is one."""

    text: str
    kind: Kind
    number: Number | None

    @property
    def normal(self) -> str:
        """Its normalised string; few comparisons of numbers get as far as to need it."""
        return normalise(self.text)


_TEXT_GOLD = re.compile(
    r"\(?\\(?:text|mbox|textbf|mathrm)\s?\{[^{}\d]*[A-Za-z][^{}]*\}\)?|\([A-Z]\)|[A-Z]|"
    r"[A-Za-z][a-z]{3,}(?: [A-Za-z]+)*|[Yy]es|[Nn]o|YES|NO"
)
_NAME = re.compile(
    r"(?!\s*\$?\s*\\?(?:log|ln|exp|sqrt)\s*=)\s*\$?\s*(?:\\?[a-zA-Z](?:_\{?\w{1,5}\}?)?'{0,3}(?:\((?:[a-z]|-?\d{1,9})\))?|\\[a-z]{2,7}|"
    r"[A-Za-z][A-Za-z ]{0,40}|"
    r"\((?:[a-zα-ω]|\\[a-z]{2,7})(?:,\s?(?:[a-zα-ω]|\\[a-z]{2,7})){1,3}\)|(?:\\measuredangle|\\angle|∠)\s?\{?[A-Z]{1,3}\}?)\s*=\s*"
)


def unnamed(text: str) -> str:
    """Take "x =" or "total =" off, where one equals sign stands."""
    found = _NAME.match(text)
    if found is None or text.count("=") != 1:
        return text
    opening = "$" if "$" in found.group() else ""
    return opening + text[found.end() :]


@lru_cache(maxsize=8192)
def read_gold(gold: str) -> Gold:
    r"""Read a reference answer.

    Raises:
        ValueError: It is empty, or nothing but dressing: "$", "\boxed{}".
    """
    plain = undress(gold)
    if not plain.strip("\\$ {}.,;:") and "\\{" not in plain:
        raise ValueError(f"gold: got {gold!r}; expected a reference answer")
    gold = lay_out(gold)
    number = read_number(gold) or read_number(unnamed(plain))
    # in a gold a comma parts a list, or thousands, and an exclamation mark is a factorial
    if number is not None and not has_decimal_comma(plain) and not plain.endswith("!"):
        return Gold(gold, "number", number)
    kind: Kind = "text" if _TEXT_GOLD.fullmatch(gold.strip()) else "expression"
    return Gold(gold, kind, None)


EMPTY_SET = re.compile(r"\b(?:no (?:real |such )?(?:solutions?|roots?)|(?:empty|null) set)\b", re.IGNORECASE)
"""Words for the empty set."""

_OPTION = re.compile(r"\(?[A-Z]\)?")
_FILLERS = re.compile(
    r"\b(?:final|answer|the|is|it|its|my|i|think|guess|be|would|a|an|so|this|that|maybe|probably|see|"
    r"above|below|here|um+|"
    r"uh+|well|dont|don't|know|not|sure|to|of|in|line|last|and)\b",
    re.IGNORECASE,
)
WORTH = re.compile(r"\d|\\(?:pi|sqrt|infty|emptyset|varnothing|frac|[a-z]{2,})|[½¼¾⅓⅔⅛π√∞∅]")


def holds_value(text: str, kind: Kind) -> bool:
    """Whether a text holds anything that could be a value of this kind."""
    if kind == "text":
        return _OPTION.fullmatch(undress(text)) is not None or any(
            char.isalnum() for char in _FILLERS.sub("", undress(text))
        )
    return holds_number(text) or (
        kind == "expression" and (looks_mathematical(text) or EMPTY_SET.search(text) is not None)
    )


def holds_number(text: str) -> bool:
    """Whether a text holds a digit, a sign or a word of a number."""
    return WORTH.search(text) is not None or NUMBER_WORDS.search(text) is not None


def same_value(one: str, other: str) -> bool:
    """Whether two extracted texts state the same value, judged cheaply."""
    if normalise(one) == normalise(other):
        return True
    a, b = _sole_number(one), _sole_number(other)
    return a is not None and b is not None and a.value == b.value


def _sole_number(text: str) -> Number | None:
    number = read_number(unnamed(text))
    if number is None:
        found = {one.value: one for one, _, _ in numbers_in(text)}
        number = next(iter(found.values())) if len(found) == 1 else None
    return number
