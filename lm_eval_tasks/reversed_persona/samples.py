"""Responses on file -> typed rows: a sample log of these tasks, or any JSON lines with `gold` and `response`."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from reversed_persona.answers import QUESTION_HEADER, opens_thinking, read_gold
from reversed_persona.answers.reading.notation import box_content
from reversed_persona.errors import SettingsError

__all__ = ["BadRow", "Recorded", "read_responses"]

MAX_ROW_BYTES = 20 << 20  # a question's responses at 32k tokens each stay far below


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
    names: Mapping[str, Any] | None = None
    correct: bool | None = None


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
    try:
        with path.open("rb") as file:
            for number, line in _lines(file):
                if line is None:
                    yield BadRow(number, f"is longer than {MAX_ROW_BYTES >> 20} MB")
                elif line.strip():
                    yield from _recorded(number, line)
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


def _recorded(number: int, line: bytes) -> Iterator[Recorded | BadRow]:
    try:
        row = json.loads(line)
        if not isinstance(row, dict):
            raise ValueError(f"is a {type(row).__name__}; expected an object")
        found = list(_from_sample_log(number, row) if "resps" in row else _from_plain_row(number, row))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        said = f"has no field {error}" if isinstance(error, KeyError) else str(error)
        yield BadRow(number, said)
    else:
        yield from found


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
    """Take one question's responses apart: each persona's, each repeat."""
    doc = row["doc"]
    for persona, (responses, verdicts) in enumerate(zip(row["resps"], row["filtered_resps"], strict=True)):
        name = json.loads(verdicts[0])["persona"]
        prompt = row["arguments"][f"gen_args_{persona}"]["arg_0"]
        for repeat, response in enumerate(responses):
            yield Recorded(
                row=number,
                response=response if isinstance(response, str) else "",  # None: an API's empty reply
                gold=_gold(doc),
                question=_text(doc, "question"),
                solution=_text(doc, "solution"),
                thinking=isinstance(prompt, str) and opens_thinking(prompt),
                header=_header(prompt, doc["question"]),
                names={"problem_id": _text(doc, "problem_id"), "persona": name, "repeat": repeat},
            )


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
    read_gold(gold)  # refuses one that says nothing: "$"
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
