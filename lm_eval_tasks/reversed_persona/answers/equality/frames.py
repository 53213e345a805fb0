r"""Take off the words around an expression, where they say nothing about its value: "the vertex is at (1, 2)".

"half of", "outside" or "not" change the value, and nobody can list all such words. So the words before an expression
must be known to be harmless, or say "... is"; any others make the answer unreadable.
"""

import re

from reversed_persona.answers.reading.notation import looks_mathematical

__all__ = ["formula_in", "without_frame"]

_HARMLESS_LISTED = (
    "the a an is are was were be at in on for of to by as that which this it its there we get got have has so then "
    "thus hence therefore and answer answers solution solutions result value values equals equal final exact exactly "
    "simply just only all both every any real reals number numbers integer integers interval intervals set range "
    "domain point points vertex center centre focus foci root roots zero zeros vector matrix expression equation "
    "polynomial function line coordinates pair pairs ordered triple side sides length lengths width height area "
    "perimeter volume distance radius diameter circumference angle slope sum product total probability ratio maximum "
    "minimum max min namely such where when i think believe say my option"
)
_HARMLESS = frozenset(_HARMLESS_LISTED.split())
_WORDS_BEFORE = re.compile(
    r"(?!(?:sin|cos|tan|log|sqrt)\b)(?:[A-Za-z]+(?:['’][a-z]{1,2})?[,:]?\s+){1,12}(?=[-\d(\[\\$])(?!\\(?:text|cup|in|or)\b)"
)
_COPULA = re.compile(
    r"\b(?:is|are|was|were|be|equals?|becomes|it['’]s)(?:\s(?:at|the|an?|in|to|equal|by|given|point|points|interval|set|"
    r"exactly|simply|just|then|therefore|located|both|either|only)){0,4}:?\s*$",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"\b(?:not|never|no|nor|neither|without|except|excluding|outside|but|complement|wrong|incorrect|excluded|less|fewer|"
    r"more|greater|bigger|larger|smaller|higher|lower|other|than|least|most|unless|says?|said|thinks?|friend|instead|"
    r"squared|cubed|times|plus|minus|divided|multiplied)\b|n['’]t\b",
    re.IGNORECASE,
)
_COMPUTES = re.compile(
    r"\b(?:half|third|quarter|twice|double|triple|negative|reciprocal|inverse|opposite|squared?|cubed?|root|logarithm|"
    r"log|multiples?|factors?|conjugate|negation|reflection|derivative|over|one|two|three|ten)\b",
    re.IGNORECASE,
)
_OF_THE_ANSWER = re.compile(
    r"\b(?:of|twice|double|triple|half) (?:the|my|this|that) (?:\w+ )?(?:answer|solution|result|value)\b", re.IGNORECASE
)
_SIGN = re.compile(r"(?:^|\s)(?:negative|minus)\s+$", re.IGNORECASE)
_PLUS_MINUS = re.compile(r"\bplus or minus\s+", re.IGNORECASE)
_A_SUM = re.compile(r"[\w)}\]]\s?[-+]|[,=<>&;]|\\(?:pm|cup|in|le|ge)(?![a-z])")
_INNER_MATH = re.compile(r"\$([^$]{1,500})\$|\\\((.{1,500}?)\\\)")


def without_frame(answer: str) -> str | None:
    """Take the words before an answer off; None where they may change what it says."""
    if " or " in answer:
        answer = _PLUS_MINUS.sub(r"\\pm ", answer)
    found = _WORDS_BEFORE.match(answer)
    if found is None or looks_mathematical(found.group()):
        return answer
    words, rest = found.group(), answer[found.end() :]
    sign = _SIGN.search(words)
    if sign:
        words = words[: sign.start()]
        if _A_SUM.search(rest):
            return None
        rest = f"$-{rest[1:]}" if rest.startswith("$") else f"-{rest}"
    return rest if not words.strip() or _is_harmless(words) else None


def _is_harmless(words: str) -> bool:
    if all(len(word) == 1 or word in _HARMLESS for word in re.findall(r"[a-z]+", words.lower().replace("'s", ""))):
        return True
    return _COPULA.search(words) is not None and not _changes(words)


def _changes(words: str) -> bool:
    """Whether words before a value change it; "the inverse of f is" announces one."""
    if _DENIES.search(words):
        return True
    return _COMPUTES.search(words) is not None and (not _COPULA.search(words) or bool(_OF_THE_ANSWER.search(words)))


def formula_in(answer: str) -> str | None:
    """Give the one formula in a sentence; None for several, or where the words around it change what it says."""
    found = list(_INNER_MATH.finditer(answer))
    if len(found) != 1 or _changes(answer[: found[0].start()]) or _DENIES.search(answer[found[0].end() :]):
        return None
    return found[0][1] or found[0][2]
