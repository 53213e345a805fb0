"""The benchmarks' table in their README is what the scripts make, and the scripts run."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "benchmarks"))

from made_up import make_problems
from rows import Row, Sizes, family, names_in, table

from reversed_persona.problems import PROBLEM_SETS, load_problems

FOLDER = Path(__file__).parent / "benchmarks"


def test_readme_has_the_rows_that_the_scripts_make() -> None:
    run = pytest.importorskip("run", reason="needs what the benchmarks compare with")
    shown = run.rows_in_readme()
    graded = [Path(name.removeprefix("grading, ")) for name in shown if name.startswith("grading, ")][:-1]
    assert shown == run.expected_names(Sizes(graded=graded))


def test_table_goes_between_its_marks_and_is_read_back(tmp_path: Path) -> None:
    run = pytest.importorskip("run", reason="needs what the benchmarks compare with")
    rows = [Row("a", "1 response", "2 s", "4 s", 0.5, "below 1"), Row("b | c", "1", "1 s", bar="0.5 s", held=False)]
    page = run.readme_with("before\n<!-- table -->\nold\n<!-- /table -->\nafter\n", table(rows))
    assert page.splitlines() == [
        "before",
        "<!-- table -->",
        "| what | size | here | beside it | ratio | bar |",
        "| --- | --- | --- | --- | --- | --- |",
        "| a | 1 response | 2 s | 4 s | 0.50 | below 1 |",
        "| b / c | 1 | 1 s | - | - | 0.5 s: **missed** |",
        "<!-- /table -->",
        "after",
    ]
    assert names_in(page.splitlines()) == ["a", "b / c"]


def test_made_up_problems_are_as_many_as_the_real_ones(tmp_path: Path) -> None:
    make_problems(tmp_path)
    for name in ("gsm8k", "math500"):
        assert len(load_problems(name, tmp_path)) == PROBLEM_SETS[name].rows


def test_family_counts_children_and_nothing_of_what_is_gone() -> None:
    if not Path("/proc/self/smaps_rollup").exists():
        pytest.skip("no /proc here")
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'])"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as process:
        while len(found := family(process.pid)) < 2:
            assert process.poll() is None
        assert all(memory > 0 and cpu >= 0 for memory, cpu in found.values())
        process.communicate(b"\n")
    assert family(process.pid) == {}


def test_whole_run_counts_its_responses_and_the_time_of_its_stages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVERSED_PERSONA_PROBLEMS", str(make_problems(tmp_path / "problems")))
    (tmp_path / "out").mkdir()
    ran = subprocess.run(
        [sys.executable, str(FOLDER / "whole_run.py"), str(tmp_path / "out"), "0.01", "reversed-persona"],
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    found = json.loads((tmp_path / "out" / "stages.json").read_text())
    # lm-eval rounds up: 14 of 1319 problems in 3 + 6 + 8 + 2 + 10 arms, 5 of 500 likewise, twice 4 of 330 in 16
    assert found["responses"] == 14 * 29 + 5 * 29 + 2 * 4 * 16
    assert {"finding tasks", "contexts", "model", "grading", "scoring", "aggregating", "writing"} == set(
        found["stages"]
    )
