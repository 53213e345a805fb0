"""Verdicts, question by question -> an arm's scores as arrays."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from reversed_persona.answers import Status, Verdict
from reversed_persona.metrics import Scores
from reversed_persona.runs.records import ArmScores

__all__ = ["ArmCollector"]


class ArmCollector:
    """Collects one arm's scores."""

    def __init__(self, expected_accuracy: float | None) -> None:
        """Begin with no question.

        Args:
            expected_accuracy: What the arm should reach, in [0, 1]; None where nothing is expected.
        """
        self._expected_accuracy = expected_accuracy
        self._scores: list[Scores] = []
        self._answers: list[str | None] = []
        self._wrong: list[tuple[int, str]] = []

    def add(self, verdicts: Sequence[Verdict]) -> None:
        """Take the next question's verdicts, one for each repeat, at least one."""
        place = len(self._scores)
        self._scores.append(_scores(*((one.status, one.flip, one.derived) for one in verdicts)))
        self._answers.append(verdicts[0].answer)
        self._wrong += [(place, one.answer) for one in verdicts if one.status == "wrong" and one.answer is not None]

    def scores(self) -> ArmScores:
        """Return what was collected."""
        names = ("correct", "wrong", "unanswered", "faithfully_wrong", "flip", "derived")
        columns = {name: np.array([getattr(scores, name) for scores in self._scores]) for name in names}
        return ArmScores(self._expected_accuracy, **columns, answers=self._answers, wrong_answers=self._wrong)


@lru_cache(maxsize=1_000)
def _scores(*judged: tuple[Status, bool, bool]) -> Scores:
    """Average verdicts; the same few come again and again."""
    return Scores.of([Verdict(status, flip=flip, derived=derived) for status, flip, derived in judged])
