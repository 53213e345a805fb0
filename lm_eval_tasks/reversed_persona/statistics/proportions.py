"""Intervals for a share of questions, such as an accuracy."""

from scipy import stats

from reversed_persona.statistics.intervals import CONFIDENCE, Interval

__all__ = ["wilson_interval"]


def wilson_interval(k: int, n: int, *, confidence: float = CONFIDENCE) -> Interval:
    """Return the interval for the share k / n, in [0, 1]: Wilson's score interval.

    Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927) 209-212.

    Args:
        k: How many of the questions, from 0 to n.
        n: The questions, at least one.
        confidence: In (0, 1).

    Raises:
        ValueError: There are no questions, or k is not among them.
    """
    if n < 1 or not 0 <= k <= n:
        raise ValueError(f"k, n: got {k} of {n}; expected k from 0 to n, and n from 1")
    limits = stats.binomtest(k, n).proportion_ci(confidence_level=confidence, method="wilson")
    return Interval(k / n, float(limits.low), float(limits.high))
