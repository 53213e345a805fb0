r"""Read intervals, inequalities and what "and" and "or" make of them as sets of reals, and compare these exactly.

The bounds must be rational or infinite; others are the symbolic worker's.
"""

import re
from fractions import Fraction
from functools import lru_cache
from itertools import product
from math import inf
from typing import NamedTuple

from reversed_persona.answers.reading.notation import normalise, split_list
from reversed_persona.answers.reading.numbers import Value, read_number

__all__ = ["as_interval", "compare_unions"]

_SIDE = r"[^<>=,\[\]()|:]{1,60}"
_UNKNOWN = r"(?P<name>[a-z](?:\([a-z]\))?)"
_BOUND = r"(?P<value>[-+]?[\d\\][^<>=,\[\]()|:]{0,60})"
_INTERVAL = re.compile(rf"[\[(]{_SIDE},{_SIDE}[\])]")
_BETWEEN = re.compile(rf"({_SIDE})(<=?){_UNKNOWN}(<=?)({_SIDE})")
_BOUND_RIGHT = re.compile(rf"{_UNKNOWN}(?P<sign>[<>]=?){_BOUND}")
_BOUND_LEFT = re.compile(rf"{_BOUND}(?P<sign>[<>]=?){_UNKNOWN}")
_EXCEPT = re.compile(r"(?P<name>[a-z])\\ne(?P<value>[^<>=,\[\]()|:]{1,60})")
_OR = re.compile(
    r"\\text\s?\{\s*or\s*\}|(?<![a-zA-Z\\])or(?![a-zA-Z])|\\(?:lor|vee|cup)(?![a-zA-Z])|∪|"
    r"(?<=[)\]])\s?U\s?(?=[(\[])"
)
_AND = re.compile(r"\\(?:land|wedge|cap)(?![a-zA-Z])|∩")
_SAYS_SET = re.compile(
    r"[<>≤≥≠∪∩]|\\(?:[lg]e|ne|lt|gt|cup|cap)(?![a-z])|\\(?:[lg]eq|neq)|!=|\bor\b|"
    r"[)\]]\s?U\s?[(\[]|[)\]]\s?,\s?[(\[]"
)
_MAX_CHARS = 300


class _Piece(NamedTuple):
    """An interval: its bounds, and whether they belong to it."""

    low: Value | float
    with_low: bool
    high: Value | float
    with_high: bool

    @property
    def is_empty(self) -> bool:
        return self.low > self.high or (self.low == self.high and not (self.with_low and self.with_high))


_Union = tuple[_Piece, ...]
_Read = tuple[_Union, str]
"""A set of reals, and the name of what lies in it ("" for intervals as they stand)."""


def as_interval(normal: str) -> tuple[str, str] | None:
    r"""Write a normalised relation, 0<=x<1 or x>3, as its interval, [0,1) or (3,\infty).

    Returns:
        The interval, and the name of what lies in it ("" for an interval as it stands); None for anything else.
    """
    if _INTERVAL.fullmatch(normal):
        return normal, ""
    both = _BETWEEN.fullmatch(normal)
    if both:
        low, opens, name, closes, high = both.groups()
        return f"{'[' if opens == '<=' else '('}{low},{high}{']' if closes == '<=' else ')'}", name
    one = _BOUND_RIGHT.fullmatch(normal) or _BOUND_LEFT.fullmatch(normal)
    if one is None:
        return None
    sign, value, closed = one["sign"], one["value"], one["sign"].endswith("=")
    if (sign[0] == "<") == (one.re is _BOUND_RIGHT):
        return f"(-\\infty,{value}{']' if closed else ')'}", one["name"]
    return f"{'[' if closed else '('}{value},\\infty)", one["name"]


def compare_unions(gold: str, answer: str) -> bool | None:
    """Compare two sets of reals; None where not both are sets with rational bounds, or both plainly one interval."""
    if not (_SAYS_SET.search(answer) and (_SAYS_SET.search(gold) or as_interval(normalise(gold)))):
        return None
    wanted = _read(gold, lists_unite=False)
    given = _read(answer, lists_unite=len(wanted[0]) > 1) if wanted else None
    if not wanted or not given or (wanted[1] and given[1] and wanted[1] != given[1]):
        return None
    return wanted[0] == given[0]


@lru_cache(maxsize=2048)
def _read(text: str, lists_unite: bool) -> _Read | None:
    """Read a union of intersections; a list of intervals counts as a union where one is asked for."""
    if len(text) > _MAX_CHARS:
        return None
    pieces = [piece.replace("$", " ") for piece in _OR.split(text)]
    if len(pieces) == 1 and lists_unite:
        parts = split_list(normalise(text).replace("[", "(").replace("]", ")"))
        if len(parts) > 1 and all(map(_INTERVAL.fullmatch, parts)):
            pieces = re.split(r"(?<=[)\]]),(?=[(\[])", normalise(text))
    read = [_read_intersection(piece) for piece in pieces]
    sets: list[_Piece] = []
    names: set[str] = set()
    for one in read:
        if one is None:
            return None
        sets.extend(one[0])
        names.add(one[1])
    names.discard("")
    return (_united(sets), next(iter(names), "")) if len(names) < 2 else None


def _read_intersection(text: str) -> _Read | None:
    """Read "x > -2 and x <= 7", or one interval or relation; "and" is a comma in a normalised text."""
    whole: _Union = (_Piece(-inf, False, inf, False),)
    names: set[str] = set()
    for part in _AND.split(text):
        normal = normalise(part)
        for relation in [normal] if as_interval(normal) else split_list(normal):
            one = _read_relation(relation)
            if one is None or (not one[1] and relation != normal):
                return None  # "(1,2), (3,4)" are two points, or two intervals
            whole = tuple(met for a, b in product(whole, one[0]) if not (met := _meet(a, b)).is_empty)
            names.add(one[1])
    names.discard("")
    return (whole, next(iter(names), "")) if len(names) < 2 else None


def _read_relation(normal: str) -> _Read | None:
    excluded = _EXCEPT.fullmatch(normal)
    if excluded:
        value = _bound(excluded["value"])
        if value is None:
            return None
        return (_Piece(-inf, False, value, False), _Piece(value, False, inf, False)), excluded["name"]
    interval = as_interval(normal)
    if interval is None:
        return None
    text, name = interval
    low, high = (_bound(side) for side in text[1:-1].split(","))
    if low is None or high is None or low > high:
        return None
    piece = _Piece(low, text[0] == "[" and low != -inf, high, text[-1] == "]" and high != inf)
    return () if piece.is_empty else (piece,), name


def _bound(text: str) -> Value | float | None:
    if text.strip("+-") in ("\\infty", "inf"):
        return -inf if text.startswith("-") else inf
    number = read_number(text)
    return None if number is None or number.percent else Fraction(number.value)


def _meet(one: _Piece, other: _Piece) -> _Piece:
    low, without_low = max((one.low, not one.with_low), (other.low, not other.with_low))
    high, with_high = min((one.high, one.with_high), (other.high, other.with_high))
    return _Piece(low, not without_low, high, with_high)


def _united(pieces: list[_Piece]) -> _Union:
    """Join the intervals that overlap or touch."""
    joined: list[_Piece] = []
    for piece in sorted(pieces, key=lambda one: (one.low, not one.with_low)):
        last = joined[-1] if joined else None
        if last and (piece.low < last.high or (piece.low == last.high and (piece.with_low or last.with_high))):
            high, with_high = max((last.high, last.with_high), (piece.high, piece.with_high))
            joined[-1] = _Piece(last.low, last.with_low, high, with_high)
        else:
            joined.append(piece)
    return tuple(joined)
