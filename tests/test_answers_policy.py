"""The policy of `equality`, row by row."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from reversed_persona.answers import equality
from reversed_persona.answers.equality.comparison import compare

pytestmark = pytest.mark.usefixtures("unhurried")

CASES = [
    json.loads(line) for line in (Path(__file__).parent / "cases" / "policy.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=[f"{case['row']}: {case['gold']} / {case['answer']}" for case in CASES])
def test_compare_follows_the_policy(case: dict) -> None:
    assert compare(case["gold"], case["answer"], case.get("question", "")) == case["outcome"]


def test_every_row_of_the_policy_has_cases_and_every_case_a_row() -> None:
    table = re.split(r"={20}  =+\n", equality.__doc__ or "")[1]
    rows = set(re.findall(r"^(\S[^\n]*?)  +\S", table, re.MULTILINE))
    cases = Counter(case["row"] for case in CASES)
    assert set(cases) == rows
    assert min(cases.values()) >= 3


def test_every_row_has_a_case_that_is_not_equal() -> None:
    assert {case["row"] for case in CASES if case["outcome"] != "equal"} == {case["row"] for case in CASES}
