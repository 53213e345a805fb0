from typing import Any

import pytest

from reversed_persona import metrics
from reversed_persona.answers import Verdict
from reversed_persona.arms import Arm, arms_of
from reversed_persona.errors import SettingsError
from reversed_persona.metrics import DELTAS, MEASURES, Scores, check_measures, deltas, directions, question_scores
from reversed_persona.personas import load_templates

TEMPLATES = load_templates()


def arms(**metadata: Any) -> tuple[Arm, ...]:
    return arms_of(metadata, TEMPLATES)


CORE_ARMS = arms(personas=["none", "high", "low"])


def verdict(status: str, *, flip: bool = False, derived: bool = True) -> Verdict:
    fields: dict[str, Any] = {"status": status, "reason": None, "answer": "7", "method": "boxed", "span": (0, 1)}
    return Verdict(**fields, flip=flip, derived=derived)


CORRECT, WRONG, UNANSWERED = verdict("correct"), verdict("wrong"), verdict("unanswered", derived=False)


def scores(high: Verdict, low: Verdict, none: Verdict = CORRECT) -> dict[str, float]:
    return scored({"none": [none], "high": [high], "low": [low]})


def scored(verdicts: dict[str, list[Verdict]]) -> dict[str, float]:
    return question_scores({arm: Scores.of(verdicts[arm.id]) for arm in CORE_ARMS if arm.id in verdicts})


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
        found = scored({"high": [CORRECT, CORRECT, WRONG, UNANSWERED], "low": [WRONG, WRONG, WRONG, CORRECT]})
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
        with pytest.raises(ValueError, match="got no verdict"):
            Scores.of([])

    def test_without_low_there_is_no_reversal(self) -> None:
        assert "reversal" not in scored({"high": [CORRECT]})


class TestDirections:
    def test_names_are_those_that_are_scored(self) -> None:
        assert set(directions(CORE_ARMS)) == set(scores(CORRECT, WRONG))

    def test_each_metric_points_where_the_persona_is_sent(self) -> None:
        better = directions(CORE_ARMS)
        assert (better["acc_high"], better["acc_low"], better["acc_none"]) == (True, False, True)
        assert (better["reversal"], better["unanswered_low"], better["flip_low"]) == (True, False, False)
        assert better["gap_low"] is None  # its target is 0

    def test_personas_without_high_or_low_have_no_reversal(self) -> None:
        assert "reversal" not in directions(arms(personas=["none", "high"]))


class TestGroups:
    RACE = arms(personas=["high", "low"], attribute="race")

    def test_reversal_and_contrast_stand_once_per_group(self) -> None:
        answers = {arm: Scores(correct=1.0) for arm in self.RACE}  # right always: no difference
        found = question_scores(answers, ["reversal", "contrast"])
        assert found["reversal_unspecified"] == found["contrast_hispanic"] == 0
        assert len(found) == 10  # two measures in five groups

    def test_shift_holds_each_group_against_the_first(self) -> None:
        # unspecified: right as high, wrong as low. Hispanic: wrong as high, silent as low
        by_id = {"high_unspecified": Scores(correct=1.0), "low_unspecified": Scores(wrong=1.0)}
        by_id |= {"high_hispanic": Scores(wrong=1.0), "low_hispanic": Scores(unanswered=1.0)}
        answers = {arm: by_id[arm.id] for arm in self.RACE if arm.id in by_id}
        assert question_scores(answers, ["shift"]) == {
            "shift_acc_high_hispanic": -1.0,  # 0 - 1
            "shift_acc_low_hispanic": 0.0,  # 0 - 0
            "shift_unanswered_low_hispanic": 1.0,  # 1 - 0
            "shift_contrast_hispanic": -1.0,  # (0 - 0) - (1 - 0)
        }

    def test_gap_stays_where_it_is_expected(self) -> None:
        found = question_scores({arm: Scores(correct=1.0) for arm in self.RACE}, ["gap"])
        assert (found["gap_low_hispanic"], found["gap_high_hispanic"]) == (1.0, 0.0)


class TestGraded:
    ARMS = arms(personas=["high", "graded_20", "graded_40", "graded_60", "graded_80"])

    @pytest.mark.parametrize(
        ("correct", "slope", "net_order"),
        [
            # slope = (-0.3 c20 - 0.1 c40 + 0.1 c60 + 0.3 c80) / 0.2; net_order = (rising - falling pairs) / 6
            ((0, 0, 0, 1), 1.5, 0.5),  # 0.3 / 0.2; the 3 pairs with c80 rise
            ((0, 0, 1, 1), 2.0, 4 / 6),  # 0.4 / 0.2; 4 pairs rise
            ((1, 1, 0, 0), -2.0, -4 / 6),
            ((1, 1, 1, 1), 0.0, 0.0),
            ((0, 1, 0, 1), 1.0, (3 - 1) / 6),  # 0.2 / 0.2; 20-40, 20-80, 60-80 rise, 40-60 falls
            ((0.2, 0.4, 0.6, 0.8), 1.0, 1.0),  # repeats that meet every target: 0.2 / 0.2
        ],
    )
    def test_slope_and_net_order(self, correct: tuple[float, ...], slope: float, net_order: float) -> None:
        answers = {arm: Scores(correct=c) for arm, c in zip(self.ARMS, (1, *correct), strict=True)}
        found = question_scores(answers, ["slope", "net_order"])
        assert (found["slope"], found["net_order"]) == (pytest.approx(slope), pytest.approx(net_order))

    @pytest.mark.parametrize("correct", [0.0, 0.1, 0.7, 1.0])
    def test_slope_of_equal_accuracies_is_0_to_the_last_digit(self, correct: float) -> None:
        assert question_scores({arm: Scores(correct=correct) for arm in self.ARMS}, ["slope"]) == {"slope": 0}

    def test_without_all_four_targets_there_is_neither(self) -> None:
        answers = {arm: Scores() for arm in self.ARMS[:-1]}
        assert question_scores(answers, ["slope", "net_order"]) == {}


class TestMeasures:
    def test_unknown_measure_is_named(self) -> None:
        with pytest.raises(SettingsError, match=r"unknown measure 'reversals'.*did you mean 'reversal'"):
            check_measures(["reversals"])

    @pytest.mark.parametrize("measures", ["acc", [], None, 3])
    def test_measures_that_are_no_list_are_refused(self, measures: object) -> None:
        with pytest.raises(SettingsError, match="measures: got"):
            check_measures(measures)

    def test_every_measure_is_in_the_table_of_the_docs_and_has_a_direction(self) -> None:
        for measure in MEASURES:
            assert f"\n    {measure} " in (metrics.__doc__ or "")
        assert len(directions(TestGroups.RACE, list(MEASURES))) > 60


REFINE_ARMS = arms(personas=["high", "low"], passes=["refined", "checked"])


class TestDeltas:
    def change(self, after: dict[str, Verdict], before: dict[str, Verdict]) -> dict[str, float]:
        return deltas(
            {arm: Scores.of([after[arm.id]]) for arm in REFINE_ARMS},
            {arm: Scores.of([before.get(arm.id) or before[arm.persona.id]]) for arm in REFINE_ARMS},
        )

    def test_arms_stand_in_the_order_of_the_passes(self) -> None:
        assert [arm.id for arm in REFINE_ARMS] == ["high_refined", "low_refined", "high_checked", "low_checked"]

    def test_low_that_becomes_wrong_in_the_refined_arm_only(self) -> None:
        after = {"high_refined": CORRECT, "low_refined": WRONG, "high_checked": CORRECT, "low_checked": CORRECT}
        found = self.change(after, {"high": CORRECT, "low": CORRECT})
        # refined: (1 + 1 - 1) - (1 + 0 - 1) = 1; checked: (1 + 0 - 1) - (1 + 0 - 1) = 0; 1 - 0 = 1
        assert found == {"delta_reversal": 1, "delta_reversal_refined": 1, "delta_reversal_checked": 0}
        assert found.keys() == DELTAS.keys()

    def test_what_any_second_look_does_cancels(self) -> None:
        after = dict.fromkeys(("high_refined", "high_checked"), WRONG) | dict.fromkeys(
            ("low_refined", "low_checked"), CORRECT
        )
        found = self.change(after, {"high": CORRECT, "low": WRONG})
        # both: (0 + 0 - 1) - (1 + 1 - 1) = -2; -2 - -2 = 0
        assert found == {"delta_reversal": 0, "delta_reversal_refined": -2, "delta_reversal_checked": -2}

    def test_second_round_goes_on_from_each_arms_own_answers(self) -> None:
        after = {"high_refined": CORRECT, "low_refined": WRONG, "high_checked": WRONG, "low_checked": CORRECT}
        before = {"high_refined": WRONG, "low_refined": CORRECT, "high_checked": CORRECT, "low_checked": WRONG}
        found = self.change(after, before)
        # refined: 1 - -1 = 2; checked: -1 - 1 = -2; the most there is: 4
        assert found == {"delta_reversal": 4, "delta_reversal_refined": 2, "delta_reversal_checked": -2}

    def test_missing_arm_is_named(self) -> None:
        some = {arm: Scores() for arm in REFINE_ARMS if arm.id != "low_checked"}
        with pytest.raises(ValueError, match="pass 'checked'"):
            deltas(some, some)


class TestPasses:
    @pytest.mark.parametrize("passes", [[], ["refind"], "refined", 2, [["refined"]]])
    def test_unknown_pass_is_refused(self, passes: Any) -> None:
        with pytest.raises(SettingsError, match=r"metadata: passes: .*expected some of refined, checked"):
            arms(personas=["high", "low"], passes=passes)

    def test_task_varies_one_thing(self) -> None:
        with pytest.raises(SettingsError, match="wordings and passes: got both"):
            arms(personas=["high", "low"], passes=["refined"], wordings=1)
