from collections import Counter
from typing import Any

import pytest

from reversed_persona.arms import every_arm
from reversed_persona.errors import SettingsError
from reversed_persona.personas import load_templates
from reversed_persona.simulation import SimulatedStudent
from reversed_persona.students import Outcome, Student, outcomes

ARMS = {arm.id: arm for arm in every_arm(load_templates())}
PROBLEMS = {f"p{i}": 1 + i % 5 for i in range(50)}  # ten of each difficulty from 1 to 5


def student(**model_args: Any) -> Student:
    return Student.from_model_args(model_args, list(ARMS.values()))


def of(behaviour: Student, arm: str, problems: dict[str, int] = PROBLEMS) -> dict[str, Outcome]:
    return outcomes(behaviour, ARMS[arm], problems)


def those(found: dict[str, Outcome], outcome: Outcome) -> set[str]:
    return {name for name, one in found.items() if one == outcome}


class TestOutcomes:
    def test_shares_are_exact(self) -> None:
        # of 50 problems 0.3 are 15 right and 0.1 are 5 silent, which leaves 30 wrong; half of those are 15 flips
        found = Counter(of(student(low=0.3, unanswered_low=0.1, flip_low=0.5), "low").values())
        assert found == {"correct": 15, "unanswered": 5, "wrong": 15, "flipped": 15}

    def test_exact_shares_round_half_up(self) -> None:
        five = dict(list(PROBLEMS.items())[:5])
        assert Counter(of(student(low=0.5), "low", five).values()) == {"correct": 3, "wrong": 2}

    def test_inexact_shares_are_near(self) -> None:
        found = Counter(
            of(student(accuracy=0.3, flip=0.5, exact=False), "low", {f"p{i}": 1 for i in range(10_000)}).values()
        )
        assert abs(found["correct"] - 3000) < 5 * 46  # a binomial's standard deviation is sqrt(10000 * 0.3 * 0.7) = 46
        assert abs(found["flipped"] - 3500) < 5 * 48  # sqrt(10000 * 0.35 * 0.65) = 48

    def test_no_problem_gives_no_outcome(self) -> None:
        assert of(student(), "low", {}) == {}

    def test_coupled_arms_of_equal_shares_agree_on_every_problem(self) -> None:
        equal = student(accuracy=0.4, flip=0.5)
        assert of(equal, "high") == of(equal, "low") == of(equal, "low_hispanic")

    def test_coupled_lower_accuracy_solves_a_subset(self) -> None:
        both = student(high=0.8, low=0.4)
        assert those(of(both, "low"), "correct") < those(of(both, "high"), "correct")

    def test_uncoupled_arms_differ(self) -> None:
        apart = student(accuracy=0.4, coupled=False)
        assert of(apart, "high") != of(apart, "low")
        assert of(apart, "low") != of(apart, "low_hispanic")

    def test_seed_changes_which_problems(self) -> None:
        assert of(student(seed=1), "low") != of(student(seed=2), "low")

    def test_order_of_the_problems_does_not_matter(self) -> None:
        assert of(student(), "low") == of(student(), "low", dict(reversed(PROBLEMS.items())))

    def test_easy_first_gets_the_easiest_right_and_leaves_out_the_hardest(self) -> None:
        # 25 right: all 20 of difficulty 1 and 2, and 5 of the 10 of difficulty 3; 10 silent: those of difficulty 5
        found = of(student(low=0.5, unanswered_low=0.2, easy_first=True), "low")
        assert Counter(PROBLEMS[name] for name in those(found, "correct")) == {1: 10, 2: 10, 3: 5}
        assert {PROBLEMS[name] for name in those(found, "unanswered")} == {5}

    def test_without_easy_first_difficulty_plays_no_part(self) -> None:
        assert of(student(low=0.5), "low") == of(student(low=0.5), "low", dict.fromkeys(PROBLEMS, 1))

    def test_flips_are_among_the_wrong_answers_and_leave_the_rest_alone(self) -> None:
        without, with_flips = of(student(low=0.4), "low"), of(student(low=0.4, flip_low=0.25), "low")
        assert those(without, "correct") == those(with_flips, "correct")
        assert those(with_flips, "flipped") < those(without, "wrong")
        assert len(those(with_flips, "flipped")) == 8  # 30 wrong, a quarter of them is 7.5


class TestShares:
    """What is named most closely counts."""

    def test_an_arm_of_its_own_comes_before_its_persona_and_that_before_the_rest(self) -> None:
        named = student(accuracy=0.1, low=0.2, low_hispanic=0.3, unanswered_low=0.4, flip_low_hispanic=0.5)
        assert named.shares(ARMS["low_hispanic"]) == (0.3, 0.4, 0.5)
        assert named.shares(ARMS["low_asian_american"]) == (0.2, 0.4, 0.0)
        assert named.shares(ARMS["high"]) == (0.1, 0.0, 0.0)

    def test_calibrated_meets_what_is_expected_unless_named(self) -> None:
        calibrated = student(calibrated=True, accuracy=0.7, graded_40=0.5)
        found = {name: calibrated.shares(ARMS[name])[0] for name in ("graded_20", "graded_40", "high", "low", "none")}
        assert found == {"graded_20": 0.2, "graded_40": 0.5, "high": 1.0, "low": 0.0, "none": 0.7}


class TestModelArguments:
    @pytest.mark.parametrize(
        ("model_args", "says"),
        [
            ({"hihg": 1.0}, "unknown model argument 'hihg'; expected one of accuracy, .*did you mean 'high'"),
            ({"flip_lwo": 1.0}, "unknown model argument 'flip_lwo'.*did you mean 'flip_low'"),
            ({"accuracy": 1.2}, "accuracy: got 1.2; expected a share from 0 to 1"),
            ({"low": -0.1}, "low: got -0.1"),
            ({"low": float("nan")}, "low: got nan"),
            ({"low": "none"}, "low: got 'none'; expected a number"),
            ({"low": True}, "low: got True; expected a number"),
            ({"flip_low": 1.5}, "flip_low: got 1.5; expected a share from 0 to 1"),
            ({"flip": "all"}, "flip: got 'all'; expected a number"),
            ({"exact": 1}, "exact: got 1; expected true or false"),
            ({"easy_first": "yes"}, "easy_first: got 'yes'; expected true or false"),
            ({"calibrated": 0.2}, "calibrated: got 0.2; expected true or false"),
            ({"seed": "x"}, "seed: got 'x'"),
            ({"low": 0.6, "unanswered_low": 0.6}, "low: accuracy 0.6 and unanswered 0.6 add up to more than 1"),
            ({"calibrated": True, "unanswered": 0.1}, "high: accuracy 1.0 and unanswered 0.1 add up to more than 1"),
            ({"easy_first": True, "exact": False}, "easy_first needs exact shares; leave out exact=false"),
        ],
    )
    def test_bad_argument_is_named_in_one_line(self, model_args: dict[str, Any], says: str) -> None:
        with pytest.raises(SettingsError, match=says) as raised:
            SimulatedStudent(**model_args)
        assert len(str(raised.value)) < 300

    def test_lm_evals_own_arguments_are_accepted(self) -> None:
        built = SimulatedStudent.create_from_arg_string(
            "model=x,high=1.0,low=0,easy_first=true", {"batch_size": 1, "device": None}
        )
        assert built.student == Student(named={"high": 1.0, "low": 0.0}, easy_first=True)
