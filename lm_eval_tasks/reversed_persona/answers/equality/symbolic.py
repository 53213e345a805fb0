"""Compare two mathematical expressions in a process of their own, which can be killed.

A computer algebra system can be made to run for hours or to fill the memory by one short answer (10^{10^{10}}), and
math-verify's own guard works in the main thread only. So one long-lived worker per Python process does that work. It is
started with `subprocess` (never by forking a process that may hold threads or a GPU), and replaced when it dies. Each
request gets a fraction of a second of CPU time; see `worker` for how one that needs more ends.
"""

import atexit
import contextlib
import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from reversed_persona.errors import ReversedPersonaError

__all__ = ["DEADLINE_S", "MAX_CHARS", "How", "Worker", "compare_expressions", "start_comparing"]

MAX_CHARS = 2_000
"""Longer answers never reach the worker."""

DEADLINE_S = 0.12
"""CPU seconds for one request, once everything is loaded."""

_START_DEADLINE_S = 180.0
_WALL_DEADLINE_S = 20.0
"""The worker limits its own CPU time; the parent's wall clock is the second fence, wide enough for a busy machine."""

_MAX_PARTS = 20

_MAX_DEPTH = 60
_MAX_COLONS = 5  # of a ratio; a long run of them takes the parser forever
_ROOT = Path(__file__).resolve().parents[3]
_BRACKET = re.compile(r"[()\[\]{}]")
_TOWER = re.compile(r"\^\s?[{(]?\s?\d+\s?\^|\*\*\s?\(?\d+\s?\*\*|\^\s?\{?\s?-?\s?\d{5,}|\d{1001}|!\s?!")
"""Too large to compute: a power in an exponent, an exponent of five digits or more, a factorial of a factorial."""

Outcome = Literal["equal", "different", "ambiguous", "unreadable", "gold_unreadable", "undecided"]
"""`unreadable` (the answer is no mathematical value), `gold_unreadable`, or `undecided`: out of time or memory, or with
powers so large that nobody should try."""

How = Literal["in_order", "any_order", "last_counts"]
"""Each with its own; each with any that is left; or one with several readings of one answer, of which the last counts:
where only an earlier one is equal, the answer is ambiguous."""


class Worker:
    """A process that compares expressions; at most one request at a time, from any thread."""

    def __init__(self, deadline_s: float = DEADLINE_S) -> None:
        """Set the CPU seconds one comparison may take; the process starts with the first one."""
        self.deadline_s = deadline_s
        self._lock = threading.Lock()
        self._number = 0
        self._process: subprocess.Popen[str] | None = None
        self._replies: queue.Queue[str] = queue.Queue()

    @property
    def pid(self) -> int | None:
        """The worker's process id, None while there is none."""
        return self._process.pid if self._process else None

    def compare(self, wanted: Sequence[str], given: Sequence[str], how: How = "in_order") -> Outcome:
        """Compare expressions; a worker that dies is tried once more with a new one."""
        with self._lock:
            for _ in range(2):
                self._number += 1
                reply = self._ask(
                    {
                        "number": self._number,
                        "wanted": wanted,
                        "given": given,
                        "how": how,
                        "seconds": self.deadline_s,
                    }
                )
                if reply:
                    outcome: Outcome = reply["outcome"]
                    return outcome
                if reply is None:
                    break
        return "undecided"

    def start(self) -> None:
        """Start the process now, so that the first comparison doesn't wait for it.

        Raises:
            ReversedPersonaError: It can't be started.
        """
        with self._lock:
            self._running()

    def close(self) -> None:
        """Kill the process, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # its child too, which others' copies of the pipe keep waiting
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            _close_quietly(pipe)

    def _ask(self, request: dict[str, Any]) -> dict[str, Any] | None:
        """Give the reply to this very request; {} if the process is gone, None if it is silent."""
        process = self._running()
        try:
            _write(process, json.dumps(request) + "\n")
            while line := self._replies.get(timeout=_WALL_DEADLINE_S):
                reply: dict[str, Any] = json.loads(line)
                if reply["number"] == request["number"]:
                    return reply
        except queue.Empty:
            self.close()
            return None
        except OSError:  # it died between two requests
            pass
        self.close()
        return {}

    def _running(self) -> "subprocess.Popen[str]":
        return self._process if self._process and self._process.poll() is None else self._start()

    def _start(self) -> "subprocess.Popen[str]":
        """Start the process and wait until it is ready.

        Raises:
            ReversedPersonaError: It can't import what it needs, or doesn't come up.
        """
        self.close()
        replies: queue.Queue[str] = queue.Queue()
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "reversed_persona.answers.equality.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,  # `-m` puts the working directory first on the path: the user's may hold a sympy.py
            env=os.environ | {"PYTHONPATH": _python_path(), "PYTHONIOENCODING": "utf-8"},
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        self._process, self._replies = process, replies
        threading.Thread(target=_pump, args=(process.stdout, replies), daemon=True).start()
        try:
            first = replies.get(timeout=_START_DEADLINE_S)
        except queue.Empty:
            first = ""
        if '"ready"' not in first:
            self.close()
            found = json.loads(first).get("error") if first else "no sign of life"
            raise ReversedPersonaError(
                f"symbolic comparison: its worker process did not start: {found}; expected math-verify and sympy to be "
                f"importable by {sys.executable!r}. Reinstall the package with its dependencies."
            )
        return process


def _write(process: "subprocess.Popen[str]", request: str) -> None:
    if process.stdin is None:
        raise OSError("closed")
    process.stdin.write(request)
    process.stdin.flush()


def _pump(pipe: Any, replies: "queue.Queue[str]") -> None:
    """Move lines from the worker to the queue; "" says that it is gone."""
    try:
        for line in pipe:
            replies.put(line)
    except (OSError, ValueError):  # closed under our feet
        pass
    replies.put("")


def _close_quietly(pipe: Any) -> None:
    with contextlib.suppress(OSError):  # unsent bytes for a dead process
        pipe.close()


def _python_path() -> str:
    """This package's folder first, then what the user has, made absolute since the worker's folder is another."""
    given = [str(Path(entry).resolve()) for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    return os.pathsep.join([str(_ROOT), *given])


_worker = Worker()
_parents: list[Worker] = []


def _forget_worker() -> None:
    """After a fork: the worker and its pipes belong to the parent process; the child starts its own."""
    global _worker
    _parents.append(_worker)  # kept, so that nothing tries to reap a process of someone else's
    _worker = Worker()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_worker)
atexit.register(lambda: _worker.close())


def _depth(text: str) -> int | None:
    """Give how deep brackets nest; None where they don't close. A half-open interval's are of two kinds."""
    deepest, open_braces = 0, []
    for bracket in _BRACKET.findall(text):
        if bracket in "([{":
            open_braces.append(bracket == "{")
            deepest = max(deepest, len(open_braces))
        elif not open_braces or open_braces.pop() != (bracket == "}"):
            return None
    return None if open_braces else deepest


def start_comparing() -> None:
    """Start the process that compares expressions, ahead of the first comparison.

    Raises:
        ReversedPersonaError: It can't be started.
    """
    _worker.start()


def compare_expressions(wanted: tuple[str, ...], given: tuple[str, ...], how: How = "in_order") -> Outcome:
    """Compare expressions (LaTeX or plain) symbolically, all within one limit of time.

    Args:
        wanted: What the gold says.
        given: What the answer says, as many; or several readings of one thing.
        how: Which is compared with which.

    Raises:
        ReversedPersonaError: The worker process can't be started at all.
    """
    if sum(map(len, given)) > MAX_CHARS:
        return "unreadable"
    if len(given) > _MAX_PARTS or any(map(_TOWER.search, given)):
        return "undecided"
    depths = [_depth(one) for one in given]
    if None in depths or any(one.count(":") > _MAX_COLONS for one in given):
        return "unreadable"  # the parser would take all its time to find that out
    if any(depth is not None and depth > _MAX_DEPTH for depth in depths):
        return "undecided"
    try:
        return _decide(wanted, given, how)
    except _UndecidedError:
        return "undecided"


class _UndecidedError(Exception):
    """No outcome to be remembered: the next time may have more luck."""


@lru_cache(maxsize=8192)
def _decide(wanted: tuple[str, ...], given: tuple[str, ...], how: How) -> Outcome:
    outcome = _worker.compare(wanted, given, how)
    if outcome == "undecided":
        raise _UndecidedError
    return outcome
