"""The 64 problems that the package ships: their shape, their arithmetic, their golds and their originality."""

from __future__ import annotations

import ast
import json
import operator
import re
import runpy
from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import sympy as sp

FIELDS = {"problem_id": str, "question": str, "gold": str, "solution": str, "difficulty": int, "subject": str}
MATH_SUBJECTS = {
    "Prealgebra",
    "Algebra",
    "Number Theory",
    "Counting & Probability",
    "Geometry",
    "Intermediate Algebra",
    "Precalculus",
}
ANNOTATION = re.compile(r"<<([^<>=]*)=([^<>=]*)>>")
NUMBER = re.compile(r"\d+(?:\.\d+)?")

TEXT = (files("reversed_persona") / "sample" / "problems.jsonl").read_text(encoding="utf-8")
ROWS: list[dict[str, Any]] = [json.loads(line) for line in TEXT.splitlines()]
WORD_ROWS = [row for row in ROWS if row["subject"] == "Word Problem"]
MATH_ROWS = [row for row in ROWS if row["subject"] != "Word Problem"]
GOLDS: dict[str, Callable[[], Any]] = runpy.run_path(str(Path(__file__).parent / "cases" / "sample_golds.py"))["GOLDS"]


def each(rows: list[dict[str, Any]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", rows, ids=[row["problem_id"] for row in rows])


OPERATORS: dict[type[ast.AST], Callable[..., Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.USub: operator.neg,
}


def evaluate(expression: str) -> Fraction:
    """Work out + - * / and brackets exactly; anything else is a ValueError."""

    def walk(node: ast.AST) -> Fraction:
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            return Fraction(str(node.value))
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            return OPERATORS[type(node.op)](walk(node.left), walk(node.right))
        if isinstance(node, ast.UnaryOp) and type(node.op) in OPERATORS:
            return OPERATORS[type(node.op)](walk(node.operand))
        raise ValueError(f"{expression!r}: got {type(node).__name__}; expected numbers, + - * / and brackets")

    return walk(ast.parse(expression, mode="eval").body)


class TestEvaluate:
    def test_evaluate_mixed_expression_is_exact(self) -> None:
        assert evaluate("36-3*1.5*2") == 27  # 36 - 9
        assert evaluate("0.1+0.2") == Fraction(3, 10)  # not 0.30000000000000004
        assert evaluate("120/(100-60)") == 3

    @pytest.mark.parametrize("expression", ["2**9", "abs(3)", "x", "True"])
    def test_evaluate_anything_but_arithmetic_raises(self, expression: str) -> None:
        with pytest.raises(ValueError, match="expected numbers"):
            evaluate(expression)


class TestSet:
    def test_set_has_40_word_problems_and_then_24_of_competition_mathematics(self) -> None:
        word_ids = [f"sample-word-{i:02d}" for i in range(1, 41)]
        math_ids = [f"sample-math-{i:02d}" for i in range(1, 25)]
        assert [row["problem_id"] for row in ROWS] == word_ids + math_ids
        assert [row["problem_id"] for row in WORD_ROWS] == word_ids

    def test_set_repeats_no_question(self) -> None:
        assert len({row["question"] for row in ROWS}) == len(ROWS) == 64

    def test_set_is_written_in_real_characters(self) -> None:
        assert "\\u" not in TEXT
        assert "Sofía" in TEXT

    @each(ROWS)
    def test_row_has_exactly_the_six_fields_and_none_empty(self, row: dict[str, Any]) -> None:
        assert {name: type(value) for name, value in row.items()} == FIELDS
        for name, value in row.items():
            assert value, name
            assert not isinstance(value, str) or value == value.strip(), name

    def test_word_problems_spread_over_two_to_seven_steps(self) -> None:
        assert Counter(row["difficulty"] for row in WORD_ROWS) == {2: 7, 3: 7, 4: 7, 5: 7, 6: 6, 7: 6}

    def test_word_problems_reach_every_step_count_early_so_that_a_limited_run_sees_them(self) -> None:
        assert [row["difficulty"] for row in WORD_ROWS[:6]] == [2, 3, 4, 5, 6, 7]

    def test_math_problems_cover_the_seven_subjects_at_least_three_times_each(self) -> None:
        by_subject = Counter(row["subject"] for row in MATH_ROWS)
        assert set(by_subject) == MATH_SUBJECTS
        assert min(by_subject.values()) >= 3

    def test_math_problems_cover_the_five_levels_at_least_four_times_each(self) -> None:
        by_level = Counter(row["difficulty"] for row in MATH_ROWS)
        assert set(by_level) == {1, 2, 3, 4, 5}
        assert min(by_level.values()) >= 4

    def test_math_golds_mix_integers_with_other_kinds(self) -> None:
        integers = [row["gold"] for row in MATH_ROWS if re.fullmatch(r"-?\d+", row["gold"])]
        assert len(integers) == 12


@each(WORD_ROWS)
class TestWordProblem:
    def test_gold_is_a_plain_number(self, row: dict[str, Any]) -> None:
        assert re.fullmatch(r"\d+(\.\d*[1-9])?", row["gold"])  # no comma, no sign, no trailing zero

    def test_gold_is_not_a_number_of_the_question(self, row: dict[str, Any]) -> None:
        # Else copying from the question would look like knowing the answer.
        assert Fraction(row["gold"]) not in {Fraction(number) for number in NUMBER.findall(row["question"])}

    def test_solution_has_one_annotated_step_a_line_and_closes_with_the_gold(self, row: dict[str, Any]) -> None:
        *steps, last = row["solution"].split("\n")
        assert last == f"#### {row['gold']}"
        assert len(steps) == row["solution"].count("<<") == row["difficulty"]
        for step in steps:
            [(expression, result)] = ANNOTATION.findall(step)
            prose = re.escape(re.sub(r"([+*/-])", r" \1 ", expression))
            assert re.search(rf"{prose} = {re.escape(f'<<{expression}={result}>>{result}')}\b", step), step
            assert re.fullmatch(r"[A-Z].*\.", step), step

    def test_every_annotation_is_true(self, row: dict[str, Any]) -> None:
        for expression, result in ANNOTATION.findall(row["solution"]):
            assert re.fullmatch(r"[0-9.()+*/-]+", expression), expression
            assert evaluate(expression) == Fraction(result), expression

    def test_last_result_is_the_gold_and_no_earlier_one_is(self, row: dict[str, Any]) -> None:
        *earlier, last = [result for _, result in ANNOTATION.findall(row["solution"])]
        assert last == row["gold"]
        assert row["gold"] not in earlier

    def test_every_step_builds_on_the_earlier_ones_and_none_is_idle(self, row: dict[str, Any]) -> None:
        operands = [set(NUMBER.findall(expression)) for expression, _ in ANNOTATION.findall(row["solution"])]
        results = [result for _, result in ANNOTATION.findall(row["solution"])]
        for i in range(1, len(results)):
            assert operands[i] & set(results[:i]), f"step {i + 1} uses no earlier result"
            assert any(results[i - 1] in later for later in operands[i:]), f"step {i} is never used"


def boxed(solution: str) -> list[str]:
    """What stands in each box, braces counted."""
    contents = []
    for match in re.finditer(r"\\boxed\{", solution):
        depth, end = 1, match.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(solution[end], 0)
            end += 1
        contents.append(solution[match.end() : end - 1])
    return contents


@each(MATH_ROWS)
class TestMathProblem:
    def test_solution_boxes_the_gold_once_in_its_last_sentence(self, row: dict[str, Any]) -> None:
        assert boxed(row["solution"]) == [row["gold"]]
        assert ". " not in row["solution"].split(r"\boxed{")[1]

    def test_dollar_signs_and_braces_balance(self, row: dict[str, Any]) -> None:
        for text in (row["question"], row["solution"]):
            assert text.count("$") % 2 == 0
            assert text.count("{") == text.count("}")


def written(value: Any) -> str:
    """Write a computed answer the way a gold is written; spaces are dropped on both sides."""
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return f"({', '.join(map(written, value))})"
    if isinstance(value, list):
        return ", ".join(map(written, value))
    if isinstance(value, sp.Interval):
        left, right = "(" if value.left_open else "[", ")" if value.right_open else "]"
        return f"{left}{written(value.start)}, {written(value.end)}{right}"
    return str(sp.latex(sp.nsimplify(value, rational=True) if isinstance(value, Fraction) else sp.sympify(value)))


class TestGold:
    def test_table_has_one_entry_for_each_problem(self) -> None:
        assert set(GOLDS) == {row["problem_id"] for row in ROWS}

    @each(WORD_ROWS)
    def test_word_gold_equals_the_answer_computed_from_the_question(self, row: dict[str, Any]) -> None:
        assert Fraction(GOLDS[row["problem_id"]]()) == Fraction(row["gold"])

    @each(MATH_ROWS)
    def test_math_gold_equals_the_answer_computed_from_the_question(self, row: dict[str, Any]) -> None:
        computed = written(GOLDS[row["problem_id"]]())
        assert computed.replace(" ", "") == row["gold"].replace(" ", "")


PUBLIC_SETS = ("gsm8k/train.jsonl", "gsm8k/test.jsonl", "math/test.jsonl", "math500/test.jsonl")


def shingles(question: str, size: int = 8) -> Iterator[tuple[str, ...]]:
    words = re.sub(r"[^\w\s]|_", "", question.lower()).split()
    return zip(*(words[i:] for i in range(size)), strict=False)


class TestOriginality:
    def test_shingles_ignore_case_and_punctuation(self) -> None:
        assert list(shingles("A, b: C $d$ e f g h. I?")) == [tuple("abcdefgh"), tuple("bcdefghi")]

    def test_no_eight_words_in_a_row_stand_in_gsm8k_or_math(self, shared_data: Path) -> None:
        known: dict[tuple[str, ...], str] = {}
        for name in PUBLIC_SETS:
            for line in (shared_data / name).read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                known.update(dict.fromkeys(shingles(row.get("question") or row["problem"]), name))
        shared = {
            (row["problem_id"], known[shingle], " ".join(shingle))
            for row in ROWS
            for shingle in shingles(row["question"])
            if shingle in known
        }
        assert shared == set()
