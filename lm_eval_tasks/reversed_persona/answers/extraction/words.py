"""Words that several modules look for, each list once: parts of patterns, to be put between brackets."""

import re

__all__ = ["HEDGES", "I_THINK", "MAX_LAST_LINE", "NEGATIONS", "REPEATS"]

HEDGES = r"maybe|perhaps|probably|prob|about|around|approximately|roughly|exactly|simply|just"
"""What stands before a value and doesn't change it."""

I_THINK = r"i think|i guess|i believe|i suppose"

NEGATIONS = r"not\b|never\b|no\b|dont\b|doesnt\b|didnt\b|isnt\b|wasnt\b|cant\b|wont\b"

REPEATS = re.compile(r"\.\d{1,20}(?:\.{3}|…)[\s*$`]{0,5}$")
"""The end of a decimal whose digits go on, "0.333...": its dots are no punctuation."""

MAX_LAST_LINE = 2_000
"""Characters of a last line; a longer one is not read."""
