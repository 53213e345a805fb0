"""Starts what has room, waits for what runs, and goes on where one fails."""

import contextlib
import json
import os
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from reversed_persona import __version__
from reversed_persona.errors import OutputError, ReversedPersonaError, RunsError
from reversed_persona.result_files import read_results
from reversed_persona.sweep.folders import LOG, Locked, Outcome, last_line, lock, read_outcome
from reversed_persona.sweep.planning import Run
from reversed_persona.writing import write_lines

__all__ = ["Ended", "Place", "State", "complete_before", "drive", "only_driver"]

DRIVER_LOCK = "driver.lock"
State = Literal["complete before", "complete", "failed", "stopped"]


@dataclass(frozen=True)
class Ended:
    """What became of a run.

    Attributes:
        run: The run.
        state: What became of it.
        duration_s: How long its last try took; None where that isn't known.
        said: Why it failed: the last line of its log, or what the scheduler says.
    """

    run: Run
    state: State
    duration_s: float | None = None
    said: str = ""


class Place(Protocol):
    """Where runs are started."""

    name: str
    poll_s: float

    def find(self, runs: Sequence[Run]) -> list[Run]:
        """Return which of the runs an earlier driver left running, and watch them."""

    def start(self, run: Run) -> bool:
        """Start a run; False where there is no room for it yet."""

    def ended(self) -> list[tuple[Run, str | None]]:
        """Return the runs that ended since it was last asked, each with why, where its folder does not say."""


class Watcher(Protocol):
    """Who is told what happens."""

    def began(self, run: Run, found: bool) -> None:
        """Hear of a run that was started, or found running."""

    def over(self, ended: Ended) -> None:
        """Hear of a run that ended."""

    def waiting(self, running: Sequence[Run], left: Sequence[Run]) -> None:
        """Hear of every round, with what runs and what has yet to begin."""


@contextlib.contextmanager
def only_driver(folder: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Let no second driver work on a sweep while the block runs.

    Raises:
        OutputError: Another driver does, or the folder can't be written to.
    """
    path = folder / DRIVER_LOCK
    try:
        with lock(path) as held:
            if held is None:
                say(f"{folder}: this file system knows no locks; make sure that no other sweep works on it")
            write_lines(folder / "driver.json", [json.dumps({"host": socket.gethostname(), "pid": os.getpid()})])
            yield
    except Locked as error:
        try:
            other = json.loads((folder / "driver.json").read_text(encoding="utf-8"))
            who = f"process {other['pid']} on {other['host']}"
        except (OSError, ValueError, KeyError, TypeError):
            who = "another process"
        raise OutputError(
            f"{folder}: {who} works on this sweep; wait for it or stop it, or name another `output`"
        ) from error
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written to: {error.strerror}; name another `output`") from error


def complete_before(run: Run) -> Ended | None:
    """Return a run that is complete and has this configuration; None for one that has yet to run."""
    outcome = read_outcome(run.folder)
    return Ended(run, "complete before", outcome.duration_s) if outcome and _is_complete(run, outcome) else None


def drive(runs: Sequence[Run], place: Place, watcher: Watcher) -> list[Ended]:
    """Bring runs to their end, each once; one that fails stops no other.

    Args:
        runs: Those that aren't complete.
        place: Where they run.
        watcher: Who is told.

    Returns:
        What became of each, in the order in which they ended.

    Raises:
        BackendError: The place can't tell what runs already.
    """
    running = {run.folder: run for run in place.find(runs)}
    for run in running.values():
        watcher.began(run, True)
    # those that need most room first, or they would wait till the end for enough of it to be free at once
    left = sorted((run for run in runs if run.folder not in running), key=lambda run: -run.gpus)
    ended: list[Ended] = []
    while left or running:
        for run, said in place.ended():
            del running[run.folder]
            ended.append(_ended(run, said))
            watcher.over(ended[-1])
        for run in list(left):
            try:
                begun = _begin(run, place)
            except ReversedPersonaError as error:
                left.remove(run)
                ended.append(Ended(run, "failed", said=str(error)))
                watcher.over(ended[-1])
                continue
            if begun:
                left.remove(run)
                running[run.folder] = run
                watcher.began(run, False)
        watcher.waiting(list(running.values()), left)
        if running:
            time.sleep(place.poll_s)
    return ended


def _begin(run: Run, place: Place) -> bool:
    note = {"model": run.model, "reversed_persona": __version__, **(run.configuration or {})}
    write_lines(run.folder / "run.json", [json.dumps(note, indent=2)])
    return place.start(run)


def _ended(run: Run, said: str | None) -> Ended:
    outcome = read_outcome(run.folder)
    if outcome and _is_complete(run, outcome):
        return Ended(run, "complete", outcome.duration_s)
    line = last_line(run.folder / LOG)
    if outcome is None:
        return Ended(run, "failed", said=said or f"ended without a word; its log ends: {line}")
    return Ended(run, "stopped" if outcome.stopped else "failed", outcome.duration_s, line or f"exit {outcome.code}")


def _is_complete(run: Run, outcome: Outcome) -> bool:
    if outcome.code != 0 or outcome.results is None:
        return False
    try:
        read_results(run.folder / outcome.results)
    except RunsError:
        return False
    return True
