import pytest

from reversed_persona.answers import constants, kind_of_wrong

QUESTION = "Ann has 48 nuts and eats half of them in May, and 7 more in June. How many are left?"
SOLUTION = "In May she eats 48/2=<<48/2=24>>24 nuts.\nSo 48-24-7=<<48-24-7=17>>17 are left."


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("18", "near_miss"),  # off by one
        ("16", "near_miss"),
        ("$17.5$", "near_miss"),  # 0.5 / 17 = 3 %
        ("18.8", "other"),  # 1.8 / 17 = 10.6 %
        ("24", "intermediate"),
        ("24 nuts", "intermediate"),
        ("48", "intermediate"),  # in the solution and in the question: the solution comes first
        ("7", "intermediate"),
        ("-17", "other"),
        ("99", "other"),
        ("twenty-four", "intermediate"),
        ("a few", "other"),
    ],
)
def test_kind_of_wrong_gsm8k_answer(answer: str, kind: str) -> None:
    assert kind_of_wrong(answer, gold="17", question=QUESTION, solution=SOLUTION) == kind


def test_number_of_the_question_counts_where_the_solution_does_not_hold_it() -> None:
    assert kind_of_wrong("48", gold="17", question=QUESTION, solution="By eye, 17.") == "question_number"
    assert kind_of_wrong("48", gold="17", question=QUESTION) == "question_number"


def test_ten_per_cent_is_of_the_gold_whatever_its_sign() -> None:
    assert kind_of_wrong("-110", gold="-100") == "near_miss"  # |-110 + 100| = 10 = 10 % of 100
    assert kind_of_wrong("-111", gold="-100") == "other"
    assert kind_of_wrong("0.5", gold="0") == "other"  # 10 % of 0 is 0
    assert kind_of_wrong("1", gold="0") == "near_miss"


@pytest.mark.parametrize("gold", [r"x^2+1", r"\text{Evelyn}", "(1,2)"])
def test_gold_that_is_no_number_has_no_kinds(gold: str) -> None:
    assert kind_of_wrong("7", gold=gold, question=QUESTION) == "other"


@pytest.mark.parametrize("gold", [" ", "$", "$$", "\\", "\u200b", "\\boxed{}", "\\text{}", "**"])
def test_gold_that_says_nothing_is_refused(gold: str) -> None:
    with pytest.raises(ValueError, match="expected a reference answer"):
        kind_of_wrong("7", gold=gold)


@pytest.mark.parametrize("gold", ["\\{\\}", "<", "∞", "\\emptyset", "+", "½"])
def test_gold_of_one_sign_is_read(gold: str) -> None:
    assert kind_of_wrong("7", gold=gold) == "other"


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (["7", "7.0", "$7", "seven", "7 eggs"], {"7", "7.0", "$7", "seven", "7 eggs"}),  # one value, five times
        (["7"] * 4 + ["8"], set()),  # four times is too seldom
        (["7"] * 5 + [str(n) for n in range(100, 146)], set()),  # 5 of 51
        (["7"] * 5 + [str(n) for n in range(100, 145)], {"7"}),  # 5 of 50
        (["x"] * 5, {"x"}),
        ([], set()),
    ],
)
def test_constants_are_a_tenth_of_the_problems_and_five(answers: list[str], expected: set[str]) -> None:
    assert constants(enumerate(answers)) == expected


def test_one_problem_asked_again_and_again_makes_no_constant() -> None:
    assert constants(("one problem", "7") for _ in range(10)) == set()
