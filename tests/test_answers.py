"""From a response to a verdict: cases as data, real graded responses, hostile text."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reversed_persona import answers
from reversed_persona.answers import Verdict, grade, opens_thinking

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases" / "answers.jsonl").read_text(encoding="utf-8").splitlines()
]
GRADED = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "graded_responses"
MILLION = 10**6


@pytest.mark.parametrize("case", CASES, ids=[f"{i}: {case['why']}" for i, case in enumerate(CASES)])
def test_grade_case_gets_the_verdict_that_its_reason_explains(case: dict) -> None:
    verdict = grade(case["response"], gold=case["gold"], question=case["question"])
    found = {key: getattr(verdict, key) for key in ("status", "reason", "answer", "flip", "derived")}
    assert found == {key: case[key] for key in found}, case["why"]


@pytest.mark.parametrize("case", CASES, ids=[str(i) for i in range(len(CASES))])
def test_grade_span_indexes_the_answer_in_the_original_response(case: dict) -> None:
    verdict = grade(case["response"], gold=case["gold"], question=case["question"])
    assert (verdict.span is None) == (verdict.answer is None) == (verdict.method is None)
    if verdict.span:
        assert case["response"][slice(*verdict.span)] == verdict.answer


@pytest.mark.parametrize(
    ("file", "rows", "least"),
    [
        ("gsm8k_openai_example_solutions.jsonl", 2000, 0.9995),
        ("gsm8k_tora_2models.jsonl", None, 0.997),
        ("math_qwen25math_100x8.jsonl", None, 0.9985),
    ],
)
def test_grade_agrees_with_published_labels(file: str, rows: int | None, least: float) -> None:
    path = GRADED / file
    if not path.exists():
        pytest.skip(f"needs {file}, which is not part of the project: no folder shared/data/graded_responses beside it")
    lines = path.read_text(encoding="utf-8").splitlines()[:rows]
    graded = [json.loads(line) for line in lines]
    agree = sum(
        (grade(row["response"], gold=row["gold"], question=row["question"]).status == "correct") == row["correct"]
        for row in graded
    )
    assert agree / len(graded) >= least


HOSTILE = {
    "power": "Final answer: $10^{10^{10}}$",
    "tower": "Final answer: 9^{9^{9^9}}",
    "starred tower": "Final answer: 9**9**9**9",
    "deep brackets": "Final answer: " + "(" * 900 + "1" + ")" * 900,
    "10,000 open brackets": "Final answer: " + "(" * 10_000,
    "10,000 open braces": "\\boxed" + "{" * 10_000,
    "a million digits": "Final answer: " + "9" * MILLION,
    "only digits": "9" * MILLION,
    "equals signs": "= " * (MILLION // 2) + "\nFinal answer: 5",
    "results": "9*2 = 18 " * (MILLION // 9) + "\nFinal answer: 5",
    "thousands": "= 1" + ",234" * (MILLION // 4) + "\nFinal answer: 7",
    "NUL": "Final answer: \x00 12 \x00",
    "lone surrogate": "Final answer: \ud800+x",
    "blanks": "Final answer:" + " " * MILLION + "5",
    "newlines": "Final answer:" + "\n" * MILLION + "5",
    "labels": "Final answer: " * (MILLION // 14),
    "answers": "Final answer: 12\n" * (MILLION // 17),
    "boxes": "\\boxed{" * (MILLION // 7),
    "openers": "<think>" * (MILLION // 7),
    "closers": "</think>" * (MILLION // 8),
    "headers": "Problem: x\n" * (MILLION // 11) + "Final answer: 5",
    "headers and labels": "Problem: x\nFinal answer: x\n" * (MILLION // 30),
    "hashes": "#### 5\n" * (MILLION // 7),
    "phrases": "the answer to " * (MILLION // 14),
    "second thoughts": "Final answer: 12. wait " + "no, " * (MILLION // 4) + "x",
    "stars": "Final answer: " + "*" * MILLION,
    "backslashes": "\\" * MILLION,
    "fractions": "Final answer: " + "\\frac{1}{" * 190,
    "minus signs": "Final answer: " + "-" * 1900,
}


@pytest.mark.parametrize("gold", ["18", "2\\sqrt{3}", "\\text{Evelyn}", "1,-2"])
@pytest.mark.parametrize("name", HOSTILE)
def test_grade_hostile_response_ends_soon_without_raising(name: str, gold: str) -> None:
    grade("Final answer: x+1", gold="1+x", question="")  # the worker's start is not what is timed
    start = time.process_time()
    verdict = grade(HOSTILE[name], gold=gold, question="There are 3 eggs.")
    assert time.process_time() - start < 2  # seconds here; ten times what it takes on a quiet machine
    assert verdict.status != "correct"
    if verdict.span:
        assert HOSTILE[name][slice(*verdict.span)] == verdict.answer


PIECES = st.sampled_from(
    [
        *("Final answer: ", "The answer is ", "Problem:", "####", "\\boxed{", "}", "\\frac", "<think>", "</think>"),
        *("18", "1,234", "%", " = ", " or ", "-", "^", "*", "(", ")", "x", ".", "$", "\n", "wait, ", "I don't know"),
        *(chr(0xD800), "\x00"),  # a lone surrogate and a NUL
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=25).map("".join)))
def test_grade_any_text_is_judged_and_its_span_indexes_the_answer(response: str) -> None:
    verdict = grade(response, gold="18", question="There are 16 eggs.")
    assert (verdict.status == "unanswered") == (verdict.reason is not None)
    if verdict.span:
        assert response[slice(*verdict.span)] == verdict.answer
    if verdict.status != "wrong":
        assert not verdict.flip
    if verdict.status == "unanswered":
        assert not verdict.derived


@pytest.mark.parametrize("gold", ["", "  "])
def test_grade_empty_gold_is_refused(gold: str) -> None:
    with pytest.raises(ValueError, match="expected a reference answer"):
        grade("Final answer: 18", gold=gold, question="")


def test_import_answers_loads_no_computer_algebra() -> None:
    code = (
        "import sys, reversed_persona.answers\n"
        "print([name for name in ('sympy', 'math_verify', 'lm_eval') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_answers_names_what_it_exports() -> None:
    assert set(answers.__all__) == {
        "QUESTION_HEADER", "Method", "Reason", "Status", "Verdict", "WrongKind",
        "grade", "kind_of_wrong", "opens_thinking",
    }  # fmt: skip
    assert all(hasattr(answers, name) for name in answers.__all__)
    assert Verdict("wrong").flip is False


class TestThinkingOpenedByThePrompt:
    @pytest.mark.parametrize("prompt", ["x\n<think>", "<|assistant|><think>\n", "[THINK]\n\n", "<|a|><Thinking> "])
    def test_prompt_that_ends_in_a_thinking_tag_opens_it(self, prompt: str) -> None:
        assert opens_thinking(prompt)

    @pytest.mark.parametrize("prompt", ["", "<think>\n\n</think>\n\n", "Do not <think> too long.", "<|assistant|>\n"])
    def test_others_do_not(self, prompt: str) -> None:
        assert not opens_thinking(prompt)

    def test_unfinished_thought_is_unanswered_though_no_tag_is_in_the_response(self) -> None:
        thought = "Let me see. Final answer: 12"
        assert grade(thought, gold="12", question="?").status == "correct"
        assert grade(thought, gold="12", question="?", thinking=True).reason == "unfinished_thinking"

    def test_what_follows_the_thought_counts(self) -> None:
        verdict = grade("It may be 7.\n</think>\nFinal answer: 12", gold="12", question="?", thinking=True)
        assert (verdict.status, verdict.answer) == ("correct", "12")

    def test_empty_response_is_empty(self) -> None:
        assert grade("", gold="12", question="?", thinking=True).reason == "empty"
