"""The parts of a submission one by one: record, rows, files, findings, thinking, rescoring, the command line."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hostile_changes import CORE, valid_parts
from reversed_persona.answers import Verdict
from reversed_persona.errors import LeaderboardError
from reversed_persona.leaderboard.submissions.checks.identity import alike
from reversed_persona.leaderboard.submissions.checks.scores import TaskScores, compare_scores
from reversed_persona.leaderboard.submissions.examining import check_problems, examine
from reversed_persona.leaderboard.submissions.files import unpacked_lines
from reversed_persona.leaderboard.submissions.findings import Finding, Refused, github_line, shown, text_line
from reversed_persona.leaderboard.submissions.grading import grade_response
from reversed_persona.leaderboard.submissions.record import free_text, read_record, record_text
from reversed_persona.leaderboard.submissions.rescoring import rescore
from reversed_persona.leaderboard.submissions.results import read_results
from reversed_persona.leaderboard.submissions.rows import packed, read_row, row_line
from reversed_persona.leaderboard.submissions.thinking import hides_text, whole_characters, without_thinking
from submission_files import sample_problems, sample_suite, write_board, write_parts, write_submission


@pytest.fixture
def board(tmp_path: Path) -> Path:
    return write_board(tmp_path / "board")


class TestRecord:
    def test_text_is_read_as_it_was_written(self, board: Path) -> None:
        raw = (write_submission(board, note="It's a note: with 'signs' # and ümlauts") / "submission.yaml").read_bytes()
        record = read_record(raw)
        assert record_text(record).encode() == raw
        assert record.note == "It's a note: with 'signs' # and ümlauts"

    def test_bare_yes_and_no_of_yaml_are_the_words(self, board: Path) -> None:
        text = (write_submission(board) / "submission.yaml").read_text()
        for word in ("yes", "no"):
            changed = text.replace("trained_on_benchmark: unknown", f"trained_on_benchmark: {word}")
            assert read_record(changed.encode()).model.trained_on_benchmark == word

    def test_message_names_field_value_and_the_nearest_known_field(self) -> None:
        with pytest.raises(ValueError, match="suit: Extra inputs are not permitted, got 'a'; did you mean 'suite'"):
            read_record(_changed("suit: a"))
        with pytest.raises(LeaderboardError, match="not plain YAML"):
            read_record(b"a: [")

    @pytest.mark.parametrize(
        "model_id", ["a/b", "Qwen/Qwen2.5-7B-Instruct", "o.r-g/a_b.c-1", "0/0", "x" * 96 + "/" + "y" * 96]
    )
    def test_ids_of_the_hub_are_taken(self, board: Path, model_id: str) -> None:
        assert (
            read_record((write_submission(board, model=model_id) / "submission.yaml").read_bytes()).model.id == model_id
        )

    @pytest.mark.parametrize(
        "model_id",
        [
            "a",
            "/b",
            "a/",
            "a/b/c",
            "a/..",
            ".a/b",
            "a/b.",
            "a__b/c",
            "a/b__c",
            "a_/b",
            "a/_b",
            "a b/c",
            "a/b\n",
            "x" * 97 + "/y",
        ],
    )
    def test_ids_that_make_no_single_folder_are_refused(self, model_id: str) -> None:
        with pytest.raises(ValueError, match=r"model\.id"):
            read_record(_changed("x", model_id=model_id))

    @pytest.mark.parametrize("text", ["a < b and c > d", "5 <6", "R&D", "¿Qué?", "日本", "a & b;"])
    def test_plain_text_is_text(self, text: str) -> None:
        assert free_text(text) == text

    @pytest.mark.parametrize(
        "text",
        [
            "<b>",
            "</b >",
            "<!--",
            "<?php",
            "&lt;",
            "&#60;",
            "JavaScript:x",
            "a\nb",
            "a\u202eb",
            "a\u200bb",
            "\0",
            "\ud800",
        ],
    )
    def test_markup_and_hidden_characters_are_not(self, text: str) -> None:
        with pytest.raises(ValueError, match="expected plain text"):
            free_text(text)


def _changed(line: str, model_id: str = "org/model") -> bytes:
    import yaml

    record = valid_parts().record
    record["model"]["id"] = model_id
    record["files"] = {}
    text = yaml.safe_dump(record)
    return (text + (line if ":" in line else "") + "\n").encode()


class TestRows:
    def test_line_is_read_as_it_was_written(self) -> None:
        line = json.dumps(valid_parts().rows[CORE][0], separators=(",", ":"))
        assert row_line(read_row(line.encode())) == line

    @given(st.binary(max_size=200))
    def test_anything_else_is_a_value_error(self, line: bytes) -> None:
        with pytest.raises(ValueError):
            read_row(line)

    def test_packing_depends_on_nothing_but_the_lines(self) -> None:
        assert packed(["a", "b"]) == packed(iter(["a", "b"]))
        assert gzip.decompress(packed(["a", "b"])) == b"a\nb\n"
        assert list(unpacked_lines(packed(["a", "b", ""]), "x")) == [b"a", b"b", b""]
        assert list(unpacked_lines(packed([]), "x")) == []

    @given(st.lists(st.text(st.characters(blacklist_characters="\n", blacklist_categories=["Cs"]))))
    def test_unpacking_gives_back_what_was_packed(self, lines: list[str]) -> None:
        assert [line.decode() for line in unpacked_lines(packed(lines), "x")] == lines

    @given(st.binary(max_size=300))
    def test_unpacking_anything_else_is_refused(self, raw: bytes) -> None:
        with pytest.raises(Refused):
            list(unpacked_lines(raw, "x"))


class TestResults:
    @given(
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.dictionaries(st.text(), inner)
        )
    )
    def test_anything_else_is_a_value_error(self, value: object) -> None:
        with pytest.raises(ValueError):
            read_results(json.dumps(value).encode())


class TestFindings:
    FINDING = Finding("a,b:c\n%.yaml", 3, "got 'x\n::error::y'", "Mend 100%")

    def test_annotation_cannot_hold_a_command_of_its_own(self) -> None:
        assert github_line(self.FINDING) == (
            "::error file=a%2Cb%3Ac%0A%25.yaml,line=3::got 'x%0A::error::y'. Mend 100%25"
        )
        flagged = Finding("a", None, "got", "Mend", "flagged")
        assert github_line(flagged) == "::warning file=a::got. Mend"

    def test_names_of_files_and_folders_print_on_one_line(self) -> None:
        odd = Finding("a\n\x1b[31m\udcff", None, "got", "Mend")
        assert text_line(odd) == r"a\n\x1b[31m\udcff: refused: got. Mend"
        assert github_line(odd) == r"::error file=a%0A\x1b[31m\udcff::got. Mend"
        github_line(odd).encode()

    def test_text_names_place_kind_and_mending(self) -> None:
        assert text_line(Finding("a", 3, "got", "Mend")) == "a: line 3: refused: got. Mend"

    @pytest.mark.parametrize(
        ("value", "said"),
        [
            ("a", "'a'"),
            ("a" * 70, f"'{'a' * 60}...'"),
            ("\x1b[31m\u202e", r"'\x1b[31m\u202e'"),
            (["a"], "\"['a']\""),
            (None, "'None'"),
        ],
    )
    def test_shown_is_short_and_has_no_control_characters(self, value: object, said: str) -> None:
        assert shown(value) == said


class TestThinking:
    PROBLEM = sample_problems()["sample"][0]

    @pytest.mark.parametrize(
        ("response", "opened", "kept"),
        [
            ("Final answer: 7", False, "Final answer: 7"),
            ("<think>so 8\nor 9</think>\nFinal answer: 7", False, "\n\nFinal answer: 7"),
            ("so 8</think>Final answer: 7", True, "\nFinal answer: 7"),
            ("so 8</think>Final answer: 7", False, "\nFinal answer: 7"),
            ("<think>never", False, "<think>"),
            ("never", True, "<think>"),
            ("a <think>b</think> c\n\nd", False, "a \n c\n\nd"),
            ("", False, ""),
        ],
    )
    def test_shortest_spelling_has_one_line_end_for_a_block(self, response: str, opened: bool, kept: str) -> None:
        assert next(without_thinking(response, opened)) == kept

    @settings(deadline=None)  # the first comparison of expressions starts a process
    @given(
        st.lists(
            st.sampled_from(["<think>", "</think>", "\n", "7", "Final answer: 70", "3 + 4 = 7. ", " x", "[THINK]"])
        ),
        st.booleans(),
    )
    def test_last_spelling_is_graded_as_the_response(self, parts: list[str], opened: bool) -> None:
        response = "".join(parts)
        *_, last = without_thinking(response, opened)
        before, after = grade_response(response, self.PROBLEM, opened), grade_response(last, self.PROBLEM)
        assert before._replace(span=None) == after._replace(span=None)

        assert not any(map(hides_text, without_thinking(response, opened)))

    def test_tag_made_by_taking_out_a_block_is_not_written(self) -> None:
        assert next(without_thinking("<think<think>7</think>>", False)) == "<think" + "\n" * 16 + ">"

    def test_half_characters_become_whole(self) -> None:
        assert whole_characters("a\ud83d b\U0001f600") == "a\ufffd b\U0001f600"


class TestScores:
    def test_means_and_standard_errors_are_lm_evals(self) -> None:
        # c_high 1, 1; w_low 1, 0: reversal 1, 0, its mean 0.5, its sd 0.7071, its standard error 0.5
        scores = TaskScores(sample_suite().tasks[CORE])
        right, wrong = Verdict("correct"), Verdict("wrong", derived=True)
        scores.add({"none": [right], "high": [right], "low": [wrong]})
        scores.add({"none": [wrong], "high": [right], "low": [right]})
        expected = scores.expected()
        assert expected["reversal,verdict"] == 0.5
        assert expected["reversal_stderr,verdict"] == pytest.approx(0.5)
        assert expected["acc_high_stderr,verdict"] == 0

    def test_difference_within_the_tolerance_is_none(self) -> None:
        assert not list(compare_scores("a", "t", {"x,verdict": 0.5 + 1e-12}, {"x,verdict": 0.5}))
        (found,) = compare_scores("a", "t", {"x,verdict": 0.5 + 1e-6}, {"x,verdict": 0.5})
        assert found.about == "scores"


class TestRescore:
    def test_run_holds_what_the_responses_give(self, board: Path) -> None:
        folder = write_submission(board, low=0.25, unanswered_low=0.25, tasks=(CORE, "control_reversed_persona_sample"))
        found = rescore(folder, sample_suite(), sample_problems())
        run = found.runs[CORE]
        reversal = run.reversal()
        # 64 questions: 16 right, 16 silent, 32 wrong as low; all right as high
        assert reversal is not None and reversal.mean() == 0.5
        assert run.reported["reversal"].value == 0.5
        assert (run.model, run.date, run.partial, run.custom) == ("org/model", "2026-11-26T04-14-34", False, False)
        assert len(found.answers[CORE]) == 64 and found.prompts == "rebuilt"
        assert found.answers[CORE][0].arms["high"].verdicts[0].status == "correct"
        assert set(found.runs) == {CORE, "control_reversed_persona_sample"}

    def test_answers_and_tasks_can_be_left_out(self, board: Path) -> None:
        folder = write_submission(board, tasks=(CORE, "control_reversed_persona_sample"))
        found = rescore(folder, sample_suite(), sample_problems(), tasks=[CORE], keep_answers=False)
        assert set(found.runs) == {CORE} and not found.answers[CORE]

    def test_verdicts_of_an_older_grader_are_replaced_and_counted(self, board: Path) -> None:
        parts = valid_parts()
        for row in parts.rows[CORE]:
            row["arms"]["high"]["verdicts"][0]["status"] = "wrong"
        found = rescore(write_parts(board, parts), sample_suite(), sample_problems())
        assert found.runs[CORE].arms["high"].correct.mean() == 1.0
        assert {one.about for one in found.disagreements} == {"verdicts"}

    def test_anything_else_is_refused(self, board: Path) -> None:
        parts = valid_parts()
        parts.rows[CORE].pop()
        with pytest.raises(Refused, match="lacks 1 of 64 problems"):
            rescore(write_parts(board, parts), sample_suite(), sample_problems())

    def test_chat_runs_say_that_fingerprints_alone_speak(self, board: Path) -> None:
        assert rescore(write_submission(board, chat=True), sample_suite(), sample_problems()).prompts == "fingerprints"

    def test_prompts_of_the_submitters_own_were_compared_with_nothing(self, board: Path) -> None:
        assert rescore(write_submission(board, type="custom"), sample_suite(), sample_problems()).prompts == "own"

    def test_grading_stops_when_its_time_is_up(self, board: Path) -> None:
        with pytest.raises(Refused, match="takes too long to grade"):
            rescore(write_submission(board), sample_suite(), sample_problems(), budget_s=-1)

    def test_other_problems_than_the_manifests_are_an_error(self) -> None:
        others = {"sample": sample_problems()["sample"][:-1]}
        with pytest.raises(LeaderboardError, match="not the one of the manifest"):
            check_problems(sample_suite(), others)
        with pytest.raises(LeaderboardError, match="needs the problem set sample"):
            check_problems(sample_suite(), {})

    def test_examining_nothing_finds_that(self, tmp_path: Path) -> None:
        assert examine(tmp_path / "x", sample_suite(), sample_problems()).is_refused


def test_ids_that_look_alike_come_to_the_same() -> None:
    assert alike("Org/Mode1_I.5") == alike("0rg/model-l-s")
    assert alike("org/model-7b") != alike("org/model-1b")
