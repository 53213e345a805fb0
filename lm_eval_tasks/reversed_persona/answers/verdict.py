"""What grading a response gives back."""

from typing import Any, Literal, NamedTuple

__all__ = ["Method", "Reason", "Status", "Verdict"]

Status = Literal["correct", "wrong", "unanswered"]

Reason = Literal[
    "empty",
    "refused",
    "abstained",
    "ambiguous",
    "unfinished_thinking",
    "no_final_answer",
    "undecided",
]

Method = Literal["final_answer_line", "boxed", "hash", "answer_is", "json", "whole_response", "last_number"]


class Verdict(NamedTuple):
    """One response, judged.

    Attributes:
        status: `wrong` is earned: one readable final value of the gold's kind that is not the gold. Whatever is less
            than that is `unanswered`.
        reason: Why a response is unanswered; None for the other two. `undecided` means that a final value stands
            there but could not be compared (out of time or memory, or too large to read).
        answer: The final answer as it stands in the response, None where none was found.
        method: How it was found, None where none was found.
        span: Where it stands, as character offsets: `response[span[0]:span[1]] == answer`.
        flip: The answer is wrong, yet the gold stands in the visible working as a result.
        derived: The answer is a result of the visible working, which holds a computing step.
    """

    status: Status
    reason: Reason | None = None
    answer: str | None = None
    method: Method | None = None
    span: tuple[int, int] | None = None
    flip: bool = False
    derived: bool = False

    def fields(self) -> dict[str, Any]:
        """Return its parts by name."""
        return self._asdict()
