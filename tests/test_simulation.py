import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from lm_eval.api.instance import Instance

from reversed_persona.answers import grade
from reversed_persona.errors import PromptError, SettingsError
from reversed_persona.personas import Frame, load_templates
from reversed_persona.problems import Problem, load_problems
from reversed_persona.prompts import build_prompt
from reversed_persona.simulation import SimulatedStudent

WEAK = """\
id: weak
label: Weak student
expected_accuracy: 0.0
wordings:
  - promise: the final answer is wrong practically every time
    instruction: You are weak. On {{ collection }} the final answer is wrong practically every time.
"""
SAMPLE = load_problems("sample")


def requests(
    persona: str,
    problems: Sequence[Problem] = SAMPLE,
    prefix: str = "",
    templates_in: Path | None = None,
    collection: str = "mathematics problems",
) -> list[Instance]:
    templates = load_templates(templates_in)
    instruction = templates.personas[persona].instruction(collection)
    return [
        Instance(
            request_type="generate_until",
            doc=dict(problem),
            arguments=(prefix + build_prompt(templates.frame, instruction, problem["question"], "user").user, {}),
            idx=0,
            metadata=("a_task", number, 1),
        )
        for number, problem in enumerate(problems)
    ]


def said_to_be(persona: str, asked: list[Instance]) -> list[Instance]:
    """Let the documents name a persona, as the task does."""
    for request in asked:
        request.doc = {**request.doc, "persona": persona}
    return asked


def statuses(model: SimulatedStudent, asked: Sequence[Instance]) -> list[str]:
    replies = model.generate_until(list(asked))
    return [
        grade(reply, gold=request.doc["gold"], question=request.doc["question"]).status
        for reply, request in zip(replies, asked, strict=True)
    ]


class TestSimulatedStudent:
    @pytest.mark.parametrize("persona", ["none", "high", "low"])
    def test_persona_is_read_from_the_prompt_and_its_accuracy_is_met(self, persona: str) -> None:
        model = SimulatedStudent(none=1.0, high=0.5, low=0.25)
        expected = {"none": 64, "high": 32, "low": 16}  # of 64 sample problems
        assert Counter(statuses(model, requests(persona)))["correct"] == expected[persona]

    def test_prompt_without_the_persona_is_answered_as_none(self) -> None:
        model = SimulatedStudent(none=1.0, high=0.0, low=0.0)
        assert set(statuses(model, requests("none"))) == {"correct"}
        assert set(statuses(model, said_to_be("none", requests("none")))) == {"correct"}

    @pytest.mark.parametrize("persona", ["low", "weak"])  # one that it knows, one that it doesn't
    def test_prompt_that_lost_its_persona_is_refused(self, persona: str) -> None:
        with pytest.raises(PromptError, match=f"not recognise persona '{persona}'.*--model_args persona_templates="):
            SimulatedStudent().generate_until(said_to_be(persona, requests("none")))

    def test_own_persona_is_recognised_once_its_templates_are_named(self, tmp_path: Path) -> None:
        (tmp_path / "weak.yml").write_text(WEAK, encoding="utf-8")
        asked = said_to_be("weak", requests("weak", templates_in=tmp_path))
        assert set(statuses(SimulatedStudent(persona_templates=str(tmp_path), weak=0.0), asked)) == {"wrong"}
        with pytest.raises(PromptError, match="not recognise persona 'weak'"):
            SimulatedStudent().generate_until(asked)

    def test_own_persona_that_is_told_nothing_is_known_by_the_document_alone(self, tmp_path: Path) -> None:
        text = "id: nobody\nlabel: Nobody\nexpected_accuracy: null\nwordings: []\n"
        (tmp_path / "nobody.yml").write_text(text, encoding="utf-8")
        asked = said_to_be("nobody", requests("none"))
        model = SimulatedStudent(persona_templates=str(tmp_path), none=0.0, nobody=1.0)
        assert set(statuses(model, asked)) == {"correct"}
        assert set(statuses(model, requests("none"))) == {"wrong"}

    @pytest.mark.parametrize("question", ["{{ question }}", "{{ question }} (a problem)", "Q:{{ question }}"])
    def test_problem_is_read_from_any_frame(self, tmp_path: Path, question: str) -> None:
        frame = Frame(question=question, demand="Final answer: <x>")
        (tmp_path / "prompt.yml").write_text(json.dumps(frame.model_dump()), encoding="utf-8")
        longer: Problem = {**SAMPLE[1], "question": f"Read this. {SAMPLE[0]['question']}"}  # ends like another one
        asked = requests("low", [SAMPLE[0], longer, *SAMPLE[2:]], templates_in=tmp_path)
        assert set(statuses(SimulatedStudent(persona_templates=str(tmp_path), low=1.0), asked)) == {"correct"}
        asked[0].arguments = ("What is the capital of Peru? Final answer: <x>", {})
        with pytest.raises(PromptError, match="finds no problem"):
            SimulatedStudent(persona_templates=str(tmp_path)).generate_until(asked[:1])

    def test_worked_example_before_the_problem_does_not_mislead_it(self) -> None:
        prefix = "Problem: " + SAMPLE[0]["question"] + "\n\nFinal answer: 1\n\n"
        assert set(statuses(SimulatedStudent(accuracy=1.0), requests("none", SAMPLE[1:], prefix))) == {"correct"}

    @pytest.mark.parametrize("prefix", ["<|user|>\n", "Be brief. Ask &amp; answer.\n\n"])
    def test_persona_is_read_wherever_it_stands(self, prefix: str) -> None:
        assert set(statuses(SimulatedStudent(accuracy=0.0, high=1.0), requests("high", prefix=prefix))) == {"correct"}

    def test_persona_is_read_whatever_the_problems_are_called(self) -> None:
        asked = requests("low", collection="exercises of <class> 7b & 7c")
        assert set(statuses(SimulatedStudent(accuracy=1.0, low=0.0), asked)) == {"wrong"}

    def test_of_arms_that_are_told_the_same_it_is_the_one_that_the_document_names(self) -> None:
        model = SimulatedStudent(low=1.0, low_unspecified=0.0)
        assert set(statuses(model, said_to_be("low_unspecified", requests("low")))) == {"wrong"}
        assert set(statuses(model, said_to_be("low_hispanic", requests("low")))) == {"correct"}  # told low alone
        assert set(statuses(model, requests("low"))) == {"correct"}

    def test_silence_is_graded_as_unanswered(self) -> None:
        assert set(statuses(SimulatedStudent(low=0.0, unanswered_low=1.0), requests("low"))) == {"unanswered"}

    def test_same_arguments_give_the_same_words(self) -> None:
        assert SimulatedStudent(low=0.5).generate_until(requests("low")) == SimulatedStudent(low=0.5).generate_until(
            requests("low")
        )

    def test_prompt_without_a_known_problem_is_refused(self) -> None:
        asked = requests("none", SAMPLE[:1])
        asked[0].arguments = ("What is the capital of Peru?", {})
        with pytest.raises(PromptError, match="finds no problem"):
            SimulatedStudent().generate_until(asked)

    def test_it_says_that_it_is_an_instrument(self) -> None:
        assert SimulatedStudent(model="x").get_model_info() == {"reference_respondent": True, "model_name": "x"}

    def test_likelihoods_are_refused(self) -> None:
        with pytest.raises(SettingsError, match="generate_until tasks only"):
            SimulatedStudent().loglikelihood([])


class TestWorkedAnswers:
    @pytest.mark.parametrize("name", ["gsm8k", "math500", "sample"])
    def test_every_answer_is_what_it_is_meant_to_be(self, name: str, request: pytest.FixtureRequest) -> None:
        folder: Path | None = None if name == "sample" else request.getfixturevalue("shared_data")
        problems = load_problems(name, folder)
        right, wrong, flip = (
            SimulatedStudent(accuracy=1.0),
            SimulatedStudent(accuracy=0.0),
            SimulatedStudent(accuracy=0.0, flip=1.0),
        )
        assert Counter(statuses(right, requests("low", problems))) == {"correct": len(problems)}
        assert Counter(statuses(wrong, requests("low", problems))) == {"wrong": len(problems)}
        assert Counter(statuses(flip, requests("low", problems))) == {"wrong": len(problems)}

    @pytest.mark.parametrize("name", ["gsm8k", "math500", "sample"])
    def test_wrong_answers_come_out_of_the_working(self, name: str, request: pytest.FixtureRequest) -> None:
        folder: Path | None = None if name == "sample" else request.getfixturevalue("shared_data")
        problems = load_problems(name, folder)
        replies = SimulatedStudent(accuracy=0.0).generate_until(requests("low", problems))
        verdicts = [
            grade(reply, gold=problem["gold"], question=problem["question"])
            for reply, problem in zip(replies, problems, strict=True)
        ]
        assert all(verdict.derived and not verdict.flip for verdict in verdicts)

    @pytest.mark.parametrize("name", ["gsm8k", "math500", "sample"])
    def test_every_flip_is_one(self, name: str, request: pytest.FixtureRequest) -> None:
        folder: Path | None = None if name == "sample" else request.getfixturevalue("shared_data")
        problems = load_problems(name, folder)
        replies = SimulatedStudent(accuracy=0.0, flip=1.0).generate_until(requests("low", problems))
        missed = [
            problem["problem_id"]
            for reply, problem in zip(replies, problems, strict=True)
            if not grade(reply, gold=problem["gold"], question=problem["question"]).flip
        ]
        assert not missed
