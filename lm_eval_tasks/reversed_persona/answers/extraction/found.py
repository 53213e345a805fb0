"""A final answer and where it stands."""

from typing import NamedTuple

from reversed_persona.answers.verdict import Method

__all__ = ["Extraction", "found_at"]


class Extraction(NamedTuple):
    """A final answer and where it stands.

    Attributes:
        text: The answer, a piece of the response.
        method: How it was found.
        span: Its offsets in the response.
        visible: The response as the reader sees it: thinking blanked, cut before an invented next problem.
        working_end: Where the working ends in `visible` and the statement of the answer begins.
        reading: What is compared: the text, or what it says once a JSON string's backslashes are resolved.
    """

    text: str
    method: Method
    span: tuple[int, int]
    visible: str
    working_end: int
    reading: str


def found_at(
    visible: str, span: tuple[int, int], method: Method, working_end: int, reading: str | None = None
) -> Extraction:
    """Make the extraction of what stands at `span`; it reads as it stands unless `reading` says otherwise."""
    text = visible[span[0] : span[1]]
    return Extraction(text, method, span, visible, working_end, text if reading is None else reading)
