"""Every Eval Ever: what was asked and answered, one line for each question and arm, under the arm's accuracy.

A reversal is no answer to a prompt but holds two of them against each other, so its lines are those of its arms.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reversed_persona.errors import RunsError
from reversed_persona.json_lines import BadRow
from reversed_persona.runs import TaskRun
from reversed_persona.samples import ArmResponses, SampleRow, read_sample_log
from reversed_persona.verdicts import PersonaVerdict

__all__ = ["instance_lines"]


def instance_lines(run: TaskRun, record: Mapping[str, Any]) -> Iterator[str]:
    """Return the lines of a run's answers.

    Args:
        run: The run; its sample log is read again.
        record: Of the run.

    Raises:
        RunsError: The sample log has changed since the run was read.
    """
    linked = {result["evaluation_result_id"] for result in record["evaluation_results"]}
    if run.samples is None:
        raise RunsError(f"{run.results}: {run.task}: has no sample log; run with --log_samples")
    read = 0
    for row in read_sample_log(run.samples):
        if isinstance(row, BadRow):
            raise RunsError(f"{run.samples}: line {row.row}: {row.said}; expected the log as it was a moment ago")
        read += 1
        for given in row.arms:
            result = f"acc_{given.arm}"
            link = {"evaluation_result_id": result} if result in linked else {}
            yield json.dumps(_line(row, given, record) | link, allow_nan=False)
    if read != len(run.problems):
        raise RunsError(f"{run.samples}: has {read} questions; expected {len(run.problems)}, as a moment ago")


def _line(row: SampleRow, given: ArmResponses, record: Mapping[str, Any]) -> dict[str, Any]:
    raw, reference = _whole(row.doc["question"]), [_whole(row.doc["gold"])]
    verdicts = [PersonaVerdict.from_fields(fields).verdict for fields in given.filtered]
    right = sum(verdict.status == "correct" for verdict in verdicts) / len(verdicts)
    reasons = sorted({verdict.reason for verdict in verdicts if verdict.reason})
    return {
        "schema_version": record["schema_version"],
        "evaluation_id": record["evaluation_id"],
        "model_id": record["model_info"]["id"],
        "evaluation_name": record["evaluation_results"][0]["evaluation_name"],
        "sample_id": row.doc["problem_id"],
        "sample_hash": _hash(raw, reference),
        "interaction_type": "single_turn",
        "input": {"raw": raw, "formatted": _whole(given.prompt), "reference": reference},
        "output": {"raw": [_whole(response) for response in given.responses]},
        "answer_attribution": [
            {
                "turn_idx": 0,
                "source": "output.raw",
                "extracted_value": _whole(verdict.answer or ""),
                "extraction_method": verdict.method or "none",
                "is_terminal": True,
            }
            for verdict in verdicts
        ],
        "evaluation": {"score": right, "is_correct": right == 1},
        "error": f"unanswered: {', '.join(reasons)}" if reasons else None,
        "metadata": {
            "arm": given.arm,
            "verdicts": ", ".join(verdict.status for verdict in verdicts),
            "flip": json.dumps([verdict.flip for verdict in verdicts]),
            "derived": json.dumps([verdict.derived for verdict in verdicts]),
            "difficulty": str(row.doc.get("difficulty", "")),
            "subject": _whole(row.doc.get("subject", "")),
        },
    }


def _hash(raw: str, reference: Sequence[str]) -> str:
    """Return the hash that tells other collections' records that the question is the same; their own recipe."""
    known = json.dumps({"raw": raw, "reference": list(reference)}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(known.encode()).hexdigest()


def _whole(text: object) -> str:
    """Replace halves of a surrogate pair, which a model may emit and no reader of the format takes."""
    return str(text).encode("utf-8", "replace").decode()
