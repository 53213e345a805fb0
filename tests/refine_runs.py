"""Runs of base tasks and of refine tasks, with respondents of known truth, for the tests of self-refinement."""

import json
from pathlib import Path
from typing import Any

from reversed_persona.cli import main
from reversed_persona.refining.task import RefineTask
from reversed_persona.rendering import load_tasks

SAMPLE, REFINE = "sample_reversed_persona", "refine_reversed_persona_sample"
REFINER = "high=1.0,low=0.75,low_refined=0.0,low_checked=0.75"
LAZY = "high=1.0,low=0.75"
ARMS = ["high_refined", "low_refined", "high_checked", "low_checked"]


def run(folder: Path, student: str, *options: str, tasks: str = SAMPLE) -> int:
    return main([
        "run", "--model", "simulated_student", "--model_args", f"model=student,{student}", "--tasks", tasks,
        "--output_path", str(folder), "--log_samples", *options,
    ])  # fmt: skip


def logs(folder: Path, task: str = REFINE) -> list[Path]:
    return sorted(folder.glob(f"*/samples_{task}_2*.jsonl"))


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def results(samples: Path) -> dict[str, Any]:
    date = samples.stem.rpartition("_")[2]
    found: dict[str, Any] = json.loads((samples.parent / f"results_{date}.json").read_text(encoding="utf-8"))
    return found


def scores(samples: Path, task: str = REFINE) -> dict[str, float]:
    found = results(samples)["results"][task]
    return {key.removesuffix(",verdict"): value for key, value in found.items() if key.endswith(",verdict")}


def metadata(samples: Path, task: str = REFINE) -> dict[str, Any]:
    found: dict[str, Any] = results(samples)["configs"][task]["metadata"]
    return found


def refine_task(earlier: Path, task: str = REFINE, **others: Any) -> RefineTask:
    found: RefineTask = load_tasks([task], {"earlier_run": str(earlier), **others})[task]
    return found


def rewrite(path: Path, change: Any) -> Path:
    """Change every row of a samples file."""
    path.write_text("".join(f"{json.dumps(change(row))}\n" for row in rows(path)), encoding="utf-8")
    return path
