"""One pass over a submission: everything it says is checked, and every response is graded anew.

Grading is the costly part, so it stops where a submission is refused for something else, where its verdicts disagree
again and again, and where it takes too long: answers can be made to cost time.
"""

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from reversed_persona.errors import LeaderboardError
from reversed_persona.leaderboard.submissions.checks.configs import check_configs
from reversed_persona.leaderboard.submissions.checks.identity import check_identity
from reversed_persona.leaderboard.submissions.checks.rows import RowChecks
from reversed_persona.leaderboard.submissions.checks.scores import TaskScores, compare_scores
from reversed_persona.leaderboard.submissions.checks.verdicts import UNDECIDED, disagreements, settled
from reversed_persona.leaderboard.submissions.files import (
    RECORD,
    RESULTS,
    list_files,
    read_file,
    samples_name,
    sha256_of,
    task_of,
    unpacked_lines,
)
from reversed_persona.leaderboard.submissions.findings import About, Finding, Kind, Refused, shown
from reversed_persona.leaderboard.submissions.grading import GradedRow, grade_row
from reversed_persona.leaderboard.submissions.judgements import Judged, examine_judgements
from reversed_persona.leaderboard.submissions.prompts_anew import plain_prompt_hashes
from reversed_persona.leaderboard.submissions.record import SubmissionRecord, read_record
from reversed_persona.leaderboard.submissions.results import SubmittedResults, read_results
from reversed_persona.leaderboard.submissions.rows import SubmittedRow, read_row
from reversed_persona.leaderboard.suite import Suite
from reversed_persona.problems import Problem, problems_digest
from reversed_persona.runs import ArmCollector, ArmScores

__all__ = ["BUDGET_S", "Examined", "GradedTask", "Problems", "check_problems", "examine"]

Problems = Mapping[str, Sequence[Problem]]
"""Problem sets by name."""

BUDGET_S = 600.0
"""Seconds for grading a submission; the two core tasks take three, all fourteen half a minute."""
MOST_FINDINGS = 20
"""Findings shown of one file; grading stops there."""
MOST_UNDECIDED = 10
"""Verdicts of one task that may be `undecided`, or one in 200 where that is more: each costs an eighth of a second, and
of 3,400 real responses to GSM8K and MATH none is."""

_REGRADED = ("verdicts", "scores")
"""What a new grading puts right."""


@dataclass(frozen=True)
class GradedTask:
    """A task's responses, graded anew.

    Attributes:
        problems: In the order of the rows.
        arms: What became of each arm's responses, by arm id.
        repeats: How many responses an arm gave to each question.
        rows: Responses and verdicts, where they were to be kept.
    """

    problems: Sequence[Problem]
    arms: Mapping[str, ArmScores]
    repeats: int
    rows: Sequence[GradedRow]


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
            one = _Task(found, suite, task, problems, deadline, keep_rows)
            one.examine(stop_at_disagreements)
            rebuilt.append(one.prompts is not None)
    if found.record.type == "custom":
        found.prompts = "own"
    else:
        found.prompts = "rebuilt" if rebuilt and all(rebuilt) else "fingerprints"
    if not any(one.kind == "refused" and one.about not in _REGRADED for one in found.findings):
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
        _check_hash(found, RESULTS, results)
        found.results = read_results(results)
    except Refused as error:
        found.findings.append(error.finding)
    except (LeaderboardError, ValueError) as error:
        name = RECORD if found.record is None else RESULTS
        about: About = "record" if found.record is None else "results"
        said = shown(str(error), 300)[1:-1].removeprefix(f"{name}: ")
        found.findings.append(Finding(f"{folder}/{name}", None, said, again, "refused", about))


def _check_hash(found: Examined, name: str, raw: bytes) -> None:
    said = found.record.files.get(name) if found.record else None
    if said is not None and said != sha256_of(raw):
        got = f"sha256: got {sha256_of(raw)[:16]}...; expected {said[:16]}..., as {RECORD} says"
        mending = "The file was changed after `submission prepare`: prepare it again"
        found.findings.append(Finding(f"{found.folder}/{name}", None, got, mending))


def _worst(findings: Sequence[Finding]) -> tuple[Kind, About]:
    """Return what a line that stands for many findings is: refused if one of them is."""
    worst = min(findings, key=lambda one: (one.about in _REGRADED, one.kind == "flagged"))
    return worst.kind, worst.about


class _Task:
    """One task's samples: read, checked, graded."""

    def __init__(
        self, found: Examined, suite: Suite, task: str, problems: Problems, deadline: float, keep_rows: bool
    ) -> None:
        assert found.results is not None and found.record is not None
        self._found, self._name, self._named = found, task, suite.tasks[task]
        self._file = samples_name(task)
        self._path = f"{found.folder}/{self._file}"
        self._problems = {one["problem_id"]: one for one in problems[self._named.problems]}
        self._reported = found.results.results.get(task, {})
        self._repeats = found.results.configs[task].repeats
        self.prompts = None
        if found.record.type == "standard" and found.results.prompt_format == "plain":
            role = found.results.configs[task].metadata.persona_role
            self.prompts = plain_prompt_hashes(suite, task, role, problems[self._named.problems])
        self._checks = RowChecks(self._path, suite.hashes(task), tuple(self._named.arms), self._repeats, self.prompts)
        self._deadline, self._keep_rows = deadline, keep_rows
        self._collectors = {arm: ArmCollector(expected) for arm, expected in self._named.arms.items()}
        self._scores = TaskScores(self._named)
        self._asked: list[Problem] = []
        self._rows: list[GradedRow] = []
        self._findings: list[Finding] = []
        self._undecided = 0
        responses = len(suite.hashes(task)) * len(self._named.arms) * self._repeats
        self._most_undecided = max(MOST_UNDECIDED, responses // 200)

    def examine(self, stop_at_disagreements: bool) -> None:
        """Check and grade the rows; what is wrong goes into the findings."""
        findings, found = self._findings, self._found.findings
        try:
            for line, row in self._read():
                findings += self._checks.check(line, row)
                if not self._is_refused():
                    self._grade(line, row)
                if self._is_enough(stop_at_disagreements):
                    break
            else:
                findings += self._checks.missing()
        except Refused as error:
            findings.append(error.finding)
        if not self._is_refused() and not self._is_enough(stop_at_disagreements):
            self._finish()
        found += findings[:MOST_FINDINGS]
        if len(findings) > MOST_FINDINGS:
            said = f"has more than {MOST_FINDINGS} findings; expected none"
            found.append(Finding(self._path, None, said, "Mend those above, and validate again", *_worst(findings)))

    def _is_enough(self, stop_at_disagreements: bool) -> bool:
        """Whether so much keeps it out that the rest need not be read; what is merely flagged never spares the rest."""
        refused = [one for one in self._findings if one.kind == "refused"]
        return sum(stop_at_disagreements or one.about not in _REGRADED for one in refused) > MOST_FINDINGS

    def _read(self) -> Iterator[tuple[int, SubmittedRow]]:
        raw = read_file(self._found.folder, self._file)
        _check_hash(self._found, self._file, raw)
        for number, line in enumerate(unpacked_lines(raw, self._path), start=1):
            try:
                yield number, read_row(line)
            except ValueError as error:
                said = f"{shown(str(error), 300)[1:-1]}; expected a row as `submission prepare` writes it"
                raise Refused(
                    Finding(self._path, number, said, "Prepare the submission again", "refused", "rows")
                ) from error

    def _is_refused(self) -> bool:
        """Whether something keeps the submission out already, so that grading would be for nothing."""
        every = (*self._found.findings, *self._findings)
        return any(one.kind == "refused" and one.about not in _REGRADED for one in every)

    def _grade(self, line: int, row: SubmittedRow) -> None:
        if time.monotonic() > self._deadline:
            said = "takes too long to grade; expected answers that can be compared in time"
            mending = "Ask the maintainers to grade it by hand if the model does answer so"
            raise Refused(Finding(self._path, line, said, mending, "refused", "rows"))
        given = sum(one.reason == UNDECIDED for arm in row.arms.values() for one in arm.verdicts)
        self._count_undecided(line, given)
        problem = self._problems[row.problem_id]
        graded = grade_row(row, problem)
        ours = sum(one.reason == UNDECIDED for arm in graded.arms.values() for one in arm.verdicts)
        self._count_undecided(line, max(0, ours - given))
        self._findings += disagreements(self._path, line, row, graded)
        self._asked.append(problem)
        if self._keep_rows:
            self._rows.append(graded)
        for arm, collector in self._collectors.items():
            collector.add(graded.arms[arm].verdicts)
        self._scores.add(
            {
                arm: [settled(*pair) for pair in zip(of_arm.verdicts, graded.arms[arm].verdicts, strict=True)]
                for arm, of_arm in row.arms.items()
            }
        )

    def _count_undecided(self, line: int, more: int) -> None:
        self._undecided += more
        if self._undecided > self._most_undecided:
            said = f"has more than {self._most_undecided} undecided verdicts; expected next to none"
            mending = "Ask the maintainers to grade it by hand if the model does answer so"
            raise Refused(Finding(self._path, line, said, mending, "refused", "rows"))

    def _finish(self) -> None:
        self._findings += compare_scores(
            f"{self._found.folder}/{RESULTS}", self._name, self._reported, self._scores.expected()
        )
        arms = {arm: collector.scores() for arm, collector in self._collectors.items()}
        self._found.tasks[self._name] = GradedTask(self._asked, arms, self._repeats, self._rows)
