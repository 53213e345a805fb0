"""Remarks that give away which student speaks: comments in brackets, and sentences about the role.

They let a judge tell two responses apart without looking at the mathematics. Found by patterns of this project, in
English only: what they find is there, what they miss may be there too.
"""

import re
from collections.abc import Iterator

__all__ = ["MASK", "mask_remarks", "meta_comments"]

MASK = "[remark removed]"

_WORD = re.compile(r"(?<![\\A-Za-z])[A-Za-z][A-Za-z'’]+")
_INSIDE = r"(?:[^()\[\]]|\([^()\[\]]{0,200}\)|\[[^()\[\]]{0,200}\]){1,600}"
"""What stands in a comment: text, and brackets one deep, as in "[Check: 2 * (12 + 7) = 38]"."""
_COMMENT = re.compile(rf"\((?P<round>{_INSIDE})\)|\[(?P<square>{_INSIDE})\]")
_WORDS_OF_A_COMMENT = 3
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?=\d)[^.!?\n]*)*[.!?]*")
_LEVEL = (
    r"(?:(?:low|poor|weak|under|high|strong|top|well)[- ]?(?:performing|achieving|level)|weak(?:er)?|poor|struggling|"
    r"strong(?:er)?|bad|good|excellent|gifted|confused|average)"
)
_META = re.compile(
    r"\bpretend(?:s|ing|ed)?\b|\brole-?\s?play|\bpersona\b|\bin character\b"
    r"|\bon purpose\b|\b(?:deliberate|intentional)ly\b"
    rf"|\b(?:as|like|am|i'm|i’m|being|play(?:ing)?|act(?:ing)?(?: as)?|simulat\w+) (?:a|an|the) (?:very )?{_LEVEL} "
    r"(?:\w+ )?(?:student|learner|pupil)\b"
    r"|\b(?:as|like) (?:this|the|that) student (?:would|does|might)\b"
    r"|\b(?:low|high)[- ]performing\b"
    r"|\b(?:i'm|i’m|i am|i was|i've|i’ve|i have) (?:\w+ ){0,3}"
    r"(?:bad|terrible|weak|hopeless|poor|good|great|strong) "
    r"(?:at|in|with) (?:\w+ )?(?:math|maths|mathematics|fractions|numbers|algebra)\b",
    re.IGNORECASE,
)
_MASKS = re.compile(rf"{re.escape(MASK)}(?:[ \t]*{re.escape(MASK)})+")


def meta_comments(text: str) -> list[str]:
    """Return the sentences that speak about the role ("I will pretend to be a weak student")."""
    return [sentence.group().strip() for sentence in _meta_sentences(text)]


def mask_remarks(text: str) -> str:
    """Replace comments in brackets, and sentences about the role, by `MASK`.

    A comment is a bracket with three words or more; "(2 per egg)" and "(3 + 4)" are working and stay.
    """
    spans = [found.span() for found in _COMMENT.finditer(text) if _is_comment(found)]
    spans += [found.span() for found in _meta_sentences(text)]
    parts, kept_to = [], 0
    for start, end in sorted(spans):
        if start >= kept_to:
            parts += [text[kept_to:start], MASK]
        kept_to = max(kept_to, end)
    return _MASKS.sub(MASK, "".join([*parts, text[kept_to:]]))


def _is_comment(found: "re.Match[str]") -> bool:
    return len(_WORD.findall(found["round"] or found["square"])) >= _WORDS_OF_A_COMMENT


def _meta_sentences(text: str) -> Iterator["re.Match[str]"]:
    if _META.search(text) is None:  # most texts
        return
    for sentence in _SENTENCE.finditer(text):
        if _META.search(sentence.group()):
            yield sentence
