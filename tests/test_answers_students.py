"""630 responses in the voices of weak, hedging, silent and show-off students, labelled by hand.

Their authors had not seen the grader. What it still gets wrong is listed here; the rates are in cases/README.md.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import reversed_persona
from reversed_persona.answers import Verdict, grade

FOLDER = Path(__file__).parent / "cases"
LABELS = ("status", "reason", "flip", "derived")
SAMPLE = Path(reversed_persona.__file__).parent / "sample" / "problems.jsonl"

KNOWN = {
    "students.jsonl": {
        51: {"derived"},  # "half is 475 cent": an operation in words alone
        234: {"status", "reason", "flip"},  # "42 / 72 ?" offers two values, and reads as a fraction
        285: {"derived"},  # 3 + 3√3 stands there behind a fraction whose root is typed
        286: {"derived"},  # the same factors in another order
        325: {"derived"},  # "3n = 33 and n = 11": no operation that the grader sees
        332: {"derived"},  # "x = 5: 3*2 = 6 and 5+1 = 6" checks a value that it doesn't derive
        341: {"status"},  # a corrected list, "I meant -2, 1": only its first number is read
        357: {"reason"},  # three candidates in three sentences: no final answer rather than ambiguous
    },
    "fresh.jsonl": {
        32: {"flip"},  # a list whose parts stand on either side of "But"
        33: {"flip"},  # √18 is the gold 3√2 in another form
        70: {"flip"},  # √40 is the gold 2√10 in another form
        76: {"derived"},  # "which gives 242" without the base that the answer names
    },
}


def read(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def students(name: str) -> list[dict]:
    """Return the cases of a file, each with its question and gold."""
    problems = {row["problem_id"]: row for row in read(SAMPLE)}
    return [problems.get(case.get("problem"), {}) | case for case in read(FOLDER / name)]


CASES = {name: students(name) for name in KNOWN}
NUMBERED = [(name, number) for name, cases in CASES.items() for number in range(len(cases))]


def verdict_of(case: dict) -> Verdict:
    return grade(case["response"], gold=case["gold"], question=case["question"])


def missed(case: dict) -> set[str]:
    verdict = verdict_of(case)
    return {label for label in LABELS if getattr(verdict, label) != case[label]}


@pytest.mark.parametrize(("name", "number"), NUMBERED, ids=[f"{n} {i}: {CASES[n][i]['why']}" for n, i in NUMBERED])
def test_student_gets_the_labelled_verdict(name: str, number: int) -> None:
    case = CASES[name][number]
    assert missed(case) == KNOWN[name].get(number, set()), case["response"]


def test_span_is_the_answer() -> None:
    for name, number in NUMBERED:
        case = CASES[name][number]
        verdict = verdict_of(case)
        assert verdict.span is None or case["response"][slice(*verdict.span)] == verdict.answer


def test_there_are_several_hundred_in_each_voice_and_each_kind_of_problem() -> None:
    cases = CASES["students.jsonl"]
    styles = [case["style"] for case in cases]
    assert min(map(styles.count, ("weak", "hedging", "silent", "show_off"))) > 100
    assert sum("word" in case.get("problem", "") for case in cases) > 200
    assert sum("word" not in case.get("problem", "") for case in cases) > 200


def rates(name: str) -> Iterator[str]:
    cases = CASES[name]
    for style in ("weak", "hedging", "silent", "show_off"):
        of_style = [missed(case) for case in cases if case["style"] == style]
        counts = " | ".join(str(sum(label in found for found in of_style)) for label in LABELS)
        yield f"| {style} | {len(of_style)} | {counts} |"


@pytest.mark.parametrize("name", KNOWN)
def test_the_table_of_error_rates_is_what_is_measured(name: str) -> None:
    section = (FOLDER / "README.md").read_text(encoding="utf-8").partition(f"## {name}")[2].partition("\n## ")[0]
    assert [line for line in section.splitlines() if line.startswith("| ") and "`" not in line][1:] == list(rates(name))
