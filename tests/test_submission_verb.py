"""What `submission validate` says and exits with, and that a wrong board or a date to come is told."""

import time
from pathlib import Path

import pytest

from hostile_changes import valid_parts
from reversed_persona.cli import main
from reversed_persona.errors import LeaderboardError
from reversed_persona.leaderboard.submissions.checks.configs import AHEAD_S
from reversed_persona.leaderboard.submissions.validating import validate
from reversed_persona.leaderboard.suite import check_board
from submission_files import DATE, sample_problems, sample_suite, write_board, write_parts, write_submission


@pytest.fixture
def board(tmp_path: Path) -> Path:
    return write_board(tmp_path / "board")


class TestCommandLine:
    OPTIONS = ("--suite", "sample", "--board")

    def test_validate_says_that_it_fits(self, board: Path, capsys: pytest.CaptureFixture[str]) -> None:
        folder = write_submission(board)
        assert main(["submission", "validate", str(folder), *self.OPTIONS, str(board)]) == 0
        assert capsys.readouterr().out == f"{folder}: every response was graded again; verdicts and scores fit\n"

    def test_refused_exits_with_1_and_the_others_are_still_checked(
        self, board: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        good, bad = write_submission(board), write_submission(board, model="org/bad", seed=1)
        (bad / "x").write_text("")
        paths = [str(bad), str(good)]
        assert main(["submission", "validate", *paths, *self.OPTIONS, str(board), "--format", "github"]) == 1
        assert capsys.readouterr().out.startswith(f"::error file={bad}/x::is an unexpected file")

    def test_flagged_alone_exits_with_0(self, board: Path, capsys: pytest.CaptureFixture[str]) -> None:
        parts = valid_parts()
        parts.record["type"] = "custom"
        folder = write_parts(board, parts)
        assert main(["submission", "validate", str(folder), *self.OPTIONS, str(board)]) == 0
        assert ": flagged: type: got custom" in capsys.readouterr().out

    def test_unknown_suite_is_one_line(self, board: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["submission", "validate", "x", "--suite", "3", "--board", str(board)]) == 2
        assert capsys.readouterr().err.count("\n") == 1

    @pytest.mark.parametrize("verb", ["submission validate x", "submission prepare x", "leaderboard build"])
    def test_wrong_board_is_one_line_before_a_problem_is_loaded(
        self, verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr("reversed_persona.leaderboard.manifest.load_problems", lambda *_: pytest.fail("loaded"))
        assert main([*verb.split(), "--board", str(tmp_path / "bord")]) == 2
        assert capsys.readouterr().err.endswith("bord: there is no such folder; expected a board (--board)\n")

    def test_wrong_place_of_the_site_is_one_line_before_a_problem_is_loaded(
        self, board: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr("reversed_persona.leaderboard.manifest.load_problems", lambda *_: pytest.fail("loaded"))
        options = ["--suite", "sample", "--board", str(board), "-o", str(board)]
        assert main(["leaderboard", "build", *options]) == 2
        assert "expected an earlier site" in capsys.readouterr().err


class TestCheckBoard:
    @pytest.mark.parametrize("there", [[], ["decisions.jsonl"], ["reference", "README.md"], ["submissions"]], ids=str)
    def test_board_or_empty_folder_is_taken(self, tmp_path: Path, there: list[str]) -> None:
        for name in there:
            (tmp_path / name).mkdir()
        check_board(tmp_path)

    def test_folder_of_other_things_is_no_board(self, tmp_path: Path) -> None:
        write_board(tmp_path / "board")
        with pytest.raises(LeaderboardError, match=r"holds none of decisions\.jsonl, reference, submissions"):
            check_board(tmp_path)  # the folder around it

    def test_file_is_no_board(self, tmp_path: Path) -> None:
        (tmp_path / "board").write_text("")
        with pytest.raises(LeaderboardError, match="no such folder"):
            check_board(tmp_path / "board")


class TestDates:
    def found(self, board: Path, now: float | None) -> list[str]:
        folder = write_submission(board)
        return [one.said for one in validate(folder, board, sample_suite(), sample_problems(), now=now)]

    @pytest.mark.parametrize("now", [DATE, DATE - AHEAD_S, None], ids=["of now", "a day ahead", "whenever"])
    def test_run_that_may_have_been_is_taken(self, board: Path, now: float | None) -> None:
        assert self.found(board, now) == []

    def test_run_dated_more_than_a_day_ahead_is_refused(self, board: Path) -> None:
        (said,) = self.found(board, DATE - AHEAD_S - 1)
        assert said == "date: got 2026-11-26T04:14:34Z, but it is 2026-11-25T04:14:33Z; expected a run that has been"

    def test_command_line_knows_what_time_it_is(self, board: Path, capsys: pytest.CaptureFixture[str]) -> None:
        folder = write_submission(board, date=round(time.time()) + 2 * AHEAD_S)
        options = ["--suite", "sample", "--board", str(board)]
        assert main(["submission", "validate", str(folder), *options]) == 1
        assert "expected a run that has been" in capsys.readouterr().out
