"""The suite's tasks and problem sets -> its manifest: hashes and fingerprints, never the text of a question."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from reversed_persona.asking import Asking
from reversed_persona.errors import LeaderboardError, did_you_mean
from reversed_persona.judging.rubric import load_rubric
from reversed_persona.judging.showings import read_pairs
from reversed_persona.leaderboard.suite import SUITE, ProblemSetHashes, Role, Suite, SuiteJudge, SuiteTask, hashes_of
from reversed_persona.personas.plain_yaml import read_yaml
from reversed_persona.problems import PROBLEM_SETS, Problem, choose, load_problems, problems_digest
from reversed_persona.rendering import task_folder
from reversed_persona.settings import TaskSettings

__all__ = ["CORE", "JUDGES", "TASKS", "build_suite", "judge_task", "load_problem_sets", "task_without_problems"]

CORE = ("reversed_persona_gsm8k", "reversed_persona_math500")
"""What a row of the leaderboard needs."""

_VARIANTS = ("", "_oneshot", "_race", "_graded", "_irrelevant", "_paraphrase")
TASKS = (
    *(f"{core}{variant}" for core in CORE for variant in _VARIANTS),
    *(f"control_{core}" for core in CORE),
)
"""What a submission may hold."""
JUDGES = tuple(f"judge_{core}" for core in CORE)
"""Whose judgements it may hold as well."""

_OF_PROMPTS = ("problems", "personas", "attribute", "wordings", "exemplars", "questions", "measures")


def build_suite(
    problems: Mapping[str, Sequence[Problem]],
    *,
    version: str = SUITE,
    core: Sequence[str] = CORE,
    tasks: Sequence[str] = TASKS,
    judges: Sequence[str] = JUDGES,
) -> Suite:
    """Return what a version of the suite asks.

    Args:
        problems: The problem sets of the tasks, by name.
        version: Its name.
        core: The tasks that a submission must hold.
        tasks: All that it may hold.
        judges: Judge tasks whose judgements it may hold as well, where the task that they judge is there.

    Raises:
        LeaderboardError: There is no such task.
    """
    named = {task: task_without_problems(task) for task in tasks}
    judging = {name: judge_task(name) for name in judges}
    return Suite(
        version=version,
        core=tuple(core),
        problem_sets={
            name: ProblemSetHashes(
                digest=problems_digest(problems[name]),
                problems={problem["problem_id"]: hashes_of(problem) for problem in problems[name]},
            )
            for name in dict.fromkeys(task.problems for task in named.values())
        },
        tasks={
            name: task.model_copy(update={"questions": _questions(task, problems[task.problems])})
            for name, task in named.items()
        },
        judges={name: judge for name, judge in judging.items() if judge.judged in named},
    )


def judge_task(name: str) -> SuiteJudge:
    """Return what a judge task's file says, and what its prompt is.

    Raises:
        LeaderboardError: There is no such task.
    """
    metadata = _metadata(name)
    return SuiteJudge(
        version=metadata["version"],
        judged=metadata["earlier_task"],
        pairs=read_pairs({}),
        rubric=load_rubric().fingerprint,
    )


def task_without_problems(name: str) -> SuiteTask:
    """Return what a task's file says, which needs no problems: all but the ids of the questions.

    Raises:
        LeaderboardError: There is no such task.
    """
    metadata = _metadata(name)
    settings = {key: metadata[key] for key in _OF_PROMPTS if key in metadata}
    read = {role: TaskSettings.from_metadata({**settings, "persona_role": role}) for role in _ROLES}
    asking = {role: Asking(of_role) for role, of_role in read.items()}
    arms = read["user"].arms
    return SuiteTask(
        version=metadata["version"],
        problems=metadata["problems"],
        questions=None,
        arms={arm.id: arm.expected_accuracy for arm in arms},
        personas=tuple(dict.fromkeys(arm.persona.id for arm in arms)),
        settings=settings,
        measures=read["user"].measures,
        fingerprints={role: asking[role].fingerprints(asking[role].every_example()) for role in _ROLES},
    )


def load_problem_sets(names: Sequence[str], problems_dir: str | None = None) -> dict[str, list[Problem]]:
    """Load problem sets, and refuse one that is not the original.

    Args:
        names: Which.
        problems_dir: As for `problems.load_problems`.

    Raises:
        LeaderboardError: One is not the original.
        ProblemsError: One is missing or damaged.
    """
    loaded = {}
    for name in names:
        loaded[name] = load_problems(name, problems_dir)
        if problems_digest(loaded[name]) != PROBLEM_SETS[name].digest:
            raise LeaderboardError(
                f"{name}: these problems are not the original ones; expected those of `reversed-persona prefetch`"
            )
    return loaded


_ROLES: tuple[Role, ...] = get_args(Role)


def _metadata(task: str) -> dict[str, Any]:
    files: dict[str, Path] = {path.stem: path for path in task_folder().rglob("*.yaml")}
    if task not in files:
        raise LeaderboardError(f"no task {task!r}; expected one of {', '.join(TASKS)}{did_you_mean(task, files)}")
    metadata = read_yaml(files[task])["metadata"]
    return dict(metadata)


def _questions(task: SuiteTask, problems: Sequence[Problem]) -> tuple[str, ...] | None:
    count = task.settings.get("questions")
    return None if count is None else tuple(problem["problem_id"] for problem in choose(problems, count))
