import json
import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reversed_persona.arithmetic import equalities
from reversed_persona.contrast.features import FEATURES, Estimate, compare, estimate, features


def checked(text: str) -> list[tuple[str, Fraction, bool]]:
    return [(found.expression, found.result, found.right) for found in equalities(text)]


class TestEqualities:
    @pytest.mark.parametrize(
        "text",
        [
            "3 + 4 = 7", "3+4=7", "So 3 * (4 + 1) = 15.", "$16 - $3 = $13", "2 × 3 = 6", "2 x 3 = 6", "8 ÷ 4 = 2",
            "$2 \\times 3 = 6$", "1,200 + 300 = 1,500", "10 / 4 = 2.5", "10 / 3 = 3.33", "20% * 50 = 10", "1/4 = 25%",
            "100 - 60 = 40%",
            "5 eggs + 3 eggs = 8 eggs", "- 3 + 4 = 7", "1. 3 + 4 = 7", "Step 1: 3 + 4 = 7", "3 − 5 = −2",
            "3 - 5 = -2", "That makes **3 + 4 = 7**.", "(3 + 4 = 7)", "2 - -3 = 5", "0.5 * 3 = 1.5", "3 * 0.1 = .3",
        ],
    )  # fmt: skip
    def test_right_calculations(self, text: str) -> None:
        text = text.replace("−2", "-2")
        assert [right for *_, right in checked(text)] == [True], checked(text)

    @pytest.mark.parametrize(
        "text",
        [
            "3 + 4 = 8",
            "16 - 3 - 4 = 10",
            "$5 * 2 = $7",
            "10 / 3 = 3",
            "10 / 3 = 3.34",
            "1,200 + 300 = 1,400",
            "2 x 3 = 5",
        ],
    )
    def test_wrong_calculations(self, text: str) -> None:
        assert [right for *_, right in checked(text)] == [False]

    @pytest.mark.parametrize(
        "text",
        [
            "", "x = 7", "2x + 3 = 7", "x - 3 = 7", "x^2 + 1 = 5", "20% of 50 = 10", "\\frac{1}{2} = 0.5", "7 = 7",
            "3 + 4 == 7", "3 + 4 >= 7", "3 + 4 = x", "5 - 1 - 1/2 = 3 1/2",
            "3 1/2 - 2 = 1 1/2", "1 - 3/4 = 1/4", "$350 000 x 5/100 = $17500", "15 pages x 1/3 = 5",
            "sin(3) + 4 = 7", "1/0 = 5", "9**9**9 = 3", "a = b + c",
        ],
    )  # fmt: skip
    def test_anything_else_is_left_alone(self, text: str) -> None:
        assert checked(text) == []

    def test_each_equals_sign_of_a_chain_is_a_step_of_its_own(self) -> None:
        # 3 + 4 * 2 is 11, but what "= 3 + 8" comes to is not looked at; 3 + 8 is not 12
        assert checked("3 + 4 * 2 = 3 + 8 = 12") == [("3 + 8", 12, False)]
        assert checked("3 + 4 = 7 = 14 / 2 = 7") == [("3 + 4", 7, True), ("14 / 2", 7, True)]

    def test_gold_solutions_of_gsm8k_hold_hardly_an_error(self, shared_data: Path) -> None:
        lines = (shared_data / "gsm8k" / "test.jsonl").read_text(encoding="utf-8").splitlines()
        solutions = [re.sub("<<.*?>>", "", json.loads(line)["answer"]) for line in lines]
        found = [right for solution in solutions for *_, right in checked(solution)]
        assert len(found) > 4000
        assert found.count(False) <= 4  # one of them is the dataset's own: $32 - $20 = $300

    @given(st.text(alphabet="0123456789+-*/().,=%$ x\n{}\\×"))
    def test_any_text_can_be_read(self, text: str) -> None:
        list(equalities(text))

    @given(st.integers(0, 999), st.integers(0, 999), st.integers(-3, 3))
    def test_sums_are_right_exactly_where_they_are(self, one: int, other: int, slip: int) -> None:
        assert [right for *_, right in checked(f"{one} + {other} = {one + other + slip}")] == [slip == 0]


class TestFeatures:
    def test_all_of_a_weak_students_reply(self) -> None:
        text = (
            "<think>pretend pretend 1 + 1 = 3</think>"
            "Maybe I add them?\n3 + 4 = 8\n8 * 2 = 16\nI will pretend to be weak, I think.\nFinal answer: 16"
        )
        # words: Maybe I add them? (4), 3 4 8 (3), 8 2 16 (3), I will pretend to be weak, I think. (8), 3 in the end
        assert features(text) == {
            "words": 21, "steps": 2, "errors_per_step": 0.5, "hedges": 2, "meta_comments": 1,
        }  # fmt: skip

    @pytest.mark.parametrize("response", ["", "<think>never done"])
    def test_nothing_visible_has_no_error_rate(self, response: str) -> None:
        assert features(response) == {
            "words": 0, "steps": 0, "errors_per_step": None, "hedges": 0, "meta_comments": 0,
        }  # fmt: skip

    def test_thinking_that_the_prompt_opened_is_left_out(self) -> None:
        assert features("one two</think>three", thinking=True)["words"] == 1

    @given(st.text())
    def test_any_text_has_all_features(self, response: str) -> None:
        assert tuple(features(response)) == FEATURES


class TestEstimate:
    def test_mean_and_error_pass_over_what_is_missing(self) -> None:
        # mean 2; variance ((1-2)^2 + (3-2)^2)/1 = 2; error sqrt(2/2) = 1
        assert estimate([1, None, 3]) == Estimate(2, 2.0, 1.0)

    def test_one_value_has_no_error_and_none_no_mean(self) -> None:
        assert estimate([4]) == Estimate(1, 4.0, None)
        assert estimate([None]) == Estimate(0, None, None)


class TestCompare:
    def test_difference_is_paired_within_questions(self) -> None:
        def of(words: float, errors: float | None) -> dict[str, float | None]:
            return {"words": words, "steps": 0, "errors_per_step": errors, "hedges": 0, "meta_comments": 0}

        found = compare([{"high": of(10, 0.0), "low": of(14, 0.5)}, {"high": of(30, None), "low": of(36, 1.0)}])
        assert found["low"]["words"].mean == 25  # (14 + 36)/2
        assert found["low - high"]["words"] == Estimate(2, 5.0, 1.0)  # 4 and 6: sqrt(2/2)
        assert found["low - high"]["errors_per_step"] == Estimate(1, 0.5, None)  # the second question has no pair

    def test_without_low_there_is_no_difference(self) -> None:
        assert list(compare([{"none": features("x")}])) == ["none"]
        assert compare([]) == {}
