"""Whether a submission's judgements are those of a judge that was asked, whole, about these very responses."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from reversed_persona.judging.settings import same_model
from reversed_persona.leaderboard.submissions.files import RECORD
from reversed_persona.leaderboard.submissions.findings import Finding, Kind, shown
from reversed_persona.leaderboard.submissions.judgement_rows import JudgementRow, asked_hash
from reversed_persona.leaderboard.submissions.record import SubmissionRecord
from reversed_persona.leaderboard.submissions.thinking import hides_text
from reversed_persona.leaderboard.suite import Suite

__all__ = ["JudgementChecks", "check_judge"]

_AGAIN = "Make the folder with `reversed-persona submission prepare --judged`"
_OWN = "Judge with the benchmark's own judge task, or leave the judgements out"
_WHOLE = "Judge the whole run, without --limit and --samples"


def check_judge(folder: str, suite: Suite, record: SubmissionRecord, tasks: Collection[str]) -> Iterator[Finding]:
    """Check what submission.yaml says of the judge.

    Args:
        folder: The submission's, for messages.
        suite: What had to be asked.
        record: What submission.yaml says.
        tasks: Names of the judge tasks whose judgements are there.
    """

    def finding(said: str, mending: str, kind: Kind = "refused") -> Finding:
        return Finding(f"{folder}/{RECORD}", None, f"judge: {said}", mending, kind, "record")

    named = {} if record.judge is None else record.judge.tasks
    if set(tasks) != named.keys():
        got, wanted = shown(", ".join(sorted(named)) or "none", 200), ", ".join(sorted(tasks)) or "none"
        yield finding(f"tasks: got {got}; expected {wanted}, the tasks with judgements", _AGAIN)
    for name, one in named.items():
        if (of_suite := suite.judges.get(name)) is None:
            yield finding(f"tasks: {name!r} is no judge task of suite {suite.version}; expected none", "Leave it out")
            continue
        if one.version != of_suite.version:
            yield finding(f"{name}: version: got {one.version}; expected {of_suite.version}", _OWN)
        if one.rubric != of_suite.rubric:
            got = f"got {one.rubric}; expected {of_suite.rubric}"
            yield finding(f"{name}: rubric: {got}: not the benchmark's prompt for a judge", _OWN)
        if "contrast" not in one.pairs or one.pairs != [pair for pair in of_suite.pairs if pair in one.pairs]:
            wanted = f"contrast and some of {', '.join(of_suite.pairs[1:])}, in this order"
            yield finding(f"{name}: pairs: got {', '.join(one.pairs)}; expected {wanted}", _OWN)
    if record.judge is not None and same_model(record.judge.id, record.model.id):
        said = f"id: got {record.judge.id!r}, by its name the judged model itself; expected another model"
        yield finding(said, "Nothing to mend: the board says so beside the ratings", "flagged")


class JudgementChecks:
    """Checks the rows of one judge task, from the first to the last."""

    def __init__(self, path: str, problem_ids: Sequence[str], showings: Sequence[str], repeats: int) -> None:
        """Say what is expected.

        Args:
            path: The file, for messages.
            problem_ids: Of all questions, in their order.
            showings: Ids of what is shown of each, in order.
            repeats: How many replies there are to each showing.
        """
        self._path, self._expected, self._showings, self._repeats = path, problem_ids, list(showings), repeats
        self._count = 0

    def check(self, line: int, row: JudgementRow, turns: Mapping[str, str] | None) -> Iterator[Finding]:
        """Check the next row.

        Args:
            line: Its number.
            row: The row.
            turns: What the judge must have read, by the showing's id; None where that can't be known.
        """
        for name, one in row.showings.items():
            where = f"{row.problem_id}: {name}"
            if len(one.replies) != self._repeats:
                yield self._finding(line, f"{where}: got {len(one.replies)} replies; expected {self._repeats}", _WHOLE)
            if any(map(hides_text, one.replies)):
                said = f"{where}: has a reply with thinking in it; expected what follows the thinking"
                yield self._finding(line, said, _AGAIN)
            if turns is not None and one.asked != (wanted := asked_hash(turns[name])):
                said = f"{where}: asked: got {one.asked}; expected {wanted}: the judge read other responses than these"
                yield self._finding(line, said, "Judge the very run that is submitted")

    def place(self, line: int, row: JudgementRow) -> Iterator[Finding]:
        """Check that the next row is the next question's, and shows what it has to."""
        expected = self._expected[self._count] if self._count < len(self._expected) else None
        self._count += 1
        if row.problem_id != expected:
            wanted = "no more rows" if expected is None else f"{expected!r}, every problem once in the manifest's order"
            yield self._finding(line, f"problem_id: got {shown(row.problem_id)}; expected {wanted}", _WHOLE)
        if list(row.showings) != self._showings:
            got = shown(", ".join(row.showings), 200)
            yield self._finding(
                line, f"{shown(row.problem_id)}: shows {got}; expected {', '.join(self._showings)}", _WHOLE
            )

    def missing(self) -> Iterator[Finding]:
        """Say how many problems have not come, after the last row."""
        if self._count < len(self._expected):
            said = f"lacks {len(self._expected) - self._count} of {len(self._expected)} problems; expected all of them"
            yield self._finding(None, said, _WHOLE)

    def _finding(self, line: int | None, said: str, mending: str) -> Finding:
        return Finding(self._path, line, said, mending, "refused", "rows")
