r"""Take off the unit or the words behind a value: "2\pi \text{ cm}^2", "2\pi square units"; not what changes it."""

import re

__all__ = ["without_unit", "without_words"]

_CHANGES = (
    r"(?!(?:squared|cubed|factorial)\b|(?:[a-zA-Z]+\s){0,3}(?:not|isn|less|fewer|more|than|times|plus|minus|over|or|and|of|"
    r"wrong|incorrect|divided|multiplied|excluded)\b)"
)
_UNIT_AFTER = re.compile(
    r"(?<=[\d})\]a-zA-Z!])\s*\\(?:text|mbox|mathrm|textrm|hbox)\s?\{\s*(?!\s|[ei]\s?\})" + _CHANGES + r"[^{}\d,;]{0,40}"
    r"(?:[23]\$?)?\}(?:\^\{?[23]\}?)?\s*\.?\s*$"
)
_WORDS_AFTER = re.compile(
    r"(?<=[\d})\]π])\s+" + _CHANGES + r"(?:[a-zA-Z]{3,}|cm|mm|km|ft|in|kg|oz|m)(?:\s[a-zA-Z]{2,}){0,3}"
    r"(?:\^\{?[23]\}?|[²³])?$"
)


def without_unit(text: str) -> str:
    r"""Take off the unit that stands in \text{} behind a value; \mathrm{i} is none."""
    return _UNIT_AFTER.sub("", text)


def without_words(text: str) -> str:
    """Take off the words behind a value."""
    return _WORDS_AFTER.sub("", text)
