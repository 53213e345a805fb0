"""Runs -> one page: what is on it, that nothing on it is taken for HTML, and what is refused."""

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from report_pages import HOSTILE, NAME, hostile_row, reported
from reversed_persona.answers import Verdict
from reversed_persona.cli import main
from reversed_persona.comparison.layout import as_text
from reversed_persona.comparison.report import notes
from reversed_persona.comparison.report.data import report_of
from reversed_persona.comparison.report.page import page_of, sort_key
from reversed_persona.comparison.report.questions import MAX_PART, browse, shown
from reversed_persona.comparison.summary import task_tables
from reversed_persona.comparison.table import RankRange
from reversed_persona.errors import RunsError
from reversed_persona.pages.assembly import as_data
from reversed_persona.runs import read_runs
from reversed_persona.verdicts import PersonaVerdict
from run_files import ROWS, TASK, models, row, written


class TestPage:
    def test_summary_has_the_cells_of_compare(self, tmp_path: Path) -> None:
        models(tmp_path / "runs", a=0.1, b=0.5)
        text = page_of(report_of(read_runs([tmp_path / "runs"])))
        (table,) = task_tables(read_runs([tmp_path / "runs"]).runs)
        for cells in table.rows:
            for column in ("reversal", "reversal_faithful", "acc_high", "acc_low", "rank"):
                assert f">{as_text(cells[column], column)}</td>" in text

    def test_what_was_run_says_partial_custom_and_reference(self, tmp_path: Path) -> None:
        written(tmp_path / "a", model="part", rows=ROWS[:2], limit=2)
        written(tmp_path / "b", model="tool", reference_respondent=True)
        report = report_of(read_runs([tmp_path]))
        assert (report.partial, report.custom, report.references) == (1, 0, 1)
        text = page_of(report)
        assert "<strong>1 partial</strong>" in text and "<strong>1 reference</strong>" in text
        assert "tool (reference)" in text

    def test_same_runs_give_the_same_page(self, tmp_path: Path) -> None:
        written(tmp_path)
        assert page_of(report_of(read_runs([tmp_path]))) == page_of(report_of(read_runs([tmp_path])))

    def test_policy_names_the_scripts_and_styles_that_are_there(self, tmp_path: Path) -> None:
        written(tmp_path / "runs")
        page = reported(tmp_path)
        (policy,) = (
            attrs["content"] for tag, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy"
        )
        assert policy is not None and policy.startswith("default-src 'none'; ")
        for name in ("script", "style"):
            digest = base64.b64encode(hashlib.sha256(page.scripts[name].encode()).digest()).decode()
            assert f"{name}-src 'sha256-{digest}'" in policy

    def test_page_names_no_other_place_than_itself(self, tmp_path: Path) -> None:
        models(tmp_path / "runs", a=0.1, b=0.5)
        page = reported(tmp_path)
        links = [
            attrs.get(name) for _, attrs in page.tags for name in ("src", "href", "xlink:href", "srcset", "action")
        ]
        assert {link for link in links if link} <= {"data:,", *(link for link in links if link and link[0] == "#")}

    def test_page_says_what_it_is_and_what_its_numbers_do_not_mean(self, tmp_path: Path) -> None:
        written(tmp_path)
        text = page_of(report_of(read_runs([tmp_path])))
        assert "reimplementation" in text and "arXiv 2504.06460" in text
        assert all(line.replace("'", "&#39;") in text for line in notes.LIMITS)

    def test_limits_that_readme_has_too_are_readmes(self) -> None:
        readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
        said = " ".join(re.sub(r"\[([^]]+)\]\([^)]+\)", r"\1", " ".join(readme.split())).split())
        for line in notes.LIMITS[:2]:
            for part in re.split(r", and |(?<=\.) ", line):
                assert part.rstrip(".").lower() in said.lower(), part

    def test_damaged_file_is_named_without_its_folder(self, tmp_path: Path) -> None:
        written(tmp_path / "a", model="good")
        written(tmp_path / "b", model="bad").write_text("{}\n")
        text = page_of(report_of(read_runs([tmp_path])))
        assert "<strong>1 left out</strong>" in text
        assert str(tmp_path) not in text


class TestEscaping:
    def test_hostile_texts_open_no_element(self, tmp_path: Path) -> None:
        written(tmp_path / "safe" / "runs", model="m", rows=[row("p1", none="correct", high="correct", low="wrong")])
        written(tmp_path / "runs", model=NAME, rows=[hostile_row()])
        safe, hostile = reported(tmp_path / "safe"), reported(tmp_path)
        assert [tag for tag, _ in hostile.tags] == [tag for tag, _ in safe.tags]
        assert hostile.browsed()["answers"][0][f"p{HOSTILE}"]["low"][0]["parts"][0] == HOSTILE
        assert json.loads(hostile.scripts["browser-data"])["tasks"][0]["models"] == [NAME]

    def test_lone_surrogate_anywhere_is_kept_as_data_and_replaced_in_the_page(self, tmp_path: Path) -> None:
        written(tmp_path / "runs", model="m\ud800", rows=[hostile_row("x \udc00 y")])
        page = reported(tmp_path, "--models", "m\ud800")
        assert page.browsed()["problems"][0]["question"] == "x \udc00 y"
        assert "m?" in (tmp_path / "report.html").read_text(encoding="utf-8")

    def test_as_data_ends_neither_element_nor_line(self) -> None:
        text = as_data({"<b>": "</script> & \u2028 \u2029 \ud800"})
        assert not re.search(r"[<>&\u2028\u2029]", text)
        assert json.loads(text) == {"<b>": "</script> & \u2028 \u2029 \ud800"}


class TestShown:
    def judged(self, **fields: Any) -> PersonaVerdict:
        return PersonaVerdict("low", 0.0, Verdict("wrong", **fields))

    def test_answer_is_cut_out_at_its_span_also_behind_signs_of_two_units(self) -> None:
        found = shown("🎓 so 12.", self.judged(answer="12", span=(5, 7)))
        assert found["parts"] == ["🎓 so ", "12", "."]

    def test_thinking_is_left_out_and_counted(self) -> None:
        response = "<think>secret 5</think>\n\nIt is 12."
        at = response.index("12")
        found = shown(response, self.judged(answer="12", span=(at, at + 2)))
        assert found["parts"] == ["It is ", "12", "."]
        assert found["hidden"] == len("<think>secret 5</think>")

    def test_thinking_that_the_template_opened_is_left_out(self) -> None:
        assert shown("secret</think>12", self.judged(span=None), thinking=True)["parts"] == ["12", "", ""]

    def test_thinking_that_never_ends_leaves_nothing(self) -> None:
        found = shown("<think>secret", PersonaVerdict("low", 0.0, Verdict("unanswered", "unfinished_thinking")))
        assert (found["parts"], found["hidden"]) == (["", "", ""], len("<think>secret"))

    @pytest.mark.parametrize("span", [(5, 3), (0, 99), (-1, 2), ("a", "b"), (1,)])
    def test_span_that_cannot_be_marks_nothing(self, span: Any) -> None:
        assert shown("abc", self.judged(span=span))["parts"] == ["abc", "", ""]

    def test_long_text_loses_its_middle_and_says_so(self) -> None:
        (before, answer, _) = shown("x" * 50_000 + "12", self.judged(span=(50_000, 50_002)))["parts"]
        assert answer == "12" and len(before) < MAX_PART + 60
        assert f"[… {50_000 - MAX_PART:,} characters left out …]" in before


class TestBrowsed:
    def test_default_is_the_best_and_the_worst(self, tmp_path: Path) -> None:
        models(tmp_path, fair=0.5, worst=1.0, best=0.0)
        assert report_of(read_runs([tmp_path])).browsable == ["best", "worst"]

    def test_reference_respondents_are_browsed_only_if_models_are_too_few(self, tmp_path: Path) -> None:
        models(tmp_path, fair=0.5, worst=1.0)
        written(tmp_path / "tool", model="tool", reference_respondent=True)
        assert report_of(read_runs([tmp_path])).browsable == ["fair", "worst"]

    def test_without_high_and_low_the_first_two_are(self, tmp_path: Path) -> None:
        for name in ("c", "b", "a"):
            rows = [row("p1", deliberate="wrong")]
            written(tmp_path / name, model=name, rows=rows, task="control_reversed_persona_gsm8k")
        assert report_of(read_runs([tmp_path])).browsable == ["a", "b"]

    def test_models_that_are_named_are_in_that_order_and_no_others(self, tmp_path: Path) -> None:
        models(tmp_path / "runs", a=0.1, b=0.5, c=0.9)
        page = reported(tmp_path, "--models", "c", "a")
        assert json.loads(page.scripts["browser-data"])["tasks"][0]["models"] == ["c", "a"]
        assert len(page.browsed()["answers"]) == 2

    def test_tasks_without_room_are_named(self, tmp_path: Path) -> None:
        written(tmp_path)
        runs = read_runs([tmp_path]).runs
        assert [one.task for one in browse(runs, ["org/model"])[0]] == [TASK]
        assert browse(runs, ["org/model"], limit=100) == ([], [TASK])

    def test_log_that_changed_meanwhile_is_refused(self, tmp_path: Path) -> None:
        log = written(tmp_path)
        runs = read_runs([tmp_path]).runs
        log.write_text("{}\n")
        with pytest.raises(RunsError, match="line 1: has no field 'doc'; found none; expected the log as it was"):
            browse(runs, ["org/model"])

    def test_judges_run_has_nothing_to_browse(self, tmp_path: Path) -> None:
        written(tmp_path, task="judge_reversed_persona_sample")
        path = next(tmp_path.glob("results_*"))
        results = json.loads(path.read_text())
        results["configs"]["judge_reversed_persona_sample"]["metadata"]["judge"] = {}
        path.write_text(json.dumps(results))
        report = report_of(read_runs([tmp_path]))
        assert report.browsed == []
        assert "left no sample logs" in page_of(report)


class TestRefused:
    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (
                ["--models", "org/modle"],
                "--models org/modle: no run here is of this model; expected one of org/model; did",
            ),
            (["--models", "a", "b", "c"], "--models: got 3 models; expected one or two"),
            (["--task", "nonsense"], "no run of nonsense could be read"),
            (["--date", "1999"], "could be read"),
        ],
    )
    def test_option_that_fits_no_run(
        self, tmp_path: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        written(tmp_path / "runs")
        out = tmp_path / "report.html"
        assert main(["report", str(tmp_path / "runs"), "-o", str(out), *arguments]) == 2
        error = capsys.readouterr().err
        assert said in error and error.count("\n") == 1
        assert not out.exists()

    def test_place_that_cannot_be_written_to_is_refused_first(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["report", str(tmp_path / "nothing"), "-o", str(tmp_path)]) == 2
        assert f"{tmp_path}: cannot be written" in capsys.readouterr().err

    def test_earlier_page_stays_if_a_new_one_fails(self, tmp_path: Path) -> None:
        (tmp_path / "report.html").write_text("earlier")
        written(tmp_path / "runs")
        assert main(["report", str(tmp_path / "runs"), "-o", str(tmp_path / "report.html"), "--models", "nobody"]) == 2
        assert (tmp_path / "report.html").read_text() == "earlier"


def test_sort_key_puts_cells_in_order() -> None:
    assert float(sort_key(RankRange(1, 2))) < float(sort_key(RankRange(1, 10))) < float(sort_key(RankRange(2, 2)))
    assert (sort_key(None), sort_key("a"), sort_key(0.1)) == ("", "a", "0.1")
