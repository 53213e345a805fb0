"""Runs -> everything on the page: numbers and texts, no HTML."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reversed_persona.comparison.ranking import ranking_table
from reversed_persona.comparison.report.parts import Parts, parts_of
from reversed_persona.comparison.report.plots import Plot, plots_of
from reversed_persona.comparison.report.questions import BrowsedTask, browse
from reversed_persona.comparison.rows import asked_as, mean_reversal, row_name
from reversed_persona.comparison.summary import task_tables
from reversed_persona.comparison.table import Cell, Table
from reversed_persona.errors import RunsError, did_you_mean
from reversed_persona.runs import Runs, TaskRun

__all__ = ["Report", "browsed_models", "report_of"]

MOST_BROWSED = 2


@dataclass(frozen=True)
class Report:
    """What is on the page.

    Attributes:
        models: All of them, as rows call them.
        tasks: All of them.
        dates: The first and the last day on which a run was written.
        seed: Of bootstrap and permutations.
        partial: How many runs have fewer questions than their task.
        custom: How many runs had prompts or problems that are not, or may not be, the benchmark's.
        references: How many of the models are instruments of this package.
        tables: The ranking, and one table a task.
        parts: The same by difficulty, race and what else the runs allow.
        plots: What can be plotted.
        missing: What can't, and why.
        browsable: The models whose questions can be read.
        browsed: These questions.
        not_browsed: Tasks whose questions had no room.
        runs: What was run, one row each.
        left_out: Files that were not read, by name, and why.
        older: How many runs newer ones replace.
    """

    models: Sequence[str]
    tasks: Sequence[str]
    dates: tuple[str, str]
    seed: int
    partial: int
    custom: int
    references: int
    tables: Sequence[Table]
    parts: Sequence[Parts]
    plots: Sequence[Plot]
    missing: Sequence[str]
    browsable: Sequence[str]
    browsed: Sequence[BrowsedTask]
    not_browsed: Sequence[str]
    runs: Table
    left_out: Sequence[str]
    older: int


def report_of(found: Runs, models: Sequence[str] = (), *, seed: int = 0) -> Report:
    """Put together what the page says.

    Args:
        found: What was read, at least one run.
        models: Whose questions can be browsed; if none is named, see `browsed_models`.
        seed: Of bootstrap and permutations.

    Raises:
        RunsError: A model is not there, too many are named, or a log is not what it was a moment ago.
        SettingsError: A log can't be read any more.
    """
    runs = found.runs
    browsable = browsed_models(runs, models)
    names = {run.model: row_name(run) for run in runs}
    ranking = ranking_table(runs, seed=seed)
    lit = [names[model] for model in browsable]
    parts = parts_of(runs, lit, found.before)
    plots, missing = plots_of(runs, lit, parts)
    browsed, not_browsed = browse(runs, browsable)
    days = sorted(run.date[:10] for run in runs)
    return Report(
        models=list(dict.fromkeys(names.values())),
        tasks=sorted({run.task for run in runs}),
        dates=(days[0], days[-1]),
        seed=seed,
        partial=sum(run.partial for run in runs),
        custom=sum(run.custom is not False for run in runs),
        references=len({run.model for run in runs if run.reference}),
        tables=[*([ranking] if ranking else []), *task_tables(runs, seed=seed)],
        parts=parts,
        plots=plots,
        missing=missing,
        browsable=browsable,
        browsed=browsed,
        not_browsed=not_browsed,
        runs=_runs_table(runs),
        left_out=[f"{one.path.name}: {one.said}" for one in found.left_out],
        older=len(found.older),
    )


def browsed_models(runs: Sequence[TaskRun], named: Sequence[str] = ()) -> list[str]:
    """Return whose questions can be browsed: who is named, else the best and the worst by reversal, else the first two.

    Reference respondents come last, as in the tables.

    Args:
        runs: At most one for each model and task.
        named: What the user asked for.

    Raises:
        RunsError: A model is not there, or too many are named.
    """
    models = list(dict.fromkeys(run.model for run in runs))
    if len(named) > MOST_BROWSED:
        raise RunsError(
            f"--models: got {len(named)} models; expected one or two, whose answers stand beside each other"
        )
    for model in named:
        if model not in models:
            raise RunsError(
                f"--models {model}: no run here is of this model; expected one of {', '.join(models)}"
                f"{did_you_mean(model, models)}"
            )
    if named:
        return list(dict.fromkeys(named))
    ordered = _by_reversal(runs)
    return [ordered[0], ordered[-1]] if len(ordered) > 1 else (ordered or models)[:MOST_BROWSED]


def _by_reversal(runs: Sequence[TaskRun]) -> list[str]:
    """Return the models by reversal in the task that most of them ran, from the best; instruments only if need be."""
    with_low = [run for run in runs if run.groups == ("",)]
    tasks = [run.task for run in with_low]
    if not tasks:
        return []
    task = max(sorted(set(tasks)), key=tasks.count)
    of_task = [run for run in with_low if run.task == task]
    real = [run for run in of_task if not run.reference]
    return [run.model for run in sorted(real if len(real) > 1 else of_task, key=mean_reversal, reverse=True)]


def _runs_table(runs: Iterable[TaskRun]) -> Table:
    columns = ("model", "task", "version", "date", "n", "repeats", "asked as", "persona in", "prompts", "lm-eval")
    rows: list[dict[str, Cell]] = [
        {
            "model": row_name(run),
            "task": run.task,
            "version": _told(run, "version"),
            "date": run.date[:19].replace("T", " "),
            "n": run.n,
            "repeats": run.repeats if run.problems else None,
            "asked as": asked_as(run),
            "persona in": _told(run, "persona_role"),
            "prompts": {True: "custom", False: "the benchmark's", None: "not known"}[run.custom]
            + (", partial" if run.partial else ""),
            "lm-eval": run.lm_eval_version,
        }
        for run in runs
    ]
    return Table("runs", "What was run", columns, rows)


def _told(run: TaskRun, key: str) -> str | None:
    said = run.metadata.get(key)
    return str(said) if isinstance(said, str | int | float) else None
