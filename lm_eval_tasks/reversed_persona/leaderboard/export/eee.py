"""Every Eval Ever: one record for each model and task, where its validator looks for it.

    DIR/data/reversed_persona/<developer>/<model>/<uuid>.json
    DIR/data/reversed_persona/<developer>/<model>/<uuid>_samples.jsonl     with the answers, on request

Source: schema 0.3.0 of the package every-eval-ever, whose own validator reads these records in tests/integration. The
same run gets the same names again, so that a second export replaces the first.
"""

import hashlib
import json
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from reversed_persona import __version__
from reversed_persona.leaderboard.export.instances import instance_lines
from reversed_persona.leaderboard.export.numbers import Number, numbers_of
from reversed_persona.leaderboard.export.provenance import Provenance, provenance_of
from reversed_persona.problems import PROBLEM_SETS
from reversed_persona.runs import TaskRun
from reversed_persona.statistics.intervals import CONFIDENCE
from reversed_persona.writing import write_bytes, write_lines

__all__ = ["COLLECTION", "SCHEMA", "Publisher", "record_of", "write_records"]

SCHEMA = "0.3.0"
COLLECTION = "reversed_persona"
_PAPER = (
    "a reimplementation of the idea of arXiv 2504.06460: prompts, personas and verdicts are this project's own, and "
    "the numbers are not comparable with the paper's"
)


@dataclass(frozen=True)
class Publisher:
    """Who exports, and what they know that lm-eval does not.

    Attributes:
        organization: Who provides the data.
        relationship: Of who ran the evaluation to who made the model.
        url: Of the organization; None for none.
        weights: Whether the model's weights can be had.
        deployment: Who ran the model; None for what the backend tells.
    """

    organization: str
    relationship: Literal["first_party", "third_party", "collaborative", "other"]
    url: str | None = None
    weights: Literal["open", "closed", "unknown"] = "unknown"
    deployment: Literal["self_deployed", "externally_managed", "unknown"] | None = None


def write_records(
    runs: Sequence[TaskRun], ids: Mapping[str, str], publisher: Publisher, folder: Path, *, instances: bool = False
) -> list[Path]:
    """Write one record for each run, and its answers beside it on request.

    Args:
        runs: Whole runs; see `choose_runs`.
        ids: Per model of the runs, its id; see `named`.
        publisher: Who exports.
        folder: What `data/` is put into.
        instances: Whether the questions and answers are written too.

    Returns:
        The records' files.

    Raises:
        RunsError: A run's files can't be read, or have changed.
        OutputError: A file can't be written.
    """
    written = []
    for run in runs:
        record = record_of(run, ids[run.model], publisher, now=time.time())
        name = _uuid(str(record["evaluation_id"]))
        path = folder / "data" / COLLECTION / ids[run.model] / f"{name}.json"
        beside = path.with_name(f"{name}_samples.jsonl")
        if instances:
            checksum, rows = _write_instances(run, record, beside)
            record["detailed_evaluation_results"] = {
                "format": "jsonl",
                "file_path": beside.relative_to(folder).as_posix(),
                "hash_algorithm": "sha256",
                "checksum": checksum,
                "total_rows": rows,
            }
        write_lines(path, [json.dumps(record, indent=2, allow_nan=False)])
        if not instances:
            beside.unlink(missing_ok=True)  # of an earlier export: no record would speak of it
        written.append(path)
    return written


def record_of(run: TaskRun, model_id: str, publisher: Publisher, *, now: float) -> dict[str, Any]:
    """Return the record of a run, without its answers.

    Args:
        run: A whole run.
        model_id: The model's id, org/name.
        publisher: Who exports.
        now: Seconds since 1970.

    Raises:
        RunsError: The run's results file can't be read.
    """
    made = provenance_of(run)
    started = None if made.started is None else str(int(made.started))
    record: dict[str, Any] = {
        "schema_version": SCHEMA,
        "evaluation_id": f"{run.task}/{model_id}/{started or run.date}",
        "retrieved_timestamp": str(int(now)),
        "source_metadata": _source(publisher),
        "eval_library": {
            "name": "lm_eval",
            "version": run.lm_eval_version or "unknown",
            "additional_details": {"plugin": f"reversed-persona {__version__}"},
        },
        "model_info": _model(model_id, made, publisher),
        "evaluation_results": [_result(number, run, made, started) for number in numbers_of(run)],
    }
    return record | ({"evaluation_timestamp": started} if started else {})


def _source(publisher: Publisher) -> dict[str, Any]:
    source = {
        "source_name": "reversed-persona",
        "source_type": "evaluation_run",
        "source_organization_name": publisher.organization,
        "evaluator_relationship": publisher.relationship,
        "additional_details": {"note": _PAPER},
    }
    return source | ({"source_organization_url": publisher.url} if publisher.url else {})


def _model(model_id: str, made: Provenance, publisher: Publisher) -> dict[str, Any]:
    info: dict[str, Any] = {
        "name": model_id,
        "id": model_id,
        "developer": model_id.partition("/")[0],
        "additional_details": {
            "deployment_type": publisher.deployment or made.deployment,
            "model_availability": publisher.weights + ("" if publisher.weights == "unknown" else "_weights"),
            **made.model,
        },
    }
    if made.engine:
        version = {"version": made.engine_version} if made.engine_version else {}
        info["inference_engine"] = {"name": made.engine, **version}
    if made.platform:
        info["inference_platform"] = made.platform
    return info


def _result(number: Number, run: TaskRun, made: Provenance, started: str | None) -> dict[str, Any]:
    result: dict[str, Any] = {
        "evaluation_result_id": number.name,
        "evaluation_name": run.task,
        "source_data": _problems(run),
        "metric_config": {
            "evaluation_description": number.says,
            "metric_id": f"{COLLECTION}.{number.name}",
            "metric_name": number.name,
            "metric_kind": number.kind or f"{COLLECTION}.{number.measure}",
            "metric_unit": "proportion",
            "lower_is_better": number.lower_is_better,
            "score_type": "continuous",
            "min_score": number.least,
            "max_score": 1.0,
        },
        "score_details": {"score": number.value, "uncertainty": _uncertainty(number)},
        "generation_config": _generation(made),
    }
    return result | ({"evaluation_timestamp": started} if started else {})


def _problems(run: TaskRun) -> dict[str, Any]:
    named = PROBLEM_SETS[run.metadata["problems"]]
    hub = {"hf_repo": named.hub.repository, "hf_split": "test"} if named.hub else {}
    revision = {"revision": named.hub.revision} if named.hub else {}
    return {
        "dataset_name": named.name,
        "source_type": "hf_dataset",
        **hub,
        "samples_number": len(run.problems),
        "additional_details": {**revision, "samples_in_the_dataset": str(named.rows)},
    }


def _uncertainty(number: Number) -> dict[str, Any]:
    known: dict[str, Any] = {
        "num_samples": number.n,
        "confidence_interval": {
            "lower": number.interval.low,
            "upper": number.interval.high,
            "confidence_level": CONFIDENCE,
            "method": number.method,
        },
    }
    if number.stderr is not None:
        known["standard_error"] = {"value": number.stderr, "method": "analytic"}
        known["standard_deviation"] = number.deviation
    return known


def _generation(made: Provenance) -> dict[str, Any]:
    named = {"temperature": "temperature", "top_p": "top_p", "top_k": "top_k", "max_gen_toks": "max_tokens"}
    details = {name: json.dumps(value) for name, value in made.generation.items() if name not in named}
    return {
        "generation_args": {there: made.generation[here] for here, there in named.items() if here in made.generation},
        "additional_details": {**details, **made.asked},
    }


def _write_instances(run: TaskRun, record: Mapping[str, Any], path: Path) -> tuple[str, int]:
    checksum, rows = hashlib.sha256(), 0

    def chunks() -> Iterator[bytes]:
        nonlocal rows
        for line in instance_lines(run, record):
            chunk = f"{line}\n".encode()
            checksum.update(chunk)
            rows += 1
            yield chunk

    write_bytes(path, chunks())
    return checksum.hexdigest(), rows


def _uuid(evaluation_id: str) -> str:
    """Return a name of the form that is asked for, version 4, that the same run gets again."""
    return str(uuid.UUID(bytes=hashlib.sha256(evaluation_id.encode()).digest()[:16], version=4))
