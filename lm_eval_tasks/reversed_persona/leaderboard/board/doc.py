"""A judge's replies in a submission -> Degree of Contrast, as `judging.scores` defines it, with intervals.

It is one model's opinion of another's texts, unvalidated, and hangs on the judge: no rank and no table of the board
takes it up.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from reversed_persona.judging.scores import metric_names, question_scores
from reversed_persona.judging.settings import same_model
from reversed_persona.leaderboard.submissions.grading import GradedRow
from reversed_persona.leaderboard.submissions.judgements import Judged
from reversed_persona.leaderboard.submissions.record import SubmissionRecord
from reversed_persona.statistics.intervals import Interval, scale_interval, share_interval

__all__ = ["LABEL", "Doc", "DocNumber", "doc_lines", "measure_doc"]

LABEL = "unvalidated"
ORDER = (
    *("doc_rating", "doc_null_none", "doc_null_identical", "doc_masked", "doc_both_correct", "doc_identified"),
    *("doc_order_gap", "doc_position_a", "doc_unrated", "doc_unnamed"),
    *("doc_unrated_null_none", "doc_unrated_null_identical", "doc_unrated_masked"),
)
"""What a number has to be held against stands next to it."""
_RATINGS = ("doc_rating", "doc_null_none", "doc_null_identical", "doc_masked", "doc_both_correct")
_SCALES: Mapping[str, tuple[float, float]] = {**dict.fromkeys(_RATINGS, (1, 5)), "doc_order_gap": (-4, 4)}
"""All others are shares."""


@dataclass(frozen=True)
class DocNumber:
    """One number of a judge's.

    Attributes:
        name: As in `judging.scores`.
        mean: Over the questions that have a value, with a 95 % interval; None where none has.
        stderr: The standard error as lm-eval has it; None with fewer than two values.
        n: How many have one.
    """

    name: str
    mean: Interval | None
    stderr: float | None
    n: int


@dataclass(frozen=True)
class Doc:
    """What one judge said of a submission.

    Attributes:
        judge: Its id, revision, backend, date and prompts, as the submission says; None where it says nothing.
        self_judging: Whether it has the judged model's name.
        numbers: By judged task.
    """

    judge: Mapping[str, str | None]
    self_judging: bool
    numbers: Mapping[str, Sequence[DocNumber]]


def measure_doc(
    record: SubmissionRecord, judged: Mapping[str, Judged], answers: Mapping[str, Sequence[GradedRow]]
) -> Doc | None:
    """Score a judge's replies.

    Args:
        record: What submission.yaml says.
        judged: What the judge said, by judged task.
        answers: The responses and our verdicts, by task.

    Returns:
        None where there is no judge.
    """
    judge = record.judge
    if judge is None or not judged:
        return None
    return Doc(
        judge={
            "id": judge.id,
            "revision": judge.revision,
            "backend": judge.backend,
            "date": judge.date,
            "prompts": judge.prompt_format,
        },
        self_judging=same_model(judge.id, record.model.id),
        numbers={task: _numbers(one, answers[task]) for task, one in judged.items()},
    )


def doc_lines(doc: Doc | None) -> Iterator[dict[str, Any]]:
    """Yield, for each judged task, what leaderboard.json says of it."""
    for task, numbers in doc.numbers.items() if doc else ():
        assert doc is not None
        said = {
            one.name: {**(one.mean._asdict() if one.mean else {"estimate": None}), "stderr": one.stderr, "n": one.n}
            for one in numbers
        }
        yield {
            "task": task,
            "judge": dict(doc.judge),
            "label": LABEL,
            "self_judging": doc.self_judging,
            "numbers": said,
        }


def _numbers(judged: Judged, rows: Sequence[GradedRow]) -> list[DocNumber]:
    names = metric_names(judged.showings)
    values: dict[str, list[float]] = {name: [] for name in ORDER if name in names}
    for row in rows:
        both_correct = all(row.arms[arm].verdicts[0].status == "correct" for arm in ("high", "low"))
        scores = question_scores(judged.replies[row.problem["problem_id"]], both_correct)
        for name, value in scores.items():
            if value is not None:
                values[name].append(value)
    return [_number(name, found) for name, found in values.items()]


def _number(name: str, values: Sequence[float]) -> DocNumber:
    if not values:
        return DocNumber(name, None, None, 0)
    scale = _SCALES.get(name)
    mean = share_interval(values) if scale is None else scale_interval(values, *scale)
    stderr = float(np.std(values, ddof=1) / len(values) ** 0.5) if len(values) > 1 else None
    return DocNumber(name, mean, stderr, len(values))
