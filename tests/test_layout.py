"""Tables -> text: for people, for papers and for programs; whatever a model is called."""

import csv
import io
import json
from pathlib import Path

import pytest

from reversed_persona.cli import main
from reversed_persona.comparison.layout import FORMATS, as_text
from reversed_persona.comparison.table import Bounds, Brief, Estimate, RankRange, Table
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
        assert as_text(Bounds(0.58, 0.58)) == as_text(Bounds(0.5799, 0.5801)) == "0.580"
        assert as_text(None) == "-"
        assert as_text(Interval(-0.0001, -0.2, 0.2)) == "0.000 [-0.200, 0.200]"

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

    def test_csv_heads_that_a_spreadsheet_would_run_are_quoted(self) -> None:
        table = Table("t", "t", ("model", "=cmd()"), [{"model": "m", "=cmd()": Interval(0.5, 0.4, 0.6)}])
        assert FORMATS["csv"]([table]).startswith("table,model,'=cmd(),'=cmd()_low,'=cmd()_high\n")

    def test_csv_keeps_an_intervals_columns_together_where_the_first_row_has_none(self) -> None:
        table = Table(
            "t", "t", ("model", "a", "b"), [{"model": "m", "b": 1}, {"model": "m", "a": Interval(0.5, 0.4, 0.6)}]
        )
        assert FORMATS["csv"]([table]).splitlines() == ["table,model,a,a_low,a_high,b", "t,m,,,,1", "t,m,0.5,0.4,0.6,"]

    def test_csv_has_no_column_that_a_cell_of_another_kind_never_fills(self) -> None:
        rows = [{"model": "m", "a": None}, {"model": "m", "a": Bounds(0.5, 0.75)}]
        text = FORMATS["csv"]([Table("t", "t", ("model", "a"), rows)])
        assert text.splitlines() == ["table,model,a_least,a_most", "t,m,,", "t,m,0.5,0.75"]

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

    def test_columns_that_say_what_a_row_is_of_stand_in_every_block(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("COLUMNS", "60")
        row = {"model": "m", "part": "a part", **dict.fromkeys("abcdefgh", 0.123456)}
        lines = FORMATS["table"]([Table("t", "t", ["model", "part", *"abcdefgh"], [row], keys=2)]).splitlines()
        assert [line.split() for line in lines if "model" in line] == [
            ["model", "part", *"abcde"],
            ["model", "part", *"fgh"],
        ]

    def test_columns_that_do_not_fit_in_three_blocks_are_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("COLUMNS", "60")
        wide = [f"column_{k}" + "x" * 20 for k in range(5)]
        table = Table("t", "t", ["model", *wide], [{"model": "m", **dict.fromkeys(wide, 1)}], [f"{wide[4]}: a note"])
        text = FORMATS["table"]([table])
        assert f"no room for {wide[3]}, {wide[4]}: --columns" in text
        assert "a note" not in text  # on a column that isn't there

    def test_table_whose_keys_fill_a_narrow_terminal_is_one_for_each_first_key(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COLUMNS", "60")
        rows = [{"model": f"org/{'model' * 4}-{k}", "part": f"part {k}", "n": 1} for k in (1, 1, 2)]
        text = FORMATS["table"]([Table("t", "t", ["model", "part", "n"], rows, keys=2)])
        assert [line for line in text.splitlines() if "org/" in line] == [f"t: org/{'model' * 4}-{k}" for k in (1, 2)]
        assert text.count("part 1") == 2 and text.count("part 2") == 1

    def test_brief_rows_are_for_people_alone(self) -> None:
        rows = [{"model": "a", "n": 1}, {"model": "b", "n": 2}]
        table = Table("t", "t", ["model", "n"], rows, brief=Brief(rows[:1], "1 of 2 rows"))
        for format_ in ("table", "markdown", "latex"):
            text = FORMATS[format_]([table])
            assert "1 of 2 rows" in text and "b" not in text.replace("table", "").replace("tabular", "").split()
        assert len(json.loads(FORMATS["json"]([table]))["tables"][0]["rows"]) == 2
        assert "1 of 2 rows" not in FORMATS["json"]([table])
        assert len(FORMATS["csv"]([table]).splitlines()) == 3

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


class TestColumns:
    def columns(self, capsys: pytest.CaptureFixture[str], folder: Path, *options: str) -> list[str]:
        assert main(["compare", str(folder), "--format", "json", *options]) == 0
        (table,) = json.loads(capsys.readouterr().out)["tables"]
        return list(table["rows"][0])

    def test_those_named_stand_in_their_order_behind_what_a_row_is_of(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        written(tmp_path)
        assert self.columns(capsys, tmp_path, "--columns", "acc_low, reversal,model") == [
            "model",
            "acc_low",
            "reversal",
        ]

    def test_notes_on_others_are_left_out(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        written(tmp_path)
        assert main(["compare", str(tmp_path), "--columns", "reversal,p"]) == 0
        shown = capsys.readouterr().out
        assert "p: McNemar" in shown and "contrast:" not in shown

    @pytest.mark.parametrize("given", ["reversl", "reversal,", ""])
    def test_unknown_one_is_one_line(self, tmp_path: Path, capsys: pytest.CaptureFixture[str], given: str) -> None:
        written(tmp_path)
        assert main(["compare", str(tmp_path), "--columns", given]) == 2
        (said,) = capsys.readouterr().err.splitlines()
        assert f"--columns: got {given.rpartition(',')[2]!r}; expected some of model, n, reversal, rank" in said
