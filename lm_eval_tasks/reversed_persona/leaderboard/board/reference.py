"""Reference respondents: instruments of known behaviour that bound the scale. They answer the core, and have no place.

They are the simulated students of `students`, and are graded as every submission is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reversed_persona.leaderboard.board.measuring import measure
from reversed_persona.leaderboard.board.records import FACTS, Entry, file_of
from reversed_persona.leaderboard.submissions.examining import Problems
from reversed_persona.leaderboard.submissions.grading import GradedArm, GradedRow, grade_response
from reversed_persona.leaderboard.suite import Suite
from reversed_persona.problems import Problem
from reversed_persona.runs import ArmCollector, TaskRun
from reversed_persona.slips import reply
from reversed_persona.students import Outcome, Student, digest, outcomes

__all__ = ["RESPONDENTS", "Respondent", "reference_entry"]


@dataclass(frozen=True)
class Respondent:
    """A reference respondent.

    Attributes:
        name: What its row is called; no model's id, for it has no "/".
        note: What it does.
        student: How.
    """

    name: str
    note: str
    student: Student


RESPONDENTS = (
    Respondent("perfect", "right without a persona and as high, wrong as low", Student(1.0, named={"low": 0.0})),
    Respondent("persona-blind", "right, whoever it is told to be", Student(1.0)),
    Respondent("always wrong", "wrong, whoever it is told to be", Student(0.0)),
    Respondent("silent", "gives no answer, whoever it is told to be", Student(0.0, unanswered=1.0)),
)
"""In the order of the scale's ends: reversal is 1, 0, 0 and -1."""


def reference_entry(
    respondent: Respondent, suite: Suite, problems: Problems
) -> tuple[Entry, Mapping[str, Sequence[GradedRow]]]:
    """Let a respondent answer the core tasks.

    Args:
        respondent: Who.
        suite: What is asked.
        problems: The suite's problem sets by name.

    Returns:
        Its entry, and by task its graded answers.
    """
    answers = {task: _answers(respondent.student, suite, task, problems) for task in suite.core}
    runs = {task: _task_run(respondent.name, suite, task, rows) for task, rows in answers.items()}
    entry = Entry(
        file=file_of(respondent.name, "reference"),
        submission="",
        model=respondent.name,
        kind="reference",
        tier="reference",
        prompts=None,
        facts={**dict.fromkeys(FACTS), "note": respondent.note},
        decisions=(),
        measured=measure(runs, suite.core),
    )
    return entry, answers


def _answers(student: Student, suite: Suite, task: str, problems: Problems) -> list[GradedRow]:
    named = suite.tasks[task]
    by_id = {problem["problem_id"]: problem for problem in problems[named.problems]}
    asked = [by_id[name] for name in suite.hashes(task)]
    difficulties = {problem["problem_id"]: problem["difficulty"] for problem in asked}
    became = {arm.id: outcomes(student, arm, difficulties) for arm in named.asked}
    return [_answer({arm: of_arm[one["problem_id"]] for arm, of_arm in became.items()}, one, student) for one in asked]


def _answer(became: Mapping[str, Outcome], problem: Problem, student: Student) -> GradedRow:
    """Answer one question; arms in which the same becomes of it say the same."""
    said: dict[Outcome, GradedArm] = {}
    for outcome in set(became.values()):
        text = reply(outcome, problem, digest(student.seed, problem["problem_id"]))
        said[outcome] = GradedArm((text,), (grade_response(text, problem),))
    return GradedRow(problem, {arm: said[outcome] for arm, outcome in became.items()})


def _task_run(model: str, suite: Suite, task: str, rows: Sequence[GradedRow]) -> TaskRun:
    collectors = {arm: ArmCollector(expected) for arm, expected in suite.tasks[task].arms.items()}
    for row in rows:
        for arm, collector in collectors.items():
            collector.add(row.arms[arm].verdicts)
    return TaskRun(
        model=model,
        task=task,
        date="",
        samples=None,
        results=None,
        partial=False,
        custom=False,
        reference=True,
        metadata={},
        reported={},
        problems=[row.problem for row in rows],
        arms={arm: collector.scores() for arm, collector in collectors.items()},
        repeats=1,
    )
