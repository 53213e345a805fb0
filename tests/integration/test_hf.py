"""A real Hugging Face model, built here, evaluated by lm-eval's own command line in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reversed_persona.answers import grade
from reversed_persona.cli import main
from reversed_persona.harness import task_folder
from reversed_persona.personas import load_templates
from reversed_persona.problems import load_problems

pytestmark = pytest.mark.needs_torch

CHAT_TEMPLATE = (
    "{% for message in messages %}<|{{ message.role }}|>\n{{ message.content }}\n{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>\n{% endif %}"
)
NO_SYSTEM = "{% if messages[0].role == 'system' %}{{ raise_exception('no system role') }}{% endif %}" + CHAT_TEMPLATE


def build_model(folder: Path, chat_template: str) -> Path:
    """Save a random Llama with a byte-level BPE tokenizer learnt from the sample's questions."""
    import torch
    from tokenizers import ByteLevelBPETokenizer
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    learner = ByteLevelBPETokenizer()
    texts = [problem["question"] for problem in load_problems("sample")]
    learner.train_from_iterator(texts, vocab_size=1000, special_tokens=["<s>", "</s>"])
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=learner._tokenizer, bos_token="<s>", eos_token="</s>", pad_token="</s>"
    )
    tokenizer.chat_template = chat_template
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=2048,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_model(tmp_path_factory.mktemp("model"), CHAT_TEMPLATE)


def lm_eval(model: Path, *arguments: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    command = [
        sys.executable, "-m", "lm_eval", "--include_path", str(task_folder()), "--model", "hf",
        "--model_args", f"pretrained={model},dtype=float32", "--device", "cpu", "--batch_size", "4",
        "--tasks", "sample_reversed_persona", "--apply_chat_template", "--limit", "4",
        "--gen_kwargs", "max_gen_toks=16", "--output_path", "out", "--log_samples", *arguments,
    ]  # fmt: skip
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(cwd / "hf")}
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=environment, timeout=600)


def rows(folder: Path) -> list[dict[str, Any]]:
    (path,) = folder.glob("out/*/samples_sample_reversed_persona_*.jsonl")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


class TestHuggingFace:
    def test_every_question_is_asked_as_every_persona_and_scored_from_its_responses(
        self, model: Path, tmp_path: Path
    ) -> None:
        ran = lm_eval(model, cwd=tmp_path)
        assert ran.returncode == 0, ran.stderr[-3000:]
        assert "|reversal " in ran.stdout

        logged = rows(tmp_path)
        assert [row["doc"]["problem_id"] for row in logged] == [p["problem_id"] for p in load_problems("sample")[:4]]
        low = load_templates().personas["low"].instruction("mathematics problems")
        for row in logged:
            contexts = [row["arguments"][f"gen_args_{i}"]["arg_0"] for i in range(3)]
            assert all(context.startswith("<|user|>\n") for context in contexts)
            assert [low in context for context in contexts] == [False, False, True]
            assert len(row["resps"]) == 3
            verdicts = [json.loads(filtered[0]) for filtered in row["filtered_resps"]]
            for verdict, (response,) in zip(verdicts, row["resps"], strict=True):
                again = grade(response, gold=row["doc"]["gold"], question=row["doc"]["question"])
                assert (verdict["status"], verdict["reason"]) == (again.status, again.reason)
            correct, wrong = verdicts[1]["status"] == "correct", verdicts[2]["status"] == "wrong"
            assert row["reversal"] == correct + wrong - 1

        (results,) = tmp_path.glob("out/*/results_*.json")
        found = json.loads(results.read_text(encoding="utf-8"))["results"]["sample_reversed_persona"]
        assert found["reversal,verdict"] == pytest.approx(sum(row["reversal"] for row in logged) / 4)
        assert "N/A" not in [value for key, value in found.items() if "_stderr" in key]

    def test_system_message_that_the_template_rejects_stops_the_run(self, tmp_path: Path) -> None:
        # lm-eval renders once more without the system message and says nothing: the persona would be gone
        deaf = build_model(tmp_path / "model", NO_SYSTEM)
        ran = lm_eval(deaf, "--metadata", '{"persona_role": "system"}', cwd=tmp_path)
        assert ran.returncode != 0
        last = ran.stderr.rstrip().splitlines()[-1]
        assert "persona 'high': its instruction is missing" in last
        assert '"persona_role": "user"' in last
        assert not (tmp_path / "out").exists()

    def test_prompts_are_shown_through_the_models_chat_template(
        self, model: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["prompts", "sample_reversed_persona", "--chat-template", str(model)]) == 0
        assert capsys.readouterr().out.count("<|user|>\n") == 3

    def test_chat_template_that_rejects_the_system_role_is_one_line(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        deaf = build_model(tmp_path, NO_SYSTEM)
        arguments = ["--chat-template", str(deaf), "--metadata", '{"persona_role": "system"}']
        assert main(["prompts", "sample_reversed_persona", *arguments]) == 2
        assert "no system role" in capsys.readouterr().err.splitlines()[-1]

    def test_model_that_is_not_there_is_one_line(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["prompts", "sample_reversed_persona", "--chat-template", "/nowhere"]) == 2
        assert "--chat-template /nowhere: cannot be loaded" in capsys.readouterr().err
