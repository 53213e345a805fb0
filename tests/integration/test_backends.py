"""What is known of a model before its weights are loaded, read from real tokenizers and configurations."""

from pathlib import Path
from typing import Any

import pytest
from tiny_model import CHAT_TEMPLATE, build_model

from reversed_persona.backends import ESTIMATE, Reader, load_reader
from reversed_persona.cli import main
from reversed_persona.errors import BackendError

pytestmark = pytest.mark.needs_torch


def reader(backend: str, /, **model_args: Any) -> Reader:
    found = load_reader(backend, model_args)
    assert found is not None
    return found


class TestLength:
    def test_given_length_counts_before_the_configurations(self, model: Path) -> None:
        assert reader("hf", pretrained=str(model)).length == 2048
        assert reader("hf", pretrained=str(model), max_length=300).length == 300
        assert reader("vllm", pretrained=str(model), max_model_len=400).length == 400
        assert reader("sglang", pretrained=str(model), context_length=512).length == 512

    @pytest.mark.parametrize("given", ["auto", -1, None, True])
    def test_length_that_is_none_is_passed_over(self, model: Path, given: object) -> None:
        assert reader("vllm", pretrained=str(model), max_model_len=given).length == 2048

    def test_model_without_a_length_has_lm_evals_default(self, tmp_path: Path) -> None:
        # lm-eval cuts the prompts of such models to 2048 as well
        from transformers import MambaConfig

        folder = build_model(tmp_path, CHAT_TEMPLATE)
        MambaConfig(vocab_size=100, hidden_size=8, num_hidden_layers=1).save_pretrained(folder)
        assert reader("hf", pretrained=str(folder)).length == 2048

    def test_encoder_decoder_needs_no_room_for_the_answer_beside_the_prompt(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        from transformers import T5Config

        folder = build_model(tmp_path, CHAT_TEMPLATE)
        T5Config(vocab_size=100, d_model=8, d_ff=8, num_layers=1, num_heads=1).save_pretrained(folder)
        found = reader("hf", pretrained=str(folder), max_length=600)
        assert found.answers_apart
        arguments = ["--tasks", "sample_reversed_persona", "--model", "hf", "--no_chat_template"]
        assert main(["doctor", *arguments, "--model_args", f"pretrained={folder},max_length=600"]) == 0
        assert main(["doctor", *arguments, "--model_args", f"pretrained={folder},max_length=200"]) == 1
        assert "tokens, more than the 200 that fit" in capsys.readouterr().out


class TestServers:
    def test_completions_are_cut_to_one_less_than_max_length(self, model: Path) -> None:
        assert reader("local-completions", model="x", tokenizer=str(model), max_length=4096).length == 4095

    @pytest.mark.parametrize("backend", ["remote", "tiktoken"])
    def test_tokenizer_out_of_reach_is_estimated(self, backend: str) -> None:
        found = reader("local-completions", model="x", tokenizer_backend=backend)
        assert (found.name, found.length, found.chat) == (ESTIMATE, 2047, None)
        assert found.count(["x" * 100]) == [50]

    def test_name_that_is_no_tokenizer_is_estimated(self, tmp_path: Path) -> None:
        assert reader("local-completions", model=str(tmp_path / "served")).name == ESTIMATE

    def test_nothing_is_cut_where_text_is_sent(self) -> None:
        assert load_reader("local-completions", {"model": "x", "tokenized_requests": False}) is None
        assert load_reader("local-completions", {"model": "x", "tokenizer_backend": None}) is None
        assert load_reader("local-chat-completions", {"model": "x"}) is None

    def test_estimated_prompts_that_cannot_fit_are_refused(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        arguments = ["--model_args", "model=x,tokenizer_backend=remote,base_url=http://127.0.0.1:9/v1/completions"]
        assert main(["run", "--model", "local-completions", *arguments, "--tasks", "sample_reversed_persona"]) == 2
        assert "has about " in capsys.readouterr().err.splitlines()[-1]


class TestTokenizer:
    def test_tokenizers_read_by_other_means_are_left_alone(self, model: Path) -> None:
        assert load_reader("vllm", {"pretrained": str(model), "tokenizer_mode": "mistral"}) is None
        assert load_reader("hf", {"pretrained": str(model), "gguf_file": "x.gguf"}) is None
        assert load_reader("hf", {}) is None

    def test_named_template_of_a_model_with_one_is_that_one(self, model: Path) -> None:
        found = load_reader("hf", {"pretrained": str(model)}, "default")
        assert found is not None
        assert found.chat is not None
        assert found.chat([{"role": "user", "content": "x"}]) == "<|user|>\nx\n<|assistant|>\n"

    def test_model_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(BackendError, match="nowhere: is not there; expected the folder of a model"):
            load_reader("hf", {"pretrained": str(tmp_path / "nowhere")})

    def test_limit_1_looks_at_the_first_problem_only(self, model: Path, tmp_path: Path) -> None:
        # its longest prompt has 472 tokens, the longest of all 531
        arguments = ["--model_args", f"pretrained={model},dtype=float32,max_length=490", "--device", "cpu"]
        options = ["--tasks", "sample_reversed_persona", "--apply_chat_template", "--gen_kwargs", "max_gen_toks=9"]
        run = ["run", "--model", "hf", *arguments, *options, "--output_path", str(tmp_path)]
        assert main([*run, "--limit", "1"]) == 0
        assert main(run) == 2
