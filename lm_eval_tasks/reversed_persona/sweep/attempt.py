"""One try at a run, in a process of its own that outlives the driver: runs the command, and notes how it ended.

python -m reversed_persona.sweep.attempt FOLDER WORKPLACE COMMAND...
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from types import FrameType
from typing import IO

from reversed_persona.sweep.folders import LOCK, LOG, Locked, Outcome, lock, write_outcome, write_state

__all__ = ["BUSY", "Attempt"]

BUSY = 75  # sysexits.h: try again later
CANNOT_START = 127
FAILED = 1
INTERRUPT_S = 20.0  # lm-eval puts its answers away
TERMINATE_S = 10.0
LINGER_S = 300.0
POLL_S = 0.05


class Attempt:
    """A try at a run.

    Attributes:
        folder: The run's.
    """

    def __init__(
        self, folder: Path, workplace: Path, command: Sequence[str], notes: Mapping[str, object] | None = None
    ) -> None:
        """Say what to run, and where.

        Args:
            folder: The run's.
            workplace: Folder in which the command runs.
            command: What runs it.
            notes: What else is noted in its state, such as its GPUs or its Slurm job.
        """
        self.folder, self._workplace, self._command, self._notes = folder, workplace, list(command), dict(notes or {})
        self._stop_at: float | None = None
        self._terminated = False
        self._child: subprocess.Popen[bytes] | None = None
        self._sent: signal.Signals | None = None

    def stop(self) -> None:
        """Have the command end; `run` then returns. May be called from a signal's handler."""
        self._stop_at = self._stop_at or time.monotonic()

    def stop_now(self) -> None:
        """Have the command end, and wait until it has; for a handler that interrupts `run` and does not return to it.

        No outcome is noted: the run goes on elsewhere.
        """
        self.stop()
        deadline = time.monotonic() + INTERRUPT_S + TERMINATE_S + 5
        while self._child is not None and self._child.poll() is None and time.monotonic() < deadline:
            self._press(self._child)
            time.sleep(POLL_S)
        if self._child is not None:
            _signal_group(self._child, signal.SIGKILL)

    def note_termination(self) -> None:
        """Note that a scheduler is about to end all of this: the command may end of it as well, which tells nothing."""
        self._terminated = True

    def run(self) -> int:
        """Run the command to its end.

        Returns:
            Its exit code; negative for a signal; BUSY where another process is at this run.
        """
        try:
            with lock(self.folder / LOCK) as held:
                return self._run(held)
        except Locked:
            return BUSY

    def _run(self, held: int | None) -> int:
        write_outcome(self.folder, None)
        started = time.time()
        before = {*self._results()}
        with (self.folder / LOG).open("ab", buffering=0) as log:
            now = datetime.fromtimestamp(started, timezone.utc)
            log.write(f"=== {now:%Y-%m-%d %H:%M:%S} UTC, {socket.gethostname()}\n".encode())
            code = self._watch(log, held, started)
            new = [path for path in self._results() if path not in before]
            stopped = self._stop_at is not None
            if code == 0 and not new and not stopped:
                log.write(b"the command ended well and left no results; expected results_<date>.json\n")
                code = FAILED
        results = str(max(new).relative_to(self.folder)) if new and code == 0 else None
        write_outcome(self.folder, Outcome(code, started, time.time(), results, stopped))
        return code

    def _watch(self, log: IO[bytes], held: int | None, started: float) -> int:
        try:
            child = subprocess.Popen(
                self._command, cwd=self._workplace, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True, pass_fds=[] if held is None else [held], preexec_fn=_be_an_ordinary_process,
            )  # fmt: skip
        except OSError as error:
            log.write(f"cannot start {self._command[0]}: {error.strerror}\n".encode())
            return CANNOT_START
        self._child = child
        write_state(
            self.folder, host=socket.gethostname(), pid=os.getpid(), child=child.pid, started=started, **self._notes
        )
        while child.poll() is None:
            self._press(child)
            time.sleep(POLL_S)
        _signal_group(child, signal.SIGKILL)  # whatever it left, such as an engine that holds a GPU's memory
        if child.returncode and self._terminated and self._stop_at is None:
            self._linger(log)
        return child.returncode

    def _press(self, child: "subprocess.Popen[bytes]") -> None:
        """Ask a command that is to stop, and ask harder the longer it takes."""
        if self._stop_at is None:
            return
        waited = time.monotonic() - self._stop_at
        wanted = (
            signal.SIGINT
            if waited < INTERRUPT_S
            else signal.SIGTERM
            if waited < INTERRUPT_S + TERMINATE_S
            else signal.SIGKILL
        )
        if wanted is not self._sent:
            self._sent = wanted
            _signal_group(child, wanted)

    def _linger(self, log: IO[bytes]) -> None:
        """Leave the last word to the scheduler: a job that is preempted comes back, and then nothing has failed."""
        log.write(b"=== told to end; waiting for the scheduler\n")
        deadline = time.monotonic() + LINGER_S
        while time.monotonic() < deadline and self._stop_at is None:
            time.sleep(POLL_S)

    def _results(self) -> list[Path]:
        return [path for path in (self.folder / "results").rglob("results_*.json") if path.is_file()]


def _be_an_ordinary_process() -> None:
    """Between fork and exec: a job's steps are all sent USR2 before its time is over; only the job acts on it."""
    signal.signal(signal.SIGUSR2, signal.SIG_IGN)


def _signal_group(child: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, number)


def main(arguments: Sequence[str]) -> int:
    """Make one try, and stop it on SIGINT or SIGTERM."""
    folder, workplace, *command = arguments
    devices = os.environ.get("CUDA_VISIBLE_DEVICES", "")
    attempt = Attempt(Path(folder), Path(workplace), command, {"devices": devices})

    def stop(number: int, frame: FrameType | None) -> None:
        attempt.stop()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    return attempt.run() % 256


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
