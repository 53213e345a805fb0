"""What a sweep says while it runs, and the table at its end."""

import shlex
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from statistics import mean

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.table import Table
from rich.text import Text

from reversed_persona.sweep.driver import Ended
from reversed_persona.sweep.planning import Run

__all__ = ["Reporter", "remaining_s", "script", "spoken", "summary"]

_STYLES = {"complete": "green", "complete before": "dim", "failed": "red", "stopped": "yellow"}


def remaining_s(
    durations: Mapping[str, Sequence[float]], running: Sequence[tuple[str, float]], left: Sequence[str]
) -> float | None:
    """Return how long a sweep may still take.

    A run is expected to take as long as those of its task did on average, or else as all did. As many run at a time as
    run now.

    Args:
        durations: Of each task, how long its complete runs took, in seconds.
        running: Of each run in progress its task, and for how long it has been, in seconds.
        left: The task of each run that has yet to begin.

    Returns:
        Seconds; None as long as nothing is complete.
    """
    every = [duration for of_task in durations.values() for duration in of_task]
    if not every:
        return None
    expected = {task: mean(of_task) for task, of_task in durations.items() if of_task}
    usual = mean(every)
    rest = [max(0.0, expected.get(task, usual) - since) for task, since in running]
    ahead = sum(rest) + sum(expected.get(task, usual) for task in left)
    # the work is shared out, but no run ends before its own time
    return max([ahead / max(1, len(running)), *rest])


def spoken(seconds: float) -> str:
    """Return a time as people say it: "50 s", "12 min", "3 h 20 min", "2 d 4 h"."""
    minutes = round(seconds / 60)
    if seconds < 99.5:
        return f"{seconds:.0f} s"
    if minutes < 100:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{hours // 24} d {hours % 24} h"


class Reporter:
    """Says on stderr what happens, with a bar where that is a terminal."""

    def __init__(self, n_runs: int, before: Sequence[Ended], remarks: Callable[[], Sequence[str]] = list) -> None:
        """Begin to report.

        Args:
            n_runs: How many runs the sweep has.
            before: Those that were complete.
            remarks: What the place has to say that is new.
        """
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)
        self._n_runs, self._done, self._failed, self._remarks = n_runs, len(before), 0, remarks
        self._told = self._done
        self._durations: dict[str, list[float]] = {}
        for ended in before:
            self._took(ended)
        self._begun: dict[str, float] = {}
        self._bar = Progress(
            BarColumn(), TextColumn("{task.description}"), console=self._console, transient=True,
            disable=not self._console.is_terminal,
        )  # fmt: skip
        self._task: TaskID = self._bar.add_task("", total=n_runs, completed=self._done)

    def __enter__(self) -> "Reporter":
        """Show the bar."""
        self._bar.start()
        if self._done:
            self.say(f"{self._done} of {self._n_runs} runs were complete before")
        return self

    def __exit__(self, *_: object) -> None:
        """Take the bar away."""
        self._bar.stop()

    def say(self, text: str, style: str = "") -> None:
        """Say a line."""
        self._console.print(Text(f"{datetime.now():%H:%M:%S} {text}", style=style))

    def began(self, run: Run, found: bool) -> None:
        """Say which run began, or was found running."""
        self._begun[str(run.folder)] = time.monotonic()
        self.say(f"{run.label}: {'is running from before; waiting for it' if found else 'begins'}")

    def over(self, ended: Ended) -> None:
        """Say which run ended, and how."""
        self._done += 1
        self._failed += ended.state != "complete"
        self._took(ended)
        self._begun.pop(str(ended.run.folder), None)
        took = "" if ended.duration_s is None else f" after {spoken(ended.duration_s)}"
        said = f": {ended.said}" if ended.said else ""
        self.say(f"[{self._done}/{self._n_runs}] {ended.run.label}: {ended.state}{took}{said}", _STYLES[ended.state])

    def waiting(self, running: Sequence[Run], left: Sequence[Run]) -> None:
        """Move the bar on; where there is none, say how things stand whenever a run has ended."""
        for remark in self._remarks():
            self.say(remark, "yellow")
        now = time.monotonic()
        since = [(run.task, now - self._begun.get(str(run.folder), now)) for run in running]
        seconds = remaining_s(self._durations, since, [run.task for run in left])
        about = "" if seconds is None or not (running or left) else f", about {spoken(seconds)} left"
        failed = f", {self._failed} failed" if self._failed else ""
        said = f"{self._done}/{self._n_runs} done{failed}, {len(running)} running{about}"
        self._bar.update(self._task, completed=self._done, description=said)
        if self._bar.disable and self._done > self._told and (running or left):
            self.say(said)
        self._told = self._done

    def _took(self, ended: Ended) -> None:
        if ended.state.startswith("complete") and ended.duration_s is not None:
            self._durations.setdefault(ended.run.task, []).append(ended.duration_s)


def summary(ended: Sequence[Ended]) -> Table:
    """Return the table at the end: what became of each run, and the last line of what failed."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("model", "tasks", "run", "took", "what it said last"):
        table.add_column(column, overflow="fold", justify="right" if column == "took" else "left")
    for one in ended:
        took = "-" if one.duration_s is None else spoken(one.duration_s)
        table.add_row(
            *(Text(cell) for cell in (one.run.model, one.run.task)),
            Text(one.state, style=_STYLES[one.state]),
            took,
            Text(one.said),
        )
    return table


def script(runs: Sequence[Run], complete: Sequence[Run], devices: Sequence[str] | None) -> list[str]:
    """Return the commands of a sweep as a shell script.

    Args:
        runs: What is to run.
        complete: What is complete.
        devices: This machine's GPUs, of which each command is given as many as it needs; None for Slurm, which gives
            each job its own.
    """
    lines = [f"cd {shlex.quote(str(runs[0].workplace))}"] if runs else []
    lines += [f"# {run.label}: complete" for run in complete]
    for run in runs:
        lines.append(f"# {run.label}")
        given = "" if devices is None else f"CUDA_VISIBLE_DEVICES={shlex.quote(','.join(devices[: run.gpus]))} "
        lines.append(given + shlex.join(run.command))
    return [" ".join(line.splitlines()) if line.startswith("#") else line for line in lines]
