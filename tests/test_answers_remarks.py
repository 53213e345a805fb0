"""Personas comment in brackets: a remark beside or below an answer must neither earn nor cost anything."""

import json
from collections import Counter
from pathlib import Path

import pytest

from reversed_persona.answers import grade

pytestmark = pytest.mark.usefixtures("unhurried")

QUESTION = (
    "Malia's hens lay 16 eggs a day. Her family eats 3, she gives 4 away and sells the others for $2 each. How much?"
)
RIGHT = "16 - 3 - 4 = 9\n9 * 2 = 18\n"
WRONG = "16 - 3 = 13\n13 * 2 = 26\n"

ON_A_RIGHT_ANSWER = [
    "18 (18 / 2 = 9)", "$18 (9 * 2)", "18 (= 9 · 2)", "18 [checked: 18/2=9]", "**18** [9 eggs × 2]", "$18$ [9 eggs]",
    "18 // checked 2 times", "18 # 9*2", "18 <-- 9*2", "18 *(9 * 2)*", "18 {9*2}", "18[9*2]", "18 = 9 x 2",
    "18 dollars (2 dollars per egg)", "10 + 8 (18)", "17.6 ≈ 18", "18\n\nLet me check: 9 * 2 = 18.",
    "18\n\nActually 9 eggs * $2 = $18, so that's right.",
    "18\n\nActually, let me double check: 16-3-4=9, 9*2=18. Yes.",
]  # fmt: skip
ON_A_WRONG_ANSWER = [
    "26 (17 + 1 = 18)", "26 [10 + 8 = 18]", "26 [I forgot how to subtract the 4 muffins]",
    "26 (idk if I did the 4 right)", "26 dollars for 13 eggs", "Janet makes $26 every day.", "26 [comment: guessed]",
    "26\nMistake: should be $18.", "26\n> Mistake: should be $18.", "26\n# Comment: it should be 18",
    "26\n\n// it should be 18", "26\nThe mistake was forgetting the muffins (it should be 18).",
    "26\n[The right answer is 18, but this student can't see it.]",
    "26\nComments showing low performance: the correct answer is 18",
]  # fmt: skip
RESULTS = [
    "13 * 2 = **26**", "**13 * 2 = 26**", "13 * 2 = `26`", "13 * 2 = $26 a day.", "13 * 2 = 26 I think",
    "13 * 2 = 26 L", "13 * 2 = 26 m/s", "13 * 2 = $26/day", "13 * 2 = 26 of them", r"$13 \cdot 2 = \mathbf{26}$",
    "13+13 = 26 *(I added)*", "13 * 2 -> 26", "13*2={26}",
]  # fmt: skip
EXPRESSIONS = [  # answer, gold, status
    (r"\begin{pmatrix}-1\\2\end{pmatrix}", r"\begin{pmatrix} -1 \\ 2 \end{pmatrix}", "correct"),
    (r"(-1, 2)", r"\begin{pmatrix} -1 \\ 2 \end{pmatrix}", "correct"),
    (r"[-1, 2]", r"\begin{pmatrix} -1 \\ 2 \end{pmatrix}", "correct"),
    ("2√13", r"\sqrt{52}", "correct"),
    ("3√3/4", r"\frac{3\sqrt{3}}{4}", "correct"),
    ("x³ − 6 + 3x", "x^3+3x-6", "correct"),
    ("6 - 5*i", "6 - 5i", "correct"),
    ("11 * sqrt(2) = 15.56", r"11\sqrt2", "correct"),
    (r"AC = $\sqrt{51}$", r"\sqrt{51}", "correct"),
    ("2516 base 8", "2516_8", "correct"),
    ("The solutions are 1, 2 and 3", "1,2,3", "correct"),
    ("The point (1, 2)", "(1,2)", "correct"),
    ("(a + 5) (b + 2)", "(a+5)(b+2)", "correct"),
    ("2 (x+1)", "2x+2", "correct"),
    ("The function is even.", r"\text{even}", "correct"),
    ("The function is odd.", r"\text{even}", "wrong"),
    ("Option C", r"\text{(C)}", "correct"),
    ("June 20th", r"\text{June 20}", "correct"),
    ("(0, 3) [I just checked the point]", "(0,3)", "correct"),
    ("(0, 2) [I just copied the point]", "(0,3)", "wrong"),
    ("2k+1 [I think it's odd]", "2k+2", "wrong"),
    ("0.000002", "0.000001", "wrong"),
    ("15-20", "18", "unanswered"),
    ("two and a half hours", "2", "wrong"),
]


@pytest.mark.parametrize("said", ON_A_RIGHT_ANSWER)
def test_remark_on_a_right_answer_costs_nothing(said: str) -> None:
    verdict = grade(f"{RIGHT}Final answer: {said}", gold="18", question=QUESTION)
    assert (verdict.status, verdict.flip) == ("correct", False), verdict


@pytest.mark.parametrize("said", ON_A_WRONG_ANSWER)
def test_remark_on_a_wrong_answer_earns_nothing_and_hides_nothing(said: str) -> None:
    verdict = grade(f"{WRONG}Final answer: {said}", gold="18", question=QUESTION)
    assert (verdict.status, verdict.flip, verdict.derived) == ("wrong", False, True), verdict


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("26\nNo, 18.", "correct"),
        ("26. Wait, no, 18.", "correct"),
        ("26 (Wait, no, I meant 18)", "correct"),
        ("26 or 18", "unanswered"),
        ("26 (or 18)", "unanswered"),
        ("1 week (18 days)", "unanswered"),  # two values: which one was asked for is not the grader's guess
    ],
)
def test_a_second_thought_is_no_remark(said: str, status: str) -> None:
    assert grade(f"{WRONG}Final answer: {said}", gold="18", question=QUESTION).status == status


@pytest.mark.parametrize("working", RESULTS)
def test_result_is_seen_whatever_dresses_it(working: str) -> None:
    assert grade(f"{working}\nFinal answer: 26", gold="18", question=QUESTION).derived
    assert grade(f"{working}\nFinal answer: 7", gold="26", question=QUESTION).flip


def test_sum_that_goes_on_is_no_result() -> None:
    assert not grade("13 * 2 = 26 + 3\nFinal answer: 7", gold="26", question=QUESTION).flip


@pytest.mark.parametrize(("answer", "gold", "status"), EXPRESSIONS)
def test_answer_in_other_clothes_gets_its_verdict(answer: str, gold: str, status: str) -> None:
    assert grade(f"Final answer: {answer}", gold=gold, question="?").status == status


@pytest.mark.parametrize(
    "form",
    [
        "{g}", "${g}$", "\\boxed{{{g}}}", "$\\boxed{{{g}}}$.", "\\({g}\\)", "\n\\[\n{g}\n\\]", "The answer is ${g}$.",
        "{g} [I checked this by substitution]", "${g}$ [I checked it 2 times]", "{g} (I checked it 2 times)",
        "${g}$\n[This was checked with 2 methods.]", "${g}$ -- checked twice",
    ],
)  # fmt: skip
def test_every_gold_of_math500_is_correct_in_every_form(shared_data: Path, form: str) -> None:
    lines = (shared_data / "math500" / "test.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    answers = [(f"1 + 1 = 2\nFinal answer: {form.format(g=row['answer'])}", row) for row in rows]
    found = [grade(said, gold=row["answer"], question=row["problem"]).status for said, row in answers]
    assert Counter(found) == {"correct": 500}


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ("{g} [checked: {g} - 1 = {below}]", "correct"),
        ("{g} ({g} * 1)", "correct"),
        ("{g} apples (1 x {g})", "correct"),
        ("{g}\n[Checked: {below} + 1 = {g}.]", "correct"),
        ("{above} [{below} + 1 = {g}]", "wrong"),
        ("{above} ({below} + 1 = {g})", "wrong"),
        ("{above} [I used 3 where I should divide]", "wrong"),
        ("{above} (not {g})", "wrong"),
        ("{above}\n[The right answer is {g} but this student can't see that.]", "wrong"),
    ],
)
def test_every_gold_of_gsm8k_with_a_remark_gets_its_verdict(shared_data: Path, form: str, status: str) -> None:
    lines = (shared_data / "gsm8k" / "test.jsonl").read_text(encoding="utf-8").splitlines()
    found: Counter[str] = Counter()
    for row in map(json.loads, lines):
        gold = row["answer"].rpartition("####")[2].strip().replace(",", "")
        said = form.format(g=gold, below=int(gold) - 1, above=int(gold) + 7)
        found[grade(f"Final answer: {said}", gold=gold, question=row["question"]).status] += 1
    assert found == {status: 1319}
