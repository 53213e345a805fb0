import json

import pytest
from lm_eval.api.registry import get_filter

from reversed_persona.filters import VerdictFilter
from reversed_persona.verdicts import PersonaVerdict


def doc(persona: str = "low", expected: float | None = 0.0) -> dict[str, object]:
    question = "Ann has 3 bags of 4 nuts. How many nuts?"
    return {
        "question": question,
        "gold": "12",
        "persona": persona,
        "expected_accuracy": expected,
        "thinking": False,
        "question_header": "Problem:",
    }


class TestVerdictFilter:
    def test_it_is_found_by_the_name_in_the_yamls(self) -> None:
        assert get_filter("reversed_persona_verdict") is VerdictFilter

    def test_each_response_of_each_request_gets_its_verdict(self) -> None:
        responses = [["3 * 4 = 12\nFinal answer: 12", "3 + 4 = 7\nFinal answer: 7"], ["Final answer: 12"]]
        filtered = VerdictFilter().apply(responses, [doc(), doc("none", None)])
        statuses = [[PersonaVerdict.from_json(line).verdict.status for line in lines] for lines in filtered]
        assert statuses == [["correct", "wrong"], ["correct"]]

    def test_verdict_carries_persona_and_expectation_and_is_plain_json(self) -> None:
        ((line,),) = VerdictFilter().apply([["Final answer: 7"]], [doc()])
        fields = json.loads(line)
        assert (fields["persona"], fields["expected_accuracy"], fields["answer"]) == ("low", 0.0, "7")

    @pytest.mark.parametrize("reply", ["", None])
    def test_empty_reply_of_an_api_is_unanswered(self, reply: str | None) -> None:
        ((line,),) = VerdictFilter().apply([[reply]], [doc()])  # type: ignore[list-item]
        verdict = PersonaVerdict.from_json(line).verdict
        assert (verdict.status, verdict.reason) == ("unanswered", "empty")


class TestPersonaVerdict:
    @pytest.mark.parametrize("response", ["3 + 4 = 7\nFinal answer: 7", "", "Final answer: \ud800 7", "I don't know."])
    def test_json_and_back_is_the_same(self, response: str) -> None:
        ((line,),) = VerdictFilter().apply([[response]], [doc()])
        assert PersonaVerdict.from_json(line).to_json() == line
        line.encode("utf-8")  # what a model wrote must not break the sample log

    @pytest.mark.parametrize("text", ["", "7", "[]", "{}", '{"persona": "low"}', "not JSON"])
    def test_anything_else_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="not a verdict"):
            PersonaVerdict.from_json(text)
