"""An answer in odd clothes, at the end of a list or of a display, and a decimal that goes on."""

import pytest

from reversed_persona.answers import grade

pytestmark = pytest.mark.usefixtures("unhurried")

IN_DRESS = [
    "Final answer: <b>18</b>", "<b>Final answer:</b> 18", "Final answer: <code>18</code>", "Final answer: 18<br>",
    "Final answer: “18”", "Final answer: «18»", "Final answer: 「18」", "<final_answer>18</final_answer>",
    "{'answer': 18}", "{'final_answer': '18'}",
    "| step | value |\n|---|---|\n| left | 9 |\n| **Final answer** | **18** |",
    "Final answer:\n1. 18", "Final answer:\n- 18", "Final answer:\n• 18", "Final answer:\n- 18\n- checked",
    "1. 16-3=13\n2. 13-4=9\n3. 9*2=18", "\\begin{align}9 + 9 &= 18\\end{align}", "So\n\\[\n9 \\cdot 2 = 18\n\\]",
    "\\[\n\\begin{aligned}\n16 - 7 &= 9\\\\\n9 + 9 &= 18\n\\end{aligned}\n\\]", "i think its 18 but im not sure",
    "i got 18 but idk", "It ran.\nThe output is 18.",
]  # fmt: skip


@pytest.mark.parametrize("response", IN_DRESS)
def test_answer_is_read_whatever_dresses_it(response: str) -> None:
    verdict = grade(response, gold="18", question="")
    assert (verdict.status, verdict.answer) == ("correct", "18")


@pytest.mark.parametrize(
    ("response", "gold", "status"),
    [
        ("Therefore, the probability is\n$$\n\\frac{3}{4}\n$$", "\\frac{3}{4}", "correct"),
        ("We want to find whether the value is\n$$\n\\frac{3}{4}\n$$", "\\frac{3}{4}", "unanswered"),
        ("Therefore we have\n\\[\nx + y = 10\n\\]", "10", "unanswered"),  # an equation still to be solved
        ("1. 16-3=13", "13", "unanswered"),  # a first step
        ("2. Add 9 and 9", "18", "unanswered"),
        ("Final answer:\n-18", "-18", "correct"),
        ("Final answer:\n1.5", "1.5", "correct"),
        ("{'answer': 20}", "18", "wrong"),
        ("The answer is x <b> 18", "18", "unanswered"),
    ],
)
def test_what_looks_like_dress_gets_its_verdict(response: str, gold: str, status: str) -> None:
    assert grade(response, gold=gold, question="").status == status


@pytest.mark.parametrize("response", ["0.333...", "so it is 0.333...", "1/3 = 0.333...", "0.333…"])
def test_decimal_that_goes_on_keeps_its_dots(response: str) -> None:
    assert str(grade(response, gold="\\frac{1}{3}", question="").answer).endswith(("0.333...", "0.333…"))
