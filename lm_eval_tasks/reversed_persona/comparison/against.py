"""Paired differences from one model: the same questions, answered by both."""

from collections.abc import Mapping, Sequence

from reversed_persona.comparison.pairing import shared_places
from reversed_persona.comparison.ranking import CORE_TASKS
from reversed_persona.comparison.rows import joined_flags, row_name
from reversed_persona.comparison.table import Cell, Table
from reversed_persona.errors import RunsError, did_you_mean
from reversed_persona.runs import TaskRun
from reversed_persona.statistics.intervals import Interval, combined_interval, interval_of
from reversed_persona.statistics.tests import difference_p, holm, interval_p

__all__ = ["differences_from"]

R = "R"


def differences_from(model: str, runs: Sequence[TaskRun]) -> Table:
    """Return the difference of every other model's reversal from this one's, with p adjusted for their number.

    Args:
        model: Which model the others are held against.
        runs: At most one for each model and task.

    Raises:
        RunsError: The model is not there, or shares no questions with another.
    """
    asked = [run for run in runs if "" in run.groups]
    models = list(dict.fromkeys(run.model for run in asked))
    if model not in models:
        raise RunsError(
            f"--against {model}: no run with high and low is of this model; expected one of "
            f"{', '.join(models) or 'none'}{did_you_mean(model, models)}"
        )
    by_key = {(run.model, run.task): run for run in asked}
    rows: list[dict[str, Cell]] = []
    for task in sorted({run.task for run in asked}):
        if (model, task) in by_key:
            rows += _of_task(by_key[model, task], [run for run in asked if run.task == task and run.model != model])
    rows += _combined(rows)
    if not rows:
        raise RunsError(f"--against {model}: no other model was asked the same questions; expected runs of one task")
    columns = ("task", "model", "difference", "p_holm", "n", "reversal", "flags", "p")
    notes = [f"difference: reversal - that of {model}, paired by question", "p_holm: adjusted within each task"]
    notes += [
        f"{model} itself is partial in {run.task}: {len(run.problems)} questions"
        for run in asked
        if run.model == model and run.partial
    ]
    return Table(f"against_{model}", f"Differences from {model}", columns, rows, notes, keys=2)


def _of_task(base: TaskRun, others: Sequence[TaskRun]) -> list[dict[str, Cell]]:
    rows: list[dict[str, Cell]] = []
    for run in others:
        at_run, at_base = shared_places(run, base)
        ours, theirs = run.reversal(), base.reversal()
        if not at_run.size or ours is None or theirs is None:
            continue
        values = ours[at_run] - theirs[at_base]
        rows.append(
            {
                "task": run.task,
                "model": row_name(run),
                "n": len(at_run),
                "reversal": interval_of(ours[at_run]),
                "difference": interval_of(values, differences=True),
                "p": difference_p(values, differences=True),
                "flags": joined_flags(run),
            }
        )
    return _adjusted(rows)


def _combined(rows: Sequence[Mapping[str, Cell]]) -> list[dict[str, Cell]]:
    """Put both problem sets together, for the models that have both."""
    found = {(row["model"], row["task"]): row for row in rows}
    combined: list[dict[str, Cell]] = []
    for model in dict.fromkeys(row["model"] for row in rows):
        both = [found[model, task] for task in CORE_TASKS if (model, task) in found]
        if len(both) == len(CORE_TASKS):
            difference, reversal = (
                combined_interval(*(row[name] for row in both if isinstance(row[name], Interval)))  # type: ignore[arg-type]
                for name in ("difference", "reversal")
            )
            flags = dict.fromkeys(flag for row in both for flag in str(row["flags"] or "").split(", ") if flag)
            combined.append(
                {
                    "task": R,
                    "model": model,
                    "n": sum(count for row in both if isinstance(count := row["n"], int)),
                    "reversal": reversal,
                    "difference": difference,
                    "p": interval_p(difference),
                    "flags": ", ".join(flags) or None,
                }
            )
    return _adjusted(combined)


def _adjusted(rows: Sequence[dict[str, Cell]]) -> list[dict[str, Cell]]:
    adjusted = holm([float(row["p"]) for row in rows])  # type: ignore[arg-type]  # a float in every row
    return [{**row, "p_holm": p} for row, p in zip(rows, adjusted, strict=True)]
