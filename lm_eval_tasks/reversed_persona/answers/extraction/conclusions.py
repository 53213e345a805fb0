"""The last resort: what the last sentence asserts, where a response states no answer as such.

A value counts only where the last sentence of the document asserts it, that is, where the sentence

- is nothing but the value, but for a word or two before it: "= 18", "so 39", "ok 3 days";
- has it behind its last equals sign or arrow: "9 x 2 = 18 eggs a day";
- has it right behind a verb that speaks of the matter itself: "it would be 30", "thats 42 books", "i get 2sqrt3";
- concludes: "so she has 18", "she has 18 left", "In total it takes 18 minutes.";
- says again what the working came to just before: "13 x 2 = 26. She makes 26 dollars.";
- or is the whole response: "Janet makes 18 dollars."

Remarks behind it are passed over ("i hope thats right", "lol"). A list's item, a question, a denial, a comment about
the student ("I only know 3 formulas") and the end of a long text that may be cut off assert nothing.
"""

import itertools
import re
from typing import Literal, NamedTuple

from reversed_persona.answers.extraction.chat import is_about_time_left, is_chat
from reversed_persona.answers.extraction.formulas import find_formula
from reversed_persona.answers.extraction.sentences import (
    bare_value,
    before_reason,
    is_list_item,
    is_personal,
    last_sentence,
    sum_in_item,
    without_chatter,
)
from reversed_persona.answers.extraction.statements import JUDGED_WRONG, skip_filler
from reversed_persona.answers.extraction.words import HEDGES, I_THINK, MAX_LAST_LINE, NEGATIONS
from reversed_persona.answers.reading.golds import Kind, holds_value
from reversed_persona.answers.reading.notation import goes_on, looks_mathematical
from reversed_persona.answers.reading.number_words import worded_numbers
from reversed_persona.answers.reading.numbers import numbers_apart, numbers_in, read_number

__all__ = ["Conclusion", "find_conclusion"]

_SEEKS = re.compile(
    r"\b(?:needs?(?! (?:about |only )?[$\d]| to be)|find(?! that)|wants?|must(?! be)|should(?! be)|let|if|"
    r"(?:we|you|u|i) have to(?! be)|whether|how|what)\b",
    re.IGNORECASE,
)
_CONCLUDES = re.compile(
    r"\b(?:so|therefore|thus|hence|consequently|in total|total|altogether|finally|left|remaining|equals|that (?:is|"
    r"makes|means)|thats|this means|which (?:is|makes|means)|donc|entonces|o sea|quindi|portanto)\b",
    re.IGNORECASE,
)
_CONCLUDES_AFTER = re.compile(r"[^.\d]{0,40}\b(?:left|in total|altogether|in all|total)\b", re.IGNORECASE)
_SPEAKS_OF_IT = re.compile(
    r"(?:\b(?:it|that|this|which|answer|total|result|output|sum|difference|rest)(?:\s(?:is|was|are|(?:would|will|must|should|"
    r"has to|might) be|makes?|gives?|equals?|comes? (?:out )?to)|['’]?s)|\b(?:makes|gives|leaves|equals)|"
    r"\bi(?:['’]?d| would)? (?:get|got|say)|\b(?:we|you) (?:get|got)|(?<!\w)[a-z] (?:is|equals)|[=≈→]|[-=]>)\s*$",
    re.IGNORECASE,
)
_SOFT = re.compile(
    rf"(?:\b(?:only|like|a total of|equal to|{HEDGES}|{I_THINK})|=)\s*$",
    re.IGNORECASE,
)
_LEADS = re.compile(
    r"(?:[\s*_,:=→$]|[-=]>|\b(?:therefore|thus|hence|but|yeah|yes|yep|no|wait|like|thats|ans|"
    r"total|altogether|donc|entonces|o sea|quindi|"
    r"(?-i:Also)|(?:it|that|which|answer) (?:would|will|must|should|has to|might) be)\b)",
    re.IGNORECASE,
)
_ANEW = re.compile(r"\b(?:no,? wait|wait,? no|wait|actually|i mean|scratch that)\b,?\s{1,3}", re.IGNORECASE)
_RUNS_ON = re.compile(r"\b(?:so|and|but|then|if|when|which|while|he|she|they|it|i|we)\b", re.IGNORECASE)
_GOES_NO_FURTHER = re.compile(  # cut off
    r"(?:\b(?:has|have|is|are|was|the|an?|of|to|so|then|with|for|and|or|because|if|but|by)|[-+*/×÷^<>=(\[{]|\d\s?x)\s*$",
    re.IGNORECASE,
)
_DENIED = re.compile(rf"\b(?:{NEGATIONS})|n['’]t\b|\bwrong\b|\bincorrect\b", re.IGNORECASE)
_OF_THE_TASK = re.compile(
    r"\b(?:step|problem|question|attempt|try|part|example|number|line|page|pg|chapter|exercise|lesson|grade|level|room|"
    r"version)\s*\d|"
    r"(?:\d|two|three|four)\s(?:digits?|steps?|formulas?|questions?|problems?|mistakes?|marks?|wrong|right|out of|"
    r"ways?|cases?|equations?|variables?|attempts?|tries|of us|of these|times it)\b|\\boxed",
    re.IGNORECASE,
)
_NO_RESULT = re.compile(
    r"\bwould\b|\bthere(?:['’]?s| is| are| were)\b|\b(?:each|every|per)\b|\b(?:this|that) took\b|"
    r"^\W{0,3}(?:please |just )?(?:give|wait|see|lets?|be|meet|check|look|read|go|come)\b|"
    r"^\W{0,3}\w{1,20}\s(?:in|at|on|until|till)\s\d",  # "dinner at 6"
    re.IGNORECASE,
)
_TWO_WORDS = re.compile(r"\W{0,3}\w+[^\w\n]+\w")
_IS_JOINED = re.compile(r"\s*(?:and|or|but|then|because|if)\b", re.IGNORECASE)
_OPEN_EQUATION = re.compile(  # "so 3a = 15", "x + y = 10", but neither "n = 15" nor "9x2 = 18"
    r"\d\s?(?:[abcnp-rt-wyz]|x(?!\s?[$\d]))(?![a-zA-Z])[^=,;]{0,20}=|(?<![a-zA-Z\d])[a-z]\s?[-+*/^][^=,;]{0,20}=|"
    r"[-+*/]\s?[a-z](?![a-zA-Z])[^=,;]{0,20}="
)
_TIMES_LETTER = re.compile(r"(?:[abcnp-rt-z]|\s[bcnp-rt-z])(?![a-zA-Z])")
_BOUNDED = re.compile(
    r"(?:\b(?:more|less|fewer|greater|bigger|smaller|higher|lower|other|larger) than|\bat (?:least|most)|"
    r"\b(?:under|over|up to|between|almost|nearly)|[<>≤≥]|[<>!]=|≠|\\(?:[lg](?:eq?|t)|neq?))\s*$|\bbetween\b",
    re.IGNORECASE,
)
_PLANS = re.compile(
    r"\b(?:we|you|i|then|to|so|first) (?:multiply|divide|add|subtract|times|start|begin|do|did|use)\b|"
    r"\b(?:starts?|begins?|started|began) with\b|\bthe (?:first|second|next)\b",
    re.IGNORECASE,
)
_OPERATOR_BEFORE = re.compile(r"(?:[+/×÷<>]|(?<!\*)\*|\s[-−])\s*$")
_IS_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b")
_OFFERS = re.compile(r"(?:\s?\b[A-Za-z]{1,20}\b){0,2}[\s,.?(]{0,4}\b(?:or|maybe|perhaps)\b[^.\d]{0,25}", re.IGNORECASE)
_RESULT = re.compile(r"(?:[=≈→]|[-=]>|\b(?:is|are|makes|gives|gets?|leaves|equals|thats))[\s$*_]{0,4}$")
_WITHIN = re.compile(
    r"(?:\s?\b[A-Za-z]{1,20}){1,3}\s(?:in|per|for|after|every|each|over|within|during|at|with)\s"
    r"(?:\w{1,10}\s)?\$?",
    re.IGNORECASE,
)
_COUPLED = re.compile(r"(?:\s?\b[A-Za-z]{1,20}){1,3}\sand\s(?:[A-Za-z]{1,20}\s){0,2}\$?", re.IGNORECASE)
_INNER_MATH = re.compile(r"\$(?P<math>[^$\n]{1,300})\$")
_IS_THE_ANSWER = re.compile(r"\s(?:is|are|gives) (?:the|our|my) (?:final |desired )?(?:answer|solution|result)s?\b")
_UNIT_WORD = re.compile(r"\s?[A-Za-z]{1,20}")
_K = re.compile(r"[kK]\b")
_BEFORE_COMMA = re.compile(r"(?<![\d.,])\d{1,9},$")  # of a decimal comma: 6,67
_KNOWN = re.compile(r"\b(?:the|these|those|all|both)\s+$", re.IGNORECASE)
_MAX_AFTER = 5
"""Words that may follow the number: "18 dollars every day at the market"."""
_MAX_BARE = 5
_LONG = 600


class Conclusion(NamedTuple):
    """The value that a response concludes with.

    Attributes:
        start: Where it begins.
        end: Where it ends.
        working_end: Where the working before it ends.
        reading: What it reads, where that differs from what stands there: "x=3, y=-2" for "x=3 and y=-2".
    """

    start: int
    end: int
    working_end: int
    reading: str | None = None


def find_conclusion(visible: str, start: int, end: int, kind: Kind) -> Conclusion | Literal["ambiguous"] | None:
    """Read the value that the last sentence of the last line, `visible[start:end]`, asserts.

    Returns:
        The value; "ambiguous" where the sentence offers two; None where it asserts none.
    """
    start += sum_in_item(visible[start:end])
    if kind == "text" or is_list_item(visible[start:end]) or visible[end - 1] in "}>":
        return None
    start, whole = last_sentence(visible, start, end)
    end = without_chatter(visible, start, whole)
    if is_chat(visible[start:end]):
        return _before_chat(visible, start, kind)
    start = _begins_anew(visible, start, end)
    asks = visible[end - 1 : end] == "?"
    if asks:
        return _bare(visible, start, end - 1)
    sentence = visible[start:end]
    if is_personal(sentence) or _GOES_NO_FURTHER.search(sentence) or JUDGED_WRONG.search(visible, start, whole):
        return None
    head = without_chatter(visible, start, before_reason(visible, start, end))
    closed = whole > end or len(visible) <= _LONG
    found = _asserted(visible, start, head, kind, closed or head < end)
    return _asserted(visible, start, end, kind, closed) if found is None and head < end else found


def _before_chat(visible: str, start: int, kind: Kind) -> Conclusion | Literal["ambiguous"] | None:
    """Read the sentence before one that speaks of something else, if it concludes: "so its 18. ok bye its 10 pm"."""
    end = len(visible[:start].rstrip())
    line = visible.rfind("\n", 0, end) + 1
    if end == 0 or end - line > MAX_LAST_LINE:
        return None
    before, _ = last_sentence(visible, line, end)
    if is_chat(visible[before:end]) or not _CONCLUDES.search(visible, before, end):
        return None
    return find_conclusion(visible, line, end, kind)


def _begins_anew(visible: str, start: int, end: int) -> int:
    """Give where a sentence begins anew: "minus 7 is 8 no wait 9"."""
    cues = list(_ANEW.finditer(visible, start, end))
    return cues[-1].end() if cues and any(map(str.isdigit, visible[cues[-1].end() : end])) else start


def _asserted(visible: str, start: int, end: int, kind: Kind, closed: bool) -> Conclusion | Literal["ambiguous"] | None:
    formula = _formula(visible, start, end) or _sole_formula(visible, start, end) if kind == "expression" else None
    if formula is not None or _opens_equation(visible, start, end):
        return formula
    return (
        _bare(visible, start, end)
        or _right_side(visible, start, end, kind)
        or _in_sentence(visible, start, end, closed)
    )


def _opens_equation(visible: str, start: int, end: int) -> bool:
    """Whether a number ends an equation that is still to be solved: "so x + y = 10"."""
    at = visible.rfind("=", start, end)
    if at < 0 or read_number(visible[at + 1 : end].strip(" \t$*.")) is None:
        return False
    begin = max(start, at - 40, *(visible.rfind(sign, start, at) + 1 for sign in "=,;→"))
    return _OPEN_EQUATION.search(visible, begin, at + 1) is not None


def _formula(visible: str, start: int, end: int) -> Conclusion | None:
    found = find_formula(visible, start, end)
    if found is None or _SEEKS.search(visible, start, found[0]) or _DENIED.search(visible, start, found[0]):
        return None
    result = visible[start : found[0]].rstrip().endswith(("=", "→", "->", "=>", "≈"))
    return Conclusion(found[0], found[1], found[1] if result else _working_end(visible, start, found[0]), found[2])


def _sole_formula(visible: str, start: int, end: int) -> Conclusion | None:
    r"""Read the one formula of a sentence that calls it the answer: "Thus $x \\le 2$ is our solution."."""
    found = list(itertools.islice(_INNER_MATH.finditer(visible, start, end), 2))
    if len(found) != 1 or not _IS_THE_ANSWER.match(visible, found[0].end(), end):
        return None
    if _SEEKS.search(visible, start, found[0].start()) or _DENIED.search(visible, start, found[0].start()):
        return None
    begin, stop = found[0].span("math")
    return (
        Conclusion(begin, stop, _working_end(visible, start, begin)) if looks_mathematical(found[0]["math"]) else None
    )


def _bare(visible: str, start: int, end: int) -> Conclusion | None:
    """Read a sentence that is nothing but a value, with a word or two before it."""
    begin = start
    for _ in range(4):
        lead = _LEADS.match(visible, begin, end)
        further = skip_filler(visible, lead.end() if lead else begin, end)
        if further == begin:
            break
        begin = further
    value = bare_value(visible[begin:end])
    number = read_number(value) if value and len(value.split()) <= _MAX_BARE else None
    if number is None or _RUNS_ON.search(value) or _IS_ORDINAL.search(value) or _OF_THE_TASK.search(value):
        return None
    begin += visible[begin:end].find(value)
    return Conclusion(begin, begin + len(value), _working_end(visible, start, begin))


def _working_end(visible: str, start: int, begin: int) -> int:
    """Give where the working ends before a value: a run-on sentence computes before it concludes."""
    return begin if any(map(str.isdigit, visible[start:begin])) else start


def _right_side(visible: str, start: int, end: int, kind: Kind) -> Conclusion | None:
    """Read what stands behind the last equals sign or arrow."""
    at = max(visible.rfind(sign, start, end) for sign in "=≈→>")
    before = visible[max(start, at - 1) : at]
    if at < 0 or (visible[at] == ">" and before not in ("-", "=")) or (visible[at] == "=" and before in tuple("<>!")):
        return None  # a bound is no value
    tail = visible[at + 1 : end]
    value = bare_value(tail)
    symbolic = kind == "expression" and looks_mathematical(value) and holds_value(value, kind)
    if not symbolic and (read_number(value) is None or _RUNS_ON.search(value)):
        return None
    begin = at + 1 + tail.find(value)
    return Conclusion(begin, begin + len(value), begin + len(value))


def _in_sentence(visible: str, start: int, end: int, closed: bool) -> Conclusion | Literal["ambiguous"] | None:
    """Read the number that a sentence asserts: its last, or the first if the working gave that just before."""
    sentence = visible[start:end]
    found = sorted([(begin, stop) for _, begin, stop in numbers_apart(sentence)] + worded_numbers(sentence))
    if not found:
        return None
    begin, stop = found[0]
    opens = begin == 0 and not goes_on(visible, start + stop)
    restated = (len(found) == 1 or opens) and _restates(visible, start, sentence[begin:stop])
    if any(_OFFERS.fullmatch(sentence, one[1], other[0]) for one, other in itertools.pairwise(found)):
        return "ambiguous"
    begin, stop = found[0] if restated else _spoken_of(sentence, found)
    if whole := _BEFORE_COMMA.search(sentence[:begin]):
        begin = whole.start()
    before, after = sentence[:begin], sentence[stop:]
    if _OPERATOR_BEFORE.search(before) or _DENIED.search(before) or _IS_ORDINAL.match(after) or _IS_JOINED.match(after):
        return None
    if _OF_THE_TASK.search(sentence):
        return None
    if not restated and (
        _SEEKS.search(sentence) or is_about_time_left(sentence) or _PLANS.search(sentence) or _KNOWN.search(before)
    ):
        return None
    if _BOUNDED.search(before) or _TIMES_LETTER.match(after) or "=" in after:
        return None
    is_all = len(found) == 1 and not visible[:start].strip() and _is_whole_sentence(sentence, before)
    if restated or is_all or (closed and _concludes(before, after)):
        working_end = _working_end(visible, start, start + begin)
        return Conclusion(start + begin, start + stop, working_end, _reading(sentence[begin:], stop - begin))
    return None


def _is_whole_sentence(sentence: str, before: str) -> bool:
    """Whether a sentence alone is an answer, "He scored 18 points": a subject and a verb, and no request."""
    return _TWO_WORDS.match(before) is not None and not _NO_RESULT.search(sentence)


def _spoken_of(sentence: str, found: list[tuple[int, int]]) -> tuple[int, int]:
    """Give the number that a sentence is about: its last; 120 of "120 miles in 2 hours"; all of "2 hours 5 minutes"."""
    if len(found) > 1:
        (begin, stop), (other, end) = found[-2:]
        if _WITHIN.fullmatch(sentence, stop, other):
            return begin, stop
        if _COUPLED.fullmatch(sentence, stop, other):
            unit = _UNIT_WORD.match(sentence, end)
            return begin, unit.end() if unit else end
    return found[-1]


def _reading(rest: str, length: int) -> str | None:
    """Give a number with what belongs to it where that ends the sentence: cents are no dollars, 40k is no 40."""
    if _K.match(rest, length):
        return f"{rest[:length]} thousand"
    rest = rest.strip(" \t*.!")
    return rest if len(rest) > length and read_number(rest) is not None else None


def _concludes(before: str, after: str) -> bool:
    """Whether a sentence puts forward the number between these two parts of it."""
    if len(re.findall(r"\w+", after)) > _MAX_AFTER:
        return False
    if _CONCLUDES.search(before) or _CONCLUDES_AFTER.match(after):
        return True
    for _ in range(3):
        soft = _SOFT.search(before)
        if soft is None:
            break
        before = before[: soft.start()]
    return _SPEAKS_OF_IT.search(before) is not None


def _restates(visible: str, start: int, value: str) -> bool:
    """Whether the last line or the last result before the sentence gave this very value."""
    before = visible[max(0, start - 500) : start].rstrip(" \n`*.$!")
    last = re.split(r"[\n=]|>>", before)[-1]
    given = read_number(value)
    number = read_number(last.strip(" .$"))
    if number is None and (numbers := numbers_in(before[-200:])):
        number, begin, _ = numbers[-1]
        number = number if _RESULT.search(before[-200:][:begin]) else None
    return number is not None and given is not None and number.value == given.value
