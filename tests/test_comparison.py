"""Runs -> tables -> text: hand-computed cells, and nothing where nothing was measured."""

import json
import random
from pathlib import Path

import pytest

from reversed_persona.cli import main
from reversed_persona.comparison.ranking import CORE_TASKS
from reversed_persona.comparison.summary import task_tables
from reversed_persona.runs import read_runs
from reversed_persona.statistics.intervals import mean_interval, paired_interval
from run_files import ROWS, STATUSES, compared, many, row, written


class TestCoreTable:
    def test_cells_are_those_computed_by_hand(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        # p1: high right, low wrong: 1. p2: high right, low unanswered: 0. p3: high wrong, low right: -1
        written(tmp_path / "m")
        ((cells,),) = [table["rows"] for table in compared(capsys, tmp_path)]
        assert (cells["model"], cells["n"]) == ("org/model", 3)
        assert cells["acc_none"] == pytest.approx(2 / 3)
        assert cells["acc_high"] == pytest.approx(2 / 3)
        assert cells["acc_low"] == cells["unanswered_low"] == pytest.approx(1 / 3)
        expected = paired_interval(1, 1, 3)
        assert cells["reversal"] == {"estimate": 0, "low": expected.low, "high": expected.high}
        assert cells["suppression"]["estimate"] == 0  # mean reversal 0 over acc_high 2/3
        assert cells["suppression"]["low"] < -1 and cells["suppression"]["high"] == 1
        assert cells["contrast"] == {"least": 0, "most": pytest.approx(1 / 3)}  # p2 as low might have been wrong
        assert (cells["discordant"], cells["p"], cells["p_bh"]) == ("1:1", 1, 1)
        assert (cells["modal_wrong_share"], cells["modal_offset_share"]) == (1, 1)  # one wrong answer, 8 for 7
        assert cells["rank"] == {"first": 1, "last": 1}

    def test_partial_and_custom_runs_are_flagged_and_not_ranked(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        written(tmp_path / "a", model="whole")
        written(tmp_path / "b", model="part", rows=ROWS[:2], limit=2)
        (table,) = compared(capsys, tmp_path)
        by_model = {cells["model"]: cells for cells in table["rows"]}
        assert by_model["whole"]["rank"] == {"first": 1, "last": 1}
        assert (by_model["part"]["rank"], by_model["part"]["flags"]) == (None, "partial")

    def test_reference_respondents_stand_last_and_have_no_place(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        written(tmp_path / "a", model="perfect", rows=many(50, high=1, low=0), reference_respondent=True)
        written(tmp_path / "b", model="poor", rows=many(50, high=0.5, low=0.5))
        (table,) = compared(capsys, tmp_path)
        assert [cells["model"] for cells in table["rows"]] == ["poor", "perfect (reference)"]
        assert table["rows"][1]["rank"] is None

    def test_models_far_apart_have_places_of_their_own_and_twins_share_them(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for seed, (name, low) in enumerate((("best", 0.0), ("twin_a", 0.5), ("twin_b", 0.5), ("worst", 1.0))):
            written(tmp_path / name, model=name, rows=many(300, high=0.95, low=low, seed=seed))
        (table,) = compared(capsys, tmp_path)
        places = {cells["model"]: (cells["rank"]["first"], cells["rank"]["last"]) for cells in table["rows"]}
        assert places == {"best": (1, 1), "twin_a": (2, 3), "twin_b": (2, 3), "worst": (4, 4)}

    def test_answer_given_again_and_again_is_flagged(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        written(tmp_path, rows=many(60, high=1, low=0))  # every wrong answer is 8
        (table,) = compared(capsys, tmp_path)
        assert table["rows"][0]["flags"] == "wrong answers alike"


class TestOtherTables:
    def test_graded_run_has_a_slope_and_targets_beyond_its_ability(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        # right on the easiest 1, 2, 3, 4 of 5 questions: 20, 40, 60, 80 %; without a persona right on 3 of 5
        targets = {"graded_20": 1, "graded_40": 2, "graded_60": 3, "graded_80": 4, "none": 3, "high": 5}
        rows = [row(f"p{k}", **{arm: STATUSES[k < right] for arm, right in targets.items()}) for k in range(5)]
        written(tmp_path, rows=rows, task="reversed_persona_gsm8k_graded")
        (table,) = compared(capsys, tmp_path)
        (cells,) = table["rows"]
        assert cells["slope"]["estimate"] == pytest.approx(1)
        assert cells["calibration_error"] == pytest.approx(0)
        # sqrt(2 t (1 - t) / (5 pi)): 0.142730 for 0.2 and 0.8, 0.174808 for 0.4 and 0.6
        assert cells["noise_floor"] == pytest.approx(0.158769, abs=1e-5)
        # right from the target of 20, 40, 60, 80 % on, or never: 0, 3, 4, 3, 0 of 6 pairs rise
        assert cells["pairs_apart"] == pytest.approx(10 / 30) == pytest.approx(cells["net_order"]["estimate"])
        assert cells["beyond ability"] == "graded_80"
        (by_target,) = compared(capsys, tmp_path, "--by", "target")
        assert [cells["acc"] for cells in by_target["rows"]] == pytest.approx([0.2, 0.4, 0.6, 0.8])
        assert [cells["beyond ability"] for cells in by_target["rows"]] == ["no", "no", "no", "yes"]
        assert by_target["rows"][0]["gap"]["low"] >= -0.2  # no accuracy is below 0
        assert by_target["rows"][0]["difficulty_awareness"] is None  # fewer than 20 wrong and 20 right

    def test_wordings_lie_apart_and_so_far_by_chance(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        draw = random.Random(2)
        arms = {f"{persona}_wording_{k}": 0.1 * k + 0.2 for k in (1, 2, 5) for persona in ("high", "low")}
        rows = [
            row(f"p{k}", **{arm: STATUSES[draw.random() < chance] for arm, chance in arms.items()}) for k in range(200)
        ]
        written(tmp_path, rows=rows, task="reversed_persona_gsm8k_paraphrase")
        (table,) = compared(capsys, tmp_path)
        (cells,) = table["rows"]
        assert 0 < cells["by_chance"] < 0.2 and cells["sd"] > 0 and cells["p"] == cells["p_bh"]
        (by_wording,) = compared(capsys, tmp_path, "--by", "wording")
        assert [cells["wording"] for cells in by_wording["rows"]] == ["wording_1", "wording_2", "wording_5"]
        reversals = [cells["reversal"]["estimate"] for cells in by_wording["rows"]]
        assert cells["largest_difference"] == pytest.approx(max(reversals) - min(reversals))

    def test_task_without_high_and_low_shows_what_lm_eval_reports(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        written(tmp_path, rows=[row("p1", deliberate="wrong")], task="control_reversed_persona_sample")
        (table,) = compared(capsys, tmp_path)
        assert table["rows"][0]["reversal"] == {"value": 0.0, "stderr": 0.5774}

    def test_core_stands_before_what_goes_on_from_it(self, tmp_path: Path) -> None:
        for task in ("judge_reversed_persona_sample", "reversed_persona_gsm8k"):
            written(tmp_path / task, task=task)
        assert [table.name for table in task_tables(read_runs([tmp_path]).runs)] == [
            "reversed_persona_gsm8k",
            "judge_reversed_persona_sample",
        ]


class TestRankingAndDifferences:
    @pytest.fixture
    def both(self, tmp_path: Path) -> Path:
        for model, low in (("one", 0.2), ("two", 0.8)):
            for place, task in enumerate(CORE_TASKS):
                folder = tmp_path / f"{model}{place}"
                written(folder, model=model, task=task, rows=many(200, high=0.9, low=low, seed=place))
        written(tmp_path / "half", model="half", task=CORE_TASKS[0], rows=many(200, high=0.9, low=0.5))
        return tmp_path

    def test_model_that_lacks_a_task_is_not_ranked(self, both: Path, capsys: pytest.CaptureFixture[str]) -> None:
        ranking = compared(capsys, both)[0]
        assert ranking["name"] == "ranking"
        assert [cells["model"] for cells in ranking["rows"]] == ["one", "two"]
        first = ranking["rows"][0]
        assert first["R"]["estimate"] == pytest.approx(
            (first[CORE_TASKS[0]]["estimate"] + first[CORE_TASKS[1]]["estimate"]) / 2
        )

    def test_differences_are_paired_and_adjusted(self, both: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (table,) = compared(capsys, both, "--against", "one")
        by_key = {(cells["task"], cells["model"]): cells for cells in table["rows"]}
        assert by_key["R", "two"]["difference"]["high"] < 0
        assert by_key[CORE_TASKS[0], "two"]["p_holm"] >= by_key[CORE_TASKS[0], "two"]["p"]

    def test_difference_over_both_sets_says_that_a_part_of_it_is_partial(
        self, both: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for model in ("one", "two"):  # whole ones go before partial ones: these are the only ones
            for path in (both / f"{model}0").iterdir():
                path.unlink()
            written(both / f"{model}0", model=model, task=CORE_TASKS[0], rows=many(50, high=0.9, low=0.5), limit=50)
        (table,) = compared(capsys, both, "--against", "one")
        (over_both,) = (cells for cells in table["rows"] if cells["task"] == "R")
        assert over_both["n"] == 50 + 200
        assert over_both["flags"] == "partial, wrong answers alike"
        assert f"one itself is partial in {CORE_TASKS[0]}: 50 questions" in table["notes"]

    def test_difference_that_might_have_been_two_is_no_three_way_outcome(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        # "two" gets two questions more right as high: differences of 1 alone, though 2 was possible
        for model, first in (("one", "wrong"), ("two", "correct")):
            highs = [first, first, *["correct"] * 98]
            rows = [row(f"p{k}", none="correct", high=high, low="wrong") for k, high in enumerate(highs)]
            written(tmp_path / model, model=model, rows=rows)
        (table,) = compared(capsys, tmp_path, "--against", "one")
        difference = table["rows"][0]["difference"]
        expected = mean_interval([1, 1, *[0] * 98])
        assert (difference["low"], difference["high"]) == pytest.approx((expected.low, expected.high))
        assert difference["high"] != pytest.approx(paired_interval(2, 0, 100).high, abs=0.005)

    def test_taking_apart_and_differences_exclude_each_other(
        self, both: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit) as ended:
            main(["compare", str(both), "--by", "difficulty", "--against", "one"])
        assert ended.value.code == 2
        assert "not allowed with" in capsys.readouterr().err

    def test_models_without_a_question_in_common_have_no_rank(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        written(tmp_path / "a", model="a")
        others = [row(f"q{k}", none="correct", high="correct", low="wrong") for k in range(3)]
        written(tmp_path / "b", model="b", rows=others)
        (table,) = compared(capsys, tmp_path)
        assert [cells["rank"] for cells in table["rows"]] == [None, None]

    def test_partial_run_is_marked_in_differences_too(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        written(tmp_path / "a", model="a")
        written(tmp_path / "b", model="b", rows=ROWS[:2], limit=2)
        (table,) = compared(capsys, tmp_path, "--against", "a")
        assert (table["rows"][0]["n"], table["rows"][0]["flags"]) == (2, "partial")

    def test_unknown_model_gets_the_nearest_name(self, both: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["compare", str(both), "--against", "hal"]) == 2
        assert "did you mean 'half'?" in capsys.readouterr().err

    def test_parts_that_no_run_has_are_one_line(self, both: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["compare", str(both), "--by", "race"]) == 2
        assert "expected a run of a _race task" in capsys.readouterr().err


class TestMessages:
    def test_left_out_files_and_older_runs_are_named(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        written(tmp_path / "good", model="good")
        written(tmp_path / "good", model="good", date="2025-01-01T00-00-00.0")
        written(tmp_path / "bad", model="bad").write_text("{")
        assert main(["compare", str(tmp_path)]) == 0
        said = capsys.readouterr().err
        assert "left out: " in said
        assert "line 1: is not JSON" in said
        assert "older: good, sample_reversed_persona, 2025-01-01" in said

    def test_nothing_to_compare_is_one_line(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        written(tmp_path)
        assert main(["compare", str(tmp_path), "--task", "reversed_persona_gsm8k"]) == 2
        said = capsys.readouterr().err
        assert "no run of reversed_persona_gsm8k" in said and "did you mean" not in said  # it is no misspelt name
        assert main(["compare", str(tmp_path), "--task", "reversed_persona_gsm", "--date", "2099"]) == 2
        said = capsys.readouterr().err
        assert "no run of reversed_persona_gsm with a date that begins with '2099' could be read" in said
        assert "did you mean 'reversed_persona_gsm8k'?" in said


def test_a_judges_row_says_whom_it_judged_and_that_nobody_has_validated_it(tmp_path: Path) -> None:
    task = "judge_reversed_persona_sample"
    log = written(tmp_path, task=task, model="org/judge")
    results = next(log.parent.glob("results_*.json"))
    found = json.loads(results.read_text())
    judged = {"judge": "org/judge", "validated": False, "self_judging": True, "earlier_run": {"model": "org/student"}}
    found["configs"][task]["metadata"] |= judged
    results.write_text(json.dumps(found))
    (table,) = task_tables(read_runs([tmp_path]).runs)
    (row,) = table.rows
    assert (row["model"], row["of"], row["flags"]) == ("org/judge", "org/student", "unvalidated, self-judging")
    assert row["n"] == 3  # as the results say: its log names no problems


def test_a_refined_row_says_which_round_it_is(tmp_path: Path) -> None:
    task = "refine_reversed_persona_sample"
    arms = {f"{persona}_{done}": "correct" for persona in ("high", "low") for done in ("refined", "checked")}
    log = written(tmp_path, task=task, rows=[row(f"p{k}", **arms) for k in range(3)])
    results = next(log.parent.glob("results_*.json"))
    found = json.loads(results.read_text())
    found["results"][task]["delta_reversal,verdict"] = 0.0
    found["configs"][task]["metadata"]["round"] = 2
    results.write_text(json.dumps(found))
    (table,) = task_tables(read_runs([tmp_path]).runs)
    assert table.rows[0]["round"] == 2
    assert "against the round before it" in table.notes[0]
