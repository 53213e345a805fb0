"""lm-eval's output folder -> the newest run of each of the suite's tasks, of one model."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reversed_persona.errors import LeaderboardError
from reversed_persona.leaderboard.suite import Suite
from reversed_persona.result_files import MAX_BYTES, ResultsFile, read_results
from reversed_persona.runs import find_run_files
from reversed_persona.runs.names import model_ids

__all__ = ["FoundRun", "find_runs"]


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
        LeaderboardError: Runs of several models are there, or none of a core task.
        RunsError: A file is damaged, or nothing of lm-eval is there.
    """
    newest: dict[str, FoundRun] = {}
    names = set()
    for run in sorted(find_run_files(outputs), key=lambda one: one.date):
        wanted = [task for task in run.samples if task in suite.tasks and (tasks is None or task in tasks)]
        if run.results is None or not wanted or not run.date.startswith(date):
            continue
        results, raw = read_results(run.results), _read_json(run.results)
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
    return model_ids([name])[name], {task: newest[task] for task in suite.tasks if task in newest}


def _read_json(path: Path) -> Mapping[str, Any]:
    with path.open("rb") as file:
        found = json.loads(file.read(MAX_BYTES))  # read once already, so it is JSON and an object
    assert isinstance(found, dict)
    return found
