"""Every gold of the sample problems, worked out from the question alone.

Source: this project. Each entry computes the answer from the question's own numbers, and where it can by another road
than the shipped solution: word problems mostly by a different grouping, by unit amounts or by playing the story
through; the mathematics by sympy, by enumeration or by coordinates. No gold is written here. The values are numbers,
sympy objects, tuples (ordered pairs), lists (values in increasing order) or the finished text where only text will do.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations, count, pairwise, permutations
from statistics import mean, median
from typing import Any

import sympy as sp
from sympy.calculus.util import continuous_domain

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def dec(text: str) -> Fraction:
    """Read a decimal exactly, so that money stays money."""
    return Fraction(text)


# --- word problems --------------------------------------------------------------------------------------------------


def pages_left_by_day() -> int:
    pages = 5 * 110 - sum(25 if day <= 6 else 40 for day in range(1, 15))
    return next(days for days in count(1) if 20 * days >= pages)


def minutes_behind_by_clock() -> Fraction:
    # Played through in minutes after 7 o'clock: 60 km/h is 1 km a minute, 100 km/h is 5/3 km a minute.
    express_km = {minute: Fraction(5, 3) * (minute - 120) for minute in range(120, 1000)}
    [passing] = [minute for minute, km in express_km.items() if km == minute]
    [arrival] = [minute for minute, km in express_km.items() if km == 450]
    return Fraction(arrival - passing)


def passengers_after_two_stations() -> Fraction:
    return Fraction(4, 5) * (212 + 31 - 48)


def pump_minutes() -> Fraction:
    missing_litres = Fraction(900, 3) + 8 * 35 + 5 * 48 - 65
    return missing_litres / 5


def chess_pads_cost() -> Fraction:
    games = len(list(combinations(range(12), 2)))
    return Fraction(games * 3, 9) * 4


def trek_load_kg() -> Fraction:
    shared = sum((dec("0.6") for _hiker in range(14) for _day in range(5)), Fraction(0)) + 6 * dec("3.5") + 7
    return shared / (2 * 14) + 9


def mural_cost() -> Fraction:
    area = sum(1 for _x in range(9) for _y in range(4)) - 3 * (dec("1.5") * 2)
    tins = 2 * area / (6 * dec("1.5"))
    assert tins.denominator == 1  # whole tins, or the question would need rounding
    return 14 * tins + 19


WORD_GOLDS: dict[str, Callable[[], Any]] = {
    "sample-word-01": lambda: 14 * 3 + 14 * 2,
    "sample-word-02": lambda: Fraction(3, 4) * 240 + 18,
    "sample-word-03": lambda: Fraction(65, 100) * 20,  # 7 rows in bunches of 7: one bunch for each leek of a row
    "sample-word-04": lambda: 6 * 2 * (12 * 14 + 12 * 9 - 20),  # two jars to the kilogram
    "sample-word-05": lambda: Fraction(25, 1000) * (16 + 2 * 16) * 5 * 3,
    "sample-word-06": trek_load_kg,
    "sample-word-07": lambda: sum(36 for _car in range(9)) - 41,
    "sample-word-08": lambda: Fraction(40, 60) * 3 * 6,
    "sample-word-09": lambda: 26 * (1 + Fraction(3, 2) + Fraction(3, 2)) - 12,
    "sample-word-10": lambda: Fraction(9 + 4 * len(range(60, 210, 30)), 2),  # half hours begun after minute 60
    "sample-word-11": lambda: Fraction(2, 3) * 180 * Fraction(60 + 3, 9) / 60,
    "sample-word-12": lambda: Fraction(120 * (3 * 8 + 1 * 5) - 4 * 310, 4 * 7),
    "sample-word-13": lambda: Fraction(8, 5) * 30,
    "sample-word-14": lambda: 64 + 3 * (64 - 15),
    "sample-word-15": lambda: 12 * len(range(3 * 80 + 5, 250 + 1, 5)),  # where the saw ends each peg
    "sample-word-16": lambda: Fraction(8 * 5 * (45 - 5) * 100, 1000 * 8),
    "sample-word-17": pump_minutes,
    "sample-word-18": lambda: 24 * (350 * 6 * Fraction(80, 100) / 10 / dec("1.5") - 12),
    "sample-word-19": lambda: dec("85") / (17 + 3),
    "sample-word-20": lambda: 8 * 29 - 8 * 3 * dec("4.50"),
    "sample-word-21": passengers_after_two_stations,
    "sample-word-22": lambda: 12 * (2 * 24 + 2 * Fraction(2, 3) * 24 - 4),
    "sample-word-23": chess_pads_cost,
    "sample-word-24": minutes_behind_by_clock,
    "sample-word-25": lambda: len(range(0, 1500 - 60, 32)),
    "sample-word-26": lambda: 24 - sum(dec("1.5") for _hour in range(6, 10)),
    "sample-word-27": lambda: Fraction(2, 5) * (50 * 10 - 50 * dec("6.50") - 45),
    "sample-word-28": pages_left_by_day,
    "sample-word-29": lambda: dec("0.25") * 30 * 10 * (24 * dec("0.060") - 24 * dec("0.009")),
    "sample-word-30": mural_cost,
    "sample-word-31": lambda: 12 * 7 - 12 * 1,
    "sample-word-32": lambda: 18 * (1 + Fraction(4, 3)),
    "sample-word-33": lambda: dec("0.75") * (4 * 24 + 3 * 24 - 11),
    "sample-word-34": lambda: 72 * dec("0.250") * (Fraction(3, 6) - Fraction(1, 6)),
    "sample-word-35": lambda: dec("0.9") * 15 * 6 * 2 * (dec("1.8") + dec("0.2")) - 40,
    "sample-word-36": lambda: (dec("0.15") * Fraction(9, 10) * 18 * 25 * 4 - 27) / 9,
    "sample-word-37": lambda: next(crates for crates in count(1) if 70 + 16 * crates == 150),
    "sample-word-38": lambda: 3 * dec("2.35") - dec("4.60") / 2,
    "sample-word-39": lambda: 7 * (26 * 45 - 30) * (1 - Fraction(1, 6)),
    "sample-word-40": lambda: Fraction(sum(1 for bowl in range(15 * 6) if bowl % 5), 4 * 2),
}

# --- competition mathematics ----------------------------------------------------------------------------------------

x, y, k, t = sp.symbols("x y k t", real=True)


def in_base(number: int, base: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, base)
        digits = f"{digit}{digits}"
    return f"{digits}_{base}"


def hexagon_ring_area() -> sp.Expr:
    hexagon = sp.RegularPolygon((0, 0), 10, 6)  # sympy takes the circumradius: hold it to the side of the question
    assert hexagon.length == 10
    return hexagon.circumcircle.area - hexagon.incircle.area


def root_product() -> sp.Expr:
    roots = sp.Poly(x**3 - 4 * x**2 + 6 * x - 2).nroots(n=40)
    value = sp.expand(sp.prod([root**2 + 1 for root in roots]))
    nearest = sp.Integer(round(float(sp.re(value))))
    assert abs(value - nearest) < sp.Float("1e-25")
    return nearest


def zeros_of_three_sines() -> int:
    # With z = e^(i theta) the sum is zero where z^6 + z^5 + z^4 - z^2 - z - 1 is, on the unit circle only.
    z = sp.symbols("z")
    roots = sp.roots(z**6 + z**5 + z**4 - z**2 - z - 1, z)
    return sum(1 for root in roots if sp.simplify(sp.Abs(root) - 1) == 0)


def rows_of_digits() -> int:
    apart = [row for row in permutations(range(1, 7)) if all(a % 2 or b % 2 for a, b in pairwise(row))]
    return sum(1 for row in apart if row[0] != 1)


def trapezoid_area() -> sp.Expr:
    # K (0, 0), L (20, 0), N (x, y), M (x + 10, y), with y > 0.
    [(_x_of_n, height)] = [
        point for point in sp.solve([x**2 + y**2 - 6**2, (x - 10) ** 2 + y**2 - 8**2], [x, y]) if point[1] > 0
    ]
    return sp.Rational(20 + 10, 2) * height


def tangent_length() -> sp.Expr:
    # The line is the x-axis: centres (0, 2) and (t, 5), and the circles touch when the centres are 2 + 5 apart.
    [length] = [root for root in sp.solve(t**2 + (5 - 2) ** 2 - (2 + 5) ** 2, t) if root > 0]
    return length


def even_product_chance() -> Fraction:
    pairs = list(combinations(range(1, 11), 2))
    return Fraction(sum(1 for a, b in pairs if a * b % 4 == 0), len(pairs))


def fifth_festival() -> str:
    first = date(2024, 1, 2)
    assert WEEKDAYS[first.weekday()] == "Tuesday"
    return rf"\text{{{WEEKDAYS[(first + timedelta(days=4 * 100)).weekday()]}}}"


def degrees_at_a() -> str:
    [angle] = [a for a in range(1, 180) if a + 2 * a + (180 - 108) == 180]
    return rf"{angle}^\circ"


def integer_pairs() -> int:
    # x - 2 and y + 3 divide 12 (expand to see it), so both lie well inside these ranges.
    return sum(1 for a in range(-50, 51) for b in range(-50, 51) if a * b + 3 * a - 2 * b == 18)


def integers_with_mean_at_median() -> int:
    # The median stays between 7 and 9, so 35 + n stays between 35 and 45.
    return sum(n for n in range(-100, 101) if mean([4, 9, n, 15, 7]) == median([4, 9, n, 15, 7]))


MATH_GOLDS: dict[str, Callable[[], Any]] = {
    "sample-math-01": lambda: 7 - Fraction(3 * (2 - 6) ** 2, 8),
    "sample-math-02": lambda: tuple(sp.solve([3 * x + 2 * y - 5, x - 4 * y - 11], [x, y])[v] for v in (x, y)),
    "sample-math-03": hexagon_ring_area,
    "sample-math-04": lambda: sum(1 for n in range(1, 201) if n * (n + 1) % 30 == 0),
    "sample-math-05": root_product,
    "sample-math-06": lambda: sp.solve(sp.Matrix([2, k, -1]).dot(sp.Matrix([6, -2, k])), k)[0],
    "sample-math-07": lambda: Fraction(3, 5) - Fraction(3, 5) * Fraction(2, 9),
    "sample-math-08": lambda: continuous_domain(sp.sqrt(x + 1) / sp.sqrt(4 - x), x, sp.S.Reals),
    "sample-math-09": zeros_of_three_sines,
    "sample-math-10": rows_of_digits,
    "sample-math-11": lambda: (2 * t**2 - 5 * t).subs(t, -3),
    "sample-math-12": degrees_at_a,
    "sample-math-13": lambda: in_base(int("14", 5) * int("13", 5), 5),
    "sample-math-14": lambda: sp.rem(x**5, x**2 - x - 2, x),
    "sample-math-15": trapezoid_area,
    "sample-math-16": lambda: len(set(permutations("ORBIT", 3))),
    "sample-math-17": fifth_festival,
    "sample-math-18": even_product_chance,
    "sample-math-19": integer_pairs,
    "sample-math-20": lambda: next(n for n in count(45, 45) if sp.divisor_count(n) == 20),
    "sample-math-21": lambda: sorted(sp.solve(3 * sp.sqrt(x - 1) - (x + 1), x)),
    "sample-math-22": tangent_length,
    "sample-math-23": lambda: sp.Matrix([1, 1, -1]).cross(sp.Matrix([2, -1, 1])).norm(),
    "sample-math-24": integers_with_mean_at_median,
}

GOLDS: dict[str, Callable[[], Any]] = {**WORD_GOLDS, **MATH_GOLDS}
