"""Grade responses that are on file already.

file -> samples.read_responses -> Recorded | BadRow -> rescore -> one record a response -> Rescored
"""

import json
from collections.abc import Mapping
from typing import Any

from reversed_persona.answers import constants, grade, kind_of_wrong, read_gold, start_comparing
from reversed_persona.samples import BadRow, Recorded

__all__ = ["Rescored", "prepare", "rescore"]


def prepare(found: Recorded | BadRow) -> None:
    """Start the process that compares expressions where a gold is one; the first such verdict need not wait for it."""
    if isinstance(found, Recorded) and read_gold(found.gold).kind == "expression":
        start_comparing()


def rescore(found: Recorded | BadRow) -> dict[str, Any]:
    """Grade one response.

    Returns:
        row, what names the response, status, reason, answer, method, span, kind (of a wrong answer, else None), flip,
        derived and, where the file says so, correct; for a bad row, row and error.
    """
    if isinstance(found, BadRow):
        return {"row": found.row, "error": found.said}
    verdict = grade(
        found.response,
        gold=found.gold,
        question=found.question,
        thinking=found.thinking,
        header=found.header,
        reply_header=found.reply_header,
    )
    kind = None
    if verdict.status == "wrong" and verdict.answer is not None:
        kind = kind_of_wrong(verdict.answer, gold=found.gold, question=found.question, solution=found.solution)
    labelled = {} if found.correct is None else {"correct": found.correct}
    return {"row": found.row, **(found.names or {}), **verdict.fields(), "kind": kind, **labelled}


class Rescored:
    """The records of a file, counted and kept as the lines that they are written as, so that a million fit in memory.

    Attributes:
        lines: One line of JSON a record.
        seconds: How long the grading took, to be added up by the caller.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self.lines: list[str] = []
        self.seconds = 0.0
        self._counts = dict.fromkeys(("correct", "wrong", "unanswered", "bad_rows"), 0)
        self._labels = dict.fromkeys(("labelled", "agreed", "false_correct", "false_wrong"), 0)
        self._wrong: dict[Any, list[tuple[int, str]]] = {}

    def add(self, record: Mapping[str, Any]) -> None:
        """Count a record of `rescore`, and keep it."""
        status = record.get("status", "bad_rows")
        self._counts[status] += 1
        if status == "wrong":
            self._wrong.setdefault(record.get("persona"), []).append((len(self.lines), record["answer"]))
        if "correct" in record:
            said, labelled = status == "correct", record["correct"]
            self._labels["labelled"] += 1
            self._labels["agreed"] += said == labelled
            self._labels["false_correct"] += said and not labelled
            self._labels["false_wrong"] += labelled and not said
        self.lines.append(json.dumps(record))

    def mark_constants(self) -> None:
        """Set the kind "constant" in the records of wrong answers that a persona gives again and again."""
        for wrong in self._wrong.values():
            repeated = constants(answer for _, answer in wrong)
            for number, answer in wrong:
                if answer in repeated:
                    self.lines[number] = json.dumps(json.loads(self.lines[number]) | {"kind": "constant"})

    def summary(self) -> dict[str, Any]:
        """Return the counts.

        Returns:
            n (graded responses), correct, wrong, unanswered, bad_rows, per_second (graded responses over the seconds of
            grading alone: reading, writing and starting the process that compares expressions are left out); and over
            the n_labelled responses whose file says whether they are correct: agreement in [0, 1], false_correct and
            false_wrong (counts; an unanswered response is not correct). None where nothing was counted.
        """
        graded, labelled = len(self.lines) - self._counts["bad_rows"], self._labels["labelled"]
        return {
            "n": graded,
            **self._counts,
            "per_second": round(graded / self.seconds, 1) if graded and self.seconds > 0 else None,
            "n_labelled": labelled,
            "agreement": self._labels["agreed"] / labelled if labelled else None,
            "false_correct": self._labels["false_correct"] if labelled else None,
            "false_wrong": self._labels["false_wrong"] if labelled else None,
        }
