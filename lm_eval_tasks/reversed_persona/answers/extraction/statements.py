r"""Read one statement of an answer: where its value stands, and whether a second thought follows.

A statement is what comes after "Final answer:", "the answer is" or "A:". Its value ends where a comment begins ("12
because ...", "12 (I only know 3 formulas)", "12. I am not good at this"). A correction that says so ("12. Wait, no,
it's 14") takes the value's place; a second value beside it without one ("12. Or maybe 14.") makes it ambiguous.
"""

import itertools
import re
from typing import Literal, NamedTuple

from reversed_persona.answers.extraction.boxes import row_of_boxes
from reversed_persona.answers.extraction.chat import is_chat
from reversed_persona.answers.extraction.reasons import ABSTAINS
from reversed_persona.answers.extraction.remarks import before_remark
from reversed_persona.answers.extraction.second_thoughts import (
    ASIDE,
    VALUE_HERE,
    alternative,
    last_correction,
    last_declared,
)
from reversed_persona.answers.extraction.sentences import is_personal
from reversed_persona.answers.extraction.words import HEDGES, I_THINK
from reversed_persona.answers.reading.golds import Kind, holds_number, holds_value
from reversed_persona.answers.reading.notation import box_content, ends_primed, looks_mathematical
from reversed_persona.answers.reading.numbers import read_number

__all__ = ["JUDGED_WRONG", "REJECTED", "Statement", "read_statement", "skip_filler"]

_MAX_LINE = 2_001
_TAIL = 1_000
_MAX_BREAKS = 24
_MARKUP = " \t\r\n*_`\"':#}"

_BLANK = re.compile(r"[\s?.!…\-–—_*]*|\W*(?:none|n/?a|nothing|unknown|blank|unsure|pass)\W*", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"[<\[{(]\s*(?:your|the|final|numerical|numeric|number|insert|my|an?(?=\s)|answer|value|"
    r"result)\b[^<>\d]{0,60}[>\])}]|<[^<>\d]{0,60}>|\.{3,}|…|_{2,}",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"(?:[\s*_:\"'`≈~#,]|=(?!=)|(?:[-*•]\s+(?=[^\s\d]))|"
    r"(?:i(?:['’]m| am) (?:\w+ )?\d{1,3} ?% (?:sure|certain|confident)(?: that)?|"
    rf"um+|uh+|hmm+|so|well|ok|okay|{I_THINK}|i say|i got|i get|i['’]?d say|"
    r"i['’]?ll say|i['’]?ll go with|i(?:['’]m| am) going with|"
    r"my guess is|my answer is|the answer is|the final answer is|answer is|it is|it['’]s|its|that is|"
    rf"that['’]s|is|{HEDGES}|approx\.?|equals)(?![\w'’]))",
    re.IGNORECASE,
)
_FUNCTION = r"(?:sin|cos|tan|cot|sec|csc|log|exp|sqrt|infinity|mod)\b"
_BREAK = re.compile(
    r"\s?<(?=\||/|s>|end_of_turn|eos)|(?<!\\)(?:\?|;(?!\s?\$?[a-z]\s?=))(?=\s|$|[*_\"])"
    r"|(?<!\\)(?:\.|!(?!(?<=\d!)\s[-+=*/×·^]))(?=\s+\S)|\.(?=[*_\"]*\s*$)"
    rf"|\s(?:-{{1,3}}|[–—])\s(?=(?!{_FUNCTION})(?:I\b|[A-Za-z]{{3}}|no\b|so\b))|(?<=\S)—(?=\s?[A-Za-z]{{2}})"
    rf"|,?\s{{1,5}}(?:because|since|unless|but|although|even though|though|which|{I_THINK}|i hope|i['’]m|"
    r"i am|not sure|right\?|maybe|probably|wait|no,|no wait|actually|sorry|oops|hold on)\b"
    rf"|\s\((?=[^()\\]{{0,200}}?\b(?!{_FUNCTION})[A-Za-z]{{3}})|,\s(?=(?:so(?!\s\$?[a-z]\s?=)|i|not|if)\b)",
    re.IGNORECASE,
)
_ABBREVIATED = re.compile(
    r"(?:\b(?:approx|sq|mr|mrs|ms|dr|st|no|vs|ft|in|lbs?|oz|min|hr|hrs)|"
    r"[ap]\.m)$",
    re.IGNORECASE,
)
_AND_ANOTHER = re.compile(
    r"[\s*_]*[(\[][^()\[\]\n]{0,80}[)\]][\s*_]*(?:and|or|respectively)\b|[\s*_]*\(\s*(?:one of|either|pick)\b",
    re.IGNORECASE,
)
_CLOSES = re.compile(r"[)\]]")
_BRACKETED = re.compile(r"\s\(([^()]{1,80})\)")

_GUESS = re.compile(
    r"\b(?:maybe|perhaps|probably|guess(?:ing)?|i['’]?ll (?:say|go with)|i['’]?d say|but|think)\b"
    rf"[^\d$\\\n]{{0,25}}{VALUE_HERE}",
    re.IGNORECASE,
)


class Statement(NamedTuple):
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
_WORDS = re.compile(r"(?<![\\a-zA-Z])[a-zA-Z]{2,} ")
_SENTENCE_ENDS = re.compile(r"[.!?]\s")
_DENIED = re.compile(
    r"(?:it['’]?s |it is |that['’]?s |that is )?(?:definitely |certainly |probably |surely )?"
    r"(?:not\b(?! sure)|never\b|n['’]t\b|isn['’]?t\b|can(?:['’]?t|not) be\b|other than\b|"
    r"any(?:thing|\snumber|\svalue)? (?:but|except)\b|≠|\\ne(?:q|\b))",
    re.IGNORECASE,
)
REJECTED = re.compile(
    r"[\d}$]\s(?:(?:is|would be|was)(?: not| clearly| definitely)?|isn['’]?t|wasn['’]?t)\s"
    r"(?:right|correct|incorrect|wrong|too (?:high|low|big|small|large|much|little))\b",
    re.IGNORECASE,
)
_CYCLE = re.compile(r"\.\d{0,15}(\d)\1$")
"""A value that is judged, and not put forward: "72 is not correct"."""

JUDGED_WRONG = re.compile(
    r"[\d}$]\s(?:(?:is|would be|was)(?: clearly| definitely)?\s(?:not (?:right|correct)|incorrect|wrong)|"
    r"(?:isn|wasn)['’]?t\s(?:right|correct))\b",
    re.IGNORECASE,
)
"""A value that a whole sentence calls wrong: "72 is wrong"."""

_OTHERS_THEN_OWN = re.compile(  # "my brother says 24 but I say 26"
    r"(?:my \w{1,15}|they|he|she|everyone|everybody|someone|(?:other |some |most )?people|the \w{1,15})\s"
    r"(?:says?|said|thinks?|thought|wrote|claims?|got|gets?)\b[^\n]{0,40}?[\s,;]"
    r"(?:i (?:say|said|think|thought|got|get|put|wrote|guess)|mine is|i['’]d say)(?: it['’]?s| about)?[\s:]{1,2}"
    r"(?=[$\\*]{0,3}[-\d\\])",
    re.IGNORECASE,
)
_ITEM = re.compile(r"(?:[-•]|1[.)])[ \t]{1,3}(?=[$*\\-]{0,4}\d)")
_NEXT_ITEM = re.compile(r"\s{1,9}(?:[-*•]|2[.)])[ \t]{1,3}[$*\\-]{0,4}\d")
_TWO_BOXES = re.compile(r"\\boxed\{[^{}]*\}[\s$]*(?:or|not)[\s$]*\\boxed")
_PLAIN = re.compile(r"[ \t*]{0,4}(?P<value>\$?-?\d{1,15}(?:\.\d{1,9})?)[ \t*]{0,4}\.?\s{0,4}")
"""A statement of nothing but a number, as most are: the long way would read the same."""


def _value_line(text: str, start: int, stop: int) -> tuple[int, int]:
    """Give the bounds of the line that holds the value: this one, or the next that isn't blank."""
    begin = start
    while begin < stop and (text[begin] in _MARKUP or (text[begin] == ">" and text[begin - 1] == "\n")):
        begin += 1  # a quotation mark, not a bound, at the beginning of a line
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


def skip_filler(text: str, begin: int, end: int) -> int:
    """Skip what says nothing about the value before it: "I think it is about"."""
    for _ in range(12):
        found = _FILLER.match(text, begin, end)
        if found is None:
            break
        begin = found.end()
    return begin


def _head(text: str, begin: int, end: int, kind: Kind) -> int:
    """Give where the value ends: at the first break after which nothing is missing."""
    since = begin  # no number and no name goes over a break; an expression may
    for found in itertools.islice(_BREAK.finditer(text, begin, end), _MAX_BREAKS):
        at = found.start()
        if at == begin or (found.group() == "." and _ABBREVIATED.search(text, max(begin, at - 7), at)):
            continue
        if found.group() == "!" and any(_is_open(text[begin:at], pair) for pair in ("()", "{}")):
            continue  # the factorials of n!/(k! (n-k)!)
        if (
            found.group() == ";"
            and text[begin] in "(["
            and not any(text.find(closing, begin, at) > 0 for closing in ")]")
        ):
            continue  # "(-2; 1)" is one point
        bracket = _BRACKETED.match(text, at, end)
        if bracket and read_number(bracket[1]) is not None:
            continue  # "1 week (7 days)" says two values
        if holds_value(text[since:at], kind) if kind == "text" else holds_number(text[since:at]):
            return at
        if kind == "expression" and looks_mathematical(text[begin:at]):
            return at
        since = at
    return end


def _is_open(text: str, pair: str) -> bool:
    """Whether a bracket of this pair is open at the end of a text."""
    return text.count(pair[0]) > text.count(pair[1])


def _trim(text: str, begin: int, end: int) -> tuple[int, int]:
    while begin < end and text[begin] in " \t\r\n*_`\"'":
        begin += 1
    while end > begin and text[end - 1] in " \t\r\n*_`\"'.,;:?":
        end -= 1
    if text.startswith("...", end) and _CYCLE.search(text, max(begin, end - 20), end):
        end += 3  # 0.333...
    is_quoted = text[begin - 1 : begin] in ("'", "‘")
    if text[end : end + 1] in ("'", "’") and not is_quoted and ends_primed(text[begin:end] + "'"):
        end += 1
    if text[end - 1 : end] in (")", "]") and not any(char in text[begin:end] for char in "([\\"):
        end -= 1
    return begin, end


def _boxed(text: str, begin: int, end: int, stop: int) -> tuple[int, int, int] | None:
    """Give (start, content start, content end) of the last box that starts in a line."""
    at = max(text.rfind("\\boxed", begin, end), text.rfind("\\fbox", begin, end))
    content = box_content(text, at) if at >= 0 else None
    return (at, *content) if content and content[1] <= stop else None


def read_statement(text: str, start: int, stop: int, kind: Kind, *, second_thoughts: bool = True) -> Statement:
    """Read the statement that begins at `start`, right after its marker; `text` is not read beyond `stop`."""
    plain = _PLAIN.fullmatch(text, start, stop)
    if plain:
        return Statement("value", *plain.span("value"))
    begin, end = _value_line(text, start, stop)
    item = _ITEM.match(text, begin, end) if text.find("\n", start, begin) >= 0 else None
    if item and _NEXT_ITEM.match(text, end, stop):
        return Statement("ambiguous", begin, end)
    begin = item.end() if item else begin
    line = text[begin:end]
    if not line.strip(_MARKUP) or _PLACEHOLDER.fullmatch(line.strip(" \t*_`\"'.$")):
        return Statement("abstained") if "?" in line else _NONE
    if _BLANK.fullmatch(line):
        return Statement("abstained")
    if _DENIED.match(line) or REJECTED.search(line):
        return _NONE
    box = _boxed(text, begin, end, stop)
    if box and kind == "expression" and (row := row_of_boxes(text, box, begin)):
        return Statement("value", *row)
    if box:
        two = _TWO_BOXES.search(line) is not None
        return Statement("ambiguous" if two else "value", *box[1:])
    others = _OTHERS_THEN_OWN.match(text, begin, end)
    begin = skip_filler(text, others.end() if others else begin, end)
    whole, end = end, before_remark(text, begin, end, kind)
    if _AND_ANOTHER.match(text, end, whole):
        return Statement("ambiguous", begin, end)
    if ABSTAINS.search(text, begin, end):
        return _hedged(text, begin, end, kind)
    head = _head(text, begin, end, kind)
    value = _trim(text, begin, head)
    if value[0] >= value[1] or text[value[1] - 1] == "=" or not holds_value(text[value[0] : value[1]], kind):
        return _NONE
    if _WORDS.search(text, *value) and _is_beside(text[slice(*value)]):
        return _NONE
    return _reconsidered(text, value, head, min(stop, head + _TAIL)) if second_thoughts else Statement("value", *value)


def _is_beside(value: str) -> bool:
    """Whether a value in words is none: "hard. i got 2 wrong last time", "see page 12", but "12 thx bye" is one."""
    if not value[0].isalpha():
        return False
    if is_chat(value):
        return True
    first = _SENTENCE_ENDS.search(value)
    return first is not None and not any(map(str.isdigit, value[: first.start()])) and is_personal(value[first.end() :])


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
    stated = text[value[0] : value[1]]
    other = alternative(text, head, stop, stated)
    if other is not None:
        declared = last_declared(text, other, stop)
        return Statement("value", *declared, corrected_at=head) if declared else Statement("ambiguous", *value)
    aside = ASIDE.search(text, head, stop)
    second = last_correction(text, head, aside.start() if aside else stop, stated)
    if second is None:
        return Statement("value", *value)
    if second == "ambiguous":
        return Statement("ambiguous", *value)
    return Statement("value", second[0], second[1], corrected_at=second[2])
