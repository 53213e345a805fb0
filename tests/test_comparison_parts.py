"""Runs by difficulty, race, target, wording and round: hand-computed cells, and what is said to be missing."""

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from reversed_persona.cli import main
from reversed_persona.runs import read_runs
from reversed_persona.statistics.intervals import interval_of, mean_interval
from run_files import DATE, LATER, ROWS, STATUSES, TASK, compared, many, row, written

RACE, IRRELEVANT = "reversed_persona_gsm8k_race", "reversed_persona_gsm8k_irrelevant"
REFINE = "refine_reversed_persona_sample"
LATEST = "2026-01-04T03-04-05.678901"


class TestByDifficulty:
    def test_parts_by_difficulty_add_up(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        rows = many(30, high=1, low=0)
        for place, one in enumerate(rows):
            one["doc"]["difficulty"] = 1 + place % 3
        written(tmp_path, rows=rows)
        (table,) = compared(capsys, tmp_path, "--by", "difficulty")
        assert [(cells["difficulty"], cells["n"]) for cells in table["rows"]] == [(1, 10), (2, 10), (3, 10)]
        assert all(cells["reversal"]["estimate"] == 1 for cells in table["rows"])
        assert all(cells["p"] == cells["p_bh"] == 1 for cells in table["rows"])

    def test_part_that_is_unlike_the_others_is_found(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        rows = many(100, high=1, low=0) + many(50, high=1, low=1)
        for place, one in enumerate(rows):
            one["doc"] |= {"problem_id": f"q{place}", "difficulty": 1 + place // 50}
        written(tmp_path, rows=rows)
        (table,) = compared(capsys, tmp_path, "--by", "difficulty")
        assert table["rows"][2]["p_bh"] < 0.001
        assert "exploratory" in table["notes"][-1]

    def test_run_without_low_is_named_beside_those_that_have_both(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rows = many(30, high=1, low=0)
        for place, one in enumerate(rows):
            one["doc"]["difficulty"] = 1 + place % 3
        written(tmp_path / "a", rows=rows)
        written(tmp_path / "b", model="half", rows=[row("p1", none="correct", high="correct")])
        (table,) = compared(capsys, tmp_path, "--by", "difficulty")
        assert {cells["model"] for cells in table["rows"]} == {"org/model"}
        assert "not here: half, asked as none, high; expected high and low" in table["notes"]

    def test_runs_without_low_alone_are_one_line(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        written(tmp_path, rows=[row("p1", none="correct", high="correct")])
        assert main(["compare", str(tmp_path), "--by", "difficulty"]) == 2
        said = capsys.readouterr().err
        assert f"({TASK}, asked as none, high); expected a run with high and low" in said

    def test_problems_that_are_all_alike_cannot_be_taken_apart(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        written(tmp_path)  # all of one subject
        assert main(["compare", str(tmp_path), "--by", "subject"]) == 2
        assert "whose problems differ in subject" in capsys.readouterr().err

    def test_reference_respondents_are_marked_and_stand_last(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rows = many(30, high=1, low=0)
        for place, one in enumerate(rows):
            one["doc"]["difficulty"] = 1 + place % 2
        written(tmp_path / "a", model="a_tool", rows=rows, reference_respondent=True)
        written(tmp_path / "b", model="model", rows=rows)
        (table,) = compared(capsys, tmp_path, "--by", "difficulty")
        assert [cells["model"] for cells in table["rows"]] == ["model"] * 2 + ["a_tool (reference)"] * 2


def crossed(groups: Sequence[str], right_as_low: Callable[[str, int], bool], n: int = 400) -> list[dict]:
    """Always right as high; as low as it is said."""
    return [
        row(
            f"p{k}",
            **{f"high_{group}": "correct" for group in groups},
            **{f"low_{group}": STATUSES[right_as_low(group, k)] for group in groups},
        )
        for k in range(n)
    ]


class TestByRace:
    def test_race_run_is_held_against_both_references(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        draw = random.Random(1)
        groups = ("unspecified", "white_american", "hispanic")
        rows = [
            row(
                f"p{k}",
                **{f"high_{group}": STATUSES[draw.random() < 0.9] for group in groups},
                **{f"low_{group}": STATUSES[draw.random() < (0.9 if group == "hispanic" else 0.2)] for group in groups},
            )
            for k in range(400)
        ]
        written(tmp_path, rows=rows, task="reversed_persona_gsm8k_race")
        (table,) = compared(capsys, tmp_path)
        assert table["rows"][0]["p"] < 0.001
        (by_race,) = compared(capsys, tmp_path, "--by", "race")
        found = {(cells["group"], cells["against"], cells["outcome"]): cells for cells in by_race["rows"]}
        assert len(found) == 12  # white and hispanic against unspecified, hispanic against white; four outcomes each
        assert found["hispanic", "unspecified", "acc_low"]["within 5 points"] == "different"
        assert found["hispanic", "unspecified", "acc_low"]["difference"]["estimate"] == pytest.approx(0.7, abs=0.08)
        assert found["white_american", "unspecified", "unanswered_low"]["within 5 points"] == "equivalent"

    def test_small_race_task_says_that_it_is_small(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        arms = [f"{persona}_{group}" for persona in ("high", "low") for group in ("unspecified", "white_american")]
        rows = [row(f"p{k}", **dict.fromkeys(arms, "correct")) for k in range(5)]
        written(tmp_path, rows=rows, task="reversed_persona_math500_race")
        (table,) = compared(capsys, tmp_path, "--by", "race")
        assert any("mostly too few" in note for note in table["notes"])

    def test_things_that_must_not_matter_give_the_noise_floor(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        races, others = ("unspecified", "white_american"), ("plain", "weekday", "seat_number")
        written(tmp_path / "a", rows=crossed(races, lambda group, k: k < 40), task=RACE)
        # as low right on 40, 48 and 36 of 400: acc_low and contrast lie 12 / 400 = 0.03 apart, acc_high nowhere
        right = dict(zip(others, (40, 48, 36), strict=True))
        written(tmp_path / "a", rows=crossed(others, lambda group, k: k < right[group]), task=IRRELEVANT, date=LATER)
        (table,) = compared(capsys, tmp_path, "--by", "race")
        floors = {cells["outcome"]: cells["irrelevant_largest"] for cells in table["rows"]}
        assert floors == {
            "acc_high": 0,
            "unanswered_low": 0,
            "acc_low": pytest.approx(0.03),
            "contrast": pytest.approx(0.03),
        }
        assert not any("no noise floor" in note for note in table["notes"])

    def test_without_them_it_says_how_to_get_the_floor(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        written(tmp_path, rows=crossed(("unspecified", "white_american"), lambda group, k: k < 40), task=RACE)
        (table,) = compared(capsys, tmp_path, "--by", "race")
        assert f"no noise floor: it takes a run of {IRRELEVANT}, shown together with this one" in table["notes"]
        assert all(cells["irrelevant_largest"] is None for cells in table["rows"])

    def test_people_are_shown_what_differs_and_files_hold_all(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COLUMNS", "200")
        groups = ("unspecified", "white_american", "hispanic")
        rows = crossed(groups, lambda group, k: k < (120 if group == "hispanic" else 40))
        written(tmp_path / "a", model="biased", rows=rows, task=RACE)
        written(tmp_path / "b", model="even", rows=crossed(groups, lambda group, k: k < 40), task=RACE)
        (table,) = compared(capsys, tmp_path, "--by", "race")
        assert len(table["rows"]) == 24
        assert main(["compare", str(tmp_path), "--by", "race"]) == 0
        shown = capsys.readouterr().out
        # acc_low and contrast of hispanic against both; of the other model only its largest difference, which is 0
        assert [line.split()[0] for line in shown.splitlines() if " [" in line and "low, high" not in line] == [
            *["biased"] * 4,
            "even",
        ]
        assert "5 of 24 rows" in shown


def refined(n: int, **right: int) -> list[dict]:
    """Right as low on so many questions in each pass, and always as high."""
    arms = {f"low_{done}": count for done, count in right.items()}
    return [
        row(
            f"p{k}",
            high_refined="correct",
            high_checked="correct",
            **{arm: STATUSES[k < count] for arm, count in arms.items()},
        )
        for k in range(n)
    ]


def write_round(folder: Path, rows: list[dict], number: int, date: str, earlier: tuple[str, str]) -> None:
    log = written(folder, rows=rows, task=REFINE, date=date)
    results = log.parent / f"results_{date}.json"
    found = json.loads(results.read_text())
    task, earlier_date = earlier
    found["configs"][REFINE]["metadata"] |= {"round": number, "earlier_run": {"task": task, "date": earlier_date}}
    found["results"][REFINE] |= {"delta_reversal,verdict": 0.25, "delta_reversal_stderr,verdict": 0.1}
    results.write_text(json.dumps(found))


class TestByRound:
    def chain(self, folder: Path) -> None:
        """Write a base run, right as low on 6 of 10 questions, and two rounds over it."""
        written(folder, rows=[row(f"p{k}", high="correct", low=STATUSES[k < 6]) for k in range(10)])
        write_round(folder, refined(10, refined=3, checked=5), 1, LATER, (TASK, DATE))
        write_round(folder, refined(10, refined=1, checked=5), 2, LATEST, (REFINE, LATER))

    def test_rounds_stand_beside_the_base_run(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.chain(tmp_path)
        (table,) = compared(capsys, tmp_path, "--by", "round")
        base, one, two = table["rows"]
        assert [cells["round"] for cells in (base, one, two)] == [0, 1, 2]
        # wrong as low on 4, then 7, then 9 of 10; checked: 5, 5
        assert [cells["reversal"]["estimate"] for cells in (base, one, two)] == pytest.approx([0.4, 0.7, 0.9])
        assert (base["control"], base["delta_reversal"]) == (None, None)
        assert one["control"]["estimate"] == two["control"]["estimate"] == pytest.approx(0.5)
        # 3 questions turn wrong in the refined pass, 1 of them in the control too
        assert one["delta_reversal_refined"]["estimate"] == pytest.approx(0.3)
        assert one["delta_reversal_checked"]["estimate"] == pytest.approx(0.1)
        expected = interval_of([1, 1, *[0] * 8], differences=True)
        assert one["delta_reversal"] == {
            "estimate": pytest.approx(0.2),
            "low": pytest.approx(expected.low),
            "high": pytest.approx(expected.high),
        }
        assert one["added"] == one["delta_reversal"]
        # the second round: 2 more, none in the control; values could have been 4
        assert two["delta_reversal"]["high"] == pytest.approx(mean_interval([1, 1, *[0] * 8], bound=4.0).high)
        assert two["added"]["estimate"] == pytest.approx(0.2 + 0.2)

    def test_rounds_of_an_older_chain_are_not_mixed_in(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.chain(tmp_path)
        again, after = "2026-02-01T00-00-00.1", "2026-02-01T00-00-00.2"
        written(tmp_path, rows=[row(f"p{k}", high="correct", low="correct") for k in range(10)], date=again)
        write_round(tmp_path, refined(10, refined=8, checked=8), 1, after, (TASK, again))
        (table,) = compared(capsys, tmp_path, "--by", "round")
        assert [(cells["round"], round(cells["reversal"]["estimate"], 6)) for cells in table["rows"]] == [
            (0, 0),
            (1, 0.2),
        ]
        (older,) = compared(capsys, tmp_path, "--by", "round", "--date", "2026-01")
        assert [cells["round"] for cells in older["rows"]] == [0, 1, 2]

    def test_round_whose_base_run_is_gone_keeps_what_lm_eval_reported(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.chain(tmp_path)
        for file in tmp_path.glob(f"*_{DATE}.json*"):
            file.unlink()
        (table,) = compared(capsys, tmp_path, "--by", "round")
        assert [cells["round"] for cells in table["rows"]] == [1, 2]
        assert table["rows"][0]["delta_reversal"] == {"value": 0.25, "stderr": 0.1}
        assert any("what round 1 goes on from is not among these runs" in note for note in table["notes"])

    def test_run_that_says_it_follows_itself_ends_nothing(self, tmp_path: Path) -> None:
        write_round(tmp_path, refined(10, refined=3, checked=5), 1, LATER, (REFINE, LATER))
        found = read_runs([tmp_path], rounds=True)
        assert (len(found.runs), found.before) == (1, [])

    def test_only_rounds_are_read_beside_the_newest_runs(self, tmp_path: Path) -> None:
        self.chain(tmp_path)
        plain, with_rounds = read_runs([tmp_path]), read_runs([tmp_path], tasks=[REFINE], rounds=True)
        assert [(run.task, run.round) for run in plain.runs] == [(REFINE, 2), (TASK, 0)]
        assert (plain.before, [date for _, _, date in plain.older]) == ([], [LATER])
        assert [run.round for run in with_rounds.runs] == [2]
        assert [(run.task, run.round) for run in with_rounds.before] == [(REFINE, 1), (TASK, 0)]
        assert with_rounds.older == []

    def test_without_a_refined_run_it_is_one_line(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        written(tmp_path, rows=ROWS)
        assert main(["compare", str(tmp_path), "--by", "round"]) == 2
        assert "expected a run of a refine_ task" in capsys.readouterr().err
