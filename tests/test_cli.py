import subprocess
import sys
from pathlib import Path

import pytest

from reversed_persona import __version__
from reversed_persona.cli import main
from reversed_persona.rendering import task_folder

HEAVY = ("lm_eval", "torch", "transformers", "datasets", "sympy", "math_verify", "pydantic", "yaml", "numpy")


def reversed_persona(*arguments: str, cwd: Path | None = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "reversed_persona.cli", *arguments], capture_output=True, text=True, cwd=cwd, timeout=300
    )


class TestHelp:
    def test_it_imports_nothing_heavy(self) -> None:
        code = (
            "import sys, reversed_persona.cli as cli\n"
            "try: cli.main(['--help'])\nexcept SystemExit: pass\n"
            f"print([name for name in {HEAVY} if name in sys.modules])"
        )
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert ran.stdout.splitlines()[-1] == "[]"

    def test_it_names_every_verb(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit):
            main(["--help"])
        out = capsys.readouterr().out
        assert all(
            f"\n    {verb} " in out for verb in ("run", "doctor", "plan", "prefetch", "grade", "prompts", "path")
        )

    def test_version(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit):
            main(["--version"])
        assert capsys.readouterr().out.split() == ["reversed-persona", __version__]

    def test_light_import_of_the_package(self) -> None:
        code = f"import sys, reversed_persona\nprint([name for name in {HEAVY} if name in sys.modules])"
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert ran.stdout.strip() == "[]"

    def test_no_verb_is_a_usage_error(self) -> None:
        ran = reversed_persona()
        assert ran.returncode == 2
        assert "usage: reversed-persona" in ran.stderr


class TestPath:
    def test_it_prints_a_folder_that_holds_the_tasks(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["path"]) == 0
        assert (Path(capsys.readouterr().out.strip()) / "gsm8k" / "reversed_persona_gsm8k.yaml").is_file()


class TestPrompts:
    def test_it_prints_one_prompt_per_persona(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["prompts", "sample_reversed_persona"]) == 0
        out = capsys.readouterr().out
        headings = [line for line in out.splitlines() if line.startswith("===")]
        assert [heading.split(" / ")[2] for heading in headings] == ["none", "high", "low"]
        assert out.count("Final answer: <your answer>") == 3
        assert "wrong practically every time" in out

    def test_a_problem_can_be_named(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["prompts", "sample_reversed_persona", "--problem", "sample-math-11"]) == 0
        assert "What is $g(-3)$?" in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (["sample_reversed_person"], "did you mean 'sample_reversed_persona'"),
            (["sample_reversed_persona", "--problem", "sample-math-99"], "has no problem 'sample-math-99'"),
            (["sample_reversed_persona", "--metadata", "{"], "is not JSON"),
            (["sample_reversed_persona", "--metadata", "[]"], "expected a JSON object"),
            (["sample_reversed_persona", "--metadata", '{"personas": ["hi"]}'], "unknown persona id 'hi'"),
            (["reversed_persona_gsm8k", "--metadata", '{"problems_dir": "/nowhere"}'], "/nowhere is not a folder"),
        ],
    )
    def test_bad_input_is_one_line_and_exit_2(
        self, arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["prompts", *arguments]) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err.count("\n") == 1
        assert captured.err.startswith("reversed-persona: error: ")
        assert says in captured.err


class TestRun:
    def test_it_runs_the_sample_and_writes_results_and_samples(self, tmp_path: Path) -> None:
        ran = reversed_persona(
            "run", "--model", "simulated_student", "--model_args", "model=obedient,high=1.0,low=0.0",
            "--tasks", "sample_reversed_persona", "--output_path", "out", "--log_samples", "--limit", "4",
            cwd=tmp_path,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        assert "|reversal " in ran.stdout
        assert len(list(tmp_path.glob("out/obedient/results_*.json"))) == 1
        assert len(list(tmp_path.glob("out/obedient/samples_sample_reversed_persona_*.jsonl"))) == 1

    def test_config_file_works(self, tmp_path: Path) -> None:
        (tmp_path / "run.yaml").write_text(
            "model: simulated_student\nmodel_args: {model: x, accuracy: 1.0}\n"
            "tasks: [sample_reversed_persona]\nlimit: 2\n"
        )
        ran = reversed_persona("run", "--config", "run.yaml", cwd=tmp_path)
        assert ran.returncode == 0, ran.stderr
        assert "|acc_low " in ran.stdout

    @pytest.mark.parametrize("given", ["flag", "config"])
    def test_the_users_own_include_path_still_counts(
        self, tmp_path: Path, given: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "own").mkdir()
        (tmp_path / "own" / "own.yaml").write_text(
            f"include: {task_folder() / '_base_yaml'}\ntask: my_own\n"
            "metadata:\n  version: 1\n  problems: sample\n  personas: [none]\n"
        )
        (tmp_path / "run.yaml").write_text("include_path: own\n")
        options = ["--include_path", "own"] if given == "flag" else ["--config", "run.yaml"]
        tasks = "my_own,sample_reversed_persona"
        assert main(["run", "--model", "simulated_student", *options, "--tasks", tasks, "--limit", "2"]) == 0
        out = capsys.readouterr().out
        assert "|my_own " in out
        assert "|sample_reversed_persona|" in out

    def test_lm_evals_own_tasks_can_be_run_beside_ours(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        # without a network and a cache lm-eval's gsm8k can't be loaded, but it must be found
        monkeypatch.setenv("HF_HOME", str(tmp_path))
        tasks = "gsm8k,sample_reversed_persona"
        ran = reversed_persona("run", "--model", "simulated_student", "--tasks", tasks, cwd=tmp_path)
        assert "Tasks not found" not in ran.stderr
        assert "openai/gsm8k" in ran.stderr

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (["--tasks", "sample_reversed_persono"], "did you mean 'sample_reversed_persona'"),
            (["--tasks", "sample_reversed_persono"], "The tasks here are reversed_persona, reversed_persona_gsm8k,"),
            (["--tasks", "gsm8k_reversed,custom_reversed_person"], "did you mean 'custom_reversed_persona'"),
            (
                ["--tasks", "sample_reversed_persona", "--samples", '{"sample_reversed_person": [0]}'],
                "did you mean 'sample",
            ),
            (["--tasks", "sample_reversed_persona", "--samples", '{"sample_reversed_persona": [64]}'], "from 0 to 63"),
            (["--tasks", "sample_reversed_persona", "--limit", "-1"], "--limit: got -1"),
            (["--tasks", "sample_reversed_persona", "--metadata", '{"persona_rol": "system"}'], "'persona_role'"),
            (["--tasks", "sample_reversed_persona", "--model", "simulated_studnt"], "did you mean 'simulated_student'"),
            (["--tasks", "sample_reversed_persona", "--model_args", "hihg=1"], "did you mean 'high'"),
            (["--tasks", "sample_reversed_persona", "--model_args", "low=2"], "low: got 2"),
            (["--tasks", "sample_reversed_persona", "--metadata", '{"personas": ["lwo"]}'], "did you mean 'low'"),
            (["--tasks", "sample_reversed_persona", "--log_samples"], "Specify --output_path"),
            (["--tasks", "sample_reversed_persona", "--num_fewshot", "3"], "--num_fewshot 3"),
            (["--config", "nowhere.yaml"], "nowhere.yaml"),
        ],
    )
    def test_bad_input_ends_in_one_line_exit_2_and_no_files(
        self,
        tmp_path: Path,
        arguments: list[str],
        says: str,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.chdir(tmp_path)
        output = [] if "--log_samples" in arguments else ["--output_path", "out"]
        assert main(["run", "--model", "simulated_student", *output, *arguments]) == 2
        last = capsys.readouterr().err.rstrip().splitlines()[-1]
        assert last.startswith("reversed-persona: error: ")
        assert says in last
        assert not list(tmp_path.iterdir())

    def test_metadata_that_is_no_json_is_named(self) -> None:
        # lm-eval 0.4.12 refuses it in its own parser, later releases with an exception
        ran = reversed_persona("run", "--tasks", "sample_reversed_persona", "--metadata", "{bad")
        assert ran.returncode == 2
        assert "Traceback" not in ran.stderr
        assert "{bad" in ran.stderr.rstrip().splitlines()[-1]

    def test_plain_lm_eval_says_the_same_in_its_last_line(self, tmp_path: Path) -> None:
        ran = subprocess.run(
            [sys.executable, "-m", "lm_eval", "--include_path", str(Path(main.__code__.co_filename).parent),
             "--model", "dummy", "--tasks", "sample_reversed_persona", "--metadata", '{"personas": ["lwo"]}'],
            capture_output=True, text=True, cwd=tmp_path, timeout=300,
        )  # fmt: skip
        assert ran.returncode != 0
        assert "did you mean 'low'" in ran.stderr.rstrip().splitlines()[-1]
