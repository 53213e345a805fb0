import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reversed_persona.judging.filters import JudgementFilter
from reversed_persona.judging.injections import load_injections
from reversed_persona.judging.reading import Judgement, read_judgement


def read(reply: str) -> tuple[object, object, object]:
    found = read_judgement(reply)
    return found.rating, found.weaker, found.unrated


class TestReadJudgement:
    @pytest.mark.parametrize(
        "reply",
        [
            "Rating: 3\nWeaker: A",
            "B checks its steps, A does not.\n\nRating: 3\n\nWeaker: A\n",
            "**Rating:** 3\n**Weaker:** A",
            "**Rating: 3**\n**Weaker: Response A**",
            "Rating: **3**\nWeaker: *A*.",
            "- rating: 3/5\n- weaker: a",
            "Rating: 3/5.\nWeaker: A.",
            "Final rating: 3 out of 5\nWeaker response: A",
            "Rating = 3\nWeaker = A",
            "Rating：3\nWeaker：A",
            '{"rating": 3, "weaker": "A"}',
            '```json\n{\n  "rating": 3,\n  "weaker": "A"\n}\n```',
            "Rating: 3 (one clear difference in 2 places)\nWeaker: A, which drops the 7",
            "> Rating: 3\n> Weaker: A",
            "| Rating: 3 |\n| Weaker: A |",
            "Rating: 3\nWeaker: A\nRating: 3\nWeaker: A",
            "<think>Rating: 5</think>Rating: 3\nWeaker: A",
            "Rating: 5\nNo, the method is the same after all.\nRating: 3\nWeaker: A",
        ],
    )
    def test_ways_to_say_3_and_a(self, reply: str) -> None:
        assert read(reply) == (3, "A", None)

    @pytest.mark.parametrize(
        ("reply", "why"),
        [
            ("", "empty"),
            (" \n", "empty"),
            ("<think>Rating: 3", "unfinished_thinking"),
            ("A is weaker.", "no_rating"),
            ("Rating: five", "no_rating"),
            ("Rating: high, for 2 reasons", "not_1_to_5"),
            ("The rating: 5 that it asks for is refused", "no_rating"),
            ("Response A rating: 3", "no_rating"),
            ("Rating: 0", "not_1_to_5"),
            ("Rating: 6", "not_1_to_5"),
            ("Rating: -3", "not_1_to_5"),
            ("Rating: 35", "not_1_to_5"),
            ("Rating: 3.5", "not_1_to_5"),
            ("Rating: 3,5", "not_1_to_5"),
            ("Rating: ٣", "no_rating"),
            ("Rating: 10/5", "not_1_to_5"),
            ("Rating: 3-4", "contradictory"),
            ("Rating: 3 or 4", "contradictory"),
            ("Rating: 3 to 4", "contradictory"),
            ("Rating: 1, 2, 3, 4 or 5", "contradictory"),
            ("Rating: <1-5>", "contradictory"),
            ("Rating: <one whole number from 1 to 5>", "not_1_to_5"),
            ("Rating: 3\nRating: 5", "contradictory"),
            ("Rating: 3\nWeaker: A\n\nRating: 5\nWeaker: A", "contradictory"),
            ("Rating: 3\nThen again:\nRating: unclear", "no_rating"),  # never back to an earlier one
        ],
    )
    def test_doubt_is_unrated_and_says_why(self, reply: str, why: str) -> None:
        found = read_judgement(reply)
        assert (found.rating, found.unrated) == (None, why)

    @pytest.mark.parametrize(
        "said",
        [
            "",
            "neither",
            "A or B",
            "A and B",
            "A/B",
            "both",
            "C",
            "a tie",
            "AB",
            "<A or B>",
            "same",
            "none",
            "1",
            "A\nWeaker: B",
        ],
    )
    def test_no_single_letter_names_none_but_the_rating_stands(self, said: str) -> None:
        assert read(f"Rating: 2\nWeaker: {said}") == (2, None, None)

    def test_prompt_that_opened_the_thinking_hides_what_comes_before_its_end(self) -> None:
        assert read_judgement("Rating: 5\n</think>Rating: 2", thinking=True).rating == 2
        assert read_judgement("Rating: 5", thinking=True).unrated == "unfinished_thinking"

    @given(st.text())
    def test_any_text_is_read(self, reply: str) -> None:
        found = read_judgement(reply)
        assert (found.rating in (1, 2, 3, 4, 5)) == (found.unrated is None)
        assert found.rating is None or type(found.rating) is int
        assert found.weaker in ("A", "B", None)

    @given(
        st.lists(
            st.sampled_from(
                [
                    *"Rating:Weaker:0123456789AB.-/,*_#>|{}\"' \n<",
                    "Rating: ",
                    "Weaker: ",
                    "\n",
                    " or ",
                    "out of 5",
                    "٣",
                    "½",
                ]
            )
        )
    )
    def test_texts_of_such_parts_never_rate_outside_1_to_5(self, parts: list[str]) -> None:
        found = read_judgement("".join(parts))
        assert (found.rating in (1, 2, 3, 4, 5)) == (found.unrated is None)

    @given(st.integers())
    def test_a_plain_number_is_read_as_itself_or_not_at_all(self, number: int) -> None:
        expected = number if 1 <= number <= 5 else None
        assert read_judgement(f"Rating: {number}\nWeaker: B").rating == expected

    @pytest.mark.parametrize("reply", ["{" * 300_000, "Rating: " * 50_000, "rating" + " *" * 200_000, "\n" * 300_000])
    def test_long_replies_are_read_in_no_time(self, reply: str) -> None:
        read_judgement(reply)

    @pytest.mark.parametrize("injection", load_injections().texts, ids=lambda injection: injection.id)
    def test_judge_that_quotes_an_injected_text_and_then_rates_is_read_by_its_own_lines(self, injection) -> None:
        reply = f"Response A says:\n{injection.text}\nI don't follow that.\nRating: 2\nWeaker: B"
        found = read_judgement(reply)
        assert (found.rating, found.weaker) == (2, "B")


class TestJudgement:
    def test_it_survives_the_sample_log(self) -> None:
        for found in (Judgement(4, "B"), Judgement(None, None, "no_rating"), Judgement(2, None)):
            assert Judgement.from_json(found.to_json("contrast_high_first")) == found

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "[]",
            "5",
            "null",
            '{"showing": "x", "rating": 6, "weaker": null, "unrated": null}',
            '{"showing": "x", "rating": null, "weaker": null, "unrated": null}',
            '{"showing": "x", "rating": 3, "weaker": "C", "unrated": null}',
            '{"showing": "x", "rating": "3", "weaker": "A", "unrated": null}',
            '{"showing": "x", "rating": 3, "other": 1}',
            '{"showing": "x", "rating": true, "weaker": "A", "unrated": null}',
        ],
    )
    def test_anything_else_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="not a judgement"):
            Judgement.from_json(text)


class TestFilter:
    def test_every_reply_gives_one_line_of_json(self) -> None:
        docs = [{"thinking": False, "showing": "masked_low_first"}, {"thinking": True, "showing": "null_identical"}]
        found = JudgementFilter().apply([["Rating: 3\nWeaker: A", "?"], ["hm</think>Rating: 1"]], docs)
        assert [[json.loads(line)["rating"] for line in lines] for lines in found] == [[3, None], [1]]
        assert json.loads(found[1][0])["showing"] == "null_identical"

    def test_empty_reply_of_a_server_is_unrated(self) -> None:
        found = JudgementFilter().apply([[None]], [{"thinking": False, "showing": "x"}])  # type: ignore[list-item]
        assert json.loads(found[0][0])["unrated"] == "empty"
