"""Runs on this machine: as many at a time as its GPUs allow, each in a process that outlives the driver."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from reversed_persona.errors import SettingsError
from reversed_persona.sweep.attempt import BUSY
from reversed_persona.sweep.folders import is_locked, read_state
from reversed_persona.sweep.planning import Run

__all__ = ["LocalPlace", "choose_devices", "visible_devices"]

STOP_S = 45.0  # longer than an attempt gives its command
POLL_S = 0.1


def visible_devices() -> list[str]:
    """Return this machine's GPUs, by number or UUID: those of CUDA_VISIBLE_DEVICES where it is set."""
    named = os.environ.get("CUDA_VISIBLE_DEVICES")
    if named is not None:
        return [device.strip() for device in named.split(",") if device.strip() not in ("", "-1", "NoDevFiles")]
    if not shutil.which("nvidia-smi"):
        return []
    asked = subprocess.run(
        ["nvidia-smi", "--query-gpu=index", "--format=csv,noheader"], capture_output=True, text=True, timeout=60
    )
    return (
        [line.strip() for line in asked.stdout.splitlines() if line.strip().isdigit()] if not asked.returncode else []
    )


def choose_devices(devices: Sequence[str], free: Sequence[str], n: int) -> list[str] | None:
    """Choose n free GPUs, neighbours where possible: they are often wired together.

    Args:
        devices: All of the machine's, in their order.
        free: Those of them that nothing runs on.
        n: How many, from 0.

    Returns:
        The GPUs; None where too few are free.
    """
    if n == 0:
        return []
    for start in range(0, len(devices) - n + 1, n):
        if all(device in free for device in devices[start : start + n]):
            return list(devices[start : start + n])
    left = [device for device in devices if device in free]
    return left[:n] if len(left) >= n else None


class LocalPlace:
    """This machine as a place where runs are started."""

    name = "this machine"
    poll_s = 0.2

    def __init__(self, devices: Sequence[str], at_once: int) -> None:
        """Say what the machine has.

        Args:
            devices: Its GPUs that may be used.
            at_once: How many runs without a GPU may run at a time.
        """
        self._devices, self._at_once = list(devices), at_once
        self._started: dict[Path, subprocess.Popen[bytes]] = {}
        self._taken: dict[Path, list[str]] = {}
        self._running: dict[Path, Run] = {}

    def check(self, runs: Sequence[Run]) -> None:
        """Refuse runs that could never start here.

        Raises:
            SettingsError: One needs more GPUs than there are.
        """
        for run in runs:
            if run.gpus > len(self._devices):
                raise SettingsError(
                    f"{run.model}: needs {run.gpus} GPUs, and this machine has {len(self._devices)} to use "
                    f"({', '.join(self._devices) or 'none'}); expected fewer in `gpus` (0 runs on the CPU), or more in "
                    "CUDA_VISIBLE_DEVICES or local.gpus"
                )

    def find(self, runs: Sequence[Run]) -> list[Run]:
        """Return which of the runs an earlier driver left running, and watch them."""
        found = [run for run in runs if is_locked(run.folder)]
        for run in found:
            self._adopt(run)
        return found

    def start(self, run: Run) -> bool:
        """Start a run; False where there is no room for it yet."""
        free = [device for device in self._devices if not any(device in taken for taken in self._taken.values())]
        without = sum(not running.gpus for running in self._running.values())
        devices = choose_devices(self._devices, free, run.gpus)
        if devices is None or (not run.gpus and without >= self._at_once):
            return False
        command = [sys.executable, "-m", "reversed_persona.sweep.attempt", str(run.folder), str(run.workplace)]
        self._started[run.folder] = subprocess.Popen(
            [*command, *run.command],
            env={**os.environ, "CUDA_VISIBLE_DEVICES": ",".join(devices)},
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is the driver's to pass on, and its end is not theirs
        )
        self._running[run.folder], self._taken[run.folder] = run, devices
        return True

    def ended(self) -> list[tuple[Run, str | None]]:
        """Return the runs that ended since it was last asked; what they left is in their folders."""
        over: list[tuple[Run, str | None]] = []
        for folder, run in list(self._running.items()):
            process = self._started.get(folder)
            if process is None:
                if is_locked(folder):
                    continue
            elif process.poll() is None:
                continue
            elif process.returncode == BUSY:  # another driver was quicker, and was killed since
                del self._started[folder]
                self._adopt(run)
                continue
            self._started.pop(folder, None)
            self._taken.pop(folder, None)
            over.append((self._running.pop(folder), None))
        return over

    def remarks(self) -> list[str]:
        """Return nothing: here nothing waits for anybody."""
        return []

    def farewell(self) -> str:
        """Return what is said before `interrupt`."""
        n = len(self._running)
        runs, them = ("1 run", "it") if n == 1 else (f"{n} runs", "them")
        return f"stopping {runs}; start again to go on (Ctrl-C once more kills {them})"

    def interrupt(self) -> None:
        """Stop what runs here, and wait until it has put its answers away."""
        running = dict(self._running)
        for folder in running:
            self._signal(folder, signal.SIGTERM)
        deadline = time.monotonic() + STOP_S
        with contextlib.suppress(KeyboardInterrupt):  # a second Ctrl-C: no more patience
            while running and time.monotonic() < deadline:
                time.sleep(POLL_S)
                running = {folder: run for folder, run in running.items() if self._lives(folder)}
        for folder in running:
            self._signal(folder, signal.SIGKILL)

    def _adopt(self, run: Run) -> None:
        self._running[run.folder] = run
        noted = str(read_state(run.folder).get("devices") or "").split(",")
        self._taken[run.folder] = [device for device in noted if device in self._devices]

    def _lives(self, folder: Path) -> bool:
        process = self._started.get(folder)
        return process.poll() is None if process else is_locked(folder)

    def _signal(self, folder: Path, number: signal.Signals) -> None:
        process = self._started.get(folder)
        state = read_state(folder)
        # the lock says that the noted processes live, so their numbers are still theirs
        here = state.get("host") == socket.gethostname() and is_locked(folder)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if process is not None:
                process.send_signal(number)
            elif here and isinstance(state.get("pid"), int):
                os.kill(state["pid"], number)
        if number is signal.SIGKILL and here and isinstance(state.get("child"), int):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(state["child"], number)
