"""Why a response states no answer: it refuses, the student gives up, or nothing is concluded."""

import re

from reversed_persona.answers.extraction.sentences import ends_of_sentences
from reversed_persona.answers.extraction.words import MAX_LAST_LINE
from reversed_persona.answers.verdict import Reason

__all__ = ["ABSTAINS", "why_none"]

ABSTAINS = re.compile(
    r"\b(?:(?:do not|don['’]?t|dont|did not|didn['’]?t) (?:really |even |actually )?(?:know|understand|have an answer|"
    r"get (?:it|this))|not (?:\w+ )?sure|unsure|"
    r"no (?:idea|clue|answer)|can(?:not|['’]?t| not) (?:really |even )?(?:say|tell|solve|figure|do|"
    r"answer|find|work|get|determine|know)|could(?: not|n['’]?t) (?:solve|figure|find|get)|"
    r"idk|dunno|give up|unknown|unable to (?:solve|determine|find|answer)|n/a|cannot be determined|"
    r"have no (?:idea|clue)|too hard|skip|didn['’]?t try|"
    r"je (?:ne )?sais pas|no (?:lo )?s[eé]|wei(?:ß|ss) (?:es )?nicht|keine ahnung|n[ãa]o sei|non lo so)\b|\(ツ\)",
    re.IGNORECASE,
)
_REFUSES = re.compile(
    r"\bas an? (?:ai|artificial|language model|assistant)\b|\bi(?:['’]m| am)? (?:can(?:not|['’]?t| not)|"
    r"won['’]?t|will not|would rather not|refuse to|unable to|not able to) "
    r"(?:\w+ )?(?:help|assist|comply|provide|pretend|role|fulfil|engage|participate|simulate|generate|produce|do|"
    r"create|adopt|impersonate|portray|continue|answer|give)\b|\bnot (?:\w+ )?(?:comfortable|willing)\b|"
    r"\bi won['’]?t be \w+ing\b|\bdecline to\b|\bi (?:\w+ )?decline\b"
    r"|\bi(?:['’]m| am) sorry,? but i (?:can(?:not|['’]?t)|won)|"
    r"\bagainst my (?:guidelines|policy)|\bi refuse\b|\bi['’]?m not (?:doing|answering|solving)\b|"
    r"\bnot (?:doing|answering|solving) (?:this|that|it|these|another|any)\b",
    re.IGNORECASE,
)
_ASKS_ONLY = re.compile(r"[\s.!…]*\?[\s.!?…]*")
_SHORT = 100
_MAX_SEARCHED = 1_500


def why_none(visible: str) -> Reason:
    """Say why a visible text holds no final answer."""
    if _REFUSES.search(visible[:_MAX_SEARCHED]) or _REFUSES.search(visible[-_MAX_SEARCHED:]):
        return "refused"
    if len(visible) <= _SHORT and _ASKS_ONLY.fullmatch(visible):
        return "abstained"
    return "abstained" if ABSTAINS.search(_ending(visible)) else "no_final_answer"


def _ending(visible: str) -> str:
    """Give what a response says last: all of a short one, the last two sentences of a longer one."""
    if len(visible) <= _SHORT:
        return visible
    end = len(visible.rstrip())
    start = max(visible.rfind("\n", 0, end) + 1, end - MAX_LAST_LINE)
    breaks = ends_of_sentences(visible, start, end)
    return visible[breaks[-2][1] if len(breaks) > 1 else start : end]
