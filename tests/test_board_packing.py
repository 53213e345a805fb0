"""Entries -> data for the page: every kind of cell, and nothing that JSON can't say."""

import base64
import json
import re
import zlib
from datetime import date
from pathlib import Path

import pytest

from board_entries import make_entry, make_problem, make_run
from reversed_persona import __version__
from reversed_persona.answers import Verdict, grade
from reversed_persona.comparison.table import Bounds, Cell, Estimate, RankRange, Table
from reversed_persona.leaderboard.board.decisions import Decision
from reversed_persona.leaderboard.board.measuring import OVERALL
from reversed_persona.leaderboard.board.packing import (
    answers_data,
    answers_of,
    cell_data,
    entry_data,
    index_data,
    problems_data,
    table_data,
    verdicts_data,
    views_of,
)
from reversed_persona.leaderboard.board.standings import standings
from reversed_persona.leaderboard.board.writing import write_data
from reversed_persona.leaderboard.submissions.grading import GradedArm, GradedRow
from reversed_persona.statistics.intervals import Interval
from submission_files import sample_suite

TASK = "sample_reversed_persona"
CORE = [TASK]
REMOVED = Decision(
    submission="sample/org__gone/2026-11-26_01234567",
    decision="remove",
    date=date(2026, 12, 1),
    by="somebody",
    reason="The submitter asked for it.",
)


def entry(model: str, high: str, low: str, kind: str = "standard"):
    """An entry of thirty questions, all of which became the same."""
    return make_entry(model, make_run(TASK, none=high * 30, high=high * 30, low=low * 30), kind=kind)


GOOD, POOR, SILENT = entry("org/good", "c", "w"), entry("org/poor", "c", "c"), entry("silent", "u", "u", "reference")
ENTRIES = [GOOD, POOR, SILENT]


def unpacked(text: str) -> object:
    return json.loads(zlib.decompress(base64.b64decode(text)))


class TestCellData:
    @pytest.mark.parametrize(
        ("cell", "data"),
        [
            (None, None),
            ("<b>&", "<b>&"),
            (7, 7),
            (True, True),
            (1 / 3, 0.333333),
            (Interval(1 / 3, -1.0, 2 / 3), [0.333333, -1.0, 0.666667]),
            (Estimate(1 / 3, 2 / 3), {"value": 0.333333, "stderr": 0.666667}),
            (Estimate(0.5, None), {"value": 0.5, "stderr": None}),
            (Estimate(0.5, 0.0), {"value": 0.5, "stderr": 0.0}),
            (RankRange(1, 3), {"first": 1, "last": 3}),
            (Bounds(1 / 3, 2 / 3), {"low": 0.333333, "high": 0.666667}),
        ],
    )
    def test_each_kind_of_cell_becomes_plain_data(self, cell: Cell, data: object) -> None:
        assert cell_data(cell) == data
        assert json.loads(json.dumps(cell_data(cell), allow_nan=False)) == data


class TestTableData:
    def test_columns_without_a_measure_are_left_out(self) -> None:
        table = Table("t", "A title", ("model", "n", "p"), [{"model": "m", "n": 3}, {"model": "m", "n": 4}], ["a note"])
        assert table_data(table) == {"title": "A title", "columns": ["n"], "rows": [[3], [4]], "notes": ["a note"]}

    def test_a_table_without_rows_has_no_columns(self) -> None:
        assert table_data(Table("t", "A title", ("model", "n"), [])) == {
            "title": "A title",
            "columns": [],
            "rows": [],
            "notes": [],
        }


class TestViews:
    def test_each_has_cells_places_and_signs_by_file(self) -> None:
        overall, of_task = views_of(ENTRIES, standings(ENTRIES, CORE), CORE)
        assert (overall["view"], of_task["view"]) == (OVERALL, TASK)
        assert overall["columns"][:3] == ["R", "R_faithful", f"reversal {TASK}"]
        assert set(overall["cells"]) == {one.file for one in ENTRIES}
        assert overall["cells"][GOOD.file][0][0] == 1.0
        assert overall["cells"][SILENT.file][0][0] == -1.0
        assert overall["ranked"] == [GOOD.file, POOR.file]
        assert overall["places"] == {GOOD.file: [1, 1], POOR.file: [2, 2]}
        assert overall["against"] == {GOOD.file: "=+", POOR.file: "-="}

    def test_contrast_is_a_cell_with_bounds(self) -> None:
        _, of_task = views_of(ENTRIES, standings(ENTRIES, CORE), CORE)
        at = of_task["columns"].index("contrast")
        # nothing unanswered: 1 - 0; all unanswered: anything from 0 - 1 to 1 - 0
        assert of_task["cells"][GOOD.file][at] == {"low": 1.0, "high": 1.0}
        assert of_task["cells"][SILENT.file][at] == {"low": -1.0, "high": 1.0}

    def test_a_table_in_which_nobody_is_ranked_has_no_places(self) -> None:
        control = make_entry("org/control", make_run("control", deliberate="cw"), core=CORE)
        (view,) = views_of([control], standings([control], CORE), CORE)
        assert (view["ranked"], view["places"], view["against"]) == ([], {}, {})

    def test_without_entries_there_are_none(self) -> None:
        assert views_of([], {}, CORE) == []


class TestIndexData:
    def index(self, entries=ENTRIES):
        return index_data(
            sample_suite(), entries, standings(entries, CORE), {REMOVED.submission: [REMOVED]}, {}, seed=5
        )

    def test_it_says_what_was_asked(self) -> None:
        index = self.index()
        assert (index["suite"], index["version"], index["seed"]) == ("sample", __version__, 5)
        assert index["core"] == CORE
        arms = {"none": None, "high": 1.0, "low": 0.0}
        assert index["tasks"] == {TASK: {"problems": "sample", "arms": arms, "n": 64}}

    def test_it_says_who_is_there(self) -> None:
        good, _, silent = self.index()["entries"]
        assert good | {"facts": {}} == {
            "file": GOOD.file,
            "model": "org/good",
            "kind": "standard",
            "tier": "recomputed",
            "submission": "1.0/org__good/2026-11-26_01234567",
            "prompts": "rebuilt",
            "facts": {},
            "tasks": [TASK],
            "decisions": [],
            "older": [],
        }
        assert (good["facts"]["licence"], good["facts"]["note"]) == ("mit", None)
        assert (silent["kind"], silent["tier"], silent["submission"], silent["prompts"]) == (
            "reference",
            "reference",
            "",
            None,
        )

    def test_decisions_are_told(self) -> None:
        decided = make_entry("org/a", make_run(TASK, high="c", low="w"), decisions=[REMOVED])
        said = {"decision": "remove", "tier": None, "date": "2026-12-01", "by": "somebody"}
        said["reason"] = "The submitter asked for it."
        assert self.index([decided])["entries"][0]["decisions"] == [said]
        assert self.index()["removed"] == [{"submission": REMOVED.submission, "decisions": [said]}]

    def test_every_column_that_is_no_tasks_own_is_explained(self) -> None:
        index = self.index()
        shown = {name for view in index["views"] for name in view["columns"]}
        assert shown == index["columns"].keys()

    def test_it_is_json(self) -> None:
        assert json.loads(json.dumps(self.index(), allow_nan=False)) == self.index()

    def test_files_are_safe_in_a_path_and_differ_by_model_and_kind(self) -> None:
        files = {one["file"] for one in self.index()["entries"]}
        assert all(re.fullmatch(r"[0-9a-f]{20}", file) for file in files)
        assert entry("org/good", "c", "w", "custom").file not in files
        assert entry("org/good", "c", "c").file == GOOD.file


class TestEntryData:
    def test_differences_are_from_every_other_that_can_be_compared(self) -> None:
        data = entry_data(POOR, standings(ENTRIES, CORE))
        assert data["pairs"].keys() == {OVERALL, TASK}
        assert data["pairs"][TASK].keys() == {GOOD.file, SILENT.file}
        estimate, low, high, p = data["pairs"][TASK][GOOD.file]
        # right as low on each question, against wrong: 0 - 1
        assert (estimate, -1 <= low + 1 <= 0.2, high < 0, p < 0.05) == (-1.0, True, True, True)
        assert data["pairs"][TASK][SILENT.file][3] is None

    def test_tables_of_a_task_stand_behind_the_row(self) -> None:
        (table,) = entry_data(GOOD, {})["details"][TASK]
        assert table["title"] == f"{TASK}, by difficulty"
        assert table["columns"][0] == "difficulty"
        assert entry_data(GOOD, {})["pairs"] == {}


class TestVerdictsData:
    def test_letters_stand_by_file(self) -> None:
        control = make_entry("org/c", make_run("control", deliberate="cw"), core=CORE)
        data = verdicts_data(TASK, ["p0", "p1"], [GOOD, control])
        assert data["problems"] == ["p0", "p1"]
        assert data["letters"] == {GOOD.file: {"none": "c" * 30, "high": "c" * 30, "low": "w" * 30}}


class TestProblemsData:
    def test_solutions_are_left_out(self) -> None:
        (data,) = problems_data([make_problem(1)])
        assert data == {
            "problem_id": "p1",
            "question": "What is 1?",
            "gold": "7",
            "difficulty": 2,
            "subject": "Algebra",
        }


class TestAnswersData:
    def test_the_final_answer_is_marked(self) -> None:
        text = "3 + 4 = 7\nFinal answer: 7"
        verdict = grade(text, gold="7", question="What is 3 + 4?")
        (one,) = answers_of({"high": [(text, verdict)]})["high"]
        assert (one["status"], one["answer"]) == ("correct", "7")
        assert one["parts"] == ["3 + 4 = 7\nFinal answer: ", "7", ""]
        assert one["hidden"] == 0

    def test_they_stand_by_problem_arm_and_repeat(self) -> None:
        given = GradedArm(("a", "b"), (Verdict("unanswered", "no_final_answer"), Verdict("wrong", None, "8")))
        data = answers_data([GradedRow(make_problem(3), {"low": given})])
        assert list(data) == ["p3"]
        assert [one["parts"][0] for one in data["p3"]["low"]] == ["a", "b"]
        assert [one["status"] for one in data["p3"]["low"]] == ["unanswered", "wrong"]

    def test_without_rows_there_is_nothing(self) -> None:
        assert answers_data([]) == {}


class TestWriteData:
    def test_a_file_is_one_line_of_script_with_nothing_of_the_data_in_it(self, tmp_path: Path) -> None:
        hostile = {"</script><script>": '");alert(1)//', "half": "\ud800", "line": "\u2028"}
        write_data(tmp_path, "answers-0", hostile)
        text = (tmp_path / "answers-0.js").read_text(encoding="ascii")
        found = re.fullmatch(r'received\("answers-0","([A-Za-z0-9+/=]+)"\);\n', text)
        assert found is not None
        assert unpacked(found[1]) == hostile

    def test_not_a_number_is_no_data(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="not JSON compliant"):
            write_data(tmp_path, "entry-0", {"a": float("nan")})
        assert not list(tmp_path.iterdir())
