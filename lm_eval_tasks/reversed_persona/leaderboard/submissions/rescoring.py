"""A submission -> the typed record that the rest of the package works on, every verdict ours."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from reversed_persona.leaderboard.submissions.examining import BUDGET_S, Problems, examine
from reversed_persona.leaderboard.submissions.examining_task import GradedTask
from reversed_persona.leaderboard.submissions.files import samples_name
from reversed_persona.leaderboard.submissions.findings import Finding, Refused
from reversed_persona.leaderboard.submissions.grading import GradedRow
from reversed_persona.leaderboard.submissions.judgements import Judged
from reversed_persona.leaderboard.submissions.record import SubmissionRecord
from reversed_persona.leaderboard.submissions.results import SubmittedResults
from reversed_persona.leaderboard.suite import Suite
from reversed_persona.runs import Reported, TaskRun

__all__ = ["Rescored", "rescore"]


@dataclass(frozen=True)
class Rescored:
    """A submission, graded anew.

    Attributes:
        folder: The submission's.
        record: What submission.yaml says.
        results: What results.json says.
        runs: By task.
        answers: By task, its questions in order, with responses and our verdicts; empty where they were not kept.
        prompts: `rebuilt` where every prompt's hash was compared with the benchmark's own prompt, `fingerprints` where
            only the templates' fingerprints speak: a chat template or a chat server came between; `own` where they are
            the submitter's and nothing was compared.
        disagreements: What of its own verdicts and scores is not ours; ours are in `runs`.
        judged: What a judge said of a task's responses, by task.
    """

    folder: Path
    record: SubmissionRecord
    results: SubmittedResults
    runs: Mapping[str, TaskRun]
    answers: Mapping[str, Sequence[GradedRow]]
    prompts: Literal["rebuilt", "fingerprints", "own"]
    disagreements: Sequence[Finding]
    judged: Mapping[str, Judged]


def rescore(
    folder: Path,
    suite: Suite,
    problems: Problems,
    *,
    tasks: Collection[str] | None = None,
    keep_answers: bool = True,
    budget_s: float = BUDGET_S,
) -> Rescored:
    """Grade every response of a submission again.

    Verdicts and scores that differ from ours are only counted: a newer grader may judge otherwise than an older one.

    Args:
        folder: The submission's.
        suite: The version of the suite it has to be of.
        problems: The problem sets by name, found right by `examining.check_problems`.
        tasks: The tasks to grade; None for all.
        keep_answers: Whether responses and verdicts are kept: a few megabytes for the core tasks.
        budget_s: Seconds that grading may take.

    Raises:
        Refused: Anything else is wrong with it: see `validating` for all there is.
    """
    found = examine(
        folder, suite, problems, tasks=tasks, keep_rows=keep_answers, budget_s=budget_s, stop_at_disagreements=False
    )
    disagreements = [one for one in found.findings if one.about in ("verdicts", "scores")]
    for finding in found.findings:
        if finding.kind == "refused" and finding not in disagreements:
            raise Refused(finding)
    assert found.record is not None and found.results is not None  # or something would have been refused
    return Rescored(
        folder,
        found.record,
        found.results,
        {name: _task_run(found.record, found.results, folder, name, task) for name, task in found.tasks.items()},
        {name: task.rows for name, task in found.tasks.items()},
        found.prompts,
        disagreements,
        found.judged,
    )


def _task_run(
    record: SubmissionRecord, results: SubmittedResults, folder: Path, name: str, task: GradedTask
) -> TaskRun:
    file = results.as_file()
    return TaskRun(
        model=record.model.id,
        task=name,
        date=record.run.date.replace(":", "-").removesuffix("Z"),
        samples=folder / samples_name(name),
        results=folder / "results.json",
        partial=False,
        custom=record.type == "custom",
        reference=False,
        metadata=file.metadata(name),
        reported={metric: Reported(*pair) for metric, pair in file.reported(name).items()},
        problems=task.problems,
        arms=task.arms,
        repeats=task.repeats,
        lm_eval_version=results.lm_eval_version,
    )
