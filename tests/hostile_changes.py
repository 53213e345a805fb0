"""Submissions that must not get in: one table of (name, what is done to a valid one, what the validator has to say).

change      is done to the parts, before hashes and folder names are made to fit: what a careful cheat hands in
touch       is done to the folder afterwards: what is broken, careless or meant to break the validator
"""

import copy
import gzip
import io
import json
import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from judged_files import with_judge
from reversed_persona.leaderboard.submissions.files import RECORD, samples_name
from submission_files import Parts, expected_scores, make_parts, sample_suite, write_parts

CORE, CONTROL = "sample_reversed_persona", "control_reversed_persona_sample"
SAMPLES = samples_name(CORE)
SCRIPT = "<script>alert(1)</script>"


@dataclass(frozen=True)
class Hostile:
    """A submission that must not get in.

    Attributes:
        name: What is wrong with it.
        says: What a finding has to say.
        change: Done to the parts.
        touch: Done to the folder; returns where it is now, if it is elsewhere.
        kind: Of the finding.
        judged: Whether the valid one holds a judge's replies.
    """

    name: str
    says: str
    change: Callable[[Parts], Any] | None = None
    touch: Callable[[Path], Any] | None = None
    kind: str = "refused"
    judged: bool = False

    def write(self, board: Path) -> Path:
        """Write it on a board."""
        parts = judged_parts() if self.judged else valid_parts()
        if self.change:
            self.change(parts)
        folder = write_parts(board, parts)
        moved = self.touch(folder) if self.touch else None
        return moved if isinstance(moved, Path) else folder


@cache
def _valid() -> Parts:
    return make_parts(model="org/model", tasks=(CORE, CONTROL), seed=3, low=0.3, unanswered_low=0.1, deliberate=0.2)


def valid_parts() -> Parts:
    """The parts of a valid submission, to be changed."""
    return copy.deepcopy(_valid())


@cache
def _judged() -> Parts:
    return with_judge(valid_parts())


def judged_parts() -> Parts:
    """The parts of a valid submission with a judge's replies, to be changed."""
    return copy.deepcopy(_judged())


def row(parts: Parts, number: int = 0, task: str = CORE) -> dict[str, Any]:
    return parts.rows[task][number]


def arm(parts: Parts, name: str, number: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = row(parts, number)["arms"][name]
    return found


def metadata(parts: Parts, task: str = CORE) -> dict[str, Any]:
    found: dict[str, Any] = parts.results["configs"][task]["metadata"]
    return found


def at(path: str, value: Any, of: str = "record") -> Callable[[Parts], None]:
    """Set a field of submission.yaml, or of results.json, by its path."""

    def change(parts: Parts) -> None:
        *way, last = path.split("/")
        place = getattr(parts, of)
        for key in way:
            place = place[key]
        if value is None and last not in place:
            raise KeyError(path)
        place[last] = value

    return change


def in_results(path: str, value: Any) -> Callable[[Parts], None]:
    return at(path, value, "results")


def raw(name: str, content: bytes | Callable[[], bytes]) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        parts.raw[name] = content() if callable(content) else content

    return change


def both(*changes: Callable[[Parts], Any]) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        for one in changes:
            one(parts)

    return change


def with_scores(change: Callable[[Parts], Any]) -> Callable[[Parts], None]:
    """Change rows, and make the scores and counts fit them."""

    def changed(parts: Parts) -> None:
        change(parts)
        for task, rows in parts.rows.items():
            parts.results["results"][task] = expected_scores(sample_suite(), task, rows)
            parts.results["n-samples"][task] = {"original": len(rows), "effective": len(rows)}

    return changed


def wrong_for_low(parts: Parts) -> None:
    """Say of a right answer as low that it is wrong."""
    for place in range(64):
        (verdict,) = arm(parts, "low", place)["verdicts"]
        if verdict["status"] == "correct":
            verdict["status"] = "wrong"
            return


def without_hard_ones(parts: Parts) -> None:
    """Drop what it did not get right."""
    rows = parts.rows[CORE]
    parts.rows[CORE] = [one for one in rows if one["arms"]["none"]["verdicts"][0]["status"] == "correct"]


def easy_ones_twice(parts: Parts) -> None:
    """Put a copy of an easy one in the place of a hard one."""
    rows = parts.rows[CORE]
    hard = next(n for n, one in enumerate(rows) if one["arms"]["none"]["verdicts"][0]["status"] != "correct")
    rows[hard] = copy.deepcopy(rows[0 if hard else 1])


def personas_swapped(parts: Parts) -> None:
    """Hand in as low what it said as none, prompts and all."""
    for one in parts.rows[CORE]:
        arms = one["arms"]
        arms["none"], arms["low"] = arms["low"], arms["none"]


def responses_swapped(parts: Parts) -> None:
    for one in parts.rows[CORE]:
        high, low = one["arms"]["high"], one["arms"]["low"]
        for key in ("responses", "verdicts"):
            high[key], low[key] = low[key], high[key]


def prompts_altered(parts: Parts) -> None:
    for one in parts.rows[CORE]:
        one["arms"]["low"]["prompt"] = "0" * 64


def one_prompt_for_all(parts: Parts) -> None:
    parts.results["prompt_format"] = "chat"
    for one in parts.rows[CORE]:
        for of_arm in one["arms"].values():
            of_arm["prompt"] = "1" * 64


def fingerprint_altered(parts: Parts) -> None:
    metadata(parts)["prompt_fingerprints"]["low"] = "0123456789abcdef"


def answers_that_cost(parts: Parts) -> None:
    """Give answers that keep a computer algebra system busy."""
    for one in parts.rows[CORE]:
        for number, of_arm in enumerate(one["arms"].values()):
            power = f"{len(one['problem_id']) + number}"
            of_arm["responses"] = [f"Final answer: $\\sum_{{k=1}}^{{99999}} \\sqrt[{power}]{{k^{{k}}}}^{{k!}}$"]


def undecided_everywhere(parts: Parts) -> None:
    answers_that_cost(parts)
    for one in parts.rows[CORE]:
        for of_arm in one["arms"].values():
            of_arm["verdicts"][0] |= {"status": "unanswered", "reason": "undecided", "flip": False, "derived": False}


def undecided_to_us(parts: Parts) -> None:
    """Give answers that our grading can't decide, say of them what suits, and hope that the rest is no longer read."""
    for number, one in enumerate(parts.rows[CORE]):
        for of_arm in one["arms"].values():
            digits = "9" * 1_500
            of_arm["responses"] = [f"Final answer: {digits}" if number < 8 else "No, no."]
            of_arm["verdicts"] = [{"status": "wrong", "reason": None, "answer": digits, "flip": False, "derived": True}]
    parts.results["results"][CORE]["reversal,verdict"] = 1.0


def hidden_thoughts(parts: Parts) -> None:
    """Put before every response what is not graded, so that it passes for another one than it was copied from."""
    for number, one in enumerate(parts.rows[CORE]):
        for of_arm in one["arms"].values():
            of_arm["responses"] = [f"<think>{number}</think>{text}" for text in of_arm["responses"]]


def long_responses(parts: Parts) -> None:
    """Fill the lines as far as they may go."""
    for one in parts.rows[CORE]:
        for of_arm in one["arms"].values():
            of_arm["responses"] = ["(((([[[[{{{{ 12 = 13 + " * 25_000]


def nested(depth: int = 100_000) -> bytes:
    return b"[" * depth + b"]" * depth


def packed_raw(content: bytes, **how: Any) -> bytes:
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", **{"filename": "", "mtime": 0, **how}) as file:
        file.write(content)
    return buffer.getvalue()


@cache
def bomb(chunk: bytes, megabytes: int) -> bytes:
    """A gzip file that unpacks to very much."""
    packing = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = chunk * ((1 << 20) // len(chunk))
    packed = b"".join([*(packing.compress(block) for _ in range(megabytes)), packing.flush()])
    return packed[:4] + bytes(4) + packed[8:]


def lines_of(parts: Parts) -> list[str]:
    return [json.dumps(one, separators=(",", ":")) for one in parts.rows[CORE]]


def first_line(edit: Callable[[str], str]) -> Callable[[Parts], None]:
    """Change the text of the first row, whatever becomes of it."""

    def change(parts: Parts) -> None:
        first, *others = lines_of(parts)
        parts.raw[SAMPLES] = packed_raw("".join(f"{one}\n" for one in (edit(first), *others)).encode())

    return change


def results_with(metric: str, number: str) -> bytes:
    """Write results.json with a number as it stands here."""
    parts = valid_parts()
    parts.results["results"][CORE][metric] = 123456789.0
    return json.dumps(parts.results).replace("123456789.0", number).encode()


def write(name: str, content: bytes = b"x") -> Callable[[Path], None]:
    def touch(folder: Path) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    return touch


def link(name: str, target: str) -> Callable[[Path], None]:
    def touch(folder: Path) -> None:
        path = folder / name
        if path.is_dir():
            path.rename(folder.parent / "moved")
        else:
            path.unlink(missing_ok=True)
        path.symlink_to(target)

    return touch


def fifo(folder: Path) -> None:
    (folder / SAMPLES).unlink()
    os.mkfifo(folder / SAMPLES)


def edit(name: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def touch(folder: Path) -> None:
        path = folder / name
        path.write_bytes(change(path.read_bytes()))

    return touch


def many_files(folder: Path) -> None:
    for number in range(100):
        (folder / "samples" / f"task_{number}.jsonl.gz").write_bytes(b"")


def yaml_with(text: str) -> Callable[[Path], None]:
    """Put a line behind submission.yaml, or in the place of one that begins alike."""

    def change(old: bytes) -> bytes:
        key = text.partition(":")[0].encode()
        lines = [line for line in old.splitlines() if not line.startswith(key + b":")]
        return b"\n".join([*lines, text.encode("utf-8", "surrogatepass"), b""])

    return edit(RECORD, change)
