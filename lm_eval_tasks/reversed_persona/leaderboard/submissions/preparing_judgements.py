"""A judge's runs -> judgements/ of a submission, and what submission.yaml says of the judge."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from reversed_persona.answers import opens_thinking
from reversed_persona.errors import LeaderboardError
from reversed_persona.json_lines import BadRow, read_json_lines
from reversed_persona.judging.reading import read_judgement
from reversed_persona.leaderboard.submissions.checks.configs import utc
from reversed_persona.leaderboard.submissions.files import MAX_SAMPLES_BYTES, judgements_name
from reversed_persona.leaderboard.submissions.findings import worst_error
from reversed_persona.leaderboard.submissions.judge_runs import JudgeRuns
from reversed_persona.leaderboard.submissions.judgement_rows import JudgementRow, Shown, asked_hash
from reversed_persona.leaderboard.submissions.rows import SubmittedRow, packed, row_line
from reversed_persona.leaderboard.submissions.runs_found import FoundRun
from reversed_persona.leaderboard.submissions.scrubber import Scrubber
from reversed_persona.leaderboard.submissions.scrubbing import arguments, gen_settings, mapping, model_settings
from reversed_persona.leaderboard.submissions.showings_anew import Turns
from reversed_persona.leaderboard.submissions.thinking import whole_characters, without_thinking
from reversed_persona.leaderboard.suite import Suite
from reversed_persona.problems import Problem
from reversed_persona.prompts import context_text
from reversed_persona.samples import logged_prompt

__all__ = ["PreparedJudge", "prepare_judge"]


@dataclass(frozen=True)
class PreparedJudge:
    """A judge's part of a submission.

    Attributes:
        fields: What submission.yaml says of it; None where nothing of it is left.
        files: By name, their bytes.
        said: What the submitter should know.
    """

    fields: Mapping[str, Any] | None
    files: Mapping[str, bytes]
    said: Sequence[str]


def prepare_judge(
    judge: JudgeRuns,
    suite: Suite,
    submitted: Mapping[str, Mapping[str, SubmittedRow]],
    problems: Mapping[str, Sequence[Problem]],
    model_id: str,
    scrubber: Scrubber,
) -> PreparedJudge:
    """Make a judge's part of a submission.

    Args:
        judge: Its runs.
        suite: What is asked.
        submitted: By judged task and problem_id, the submission's rows.
        problems: The suite's problem sets by name.
        model_id: Of the judged model.
        scrubber: What is taken out of settings.

    Raises:
        LeaderboardError: A log is damaged, is of a part of the questions, or judges other responses than these.
    """
    logs = {
        task: _Log(suite, task, run, submitted[suite.judges[task].judged], problems, scrubber)
        for task, run in judge.runs.items()
        if suite.judges[task].judged in submitted
    }
    said = [line for one in logs.values() for line in one.said]
    files: dict[str, bytes] = {}
    for task in list(logs):
        raw = packed(map(row_line, logs[task].rows))
        if len(raw) <= MAX_SAMPLES_BYTES:
            files[judgements_name(task)] = raw
            continue
        del logs[task]
        size = f"{len(raw) / (1 << 20):.1f} MB packed; a submission takes {MAX_SAMPLES_BYTES >> 20} MB a task"
        said.append(f"{task} is left out: its replies are {size}. Judge fewer pairs, or with fewer new tokens")
    return PreparedJudge(_fields(judge, logs, model_id, scrubber) if logs else None, files, said)


def _fields(judge: JudgeRuns, logs: "Mapping[str, _Log]", model_id: str, scrubber: Scrubber) -> dict[str, Any]:
    runs = {task: judge.runs[task] for task in logs}
    newest = max((run.raw for run in runs.values()), key=lambda raw: _seconds(raw.get("date")))
    config = mapping(newest.get("config"))
    itself = any(run.results.metadata(task).get("self_judging") is True for task, run in runs.items())
    return {
        "id": judge.id or (model_id if itself else judge.name),
        "revision": judge.revision or config.get("model_sha") or None,
        "date": utc(_seconds(newest.get("date"))),
        "backend": config.get("model"),
        "model_args": _plain(model_settings(arguments(config.get("model_args")), scrubber)),
        "lm_eval_version": newest.get("lm_eval_version"),
        "prompt_format": "chat" if any(one.chat for one in logs.values()) else "plain",
        "tasks": {task: _task_fields(task, runs[task], logs[task], scrubber) for task in logs},
    }


def _task_fields(task: str, run: FoundRun, log: "_Log", scrubber: Scrubber) -> dict[str, Any]:
    config = mapping(mapping(run.raw.get("configs")).get(task))
    return {
        "version": run.results.metadata(task).get("version"),
        "rubric": log.rubric,
        "pairs": list(log.pairs),
        "repeats": config.get("repeats", 1),
        "generation_kwargs": _plain(gen_settings(mapping(config.get("generation_kwargs")), scrubber)),
    }


def _plain(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out lists, such as stop strings."""
    return {name: value for name, value in settings.items() if not isinstance(value, list)}


def _seconds(date: Any) -> float:
    return date if isinstance(date, int | float) and 0 <= date <= 4_102_444_800 else 0.0


@dataclass(frozen=True)
class _Said:
    """A judge's replies to one showing, as its log has them; the prompt of a chat server's messages is JSON."""

    prompt: str
    replies: tuple[str, ...]


@dataclass
class _Log:
    """A judge's log of one task, taken into rows beside what the submission says was judged."""

    suite: Suite
    task: str
    run: FoundRun
    submitted: Mapping[str, SubmittedRow]
    problems: Mapping[str, Sequence[Problem]]
    scrubber: Scrubber
    chat: bool = False
    telling: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        named = self.suite.judges[self.task]
        self.chat, self.rubric = bool(self.run.raw.get("chat_template_sha")), named.rubric
        self.arms = list(self.suite.tasks[named.judged].arms)
        log = self._read()
        first: Mapping[str, _Said] = next(iter(log.values()), {})
        self.pairs = [pair for pair in named.pairs if any(name.startswith(pair) for name in first)]
        if "contrast" not in self.pairs:
            raise LeaderboardError(f"{self.run.samples}: shows no contrast; expected a log of {self.task}")
        asked = list(self.suite.hashes(named.judged))
        if log.keys() != set(asked):
            raise LeaderboardError(
                f"{self.run.samples}: judges {len(log.keys() & set(asked))} of the {len(asked)} questions of "
                f"{named.judged}; expected all of them. Run it without --limit and --samples"
            )
        turns = Turns(self.suite, self.task, self.pairs, self.problems[self.suite.tasks[named.judged].problems])
        self.rows = [self._row(name, log[name], turns) for name in asked]

    @property
    def said(self) -> list[str]:
        """What the submitter should know."""
        if not self.telling:
            return []
        return [
            f"{self.task}: {len(self.telling)} replies (the first: {self.telling[0]}) hold what looks like a key or a "
            "folder of this machine. Replies are not changed: read them before you publish them"
        ]

    def _row(self, name: str, said: Mapping[str, _Said], turns: Turns) -> JudgementRow:
        row = self.submitted.get(name)
        read = None if row is None or list(row.arms) != self.arms else turns.of(row)
        if read is None:
            raise LeaderboardError(
                f"{self.task}: {name}: what was judged can't be made again from the submission; expected all arms of "
                "the benchmark's own task, and the version of the package that the suite names"
            )
        try:
            showings = {showing: self._shown(name, showing, turn, said) for showing, turn in read.items()}
            return JudgementRow(problem_id=name, showings=showings)
        except ValidationError as error:
            where, first = worst_error(error)
            raise LeaderboardError(f"{self.run.samples}: {name}: {where}: {first['msg']}") from error

    def _shown(self, name: str, showing: str, turn: str, said: Mapping[str, _Said]) -> Shown:
        given = said.get(showing)
        if given is None:
            raise LeaderboardError(f"{self.run.samples}: {name}: lacks {showing}; expected it, as of the others")
        if given.prompt != turn:
            self.chat = True
            if context_text(turn) not in context_text(given.prompt):
                raise LeaderboardError(
                    f"{self.run.samples}: {name}: {showing}: the judge read other responses than those submitted; "
                    "expected the same. Judge the very run that is submitted"
                )
        replies = [_shortest(reply, opens_thinking(given.prompt)) for reply in given.replies]
        if any(map(self.scrubber.is_telling, replies)):
            self.telling.append(f"{name}, {showing}")
        return Shown(asked=asked_hash(turn), replies=replies)

    def _read(self) -> dict[str, dict[str, _Said]]:
        found: dict[str, dict[str, _Said]] = {}
        for row in read_json_lines(self.run.samples, lambda number, row: [_of_question(row)]):
            if isinstance(row, BadRow):
                raise LeaderboardError(f"{self.run.samples}: line {row.row}: {row.said}; expected a log of {self.task}")
            name, said = row
            if name in found:
                raise LeaderboardError(f"{self.run.samples}: {name!r:.60} comes twice; expected every question once")
            found[name] = said
        return found


def _of_question(row: Mapping[str, Any]) -> tuple[str, dict[str, _Said]]:
    said = {}
    for place, (replies, read) in enumerate(zip(row["resps"], row["filtered_resps"], strict=True)):
        texts = tuple(one if isinstance(one, str) else "" for one in replies)  # None: an API's empty reply
        said[str(json.loads(read[0])["showing"])] = _Said(logged_prompt(row, place), texts)
    return str(row["doc"]["problem_id"]), said


def _shortest(reply: str, thinking: bool) -> str:
    """Return the shortest spelling of a reply without thinking that is read as the reply is."""
    meant = read_judgement(reply, thinking)
    for spelling in without_thinking(reply, thinking):
        text = whole_characters(spelling)
        if read_judgement(text) == meant:
            break
    return text
