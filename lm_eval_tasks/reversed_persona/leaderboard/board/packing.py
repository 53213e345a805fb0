"""Entries -> what the page reads: plain data, in which a number has six decimals.

index       what is opened with the page: who is there, and the tables
entry       one row's details and its difference from every other
verdicts    one task's letters of all entries: the matrix, and on which questions two differ
problems    one problem set's texts
answers     one entry's responses in one task
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reversed_persona import __version__
from reversed_persona.answers import Verdict
from reversed_persona.comparison.report.notes import COLUMNS
from reversed_persona.comparison.report.questions import shown
from reversed_persona.comparison.table import Bounds, Cell, Estimate, RankRange, Table, shown_columns
from reversed_persona.leaderboard.board.decisions import Decision
from reversed_persona.leaderboard.board.doc import Doc
from reversed_persona.leaderboard.board.records import Entry
from reversed_persona.leaderboard.board.standings import Standing
from reversed_persona.leaderboard.board.tables import view_columns, view_names, view_rows
from reversed_persona.leaderboard.submissions.grading import GradedRow
from reversed_persona.leaderboard.suite import Suite
from reversed_persona.problems import Problem
from reversed_persona.statistics.intervals import Interval
from reversed_persona.verdicts import PersonaVerdict

__all__ = [
    "Data",
    "answers_data",
    "answers_of",
    "cell_data",
    "entry_data",
    "index_data",
    "problems_data",
    "table_data",
    "verdicts_data",
    "views_of",
]

DECIMALS = 6
Data = dict[str, Any]


def index_data(
    suite: Suite,
    entries: Sequence[Entry],
    standings: Mapping[str, Standing],
    removed: Mapping[str, Sequence[Decision]],
    decided: Mapping[str, Sequence[Decision]],
    *,
    seed: int = 0,
) -> Data:
    """Return what is opened with the page.

    Args:
        suite: What was asked.
        entries: All of them.
        standings: By table.
        removed: By submission that doesn't count, what was decided.
        decided: By any other submission that was decided on, the same.
        seed: Of the bootstrap behind the places.
    """
    views = views_of(entries, standings, suite.core)
    tasks = [task for task in suite.tasks if any(task in entry.measured.letters for entry in entries)]
    columns = {
        **COLUMNS,
        "R": f"mean of reversal over {', '.join(suite.core)}",
        "R_faithful": f"mean of reversal_faithful over {', '.join(suite.core)}",
        **{f"reversal {task}": f"reversal in {task}" for task in suite.core},
    }
    return {
        "suite": suite.version,
        "version": __version__,
        "seed": seed,
        "core": list(suite.core),
        "tasks": {task: _task_data(suite, task) for task in tasks},
        "entries": [_about(entry) for entry in entries],
        "views": views,
        "columns": {name: columns[name] for name in columns if any(name in view["columns"] for view in views)},
        "removed": [{"submission": name, "decisions": _decided(made)} for name, made in removed.items()],
        "decided": [{"submission": name, "decisions": _decided(made)} for name, made in decided.items()],
    }


def _task_data(suite: Suite, task: str) -> Data:
    named = suite.tasks[task]
    return {"problems": named.problems, "arms": dict(named.arms), "n": len(suite.hashes(task))}


def _about(entry: Entry) -> Data:
    return {
        "file": entry.file,
        "model": entry.model,
        "kind": entry.kind,
        "tier": entry.tier,
        "submission": entry.submission,
        "prompts": entry.prompts,
        "facts": dict(entry.facts),
        "tasks": list(entry.measured.letters),
        "decisions": _decided(entry.decisions),
        "older": list(entry.older),
    }


def _decided(made: Iterable[Decision]) -> list[Data]:
    return [one.model_dump(mode="json", exclude={"submission", "verdicts"}) for one in made]


def cell_data(cell: Cell | bool) -> Any:
    """Return a cell for the page: a number, a text, null, [estimate, low, high], or what it holds by name."""
    if isinstance(cell, Interval):
        return [round(value, DECIMALS) for value in cell]
    if isinstance(cell, Estimate):
        return {"value": round(cell.value, DECIMALS), "stderr": cell.stderr and round(cell.stderr, DECIMALS)}
    if isinstance(cell, Bounds):
        return {"low": round(cell.low, DECIMALS), "high": round(cell.high, DECIMALS)}
    if isinstance(cell, RankRange):
        return {"first": cell.first, "last": cell.last}
    return round(cell, DECIMALS) if isinstance(cell, float) else cell


def table_data(table: Table) -> Data:
    """Return a table for the page, without columns in which nothing was measured."""
    columns = [column for column in shown_columns(table) if column != "model"]
    return {
        "title": table.title,
        "columns": columns,
        "rows": [[cell_data(row.get(column)) for column in columns] for row in table.rows],
        "notes": list(table.notes),
    }


def views_of(entries: Sequence[Entry], standings: Mapping[str, Standing], core: Sequence[str]) -> list[Data]:
    """Return one table over the core and one for each task: its columns, and by file its cells.

    Args:
        entries: All of them.
        standings: By table.
        core: What R is the mean of.
    """
    return [_view(view, entries, standings.get(view)) for view in view_names(entries, core)]


def _view(view: str, entries: Sequence[Entry], standing: Standing | None) -> Data:
    rows, columns = view_rows(view, entries), view_columns(view, entries)
    return {
        "view": view,
        "columns": columns,
        "cells": {file: [cell_data(row.get(name)) for name in columns] for file, row in rows.items()},
        "ranked": list(standing.ranked) if standing else [],
        "places": {file: _place(standing, file) for file in standing.ranked} if standing else {},
        "against": {file: standing.against(file) for file in standing.ranked} if standing else {},
    }


def _place(standing: Standing, file: str) -> list[int]:
    place = standing.place(file)
    return [place.first, place.last] if place else []


def entry_data(entry: Entry, standings: Mapping[str, Standing]) -> Data:
    """Return what stands behind a row: tables, a judge's DoC, and by table and other entry the difference and its p."""
    pairs = {
        view: {other: _pair(standing, entry.file, other) for other in standing.files if other != entry.file}
        for view, standing in standings.items()
        if entry.file in standing.files
    }
    details = {task: [table_data(table) for table in tables] for task, tables in entry.measured.details.items()}
    return {"details": details, "pairs": pairs, "doc": entry.doc and _doc_data(entry.doc)}


def _doc_data(doc: Doc) -> Data:
    rows = {
        task: [[one.name, one.mean and cell_data(one.mean), one.n] for one in numbers]
        for task, numbers in doc.numbers.items()
    }
    return {"judge": dict(doc.judge), "self_judging": doc.self_judging, "rows": rows}


def _pair(standing: Standing, one: str, other: str) -> list[float | None]:
    pair = standing.pair(one, other)
    return [*(round(value, DECIMALS) for value in pair.difference), None if pair.p is None else round(pair.p, DECIMALS)]


def verdicts_data(task: str, problems: Sequence[str], entries: Sequence[Entry]) -> Data:
    """Return one task's letters.

    Args:
        task: Which.
        problems: The ids of its problems, in their order.
        entries: All of them.
    """
    of = {entry.file: entry.measured.letters[task] for entry in entries if task in entry.measured.letters}
    return {"problems": list(problems), "letters": of}


def problems_data(problems: Iterable[Problem]) -> list[Data]:
    """Return a problem set's texts."""
    names = ("problem_id", "question", "gold", "difficulty", "subject")
    return [{name: problem[name] for name in names} for problem in problems]  # type: ignore[literal-required]


def answers_data(rows: Iterable[GradedRow]) -> Data:
    """Return an entry's responses in a task, by problem and arm."""
    return {
        row.problem["problem_id"]: answers_of(
            {arm: list(zip(given.responses, given.verdicts, strict=True)) for arm, given in row.arms.items()}
        )
        for row in rows
    }


def answers_of(arms: Mapping[str, Sequence[tuple[str, Verdict]]]) -> Data:
    """Return one question's responses, by arm."""
    return {
        arm: [shown(response, PersonaVerdict(arm, None, verdict)) for response, verdict in given]
        for arm, given in arms.items()
    }
