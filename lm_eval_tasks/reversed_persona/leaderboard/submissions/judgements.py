"""A submission's judgements: every reply read again, and what it replied to made again from the responses.

Nothing reported is believed, for nothing is reported: a submission holds a judge's replies, and no rating.
"""

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from reversed_persona.judging.reading import Judgement, read_judgement
from reversed_persona.judging.showings import Showing
from reversed_persona.leaderboard.submissions.checks.identity import check_hash
from reversed_persona.leaderboard.submissions.checks.judgements import JudgementChecks, check_judge
from reversed_persona.leaderboard.submissions.files import (
    judge_task_of,
    judgements_name,
    read_file,
    samples_name,
    unpacked_lines,
)
from reversed_persona.leaderboard.submissions.findings import Finding, Refused, refused, shown
from reversed_persona.leaderboard.submissions.judgement_rows import JudgementRow, read_judgements
from reversed_persona.leaderboard.submissions.record import SubmissionRecord
from reversed_persona.leaderboard.submissions.rows import SubmittedRow, read_row
from reversed_persona.leaderboard.submissions.showings_anew import Turns
from reversed_persona.leaderboard.suite import Suite
from reversed_persona.problems import Problem

__all__ = ["Judged", "examine_judgements"]

MOST_FINDINGS = 20
"""Findings shown of one file; reading stops there."""

_AGAIN = "Make the folder with `reversed-persona submission prepare --judged`"


@dataclass(frozen=True)
class Judged:
    """What a judge said of one task's responses.

    Attributes:
        task: The task whose responses were judged.
        showings: What it was shown of each question.
        replies: By problem_id, what it said of each showing, once for each repeat.
    """

    task: str
    showings: Sequence[Showing]
    replies: Mapping[str, Mapping[Showing, Sequence[Judgement]]]


def examine_judgements(
    folder: Path,
    suite: Suite,
    problems: Mapping[str, Sequence[Problem]],
    record: SubmissionRecord,
    names: Collection[str],
    graded: Collection[str],
    deadline: float,
) -> tuple[list[Finding], dict[str, Judged]]:
    """Check a submission's judgements, and read them.

    Args:
        folder: The submission's.
        suite: The version of the suite it has to be of.
        problems: The suite's problem sets by name.
        record: What submission.yaml says.
        names: Of the submission's files.
        graded: The tasks whose responses have been found to be whole: others' judgements are not looked at.
        deadline: By `time.monotonic`, when it has to be done.

    Returns:
        What is wrong; and what the judge said, by the task that it judged, where nothing is.
    """
    tasks = [task for task in map(judge_task_of, names) if task is not None]
    findings = list(check_judge(str(folder), suite, record, tasks))
    judged: dict[str, Judged] = {}
    for task in tasks:
        if any(one.kind == "refused" for one in findings) or suite.judges[task].judged not in graded:
            break
        one = _Examination(folder, suite, problems, record, task, deadline)
        found = list(islice(one.findings(), MOST_FINDINGS + 1))
        if len(found) > MOST_FINDINGS:
            said = f"has more than {MOST_FINDINGS} findings; expected none"
            found[-1] = Finding(one.path, None, said, "Mend those above, and validate again", "refused", "rows")
        findings += found
        judged[one.judged.task] = one.judged
    return findings, judged if not any(one.kind == "refused" for one in findings) else {}


@dataclass
class _Examination:
    folder: Path
    suite: Suite
    problems: Mapping[str, Sequence[Problem]]
    record: SubmissionRecord
    task: str
    deadline: float
    judged: Judged = field(init=False)

    def __post_init__(self) -> None:
        assert self.record.judge is not None  # or `check_judge` would have refused the task
        named, self.how = self.suite.judges[self.task], self.record.judge.tasks[self.task]
        of_set = self.problems[self.suite.tasks[named.judged].problems]
        self.turns = Turns(self.suite, self.task, self.how.pairs, of_set)
        self.name = judgements_name(self.task)
        self.path = f"{self.folder}/{self.name}"
        self._replies: dict[str, Mapping[Showing, Sequence[Judgement]]] = {}
        self.judged = Judged(named.judged, self.turns.showings, self._replies)

    def findings(self) -> Iterator[Finding]:
        """Check row after row, each beside the responses that were judged."""
        checks = JudgementChecks(
            self.path,
            list(self.suite.hashes(self.judged.task)),
            [showing.id for showing in self.turns.showings],
            self.how.repeats,
        )
        said: set[str] = set()
        try:
            responses = self._responses()
            for line, row in self._rows():
                if time.monotonic() > self.deadline:
                    raise self._refused(line, "takes too long to check; expected replies that can be read in time")
                judged = next(responses, None)
                misplaced = list(checks.place(line, row))
                yield from misplaced
                if misplaced or judged is None:
                    continue
                yield from checks.check(line, row, self.turns.of(judged))
                said.update(reply for one in row.showings.values() for reply in one.replies)
                self._replies[row.problem_id] = {
                    showing: [read_judgement(reply) for reply in row.showings[showing.id].replies]
                    for showing in self.turns.showings
                }
            yield from checks.missing()
        except Refused as error:
            yield error.finding
            return
        if len(said) == 1 and len(self._replies) > 1:
            same = f"every reply is {shown(said.pop())}; expected a judge that tells responses apart"
            yield Finding(self.path, None, same, "Look at how the judge was run", "flagged", "rows")

    def _rows(self) -> Iterator[tuple[int, JudgementRow]]:
        raw = read_file(self.folder, self.name)
        for changed in check_hash(self.folder, self.record, self.name, raw):
            raise Refused(changed)
        for number, line in enumerate(unpacked_lines(raw, self.path), start=1):
            try:
                yield number, read_judgements(line)
            except ValueError as error:
                raise self._refused(number, f"{shown(str(error), 300)[1:-1]}; expected a judge's replies") from error

    def _responses(self) -> Iterator[SubmittedRow]:
        """Read what was judged: the rows have been checked, so they are the problems in their order."""
        name = samples_name(self.judged.task)
        for line in unpacked_lines(read_file(self.folder, name), f"{self.folder}/{name}"):
            yield read_row(line)

    def _refused(self, line: int, said: str) -> Refused:
        return refused(self.path, said, _AGAIN, line=line, about="rows")
