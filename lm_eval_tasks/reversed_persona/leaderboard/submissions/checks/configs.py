"""Whether a submission's run was a whole run of the suite's tasks, with the suite's prompts and problems."""

from collections.abc import Collection, Iterator
from datetime import datetime, timezone

from reversed_persona.leaderboard.submissions.files import RECORD, RESULTS
from reversed_persona.leaderboard.submissions.findings import About, Finding, Kind, shown
from reversed_persona.leaderboard.submissions.record import SubmissionRecord
from reversed_persona.leaderboard.submissions.results import SubmittedResults, TaskMetadata
from reversed_persona.leaderboard.suite import Suite, SuiteTask
from reversed_persona.metrics import directions

__all__ = ["check_configs", "utc"]

_FREE = ("exemplar_seed", "partial", "persona_role", "prompt_fingerprints", "custom")
_WHOLE = "Run the task without --limit, --samples and --predict_only"
_OWN = "Run the benchmark's own tasks without settings of your own"
_AGAIN = "Make the folder with `reversed-persona submission prepare`"

AHEAD_S = 86_400
"""Seconds that a run may be dated ahead of us: a clock set to local time in place of UTC is 14 hours ahead at most."""


def utc(seconds: float) -> str:
    """Return a time as submission.yaml writes it.

    Args:
        seconds: Since 1970, of this century.
    """
    return datetime.fromtimestamp(int(seconds), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def check_configs(
    folder: str,
    suite: Suite,
    record: SubmissionRecord,
    results: SubmittedResults,
    tasks: Collection[str],
    now: float | None = None,
) -> Iterator[Finding]:
    """Check what submission.yaml and results.json say of a run.

    Args:
        folder: The submission's, for messages.
        suite: What had to be asked.
        record: What submission.yaml says.
        results: What results.json says.
        tasks: Names of the tasks whose samples are there.
        now: What time it is, in seconds since 1970; None where a run's date is not compared with it.
    """
    path = f"{folder}/{RESULTS}"
    if now is not None and results.date > now + AHEAD_S:
        said = f"date: got {utc(results.date)}, but it is {utc(now)}; expected a run that has been"
        yield _finding(path, said, "Set the clock of the machine that ran it, and run it again")
    for said, mending in _whole_run(suite, results, tasks):
        yield _finding(path, said, mending)
    for said, mending in _agreement(record, results):
        yield _finding(f"{folder}/{RECORD}", said, mending, about="record")
    for task in sorted(results.configs.keys() & suite.tasks.keys()):
        for said, mending in _task_config(suite, task, results):
            yield _finding(path, f"configs: {task}: {said}", mending)
    for said, mending, kind in _type(suite, record, results):
        yield _finding(f"{folder}/{RECORD}", said, mending, kind, "record")


def _whole_run(suite: Suite, results: SubmittedResults, tasks: Collection[str]) -> Iterator[tuple[str, str]]:
    for task in suite.core:
        if task not in tasks:
            yield f"has no samples of {task}; expected those of {' and '.join(suite.core)}", _WHOLE
    for task in sorted(set(tasks) - suite.tasks.keys()):
        yield f"samples: {task!r} is no task of suite {suite.version}; expected none", "Leave its samples out"
    for name in ("results", "configs", "n_samples", "versions"):
        found = getattr(results, name)
        if found.keys() != set(tasks):
            got = shown(", ".join(sorted(found)), 200)
            yield f"{name}: got {got}; expected {', '.join(sorted(tasks))}, the tasks with samples", _AGAIN
    if results.config.limit is not None:
        yield f"config: limit: got {results.config.limit!r}; expected null, a whole run", _WHOLE
    if results.config.reference_respondent:
        yield (
            "config: reference_respondent: got true; expected a model: an instrument that knows the answers is none",
            ("The board shows the reference respondents by itself"),
        )
    if results.prompt_format == "plain" and results.chat_template_sha is not None:
        yield "prompt_format: got plain beside a chat_template_sha; expected chat", _AGAIN
    for task, found in results.results.items():
        if "bypass" in {name.partition(",")[0].removesuffix("_stderr") for name in found}:
            yield f"results: {task}: holds bypass; expected the task's metrics", _WHOLE


def _agreement(record: SubmissionRecord, results: SubmittedResults) -> Iterator[tuple[str, str]]:
    run = record.run
    for name, got, wanted in (
        ("model: id", record.model.id, results.model_name),
        ("run: backend", run.backend, results.config.model),
        ("run: lm_eval_version", run.lm_eval_version, results.lm_eval_version),
        ("run: git_hash", run.git_hash, results.git_hash),
        ("run: date", run.date, utc(results.date)),
    ):
        if got != wanted:
            yield f"{name}: got {shown(got)}; expected {shown(wanted)}, as {RESULTS} says", _AGAIN


def _task_config(suite: Suite, task: str, results: SubmittedResults) -> Iterator[tuple[str, str]]:
    named, config = suite.tasks[task], results.configs[task]
    metadata, of_set = config.metadata, suite.problem_sets[named.problems]
    asked = len(suite.hashes(task))
    for version in (results.versions.get(task), metadata.version):
        if version is not None and version != named.version:
            mixed = f"version: got {version}; expected {named.version}, that of suite {suite.version}"
            yield mixed, "Run it with the version of the package that the suite names"
    if (count := results.n_samples.get(task)) and (count.original, count.effective) != (asked, asked):
        yield f"n-samples: got {count.effective} of {count.original}; expected {asked} of {asked}", _WHOLE
    if metadata.problems_digest != of_set.digest or metadata.n_problems != len(of_set.problems):
        mend = "Run on the original problem set (`reversed-persona prefetch`)"
        yield f"problems_digest: got {metadata.problems_digest[:16]}...; expected {of_set.digest[:16]}...", mend
    if metadata.partial or metadata.exemplar_seed or config.num_fewshot:
        yield "partial, exemplar_seed or num_fewshot: got a value; expected none", _OWN
    if config.dataset_name != named.problems:
        yield f"dataset_name: got {shown(config.dataset_name)}; expected {named.problems}", _OWN
    for name, got, wanted in _settings(named, metadata):
        yield f"metadata: {name}: got {shown(got)}; expected {shown(wanted)}", _OWN
    if list(metadata.prompt_fingerprints) != list(named.arms):
        got = shown(", ".join(metadata.prompt_fingerprints), 100)
        yield f"prompt_fingerprints: got {got}; expected {', '.join(named.arms)}", _OWN
    known = {metric for metric in directions(named.asked, named.measures)}
    reported = {name.partition(",")[0].removesuffix("_stderr") for name in results.results.get(task, {})}
    if odd := sorted(reported - known - {"bypass"}):
        yield f"results: got {shown(', '.join(odd), 100)}; expected the task's metrics alone", _AGAIN


def _settings(named: SuiteTask, metadata: TaskMetadata) -> Iterator[tuple[str, object, object]]:
    given = metadata.model_dump(exclude_none=True)
    for name in sorted({*named.settings, *given} - {*_FREE, "version", "problems_digest", "n_problems"}):
        got, wanted = given.get(name), named.settings.get(name)
        if got != wanted:
            yield name, got, wanted


def _type(suite: Suite, record: SubmissionRecord, results: SubmittedResults) -> Iterator[tuple[str, str, Kind]]:
    reasons = [f"{task}: metadata: custom" for task, config in results.configs.items() if config.metadata.custom]
    if results.system_instruction_sha is not None:
        reasons.append("system_instruction_sha")
    for task in sorted(results.configs.keys() & suite.tasks.keys()):
        metadata = results.configs[task].metadata
        if metadata.prompt_fingerprints != suite.tasks[task].fingerprints[metadata.persona_role]:
            reasons.append(f"{task}: prompt_fingerprints")
    if record.type == "standard" and reasons:
        said = f"type: got standard, but {'; '.join(reasons[:3])} say that the prompts are not the benchmark's"
        yield f"{said}; expected custom", "Run the benchmark's own prompts, or submit it as type: custom", "refused"
    if record.type == "custom" and not reasons:
        said = "type: got custom, but prompts and problems are the benchmark's; expected standard"
        yield said, "Say type: standard, or say in the note what is custom", "flagged"


def _finding(path: str, said: str, mending: str, kind: Kind = "refused", about: About = "results") -> Finding:
    return Finding(path, None, said, mending, kind, about)
