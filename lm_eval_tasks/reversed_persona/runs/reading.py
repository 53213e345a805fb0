"""Files of runs -> TaskRun. The newest run of each model and task counts; a damaged file is reported and left out.

A partial run never goes before a whole one: a quick try of a few questions is not the newer measurement.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from reversed_persona.errors import RunsError, SettingsError
from reversed_persona.followups import ROUND_FIELD
from reversed_persona.json_lines import BadRow
from reversed_persona.problems import Problem
from reversed_persona.result_files import ResultsFile, read_results
from reversed_persona.runs.collecting import ArmCollector
from reversed_persona.runs.files import RunFiles, find_run_files
from reversed_persona.runs.names import model_ids, own_tasks
from reversed_persona.runs.records import ArmScores, LeftOut, Reported, TaskRun
from reversed_persona.samples import SampleRow, read_sample_log
from reversed_persona.verdicts import PersonaVerdict

__all__ = ["Runs", "read_runs"]

MAX_QUESTIONS = 100_000
MAX_ROUNDS = 100
JUDGE = "judge"  # in the metadata of a task that asks about responses, and has no verdicts of its own


@dataclass(frozen=True)
class Runs:
    """What was read.

    Attributes:
        runs: By model, then task.
        left_out: What wasn't read, and why.
        older: What a newer run of the same model and task replaces, as (model, task, date).
        smaller: What is newer than the run that counts, but partial where that is whole, likewise.
        before: Of self-refinement, the rounds and the base run that `runs` go on from, where these are not in it.
    """

    runs: Sequence[TaskRun]
    left_out: Sequence[LeftOut]
    older: Sequence[tuple[str, str, str]]
    smaller: Sequence[tuple[str, str, str]] = ()
    before: Sequence[TaskRun] = ()


@dataclass(frozen=True)
class _Found:
    model: str
    task: str
    files: RunFiles
    results: ResultsFile

    @property
    def key(self) -> tuple[str, str, str]:
        """Of what there is one run that counts: a model's task; of a judge, for each model that it judged."""
        metadata = self.results.metadata(self.task)
        earlier = metadata.get("earlier_run") if JUDGE in metadata else None
        return self.model, self.task, str(earlier.get("model")) if isinstance(earlier, Mapping) else ""

    @property
    def name(self) -> tuple[str, str, str]:
        return self.model, self.task, self.files.date


def read_runs(
    outputs: Sequence[Path],
    *,
    tasks: Collection[str] | None = None,
    date: str = "",
    rounds: bool = False,
    progress: Callable[[Sequence[Path]], Iterable[Path]] = iter,
) -> Runs:
    """Read the runs below some folders.

    Args:
        outputs: See `find_run_files`.
        tasks: Names of the tasks to read; None for all of this package.
        date: How the date of the runs to read begins; the newest of them counts, a partial one after a whole one.
        rounds: Whether to read too what rounds of self-refinement go on from, of whatever task and date.
        progress: Wraps the sample logs that are about to be read, to show how far it is.

    Raises:
        RunsError: A path is not there, or nothing below it is of lm-eval.
    """
    wanted = own_tasks() if tasks is None else frozenset(tasks)
    files = [run for run in find_run_files(outputs) if rounds or run.date.startswith(date)]
    found, left_out = _with_results(files, wanted | own_tasks() if rounds else wanted)
    newest, older, smaller = _newest(one for one in found if one.task in wanted and one.files.date.startswith(date))
    before = _gone_on_from(newest, found) if rounds else []
    runs, logs = [], {}
    for one in (*newest, *before):
        if JUDGE in one.results.metadata(one.task):
            runs.append(_task_run(one, [], {}, 1))
        elif one.task in one.files.samples:
            logs[one.files.samples[one.task]] = one
        else:
            left_out.append(_without_log(one))
    problems: dict[tuple[str, str, str], Problem] = {}
    for path in progress(list(logs)):
        try:
            runs.append(_read_log(path, logs[path], problems))
        except (RunsError, SettingsError) as error:
            left_out.append(LeftOut(path, str(error).removeprefix(f"{path}: ")))
    runs.sort(key=lambda run: (run.model, run.task, run.round, run.date))
    logs_before = {one.files.samples.get(one.task) for one in before}
    return Runs(
        [run for run in runs if run.samples is None or run.samples not in logs_before],
        left_out,
        [one.name for one in older if one not in before],
        [one.name for one in smaller if one not in before],
        before=[run for run in runs if run.samples is not None and run.samples in logs_before],
    )


def _newest(found: Iterable[_Found]) -> tuple[list[_Found], list[_Found], list[_Found]]:
    """Return the newest whole run of each key, or else the newest; and what is older than it, and newer.

    `found` begins with the oldest.
    """
    by_key: dict[tuple[str, str, str], list[_Found]] = {}
    for one in found:
        by_key.setdefault(one.key, []).append(one)
    newest, older, newer = [], [], []
    for runs in by_key.values():
        places = [place for place, one in enumerate(runs) if not one.results.is_partial(one.task, [])]
        place = places[-1] if places else len(runs) - 1
        newest.append(runs[place])
        older += runs[:place]
        newer += runs[place + 1 :]
    return newest, older, newer


def _gone_on_from(newest: Sequence[_Found], found: Sequence[_Found]) -> list[_Found]:
    """Return the runs that rounds of self-refinement go on from, back to the base run, without the newest ones."""
    by_date = {(one.model, one.task, one.files.date): one for one in found}
    before: list[_Found] = []
    for one in newest:
        for _ in range(MAX_ROUNDS):  # a damaged file may say that it follows itself
            metadata = one.results.metadata(one.task)
            earlier = metadata.get("earlier_run")
            if ROUND_FIELD not in metadata or not isinstance(earlier, Mapping):
                break
            follows = by_date.get((one.model, str(earlier.get("task")), str(earlier.get("date"))))
            if follows is None or follows is one:
                break
            one = follows
            if one not in newest and one not in before:
                before.append(one)
    return before


def _with_results(files: Iterable[RunFiles], wanted: Collection[str]) -> tuple[list[_Found], list[LeftOut]]:
    """Read the results files, from the oldest; a run without one is called what its folder is called."""
    read: list[tuple[RunFiles, ResultsFile]] = []
    left_out = []
    for run in sorted(files, key=lambda run: run.date):
        try:
            read.append((run, read_results(run.results) if run.results else ResultsFile()))
        except RunsError as error:
            left_out.append(LeftOut(run.folder, f"{error}; the run is left out"))
    ids = model_ids(_name(run, results) for run, results in read)
    found = [
        _Found(ids[_name(run, results)], task, run, results)
        for run, results in read
        for task in sorted({*run.samples, *results.results} & {*wanted})
    ]
    return found, left_out


def _name(run: RunFiles, results: ResultsFile) -> str:
    return results.model_name or run.folder.name.replace("__", "/")


def _without_log(found: _Found) -> LeftOut:
    where = found.files.results or found.files.folder
    return LeftOut(where, f"{found.task}: has no sample log beside it; expected one, so run with --log_samples")


def _read_log(path: Path, found: _Found, problems: dict[tuple[str, str, str], Problem]) -> TaskRun:
    """Read a sample log. One damaged row leaves all of it out: part of a run is not the run.

    Args:
        path: The log.
        found: What it belongs to.
        problems: All problems read so far, so that a problem that many models were asked is held once.

    Raises:
        RunsError: A row is damaged, or comes twice, or was asked otherwise than the first.
        SettingsError: The file can't be read.
    """
    asked: dict[str, Problem] = {}
    arms: dict[str, ArmCollector] = {}
    repeats = 1
    for row in read_sample_log(path):
        try:
            problem, given = _checked(row)
        except ValueError as error:
            raise RunsError(
                f"{path}: line {row.row}: {error}; expected a row as lm-eval logs it for these tasks, and left the "
                "file out: part of a run is not the run"
            ) from error
        name = problem["problem_id"]
        if name in asked:
            raise RunsError(f"{path}: line {row.row}: {name!r} was there before; every problem must occur once")
        if asked and given.keys() != arms.keys():
            raise RunsError(
                f"{path}: line {row.row}: was asked as {', '.join(given)}; expected {', '.join(arms)}, as in the first"
            )
        if len(asked) >= MAX_QUESTIONS:
            raise RunsError(f"{path}: has more than {MAX_QUESTIONS} problems; expected a run of these tasks")
        for arm, verdicts in given.items():
            collector = arms.setdefault(arm, ArmCollector(verdicts[0].expected_accuracy))
            collector.add([one.verdict for one in verdicts])
        repeats = max(repeats, *(len(verdicts) for verdicts in given.values()))
        asked[name] = problems.setdefault((name, problem["question"], problem["gold"]), problem)
    if not asked:
        raise RunsError(f"{path}: is empty; expected one row for each problem")
    return _task_run(found, list(asked.values()), {arm: kept.scores() for arm, kept in arms.items()}, repeats)


def _checked(row: SampleRow | BadRow) -> tuple[Problem, Mapping[str, list[PersonaVerdict]]]:
    if isinstance(row, BadRow):
        raise ValueError(row.said)
    given = {arm.arm: [PersonaVerdict.from_fields(fields) for fields in arm.filtered] for arm in row.arms}
    if not given or len(given) != len(row.arms) or not all(given.values()):
        raise ValueError("an arm is missing or comes twice")
    return _problem(row.doc), given


def _problem(doc: Mapping[str, object]) -> Problem:
    texts = {name: doc.get(name, "") for name in ("problem_id", "question", "gold", "solution", "subject")}
    for name, text in texts.items():
        if not isinstance(text, str) or (name in ("problem_id", "question", "gold") and not text):
            raise ValueError(f"doc: {name}: got {text!r:.40}; expected text")
    difficulty = doc.get("difficulty", 0)
    if not isinstance(difficulty, int) or isinstance(difficulty, bool) or difficulty < 0:
        raise ValueError(f"doc: difficulty: got {difficulty!r:.40}; expected a whole number from 0")
    return cast(Problem, {**texts, "difficulty": difficulty})


def _task_run(found: _Found, problems: list[Problem], arms: Mapping[str, ArmScores], repeats: int) -> TaskRun:
    files, results, task = found.files, found.results, found.task
    ids = [problem["problem_id"] for problem in problems]
    return TaskRun(
        model=found.model,
        task=task,
        date=files.date,
        samples=files.samples.get(task),
        results=files.results,
        partial=results.is_partial(task, ids),
        custom=results.custom(task),
        reference=results.config.reference_respondent,
        metadata=results.metadata(task),
        reported={name: Reported(*pair) for name, pair in results.reported(task).items()},
        problems=problems,
        arms=arms,
        repeats=repeats,
        lm_eval_version=results.lm_eval_version,
        n_reported=results.asked(task),
    )
