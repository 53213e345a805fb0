"""lm-eval's output folder -> the newest run of each of the suite's tasks, of one model."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reversed_persona.errors import LeaderboardError
from reversed_persona.leaderboard.submissions.scrubbing import arguments, mapping
from reversed_persona.leaderboard.suite import Suite
from reversed_persona.result_files import MAX_BYTES, ResultsFile, read_results
from reversed_persona.runs import find_run_files
from reversed_persona.runs.names import model_ids

__all__ = ["FoundRun", "check_alike", "find_runs", "read_run"]

_OF_FILE = ("model_source", "chat_template_sha", "system_instruction_sha", "lm_eval_version", "fewshot_as_multiturn")
_OF_CONFIG = ("model", "model_sha", "model_dtype")
_OF_MODEL = (
    *("pretrained", "model", "revision", "subfolder", "peft", "delta", "lora_local_path", "gguf_file", "tokenizer"),
    *("dtype", "quantization", "kv_cache_dtype", "load_in_8bit", "load_in_4bit", "softmax_dtype", "add_bos_token"),
    *("enable_thinking", "reasoning_effort", "think_end_token"),
)
_OF_SAMPLING = ("do_sample", "temperature", "top_p", "top_k", "min_p", "repetition_penalty")
"""What has to be the same for all tasks of a row: what changes answers, not what makes them come faster."""


@dataclass(frozen=True)
class FoundRun:
    """A run of one task.

    Attributes:
        samples: Its sample log.
        raw: Its results file as read from JSON; several tasks may share one.
        results: The same, checked.
    """

    samples: Path
    raw: Mapping[str, Any]
    results: ResultsFile


def find_runs(
    outputs: Sequence[Path], suite: Suite, *, date: str = "", tasks: Collection[str] | None = None
) -> tuple[str, dict[str, FoundRun]]:
    """Find the newest run of each task.

    Args:
        outputs: Folders as --output_path names them, or parts of them.
        suite: Whose tasks are meant.
        date: How the date of the runs to take begins.
        tasks: Which tasks; None for all that are there.

    Returns:
        What lm-eval called the model, without the path that it was loaded from; and the runs, by task, in the suite's
        order.

    Raises:
        LeaderboardError: Runs of several models are there, or none of a core task, or they were not run alike.
        RunsError: A file is damaged, or nothing of lm-eval is there.
    """
    newest: dict[str, FoundRun] = {}
    names = set()
    for run in sorted(find_run_files(outputs), key=lambda one: one.date):
        wanted = [task for task in run.samples if task in suite.tasks and (tasks is None or task in tasks)]
        if run.results is None or not wanted or not run.date.startswith(date):
            continue
        results, raw = read_run(run.results)
        names.add(results.model_name or run.folder.name.replace("__", "/"))
        newest |= {task: FoundRun(run.samples[task], raw, results) for task in wanted}
    if len(names) > 1:
        raise LeaderboardError(
            f"{', '.join(map(str, outputs))}: holds runs of {', '.join(sorted(map(repr, names)))}; expected those of "
            "one model: name its folder"
        )
    lacking = [task for task in suite.core if task not in newest]
    if lacking:
        raise LeaderboardError(
            f"{', '.join(map(str, outputs))}: has no run of {' and '.join(lacking)} with its results and sample log; "
            f"expected {' and '.join(suite.core)}, which every submission to suite {suite.version} holds. Run them "
            "with --log_samples"
        )
    (name,) = names
    runs = {task: newest[task] for task in suite.tasks if task in newest}
    check_alike(runs)
    return model_ids([name])[name], runs


def check_alike(runs: Mapping[str, FoundRun]) -> None:
    """Refuse tasks that were not run in one way: a row would pass them off as one model's.

    Raises:
        LeaderboardError: They were not.
    """
    ways = {task: dict(_way(run.raw, task)) for task, run in runs.items()}
    first, *others = ways
    for task in others:
        for name, value in ways[first].items():
            if ways[task][name] != value:
                raise LeaderboardError(
                    f"{task}: {name}: was run with {str(ways[task][name])!r:.60}, {first} with {str(value)!r:.60}; "
                    "expected one way of running for all. Pick runs with --date, or tasks with --task"
                )


def _way(file: Mapping[str, Any], task: str) -> Iterator[tuple[str, Any]]:
    config, of_task = mapping(file.get("config")), mapping(mapping(file.get("configs")).get(task))
    for place, found, names in (
        ("", file, _OF_FILE),
        ("config: ", config, _OF_CONFIG),
        ("model_args: ", arguments(config.get("model_args")), _OF_MODEL),
        ("generation_kwargs: ", mapping(of_task.get("generation_kwargs")), _OF_SAMPLING),
    ):
        for name in names:
            yield f"{place}{name}", found.get(name)


def read_run(path: Path) -> tuple[ResultsFile, Mapping[str, Any]]:
    """Read a results file, checked and as it stands.

    Raises:
        RunsError: It is damaged or can't be read.
    """
    results = read_results(path)
    with path.open("rb") as file:
        found = json.loads(file.read(MAX_BYTES))  # read once already, so it is JSON and an object
    assert isinstance(found, dict)
    return results, found
