"""A real Hugging Face model, built here, evaluated by lm-eval's own command line in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from outcomes import results_of, rows_of, verdicts_of
from tiny_model import CHAT_TEMPLATE, NO_SYSTEM, THINKS, build_model

from reversed_persona.answers import grade
from reversed_persona.cli import main
from reversed_persona.personas import load_templates
from reversed_persona.problems import load_problems
from reversed_persona.rendering import load_tasks, task_folder, task_prompts

pytestmark = pytest.mark.needs_torch


def lm_eval(
    model: Path, *arguments: str, cwd: Path, task: str = "sample_reversed_persona"
) -> "subprocess.CompletedProcess[str]":
    command = [
        sys.executable, "-m", "lm_eval", "--include_path", str(task_folder()), "--model", "hf",
        "--model_args", f"pretrained={model},dtype=float32", "--device", "cpu", "--batch_size", "4",
        "--tasks", task, "--apply_chat_template", "--limit", "4",
        "--gen_kwargs", "max_gen_toks=16", "--output_path", "out", "--log_samples", *arguments,
    ]  # fmt: skip
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(cwd / "hf")}
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=environment, timeout=600)


class TestHuggingFace:
    def test_every_question_is_asked_as_every_persona_and_scored_from_its_responses(
        self, model: Path, tmp_path: Path
    ) -> None:
        ran = lm_eval(model, cwd=tmp_path)
        assert ran.returncode == 0, ran.stderr[-3000:]
        assert "|reversal " in ran.stdout

        logged = rows_of(tmp_path / "out")
        assert [row["doc"]["problem_id"] for row in logged] == [p["problem_id"] for p in load_problems("sample")[:4]]
        low = load_templates().personas["low"].instruction("mathematics problems")
        for row in logged:
            contexts = [row["arguments"][f"gen_args_{i}"]["arg_0"] for i in range(3)]
            assert all(context.startswith("<|user|>\n") for context in contexts)
            assert [low in context for context in contexts] == [False, False, True]
            assert len(row["resps"]) == 3
            verdicts = verdicts_of(row)
            for verdict, (response,) in zip(verdicts, row["resps"], strict=True):
                again = grade(response, gold=row["doc"]["gold"], question=row["doc"]["question"])
                assert (verdict["status"], verdict["reason"]) == (again.status, again.reason)
            correct, wrong = verdicts[1]["status"] == "correct", verdicts[2]["status"] == "wrong"
            assert row["reversal"] == correct + wrong - 1

        found = results_of(tmp_path / "out")["results"]["sample_reversed_persona"]
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
        assert "/nowhere: is not there; expected the folder of a model" in capsys.readouterr().err


def run(model: Path, folder: Path, *options: str, args: str = "") -> int:
    """Run two problems in this process."""
    return main([
        "run", "--model", "hf", "--model_args", f"pretrained={model},dtype=float32{args}", "--device", "cpu",
        "--batch_size", "6", "--tasks", "sample_reversed_persona", "--limit", "2", "--gen_kwargs", "max_gen_toks=8",
        "--output_path", str(folder), "--log_samples", *options,
    ])  # fmt: skip


class TestOwnProblems:
    def test_own_problems_are_asked_as_own_personas_with_lm_evals_own_command(
        self, model: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / "tired.yml").write_text(
            "id: tired\nlabel: Tired\nexpected_accuracy: null\n"
            "wordings: [{instruction: 'You are tired of {{ collection }}.'}]\n"
        )
        rows = [{"question": f"What is {n} + {n}?", "gold": 2 * n} for n in range(1, 6)]
        (tmp_path / "mine.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        metadata = {"problems": "mine.jsonl", "personas": "mine/", "collection": "sums"}
        options = ("--metadata", json.dumps(metadata))
        ran = lm_eval(model, *options, cwd=tmp_path, task="custom_reversed_persona")
        assert ran.returncode == 0, ran.stderr[-3000:]
        logged = rows_of(tmp_path / "out", "custom_reversed_persona")
        assert [row["doc"]["gold"] for row in logged] == ["2", "4", "6", "8"]  # --limit 4
        for row in logged:
            contexts = [row["arguments"][f"gen_args_{i}"]["arg_0"] for i in range(2)]
            assert [context.startswith("<|user|>\nYou are tired of sums.\n\n") for context in contexts] == [False, True]
        found = results_of(tmp_path / "out")
        assert found["configs"]["custom_reversed_persona"]["metadata"]["custom"] is True
        assert found["results"]["custom_reversed_persona"]["acc_tired,verdict"] == pytest.approx(
            sum(row["acc_tired"] for row in logged) / 4
        )


def test_every_task_asks_a_real_model(model: Path, made_up_problems: Path, tmp_path: Path) -> None:
    asked = (
        "--tasks",
        "reversed_persona_*,control_reversed_persona_*,sample_reversed_persona",
        "--apply_chat_template",
    )
    own = ("--metadata", json.dumps({"problems_dir": str(made_up_problems)}))
    assert run(model, tmp_path / "out", *asked, *own) == 0
    found = results_of(tmp_path / "out")
    assert len(found["n-samples"]) == 12 + 3 + 1
    for task, metrics in found["results"].items():
        arms = found["configs"][task]["metadata"]["prompt_fingerprints"]
        assert len(set(arms.values())) == len(arms)
        for row in rows_of(tmp_path / "out", task):
            prompts = {argument["arg_0"] for argument in row["arguments"].values()}
            assert len(prompts) == len(row["resps"]) == len(arms)
            assert [verdict["persona"] for verdict in verdicts_of(row)] == list(arms)
        assert all(f"unanswered_{arm},verdict" in metrics for arm in arms)


class TestPlainText:
    def test_base_model_without_a_chat_template_gets_the_bare_prompt(self, model: Path, tmp_path: Path) -> None:
        assert run(model, tmp_path) == 0
        first = rows_of(tmp_path)[0]["arguments"]["gen_args_0"]["arg_0"]
        assert first.startswith("Problem: ")
        assert first.endswith("Final answer: <your answer>")


class TestThinking:
    def test_template_that_opens_the_thinking_makes_an_unfinished_thought_unanswered(self, tmp_path: Path) -> None:
        thinker = build_model(tmp_path / "model", THINKS)
        assert run(thinker, tmp_path / "out", "--apply_chat_template") == 0
        for row in rows_of(tmp_path / "out"):
            assert row["arguments"]["gen_args_0"]["arg_0"].endswith("<think>\n")
            assert [verdict["reason"] for verdict in verdicts_of(row)] == ["unfinished_thinking"] * 3

    def test_think_end_token_with_such_a_template_is_refused(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        # lm-eval would cut at the token and leave an unfinished thought looking like an answer
        thinker = build_model(tmp_path / "model", THINKS)
        assert run(thinker, tmp_path / "out", "--apply_chat_template", args=",think_end_token=</think>") == 2
        assert "leave think_end_token out" in capsys.readouterr().err.splitlines()[-1]

    def test_think_end_token_with_another_template_is_lm_evals_own(self, model: Path, tmp_path: Path) -> None:
        # a space is in nearly every random answer: what stands before the last one is cut
        assert run(model, tmp_path, "--apply_chat_template", args=",think_end_token=e") == 0
        assert all("e" not in response for row in rows_of(tmp_path) for (response,) in row["resps"])


class TestSampling:
    def test_repeats_differ(self, model: Path, tmp_path: Path) -> None:
        sampling = ("max_gen_toks=8,do_sample=true,temperature=1.0", "--metadata", '{"repeats": 2}')
        assert run(model, tmp_path, "--gen_kwargs", *sampling) == 0
        pairs = [responses for row in rows_of(tmp_path) for responses in row["resps"]]
        assert all(len(pair) == 2 for pair in pairs)
        assert any(pair[0] != pair[1] for pair in pairs)


class TestTrouble:
    """One line, before or instead of a traceback."""

    def last_line(self, capsys: pytest.CaptureFixture[str]) -> str:
        return capsys.readouterr().err.splitlines()[-1]

    def test_wrong_checkpoint(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(tmp_path / "nowhere", tmp_path / "out") == 2
        assert "--model hf: did not start (" in self.last_line(capsys)

    def test_tokenizer_without_a_chat_template(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        base = build_model(tmp_path / "model", None)
        assert run(base, tmp_path / "out", "--apply_chat_template") == 2
        assert "its chat template cannot be applied" in self.last_line(capsys)

    def test_answers_longer_than_the_model_reads(
        self, model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        # hf would cut the persona off the prompt, and say nothing
        assert run(model, tmp_path / "out", args=",max_length=300") == 2
        assert "lm-eval would cut its beginning, where the persona stands" in self.last_line(capsys)
        assert not (tmp_path / "out").exists()

    def test_system_message_that_the_template_rejects_stops_before_the_model_is_loaded(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        deaf = build_model(tmp_path / "model", NO_SYSTEM)
        (deaf / "model.safetensors").unlink()
        role = ("--metadata", '{"persona_role": "system"}')
        assert run(deaf, tmp_path / "out", "--apply_chat_template", *role) == 2
        assert "no system role" in self.last_line(capsys)

    def test_system_instruction_that_the_template_drops(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        silent = CHAT_TEMPLATE.replace("messages %}", "messages if message.role != 'system' %}")
        deaf = build_model(tmp_path / "model", silent)
        assert run(deaf, tmp_path / "out", "--apply_chat_template", "--system_instruction", "Be brief.") == 2
        assert "--system_instruction 'Be brief.' is missing" in self.last_line(capsys)

    def test_backend_that_is_not_installed(self, model: Path, capsys: pytest.CaptureFixture[str]) -> None:
        arguments = ["--model_args", f"pretrained={model},max_model_len=4096", "--tasks", "sample_reversed_persona"]
        assert main(["run", "--model", "vllm", *arguments]) == 2
        assert "--model vllm: needs vllm, which is not installed" in self.last_line(capsys)


class TestDoctor:
    def test_backend_that_is_not_installed_fails(self, model: Path, capsys: pytest.CaptureFixture[str]) -> None:
        arguments = ["--model", "sglang", "--model_args", f"pretrained={model}"]
        assert main(["doctor", "--tasks", "sample_reversed_persona", *arguments]) == 1
        assert "FAIL  backend: --model sglang: needs sglang, which is not installed" in capsys.readouterr().out

    def look(self, model: Path, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
        arguments = ["--model", "hf", "--model_args", f"pretrained={model}", *options]
        code = main(["doctor", "--tasks", "sample_reversed_persona", *arguments])
        return code, capsys.readouterr().out

    def test_model_that_keeps_both_roles_and_has_room(self, model: Path, capsys: pytest.CaptureFixture[str]) -> None:
        code, out = self.look(model, capsys, "--gen_kwargs", "max_gen_toks=1000")
        assert code == 0
        assert "ok    chat template with persona_role user: keeps every persona" in out
        assert "ok    chat template with persona_role system: keeps every persona" in out
        assert "max_gen_toks 1000, together within 2048" in out

    def test_answers_that_do_not_fit_fail(self, model: Path, capsys: pytest.CaptureFixture[str]) -> None:
        code, out = self.look(model, capsys)
        assert code == 1
        assert "with max_gen_toks=2048 that is more than the 2048 that fit" in out

    @pytest.mark.parametrize(("role", "code"), [("user", 0), ("system", 1)])
    def test_rejected_system_role_fails_only_where_it_is_used(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], role: str, code: int
    ) -> None:
        deaf = build_model(tmp_path, NO_SYSTEM)
        options = ("--gen_kwargs", "max_gen_toks=100", "--metadata", json.dumps({"persona_role": role}))
        found, out = self.look(deaf, capsys, *options)
        assert found == code
        assert ("FAIL" if code else "note") + "  chat template with persona_role system" in out

    def test_template_that_drops_the_persona_fails(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        forgetful = build_model(tmp_path, "{{ messages[-1].content[-300:] }}")
        code, out = self.look(forgetful, capsys, "--gen_kwargs", "max_gen_toks=100")
        assert code == 1
        assert "FAIL  chat template with persona_role user: sample_reversed_persona: persona" in out

    def test_model_that_is_not_there_fails(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        code, out = self.look(tmp_path / "nowhere", capsys)
        assert code == 1
        assert "nowhere: is not there" in out


def test_plan_counts_the_models_own_tokens(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(model)
    task = load_tasks(["sample_reversed_persona"], {})["sample_reversed_persona"]
    expected = sum(len(tokenizer(prompt).input_ids) for prompt in task_prompts(task, task.eval_docs[0], None))
    assert main(["plan", "sample_reversed_persona", "--model_args", f"pretrained={model}", "--limit", "1"]) == 0
    assert f"{expected:,}" in capsys.readouterr().out.splitlines()[1].split()


def test_completions_server_gets_no_prompt_that_lm_eval_would_cut(
    model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # lm-eval cuts what it sends to max_length - 1 = 2047 tokens, whatever the server reads
    arguments = ["--model_args", f"model=x,tokenizer={model},base_url=http://127.0.0.1:9/v1/completions"]
    assert main(["run", "--model", "local-completions", *arguments, "--tasks", "sample_reversed_persona"]) == 2
    assert "that is more than the 2047 that fit" in capsys.readouterr().err.splitlines()[-1]
