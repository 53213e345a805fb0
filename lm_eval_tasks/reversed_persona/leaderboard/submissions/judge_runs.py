"""lm-eval's output folder -> a judge's newest runs over the very runs that are submitted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reversed_persona.errors import LeaderboardError
from reversed_persona.leaderboard.submissions.runs_found import FoundRun, check_alike, read_run
from reversed_persona.leaderboard.submissions.scrubbing import mapping
from reversed_persona.leaderboard.suite import Suite
from reversed_persona.runs import find_run_files
from reversed_persona.runs.names import model_ids

__all__ = ["JudgeRuns", "find_judge_runs"]

_OWN = "Judge again with the benchmark's own judge task"
_SHOWN = 3


@dataclass(frozen=True)
class JudgeRuns:
    """A judge's runs.

    Attributes:
        name: What lm-eval called the judge, without the path that it was loaded from.
        runs: By judge task.
        id: What the submitter calls it; None for what lm-eval did.
        revision: What the submitter says tells its weights from others of that name; None for what lm-eval knew.
    """

    name: str
    runs: Mapping[str, FoundRun]
    id: str | None = None
    revision: str | None = None


def find_judge_runs(
    outputs: Sequence[Path],
    suite: Suite,
    runs: Mapping[str, FoundRun],
    *,
    judge_id: str | None = None,
    revision: str | None = None,
) -> JudgeRuns:
    """Find the newest run of each judge task over the submitted run of the task that it judges.

    Args:
        outputs: Folders as the judge's --output_path names them, or parts of them.
        suite: Whose judge tasks are meant.
        runs: What is submitted, by task.
        judge_id: What the submitter calls the judge.
        revision: What the submitter says tells the judge's weights from others of that name.

    Raises:
        LeaderboardError: No run there judges what is submitted, several judges did, or one was not run as it has to be.
        RunsError: A file is damaged, or nothing of lm-eval is there.
    """
    newest: dict[str, FoundRun] = {}
    names, others = set(), list[str]()
    for run in sorted(find_run_files(outputs), key=lambda one: one.date):
        wanted = {task: suite.judges[task].judged for task in run.samples if task in suite.judges}
        wanted = {task: judged for task, judged in wanted.items() if judged in runs}
        if run.results is None or not wanted:
            continue
        results, raw = read_run(run.results)
        for task, judged in wanted.items():
            file = str(mapping(results.metadata(task).get("earlier_run")).get("file"))
            if file != runs[judged].samples.name:
                others.append(f"{task} of {file}")
                continue
            names.add(results.model_name or run.folder.name.replace("__", "/"))
            newest[task] = FoundRun(run.samples[task], raw, results)
    where = f"--judged: {', '.join(map(str, outputs))}"
    if not newest:
        raise LeaderboardError(f"{where}: {_none(suite, runs, others)}")
    if len(names) > 1:
        raise LeaderboardError(
            f"{where}: {', '.join(sorted(map(repr, names)))} judged these runs; expected one judge: name its folder"
        )
    for task, of_task in newest.items():
        _check_run(suite, task, of_task)
    check_alike(newest)
    (name,) = names
    found = {task: newest[task] for task in suite.judges if task in newest}
    return JudgeRuns(model_ids([name])[name], found, judge_id, revision)


def _none(suite: Suite, runs: Mapping[str, FoundRun], others: Sequence[str]) -> str:
    files = [
        f"{task} over {runs[named.judged].samples.name}" for task, named in suite.judges.items() if named.judged in runs
    ]
    got = ", ".join(others[-_SHOWN:]) or "none of a judge task"
    return (
        f"holds {got}; expected {' or '.join(files) or 'a suite with judge tasks'}, the run that is submitted. Judge "
        "that one, or pick it with --date"
    )


def _check_run(suite: Suite, task: str, run: FoundRun) -> None:
    """Refuse what a validator could not know, or only after all is written."""
    metadata = run.results.metadata(task)
    if run.results.config.reference_respondent:
        raise LeaderboardError(f"{run.samples}: the judge knows the answers; expected a model, no reference judge")
    if metadata.get("partial") is True or run.results.config.limit is not None:
        raise LeaderboardError(
            f"{run.samples}: judges a part of the questions; expected all. Run it without --limit and --samples"
        )
    rubrics = set(mapping(metadata.get("prompt_fingerprints")).values())
    if rubrics != {suite.judges[task].rubric} or run.raw.get("system_instruction_sha"):
        raise LeaderboardError(
            f"{run.samples}: the judge was asked with a rubric or a system message of your own; expected the rubric "
            f"of suite {suite.version}. {_OWN}"
        )
