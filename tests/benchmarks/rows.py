"""What every benchmark here gives: rows of one table."""

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["COLUMNS", "Cost", "Row", "Sizes", "cost_of", "measured", "names_in", "read_rows", "table"]

SAMPLE_S = 0.25
COLUMNS = ("what", "size", "here", "beside it", "ratio", "bar")


@dataclass(frozen=True)
class Row:
    """One figure.

    Attributes:
        name: What is measured; no other row has it.
        size: Of what.
        here: What it takes this package.
        beside: What it is held against; "-" for nothing.
        ratio: To that; None where there is none.
        bar: What it has to keep; "-" for nothing.
        held: Whether it does.
    """

    name: str
    size: str
    here: str
    beside: str = "-"
    ratio: float | None = None
    bar: str = "-"
    held: bool = True

    def cells(self) -> tuple[str, ...]:
        """Return what stands in the table."""
        ratio = "-" if self.ratio is None else f"{self.ratio:.2f}" if self.ratio < 10 else f"{self.ratio:.0f}"
        return (self.name, self.size, self.here, self.beside, ratio, self.bar + ("" if self.held else ": **missed**"))


@dataclass(frozen=True)
class Sizes:
    """How much is measured.

    Attributes:
        models: Numbers of models that are compared.
        shares: Shares of the problems that a whole run asks; the rows are named after them.
        rounds: How often a ratio is taken, of which the median counts.
        graded: Files of real responses, rows with gold and response.
        itself: Whether a whole run also goes through `lm_eval`.
    """

    models: Sequence[int] = (10, 50, 200)
    shares: Sequence[float] = (0.25, 0.5, 1.0)
    rounds: int = 3
    graded: Sequence[Path] = field(default=())
    itself: bool = True


@dataclass(frozen=True)
class Cost:
    """What one call took.

    Attributes:
        seconds: On the clock.
        cpu_s: Of CPU time, its children's as well.
        memory_mb: Most that it and its children had at once, as seen four times a second.
    """

    seconds: float
    cpu_s: float
    memory_mb: float

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s ({self.cpu_s:.1f} CPU s), {self.memory_mb:.0f} MB"


def cost_of(*arguments: object) -> Cost:
    """Run the command line in a process of its own."""
    return measured([sys.executable, "-m", "reversed_persona.cli", *map(str, arguments)], {})


def measured(command: Sequence[str], environment: Mapping[str, str]) -> Cost:
    """Run a command, and take what it costs.

    Args:
        command: What to run.
        environment: What is laid over this process's own.

    Raises:
        SystemExit: It failed; with the end of what it said.
    """
    # as users have it
    inherited = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryFile() as said:
        start, most, seen = time.perf_counter(), 0.0, dict[int, float]()
        process = subprocess.Popen(command, stdout=said, stderr=said, env={**inherited, **environment})
        over = threading.Event()

        def sample() -> None:
            nonlocal most
            while not over.wait(SAMPLE_S):
                found = family(process.pid)
                most = max(most, sum(memory for memory, _ in found.values()))
                seen.update((one, cpu) for one, (_, cpu) in found.items())

        sampling = threading.Thread(target=sample)
        sampling.start()
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        over.set()
        sampling.join()
        if process.returncode:
            said.seek(0)
            end = said.read().decode("utf-8", "replace")[-2000:]
            raise SystemExit(f"{' '.join(command[:4])}: exited with {process.returncode}: {end}")
    # what compares expressions is killed at the end, and a killed child's child is counted for nobody
    cpu = max(used.ru_utime + used.ru_stime, sum(seen.values()))
    return Cost(seconds, cpu, most or used.ru_maxrss / 1024)


def family(process: int) -> dict[int, tuple[float, float]]:
    """Return memory and CPU seconds of a process and of each descendant; nothing where /proc is not.

    What they share of memory counts once. What a child used that has ended is not here.
    """
    found, todo = dict[int, tuple[float, float]](), [process]
    while todo:
        one = Path("/proc") / str(todo.pop())
        try:
            memory = re.search(r"^Pss: +(\d+)", (one / "smaps_rollup").read_text(encoding="utf-8"), re.MULTILINE)
            fields = (one / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            cpu = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
            found[int(one.name)] = (int(memory[1]) / 1024 if memory else 0.0, cpu)
            todo += map(int, (one / "task" / one.name / "children").read_text(encoding="utf-8").split())
        except (OSError, ValueError, IndexError):  # it ended
            continue
    return found


def table(rows: Iterable[Row]) -> list[str]:
    """Return rows as a table in Markdown."""
    head = [_line(COLUMNS), _line(["---"] * len(COLUMNS))]
    return [*head, *(_line(row.cells()) for row in rows)]


def names_in(lines: Iterable[str]) -> list[str]:
    """Return the names of the rows of a table that `table` made."""
    first = (line.split("|")[1].strip() for line in lines if line.startswith("|"))
    return [name for name in first if name not in (COLUMNS[0], "---")]


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def read_rows(path: Path) -> list[dict[str, str]]:
    """Read rows of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
