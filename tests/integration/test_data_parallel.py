"""Two data-parallel processes must find what one finds."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from outcomes import results_of, rows_of, scores_of

pytestmark = pytest.mark.needs_torch

SCRIPT = Path(__file__).with_name("data_parallel.py")


def run(model: Path, folder: Path, processes: int, *options: str) -> "subprocess.CompletedProcess[str]":
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone", f"--nproc_per_node={processes}"]
    return subprocess.run(
        [*launcher, str(SCRIPT), "--model", "hf", "--model_args", f"pretrained={model},dtype=float32",
         "--device", "cpu", "--batch_size", "1", "--tasks", "sample_reversed_persona", "--apply_chat_template",
         "--gen_kwargs", "max_gen_toks=8", "--output_path", str(folder), "--log_samples", *options],
        capture_output=True, text=True, timeout=600,
        env={**os.environ, "ACCELERATE_USE_CPU": "true", "OMP_NUM_THREADS": "1", "HF_HOME": str(folder / "hf")},
    )  # fmt: skip


# 5 problems: one process gets 3, the other 2 and padding that must not be graded
def test_two_processes_equal_one_to_the_digit(model: Path, tmp_path: Path) -> None:
    for processes in (1, 2):
        ran = run(model, tmp_path / str(processes), processes, "--limit", "5")
        assert ran.returncode == 0, ran.stderr[-3000:]
    one, two = (rows_of(tmp_path / str(processes)) for processes in (1, 2))
    assert {row["doc"]["problem_id"]: row for row in two} == {row["doc"]["problem_id"]: row for row in one}
    assert scores_of(tmp_path / "2") == scores_of(tmp_path / "1")
    assert results_of(tmp_path / "2")["n-samples"] == results_of(tmp_path / "1")["n-samples"]
