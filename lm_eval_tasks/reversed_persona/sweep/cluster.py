"""Runs as Slurm's jobs, submitted through submitit: one job each, found again by its name."""

import contextlib
import hashlib
import io
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from reversed_persona.errors import BackendError, SettingsError
from reversed_persona.sweep.attempt import Attempt
from reversed_persona.sweep.folders import last_line, read_outcome, read_state, write_outcome, write_state
from reversed_persona.sweep.planning import Run

__all__ = ["Job", "SlurmJob", "SlurmPlace", "job_name", "job_parameters", "live_jobs", "read_queue"]

ASK_S = 10.0  # the controller serves everybody
SETTLE_S = 30.0  # a file that a node wrote may take so long to be seen on another
SIGNAL_S = 120  # before its time is over a job is told, to put its answers away and come back
DEFAULT_REQUEUES = 3
COMMAND_S = 60
SUBMITTED = "slurm"  # folder of submitit's own files, in a run's
_OVER = frozenset({
    "BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED", "REVOKED",
    "TIMEOUT",
})  # fmt: skip
_FULL = re.compile(r"(?:QOS|Assoc)\w*Max\w*Submit|MaxSubmitJob", re.IGNORECASE)


class Job:
    """A job in Slurm's queue.

    Attributes:
        id: Its number.
        state: In Slurm's words.
        reason: Why it is in it, likewise.
    """

    def __init__(self, number: str, state: str, reason: str = "") -> None:
        """Keep what the queue says."""
        self.id, self.state, self.reason = number, state, reason

    @property
    def over(self) -> bool:
        """Whether it will not run any more."""
        return self.state in _OVER


def job_name(run: Run) -> str:
    """Return what a run's job is called: its model, for people, and a hash that no other run and no other sweep has."""
    code = hashlib.sha256(os.path.realpath(run.folder).encode()).hexdigest()[:12]
    return f"{run.folder.parent.name[:40]}.{code}"


def job_parameters(run: Run) -> dict[str, Any]:
    """Return what submitit is told of a run's job, without where its files are."""
    asked = run.slurm
    assert asked is not None  # a place for jobs is made only where the file speaks of Slurm
    extra = dict(asked.extra)
    parameters: dict[str, Any] = {
        "job_name": job_name(run),
        "partition": asked.partition,
        "account": asked.account,
        "qos": asked.qos,
        "constraint": asked.constraint,
        "time": asked.time,
        "cpus_per_task": asked.cpus,
        "mem": None if asked.mem_gb is None else f"{round(asked.mem_gb * 1024)}M",
        "signal_delay_s": SIGNAL_S,
        "wckey": None,  # submitit would send one of its own, which strict clusters refuse
        "stderr_to_stdout": True,
        # a step does not inherit this from its job since Slurm 22.05
        "srun_args": None if asked.cpus is None else [f"--cpus-per-task={asked.cpus}"],
    }
    if run.gpus and not {"gres", "gpus", "gpus-per-node", "gpus-per-task"} & extra.keys():
        parameters["gpus_per_node"] = run.gpus
    parameters["additional_parameters"] = {
        "requeue": True,
        **{key: value for key, value in extra.items() if value is not False},
    }
    return {key: value for key, value in parameters.items() if value is not None or key == "wckey"}


def read_queue(said: str) -> dict[str, Job]:
    """Read what squeue prints with `QUEUE_FORMAT`; of several jobs of one name the newest that isn't over counts."""
    jobs: dict[str, Job] = {}
    for line in said.splitlines():
        parts = line.strip().split("|", 3)
        if len(parts) != 4 or not parts[0].isdigit():
            continue
        job, name = Job(*parts[:3]), parts[3]
        other = jobs.get(name)
        if other is None or (not job.over, int(job.id)) > (not other.over, int(other.id)):
            jobs[name] = job
    return jobs


QUEUE_FORMAT = "%A|%T|%r|%j"


class SlurmJob:
    """What a job calls, pickled by submitit: a try at a run, which goes on in a new job when its time is over."""

    def __init__(self, folder: Path, workplace: Path, command: Sequence[str]) -> None:
        """Say what to run; see `Attempt`."""
        self.folder, self.workplace, self.command = folder, workplace, tuple(command)
        self._attempt: Attempt | None = None

    def __getstate__(self) -> dict[str, Any]:
        """Leave the try out: it belongs to one process."""
        return {**self.__dict__, "_attempt": None}

    def __call__(self) -> int:
        """Make the try, and return its exit code."""
        attempt = self._attempt = Attempt(
            self.folder, self.workplace, self.command, {"job": os.environ.get("SLURM_JOB_ID", "")}
        )
        previous = signal.getsignal(signal.SIGTERM)

        def told(number: int, frame: FrameType | None) -> None:
            attempt.note_termination()
            if callable(previous):
                previous(number, frame)

        signal.signal(signal.SIGTERM, told)
        return attempt.run()

    def checkpoint(self) -> Any:
        """Stop the command, whose answers are in its cache, and have submitit requeue the job."""
        from submitit.helpers import DelayedSubmission

        if self._attempt is not None:
            self._attempt.stop_now()
        return DelayedSubmission(self)


class SlurmPlace:
    """A cluster as a place where runs are started."""

    name = "Slurm"
    poll_s = 1.0

    def __init__(self, at_once: int | None = None, ask_s: float = ASK_S, settle_s: float = SETTLE_S) -> None:
        """Say how the cluster is used.

        Args:
            at_once: How many jobs may be in the queue at once; None for all.
            ask_s: How often the controller is asked.
            settle_s: How long a job may be over without a word of how it ended.

        Raises:
            SettingsError: There is no Slurm here, or no submitit.
        """
        for tool in ("sbatch", "squeue", "srun"):
            if not shutil.which(tool):
                raise SettingsError(f"slurm: {tool} is not here; start this where jobs are submitted, or with --local")
        try:
            import submitit  # noqa: F401
        except ImportError as error:
            raise SettingsError('slurm: submitit is missing; pip install "reversed-persona[slurm]"') from error
        self._at_once, self._ask_s, self._settle_s = at_once, ask_s, settle_s
        self._jobs: dict[Path, tuple[Run, str]] = {}
        self._over_since: dict[Path, float] = {}
        self._asked = float("-inf")
        self._queue: dict[str, Job] = {}
        self._said: set[tuple[str, str]] = set()

    def check(self, runs: Sequence[Run]) -> None:
        """Nothing can be refused before Slurm is asked."""

    def find(self, runs: Sequence[Run]) -> list[Run]:
        """Return which of the runs have a job in the queue that an earlier driver submitted, and watch them.

        Raises:
            BackendError: The queue can't be read: then nobody can tell what runs.
        """
        if not self._ask():
            raise BackendError(f"slurm: squeue does not answer ({self._trouble}); try again when the controller does")
        found = [run for run in runs if (job := self._queue.get(job_name(run))) and not job.over]
        for run in found:
            self._jobs[run.folder] = (run, self._queue[job_name(run)].id)
        return found

    def start(self, run: Run) -> bool:
        """Submit a run's job; False where the queue may hold no more of them yet.

        Raises:
            BackendError: Slurm refuses it.
        """
        if self._at_once is not None and len(self._jobs) >= self._at_once:
            return False
        write_outcome(run.folder, None)
        try:
            number = _submit(run)
        except BackendError as error:
            if self._jobs and _FULL.search(str(error)):
                return False
            raise
        write_state(run.folder, job=number, submitted=time.time())
        self._jobs[run.folder] = (run, number)
        self._over_since.pop(run.folder, None)
        return True

    def ended(self) -> list[tuple[Run, str | None]]:
        """Return the runs whose job is over, with what Slurm says of one that left no word of how it ended."""
        over: list[tuple[Run, str | None]] = [
            (run, None) for run, _ in self._jobs.values() if read_outcome(run.folder) is not None
        ]
        if len(over) < len(self._jobs) and time.monotonic() - self._asked >= self._ask_s and self._ask():
            silent = [(run, number) for run, number in self._jobs.values() if all(run is not one for one, _ in over)]
            over += [(run, said) for run, number in silent if (said := self._lost(run, number))]
        for run, _ in over:
            del self._jobs[run.folder]
        return over

    def farewell(self) -> str:
        """Return what is said before `interrupt`."""
        jobs = " ".join(number for _, number in self._jobs.values())
        return (
            f"leaving; the jobs go on, and starting again waits for them. To end them: scancel {jobs}"
            if jobs
            else "leaving"
        )

    def interrupt(self) -> None:
        """Leave the jobs where they are."""

    def remarks(self) -> list[str]:
        """Return what is new of jobs that wait for somebody to act."""
        new = []
        for run, number in self._jobs.values():
            job = self._queue.get(job_name(run))
            if job and "held" in job.reason.lower() and (number, job.reason) not in self._said:
                self._said.add((number, job.reason))
                new.append(
                    f"{run.label}: job {number} is held ({job.reason}); `scontrol release {number}` lets it go on"
                )
        return new

    def _lost(self, run: Run, number: str) -> str | None:
        """Return what became of a job that is over, or gone, and left no outcome; None while it may still come."""
        job = self._queue.get(job_name(run))
        if job is not None and not job.over:
            self._over_since.pop(run.folder, None)
            return None
        since = self._over_since.setdefault(run.folder, time.monotonic())
        if time.monotonic() - since < self._settle_s:
            return None
        said = last_line(run.folder / SUBMITTED / f"{number}_0_log.out")
        return f"job {number} is {job.state if job else 'gone from the queue'}" + (f": {said}" if said else "")

    def _ask(self) -> bool:
        self._asked = time.monotonic()
        asked = _squeue()
        self._trouble = asked[1]
        if asked[0] is not None:
            self._queue = read_queue(asked[0])
        return asked[0] is not None


def _squeue() -> tuple[str | None, str]:
    command = ["squeue", "--noheader", "--states=all", f"--user={os.getuid()}", f"--format={QUEUE_FORMAT}"]
    try:
        asked = subprocess.run(command, capture_output=True, text=True, timeout=COMMAND_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        return None, str(error)
    return (asked.stdout, "") if asked.returncode == 0 else (None, asked.stderr.strip() or f"exit {asked.returncode}")


def live_jobs(runs: Sequence[Run]) -> list[str]:
    """Return the jobs that runs' folders note and that are in a queue that can be asked here."""
    noted = {str(job) for run in runs if (job := read_state(run.folder).get("job"))}
    if not noted or not shutil.which("squeue"):
        return []
    said, _ = _squeue()
    jobs = (line.split("|") for line in (said or "").splitlines())
    return sorted(job[0] for job in jobs if job[0] in noted and job[1] not in _OVER)


def _submit(run: Run) -> str:
    import submitit

    folder = run.folder / SUBMITTED
    asked: Mapping[str, Any] = job_parameters(run)
    requeues = run.slurm.requeues if run.slurm and run.slurm.requeues is not None else DEFAULT_REQUEUES
    try:
        executor = submitit.SlurmExecutor(folder, max_num_timeout=requeues)
        executor.update_parameters(**asked)
        with contextlib.redirect_stderr(io.StringIO()):  # it prints what it raises
            job = executor.submit(SlurmJob(run.folder, run.workplace, run.command))
    except (RuntimeError, ValueError, OSError) as error:
        lines = [line for line in str(error).splitlines() if line.strip()]
        said = lines[-1] if lines else type(error).__name__
        raise BackendError(f"sbatch refuses the job: {said:.300}") from error
    return str(job.job_id)
