"""Sets of reals with rational bounds are compared exactly and without the worker, so that no load changes a verdict."""

import itertools

import pytest

from reversed_persona.answers import grade
from reversed_persona.answers.equality import symbolic
from reversed_persona.answers.equality.intervals import compare_unions

OUTSIDE = [  # all of them say (-oo, -5) u (5, oo)
    r"(-\infty,-5) \cup (5,\infty)",
    r"(5,\infty) \cup (-\infty,-5)",
    "x < -5 or x > 5",
    r"x < -5 \text{ or } 5 < x",
    r"(-\infty,-5) \cup (5,7) \cup [6,\infty)",
]
OTHERS = [
    r"(-\infty,-5] \cup (5,\infty)",
    r"(-\infty,-5) \cup [5,\infty)",
    r"(-\infty,5) \cup (5,\infty)",
    "x < -5 or x > 6",
    "x > -5 or x < 5",
    "-5 < x < 5",
    r"x \ne 5",
]


@pytest.fixture
def without_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(symbolic, "_worker", None)  # would fail if asked


@pytest.mark.parametrize(("gold", "answer"), list(itertools.permutations(OUTSIDE, 2)))
def test_compare_unions_of_one_set_is_equal(gold: str, answer: str) -> None:
    assert compare_unions(gold, answer) is True


@pytest.mark.parametrize(("gold", "answer"), list(itertools.product(OUTSIDE, OTHERS)))
def test_compare_unions_of_two_sets_is_different(gold: str, answer: str) -> None:
    assert compare_unions(gold, answer) is False


@pytest.mark.parametrize(
    ("gold", "answer"),
    [
        ("(1,2)", "(1,2)"),  # may be points
        ("(1,2),(3,4)", "(3,4),(1,2)"),
        ("x > 5", "y > 5"),
        (r"(\sqrt{2},3)", r"x > \sqrt{2}"),  # the worker's
        ("[0,3]", "x + y < 3"),
        ("5", "x > 5"),
    ],
)
def test_compare_unions_of_anything_else_decides_nothing(gold: str, answer: str) -> None:
    assert compare_unions(gold, answer) is None


@pytest.mark.usefixtures("without_worker")
@pytest.mark.parametrize(("answer", "status"), [(OUTSIDE[1], "correct"), (OTHERS[0], "wrong"), (OTHERS[2], "wrong")])
def test_union_is_graded_without_the_worker(answer: str, status: str) -> None:
    assert grade(f"Final answer: ${answer}$", gold=OUTSIDE[0], question="").status == status
