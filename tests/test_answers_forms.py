r"""Right answers in forms that are read by special rules, and wrong ones in the same forms."""

import pytest

from reversed_persona.answers import grade

pytestmark = pytest.mark.usefixtures("unhurried")

MATRIX = "\\begin{pmatrix}1 & 2 \\\\3 & 4\\end{pmatrix}"
CORRECT = [
    ("Final answer: 6! = 720", "720"),
    ("The answer is 6! = 720.", "720"),
    ("Final answer: 5! - 1", "119"),
    ("Final answer: x = 2, so y = 5", "5"),
    ("Final answer: √2 (1.41)", "\\sqrt{2}"),
    ("Final answer: 25π cm (78.5 cm)", "25\\pi"),
    ("Final answer: on Mon.", "\\text{Monday}"),
    ("Final answer: it is on Monday", "\\text{Monday}"),  # response, gold
    ("Final answer: \\frac{n!}{k! (n-k)!}", "\\binom{n}{k}"),
    ("Final answer: n!/(k! (n-k)!)", "\\binom{n}{k}"),
    ("Final answer: 3!", "6"),
    *((f"Final answer: {money}", "18") for money in ("Rs18", "Rs. 18", "USD 18", "EUR18")),
    ("#### 12\nCorrection. Answer: 13 widgets", "13"),
    ("#### 12\nThat took me a while, sorry!", "12"),
    ("Final answer: (x - y) (x + y) = 0", "x^2=y^2"),
    ("Final answer: a (2 + i) = b", "a = \\frac{b}{2 + i}"),
    ("Final answer: x^2 + 1 (x = 3)", "x^2+1"),
    ("Answer \\( (9+1) \\)", "10"),
    ("Answer \\[ \n 9 \n \\]", "9"),
    ("In all:\n\\begin{align*}\nx &= 3 + 4 \\\\\n&= 7\n\\end{align*}", "7"),
    ("Therefore $x \\geq 5$ is the solution.", "x >= 5"),
    ("We find that $x \\lt 3$.", "x<3"),
    ("Thus $x <= 2$ is our answer.", "x\\leq 2"),
    ("The solution is $x != 5$", "x \\neq 5"),
    ("We find that $x \\neq 3$.", "x != 3"),
    ("The point coordinates are $(1,2)$", "(1,2)"),
    ("Final answer: $14 {, }916$", "14{,}916"),
    ("Final answer: $\\left[\\begin{array}{cc}1 & 2 \\\\3 & 4\\end{array}\\right]$", MATRIX),
    ("so \\boxed{1}, \\boxed{2}", "1,2"),
    ("so $\\boxed{2}$ and $\\boxed{1}$", "1,2"),
    ("Final answers: \\boxed{3}, \\boxed{5}, \\boxed{7}", "3, 5, 7"),
    ("so \\boxed{x+1}. That is \\boxed{x+1}", "x+1"),
    ("After one flip it is tails. So the answer is no.", "no"),
    ("Final answer: no, because it is even", "no"),
    ("\\boxed{\\text{yes}}", "Yes"),
    ("so $(x, y)$ is $(7, 6)$. <|im_start|>user", "(7,6)"),
    ("Final answer: 18<|im_end|>\n<|im_start|>user\nAnd 2+2?<|im_end|>\nFinal answer: 4", "18"),
    ("Final answer: B \\operatorname{csch}(x)", "\\frac{B}{\\sinh(x)}"),
    ("Final answer: sech(x)", "\\frac{1}{\\cosh x}"),
    ("Final answer: \\operatorname{arcsinh}(x)", "\\ln(x + \\sqrt{x^{2} + 1})"),
    ("Final answer: x \\neq 2", "x < 2 \\text{ or } x > 2"),
    ("Final answer: \\sin(90^\\circ-x)", "\\cos(x)"),
    ("Final answer: \\sin(30^\\circ)", "\\frac12"),
]
WRONG = [
    ("Final answer: 6! = 720", "6"),
    ("Final answer: x = 2, so y = 5", "2"),
    ("Final answer: on Tue.", "\\text{Monday}"),
    ("#### 12\nCorrection. Answer: 13 widgets", "12"),
    ("#### 12\nBut actually 5", "12"),
    ("Final answer: no", "yes"),
    ("so \\boxed{1}, \\boxed{2}, \\boxed{3}", "1,2"),
    ("Final answer: $\\left(\\begin{array}{cc}1 & 2 \\\\3 & 5\\end{array}\\right)$", MATRIX),
    ("Final answer: x \\neq 3", "x < 2 \\text{ or } x > 2"),
    ("Final answer: \\sin(60^\\circ)", "\\frac12"),
    ("Final answer: sech(x)", "\\frac{1}{\\sinh x}"),
]
UNANSWERED = [
    ("Final answer: log=2", "2"),
    ("so \\boxed{1}, \\boxed{2}", "2"),
    ("so \\boxed{x}, \\boxed{x+1}", "x+1"),
    *((f"so x {sign} 5", "5") for sign in (">=", "<=", "!=", "\\geq")),
    *((f"Final answer: {said}", "no") for said in ("no idea", "it is not", "yes or no", "no answer")),
    ("We know:\n\\[\nx + y = 10\n\\]", "10"),
    ("We know:\n\\[\n2x = 10\n\\]", "10"),
    ("Final answer: more than 10", "10x"),
]


@pytest.mark.parametrize(("response", "gold"), CORRECT)
def test_right_answer_in_a_special_form_is_correct(response: str, gold: str) -> None:
    assert grade(response, gold=gold, question="").status == "correct"


@pytest.mark.parametrize(("response", "gold"), WRONG)
def test_another_answer_in_a_special_form_is_wrong(response: str, gold: str) -> None:
    assert grade(response, gold=gold, question="").status == "wrong"


@pytest.mark.parametrize(("response", "gold"), UNANSWERED)
def test_what_states_no_single_answer_is_unanswered(response: str, gold: str) -> None:
    assert grade(response, gold=gold, question="").status == "unanswered"
