"""Hugging Face: .eval_results of a model's repository, one file a task, with the reversal as its value.

    DIR/<org>__<model>/.eval_results/<task>.yaml

Source: huggingface_hub's EvalResultEntry. The dataset is the one whose page hosts the leaderboard, so it can't be that
of the problems: there the value would stand among accuracies.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from reversed_persona.errors import SettingsError
from reversed_persona.leaderboard.export.choosing import MODEL_ID
from reversed_persona.leaderboard.export.numbers import Number, numbers_of
from reversed_persona.leaderboard.export.provenance import provenance_of
from reversed_persona.problems import PROBLEM_SETS
from reversed_persona.runs import LeftOut, TaskRun
from reversed_persona.writing import write_lines

__all__ = ["Destination", "check_destination", "one_reversal", "write_entries"]

HEADLINE = "reversal"
DIGITS = 4


@dataclass(frozen=True)
class Destination:
    """Where the values are meant to be shown, and where they come from.

    Attributes:
        dataset: The dataset on the Hub that hosts the leaderboard.
        source_url: Where the run can be looked at; None for nowhere.
        source_name: What that is called; None for no name.
        source_user: Whose it is on the Hub, a person's name there.
        source_org: The same, an organization's.
    """

    dataset: str
    source_url: str | None = None
    source_name: str | None = None
    source_user: str | None = None
    source_org: str | None = None


def check_destination(destination: Destination) -> None:
    """Refuse a destination that the format, or the meaning of the value, does not allow.

    Raises:
        SettingsError: It is one.
    """
    given = destination.dataset
    if not MODEL_ID.fullmatch(given):
        raise SettingsError(f"--dataset: got {given!r:.120}; expected the id of a dataset on the Hub, ORG/NAME")
    taken = [known.hub.repository for known in PROBLEM_SETS.values() if known.hub]
    if given.lower() in [name.lower() for name in taken]:
        raise SettingsError(
            f"--dataset: got {given!r}, whose leaderboard ranks plain accuracy; a reversal there would be read as "
            "one. Expected a dataset of its own that hosts this benchmark's leaderboard"
        )
    url, rest = destination.source_url, (destination.source_name, destination.source_user, destination.source_org)
    if url is None and any(rest):
        raise SettingsError("--source-name, --source-user, --source-org: expected --source-url with them")


def one_reversal(runs: Sequence[TaskRun]) -> tuple[list[TaskRun], list[LeftOut]]:
    """Tell the runs that have one reversal, which can stand for the task, from those with several or none."""
    chosen, left_out = [], []
    for run in runs:
        if run.groups == ("",):
            chosen.append(run)
        else:
            path = run.samples or run.results or Path(run.task)
            several = f"{len(run.groups)} reversals" if run.groups else "no reversal"
            left_out.append(LeftOut(path, f"{run.model}, {run.task}: has {several}; the format has room for one value"))
    return chosen, left_out


def write_entries(
    runs: Sequence[TaskRun], ids: Mapping[str, str], destination: Destination, folder: Path
) -> list[Path]:
    """Write one file for each run.

    Args:
        runs: Whole runs with one reversal each.
        ids: Per model of the runs, its id.
        destination: Where the values are meant to be shown.
        folder: What the models' folders are put into.

    Returns:
        The files.

    Raises:
        SettingsError: The installed huggingface_hub is too old.
        RunsError: A run's results file can't be read.
        OutputError: A file can't be written.
    """
    written = []
    for run in runs:
        path = folder / ids[run.model].replace("/", "__") / ".eval_results" / f"{run.task}.yaml"
        text = yaml.safe_dump(_entry(run, destination), sort_keys=False, allow_unicode=True, width=1_000)
        write_lines(path, text.splitlines())
        written.append(path)
    return written


def _entry(run: TaskRun, destination: Destination) -> list[dict[str, Any]]:
    (number,) = (number for number in numbers_of(run) if number.name == HEADLINE)
    made = provenance_of(run)
    try:
        from huggingface_hub import EvalResultEntry, eval_result_entries_to_yaml

        entry = EvalResultEntry(
            dataset_id=destination.dataset,
            task_id=run.task,
            value=round(number.value, DIGITS),
            date=made.day,
            source_url=destination.source_url,
            source_name=destination.source_name,
            source_user=destination.source_user,
            source_org=destination.source_org,
            notes=_notes(number, run, made.asked),
        )
    except (ImportError, TypeError) as error:
        raise SettingsError(
            "export hf: the installed huggingface_hub does not know these entries; expected 1.4 or newer: "
            "pip install -U huggingface_hub"
        ) from error
    return eval_result_entries_to_yaml([entry])


def _notes(number: Number, run: TaskRun, asked: Mapping[str, str]) -> str:
    notes = [
        f"{HEADLINE}, from -1 to 1, higher is better; 95 % interval {number.interval.low:.{DIGITS}f} to "
        f"{number.interval.high:.{DIGITS}f}, n = {number.n}"
    ]
    if asked.get("persona_role") == "system":
        notes.append("persona in the system message")
    if run.repeats > 1:
        notes.append(f"{run.repeats} responses a question")
    return "; ".join(notes)
