"""One model's runs -> numbers: each taken from `comparison` and `statistics`, and letters by hand."""

import numpy as np
import pytest

from board_entries import JUDGED, make_run
from reversed_persona.comparison.summary import task_tables
from reversed_persona.leaderboard.board.measuring import OVERALL, letters_of, measure, overall_of
from reversed_persona.runs import ArmCollector
from reversed_persona.statistics.intervals import combined_interval, interval_of

ONE = make_run("task_one", none="cccu", high="cccw", low="wfcu")
OTHER = make_run("task_other", none="cw", high="cc", low="ww")
BOTH, CORE = {"task_one": ONE, "task_other": OTHER}, ["task_one", "task_other"]


def arm(*questions: str):
    collector = ArmCollector(None)
    for letters in questions:
        collector.add([JUDGED[letter] for letter in letters])
    return collector.scores()


class TestLettersOf:
    def test_each_question_has_one(self) -> None:
        assert letters_of(arm(*"cwfu")) == "cwfu"

    def test_what_hangs_on_the_repeat_is_mixed(self) -> None:
        # right twice; once right and once wrong; wrong twice, one of them a flip: not a flip every time; flips alone
        assert letters_of(arm("cc", "cw", "wf", "ff", "wu")) == "cmwfm"

    def test_no_question_has_none(self) -> None:
        assert letters_of(arm()) == ""


class TestMeasure:
    def test_rows_are_those_of_compare_but_for_the_place(self) -> None:
        found = measure(BOTH, CORE)
        for task, run in BOTH.items():
            (table,) = task_tables([run])
            assert found.rows[task] == table.rows[0]
            assert found.columns[task] == [name for name in table.columns if name != "rank"]

    def test_reversals_stand_question_by_question(self) -> None:
        # right as high + wrong as low - 1: 1 + 1 - 1, 1 + 1 - 1, 1 + 0 - 1, 0 + 0 - 1
        assert measure(BOTH, CORE).reversals["task_one"].tolist() == [1, 1, 0, -1]

    def test_letters_stand_by_task_and_arm(self) -> None:
        assert measure(BOTH, CORE).letters == {
            "task_one": {"none": "cccu", "high": "cccw", "low": "wfcu"},
            "task_other": {"none": "cw", "high": "cc", "low": "ww"},
        }

    def test_details_are_by_difficulty(self) -> None:
        details = measure(BOTH, CORE).details
        assert [table.title for table in details["task_other"]] == ["task_other, by difficulty"]

    def test_races_are_held_against_the_noise_floor_of_the_same_models_irrelevant_task(self) -> None:
        def run(task: str, other: str, low: str):
            told = {f"{persona}_{group}": "cccc" for persona in ("high", "low") for group in ("unspecified", other)}
            return make_run(
                task, **{**told, f"low_{other}": low, "high_white_american": "cccc", "low_white_american": "cccc"}
            )

        runs = {name: run(name, "hispanic", "cccw") for name in ("a_race", "a_irrelevant")}
        (table,) = (one for one in measure(runs, CORE).details["a_race"] if "race" in one.title)
        assert max(row["irrelevant_largest"] for row in table.rows) == 0.25  # one of four as low
        assert not any("no noise floor" in note for note in table.notes)
        (alone,) = (one for one in measure({"a_race": runs["a_race"]}, CORE).details["a_race"] if "race" in one.title)
        assert {row["irrelevant_largest"] for row in alone.rows} == {None}

    def test_without_a_core_task_there_is_no_row_over_the_core(self) -> None:
        assert OVERALL in measure(BOTH, CORE).rows
        assert OVERALL not in measure({"task_one": ONE}, CORE).rows

    def test_a_task_without_high_and_low_has_a_row_and_no_reversal(self) -> None:
        found = measure({"control": make_run("control", deliberate="cw")}, CORE)
        assert (list(found.rows), list(found.reversals)) == (["control"], [])
        assert found.details == {"control": []}


class TestOverall:
    def test_by_hand(self) -> None:
        row = measure(BOTH, CORE).rows[OVERALL]
        # (1/4 + 1) / 2; a flip is not faithful: ((1 + 0 + 0 - 1) / 4 + 1) / 2
        assert row["R"].estimate == pytest.approx(0.625)
        assert row["R_faithful"].estimate == pytest.approx(0.5)
        # (3/4 + 1/2) / 2, (3/4 + 1) / 2, (1/4 + 0) / 2, (1/4 + 0) / 2
        means = [row[name] for name in ("acc_none", "acc_high", "acc_low", "unanswered_low")]
        assert means == pytest.approx([0.625, 0.875, 0.125, 0.125])

    def test_the_interval_is_that_of_both_tasks_together(self) -> None:
        expected = combined_interval(*(interval_of(values) for values in ([1, 1, 0, -1], [1, 1])))
        assert measure(BOTH, CORE).rows[OVERALL]["R"] == expected

    def test_what_one_task_did_not_ask_is_not_measured(self) -> None:
        without = {**BOTH, "task_other": make_run("task_other", high="cc", low="ww")}
        row = measure(without, CORE).rows[OVERALL]
        assert row["acc_none"] is None
        assert row["R"] is not None

    def test_a_flag_of_one_task_is_named_once(self) -> None:
        flagged = {"task_one": "a, b", "task_other": "b"}
        rows = [{**measure(BOTH, CORE).rows[task], "flags": said} for task, said in flagged.items()]
        assert overall_of(rows, CORE)["flags"] == "a, b"
        assert overall_of([{**row, "flags": None} for row in rows], CORE)["flags"] is None

    def test_repeats_are_averaged(self) -> None:
        run = make_run("t", high=["cc", "cw"], low=["ww", "wu"])
        # 1 + 1 - 1, 1/2 + 1/2 - 1
        assert measure({"t": run}, ["t"]).reversals["t"].tolist() == [1.0, 0.0]
        assert measure({"t": run}, ["t"]).letters == {"t": {"high": "cm", "low": "wm"}}
        assert np.isfinite(measure({"t": run}, ["t"]).rows[OVERALL]["R"]).all()
