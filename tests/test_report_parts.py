"""The report's tables by difficulty, race and so on: the cells of compare, folded, of as many models as can be read."""

import random
from pathlib import Path

import pytest

from reversed_persona.comparison.breakdown import break_down
from reversed_persona.comparison.report.data import report_of
from reversed_persona.comparison.report.page import page_of
from reversed_persona.runs import read_runs
from run_files import STATUSES, TASK, models, row, written


class TestParts:
    @pytest.fixture
    def crossed(self, tmp_path: Path) -> Path:
        draw = random.Random(1)
        arms = [
            f"{persona}_{group}"
            for group in ("unspecified", "white_american", "hispanic")
            for persona in ("high", "low")
        ]
        rows = [row(f"p{k}", **{arm: STATUSES[draw.random() < 0.5] for arm in arms}) for k in range(40)]
        written(tmp_path / "race", rows=rows, task="reversed_persona_gsm8k_race")
        models(tmp_path, a=0.1)
        return tmp_path

    def test_each_task_has_what_it_can_be_taken_apart_by_folded(self, crossed: Path) -> None:
        report = report_of(read_runs([crossed]))
        found = {one.task: list(one.tables) for one in report.parts}
        assert found == {"reversed_persona_gsm8k_race": ["race"], TASK: ["difficulty"]}
        text = page_of(report)
        assert text.count("<summary>by ") == 2
        assert "<details><summary>by race</summary>" in text  # closed
        assert "no noise floor: it takes a run of reversed_persona_gsm8k_irrelevant" in text

    def test_cells_are_those_of_compare_and_p_is_adjusted_over_all_models(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        models(tmp_path, a=0.1, b=0.5, c=0.9)
        runs = read_runs([tmp_path])
        (whole,) = break_down(runs.runs, "difficulty")
        monkeypatch.setattr("reversed_persona.comparison.report.parts.MOST_MODELS", 2)
        (parts,) = report_of(runs, ["b", "c"]).parts
        assert list(parts.tables["difficulty"].rows) == [one for one in whole.rows if one["model"] != "a"]

    def test_of_many_models_those_to_browse_and_the_best_are_shown_and_the_page_says_so(self, tmp_path: Path) -> None:
        models(tmp_path, **{f"m{k:02}": float(k > 10) for k in range(14)})
        report = report_of(read_runs([tmp_path]), ["m13"])
        (parts,) = report.parts
        assert parts.shown == [*(f"m{k:02}" for k in range(11)), "m13"]
        assert {one["model"] for one in parts.tables["difficulty"].rows} == {*parts.shown}
        assert "12 of 14 models: those whose questions can be read, and the best by reversal" in page_of(report)
        (plot,) = (plot for plot in report.plots if plot.kind == "difficulty")
        assert len({one["model"] for one in plot.numbers.rows}) == 14
