"""Responses in the voices of weak, hedging, silent and show-off students, of students and of models, labelled by hand.

Their authors had not seen the grader. What it still gets wrong stands in cases/known.jsonl, with the reason; the rates
are in cases/README.md.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import reversed_persona
from reversed_persona.answers import Verdict, grade

pytestmark = pytest.mark.usefixtures("unhurried")

FOLDER = Path(__file__).parent / "cases"
LABELS = ("status", "reason", "flip", "derived")
SAMPLE = Path(reversed_persona.__file__).parent / "sample" / "problems.jsonl"

VOICES = {  # by which field, and in which voices, the rates of a file are told
    "students.jsonl": ("style", ("weak", "hedging", "silent", "show_off")),
    "fresh.jsonl": ("style", ("weak", "hedging", "silent", "show_off")),
    "wild_students.jsonl": ("style", ("final_line", "free")),
    "wild_models.jsonl": ("dataset", ("gsm8k", "math")),
}


def read(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def students(name: str) -> list[dict]:
    """Return the cases of a file, each with its question and gold."""
    problems = {row["problem_id"]: row for row in read(SAMPLE)}
    return [problems.get(case.get("problem"), {}) | case for case in read(FOLDER / name)]


CASES = {name: students(name) for name in VOICES}
KNOWN = {(one["file"], one["row"]): set(one["labels"]) for one in read(FOLDER / "known.jsonl")}
NUMBERED = [(name, number) for name, cases in CASES.items() for number in range(len(cases))]


def verdict_of(case: dict) -> Verdict:
    return grade(case["response"], gold=case["gold"], question=case["question"])


def missed(case: dict) -> set[str]:
    verdict = verdict_of(case)
    return {label for label in LABELS if getattr(verdict, label) != case[label]}


@pytest.mark.parametrize(("name", "number"), NUMBERED, ids=[f"{n} {i}: {CASES[n][i]['why']}" for n, i in NUMBERED])
def test_student_gets_the_labelled_verdict(name: str, number: int) -> None:
    case = CASES[name][number]
    assert missed(case) == KNOWN.get((name, number), set()), case["response"]


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
    field, voices = VOICES[name]
    for voice in voices:
        of_voice = [missed(case) for case in CASES[name] if case[field] == voice]
        counts = " | ".join(str(sum(label in found for found in of_voice)) for label in LABELS)
        yield f"| {voice} | {len(of_voice)} | {counts} |"


@pytest.mark.parametrize("name", VOICES)
def test_the_table_of_error_rates_is_what_is_measured(name: str) -> None:
    section = (FOLDER / "README.md").read_text(encoding="utf-8").partition(f"## {name}")[2].partition("\n## ")[0]
    assert [line for line in section.splitlines() if line.startswith("| ") and "`" not in line][1:] == list(rates(name))
