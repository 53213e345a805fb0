"""Sweeps over a real HTTP server that counts: whatever happens to driver and runs, nothing is asked twice."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from chat_server import Reply, Server, serving

pytest.importorskip("aiohttp", reason="the extra `api` is not installed")

N_REQUESTS = 3 * 4  # personas x problems


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as state:
        state.behave = lambda prompt, before: Reply(delay_s=0.2)
        yield state


@pytest.fixture
def sweep(server: Server, tmp_path: Path) -> Callable[..., "subprocess.Popen[str]"]:
    models = "".join(
        f"  - {{backend: local-chat-completions, model_args: {{model: {name}, "
        f"base_url: '{server.url}/chat/completions'}}}}\n"
        for name in ("first", "second")
    )
    (tmp_path / "sweep.yaml").write_text(
        "tasks: sample_reversed_persona\noptions: {limit: 4, apply_chat_template: true}\nmodels:\n" + models
    )

    def started(*options: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "reversed_persona.cli", "sweep", "sweep.yaml", *options],
            cwd=tmp_path, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, "COLUMNS": "200"},
        )  # fmt: skip

    return started


def asked(server: Server) -> Counter[str]:
    """Return how many requests came in for each model."""
    return Counter(payload["model"] for payload in server.payloads)


def wait_for(condition: Callable[[], bool], driver: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + 120
    while not condition():
        assert driver.poll() is None, "the sweep ended before it could be stopped"
        assert time.monotonic() < deadline
        time.sleep(0.02)


def state_of(folder: Path, model: str) -> dict[str, object]:
    (path,) = folder.glob(f"out/sweep/{model}/*/state.json")
    found: dict[str, object] = json.loads(path.read_text())
    return found


def lives(process: object) -> bool:
    """Whether a process is there and no zombie that nobody has waited for yet."""
    stat = Path(f"/proc/{process}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_half_written_run_goes_on_from_its_own_cache_and_only_names_what_runs(
    server: Server, sweep: Callable[..., "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    driver = sweep("--only", "first")
    wait_for(lambda: server.answered.total() >= 5, driver)
    state = state_of(tmp_path, "first")
    driver.kill()
    os.kill(int(str(state["pid"])), signal.SIGKILL)  # the power fails: nobody says goodbye
    os.killpg(int(str(state["child"])), signal.SIGKILL)
    driver.communicate()
    assert 5 <= asked(server)["first"] < N_REQUESTS

    driver = sweep()
    said, errors = driver.communicate(timeout=300)
    assert driver.returncode == 0, errors
    # the answer that was on its way when all was killed is asked for once more; the other model has a cache of its own
    assert N_REQUESTS <= asked(server)["first"] <= N_REQUESTS + 1
    assert asked(server)["second"] == N_REQUESTS
    assert [line.split()[0] for line in said.splitlines()[1:3]] == ["first", "second"]
    assert "traceback" not in errors.lower()

    driver = sweep()
    said, _ = driver.communicate(timeout=60)
    assert driver.returncode == 0
    assert said.count("complete before") == 2
    assert asked(server)["second"] == N_REQUESTS


def test_ctrl_c_stops_driver_and_run_in_one_line_and_the_next_start_goes_on(
    server: Server, sweep: Callable[..., "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    driver = sweep("--only", "fir*")
    wait_for(lambda: server.answered.total() >= 5, driver)
    state = state_of(tmp_path, "first")
    driver.send_signal(signal.SIGINT)
    said, errors = driver.communicate(timeout=60)
    assert driver.returncode == 130
    assert said == ""
    begins, stops = errors.splitlines()
    assert begins.endswith("first, sample_reversed_persona: begins")
    assert stops.endswith("stopping 1 run; start again to go on (Ctrl-C once more kills it)")
    assert not lives(state["pid"])
    assert not lives(state["child"])
    (outcome,) = tmp_path.glob("out/sweep/first/*/outcome.json")
    assert json.loads(outcome.read_text())["stopped"] is True

    driver = sweep("--only", "first")
    _, errors = driver.communicate(timeout=300)
    assert driver.returncode == 0, errors
    assert N_REQUESTS <= asked(server).total() <= N_REQUESTS + 1
