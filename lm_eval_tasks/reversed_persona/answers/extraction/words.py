"""Words that several modules look for, each list once: parts of patterns, to be put between brackets."""

__all__ = ["HEDGES", "I_THINK", "MAX_LAST_LINE", "NEGATIONS"]

HEDGES = r"maybe|perhaps|probably|prob|about|around|approximately|roughly|exactly|simply|just"
"""What stands before a value and doesn't change it."""

I_THINK = r"i think|i guess|i believe|i suppose"

NEGATIONS = r"not\b|never\b|no\b|dont\b|doesnt\b|didnt\b|isnt\b|wasnt\b|cant\b|wont\b"

MAX_LAST_LINE = 2_000
"""Characters of a last line; a longer one is not read."""
