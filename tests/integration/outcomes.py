"""What an lm-eval run left in its output folder."""

import json
from pathlib import Path
from typing import Any


def results_of(folder: Path) -> dict[str, Any]:
    (path,) = folder.glob("*/results_*.json")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def scores_of(folder: Path, task: str = "sample_reversed_persona") -> dict[str, float]:
    found = results_of(folder)["results"][task]
    return {key.removesuffix(",verdict"): value for key, value in found.items() if key.endswith(",verdict")}


def rows_of(folder: Path, task: str = "sample_reversed_persona") -> list[dict[str, Any]]:
    """Return the sample log, ordered as the problems are: data-parallel processes interleave it."""
    (path,) = folder.glob(f"*/samples_{task}_2*.jsonl")  # its date; names of other tasks begin alike
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return sorted(rows, key=lambda row: row["doc_id"])


def verdicts_of(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the verdicts of one question, one for each persona."""
    return [json.loads(filtered[0]) for filtered in row["filtered_resps"]]
