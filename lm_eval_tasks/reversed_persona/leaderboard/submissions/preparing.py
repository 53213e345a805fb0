"""lm-eval's output folder -> a submission's files. The same outputs and answers give the same bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reversed_persona import __version__
from reversed_persona.backends import WEIGHTS
from reversed_persona.errors import LeaderboardError
from reversed_persona.json_lines import BadRow
from reversed_persona.leaderboard.submissions.checks.configs import utc
from reversed_persona.leaderboard.submissions.checks.scores import TaskScores
from reversed_persona.leaderboard.submissions.commands import clean_command, pairs_text
from reversed_persona.leaderboard.submissions.files import (
    MAX_SAMPLES_BYTES,
    RECORD,
    RESULTS,
    samples_name,
    sha256_of,
)
from reversed_persona.leaderboard.submissions.grading import grade_response
from reversed_persona.leaderboard.submissions.judge_runs import JudgeRuns
from reversed_persona.leaderboard.submissions.places import submission_place
from reversed_persona.leaderboard.submissions.preparing_judgements import prepare_judge
from reversed_persona.leaderboard.submissions.record import (
    FORMAT,
    Regraded,
    SubmissionRecord,
    check_fields,
    record_from,
    record_text,
)
from reversed_persona.leaderboard.submissions.regrading import what_was_regraded
from reversed_persona.leaderboard.submissions.results import SubmittedResults, results_text
from reversed_persona.leaderboard.submissions.rows import (
    RowArm,
    RowVerdict,
    SubmittedRow,
    packed,
    prompt_hash,
    row_line,
)
from reversed_persona.leaderboard.submissions.runs_found import FoundRun
from reversed_persona.leaderboard.submissions.scrubber import Scrubber
from reversed_persona.leaderboard.submissions.scrubbing import scrubbed_results
from reversed_persona.leaderboard.submissions.thinking import whole_characters, without_thinking
from reversed_persona.leaderboard.suite import Suite, hashes_of
from reversed_persona.problems import Problem
from reversed_persona.samples import ArmResponses, SampleRow, read_sample_log
from reversed_persona.verdicts import PersonaVerdict

__all__ = ["Answers", "Prepared", "prepare"]

_CHAT = ('[{"role"', "[{'role'")


@dataclass(frozen=True)
class Answers:
    """What lm-eval does not know; see `record.SubmissionRecord`."""

    model_id: str
    revision: str
    licence: str
    open_weights: bool
    parameters: int | None
    trained_on_benchmark: str
    submitter: str
    url: str | None = None
    note: str | None = None
    command: str | None = None

    def fields(self) -> dict[str, Any]:
        """Return what they fill of submission.yaml."""
        model = ("revision", "licence", "open_weights", "parameters", "trained_on_benchmark")
        return {
            "model": {"id": self.model_id, **{name: getattr(self, name) for name in model}},
            "submitter": {"name": self.submitter, "url": self.url},
            "note": self.note,
        }


@dataclass(frozen=True)
class Prepared:
    """A submission that is not written yet.

    Attributes:
        place: Names of the three folders in which it lies; see `places`.
        files: By name, their bytes.
        type: standard or custom.
        said: What the submitter should know: tasks that were left out, verdicts that were made anew.
    """

    place: tuple[str, str, str]
    files: Mapping[str, bytes]
    type: str
    said: Sequence[str]


def prepare(
    runs: Mapping[str, FoundRun],
    suite: Suite,
    problems: Mapping[str, Sequence[Problem]],
    answers: Answers,
    scrubber: Scrubber,
    *,
    regrade: bool = False,
    judge: JudgeRuns | None = None,
) -> Prepared:
    """Make a submission.

    Args:
        runs: By task, of one model.
        suite: What is asked.
        problems: The suite's problem sets by name.
        answers: What lm-eval does not know.
        scrubber: What is taken out of texts.
        regrade: Whether verdicts that differ from the log's are taken, and the scores made from them.
        judge: Runs of a judge over `runs`; None for none.

    Raises:
        LeaderboardError: An answer is not what it should be, a log is damaged, a verdict differs, or a file gets too
            large.
    """
    check_fields(answers.fields())
    tasks = {task: _Task(suite, task, run, problems, scrubber, regrade) for task, run in runs.items()}
    said = [line for one in tasks.values() for line in one.said]
    files: dict[str, bytes] = {}
    for task in runs:
        files |= _packed(suite, task, tasks, said)
    prompt_format = "chat" if any(one.chat for one in tasks.values()) else "plain"
    results = scrubbed_results({task: runs[task].raw for task in tasks}, answers.model_id, prompt_format, scrubber)
    regraded = None
    if regrade:
        scores = {task: one.scores.expected() for task, one in tasks.items()}
        made_anew = sum(one.made_anew for one in tasks.values())
        regraded = what_was_regraded(made_anew, results.results, scores, [runs[task].raw for task in tasks])
        results = results.model_copy(update={"results": scores})
    files[RESULTS] = results_text(results).encode()
    judge_fields = None
    if judge is not None:
        rows = {task: {row.problem_id: row for row in one.rows} for task, one in tasks.items()}
        judged = prepare_judge(judge, suite, rows, problems, answers.model_id, scrubber)
        judge_fields = judged.fields
        said += judged.said
        files |= judged.files
    record = _record(suite, results, answers, files, scrubber, judge_fields, regraded)
    raw = record_text(record).encode()
    return Prepared(submission_place(record, raw), {RECORD: raw, **files}, record.type, said)


def _packed(suite: Suite, task: str, tasks: "dict[str, _Task]", said: list[str]) -> dict[str, bytes]:
    """Pack a task's samples; an optional task that gets too large is taken out of `tasks`."""
    raw = packed(tasks[task].lines())
    if len(raw) <= MAX_SAMPLES_BYTES:
        return {samples_name(task): raw}
    size = f"{len(raw) / (1 << 20):.1f} MB packed; a submission takes {MAX_SAMPLES_BYTES >> 20} MB a task"
    if task in suite.core:
        raise LeaderboardError(f"{task}: its samples are {size}. Run it with fewer new tokens (--gen_kwargs)")
    said.append(f"{task} is left out: its samples are {size}")
    del tasks[task]
    return {}


def _record(
    suite: Suite,
    results: SubmittedResults,
    answers: Answers,
    files: Mapping[str, bytes],
    scrubber: Scrubber,
    judge: Mapping[str, Any] | None,
    regraded: Regraded | None,
) -> SubmissionRecord:
    typed = clean_command(answers.command, answers.model_id, scrubber) if answers.command else ""
    return record_from(
        {
            "format": FORMAT,
            "suite": suite.version,
            "type": "custom" if _is_custom(suite, results) else "standard",
            "run": {
                "date": utc(results.date),
                "backend": results.config.model,
                "lm_eval_version": results.lm_eval_version,
                "reversed_persona_version": __version__,
                "git_hash": results.git_hash,
                "command": typed or _command(results),
                "regraded": regraded,
            },
            **answers.fields(),
            "judge": judge,
            "files": {name: sha256_of(files[name]) for name in sorted(files)},
        }
    )


class _Task:
    """One task's rows, read from its sample log."""

    def __init__(
        self,
        suite: Suite,
        task: str,
        run: FoundRun,
        problems: Mapping[str, Sequence[Problem]],
        scrubber: Scrubber,
        regrade: bool,
    ) -> None:
        self._suite, self._task, self._path, self._scrubber = suite, task, run.samples, scrubber
        named = suite.tasks[task]
        self._problems = {one["problem_id"]: one for one in problems[named.problems]}
        self.scores = TaskScores(named)
        self.chat = bool(run.raw.get("chat_template_sha"))
        self._other: list[str] = []
        self._telling: list[str] = []
        self.rows = [self._row(row) for row in read_sample_log(run.samples)]
        if self._other and not regrade:
            raise LeaderboardError(
                f"{run.samples}: {len(self._other)} verdicts differ from those of this version (the first: "
                f"{self._other[0]}); --regrade takes the new ones and makes the scores from them"
            )
        self.said = [f"{task}: {len(self._other)} verdicts were made anew"] if self._other else []
        if self._telling:
            self.said.append(
                f"{task}: {len(self._telling)} responses (the first: {self._telling[0]}) hold what looks like a key or "
                "a folder of this machine. Responses are not changed: read them before you publish them"
            )

    @property
    def made_anew(self) -> int:
        """How many verdicts are not those of the log."""
        return len(self._other)

    def lines(self) -> list[str]:
        """Return the rows in the suite's order; what does not belong to the task stands last, for the validator."""
        place = {name: number for number, name in enumerate(self._suite.hashes(self._task))}
        return [row_line(row) for row in sorted(self.rows, key=lambda row: place.get(row.problem_id, len(place)))]

    def _row(self, row: SampleRow | BadRow) -> SubmittedRow:
        if isinstance(row, BadRow):
            raise LeaderboardError(f"{self._path}: line {row.row}: {row.said}; expected a sample log of these tasks")
        try:
            name = str(row.doc["problem_id"])
            doc, target = hashes_of(row.doc)
            problem = self._problems[name]
            arms = {arm.arm: self._arm(name, arm, problem) for arm in row.arms}
        except (KeyError, ValueError, TypeError) as error:
            raise LeaderboardError(
                f"{self._path}: line {row.row}: is no question of {self._task} ({error!s:.100}); expected the "
                "benchmark's problems, with verdicts"
            ) from error
        if list(arms) == list(self._suite.tasks[self._task].arms):
            self.scores.add({arm: [one.verdict() for one in made.verdicts] for arm, made in arms.items()})
        return SubmittedRow(problem_id=name, doc=doc, target=target, arms=arms)

    def _arm(self, name: str, arm: ArmResponses, problem: Problem) -> RowArm:
        self.chat = self.chat or arm.prompt.startswith(_CHAT)
        logged = [RowVerdict.of(PersonaVerdict.from_fields(fields).verdict) for fields in arm.filtered]
        texts, verdicts = [], []
        for response, given in zip(arm.responses, logged, strict=True):
            text, mine = _shortest(response, arm.thinking, problem, given)
            if mine != given:
                self._other.append(f"{name}, {arm.arm}: {given.status} there, {mine.status} here")
            if self._scrubber.is_telling(text):
                self._telling.append(f"{name}, {arm.arm}")
            texts.append(text)
            verdicts.append(mine)
        return RowArm(prompt=prompt_hash(arm.prompt), responses=texts, verdicts=verdicts)


def _shortest(response: str, thinking: bool, problem: Problem, given: RowVerdict) -> tuple[str, RowVerdict]:
    """Return the shortest spelling without thinking that gets the log's verdict, else the last one and its verdict."""
    for spelling in without_thinking(response, thinking):
        text = whole_characters(spelling)
        mine = RowVerdict.of(grade_response(text, problem))
        if mine == given:
            break
    return text, mine


def _is_custom(suite: Suite, results: SubmittedResults) -> bool:
    """Whether another system message, prompts or problems than the benchmark's were used."""
    return results.system_instruction_sha is not None or any(
        config.metadata.custom
        or config.metadata.prompt_fingerprints != suite.tasks[task].fingerprints[config.metadata.persona_role]
        for task, config in results.configs.items()
    )


def _command(results: SubmittedResults) -> str:
    """Return a command that asks the same, of what is left of the settings."""
    config = results.config
    parts: list[str] = ["reversed-persona run --model", config.model]
    name = "pretrained" if config.model in WEIGHTS else "model"
    parts.append(f"--model_args {pairs_text({name: results.model_name, **config.model_args})}")
    if config.gen_kwargs:
        parts.append(f"--gen_kwargs {pairs_text(config.gen_kwargs)}")
    if config.batch_size is not None:
        parts.append(f"--batch_size {config.batch_size}")
    if results.prompt_format == "chat":
        parts.append("--apply_chat_template")
    parts.append(f"--tasks {','.join(results.results)} --log_samples --output_path out")
    return " ".join(parts)[:2_000]
