"""How a reference respondent behaves: what becomes of each problem in each arm, known beforehand.

model arguments                     what it stands for
high=1.0,low=0.0                    plays the persona
accuracy=0.9                        ignores it
high=1.0,low=0.2,low_hispanic=0.4   is biased
calibrated=true                     meets every expected accuracy
calibrated=true,easy_first=true     and gets the easier problems right, as the personas say
low=0.0,flip_low=0.5                swaps the final answer, where it should work the wrong one out
accuracy=0.5,coupled=false          gets other problems right in every arm, for no reason
"""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from reversed_persona.arms import Arm
from reversed_persona.errors import SettingsError, did_you_mean

__all__ = ["Outcome", "Student", "digest", "outcomes"]

Outcome = Literal["correct", "wrong", "flipped", "unanswered"]

_SHARES = ("accuracy", "unanswered", "flip")
_SWITCHES = ("calibrated", "easy_first", "coupled", "exact")


@dataclass(frozen=True)
class Student:
    """How a reference respondent behaves. All shares are in [0, 1].

    Attributes:
        accuracy: Share of problems that it gets right, in an arm that `named` does not name.
        unanswered: Share of problems left without an answer, likewise.
        flip: Share of its wrong answers that stand behind the right working, likewise.
        named: The same per arm, or per persona for all its arms: `low` or `low_hispanic` for the accuracy,
            `unanswered_low`, `flip_low`.
        calibrated: The accuracy is the one expected of the persona, where one is and `named` says nothing else.
        easy_first: It gets the easier problems right and leaves the hardest without an answer; else any.
        coupled: One draw per problem for all arms, so equal shares mean equal outcomes; else one draw each.
        exact: The shares are met exactly, rounded to whole problems; else each problem is a draw of its own.
        seed: Which problems.
    """

    accuracy: float = 0.9
    unanswered: float = 0.0
    flip: float = 0.0
    named: Mapping[str, float] = field(default_factory=dict)
    calibrated: bool = False
    easy_first: bool = False
    coupled: bool = True
    exact: bool = True
    seed: int = 0

    @classmethod
    def from_model_args(cls, model_args: Mapping[str, Any], arms: Sequence[Arm]) -> "Student":
        """Read what --model_args says: the attributes, and per arm <arm>, unanswered_<arm>, flip_<arm>.

        An arm is a persona, or one crossed with something: low, low_hispanic, low_wording_3.

        Raises:
            SettingsError: A key is unknown, or a value out of range or at odds with another.
        """
        named = {name for arm in arms for name in (arm.id, f"unanswered_{arm.id}", f"flip_{arm.id}")}
        for key, value in model_args.items():
            if key not in {*_SHARES, *_SWITCHES, "seed", *named}:
                raise SettingsError(
                    f"simulated_student: unknown model argument {key!r}; expected one of "
                    f"{', '.join((*_SHARES, *_SWITCHES, 'seed'))}, or <arm>, unanswered_<arm>, flip_<arm> of an arm "
                    "such as high or low_hispanic" + did_you_mean(key, [*_SHARES, *_SWITCHES, "seed", *sorted(named)])
                )
            _check_argument(key, value)
        student = cls(
            named={key: float(value) for key, value in model_args.items() if key in named},
            **{key: value for key, value in model_args.items() if key not in named},
        )
        if student.easy_first and not student.exact:
            raise SettingsError("simulated_student: easy_first needs exact shares; leave out exact=false")
        for arm in arms:
            correct, silent, _ = student.shares(arm)
            if correct + silent > 1:
                raise SettingsError(
                    f"simulated_student: {arm.id}: accuracy {correct} and unanswered {silent} add up to more than 1"
                )
        return student

    def shares(self, arm: Arm) -> tuple[float, float, float]:
        """Return the shares of correct and of unanswered problems in an arm, and that of flips among the wrong ones."""
        target = arm.expected_accuracy if self.calibrated else None
        accuracy = self._named("", arm, self.accuracy if target is None else target)
        return accuracy, self._named("unanswered_", arm, self.unanswered), self._named("flip_", arm, self.flip)

    def _named(self, kind: str, arm: Arm, otherwise: float) -> float:
        return self.named.get(f"{kind}{arm.id}", self.named.get(f"{kind}{arm.persona.id}", otherwise))


def outcomes(student: Student, arm: Arm, difficulties: Mapping[str, int]) -> dict[str, Outcome]:
    """Return what becomes of each problem when the student answers them in this arm.

    Problems are put in an order that depends on the seed: the first ones are correct, the last ones unanswered.

    Args:
        student: How it behaves.
        arm: Who is asked.
        difficulties: The difficulty of each problem, by id.
    """
    correct, silent, flip = student.shares(arm)
    draws = {name: _draw(student, arm, name) for name in difficulties}
    if not student.exact:
        found = {name: _outcome(draw < correct, draw >= 1 - silent) for name, draw in draws.items()}
    else:
        in_order = sorted(draws, key=lambda name: (difficulties[name] if student.easy_first else 0, draws[name]))
        n_correct, n_silent = _rounded(correct * len(draws)), _rounded(silent * len(draws))
        found = {name: _outcome(n < n_correct, n >= len(draws) - n_silent) for n, name in enumerate(in_order)}
    wrong = {name: _draw(student, arm, f"{name}/flip") for name, outcome in found.items() if outcome == "wrong"}
    if student.exact:
        flipped = sorted(wrong, key=wrong.__getitem__)[: _rounded(flip * len(wrong))]
    else:
        flipped = [name for name, draw in wrong.items() if draw < flip]
    return {**found, **dict.fromkeys(flipped, "flipped")}


def digest(*parts: object) -> int:
    """Return a number from 0 to 2**64 - 1 that depends on nothing but these."""
    return int.from_bytes(hashlib.sha256("/".join(map(str, parts)).encode()).digest()[:8], "big")


def _draw(student: Student, arm: Arm, name: str) -> float:
    """Return a number in [0, 1) that depends on the seed, the name and, if not coupled, the arm."""
    return digest(student.seed, name, "" if student.coupled else arm.id) / 2**64


def _outcome(correct: bool, silent: bool) -> Outcome:
    return "correct" if correct else "unanswered" if silent else "wrong"


def _rounded(number: float) -> int:
    return math.floor(number + 0.5)


def _check_argument(key: str, value: Any) -> None:
    if key in _SWITCHES:
        if not isinstance(value, bool):
            raise SettingsError(f"simulated_student: {key}: got {value!r}; expected true or false")
    elif isinstance(value, bool) or not isinstance(value, int | float):
        raise SettingsError(f"simulated_student: {key}: got {value!r}; expected a number")
    elif key != "seed" and not 0 <= value <= 1:
        raise SettingsError(f"simulated_student: {key}: got {value!r}; expected a share from 0 to 1")
