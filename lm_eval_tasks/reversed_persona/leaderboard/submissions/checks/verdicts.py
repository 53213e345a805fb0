"""Whether the verdicts of a row are those that its responses get here."""

from collections.abc import Iterator

from reversed_persona.answers import Reason, Verdict
from reversed_persona.leaderboard.submissions.findings import Finding, shown
from reversed_persona.leaderboard.submissions.grading import GradedRow
from reversed_persona.leaderboard.submissions.rows import RowVerdict, SubmittedRow

__all__ = ["UNDECIDED", "disagreements", "settled"]

UNDECIDED: Reason = "undecided"
_AGAIN = "Prepare it again with --regrade and this version of the package"


def disagreements(path: str, line: int, row: SubmittedRow, graded: GradedRow) -> Iterator[Finding]:
    """Compare a row's verdicts with ours.

    Where one of the two ran out of time (`undecided`), machines may differ honestly: that is flagged, not refused.
    """
    for name, arm in row.arms.items():
        for place, (given, ours) in enumerate(zip(arm.verdicts, graded.arms[name].verdicts, strict=True)):
            mine = RowVerdict.of(ours)
            if given == mine:
                continue
            where = f"{row.problem_id}: {name}" + (f"[{place}]" if place else "")
            said = f"{where}: verdict: got {_said(given)}; expected {_said(mine)}"
            honest = UNDECIDED in (given.reason, mine.reason) and given.answer == mine.answer
            yield Finding(path, line, said, _AGAIN, "flagged" if honest else "refused", "verdicts")


def settled(given: RowVerdict, ours: Verdict) -> Verdict:
    """Return the verdict that counts in the submission's own scores: its own where a machine ran out of time."""
    return given.verdict() if UNDECIDED in (given.reason, ours.reason) else ours


def _said(verdict: RowVerdict) -> str:
    marks = [name for name in ("flip", "derived") if getattr(verdict, name)]
    answer = "no answer" if verdict.answer is None else shown(verdict.answer, 40)
    return " ".join([verdict.status, *([verdict.reason] if verdict.reason else []), answer, *marks])
