"""What a maintainer should look at, said on the row itself: the validator flags it, but what it flags can be merged.

Copies are told on both rows: when which of the two was run is on its submitter's word.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from reversed_persona.leaderboard.board.records import Entry
from reversed_persona.leaderboard.submissions.checks.markup import holds_active
from reversed_persona.leaderboard.submissions.checks.others import Marks, Said, copied
from reversed_persona.leaderboard.submissions.grading import GradedRow

__all__ = ["active_markup", "flag_copies", "what_was_said"]

Answers = Mapping[str, Sequence[GradedRow]]
"""By task, its rows."""


def active_markup(answers: Answers) -> str | None:
    """Say how many questions have responses with script or active tags; None for none."""
    texts = ((text for arm in row.arms.values() for text in arm.responses) for rows in answers.values() for row in rows)
    n = sum(map(holds_active, texts))
    return f"{n} {'question has' if n == 1 else 'questions have'} responses with script or active tags" if n else None


def what_was_said(answers: Answers, core: Sequence[str], marks: Marks) -> Said:
    """Return what it takes to compare answers with others' for copies.

    Args:
        answers: At least those to the core.
        core: Names of the core's tasks.
        marks: What makes them, for all entries of a board.
    """
    return marks.of(
        ((task, row.problem["problem_id"], arm), given.responses[0])
        for task in core
        for row in answers[task]
        for arm, given in row.arms.items()
    )


def flag_copies(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries, those flagged whose responses are another model's.

    Args:
        entries: All of a board; a model's standard and custom ones are not compared.
    """
    found: dict[str, list[str]] = {}
    for one, other in combinations([entry for entry in entries if entry.said is not None], 2):
        for file, flag in _copies(one, other):
            found.setdefault(file, []).append(flag)
    return [_flagged(entry, found[entry.file]) if entry.file in found else entry for entry in entries]


def _copies(one: Entry, other: Entry) -> Iterator[tuple[str, str]]:
    if one.said is None or other.said is None or one.model == other.model:
        return
    if got := copied(one.said, other.said):
        yield one.file, f"{got} those of {other.model}"
        yield other.file, f"{got} those of {one.model}"


def _flagged(entry: Entry, flags: Sequence[str]) -> Entry:
    before = entry.facts["flagged"]
    return replace(entry, facts={**entry.facts, "flagged": "; ".join([*([str(before)] if before else []), *flags])})
