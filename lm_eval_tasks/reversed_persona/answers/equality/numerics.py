"""Decide by computing at a few points whether two expressions are one function; the worker imports this.

Expressions that agree to twenty digits at positive and at negative points are taken for equal, and different ones are
told in a millisecond, where a proof may take all the time that a comparison has.
"""

from collections.abc import Mapping
from typing import Any, Literal

from sympy import Derivative, Expr, Float, I, Integer, Integral, Limit, Product, Rational, Sum

__all__ = ["compare_numerically", "with_imaginary_unit"]

_DIGITS = 30
_SAME, _OTHER = Float("1e-20"), Float("1e-9")
_POSITIVE = (("0.7351", "1.3178", "2.1093", "0.4129", "1.7716"), ("1.9283", "0.5417", "1.1369", "2.4871", "0.8243"))
_SIGNED = (("-0.8127", "1.4391", "-1.9273", "0.6719", "-2.3541"), ("-1.6439", "-0.7193", "1.2911", "-0.3877", "1.5127"))


def with_imaginary_unit(found: Any) -> Any:
    """Replace the letter i, which the parser takes for a name."""
    return found.xreplace({name: I for name in found.free_symbols if name.name == "i"})


def compare_numerically(one: Any, other: Any) -> Literal["equal", "different", "ambiguous"] | None:
    r"""Compare two expressions at a few points.

    Returns:
        "ambiguous" where they agree for positive values only, as \sqrt{x^2} and x do; None where that decides nothing.
    """
    if not isinstance(one, Expr) or not isinstance(other, Expr):
        return None
    if any(part.has(Integral, Sum, Product, Limit, Derivative) for part in (one, other)):
        return None
    if one.has(Float) or other.has(Float):  # rounding is math-verify's to judge
        exact = compare_numerically(_with_exact_decimals(one), _with_exact_decimals(other))
        return exact if exact == "equal" else None
    names = sorted({name.name for name in one.free_symbols | other.free_symbols})
    if len(names) > len(_POSITIVE[0]):
        return None
    for_positive = [_agree_at(one, other, dict(zip(names, point, strict=False))) for point in _POSITIVE]
    if False in for_positive:
        return "different"
    if None in for_positive:
        return None
    signed = [_agree_at(one, other, dict(zip(names, point, strict=False))) for point in _SIGNED] if names else [True]
    return "equal" if False not in signed and True in signed else "ambiguous"


def _with_exact_decimals(part: Any) -> Any:
    return part.xreplace({number: Rational(f"{float(number):.15g}") for number in part.atoms(Float)})


def _agree_at(one: Any, other: Any, point: Mapping[str, str]) -> bool | None:
    """Whether two expressions have one value at a point; None where that can't be told."""
    values = [_value_at(part, point) for part in (one, other)]
    if not all(value.is_number and value.is_finite for value in values):
        return None
    size, apart = max(map(abs, values)), abs(values[0] - values[1])
    if apart <= size * _SAME:
        return True
    return False if apart > size * _OTHER else None


def _value_at(part: Any, point: Mapping[str, str]) -> Any:
    value = part.evalf(_DIGITS, subs={name: Float(point[name.name], _DIGITS) for name in part.free_symbols})
    lost = [number for number in value.atoms(Float) if number._prec == 1]  # its terms cancel, to a hundred digits
    return value.xreplace(dict.fromkeys(lost, Integer(0)))
