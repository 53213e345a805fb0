"""Runs -> what each plot shows, as numbers: the same that stand under it as a table. `charts` draws them."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import get_args

from reversed_persona.answers import WrongKind, constants, kind_of_wrong
from reversed_persona.comparison.measures import core_cells
from reversed_persona.comparison.report.notes import RACE
from reversed_persona.comparison.report.parts import Parts
from reversed_persona.comparison.rows import by_reversal, row_name
from reversed_persona.comparison.table import Row, Table
from reversed_persona.runs import TaskRun
from reversed_persona.statistics.calibration import TARGETS
from reversed_persona.statistics.intervals import share_interval

__all__ = ["KINDS_OF_WRONG", "Plot", "plots_of"]

KINDS_OF_WRONG: Sequence[str] = get_args(WrongKind)


@dataclass(frozen=True)
class _OfTask:
    """What the plots of a task are made from: its runs, what they fall into, and the models that stand out."""

    task: str
    runs: Sequence[TaskRun]
    lit: Sequence[str]
    parts: Parts | None


@dataclass(frozen=True)
class Plot:
    """A plot of one task.

    Attributes:
        kind: How it is drawn.
        task: Of what.
        title: Its heading.
        caption: How to read it.
        numbers: What it shows.
        lit: Names of the models that stand out, where all can't.
    """

    kind: str
    task: str
    title: str
    caption: str
    numbers: Table
    lit: Sequence[str] = field(default=())

    @property
    def name(self) -> str:
        """What its file is called, without an ending."""
        return f"{self.kind}_{self.task}"


def plots_of(runs: Sequence[TaskRun], lit: Sequence[str], parts: Sequence[Parts]) -> tuple[list[Plot], list[str]]:
    """Return the plots that the runs allow.

    Args:
        runs: At most one for each model and task.
        lit: The models that stand out where a plot can't show all alike.
        parts: What the runs fall into.

    Returns:
        The plots, and one line for each kind of plot that no run allows.
    """
    found: list[Plot] = []
    missing = []
    of_tasks = {one.task: one for one in parts}
    by_task = [
        _OfTask(task, list(of_task), lit, of_tasks.get(task))
        for task, of_task in groupby(sorted(runs, key=_task), key=_task)
    ]
    for title, needed, plots_of_task in _KINDS:
        of_kind = [plot for of in by_task for plot in plots_of_task(title, of)]
        found += of_kind
        if not of_kind:
            missing.append(f"{title}: no {needed} is among these runs")
    return found, missing


def _task(run: TaskRun) -> str:
    return run.task


def _with_low(runs: Sequence[TaskRun]) -> list[TaskRun]:
    """Return the runs with high and low and nothing else, the best first, the reference respondents last."""
    return by_reversal(run for run in runs if run.groups == ("",))


def _plot(kind: str, title: str, of: _OfTask, caption: str, rows: Sequence[Row]) -> Plot:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    numbers = Table(f"{kind}_{of.task}", f"{title}, {of.task}", columns, rows)
    return Plot(kind, of.task, title, caption, numbers, _standing_out(rows, of.lit))


def _accuracy(title: str, of: _OfTask) -> Iterator[Plot]:
    caption = (
        "One point a model. Upper left: right as high, wrong or silent as low. On the dashed line the persona makes no "
        "difference, whatever the accuracy."
    )
    rows = []
    for run in _with_low(of.runs):
        cells = core_cells(run)
        rows.append({"model": row_name(run), **{name: cells[name] for name in ("acc_low", "acc_high", "acc_none")}})
    if rows:
        yield _plot("accuracy", title, of, caption, rows)


def _reversal(title: str, of: _OfTask) -> Iterator[Plot]:
    caption = (
        "1: right as high and wrong as low. 0: the persona makes no difference, or the model falls silent. "
        "reversal_faithful: the wrong answer comes out of the student's own working. Lines: 95 % intervals."
    )
    rows = []
    for run in _with_low(of.runs):
        cells = core_cells(run)
        rows.append({"model": row_name(run), **{name: cells[name] for name in ("reversal", "reversal_faithful")}})
    if rows:
        yield _plot("reversal", title, of, caption, rows)


def _calibration(title: str, of: _OfTask) -> Iterator[Plot]:
    caption = "Accuracy against the accuracy that the persona promises. On the dashed line the model does as told."
    rows: list[Row] = [
        {"model": row_name(run), "target": target, "accuracy": share_interval(run.arms[name].correct)}
        for run in of.runs
        for name, target in TARGETS.items()
        if name in run.arms
    ]
    if rows:
        yield _plot("calibration", title, of, caption + _lit(rows, of.lit), rows)


def _difficulty(title: str, of: _OfTask) -> Iterator[Plot]:
    table = of.parts.in_full.get("difficulty") if of.parts else None
    if table is None:
        return
    columns = ("model", "difficulty", "n", "acc_high", "acc_low", "reversal")
    rows: list[Row] = [{column: row[column] for column in columns} for row in table.rows]
    caption = "Difficulty: calculation steps marked in the gold solution (GSM8K; 0: none is), level (MATH-500)."
    yield _plot("difficulty", title, of, caption + _lit(rows, of.lit), rows)


def _race(title: str, of: _OfTask) -> Iterator[Plot]:
    table = of.parts.in_full.get("race") if of.parts else None
    if of.parts is None or table is None:
        return
    rows: list[Row] = [
        {
            "model": row["model"],
            "group": row["group"],
            "contrast": row["difference"],
            "outcome": row["within 5 points"],
        }
        for row in table.rows
        if row["outcome"] == "contrast" and row["against"] == "unspecified"
    ]
    caption = f"Contrast (acc_high - acc_low) of each group minus that without a stated race; band: 5 points. {RACE}"
    if of.parts.left_out:
        caption += f" {len(of.parts.shown)} of {of.parts.models} models."
    yield _plot("race", title, of, caption, rows)


def _kinds_of_wrong(title: str, of: _OfTask) -> Iterator[Plot]:
    caption = (
        "As the low-performing student. constant: the same value again and again. near_miss: within 10 % or off by "
        "one. intermediate: a value of the gold solution. question_number: a number of the question."
    )
    kind_of = cache(_kind)
    rows = []
    for run in _with_low(of.runs):
        wrong = run.arms["low"].wrong_answers
        problems = run.problems
        repeated = constants((problems[place]["problem_id"], answer) for place, answer in wrong)
        counts = Counter[str](
            "constant"
            if answer in repeated
            else kind_of(answer, problems[place]["gold"], problems[place]["question"], problems[place]["solution"])
            for place, answer in wrong
        )
        shares = {kind: counts[kind] / len(wrong) if wrong else None for kind in KINDS_OF_WRONG}
        rows.append({"model": row_name(run), "wrong": len(wrong), **shares})
    if any(row["wrong"] for row in rows):
        yield _plot("wrong", title, of, caption, rows)


def _kind(answer: str, gold: str, question: str, solution: str) -> WrongKind:
    return kind_of_wrong(answer, gold=gold, question=question, solution=solution)


def _standing_out(rows: Sequence[Row], lit: Sequence[str]) -> list[str]:
    """Return the names that stand out and are in a plot; where none is, because they lack its task, the first ones."""
    there = list(dict.fromkeys(str(row["model"]) for row in rows))
    return [name for name in lit if name in there] or there[: max(1, len(lit))]


def _lit(rows: Sequence[Row], lit: Sequence[str]) -> str:
    return " Grey: the other models." if {str(row["model"]) for row in rows} - {*_standing_out(rows, lit)} else ""


_KINDS: Sequence[tuple[str, str, Callable[[str, _OfTask], Iterator[Plot]]]] = (
    ("Accuracy as high against accuracy as low", "task with high and low", _accuracy),
    ("Reversal, with intervals", "task with high and low", _reversal),
    ("Calibration", "graded task", _calibration),
    ("Reversal by difficulty", "task with high and low whose problems differ in difficulty", _difficulty),
    ("Difference by race", "race task", _race),
    ("Kinds of wrong answers", "wrong answer of a low-performing student", _kinds_of_wrong),
)
"""Title, what it needs, and how its plots come about."""
