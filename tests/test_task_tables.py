"""The tables of tasks must say what the task files say."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from reversed_persona.errors import SettingsError
from reversed_persona.rendering import task_files
from reversed_persona.task_tables import TaskRow, card_table, drifted, readme_table, task_rows, with_table

CHECKOUT = Path(__file__).resolve().parents[1]
ROWS = {row.name: row for row in task_rows()}
PAGE = "Before.\n<!-- tasks -->\n| old |\n<!-- /tasks -->\nAfter.\n"


def row(name: str, **changes: str) -> TaskRow:
    said = {"folder": "race", "problems": "GSM8K, 1319", "arms": "high, low", "requests": "2", "metrics": "`reversal`"}
    return TaskRow(name=name, **{**said, "purpose": "trying", **changes})


def cells(line: str) -> Sequence[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_readme_and_every_task_card_say_what_the_task_files_say() -> None:
    # to mend it: python -m reversed_persona.task_tables
    assert not drifted(CHECKOUT)


class TestTaskRows:
    def test_every_task_file_has_its_row(self) -> None:
        assert set(ROWS) == set(task_files())

    @pytest.mark.parametrize(
        ("task", "arms", "requests"),
        [
            ("reversed_persona_gsm8k", "none, high, low", "3"),
            ("reversed_persona_math500_oneshot", "high, low, each after one worked reply of its own", "2"),
            ("reversed_persona_gsm8k_paraphrase", "{high, low} × {wording_1, …, wording_8}", "16"),
            ("reversed_persona_gsm8k_race", "{high, low} × {unspecified, african_american, white_american, hispanic, "
             "asian_american}", "10"),
        ],
    )  # fmt: skip
    def test_arms_are_those_that_are_asked(self, task: str, arms: str, requests: str) -> None:
        assert (ROWS[task].arms, ROWS[task].requests) == (arms, requests)

    def test_problems_are_counted_and_a_choice_of_them_too(self) -> None:
        found = [ROWS[f"reversed_persona_math500{task}"].problems for task in ("", "_paraphrase")]
        assert found == ["MATH-500, 500", "MATH-500, 330 of 500"]

    def test_metrics_leave_arm_and_group_open(self) -> None:
        assert ROWS["reversed_persona_gsm8k_irrelevant"].metrics == (
            "`acc_<arm>`, `unanswered_<arm>`, `contrast_<group>`, `reversal_<group>`, `shift_acc_high_<group>`, "
            "`shift_acc_low_<group>`, `shift_unanswered_low_<group>`, `shift_contrast_<group>`"
        )

    def test_metrics_of_a_single_arm_are_written_out(self) -> None:
        assert ROWS["control_reversed_persona_sample"].metrics.startswith("`wrong_deliberate`, `acc_deliberate`")

    def write(self, folder: Path, monkeypatch: pytest.MonkeyPatch, metadata: str) -> None:
        (folder / "mine").mkdir()
        (folder / "mine" / "mine.yaml").write_text(f"task: mine\nmetadata:\n  version: 1.0\n{metadata}")
        monkeypatch.setattr("reversed_persona.rendering.task_folder", lambda: folder)
        monkeypatch.setattr("reversed_persona.task_tables.task_folder", lambda: folder)

    def test_task_that_asks_something_else_says_so_in_words(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        words = "  purpose: trying\n  asked_as: a judge\n  requests: 2\n  reports: [doc, doc_<group>]\n"
        self.write(tmp_path, monkeypatch, words)
        assert task_rows() == [TaskRow("mine", "mine", "your own", "a judge", "2", "`doc`, `doc_<group>`", "trying")]

    def test_metrics_beside_the_measures_are_named_too(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        more = "  purpose: trying\n  personas: [high]\n  measures: [acc]\n  reports: [delta]\n"
        self.write(tmp_path, monkeypatch, more)
        assert task_rows()[0].metrics == "`acc_high`, `delta`"

    @pytest.mark.parametrize(
        ("metadata", "says"),
        [
            ("  personas: [high]\n", "mine: metadata: purpose: is missing"),
            ("  purpose: trying\n", "mine: metadata: personas: is missing"),
            ("  purpose: trying\n  personas: [hihg]\n", "unknown persona id 'hihg'"),
        ],
    )
    def test_task_that_does_not_say_enough_is_named(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, metadata: str, says: str
    ) -> None:
        self.write(tmp_path, monkeypatch, metadata)
        with pytest.raises(SettingsError, match=says):
            task_rows()


class TestReadmeTable:
    def test_tasks_that_differ_in_their_problems_alone_share_a_row(self) -> None:
        rows = [row("reversed_persona_gsm8k_race"), row("reversed_persona_math500_race", problems="MATH-500, 500")]
        _, _, *lines = readme_table(rows, "p")
        assert [cells(line) for line in lines] == [[
            "[`reversed_persona_gsm8k_race`](p/race/README.md)<br>[`reversed_persona_math500_race`](p/race/README.md)",
            "GSM8K, 1319<br>MATH-500, 500", "high, low", "2", "trying",
        ]]  # fmt: skip

    def test_tasks_of_other_purposes_do_not(self) -> None:
        rows = [row("reversed_persona_gsm8k_race"), row("reversed_persona_math500_race", purpose="another")]
        assert len(readme_table(rows)) == 2 + 2

    def test_benchmark_comes_first(self) -> None:
        lines = readme_table([row("control_reversed_persona_gsm8k"), row("reversed_persona_gsm8k")])
        assert "[`reversed_persona_gsm8k`]" in lines[2]

    def test_no_tasks_make_an_empty_table(self) -> None:
        assert len(readme_table([])) == 2


def test_card_table_shows_arms_and_metrics() -> None:
    assert cells(card_table([row("reversed_persona_gsm8k")])[2]) == [
        "`reversed_persona_gsm8k`", "GSM8K, 1319", "high, low", "`reversal`",
    ]  # fmt: skip


class TestWithTable:
    def test_what_stands_between_the_marks_is_replaced_and_nothing_else(self) -> None:
        page = with_table(PAGE, ["| new |"], "page")
        assert page == "Before.\n<!-- tasks -->\n| new |\n<!-- /tasks -->\nAfter.\n"
        assert with_table(page, ["| new |"], "page") == page

    @pytest.mark.parametrize(
        "page", ["", PAGE.replace("<!-- /tasks -->", ""), PAGE + PAGE, "<!-- /tasks -->\n<!-- tasks -->\n"]
    )
    def test_page_without_marks_or_with_too_many_is_refused(self, page: str) -> None:
        with pytest.raises(SettingsError, match=r"p\.md: expected <!-- tasks --> and then <!-- /tasks -->"):
            with_table(page, [], "p.md")


class TestDrifted:
    def test_only_the_pages_that_differ_are_given(self, tmp_path: Path) -> None:
        package = tmp_path / "lm_eval_tasks" / "reversed_persona"
        for folder in {found.folder for found in ROWS.values()}:
            (package / folder).mkdir(parents=True)
            table = card_table(found for found in ROWS.values() if found.folder == folder)
            (package / folder / "README.md").write_text(with_table(PAGE, table, "card"), encoding="utf-8")
        (tmp_path / "README.md").write_text(PAGE, encoding="utf-8")
        assert list(drifted(tmp_path)) == [tmp_path / "README.md"]

    def test_missing_card_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError, match=r"README\.md: not found"):
            drifted(tmp_path)
