"""Read a number written in words: "twenty-five", "a dozen", "half", "two and a half", "minus three quarters"."""

import re
from fractions import Fraction

__all__ = ["ANY_NUMBER_WORD", "NUMBER_WORDS", "SCALES", "and_a_part", "read_words", "worded_numbers"]

SCALES = {"dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}

_SMALL_LISTED = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TENS_LISTED = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS = {word: value for value, word in enumerate(_SMALL_LISTED.split())}
_WORDS |= {word: 10 * (i + 2) for i, word in enumerate(_TENS_LISTED.split())}
_PARTS = {"half": 2, "halve": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8}
_PARTS |= {"tenth": 10}

ANY_NUMBER_WORD = "|".join(_WORDS)
_ANY_WORD = f"{ANY_NUMBER_WORD}|hundred|thousand"
_PART = "|".join(_PARTS)
_SCALE = "|".join(SCALES)

NUMBER_WORDS = re.compile(rf"\b(?:{_ANY_WORD}|infinity|sqrt|pi|half|dozen)\b", re.IGNORECASE)
"""A word that is part of a number, or a constant's name."""

_HALF_OF = re.compile(rf"half an? (?P<scale>{_SCALE})\b", re.IGNORECASE)
_SCALE_OF = re.compile(rf"an? (?P<scale>{_SCALE})\b", re.IGNORECASE)
_PART_OF = re.compile(rf"(?:(?:an?|one) (?P<part>{_PART})|half)\b(?![\s-](?:past|to)\b)", re.IGNORECASE)
_RUN = re.compile(rf"(?P<words>(?:{_ANY_WORD})(?:[\s-](?:and\s)?(?:{_ANY_WORD})){{0,12}})\b", re.IGNORECASE)
_PARTS_AFTER = re.compile(rf"[\s-](?P<part>{_PART})s?\b(?!\s?\w)", re.IGNORECASE)
_SCALE_AFTER = re.compile(rf"\s(?P<scale>{_SCALE})s?\b", re.IGNORECASE)
_AND_A_PART = re.compile(rf"\sand (?:an?|one) (?P<part>{_PART})\b|\sand three (?P<quarters>quarters)\b", re.IGNORECASE)
_MINUS = re.compile(r"(?:minus|negative)\s", re.IGNORECASE)


def read_words(text: str) -> tuple[Fraction, int, bool] | None:
    """Read the number in words with which a text begins.

    Returns:
        Its value, where it ends, and whether it is written as a part of one ("three quarters"); None if there is none.
    """
    minus = _MINUS.match(text)
    start = minus.end() if minus else 0
    found = _read(text, start)
    if found is None:
        return None
    value, end, is_part = found
    return (-value if minus else value), end, is_part


def worded_numbers(text: str) -> list[tuple[int, int]]:
    """Find where numbers of more than one stand in words in a piece of prose; a bare "one" is no number there."""
    found, at = [], 0
    while word := NUMBER_WORDS.search(text, at):
        read = read_words(text[word.start() :])
        at = word.start() + read[1] if read else word.end()
        if read and read[0] != 1:
            found.append((word.start(), at))
    return found


def _read(text: str, start: int) -> tuple[Fraction, int, bool] | None:
    if found := _HALF_OF.match(text, start):
        return Fraction(SCALES[found["scale"].lower()], 2), found.end(), False
    if found := _SCALE_OF.match(text, start):
        return Fraction(SCALES[found["scale"].lower()]), found.end(), False
    if found := _PART_OF.match(text, start):
        return Fraction(1, _PARTS[(found["part"] or "half").lower()]), found.end(), True
    found = _RUN.match(text, start)
    if found is None:
        return None
    number = _sum(found["words"])
    if number is None:
        return None
    value, end = Fraction(number), found.end()
    if (part := _PARTS_AFTER.match(text, end)) and value < 20:  # twenty-fifth is an ordinal
        return value / _PARTS[part["part"].lower()], part.end(), True
    if scale := _SCALE_AFTER.match(text, end):
        value, end = value * SCALES[scale["scale"].lower()], scale.end()
    more, end = and_a_part(text, end)
    return value + more, end, bool(more)


def and_a_part(text: str, start: int) -> tuple[Fraction, int]:
    """Read " and a half" at `start`; give its value, 0 where it doesn't stand there, and where it ends."""
    found = _AND_A_PART.match(text, start)
    if found is None:
        return Fraction(0), start
    return Fraction(3, 4) if found["quarters"] else Fraction(1, _PARTS[found["part"].lower()]), found.end()


def _sum(words: str) -> int | None:
    """Add up "two thousand three hundred and five"; None for words in no such order: "three and four"."""
    total = current = 0
    room = 1000  # what may still follow: below a hundred after "hundred", below ten after "twenty"
    for word in re.findall(r"[a-z]+", words.lower()):
        if word == "and":
            continue
        if word == "hundred":
            current, room = max(current, 1) * 100, 100
        elif word == "thousand":
            total, current, room = total + max(current, 1) * 1000, 0, 1000
        else:
            value = _WORDS[word]
            if value >= room:
                return None
            current, room = current + value, 10 if value >= 20 else 0
    return total + current
