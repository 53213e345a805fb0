"""lm-eval's results files -> results.json: nothing of the machine, the user, paths or the environment.

Two fences. Only known fields are taken, and of settings only known names with numbers, switches or single words. And
what text is left is searched for what names this machine and its user, and for what looks like a path, an address or a
secret.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from pydantic import ValidationError

from reversed_persona.errors import LeaderboardError
from reversed_persona.leaderboard.submissions.findings import worst_error
from reversed_persona.leaderboard.submissions.results import SubmittedResults, TaskMetadata
from reversed_persona.leaderboard.submissions.scrubber import Scrubber

__all__ = ["arguments", "gen_settings", "mapping", "model_settings", "scrubbed_results"]

_MODEL_ARGS = frozenset(
    (
        "dtype",
        "quantization",
        "kv_cache_dtype",
        "attn_implementation",
        "revision",
        "tokenizer_backend",
        "tokenizer_mode",
        "load_format",
        "device_map",
        "distributed_executor_backend",
        "reasoning_effort",
        "load_in_8bit",
        "load_in_4bit",
        "parallelize",
        "max_length",
        "max_model_len",
        "max_gen_toks",
        "tensor_parallel_size",
        "pipeline_parallel_size",
        "data_parallel_size",
        "gpu_memory_utilization",
        "swap_space",
        "max_num_seqs",
        "max_num_batched_tokens",
        "enforce_eager",
        "enable_prefix_caching",
        "enable_chunked_prefill",
        "trust_remote_code",
        "add_bos_token",
        "enable_thinking",
        "num_concurrent",
        "max_retries",
        "seed",
        "softmax_dtype",
        "backend",
        "tokenized_requests",
        "batch_size",
        "truncation",
        "prefix_token_id",
        "mixed_precision_dtype",
        "bnb_4bit_quant_type",
        "bnb_4bit_compute_dtype",
        "enable_lora",
        "eos_string",
    )
)
_GEN_KWARGS = frozenset(
    (
        "do_sample",
        "temperature",
        "top_p",
        "top_k",
        "min_p",
        "max_gen_toks",
        "max_tokens",
        "max_new_tokens",
        "max_completion_tokens",
        "until",
        "repetition_penalty",
        "presence_penalty",
        "frequency_penalty",
        "length_penalty",
        "num_beams",
        "seed",
        "typical_p",
        "epsilon_cutoff",
        "eta_cutoff",
        "no_repeat_ngram_size",
        "min_tokens",
        "skip_special_tokens",
        "spaces_between_special_tokens",
        "reasoning_effort",
    )
)
_METADATA = frozenset(TaskMetadata.model_fields)
_OF_CONFIG = ("random_seed", "numpy_seed", "torch_seed", "fewshot_seed", "limit")

_MOST_SECONDS = 10**9

_METRIC = re.compile(r"[a-z][a-z0-9_]{0,99},[a-z]{1,20}")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}")
_HEX = re.compile(r"[0-9a-f]{7,40}")


def scrubbed_results(
    files: Mapping[str, Mapping[str, Any]], model_id: str, prompt_format: str, scrubber: Scrubber
) -> SubmittedResults:
    """Return what a submission keeps of lm-eval's results files.

    Args:
        files: By task, the results file of its run, as read from JSON.
        model_id: Of the model.
        prompt_format: plain or chat.
        scrubber: What is taken out of the texts that are left.

    Raises:
        LeaderboardError: A file lacks something.
    """
    newest = max(files.values(), key=lambda one: _number(one.get("date")) or 0.0)
    config = mapping(newest.get("config"))
    kept = {
        "model_name": model_id,
        "results": {task: _metrics(_of(one, "results", task)) for task, one in files.items()},
        "configs": {task: _task_config(_of(one, "configs", task), scrubber) for task, one in files.items()},
        "config": {
            "model": config.get("model"),
            "model_args": model_settings(arguments(config.get("model_args")), scrubber),
            "gen_kwargs": gen_settings(mapping(config.get("gen_kwargs")), scrubber),
            "batch_size": _batch_size(config.get("batch_size")),
            **{name: config[name] for name in _OF_CONFIG if name in config},
            "limit": next((limit for one in files.values() if (limit := _limit(one)) is not None), None),
            **({"reference_respondent": True} if config.get("reference_respondent") is True else {}),
        },
        "n-samples": {task: _counts(_of(one, "n-samples", task)) for task, one in files.items()},
        "versions": {task: mapping(one.get("versions")).get(task) for task, one in files.items()},
        "date": newest.get("date"),
        "prompt_format": prompt_format,
        **{name: newest[name] for name in ("chat_template_sha", "system_instruction_sha") if newest.get(name)},
        **({"fewshot_as_multiturn": True} if newest.get("fewshot_as_multiturn") is True else {}),
        "lm_eval_version": newest.get("lm_eval_version"),
        **_word("transformers_version", newest.get("transformers_version")),
        **({"git_hash": newest["git_hash"]} if _HEX.fullmatch(str(newest.get("git_hash"))) else {}),
        **_seconds(files.values()),
    }
    try:
        return SubmittedResults.model_validate(kept)
    except ValidationError as error:
        where, first = worst_error(error)
        raise LeaderboardError(
            f"results file: {where}: {first['msg']}; expected what lm-eval 0.4.12 or newer writes"
        ) from error


def model_settings(given: Mapping[str, Any], scrubber: Scrubber) -> dict[str, Any]:
    """Return the model's arguments that may become public."""
    return _settings(given, _MODEL_ARGS, scrubber)


def gen_settings(given: Mapping[str, Any], scrubber: Scrubber) -> dict[str, Any]:
    """Return the generation's settings that may become public."""
    return _settings(given, _GEN_KWARGS, scrubber)


def _metrics(found: Mapping[str, Any]) -> dict[str, Any]:
    """Keep metrics; "N/A", which lm-eval writes for a standard error of one question, is none."""
    return {name: value for name, value in found.items() if _METRIC.fullmatch(name) and _number(value) is not None}


def _task_config(config: Mapping[str, Any], scrubber: Scrubber) -> dict[str, Any]:
    metadata = mapping(config.get("metadata"))
    return {
        **{name: config[name] for name in ("dataset_name", "num_fewshot") if name in config},
        "repeats": config.get("repeats", 1),
        "generation_kwargs": gen_settings(mapping(config.get("generation_kwargs")), scrubber),
        "metadata": {name: value for name, value in metadata.items() if name in _METADATA},
    }


def _settings(given: Mapping[str, Any], known: frozenset[str], scrubber: Scrubber) -> dict[str, Any]:
    kept = {}
    for name in sorted(given.keys() & known):
        value = given[name]
        if name == "until" and isinstance(value, list | str):
            stops = [value] if isinstance(value, str) else value
            kept[name] = [
                one for one in stops if isinstance(one, str) and len(one) <= 40 and _is_harmless(one, scrubber)
            ][:10]
        elif (
            value is None
            or isinstance(value, bool)
            or _number(value) is not None
            or (isinstance(value, str) and _WORD.fullmatch(value) and scrubber.is_clean(value))
        ):
            kept[name] = value
    return kept


def _is_harmless(stop: str, scrubber: Scrubber) -> bool:
    return not stop.strip() or (scrubber.is_clean(stop))


def arguments(given: Any) -> Mapping[str, Any]:
    """Return model arguments by name; some versions of lm-eval keep them as they were typed."""
    if not isinstance(given, str):
        return mapping(given)
    pairs = (part.partition("=") for part in given.split(","))
    return {name.strip(): _typed(value.strip()) for name, _, value in pairs}


def _typed(text: str) -> Any:
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    for kind in (int, float):
        with suppress(ValueError):
            return kind(text)
    return text


def _counts(found: Mapping[str, Any]) -> dict[str, Any]:
    return {name: found.get(name) for name in ("original", "effective")}


def _batch_size(given: Any) -> Any:
    text = str(given).partition(":")[0]
    return int(text) if text.isdecimal() and len(text) < 9 else "auto" if text == "auto" else None


def _limit(file: Mapping[str, Any]) -> Any:
    return mapping(file.get("config")).get("limit")


def _word(name: str, value: Any) -> dict[str, str]:
    return {name: value} if isinstance(value, str) and _WORD.fullmatch(value) else {}


def _seconds(files: Any) -> dict[str, float]:
    """Add up how long the runs took: files of one run are counted once."""
    given = {id(one): one.get("total_evaluation_time_seconds") for one in files}
    numbers = (_number(_typed(str(value))) for value in given.values())
    seconds = [number for number in numbers if number is not None and 0 <= number <= _MOST_SECONDS]
    return {"total_evaluation_time_seconds": round(sum(seconds), 3)} if seconds else {}


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _of(file: Mapping[str, Any], name: str, task: str) -> Mapping[str, Any]:
    return mapping(mapping(file.get(name)).get(task))


def mapping(value: Any) -> Mapping[str, Any]:
    """Return an object of a results file; an empty one for anything else that stands there."""
    return value if isinstance(value, dict) else {}
