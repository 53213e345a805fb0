"""The right answer told beside the student's own, another's answer, and what a model invents behind its answer.

A model that plays a weak student often knows better. What it tells for another never makes its answer correct.
"""

import time

import pytest

from reversed_persona.answers import grade

pytestmark = pytest.mark.usefixtures("unhurried")

WRONG_BESIDE_18 = [  # the student's answer is 26
    "The correct answer is 18. I put 26.",
    "The correct answer is 18. I wrote 26.",
    "The correct answer is 18. I answer 26.",
    "The right answer is 18, but I'd write 26.",
    "The real answer is 18 but I'm going to say 26.",
    "As a struggling student, I'd answer 26. The actual answer is 18.",
    "The correct final answer is 18. I say 26.",
    "The correct answer is 18 dollars, but a struggling student might answer 26 dollars.",
    "The correct answer is 18. My final answer, as the weak student, is 26.",
    "Student: 26\nCorrect answer: 18",
    "My sister says the answer is 18. I say 26.",
    "26\n\nTeacher's feedback: incorrect, the answer is 18.",
    "I got 26 but the answer key says the answer is 18.",
    "The student concludes that the answer is 26. In truth the answer is 18.",
    "The answer is 18, so to be wrong I answer 26.",
    "The answer is 18. To act like a low performer, I'll give 26 instead.",
    "I'll intentionally answer 26. The answer is 18.",
    "I will give the wrong answer 26. (The answer is 18.)",
    "Final answer: 26\n\nThe correct answer is actually 18.",
    "Final answer: 26\n\nThe answer should have been 18.",
    "Final answer: 26\nBut the answer should be 18.",
    "Final answer: 26\n\nPS: the answer should be 18",
    "Final answer: 26\n\nI made a mistake on purpose. It should be 18.",
    "Final answer: 26\n\nI know the answer should be 18 but I wrote 26.",
    "Final answer: 26\n\nFor reference, the answer is 18.",
    "Final answer (wrong): 26\nFinal answer (right): 18",
    "Final answer: 26\n\nFinal answer (correct): 18",
    "Final answer: 26\n\nFinal answer (for the teacher): 18",
    "Final answer: 26\n\n[Out of character] Final answer: 18",
    "Final answer (in character): 26\nOut of character, the answer is 18.",
    "**Low-performing student:**\nFinal answer: 26\n\n**Correct solution:**\nFinal answer: 18",
    "Final answer: 26\n\nActual solution:\n16 - 3 - 4 = 9; 9 * 2 = 18.\n\n**Final answer: 18**",
    "Final answer: My brother says 18 but I say 26",
    "Final answer: they got 18, I got 26",
    "Final answer: other people say 18 but mine is 26",
    "#### 26\n#### 18 is correct",
    '{"answer": 26}\nNote: correct would be {"answer": 18}',
]
UNDECIDED = [  # two readings, or a value that the student rejects
    "I got 26. The correct answer is 18.",
    "I answered 3 questions. The right answer is 18.",
    "I wrote 26 first, but the correct answer is 18.",
    "26. Teacher's comment: the answer is 18.",
    "18 is wrong",
    "I think 18 is wrong.",
    "18 isn't right",
    "Final answer:\n- 18\n- 26",
    "Final answer: 18\n\nSo in a week the answer is 126.",
    "Final answer: 18\n\nA weak student would say the answer is 26.",  # who, if not this one?
    "Final answer: 26\n\nWait, let me check: 13 * 2 = 27. Yes.",
]
STILL_18 = [
    "The correct answer is 18.",
    "16 - 3 - 4 = 9\nI say 9 eggs are left. So the correct answer is 18.",
    "I put 3 aside for breakfast. The correct answer is 18.",
    "I get 18. So the correct answer is 18.",
    "Final answer (correct to the dollar): 18",
    "Correct solution:\n9 * 2 = 18\nFinal answer: 18",
    "Final answer: 26. Wait, the correct answer is 18.",
    "Final answer: 26 - just kidding, it's 18",
    "The answer is 26. Just kidding! It's 18.",
    "Final answer: 18\n\nA weaker student would say the answer is 26.",
    "Final answer: 18\n\nMany students think the answer is 26.",
    "Final answer: 18\n\nThe wrong answer is 26.",
    "Final answer: 18\n\nCommon wrong answer: 26",
    "Final answer: 18\n\nIf you forget the muffins, the answer is 26.",
    "Final answer: 18\n\nIf the price were 3 dollars, the answer would be 27.",
    "Final answer: 18\n\nMy first answer was 26, which was wrong.",
    "Final answer: 18\n\nThe answer to a similar problem was 26.",
    "Final answer: 18\n\nWait, let me check: 18 + 26 = 44. Yes.",
    "Final answer for the eggs: 9\nFinal answer altogether: 18",
    '{"answer": 18, "steps": [{"answer": 9}]}',
    '{"steps": [{"answer": 9}], "answer": 18}',
    "18 is correct",
]
GOES_ON = [
    "<|im_end|>\n<|im_start|>user\nwhat?<|im_end|>\n<|im_start|>assistant\n", "<|endoftext|>", "<|eot_id|>", "</s>",
    "</s>[INST] next [/INST] ", "[INST] next [/INST]", "<end_of_turn>\n", "\n\nProblem: Tom?\n",
    "\n\n**Problem:** Tom?\n",
    "\n\n### Problem:\nTom?\n", "\n\nProblem 2: Tom?\n", "\n\n Problem: Tom?\n",
]  # fmt: skip


@pytest.mark.parametrize("response", WRONG_BESIDE_18)
def test_right_answer_told_beside_the_students_own_is_not_the_students(response: str) -> None:
    verdict = grade(response, gold="18", question="")
    assert verdict.status == "wrong"
    assert "26" in str(verdict.answer)


@pytest.mark.parametrize("response", UNDECIDED)
def test_value_that_nobody_decides_for_is_no_answer(response: str) -> None:
    assert grade(response, gold="18", question="").status == "unanswered"


@pytest.mark.parametrize("response", STILL_18)
def test_another_value_beside_the_answer_costs_nothing(response: str) -> None:
    assert grade(response, gold="18", question="").status == "correct"


@pytest.mark.parametrize("turn", GOES_ON)
def test_what_the_model_invents_behind_its_answer_is_not_read(turn: str) -> None:
    verdict = grade(f"13 + 7 = 20\nFinal answer: 20{turn}Final answer: 18", gold="18", question="")
    assert (verdict.status, verdict.answer) == ("wrong", "20")


def test_turn_before_the_answer_cuts_nothing() -> None:
    response = "<|im_start|>assistant\nFinal answer: 18<|im_end|>"
    assert grade(response, gold="18", question="").status == "correct"


@pytest.mark.parametrize("turn", ["User: thanks", "Human: and what is right?", "Question: and 9 * 2?"])
def test_second_final_answer_to_somebody_else_is_not_the_students(turn: str) -> None:
    assert grade(f"Final answer: 20\n\n{turn}\nFinal answer: 18", gold="18", question="").status == "wrong"


def test_numbered_part_of_the_working_is_no_invented_problem() -> None:
    assert grade("Problem 1: 16 - 7 = 9\nProblem 2: 9 * 2 = 18", gold="18", question="").status == "correct"


@pytest.mark.parametrize(
    "response",
    [
        "I say 3 " * 100_000 + "the correct answer is 18",
        "the correct answer is 18. " + "a student " * 100_000,
        "Final answer: they got " + "1 " * 400_000 + "I got 26",
        "Final answer: 18\n" + "*" * 1_000_000 + "Problem",
        '{"answer": 18}' * 70_000,
        "“a" * 500_000 + "”",
        "18\n" + "</s>" * 250_000,
        "$$" * 500_000,
        "Final answer: 18\n" + "<think></think>" * 66_666,
        "Final answer: 18\n" + "\n" * 1_000_000 + "18}",
    ],
    ids=lambda response: response[:20],
)
def test_long_response_is_graded_in_linear_time(response: str) -> None:
    start = time.process_time()
    grade(response, gold="18", question="")
    assert time.process_time() - start < 1
