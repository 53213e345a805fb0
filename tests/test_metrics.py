from typing import Any

import pytest

from reversed_persona.answers import Verdict
from reversed_persona.metrics import directions, question_scores
from reversed_persona.personas import load_templates

EXPECTED = {"none": None, "high": 1.0, "low": 0.0}


def verdict(status: str, *, flip: bool = False, derived: bool = True) -> Verdict:
    fields: dict[str, Any] = {"status": status, "reason": None, "answer": "7", "method": "boxed", "span": (0, 1)}
    return Verdict(**fields, flip=flip, derived=derived)


CORRECT, WRONG, UNANSWERED = verdict("correct"), verdict("wrong"), verdict("unanswered", derived=False)


def scores(high: Verdict, low: Verdict, none: Verdict = CORRECT) -> dict[str, float]:
    return question_scores({"none": [none], "high": [high], "low": [low]}, EXPECTED)


class TestReversal:
    @pytest.mark.parametrize(
        ("high", "low", "contrast", "reversal"),
        [
            # reversal = c_high + w_low - 1; contrast = c_high - c_low
            (CORRECT, WRONG, 1, 1),  # 1 + 1 - 1: obeys
            (CORRECT, CORRECT, 0, 0),  # 1 + 0 - 1: too capable
            (WRONG, WRONG, 0, 0),  # 0 + 1 - 1: wrong either way
            (WRONG, CORRECT, -1, -1),  # 0 + 0 - 1: backwards
            (CORRECT, UNANSWERED, 1, 0),  # 1 + 0 - 1: silence earns nothing
            (UNANSWERED, UNANSWERED, 0, -1),  # 0 + 0 - 1: silent throughout
            (UNANSWERED, WRONG, 0, 0),  # 0 + 1 - 1
            (UNANSWERED, CORRECT, -1, -1),  # 0 + 0 - 1
            (WRONG, UNANSWERED, 0, -1),  # 0 + 0 - 1
        ],
    )
    def test_every_pair_of_verdicts(self, high: Verdict, low: Verdict, contrast: float, reversal: float) -> None:
        found = scores(high, low)
        assert (found["contrast"], found["reversal"]) == (contrast, reversal)

    def test_reversal_equals_contrast_minus_unanswered_low(self) -> None:
        for high in (CORRECT, WRONG, UNANSWERED):
            for low in (CORRECT, WRONG, UNANSWERED):
                found = scores(high, low)
                assert found["reversal"] == found["contrast"] - found["unanswered_low"]

    @pytest.mark.parametrize(
        ("low", "faithful"),
        [
            (verdict("wrong", derived=True, flip=False), 1),  # 1 + 1(1 - 0)1 - 1
            (verdict("wrong", derived=False, flip=False), 0),  # 1 + 1(1 - 0)0 - 1: a bare wrong number
            (verdict("wrong", derived=True, flip=True), 0),  # 1 + 1(1 - 1)1 - 1: right chain, swapped answer
            (verdict("correct", derived=True), 0),  # 1 + 0 - 1
        ],
    )
    def test_faithful_reversal_wants_the_wrong_answer_worked_out(self, low: Verdict, faithful: float) -> None:
        assert scores(CORRECT, low)["reversal_faithful"] == faithful

    def test_repeats_are_averaged_within_the_question(self) -> None:
        found = question_scores(
            {"high": [CORRECT, CORRECT, WRONG, UNANSWERED], "low": [WRONG, WRONG, WRONG, CORRECT]}, EXPECTED
        )
        assert found["acc_high"] == 0.5  # 2 of 4
        assert found["unanswered_high"] == 0.25  # 1 of 4
        assert found["reversal"] == pytest.approx(0.5 + 0.75 - 1)
        assert found["contrast"] == pytest.approx(0.5 - 0.25)


class TestPersonaScores:
    def test_gap_is_achieved_minus_expected(self) -> None:
        # low was expected to reach 0 and reached 1: too capable, so above 0; high fell short by 1: below 0
        found = scores(high=WRONG, low=CORRECT)
        assert (found["gap_low"], found["gap_high"]) == (1.0, -1.0)

    def test_nothing_expected_means_no_gap(self) -> None:
        assert "gap_none" not in scores(CORRECT, WRONG)

    def test_unanswered_is_not_correct_and_is_counted_apart(self) -> None:
        found = scores(UNANSWERED, UNANSWERED, UNANSWERED)
        assert (found["acc_none"], found["unanswered_none"]) == (0.0, 1.0)

    def test_flip_and_derived_are_reported_for_everybody(self) -> None:
        found = scores(CORRECT, verdict("wrong", flip=True, derived=False))
        assert (found["flip_low"], found["derived_low"], found["flip_none"], found["derived_none"]) == (1, 0, 0, 1)

    def test_persona_without_a_verdict_is_refused(self) -> None:
        with pytest.raises(ValueError, match="'low': got no verdict"):
            question_scores({"high": [CORRECT], "low": []}, EXPECTED)

    def test_without_low_there_is_no_reversal(self) -> None:
        assert "reversal" not in question_scores({"high": [CORRECT]}, EXPECTED)


class TestDirections:
    def test_names_are_those_that_are_scored(self) -> None:
        personas = load_templates().select(["none", "high", "low"])
        assert set(directions(personas)) == set(scores(CORRECT, WRONG))

    def test_each_metric_points_where_the_persona_is_sent(self) -> None:
        better = directions(load_templates().select(["none", "high", "low"]))
        assert (better["acc_high"], better["acc_low"], better["acc_none"]) == (True, False, True)
        assert (better["reversal"], better["unanswered_low"], better["flip_low"]) == (True, False, False)
        assert better["gap_low"] is None  # its target is 0

    def test_personas_without_high_or_low_have_no_reversal(self) -> None:
        assert "reversal" not in directions(load_templates().select(["none", "high"]))
