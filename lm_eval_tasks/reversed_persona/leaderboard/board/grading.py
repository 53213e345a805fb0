"""Submissions and reference respondents -> entries, graded beside each other in processes.

An entry's answers are written as soon as they are graded: only its numbers are kept, so that memory doesn't grow with
the board.
"""

import multiprocessing
import pickle
import signal
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TypeAlias

from reversed_persona.errors import LeaderboardError
from reversed_persona.leaderboard.board.entries import Chosen, submission_entry
from reversed_persona.leaderboard.board.packing import answers_data
from reversed_persona.leaderboard.board.records import Entry
from reversed_persona.leaderboard.board.reference import Respondent, reference_entry
from reversed_persona.leaderboard.board.writing import write_data
from reversed_persona.leaderboard.submissions.checks.others import Marks
from reversed_persona.leaderboard.submissions.examining import Problems
from reversed_persona.leaderboard.suite import Suite

__all__ = ["Source", "grade_all"]

Source: TypeAlias = Chosen | Respondent
_shared: list[tuple[Suite, Problems, Path, Marks]] = []
"""What every entry of a process needs: filled once, when the process starts."""


def grade_all(
    sources: Sequence[Source], suite: Suite, problems: Problems, data: Path, processes: int = 1
) -> Iterator[Entry]:
    """Grade, and write what was answered.

    Args:
        sources: Whose answers.
        suite: What was asked.
        problems: The suite's problem sets by name.
        data: Where the answers are written.
        processes: How many grade beside each other; with one it is this process.

    Yields:
        The entries, in the order of the sources.

    Raises:
        LeaderboardError: A submission can't be shown, or a process died.
    """
    marks = Marks(suite, " ".join(one.submission for one in sources if isinstance(one, Chosen)))
    if min(processes, len(sources)) <= 1:
        yield from (_grade(source, suite, problems, data, marks) for source in sources)
        return
    with tempfile.TemporaryDirectory() as folder:
        # in a file, for a process that dies as it starts would let the first one wait for it to take much
        shared = Path(folder) / "shared"
        shared.write_bytes(pickle.dumps((suite, problems, data, marks)))
        yield from _beside_each_other(sources, shared, processes)


def _beside_each_other(sources: Sequence[Source], shared: Path, processes: int) -> Iterator[Entry]:
    context = multiprocessing.get_context("spawn")  # a forked one would share the process that compares expressions
    workers = min(processes, len(sources))
    with ProcessPoolExecutor(workers, context, initializer=_start, initargs=(shared,)) as pool:
        try:
            yield from pool.map(_grade_here, sources)
        except BrokenProcessPool as error:
            raise LeaderboardError(
                "a process that grades died, perhaps for want of memory; expected it to finish. Build with "
                "--processes 1"
            ) from error
        finally:
            pool.shutdown(cancel_futures=True)  # and waits: what its processes read is taken away after it


def _start(shared: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the first process
    _shared[:] = [pickle.loads(shared.read_bytes())]


def _grade_here(source: Source) -> Entry:
    return _grade(source, *_shared[0])


def _grade(source: Source, suite: Suite, problems: Problems, data: Path, marks: Marks) -> Entry:
    if isinstance(source, Respondent):
        entry, answers = reference_entry(source, suite, problems)
    else:
        entry, answers = submission_entry(source, suite, problems, marks)
    for task, rows in answers.items():
        write_data(data, f"answers-{entry.file}-{task}", answers_data(rows))
    return entry
