"""A real Hugging Face model as judge: it writes nonsense, so everything is unrated and nothing breaks."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from outcomes import results_of, rows_of

from reversed_persona.cli import main

pytestmark = pytest.mark.needs_torch

JUDGE, SAMPLE = "judge_reversed_persona_sample", "sample_reversed_persona"


def run(*arguments: str) -> int:
    return main(["run", "--limit", "3", "--log_samples", *arguments])


def test_random_model_rates_nothing_and_its_results_say_so(model: Path, tmp_path: Path) -> None:
    assert run("--model", "simulated_student", "--tasks", SAMPLE, "--output_path", str(tmp_path / "student")) == 0
    code = run(
        "--model", "hf", "--model_args", f"pretrained={model},dtype=float32,max_length=8192", "--device", "cpu",
        "--batch_size", "4", "--tasks", JUDGE, "--apply_chat_template", "--gen_kwargs", "max_gen_toks=16",
        "--metadata", json.dumps({"earlier_run": str(tmp_path / "student"), "injections": True}),
        "--output_path", str(tmp_path / "judge"),
    )  # fmt: skip
    assert code == 0
    results = results_of(tmp_path / "judge")
    found = results["results"][JUDGE]
    assert (found["doc_unrated,judgement"], found["doc_unnamed,judgement"]) == (1.0, 1.0)
    assert (found["doc_rating,judgement"], found["doc_rating_stderr,judgement"]) == (None, "N/A")
    assert results["configs"][JUDGE]["metadata"]["judge"] == str(model)
    assert results["configs"][JUDGE]["metadata"]["earlier_run"]["partial"] is True
    for row in rows_of(tmp_path / "judge", JUDGE):
        assert row["doc_rating"] is None
        assert len(row["resps"]) == 9
        assert row["arguments"]["gen_args_0"]["arg_0"].startswith("<|user|>\nBelow are a mathematics problem")


def test_responses_that_don_t_fit_the_judge_are_refused_before_the_run(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--model", "simulated_student", "--tasks", SAMPLE, "--output_path", str(tmp_path / "student")) == 0
    code = run(
        "--model", "hf", "--model_args", f"pretrained={model},max_length=512", "--device", "cpu", "--tasks", JUDGE,
        "--apply_chat_template", "--gen_kwargs", "max_gen_toks=16", "--output_path", str(tmp_path / "judge"),
        "--metadata", json.dumps({"earlier_run": str(tmp_path / "student")}),
    )  # fmt: skip
    assert code == 2
    assert "more than the 512 that fit" in capsys.readouterr().err.splitlines()[-1]


def test_two_data_parallel_processes_agree_where_nothing_can_be_read(model: Path, tmp_path: Path) -> None:
    # lm-eval stops if a metric is missing in one of them: a value that is missing has to be None
    assert run("--model", "simulated_student", "--tasks", SAMPLE, "--output_path", str(tmp_path / "student")) == 0
    ran = subprocess.run(
        [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2",
         str(Path(__file__).with_name("data_parallel.py")), "--model", "hf", "--model_args",
         f"pretrained={model},dtype=float32,max_length=8192", "--device", "cpu", "--batch_size", "1", "--tasks", JUDGE,
         "--apply_chat_template", "--gen_kwargs", "max_gen_toks=4", "--log_samples", "--output_path",
         str(tmp_path / "judge"), "--metadata", json.dumps({"earlier_run": str(tmp_path / "student")})],
        capture_output=True, text=True, timeout=600,
        env={**os.environ, "ACCELERATE_USE_CPU": "true", "OMP_NUM_THREADS": "1", "HF_HOME": str(tmp_path / "hf")},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-3000:]
    found = results_of(tmp_path / "judge")["results"][JUDGE]
    assert (found["doc_rating,judgement"], found["doc_unrated,judgement"]) == (None, 1.0)
    assert len(rows_of(tmp_path / "judge", JUDGE)) == 3
