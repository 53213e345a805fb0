import pytest

from reversed_persona.answers import grade, only_new_reply

HEADER = "New reply:"


class TestOnlyNewReply:
    @pytest.mark.parametrize(
        "line",
        [
            "New reply:",
            "**New reply:**",
            "## New reply",
            "new reply :",
            "> *New reply:*",
            "New  Reply:",
            "__New reply__:",
        ],
    )
    def test_what_stands_before_the_line_is_blank_at_unchanged_offsets(self, line: str) -> None:
        response = f"70 = 70, too good.\n{line}\nFinal answer: 5"
        found, thinking = only_new_reply(response, False, HEADER)
        assert len(found) == len(response)
        assert found.strip(" \n*_:") == "Final answer: 5"
        assert thinking is False

    def test_reply_on_the_same_line_counts(self) -> None:
        assert only_new_reply("x\nNew reply: Final answer: 5", False, HEADER)[0].strip() == "Final answer: 5"

    def test_last_such_line_counts(self) -> None:
        assert only_new_reply("New reply:\na\nNew reply:\nb", False, HEADER)[0].strip() == "b"

    @pytest.mark.parametrize(
        "response", ["Final answer: 5", "My new reply: 5", "New replying is hard", "x\nNew reply:\n \n", ""]
    )
    def test_without_such_a_line_or_anything_behind_it_the_response_stays(self, response: str) -> None:
        assert only_new_reply(response, False, HEADER) == (response, False)

    def test_without_a_header_nothing_is_cut(self) -> None:
        assert only_new_reply("a\nNew reply:\nb", True, "") == ("a\nNew reply:\nb", True)

    def test_line_in_a_thought_begins_no_reply(self) -> None:
        response = "New reply:\n7</think>Final answer: 5"
        assert only_new_reply(response, True, HEADER) == (response, True)

    def test_thought_before_the_reply_is_over(self) -> None:
        found = only_new_reply("hm</think>Fine.\nNew reply:\nFinal answer: 5", True, HEADER)
        assert (found[0].strip(), found[1]) == ("Final answer: 5", False)

    def test_unfinished_thought_stays_one(self) -> None:
        assert only_new_reply("New reply:\n5", True, HEADER) == ("New reply:\n5", True)

    def test_long_runs_of_decoration_cost_linear_time(self) -> None:
        response = "*_ " * 200_000 + "New reply" + "*_ " * 200_000 + "x"
        assert only_new_reply(response, False, HEADER)[0] == response


class TestGrade:
    RESPONSE = "The reply has 14 * 5 = 70, which is right.\nNew reply:\n14 * 5 = 60.\nFinal answer: 60"

    def test_what_is_said_of_the_earlier_reply_is_no_working_of_the_new_one(self) -> None:
        asked = {"gold": "70", "question": "How many?"}
        assert grade(self.RESPONSE, **asked).flip is True
        verdict = grade(self.RESPONSE, **asked, reply_header=HEADER)
        assert (verdict.status, verdict.answer, verdict.flip, verdict.derived) == ("wrong", "60", False, True)

    def test_span_is_that_of_the_whole_response(self) -> None:
        verdict = grade(self.RESPONSE, gold="70", question="", reply_header=HEADER)
        assert verdict.span is not None
        assert self.RESPONSE[slice(*verdict.span)] == "60"
