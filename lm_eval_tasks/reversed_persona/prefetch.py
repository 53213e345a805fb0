"""Problem sets for machines without a network: download once, check, carry over."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from reversed_persona.errors import ProblemsError
from reversed_persona.output import check_room
from reversed_persona.problem_sources import hub_rows, read_rows
from reversed_persona.problems import PROBLEM_SETS, Problem, ProblemSet, problems_digest, to_problems
from reversed_persona.writing import write_lines

__all__ = ["CHECKSUMS", "prefetch"]

CHECKSUMS = "SHA256SUMS"
ROOM_BYTES = 4 << 20


def prefetch(folder: Path) -> Iterator[str]:
    """Put every problem set that is on the Hub into a folder, as `problems_dir` expects it.

    What is there and right stays; what is missing, cut off or altered is fetched again. A checksum file that
    `sha256sum -c` reads is written beside them.

    Args:
        folder: The folder; made if it isn't there.

    Yields:
        A line for each file as it is done.

    Raises:
        ProblemsError: The Hub can't be reached, or holds something else than this version expects.
        OutputError: A file can't be written.
    """
    check_room("prefetch", str(folder), ROOM_BYTES)
    sums: dict[str, str] = {}
    for problem_set in PROBLEM_SETS.values():
        if problem_set.hub is None:  # ships with the package
            continue
        path = folder / problem_set.name / "test.jsonl"
        if _is_right(problem_set, path):
            yield f"{path}: {problem_set.rows} problems, there already"
        else:
            source, rows = hub_rows(problem_set.name, problem_set.hub)
            raw = [dict(row) for _, row in rows]
            _check(problem_set, to_problems(problem_set, source, enumerate(raw, start=1)), source)
            write_lines(path, (json.dumps({key: row[key] for key in problem_set.fields}) for row in raw))
            yield f"{path}: {problem_set.rows} problems from {source}"
        sums[f"{problem_set.name}/{path.name}"] = hashlib.sha256(path.read_bytes()).hexdigest()
    write_lines(folder / CHECKSUMS, (f"{digest}  {name}" for name, digest in sums.items()))
    yield f"{folder / CHECKSUMS}: check the copy with `sha256sum -c {CHECKSUMS}`"


def _is_right(problem_set: ProblemSet, path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        return problems_digest(to_problems(problem_set, str(path), read_rows(path))) == problem_set.digest
    except ProblemsError:  # cut off, or something else
        return False


def _check(problem_set: ProblemSet, problems: Iterable[Problem], source: str) -> None:
    found = problems_digest(problems)
    if found != problem_set.digest:
        raise ProblemsError(
            f"{source}: has digest {found[:12]}; expected {problem_set.digest[:12]}, the problems of this version. "
            "Something between here and the Hub altered the file; empty the Hub client's cache and try again"
        )
