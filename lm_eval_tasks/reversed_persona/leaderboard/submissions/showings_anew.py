"""What a judge must have read of a submission's responses, made again from the responses and the problems."""

from collections.abc import Mapping, Sequence

from reversed_persona.judging.material import shown_text
from reversed_persona.judging.rubric import load_rubric
from reversed_persona.judging.showings import Pair, Showing, material_of, showings_of
from reversed_persona.leaderboard.submissions.rows import SubmittedRow
from reversed_persona.leaderboard.suite import Suite
from reversed_persona.problems import Problem

__all__ = ["Turns"]


class Turns:
    """The turns that show a judge the responses of one task.

    Attributes:
        showings: What is shown of each question, in order.
    """

    def __init__(self, suite: Suite, judge_task: str, pairs: Sequence[Pair], problems: Sequence[Problem]) -> None:
        """Say who judges what.

        Args:
            suite: What is asked.
            judge_task: Name of the judge task.
            pairs: What was shown of each question, contrast among them.
            problems: The problem set of the task that is judged.
        """
        named = suite.judges[judge_task]
        rubric = load_rubric()
        self.showings: tuple[Showing, ...] = showings_of(pairs, list(suite.tasks[named.judged].arms))
        self._rubric = rubric if rubric.fingerprint == named.rubric else None
        self._questions = {problem["problem_id"]: problem["question"] for problem in problems}

    def of(self, row: SubmittedRow) -> Mapping[str, str] | None:
        """Return the turns of a question, by the showing's id.

        Args:
            row: The task's, with a known problem and the task's arms; of several responses the first is shown.

        Returns:
            None where the rubric of this version of the package is not that of the suite.
        """
        if self._rubric is None:
            return None
        personas = {showing.other for showing in self.showings} | {"high"}
        responses = {name: shown_text(row.arms[name].responses[0]) for name in personas}
        question = self._questions[row.problem_id]
        return {showing.id: self._rubric.prompt(material_of(showing, question, responses)) for showing in self.showings}
