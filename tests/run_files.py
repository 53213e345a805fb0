"""Files as lm-eval leaves them, made up: a log of verdicts without a run behind it."""

import json
import random
from pathlib import Path

import pytest

from reversed_persona.cli import main

DATE, LATER = "2026-01-02T03-04-05.678901", "2026-01-03T03-04-05.678901"
TASK = "sample_reversed_persona"
STATUSES = {True: "correct", False: "wrong"}
CORE = {"none": None, "high": 1.0, "low": 0.0}


def row(name: str, **statuses: str) -> dict[str, object]:
    """One question of a log: what became of each arm."""
    filtered = [
        json.dumps(
            {
                "persona": arm,
                "expected_accuracy": CORE.get(arm),
                "status": status,
                "reason": "refused" if status == "unanswered" else None,
                "answer": {"correct": "7", "wrong": "8"}.get(status),
                "method": None if status == "unanswered" else "boxed",
                "span": None,
                "flip": False,
                "derived": status != "unanswered",
            }
        )
        for arm, status in statuses.items()
    ]
    return {
        "doc": {
            "problem_id": name,
            "question": f"What is {name}?",
            "gold": "7",
            "solution": "",
            "difficulty": 2,
            "subject": "Algebra",
        },
        "arguments": {f"gen_args_{place}": {"arg_0": "a prompt"} for place in range(len(statuses))},
        "resps": [["a response"] for _ in statuses],
        "filtered_resps": [[text] for text in filtered],
    }


ROWS = [
    row("p1", none="correct", high="correct", low="wrong"),
    row("p2", none="correct", high="correct", low="unanswered"),
    row("p3", none="wrong", high="wrong", low="correct"),
]


def written(folder: Path, *, model: str = "org/model", date: str = DATE, rows=ROWS, task: str = TASK, **config) -> Path:
    """Write a run's results and its log; return the log."""
    folder.mkdir(parents=True, exist_ok=True)
    results = {
        "model_name": model,
        "config": {"limit": None, **config},
        "configs": {task: {"metadata": {"custom": False}}},
        "results": {task: {"alias": task, "reversal,verdict": 0.0, "reversal_stderr,verdict": 0.5774}},
        "n-samples": {task: {"original": 3, "effective": len(rows)}},
    }
    (folder / f"results_{date}.json").write_text(json.dumps(results))
    log = folder / f"samples_{task}_{date}.jsonl"
    log.write_text("".join(json.dumps(one) + "\n" for one in rows))
    return log


def compared(capsys: pytest.CaptureFixture[str], *arguments: object) -> list[dict]:
    assert main(["compare", *map(str, arguments), "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)["tables"]


def many(n: int, *, high: float, low: float, seed: int = 0, **more: float) -> list[dict]:
    """Questions on which each arm is right with a chance of its own."""
    draw = random.Random(seed)
    arms = {"none": 0.9, "high": high, "low": low, **more}
    return [row(f"p{k}", **{arm: STATUSES[draw.random() < p] for arm, p in arms.items()}) for k in range(n)]


def models(folder: Path, **lows: float) -> None:
    """Write one core run for each model, right as low with the chance given."""
    draw = random.Random(0)
    for name, low in lows.items():
        rows = [row(f"p{k}", none="correct", high="correct", low=STATUSES[draw.random() < low]) for k in range(60)]
        for k, one in enumerate(rows):
            one["doc"]["difficulty"] = 1 + k % 3  # type: ignore[index]
        written(folder / name, model=name, rows=rows)
