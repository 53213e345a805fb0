"""A judge's reply -> its rating and the response that it calls the weaker student's.

The reply should end in "Rating: 3" and "Weaker: A". Bold, bullets, JSON, "3/5" and "Response A" are read as well;
anything that leaves doubt is unrated, and says why.
"""

import json
import re
from dataclasses import asdict, dataclass
from typing import Any, Literal, cast, get_args

from reversed_persona.answers import hide_thinking

__all__ = ["Judgement", "Label", "Unrated", "read_judgement"]

Label = Literal["A", "B"]
Unrated = Literal["empty", "unfinished_thinking", "no_rating", "not_1_to_5", "contradictory"]

_READ_TO_THE_END = 20_000
_DRESS = r"[\s*_#>`~\"'“”\-•|\[\](){}<]{0,12}"
_AFTER = _DRESS.replace(r"\-", "")  # a minus sign is no decoration
_RATING = re.compile(
    rf"(?:^|[{{,]){_DRESS}(?:(?:final|overall|contrast|my)\s{{1,4}})?rating{_DRESS}[:=：]{_AFTER}(?P<said>.*)",
    re.IGNORECASE,
)
_WEAKER = re.compile(
    rf"(?:^|[{{,]){_DRESS}weaker(?:\s{{1,4}}(?:response|student|one|answer))?{_DRESS}[:=：]{_DRESS}"
    rf"(?:(?:response|student|answer){_DRESS})?(?P<said>.*)",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?P<n>[0-9]+)(?![0-9]|[.,][0-9])[*_]*(?:\s*(?:/|out of)\s*5(?![0-9]|\.[0-9]))?(?P<rest>.*)", re.IGNORECASE
)
_MORE_NUMBERS = re.compile(r"[\s*_]*(?:-|–|—|~|/|,|;|&|\||\bto\b|\bor\b|\band\b)[\s*_]*[0-9]", re.I)
_LETTER = re.compile(r"(?P<label>[AB])(?![A-Za-z0-9])(?P<rest>.*)")
_LONE_LETTER = re.compile(r"(?P<label>[ab])[\s*_`\"'.)\]}]*$")
_OTHER_LETTER = re.compile(r"[\s*_]*(?:/|,|&|\bor\b|\band\b|=)[\s*_]*(?:response\s+)?[AB](?![A-Za-z0-9])", re.I)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a judge said of two responses.

    Attributes:
        rating: 1 to 5, or None.
        weaker: The response of the weaker student, or None.
        unrated: Why there is no rating; None where there is one.
    """

    rating: int | None
    weaker: Label | None
    unrated: Unrated | None = None

    def to_json(self, showing: str) -> str:
        """Return it, and what was judged, as one line of JSON."""
        return json.dumps({"showing": showing, **asdict(self)})

    @classmethod
    def from_json(cls, text: str) -> "Judgement":
        """Read what `to_json` wrote, leaving out what was judged.

        Raises:
            ValueError: `text` is something else.
        """
        try:
            fields: dict[str, Any] = json.loads(text)
            del fields["showing"]
            found = cls(**fields)
        except (ValueError, TypeError, KeyError) as error:
            raise ValueError(
                f"not a judgement: {text!r:.80}; expected the output of the filter reversed_persona_judgement"
            ) from error
        rated = type(found.rating) is int and 1 <= found.rating <= 5  # no bool
        unrated = found.rating is None and found.unrated in get_args(Unrated)
        if not (rated or unrated) or found.weaker not in (None, *get_args(Label)):
            raise ValueError(f"not a judgement: {text!r:.80}; expected a rating from 1 to 5, or why there is none")
        return found


def read_judgement(reply: str, thinking: bool = False) -> Judgement:
    """Read a reply.

    The last line that says "Rating:" counts, together with the lines next to it that say "Rating:" or "Weaker:". If
    these name different ratings, there is none; the same holds for the weaker one.

    Args:
        reply: What the judge wrote, thinking blocks included.
        thinking: The prompt had opened a thinking tag.

    Returns:
        The judgement; no reply makes this raise.
    """
    visible = hide_thinking(reply, thinking)
    if visible is None:
        return Judgement(None, None, "unfinished_thinking")
    if not visible.strip():
        return Judgement(None, None, "empty")
    lines = _last_lines([line for line in visible[-_READ_TO_THE_END:].splitlines() if line.strip()])
    ratings = {_rating(found["said"]) for line in lines if (found := _RATING.search(line))}
    labels = {_label(found["said"]) for line in lines if (found := _WEAKER.search(line))}
    weaker = labels.pop() if len(labels) == 1 else None
    if not ratings:
        return Judgement(None, weaker, "no_rating")
    if len(ratings) > 1:
        return Judgement(None, weaker, "contradictory")
    rating = ratings.pop()
    return Judgement(rating, weaker) if isinstance(rating, int) else Judgement(None, weaker, rating)


def _last_lines(lines: list[str]) -> list[str]:
    """Return the last line that says a rating (or else the weaker one), and those like it that touch it."""
    says = [bool(_RATING.search(line)) or bool(_WEAKER.search(line)) for line in lines]
    at = next((n for n in reversed(range(len(lines))) if _RATING.search(lines[n])), None)
    if at is None:
        at = next((n for n in reversed(range(len(lines))) if says[n]), None)
    if at is None:
        return []
    first, last = at, at
    while first > 0 and says[first - 1]:
        first -= 1
    while last + 1 < len(lines) and says[last + 1]:
        last += 1
    return lines[first : last + 1]


def _rating(said: str) -> int | Unrated:
    found = _NUMBER.match(said)
    if found is None:
        return "not_1_to_5" if re.search(r"[0-9]", said) else "no_rating"
    if _MORE_NUMBERS.match(found["rest"]):
        return "contradictory"
    number = found["n"]
    return int(number) if number in ("1", "2", "3", "4", "5") else "not_1_to_5"


def _label(said: str) -> Label | None:
    found = _LETTER.match(said) or _LONE_LETTER.match(said)
    if found is None or _OTHER_LETTER.match(found.groupdict().get("rest", "")):
        return None
    return cast(Label, found["label"].upper())
