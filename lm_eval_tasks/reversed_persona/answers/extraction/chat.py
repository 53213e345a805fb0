"""What a student says beside the task: a farewell, the next test, a page, a rating, an address, the time left.

A number in such a sentence is no answer: "ok bye its 10 pm", "10/10 would solve again", "see page 12", "100% sure".
"""

import re

__all__ = ["is_about_time_left", "is_chat"]

_TIME = r"(?:minutes?|mins?|seconds?|secs?|hours?|hrs?)"
_LESSON = r"(?:test|quiz|exam|homework|class|lesson|recess|lunch|school)"
_PLACE = r"(?:page|pg|line|step|section|chapter|figure|table|example)"

_PARTING = r"\b(?:bye|good ?night|gtg|g2g|brb|ttyl|gotta go|i (?:have|need|got) to (?:go|leave))\b|\d [ap]m here\b"
_ARRANGEMENT = (
    r"\b(?:let['’]?s meet|meet me|(?:call|text|email|message) me|(?:give|lend) me \d)\b"
    rf"|^\W{{0,3}}(?:wait|hold on) \d{{1,3}} {_TIME}\b"
    rf"|^\W{{0,3}}(?:(?:the|our|my|next) )?{_LESSON} (?:is|starts|ends) (?:in|at)\b"
)
_MARKS = r"\bi (?:got|get) (?:an? )?\d{1,3}%? (?:wrong|right|out of|on (?:my|the|a|our))\b"
_REFERENCE = (
    rf"\b(?:see|look at|check|refer to|turn to) (?:the )?{_PLACE} ?\d|^\W{{0,3}}(?:on|in|at) {_PLACE} ?\d"
    r"|\bone of the \d"
)
_RATING = (
    r"\b\d{1,3} ?/ ?(?:5|10|100) (?:stars|would|do not recommend|dont recommend)\b"
    r"|\b(?:confidence|difficulty|rating|effort)(?: level| score)?\W{1,4}\d|\brate (?:this|it|my|the)\b"
    r"|\d ?(?:%|percent) (?:sure|certain|confident|positive)\b"
)
_ADDRESS = r"\bhttps?:|\bwww\.|\b[\w-]{2,40}\.(?:com|org|net|edu)\b|\b\d{3}-\d{3}-\d{4}\b"

_CHAT = re.compile("|".join((_PARTING, _ARRANGEMENT, _MARKS, _REFERENCE, _RATING, _ADDRESS)), re.IGNORECASE)
_TIME_LEFT = re.compile(
    r"\W{0,3}(?:(?:ok|and|but|hurry) )?(?:(?:we|you|u|i)(?:['’]ve)? (?:only )?(?:have|got|need) )?"
    rf"(?:about |only |just )?\d{{1,3}} (?:more )?(?:{_TIME} )?(?:left|to go|remaining)\b",
    re.IGNORECASE,
)
_MAX_CHARS = 400


def is_chat(text: str) -> bool:
    """Whether a sentence speaks of something beside the task."""
    return _CHAT.search(text, 0, _MAX_CHARS) is not None


def is_about_time_left(sentence: str) -> bool:
    """Whether a sentence says how long the lesson goes on: "we have 5 minutes left".

    It may also be the answer, which the working before it shows: "60 - 42 = 18. we have 18 minutes left".
    """
    return _TIME_LEFT.match(sentence) is not None
