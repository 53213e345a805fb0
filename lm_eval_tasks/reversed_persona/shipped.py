"""What a task's own file says, for --metadata can make another experiment of it under the same name."""

import glob
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reversed_persona.personas.plain_yaml import read_yaml

__all__ = ["MAKE_ANOTHER_EXPERIMENT", "changed_settings"]

MAKE_ANOTHER_EXPERIMENT = ("attribute", "wordings", "passes", "exemplars", "exemplar_seed", "questions")
"""Settings that change what a model reads, or which problems; `measures` and `repeats` do neither, and a choice of
`personas` leaves each one's prompts as they are."""


def changed_settings(
    task: str, metadata: Mapping[str, Any], among: Sequence[str] = MAKE_ANOTHER_EXPERIMENT
) -> list[str]:
    """Return which settings make another experiment of a task than its file describes.

    Args:
        task: The task's name.
        metadata: The task's, with --metadata over it.
        among: Names of the settings that are looked at.

    Returns:
        Names of settings; none for a task that is not of this package, whose name passes for nothing.
    """
    shipped = _metadata_in_file(task)
    if shipped is None:
        return []
    # a setting that is off and one that isn't there are the same
    return [key for key in among if (metadata.get(key) or None) != (shipped.get(key) or None)]


def _metadata_in_file(task: str) -> Mapping[str, Any] | None:
    files = list(Path(__file__).parent.glob(f"*/{glob.escape(task)}.yaml"))
    return read_yaml(files[0]).get("metadata") or {} if files else None
