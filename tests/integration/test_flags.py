"""Every flag of lm-eval's that touches these tasks, through `run` and the reference respondents."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest
from outcomes import results_of, rows_of, scores_of, verdicts_of

from reversed_persona.cli import main
from reversed_persona.problems import load_problems
from reversed_persona.rendering import task_folder

SAMPLE = [problem["problem_id"] for problem in load_problems("sample")]


def run(
    folder: Path, *options: str, args: str = "high=1.0,low=0.0,none=1.0", tasks: str = "sample_reversed_persona"
) -> int:
    return main([
        "run", "--model", "simulated_student", "--model_args", f"model=student,{args}", "--tasks", tasks,
        "--output_path", str(folder), "--log_samples", *options,
    ])  # fmt: skip


def asked(folder: Path) -> list[str]:
    return [row["doc"]["problem_id"] for row in rows_of(folder)]


def prompts(folder: Path) -> list[str]:
    """Return every prompt: each question's, persona by persona."""
    return [row["arguments"][key]["arg_0"] for row in rows_of(folder) for key in sorted(row["arguments"])]


class TestSelection:
    def test_limit_takes_the_first_problems_and_asks_each_as_everybody(self, tmp_path: Path) -> None:
        assert run(tmp_path, "--limit", "3") == 0
        assert asked(tmp_path) == SAMPLE[:3]
        assert len(prompts(tmp_path)) == 9
        assert results_of(tmp_path)["n-samples"]["sample_reversed_persona"] == {"original": 64, "effective": 3}

    def test_limit_below_1_is_a_share_rounded_up(self, tmp_path: Path) -> None:
        assert run(tmp_path, "--limit", "0.05") == 0
        assert asked(tmp_path) == SAMPLE[:4]  # 64 * 0.05 = 3.2

    def test_samples_are_found_by_their_problem_id(self, tmp_path: Path) -> None:
        # lm-eval logs wrong doc_ids for unordered numbers; the row's own problem_id is right
        assert run(tmp_path, "--samples", '{"sample_reversed_persona": [7, 2, 40]}') == 0
        assert set(asked(tmp_path)) == {SAMPLE[7], SAMPLE[2], SAMPLE[40]}
        for row in rows_of(tmp_path):
            contexts = [row["arguments"][key]["arg_0"] for key in row["arguments"]]
            assert all(row["doc"]["question"] in context for context in contexts)
        assert scores_of(tmp_path)["reversal"] == 1

    @pytest.mark.parametrize(
        ("samples", "says"),
        [
            ('{"sample_reversed_persona": []}', "expected numbers from 0 to 63"),
            ('{"sample_reversed_persona": [64]}', "expected numbers from 0 to 63"),
            ('{"sample_reversed_persona": [3, 3]}', "at most once"),
            ('{"sample_reversed_persona": 5}', "expected a list of numbers"),
            ("[1, 2]", "expected a JSON object"),
            ("nowhere.json", "nowhere.json"),
        ],
    )
    def test_samples_that_make_no_sense_are_refused(
        self, tmp_path: Path, samples: str, says: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(tmp_path, "--samples", samples) == 2
        assert says in capsys.readouterr().err.splitlines()[-1]

    def test_num_fewshot_is_refused_before_the_model_is_loaded(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("lm_eval.api.registry.get_model", lambda name: pytest.fail("the model was loaded"))
        assert run(tmp_path, "--num_fewshot", "5") == 2
        assert "--num_fewshot 5: these tasks show no such examples" in capsys.readouterr().err.splitlines()[-1]


class TestPrompts:
    def test_with_and_without_a_chat_template(self, tmp_path: Path) -> None:
        assert run(tmp_path / "plain", "--limit", "1") == 0
        assert run(tmp_path / "chat", "--limit", "1", "--apply_chat_template") == 0
        for plain, chat in zip(prompts(tmp_path / "plain"), prompts(tmp_path / "chat"), strict=True):
            assert chat == f"[user]\n{plain}\n\n[assistant]\n"

    def test_system_instruction_stands_before_every_prompt_and_marks_the_run_custom(self, tmp_path: Path) -> None:
        assert run(tmp_path, "--limit", "2", "--system_instruction", "Be brief.", "--apply_chat_template") == 0
        assert all(prompt.startswith("[system]\nBe brief.\n\n[user]\n") for prompt in prompts(tmp_path))
        results = results_of(tmp_path)
        assert results["system_instruction"] == "Be brief."
        assert results["configs"]["sample_reversed_persona"]["metadata"]["custom"] is True

    def test_write_out_shows_the_first_prompt(self, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level("INFO", logger="lm_eval"):
            assert run(tmp_path, "--limit", "1", "--write_out") == 0
        assert prompts(tmp_path)[0] in caplog.text

    def test_request_cache_replays_no_stale_prompt_and_no_part_for_the_whole(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("lm_eval.caching.cache.PATH", str(tmp_path / "requests"))
        cached = ("--cache_requests", "true")
        assert run(tmp_path / "part", *cached, "--samples", '{"sample_reversed_persona": [5]}') == 0
        assert run(tmp_path / "system", *cached, "--metadata", '{"persona_role": "system"}', "--limit", "2") == 0
        assert run(tmp_path / "whole", *cached, "--limit", "8") == 0
        assert run(tmp_path / "plain", "--limit", "8") == 0
        assert prompts(tmp_path / "whole") == prompts(tmp_path / "plain")
        assert asked(tmp_path / "whole") == SAMPLE[:8]
        assert not list(tmp_path.glob("requests/*"))


class TestAnswers:
    def test_gen_kwargs_are_laid_over_the_greedy_settings(self, tmp_path: Path) -> None:
        assert run(tmp_path, "--limit", "1", "--gen_kwargs", "max_gen_toks=77") == 0
        used = results_of(tmp_path)["configs"]["sample_reversed_persona"]["generation_kwargs"]
        assert used == {"until": [], "do_sample": False, "temperature": 0.0, "max_gen_toks": 77}

    @pytest.mark.parametrize(
        ("options", "says"),
        [
            (["--gen_kwargs", "temperature=0.7"], "do_sample=false with temperature=0.7 is greedy on some backends"),
            (["--gen_kwargs", "do_sample=true"], "do_sample=true with temperature=0.0"),
            (["--gen_kwargs", "do_sample=7"], "do_sample: got 7"),
            (["--gen_kwargs", "max_gen_toks=0"], "max_gen_toks: got 0"),
            (["--gen_kwargs", "max_tokens=99"], "max_tokens: use max_gen_toks"),
            (["--gen_kwargs", "max_new_tokens=99"], "max_new_tokens: use max_gen_toks"),
            (["--metadata", '{"repeats": 3}'], "repeats=3 of a greedy answer are all the same"),
            (["--metadata", '{"repeats": 0}'], "repeats: got 0; expected a whole number from 1"),
        ],
    )
    def test_decoding_that_contradicts_itself_is_refused(
        self, tmp_path: Path, options: list[str], says: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(tmp_path, *options) == 2
        assert says in capsys.readouterr().err.splitlines()[-1]

    def test_repeats_are_asked_logged_and_averaged(self, tmp_path: Path) -> None:
        sampling = ("--gen_kwargs", "do_sample=true,temperature=1.0", "--metadata", '{"repeats": 3}')
        assert run(tmp_path, "--limit", "4", *sampling) == 0
        assert all(len(responses) == 3 for row in rows_of(tmp_path) for responses in row["resps"])
        assert scores_of(tmp_path)["reversal"] == 1
        assert results_of(tmp_path)["configs"]["sample_reversed_persona"]["repeats"] == 3

    def test_predict_only_keeps_the_answers_and_scores_nothing(self, tmp_path: Path) -> None:
        assert run(tmp_path, "--limit", "2", "--predict_only") == 0
        assert scores_of(tmp_path)["bypass"] == 999
        assert all(len(row["resps"]) == 3 and row["resps"][0][0] for row in rows_of(tmp_path))

    def test_use_cache_gives_the_same_results_the_second_time(self, tmp_path: Path) -> None:
        cache = ("--limit", "8", "--use_cache", str(tmp_path / "answers"))
        assert run(tmp_path / "first", *cache) == 0
        assert run(tmp_path / "second", *cache) == 0
        assert rows_of(tmp_path / "first") == rows_of(tmp_path / "second")

    def test_log_samples_hold_what_is_needed_to_check_every_number(self, tmp_path: Path) -> None:
        assert run(tmp_path, "--limit", "8", args="high=0.5,low=0.5") == 0
        rows = rows_of(tmp_path)
        for row in rows:
            statuses = {verdict["persona"]: verdict["status"] for verdict in verdicts_of(row)}
            assert row["reversal"] == (statuses["high"] == "correct") + (statuses["low"] == "wrong") - 1
        assert scores_of(tmp_path)["reversal"] == pytest.approx(sum(row["reversal"] for row in rows) / 8)


class TestNames:
    @pytest.mark.parametrize(("tasks", "n"), [("reversed_persona", 2), ("reversed_persona_*", 12)])
    def test_group_is_the_core_and_quoted_glob_the_benchmark(
        self, tmp_path: Path, made_up_problems: Path, tasks: str, n: int
    ) -> None:
        metadata = json.dumps({"problems_dir": str(made_up_problems)})
        args = "high=0.9,low=0.3,none=0.8"
        assert run(tmp_path / "out", "--metadata", metadata, "--limit", "40", args=args, tasks=tasks) == 0
        found = results_of(tmp_path / "out")
        assert {"reversed_persona_gsm8k", "reversed_persona_math500"} <= set(found["n-samples"])
        assert len(found["n-samples"]) == n
        for task in found["n-samples"]:
            assert len(rows_of(tmp_path / "out", task)) == 40
            assert found["configs"][task]["metadata"]["custom"] is True  # not the benchmark's problems

    def test_group_weighs_both_sets_alike_and_its_standard_error_says_so(
        self, tmp_path: Path, made_up_problems: Path
    ) -> None:
        # sizes as unlike as can be, or the error of the weighted mean would look right as well
        metadata = json.dumps({"problems_dir": str(made_up_problems)})
        samples = json.dumps({"reversed_persona_gsm8k": list(range(90)), "reversed_persona_math500": list(range(10))})
        args = "high=0.9,low=0.3,none=0.8"
        assert run(
            tmp_path / "out", "--metadata", metadata, "--samples", samples, args=args, tasks="reversed_persona"
        ) == 0  # fmt: skip
        out = tmp_path / "out"
        parts = [scores_of(out, f"reversed_persona_{name}") for name in ("gsm8k", "math500")]
        group = scores_of(out, "reversed_persona")
        metrics = {"reversal", "reversal_faithful", "contrast", "acc_none", "acc_high", "acc_low", "unanswered_low"}
        assert {name for name in group if not name.endswith("_stderr")} == metrics
        for name in metrics:
            assert group[name] == pytest.approx((parts[0][name] + parts[1][name]) / 2)
            # independent sets: Var((a + b)/2) = (Var a + Var b)/4
            error = math.sqrt(parts[0][f"{name}_stderr"] ** 2 + parts[1][f"{name}_stderr"] ** 2) / 2
            assert group[f"{name}_stderr"] == pytest.approx(error)
        assert group["reversal_stderr"] > 0

    def test_group_of_the_users_own_is_looked_at_before_the_model_is_loaded(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr("lm_eval.api.registry.get_model", lambda name: pytest.fail("the model was loaded"))
        (tmp_path / "mine.yaml").write_text("group: mine\ntask: [sample_reversed_persona]\n")
        options = ("--include_path", str(tmp_path), "--gen_kwargs", "temperature=0.7")
        assert run(tmp_path / "out", *options, tasks="mine") == 2
        assert "with temperature=0.7 is greedy on some backends" in capsys.readouterr().err.splitlines()[-1]

    def test_lm_eval_lists_the_tasks_and_the_group(self) -> None:
        ran = subprocess.run(
            [sys.executable, "-m", "lm_eval", "ls", "tasks", "--include_path", str(task_folder())],
            capture_output=True, text=True, timeout=300, env={**os.environ, "COLUMNS": "300"},
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr[-2000:]
        for name in (
            "reversed_persona",
            "reversed_persona_gsm8k",
            "reversed_persona_math500",
            "sample_reversed_persona",
        ):
            assert f"|{name}" in ran.stdout.replace("| ", "|")
