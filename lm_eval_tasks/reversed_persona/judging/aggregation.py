"""The mean over the questions that have a value, and its standard error, as lm-eval prints them.

A question that a judge left unrated has no rating. As 0 it would drag the mean down; left out of `process_results` it
makes lm-eval warn, and stops data-parallel runs in which one process has none. So it is None, and this aggregation
passes over it. lm-eval gives a standard error to the functions that it knows only, so it is told about this one.
"""

from collections.abc import Callable, Sequence
from typing import Any

from lm_eval import evaluator_utils
from lm_eval.api.metrics import mean, mean_stderr
from lm_eval.api.registry import register_aggregation

__all__ = ["AGGREGATION", "mean_of_known", "stderr_of_known"]

AGGREGATION = "reversed_persona_mean_of_known"


@register_aggregation(AGGREGATION)  # type: ignore[untyped-decorator]  # lm-eval ships no types
def mean_of_known(values: Sequence[float | None]) -> float | None:
    """Return the mean of the values that are not None; None if all are."""
    known = [value for value in values if value is not None]
    return float(mean(known)) if known else None


def stderr_of_known(values: Sequence[float | None]) -> float | str:
    """Return the standard error of that mean; lm-eval's "N/A" with fewer than two values."""
    known = [value for value in values if value is not None]
    return float(mean_stderr(known)) if len(known) > 1 else "N/A"


def _tell_lm_eval() -> None:
    known_before = evaluator_utils.stderr_for_metric

    def with_ours(metric: Any, bootstrap_iters: int) -> Callable[..., Any] | None:
        if metric is mean_of_known and bootstrap_iters > 0:
            return stderr_of_known
        found: Callable[..., Any] | None = known_before(metric=metric, bootstrap_iters=bootstrap_iters)
        return found

    evaluator_utils.stderr_for_metric = with_ours


_tell_lm_eval()
