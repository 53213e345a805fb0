"""The same small model through hf, vLLM and a vLLM server: the same prompts, answers and verdicts.

`make test-vllm` runs this in an environment of its own, with vLLM's CPU build.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from outcomes import rows_of, scores_of, verdicts_of

pytest.importorskip("vllm", reason="vLLM is not installed; `make test-vllm` installs it")

pytestmark = pytest.mark.needs_torch

# the model has learnt the first three problems, the fourth it has never seen; greedy answers of 100 tokens suffice
COMMON = [
    "--tasks", "sample_reversed_persona", "--apply_chat_template", "--limit", "4", "--gen_kwargs", "max_gen_toks=100",
    "--log_samples",
]  # fmt: skip
ON_CPU = {
    "VLLM_CPU_KVCACHE_SPACE": "1",
    "VLLM_ENABLE_V1_MULTIPROCESSING": "0",
    "VLLM_LOGGING_LEVEL": "WARNING",
    "HF_HUB_OFFLINE": "1",
}
LENGTH = 1024


def run(folder: Path, name: str, *options: str) -> Path:
    ran = subprocess.run(
        [sys.executable, "-m", "reversed_persona.cli", "run", *options, *COMMON, "--output_path", name],
        cwd=folder, capture_output=True, text=True, timeout=600, env=environment(folder),
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-3000:]
    return folder / name


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, **ON_CPU, "HF_HOME": str(folder / "hf"), "VLLM_CACHE_ROOT": str(folder / "vllm")}


@pytest.fixture(scope="module")
def served(actor: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run `vllm serve` on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("serve")
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("vllm")), "serve", str(actor), "--host", "127.0.0.1",
             "--port", str(port), "--dtype", "float32", "--max-model-len", str(LENGTH), "--enforce-eager",
             "--gpu-memory-utilization", "0.3"],
            stdout=log, stderr=subprocess.STDOUT, env=environment(folder),
        )  # fmt: skip
        try:
            wait_until_ready(f"http://127.0.0.1:{port}/health", process, folder / "log")
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()
            process.wait(timeout=60)


def wait_until_ready(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 300
    while True:
        assert process.poll() is None and time.monotonic() < deadline, log.read_text()[-3000:]
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(1)


@pytest.fixture(scope="module")
def through_hf(actor: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run(
        tmp_path_factory.mktemp("runs"), "hf", "--model", "hf", "--device", "cpu", "--batch_size", "6",
        "--model_args", f"pretrained={actor},dtype=float32",
    )  # fmt: skip


@pytest.fixture(scope="module")
def through_vllm(actor: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run(
        tmp_path_factory.mktemp("runs"), "vllm", "--model", "vllm", "--batch_size", "auto", "--model_args",
        f"pretrained={actor},dtype=float32,max_model_len={LENGTH},enforce_eager=True,gpu_memory_utilization=0.3",
    )  # fmt: skip


@pytest.fixture(scope="module")
def through_server(actor: Path, served: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run(
        tmp_path_factory.mktemp("runs"), "server", "--model", "local-chat-completions", "--model_args",
        f"model={actor},base_url={served}/chat/completions,num_concurrent=4",
    )  # fmt: skip


def prompts(folder: Path, actor: Path) -> list[str]:
    """Return the prompts as the model reads them: a server puts the messages through the chat template itself."""
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(actor)

    def text(prompt: Any) -> str:
        if isinstance(prompt, str):
            return prompt
        return str(tokenizer.apply_chat_template(json.loads(prompt[0]), tokenize=False, add_generation_prompt=True))

    return [text(row["arguments"][key]["arg_0"]) for row in rows_of(folder) for key in sorted(row["arguments"])]


def answers(folder: Path) -> list[str]:
    # vLLM drops a UTF-8 sequence that the budget cut off, where hf shows U+FFFD
    return [response.rstrip("\ufffd") for row in rows_of(folder) for (response,) in row["resps"]]


def verdicts(folder: Path) -> list[tuple[str, str | None, str]]:
    return [(v["status"], v["reason"], v["answer"]) for row in rows_of(folder) for v in verdicts_of(row)]


def test_hf_gives_the_answers_that_the_model_has_learnt(through_hf: Path) -> None:
    statuses = [status for status, _, _ in verdicts(through_hf)]
    assert statuses[:9] == ["correct", "correct", "wrong"] * 3
    assert [row["reversal"] for row in rows_of(through_hf)][:3] == [1, 1, 1]


@pytest.mark.parametrize("backend", ["through_vllm", "through_server"])
def test_other_backends_get_the_same_prompts_and_verdicts(
    backend: str, through_hf: Path, actor: Path, request: pytest.FixtureRequest
) -> None:
    other: Path = request.getfixturevalue(backend)
    assert prompts(other, actor) == prompts(through_hf, actor)
    assert answers(other) == answers(through_hf)
    assert verdicts(other) == verdicts(through_hf)
    assert scores_of(other) == scores_of(through_hf)


def test_doctor_knows_the_server_and_the_model(served: str, actor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from reversed_persona.cli import main

    sample = ["--tasks", "sample_reversed_persona", "--gen_kwargs", "max_gen_toks=100"]
    url = f"model={actor},base_url={served}/chat/completions"
    assert main(["doctor", *sample, "--model", "local-chat-completions", "--model_args", url]) == 0
    assert f"ok    server: {served}/models serves {actor}" in capsys.readouterr().out
    model_args = f"pretrained={actor},max_model_len={LENGTH}"
    assert main(["doctor", *sample, "--model", "vllm", "--model_args", model_args]) == 0
    assert "keeps every persona" in capsys.readouterr().out


def test_answers_that_do_not_fit_beside_the_prompt_are_refused_before_vllm_starts(
    actor: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from reversed_persona.cli import main

    arguments = ["--model", "vllm", "--model_args", f"pretrained={actor},max_model_len=400", *COMMON]
    assert main(["run", *arguments, "--output_path", str(tmp_path)]) == 2
    assert "lm-eval would cut its beginning" in capsys.readouterr().err.splitlines()[-1]
