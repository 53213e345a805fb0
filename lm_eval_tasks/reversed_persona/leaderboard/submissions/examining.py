"""One pass over a submission: everything it says is checked, and every response is graded anew."""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from reversed_persona.errors import LeaderboardError
from reversed_persona.leaderboard.submissions.checks.configs import check_configs
from reversed_persona.leaderboard.submissions.checks.identity import check_hash, check_identity
from reversed_persona.leaderboard.submissions.examining_task import GradedTask, TaskExamination, is_past_grading
from reversed_persona.leaderboard.submissions.files import RECORD, RESULTS, list_files, read_file, task_of
from reversed_persona.leaderboard.submissions.findings import About, Finding, Refused, shown
from reversed_persona.leaderboard.submissions.judgements import Judged, examine_judgements
from reversed_persona.leaderboard.submissions.record import SubmissionRecord, read_record
from reversed_persona.leaderboard.submissions.results import SubmittedResults, read_results
from reversed_persona.leaderboard.suite import Suite
from reversed_persona.problems import Problem, problems_digest

__all__ = ["BUDGET_S", "Examined", "Problems", "check_problems", "examine"]

Problems = Mapping[str, Sequence[Problem]]
"""Problem sets by name."""

BUDGET_S = 600.0
"""Seconds for grading a submission; the two core tasks take three, all fourteen half a minute."""


@dataclass
class Examined:
    """What a pass over a submission found.

    Attributes:
        folder: The submission's.
        findings: What is wrong, in the order of the checks.
        record: What submission.yaml says; None where it can't be read.
        results: What results.json says; None likewise.
        tasks: By name, those that were graded to the end.
        prompts: `rebuilt` where every prompt's hash was compared with the benchmark's own prompt, `fingerprints` where
            only the templates' fingerprints speak, because a chat template or a chat server came between, `own`
            where they are the submitter's and nothing was compared.
        judged: What a judge said of a task's responses, by task; only where nothing keeps the submission out.
    """

    folder: Path
    findings: list[Finding] = field(default_factory=list)
    record: SubmissionRecord | None = None
    results: SubmittedResults | None = None
    tasks: dict[str, GradedTask] = field(default_factory=dict)
    prompts: Literal["rebuilt", "fingerprints", "own"] = "fingerprints"
    judged: Mapping[str, Judged] = field(default_factory=dict)

    @property
    def is_refused(self) -> bool:
        """Whether something keeps it out."""
        return any(finding.kind == "refused" for finding in self.findings)


def check_problems(suite: Suite, problems: Problems) -> None:
    """Refuse problem sets that are not those of the manifest.

    Raises:
        LeaderboardError: One is missing, or another than the manifest's.
    """
    for name, of_set in suite.problem_sets.items():
        if name not in problems:
            raise LeaderboardError(f"suite {suite.version}: needs the problem set {name}; expected it to be loaded")
        if problems_digest(problems[name]) != of_set.digest:
            raise LeaderboardError(
                f"suite {suite.version}: the problem set {name} here is not the one of the manifest; get the original "
                "with `reversed-persona prefetch`"
            )


def examine(
    folder: Path,
    suite: Suite,
    problems: Problems,
    *,
    tasks: Collection[str] | None = None,
    keep_rows: bool = False,
    budget_s: float = BUDGET_S,
    stop_at_disagreements: bool = True,
    now: float | None = None,
) -> Examined:
    """Check a submission's files, what it says of itself, its rows, verdicts and scores.

    Args:
        folder: The submission's.
        suite: The version of the suite it has to be of.
        problems: The problem sets, as `check_problems` has found them right.
        tasks: The tasks to grade; None for all.
        keep_rows: Whether responses and verdicts are kept, which takes room.
        budget_s: Seconds that grading may take.
        stop_at_disagreements: Whether verdicts that disagree again and again end the pass.
        now: What time it is, in seconds since 1970: a run of later is refused. None for whenever, as on a board, which
            must come out the same whenever it is built.
    """
    found = Examined(folder)
    names, found.findings = list_files(folder)
    if not found.is_refused:
        _read_sayings(found, suite, names)
    if found.record is None or found.results is None:
        return found
    samples = [task for task in map(task_of, names) if task is not None]
    found.findings += check_configs(str(folder), suite, found.record, found.results, samples, now)
    deadline = time.monotonic() + budget_s
    rebuilt = []
    for task in samples:
        if task in suite.tasks and task in found.results.configs and (tasks is None or task in tasks):
            of_set = problems[suite.tasks[task].problems]
            one = TaskExamination(folder, found.record, found.results, suite, task, of_set)
            one.examine(
                deadline,
                is_out=is_past_grading(found.findings),
                keep_rows=keep_rows,
                stop_at_disagreements=stop_at_disagreements,
            )
            found.findings += one.findings
            if one.graded is not None:
                found.tasks[task] = one.graded
            rebuilt.append(one.prompts is not None)
    if found.record.type == "custom":
        found.prompts = "own"
    else:
        found.prompts = "rebuilt" if rebuilt and all(rebuilt) else "fingerprints"
    if not is_past_grading(found.findings):
        findings, found.judged = examine_judgements(folder, suite, problems, found.record, names, found.tasks, deadline)
        found.findings += findings
    return found


def _read_sayings(found: Examined, suite: Suite, names: Sequence[str]) -> None:
    folder, again = found.folder, "Make the folder with `reversed-persona submission prepare`"
    try:
        raw = read_file(folder, RECORD)
        found.record = read_record(raw)
        found.findings += check_identity(folder, suite, found.record, raw, names)
        results = read_file(folder, RESULTS)
        found.findings += check_hash(folder, found.record, RESULTS, results)
        found.results = read_results(results)
    except Refused as error:
        found.findings.append(error.finding)
    except (LeaderboardError, ValueError) as error:
        name = RECORD if found.record is None else RESULTS
        about: About = "record" if found.record is None else "results"
        said = shown(str(error), 300)[1:-1].removeprefix(f"{name}: ")
        found.findings.append(Finding(f"{folder}/{name}", None, said, again, "refused", about))
