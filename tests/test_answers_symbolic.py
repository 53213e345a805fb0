"""The worker process: it compares, it is killed, it comes back."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from reversed_persona.answers import grade
from reversed_persona.answers.equality import symbolic
from reversed_persona.answers.equality.comparison import compare
from reversed_persona.answers.equality.symbolic import How, Worker
from reversed_persona.errors import ReversedPersonaError


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.close()


@pytest.mark.parametrize(
    ("gold", "answer", "outcome"),
    [
        ("x+1", "1+x", "equal"),
        ("2\\sqrt{3}", "\\sqrt{12}", "equal"),
        ("2\\sqrt{3}", "3\\sqrt{2}", "different"),
        ("2", "1/0", "unreadable"),  # no number at all
        ("2", "", "unreadable"),
    ],
)
def test_compare_two_expressions_gives_the_outcome(worker: Worker, gold: str, answer: str, outcome: str) -> None:
    assert worker.compare([gold], [answer]) == outcome


@pytest.mark.skipif(sys.platform == "win32", reason="kills by POSIX signals")
def test_compare_after_the_worker_was_killed_uses_a_new_one(worker: Worker) -> None:
    worker.compare(["x"], ["x"])
    first = worker.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
    assert worker.compare(["x+1"], ["1+x"]) == "equal"
    assert worker.pid != first


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds the child in /proc")
def test_compare_whose_child_is_killed_is_undecided_and_the_next_child_answers(worker: Worker) -> None:
    worker.compare(["x"], ["x"])
    worker.deadline_s = 60.0
    first = _child_of(worker)
    threading.Timer(1.0, os.kill, (first, signal.SIGKILL)).start()
    assert worker.compare(["2"], ["((9!)!)!"]) == "undecided"
    assert worker.compare(["x+1"], ["1+x"]) == "equal"
    assert _child_of(worker) != first


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds the child in /proc")
def test_child_killed_between_two_requests_shifts_no_reply(worker: Worker) -> None:
    worker.compare(["x"], ["x"])
    for answer, outcome in [("x+1", "equal"), ("x+2", "different"), ("1+x", "equal"), ("x+7", "different")]:
        os.kill(_child_of(worker), signal.SIGKILL)
        time.sleep(0.2)  # dead and replaced
        assert worker.compare(["1+x"], [answer]) == outcome


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds the child in /proc")
def test_close_ends_the_child_though_another_process_holds_the_pipe(worker: Worker) -> None:
    worker.compare(["x"], ["x"])
    child = Path(f"/proc/{_child_of(worker)}")
    holder = os.fork()
    if holder == 0:
        time.sleep(30)
        os._exit(0)
    try:
        worker.close()
        deadline = time.monotonic() + 10
        while _runs(child) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not _runs(child)
    finally:
        os.kill(holder, signal.SIGKILL)
        os.waitpid(holder, 0)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds the child in /proc")
def test_close_leaves_no_process_behind(worker: Worker) -> None:
    worker.compare(["x"], ["x"])
    child = Path(f"/proc/{_child_of(worker)}")
    assert child.exists()
    worker.close()
    deadline = time.monotonic() + 10
    while _runs(child) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not _runs(child)


def _runs(process: Path) -> bool:
    try:
        return "State:\tZ" not in (process / "status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def _child_of(worker: Worker) -> int:
    return int(Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split()[0])


@pytest.mark.parametrize(
    ("wanted", "given", "how", "outcome"),
    [
        (["x+1", "y"], ["1+x", "y"], "in_order", "equal"),
        (["x+1", "y"], ["y", "1+x"], "in_order", "different"),
        (["x+1", "y"], ["y", "1+x"], "any_order", "equal"),
        (["x+1", "x+1"], ["1+x", "y"], "any_order", "different"),
        (["x+1"], ["y", "1+x"], "last_counts", "equal"),
        (["x+1"], ["1+x", "y"], "last_counts", "ambiguous"),
        (["x+1"], ["2x", "y"], "last_counts", "different"),
    ],
)
def test_compare_several_at_once(worker: Worker, wanted: list[str], given: list[str], how: How, outcome: str) -> None:
    assert worker.compare(wanted, given, how) == outcome


def test_compare_out_of_time_is_undecided_and_the_next_one_works(worker: Worker) -> None:
    assert worker.compare(["2"], ["((9!)!)!"]) == "undecided"
    assert worker.compare(["x+1"], ["1+x"]) == "equal"


def test_grade_off_the_main_thread_compares_symbolically() -> None:
    verdicts = []

    def judge() -> None:
        verdicts.append(grade("Final answer: 1 + z", gold="z+1", question="").status)

    threads = [threading.Thread(target=judge) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verdicts == ["correct"] * 4


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_grade_in_a_forked_child_uses_a_worker_of_its_own() -> None:
    code = """
import os
from reversed_persona.answers import grade
from reversed_persona.answers.equality import symbolic
assert grade("Final answer: 1 + z", gold="z+1", question="").status == "correct"
mine = symbolic._worker.pid
child = os.fork()
if child == 0:
    ok = grade("Final answer: 2 + z", gold="z+2", question="").status == "correct" and symbolic._worker.pid != mine
    symbolic._worker.close()
    os._exit(0 if ok else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert grade("Final answer: 3 + z", gold="z+3", question="").status == "correct" and symbolic._worker.pid == mine
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def test_grade_from_a_folder_with_a_misleading_module_still_compares(tmp_path: Path) -> None:
    (tmp_path / "sympy.py").write_text("raise SystemExit('the wrong sympy')", encoding="utf-8")
    code = (
        "from reversed_persona.answers import grade; print(grade('Final answer: 1+z', gold='z+1', question='').status)"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "correct"


def test_compare_expressions_of_a_huge_power_is_undecided_without_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(symbolic, "_worker", None)  # would fail if asked
    for answer in ("10^{10^{10}}", "9**9**9**9", "2^{123456}", "(" * 100 + ")" * 100):
        assert symbolic.compare_expressions(("2",), (answer,)) == "undecided"


def test_worker_that_cannot_start_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "math_verify.py"
    broken.write_text("raise ImportError('no antlr here')", encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), str(symbolic._ROOT)])
    monkeypatch.setattr(symbolic, "_python_path", lambda: path)
    monkeypatch.setattr(symbolic, "_ROOT", tmp_path)  # an installed package's own folder holds the real one
    with pytest.raises(ReversedPersonaError, match=r"no antlr here.*Reinstall"):
        Worker().compare(["x"], ["y"])


UNBALANCED = ["(" * 100, "(((((x", "\\frac{1}{" * 20, "x^2+1)", "(x}", "{x)", "]-1, 4["]


@pytest.mark.parametrize("answer", UNBALANCED)
def test_compare_expressions_with_a_bracket_left_open_is_unreadable_without_the_worker(
    monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    monkeypatch.setattr(symbolic, "_worker", None)  # would fail if asked
    assert symbolic.compare_expressions(("x^2",), (answer,)) == "unreadable"


@pytest.mark.parametrize("interval", ["(3, 4]", "[3, 4)", "\\left( 3, 4 \\right]", "\\left[ 3, \\frac{8}{2} \\right)"])
def test_compare_expressions_with_a_half_open_interval_is_balanced(interval: str) -> None:
    assert symbolic.compare_expressions((interval,), (interval,)) == "equal"


def test_equation_of_two_sides_costs_one_request(monkeypatch: pytest.MonkeyPatch) -> None:
    requests: list[tuple[str, ...]] = []

    def count(wanted: tuple[str, ...], given: tuple[str, ...], how: How) -> str:
        requests.append(given)
        return "different"

    monkeypatch.setattr(symbolic._worker, "compare", count)
    assert compare("2\\sqrt{17}", "\\sqrt{71} = 3\\sqrt{7}") == "different"
    assert requests == [("\\sqrt{71}", "3\\sqrt{7}")]
