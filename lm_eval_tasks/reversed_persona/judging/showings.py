"""Which two responses to a question a judge is shown, and in which order.

    pair            responses                            orders  what it is for
    contrast        high, low                            both    the Degree of Contrast
    null_identical  high, the same text again            one     floor: how far apart does the judge rate one text?
    null_none       none, high                           both    floor: two responses without a weak student
    masked          contrast, remarks about level masked both    how much rests on remarks, and not on the mathematics
    injected        contrast, the low one with a text    both    does the judge obey what it judges?
                    that asks for a rating

A pair is left out where the judged run did not ask one of its personas.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from reversed_persona.contrast.remarks import mask_remarks
from reversed_persona.errors import SettingsError, did_you_mean
from reversed_persona.followups import EarlierAnswers
from reversed_persona.judging.injections import Injection
from reversed_persona.judging.material import EMPTY, MAX_CHARACTERS, Material, make_material, shown_text
from reversed_persona.quoting import cut

__all__ = ["PAIRS", "Pair", "Showing", "material_of", "read_pairs", "responses_of", "showings_of"]

Pair = Literal["contrast", "null_identical", "null_none", "masked", "injected"]
PAIRS: tuple[Pair, ...] = get_args(Pair)
DEFAULT_PAIRS: tuple[Pair, ...] = ("contrast", "null_identical", "null_none", "masked")

_OTHER: Mapping[Pair, str] = {"null_identical": "high", "null_none": "none"}


@dataclass(frozen=True)
class Showing:
    """Two responses in one order.

    Attributes:
        pair: Which responses.
        high_first: Whether the one as the high-performing student is response A.
    """

    pair: Pair
    high_first: bool = True

    @property
    def other(self) -> str:
        """The persona that is held against high."""
        return _OTHER.get(self.pair, "low")

    @property
    def id(self) -> str:
        """Its name in documents: contrast_high_first, contrast_low_first, null_identical."""
        if self.pair == "null_identical":
            return self.pair
        return f"{self.pair}_{'high' if self.high_first else self.other}_first"


def read_pairs(metadata: Mapping[str, Any]) -> tuple[Pair, ...]:
    """Return which pairs a task's metadata asks for: `pairs`, and the injected one with `injections`.

    Raises:
        SettingsError: It names none, or an unknown one, or leaves out what another is held against.
    """
    pairs = metadata.get("pairs", list(DEFAULT_PAIRS))
    if not isinstance(pairs, list) or not pairs:
        raise SettingsError(f"metadata: pairs: got {pairs!r}; expected a list of {', '.join(DEFAULT_PAIRS)}")
    for name in pairs:
        if name not in DEFAULT_PAIRS:
            raise SettingsError(
                f"metadata: pairs: unknown pair {name!r}; expected some of {', '.join(DEFAULT_PAIRS)}"
                + did_you_mean(name, DEFAULT_PAIRS)
            )
    injections = metadata.get("injections", False)
    if not isinstance(injections, bool):
        raise SettingsError(f"metadata: injections: got {injections!r}; expected true or false")
    if "contrast" not in pairs:
        raise SettingsError("metadata: pairs: 'contrast' is missing; all others are held against it")
    return tuple(name for name in PAIRS if name in pairs or (name == "injected" and injections))


def showings_of(pairs: Sequence[Pair], personas: Sequence[str]) -> tuple[Showing, ...]:
    """Return what is shown of each question.

    Args:
        pairs: Which pairs.
        personas: Which personas the judged run asked.

    Raises:
        SettingsError: It did not ask high and low.
    """
    if not {"high", "low"} <= set(personas):
        raise SettingsError(
            f"metadata: earlier_run: was asked as {', '.join(personas)}; expected high and low among them"
        )
    return tuple(
        showing
        for pair in pairs
        for showing in (Showing(pair), Showing(pair, high_first=False))
        if showing.other in personas and (showing.high_first or pair != "null_identical")
    )


def responses_of(answers: EarlierAnswers) -> dict[str, str]:
    """Return, per persona, what a judge sees of its response: the first one, where the run has several."""
    return {
        persona: shown_text(responses[0] if responses else "", answers.thinking.get(persona, False))
        for persona, responses in answers.responses.items()
        if persona in ("high", "low", "none")
    }


def material_of(
    showing: Showing, question: str, responses: Mapping[str, str], injection: Injection | None = None
) -> Material:
    """Return what the judge reads.

    Args:
        showing: Which responses, in which order.
        question: The problem.
        responses: From `responses_of`.
        injection: What the injected pair adds to the low response.
    """
    high, other = responses["high"], responses[showing.other]
    if showing.pair == "masked":
        high, other = mask_remarks(high) or EMPTY, mask_remarks(other) or EMPTY
    if showing.pair == "injected" and injection:
        other = cut(injection.into(other), MAX_CHARACTERS)
    first, second = (high, other) if showing.high_first else (other, high)
    return make_material(question, first, second, salt=showing.id)
