"""Reading one number exactly."""

from fractions import Fraction

import pytest

from reversed_persona.answers import grade
from reversed_persona.answers.equality.numbers import numbers_equal
from reversed_persona.answers.reading.number_words import read_words
from reversed_persona.answers.reading.numbers import numbers_in, read_number
from reversed_persona.answers.reading.separators import usual_separators
from reversed_persona.answers.reading.units import converted, is_in_wrong_unit

pytestmark = pytest.mark.usefixtures("unhurried")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("$12.50 per week", Fraction(25, 2)),
        ("1,234.", 1234),
        ("10,\\!080", 10080),
        ("10{,}000", 10000),
        ("111, \\! 111, \\! 111", 111_111_111),
        ("\\frac{14}{3}", Fraction(14, 3)),
        ("\\frac43", Fraction(4, 3)),
        ("\\frac 34", Fraction(3, 4)),
        ("\\frac1{10}", Fraction(1, 10)),
        ("\\frac{360}7", Fraction(360, 7)),
        ("-\\tfrac34", Fraction(-3, 4)),
        ("8\\frac47", Fraction(60, 7)),  # (8 * 7 + 4) / 7
        ("137 \\frac{1}{2}", Fraction(275, 2)),
        ("1 3/4", Fraction(7, 4)),
        (".5", Fraction(1, 2)),
        ("5.", 5),
        ("5.00", 5),
        ("−7", -7),
        ("-$5", -5),
        ("$-5", -5),
        ("-\\$0.50", Fraction(-1, 2)),
        ("50%", 50),
        ("$18k", 18_000),
        ("18k dollars", 18_000),
        ("18K people", 18_000),
        ("1.5k euros", 1_500),
        ("44\\%", 44),
        ("12 apples", 12),
        ("12-inch", 12),
        ("5-ft pole", 5),
        ("12 km/h", 12),
        ("15\\mbox{ cm}^2", 15),
        ("18\\text{ ways.}", 18),
        ("87^\\circ", 87),
        ("12 km/h", 12),
        ("1.2e3", 1200),
        ("1.2 \\times 10^{3}", 1200),
        ("twenty-five", 25),
        ("one hundred and five apples", 105),
        ("2 dozen", 24),
        ("-1.8 billion", -1_800_000_000),
        ("4:30 pm", Fraction(9, 2)),
        ("1:2", Fraction(1, 2)),
        ("½", Fraction(1, 2)),
        ("2½", Fraction(5, 2)),
        ("2 and a half", Fraction(5, 2)),
        ("**12**", 12),
        ("1\u200b8", 18),  # a zero-width space inside
        ("9" * 1000, int("9" * 1000)),
    ],
)
def test_read_number_in_any_clothes_gives_its_exact_value(text: str, value: int | Fraction) -> None:
    number = read_number(text)
    assert number is not None
    assert number.value == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "5x",
        "2ab",
        "4 pi",
        "4\\pi",
        "2^3",
        "3 or 4",
        "8-i",
        "7 -x",
        "5/x",
        "18k",
        "18kx",
        "12-14",
        "12, 14",
        "10000_2",
        "1/0",
        "1 week (7 days)",
        "9" * 1001,
        "1e9999",
        "3 more than x",
        "9**9",
        "\\frac{1}{2}\\pi",
        "10+John's age",
        "[",
        "\x00",
        chr(0xD800),
    ],
)
def test_read_number_of_no_single_number_gives_none(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("gold", "answer", "same"),
    [
        ("50", "50%", True),
        ("0.5", "50%", True),
        ("\\frac12", "50%", True),
        ("1", "100%", False),  # 1 is written as neither fraction nor decimal
        ("50", "0.5", False),
        ("20\\%", "20", True),
        ("20\\%", "0.2", True),
        ("18", "18.000000000000004", True),
        ("\\frac13", "0.333333", True),
        ("\\frac13", "0.33333", False),
    ],
)
def test_numbers_equal_follows_the_percent_and_rounding_rules(gold: str, answer: str, same: bool) -> None:
    one, other = read_number(gold), read_number(answer)
    assert one is not None
    assert other is not None
    assert numbers_equal(one, other) is same


@pytest.mark.parametrize(
    ("text", "usual"),
    [
        ("18 000 m", "18000 m"),
        ("$1 234 567", "$1234567"),
        ("1.234.567", "1234567"),
        ("1.234,50", "1234.50"),
        ("11,5 kg", "11.5 kg"),
        ("-0,25", "-0.25"),
        ("2,5", "2,5"),  # perhaps a list
        ("1,234", "1,234"),
        ("12 34", "12 34"),
        ("2.400", "2.400"),
        ("1, 2", "1, 2"),
    ],
)
def test_usual_separators_rewrite_one_number_only(text: str, usual: str) -> None:
    assert usual_separators(text) == usual


@pytest.mark.parametrize(
    ("text", "value", "length"),
    [
        ("twenty-five apples", 25, 11),
        ("one hundred and five", 105, 20),
        ("two thousand three hundred", 2300, 26),
        ("half a dozen eggs", 6, 12),
        ("a dozen", 12, 7),
        ("half", Fraction(1, 2), 4),
        ("three quarters", Fraction(3, 4), 14),
        ("two and a half hours", Fraction(5, 2), 14),
        ("minus five", -5, 10),
        ("three million", 3_000_000, 13),
    ],
)
def test_read_words_gives_value_and_end(text: str, value: int | Fraction, length: int) -> None:
    found = read_words(text)
    assert found is not None
    assert found[:2] == (value, length)


@pytest.mark.parametrize("text", ["", "apples", "half past two", "third", "12", "someone"])
def test_read_words_of_no_number_gives_none(text: str) -> None:
    assert read_words(text) is None


@pytest.mark.parametrize(
    ("answer", "question", "values"),
    [
        ("475 cents", "How many dollars?", [Fraction(19, 4)]),
        ("1 hour 30 minutes", "How many minutes in 2 hours?", [90, Fraction(3, 2)]),
        ("4 dollars and 25 cents", "It costs $85. How much?", [Fraction(17, 4)]),
        ("18 000 m", "How many kilometres?", [18]),
        ("1.5 kg", "How many minutes?", []),  # another quantity
        ("12", "How many minutes?", []),
        ("5 m/s", "How many metres?", [5]),
        ("6 feet 2 inches", "How many inches?", [74]),
        ("4h30", "How many hours?", [Fraction(9, 2)]),
        ("4:30 hours", "How many minutes?", [270]),
        ("4 hours 30 minutes", "How long?", [Fraction(9, 2)]),
        ("$4 and 75 cents", "How much?", [Fraction(19, 4)]),
        ("72 in total", "How many feet?", []),
    ],
)
def test_converted_reads_an_answer_in_the_questions_units(
    answer: str, question: str, values: list[int | Fraction]
) -> None:
    assert converted(answer, question) == values


@pytest.mark.parametrize(
    ("answer", "question", "wrong"),
    [
        ("72 hours", "How many minutes?", True),
        ("72 hours", "How many more minutes?", True),
        ("72 hours", "Give the time in minutes.", True),
        ("72 hours", "How many minutes are 3 hours?", False),
        ("72 hours", "He arrives in 5 minutes. How long does he stay?", False),  # no unit is asked for
        ("72 kg", "How many minutes?", False),
        ("72", "How many minutes?", False),
        ("72 apples", "How many minutes?", False),
        ("", "How many minutes?", False),
    ],
)
def test_is_in_wrong_unit_needs_a_question_that_asks_for_another(answer: str, question: str, wrong: bool) -> None:
    assert is_in_wrong_unit(answer, question) is wrong


def test_numbers_in_prose_finds_each_with_its_offsets() -> None:
    text = "16 eggs at $2.50, 12-14 left, 3 million"
    found = [(number.value, text[start:end]) for number, start, end in numbers_in(text)]
    assert found == [
        (16, "16"),
        (Fraction(5, 2), "$2.50"),
        (12, "12"),
        (14, "14"),
        (3_000_000, "3"),
    ]


@pytest.mark.parametrize("line", ["Final answer: 0.333...", "The answer is 0.333...", "Final answer: $0.333...$"])
def test_grade_reads_the_dots_of_a_repeating_decimal(line: str) -> None:
    assert grade(line, gold="\\frac{1}{3}", question="").status == "correct"


@pytest.mark.parametrize("line", ["Final answer: 18...", "The answer is 18..."])
def test_grade_takes_other_dots_for_a_full_stop(line: str) -> None:
    assert grade(line, gold="18", question="").status == "correct"
