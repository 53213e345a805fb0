"""What lm-eval writes beside its sample logs: how the files are named, and what a results file says of a run.

A results file may be anybody's: it is read as data, checked, and limited in size.
"""

import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from reversed_persona.errors import RunsError
from reversed_persona.problems import PROBLEM_SETS

__all__ = ["RESULTS_NAME", "SAMPLES_NAME", "ResultsFile", "read_results"]

MAX_BYTES = 64 << 20

_DATE = r"(?P<date>\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(?:\.\d+)?)"
RESULTS_NAME = re.compile(rf"(?P<stem>.+)_{_DATE}\.json")
"""--output_path may have put something else for `results`."""
SAMPLES_NAME = re.compile(rf"samples_(?P<task>.+)_{_DATE}\.jsonl")

_IGNORES_THE_REST = ConfigDict(extra="ignore", frozen=True)


class _Config(BaseModel):
    model_config = _IGNORES_THE_REST

    limit: float | None = None
    reference_respondent: bool = False
    model: Any = None
    model_num_parameters: Any = None
    model_dtype: Any = None
    model_revision: Any = None
    model_sha: Any = None


class _TaskConfig(BaseModel):
    model_config = _IGNORES_THE_REST

    metadata: dict[str, Any] = Field(default_factory=dict)
    generation_kwargs: Any = None


class _Rows(BaseModel):
    model_config = _IGNORES_THE_REST

    original: int | None = None
    effective: int | None = None


class ResultsFile(BaseModel):
    """What of a results file is read; everything may be missing, for versions of lm-eval differ.

    Attributes:
        model_name: What lm-eval called the model: an id, or a path of the machine it ran on.
        config: How it was run.
        configs: Per task, how it was set up.
        results: Per task, metrics by "name,filter" and "name_stderr,filter", beside other things.
        n_samples: Per task, how many questions it has.
        lm_eval_version: Of lm-eval.
        date: When the run began, in seconds since 1970, or whatever stands there.
        transformers_version: Of transformers, or whatever stands there.
        chat_template_sha: Of the chat template, or whatever stands there.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)

    model_name: str | None = None
    config: _Config = _Config()
    configs: dict[str, _TaskConfig] = Field(default_factory=dict)
    results: dict[str, dict[str, Any]] = Field(default_factory=dict)
    n_samples: dict[str, _Rows] = Field(default_factory=dict, alias="n-samples")
    lm_eval_version: str | None = None
    date: Any = None
    transformers_version: Any = None
    chat_template_sha: Any = None

    def metadata(self, task: str) -> Mapping[str, Any]:
        """Return the task's metadata; empty where there is none."""
        config = self.configs.get(task)
        return config.metadata if config else {}

    def generation(self, task: str) -> Mapping[str, Any]:
        """Return how the task's answers were generated; empty where nothing says so."""
        config = self.configs.get(task)
        return config.generation_kwargs if config and isinstance(config.generation_kwargs, dict) else {}

    def custom(self, task: str) -> bool | None:
        """Say whether prompts or problems were not the benchmark's; None where nothing says so."""
        said = self.metadata(task).get("custom")
        return said if isinstance(said, bool) else None

    def is_partial(self, task: str, problem_ids: list[str]) -> bool:
        """Say whether a run that asked these problems has fewer than the task; also where nothing says how many."""
        if self.config.limit is not None or self.metadata(task).get("partial") is True:
            return True
        rows = self.n_samples.get(task)
        whole = rows.original if rows else None
        if whole is None and problem_ids:
            named = PROBLEM_SETS.get(problem_ids[0].partition("-")[0])
            whole = named.rows if named else None
        asked = len(problem_ids) or self.asked(task) or 0  # a judge's log names no problems
        return whole is None or asked < whole

    def asked(self, task: str) -> int | None:
        """Return how many questions were asked; None where nothing says so."""
        rows = self.n_samples.get(task)
        return rows.effective if rows else None

    def reported(self, task: str) -> dict[str, tuple[float, float | None]]:
        """Return the task's metrics with their standard errors, None where there is none; no number is no metric."""
        found = self.results.get(task, {})
        numbers = {key.partition(",")[0]: value for key, value in found.items() if "," in key and _is_number(value)}
        return {
            name: (float(value), _float_or_none(numbers.get(f"{name}_stderr")))
            for name, value in numbers.items()
            if not name.endswith("_stderr")
        }


def read_results(path: Path) -> ResultsFile:
    """Read a results file.

    Raises:
        RunsError: It can't be read, is too large, or is damaged.
    """
    try:
        with path.open("rb") as opened:
            raw = opened.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise ValueError(f"is larger than {MAX_BYTES >> 20} MB")
        return ResultsFile.model_validate(json.loads(raw))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise RunsError(f"{path}: {where}: {first['msg']}; expected a results file as lm-eval writes it") from error
    except (OSError, ValueError, RecursionError) as error:
        raise RunsError(
            f"{path}: is damaged or can't be read ({error!s:.80}); expected a results file as lm-eval writes it"
        ) from error


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _float_or_none(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
