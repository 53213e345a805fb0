r"""Second thoughts about an answer: "12. Wait, no, it's 14", "12, or maybe 14", "I'll stick with 12".

A second thought takes the value's place only where it declares another; a value merely computed anew makes two of them.
"""

import re
from typing import Literal

from reversed_persona.answers.reading.golds import same_value
from reversed_persona.answers.reading.numbers import NUMBER

__all__ = ["ASIDE", "VALUE_HERE", "alternative", "correction", "last_correction", "last_declared"]

_VALUE = rf"(?:\$[^$\n]{{1,200}}\$|\\\((?:[^\\\n]|\\[^)]){{1,200}}\\\)|\\boxed\{{[^{{}}\n]{{1,100}}\}}|{NUMBER})"
_UNIT = r"[*_]{0,3}[a-zA-Z%]{1,30}"
_ENDS = (  # up to three words, with a space between them: see `numbers._UNITS`
    rf"(?=\s{{0,3}}(?:{_UNIT}(?:\s{_UNIT}){{0,2}})?\s{{0,3}}(?:[.,;!?)\]_]|\*(?!\s?[\d$\\])|$|\n))"
)
VALUE_HERE = rf"(?P<value>{_VALUE}){_ENDS}"
"""A value inside prose, with at most a few words behind it."""

_GOES_ON = re.compile(r"[^.!?\n=]{0,40}?(?:[+×÷=/]|\*(?=\s?\$?\d)|\s[-−]\s?\$?\d)")  # the value is part of a sum
_DENIES = re.compile(r"\bnot\b|n['’]t\b", re.IGNORECASE)
_LITTLE = (
    r"(?:[\s,.:;!'’*\"—–-]|\b(?:no|wait|actually|sorry|i|meant|mean|it|it['’]?s|is|should|be|have been|"
    r"that['’]?s|the|answer|make (?:it|that)|that|to|my|think|must|was|"
    r"correct|correction|really|final|value|change|oops|hold|on|rather|instead|not|hmm+|ok|okay|"
    r"so|let|me|fix|scratch|s|about)\b){0,40}"
)
_WEAK = re.compile(r"actually|sorry|i was wrong|i made (?:a|an) (?:mistake|error)", re.IGNORECASE)
_PUTS = re.compile(r"\b(?:it|answer|be|been|meant|is|make|so)\b|['’]s\b", re.IGNORECASE)
_ENDED = re.compile(r"[\s*_$)]{0,4}(?:[.,;!]|$|\n)")
_CONCEDES = re.compile(r"\b(?:although|though)\s$", re.IGNORECASE)  # "74, although it should be 72" stays 74
_RIGHT_IS = re.compile(
    r"\b(?:correct|right|real|true|actual|proper) (?:final )?(?:answer|value|result|solution)\b[^.!?\n]{0,20}$",
    re.IGNORECASE,
)
_ON_PURPOSE = re.compile(r"[^.!?\n\d]{0,20}\b(?:on purpose|intentionally|deliberately|purposely)\b", re.IGNORECASE)
_BUT_THE = re.compile(r"\b(?:but|know)(?: that)? (?:the |my )?$", re.IGNORECASE)
_FOUND_RIGHT = re.compile(
    r"[\s.,;!)$*]{0,6}(?:(?:ok|okay|so|and|which|that|it|this|is|['’]s|looks?|seems?)\s?){0,4}[\s,]{0,2}"
    r"(?:yes|yep|yeah|right|correct|good|works|checks out|✓|✔)",
    re.IGNORECASE,
)
_LEFT_SIDE = re.compile(r"[\d\s.+*/×x÷^()$−–-]{1,60}=\s{0,3}$")
_CUE = re.compile(
    r"\b(?:wait|actually|hold on|oops|whoops|sorry|correction|scratch that|kidding|i meant?|on second thought|"
    r"(?:but |however,? )?i(?:['’]ll| will) (?:write|say|put|answer|go with)|"
    r"let me (?:correct|fix|redo|recheck|check)|"
    r"i made (?:a|an) (?:mistake|error)|i was wrong|change (?:that|my answer|it)|make (?:it|that)|"
    r"(?:it|i|that|answer) should (?:be|have been|have said|really be))\b"
    r"|(?:^|[.!?;,\n—–-])\s{0,3}no\b",
    re.IGNORECASE,
)
_AFTER_CUE = re.compile(rf"{_LITTLE}{VALUE_HERE}", re.IGNORECASE)
_STATED = re.compile(
    rf"\b(?:(?:should|must) (?:really |actually )?(?:be|have been)|i meant?|make (?:it|that)|"
    rf"answer (?:is|should be|must be)|it['’]?s(?: actually| really)?|change (?:it|that|"
    rf"my answer) to|(?:stick|stay|go) with)[\s:*]{{1,4}}{VALUE_HERE}",
    re.IGNORECASE,
)
_COMPUTED = re.compile(rf"(?:=|\bso)\s{{0,3}}{VALUE_HERE}", re.IGNORECASE)
_ALTERNATIVE = re.compile(
    rf"[\s.,;!?(*—–-]{{0,6}}(?:(?:or|maybe|perhaps|possibly|could be|might be|"
    rf"alternatively)\b[^.\n\d$\\]{{0,25}}|so\s){VALUE_HERE}",
    re.IGNORECASE,
)

ASIDE = re.compile(  # what a later line adds as a comment corrects nothing
    r"\n[ \t]{0,5}(?:>|#|//|[-*•][ \t])?[ \t]{0,3}[*_]{0,3}"
    r"(?:[(\[{]|(?:the |my |teacher['’]?s? |student['’]?s? |common )?"
    r"(?:comments?|notes?|evidence|explanation|remarks?|reflection|mistakes?|errors?|misconception)\b)"
    r"|\n[ \t]{0,5}(?://|#(?!#))",
    re.IGNORECASE,
)


def correction(
    text: str, start: int, stop: int, stated: str = ""
) -> tuple[int, int, int] | Literal["ambiguous"] | None:
    """Look for a second thought about the value `stated` in `text[start:stop]`.

    Returns:
        (start, end, where the second thought begins) of the corrected value; "ambiguous" where another value is
        computed anew but not declared; None where nothing is corrected, or a check comes to the same value.
    """
    cue = _CUE.search(text, start, stop)
    if cue is None or _CONCEDES.search(text, max(0, cue.start() - 12), cue.start()) or _discloses(text, start, cue):
        return None
    direct = _AFTER_CUE.match(text, cue.end(), stop)
    if direct and _puts(text, cue, direct, stop):
        return direct.start("value"), direct.end("value"), cue.start()
    declared = last_declared(text, cue.start(), min(stop, cue.start() + 400))
    if declared:
        return *declared, cue.start()
    computed = list(_COMPUTED.finditer(text, cue.end(), min(stop, cue.end() + 400)))
    if not computed or same_value(computed[-1]["value"], stated) or _confirms(text, cue, computed[-1], stated):
        return None
    return "ambiguous"


def _discloses(text: str, start: int, cue: "re.Match[str]") -> bool:
    """Whether a cue belongs to the right answer told beside the student's: "The correct answer is actually 18"."""
    if _RIGHT_IS.search(text, max(start, cue.start() - 60), cue.start()) or _ON_PURPOSE.match(text, cue.end()):
        return True
    if not cue.group().lower().startswith("answer should"):
        return False
    return text.find("\n", start, cue.start()) >= 0 or _BUT_THE.search(text, start, cue.start()) is not None


def _confirms(text: str, cue: "re.Match[str]", computed: "re.Match[str]", stated: str) -> bool:
    """Whether a check computes with the stated value and finds it right: "let me check: 24 + 26 = 50. Yes."."""
    if _FOUND_RIGHT.match(text, computed.end("value")) is None:
        return False
    left = _LEFT_SIDE.search(text, max(cue.end(), computed.start() - 60), computed.start("value"))
    return left is not None and any(same_value(one, stated) for one in re.findall(NUMBER, left.group()))


def last_correction(
    text: str, start: int, stop: int, stated: str
) -> tuple[int, int, int] | Literal["ambiguous"] | None:
    """Follow second thoughts on second thoughts: "wait, is it 20? no, 18"."""
    second = correction(text, start, stop, stated)
    for _ in range(5):
        if not isinstance(second, tuple):
            break
        further = correction(text, second[1], stop, text[second[0] : second[1]])
        if further is None:
            break
        second = further
    return second


def _puts(text: str, cue: "re.Match[str]", direct: "re.Match[str]", stop: int) -> bool:
    """Whether the value behind a cue is put forward: "Actually 14", not "Actually 3 eggs broke" or "Wait, not 14"."""
    end = direct.end("value")
    if (
        _GOES_ON.match(text, end, stop)
        or _DENIES.search(text, cue.end(), end)
        or text[end : end + 2].strip()[:1] == "?"
    ):
        return False
    weak = _WEAK.fullmatch(cue.group()) is not None
    return not weak or bool(_PUTS.search(text, cue.end(), direct.start("value")) or _ENDED.match(text, end, stop))


def last_declared(text: str, start: int, stop: int) -> tuple[int, int] | None:
    """Give the last value that a text declares: "I'll stick with 80"."""
    declared = list(_STATED.finditer(text, start, stop))
    return declared[-1].span("value") if declared else None


def alternative(text: str, start: int, stop: int, stated: str) -> int | None:
    """Return where another value ends that is offered beside the stated one right at `start`: ", or maybe 14"."""
    other = _ALTERNATIVE.match(text, start, stop)
    return other.end("value") if other and not same_value(other["value"], stated) else None
