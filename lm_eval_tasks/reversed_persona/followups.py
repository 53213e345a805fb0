"""An earlier run's samples -> what a follow-up pass goes on from: the problems it asked, and what each arm answered.

lm-eval asks every request once, so whatever needs an earlier answer is a second task over the first one's sample log.
The log may be anybody's, so it is read as data: checked row by row, limited in size, and refused in one line.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, cast

from reversed_persona.errors import SettingsError, did_you_mean
from reversed_persona.json_lines import BadRow
from reversed_persona.result_files import SAMPLES_NAME, ResultsFile, read_results
from reversed_persona.samples import SampleRow, read_sample_log

__all__ = ["EarlierAnswers", "EarlierRun", "earlier_path", "logged_task", "read_earlier_run"]

MAX_QUESTIONS = 100_000
MAX_SAMPLES_BYTES = 4 << 30  # of a whole run at 32k tokens an answer a few hundred MB
MOST = 10_000  # steps of a solution, or rounds
ROUND_FIELD = "round"  # what a refine task adds to its documents, so that a log says by itself which round it is

_TEXTS = ("problem_id", "question", "gold", "solution", "subject")
_SHOWN = 8


@dataclass(frozen=True)
class EarlierAnswers:
    """What was answered to one problem.

    Attributes:
        doc: The problem's row: problem_id, question, gold, solution, difficulty, subject.
        responses: Per arm id, what it answered, one for each repeat; thinking blocks included.
        thinking: Per arm id, whether the prompt had opened a thinking tag.
    """

    doc: Mapping[str, Any]
    responses: Mapping[str, tuple[str, ...]]
    thinking: Mapping[str, bool]


@dataclass(frozen=True)
class EarlierRun:
    """An earlier run of one task.

    Attributes:
        path: Its samples file.
        task: The task.
        date: When it was written, as lm-eval puts it into file names.
        model: What lm-eval called the model; None where no results file lies beside the samples.
        round: How often the answers had been refined: 0 for a base run.
        partial: It has fewer problems than the task: --limit or --samples; or nothing says how many that has.
        answers: By problem_id, in the run's order.
        custom: Its results say that prompts or problems were not the benchmark's; None where nothing says so.
    """

    path: Path
    task: str
    date: str
    model: str | None
    round: int
    partial: bool
    answers: Mapping[str, EarlierAnswers]
    custom: bool | None = None

    def described(self) -> dict[str, Any]:
        """Return what a follow-up's results say of it: the file's name in place of its path, which is the user's."""
        return {
            "task": self.task,
            "date": self.date,
            "model": self.model,
            "round": self.round,
            "file": self.path.name,
            "partial": self.partial,
        }


def read_earlier_run(path: Path, task: str) -> EarlierRun:
    """Read an earlier run of a task.

    Args:
        path: Its samples file; or the folder of a model's runs, or an output folder that holds exactly one of those,
            which means the newest samples file of exactly this task in it.
        task: Name of the task.

    Raises:
        SettingsError: There is no such file, or it is of another task, or a row of it is damaged or comes twice.
        RunsError: The results file beside it is damaged.
    """
    file = _samples_file(path, task)
    named = SAMPLES_NAME.fullmatch(file.name)
    if named is None:
        raise SettingsError(f"{file}: not a samples file by its name; expected samples_{task}_<date>.jsonl")
    if named["task"] != task:
        raise SettingsError(f"{file}: holds the samples of {named['task']!r}; expected those of {task!r}")
    _check_size(file)
    answers: dict[str, EarlierAnswers] = {}
    rounds: set[int] = set()
    for row in read_sample_log(file):
        found, of_round = _checked(file, row)
        name = found.doc["problem_id"]
        if name in answers:
            raise SettingsError(f"{file}: line {row.row}: {name!r} was there before; every problem must occur once")
        first = next(iter(answers.values()), found)
        if found.responses.keys() != first.responses.keys():
            raise SettingsError(
                f"{file}: line {row.row}: was asked as {', '.join(found.responses)}; expected "
                f"{', '.join(first.responses)}, as in the first line"
            )
        answers[name] = found
        rounds.add(of_round)
        if len(answers) > MAX_QUESTIONS:
            raise SettingsError(f"{file}: has more than {MAX_QUESTIONS} problems; expected a run of these tasks")
    if not answers:
        raise SettingsError(f"{file}: is empty; expected one row for each problem")
    if len(rounds) > 1:
        raise SettingsError(f"{file}: holds rounds {sorted(rounds)}; expected one round")
    results = _results_beside(file, named["date"])
    return EarlierRun(
        path=file,
        task=task,
        date=named["date"],
        model=results.model_name or None,
        round=rounds.pop(),
        partial=results.is_partial(task, list(answers)),
        answers=answers,
        custom=results.custom(task),
    )


def earlier_path(metadata: Mapping[str, Any], task: str, earlier_task: str) -> Path:
    """Return what `earlier_run` of a task's metadata names.

    Args:
        metadata: The task's.
        task: The task's name, which picks from an object that names a path for each of several tasks.
        earlier_task: The task whose run is followed, for the message.

    Raises:
        SettingsError: It names nothing.
    """
    given = metadata.get("earlier_run")
    named = given.get(task) if isinstance(given, Mapping) else given
    if not isinstance(named, str) or not named:
        got = f"got {named!r:.80}" if named is not None else "is missing"
        raise SettingsError(
            f"{task}: metadata: earlier_run: {got}; expected the path of a samples file of {earlier_task}, or of a "
            f'model\'s folder, as in --metadata \'{{"earlier_run": "out/MODEL"}}\''
        )
    return Path(named)


def logged_task(path: Path) -> str | None:
    """Return which task's samples a file holds, by its name; None for anything that isn't named as a samples file."""
    named = SAMPLES_NAME.fullmatch(path.name)
    return named["task"] if named else None


def _samples_file(path: Path, task: str) -> Path:
    if path.is_file():
        return path
    if not path.is_dir():
        raise SettingsError(
            f"{path}: is not there; expected a samples file of {task!r}, or the folder of a model's runs"
        )
    if file := _newest(path, task):
        return file
    folders = sorted(folder for folder in path.iterdir() if folder.is_dir() and any(folder.glob("samples_*.jsonl")))
    if len(folders) > 1:
        raise SettingsError(
            f"{path}: holds the runs of several models: {_listed([folder.name for folder in folders])}; "
            "name the folder of one"
        )
    if file := _newest(folders[0], task) if folders else None:
        return file
    here = folders[0] if folders else path
    tasks = sorted({name for name in map(logged_task, here.glob("samples_*.jsonl")) if name})
    raise SettingsError(
        f"{here}: holds no samples of {task!r} (of {_listed(tasks) or 'no task at all'}); expected "
        f"samples_{task}_<date>.jsonl, which a run with --log_samples leaves{did_you_mean(task, tasks)}"
    )


def _check_size(file: Path) -> None:
    try:
        size = file.stat().st_size
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read: {error.strerror}; expected a file of JSON lines") from error
    if size > MAX_SAMPLES_BYTES:
        raise SettingsError(f"{file}: is {size >> 20} MB; expected at most {MAX_SAMPLES_BYTES >> 20}")


def _newest(folder: Path, task: str) -> Path | None:
    dated = {
        named["date"]: path
        for path in folder.glob("samples_*.jsonl")
        if (named := SAMPLES_NAME.fullmatch(path.name)) and named["task"] == task and path.is_file()
    }
    return dated[max(dated)] if dated else None


def _checked(file: Path, row: SampleRow | BadRow) -> tuple[EarlierAnswers, int]:
    """Take a row for what it has to be, and say which round it is of."""
    try:
        if isinstance(row, BadRow):
            raise ValueError(row.said)
        doc = {name: _text(row.doc, name) for name in _TEXTS}
        difficulty, of_round = row.doc.get("difficulty"), row.doc.get(ROUND_FIELD, 0)
        for name, number in (("difficulty", difficulty), (ROUND_FIELD, of_round)):
            if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= MOST:
                raise ValueError(f"doc: {name}: got {number!r:.40}; expected a whole number from 0 to {MOST}")
        responses = {given.arm: given.responses for given in row.arms}
        if len(responses) != len(row.arms) or not responses:
            raise ValueError(f"arms: got {_listed([given.arm for given in row.arms])}; expected each once")
    except ValueError as error:
        raise SettingsError(
            f"{file}: line {row.row}: {error}; expected a row as lm-eval logs it for these tasks"
        ) from error
    answers = EarlierAnswers(
        doc={**doc, "difficulty": difficulty},
        responses=responses,
        thinking={given.arm: given.thinking for given in row.arms},
    )
    return answers, cast(int, of_round)


def _text(doc: Mapping[str, Any], name: str) -> str:
    value = doc.get(name)
    if not isinstance(value, str) or (name != "solution" and name != "subject" and not value.strip()):
        raise ValueError(f"doc: {name}: got {value!r:.40}; expected text")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"doc: {name}: holds half a character at {error.start}; expected Unicode text") from error
    return value


def _results_beside(samples: Path, date: str) -> ResultsFile:
    """Read what lm-eval wrote beside the samples; nothing is known where it isn't there any more."""
    found = sorted(samples.parent.glob(f"*_{date}.json"))  # --output_path may have named it otherwise than results_
    return read_results(found[0]) if found else ResultsFile()


def _listed(names: list[str]) -> str:
    return ", ".join(islice(names, _SHOWN)) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
