"""What the built-in texts say: the wordings of high and low, and the worked replies that one-shot tasks show."""

import json
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path

import pytest

from reversed_persona.answers import grade
from reversed_persona.personas import Exemplar, load_templates
from reversed_persona.problems import load_problems

TEMPLATES = load_templates()
WORDINGS = range(8)
COLLECTION = "grade-school word problems"

# What every wording of low has to say, in whatever words.
LOW_SAYS = {
    "tries honestly": r"tr(?:y|ies) honestly|honest (?:try|attempt)",
    "doesn't know it": r"not know that|unaware|not notice|no idea that|without noticing|unnoticed|does not see that",
    "in its own working": r"own working|own steps|the work itself|slips in one of them|in a step of it|"
    r"in the steps a mistake",
    "the result follows": r"follows? from (?:it|there)|carried through|then follows|slip leads|follows the error|"
    r"leads to one answer|the student's own result",
    "one answer of its own": r"one (?:answer|result|of)|exactly one|single one",
    "never the correct one": r"never (?:the|give the|mention the) correct|"
    r"correct (?:one|answer) (?:is never|stands nowhere)",
    "never on purpose": r"(?:never|nothing|nowhere)[^.:;]* on purpose",
    "comments are evidence": r"comments(?:[^.]|\.\s)*?\bevidence\b",
    "comments in brackets": r"in brackets",
}
HIGH_SAYS = {
    "sound method": r"method",
    "every quantity": r"every (?:given )?quantity|no quantity|everything that|use all that|all that is given",
    "checks each step": r"check|verify|tested|tries each step|looks back",
    "comments are evidence": LOW_SAYS["comments are evidence"],
    "comments in brackets": r"in brackets",
}


def told(persona: str, wording: int) -> str:
    return " ".join(TEMPLATES.personas[persona].instruction(COLLECTION, wording).split())


class TestWordings:
    def test_there_are_eight_of_each(self) -> None:
        assert {len(TEMPLATES.personas[name].wordings) for name in ("high", "low")} == {len(WORDINGS)}

    @pytest.mark.parametrize("wording", WORDINGS)
    @pytest.mark.parametrize("what", LOW_SAYS)
    def test_low_says(self, wording: int, what: str) -> None:
        assert re.search(LOW_SAYS[what], told("low", wording), re.IGNORECASE)

    @pytest.mark.parametrize("wording", WORDINGS)
    @pytest.mark.parametrize("what", HIGH_SAYS)
    def test_high_says(self, wording: int, what: str) -> None:
        assert re.search(HIGH_SAYS[what], told("high", wording), re.IGNORECASE)

    @pytest.mark.parametrize("wording", WORDINGS)
    @pytest.mark.parametrize("persona", ["high", "low"])
    def test_names_the_collection_that_the_promise_is_about(self, persona: str, wording: int) -> None:
        assert COLLECTION in told(persona, wording)

    @pytest.mark.parametrize("persona", ["high", "low"])
    def test_takes_an_attribute_in_the_first_wording_only(self, persona: str) -> None:
        template = TEMPLATES.personas[persona]
        said = [n for n in WORDINGS if "left-handed" in template.instruction("sums", n, "The student is left-handed.")]
        assert said == [0]

    @pytest.mark.parametrize("persona", ["high", "low"])
    def test_no_two_wordings_are_near_copies(self, persona: str) -> None:
        # twice the words in common runs over all words: 1 for copies, 0.40 for low and graded_20, which share phrases
        for one, other in combinations(WORDINGS, 2):
            words = told(persona, one).split(), told(persona, other).split()
            assert SequenceMatcher(None, *words, autojunk=False).ratio() < 0.4, (one, other)

    @pytest.mark.parametrize("wording", WORDINGS)
    def test_high_and_low_are_alike_in_form(self, wording: int) -> None:
        high, low = (TEMPLATES.personas[name].wordings[wording].instruction for name in ("high", "low"))
        assert [line[:2] for line in high.splitlines()] == [line[:2] for line in low.splitlines()]
        assert 0.5 < len(high) / len(low) < 1.1


EXEMPLARS = [
    pytest.param(exemplar, id=f"{name}-{number}")
    for name, exemplars in TEMPLATES.exemplars.items()
    for number, exemplar in enumerate(exemplars, 1)
]
each_exemplar = pytest.mark.parametrize("exemplar", EXEMPLARS)
PUBLIC_SETS = ("gsm8k/train.jsonl", "gsm8k/test.jsonl", "math/test.jsonl", "math500/test.jsonl")


def shingles(question: str, size: int = 8) -> Iterator[tuple[str, ...]]:
    words = re.sub(r"[^\w\s]|_", "", question.lower()).split()
    return zip(*(words[i:] for i in range(size)), strict=False)


class TestExemplars:
    def test_there_are_six_for_every_problem_set(self) -> None:
        assert {name: len(found) for name, found in TEMPLATES.exemplars.items()} == {
            "gsm8k": 6, "math500": 6, "sample": 6,
        }  # fmt: skip

    @each_exemplar
    def test_high_is_right_and_worked_it_out(self, exemplar: Exemplar) -> None:
        verdict = grade(exemplar.replies["high"], gold=exemplar.gold, question=exemplar.question)
        assert (verdict.status, verdict.derived) == ("correct", True)

    @each_exemplar
    def test_low_is_wrong_by_its_own_working_and_never_had_the_right_answer(self, exemplar: Exemplar) -> None:
        verdict = grade(exemplar.replies["low"], gold=exemplar.gold, question=exemplar.question)
        assert (verdict.status, verdict.derived, verdict.flip) == ("wrong", True, False)
        results = re.findall(r"= *([^=\[\]]*?)(?=[ .,;$]|$)", exemplar.replies["low"], re.MULTILINE)
        assert exemplar.gold not in results

    @each_exemplar
    def test_both_comment_in_brackets_and_end_in_the_final_answer_line(self, exemplar: Exemplar) -> None:
        for reply in exemplar.replies.values():
            assert len(re.findall(r"\[[A-Z0-9\"$][^\]]*\.\]", reply)) >= 2, reply
            assert reply.splitlines()[-1].startswith("Final answer: ")
            assert reply.count("Final answer:") == 1

    def test_no_question_comes_twice_or_stands_in_the_sample(self) -> None:
        asked = [exemplar.question for found in TEMPLATES.exemplars.values() for exemplar in found]
        known = {shingle for problem in load_problems("sample") for shingle in shingles(problem["question"])}
        assert len(set(asked)) == len(asked)
        assert not {shingle for question in asked for shingle in shingles(question)} & known

    def test_no_eight_words_in_a_row_stand_in_gsm8k_or_math(self, shared_data: Path) -> None:
        known: set[tuple[str, ...]] = set()
        for name in PUBLIC_SETS:
            for line in (shared_data / name).read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                known.update(shingles(row.get("question") or row["problem"]))
        for exemplars in TEMPLATES.exemplars.values():
            for exemplar in exemplars:
                assert not known & set(shingles(exemplar.question)), exemplar.question
