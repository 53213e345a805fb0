"""What a task asks when its personas are crossed with an attribute, wordings, or shown with a worked reply."""

from typing import Any

import pytest

from reversed_persona.personas import load_templates
from test_task import evaluate, load, means


def contexts(**metadata: Any) -> dict[str, str]:
    task = load(**{"personas": ["high", "low"], **metadata})
    task.build_all_requests(limit=1)
    return {instance.doc["persona"]: instance.args[0] for instance in task.instances}


@pytest.mark.parametrize("attribute", ["race", "irrelevant"])
@pytest.mark.parametrize("role", ["user", "system"])
def test_nothing_but_the_attributes_sentence_differs_between_the_prompts(attribute: str, role: str) -> None:
    asked = contexts(attribute=attribute, persona_role=role)
    plain = contexts(persona_role=role)
    first, *others = load_templates().attributes[attribute].values
    for persona in ("high", "low"):
        assert asked[f"{persona}_{first.id}"] == plain[persona]
        for value in others:
            with_it = asked[f"{persona}_{value.id}"]
            assert with_it.count(value.sentence) == 1
            assert with_it.replace(f"{value.sentence} ", "") == plain[persona]


def test_example_stands_between_the_persona_and_the_problem_in_the_personas_own_manner() -> None:
    asked, plain = contexts(exemplars=True), contexts()
    exemplars = load_templates().exemplars["sample"]
    (drawn,) = [exemplar for exemplar in exemplars if exemplar.question in asked["low"]]
    for persona, prompt in asked.items():
        before, _, after = plain[persona].partition("\n\nProblem: ")
        assert prompt.startswith(before + "\n\nHere is how this student replied")
        assert prompt.endswith("in the same manner.\n\nProblem: " + after)
        assert f"{drawn.question}\n\n{drawn.replies[persona]}" in prompt


def test_seed_changes_the_examples_and_the_fingerprints_stand_for_all_of_them() -> None:
    def both(seed: int) -> tuple[list[str], dict[str, str]]:
        task = load(personas=["high", "low"], exemplars=True, exemplar_seed=seed)
        task.build_all_requests(limit=8)
        return {f"{i.doc_id}{i.idx}": i.args[0] for i in task.instances}, task.config.metadata["prompt_fingerprints"]

    assert both(0)[0] != both(1)[0]
    assert both(0)[1] == both(1)[1]


def test_questions_are_chosen_before_the_limit() -> None:
    assert len(load(questions=5).eval_docs) == 5


def test_each_arm_is_asked_and_scored() -> None:
    metadata = {"personas": ["high", "low"], "wordings": 8, "measures": ["reversal", "acc"]}
    found = means(evaluate("high=1.0,low=0.0,low_wording_8=1.0", metadata=metadata, limit=4))
    assert (found["reversal_wording_2"], found["reversal_wording_8"], found["acc_low_wording_8"]) == (1, 0, 1)


def test_measure_without_its_arms_is_left_out() -> None:
    metadata = {"personas": ["high"], "attribute": "race", "measures": ["acc", "shift", "reversal"]}
    found = means(evaluate("accuracy=1.0", metadata=metadata, limit=2))
    assert {name for name in found if not name.endswith("_stderr")} == {
        f"acc_high_{group.id}" for group in load_templates().attributes["race"].values
    }
