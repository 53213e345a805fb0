import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pyarrow import Table, array, binary, parquet, string

from reversed_persona.errors import ProblemsError, SettingsError
from reversed_persona.problem_sources import PROBLEMS_VARIABLE
from reversed_persona.problems import choose, draw, load_problems

GSM8K_ROW = {"question": "Ann has 3 bags of 4 nuts. How many nuts?", "answer": "3*4=<<3*4=12>>12 nuts\n#### 1,200"}
MATH_ROW = {
    "problem": "What is $1+1$?",
    "solution": r"It is $\boxed{2}$.",
    "answer": "2",
    "subject": "Prealgebra",
    "level": 1,
    "unique_id": "test/prealgebra/7.json",
}


def gsm8k_rows(n: int = 1319) -> list[dict[str, Any]]:
    return [{**GSM8K_ROW, "question": f"Problem {i}: {GSM8K_ROW['question']}"} for i in range(n)]


def write(folder: Path, name: str, rows: list[dict[str, Any]]) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        parquet.write_table(Table.from_pylist(rows), path)
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return folder


def math_rows() -> list[dict[str, Any]]:
    return [{**MATH_ROW, "unique_id": f"test/prealgebra/{i}.json"} for i in range(500)]


class TestLoadProblems:
    @pytest.mark.parametrize(
        "name",
        [
            "gsm8k/test.jsonl",
            "gsm8k/test.parquet",
            "gsm8k/test-00000-of-00001.parquet",
            "gsm8k/main/test-00000-of-00001.parquet",
        ],
    )
    def test_gsm8k_from_a_local_folder_gives_uniform_rows(self, tmp_path: Path, name: str) -> None:
        problems = load_problems("gsm8k", write(tmp_path, name, gsm8k_rows()))
        assert len(problems) == 1319
        assert problems[0] == {
            "problem_id": problems[0]["problem_id"],
            "question": "Problem 0: Ann has 3 bags of 4 nuts. How many nuts?",
            "gold": "1200",  # the thousands comma is gone
            "solution": "3*4=<<3*4=12>>12 nuts",
            "difficulty": 1,  # one <<calculation>>
            "subject": "Word Problem",
        }

    def test_math500_row_takes_its_id_and_level_from_the_file(self, tmp_path: Path) -> None:
        rows = [{**row, "level": "Level 3"} for row in math_rows()]
        problem = load_problems("math500", write(tmp_path, "math500/test.jsonl", rows))[7]
        assert (problem["problem_id"], problem["difficulty"]) == ("math500-prealgebra-7", 3)

    def test_problem_id_depends_on_the_problem_and_not_on_its_place(self, tmp_path: Path) -> None:
        rows = gsm8k_rows()
        there = load_problems("gsm8k", write(tmp_path / "a", "gsm8k/test.jsonl", rows))
        back = load_problems("gsm8k", write(tmp_path / "b", "gsm8k/test.jsonl", rows[::-1]))
        assert {p["question"]: p["problem_id"] for p in there} == {p["question"]: p["problem_id"] for p in back}
        assert len({p["problem_id"] for p in there}) == 1319

    def test_folder_may_come_from_the_environment(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(PROBLEMS_VARIABLE, str(write(tmp_path, "gsm8k/test.jsonl", gsm8k_rows())))
        assert len(load_problems("gsm8k")) == 1319

    def test_sample_needs_no_folder(self) -> None:
        assert len(load_problems("sample")) == 64

    def test_real_data_has_its_known_size_and_ids(self, shared_data: Path) -> None:
        gsm8k, math500 = load_problems("gsm8k", shared_data), load_problems("math500", shared_data)
        assert (len(gsm8k), len(math500)) == (1319, 500)
        assert gsm8k[0]["problem_id"] == "gsm8k-2b2e3f9639f6"  # later parts join on it: it must never change
        assert math500[0]["problem_id"] == "math500-precalculus-807"
        assert not any("," in problem["gold"] for problem in gsm8k)


class TestChoose:
    PROBLEMS = load_problems("sample")

    def test_no_count_keeps_all(self) -> None:
        assert choose(self.PROBLEMS, None) == self.PROBLEMS

    def test_chosen_ones_keep_their_order(self) -> None:
        chosen = choose(self.PROBLEMS, 10)
        assert len(chosen) == 10
        assert chosen == [problem for problem in self.PROBLEMS if problem in chosen]

    def test_choice_does_not_depend_on_the_order_and_never_changes(self) -> None:
        ids = {problem["problem_id"] for problem in choose(self.PROBLEMS[::-1], 3)}
        assert ids == {problem["problem_id"] for problem in choose(self.PROBLEMS, 3)}
        assert ids == {"sample-math-01", "sample-math-19", "sample-word-18"}

    def test_fewer_are_a_part_of_more(self) -> None:
        few, more = choose(self.PROBLEMS, 5), choose(self.PROBLEMS, 20)
        assert [problem for problem in more if problem in few] == few

    @pytest.mark.parametrize("count", [0, 64])
    def test_none_and_all_can_be_chosen(self, count: int) -> None:
        assert len(choose(self.PROBLEMS, count)) == count

    def test_more_than_there_are_is_refused(self) -> None:
        with pytest.raises(SettingsError, match="questions: got 65; expected at most 64"):
            choose(self.PROBLEMS, 65)

    def test_paraphrase_asks_330_of_both_benchmarks(self, shared_data: Path) -> None:
        for name in ("gsm8k", "math500"):
            problems = load_problems(name, shared_data)
            # a choice by hash takes no stretch of the file: the middle third gives about its share, which is 110
            chosen = choose(problems, 330)
            middle = problems[len(problems) // 3 : 2 * len(problems) // 3]
            assert 70 < sum(problem in middle for problem in chosen) < 150


class TestDraw:
    def test_same_problem_and_seed_draw_the_same(self) -> None:
        assert draw("abcdef", "sample-word-01", 0) == draw("abcdef", "sample-word-01", 0)

    def test_other_seeds_draw_others(self) -> None:
        assert {draw("abcdef", "sample-word-01", seed) for seed in range(60)} == set("abcdef")

    def test_every_option_is_drawn_about_as_often(self) -> None:
        drawn = [draw("abcdef", f"problem-{number}", 0) for number in range(6000)]
        # 1000 each are expected, with a standard deviation of sqrt(6000 * 1/6 * 5/6) = 29
        assert all(abs(drawn.count(option) - 1000) < 5 * 29 for option in "abcdef")

    def test_a_single_option_is_drawn_always(self) -> None:
        assert draw(["x"], "any", 7) == "x"


class TestBadProblems:
    def refuses(self, folder: Path, says: str, name: str = "gsm8k") -> None:
        with pytest.raises(ProblemsError, match=says) as error:
            load_problems(name, folder)
        assert "\n" not in str(error.value)

    def test_unknown_set_is_refused_with_the_nearest_name(self) -> None:
        with pytest.raises(SettingsError, match=r"unknown problem set 'gsm9k'.*did you mean 'gsm8k'"):
            load_problems("gsm9k")

    def test_missing_folder_is_named(self, tmp_path: Path) -> None:
        self.refuses(tmp_path / "nowhere", "problems_dir: .*nowhere is not a folder")

    def test_missing_file_is_named_with_what_would_do(self, tmp_path: Path) -> None:
        self.refuses(tmp_path, r"has no gsm8k/test\.jsonl or gsm8k/test\.parquet.*openai/gsm8k")

    def test_folder_from_the_environment_is_blamed_on_the_environment(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(PROBLEMS_VARIABLE, str(tmp_path))
        with pytest.raises(ProblemsError, match=PROBLEMS_VARIABLE):
            load_problems("gsm8k")

    def test_wrong_row_count_says_both_counts(self, tmp_path: Path) -> None:
        self.refuses(
            write(tmp_path, "gsm8k/test.jsonl", gsm8k_rows(1318)), "has 1318 problems; gsm8k has 1319.*--limit"
        )

    def test_empty_set_is_refused(self, tmp_path: Path) -> None:
        self.refuses(write(tmp_path, "gsm8k/test.jsonl", []), "has 0 problems")

    @pytest.mark.parametrize("field", ["question", "answer"])
    def test_missing_field_is_named_with_its_row(self, tmp_path: Path, field: str) -> None:
        rows = gsm8k_rows()
        del rows[4][field]
        self.refuses(write(tmp_path, "gsm8k/test.jsonl", rows), f"row 5: field '{field}' is missing")

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            ({"answer": "twelve"}, "row 3: answer: has no '#### <number>' line"),
            ({"answer": "twelve\n#### "}, "row 3: gold is empty"),
            ({"answer": 12}, r"test\.jsonl: row 3: answer: got 12 \(int\); expected a string"),
            ({"question": ["a"]}, r"row 3: question: got \['a'\] \(list\); expected a string"),
            ({"question": "a \ud800"}, r"row 3: question: got '\\ud800', half a character, at 2"),
            ({"question": "  "}, "row 3: question is empty"),
        ],
    )
    def test_malformed_field_is_named_with_its_row(self, tmp_path: Path, change: dict[str, Any], says: str) -> None:
        rows = gsm8k_rows()
        rows[2] |= change
        self.refuses(write(tmp_path, "gsm8k/test.jsonl", rows), says)

    @pytest.mark.parametrize(
        ("field", "value", "says"),
        [
            ("solution", 5, r"got 5 \(int\); expected a string"),
            ("subject", ["a"], r"got \['a'\] \(list\); expected a string"),
            ("answer", 5, r"got 5 \(int\); expected a string"),
            ("unique_id", 7, r"got 7 \(int\); expected a string"),
            ("problem", "\ud800", r"got '\\ud800', half a character, at 0; expected Unicode text"),
            ("level", "hard", r"got 'hard' \(str\); expected 1 to 5"),
            ("level", "Level 6", r"got 'Level 6' \(str\); expected 1 to 5"),
            ("level", 99, r"got 99 \(int\); expected 1 to 5"),
            ("level", 0, r"got 0 \(int\); expected 1 to 5"),
            ("level", True, r"got True \(bool\); expected 1 to 5"),
            ("level", 2.0, r"got 2\.0 \(float\); expected 1 to 5"),
        ],
    )
    def test_math500_field_of_the_wrong_kind_is_refused(
        self, tmp_path: Path, field: str, value: object, says: str
    ) -> None:
        rows = math_rows()
        rows[2][field] = value
        folder = write(tmp_path, "math500/test.jsonl", rows)
        self.refuses(folder, rf"test\.jsonl: row 3: {field}: {says}", "math500")

    @pytest.mark.parametrize(
        ("field", "value", "says"),
        [
            ("difficulty", 0, r"got 0 \(int\); expected a whole number from 1"),
            ("difficulty", True, r"got True \(bool\)"),
            ("difficulty", "2", r"got '2' \(str\)"),
            ("gold", 70, r"got 70 \(int\); expected a string"),
        ],
    )
    def test_sample_field_of_the_wrong_kind_is_refused(
        self, monkeypatch: pytest.MonkeyPatch, field: str, value: object, says: str
    ) -> None:
        row = {**load_problems("sample")[0], field: value}
        monkeypatch.setattr("reversed_persona.problems.read_rows", lambda path: iter([(1, row)]))
        with pytest.raises(ProblemsError, match=rf"problems\.jsonl: row 1: {field}: {says}"):
            load_problems("sample")

    def test_problem_that_occurs_twice_is_refused(self, tmp_path: Path) -> None:
        rows = gsm8k_rows()
        rows[9] = rows[3]
        self.refuses(write(tmp_path, "gsm8k/test.jsonl", rows), "row 10: 'gsm8k-.*' was there before")

    @pytest.mark.parametrize(
        ("line", "says"),
        [
            (b'{"question": \n', "line 1 is not JSON"),
            (b'["question"]\n', "line 1 is a list"),
            ('{"question": "Wie groß?"}'.encode("latin-1"), "line 1 is not UTF-8"),
            (b"[" * 100_000, "line 1 is not JSON"),
        ],
    )
    def test_broken_line_is_named(self, tmp_path: Path, line: bytes, says: str) -> None:
        (tmp_path / "gsm8k").mkdir()
        (tmp_path / "gsm8k" / "test.jsonl").write_bytes(line)
        self.refuses(tmp_path, says)

    def test_broken_parquet_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "gsm8k").mkdir()
        (tmp_path / "gsm8k" / "test.parquet").write_bytes(b"PAR1")
        self.refuses(tmp_path, r"test\.parquet: cannot be read as parquet")

    def test_parquet_cell_that_is_not_utf8_is_named(self, tmp_path: Path) -> None:
        questions = array([b"How many?", b"Wie gro\xdf?"], binary()).view(string())
        table = Table.from_arrays([questions, array(["1\n#### 1"] * 2)], names=["question", "answer"])
        (tmp_path / "gsm8k").mkdir()
        parquet.write_table(table, tmp_path / "gsm8k" / "test.parquet")
        self.refuses(tmp_path, r"test\.parquet: row 2: question: got .*0xdf.*; expected UTF-8 text")

    def test_no_network_says_how_to_do_without(self, tmp_path: Path) -> None:
        # in a process of its own, since the Hub's client reads these variables once, when it is imported
        ran = subprocess.run(
            [sys.executable, "-c", "from reversed_persona.problems import load_problems; load_problems('gsm8k')"],
            env={**os.environ, "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HOME": str(tmp_path)},
            capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        last = ran.stderr.rstrip().splitlines()[-1]
        assert last.startswith("reversed_persona.errors.ProblemsError: gsm8k: cannot be had from the Hub")
        assert "problems_dir" in last
        assert PROBLEMS_VARIABLE in last
