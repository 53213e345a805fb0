"""The same numbers by difficulty, subject, wording, race, target or round.

taking_apart    break_down: which of these fits which runs
parts           by difficulty, subject and wording
race            differences between races, beside those between things that must not matter
targets         graded targets, and whether the harder questions are the ones got wrong
rounds          rounds of self-refinement, beside the run that they go on from
"""

from reversed_persona.comparison.breakdown.taking_apart import BY, break_down

__all__ = ["BY", "break_down"]
