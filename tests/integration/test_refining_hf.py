"""Self-refinement with a real Hugging Face model, built here."""

import json
from pathlib import Path

import pytest
from tiny_model import THINKS, build_model

from reversed_persona.cli import main

pytestmark = pytest.mark.needs_torch

SAMPLE, REFINE = "sample_reversed_persona", "refine_reversed_persona_sample"
ARMS = ["high_refined", "low_refined", "high_checked", "low_checked"]


def run(model: Path, folder: Path, *options: str, args: str = "", tasks: str = SAMPLE) -> int:
    """Run two problems in this process."""
    return main([
        "run", "--model", "hf", "--model_args", f"pretrained={model},dtype=float32{args}", "--device", "cpu",
        "--batch_size", "4", "--tasks", tasks, "--limit", "2", "--gen_kwargs", "max_gen_toks=16",
        "--output_path", str(folder), "--log_samples", "--apply_chat_template", *options,
    ])  # fmt: skip


def logs(folder: Path, task: str = REFINE) -> list[Path]:
    return sorted(folder.glob(f"*/samples_{task}_2*.jsonl"))


class TestHuggingFace:
    def test_two_rounds_over_its_own_answers_with_the_weights_loaded_once(
        self, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from lm_eval.models.huggingface import HFLM

        loaded = []
        load = HFLM._create_model

        def counted(lm: HFLM, *arguments: object, **options: object) -> None:
            loaded.append(lm)
            load(lm, *arguments, **options)

        monkeypatch.setattr(HFLM, "_create_model", counted)
        assert run(model, tmp_path, "--refine", "2") == 0
        assert len(loaded) == 1
        files = [*logs(tmp_path, SAMPLE), *logs(tmp_path)]
        assert len(files) == 3
        base, first, second = ([json.loads(line) for line in file.read_text().splitlines()] for file in files)
        for before, one, two in zip(base, first, second, strict=True):
            assert before["doc"]["problem_id"] == one["doc"]["problem_id"] == two["doc"]["problem_id"]
            assert [json.loads(verdict)["persona"] for (verdict,) in one["filtered_resps"]] == ARMS
            prompts = [one["arguments"][f"gen_args_{place}"]["arg_0"] for place in range(4)]
            assert all(prompt.startswith("<|user|>\nPlay the student") for prompt in prompts)
            assert all("EARLIER REPLY" in prompt for prompt in prompts)
            reversal = before["reversal"]
            assert one["delta_reversal_refined"] == one["reversal_refined"] - reversal
            assert two["delta_reversal_checked"] == two["reversal_checked"] - one["reversal_checked"]

    def test_thinking_that_the_template_opens_is_not_shown_again(self, tmp_path: Path) -> None:
        thinker = build_model(tmp_path / "model", THINKS)
        assert run(thinker, tmp_path / "out", "--refine", "1") == 0
        (path,) = logs(tmp_path / "out")
        for row in map(json.loads, path.read_text().splitlines()):
            for place in range(4):
                assert "(That reply held no text.)" in row["arguments"][f"gen_args_{place}"]["arg_0"]

    def test_earlier_answers_that_leave_no_room_are_refused_before_the_model_is_loaded(
        self, model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(model, tmp_path) == 0
        (path,) = logs(tmp_path, SAMPLE)
        rows = [json.loads(line) for line in path.read_text().splitlines()]
        for row in rows:
            row["resps"] = [["3 apples "], ["3 apples " * 1000], ["3 apples"]]
        path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
        (model_file,) = model.glob("*.safetensors")
        hidden = model_file.rename(model_file.with_suffix(".hidden"))
        try:
            assert run(model, tmp_path, "--metadata", json.dumps({"earlier_run": str(path)}), tasks=REFINE) == 2
        finally:
            hidden.rename(model_file)
        assert "lm-eval would cut its beginning, where the persona stands" in capsys.readouterr().err.splitlines()[-1]

    def test_answers_too_long_for_a_round_are_refused_before_the_first_one_is_given(
        self, model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        # the base task alone would fit: see test_hf
        assert run(model, tmp_path, "--refine", "1", "--gen_kwargs", "max_gen_toks=900") == 2
        last = capsys.readouterr().err.splitlines()[-1]
        assert "--refine: sample_reversed_persona: with max_gen_toks=900 a round's prompt may have" in last
        fits = last.partition("max_gen_toks=")[2].partition("max_gen_toks=")[2].split()[0]
        assert 100 < int(fits) < 900
        assert not (tmp_path / "student").exists()
