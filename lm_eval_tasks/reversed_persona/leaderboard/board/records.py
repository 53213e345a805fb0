"""An entry: one row of the board, and what stands behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from reversed_persona.leaderboard.board.measuring import Measured

__all__ = ["Entry", "Kind", "Tier"]

Kind = Literal["standard", "custom", "reference"]
Tier = Literal["recomputed", "reproduced", "reference"]


@dataclass(frozen=True)
class Entry:
    """One row of the board.

    Attributes:
        file: What its data files are called by: safe in a path, and the same in every build.
        submission: Its folder below submissions/; "" for a reference respondent.
        model: The model's id.
        kind: "standard" with the benchmark's prompts, "custom" with others, or "reference".
        tier: What was checked.
        facts: What the submission says of model, run and submitter; None where it says nothing.
        measured: Its numbers.
    """

    file: str
    submission: str
    model: str
    kind: Kind
    tier: Tier
    facts: Mapping[str, str | int | bool | None]
    measured: Measured
