"""What is known of a model's run of one task: who it was, and what became of every question, as arrays.

`None` and a missing key mean that a thing was not measured. Nothing here is an average over questions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reversed_persona.problems import Problem

__all__ = ["ArmScores", "LeftOut", "Reported", "TaskRun"]

Values = NDArray[np.float64]
HIGH, LOW = "high", "low"


@dataclass(frozen=True)
class LeftOut:
    """A file that was not read, or not wholly.

    Attributes:
        path: Which.
        said: Why, in one line.
    """

    path: Path
    said: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.path}: {self.said}"


@dataclass(frozen=True)
class Reported:
    """A metric as the results file gives it.

    Attributes:
        value: Its mean.
        stderr: lm-eval's standard error; None where there is none.
    """

    value: float
    stderr: float | None


@dataclass(frozen=True, eq=False)
class ArmScores:
    """What became of one arm's responses, question by question; every array has the shape (questions,).

    With several repeats the values are shares in [0, 1], else each is 0 or 1; correct + wrong + unanswered = 1.

    Attributes:
        expected_accuracy: What the arm should reach, in [0, 1]; None where nothing is expected.
        correct: Right.
        wrong: Wrong.
        unanswered: Neither.
        faithfully_wrong: Wrong, worked out, and without the gold in the working.
        flip: Wrong, and the gold stands in the working.
        derived: The answer is a result of the working.
        answers: The first repeat's final answer; None where it has none.
        wrong_answers: The final answers whose verdict is wrong, with the place of their question.
    """

    expected_accuracy: float | None
    correct: Values
    wrong: Values
    unanswered: Values
    faithfully_wrong: Values
    flip: Values
    derived: Values
    answers: Sequence[str | None]
    wrong_answers: Sequence[tuple[int, str]]


@dataclass(frozen=True, eq=False)
class TaskRun:
    """A model's run of one task.

    Attributes:
        model: The model's id.
        task: The task's name.
        date: When it was written, as lm-eval puts it into file names; sorts by time.
        samples: The sample log; None for a task that asks about responses (a judge's).
        results: The results file; None where it wasn't there.
        partial: It has fewer questions than the task: --limit or --samples.
        custom: Prompts or problems were not the benchmark's; None where nothing says so.
        reference: The respondent is an instrument of this package, not a model.
        metadata: The task's, as the results file gives it.
        reported: Its metrics, as the results file gives them.
        problems: The problems, in the order in which they were asked.
        arms: Who was asked, by id, in the task's order.
        repeats: How many responses an arm gave to each question.
        lm_eval_version: Of lm-eval; None where nothing says so.
        n_reported: How many questions the results file says were asked; None where it doesn't.
    """

    model: str
    task: str
    date: str
    samples: Path | None
    results: Path | None
    partial: bool
    custom: bool | None
    reference: bool
    metadata: Mapping[str, Any]
    reported: Mapping[str, Reported]
    problems: Sequence[Problem]
    arms: Mapping[str, ArmScores]
    repeats: int
    lm_eval_version: str | None = None
    n_reported: int | None = None

    @property
    def n(self) -> int | None:
        """How many questions were asked: those read, or where a log names none (a judge's), those reported."""
        return len(self.problems) or self.n_reported

    @property
    def round(self) -> int:
        """How often the answers were refined, from 1; 0 for a run that refines nothing."""
        said = self.metadata.get("round")
        return said if isinstance(said, int) and not isinstance(said, bool) and said > 0 else 0

    @property
    def earlier(self) -> Mapping[str, Any]:
        """What the results say of the run that this one goes on from (task, date, model, round); empty for none."""
        said = self.metadata.get("earlier_run")
        return said if isinstance(said, Mapping) else {}

    @cached_property
    def problem_ids(self) -> tuple[str, ...]:
        """What questions of several runs are joined on."""
        return tuple(problem["problem_id"] for problem in self.problems)

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """What high and low are crossed with, in the task's order; "" for nothing."""
        highs = (arm.removeprefix(HIGH) for arm in self.arms if arm == HIGH or arm.startswith(f"{HIGH}_"))
        return tuple(end.removeprefix("_") for end in highs if LOW + end in self.arms)

    def arm(self, persona: str, group: str = "") -> ArmScores | None:
        """Return an arm's scores; None where it was not asked."""
        return self.arms.get(f"{persona}_{group}" if group else persona)

    def reversal(self, group: str = "") -> Values | None:
        """Return c_high + w_low - 1, in [-1, 1], per question; None where high or low was not asked."""
        high, low = self.arm(HIGH, group), self.arm(LOW, group)
        return high.correct + low.wrong - 1 if high and low else None

    def reversal_faithful(self, group: str = "") -> Values | None:
        """Return c_high + w_low (1 - flip_low) derived_low - 1, in [-1, 1], per question; None as for `reversal`."""
        high, low = self.arm(HIGH, group), self.arm(LOW, group)
        return high.correct + low.faithfully_wrong - 1 if high and low else None

    def contrast(self, group: str = "") -> Values | None:
        """Return c_high - c_low, in [-1, 1], per question; None as for `reversal`."""
        high, low = self.arm(HIGH, group), self.arm(LOW, group)
        return high.correct - low.correct if high and low else None
