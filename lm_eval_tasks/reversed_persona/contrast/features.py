"""What tells two students' texts apart without a judge: counts, made from the text alone.

    feature          of a response                                                       range
    words            words, thinking left out                                            from 0
    steps            calculations that can be checked, "3 * 4 = 12"                      from 0
    errors_per_step  share of these that are wrong; none without steps                   [0, 1]
    hedges           "maybe", "I think", "not sure" and the like                         from 0
    meta_comments    sentences about the role, "I will pretend to be a weak student"     from 0

Descriptive only: patterns of this project, in English, checked by nobody against people's judgement. A difference says
that the texts differ, not that the students do. `errors_per_step` sees plain arithmetic and nothing else: no wrong
method, no wrong quantity. It calls 4 of the 4054 calculations in GSM8K's gold solutions wrong, and is right about one.
"""

import math
import re
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reversed_persona.answers import hide_thinking
from reversed_persona.arithmetic import equalities
from reversed_persona.contrast.remarks import meta_comments

__all__ = ["FEATURES", "Estimate", "compare", "estimate", "features"]

FEATURES = ("words", "steps", "errors_per_step", "hedges", "meta_comments")

_WORD = re.compile(r"\S*\w\S*")
_HEDGE = re.compile(
    r"\b(?:maybe|perhaps|probably|possibly|might|unsure|i think|i guess|i suppose|i believe|kind of|sort of"
    r"|(?:not|n't|n’t) (?:\w+ )?sure|i don['’]t (?:really )?(?:know|remember|get)|or something|hopefully|it seems)\b",
    re.IGNORECASE,
)

Features = Mapping[str, float | None]


@dataclass(frozen=True)
class Estimate:
    """A mean over questions.

    Attributes:
        n: Number of questions that have a value.
        mean: None without any.
        stderr: Its standard error; None with fewer than two.
    """

    n: int
    mean: float | None
    stderr: float | None


def features(response: str, thinking: bool = False) -> dict[str, float | None]:
    """Return the features of a response.

    Args:
        response: What was answered.
        thinking: The prompt had opened a thinking tag.

    Returns:
        Each of `FEATURES`; None where it doesn't apply.
    """
    text = hide_thinking(response, thinking) or ""
    steps = list(equalities(text))
    return {
        "words": len(_WORD.findall(text)),
        "steps": len(steps),
        "errors_per_step": sum(not step.right for step in steps) / len(steps) if steps else None,
        "hedges": len(_HEDGE.findall(text)),
        "meta_comments": len(meta_comments(text)),
    }


def estimate(values: Iterable[float | None]) -> Estimate:
    """Average over the questions that have a value."""
    known = [value for value in values if value is not None]
    if not known:
        return Estimate(0, None, None)
    error = statistics.stdev(known) / math.sqrt(len(known)) if len(known) > 1 else None
    return Estimate(len(known), statistics.fmean(known), error)


def compare(responses: Sequence[Mapping[str, Features]]) -> dict[str, dict[str, Estimate]]:
    """Average features over questions, per persona, and the difference low - high within each question.

    Args:
        responses: Per question, the features of each persona's response.

    Returns:
        By persona, and by "low - high" where both were asked; each by feature.
    """
    personas = list(dict.fromkeys(persona for question in responses for persona in question))
    found = {
        persona: {
            name: estimate(question[persona][name] for question in responses if persona in question)
            for name in FEATURES
        }
        for persona in personas
    }
    if {"high", "low"} <= set(personas):
        found["low - high"] = {
            name: estimate(
                _difference(question["low"][name], question["high"][name])
                for question in responses
                if "low" in question and "high" in question
            )
            for name in FEATURES
        }
    return found


def _difference(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other
