"""A judge's replies on the board: numbers by hand, shown beside the model and nowhere else."""

import json
from pathlib import Path

import pytest

from hostile_changes import judged_parts, valid_parts
from judged_files import JUDGE_TASK, JUDGED_TASK, with_judge
from reversed_persona.leaderboard.board.doc import LABEL, Doc, DocNumber, doc_lines, measure_doc
from reversed_persona.leaderboard.board.page import texts
from reversed_persona.leaderboard.board.records import file_of
from reversed_persona.leaderboard.submissions.rescoring import rescore
from reversed_persona.statistics.intervals import mean_interval, scale_interval
from submission_files import Parts, sample_problems, sample_suite, write_board, write_parts
from test_board_site import build, data_of, rows_of, said_in_json

FILE = file_of("org/model", "standard")


@pytest.fixture
def board(tmp_path: Path) -> Path:
    return write_board(tmp_path / "board")


def doc_of(parts: Parts, board: Path) -> Doc | None:
    found = rescore(write_parts(board, parts), sample_suite(), sample_problems())
    return measure_doc(found.record, found.judged, found.answers)


def numbers(doc: Doc | None) -> dict[str, DocNumber]:
    assert doc is not None
    return {one.name: one for one in doc.numbers[JUDGED_TASK]}


def say(parts: Parts, number: int, *replies: str) -> None:
    """Give the replies to the contrast: with high first, then with low first."""
    showings = parts.judgements[JUDGE_TASK][number]["showings"]
    for name, reply in zip(("contrast_high_first", "contrast_low_first"), replies, strict=True):
        showings[name]["replies"] = [reply]


class TestMeasureDoc:
    def test_numbers_are_those_by_hand(self, board: Path) -> None:
        parts = judged_parts()
        for number in range(64):
            say(parts, number, "Rating: 4\nWeaker: B", "Rating: 2\nWeaker: B")
        say(parts, 0, "Rating: 4\nWeaker: B", "I would rather not say.")
        say(parts, 1, "Rating: 5\nWeaker: B", "Rating: 5\nWeaker: A")
        found = numbers(doc_of(parts, board))
        # one question lacks an order; 62 have (4 + 2) / 2 = 3 and one 5: the sum is 191
        rating = found["doc_rating"]
        assert rating.n == 63 and rating.mean is not None and rating.mean.estimate == pytest.approx(191 / 63)
        # squares around the mean: 62 * (2/63)^2 + (124/63)^2 = 248/63; divided by 62 and by 63
        assert rating.stderr == pytest.approx((248 / 63 / 62 / 63) ** 0.5)
        # the low one is B with high first: named in one of two orders on 62 questions, in both on one
        assert found["doc_identified"].mean is not None
        assert found["doc_identified"].mean.estimate == pytest.approx((62 * 0.5 + 1) / 63)
        assert found["doc_order_gap"].mean is not None
        assert found["doc_order_gap"].mean.estimate == pytest.approx((62 * 2 + 0) / 63)
        # a reply of 128 is unread: half of one question
        assert found["doc_unrated"].n == 64 and found["doc_unrated"].mean is not None
        assert found["doc_unrated"].mean.estimate == pytest.approx(0.5 / 64)

    def test_both_correct_is_taken_from_verdicts_of_our_own(self, board: Path) -> None:
        parts = judged_parts()
        both = [
            all(row["arms"][arm]["verdicts"][0]["status"] == "correct" for arm in ("high", "low"))
            for row in parts.rows[JUDGED_TASK]
        ]
        found = numbers(doc_of(parts, board))
        assert 0 < found["doc_both_correct"].n == sum(both) < 64

    def test_what_a_judge_never_said_is_no_zero(self, board: Path) -> None:
        doc = doc_of(with_judge(valid_parts(), unreadable=1.0, pairs=("contrast",)), board)
        found = numbers(doc)
        assert (found["doc_rating"].mean, found["doc_rating"].stderr, found["doc_rating"].n) == (None, None, 0)
        assert found["doc_unrated"].mean is not None and found["doc_unrated"].mean.estimate == 1.0
        assert "doc_null_none" not in found
        (line,) = doc_lines(doc)
        assert line["numbers"]["doc_rating"] == {"estimate": None, "stderr": None, "n": 0}
        json.dumps(line, allow_nan=False)

    def test_edited_reply_changes_the_number_and_nothing_else_says_one(self, board: Path) -> None:
        parts = judged_parts()
        before = numbers(doc_of(parts, board))["doc_null_identical"].mean
        parts.judgements[JUDGE_TASK][0]["showings"]["null_identical"]["replies"] = ["Rating: 5\nWeaker: A"]
        after = numbers(doc_of(parts, board))["doc_null_identical"].mean
        assert before is not None and after is not None
        assert after.estimate - before.estimate == pytest.approx((5 - 1) / 64)

    @pytest.mark.parametrize(("judge", "itself"), [("lab/fair", False), ("org/model", True), ("Other/MODEL", True)])
    def test_judge_of_itself_is_known_by_its_name(self, board: Path, judge: str, itself: bool) -> None:
        doc = doc_of(with_judge(valid_parts(), judge=judge), board)
        assert doc is not None and doc.self_judging is itself

    def test_nobody_judged_gives_none(self, board: Path) -> None:
        assert doc_of(valid_parts(), board) is None
        assert list(doc_lines(None)) == []


class TestScaleInterval:
    def test_it_is_the_mean_interval_around_the_middle(self) -> None:
        ratings = [1.0, 2.5, 4.0, 4.0, 5.0]
        moved = mean_interval([-2.0, -0.5, 1.0, 1.0, 2.0], bound=2)
        assert scale_interval(ratings, 1, 5) == pytest.approx([3 + value for value in moved])

    @pytest.mark.parametrize("value", [1.0, 5.0])
    def test_it_ends_where_the_scale_does(self, value: float) -> None:
        found = scale_interval([value] * 20, 1, 5)
        assert found.estimate == value and 1 <= found.low <= found.high <= 5 and found.high - found.low > 0.2

    @pytest.mark.parametrize("values", [[], [5.1], [0.9], [float("nan")]])
    def test_values_off_the_scale_are_refused(self, values: list[float]) -> None:
        with pytest.raises(ValueError):
            scale_interval(values, 1, 5)


class TestSite:
    def test_page_and_json_have_it_and_no_table_does(self, board: Path) -> None:
        write_parts(board, judged_parts())
        site = build(board).site
        doc = data_of(site, f"entry-{FILE}")["doc"]
        assert doc["judge"]["id"] == "lab/fair" and doc["self_judging"] is False
        assert [row[0] for row in doc["rows"][JUDGED_TASK]] == list(texts.DOC)  # each has a meaning, in one order
        (said,) = said_in_json(site)["judged"]
        assert (said["model"], said["task"], said["label"]) == ("org/model", JUDGED_TASK, LABEL)
        assert said["numbers"]["doc_null_identical"]["estimate"] == 1.0
        for table in ("R", JUDGED_TASK):
            assert not [
                name for name in rows_of(site, table)["org/model, standard"] if "doc" in name or "judge" in name
            ]

    def test_who_was_not_judged_has_nothing_of_it(self, board: Path) -> None:
        write_parts(board, valid_parts())
        site = build(board).site
        assert data_of(site, f"entry-{FILE}")["doc"] is None and said_in_json(site)["judged"] == []

    def test_places_are_the_same_with_and_without(self, board: Path, tmp_path: Path) -> None:
        write_parts(board, judged_parts())
        other = write_board(tmp_path / "other")
        write_parts(other, valid_parts())
        with_it, without = (rows_of(build(one).site, "R")["org/model, standard"] for one in (board, other))
        differing = {name for name in with_it if with_it[name] != without[name]}
        assert differing <= {"submission"}
