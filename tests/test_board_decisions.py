"""decisions.jsonl: what maintainers decided, what of it counts, and what is no decision."""

import json
from pathlib import Path

import pytest

from reversed_persona.errors import LeaderboardError
from reversed_persona.leaderboard.board import decisions as module
from reversed_persona.leaderboard.board.decisions import Decisions, read_decisions

ONE, OTHER = "1.0/org__one/2026-11-26_01234567", "1.0/org__other/2026-11-26_89abcdef"


def line(decision: str = "accept", submission: str = ONE, **more: object) -> dict[str, object]:
    made = {
        "submission": submission,
        "decision": decision,
        "date": "2026-12-01",
        "by": "somebody",
        "reason": "It fits.",
        **({"verdicts": "0123456789abcdef"} if decision == "rescore" else {}),
    }
    return {**made, **more}


def board_with(folder: Path, *lines: object) -> Path:
    texts = [one if isinstance(one, str) else json.dumps(one) for one in lines]
    (folder / "decisions.jsonl").write_text("".join(f"{text}\n" for text in texts))
    return folder


class TestReadDecisions:
    def test_a_board_without_the_file_has_none(self, tmp_path: Path) -> None:
        assert read_decisions(tmp_path).made == ()

    def test_they_keep_their_order(self, tmp_path: Path) -> None:
        read = read_decisions(board_with(tmp_path, line(), "", line("remove", OTHER), line("rescore")))
        assert [one.decision for one in read.made] == ["accept", "remove", "rescore"]
        assert [one.decision for one in read.about(ONE)] == ["accept", "rescore"]

    @pytest.mark.parametrize(
        ("bad", "said"),
        [
            ("{", "is not JSON"),
            ("[]", "expected an object"),
            (line("delete"), "decision: Input should be 'accept', 'remove' or 'rescore'"),
            (line(submission="org/model"), "submission: String should match"),
            (line(submission="../../../etc"), "submission: String should match"),
            (line(date="tomorrow"), "date: "),
            (line(reason=" "), "reason: String should have at least 1 character"),
            (line(by="x" * 101), "by: String should have at most 100 characters"),
            (line("remove", tier="reproduced"), "tier: got 'reproduced' with 'remove'"),
            (line(tier="verified"), "tier: "),
            (line("rescore", verdicts=None), "verdicts: got None with 'rescore'; expected it with 'rescore'"),
            (line("rescore", verdicts="0123"), "verdicts: String should match"),
            (line("accept", verdicts="0" * 16), f"verdicts: got '{'0' * 16}' with 'accept'"),
            (line(weight=2), "weight: Extra inputs are not permitted"),
            ({"submission": ONE}, "decision: Field required"),
        ],
    )
    def test_what_is_no_decision_is_an_error_with_its_line(self, tmp_path: Path, bad: object, said: str) -> None:
        with pytest.raises(LeaderboardError, match=r"decisions\.jsonl: line 2: ") as raised:
            read_decisions(board_with(tmp_path, line(), bad))
        assert said in str(raised.value)
        assert "\n" not in str(raised.value)

    def test_too_many_are_an_error(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "MOST", 2)
        assert len(read_decisions(board_with(tmp_path, line(), line())).made) == 2
        with pytest.raises(LeaderboardError, match="more than 2 lines"):
            read_decisions(board_with(tmp_path, line(), line(), line()))

    def test_a_folder_of_that_name_is_an_error(self, tmp_path: Path) -> None:
        (tmp_path / "decisions.jsonl").mkdir()
        with pytest.raises(LeaderboardError, match="is a folder"):
            read_decisions(tmp_path)


class TestDecisions:
    def made(self, tmp_path: Path, *decided: str) -> Decisions:
        return read_decisions(board_with(tmp_path, *(line(one) for one in decided)))

    def test_what_was_never_decided_on_counts(self) -> None:
        assert Decisions().counts(ONE)
        assert Decisions().tier(ONE) == "recomputed"
        assert Decisions().about(ONE) == ()

    def test_reproduced_holds_until_a_removal_and_has_to_be_said_again_after_it(self, tmp_path: Path) -> None:
        reproduced = {"decision": "accept", "tier": "reproduced"}
        made = [line(**reproduced), line("accept"), line("remove"), line("accept"), line(**reproduced)]
        tiers = [read_decisions(board_with(tmp_path, *made[:n])).tier(ONE) for n in range(1, 6)]
        assert tiers == ["reproduced", "reproduced", "recomputed", "recomputed", "reproduced"]

    @pytest.mark.parametrize(
        ("decided", "counts"),
        [
            (["accept"], True),
            (["remove"], False),
            (["remove", "accept"], True),
            (["accept", "remove"], False),
            (["rescore"], True),
            (["remove", "rescore"], False),
            (["accept", "rescore", "remove", "accept"], True),
        ],
    )
    def test_the_last_one_that_accepts_or_removes_counts(
        self, tmp_path: Path, decided: list[str], counts: bool
    ) -> None:
        assert self.made(tmp_path, *decided).counts(ONE) is counts
        assert self.made(tmp_path, *decided).counts(OTHER)

    def test_a_run_that_was_done_again_is_reproduced_whatever_comes_after(self, tmp_path: Path) -> None:
        read = read_decisions(board_with(tmp_path, line(tier="reproduced"), line("rescore"), line(submission=OTHER)))
        assert (read.tier(ONE), read.tier(OTHER)) == ("reproduced", "recomputed")
