"""Wrong answers that come from a trick: one and the same value, or one and the same distance from the right one."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

__all__ = ["Degeneracy", "degeneracy"]

LEAST_WRONG = 20
FLAG = 0.2
"""A fifth of all wrong answers alike; honest errors are spread."""


@dataclass(frozen=True)
class Degeneracy:
    """How much alike the wrong answers are.

    Attributes:
        n_wrong: How many there are.
        modal_value: The commonest.
        modal_wrong_share: Its share, in [0, 1].
        modal_offset: The commonest distance answer - gold; None where no answer and gold are numbers.
        modal_offset_share: Its share of the wrong answers whose gold is a number; None as before.
    """

    n_wrong: int
    modal_value: Hashable
    modal_wrong_share: float
    modal_offset: Hashable
    modal_offset_share: float | None

    @property
    def flagged(self) -> bool:
        """Whether a fifth or more of at least 20 wrong answers are alike in value or distance."""
        shares = (self.modal_wrong_share, self.modal_offset_share or 0.0)
        return self.n_wrong >= LEAST_WRONG and max(shares) >= FLAG


def degeneracy(values: Sequence[Hashable], offsets: Sequence[Hashable | None]) -> Degeneracy | None:
    """Look for what wrong answers have in common; None where there are none.

    Args:
        values: The wrong answers, as values that are equal if they say the same.
        offsets: Of each, answer - gold; None where one of them is no number.

    Raises:
        ValueError: The lengths differ.
    """
    if len(values) != len(offsets):
        raise ValueError(f"offsets: got {len(offsets)}; expected one for each of the {len(values)} values")
    if not values:
        return None
    value, count = Counter(values).most_common(1)[0]
    numbers = [offset for offset in offsets if offset is not None]
    offset, alike = Counter(numbers).most_common(1)[0] if numbers else (None, 0)
    share = alike / len(numbers) if numbers else None
    return Degeneracy(len(values), value, count / len(values), offset, share)
