"""What submission.yaml says of a judge that rated a submission's responses, as a strict record."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from reversed_persona.judging.showings import Pair

__all__ = ["JUDGE_NAME", "Judge", "JudgedTask"]

JUDGE_NAME = r"^[A-Za-z0-9][A-Za-z0-9._+/-]{0,99}$"

_Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._+/-]{0,99}$")]
_Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,79}$")]
_Number = Annotated[float, Field(allow_inf_nan=False)]
_Setting = bool | Annotated[int, Field(ge=-(10**15), le=10**15)] | _Number | _Word | None
"""A value that can't hold a sentence, a path or a machine."""
_Settings = Annotated[dict[_Key, _Setting], Field(max_length=60)]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class JudgedTask(_Record):
    """How a judge task was run.

    Attributes:
        version: The task's.
        rubric: Fingerprint of the judge's prompt.
        pairs: What was shown of each question; see `judging.showings`.
        repeats: How many replies were asked for each showing.
        generation_kwargs: How the replies were generated.
    """

    version: _Number
    rubric: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
    pairs: Annotated[list[Pair], Field(min_length=1, max_length=5)]
    repeats: Annotated[int, Field(ge=1, le=100)]
    generation_kwargs: _Settings


class Judge(_Record):
    """Who judged, and how it was run.

    Attributes:
        id: The judge model, as the Hub or its maker calls it.
        revision: Commit, tag or date that tells its weights from others of this name; null where that isn't known.
        date: When the newest of its runs began, in UTC.
        backend: lm-eval's --model.
        model_args: Those that are numbers, switches or known words.
        lm_eval_version: Of lm-eval.
        prompt_format: `plain` where the judge read the prompts as they stand, `chat` where a chat template or a chat
            server came between.
        tasks: By judge task, how it was run.
    """

    id: Annotated[str, StringConstraints(pattern=JUDGE_NAME)]
    revision: _Word | None
    date: Annotated[
        str, StringConstraints(pattern=r"^20\d\d-(0\d|1[0-2])-([0-2]\d|3[01])T([01]\d|2[0-3])(:[0-5]\d){2}Z$")
    ]
    backend: _Word
    model_args: _Settings
    lm_eval_version: _Word
    prompt_format: Literal["plain", "chat"]
    tasks: Annotated[dict[_Key, JudgedTask], Field(min_length=1, max_length=10)]
