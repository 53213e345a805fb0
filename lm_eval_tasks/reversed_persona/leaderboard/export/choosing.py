"""Which runs may be exported: those of a model, whole, with the benchmark's own prompts and problems, and consistent.

A record in another collection has lost its context. So nothing leaves that is less, or other, than its task's name
says.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from reversed_persona.errors import SettingsError
from reversed_persona.leaderboard.export.numbers import numbers_of
from reversed_persona.runs import LeftOut, TaskRun
from reversed_persona.shipped import MAKE_ANOTHER_EXPERIMENT, changed_settings

__all__ = ["MODEL_ID", "choose_runs", "named"]

BENCHMARK = re.compile(r"(reversed|control_reversed)_persona_(gsm8k|math500)(_[a-z]+)?")
"""The tasks of the benchmark and its control; the sample is for trying things out, the others go on from other runs."""
_PART = r"(?!(?:data|con|prn|aux|nul|com[1-9]|lpt[1-9])(?:[./]|$))[a-z0-9](?:[a-z0-9_.-]{0,94}[a-z0-9_-])?"
MODEL_ID = re.compile(rf"(?!.*\.\.){_PART}/{_PART}", re.IGNORECASE | re.ASCII)
"""org/name, of parts that can name a folder on every system."""
_TOLERANCE = 1e-6


def choose_runs(runs: Iterable[TaskRun]) -> tuple[list[TaskRun], list[LeftOut]]:
    """Tell the runs that may be exported from the others.

    Returns:
        Those that may, and of the others the file and the reason.
    """
    chosen, left_out = [], []
    for run in runs:
        reason = _reason_against(run)
        if reason is None:
            chosen.append(run)
        else:
            left_out.append(LeftOut(run.samples or run.results or Path(run.task), f"{run.model}, {run.task}: {reason}"))
    return chosen, left_out


def named(runs: Sequence[TaskRun], model_id: str | None) -> Mapping[str, str]:
    """Return, per model of the runs, the id that a record shows: org/name.

    Args:
        runs: What is exported.
        model_id: What the user says that the model is called; None for what lm-eval called it.

    Raises:
        SettingsError: An id has another form, or one is given for several models.
    """
    models = list(dict.fromkeys(run.model for run in runs))
    if model_id is not None and len(models) > 1:
        raise SettingsError(
            f"--model-id: got {model_id!r} for {len(models)} models, {', '.join(models)}; expected the runs of one"
        )
    ids = {model: model_id or model for model in models}
    for found in ids.values():
        if not MODEL_ID.fullmatch(found):
            raise SettingsError(
                f"model: got {found!r:.120}; expected the id that others know it by, ORG/NAME of letters, digits and "
                "-_. (say it with --model-id)"
            )
    return ids


def _reason_against(run: TaskRun) -> str | None:
    if not BENCHMARK.fullmatch(run.task):
        return "is no task of the benchmark; expected reversed_persona_* or control_reversed_persona_* of both sets"
    if run.reference:
        return "is a reference respondent, an instrument and no model"
    if run.partial:
        return "is partial (--limit or --samples); a part is not exported as if it were the whole"
    if run.custom is not False:
        return "has prompts or problems of its own" if run.custom else "nothing says which prompts it was asked"
    if other := _asked_otherwise(run):
        return f"was asked with settings that are not the benchmark's: {', '.join(other)}"
    return _disagreement(run)


def _asked_otherwise(run: TaskRun) -> list[str]:
    changed = changed_settings(run.task, run.metadata, ("problems", "personas", *MAKE_ANOTHER_EXPERIMENT))
    return [f"{key}={run.metadata.get(key)!r:.40}" for key in changed]


def _disagreement(run: TaskRun) -> str | None:
    """Hold the results file against the sample log: both leave, and one of them would be wrong."""
    for number in numbers_of(run):
        reported = run.reported.get(number.name)
        if reported is not None and abs(reported.value - number.value) > _TOLERANCE:
            return (
                f"{number.name} is {reported.value:.6f} in the results file and {number.value:.6f} in the sample log; "
                "expected files of one run, unchanged"
            )
    return None
