"""The worker process: it compares, it is killed, it comes back."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from reversed_persona.answers import grade, symbolic
from reversed_persona.answers.symbolic import Worker
from reversed_persona.errors import ReversedPersonaError


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker(deadline_s=1.0)
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
    assert worker.compare(gold, answer) == outcome


@pytest.mark.skipif(sys.platform == "win32", reason="kills by POSIX signals")
def test_compare_after_the_worker_was_killed_uses_a_new_one(worker: Worker) -> None:
    worker.compare("x", "x")
    first = worker.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert worker.compare("x+1", "1+x") == "equal"
    assert worker.pid != first


@pytest.mark.skipif(sys.platform == "win32", reason="kills by POSIX signals")
def test_compare_killed_in_the_middle_is_tried_once_more_with_a_new_one(worker: Worker) -> None:
    worker.compare("x", "x")
    first = worker.pid
    assert first is not None
    os.kill(first, signal.SIGSTOP)  # it holds still over the request until it is killed
    threading.Timer(0.5, os.kill, (first, signal.SIGKILL)).start()
    assert worker.compare("x+1", "1+x") == "equal"
    assert worker.pid != first


def test_compare_out_of_time_is_undecided_and_the_next_one_works(worker: Worker) -> None:
    assert worker.compare("2", "((9!)!)!") == "undecided"
    assert worker.compare("x+1", "1+x") == "equal"


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
from reversed_persona.answers import grade, symbolic
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
    for answer in ("10^{10^{10}}", "9**9**9**9", "2^{123456}", "(" * 100):
        assert symbolic.compare_expressions("2", answer) == "undecided"


def test_worker_that_cannot_start_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "math_verify.py"
    broken.write_text("raise ImportError('no antlr here')", encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), str(symbolic._ROOT)])
    monkeypatch.setattr(symbolic, "_python_path", lambda: path)
    monkeypatch.setattr(symbolic, "_ROOT", tmp_path)  # an installed package's own folder holds the real one
    with pytest.raises(ReversedPersonaError, match=r"no antlr here.*Reinstall"):
        Worker().compare("x", "y")
