"""Sample logs of one or two models -> problems and answers, for reading one question at a time.

Only these models' answers go into the page, without what was thought before them, and task by task until it is full.
"""

import operator
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reversed_persona.answers import hide_thinking
from reversed_persona.errors import RunsError
from reversed_persona.json_lines import BadRow
from reversed_persona.pages.assembly import packed
from reversed_persona.runs import TaskRun
from reversed_persona.samples import ArmResponses, read_sample_log
from reversed_persona.verdicts import PersonaVerdict

__all__ = ["MAX_PACKED", "BrowsedTask", "browse", "shown"]

MAX_PACKED = 16 << 20
"""Characters of packed answers in a page; all of it is to stay below 25 MB."""
MAX_PART = 6_000
"""Characters shown before the final answer, and behind it; what is longer loses its middle."""

_GAP = re.compile(r"\s*\n\s*\n\s*\n\s*")


@dataclass(frozen=True)
class BrowsedTask:
    """A task whose questions can be read in the page.

    Attributes:
        task: Its name.
        models: Whose answers are there.
        arms: Who was asked, and what each should reach.
        packed: Problems and answers: JSON, deflated (zlib), as base64.
    """

    task: str
    models: Sequence[str]
    arms: Mapping[str, float | None]
    packed: str


def browse(
    runs: Sequence[TaskRun], models: Sequence[str], limit: int = MAX_PACKED
) -> tuple[list[BrowsedTask], list[str]]:
    """Read the answers of some models again.

    Args:
        runs: At most one for each model and task.
        models: One or two of their models.
        limit: How many characters they may take in the page.

    Returns:
        The tasks that fit, the core first, and the names of those that don't.

    Raises:
        RunsError: A sample log is not what it was a moment ago.
        SettingsError: A sample log can't be read any more.
    """
    tasks: dict[str, list[TaskRun]] = {}
    for run in sorted(runs, key=lambda run: (run.groups != ("",), run.task)):
        if run.model in models and run.samples and run.arms:
            tasks.setdefault(run.task, []).append(run)
    browsed: list[BrowsedTask] = []
    left_out = []
    for task, of_task in tasks.items():
        one = _browsed(task, sorted(of_task, key=lambda run: models.index(run.model)))
        if len(one.packed) <= limit:
            limit -= len(one.packed)
            browsed.append(one)
        else:
            left_out.append(task)
    return browsed, left_out


def _browsed(task: str, runs: Sequence[TaskRun]) -> BrowsedTask:
    problems: dict[str, Mapping[str, Any]] = {}
    for run in runs:
        for problem in run.problems:
            names = ("problem_id", "question", "gold", "difficulty", "subject")
            problems.setdefault(problem["problem_id"], {name: problem[name] for name in names})  # type: ignore[literal-required]
    arms = {arm: scores.expected_accuracy for run in runs for arm, scores in run.arms.items()}
    content = {"problems": list(problems.values()), "answers": [_answers(run) for run in runs]}
    return BrowsedTask(task, [run.model for run in runs], arms, packed(content))


def _answers(run: TaskRun) -> Mapping[str, Mapping[str, Any]]:
    """Return what was answered, by problem and arm: one or more responses each."""
    assert run.samples is not None
    answers = {}
    for row in read_sample_log(run.samples):
        if isinstance(row, BadRow):
            raise RunsError(f"{run.samples}: line {row.row}: {row.said}; expected the log as it was a moment ago")
        answers[str(row.doc["problem_id"])] = {arm.arm: _responses(arm) for arm in row.arms}
    return answers


def _responses(arm: ArmResponses) -> list[dict[str, Any]]:
    return [
        shown(response, PersonaVerdict.from_fields(fields), thinking=arm.thinking)
        for response, fields in zip(arm.responses, arm.filtered, strict=False)
    ]


def shown(response: str, judged: PersonaVerdict, *, thinking: bool = False) -> dict[str, Any]:
    """Return what the page shows of a response.

    Args:
        response: What the model wrote.
        judged: Its verdict.
        thinking: The prompt had opened a thinking tag.

    Returns:
        status, reason, answer, flip, derived, and `parts`: what stands before the final answer, the answer, and what
        stands behind it; where no answer was found all of it stands in the first. `hidden` is how many characters of
        thinking are left out.
    """
    verdict = judged.verdict
    visible = hide_thinking(response, thinking)
    start, end = _span(verdict.span, response)
    if visible is None:  # a thought that never ended
        parts, hidden = ["", "", ""], len(response)
    else:
        hidden = 0 if visible == response else sum(map(operator.ne, response, visible))
        parts = [visible[:start], visible[start:end], visible[end:]]
        if hidden:
            parts = [_GAP.sub("\n\n", part) for part in parts]
            parts[0] = parts[0].lstrip()
    return {
        "status": verdict.status,
        "reason": verdict.reason,
        "answer": verdict.answer,
        "flip": verdict.flip,
        "derived": verdict.derived,
        "parts": [_shortened(part) for part in parts],
        "hidden": hidden,
    }


def _span(span: object, response: str) -> tuple[int, int]:
    """Return where the final answer stands; the end of the response where nothing says so, or says what can't be."""
    match span:
        case (int(start), int(end)) if 0 <= start <= end <= len(response):
            return start, end
        case _:
            return len(response), len(response)


def _shortened(part: str) -> str:
    left_out = len(part) - MAX_PART
    if left_out <= 0:
        return part
    half = MAX_PART // 2
    return f"{part[:half]}\n[… {left_out:,} characters left out …]\n{part[-half:]}"
