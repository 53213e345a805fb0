"""Responses on file -> typed rows: a sample log of these tasks, or any JSON lines with `gold` and `response`.

    read_responses      one record a response, from either kind of file: what `grade` judges again
    read_sample_log     one record a question, with every arm's responses: what a follow-up pass goes on from

A file may be anybody's: its rows are taken for what they are, checked, and limited in size.
"""

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from reversed_persona.answers import QUESTION_HEADER, opens_thinking
from reversed_persona.answers.reading.notation import box_content
from reversed_persona.errors import SettingsError

__all__ = ["ArmResponses", "BadRow", "Recorded", "SampleRow", "read_responses", "read_sample_log"]

MAX_ROW_BYTES = 20 << 20  # a question's responses at 32k tokens each stay far below

_Row = TypeVar("_Row")


@dataclass(frozen=True)
class Recorded:
    """One response on file.

    Attributes:
        row: Number of its line, from 1.
        response: What was answered.
        gold: The reference answer.
        question: The question, or "".
        solution: The gold solution, or "".
        thinking: The prompt had opened a thinking tag.
        header: How the prompt's line began that put the question.
        reply_header: How the line begins below which the reply stands, "" where all of the response is the reply.
        names: What else tells it from others: problem_id, persona, repeat.
        correct: Somebody else's verdict, None where there is none.
    """

    row: int
    response: str
    gold: str
    question: str = ""
    solution: str = ""
    thinking: bool = False
    header: str = QUESTION_HEADER
    reply_header: str = ""
    names: Mapping[str, Any] | None = None
    correct: bool | None = None


@dataclass(frozen=True)
class ArmResponses:
    """What one arm answered to one question.

    Attributes:
        arm: Its id.
        responses: One for each repeat, "" for an API's empty reply.
        prompt: What the model read; of a chat server's messages the JSON.
        filtered: What the task's filter made of each response.
    """

    arm: str
    responses: tuple[str, ...]
    prompt: str
    filtered: tuple[Mapping[str, Any], ...] = ()

    @property
    def thinking(self) -> bool:
        """The prompt had opened a thinking tag."""
        return opens_thinking(self.prompt)


@dataclass(frozen=True)
class SampleRow:
    """One question of a sample log.

    Attributes:
        row: Number of its line, from 1.
        doc: The problem's row and whatever the task added to it.
        arms: Every arm's responses, in the order in which they were asked.
    """

    row: int
    doc: Mapping[str, Any]
    arms: tuple[ArmResponses, ...]


@dataclass(frozen=True)
class BadRow:
    """A line that holds no response.

    Attributes:
        row: Its number, from 1.
        said: What is wrong with it.
    """

    row: int
    said: str


def read_responses(path: Path) -> Iterator[Recorded | BadRow]:
    """Read a file line by line; a bad one doesn't stop the rest.

    Raises:
        SettingsError: The file can't be opened or read.
    """
    yield from _read(path, _recorded)


def read_sample_log(path: Path) -> Iterator[SampleRow | BadRow]:
    """Read a sample log of these tasks question by question; a bad row doesn't stop the rest.

    Raises:
        SettingsError: The file can't be opened or read.
    """
    yield from _read(path, lambda number, row: [_sample_row(number, row)])


def _read(path: Path, take: Callable[[int, dict[str, Any]], Iterable[_Row]]) -> Iterator[_Row | BadRow]:
    try:
        with path.open("rb") as file:
            for number, line in _lines(file):
                if line is None:
                    yield BadRow(number, f"is longer than {MAX_ROW_BYTES >> 20} MB")
                elif line.strip():
                    yield from _taken(number, line, take)
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}; expected a file of JSON lines") from error


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Number the lines; None for one that is too long, of which the rest is passed over."""
    number = 0
    while line := file.readline(MAX_ROW_BYTES):
        number += 1
        whole = line.endswith(b"\n") or len(line) < MAX_ROW_BYTES
        rest = line
        while not whole and rest and not rest.endswith(b"\n"):
            rest = file.readline(MAX_ROW_BYTES)
        yield number, line if whole else None


def _taken(number: int, line: bytes, take: Callable[[int, dict[str, Any]], Iterable[_Row]]) -> Iterator[_Row | BadRow]:
    try:
        row = json.loads(line)
        if not isinstance(row, dict):
            raise ValueError(f"is a {type(row).__name__}; expected an object")
        found = list(take(number, row))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        said = f"has no field {error}" if isinstance(error, KeyError) else str(error)
        yield BadRow(number, said)
    else:
        yield from found


def _recorded(number: int, row: dict[str, Any]) -> Iterator[Recorded]:
    return _from_sample_log(number, row) if "resps" in row else _from_plain_row(number, row)


def _from_plain_row(number: int, row: Mapping[str, Any]) -> Iterator[Recorded]:
    correct = row.get("correct")
    if correct is not None and not isinstance(correct, bool):
        raise ValueError(f"correct: got {correct!r:.40}; expected true or false")
    yield Recorded(
        row=number,
        response=_text(row, "response"),
        gold=_gold(row),
        question=_text(row, "question") if "question" in row else "",
        solution=_text(row, "solution") if "solution" in row else "",
        correct=correct,
    )


def _from_sample_log(number: int, row: Mapping[str, Any]) -> Iterator[Recorded]:
    """Take one question's responses apart: each arm's, each repeat."""
    sample = _sample_row(number, row)
    doc = sample.doc
    for given in sample.arms:
        for repeat, response in enumerate(given.responses):
            yield Recorded(
                row=number,
                response=response,
                gold=_gold(doc),
                question=_text(doc, "question"),
                solution=_text(doc, "solution"),
                thinking=given.thinking,
                header=_header(given.prompt, doc["question"]),
                reply_header=_text(doc, "reply_header") if "reply_header" in doc else "",
                names={"problem_id": _text(doc, "problem_id"), "persona": given.arm, "repeat": repeat},
            )


def _sample_row(number: int, row: Mapping[str, Any]) -> SampleRow:
    doc = row["doc"]
    if not isinstance(doc, dict):
        raise ValueError(f"doc: got {doc!r:.40}; expected an object")
    given, verdicts = row["resps"], row["filtered_resps"]
    if not isinstance(given, list) or not isinstance(verdicts, list) or len(given) != len(verdicts):
        raise ValueError("resps and filtered_resps: expected one list for each arm in both")
    filtered = [tuple(map(json.loads, lines)) for lines in verdicts]
    return SampleRow(
        number,
        doc,
        tuple(
            ArmResponses(
                arm=_text(of_arm[0], "persona"),
                responses=_responses(responses),
                prompt=str(row["arguments"][f"gen_args_{place}"]["arg_0"]),
                filtered=of_arm,
            )
            for place, (of_arm, responses) in enumerate(zip(filtered, given, strict=True))
        ),
    )


def _responses(given: object) -> tuple[str, ...]:
    if not isinstance(given, list) or not given:
        raise ValueError(f"resps: got {given!r:.40}; expected a list of responses for each arm")
    return tuple(one if isinstance(one, str) else "" for one in given)  # None: an API's empty reply


def _header(prompt: object, question: str) -> str:
    """Read off a prompt how its line begins that puts the question; our own way where that doesn't show."""
    before, found, _ = str(prompt).rpartition(question)
    line = before.replace("\\n", "\n").rpartition("\n")[2].strip()  # a chat server's prompt is JSON
    ours = line.endswith(QUESTION_HEADER) or not found or not question
    return QUESTION_HEADER if ours else line


def _gold(row: Mapping[str, Any]) -> str:
    gold = row["gold"]
    if isinstance(gold, int | float) and not isinstance(gold, bool) and math.isfinite(gold):
        return str(gold)
    gold = _from_solution(_text(row, "gold"), row.get("dataset"))
    if not gold.strip():
        raise ValueError("gold: is empty; expected a reference answer")
    return gold


def _from_solution(gold: str, dataset: object) -> str:
    """Take the answer out of a gold that is the whole solution, as the datasets give it."""
    if dataset not in (None, "gsm8k", "math"):
        raise ValueError(f"dataset: got {dataset!r:.40}; expected gsm8k or math")
    if "####" in gold and dataset != "math":
        return gold.rpartition("####")[2].strip()
    if "\\boxed" in gold and dataset != "gsm8k":
        content = box_content(gold, gold.rfind("\\boxed"))
        return gold[slice(*content)] if content else gold
    return gold


def _text(row: Mapping[str, Any], field: str) -> str:
    value = row[field]
    if not isinstance(value, str):
        raise ValueError(f"{field}: got {value!r:.40}; expected a string")
    return value
