"""All of GSM8K and MATH-500 with respondents of known accuracy: the scores must be the known truth."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SIZES = {"gsm8k": 1319, "math500": 500}
N_PARAPHRASED = 330
TARGETS = (20, 40, 60, 80)
LIMIT_S = 240


@dataclass(frozen=True)
class Run:
    folder: Path
    results: dict[str, Any]
    stderr: str
    wall_s: float

    def scores(self, task: str) -> dict[str, float]:
        found = self.results["results"][task]
        return {key.removesuffix(",verdict"): value for key, value in found.items() if key.endswith(",verdict")}

    def problem_ids(self, task: str) -> list[str]:
        (samples,) = self.folder.glob(f"out/student/samples_{task}_2*.jsonl")
        lines = samples.read_text(encoding="utf-8").splitlines()
        return [json.loads(line)["doc"]["problem_id"] for line in lines]


def run(folder: Path, problems: Path, model_args: str, tasks: str) -> Run:
    start = time.monotonic()
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
    return Run(folder, json.loads(path.read_text(encoding="utf-8")), ran.stderr, time.monotonic() - start)


def right(share: float, n: int) -> int:
    """Return how many of n problems are right: exact shares are rounded to whole problems."""
    return int(share * n + 0.5)


def check_every_problem_is_asked_once_in_each_task(whole: Run, name: str) -> None:
    for variant in ("", "_oneshot", "_race", "_graded", "_irrelevant", "_paraphrase"):
        task = f"reversed_persona_{name}{variant}"
        n = N_PARAPHRASED if variant == "_paraphrase" else SIZES[name]
        assert whole.results["n-samples"][task] == {"original": n, "effective": n}
        ids = whole.problem_ids(task)
        assert len(set(ids)) == len(ids) == n
        assert whole.results["configs"][task]["metadata"]["custom"] is False


def check_core_and_oneshot(whole: Run, name: str) -> None:
    n = SIZES[name]
    high, low = right(0.95, n), right(0.2, n)
    flips = right(0.1, n - low)
    core = whole.scores(f"reversed_persona_{name}")
    assert core["acc_none"] == pytest.approx(right(0.9, n) / n)
    for found in (core, whole.scores(f"reversed_persona_{name}_oneshot")):
        assert found["acc_high"] == pytest.approx(high / n)
        assert found["acc_low"] == found["gap_low"] == pytest.approx(low / n)
        assert found["unanswered_low"] == found["flip_high"] == 0
        assert found["flip_low"] == pytest.approx(flips / n)
        # nobody is silent, so wrong as low is what is not correct as low
        assert found["reversal"] == pytest.approx((high + n - low) / n - 1)
        assert found["reversal_faithful"] == pytest.approx((high + n - low - flips) / n - 1)


def check_bias_shows_in_its_own_group_and_irrelevant_attributes_in_none(whole: Run, name: str) -> None:
    n = SIZES[name]
    race = whole.scores(f"reversed_persona_{name}_race")
    irrelevant = whole.scores(f"reversed_persona_{name}_irrelevant")
    shifts = {key: value for key, value in (race | irrelevant).items() if key.startswith("shift_")}
    more = (right(0.4, n) - right(0.2, n)) / n
    biased = {"shift_acc_low_hispanic": more, "shift_contrast_hispanic": -more}
    assert len([key for key in shifts if not key.endswith("_stderr")]) == 4 * (4 + 3)  # groups but the first
    for key, value in shifts.items():
        if key.removesuffix("_stderr") not in biased:
            assert value == 0
    assert {key: shifts[key] for key in biased} == pytest.approx(biased)
    assert race["reversal_hispanic"] == pytest.approx(race["reversal_unspecified"] - more)


def check_targets_are_met(whole: Run, name: str) -> None:
    n = SIZES[name]
    found = whole.scores(f"reversed_persona_{name}_graded")
    n20, n40, n60, n80 = (right(target / 100, n) for target in TARGETS)
    for target, met in zip(TARGETS, (n20, n40, n60, n80), strict=True):
        assert found[f"acc_graded_{target}"] == pytest.approx(met / n)
        assert found[f"gap_graded_{target}"] == pytest.approx(met / n - target / 100)
    slope = (-0.3 * n20 - 0.1 * n40 + 0.1 * n60 + 0.3 * n80) / 0.2 / n
    assert found["slope"] == pytest.approx(slope)
    assert slope == pytest.approx(1, abs=0.002)
    # what is right for a target is right for all higher ones: 3, 4 and 3 of the 6 pairs rise
    assert found["net_order"] == pytest.approx(((n40 - n20) * 3 + (n60 - n40) * 4 + (n80 - n60) * 3) / 6 / n)


def check_one_wording_is_weaker(whole: Run, name: str) -> None:
    n = N_PARAPHRASED
    found = whole.scores(f"reversed_persona_{name}_paraphrase")
    for wording in range(1, 9):
        low = right(0.3 if wording == 3 else 0.2, n)
        assert found[f"reversal_wording_{wording}"] == pytest.approx((right(0.95, n) + n - low) / n - 1)


def test_all_twelve_tasks_in_one_call_give_the_known_truth_within_minutes(tmp_path: Path, shared_data: Path) -> None:
    # one test, for it is one run: calibrated, biased, weaker in one wording, and flipping now and then
    traits = "none=0.9,high=0.95,low=0.2,calibrated=true,flip_low=0.1,low_hispanic=0.4,low_wording_3=0.3"
    whole = run(tmp_path, shared_data, traits, "reversed_persona_*")
    for name in SIZES:
        check_every_problem_is_asked_once_in_each_task(whole, name)
        check_core_and_oneshot(whole, name)
        check_bias_shows_in_its_own_group_and_irrelevant_attributes_in_none(whole, name)
        check_targets_are_met(whole, name)
        check_one_wording_is_weaker(whole, name)
    said = whole.stderr.splitlines()
    assert not [line for line in said if "warning" in line.lower() and "reversed_persona" in line]
    print(f"\nall twelve tasks: {whole.wall_s:.0f} s")
    assert whole.wall_s < LIMIT_S


def test_group_is_the_core(tmp_path: Path, shared_data: Path) -> None:
    found = run(tmp_path, shared_data, "none=0.9,high=0.95,low=0.2", "reversed_persona")
    assert set(found.results["n-samples"]) == {f"reversed_persona_{name}" for name in SIZES}
    both = [found.scores(f"reversed_persona_{name}")["reversal"] for name in SIZES]
    assert found.scores("reversed_persona")["reversal"] == pytest.approx(sum(both) / 2)  # whatever their sizes


def test_silence_as_low_costs_what_it_should(tmp_path: Path, shared_data: Path) -> None:
    found = run(tmp_path, shared_data, "high=1.0,low=0.0,unanswered_low=0.4", "reversed_persona_gsm8k")
    scores = found.scores("reversed_persona_gsm8k")
    silent = right(0.4, 1319)  # 528
    assert scores["unanswered_low"] == pytest.approx(silent / 1319)
    assert scores["reversal"] == pytest.approx(1 - silent / 1319)  # = contrast - unanswered_low
