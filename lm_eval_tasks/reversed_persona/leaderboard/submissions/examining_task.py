"""One task of a submission: its samples are read, checked and graded.

Grading is the costly part, so it stops where a submission is refused for something else, where its verdicts disagree
again and again, and where it takes too long: answers can be made to cost time.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reversed_persona.leaderboard.submissions.checks.identity import check_hash
from reversed_persona.leaderboard.submissions.checks.rows import RowChecks
from reversed_persona.leaderboard.submissions.checks.scores import TaskScores, compare_scores
from reversed_persona.leaderboard.submissions.checks.verdicts import UNDECIDED, disagreements, settled
from reversed_persona.leaderboard.submissions.files import RESULTS, read_file, samples_name, unpacked_lines
from reversed_persona.leaderboard.submissions.findings import About, Finding, Kind, Refused, shown
from reversed_persona.leaderboard.submissions.grading import GradedRow, grade_row
from reversed_persona.leaderboard.submissions.prompts_anew import plain_prompt_hashes
from reversed_persona.leaderboard.submissions.record import SubmissionRecord
from reversed_persona.leaderboard.submissions.results import SubmittedResults
from reversed_persona.leaderboard.submissions.rows import SubmittedRow, read_row
from reversed_persona.leaderboard.suite import Suite
from reversed_persona.problems import Problem
from reversed_persona.runs import ArmCollector, ArmScores

__all__ = ["GradedTask", "TaskExamination", "is_past_grading"]

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


def is_past_grading(findings: Sequence[Finding]) -> bool:
    """Return whether something keeps a submission out that no new grading puts right."""
    return any(one.kind == "refused" and one.about not in _REGRADED for one in findings)


class TaskExamination:
    """One task's samples: read, checked, graded.

    Attributes:
        findings: What is wrong, once it was examined.
        graded: Its responses, graded anew; None where they were not graded to the end.
        prompts: By problem_id and arm id, the hash of the benchmark's own prompt; None where only the templates'
            fingerprints speak.
    """

    def __init__(
        self,
        folder: Path,
        record: SubmissionRecord,
        results: SubmittedResults,
        suite: Suite,
        task: str,
        problems: Sequence[Problem],
    ) -> None:
        """Say what is examined.

        Args:
            folder: The submission's.
            record: What submission.yaml says.
            results: What results.json says; it holds the task.
            suite: The version of the suite it has to be of.
            task: One of the suite's tasks.
            problems: The task's problem set.
        """
        self._folder, self._record, self._name, self._named = folder, record, task, suite.tasks[task]
        self._file = samples_name(task)
        self._path = f"{folder}/{self._file}"
        self._problems = {one["problem_id"]: one for one in problems}
        self._reported = results.results.get(task, {})
        self._repeats = results.configs[task].repeats
        self.prompts: Mapping[str, Mapping[str, str]] | None = None
        if record.type == "standard" and results.prompt_format == "plain":
            role = results.configs[task].metadata.persona_role
            self.prompts = plain_prompt_hashes(suite, task, role, problems)
        self._checks = RowChecks(self._path, suite.hashes(task), tuple(self._named.arms), self._repeats, self.prompts)
        self._collectors = {arm: ArmCollector(expected) for arm, expected in self._named.arms.items()}
        self._scores = TaskScores(self._named)
        self._asked: list[Problem] = []
        self._rows: list[GradedRow] = []
        self._findings: list[Finding] = []
        self._undecided = 0
        responses = len(suite.hashes(task)) * len(self._named.arms) * self._repeats
        self._most_undecided = max(MOST_UNDECIDED, responses // 200)
        self.findings: list[Finding] = []
        self.graded: GradedTask | None = None

    def examine(
        self, deadline: float, *, is_out: bool = False, keep_rows: bool = False, stop_at_disagreements: bool = True
    ) -> None:
        """Check and grade the rows.

        Args:
            deadline: By `time.monotonic`, when grading has to be done.
            is_out: Whether something keeps the submission out already, so that grading would be for nothing.
            keep_rows: Whether responses and verdicts are kept.
            stop_at_disagreements: Whether verdicts that disagree again and again end it.
        """
        self._deadline, self._is_out, self._keep_rows = deadline, is_out, keep_rows
        findings = self._findings
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
        self.findings += findings[:MOST_FINDINGS]
        if len(findings) > MOST_FINDINGS:
            said = f"has more than {MOST_FINDINGS} findings; expected none"
            self.findings.append(
                Finding(self._path, None, said, "Mend those above, and validate again", *_worst(findings))
            )

    def _is_enough(self, stop_at_disagreements: bool) -> bool:
        """Whether so much keeps it out that the rest need not be read; what is merely flagged never spares the rest."""
        refused = [one for one in self._findings if one.kind == "refused"]
        return sum(stop_at_disagreements or one.about not in _REGRADED for one in refused) > MOST_FINDINGS

    def _read(self) -> Iterator[tuple[int, SubmittedRow]]:
        raw = read_file(self._folder, self._file)
        self._findings += check_hash(self._folder, self._record, self._file, raw)
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
        return self._is_out or is_past_grading(self._findings)

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
            f"{self._folder}/{RESULTS}", self._name, self._reported, self._scores.expected()
        )
        arms = {arm: collector.scores() for arm, collector in self._collectors.items()}
        self.graded = GradedTask(self._asked, arms, self._repeats, self._rows)


def _worst(findings: Sequence[Finding]) -> tuple[Kind, About]:
    """Return what a line that stands for many findings is: refused if one of them is."""
    worst = min(findings, key=lambda one: (one.about in _REGRADED, one.kind == "flagged"))
    return worst.kind, worst.about
