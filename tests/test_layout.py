"""Tables -> text: for people, for papers and for programs; whatever a model is called."""

import csv
import io
import json
from pathlib import Path

import pytest

from reversed_persona.cli import main
from reversed_persona.comparison.layout import FORMATS, as_text
from reversed_persona.comparison.table import Bounds, Estimate, RankRange, Table
from reversed_persona.statistics.intervals import Interval
from run_files import TASK, written

HOSTILE = "<script>|&_%$#\\{}^~=1+1"
TABLE = Table(
    "t",
    "A title",
    ("model", "mean", "reported", "rank", "p", "missing"),
    [
        {"model": HOSTILE, "mean": Interval(0.5, 0.4, 0.6), "reported": Estimate(0.1, None), "rank": RankRange(1, 3)},
        {"model": "=cmd()", "mean": None, "reported": Estimate(0.1, 0.02), "rank": RankRange(2, 2), "p": 0.0001},
    ],
    ["a note"],
)


class TestLayout:
    def test_cells_are_written_for_people(self) -> None:
        assert as_text(Interval(0.5, 0.4, 0.6)) == "0.500 [0.400, 0.600]"
        assert as_text(Estimate(0.1, 0.02)) == "0.100 ± 0.020"
        assert (as_text(RankRange(1, 3)), as_text(RankRange(2, 2))) == ("1-3", "2")
        assert (as_text(0.0001, "p"), as_text(0.0001, "acc")) == ("<0.001", "0.000")
        assert as_text(Bounds(0.5, 0.75)) == "0.500 to 0.750"
        assert as_text(None) == "-"

    def test_names_steer_no_terminal_and_end_no_comment(self) -> None:
        name = "a\x1b[2J\nb"
        table = Table("t", f"about {name}", ("model",), [{"model": name}], [f"of {name}"])
        for form in ("table", "markdown", "latex"):
            text = FORMATS[form]([table])
            assert "\x1b" not in text
            assert form == "table" or "\nb" not in text  # a terminal's title may be folded

    def test_markdown_keeps_its_columns(self) -> None:
        lines = [line for line in FORMATS["markdown"]([TABLE]).splitlines() if line.startswith("|")]
        assert len({line.replace("\\|", "").count("|") for line in lines}) == 1

    def test_csv_holds_full_numbers_and_no_formula(self) -> None:
        one, two = csv.DictReader(io.StringIO(FORMATS["csv"]([TABLE])))
        assert (one["mean"], one["mean_low"], one["rank_first"], one["missing"]) == ("0.5", "0.4", "1", "")
        assert two["model"] == "'=cmd()"
        assert two["mean"] == ""

    def test_json_has_null_for_what_was_not_measured(self) -> None:
        (table,) = json.loads(FORMATS["json"]([TABLE]))["tables"]
        assert table["rows"][0]["missing"] is None
        assert table["rows"][0]["model"] == HOSTILE

    def test_latex_escapes_what_it_must(self) -> None:
        text = FORMATS["latex"]([TABLE])
        assert r"\&\_\%\$\#\textbackslash{}\{\}\textasciicircum{}\textasciitilde{}" in text
        assert "$<$script$>$" in text

    def test_terminal_leaves_out_columns_in_which_nothing_was_measured(self) -> None:
        text = FORMATS["table"]([TABLE])
        assert "missing" not in text
        assert "0.500 [0.400, 0.600]" in text
        assert "a note" in text

    def test_columns_that_a_narrow_terminal_has_no_room_for_stand_below(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("COLUMNS", "60")
        table = Table("t", "t", ["model", *"abcdefgh"], [{"model": "m" * 20, **dict.fromkeys("abcdefgh", 0.123456)}])
        lines = FORMATS["table"]([table]).splitlines()
        assert max(map(len, lines)) <= 60
        # 20 + 3 for the model, 5 + 3 for each number: four beside each other, then the other four
        assert [line.split() for line in lines if "model" in line] == [["model", *"abcd"], ["model", *"efgh"]]
        assert [line.split() for line in lines if "mm" in line] == [["m" * 20, *["0.123"] * 4]] * 2

    def test_output_file_is_written_whole(self, tmp_path: Path) -> None:
        written(tmp_path / "m")
        out = tmp_path / "table.csv"
        assert main(["compare", str(tmp_path / "m"), "--format", "csv", "-o", str(out)]) == 0
        assert out.read_text().startswith("table,model,n,reversal,reversal_low,reversal_high")
        assert TASK in out.read_text()

    @pytest.mark.parametrize("format_", ["table", "markdown", "latex", "json"])
    def test_brackets_and_signs_are_explained_where_there_are_any(self, format_: str) -> None:
        bare = Table("t", "A title", ("model", "n"), [{"model": "m", "n": 3}], ["a note"])
        assert "95 % interval" in FORMATS[format_]([TABLE])
        assert "95 %" not in FORMATS[format_]([bare])
