"""Prefetching, from a real HTTP server that stands in for the Hub: it serves the files at the Hub's own addresses."""

import dataclasses
import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from pyarrow import Table, parquet

from reversed_persona.prefetch import CHECKSUMS
from reversed_persona.problem_sources import read_rows
from reversed_persona.problems import PROBLEM_SETS, load_problems, problems_digest, to_problems

GSM8K = [{"question": f"Ann has {i} nuts and é more.", "answer": f"#### {i}"} for i in range(1319)]
MATH500 = [
    {"problem": f"${i}$?", "solution": "s", "answer": f"{i}", "subject": "Algebra", "level": 1, "unique_id": f"{i}"}
    for i in range(500)
]
# The command line, told that the made-up problems are the originals.
WITH_OTHER_DIGESTS = """
import dataclasses, json, sys
from reversed_persona.cli import main
from reversed_persona.problems import PROBLEM_SETS
for name, digest in json.loads(sys.argv[1]).items():
    PROBLEM_SETS[name] = dataclasses.replace(PROBLEM_SETS[name], digest=digest)
sys.exit(main(sys.argv[2:]))
"""


@dataclasses.dataclass
class Hub:
    """The server's address, what it serves, and what was fetched from it."""

    url: str
    files: dict[str, bytes]
    downloads: list[str] = dataclasses.field(default_factory=list)


def address(name: str) -> str:
    hub = PROBLEM_SETS[name].hub
    assert hub is not None
    return f"/datasets/{hub.repository}/resolve/{hub.revision}/{hub.file}"


def as_parquet(rows: list[dict[str, Any]], folder: Path) -> bytes:
    parquet.write_table(Table.from_pylist(rows), folder / "rows.parquet")
    return (folder / "rows.parquet").read_bytes()


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """Serve made-up problem sets."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._answer()

        def do_GET(self) -> None:
            if self.path.startswith("/datasets/"):  # the client asks for things of its own, too
                state.downloads.append(self.path)
            self.wfile.write(self._answer())

        def _answer(self) -> bytes:
            data = state.files.get(self.path)
            self.send_response(404 if data is None else 200)
            if data is not None:
                self.send_header("ETag", f'"{hashlib.sha256(data).hexdigest()}"')
                self.send_header("X-Repo-Commit", self.path.split("/")[5])
            self.send_header("Content-Length", str(len(data or b"")))
            self.end_headers()
            return data or b""

        def log_message(self, *arguments: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    rows = "".join(json.dumps(row) + "\n" for row in MATH500)
    state = Hub(
        url=f"http://127.0.0.1:{server.server_address[1]}",
        files={address("gsm8k"): as_parquet(GSM8K, tmp_path), address("math500"): rows.encode()},
    )
    yield state
    server.shutdown()
    server.server_close()


def reversed_persona(hub: Hub, folder: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    digests = {
        name: problems_digest(to_problems(PROBLEM_SETS[name], "made up", enumerate(rows, start=1)))
        for name, rows in (("gsm8k", GSM8K), ("math500", MATH500))
    }
    clean = {key: value for key, value in os.environ.items() if not key.startswith("HF_")}
    return subprocess.run(
        [sys.executable, "-c", WITH_OTHER_DIGESTS, json.dumps(digests), *arguments],
        capture_output=True, text=True, cwd=folder, timeout=120,
        env={**clean, "HF_ENDPOINT": hub.url, "HF_HOME": str(folder / "cache"), **environment},
    )  # fmt: skip


class TestPrefetch:
    def test_it_leaves_a_folder_that_can_be_used_without_a_network(self, hub: Hub, tmp_path: Path) -> None:
        ran = reversed_persona(hub, tmp_path, "prefetch", "problems")
        assert ran.returncode == 0, ran.stderr
        assert "problems/gsm8k/test.jsonl: 1319 problems from the Hub's openai/gsm8k at 740312" in ran.stdout
        assert [row for _, row in read_rows(tmp_path / "problems/gsm8k/test.jsonl")] == GSM8K
        assert load_problems("math500", tmp_path / "problems")[7]["question"] == "$7$?"
        assert {path.name for path in (tmp_path / "problems").rglob("*") if path.is_file()} == {"test.jsonl", CHECKSUMS}

    def test_checksums_can_be_checked_by_the_usual_tool(self, hub: Hub, tmp_path: Path) -> None:
        assert reversed_persona(hub, tmp_path, "prefetch", ".").returncode == 0
        check = ["sha256sum", "--strict", "-c", CHECKSUMS]
        assert subprocess.run(check, cwd=tmp_path, capture_output=True).returncode == 0
        (tmp_path / "gsm8k/test.jsonl").write_text("altered")
        assert subprocess.run(check, cwd=tmp_path, capture_output=True).returncode == 1

    def test_what_is_right_stays_and_what_is_cut_off_is_fetched_again(self, hub: Hub, tmp_path: Path) -> None:
        reversed_persona(hub, tmp_path, "prefetch", "problems")
        path = tmp_path / "problems/math500/test.jsonl"
        path.write_bytes(path.read_bytes()[:1000])  # as an interrupted copy would leave it
        ran = reversed_persona(hub, tmp_path, "prefetch", "problems")
        first, second, _ = ran.stdout.splitlines()
        assert first.endswith("there already")
        assert "from the Hub's HuggingFaceH4/MATH-500" in second
        assert len(load_problems("math500", tmp_path / "problems")) == 500

    def test_interrupted_download_keeps_what_was_done_and_goes_on(self, hub: Hub, tmp_path: Path) -> None:
        kept = hub.files.pop(address("math500"))
        ran = reversed_persona(hub, tmp_path, "prefetch", "problems")
        assert ran.returncode == 2
        assert "math500: cannot be had from the Hub" in ran.stderr.splitlines()[-1]
        assert not (tmp_path / "problems/math500").exists()
        hub.files[address("math500")] = kept
        ran = reversed_persona(hub, tmp_path, "prefetch", "problems")
        assert ran.stdout.splitlines()[0].endswith("there already")
        assert hub.downloads == [address("gsm8k"), address("math500")]

    def test_other_problems_than_this_version_expects_are_refused(self, hub: Hub, tmp_path: Path) -> None:
        hub.files[address("gsm8k")] = as_parquet([{**row, "answer": "#### 0"} for row in GSM8K], tmp_path)
        ran = reversed_persona(hub, tmp_path, "prefetch", "problems")
        assert (ran.returncode, ran.stdout) == (2, "")
        assert "the problems of this version" in ran.stderr.splitlines()[-1]
        assert not (tmp_path / "problems").exists()

    def test_folder_that_cannot_be_written_to_is_one_line(self, hub: Hub, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        ran = reversed_persona(hub, tmp_path, "prefetch", "file")
        assert ran.returncode == 2
        assert "file is a file; expected a folder to write to" in ran.stderr.splitlines()[-1]
        assert not hub.downloads


class TestDownload:
    def test_hub_is_asked_once_and_never_again(self, hub: Hub, tmp_path: Path) -> None:
        shown = [reversed_persona(hub, tmp_path, "prompts", "reversed_persona_gsm8k") for _ in range(2)]
        assert [ran.returncode for ran in shown] == [0, 0]
        assert "Ann has 0 nuts" in shown[1].stdout
        assert hub.downloads == [address("gsm8k")]

    @pytest.mark.parametrize("switch", ["HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE"])
    def test_offline_switches_are_obeyed(self, hub: Hub, tmp_path: Path, switch: str) -> None:
        ran = reversed_persona(hub, tmp_path, "prompts", "reversed_persona_gsm8k", **{switch: "1"})
        assert ran.returncode == 2
        assert "run `reversed-persona prefetch FOLDER`" in ran.stderr.splitlines()[-1]
        assert not hub.downloads


def test_digests_are_those_of_the_real_problem_sets(shared_data: Path) -> None:
    for name in ("gsm8k", "math500"):
        assert problems_digest(load_problems(name, shared_data)) == PROBLEM_SETS[name].digest
