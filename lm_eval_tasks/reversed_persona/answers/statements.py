r"""Read one statement of an answer: where its value stands, and whether a second thought follows.

A statement is what comes after "Final answer:", "the answer is" or "A:". Its value ends where a comment begins ("12
because ...", "12 (I only know 3 formulas)", "12. I am not good at this"). A correction that says so ("12. Wait, no,
it's 14") takes the value's place; a second value beside it without one ("12. Or maybe 14.") makes it ambiguous.
"""

import re
from dataclasses import dataclass
from typing import Literal

from reversed_persona.answers.golds import Kind, holds_value, same_value
from reversed_persona.answers.notation import box_content
from reversed_persona.answers.numbers import NUMBER, read_number
from reversed_persona.answers.remarks import before_remark

__all__ = ["ABSTAINS", "ASIDE", "Statement", "correction", "read_statement"]

_MAX_LINE = 2_001
_TAIL = 1_000
_MARKUP = " \t\r\n*_`\"':#>"

ABSTAINS = re.compile(
    r"\b(?:(?:do not|don['’]?t|dont|did not|didn['’]?t) (?:really |even |actually )?(?:know|understand|"
    r"get (?:it|this))|not (?:\w+ )?sure|unsure|"
    r"no (?:idea|clue|answer)|can(?:not|['’]?t| not) (?:really |even )?(?:say|tell|solve|figure|do|"
    r"answer|find|work|get|determine)|could(?: not|n['’]?t) (?:solve|figure|find|get)|"
    r"idk|dunno|give up|unknown|unable to (?:solve|determine|find|answer)|n/a|cannot be determined|"
    r"have no (?:idea|clue)|too hard|skip)\b",
    re.IGNORECASE,
)
_BLANK = re.compile(r"[\s?.!…\-–—_*]*|\W*(?:none|n/?a|nothing|unknown|blank|unsure)\W*", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"[<\[{(]\s*(?:your|the|final|numerical|numeric|number|insert|my|an?|answer|value|"
    r"result)\b[^<>\d]{0,60}[>\])}]|<[^<>\d]{0,60}>|\.{3,}|…|_{2,}",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"(?:[\s*_:\"'`≈~>#,]|=(?!=)|(?:[-*•]\s+(?=[^\s\d]))|"
    r"(?:um+|uh+|hmm+|so|well|ok|okay|i think|i guess|i believe|i say|i got|i get|i['’]?d say|"
    r"i['’]?ll say|i['’]?ll go with|i(?:['’]m| am) going with|"
    r"my guess is|my answer is|the answer is|the final answer is|answer is|it is|it['’]s|its|that is|"
    r"that['’]s|is|probably|maybe|perhaps|about|around|"
    r"approximately|roughly|approx\.?|equals|exactly|simply|just)(?![\w'’]))",
    re.IGNORECASE,
)
_FUNCTION = r"(?:sin|cos|tan|cot|sec|csc|log|exp|sqrt|infinity|mod)\b"
_BREAK = re.compile(
    r"\s?<(?=\||/?s>|end_of_turn|eos)|(?<!\\)[?;](?=\s|$|[*_\"])|(?<!\\)[!.](?=\s+\S)|\.(?=[*_\"]*\s*$)"
    rf"|\s(?:-{{1,3}}|[–—])\s(?=(?!{_FUNCTION})(?:I\b|[A-Za-z]{{3}}|no\b|so\b))|(?<=\S)—(?=\s?[A-Za-z]{{2}})"
    r"|,?\s+(?:because|since|but|although|though|which|i think|i guess|i believe|i hope|i['’]m|i am|not sure|right\?|"
    r"maybe|probably|wait|no,|no wait|actually|sorry|oops|hold on)\b"
    rf"|\s\((?=[^()\\]{{0,200}}?\b(?!{_FUNCTION})[A-Za-z]{{3}})|,\s(?=(?:so|i)\b)",
    re.IGNORECASE,
)
_ABBREVIATED = re.compile(
    r"(?:\b(?:approx|sq|mr|mrs|ms|dr|st|no|vs|ft|in|lbs?|oz|min|hr|hrs)|"
    r"[ap]\.m)$",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"\s\(([^()]{1,80})\)")

_VALUE = rf"(?:\$[^$\n]{{1,200}}\$|\\\((?:[^\\\n]|\\[^)]){{1,200}}\\\)|\\boxed\{{[^{{}}\n]{{1,100}}\}}|{NUMBER})"
_ENDS = r"(?=\s{0,3}(?:[*_]{0,3}\s?[a-zA-Z%]+){0,3}\s{0,3}(?:[.,;!?)\]_]|\*(?!\s?[\d$\\])|$|\n))"
_GOES_ON = re.compile(r"[^.!?\n=]{0,40}?(?:[+×÷=/]|\*(?=\s?\$?\d)|\s[-−]\s?\$?\d)")  # the value is part of a sum
_LITTLE = (
    r"(?:[\s,.:;!'’*\"—–-]|\b(?:no|wait|actually|sorry|i|meant|mean|it|it['’]?s|is|should|be|have|been|"
    r"that['’]?s|the|answer|make|that|to|my|think|must|was|"
    r"wrong|correct|correction|really|final|value|change|oops|hold|on|rather|instead|not|hmm+|ok|okay|"
    r"so|let|me|fix|scratch|s|about|mistake)\b){0,40}"
)
_CUE = re.compile(
    r"\b(?:wait|actually|hold on|oops|whoops|sorry|correction|scratch that|i meant?|on second thought|"
    r"let me (?:correct|fix|redo|recheck|check)|"
    r"i made (?:a|an) (?:mistake|error)|i was wrong|change (?:that|my answer|it)|make (?:it|that)|"
    r"(?:it|i|that|answer) should (?:be|have been|have said|really be))\b"
    r"|(?:^|[.!?;,\n—–-])\s{0,3}no\b",
    re.IGNORECASE,
)
_AFTER_CUE = re.compile(rf"{_LITTLE}(?P<value>{_VALUE}){_ENDS}", re.IGNORECASE)
_STATED = re.compile(
    rf"\b(?:(?:should|must) (?:really |actually )?(?:be|have been)|i meant?|make (?:it|that)|"
    rf"answer (?:is|should be|must be)|it['’]?s(?: actually| really)?|change (?:it|that|"
    rf"my answer) to)[\s:*]{{1,4}}(?P<value>{_VALUE}){_ENDS}",
    re.IGNORECASE,
)
_COMPUTED = re.compile(rf"(?:=|\bso)\s{{0,3}}(?P<value>{_VALUE}){_ENDS}", re.IGNORECASE)
_ALTERNATIVE = re.compile(
    rf"[\s.,;!?(*—–-]{{0,6}}(?:(?:or|maybe|perhaps|possibly|could be|might be|"
    rf"alternatively)\b[^.\n\d$\\]{{0,25}}|so\s)(?P<value>{_VALUE}){_ENDS}",
    re.IGNORECASE,
)


ASIDE = re.compile(  # what a later line adds as a comment corrects nothing
    r"\n\s{0,5}(?:>|#|//|[-*•]\s)?\s{0,3}[*_]{0,3}(?:[(\[{]|(?:the |my |teacher['’]?s? |student['’]?s? |common )?"
    r"(?:comments?|notes?|evidence|explanation|remarks?|reflection|mistakes?|errors?|misconception)\b)"
    r"|\n\s{0,5}(?://|#(?!#))",
    re.IGNORECASE,
)
_GUESS = re.compile(
    r"\b(?:maybe|perhaps|probably|guess(?:ing)?|i['’]?ll (?:say|go with)|i['’]?d say|but|think)\b"
    rf"[^\d$\\\n]{{0,25}}(?P<value>{_VALUE}){_ENDS}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of an answer.

    Attributes:
        outcome: "value"; "ambiguous"; "abstained"; or "none", where it states nothing.
        start: Where the value begins.
        end: Where the value ends.
        corrected_at: Where the second thought begins that put this value, None if there was none.
    """

    outcome: Literal["value", "ambiguous", "abstained", "none"]
    start: int = 0
    end: int = 0
    corrected_at: int | None = None


_NONE = Statement("none")


def _value_line(text: str, start: int, stop: int) -> tuple[int, int]:
    """Give the bounds of the line that holds the value: this one, or the next that isn't blank."""
    begin = start
    while begin < stop and text[begin] in _MARKUP:
        begin += 1
    end = text.find("\n", begin, stop)
    end = stop if end < 0 else end
    for opening, closing in (("\\[", "\\]"), ("$$", "$$"), ("\\begin{", "\\end{")):
        at = text.find(opening, begin, end)
        if at >= 0 and text.find(closing, at + 2, end) < 0:
            close = text.find(closing, at + 2, min(stop, at + _MAX_LINE))
            if close >= 0:
                line = text.find("\n", close, stop)
                end = stop if line < 0 else line
                break
    return begin, min(end, begin + _MAX_LINE)


def _skip_filler(text: str, begin: int, end: int) -> int:
    for _ in range(12):
        found = _FILLER.match(text, begin, end)
        if found is None:
            break
        begin = found.end()
    return begin


def _head(text: str, begin: int, end: int, kind: Kind) -> int:
    """Give where the value ends: at the first break after which nothing is missing."""
    for found in _BREAK.finditer(text, begin, end):
        at = found.start()
        if at == begin or (found.group() == "." and _ABBREVIATED.search(text, max(begin, at - 7), at)):
            continue
        bracket = _BRACKETED.match(text, at, end)
        if bracket and read_number(bracket[1]) is not None:
            continue  # "1 week (7 days)" says two values
        if holds_value(text[begin:at], kind):
            return at
    return end


def _trim(text: str, begin: int, end: int) -> tuple[int, int]:
    while begin < end and text[begin] in " \t\r\n*_`\"'":
        begin += 1
    while end > begin and text[end - 1] in " \t\r\n*_`\"'.,;:?":
        end -= 1
    if text[end - 1 : end] == ")" and not any(char in text[begin:end] for char in "([\\"):
        end -= 1
    return begin, end


def _boxed(text: str, begin: int, end: int, stop: int) -> tuple[int, int] | None:
    """Give the content of the last box that starts in a line."""
    at = max(text.rfind("\\boxed", begin, end), text.rfind("\\fbox", begin, end))
    content = box_content(text, at) if at >= 0 else None
    return content if content and content[1] <= stop else None


def correction(
    text: str, start: int, stop: int, stated: str = ""
) -> tuple[int, int, int] | Literal["ambiguous"] | None:
    """Look for a second thought about the value `stated` in `text[start:stop]`.

    Returns:
        (start, end, where the second thought begins) of the corrected value; "ambiguous" where another value is
        computed anew but not declared; None where nothing is corrected, or a check comes to the same value.
    """
    cue = _CUE.search(text, start, stop)
    if cue is None:
        return None
    direct = _AFTER_CUE.match(text, cue.end(), stop)
    if direct and not _GOES_ON.match(text, direct.end("value"), stop):
        return direct.start("value"), direct.end("value"), cue.start()
    declared = list(_STATED.finditer(text, cue.start(), min(stop, cue.start() + 400)))
    if declared:
        last = declared[-1]
        return last.start("value"), last.end("value"), cue.start()
    computed = list(_COMPUTED.finditer(text, cue.end(), min(stop, cue.end() + 400)))
    return "ambiguous" if computed and not same_value(computed[-1]["value"], stated) else None


def _last_correction(
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


def read_statement(text: str, start: int, stop: int, kind: Kind, *, second_thoughts: bool = True) -> Statement:
    """Read the statement that begins at `start`, right after its marker; `text` is not read beyond `stop`."""
    begin, end = _value_line(text, start, stop)
    line = text[begin:end]
    if not line.strip(_MARKUP) or _PLACEHOLDER.fullmatch(line.strip(" \t*_`\"'.$")):
        return Statement("abstained") if "?" in line else _NONE
    if _BLANK.fullmatch(line):
        return Statement("abstained")
    if re.match(r"not\b(?! sure)", line, re.IGNORECASE):
        return _NONE
    box = _boxed(text, begin, end, stop)
    if box:
        return Statement("value", *box)
    begin = _skip_filler(text, begin, end)
    end = before_remark(text, begin, end, kind)
    if ABSTAINS.search(text, begin, end):
        return _hedged(text, begin, end, kind)
    head = _head(text, begin, end, kind)
    value = _trim(text, begin, head)
    if value[0] >= value[1] or not holds_value(text[value[0] : value[1]], kind):
        return _NONE
    return _reconsidered(text, value, head, min(stop, head + _TAIL)) if second_thoughts else Statement("value", *value)


def _hedged(text: str, begin: int, end: int, kind: Kind) -> Statement:
    """Read a line that says "I don't know": a value counts only where it is put forward all the same."""
    admitted = ABSTAINS.search(text, begin, end)
    if admitted is None or admitted.start() - begin > 2:
        head = _head(text, begin, min(end, admitted.start() if admitted else end), kind)
        value = _trim(text, begin, head)
        if re.match(r"\$?[-−]?[\d\\]", text[value[0] : value[1]]):
            return Statement("value", *value)  # "12, not sure"
    guess = _GUESS.search(text, begin, end)
    if guess:
        return Statement("value", guess.start("value"), guess.end("value"))
    return Statement("abstained")


def _reconsidered(text: str, value: tuple[int, int], head: int, stop: int) -> Statement:
    """Apply what is said after the value."""
    other = _ALTERNATIVE.match(text, head, stop)
    if other and not same_value(other["value"], text[value[0] : value[1]]):
        return Statement("ambiguous", *value)
    aside = ASIDE.search(text, head, stop)
    second = _last_correction(text, head, aside.start() if aside else stop, text[value[0] : value[1]])
    if second is None:
        return Statement("value", *value)
    if second == "ambiguous":
        return Statement("ambiguous", *value)
    return Statement("value", second[0], second[1], corrected_at=second[2])
