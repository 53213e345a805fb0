"""A sample log -> the contrast features of its personas, as a table and as JSON."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from reversed_persona.contrast.features import FEATURES, Estimate, compare, features
from reversed_persona.errors import SettingsError
from reversed_persona.samples import SampleRow, read_sample_log

__all__ = ["read_contrast", "report", "table"]

_WIDTH = 18


def read_contrast(path: Path) -> tuple[dict[str, dict[str, Estimate]], list[str]]:
    """Compare the personas of a run by the texts of their responses; of several repeats the first is taken.

    Returns:
        See `features.compare`; and one line for each row that could not be read.

    Raises:
        SettingsError: The file can't be read, or holds no row of these tasks.
    """
    questions, damaged = [], []
    for row in read_sample_log(path):
        if isinstance(row, SampleRow):
            questions.append({given.arm: features(given.responses[0], given.thinking) for given in row.arms})
        else:
            damaged.append(f"{path}: line {row.row}: {row.said}")
    if not questions:
        why = f" ({damaged[0]})" if damaged else ""
        raise SettingsError(f"{path}: holds no responses{why}; expected a file samples_*.jsonl of these tasks")
    return compare(questions), damaged


def table(found: Mapping[str, Mapping[str, Estimate]]) -> list[str]:
    """Return one line a persona, each mean with its standard error."""
    width = max(len(name) for name in (*found, "persona")) + 2
    head = "persona".ljust(width) + "".join(name.rjust(_WIDTH) for name in FEATURES)
    return [
        head,
        *(
            name.ljust(width) + "".join(_cell(estimates[feature]).rjust(_WIDTH) for feature in FEATURES)
            for name, estimates in found.items()
        ),
    ]


def report(found: Mapping[str, Mapping[str, Estimate]]) -> dict[str, Any]:
    """Return the same as JSON holds it."""
    return {
        "descriptive_only": True,
        "features": {
            name: {feature: asdict(estimate) for feature, estimate in estimates.items()}
            for name, estimates in found.items()
        },
    }


def _cell(estimate: Estimate) -> str:
    if estimate.mean is None:
        return "-"
    error = "" if estimate.stderr is None else f" ± {estimate.stderr:.3f}"
    return f"{estimate.mean:.3f}{error}"
