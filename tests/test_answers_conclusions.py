"""What the last sentence of a response asserts, and final lines as people type them."""

import pytest

from reversed_persona.answers import grade

pytestmark = pytest.mark.usefixtures("unhurried")

ANSWERED = [  # response, gold
    ("I think its 68 cuz 48 + 20 is 68", "68"),
    ("16-3=13\n13+5=18\nso she has 18 left lol", "18"),
    ("so she has 18 left lol", "18"),
    ("its 12", "12"),
    ("i got 14 apples", "14"),
    ("she spent 20 dollars i think", "20"),
    ("answer= 14 dollars", "14"),
    ("ans 7.5", "7.5"),
    ("so thats 42 books!!", "42"),
    ("it would be 30", "30"),
    ("9 x 2\n= 18", "18"),
    ("9 x 2 = 18 eggs a day", "18"),
    ("9 eggs times 2 is 18 so she makes 18 dollers every day", "18"),
    ("half of 100 is fifty. so seventy-one dollars", "71"),
    ("I think it's 68.", "68"),
    ("I think Janet makes 18 dollars.", "18"),
    ("10 + 60% = 16. minus 7 is 8 no wait 9", "9"),
    ("15 x 40 = 600 feet. turtle is slow tho. but 600", "600"),
    ("so 39? yeah 39", "39"),
    ("5 + 3 = 8 i hope thats right", "8"),
    ("5 + 3 = 8. i hope thats right", "8"),
    ("5 + 3 = 8\ni hope thats right!!", "8"),
    ("30% of 100 is 30 so 30 dollars", "30"),
    ("alyana is 6 so anne is 8. my cousin is 8 too", "8"),
    ("10*10 = 100 (its easy)", "100"),
    ("10x20 → 200. 1/5=40 → 4/5=160 bloomed 🌸", "160"),
    ("therefore it must be 12 apples", "12"),
    ("So he needs 36 dollars", "36"),
    ("Therefore, the train travels 120 miles in 2 hours.", "120"),
    ("so in 3 days she makes 18 dollars", "18"),
    ("33 : 3 = 11 pro Stunde, mal 12 sind 132. Also 132 Dollar", "132"),
    ("1 dollar?", "1"),
    ("so x = 3/4", "\\frac{3}{4}"),
    ("i get 2sqrt3", "2\\sqrt{3}"),
    ("its (3, -2)", "(3,-2)"),
    ("so the roots are 1 and -2", "1,-2"),
    ("x=3 y=-2", "(3,-2)"),
    ("b = 1 & a = -2", "(-2,1)"),
    ("1 + 2 = 3\nx = 2 or x = 5", "2,5"),
    ("divide by 5 → 1+10i", "1+10i"),
    ("so we get x^2+1.", "x^2+1"),
    ("so the lines cross at (3, -2)", "(3,-2)"),
    ("19x-4x=15x, 1+81 = 82\n15x+82 ✔️", "15x+82"),
    ("since 1 + z + z² = 0, it equals −1. ∎", "-1"),
]
UNANSWERED = [
    *("There are 3 boxes.", "There are 3 boxes", "Each box has 4 eggs.", "so the 3 eggs", "so if she has 3"),
    *("i only know 3 formulas", "im 12 years old", "i have 3 cats", "my dad is 40", "i can only count to 10"),
    *("I got 2 out of 10 on my last test.", "i dont know how to do the 3 steps", "i think i forgot 2 steps"),
    *("16-3=13. i dont get the rest", "16 - 3 = 13. I forgot what to do with the 4 muffins", "my answer has 2 digits"),
    *("16 - 3 = 13. She sells each egg for 2 dollars.", "16 - 3 = 13. Then she bakes 4 muffins.", "its not 12"),
    *("the bus 60*5 = 300 miles and the car 30*8 = 240 so the bus went", "4a+3=7a-12 so 3a=15 and th", "so 12 x"),
    *("so we have to do 3 times", "so what is 16 - 3?", "this is 5th grade stuff", "that is question 5", "step 3"),
    *('{"level": "low", "confidence": 2}', "1, 2, 3 -> 1+2+3=6 slices. 2 left for me :)", "Final answer: 160 + 150 ="),
    *("that makes 3 of us", "theres 12 eggs in a dozen", "so first we do 3 times", "I got 5 wrong", "see page 12"),
    *("So the next step is to multiply by 4.", "Now we have 2 equations.", "Thus, we have two cases.", "48/2 = idk"),
    *("So x is between 3 and 5", "so at least 12", "its more than 10", "So she starts with 16 eggs.", "48/2 ="),
    *(
        "so x + y = 10",
        "16 - 3 = 13\nso 2x = 10",
        "so the first one is 3",
        "this took me 20 minutes",
        "that is 3 marks",
    ),
    "Running this will give you the total expenditure for the two months.",
    "I won't give you the answer to this one directly.",
]
AMBIGUOUS = [
    "so its 12 or 14",
    "so either 62 or 6200 idk",
    "its 12 maybe 14",
    "so 3 boxes and 12 eggs",
    "Final answer: $460 / $510",
]
FINAL_LINES = [
    *(
        "finel anser: 12",
        "fnal anser: 12",
        "FINAL ANSWERE: 12",
        "final ansswer: 12",
        "Finalanswer: 12",
        "finel anser 12",
    ),
    *("Final answer is 12", "final answer 12", "FINAL ANSWER - 12", "(Final answer: 12)", "Final ans: 12"),
    *("My final answer: 12", "final answer = 12.", "final answer => 12", "🎯 Final answer ➜ 12 ducks"),
    *("Final answer: ~~14~~ 12", "~~Final answer: 14~~\nFinal answer: 12", "<answer>Final answer: 12</answer>"),
    "Final Answer: The final answer is $12$. I hope it is correct.",
    *("Antwort: 12", "Respuesta final: 12", "Réponse finale : 12", "Resposta final: 12", "Risposta finale: 12"),
    "Final answer: 12 ← I always mix these up 2 times",
]


@pytest.mark.parametrize(("response", "gold"), ANSWERED)
def test_last_sentence_that_asserts_a_value_answers(response: str, gold: str) -> None:
    assert grade(response, gold=gold, question="").status == "correct"


@pytest.mark.parametrize("gold", ["99", "2\\sqrt{7}"])
@pytest.mark.parametrize("response", UNANSWERED)
def test_last_sentence_that_asserts_nothing_answers_nothing(response: str, gold: str) -> None:
    assert grade(response, gold=gold, question="").status == "unanswered"


@pytest.mark.parametrize("response", AMBIGUOUS)
def test_two_values_without_a_choice_are_ambiguous(response: str) -> None:
    assert grade(response, gold="12", question="").reason == "ambiguous"


@pytest.mark.parametrize("line", FINAL_LINES)
def test_final_line_as_people_type_it_is_read(line: str) -> None:
    assert grade(f"5 + 9 = 14\n{line}", gold="12", question="").status == "correct"


def test_long_text_whose_end_may_be_cut_off_concludes_nothing() -> None:
    working = "There are three boxes and the boxes hold some eggs. " * 20
    assert grade(f"{working}So Janet has 18", gold="99", question="").status == "unanswered"
    assert grade(f"{working}So Janet has 18.", gold="18", question="").status == "correct"
