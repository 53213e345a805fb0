"""README's section "Bring your own" has to work exactly as it is typed there."""

import json
import os
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
SECTION = (CHECKOUT / "README.md").read_text(encoding="utf-8").split("## Bring your own\n")[1].split("\n## ")[0]
FILES = dict(re.findall(r"Save the \w+ as `([\w/.]+)`[^`]*```\w+\n(.*?)^```", SECTION, re.DOTALL | re.MULTILINE))
(COMMANDS,) = re.findall(r"```bash\n(.*?)^```", SECTION, re.DOTALL | re.MULTILINE)
SHOWN = ("acc_none", "acc_tired", "gap_tired", "unanswered_tired")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Type in the section's files and commands, and return what they print."""
    folder = tmp_path_factory.mktemp("teacher")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    scripts = Path(sys.executable).parent
    ran = subprocess.run(
        ["bash", "-e", "-c", COMMANDS], cwd=folder, capture_output=True, text=True, timeout=300,
        env={**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-3000:]
    return ran.stdout


def test_both_files_are_found() -> None:
    assert set(FILES) == {"sheet7.jsonl", "my_personas/tired.yml"}


def test_golds_of_the_sheet_are_right() -> None:
    golds = {row["id"]: row["gold"] for row in map(json.loads, FILES["sheet7.jsonl"].splitlines())}
    assert golds["1a"] == (11 * 60 + 5) - (9 * 60 + 40)
    assert golds["1b"] == (180 - 36) / 12
    assert golds["2a"] == f"{Fraction('0.75')}"
    assert golds["2b"] == "x^2 + x - 6"  # x^2 - 2x + 3x - 6
    assert golds["3a"] == 40 * (100 - 15) / 100
    assert golds["3b"] == r"\text{no}"  # 7 * 13 = 91


def test_prompts_are_those_of_nobody_and_of_the_tired_student(printed: str) -> None:
    assert "=== custom_reversed_persona / 3b / none / template " in printed
    assert "On exercises of sheet 7 like the one below, this student gets about 50 of every 100 right" in printed
    assert printed.count("Problem: Is 91 a prime number? Answer yes or no.") == 2


def test_output_in_the_readme_is_what_the_run_prints(printed: str) -> None:
    rows = [line.split("|", 5)[5] for line in printed.splitlines() if line.count("|") > 8]
    expected = [f"|{row}" for row in rows if row.split("|")[0].strip() in SHOWN]
    block = SECTION.split("<!-- own -->")[1].split("<!-- /own -->")[0]
    assert [line for line in block.splitlines() if line.strip() and "```" not in line] == expected
    assert len(expected) == len(SHOWN)
