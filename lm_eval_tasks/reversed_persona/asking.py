"""What a task asks: settings -> every arm's prompt for a problem, and the prompts' fingerprints. Knows no lm-eval."""

from collections.abc import Mapping, Sequence

from reversed_persona.personas import Exemplar
from reversed_persona.problems import draw
from reversed_persona.prompts import Prompt, build_prompt, fingerprint, show_example
from reversed_persona.settings import TaskSettings

__all__ = ["Asking"]


class Asking:
    """Makes a task's prompts.

    Attributes:
        instructions: What each arm is told, by arm id.
    """

    def __init__(self, settings: TaskSettings) -> None:
        """Render what each arm is told."""
        self._settings = settings
        self.instructions: Mapping[str, str] = {arm.id: arm.instruction(settings.collection) for arm in settings.arms}

    def prompts(self, question: str, shown: Mapping[str, str]) -> dict[str, Prompt]:
        """Return what each arm is asked, by arm id.

        Args:
            question: The problem.
            shown: What stands before it, by arm id.
        """
        settings = self._settings
        return {
            arm: build_prompt(settings.frame, instruction, question, settings.role, shown.get(arm, ""))
            for arm, instruction in self.instructions.items()
        }

    def example(self, problem_id: str) -> dict[str, str]:
        """Return the worked example that is drawn for a problem, by arm id; empty where the task shows none."""
        exemplars = self._settings.exemplars
        return self._shown(draw(exemplars, problem_id, self._settings.exemplar_seed)) if exemplars else {}

    def every_example(self) -> list[dict[str, str]]:
        """Return all that may be drawn."""
        return [self._shown(exemplar) for exemplar in self._settings.exemplars] or [{}]

    def fingerprints(self, ever_shown: Sequence[Mapping[str, str]]) -> dict[str, str]:
        """Return the fingerprint of each arm's prompt, by arm id.

        Args:
            ever_shown: All that may stand before a problem, by arm id.
        """
        ever = [self.prompts("{question}", shown) for shown in ever_shown]
        return {arm: fingerprint([prompts[arm] for prompts in ever]) for arm in self.instructions}

    def _shown(self, exemplar: Exemplar) -> dict[str, str]:
        return {
            arm.id: show_example(self._settings.frame, exemplar.question, exemplar.replies[arm.persona.id])
            for arm in self._settings.arms
        }
