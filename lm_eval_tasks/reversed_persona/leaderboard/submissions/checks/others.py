"""What a submission has in common with others: responses, its model, or an id that looks like another's.

Two models may give the same short answer, and models trained on the same texts even the same working: of ToRA-70B's and
ToRA-Code-34B's solutions to GSM8K, greedily decoded, 14 of 100 are equal letter for letter; of two samples of one model
on MATH 6 of 100; of models that are not related under 1 of 100. So what counts are responses with at least LEAST_CHARS
letters and digits, and the share from which a maintainer should look lies well above these.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reversed_persona.leaderboard.submissions.checks.identity import alike
from reversed_persona.leaderboard.submissions.files import RECORD, SAMPLES
from reversed_persona.leaderboard.submissions.findings import Finding, shown
from reversed_persona.leaderboard.suite import Suite

__all__ = ["LEAST_CHARS", "LEAST_COMPARED", "LEAST_SHARE", "Marks", "Other", "check_ids", "check_others"]

LEAST_CHARS = 100
LEAST_COMPARED = 20
LEAST_SHARE = 0.25

_SIGNS = bytes(code for code in range(128) if not chr(code).isalnum())


class Marks:
    """The marks of a submission's core responses, equal for equal texts: eight bytes each, for boards of hundreds."""

    def __init__(self, suite: Suite) -> None:
        """Begin with none."""
        asked = (
            (task, name, arm) for task in suite.core for name in suite.hashes(task) for arm in suite.tasks[task].arms
        )
        self._places = {key: place for place, key in enumerate(asked)}

    def of(self, rows: Iterable[tuple[str, Mapping[str, Any]]]) -> NDArray[np.uint64]:
        """Mark the responses that are long enough to compare; of several repeats the first is taken.

        Args:
            rows: A task's name and one of its rows, as read from JSON.

        Returns:
            A mark for each question and arm of the suite's core, in their order; 0 for none.
        """
        found = np.zeros(len(self._places), dtype=np.uint64)
        for task, row in rows:
            for arm, given in row["arms"].items():
                letters = _letters(given["responses"][0])
                if len(letters) >= LEAST_CHARS:
                    mark = int.from_bytes(blake2b(letters, digest_size=8).digest(), "big")
                    found[self._places[task, row["problem_id"], arm]] = mark
        return found


@dataclass(frozen=True)
class Other:
    """A submission, as it is compared with others.

    Attributes:
        folder: Where it lies.
        model_id: Of its model.
        submitter: Who handed it in.
        said: The marks of what it said.
    """

    folder: Path
    model_id: str
    submitter: str
    said: NDArray[np.uint64]


def _letters(text: str) -> bytes:
    """Return a text's letters and digits; case, spaces and signs don't count."""
    folded = text.casefold()
    if folded.isascii():
        return folded.encode().translate(None, _SIGNS)
    return "".join(filter(str.isalnum, folded)).encode("utf-8", "replace")


def check_others(me: Other, others: Iterable[Other]) -> Iterator[Finding]:
    """Compare a submission with others: who hands in its model, and what was said."""
    others = list(others)
    yield from _check_submitter(me, [other for other in others if other.model_id == me.model_id])
    for other in others:
        if other.model_id != me.model_id:  # a model may well repeat what it said earlier
            yield from _check_copies(me, other)


def check_ids(folder: str, model_id: str, others: Mapping[Path, str]) -> Iterator[Finding]:
    """Compare a model's id with those of the board.

    Args:
        folder: The submission's, for messages.
        model_id: Its model's.
        others: By folder, the model's id of other submissions.
    """
    path = f"{folder}/{RECORD}"
    for other in sorted({*others.values()} - {model_id}):
        if other.casefold() == model_id.casefold():
            said = f"model: id: got {model_id!r}, but the board has {other!r}; expected one spelling for one model"
            yield Finding(path, None, said, "Spell it as the board does", "refused", "others")
        elif alike(other) == alike(model_id):
            said = f"model: id: got {model_id!r}, which looks like the board's {other!r}; expected visible differences"
            yield Finding(path, None, said, "Check the spelling; a maintainer has to look at it", "flagged", "others")


def _check_submitter(me: Other, earlier: Sequence[Other]) -> Iterator[Finding]:
    """Flag a model that the board has from somebody else: the newer submission takes its place."""
    theirs = sorted({other.submitter for other in earlier})
    if theirs and me.submitter not in theirs:
        said = f"submitter: got {shown(me.submitter)}; the board has {me.model_id!r} from {shown(', '.join(theirs))}"
        mending = "Say in the note why there is another run of this model; a maintainer has to look at it"
        yield Finding(f"{me.folder}/{RECORD}", None, said, mending, "flagged", "others")


def _check_copies(me: Other, other: Other) -> Iterator[Finding]:
    both = (me.said != 0) & (other.said != 0)
    compared, equal = int(both.sum()), int((both & (me.said == other.said)).sum())
    if compared >= LEAST_COMPARED and equal >= LEAST_SHARE * compared:
        got = f"{equal} of {compared} responses of at least {LEAST_CHARS} letters are those of {shown(other.model_id)}"
        mending = f"Say in the note how the two models are related ({other.folder.name})"
        said = f"{got}; expected responses of its own"
        yield Finding(f"{me.folder}/{SAMPLES}", None, said, mending, "flagged", "others")
