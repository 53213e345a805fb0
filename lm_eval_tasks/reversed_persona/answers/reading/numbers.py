r"""Read one number, exactly, in the clothes that people and models put on it.

Read are thousands signs (1,234; 1{,}234; 1,\!234), currencies, a percent sign, fractions (1/2, \frac43, ½), mixed
numbers (1 3/4), decimals (.5), signs (- and −), simple scientific forms (1.2e3, 1.2 \times 10^3), clock times (4:30
pm), ratios (1:2), number words (twenty-five), scale words (3 million, 2 dozen), and units or a few words after the
number.
"""

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from reversed_persona.answers.reading.notation import undress
from reversed_persona.answers.reading.number_words import ANY_NUMBER_WORD, SCALES, and_a_part, read_words
from reversed_persona.answers.reading.separators import usual_separators

__all__ = ["NUMBER", "Number", "Value", "distance", "numbers_apart", "numbers_in", "read_number", "values_in"]

_MAX_CHARS = 2_000
_INTEGER = r"(?:(?!0[,{\\])\d{1,3}(?:(?:,|\{,\}|,\\!|\\,|\\!)\d{3}){1,20}(?![\d])|\d{1,1000}(?!\d))"
_DECIMAL = rf"(?:{_INTEGER}(?:\.\d{{1,1000}}(?!\d))?|\.\d{{1,1000}}(?!\d))"
_PART = r"-?\d{1,30}(?:\.\d{1,30})?"
_LATEX_FRACTION = rf"\\[dtc]?frac\s{{0,3}}(?:\{{\s?{_PART}\s?\}}|\d)\s{{0,3}}(?:\{{\s?{_PART}\s?\}}|\d)"
_VULGAR = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3", "⅕": "1/5", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8"}
_FRACTION = rf"(?:{_LATEX_FRACTION}|[{''.join(_VULGAR)}])"
_POWER = r"(?:[eE][+-]?\d{1,3}(?![\d.])|\s?(?:\\times|\\cdot|[x×*])\s?10\s?\^\s?(?:\{\s?-?\d{1,3}\s?\}|-?\d{1,3}))"
_BODY = (
    r"(?:\d{1,15}(?=[>\n)]|\.?$|\.?\s[a-wyzA-WYZ]|\.\n)"  # the commonest, found first; the others would agree
    rf"|(?:{_INTEGER}\s{{0,2}})?{_FRACTION}"
    rf"|(?:\d{{1,9}}\s)?{_DECIMAL}\s?/\s?{_DECIMAL}(?![\d/])"
    rf"|{_DECIMAL}{_POWER}?)"
)
_CURRENCY = r"(?:\\?\$|US\$|[€£¥₹¢])"

NUMBER = rf"(?:(?<![\w)}}\]])[-−–+])?(?:{_CURRENCY}\s?[-−]?){{0,2}}{_BODY}(?:\s?\\?%)?"
"""A number inside prose; its minus sign must touch it and follow neither a word nor a closing bracket."""

_NUMBER = re.compile(NUMBER)
_MAY_BEGIN = re.compile(rf"[-−–+\\$U€£¥₹\d.{''.join(_VULGAR)}]")
_PLAIN = re.compile(r"-?\d{1,15}")
_DIGITS = re.compile(r"\d+")
_USUAL = re.compile(r"(?P<sign>-?)\$?(?P<whole>(?!0,)\d{1,3}(?:,\d{3}){1,4}|\d{1,15})(?:\.(?P<decimals>\d{1,6}))?")
_CORE = re.compile(
    rf"(?P<sign>(?:[-+]|minus\b|negative\b)\s{{0,2}})?(?:{_CURRENCY}\s?)?(?P<sign2>-\s?)?"
    rf"(?:(?P<whole>{_INTEGER})(?:\s{{1,2}}and)?\s{{0,2}}(?P<mixed>{_FRACTION}|(?<=\s)\d{{1,9}}/\d{{1,9}})"
    rf"|(?P<fraction>{_FRACTION})"
    rf"|(?P<over>{_DECIMAL})\s?/\s?(?P<under>{_DECIMAL})"
    rf"|(?P<hour>\d{{1,2}}):(?P<minute>[0-5]\d)(?![\d:])"
    rf"|(?P<left>\d{{1,9}})\s?:\s?(?P<right>\d{{1,9}})"
    rf"|(?P<decimal>{_DECIMAL})\.?(?P<power>{_POWER})?)"
    rf"(?P<percent>\s?%|\s?(?:percent|per cent)\b)?",
    re.IGNORECASE,
)
_SCALE_WORD = re.compile(rf"\s?({'|'.join(SCALES)})s?\b", re.IGNORECASE)
_WORD = r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?"
_UNIT = rf"(?:{_CURRENCY}|{_WORD})(?:\s?\^\s?\{{?[23]\}}?|[²³])?(?:\s?/\s?{_WORD})?"
_UNITS = re.compile(  # a space between them: without one, a long word would fall apart in countless ways
    rf"(?:\s?(?:-|/\s?)?{_UNIT}(?:\s[-/]?{_UNIT}){{0,5}})?[\s.!?]{{0,5}}"
)
_ALGEBRA = re.compile(  # letters that are a part of an expression rather than a unit: 5x, 2ab, 4 pi, 8-i, 5/x
    r"(?!(?:cm|mm|km|kg|ft|in|oz|lb|hr|am|pm|ml|th|st|nd|rd|mi|yd)\b)[^\W\d_]{1,2}(?![^\W\d_])"
    r"|\s?[-/](?!(?:cm|mm|km|kg|ft|in|oz|lb|hr|ml|mi|yd)\b)[^\W\d_]{1,2}(?![^\W\d_])"
    r"|\s(?![mgLlhsCF](?![^\W\d_]))[^\W\d_](?![^\W\d_]|\.[a-z])"
    r"|[^\w]{0,2}(?:pi|sqrt|sin|cos|tan|log|ln|exp|π)(?![^\W\d_])",
    re.IGNORECASE,
)
_OVER = re.compile(r"(?<=\d) over (?=\d)")
_ABOUT = re.compile(
    r"^(?:≈|~|\\approx|\\sim|=|(?:USD|EUR|GBP|INR|Rs\.?|No\.?)\s?(?=\d)|"
    r"(?:about|approximately|approx\.?|around|roughly|exactly)\b)\s*",
    re.IGNORECASE,
)
_REPEATING = re.compile(
    r"(?P<sign>-?)\$?(?P<whole>\d{0,9})\.(?P<fixed>\d{0,9}?)"
    r"(?:\\overline\s?\{?(?P<cycle>\d{1,9})\}?|(?P<digit>\d)(?P=digit)+(?:\.\.\.|…|\\[cl]?dots))"
)
_SAYS_REPEATING = re.compile(
    r"(?<=\.)(\d)\s?\(?(?:repeating|recurring)\)?$|(?:\.\.\.|…)\s?\(?(?:repeating|recurring)\)?$"
)
_GRAND = re.compile(r"(?<=\d)\s?grand$", re.IGNORECASE)
_GROUPED = re.compile(r"(?<=\d)_(?=\d{3}(?!\d))")  # 80_000
_DOLLARS_OF = re.compile(r"^\s?(?:US|AU?|CA?|NZ|HK|S|R)\s?\\?\$(?=\s?\d[\d,.]*$)")
_MONEY = re.compile(rf"[-\s*]{{0,3}}{_CURRENCY}")
_THOUSANDS = re.compile(r"[kK](?:$|\s[^\W\d_]{3})")
_JOINING = re.compile(  # what makes the words behind a number more than its units
    r"\b(?:or|and|to|plus|minus|times|more|less|fewer|than|not|over|point|squared|cubed|halves|thirds|quarters|fourths|"
    r"fifths|sixths|eighths|tenths|sixteenths|hundredths|factorial|hundred|thousand|million|"
    + ANY_NUMBER_WORD
    + r")\b",
    re.IGNORECASE,
)

Value = int | Fraction
"""An exact value."""


class Number(NamedTuple):
    """One number as written.

    Attributes:
        value: Its exact value; a percent sign is not applied, a scale word is.
        percent: Whether a percent sign follows.
        scale_word: "million" and the like, or "".
        decimals: Digits after the decimal point.
        written_as_ratio: Written as a fraction or with a decimal point.
    """

    value: Value
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
    return value


@lru_cache(maxsize=8192)
def read_number(text: str) -> Number | None:
    """Read `text` as one number, with nothing beside it but a currency, units or a few words after it.

    Returns:
        None where it is no number, several numbers, an expression, or longer than 1,000 digits.
    """
    if _PLAIN.fullmatch(text):
        return Number(int(text))
    usual = _USUAL.fullmatch(text)
    if usual:
        return _read_usual(usual["sign"], usual["whole"].replace(",", ""), usual["decimals"] or "")
    if len(text) > _MAX_CHARS:
        return None
    plain = _bare(text)
    repeating = _REPEATING.fullmatch(plain)
    if repeating:
        return _read_repeating(repeating)
    found = _CORE.match(plain)
    if found is None:
        return _read_in_words(plain)
    value, end = _body(found), found.end()
    if value is not None and found["decimal"]:
        more, end = and_a_part(plain, end)
        value += more
    if value is None:
        return None
    scale = _SCALE_WORD.match(plain, end)
    if scale:
        value, end = value * SCALES[scale[1].lower()], scale.end()
    rest = plain[end:]
    if rest and rest[0] in "kK" and _THOUSANDS.match(rest) and (len(rest) > 1 or _is_money(text)):
        value, rest = value * 1000, rest[1:]
    if rest and (_ALGEBRA.match(rest) or not _UNITS.fullmatch(rest) or _JOINING.search(rest)):
        return None
    negative = ("+" not in (found["sign"] or "+")) != bool(found["sign2"])
    decimals = len(found["decimal"].partition(".")[2]) if found["decimal"] else 0
    ratio = bool(decimals or found["fraction"] or found["over"] or found["whole"])
    word = scale[1].lower() if scale else ""
    return Number(-value if negative else value, bool(found["percent"]), word, decimals, ratio)


def _is_money(text: str) -> bool:
    """Whether a currency begins it; a second dollar would make the first a delimiter of mathematics."""
    return _MONEY.match(text) is not None and text.count("$") < 2


def _bare(text: str) -> str:
    """Take off what says nothing about the value: dressing, "about", brackets around it all, a comma behind it."""
    plain = _ABOUT.sub("", undress(_DOLLARS_OF.sub("$", text))).rstrip(" ,;")
    if plain.startswith("(") and plain.endswith(")") and "(" not in plain[1:] and "," not in plain:
        plain = plain[1:-1].strip()
    if "_" in plain or "grand" in plain or "repeating" in plain or "recurring" in plain:
        plain = _GROUPED.sub("", _GRAND.sub(" thousand", _SAYS_REPEATING.sub(r"\1\1...", plain)))
    return usual_separators(_OVER.sub("/", plain))


def _read_repeating(found: "re.Match[str]") -> Number:
    r"""Read 0.\overline{3} and 0.333..., which are exact values."""
    whole, fixed = found["whole"] or "0", found["fixed"] or ""
    cycle = found["cycle"] or found["digit"]
    value = Fraction(int(whole + fixed + cycle) - int(whole + fixed), 10 ** len(fixed) * (10 ** len(cycle) - 1))
    return Number(-value if found["sign"] == "-" else value, written_as_ratio=True)


def _read_usual(sign: str, whole: str, decimals: str) -> Number:
    """Read what most numbers look like, -1,234.50; the result is what the long way gives."""
    value: Value = int(sign + whole)
    if decimals:
        value = Fraction(int(sign + whole + decimals), 10 ** len(decimals))
    return Number(value, decimals=len(decimals), written_as_ratio=bool(decimals))


def _read_in_words(plain: str) -> Number | None:
    found = read_words(plain)
    if found is None:
        return None
    value, end, is_part = found
    rest = plain[end:]
    if not _UNITS.fullmatch(rest) or _JOINING.search(rest):
        return None
    percent = bool(re.match(r"\s?(?:percent|per cent)\b", rest))
    scale = next((word for word in SCALES if word in plain[:end].lower()), "")
    return Number(value, percent, scale, written_as_ratio=is_part)


def numbers_in(text: str) -> list[tuple[Number, int, int]]:
    """Find the numbers written in digits in a piece of prose, with their offsets (the first 2,000 characters)."""
    found = []
    text, end = text[:_MAX_CHARS], 0
    while start := _MAY_BEGIN.search(text, end):  # finds the places ten times as fast as the number's own pattern
        match = _NUMBER.match(text, start.start())
        if match is None:
            run = _DIGITS.match(text, start.start())
            end = run.end() if run else start.end()  # too many digits; not to be tried again from each of them
            continue
        end = match.end()
        number = read_number(match.group())
        if number is not None:
            scale = _SCALE_WORD.match(text, match.end())
            if scale:
                word = scale[1].lower()
                number = Number(number.value * SCALES[word], number.percent, word, number.decimals)
            found.append((number, match.start(), match.end()))
    return found


_TOUCHES = re.compile(r"(?<![a-zA-Z])(?:x|Rs|RM|USD|EUR|GBP|Fr|kr|approx|ca|no)$|\dx$", re.IGNORECASE)
"""What a number may touch and still stand by itself: a currency, "approx", a multiplication sign."""


def numbers_apart(text: str) -> list[tuple[Number, int, int]]:
    """Find the numbers of a piece of prose that stand in no word: none in "AZYUK2A", "H2O" and "Q12"."""
    return [found for found in numbers_in(text) if not _is_in_word(text, found[1])]


def _is_in_word(text: str, at: int) -> bool:
    """Whether the digit at `at` follows a letter."""
    before = text[max(0, at - 1) : at]
    letter = before.isascii() and before.isalpha()
    return letter and text[at].isdigit() and not _TOUCHES.search(text, max(0, at - 8), at)


def distance(one: Value, other: Value) -> Value:
    """Give how far two values are apart."""
    return one - other if one > other else other - one


@lru_cache(maxsize=4096)
def values_in(text: str) -> frozenset[Value]:
    """Give the values of the numbers written in digits in a text, line by line."""
    return frozenset(number.value for line in text.splitlines() for number, _, _ in numbers_in(line))
