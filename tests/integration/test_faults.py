"""What happens to answers and results when a run is killed, interrupted, or has nowhere to write to."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from chat_server import MODEL, Reply, Server, serving
from outcomes import results_of, rows_of, scores_of

from reversed_persona.cli import main

N_PROBLEMS = 5
N_REQUESTS = 3 * N_PROBLEMS


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as state:
        yield state


def command(server: Server, *options: str) -> list[str]:
    return [
        sys.executable, "-m", "reversed_persona.cli", "run", "--model", "local-chat-completions",
        "--model_args", f"model={MODEL},base_url={server.url}/chat/completions", "--apply_chat_template",
        "--tasks", "sample_reversed_persona", "--limit", str(N_PROBLEMS), "--log_samples", *options,
    ]  # fmt: skip


def wait_for(condition: Callable[[], bool], process: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + 120
    while not condition():
        assert process.poll() is None, "the run ended before it could be stopped"
        assert time.monotonic() < deadline
        time.sleep(0.02)


class TestKilledRun:
    def test_it_goes_on_from_its_cache_to_the_results_of_an_undisturbed_run(
        self, server: Server, tmp_path: Path
    ) -> None:
        pytest.importorskip("aiohttp", reason="the extra `api` is not installed")
        server.behave = lambda prompt, before: Reply(delay_s=0.1)
        disturbed = command(server, "--output_path", "disturbed", "--use_cache", "cache/answers")
        process = subprocess.Popen(disturbed, cwd=tmp_path, text=True, stderr=subprocess.DEVNULL)
        wait_for(lambda: server.answered.total() >= 6, process)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert not (tmp_path / "disturbed").exists()
        already = server.answered.total()
        assert 6 <= already < N_REQUESTS

        server.behave = lambda prompt, before: Reply()
        subprocess.run(disturbed, cwd=tmp_path, check=True, capture_output=True, timeout=300)
        # one answer may have been on its way when the run was killed
        assert server.answered.total() <= N_REQUESTS + 1
        subprocess.run(
            command(server, "--output_path", "undisturbed"), cwd=tmp_path, check=True, capture_output=True, timeout=300
        )
        assert rows_of(tmp_path / "disturbed") == rows_of(tmp_path / "undisturbed")
        assert scores_of(tmp_path / "disturbed") == scores_of(tmp_path / "undisturbed")
        tasks = "sample_reversed_persona"
        disturbed_counts, counts = (
            results_of(tmp_path / name)["n-samples"][tasks] for name in ("disturbed", "undisturbed")
        )
        assert disturbed_counts == counts == {"original": 64, "effective": N_PROBLEMS}

    def test_ctrl_c_is_one_line_and_keeps_the_answers(self, server: Server, tmp_path: Path) -> None:
        pytest.importorskip("aiohttp", reason="the extra `api` is not installed")
        server.behave = lambda prompt, before: Reply(delay_s=0.3)
        process = subprocess.Popen(
            command(server, "--use_cache", "answers", "--output_path", "out"),
            cwd=tmp_path, text=True, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        wait_for(lambda: server.answered.total() >= 2, process)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        assert process.returncode == 130
        assert "interrupted; answers in a --use_cache file are kept" in err
        assert "Traceback" not in err


def run_sample(*options: str) -> int:
    return main([
        "run", "--model", "simulated_student", "--model_args", "model=student,high=1.0,low=0.0",
        "--tasks", "sample_reversed_persona", "--limit", "2", "--log_samples", *options,
    ])  # fmt: skip


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail if a model is loaded: what is tested has to come before."""
    monkeypatch.setattr(
        "lm_eval.api.registry.get_model", lambda name: pytest.fail("the model was loaded before the check")
    )


class TestOutputFolder:
    def test_path_through_a_file_is_refused_before_the_model_is_loaded(
        self, tmp_path: Path, no_model: None, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "out").write_text("precious")
        assert run_sample("--output_path", str(tmp_path / "out")) == 2
        assert f"--output_path: {tmp_path}/out is a file" in capsys.readouterr().err.splitlines()[-1]
        assert (tmp_path / "out").read_text() == "precious"

    def test_folder_that_cannot_be_written_to_is_refused(
        self, tmp_path: Path, no_model: None, capsys: pytest.CaptureFixture[str]
    ) -> None:
        folder = Path("/proc/self")  # not even root can write there
        if os.geteuid() != 0 or not folder.is_dir():
            folder = tmp_path
            folder.chmod(0o555)
        assert run_sample("--output_path", str(folder / "out")) == 2
        assert "cannot be written to" in capsys.readouterr().err.splitlines()[-1]

    def test_full_disk_is_refused_before_the_model_is_loaded(self, tmp_path: Path) -> None:
        inside = (
            "mount -t tmpfs -o size=256k none full && "
            f"exec {sys.executable} -m reversed_persona.cli run --model simulated_student --model_args model=x "
            "--tasks sample_reversed_persona --log_samples --output_path full/out"
        )
        (tmp_path / "full").mkdir()
        mount = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
        if not shutil.which("unshare") or subprocess.run([*mount, "mount -t tmpfs none full"], cwd=tmp_path).returncode:
            pytest.skip("no disk of its own can be mounted here")
        ran = subprocess.run([*mount, inside], cwd=tmp_path, capture_output=True, text=True, timeout=300)
        assert ran.returncode == 2
        assert "MB cannot be written to" in ran.stderr.splitlines()[-1]
        assert "No space left on device" in ran.stderr.splitlines()[-1]
        assert "Initializing" not in ran.stderr

    def test_limit_on_file_sizes_is_refused_like_a_full_disk(self, tmp_path: Path) -> None:
        ran = subprocess.run(
            [sys.executable, "-m", "reversed_persona.cli", "run", "--model", "simulated_student",
             "--tasks", "sample_reversed_persona", "--log_samples", "--output_path", "out"],
            cwd=tmp_path, capture_output=True, text=True, timeout=300,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
        )  # fmt: skip
        assert ran.returncode == 2
        assert "MB cannot be written to" in ran.stderr.splitlines()[-1]
        assert not (tmp_path / "out").exists()

    def test_results_that_could_not_be_written_are_an_error(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        # lm-eval only warns; here the folder turns into a file while the model answers
        from reversed_persona.simulation import SimulatedStudent

        answer = SimulatedStudent.generate_until

        def meanwhile(*arguments: object, **options: object) -> list[str]:
            (tmp_path / "out").write_text("")
            return answer(*arguments, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(SimulatedStudent, "generate_until", meanwhile)
        assert run_sample("--output_path", str(tmp_path / "out")) == 2
        last = capsys.readouterr().err.splitlines()[-1]
        assert "no results file was written, though the run had finished" in last

    def test_cut_off_sample_log_is_an_error(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        from lm_eval.loggers import EvaluationTracker

        save = EvaluationTracker.save_results_samples

        def cut_off(*arguments: object, **options: object) -> None:
            save(*arguments, **options)
            (log,) = tmp_path.glob("out/*/samples_*.jsonl")
            log.write_text(log.read_text()[:-40])

        monkeypatch.setattr(EvaluationTracker, "save_results_samples", cut_off)
        assert run_sample("--output_path", str(tmp_path / "out")) == 2
        assert "is missing or cut off; expected 2 rows" in capsys.readouterr().err.splitlines()[-1]

    def test_json_path_works_as_in_lm_eval(self, tmp_path: Path) -> None:
        assert run_sample("--output_path", str(tmp_path / "mine.json")) == 0
        (results,) = tmp_path.glob("mine_*.json")
        assert json.loads(results.read_text())["results"]

    def test_json_file_that_is_there_already_is_no_obstacle(self, tmp_path: Path) -> None:
        (tmp_path / "mine.json").write_text("{}")
        assert run_sample("--output_path", str(tmp_path / "mine.json")) == 0
        assert len(list(tmp_path.glob("mine_*.json"))) == 1

    def test_results_of_another_run_in_the_same_folder_do_not_disturb(self, tmp_path: Path) -> None:
        (tmp_path / "other").mkdir()
        (tmp_path / "other" / "results_2026-01-01T00-00-00.000001.json").write_text("{")  # half written
        assert run_sample("--output_path", str(tmp_path)) == 0


class TestCache:
    def test_cache_without_a_note_of_its_model_is_refused(
        self, tmp_path: Path, no_model: None, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "answers_rank0.db").write_bytes(b"")
        assert run_sample("--use_cache", str(tmp_path / "answers"), "--output_path", str(tmp_path / "out")) == 2
        assert "no answers.model.json says whose" in capsys.readouterr().err.splitlines()[-1]

    def test_place_that_cannot_be_written_to_is_refused(
        self, tmp_path: Path, no_model: None, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "file").write_text("")
        options = ("--use_cache", str(tmp_path / "file" / "answers"), "--output_path", str(tmp_path / "out"))
        assert run_sample(*options) == 2
        assert "--use_cache: " in capsys.readouterr().err.splitlines()[-1]
