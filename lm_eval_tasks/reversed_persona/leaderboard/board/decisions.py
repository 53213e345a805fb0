"""decisions.jsonl: what maintainers decided about submissions, and why. It is only ever added to.

    {"submission": "1.0/org__model/2026-11-26_0123abcd", "decision": "remove", "date": "2026-12-01", "by": "somebody",
     "reason": "The submitter asked for it."}

accept      it counts; with `"tier": "reproduced"` a maintainer also ran part of it again
remove      it doesn't count any more; its folder may be gone
rescore     its scores changed without it, for a fault of the grader, say; what changed is the reason, and `"verdicts"`
            names ours that are taken: should they change again, that has to be decided again

What was decided last says whether it counts. What was never decided on counts: it got past the validator.
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from reversed_persona.errors import LeaderboardError, SettingsError
from reversed_persona.json_lines import BadRow, read_json_lines

__all__ = ["DECISIONS", "Decision", "Decisions", "read_decisions"]

DECISIONS = "decisions.jsonl"
MOST = 10_000

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$", max_length=400)]


class Decision(BaseModel):
    """One decision.

    Attributes:
        submission: Its folder below submissions/: suite, model, date and hash.
        decision: What was decided.
        tier: "reproduced" where a maintainer ran part of it again.
        verdicts: Which verdicts of ours a rescore takes, see `submissions.grading.verdicts_digest`.
        date: When.
        by: Who.
        reason: Why, for all to read.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    submission: Name
    decision: Literal["accept", "remove", "rescore"]
    tier: Literal["reproduced"] | None = None
    verdicts: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")] | None = None
    date: datetime.date
    by: Text = Field(max_length=100)
    reason: Text = Field(max_length=1_000)

    @model_validator(mode="after")
    def _only_what_counts_has_a_tier(self) -> "Decision":
        if self.tier and self.decision != "accept":
            raise ValueError(f"tier: got {self.tier!r} with {self.decision!r}; expected it with 'accept' alone")
        return self

    @model_validator(mode="after")
    def _rescoring_names_its_verdicts(self) -> "Decision":
        if (self.verdicts is not None) != (self.decision == "rescore"):
            raise ValueError(
                f"verdicts: got {self.verdicts!r} with {self.decision!r}; expected it with 'rescore' and with that "
                "alone: `leaderboard build` says which"
            )
        return self


class Decisions:
    """All decisions, in the order in which they were made."""

    def __init__(self, made: Sequence[Decision] = ()) -> None:
        """Keep them."""
        self.made = tuple(made)

    def about(self, submission: str) -> tuple[Decision, ...]:
        """Return what was decided about a submission, the first first."""
        return tuple(decision for decision in self.made if decision.submission == submission)

    def counts(self, submission: str) -> bool:
        """Return whether a submission counts: it was not removed, or was accepted again."""
        last = [decision.decision for decision in self.about(submission) if decision.decision != "rescore"]
        return last[-1:] != ["remove"]

    def tier(self, submission: str) -> Literal["recomputed", "reproduced"]:
        """Return what was checked: every score, or also part of the run, as far as no later removal put it in doubt."""
        reproduced = False
        for decision in self.about(submission):
            reproduced = decision.decision != "remove" and (reproduced or decision.tier == "reproduced")
        return "reproduced" if reproduced else "recomputed"


def read_decisions(board: Path) -> Decisions:
    """Read a board's decisions; none where it has no such file.

    Raises:
        LeaderboardError: A line is no decision, or there are too many.
    """
    path = board / DECISIONS
    if not path.exists():
        return Decisions()
    made: list[Decision] = []
    try:
        for row in read_json_lines(path, _decision):
            if isinstance(row, BadRow):
                raise LeaderboardError(
                    f"{path}: line {row.row}: {row.said}; expected a decision with submission, decision, date, by and "
                    "reason"
                )
            made.append(row)
            if len(made) > MOST:
                raise LeaderboardError(f"{path}: has more than {MOST} lines; expected one for each decision")
    except SettingsError as error:
        raise LeaderboardError(str(error)) from error
    return Decisions(made)


def _decision(number: int, row: Mapping[str, Any]) -> Iterator[Decision]:
    try:
        yield Decision.model_validate(row)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ValueError(f"{where or 'decision'}: {first['msg']}") from error
