"""What a submission has in common with others: responses, its model, or an id that looks like another's.

Two models may give the same short answer, and models trained on the same texts even the same working: of ToRA-70B's and
ToRA-Code-34B's solutions to GSM8K, greedily decoded, 14 of 100 are equal letter for letter; of two samples of one model
on MATH 6 of 100; of models that are not related under 1 of 100. So what counts are responses with at least LEAST_CHARS
letters and digits, and the share from which a maintainer should look lies well above these.

A copier changes a letter. So of SAMPLED responses there are sketches as well, which see near copies. NEAR_SHARE lies
between the shares that `sketches` names: 0.46 of the two that are the most alike by nature, and 0.76 and more of copies
with one or two changes in each. Which are sampled hangs on the hash of the submission that is checked, so that nobody
can spare them. A copier who words every sentence anew is not seen.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reversed_persona.leaderboard.submissions.checks.identity import alike
from reversed_persona.leaderboard.submissions.checks.sketches import NEAR, Sketches, agreeing, sketches
from reversed_persona.leaderboard.submissions.files import RECORD, SAMPLES
from reversed_persona.leaderboard.submissions.findings import Finding, shown
from reversed_persona.leaderboard.suite import Suite

__all__ = [
    "LEAST_CHARS",
    "LEAST_COMPARED",
    "LEAST_SHARE",
    "NEAR_SHARE",
    "SAMPLED",
    "Marks",
    "Other",
    "Said",
    "check_ids",
    "check_others",
    "copied",
]

LEAST_CHARS = 100
LEAST_COMPARED = 20
LEAST_SHARE = 0.25
NEAR_SHARE = 0.6
SAMPLED = 1_000

_SIGNS = bytes(code for code in range(128) if not chr(code).isalnum())


@dataclass(frozen=True)
class Said:
    """What a submission said, as far as it takes to compare it: 60 KB of 5,457 responses, for boards of hundreds.

    Attributes:
        marks: For each question and arm of the suite's core, in their order, a mark that is equal for equal texts; 0
            for a response that is too short to compare.
        sampled: Places of those that have a sketch.
        sketches: Of these, in their order; zeros for a response that is too short to compare.
    """

    marks: NDArray[np.uint64]
    sampled: NDArray[np.intp]
    sketches: Sketches


class Marks:
    """Makes the marks of submissions' core responses, which may be compared if one object has made them."""

    def __init__(self, suite: Suite, seed: str = "") -> None:
        """Begin with none.

        Args:
            suite: What was asked.
            seed: Decides which responses are sampled.
        """
        asked = (
            (task, name, arm) for task in suite.core for name in suite.hashes(task) for arm in suite.tasks[task].arms
        )
        self._places = {key: place for place, key in enumerate(asked)}
        drawn = sorted(range(len(self._places)), key=lambda place: blake2b(f"{place} {seed}".encode()).digest())
        self._sampled = np.array(sorted(drawn[:SAMPLED]), dtype=np.intp)

    def of(self, responses: Iterable[tuple[tuple[str, str, str], str]]) -> Said:
        """Mark the responses that are long enough to compare.

        Args:
            responses: By task, problem_id and arm of the core.
        """
        found = np.zeros(len(self._places), dtype=np.uint64)
        texts = dict.fromkeys(self._sampled.tolist(), b"")
        for key, response in responses:
            letters = _letters(response)
            if len(letters) >= LEAST_CHARS:
                place = self._places[key]
                found[place] = int.from_bytes(blake2b(letters, digest_size=8).digest(), "big")
                if place in texts:
                    texts[place] = letters
        return Said(found, self._sampled, sketches(list(texts.values())))


@dataclass(frozen=True)
class Other:
    """A submission, as it is compared with others.

    Attributes:
        folder: Where it lies.
        model_id: Of its model.
        submitter: Who handed it in.
        run: Its type, and when it was run: of a model, what makes it another submission than a mended one.
        said: What it said.
    """

    folder: Path
    model_id: str
    submitter: str
    run: tuple[str, str]
    said: Said


def _letters(text: str) -> bytes:
    """Return a text's letters and digits; case, spaces and signs don't count."""
    folded = text.casefold()
    if folded.isascii():
        return folded.encode().translate(None, _SIGNS)
    return "".join(filter(str.isalnum, folded)).encode("utf-8", "replace")


def check_others(me: Other, others: Iterable[Other]) -> Iterator[Finding]:
    """Compare a submission with others: who hands in its model, and what was said."""
    others = list(others)
    of_model = [other for other in others if other.model_id == me.model_id]
    yield from _check_submitter(me, of_model)
    yield from _check_run(me, of_model)
    for other in others:
        if other.model_id != me.model_id:  # a model may well repeat what it said earlier
            yield from _check_copies(me, other)


def _check_run(me: Other, earlier: Sequence[Other]) -> Iterator[Finding]:
    """Flag a run that is there already: neither of the two submissions is the newer one."""
    for other in earlier:
        if other.run == me.run:
            name = shown("/".join(other.folder.parts[-3:]), 400)
            said = f"is of the same run as {name}; expected one submission of a run"
            mending = "Take out the one that this replaces, with `git rm -r`; which of them counts is left to chance"
            yield Finding(str(me.folder), None, said, mending, "flagged", "others")


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
    if got := copied(me.said, other.said):
        mending = f"Say in the note how the two models are related ({other.folder.name})"
        said = f"{got} those of {shown(other.model_id)}; expected responses of its own"
        yield Finding(f"{me.folder}/{SAMPLES}", None, said, mending, "flagged", "others")


def copied(mine: Said, theirs: Said) -> str | None:
    """Return how many responses "are" another submission's, or "are nearly"; None where no more than by nature."""
    of_those = f"responses of at least {LEAST_CHARS} letters"
    both = (mine.marks != 0) & (theirs.marks != 0)
    compared, equal = int(both.sum()), int((both & (mine.marks == theirs.marks)).sum())
    if compared >= LEAST_COMPARED and equal >= LEAST_SHARE * compared:
        return f"{equal} of {compared} {of_those} are"
    agree = agreeing(mine.sketches, theirs.sketches)
    compared, near = int((agree >= 0).sum()), int((agree >= NEAR).sum())
    if compared >= LEAST_COMPARED and near >= NEAR_SHARE * compared:
        return f"{near} of {compared} {of_those} that were sampled are nearly"
    return None
