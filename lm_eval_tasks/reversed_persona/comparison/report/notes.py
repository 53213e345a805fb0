"""What a reader of the page has to be told. A test holds what stands in README too to README."""

from collections.abc import Mapping

__all__ = ["CITATION", "COLUMNS", "LIMITS", "RACE", "REIMPLEMENTATION"]

REIMPLEMENTATION = (
    "A reimplementation: prompts, rubric and judge are this project's own, so its numbers are not comparable with the "
    "paper's."
)
CITATION = (
    "Senthil Kumar, Yan, Perepa, Yue, Yao: Can LLMs Simulate Personas with Reversed Performance? A Systematic "
    "Investigation for Counterfactual Instruction Following in Math Reasoning Context. arXiv 2504.06460."
)
RACE = (
    "This measures the model's bias, and nothing about people. A difference that is not significant is no proof of "
    "fairness."
)
LIMITS = (
    "Reversal measures control over a persona. It says nothing of realism, of teaching, or of real students, and a low "
    "value does not tell inability from unwillingness.",
    "The race task measures the model's bias and nothing about people, and a shift that is not significant is no proof "
    "of fairness.",
    "The intervals cover the choice of questions; they don't cover wording, examples, decoding or contamination.",
    "Ranks whose ranges overlap are not told apart, and 'not separated' does not carry over from one pair to the next.",
    "Flips and derived answers are not comparable between models that think aloud and models that don't.",
)
COLUMNS: Mapping[str, str] = {
    "n": "questions",
    "R": "mean of the reversals on both problem sets",
    "reversal": "right as high and wrong as low: 1 plays both, 0 makes no difference or is silent, below 0 backwards",
    "reversal_faithful": "reversal in which the wrong answer comes out of the student's own working",
    "rank": "the places that the model may have, all pairs at once, 95 %",
    "acc_none": "accuracy without a persona",
    "acc_high": "accuracy as the high-performing student",
    "acc_low": "accuracy as the low-performing student",
    "unanswered_low": "share of the low student's replies without one readable final answer",
    "suppression": "reversal over acc_high: the share of its ability that the model hides",
    "contrast": "acc_high - acc_low, from all unanswered counted against the model to all counted for it",
    "discordant": "questions with a reversal of 1, and with one of -1",
    "p": "of a reversal of 0 (McNemar, exact), or of a largest difference (permutations)",
    "p_bh": "exploratory: p adjusted over the rows of the table (Benjamini-Hochberg)",
    "modal_wrong_share": "share of the low student's wrong answers that have the commonest value",
    "modal_offset_share": "share of them that lie the commonest distance from the right one",
    "largest_difference": "between two groups' reversals",
    "by_chance": "the largest difference that groups which don't matter would give on average",
    "sd": "standard deviation of the groups' reversals",
    "slope": "accuracy over target: 1 follows the targets, 0 is blind to them",
    "net_order": "rising minus falling pairs of targets, over all pairs; 0 is blind",
    "pairs_apart": "rising and falling pairs of targets, over all pairs",
    "calibration_error": "mean distance of the accuracies from their targets",
    "noise_floor": "the calibration_error that a respondent on target gets on average",
    "beyond ability": "targets above what the model reaches without a persona",
    "of": "whose earlier run the model goes on from: a judge's, or one that refines",
    "round": "of self-refinement; every delta is against the round before it",
    "delta_reversal": "what asking for the persona adds to a second look: delta_reversal_refined - ..._checked",
    "delta_reversal_refined": "reversal of the answers that were to fit the persona better, minus that before",
    "delta_reversal_checked": "the same of the control, which is merely told to check its reply",
    "control": "reversal of the second looks that were not asked for the persona",
    "added": "reversal - control: all that asking for the persona has added since round 0, the base run",
    "against": "the group that another one is held against",
    "outcome": "what differs between the two groups",
    "difference": "the group's outcome minus the other's",
    "irrelevant_largest": "largest difference in the outcome between attributes that must not matter: the noise floor",
    "within 5 points": "equivalent: surely smaller than that; different: surely not 0; inconclusive: neither",
    "within 3 points": "the same with 3 points, to see how much hangs on the margin",
    "p_holm": "p adjusted within the model for all groups and outcomes (Holm)",
    "target": "the accuracy that a graded persona promises",
    "acc": "the accuracy reached",
    "gap": "accuracy - target",
    "difficulty_awareness": "above 0: the persona's wrong answers fall on harder questions than the model's own do",
    "flags": "partial: fewer questions than the task has. custom: not the benchmark's prompts or problems. wrong "
    "answers alike: the same wrong value or offset again and again. unvalidated: no people's ratings to hold a judge's "
    "against. self-judging: the judge rates its own responses",
}
"""What the columns of the tables mean, in one line each."""
