"""Every protocol task against respondents whose scores are known beforehand, on the 64 sample problems.

A respondent has one trait that another, the plain one, lacks. The trait has to show in the metrics that are there for
it, at the value worked out here, and every other metric has to stay what it is for the plain one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from lm_eval import simple_evaluate
from lm_eval.tasks import TaskManager

import reversed_persona.simulation  # noqa: F401  # registers simulated_student
from reversed_persona.arms import every_arm
from reversed_persona.personas import load_templates
from reversed_persona.problems import load_problems
from reversed_persona.rendering import task_folder
from reversed_persona.students import Student, outcomes

CORE, ONESHOT = "sample_reversed_persona", "reversed_persona_gsm8k_oneshot"
RACE, IRRELEVANT = "reversed_persona_gsm8k_race", "reversed_persona_gsm8k_irrelevant"
GRADED, PARAPHRASE = "reversed_persona_gsm8k_graded", "reversed_persona_gsm8k_paraphrase"
CONTROL = "control_reversed_persona_sample"
N = 64


@pytest.fixture(autouse=True)
def no_inventory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare the list of installed packages that lm-eval adds to results: it takes longer than the evaluation."""
    monkeypatch.setattr("lm_eval.evaluator.add_env_info", lambda storage: None)


@cache
def results(task: str, model_args: str, **options: Any) -> dict[str, Any]:
    metadata = {"problems": "sample", "questions": None, "persona_role": options.pop("role", "user")}
    found: dict[str, Any] = simple_evaluate(
        model="simulated_student",
        model_args=model_args,
        tasks=[task],
        task_manager=TaskManager(include_path=str(task_folder()), include_defaults=False, metadata=metadata),
        **options,
    )
    return found


def means(task: str, model_args: str, **options: Any) -> dict[str, float]:
    found = results(task, model_args, **options)["results"][task]
    return {key.removesuffix(",verdict"): value for key, value in found.items() if key.endswith(",verdict")}


def scores(task: str, model_args: str, **options: Any) -> dict[str, float]:
    """Return the means without their standard errors."""
    return {name: value for name, value in means(task, model_args, **options).items() if not name.endswith("_stderr")}


def rows(task: str, model_args: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = results(task, model_args)["samples"][task]
    return found


@dataclass(frozen=True)
class Trait:
    """What a respondent has that the plain one lacks, and all that changes with it."""

    name: str
    task: str
    plain: str
    trait: str
    shows: Mapping[str, float]


TRAITS = [
    Trait(
        "biased in accuracy",  # as low, 16 of 64 right; as low and Hispanic, 48
        RACE,
        "high=1.0,low=0.25",
        "low_hispanic=0.75",
        {
            "acc_low_hispanic": 48 / N,
            "contrast_hispanic": (64 - 48) / N,
            "reversal_hispanic": (64 + 16) / N - 1,
            "shift_acc_low_hispanic": (48 - 16) / N,
            "shift_contrast_hispanic": ((64 - 48) - (64 - 16)) / N,
        },
    ),
    Trait(
        "biased in silence",  # 32 of the 48 wrong answers are left out
        RACE,
        "high=1.0,low=0.25",
        "unanswered_low_asian_american=0.5",
        {
            "unanswered_low_asian_american": 32 / N,
            "reversal_asian_american": (64 + 16) / N - 1,
            "shift_unanswered_low_asian_american": 32 / N,
        },
    ),
    Trait(
        "biased as high, in the group that all others are held against",
        RACE,
        "high=1.0,low=0.0",
        "high_unspecified=0.5",
        {
            "acc_high_unspecified": 32 / N,
            "contrast_unspecified": 32 / N,
            "reversal_unspecified": (32 + 64) / N - 1,
            **{
                f"shift_{metric}_{group}": (64 - 32) / N
                for metric in ("acc_high", "contrast")
                for group in ("african_american", "white_american", "hispanic", "asian_american")
            },
        },
    ),
    Trait(
        "moved by the weekday",
        IRRELEVANT,
        "high=0.75,low=0.25",
        "low_weekday=0.0",
        {
            "acc_low_weekday": 0,
            "contrast_weekday": 48 / N,
            "reversal_weekday": (48 + 64) / N - 1,
            "shift_acc_low_weekday": -16 / N,
            "shift_contrast_weekday": 16 / N,
        },
    ),
    Trait(
        "calibrated",  # 0.2 * 64 = 12.8, 25.6, 38.4, 51.2: 13, 26, 38 and 51 right
        GRADED,
        "accuracy=0.5",
        "calibrated=true",
        {
            "acc_graded_20": 13 / N,
            "acc_graded_40": 26 / N,
            "acc_graded_60": 38 / N,
            "acc_graded_80": 51 / N,
            "gap_graded_20": 13 / N - 0.2,
            "gap_graded_40": 26 / N - 0.4,
            "gap_graded_60": 38 / N - 0.6,
            "gap_graded_80": 51 / N - 0.8,
            "acc_high": 1,
            "gap_high": 0,
            # what is right for one target is right for all higher ones
            "slope": (-0.3 * 13 - 0.1 * 26 + 0.1 * 38 + 0.3 * 51) / 0.2 / N,  # 63/64
            # right from 40 on: 13 problems with 3 of 6 pairs rising; from 60 on: 12 with 4; for 80 only: 13 with 3
            "net_order": (13 * 3 + 12 * 4 + 13 * 3) / 6 / N,
        },
    ),
    Trait(
        "one target only",
        GRADED,
        "accuracy=0.5",
        "graded_80=1.0",
        {
            "acc_graded_80": 1,
            "gap_graded_80": 1 - 0.8,
            "slope": 0.3 * 32 / 0.2 / N,  # the 32 problems that are wrong for the other three
            "net_order": 32 * 3 / 6 / N,
        },
    ),
    Trait(
        "flips half of its wrong answers",
        CORE,
        "high=1.0,low=0.0",
        "flip_low=0.5",
        # a swapped answer is no result of the working
        {"flip_low": 32 / N, "derived_low": 32 / N, "reversal_faithful": (64 + 32) / N - 1},
    ),
    Trait(
        "flips without a persona",  # 32 wrong, 16 of them flips; one right answer is an interval, never computed
        CORE,
        "none=0.5,high=1.0,low=0.0",
        "flip_none=0.5",
        {"flip_none": 16 / N, "derived_none": (64 - 16 - 1) / N},
    ),
    Trait(
        "will not answer wrongly, or answer",  # 16 right, 16 silent, 32 wrong
        CONTROL,
        "deliberate=0.0",
        "deliberate=0.25,unanswered_deliberate=0.25",
        {
            "acc_deliberate": 16 / N,
            "unanswered_deliberate": 16 / N,
            "wrong_deliberate": 32 / N,
            "derived_deliberate": 48 / N,
        },
    ),
    Trait(
        "weaker in one wording",
        PARAPHRASE,
        "high=1.0,low=0.0",
        "low_wording_3=0.5",
        {"acc_low_wording_3": 32 / N, "reversal_wording_3": (64 + 32) / N - 1},
    ),
    Trait(
        "silent in the first wording",
        PARAPHRASE,
        "high=1.0,low=0.0",
        "unanswered_low_wording_1=0.25",
        {"unanswered_low_wording_1": 16 / N, "reversal_wording_1": (64 + 48) / N - 1},
    ),
    Trait(
        "weaker as high, after an exemplar",
        ONESHOT,
        "high=1.0,low=0.0",
        "high=0.75",
        {
            "acc_high": 48 / N,
            "gap_high": -16 / N,
            "contrast": 48 / N,
            "reversal": (48 + 64) / N - 1,
            "reversal_faithful": (48 + 64) / N - 1,
        },
    ),
]


@pytest.mark.parametrize("case", TRAITS, ids=[trait.name for trait in TRAITS])
def test_trait_shows_in_its_metrics_and_nowhere_else(case: Trait) -> None:
    plain = scores(case.task, case.plain)
    # a trait may name an argument anew
    arguments = dict(pair.split("=") for pair in f"{case.plain},{case.trait}".split(","))
    found = scores(case.task, ",".join(f"{key}={value}" for key, value in arguments.items()))
    assert found == pytest.approx({**plain, **case.shows})
    assert all(plain[name] != pytest.approx(value) for name, value in case.shows.items())


@pytest.mark.parametrize("task", [RACE, IRRELEVANT])
@pytest.mark.parametrize(
    "model_args", ["high=0.9,low=0.3,unanswered_low=0.2", "accuracy=0.5", "exact=false,accuracy=0.5"]
)
def test_unbiased_respondent_has_shifts_of_exactly_0(task: str, model_args: str) -> None:
    shifts = {name: value for name, value in scores(task, model_args).items() if name.startswith("shift_")}
    assert len(shifts) == 4 * (4 if task == RACE else 3)  # 4 metrics of each group but the first
    assert set(shifts.values()) == {0}


class TestGraded:
    def test_respondent_that_is_blind_to_the_targets_has_slope_and_order_0(self) -> None:
        for row in rows(GRADED, "accuracy=0.5"):
            assert (row["slope"], row["net_order"]) == (0, 0)

    def test_easy_first_meets_the_same_targets_with_the_easier_problems(self) -> None:
        plain, easy = ("accuracy=0.5,calibrated=true", "accuracy=0.5,calibrated=true,easy_first=true")
        assert scores(GRADED, easy) == pytest.approx(scores(GRADED, plain))
        difficulties = sorted(problem["difficulty"] for problem in load_problems("sample"))
        for target, right in ((20, 13), (40, 26), (60, 38), (80, 51)):
            name = f"acc_graded_{target}"
            solved = sorted(row["doc"]["difficulty"] for row in rows(GRADED, easy) if row[name] == 1)
            assert solved == difficulties[:right]
            assert sorted(row["doc"]["difficulty"] for row in rows(GRADED, plain) if row[name] == 1) != solved

    def test_targets_met_each_by_itself_give_the_same_slope_and_less_order(self) -> None:
        apart = "accuracy=0.5,calibrated=true,coupled=false"
        found, coupled = scores(GRADED, apart), scores(GRADED, "accuracy=0.5,calibrated=true")
        # the slope is linear in the accuracies, which are the same
        assert {**found, "net_order": 0} == pytest.approx({**coupled, "net_order": 0})
        # the order is worked out from what becomes of each problem
        student = Student(accuracy=0.5, calibrated=True, coupled=False)
        arms = {arm.id: arm for arm in every_arm(load_templates())}
        difficulties = {problem["problem_id"]: problem["difficulty"] for problem in load_problems("sample")}
        right = [
            {
                name: outcome == "correct"
                for name, outcome in outcomes(student, arms[f"graded_{t}"], difficulties).items()
            }
            for t in (20, 40, 60, 80)
        ]
        pairs = [(one, other) for n, one in enumerate(right) for other in right[n + 1 :]]
        net = sum(other[name] - one[name] for one, other in pairs for name in difficulties)
        assert found["net_order"] == pytest.approx(net / 6 / N)
        assert any(row["net_order"] < 0 for row in rows(GRADED, apart))
        assert not any(row["net_order"] < 0 for row in rows(GRADED, "accuracy=0.5,calibrated=true"))


class TestResampling:
    """A respondent that gets other problems right in every arm, for no reason."""

    def test_with_equal_accuracies_the_contrast_is_0_and_that_of_single_questions_is_not(self) -> None:
        coupled, apart = (means(CORE, f"accuracy=0.5,coupled={word}") for word in ("true", "false"))
        assert (apart["contrast"], apart["reversal"]) == (coupled["contrast"], coupled["reversal"]) == (0, 0)
        assert [apart[f"acc_{arm}"] for arm in ("none", "high", "low")] == [0.5] * 3
        ups, downs = (
            sum(row["contrast"] == sign for row in rows(CORE, "accuracy=0.5,coupled=false")) for sign in (1, -1)
        )
        assert ups == downs > 0
        assert coupled["contrast_stderr"] == 0
        # values 1, 0 and -1 with mean 0
        assert apart["contrast_stderr"] == pytest.approx((2 * ups / (N - 1) / N) ** 0.5)

    def test_with_shares_that_are_not_exact_it_is_0_in_expectation(self) -> None:
        found = [means(CORE, f"accuracy=0.5,coupled=false,exact=false,seed={seed}") for seed in range(4)]
        assert any(one["contrast"] != 0 for one in found)
        # each question's contrast has variance 1/2, so the mean of 4 * 64 has the standard deviation 0.044
        assert abs(sum(one["contrast"] for one in found) / 4) < 3 * 0.044


class TestWhatIsRead:
    def test_exemplar_misleads_nobody(self) -> None:
        plain = scores(CORE, "high=0.75,low=0.25,unanswered_low=0.25,flip_low=0.5")
        shown = scores(ONESHOT, "high=0.75,low=0.25,unanswered_low=0.25,flip_low=0.5")
        assert shown == {name: value for name, value in plain.items() if not name.endswith("_none")}

    @pytest.mark.parametrize("task", [CORE, ONESHOT, RACE, IRRELEVANT, GRADED, PARAPHRASE, CONTROL])
    def test_chat_template_and_system_message_change_no_number(self, task: str) -> None:
        model_args = "high=0.9,low=0.3,calibrated=true,unanswered_low=0.2,flip_low=0.5,deliberate=0.3"
        chat = scores(task, model_args, apply_chat_template=True, role="system", system_instruction="Be brief.")
        assert chat == scores(task, model_args)
