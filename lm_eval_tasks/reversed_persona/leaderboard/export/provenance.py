"""How a run was made, as far as its results file says and others may know: no paths, hosts or arguments."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, TypeGuard

from reversed_persona.backends import WEIGHTS
from reversed_persona.result_files import ResultsFile, read_results
from reversed_persona.runs import TaskRun

__all__ = ["Provenance", "provenance_of"]

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,63}")
"""A version, a commit, a type of numbers: no path has this form."""
LARGEST = 1e11  # of numbers that mean something here; as a date it is the year 5138
_ENGINES: Mapping[str, str] = {"hf": "transformers", "hf-auto": "transformers", "huggingface": "transformers"}
_PLATFORMS: Mapping[str, str] = {
    "openai-completions": "openai",
    "openai-chat-completions": "openai",
    "anthropic-completions": "anthropic",
    "anthropic-chat": "anthropic",
    "anthropic-chat-completions": "anthropic",
}


@dataclass(frozen=True)
class Provenance:
    """How a run was made. None, and a missing key, where the results file does not say.

    Attributes:
        started: When it began, in seconds since 1970.
        backend: lm-eval's name of it.
        engine: What ran the model on the evaluator's own machines.
        engine_version: Of the engine.
        platform: Whose API was asked.
        model: What is known of the weights: num_parameters, dtype, revision, sha.
        generation: temperature, top_p, top_k, do_sample, max_gen_toks.
        asked: How the prompts were made: persona_role, chat_template_sha, repeats, fingerprints.
    """

    started: float | None
    backend: str | None
    engine: str | None
    engine_version: str | None
    platform: str | None
    model: Mapping[str, str]
    generation: Mapping[str, float | bool]
    asked: Mapping[str, str]

    @property
    def day(self) -> str | None:
        """The day on which it began, in UTC, as ISO 8601."""
        return None if self.started is None else datetime.fromtimestamp(self.started, timezone.utc).date().isoformat()

    @property
    def deployment(self) -> str:
        """Who ran the model: self_deployed, externally_managed or unknown (a server may be anybody's)."""
        if self.backend in WEIGHTS:
            return "self_deployed"
        return "externally_managed" if self.platform else "unknown"


def provenance_of(run: TaskRun) -> Provenance:
    """Read how a run was made.

    Raises:
        RunsError: Its results file can't be read.
    """
    results = read_results(run.results) if run.results else ResultsFile()
    backend = _plain(results.config.model)
    engine = _ENGINES.get(backend or "", backend if backend in WEIGHTS else None)
    version = results.transformers_version if engine == "transformers" else None
    of_weights = {
        "num_parameters": results.config.model_num_parameters,
        "dtype": _without("torch.", results.config.model_dtype),
        "revision": results.config.model_revision,
        "sha": results.config.model_sha,
    }
    return Provenance(
        started=_date(results.date),
        backend=backend,
        engine=engine,
        engine_version=_plain(version),
        platform=_PLATFORMS.get(backend or ""),
        model={name: text for name, value in of_weights.items() if (text := _plain(value))},
        generation=_generation(results.generation(run.task)),
        asked=_asked(run, results),
    )


def _asked(run: TaskRun, results: ResultsFile) -> Mapping[str, str]:
    known = {
        "persona_role": _plain(run.metadata.get("persona_role")),
        "chat_template_sha": _plain(results.chat_template_sha),
        "task_version": _plain(run.metadata.get("version")),
        "problems_digest": _plain(run.metadata.get("problems_digest")),
        "repeats": str(run.repeats),
    }
    fingerprints = run.metadata.get("prompt_fingerprints")
    if isinstance(fingerprints, Mapping):
        known |= {f"prompt_fingerprint_{arm}": _plain(fingerprints.get(arm)) for arm in run.arms}
    return {name: text for name, text in known.items() if text}


def _generation(given: Mapping[str, Any]) -> Mapping[str, float | bool]:
    numbers = {name: given.get(name) for name in ("temperature", "top_p", "top_k", "max_gen_toks")}
    known: dict[str, float | bool] = {name: value for name, value in numbers.items() if _is_number(value)}
    if known.get("max_gen_toks", 1) < 1:
        del known["max_gen_toks"]
    if isinstance(given.get("do_sample"), bool):
        known["do_sample"] = given["do_sample"]
    return known


def _date(value: object) -> float | None:
    return float(value) if _is_number(value) else None


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < LARGEST


def _plain(value: object) -> str | None:
    text = str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    return text if _PLAIN.fullmatch(text) and ".." not in text else None


def _without(start: str, value: object) -> object:
    return value.removeprefix(start) if isinstance(value, str) else value
