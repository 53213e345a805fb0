"""What the board's page tells its readers, beside what it has in common with the report (`comparison.report.notes`)."""

from collections.abc import Mapping

__all__ = ["COLUMNS", "DOC", "FIRST_MODEL", "KINDS", "PROMPTS", "TIERS", "UNPROVEN"]

TIERS: Mapping[str, tuple[str, str]] = {
    "recomputed": (
        "graded again",
        "Every response was graded again by the board's own code, and every number here comes from that. The responses "
        "themselves are the submitter's: nobody here has run the model.",
    ),
    "reproduced": (
        "partly run again",
        "Every response was graded again by the board's own code, and a maintainer has run part of the questions "
        "again; what came of it stands among the decisions.",
    ),
    "reference": (
        "instrument",
        "No model: a respondent of this package with known accuracies, which shows where the ends of the scale lie.",
    ),
}
"""What was checked, by tier: a badge's words, and the whole sentence."""
PROMPTS: Mapping[str, str] = {
    "rebuilt": "Every prompt's hash is that of the benchmark's own prompt, built again here.",
    "fingerprints": "A chat template or a server came between: only the fingerprints of the prompt templates were "
    "compared, not every prompt.",
    "own": "The submitter's own prompts: none was compared with the benchmark's.",
}
UNPROVEN = (
    "Nothing here can prove that this model wrote these responses, or how it was decoded: temperature, seed and length "
    "are on the submitter's word, and so is what it was trained on."
)
KINDS: Mapping[str, str] = {
    "standard": "Models, asked with the benchmark's prompts",
    "custom": "Asked with other prompts: not ranked, and not comparable with the rows above",
    "reference": "Reference respondents: instruments with known accuracies, no models",
}
"""The groups of rows, in the order in which they stand."""
COLUMNS: Mapping[str, str] = {
    "R_faithful": "mean of reversal_faithful on both problem sets",
    "size": "how many parameters the model has, all experts counted, as its submitter says",
    "weights": "open: anybody can download them",
    "trained on it": "whether these problem sets, or texts made from them, were in its training data, as its submitter "
    "says",
    "tier": "what was checked; recomputed: the board graded every response again. reproduced: a maintainer also ran "
    "part of it again",
    "prompts": "rebuilt: every prompt was compared with the benchmark's own. fingerprints: only the templates' "
    "fingerprints were. own: the submitter's, compared with nothing",
    "date": "when the newest of its runs began",
    "submitter": "who handed it in",
    "licence": "of the weights",
    "revision": "commit, tag or date that tells the weights from others of this name",
    "suite": "version of the tasks, prompts and problems that were asked",
    "commit": "of the checkout that lm-eval ran in",
    "lm-eval": "its version",
    "backend": "lm-eval's --model",
    "command": "what was typed, without paths and machines",
}
"""What the board's own columns mean."""
DOC: Mapping[str, str] = {
    "doc_rating": "mean rating of high against low, over both orders: 1 the same proficiency or text, 5 plainly "
    "different levels throughout; hold it against doc_null_none",
    "doc_null_none": "the floor: the same of no persona against high",
    "doc_null_identical": "one text shown twice: an attentive judge gives 1",
    "doc_masked": "doc_rating with remarks about the level masked",
    "doc_both_correct": "doc_rating where high and low are both right",
    "doc_identified": "share of the orders in which the low one is called the weaker student: 0.5 is guessing",
    "doc_order_gap": "rating with high first minus rating with low first: 0 favours no place",
    "doc_position_a": "share of the orders in which the first one is called weaker: 0.5 favours no place",
    "doc_unrated": "share of the replies without a readable rating; a question needs one in both orders to count",
    "doc_unnamed": "share of the replies that call neither weaker",
    "doc_unrated_null_none": "doc_unrated of no persona against high",
    "doc_unrated_null_identical": "doc_unrated of one text shown twice",
    "doc_unrated_masked": "doc_unrated with remarks masked",
}
"""What a judge's numbers mean, in the order in which they stand."""
FIRST_MODEL: tuple[tuple[str, str], ...] = (
    (
        "Run the core, whole, with every response kept",
        "reversed-persona run --model vllm --model_args pretrained=ORG/MODEL,max_model_len=4096 --batch_size auto "
        "--tasks reversed_persona --apply_chat_template --log_samples --output_path out",
    ),
    ("Make the submission's folder; it is graded again", "reversed-persona submission prepare out"),
    (
        "Check it, as the pull request will be checked",
        "reversed-persona submission validate leaderboards/submissions/*/ORG__MODEL/*",
    ),
    (
        "Commit it on a branch of its own",
        'git switch -c submission-ORG__MODEL && git add leaderboards/submissions && git commit -m "Submit ORG/MODEL"',
    ),
    ("Push it, and open the pull request", "git push -u origin submission-ORG__MODEL"),
)
"""From a run to a pull request, as leaderboards/README.md has it: what is done, and its command."""
