"""What the rows of several tables have alike: what they are called, their order, their flags, and p adjusted."""

from collections.abc import Iterable, Sequence

from reversed_persona.comparison.measures import flags
from reversed_persona.comparison.table import Cell
from reversed_persona.runs import TaskRun
from reversed_persona.statistics.tests import benjamini_hochberg

__all__ = ["EXPLORATORY", "asked_as", "by_reversal", "explored", "joined_flags", "mean_reversal", "row_name"]

EXPLORATORY = "p_bh: exploratory, adjusted over the table's rows (Benjamini-Hochberg)"
_NONE = -2.0  # below every reversal


def row_name(run: TaskRun) -> str:
    """Return what a model is called in a row: an instrument of this package is marked as such."""
    return f"{run.model} (reference)" if run.reference else run.model


def asked_as(run: TaskRun) -> str | None:
    """Return which personas a run asked, and what they are crossed with; None for none."""
    groups = [group for group in run.groups if group]
    return f"(high, low) × ({', '.join(groups)})" if groups else ", ".join(run.arms) or None


def joined_flags(run: TaskRun) -> str | None:
    """Return what has to be known before a row is believed; None for nothing."""
    return ", ".join(flags(run)) or None


def mean_reversal(run: TaskRun) -> float:
    """Return a run's reversal, in [-1, 1]; -2 where high or low was not asked."""
    reversal = run.reversal()
    return float(reversal.mean()) if reversal is not None else _NONE


def by_reversal(runs: Iterable[TaskRun]) -> list[TaskRun]:
    """Return the runs from the highest reversal, instruments of this package behind all models."""
    return sorted(runs, key=lambda run: (run.reference, -mean_reversal(run)))


def explored(rows: Sequence[dict[str, Cell]]) -> list[dict[str, Cell]]:
    """Return the rows of a table with `p_bh`: their p values, where there are any, adjusted for their number."""
    tested = [row for row in rows if row.get("p") is not None]
    adjusted = benjamini_hochberg([float(row["p"]) for row in tested])  # type: ignore[arg-type]  # a float in each
    for row, p in zip(tested, adjusted, strict=True):
        row["p_bh"] = p
    return list(rows)
