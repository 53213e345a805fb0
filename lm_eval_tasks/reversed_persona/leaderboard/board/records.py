"""An entry: one row of the board, and what stands behind it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from reversed_persona.leaderboard.board.decisions import Decision
from reversed_persona.leaderboard.board.doc import Doc
from reversed_persona.leaderboard.board.measuring import Measured
from reversed_persona.leaderboard.submissions.checks.others import Said

__all__ = ["FACTS", "Entry", "Kind", "Prompts", "Tier", "file_of"]

FACTS = (
    *("revision", "licence", "open_weights", "parameters", "trained_on_benchmark", "backend", "lm_eval_version"),
    *("reversed_persona_version", "regraded", "git_hash", "command", "date", "submitter", "url", "note"),
    "flagged",
)
"""What is known of an entry's model, run and submitter."""

Kind = Literal["standard", "custom", "reference"]
Prompts = Literal["rebuilt", "fingerprints", "own"]
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
        prompts: How its prompts were checked; see `rescoring.Rescored`. None for a reference respondent.
        facts: What the submission says of model, run and submitter, and for what it is flagged, by FACTS; None for
            nothing.
        decisions: What maintainers decided about it, the first first.
        measured: Its numbers.
        older: The submissions of the same model and kind that this one replaces, the newest first.
        doc: Degree of Contrast by a judge; None where the submission holds no judgements.
        said: What it takes to compare its responses with others' for copies; None for a reference respondent.
    """

    file: str
    submission: str
    model: str
    kind: Kind
    tier: Tier
    prompts: Prompts | None
    facts: Mapping[str, str | int | bool | None]
    decisions: Sequence[Decision]
    measured: Measured
    older: Sequence[str] = ()
    doc: Doc | None = None
    said: Said | None = field(default=None, compare=False, repr=False)


def file_of(model: str, kind: Kind) -> str:
    """Return what the data files of a model's entry are called by: 20 hexadecimal digits."""
    return hashlib.sha256(json.dumps([model, kind]).encode()).hexdigest()[:20]
