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
from reversed_persona.answers import Verdict, grade, opens_thinking, start_comparing

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases" / "answers.jsonl").read_text(encoding="utf-8").splitlines()
]
GRADED = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "graded_responses"
MILLION = 10**6


@pytest.mark.usefixtures("unhurried")
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


DISAGREEMENTS = {
    "gsm8k_openai_example_solutions.jsonl": {},
    "gsm8k_tora_2models.jsonl": {},
    "math_qwen25math_100x8.jsonl": {
        584: "the grader is right: the gold is 10{,}000 and the box 10000; the publisher compared strings"
    },
}


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize("file", DISAGREEMENTS)
def test_grade_agrees_with_published_labels_but_where_they_are_wrong(file: str) -> None:
    path = GRADED / file
    if not path.exists():
        pytest.skip(f"needs {file}, which is not part of the project: no folder shared/data/graded_responses beside it")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    statuses = [grade(row["response"], gold=row["gold"], question=row["question"]).status for row in rows]
    differing = [
        number
        for number, (row, status) in enumerate(zip(rows, statuses, strict=True), start=1)
        if (status == "correct") != row["correct"]
    ]
    assert differing == list(DISAGREEMENTS[file])


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


EXCESSIVE = [
    *("10^{10^{10}}", "9^{9^{9^9}}", "((9!)!)!", "170!!!", "2^{9999}", "(x+y)^{9999}", "(2^{9999})^{9999}"),
    *("\\int_0^1 x^{x^x}", "\\sum_{k=1}^{10^9} k^k", "\\prod_{k=1}^{99999}(1+k)", "\\binom{10^9}{10^8}", "1e999999999"),
    "\\sqrt{" * 50 + "2" + "}" * 50,
    "x^{" * 50 + "2" + "}" * 50,
    "\\sin(" * 40 + "x" + ")" * 40,
    "x<1 or " * 100 + "x>2",
    "\\begin{pmatrix}" + "&".join("1" * 400) + "\\end{pmatrix}",
    ",".join(f"x^{{{i}}}+{i}" for i in range(20)),
]


@pytest.mark.parametrize("gold", ["18", "2\\sqrt{3}", "\\text{Evelyn}", "1,-2"])
@pytest.mark.parametrize("name", HOSTILE)
def test_grade_hostile_response_ends_soon_without_raising(name: str, gold: str) -> None:
    start_comparing()
    start = time.perf_counter()
    verdict = grade(HOSTILE[name], gold=gold, question="There are 3 eggs.")
    assert time.perf_counter() - start < 2  # seconds, by the clock; ten times what any takes on a quiet machine
    assert verdict.status != "correct"
    if verdict.span:
        assert HOSTILE[name][slice(*verdict.span)] == verdict.answer


@pytest.mark.parametrize("gold", ["18", "x^2+1", ",".join(f"x^{{{i}}}+{i + 1}" for i in range(20)), "(-\\infty,3)"])
@pytest.mark.parametrize("answer", EXCESSIVE)
def test_grade_excessive_mathematics_ends_soon_and_leaves_the_next_comparison_its_time(answer: str, gold: str) -> None:
    start_comparing()
    start = time.perf_counter()
    verdict = grade(f"Final answer: ${answer}$", gold=gold, question="")
    assert time.perf_counter() - start < 2  # its limit is 0.18 s of CPU time; the rest is for a busy machine
    assert verdict.status != "correct"
    assert grade("Final answer: $1 + x^2$", gold="x^2+1", question="").status == "correct"


REPEATED = [
    *(
        "= ",
        "1,",
        "1 000 ",
        ".5",
        "and a half ",
        "wait, no, ",
        "Final answer (if x): 3\n",
        '"answer": "\\\\',
        '"answer": [',
    ),
    *("<answer>x", "is 5 of ", "So 5 ", "(", "[", "{", "$", "\\frac{1}", "half a ", "twenty-", "≈", "1:", "12:3"),
    *("Thus x=", "answer is ", "Answer: ", "A: 5\n", "I'm 80% sure ", "5 hours 3 minutes ", "\\boxed{1} ", "\\begin{"),
    *("x = 3, ", "or ", "\\text{and}", "\n(", "<<1+1=", "<<", "**5** ", "1.000.", "=$5", "1/2/", "5!", "Problem: 5\n"),
    *("5 is 5 is ", "I don't know ", "think>", "#### 3 steps ", "equals ", "stick with "),
    *("i think ", "5 cuz ", "so its ", "5 or ", "x=3 ", "~~5~~", "~~", "finel anser ", "lol ", "5 lol ", "no wait "),
    "Final answer: </answer></answer></answer></answer></answer> ",
    *("bye 5 ", "see page ", "a2", "5 / 10 ", "we have 5 minutes "),
    *("→ 5 ", "5 (abc) ", "i hope ", "haha", "my ", "5\n", "its 5. ", "und ", "Réponse finale ", "; (", "or 5.5 "),
]


@pytest.mark.parametrize("piece", REPEATED)
def test_grade_takes_linear_time_in_adversarial_text(piece: str) -> None:
    def seconds(length: int) -> float:
        texts = [piece * (length // len(piece)), "Final answer: 5 " + piece * (length // len(piece))]
        best = []
        for text in texts:
            spent = []
            for _ in range(3):
                start = time.process_time()
                grade(text, gold="18", question="There are 3 eggs.")
                spent.append(time.process_time() - start)
            best.append(min(spent))
        return max(best)

    quarter, whole = seconds(MILLION // 4), seconds(MILLION)
    # four times the text: 4 if linear, 16 if quadratic; a hundredth of a second is noise on either side
    assert whole < 8 * max(quarter, 0.01)


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
        "QUESTION_HEADER", "Method", "Reason", "Status", "Verdict", "WrongKind", "constants",
        "grade", "hide_thinking", "kind_of_wrong", "only_new_reply", "opens_thinking", "read_gold", "start_comparing",
        "stated_value",
    }  # fmt: skip
    assert all(hasattr(answers, name) for name in answers.__all__)
    assert Verdict("wrong").flip is False


INVENTED = "Final answer: 12\n\nAufgabe: Was ist 2 + 2?\nFinal answer: 4"


@pytest.mark.parametrize(("header", "answer"), [("Aufgabe:", "12"), ("Problem:", "4"), ("", "4")])
def test_what_follows_the_prompts_own_header_is_no_answer(header: str, answer: str) -> None:
    assert grade(INVENTED, gold="12", question="?", header=header).answer == answer


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
