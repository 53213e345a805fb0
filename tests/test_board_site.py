"""`leaderboard build`: the whole site, the same twice, never half of one, and never in another folder's place."""

import base64
import csv
import io
import json
import multiprocessing
import os
import re
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from judged_files import with_judge
from reversed_persona.cli import main
from reversed_persona.comparison.layout import FORMATS
from reversed_persona.comparison.summary import task_tables
from reversed_persona.errors import LeaderboardError, OutputError
from reversed_persona.leaderboard.board.grading import grade_all
from reversed_persona.leaderboard.board.records import file_of
from reversed_persona.leaderboard.board.reference import RESPONDENTS
from reversed_persona.leaderboard.board.site import Built, build_site, check_site
from reversed_persona.leaderboard.submissions.rescoring import rescore
from submission_files import (
    DATE,
    decide,
    make_parts,
    sample_problems,
    sample_suite,
    write_board,
    write_parts,
    write_submission,
)

CORE, CONTROL = "sample_reversed_persona", "control_reversed_persona_sample"
REFERENCES = {file_of(one.name, "reference") for one in RESPONDENTS}


@pytest.fixture
def board(tmp_path: Path) -> Path:
    return write_board(tmp_path / "board")


def build(board: Path, site: Path | None = None, **how: Any) -> Built:
    return build_site(board, sample_suite(), sample_problems(), site or board / "site", **how)


def build_verb(board: Path, *more: str) -> int:
    return main(["leaderboard", "build", "--board", str(board), "--suite", "sample", "--processes", "1", *more])


def files_of(site: Path) -> Mapping[str, bytes]:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def data_of(site: Path, name: str) -> Any:
    text = (site / "data" / f"{name}.js").read_text(encoding="ascii")
    found = re.fullmatch(rf'received\("{name}","([A-Za-z0-9+/=]*)"\);\n', text)
    assert found is not None
    return json.loads(zlib.decompress(base64.b64decode(found[1])))


def rows_of(site: Path, table: str) -> dict[str, dict[str, str]]:
    rows = csv.DictReader(io.StringIO((site / "leaderboard.csv").read_text(encoding="utf-8")))
    return {f"{row['model']}, {row['kind']}": row for row in rows if row["table"] == table}


def break_a_row(board: Path, **how: Any) -> Path:
    """Write a submission without one of its rows."""
    parts = make_parts(**how)
    parts.rows[CORE].pop()
    return write_parts(board, parts)


class TestBuildSite:
    def test_an_empty_board_has_reference_rows_alone(self, board: Path) -> None:
        built = build(board)
        assert [entry.kind for entry in built.entries] == ["reference"] * len(RESPONDENTS)
        assert rows_of(built.site, "R").keys() == {f"{one.name}, reference" for one in RESPONDENTS}
        assert set(files_of(built.site)) == {
            *("index.html", "leaderboard.csv", "leaderboard.json"),
            *(f"data/{name}-{CORE}.js" for name in ("verdicts", *(f"answers-{file}" for file in REFERENCES))),
            *(f"data/entry-{file}.js" for file in REFERENCES),
            "data/problems-sample.js",
        }

    def test_it_is_the_same_twice_with_however_many_processes(self, board: Path, tmp_path: Path) -> None:
        write_parts(board, with_judge(make_parts(model="org/a", seed=1, tasks=[CORE, CONTROL])))
        write_submission(board, model="org/b", seed=2, low=0.5)
        write_submission(board, model="org/b", seed=3, type="custom")
        once = files_of(build(board, tmp_path / "once").site)
        assert files_of(build(board, tmp_path / "once").site) == once
        assert files_of(build(board, tmp_path / "many", processes=3).site) == once

    def test_each_entry_has_its_details_letters_and_answers(self, board: Path) -> None:
        write_submission(board, model="org/a", seed=1, tasks=[CORE, CONTROL])
        site, file = build(board).site, file_of("org/a", "standard")
        details = data_of(site, f"entry-{file}")
        assert set(details["pairs"]["R"]) == REFERENCES
        assert [table["title"] for table in details["details"][CORE]] == [f"{CORE}, by difficulty"]
        problems = [one["problem_id"] for one in data_of(site, "problems-sample")]
        letters = data_of(site, f"verdicts-{CORE}")
        assert letters["problems"] == problems
        assert letters["letters"].keys() == {*REFERENCES, file}
        assert set(data_of(site, f"verdicts-{CONTROL}")["letters"]) == {file}
        for task in (CORE, CONTROL):
            answers = data_of(site, f"answers-{file}-{task}")
            assert list(answers) == problems
        first = answers[problems[0]]["deliberate"][0]
        assert first.keys() == {"status", "reason", "answer", "flip", "derived", "parts", "hidden"}

    def test_standard_and_custom_runs_of_a_model_are_two_rows(self, board: Path) -> None:
        write_submission(board, model="org/a", seed=1)
        write_submission(board, model="org/a", seed=2, type="custom")
        rows = rows_of(build(board).site, "R")
        assert (rows["org/a, standard"]["rank_first"], rows["org/a, custom"]["rank_first"]) == ("1", "")
        assert "custom" in rows["org/a, custom"]["flags"].split(", ")

    def test_numbers_in_files_are_those_of_compare(self, board: Path) -> None:
        folders = [
            write_submission(board, model="org/a", seed=1, tasks=[CORE, CONTROL], deliberate=0.2),
            write_submission(board, model="org/b", seed=2, low=0.4, unanswered_low=0.1),
            write_submission(board, model="org/c", seed=3, low=0.9, type="custom"),
        ]
        rescored = [rescore(folder, sample_suite(), sample_problems()) for folder in folders]
        tables = task_tables([run for one in rescored for run in one.runs.values()])
        site = build(board).site
        for row in csv.DictReader(io.StringIO(FORMATS["csv"](tables))):
            ours = {row["model"]: row for row in rows_of(site, row["table"]).values()}[row["model"]]
            assert {name: ours.get(name, "") for name in row} == row
        for table in json.loads(FORMATS["json"](tables))["tables"]:
            (mine,) = (one for one in said_in_json(site)["tables"] if one["name"] == table["name"])
            ours = {row["model"]: row for row in mine["rows"]}
            for row in table["rows"]:
                assert {name: ours[row["model"]].get(name) for name in row} == row

    def test_json_says_what_it_is(self, board: Path) -> None:
        said = said_in_json(build(board, seed=7).site)
        assert (said["suite"], said["seed"]) == ("sample", 7)
        assert [table["name"] for table in said["tables"]] == ["R", CORE]

    def test_no_text_of_a_submission_is_a_formula_in_a_spreadsheet(self, board: Path) -> None:
        write_submission(board, model="org/a", note='=HYPERLINK("https://example.org";"1")')
        site = build(board).site
        assert rows_of(site, "R")["org/a, standard"]["note"].startswith("'=HYPERLINK")
        first = said_in_json(site)["tables"][0]["rows"][0]
        assert first["note"].startswith("=HYPERLINK")
        # a number below 0 stays one
        assert rows_of(site, "R")["silent, reference"]["R"] == "-1.0"

    def test_decisions_are_respected(self, board: Path) -> None:
        old = write_submission(board, model="org/a", seed=1)
        new = write_submission(board, model="org/a", seed=2, date=DATE + 86_400)
        decide(board, new, "remove")
        built = build(board)
        assert rows_of(built.site, "R")["org/a, standard"]["submission"] == "/".join(old.parts[-3:])
        assert list(built.choice.removed) == ["/".join(new.parts[-3:])]

    def test_an_earlier_site_is_replaced_whole(self, board: Path) -> None:
        folder = write_submission(board, model="org/a")
        before = files_of(build(board).site)
        decide(board, folder, "remove")
        after = files_of(build(board).site)
        gone = file_of("org/a", "standard")
        assert f"data/entry-{gone}.js" in before
        assert not [name for name in after if gone in name]

    @pytest.mark.parametrize("processes", [1, 2])
    def test_a_refused_submission_leaves_everything_as_it_was(self, board: Path, processes: int) -> None:
        write_submission(board, model="org/a", seed=1)
        before = files_of(build(board).site)
        refused = break_a_row(board, model="org/b", seed=2)
        with pytest.raises(LeaderboardError, match=re.escape("/".join(refused.parts[-3:]))):
            build(board, processes=processes)
        assert multiprocessing.active_children() == []  # none is left that reads a file which is gone
        assert files_of(board / "site") == before
        assert not list(board.glob(".site*"))

    def test_a_first_build_that_fails_leaves_nothing(self, board: Path) -> None:
        break_a_row(board, model="org/b")
        with pytest.raises(LeaderboardError):
            build(board)
        assert not (board / "site").exists()
        assert not list(board.glob(".site*"))

    def test_another_folder_is_not_deleted(self, board: Path, tmp_path: Path) -> None:
        for name in ("notes.txt", "data/notes.txt", "index.html/a.txt", "data/answers.js/a.txt"):
            place = tmp_path / name.replace("/", "-")
            (place / name).parent.mkdir(parents=True)
            (place / name).write_text("mine")
            with pytest.raises(OutputError, match="which no site has"):
                build(board, place)
            assert (place / name).read_text() == "mine"

    def test_a_page_of_somebody_else_is_not_deleted(self, board: Path, tmp_path: Path) -> None:
        place = tmp_path / "page"
        (place / "data").mkdir(parents=True)
        (place / "data" / "answers-mine.js").write_text("mine")
        for said in (None, "{}", '{"suite": "1.0"}'):
            if said is not None:
                (place / "leaderboard.json").write_text(said)
            (place / "index.html").write_text("mine")
            with pytest.raises(OutputError, match=r"has no leaderboard\.json of a site"):
                build(board, place)
            assert (place / "index.html").read_text() == "mine"

    def test_links_are_not_followed_to_what_would_be_deleted(self, board: Path, tmp_path: Path) -> None:
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        (elsewhere / "precious.js").write_text("mine")
        (tmp_path / "site").mkdir()
        (tmp_path / "site" / "data").symlink_to(elsewhere)
        with pytest.raises(OutputError, match="holds data, which is no folder of a site"):
            build(board, tmp_path / "site")
        assert (elsewhere / "precious.js").read_text() == "mine"

    def test_what_is_put_beside_a_site_while_it_is_built_is_kept(self, board: Path) -> None:
        build(board)

        def put(entries: Any, count: int) -> Any:
            assert count == len(RESPONDENTS)
            for entry in entries:
                (board / "site" / "mine.txt").write_text("mine")
                yield entry

        with pytest.raises(OutputError, match=r"mine\.txt"):
            build(board, progress=put)
        assert (board / "site" / "mine.txt").read_text() == "mine"

    def test_problems_that_are_not_the_suites_are_an_error(self, board: Path) -> None:
        fewer = {"sample": sample_problems()["sample"][1:]}
        with pytest.raises(LeaderboardError, match="is not the one of the manifest"):
            build_site(board, sample_suite(), fewer, board / "site")
        assert not (board / "site").exists()

    def test_a_board_that_is_not_there_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(LeaderboardError, match="there is no such folder"):
            build(tmp_path / "nowhere")


class Fatal:
    """A source of answers that ends the process it comes to."""

    def __reduce__(self) -> Any:
        return os._exit, (1,)


class TestGradeAll:
    def test_a_process_that_dies_is_an_error_and_no_endless_wait(self, tmp_path: Path) -> None:
        sources: Any = [Fatal(), *RESPONDENTS]
        with pytest.raises(LeaderboardError, match=r"a process that grades died.*--processes 1"):
            list(grade_all(sources, sample_suite(), sample_problems(), tmp_path, 2))

    def test_nothing_to_grade_is_nothing(self, tmp_path: Path) -> None:
        assert list(grade_all([], sample_suite(), sample_problems(), tmp_path, 2)) == []


class TestCheckSite:
    def test_nothing_an_empty_folder_and_a_site_are_fine(self, board: Path, tmp_path: Path) -> None:
        check_site(tmp_path / "nothing")
        (tmp_path / "empty").mkdir()
        check_site(tmp_path / "empty")
        check_site(build(board).site)

    def test_a_file_is_an_error(self, tmp_path: Path) -> None:
        (tmp_path / "site").write_text("mine")
        with pytest.raises(OutputError, match="is no folder"):
            check_site(tmp_path / "site")

    def test_the_board_itself_is_an_error(self, board: Path) -> None:
        with pytest.raises(OutputError, match="which no site has"):
            check_site(board)


class TestBuildVerb:
    def test_it_says_what_was_built_and_what_is_not_shown(
        self, board: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        old = write_submission(board, model="org/a", seed=1)
        write_submission(board, model="org/a", seed=2, date=DATE + 86_400)
        removed = write_submission(board, model="org/b", seed=3)
        decide(board, removed, "remove")
        assert build_verb(board) == 0
        out, err = capsys.readouterr()
        assert out.startswith(f"{board / 'site'}: suite sample, 1 model in 1 row, beside reference respondents; ")
        assert err.splitlines() == [
            f"older: {'/'.join(old.parts[-3:])}",
            f"removed: {'/'.join(removed.parts[-3:])}",
        ]

    @pytest.mark.parametrize(
        ("change", "more", "said"),
        [
            (lambda board: None, ["--processes", "0"], "--processes: got 0; expected 1 or more"),
            (lambda board: None, ["--seed", "-1"], "--seed: got -1; expected 0 or more"),
            (lambda board: None, ["--suite", "smaple"], "did you mean 'sample'?"),
            (lambda board: None, ["--board", "nowhere"], "nowhere: there is no such folder"),
            (lambda board: (board / "decisions.jsonl").write_text("x\n"), [], "decisions.jsonl: line 1: is not JSON"),
            (lambda board: decide(board, "sample/a/b", "accept"), [], "there is no such submission"),
            (lambda board: break_a_row(board), [], "add a decision 'remove' with the reason to decisions.jsonl"),
            (lambda board: (board / "site").write_text("mine"), [], "is no folder"),
            (lambda board: (board / "file").write_text(""), ["-o", "BOARD/file/site"], "cannot be written"),
        ],
    )
    def test_wrong_input_is_one_line(
        self, board: Path, capsys: pytest.CaptureFixture[str], change: Any, more: list[str], said: str
    ) -> None:
        change(board)
        assert build_verb(board, *(word.replace("BOARD", str(board)) for word in more)) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.count("\n") == 1
        assert err.startswith("reversed-persona: error: ")
        assert said in err


def said_in_json(site: Path) -> Any:
    return json.loads((site / "leaderboard.json").read_text(encoding="utf-8"))
