"""Responses on file -> typed rows: a sample log of these tasks, or any JSON lines with `gold` and `response`.

    read_responses      one record a response, from either kind of file: what `grade` judges again
    read_sample_log     one record a question, with every arm's responses: what a follow-up pass goes on from

A file may be anybody's: its rows are taken for what they are, checked, and limited in size.
"""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reversed_persona.answers import QUESTION_HEADER, opens_thinking, read_gold
from reversed_persona.answers.reading.notation import box_content
from reversed_persona.json_lines import BadRow, read_json_lines

__all__ = ["ArmResponses", "Recorded", "SampleRow", "logged_prompt", "read_responses", "read_sample_log"]


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


def read_responses(path: Path) -> Iterator[Recorded | BadRow]:
    """Read a file line by line; a bad one doesn't stop the rest.

    Raises:
        SettingsError: The file can't be opened or read.
    """
    yield from read_json_lines(path, _recorded)


def read_sample_log(path: Path) -> Iterator[SampleRow | BadRow]:
    """Read a sample log of these tasks question by question; a bad row doesn't stop the rest.

    Raises:
        SettingsError: The file can't be opened or read.
    """
    yield from read_json_lines(path, lambda number, row: [_sample_row(number, row)])


def _recorded(number: int, row: dict[str, Any]) -> Iterator[Recorded]:
    return _from_sample_log(number, row) if "resps" in row else _from_plain_row(number, row)


def _from_plain_row(number: int, row: Mapping[str, Any]) -> Iterator[Recorded]:
    correct = row.get("correct")
    if correct is not None and correct not in (True, False):
        raise ValueError(f"correct: got {correct!r:.40}; expected true or false")
    yield Recorded(
        row=number,
        response=_text_or_null(row, "response"),  # null: an API's empty reply
        gold=_gold(row),
        question=_text_or_null(row, "question") if "question" in row else "",
        solution=_text_or_null(row, "solution") if "solution" in row else "",
        correct=None if correct is None else bool(correct),
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
                prompt=logged_prompt(row, place),
                filtered=of_arm,
            )
            for place, (of_arm, responses) in enumerate(zip(filtered, given, strict=True))
        ),
    )


def logged_prompt(row: Mapping[str, Any], place: int) -> str:
    """Return what the model read for one request of a logged row; of a chat server's messages the JSON.

    Args:
        row: As lm-eval logs it.
        place: The request's number, from 0.
    """
    given = row["arguments"][f"gen_args_{place}"]["arg_0"]
    if isinstance(given, list) and len(given) == 1:  # lm-eval wraps the JSON for a chat server in a tuple
        (given,) = given
    return str(given)


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
    if _is_number(row["gold"]):
        return str(row["gold"])
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
    if dataset == "gsm8k" and read_gold(gold or " ").kind != "number":
        raise ValueError(f"gold: got {gold!r:.40}; expected a number, or a solution that ends with '#### <number>'")
    return gold


def _text(row: Mapping[str, Any], field: str) -> str:
    value = row[field]
    if not isinstance(value, str):
        raise ValueError(f"{field}: got {value!r:.40}; expected a string")
    return value


def _text_or_null(row: Mapping[str, Any], field: str) -> str:
    value = row[field]
    if value is None:
        return ""
    return str(value) if _is_number(value) else _text(row, field)


def _is_number(value: object) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool)) or (
        isinstance(value, float) and math.isfinite(value)
    )
