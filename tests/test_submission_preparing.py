"""From what lm-eval really writes to a submission that the validator takes, and that names no machine."""

import getpass
import json
import os
import re
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from reversed_persona import __version__
from reversed_persona.answers.grading import grade
from reversed_persona.cli import main
from reversed_persona.leaderboard.submissions.commands import clean_command
from reversed_persona.leaderboard.submissions.scrubber import of_this_machine
from submission_files import parts_of, write_board

CORE, CONTROL = "sample_reversed_persona", "control_reversed_persona_sample"
GIVEN = {
    "--model-id": "org/obedient",
    "--revision": "main",
    "--licence": "apache-2.0",
    "--open-weights": "yes",
    "--parameters": "7B",
    "--trained-on-benchmark": "no",
    "--submitter": "A. Tester",
}
RUN = ("run", "--model", "simulated_student", "--log_samples", "--output_path")


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What lm-eval wrote in two runs of one respondent, which then no longer says that it is one."""
    out = tmp_path_factory.mktemp("real") / "out"
    respondent = "model=obedient,none=0.9,high=1.0,low=0.2,flip_low=0.3,deliberate=0.1"
    for task in (CORE, CONTROL):
        assert main([*RUN, str(out), "--model_args", respondent, "--tasks", task]) == 0
    return out


@pytest.fixture
def out(real: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    shutil.copytree(real, folder)
    in_results(folder, lambda results: results["config"].pop("reference_respondent"))
    return folder


@pytest.fixture
def board(tmp_path: Path) -> Path:
    return write_board(tmp_path / "board")


def in_results(out: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    for path in out.rglob("results_*.json"):
        results = json.loads(path.read_text())
        change(results)
        path.write_text(json.dumps(results))


def in_rows(out: Path, change: Callable[[dict[str, Any]], Any], task: str = CORE) -> None:
    (path,) = out.rglob(f"samples_{task}_*.jsonl")
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    for row in rows:
        change(row)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def prepare(out: Path, board: Path, *more: str, **given: str | None) -> int:
    options = GIVEN | {f"--{name.replace('_', '-')}": value for name, value in given.items()}
    words = [word for name, value in options.items() if value is not None for word in (name, value)]
    return main(["submission", "prepare", str(out), "--board", str(board), "--suite", "sample", *words, *more])


def only_submission(board: Path) -> Path:
    (folder,) = board.glob("submissions/*/*/*")
    return folder


def all_bytes(board: Path) -> dict[str, bytes]:
    return {str(path.relative_to(board)): path.read_bytes() for path in sorted(board.rglob("*")) if path.is_file()}


def texts(folder: Path) -> str:
    return "".join((folder / name).read_text() for name in ("submission.yaml", "results.json"))


class TestPrepare:
    def test_real_runs_make_a_submission_that_is_valid(
        self, out: Path, board: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert prepare(out, board) == 0
        folder = only_submission(board)
        said = capsys.readouterr().out
        assert "a standard submission to suite sample" in said and f"git add {folder}" in said
        assert main(["submission", "validate", str(folder), "--board", str(board), "--suite", "sample"]) == 0
        parts = parts_of(folder)
        assert set(parts.rows) == {CORE, CONTROL}  # of two calls of lm-eval
        assert len(parts.rows[CORE]) == 64 and parts.results["prompt_format"] == "plain"
        assert parts.record["run"]["command"].startswith(
            "reversed-persona run --model simulated_student --model_args model="
        )

    def test_what_a_chat_server_was_sent_makes_a_chat_submission(self, out: Path, board: Path) -> None:
        def sent(row: dict[str, Any]) -> None:
            for asked in row["arguments"].values():  # as lm-eval logs it: a tuple of one text
                asked["arg_0"] = [json.dumps([{"role": "user", "content": asked["arg_0"]}], ensure_ascii=False)]

        in_rows(out, sent)
        assert prepare(out, board) == 0
        assert parts_of(only_submission(board)).results["prompt_format"] == "chat"

    def test_twice_gives_the_same_bytes(self, out: Path, board: Path, tmp_path: Path) -> None:
        other = write_board(tmp_path / "other")
        assert prepare(out, board) == prepare(out, board) == prepare(out, other) == 0
        assert all_bytes(board) == all_bytes(other)

    def test_no_question_gold_or_prompt_goes_in(self, out: Path, board: Path) -> None:
        prepare(out, board)
        rows = parts_of(only_submission(board)).rows[CORE]
        assert set(rows[0]) == {"problem_id", "doc", "target", "arms"}
        assert set(rows[0]["arms"]["low"]) == {"prompt", "responses", "verdicts"}
        assert re.fullmatch("[0-9a-f]{64}", rows[0]["arms"]["low"]["prompt"])

    def test_newest_run_of_a_task_is_taken(self, out: Path, board: Path) -> None:
        (old,) = out.rglob(f"samples_{CORE}_*.jsonl")
        results = next(path for path in out.rglob("results_*.json") if CORE in json.loads(path.read_text())["results"])
        later = "2999-01-01T00-00-00.000000"
        shutil.copy(results, results.with_name(f"results_{later}.json"))
        shutil.copy(old, old.with_name(f"samples_{CORE}_{later}.jsonl"))
        old.write_text("damaged\n")
        assert prepare(out, board) == 0

    def test_partial_run_is_refused_and_nothing_is_left(
        self, real: Path, board: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        out = tmp_path / "partial"
        assert main([*RUN, str(out), "--model_args", "model=m", "--tasks", CORE, "--limit", "5"]) == 0
        before = all_bytes(board)
        assert prepare(out, board) == 1
        said = capsys.readouterr()
        assert "config: limit: got 5.0" in said.out and "Nothing was written" in said.err
        assert all_bytes(board) == before and not list(board.glob("submissions/*"))
        new, there = tmp_path / "a" / "b", tmp_path / "there"
        there.mkdir()
        assert prepare(out, board, "-o", str(new / "c")) == prepare(out, board, "-o", str(there)) == 1
        assert not new.parent.exists() and list(there.iterdir()) == []  # what was made, and what was there before

    def test_reference_respondent_is_refused(self, real: Path, board: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert prepare(real, board) == 1
        assert "reference_respondent" in capsys.readouterr().out

    def test_missing_answers_are_named_as_options(
        self, out: Path, board: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert prepare(out, board, licence=None, open_weights=None, model_id=None) == 2
        said = capsys.readouterr().err
        assert said.count("\n") == 1 and said.endswith("expected --model-id, --licence, --open-weights\n")

    def test_missing_answers_are_asked_for_on_a_terminal(
        self, out: Path, board: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answers = iter(["mit", "no"])
        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        monkeypatch.setattr("builtins.input", lambda _: next(answers))
        assert prepare(out, board, licence=None, open_weights=None) == 0
        model = parts_of(only_submission(board)).record["model"]
        assert (model["licence"], model["open_weights"]) == ("mit", False)

    @pytest.mark.parametrize(
        ("given", "says"),
        [
            ({"model_id": "no-slash"}, "model.id"),
            ({"model_id": "оrg/cyrillic"}, "model.id"),
            ({"parameters": "many"}, "--parameters: got 'many'"),
            ({"parameters": "0"}, "model.parameters"),
            ({"note": "a" * 501}, "note"),
            ({"submitter": "<b>me</b>"}, "submitter.name"),
            ({"url": "javascript:alert(1)"}, "submitter.url"),
            ({"revision": "/home/me/weights"}, "model.revision"),
        ],
        ids=lambda given: str(given)[:40],
    )
    def test_bad_answer_is_one_line_before_anything_is_graded(
        self, out: Path, board: Path, given, says: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (path,) = out.rglob(f"samples_{CORE}_*.jsonl")
        path.write_text("damaged")
        assert prepare(out, board, **given) == 2
        said = capsys.readouterr().err
        assert says in said and said.count("\n") == 1

    def test_what_lm_eval_knows_of_local_weights_need_not_be_said(self, out: Path, board: Path) -> None:
        in_results(out, lambda results: results["config"].update(model_sha="0123abc", model_num_parameters=123))
        assert prepare(out, board, revision=None, parameters=None) == 0
        model = parts_of(only_submission(board)).record["model"]
        assert (model["revision"], model["parameters"]) == ("0123abc", 123)

    def test_runs_of_two_models_are_refused(self, out: Path, board: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = next(out.rglob("results_*.json"))
        path.write_text(path.read_text().replace('"model_name": "obedient"', '"model_name": "other"'))
        assert prepare(out, board) == 2
        assert "'obedient', 'other'" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            (lambda one: one.update(chat_template_sha="0" * 64), "chat_template_sha: was run with"),
            (lambda one: one["config"].update(model="vllm"), "config: model: was run with 'vllm'"),
            (lambda one: one["config"].update(model_sha="0123abc"), "config: model_sha"),
            (lambda one: one["config"]["model_args"].update(load_in_4bit=True), "load_in_4bit: was run with 'True'"),
            (lambda one: one["config"]["model_args"].update(peft="/x"), "model_args: peft"),
            (
                lambda one: [of["generation_kwargs"].update(temperature=1.5) for of in one["configs"].values()],
                "generation_kwargs: temperature: was run with '1.5'",
            ),
        ],
    )
    def test_tasks_run_in_different_ways_are_refused(
        self, out: Path, board: Path, change, says: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = max(out.rglob("results_*.json"))
        results = json.loads(path.read_text())
        change(results)
        path.write_text(json.dumps(results))
        assert prepare(out, board) == 2
        said = capsys.readouterr().err
        assert says in said and said.count("\n") == 1

    @pytest.mark.parametrize("seconds", ["9" * 400, "-1", "nan", None, [], "1e999"], ids=str)
    def test_time_that_is_none_is_left_out(self, out: Path, board: Path, seconds: Any) -> None:
        in_results(out, lambda results: results.update(total_evaluation_time_seconds=seconds))
        assert prepare(out, board) == 0
        assert "total_evaluation_time_seconds" not in parts_of(only_submission(board)).results

    def test_tasks_run_faster_or_longer_are_taken(self, out: Path, board: Path) -> None:
        path = max(out.rglob("results_*.json"))
        results = json.loads(path.read_text())
        results["config"]["model_args"] |= {"tensor_parallel_size": 2, "max_model_len": 8192}
        for config in results["configs"].values():
            config["generation_kwargs"]["max_gen_toks"] = 4096
        path.write_text(json.dumps(results))
        assert prepare(out, board) == 0

    def test_core_task_that_is_missing_is_named(
        self, out: Path, board: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert prepare(out, board, "--task", CONTROL) == 2
        assert f"has no run of {CORE}" in capsys.readouterr().err

    def test_another_templates_run_is_a_custom_one(self, out: Path, board: Path) -> None:
        def change(results: dict[str, Any]) -> None:
            for config in results["configs"].values():
                config["metadata"]["custom"] = True

        in_results(out, change)
        assert prepare(out, board) == 0
        assert parts_of(only_submission(board)).record["type"] == "custom"


class TestVerdicts:
    def test_other_verdicts_than_ours_are_refused_unless_regraded(
        self, out: Path, board: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def flip(row: dict[str, Any]) -> None:
            (line,) = row["filtered_resps"][1]
            row["filtered_resps"][1] = [json.dumps(json.loads(line) | {"status": "wrong"})]

        in_rows(out, flip)
        assert prepare(out, board) == 2
        assert "64 verdicts differ from those of this version" in capsys.readouterr().err
        assert prepare(out, board, "--regrade") == 0
        parts = parts_of(only_submission(board))
        assert parts.results["results"][CORE]["acc_high,verdict"] == 1.0
        assert parts.record["run"]["regraded"] == {"verdicts": 64, "run_version": __version__}

    def test_regrading_what_needs_none_leaves_no_trace(self, out: Path, board: Path) -> None:
        assert prepare(out, board, "--regrade") == 0
        assert "regraded" not in parts_of(only_submission(board)).record["run"]

    @pytest.mark.parametrize("version", ["0.0.9", None, "../0.1", ["0.1"], "two"], ids=str)
    def test_scores_that_are_not_the_runs_leave_a_trace(self, out: Path, board: Path, version: object) -> None:
        def change(results: dict[str, Any]) -> None:
            for task, config in results["configs"].items():
                results["results"][task]["acc_none,verdict"] = 1.0
                # two runs of two versions are of none in particular
                mixed = "0.0.8" if version == "two" and task == CORE else "0.0.9"
                config["metadata"]["reversed_persona_version"] = mixed if version == "two" else version

        in_results(out, change)
        assert prepare(out, board) == 1
        assert prepare(out, board, "--regrade") == 0
        known = version if version == "0.0.9" else None
        regraded = parts_of(only_submission(board)).record["run"]["regraded"]
        assert regraded == {"verdicts": 0, "run_version": known}

    def test_thinking_is_left_out_and_unfinished_thoughts_stay_unfinished(self, out: Path, board: Path) -> None:
        numbers: Iterator[int] = iter(range(64))

        def think(row: dict[str, Any]) -> None:
            text = row["resps"][0][0]
            thoughts = [f"<think>\nperhaps 7, or\n\n8\n</think>\n\n{text}", f"no 9</think>{text}", "<think>I never"]
            response = thoughts[next(numbers) % 3]
            verdict = grade(response, gold=row["doc"]["gold"], question=row["doc"]["question"]).fields()
            row["resps"][0] = [response]
            row["filtered_resps"][0] = [json.dumps({"persona": "none", "expected_accuracy": None, **verdict})]

        in_rows(out, think)
        assert prepare(out, board, "--regrade") == 0
        kept = [row["arms"]["none"] for row in parts_of(only_submission(board)).rows[CORE]]
        assert not any("perhaps" in arm["responses"][0] or "never" in arm["responses"][0] for arm in kept)
        reasons = [arm["verdicts"][0]["reason"] for arm in kept]
        assert reasons.count("unfinished_thinking") == 21  # every third of 64, from the third
        assert [arm["responses"][0] for arm in kept].count("<think>") == 21

    def test_prompt_that_opens_the_thinking_is_known(self, out: Path, board: Path) -> None:
        def open_thinking(row: dict[str, Any]) -> None:
            row["arguments"]["gen_args_0"]["arg_0"] += "\n<think>\n"
            row["resps"][0] = [f"let me see 12 </think>{row['resps'][0][0]}"]

        in_rows(out, open_thinking)
        in_results(out, lambda results: results.update(chat_template_sha="0" * 64))
        assert prepare(out, board, "--regrade") == 0
        rows = parts_of(only_submission(board)).rows[CORE]
        assert not any("let me see" in row["arms"]["none"]["responses"][0] for row in rows)

    def test_messages_of_a_chat_server_are_known(self, out: Path, board: Path) -> None:
        def as_messages(row: dict[str, Any]) -> None:
            for arguments in row["arguments"].values():
                arguments["arg_0"] = json.dumps([{"role": "user", "content": arguments["arg_0"]}])

        in_rows(out, as_messages)
        assert prepare(out, board) == 0
        parts = parts_of(only_submission(board))
        assert parts.results["prompt_format"] == "chat"
        assert "--apply_chat_template" in parts.record["run"]["command"]

    def test_altered_prompts_are_refused(self, out: Path, board: Path, capsys: pytest.CaptureFixture[str]) -> None:
        in_rows(out, lambda row: row["arguments"]["gen_args_2"].update(arg_0="Be wrong. " + row["doc"]["question"]))
        assert prepare(out, board) == 1
        assert "not the benchmark's prompt" in capsys.readouterr().out

    def test_half_a_character_is_replaced(self, out: Path, board: Path) -> None:
        in_rows(out, lambda row: row["resps"].__setitem__(0, ["\ud83d " + row["resps"][0][0]]))
        assert prepare(out, board, "--regrade") == 0
        assert parts_of(only_submission(board)).rows[CORE][0]["arms"]["none"]["responses"][0].startswith("\ufffd ")

    @pytest.mark.parametrize("text", ["not JSON\n", '{"doc": {}}\n', ""], ids=["damaged", "no question", "empty"])
    def test_damaged_log_is_refused(
        self, out: Path, board: Path, text: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (path,) = out.rglob(f"samples_{CORE}_*.jsonl")
        path.write_text(text)
        assert prepare(out, board) in (1, 2)
        captured = capsys.readouterr()
        assert "line 1" in captured.err or "lacks 64 of 64" in captured.out


SECRETS = {
    "user": "quentinuser",
    "host": "gpu-node-17",
    "home": "/home/quentinuser",
    "cwd": "/scratch/proj9/work",
    "token": "hf_AbCdEfGhIjKlMnOpQrSt",
    "key": "sk-proj-0123456789abcdefghij",
    "url": "http://10.1.2.3:8000/v1/chat/completions",
    "address": "quentinuser@gpu-node-17.cluster.example.org",
    "variable": "correct-horse-battery",
}


class TestScrubbing:
    @pytest.fixture(autouse=True)
    def elsewhere(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Be another user on another machine."""
        for name, value in {
            "HOME": SECRETS["home"],
            "USER": SECRETS["user"],
            "LOGNAME": SECRETS["user"],
            "HOSTNAME": SECRETS["host"],
            "PWD": SECRETS["cwd"],
            "HF_TOKEN": SECRETS["token"],
            "CLUSTER_PASSWORD": SECRETS["variable"],
        }.items():
            monkeypatch.setenv(name, value)

    def test_nothing_of_the_machine_gets_out_wherever_it_is_planted(self, out: Path, board: Path) -> None:
        every = " ".join(SECRETS.values())

        def plant(value: Any, depth: int = 0) -> Any:
            """Put all of them into every text and under a new key of every object that the validator does not check."""
            if isinstance(value, dict):
                grown = {key: plant(inner, depth + 1) for key, inner in value.items()}
                return grown | {name: secret for name, secret in SECRETS.items()} | {every: every}
            if isinstance(value, list):
                return [*map(plant, value), *SECRETS.values()]
            return value

        def change(results: dict[str, Any]) -> None:
            planted = plant({key: results[key] for key in results if key not in ("results", "configs", "n-samples")})
            results |= planted | {"pretty_env_info": every, "chat_template": every, "system_instruction": None}
            for config in results["configs"].values():
                personas, prints = (config["metadata"][key] for key in ("personas", "prompt_fingerprints"))
                config |= plant({key: value for key, value in config.items() if key != "metadata"})
                config["metadata"] |= {"problems_dir": every, "config_source": every, "pretrained": every, **SECRETS}
                config["metadata"] |= {"personas": personas, "prompt_fingerprints": prints}
            for number, secret in enumerate(SECRETS.values()):
                results["config"]["model_args"][f"argument_{number}"] = secret
                results["config"]["gen_kwargs"][f"setting_{number}"] = secret
            results["config"]["model_args"] |= {"dtype": SECRETS["host"], "revision": SECRETS["user"]}
            results["config"]["gen_kwargs"] |= {"until": [every, SECRETS["user"], SECRETS["host"], "\n\n"]}
            results["config"] |= {"device": SECRETS["host"], "use_cache": SECRETS["cwd"]}
            results["git_hash"] = SECRETS["user"]
            results["transformers_version"] = every
            for metrics in results["results"].values():
                metrics |= {"note": every, "alias": every, every: 1.0}

        in_results(out, change)
        command = (
            f"lm_eval --model_args pretrained={SECRETS['home']}/w,token={SECRETS['token']} --output {every} -o ./x"
        )
        assert prepare(out, board, command=command) == 0
        found = texts(only_submission(board)).lower()
        assert [name for name, secret in SECRETS.items() if secret.lower() in found] == []
        for part in ("quentinuser", "gpu-node", "proj9", "10.1.2.3", "battery", "http:", "/home", "/scratch"):
            assert part not in found
        assert parts_of(only_submission(board)).results["config"]["gen_kwargs"] == {"until": ["\n\n"]}

    def test_responses_that_hold_a_key_or_a_folder_of_this_machine_are_told(
        self, out: Path, board: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        words = iter(
            [SECRETS["token"], f"see {SECRETS['home']}/x", SECRETS["variable"], "sk-proj-0123456789ab", "/home"]
        )
        in_rows(out, lambda row: row["resps"].__setitem__(0, [f"{next(words, '')}\n{row['resps'][0][0]}"]))
        assert prepare(out, board, "--regrade") == 0
        assert f"{CORE}: 4 responses (the first: sample-word-01, none) hold" in capsys.readouterr().err

    def test_this_very_machine_is_not_named(self, out: Path, board: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.undo()
        names = {getpass.getuser(), socket.gethostname(), str(Path.home()), str(Path.cwd()), str(out), str(board)}
        assert prepare(out, board, command=f"reversed-persona run {' '.join(sorted(names))}") == 0
        found = texts(only_submission(board))
        command = yaml.safe_load((only_submission(board) / "submission.yaml").read_text())["run"]["command"]
        assert not any(name in command for name in names if len(name) > 2)
        assert not any(name in found for name in names if "/" in name and len(name) > 1)

    @pytest.mark.parametrize(
        ("text", "clean"),
        [
            ("pretrained=/data/models/x,dtype=bfloat16", "pretrained=PATH,dtype=bfloat16"),
            ("pretrained=org/model", "pretrained=org/model"),
            ("--output_path ./out ~/x ~me/y ../z", "--output_path PATH PATH PATH PATH"),
            (r"C:\Users\me\x", "PATH"),
            ("base_url=https://h.example:1/v1,n=2", "base_url=URL,n=2"),
            ("api_key=abc,token=xyz,max_new_tokens=512", ",,max_new_tokens=512"),
            ("localhost:8000 node.cluster 10.0.0.1:22", "HOST HOST HOST"),
            ("ssh me@host", "ssh USER"),
            ("hf_abcdefghijklmnop", "SECRET"),
            ("temperature=0.7,top_p=0.95", "temperature=0.7,top_p=0.95"),
            ("version 0.4.13", "version 0.4.13"),
        ],
    )
    def test_text_is_left_without_paths_addresses_and_secrets(self, text: str, clean: str) -> None:
        assert of_this_machine({}).text(text) == clean

    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            (
                "reversed-persona run --model vllm --model_args pretrained=/home/me/w,dtype=bfloat16,api_key=k3y "
                "--tasks 'reversed_persona_*' --apply_chat_template --log_samples --output_path results/me",
                "reversed-persona run --model vllm --model_args pretrained=org/m,dtype=bfloat16 "
                "--tasks 'reversed_persona_*' --apply_chat_template --log_samples --output_path ...",
            ),
            (
                """lm_eval -m local-completions -a '{"model": "x", "api_key": "k", "max_length": 4096}' -b auto:4""",
                "lm_eval -m local-completions -a model=org/m,max_length=4096 -b auto:4",
            ),
            ("OPENAI_API_KEY=k3y SECRET=x python -m lm_eval --limit=5", "... python -m lm_eval --limit 5"),
            ("lm_eval --api_key k3y --wandb_args entity=me,project=ours -o/home/me", "lm_eval ..."),
            ("lm_eval --gen_kwargs temperature=1 top_p=0.9 user=me", "lm_eval --gen_kwargs temperature=1,top_p=0.9"),
            ("lm_eval --gen_kwargs user=me --header 'Authorization: Bearer k3y'", "lm_eval --gen_kwargs ..."),
            (r"C:\Users\Me Too\lm_eval.exe --tasks ..\mine\t.yaml --seed -1", "... --tasks ... --seed ..."),
            (r"lm_eval --output_path \\\\server\share --metadata '{\"problems_dir\": \"me/p\"}' | tee me.log",
             "lm_eval --output_path ... --metadata ..."),
            ("sbatch -A account9 run.sh gpu17:8000", "..."),
            ("lm_eval --model secretuser --tasks me@host,git@github.com:me/x", "lm_eval --model ... --tasks ..."),
            ("", ""),
        ],
    )  # fmt: skip
    def test_of_a_command_known_flags_and_settings_are_kept(self, typed: str, kept: str) -> None:
        assert clean_command(typed, "org/m", of_this_machine({"USER": "secretuser"})) == kept

    def test_command_with_half_a_quotation_is_one_line(
        self, out: Path, board: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert prepare(out, board, command="lm_eval 'x") == 2
        assert "--command: No closing quotation" in capsys.readouterr().err

    def test_words_of_the_command_line_are_left_alone_even_if_a_user_is_called_so(self) -> None:
        assert of_this_machine({"USER": "vllm"}).text("--model vllm") == "--model vllm"


def test_folder_that_cannot_be_written_is_one_line(
    out: Path, board: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert prepare(out, board, "-o", str(tmp_path / "file" / "x")) == 2
    assert "cannot be written" in capsys.readouterr().err
    (tmp_path / "new" / "sample").mkdir(parents=True)
    (tmp_path / "new" / "sample" / "org__obedient").write_text("")  # in the way
    assert prepare(out, board, "-o", str(tmp_path / "new")) == 2
    assert [path.name for path in (tmp_path / "new").rglob("*")] == ["sample", "org__obedient"]


def test_environment_is_left_as_it_was(out: Path, board: Path) -> None:
    before = dict(os.environ)
    prepare(out, board)
    assert dict(os.environ) == before
