"""What a judge task's metadata asks for, read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reversed_persona.errors import SettingsError
from reversed_persona.followups import EarlierRun, earlier_path, read_earlier_run
from reversed_persona.judging.injections import Injections, load_injections
from reversed_persona.judging.rubric import Rubric, load_rubric
from reversed_persona.judging.showings import Showing, read_pairs, showings_of
from reversed_persona.settings import refuse_misspelt

__all__ = ["JudgeSettings", "same_model"]

SETTINGS = ("earlier_task", "earlier_run", "pairs", "injections", "persona_templates", "repeats")


@dataclass(frozen=True)
class JudgeSettings:
    """What a run asks of a judge task.

    Attributes:
        earlier: The judged run.
        arms: What is shown of each question, one request each.
        rubric: The prompt.
        injections: What the injected pair adds; none without that pair.
        judge: Name of the judge, None where --model_args don't say it.
    """

    earlier: EarlierRun
    arms: tuple[Showing, ...]
    rubric: Rubric
    injections: Injections
    judge: str | None

    role = "user"

    @classmethod
    def from_metadata(cls, task: str, metadata: Mapping[str, Any]) -> "JudgeSettings":
        """Read and check the settings, and the judged run.

        Args:
            task: The task's name.
            metadata: Its metadata.

        Raises:
            SettingsError: A value is not one of those allowed, or the judged run is missing or not what it has to be.
            TemplateError: The rubric is malformed.
        """
        refuse_misspelt(metadata, SETTINGS)
        earlier_task = metadata.get("earlier_task")
        if not isinstance(earlier_task, str):
            raise SettingsError(f"metadata: earlier_task: got {earlier_task!r}; expected the name of the judged task")
        path = earlier_path(metadata, task, earlier_task)
        templates = metadata.get("persona_templates")
        if templates is not None and not isinstance(templates, str):
            raise SettingsError(f"metadata: persona_templates: got {templates!r}; expected the path of a folder")
        pairs = read_pairs(metadata)
        earlier = read_earlier_run(path, earlier_task)
        first = next(iter(earlier.answers.values()))
        folder = Path(templates).resolve() if templates else None
        return cls(
            earlier=earlier,
            arms=showings_of(pairs, list(first.responses)),
            rubric=load_rubric(folder),
            injections=load_injections(folder) if "injected" in pairs else Injections(),
            judge=_judge_name(metadata),
        )

    @property
    def self_judging(self) -> bool | None:
        """Whether judge and judged have the same name, whatever stands before it; None where one has no known name."""
        if not (self.judge and self.earlier.model):
            return None
        return same_model(self.judge, self.earlier.model)

    @property
    def custom(self) -> bool:
        """Whether what the judge reads is the user's own, or the judged run doesn't say that it was the benchmark's."""
        return self.rubric.custom or self.injections.custom or self.earlier.custom is not False


def same_model(one: str, other: str) -> bool:
    """Say whether two models have the same name, whatever stands before it."""
    return _bare(one) == _bare(other)


def _judge_name(metadata: Mapping[str, Any]) -> str | None:
    """Return what --model_args call the model: lm-eval lays them over the metadata."""
    names = (metadata.get(key) for key in ("pretrained", "model"))
    return next((name for name in names if isinstance(name, str) and name), None)


def _bare(model: str) -> str:
    return model.replace("__", "/").rstrip("/").rpartition("/")[2].casefold()
