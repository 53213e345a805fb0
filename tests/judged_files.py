"""Judgements made up: what the reference judge says of a made-up submission's responses, without a run behind it."""

from typing import Any

from lm_eval.api.instance import Instance

from reversed_persona.judging.showings import Pair
from reversed_persona.judging.simulation import SimulatedJudge
from reversed_persona.leaderboard.submissions.judgement_rows import asked_hash
from reversed_persona.leaderboard.submissions.rows import SubmittedRow
from reversed_persona.leaderboard.submissions.showings_anew import Turns
from submission_files import Parts, sample_problems, sample_suite

JUDGE_TASK, JUDGED_TASK = "judge_reversed_persona_sample", "sample_reversed_persona"
PAIRS: tuple[Pair, ...] = ("contrast", "null_identical", "null_none", "masked")


def with_judge(
    parts: Parts, *, judge: str = "lab/fair", pairs: tuple[Pair, ...] = PAIRS, chat: bool = False, **habits: Any
) -> Parts:
    """Add what a reference judge says of a submission's responses.

    Args:
        parts: The submission's, with responses to the sample.
        judge: The judge's id.
        pairs: What it is shown.
        chat: Whether a chat template came between.
        habits: Of the judge; see `judging.simulation`.

    Returns:
        The same parts.
    """
    suite, problems = sample_suite(), sample_problems()["sample"]
    turns = Turns(suite, JUDGE_TASK, pairs, problems)
    by_id = {problem["problem_id"]: problem for problem in problems}
    asked = [(row["problem_id"], turns.of(SubmittedRow(**row)) or {}) for row in parts.rows[JUDGED_TASK]]
    requests = [
        Instance(request_type="generate_until", doc=dict(by_id[name]), arguments=(turn, {}), idx=0)
        for name, of_question in asked
        for turn in of_question.values()
    ]
    replies = iter(SimulatedJudge(model=judge, **habits).generate_until(requests))
    parts.judgements[JUDGE_TASK] = [
        {
            "problem_id": name,
            "showings": {
                showing: {"asked": asked_hash(turn), "replies": [next(replies)]}
                for showing, turn in of_question.items()
            },
        }
        for name, of_question in asked
    ]
    parts.record["judge"] = {
        "id": judge,
        "revision": "0123abc",
        "date": "2026-11-27T04:14:34Z",
        "backend": "vllm",
        "model_args": {"dtype": "bfloat16"},
        "lm_eval_version": "0.4.13",
        "prompt_format": "chat" if chat else "plain",
        "tasks": {
            JUDGE_TASK: {
                "version": suite.judges[JUDGE_TASK].version,
                "rubric": suite.judges[JUDGE_TASK].rubric,
                "pairs": list(pairs),
                "repeats": 1,
                "generation_kwargs": {"do_sample": False, "temperature": 0.0, "max_gen_toks": 1024},
            }
        },
    }
    return parts
