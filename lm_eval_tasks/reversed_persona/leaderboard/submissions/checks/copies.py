"""Whether a submission's responses are those of another one, and whether its model's id looks like another's.

Two models may give the same short answer, and models trained on the same texts even the same working: of ToRA-70B's and
ToRA-Code-34B's solutions to GSM8K, greedily decoded, 14 of 100 are equal letter for letter; of two samples of one model
on MATH 6 of 100; of models that are not related under 1 of 100. So what counts are responses with at least LEAST_CHARS
letters and digits, and the share from which a maintainer should look lies well above these.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from reversed_persona.leaderboard.submissions.checks.identity import alike
from reversed_persona.leaderboard.submissions.files import RECORD, SAMPLES
from reversed_persona.leaderboard.submissions.findings import Finding, shown

__all__ = ["LEAST_CHARS", "LEAST_COMPARED", "LEAST_SHARE", "Other", "Said", "check_copies", "check_ids", "marks"]

LEAST_CHARS = 100
LEAST_COMPARED = 20
LEAST_SHARE = 0.25

Said = Mapping[tuple[str, str, str], bytes]
"""By task, problem and arm, the mark of what was said: equal for equal texts."""


@dataclass(frozen=True)
class Other:
    """Another submission.

    Attributes:
        folder: Where it lies.
        model_id: Of its model.
        said: What it said.
    """

    folder: Path
    model_id: str
    said: Said


def marks(
    task: str, problem_id: str, responses: Mapping[str, Sequence[str]]
) -> Iterator[tuple[tuple[str, str, str], bytes]]:
    """Yield the marks of one question's responses that are long enough to compare; case, spaces and signs don't count.

    Args:
        task: Name of the task.
        problem_id: The question.
        responses: By arm id; of several repeats the first is taken.
    """
    for arm, given in responses.items():
        letters = "".join(filter(str.isalnum, given[0].casefold()))
        if len(letters) >= LEAST_CHARS:
            yield (task, problem_id, arm), blake2b(letters.encode("utf-8", "replace"), digest_size=8).digest()


def check_copies(folder: str, model_id: str, said: Said, other: Other) -> Iterator[Finding]:
    """Compare what two submissions said; one of the same model may well repeat an earlier one."""
    if other.model_id == model_id:
        return
    both = said.keys() & other.said.keys()
    equal = sum(said[key] == other.said[key] for key in both)
    if len(both) >= LEAST_COMPARED and equal >= LEAST_SHARE * len(both):
        words = (
            f"{equal} of {len(both)} responses of at least {LEAST_CHARS} letters are those of {shown(other.model_id)}"
        )
        mending = f"Say in the note how the two models are related ({other.folder.name})"
        yield Finding(
            f"{folder}/{SAMPLES}", None, f"{words}; expected responses of its own", mending, "flagged", "others"
        )


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
