"""Runs of a sweep whose command is a stand-in for lm-eval, to test the driver and not the model."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from reversed_persona.sweep.driver import Ended
from reversed_persona.sweep.planning import Run
from reversed_persona.sweep.records import SlurmPart

# notes that it began, takes its time, and leaves what lm-eval leaves, or fails
STAND_IN = """
import os, pathlib, sys, time
folder, seconds, fails = pathlib.Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3] == "fails"
folder.mkdir(parents=True, exist_ok=True)
with (folder / "began.txt").open("a") as began:
    began.write(os.environ.get("CUDA_VISIBLE_DEVICES", "") + "\\n")
print("answering", flush=True)
time.sleep(seconds)
if fails:
    sys.exit("the model is not there")
(folder / "results" / "m").mkdir(parents=True, exist_ok=True)
(folder / "results" / "m" / "results_2026-01-01T00-00-00.json").write_text("{}")
"""

# a driver in a process of its own, so that it can be killed
DRIVER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from sweep_runs import Silent, place_of, stand_in_runs
from reversed_persona.sweep.driver import complete_before, drive, only_driver
folder, where, seconds, names = Path(sys.argv[2]), sys.argv[3], float(sys.argv[4]), sys.argv[5:]
runs = stand_in_runs(folder, names, seconds)
with only_driver(folder, print):
    for one in drive([run for run in runs if not complete_before(run)], place_of(where), Silent()):
        print(one.run.model, one.state, one.said)
"""


class Silent:
    """A watcher that keeps what it hears."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def began(self, run: Run, found: bool) -> None:
        if found:
            self.found.append(run.model)

    def over(self, ended: Ended) -> None:
        pass

    def waiting(self, running: object, left: object) -> None:
        pass


def place_of(where: str):  # type: ignore[no-untyped-def]  # one of two places
    if where == "slurm":
        from reversed_persona.sweep.cluster import SlurmPlace

        return SlurmPlace(ask_s=0.5, settle_s=2)
    from reversed_persona.sweep.local import LocalPlace

    return LocalPlace([], 2)


def stand_in(folder: Path, name: str, seconds: float = 0, fails: bool = False, gpus: int = 0) -> Run:
    place = folder / name / "task-0"
    command = (sys.executable, "-c", STAND_IN, str(place), str(seconds), "fails" if fails else "")
    return Run(name, "task", place, folder, command, gpus, {"name": name}, SlurmPart(time=10))


def stand_in_runs(folder: Path, names: list[str], seconds: float) -> list[Run]:
    folder.mkdir(parents=True, exist_ok=True)
    return [stand_in(folder, name, seconds, fails=name.startswith("bad")) for name in names]


def driver(folder: Path, where: str, seconds: float, names: list[str]) -> "subprocess.Popen[str]":
    arguments = [str(Path(__file__).parent), str(folder), where, str(seconds), *names]
    return subprocess.Popen([sys.executable, "-c", DRIVER, *arguments], text=True, stdout=subprocess.PIPE)


def begun(folder: Path, name: str) -> int:
    """Return how often a run's command began."""
    path = folder / name / "task-0" / "began.txt"
    return len(path.read_text().splitlines()) if path.exists() else 0


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
