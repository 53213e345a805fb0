"""Sweeps on a real Slurm of one node, which the test starts."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from slurm import missing, slurm

from reversed_persona.sweep.cluster import live_jobs
from reversed_persona.sweep.driver import complete_before, drive
from sweep_runs import Silent, begun, driver, place_of, stand_in, wait_for

pytest.importorskip("submitit", reason="the extra `slurm` is not installed")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    if why := missing():
        pytest.skip(why)
    with slurm(tmp_path_factory.mktemp("slurm") / "cluster") as environment:
        yield environment


@pytest.fixture(autouse=True)
def in_the_cluster(cluster: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in cluster.items():
        monkeypatch.setenv(name, value)


def jobs() -> list[str]:
    said = subprocess.run(["squeue", "--noheader", "--format=%A"], capture_output=True, text=True, check=True)
    return said.stdout.split()


def test_sweep_runs_as_jobs_and_a_failure_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "sweep.yaml").write_text(
        "tasks: sample_reversed_persona\noptions: {limit: 2}\nslurm: {time: 0:10:00, cpus: 1, extra: {comment: a b}}\n"
        "models:\n"
        "  - {name: good, backend: simulated_student, model_args: {model: good}}\n"
        "  - {name: bad, backend: simulated_student, model_args: {model: bad, lwo: 1}}\n"
    )
    command = [sys.executable, "-m", "reversed_persona.cli", "sweep", "sweep.yaml"]
    ran = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=300, env={**os.environ, "COLUMNS": "300"}
    )
    assert ran.returncode == 1, ran.stderr
    good, bad = (next(line for line in ran.stdout.splitlines() if line.startswith(name)) for name in ("good", "bad"))
    assert " complete " in good
    assert " failed " in bad
    assert "unknown model argument 'lwo'" in bad
    assert len(list(tmp_path.glob("out/sweep/good/*/results/good/results_*.json"))) == 1


def test_driver_that_was_killed_finds_its_jobs_and_runs_none_twice(tmp_path: Path) -> None:
    names = ["a", "b", "bad", "c"]  # the node has two CPUs, so two wait
    first = driver(tmp_path, "slurm", 4, names)
    wait_for(lambda: begun(tmp_path, "a") + begun(tmp_path, "b") == 2)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert len(jobs()) == 4
    second = driver(tmp_path, "slurm", 4, names)
    out, _ = second.communicate(timeout=120)
    states = {line.split()[0]: line.split()[1] for line in out.splitlines()}
    assert states == {"a": "complete", "b": "complete", "bad": "failed", "c": "complete"}
    assert "bad failed the model is not there" in out
    assert [begun(tmp_path, name) for name in names] == [1, 1, 1, 1]


def test_job_whose_time_is_over_goes_on_in_a_new_one(tmp_path: Path) -> None:
    run = stand_in(tmp_path, "slow", 5)
    first = driver(tmp_path, "slurm", 5, ["slow"])
    wait_for(lambda: begun(tmp_path, "slow") == 1)
    (number,) = live_jobs([run])
    # what Slurm sends before a job's time is over
    subprocess.run(["scancel", "--signal=USR2", number], check=True)
    out, _ = first.communicate(timeout=120)
    assert out.split() == ["slow", "complete"]
    assert begun(tmp_path, "slow") == 2


def test_job_that_is_cancelled_has_failed_and_says_so(tmp_path: Path) -> None:
    run = stand_in(tmp_path, "slow", 60)
    first = driver(tmp_path, "slurm", 60, ["slow"])
    wait_for(lambda: begun(tmp_path, "slow") == 1)
    subprocess.run(["scancel", *live_jobs([run])], check=True)
    out, _ = first.communicate(timeout=120)
    assert out.startswith("slow failed job")
    assert "CANCELLED" in out


def test_job_that_slurm_refuses_has_failed_with_its_words(tmp_path: Path) -> None:
    run = stand_in(tmp_path, "a")
    refused = type(run)(**{**run.__dict__, "slurm": run.slurm.model_copy(update={"partition": "nowhere"})})
    ended = drive([refused, stand_in(tmp_path, "b")], place_of("slurm"), Silent())
    states = {one.run.model: (one.state, one.said) for one in ended}
    assert states["a"][0] == "failed"
    assert "Invalid partition" in states["a"][1]
    assert states["b"][0] == "complete"
    assert complete_before(stand_in(tmp_path, "b"))
