"""Runs -> the plots of the page: which are there, their numbers, and what is drawn."""

import random
from pathlib import Path

import pytest

from report_pages import NAME, Page, needs_altair, reported
from reversed_persona.cli import main
from reversed_persona.comparison.report import charts
from reversed_persona.comparison.report.data import report_of
from reversed_persona.comparison.report.page import page_of
from reversed_persona.runs import read_runs
from run_files import LATER, ROWS, STATUSES, TASK, models, row, written


class TestPlots:
    def test_plots_that_the_runs_allow_are_there_and_the_others_are_said_to_be_missing(self, tmp_path: Path) -> None:
        models(tmp_path, a=0.1, b=0.5)
        report = report_of(read_runs([tmp_path]))
        assert [plot.kind for plot in report.plots] == ["accuracy", "reversal", "difficulty", "wrong"]
        assert [line.partition(":")[0] for line in report.missing] == ["Calibration", "Difference by race"]

    def test_numbers_of_a_plot_are_those_computed_by_hand(self, tmp_path: Path) -> None:
        # ROWS: high right on 2 of 3, low right on 1 of 3; its one wrong answer, 8, is off by one from the gold 7
        written(tmp_path)
        plots = {plot.kind: plot.numbers.rows[0] for plot in report_of(read_runs([tmp_path])).plots}
        assert plots["accuracy"]["acc_high"] == pytest.approx(2 / 3)
        assert plots["accuracy"]["acc_low"] == pytest.approx(1 / 3)
        assert (plots["wrong"]["wrong"], plots["wrong"]["near_miss"]) == (1, 1.0)
        assert "difficulty" not in plots  # all are as hard as one another

    def test_graded_and_race_runs_have_plots_of_their_own(self, tmp_path: Path) -> None:
        draw = random.Random(1)
        groups = ("unspecified", "white_american", "hispanic")
        arms = [f"{persona}_{group}" for group in groups for persona in ("high", "low")]
        race = [row(f"p{k}", **{arm: STATUSES[draw.random() < 0.5] for arm in arms}) for k in range(40)]
        targets = ("graded_20", "graded_40", "graded_60", "graded_80", "none", "high")
        graded = [row(f"p{k}", **{arm: STATUSES[draw.random() < 0.5] for arm in targets}) for k in range(40)]
        written(tmp_path / "a", rows=race, task="reversed_persona_gsm8k_race")
        written(tmp_path / "b", rows=graded, task="reversed_persona_gsm8k_graded", date=LATER)
        report = report_of(read_runs([tmp_path]))
        by_kind = {plot.kind: plot for plot in report.plots}
        assert by_kind.keys() == {"calibration", "race"}
        assert [cells["target"] for cells in by_kind["calibration"].numbers.rows] == [0.2, 0.4, 0.6, 0.8]
        assert [cells["group"] for cells in by_kind["race"].numbers.rows] == ["white_american", "hispanic"]
        assert "nothing about people" in by_kind["race"].caption
        assert "nothing about people" in page_of(report)

    @needs_altair
    def test_every_kind_is_drawn_with_hostile_names_as_text(self, tmp_path: Path) -> None:
        self.test_graded_and_race_runs_have_plots_of_their_own(tmp_path)
        models(tmp_path, a=0.1)
        written(tmp_path / "h", model=NAME, rows=ROWS)
        plots = report_of(read_runs([tmp_path])).plots
        assert {plot.kind for plot in plots} == charts.DRAWN.keys()
        for plot in plots:
            tags = {tag for tag, _ in Page(charts.draw_svg(plot)).tags}
            assert tags <= {"svg", "g", "path", "line", "text", "rect", "defs", "clippath"}, plot.kind

    @needs_altair
    def test_plot_whose_task_the_chosen_models_lack_lets_others_stand_out_and_is_drawn(self, tmp_path: Path) -> None:
        self.test_graded_and_race_runs_have_plots_of_their_own(tmp_path)  # of org/model
        models(tmp_path, best=0.0, worst=0.9)
        plots = {plot.kind: plot for plot in report_of(read_runs([tmp_path]), ["best", "worst"]).plots}
        assert plots["accuracy"].lit == ["best", "worst"]
        assert plots["calibration"].lit == ["org/model"]
        assert charts.draw_png(plots["calibration"]).startswith(b"\x89PNG")

    @needs_altair
    def test_no_plot_carries_a_style_that_the_policy_would_stop(self, tmp_path: Path) -> None:
        models(tmp_path, a=0.1, b=0.5)
        for plot in report_of(read_runs([tmp_path])).plots:
            assert not any("style" in attrs for _, attrs in Page(charts.draw_svg(plot)).tags)

    @needs_altair
    def test_names_of_points_do_not_cover_one_another(self, tmp_path: Path) -> None:
        models(tmp_path, first=0.0, second=0.0, third=0.0)  # three points on one place
        (plot, *_) = report_of(read_runs([tmp_path])).plots
        places = [label["at"] for label in charts._labels(plot)]
        assert len(places) == 3 and min(abs(a - b) for a in places for b in places if a is not b) > 0.04

    @needs_altair
    def test_png_and_svg_folders_hold_every_plot(self, tmp_path: Path) -> None:
        models(tmp_path / "runs", a=0.1, b=0.5)
        reported(tmp_path, "--png", tmp_path / "png", "--svg", tmp_path / "svg")
        names = {f"{kind}_{TASK}" for kind in ("accuracy", "reversal", "difficulty", "wrong")}
        assert {path.stem for path in (tmp_path / "png").glob("*.png")} == names
        assert {path.stem for path in (tmp_path / "svg").glob("*.svg")} == names
        assert next((tmp_path / "png").iterdir()).read_bytes().startswith(b"\x89PNG")
        assert "currentColor" not in next((tmp_path / "svg").iterdir()).read_text(encoding="utf-8")

    def test_without_altair_the_numbers_are_there_and_the_options_are_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        models(tmp_path / "runs", a=0.1, b=0.5)
        monkeypatch.setattr(charts, "can_draw", lambda: False)
        monkeypatch.setattr("reversed_persona.comparison.report.page.can_draw", lambda: False)
        page = reported(tmp_path)
        assert not any(tag == "svg" for tag, _ in page.tags)
        assert "Only their numbers are here" in (tmp_path / "report.html").read_text(encoding="utf-8")
        assert main(["report", str(tmp_path / "runs"), "--png", str(tmp_path / "png")]) == 2
        assert "--png: altair and vl-convert-python are not installed" in capsys.readouterr().err
