"""Grade responses that are on file already.

file -> samples.read_responses -> Recorded | BadRow -> rescore -> one record a response -> Rescored
"""

import json
from collections import Counter
from collections.abc import Hashable, Mapping
from typing import Any, NamedTuple

from reversed_persona.answers import constants, grade, kind_of_wrong, read_gold, start_comparing
from reversed_persona.json_lines import BadRow
from reversed_persona.samples import Recorded

__all__ = ["Rescored", "prepare", "rescore"]

_STATUSES = ("correct", "wrong", "unanswered")


class _Wrong(NamedTuple):
    """A wrong answer: its line, its problem, and what it is."""

    line: int
    problem: Hashable
    answer: str


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
    """The records of a file, counted and kept as the lines that they are written as: half a kilobyte a response.

    Attributes:
        lines: One line of JSON a record.
        seconds: How long the grading took, to be added up by the caller.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self.lines: list[str] = []
        self.seconds = 0.0
        self._statuses: Counter[str] = Counter()
        self._by_persona: dict[str, Counter[str]] = {}
        self._reasons: Counter[str] = Counter()
        self._kinds: Counter[str] = Counter()
        self._labels = dict.fromkeys(("labelled", "agreed", "false_correct", "false_wrong"), 0)
        self._wrong: dict[Any, list[_Wrong]] = {}

    def add(self, record: Mapping[str, Any], question: str = "") -> None:
        """Count a record of `rescore`, and keep it.

        Args:
            record: What `rescore` returned.
            question: The question asked, which tells problems apart where no problem_id does.
        """
        status, persona = record.get("status", "bad_rows"), record.get("persona")
        self._statuses[status] += 1
        if persona is not None:
            self._by_persona.setdefault(persona, Counter())[status] += 1
        if record.get("reason"):
            self._reasons[record["reason"]] += 1
        if status == "wrong":
            problem = record.get("problem_id") or question or record["row"]
            self._wrong.setdefault(persona, []).append(_Wrong(len(self.lines), problem, record["answer"]))
            self._kinds[record["kind"]] += 1
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
            repeated = constants((one.problem, one.answer) for one in wrong)
            for one in wrong:
                if one.answer in repeated:
                    record = json.loads(self.lines[one.line])
                    self._kinds[record["kind"]] -= 1
                    self._kinds["constant"] += 1
                    self.lines[one.line] = json.dumps(record | {"kind": "constant"})

    def summary(self) -> dict[str, Any]:
        """Return the counts.

        Returns:
            n (graded responses), correct, wrong, unanswered, bad_rows, per_second (graded responses over the seconds of
            grading alone: reading, writing and starting the process that compares expressions are left out); over the
            n_labelled responses whose file says whether they are correct: agreement in [0, 1], false_correct and
            false_wrong (counts; an unanswered response is not correct); and counts of reasons, of kinds of wrong
            answers and, in a sample log, of the verdicts on each persona. None where nothing was counted.
        """
        graded, labelled = len(self.lines) - self._statuses["bad_rows"], self._labels["labelled"]
        return {
            "n": graded,
            **{status: self._statuses[status] for status in (*_STATUSES, "bad_rows")},
            "per_second": round(graded / self.seconds, 1) if graded and self.seconds > 0 else None,
            "n_labelled": labelled,
            "agreement": self._labels["agreed"] / labelled if labelled else None,
            "false_correct": self._labels["false_correct"] if labelled else None,
            "false_wrong": self._labels["false_wrong"] if labelled else None,
            "reasons": dict(self._reasons.most_common()),
            "kinds": {kind: count for kind, count in self._kinds.most_common() if count},
            "personas": {
                persona: {status: counts[status] for status in _STATUSES}
                for persona, counts in self._by_persona.items()
            },
        }
