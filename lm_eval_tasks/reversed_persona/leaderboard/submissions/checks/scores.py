"""Whether the means and standard errors that a submission reports are those of its verdicts."""

import math
from collections.abc import Iterator, Mapping, Sequence

from reversed_persona.answers import Verdict
from reversed_persona.leaderboard.submissions.findings import Finding
from reversed_persona.leaderboard.suite import SuiteTask
from reversed_persona.metrics import Scores, question_scores

__all__ = ["TOLERANCE", "TaskScores", "compare_scores"]

TOLERANCE = 1e-9
"""How far a mean or standard error may be off: lm-eval adds the same numbers up, at worst in another order, which moves
a sum over thousands of questions by 1e-12 at most; a single verdict moves a mean by 1/1319."""
FILTER = "verdict"


class TaskScores:
    """Collects what lm-eval averages, question by question."""

    def __init__(self, task: SuiteTask) -> None:
        """Begin with no question."""
        self._task = task
        self._values: dict[str, list[float]] = {}

    def add(self, verdicts: Mapping[str, Sequence[Verdict]]) -> None:
        """Take the next question: by arm id, a verdict for each repeat."""
        answers = {arm: Scores.of(verdicts[arm.id]) for arm in self._task.asked}
        for name, value in question_scores(answers, self._task.measures).items():
            self._values.setdefault(name, []).append(value)

    def expected(self) -> dict[str, float]:
        """Return what a results file must say: means by "name,verdict", standard errors by "name_stderr,verdict"."""
        found = {}
        for name, values in self._values.items():
            found[f"{name},{FILTER}"] = math.fsum(values) / len(values)
            if len(values) > 1:
                found[f"{name}_stderr,{FILTER}"] = _standard_error(values)
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


def _standard_error(values: Sequence[float]) -> float:
    """Return lm-eval's: the sample's standard deviation over the root of the number of questions."""
    mean = math.fsum(values) / len(values)
    return math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)) / math.sqrt(len(values))
