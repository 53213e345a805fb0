"""A submitted row -> the same responses with verdicts of our own."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from reversed_persona.answers import Verdict, grade
from reversed_persona.leaderboard.submissions.rows import RowVerdict, SubmittedRow
from reversed_persona.personas import load_templates
from reversed_persona.problems import Problem
from reversed_persona.prompts import question_header

__all__ = ["GradedArm", "GradedRow", "grade_response", "grade_row", "verdicts_digest"]


@dataclass(frozen=True)
class GradedArm:
    """What one arm answered to one question.

    Attributes:
        responses: One for each repeat.
        verdicts: On each, by our own grading.
    """

    responses: tuple[str, ...]
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True)
class GradedRow:
    """One question's responses, graded anew.

    Attributes:
        problem: The question.
        arms: By arm id, in the task's order.
    """

    problem: Problem
    arms: Mapping[str, GradedArm]


def grade_row(row: SubmittedRow, problem: Problem) -> GradedRow:
    """Grade a row's responses; arms that said the same are graded once."""
    said: dict[str, Verdict] = {}
    arms = {}
    for name, arm in row.arms.items():
        for response in arm.responses:
            if response not in said:
                said[response] = grade_response(response, problem)
        arms[name] = GradedArm(tuple(arm.responses), tuple(said[response] for response in arm.responses))
    return GradedRow(problem, arms)


def verdicts_digest(answers: Mapping[str, Sequence[GradedRow]]) -> str:
    """Return what tells our verdicts on a submission from any others: 16 hexadecimal digits.

    Args:
        answers: By task, its rows.
    """
    said = [
        [task, row.problem["problem_id"], arm, [RowVerdict.of(verdict).model_dump() for verdict in given.verdicts]]
        for task in sorted(answers)
        for row in answers[task]
        for arm, given in row.arms.items()
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def grade_response(response: str, problem: Problem, thinking: bool = False) -> Verdict:
    """Grade one response as the benchmark's own filter does.

    Args:
        response: What was answered.
        problem: To what.
        thinking: The prompt had opened a thinking tag.
    """
    return grade(
        response, gold=problem["gold"], question=problem["question"], thinking=thinking, header=_question_header()
    )


@cache
def _question_header() -> str:
    return question_header(load_templates().frame)
