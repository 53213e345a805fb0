"""Decide exactly whether two expressions, equations or sets are the same; the worker imports this."""

from typing import Any

from sympy import Eq, Expr, Poly, Set, numer, together
from sympy.core.relational import Relational

__all__ = ["compare_algebraically", "same_set"]


def compare_algebraically(one: Any, other: Any) -> bool | None:
    """Compare where both are rational functions, or equations between polynomials."""
    if isinstance(one, Eq) and isinstance(other, Eq):
        one, other = one.lhs - one.rhs, other.lhs - other.rhs
        equations = True
    elif isinstance(one, Expr) and isinstance(other, Expr):
        equations = False
    else:
        return None
    symbols = sorted(one.free_symbols | other.free_symbols, key=str)
    if not symbols or not (one.is_rational_function(*symbols) and other.is_rational_function(*symbols)):
        return None
    if not equations:
        return bool(Poly(numer(together(one - other)), *symbols).is_zero)
    if not (one.is_polynomial(*symbols) and other.is_polynomial(*symbols)):
        return None
    left, right = Poly(one, *symbols), Poly(other, *symbols)
    if not left.is_zero and not right.is_zero:
        left, right = left.monic(), right.monic()
    return bool((left - right).is_zero)


def same_set(one: Any, other: Any) -> bool:
    """Whether two relations in one unknown, 2 < 2x and x > 1, or sets of reals hold the same numbers."""
    unknowns = one.free_symbols | other.free_symbols
    if len(unknowns) > 1:
        return False
    try:
        sets = [part.as_set() if isinstance(part, Relational) else part for part in (one, other)]
    except NotImplementedError:  # too hard to solve
        return False
    return all(isinstance(part, Set) for part in sets) and bool(sets[0].symmetric_difference(sets[1]).is_empty)
