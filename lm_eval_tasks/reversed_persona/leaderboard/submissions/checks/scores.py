"""Whether the means and standard errors that a submission reports are those of its verdicts."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from reversed_persona.answers import Status, Verdict
from reversed_persona.leaderboard.submissions.findings import Finding
from reversed_persona.leaderboard.suite import SuiteTask
from reversed_persona.metrics import Scores, question_scores

__all__ = ["FILTER", "TOLERANCE", "TaskScores", "compare_scores"]

TOLERANCE = 1e-9
"""How far a mean or standard error may be off: lm-eval adds the same numbers up, at worst in another order, which moves
a sum over thousands of questions by 1e-12 at most; a single verdict moves a mean by 1/1319."""
FILTER = "verdict"
"""Stands behind a metric's name in a results file."""

_Judged = tuple[tuple[Status, bool, bool], ...]
"""Of an arm's responses to a question, one for each repeat."""


class TaskScores:
    """Counts what becomes of the questions, and averages it as lm-eval does."""

    def __init__(self, task: SuiteTask) -> None:
        """Begin with no question."""
        self._task = task
        self._counts: Counter[tuple[_Judged, ...]] = Counter()

    def add(self, verdicts: Mapping[str, Sequence[Verdict]]) -> None:
        """Take the next question: by arm id, in the task's order, a verdict for each repeat."""
        self._counts[
            tuple(tuple((one.status, one.flip, one.derived) for one in verdicts[arm]) for arm in self._task.arms)
        ] += 1

    def expected(self) -> dict[str, float]:
        """Return what a results file must say: means by "name,verdict", standard errors by "name_stderr,verdict"."""
        values: dict[str, list[tuple[float, int]]] = {}
        for judged, count in self._counts.items():
            answers = {arm: _scores(of_arm) for arm, of_arm in zip(self._task.asked, judged, strict=True)}
            for name, value in question_scores(answers, self._task.measures).items():
                values.setdefault(name, []).append((value, count))
        found = {}
        for name, counted in values.items():
            n = sum(count for _, count in counted)
            mean = math.fsum(value * count for value, count in counted) / n
            found[f"{name},{FILTER}"] = mean
            if n > 1:
                squares = math.fsum(count * (value - mean) ** 2 for value, count in counted)
                found[f"{name}_stderr,{FILTER}"] = math.sqrt(squares / (n - 1)) / math.sqrt(n)
        return found


def compare_scores(
    path: str, task: str, reported: Mapping[str, float], expected: Mapping[str, float]
) -> Iterator[Finding]:
    """Compare the numbers of a results file with those of the verdicts."""
    again = "Submit the results file of this very run, prepared with this version of the package"
    for name in sorted({*reported, *expected}):
        got, wanted = reported.get(name), expected.get(name)
        if got is None or wanted is None:
            said = "is missing; expected it" if got is None else "is no metric of the task; expected none of this name"
        elif abs(got - wanted) > TOLERANCE:
            said = f"got {got!r}; expected {wanted!r}, which the responses give"
        else:
            continue
        yield Finding(path, None, f"results: {task}: {name}: {said}", again, "refused", "scores")


def _scores(judged: "_Judged") -> Scores:
    return Scores.of([Verdict(status, flip=flip, derived=derived) for status, flip, derived in judged])
