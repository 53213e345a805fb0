"""Properties of the comparison: a gold in other clothes is equal, another value never, and no text makes it raise."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reversed_persona.answers.equality.comparison import compare

pytestmark = pytest.mark.usefixtures("unhurried")

INTEGERS = st.integers(-99_999, 99_999)
DECIMALS = st.tuples(st.integers(-9_999, 9_999), st.integers(0, 99)).map(lambda pair: f"{pair[0]}.{pair[1]:02d}")
FRACTIONS = st.fractions(-50, 50, max_denominator=40).filter(lambda one: one.denominator > 1)
NUMBER_CLOTHES = [
    "{}",
    "${}$",
    "\\boxed{{{}}}",
    "**{}**",
    "{}.",
    "x = {}",
    "\\({}\\)",
    " {} ",
    "about {}",
    "{} apples",
    "({})",
]
EXPRESSION_CLOTHES = [
    "{}",
    "${}$",
    "\\boxed{{{}}}",
    "**{}**",
    "{}.",
    "\\({}\\)",
    " {} ",
    "$\\displaystyle {}$",
    "\\[{}\\]",
]
BRACKETS = st.sampled_from(["()", "[)", "(]", "[]"])


def _plain_fraction(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


def _latex_fraction(value: Fraction, command: str = "frac") -> str:
    sign = "-" if value < 0 else ""
    return f"{sign}\\{command}{{{abs(value.numerator)}}}{{{value.denominator}}}"


@settings(max_examples=200, deadline=None)
@given(st.one_of(INTEGERS.map(str), DECIMALS), st.sampled_from(NUMBER_CLOTHES))
def test_compare_a_number_in_other_clothes_is_equal(gold: str, clothes: str) -> None:
    assert compare(gold, clothes.format(gold)) == "equal"


@settings(max_examples=200, deadline=None)
@given(INTEGERS, st.sampled_from(["{:,}", "{}.0", "{}.00", "{:+}", "\\${}", "{} km"]))
def test_compare_an_integer_written_otherwise_is_equal(gold: int, form: str) -> None:
    assert compare(str(gold), form.format(gold)) == "equal"


@settings(max_examples=200, deadline=None)
@given(FRACTIONS, st.integers(1, 9), st.sampled_from(["frac", "dfrac", "tfrac"]), st.sampled_from(EXPRESSION_CLOTHES))
def test_compare_a_fraction_in_other_clothes_is_equal(gold: Fraction, by: int, command: str, clothes: str) -> None:
    text = _latex_fraction(gold)
    expanded = f"{gold.numerator * by}/{gold.denominator * by}"
    for answer in (_latex_fraction(gold, command), _plain_fraction(gold), expanded):
        assert compare(text, clothes.format(answer)) == "equal"
        assert compare(_plain_fraction(gold), clothes.format(answer)) == "equal"


@settings(max_examples=200, deadline=None)
@given(st.one_of(INTEGERS, FRACTIONS), st.one_of(INTEGERS, FRACTIONS), st.sampled_from(NUMBER_CLOTHES))
def test_compare_another_number_is_never_equal(gold: int | Fraction, other: int | Fraction, clothes: str) -> None:
    if gold == other or gold == 100 * other or other == 100 * gold:
        return
    texts = [str(one) if isinstance(one, int) else _latex_fraction(one) for one in (gold, other)]
    assert compare(texts[0], clothes.format(texts[1])) != "equal"


@settings(max_examples=100, deadline=None)
@given(st.tuples(INTEGERS, INTEGERS), BRACKETS, st.sampled_from(EXPRESSION_CLOTHES))
def test_compare_a_pair_in_other_clothes_is_equal(pair: tuple[int, int], brackets: str, clothes: str) -> None:
    (left, right), (one, other) = brackets, pair
    gold = f"{left}{one},{other}{right}"
    for answer in (gold, f"{left}{one}, {other}{right}", f"\\left{left} {one}, {other} \\right{right}"):
        assert compare(gold, clothes.format(answer)) == "equal"


@settings(max_examples=100, deadline=None)
@given(st.tuples(INTEGERS, INTEGERS), st.tuples(INTEGERS, INTEGERS), BRACKETS, BRACKETS)
def test_compare_another_pair_is_never_equal(
    pair: tuple[int, int], other: tuple[int, int], brackets: str, other_brackets: str
) -> None:
    if (pair, brackets) == (other, other_brackets):
        return
    gold, answer = (f"{b[0]}{p[0]},{p[1]}{b[1]}" for p, b in ((pair, brackets), (other, other_brackets)))
    assert compare(gold, answer) != "equal"


@settings(max_examples=100, deadline=None)
@given(st.tuples(INTEGERS, INTEGERS), st.booleans())
def test_compare_a_point_with_its_coordinates_named_is_equal_in_any_order(pair: tuple[int, int], swap: bool) -> None:
    named = [f"x = {pair[0]}", f"y = {pair[1]}"]
    assert compare(f"({pair[0]},{pair[1]})", ", ".join(reversed(named) if swap else named)) == "equal"
    if pair[0] != pair[1]:
        assert compare(f"({pair[1]},{pair[0]})", ", ".join(named)) == "different"


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 40), st.integers(2, 40), st.sampled_from("xyzabcdtm"))
def test_compare_terms_and_factors_in_another_order_is_equal(a: int, b: int, name: str) -> None:
    assert compare(f"{a}{name}+{b}", f"{b} + {a}{name}") == "equal"
    assert compare(f"{a}{name}+{b}", f"{b + 1} + {a}{name}") != "equal"
    assert compare(f"({name}+{a})({name}-{b})", f"({name} - {b})({name} + {a})") == "equal"
    assert compare(f"({name}+{a})({name}-{b})", f"({name} + {b})({name} - {a})") != "equal" or a == b


GOLDS = [
    *(
        "18",
        "-\\frac{3}{4}",
        "50\\%",
        "4:30 p.m.",
        "3:4:1",
        "2\\sqrt{3}",
        "9-7c",
        "\\text{Evelyn}",
        "\\text{(C)}",
        "E'",
    ),
    *(
        "1,-2",
        "(3,-2)",
        "[-1, 4)",
        "\\{2,3,7\\}",
        "(-\\infty,-2)\\cup(3,\\infty)",
        "y = 2x + 3",
        "242_5",
        "2 \\pm 3\\sqrt{2}",
    ),
    *("\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}", "x = 2, y = 1", "x^2 + 1"),
]
PIECES = [
    *(
        "18",
        "3",
        "-2",
        "0.5",
        "1/2",
        "\\frac{1}{2}",
        "\\frac",
        "\\sqrt{3}",
        "\\sqrt",
        "x",
        "y",
        "c",
        "i",
        "'",
        "^2",
        "_5",
        "^",
        "_",
    ),
    *(
        "=",
        "<",
        "\\le ",
        ">",
        "+",
        "-",
        "*",
        "/",
        "\\pm",
        ",",
        ";",
        ":",
        " to ",
        " and ",
        " or ",
        " in ",
        "(",
        ")",
        "[",
        "]",
    ),
    *(
        "\\{",
        "\\}",
        "{",
        "}",
        "\\mid ",
        "|",
        "\\cup",
        "$",
        "%",
        " ",
        "\\text{",
        "k",
        "K",
        "!",
        " hours",
        "h30",
        " p.m.",
        "...",
    ),
    *(
        "x = ",
        "y = ",
        "\\begin{pmatrix}",
        "\\end{pmatrix}",
        "&",
        "\\\\",
        "\x00",
        chr(0xD800),
        "٣",
        "²",
        "½",
        "≈",
        "base 5",
    ),
]


@pytest.mark.parametrize("gold", GOLDS)
@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=8).map("".join),
    st.sampled_from(["", "How many minutes? In what ratio?"]),
)
def test_compare_any_text_gives_an_outcome(gold: str, answer: str, question: str) -> None:
    outcome = compare(gold, answer, question)
    assert outcome in ("equal", "different", "ambiguous", "unreadable", "undecided")


@pytest.mark.parametrize("gold", GOLDS)
def test_compare_a_gold_with_itself_is_equal(gold: str) -> None:
    assert compare(gold, gold) == "equal"
