"""All of GSM8K and MATH-500 with respondents of known accuracy: the scores must be the known truth."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SIZES = {"gsm8k": 1319, "math500": 500}


def run(folder: Path, problems: Path, model_args: str, tasks: str) -> dict[str, Any]:
    ran = subprocess.run(
        [
            sys.executable, "-m", "reversed_persona.cli", "run", "--model", "simulated_student",
            "--model_args", f"model=student,{model_args}", "--tasks", tasks,
            "--metadata", json.dumps({"problems_dir": str(problems)}), "--output_path", "out", "--log_samples",
        ],
        capture_output=True, text=True, cwd=folder, timeout=600,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-3000:]
    (path,) = folder.glob("out/student/results_*.json")
    results: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return results


def test_counts_and_scores_are_the_known_truth(tmp_path: Path, shared_data: Path) -> None:
    shares = {"none": 0.9, "high": 0.95, "low": 0.2}
    results = run(tmp_path, shared_data, ",".join(f"{k}={v}" for k, v in shares.items()), "reversed_persona")
    for name, n in SIZES.items():
        task = f"reversed_persona_{name}"
        found = results["results"][task]
        assert results["n-samples"][task] == {"original": n, "effective": n}
        correct = {persona: int(share * n + 0.5) for persona, share in shares.items()}  # exact shares, rounded
        for persona, count in correct.items():
            assert found[f"acc_{persona},verdict"] == pytest.approx(count / n)
            assert found[f"unanswered_{persona},verdict"] == 0
        # nobody is silent, so wrong as low is what is not correct as low
        assert found["reversal,verdict"] == pytest.approx((correct["high"] + n - correct["low"]) / n - 1)
        assert found["reversal_faithful,verdict"] == pytest.approx(found["reversal,verdict"])
        assert found["gap_low,verdict"] == pytest.approx(correct["low"] / n)
        (samples,) = tmp_path.glob(f"out/student/samples_{task}_2*.jsonl")
        logged = [json.loads(line) for line in samples.read_text(encoding="utf-8").splitlines()]
        assert len({row["doc"]["problem_id"] for row in logged}) == n


def test_silence_as_low_costs_what_it_should(tmp_path: Path, shared_data: Path) -> None:
    results = run(tmp_path, shared_data, "high=1.0,low=0.0,unanswered_low=0.4", "reversed_persona_gsm8k")
    found = results["results"]["reversed_persona_gsm8k"]
    silent = int(0.4 * 1319 + 0.5)  # 528
    assert found["unanswered_low,verdict"] == pytest.approx(silent / 1319)
    assert found["reversal,verdict"] == pytest.approx(1 - silent / 1319)  # = contrast - unanswered_low
    assert found["contrast,verdict"] == 1
