"""The tables of tasks in README and on the task cards, made from the task files, so that they can't drift from them.

    python -m reversed_persona.task_tables      # in a checkout: writes them anew

A table stands between `<!-- tasks -->` and `<!-- /tasks -->`. What a task is for is its `metadata: purpose`. A task
that asks nobody under `personas` says in words, also under `metadata`, how it is `asked_as` and how many `requests` a
question makes; one that reports more than `measures` names it in `reports`.
"""

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from reversed_persona.arms import Arm, arms_of
from reversed_persona.errors import ReversedPersonaError, SettingsError
from reversed_persona.metrics import CORE, check_measures, directions
from reversed_persona.personas import load_templates
from reversed_persona.problems import PROBLEM_SETS
from reversed_persona.rendering import task_files, task_folder
from reversed_persona.writing import write_lines

__all__ = ["TaskRow", "card_table", "drifted", "readme_table", "task_rows", "with_table"]

START, END = "<!-- tasks -->", "<!-- /tasks -->"
TITLES: Mapping[object, str] = {"gsm8k": "GSM8K", "math500": "MATH-500", "sample": "the sample"}


@dataclass(frozen=True)
class TaskRow:
    """What the tables say of a task.

    Attributes:
        name: The task's.
        folder: Of its file and its card, relative to the package.
        problems: Which problems, and how many.
        arms: Who is asked.
        requests: How many requests a question makes.
        metrics: What is reported.
        purpose: What it is for.
    """

    name: str
    folder: str
    problems: str
    arms: str
    requests: str
    metrics: str
    purpose: str


def task_rows() -> list[TaskRow]:
    """Describe every task of this package, by name.

    Raises:
        SettingsError: A task does not say what it is for, or whom it asks.
    """
    return [
        _task_row(name, path.parent.relative_to(task_folder()).as_posix(), config)
        for name, (path, config) in sorted(task_files().items())
    ]


def readme_table(rows: Iterable[TaskRow], package: str = "lm_eval_tasks/reversed_persona") -> list[str]:
    """Return README's table; tasks that differ in their problems alone share a row.

    Args:
        rows: The tasks.
        package: Where the links begin.
    """
    ordered = sorted(rows, key=lambda row: (not row.name.startswith("reversed_persona"), _family(row)))
    table = ["| task | problems | asked as | requests a question | what it is for |", "|---|---|---|---|---|"]
    for _, shared in groupby(ordered, key=lambda row: (_family(row), row.arms, row.requests, row.purpose)):
        family = list(shared)
        names = "<br>".join(f"[`{row.name}`]({package}/{row.folder}/README.md)" for row in family)
        one = family[0]
        table.append(f"| {names} | {_together(family)} | {one.arms} | {one.requests} | {one.purpose} |")
    return table


def card_table(rows: Iterable[TaskRow]) -> list[str]:
    """Return the table of a task card, with the metrics; tasks that differ in their problems alone share a row."""
    table = ["| task | problems | arms | metrics |", "|---|---|---|---|"]
    for _, shared in groupby(rows, key=lambda row: (_family(row), row.arms, row.metrics)):
        family = list(shared)
        names = "<br>".join(f"`{row.name}`" for row in family)
        table.append(f"| {names} | {_together(family)} | {family[0].arms} | {family[0].metrics} |")
    return table


def with_table(text: str, table: Sequence[str], where: str) -> str:
    """Return a page with the table between its marks.

    Args:
        text: The page.
        table: The lines of the table.
        where: The page's path, for the message.

    Raises:
        SettingsError: The page has no marks, or more than one pair.
    """
    if text.count(START) != 1 or text.count(END) != 1 or text.index(END) < text.index(START):
        raise SettingsError(f"{where}: expected {START} and then {END}, once each, around the table of tasks")
    before, _, rest = text.partition(START)
    return "\n".join([before + START, *table, END + rest.partition(END)[2]])


def drifted(checkout: Path) -> dict[Path, str]:
    """Return what README and the task cards would say, for those that say something else.

    Args:
        checkout: The repository.

    Raises:
        SettingsError: A task or a page is not as it has to be, or this is no checkout.
    """
    package = checkout / "lm_eval_tasks" / "reversed_persona"
    rows = task_rows()
    tables = {checkout / "README.md": readme_table(rows)}
    for folder in sorted({row.folder for row in rows}):
        tables[package / folder / "README.md"] = card_table(row for row in rows if row.folder == folder)
    found = {}
    for page, table in tables.items():
        if not page.is_file():
            raise SettingsError(f"{page}: not found; expected a page with a table of tasks, in a checkout")
        text = page.read_text(encoding="utf-8")
        if (mended := with_table(text, table, str(page))) != text:
            found[page] = mended
    return found


def _task_row(name: str, folder: str, config: Mapping[str, Any]) -> TaskRow:
    metadata = config.get("metadata") or {}
    if not metadata.get("purpose"):
        raise SettingsError(f"{name}: metadata: purpose: is missing; say in a few words what the task is for")
    arms = arms_of(metadata, load_templates()) if "personas" in metadata else ()
    if not arms and not (metadata.get("asked_as") and metadata.get("requests")):
        raise SettingsError(
            f"{name}: metadata: personas: is missing; name them, or say in words how the task is "
            "`asked_as` and how many `requests` a question makes"
        )
    return TaskRow(
        name=name,
        folder=folder,
        problems=_problems(metadata.get("problems", config.get("dataset_name")), metadata.get("questions")),
        arms=str(metadata.get("asked_as") or _arms(arms, bool(metadata.get("exemplars")))),
        requests=str(metadata.get("requests") or len(arms)),
        metrics=", ".join([*_metrics(arms, metadata.get("measures", CORE)), *_reports(metadata.get("reports"))]),
        purpose=str(metadata["purpose"]),
    )


def _family(row: TaskRow) -> str:
    """Return the task's name without the name of its problem set."""
    return re.sub(rf"_(?:{'|'.join(PROBLEM_SETS)})(?=_|$)", "_*", row.name)


def _together(family: Iterable[TaskRow]) -> str:
    return "<br>".join(dict.fromkeys(row.problems for row in family))


def _problems(name: object, questions: object) -> str:
    if name not in PROBLEM_SETS:
        return "your own"
    rows = PROBLEM_SETS[str(name)].rows
    return f"{TITLES[name]}, " + (f"{questions} of {rows}" if questions else str(rows))


def _arms(arms: Sequence[Arm], exemplars: bool) -> str:
    """Write the arms as a product where they are one: {high, low} x {unspecified, hispanic}."""
    groups = {arm.group: [one.persona.id for one in arms if one.group == arm.group] for arm in arms}
    first = next(iter(groups.values()))
    said = ", ".join(arm.id for arm in arms)
    if len(groups) > 1 and all(personas == first for personas in groups.values()):
        said = f"{{{', '.join(first)}}} × {{{', '.join(_series(list(groups)))}}}"
    return said + (", each after one worked reply of its own" if exemplars else "")


def _series(names: list[str]) -> list[str]:
    """Shorten wording_1, wording_2, wording_3 to its ends."""
    stems = {name.rstrip("0123456789") for name in names}
    return [names[0], "…", names[-1]] if len(names) > 3 and len(stems) == 1 else names


def _metrics(arms: Sequence[Arm], measures: object) -> list[str]:
    names = {
        f"`{_pattern(name, measure, arms)}`": None
        for measure in check_measures(measures)
        for name in directions(arms, [measure])
    }
    return list(names)


def _reports(names: object) -> list[str]:
    return [f"`{name}`" for name in names] if isinstance(names, list) else []


def _pattern(name: str, measure: str, arms: Sequence[Arm]) -> str:
    """Return a metric's name with its arm or group left open: acc_<arm>, reversal_<group>, shift_acc_low_<group>."""
    rest = name.removeprefix(measure).removeprefix("_")
    if rest in {arm.id for arm in arms}:
        return name if len(arms) == 1 else f"{measure}_<arm>"
    groups = [arm.group for arm in arms if arm.group and name.endswith(f"_{arm.group}")]
    return name.removesuffix(max(groups, key=len)) + "<group>" if groups else name


def main() -> int:
    """Write the tables of the checkout anew, and name the pages that changed."""
    try:
        pages = drifted(task_folder().parents[1])
        for page, text in pages.items():
            write_lines(page, text.removesuffix("\n").split("\n"))
            print(page)
    except ReversedPersonaError as error:
        print(f"reversed-persona: error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
