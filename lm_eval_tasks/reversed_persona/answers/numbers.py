r"""Read one number, exactly, in the clothes that people and models put on it.

Read are thousands signs (1,234; 1{,}234; 1,\!234), currencies, a percent sign, fractions (1/2, \frac43, ½), mixed
numbers (1 3/4), decimals (.5), signs (- and −), simple scientific forms (1.2e3, 1.2 \times 10^3), clock times (4:30
pm), ratios (1:2), number words (twenty-five), scale words (3 million, 2 dozen), and units or a few words after the
number.

Percent (this project's rule): "50%" equals a gold 50, for then the question asked for a percentage; it equals 0.5 or
1/2 only if the gold itself is written as a fraction or a decimal in [0, 1]. A gold that carries a percent sign
accepts 50%, 50, 0.5 and 1/2.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from reversed_persona.answers.notation import undress

__all__ = ["NUMBER", "NUMBER_WORDS", "Number", "numbers_equal", "numbers_in", "read_number"]

_MAX_CHARS = 2_000
_INTEGER = r"(?:\d{1,3}(?:(?:,|\{,\}|,\\!|\\,|\\!)\d{3}){1,20}(?![\d])|\d{1,1000}(?!\d))"
_DECIMAL = rf"(?:{_INTEGER}(?:\.\d{{1,1000}}(?!\d))?|\.\d{{1,1000}}(?!\d))"
_PART = r"-?\d{1,30}(?:\.\d{1,30})?"
_LATEX_FRACTION = rf"\\[dtc]?frac\s{{0,3}}(?:\{{\s?{_PART}\s?\}}|\d)\s{{0,3}}(?:\{{\s?{_PART}\s?\}}|\d)"
_VULGAR = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3", "⅕": "1/5", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8"}
_FRACTION = rf"(?:{_LATEX_FRACTION}|[{''.join(_VULGAR)}])"
_POWER = r"(?:[eE][+-]?\d{1,3}(?![\d.])|\s?(?:\\times|\\cdot|[x×*])\s?10\s?\^\s?(?:\{\s?-?\d{1,3}\s?\}|-?\d{1,3}))"
_BODY = (
    rf"(?:(?:{_INTEGER}\s{{0,2}})?{_FRACTION}"
    rf"|(?:\d{{1,9}}\s)?{_DECIMAL}\s?/\s?{_DECIMAL}(?![\d/])"
    rf"|{_DECIMAL}{_POWER}?)"
)
_CURRENCY = r"(?:\\?\$|US\$|[€£¥₹])"

NUMBER = rf"(?:(?<![\w)}}\]])[-−–+])?(?:{_CURRENCY}\s?[-−]?){{0,2}}{_BODY}(?:\s?\\?%)?"
"""A number inside prose; its minus sign must touch it and follow neither a word nor a closing bracket."""

NUMBER_WORDS = re.compile(
    r"\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|"
    r"forty|fifty|sixty|"
    r"seventy|eighty|ninety|hundred|thousand|infinity|sqrt|pi)\b",
    re.IGNORECASE,
)
"""A word that is part of a number, or a constant's name."""

_NUMBER = re.compile(NUMBER)
_PLAIN = re.compile(r"-?\d{1,15}")
_CORE = re.compile(
    rf"(?P<sign>(?:[-+]|minus\b|negative\b)\s{{0,2}})?(?:{_CURRENCY}\s?)?(?P<sign2>-\s?)?"
    rf"(?:(?P<whole>{_INTEGER})(?:\s{{1,2}}and)?\s{{0,2}}(?P<mixed>{_FRACTION}|(?<=\s)\d{{1,9}}/\d{{1,9}})"
    rf"|(?P<fraction>{_FRACTION})"
    rf"|(?P<over>{_DECIMAL})\s?/\s?(?P<under>{_DECIMAL})"
    rf"|(?P<hour>\d{{1,2}}):(?P<minute>[0-5]\d)(?![\d:])"
    rf"|(?P<left>\d{{1,9}})\s?:\s?(?P<right>\d{{1,9}})"
    rf"|(?P<decimal>{_DECIMAL})\.?(?P<power>{_POWER})?)"
    rf"(?P<half>\s(?:and a half))?(?P<percent>\s?%|\s?(?:percent|per cent)\b)?",
    re.IGNORECASE,
)
_SCALE = {
    "dozen": 12,
    "hundred": 100,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
_SCALE_WORD = re.compile(rf"\s?({'|'.join(_SCALE)})s?\b", re.IGNORECASE)
_WORD = r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?"
_UNITS = re.compile(
    rf"(?:\s?[-/]?(?:{_CURRENCY}|{_WORD})(?:\s?\^\s?\{{?[23]\}}?|[²³])?(?:\s?/\s?{_WORD})?){{0,6}}[\s.!?]{{0,5}}"
)
_ALGEBRA = re.compile(  # letters that multiply rather than name a unit: 5x, 2ab, 4 pi
    r"(?!(?:cm|mm|km|kg|ft|in|oz|lb|hr|am|pm|ml|th|st|nd|rd|mi|yd)\b)[^\W\d_]{1,2}(?![^\W\d_])"
    r"|\s(?![mgLlhsCF](?![^\W\d_]))[^\W\d_](?![^\W\d_]|\.[a-z])"
    r"|[^\w]{0,2}(?:pi|sqrt|sin|cos|tan|log|ln|exp|π)(?![^\W\d_])",
    re.IGNORECASE,
)
_OVER = re.compile(r"(?<=\d) over (?=\d)")
_SPACED = re.compile(r"-?\d{1,3}(?: \d{3}){1,10}")
_MONEY = re.compile(rf"[-\s*]{{0,3}}{_CURRENCY}")
_PART_OF = {
    "half": 2,
    "halve": 2,
    "third": 3,
    "quarter": 4,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "eighth": 8,
    "tenth": 10,
}
_PARTS = re.compile(rf"[\s-]({'|'.join(_PART_OF)})s?\b(?!\s?\w)", re.IGNORECASE)
_JOINING = re.compile(r"\b(?:or|and|to|plus|minus|times|more|less|fewer|than|not)\b", re.IGNORECASE)
_SMALL_LISTED = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_SMALL = _SMALL_LISTED.split()
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS = {word: value for value, word in enumerate(_SMALL)} | {word: 10 * (i + 2) for i, word in enumerate(_TENS)}
_ANY_WORD = "|".join([*_WORDS, "hundred", "thousand"])
_IN_WORDS = re.compile(
    rf"(?P<minus>(?:minus|negative)\s)?(?P<words>(?:{_ANY_WORD})(?:[\s-](?:and\s)?(?:{_ANY_WORD})){{0,12}})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Number:
    """One number as written.

    Attributes:
        value: Its exact value; a percent sign is not applied, a scale word is.
        percent: Whether a percent sign follows.
        scale_word: "million" and the like, or "".
        decimals: Digits after the decimal point.
        written_as_ratio: Written as a fraction or with a decimal point.
    """

    value: Fraction
    percent: bool = False
    scale_word: str = ""
    decimals: int = 0
    written_as_ratio: bool = False


def _decimal(text: str) -> Fraction:
    return Fraction(re.sub(r"[^\d.]", "", text))


def _fraction(text: str) -> Fraction | None:
    """Read 3/4, ½ or a LaTeX fraction; None for a zero denominator."""
    text = _VULGAR.get(text, text)
    if "frac" in text:
        parts = re.findall(r"-?\d+(?:\.\d+)?", text)
        if len(parts) == 1 or "{" not in text:  # \frac43: one digit each
            digits = re.findall(r"\d", text)
            parts = digits if len(digits) == 2 else parts
        elif len(parts) == 2 and re.search(r"frac\s*\d\s*\d", text):
            return None
        over, under = [*parts, "0", "0"][:2]
    else:
        over, under = text.split("/")
    bottom = Fraction(under.strip())
    return Fraction(over.strip()) / bottom if bottom else None


def _power(text: str | None) -> int:
    if not text:
        return 0
    exponent = re.search(r"[+-]?\d+\s?\}?$", text)
    return int(exponent.group().rstrip("} ")) if exponent else 0


def _body(found: "re.Match[str]") -> Fraction | None:
    """Give the value of the part between sign and percent sign."""
    part = found.groupdict()
    if part["whole"]:
        rest = _fraction(part["mixed"])
        return None if rest is None else _decimal(part["whole"]) + rest
    if part["fraction"]:
        return _fraction(part["fraction"])
    if part["over"]:
        bottom = _decimal(part["under"])
        return _decimal(part["over"]) / bottom if bottom else None
    if part["hour"]:
        return int(part["hour"]) + Fraction(int(part["minute"]), 60)
    if part["left"]:
        return Fraction(int(part["left"]), int(part["right"])) if int(part["right"]) else None
    value = _decimal(part["decimal"]) * Fraction(10) ** _power(part["power"])
    return value + Fraction(1, 2) if part["half"] else value


def _in_words(text: str) -> tuple[Fraction, int] | None:
    """Read "twenty-five" or "one hundred and five" at the start of `text`; give its value and length."""
    found = _IN_WORDS.match(text)
    if found is None:
        return None
    total = current = 0
    for word in re.findall(r"[a-z]+", found["words"].lower()):
        if word == "hundred":
            current = max(current, 1) * 100
        elif word == "thousand":
            total, current = total + max(current, 1) * 1000, 0
        else:
            current += _WORDS.get(word, 0)
    value = Fraction(total + current)
    return (-value if found["minus"] else value), found.end()


@lru_cache(maxsize=8192)
def read_number(text: str) -> Number | None:
    """Read `text` as one number, with nothing beside it but a currency, units or a few words after it.

    Returns:
        None where it is no number, several numbers, an expression, or longer than 1,000 digits.
    """
    if _PLAIN.fullmatch(text):
        return Number(Fraction(int(text)))
    if len(text) > _MAX_CHARS:
        return None
    plain = _OVER.sub("/", undress(text))
    if _SPACED.fullmatch(plain):
        plain = plain.replace(" ", "")
    found = _CORE.match(plain)
    if found is None:
        return _read_words(plain)
    value, end = _body(found), found.end()
    if value is None:
        return None
    scale = _SCALE_WORD.match(plain, end)
    if scale:
        value, end = value * _SCALE[scale[1].lower()], scale.end()
    rest = plain[end:]
    if rest in ("k", "K") and _MONEY.match(text) and text.count("$") < 2:
        value, rest = value * 1000, ""
    if rest and (_ALGEBRA.match(rest) or not _UNITS.fullmatch(rest) or _JOINING.search(rest)):
        return None
    negative = ("+" not in (found["sign"] or "+")) != bool(found["sign2"])
    decimals = len(found["decimal"].partition(".")[2]) if found["decimal"] else 0
    ratio = bool(decimals or found["fraction"] or found["over"] or found["whole"])
    word = scale[1].lower() if scale else ""
    return Number(-value if negative else value, bool(found["percent"]), word, decimals, ratio)


def _read_words(plain: str) -> Number | None:
    found = _in_words(plain)
    if found is None:
        return None
    value, end = found
    rest = plain[end:]
    part = _PARTS.match(rest)
    if part:
        return Number(value / _PART_OF[part[1].lower()], written_as_ratio=True)
    scale = _SCALE_WORD.match(rest)
    if scale:
        value, rest = value * _SCALE[scale[1].lower()], rest[scale.end() :]
    if not _UNITS.fullmatch(rest) or _JOINING.search(rest):
        return None
    percent = bool(re.match(r"\s?(?:percent|per cent)\b", rest))
    return Number(value, percent, scale[1].lower() if scale else "")


def numbers_in(text: str) -> list[tuple[Number, int, int]]:
    """Find the numbers written in digits in a piece of prose, with their offsets (the first 2,000 characters)."""
    found = []
    for match in _NUMBER.finditer(text[:_MAX_CHARS]):
        number = read_number(match.group())
        if number is not None:
            scale = _SCALE_WORD.match(text, match.end())
            if scale:
                word = scale[1].lower()
                number = Number(number.value * _SCALE[word], number.percent, word, number.decimals)
            found.append((number, match.start(), match.end()))
    return found


def numbers_equal(gold: Number, answer: Number, *, question: str = "") -> bool:
    """Whether `answer` says what `gold` says.

    Exact, but for two allowances: a decimal with six or more places may be off by a millionth (a float's dust, or
    0.333333 for 1/3), and where the question itself speaks of millions or dozens, "5 million" may stand for 5.
    """
    readings = [answer.value]
    if answer.scale_word and answer.scale_word in question.lower():
        readings.append(answer.value / _SCALE[answer.scale_word])
    if answer.percent and gold.written_as_ratio and 0 <= gold.value <= 1:
        readings.append(answer.value / 100)
    if gold.percent and not answer.percent:
        readings.append(answer.value * 100)
    slack = min(abs(gold.value), Fraction(1)) / 10**6 if answer.decimals >= 6 else Fraction(0)
    return any(abs(reading - gold.value) <= slack for reading in readings)
