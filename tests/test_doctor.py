from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from reversed_persona.cli import main
from reversed_persona.doctor import Finding, examine

SAMPLE = "sample_reversed_persona"


def statuses(*arguments: object, **options: object) -> dict[str, Finding]:
    return {finding.what: finding for finding in examine(*arguments, **options)}  # type: ignore[arg-type]


class TestInstallation:
    def test_sound_installation_has_no_failure(self) -> None:
        found = statuses([SAMPLE], {})
        assert {name: finding.status for name, finding in found.items()} == {
            "versions": "ok", "templates": "ok", "grader": "ok", "task files": "ok", SAMPLE: "ok", "model": "note",
        }  # fmt: skip
        assert "lm-eval 0.4." in found["versions"].said
        assert found[SAMPLE].said == "64 problems, asked as none, high, low"

    def test_exit_code_is_0_and_every_finding_is_a_line(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["doctor", "--tasks", SAMPLE]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert [line[:4] for line in lines] == ["ok  "] * 5 + ["note"]

    def test_missing_problem_set_fails_and_hides_no_other(self, capsys: pytest.CaptureFixture[str]) -> None:
        tasks = f"reversed_persona,{SAMPLE}"
        assert main(["doctor", "--tasks", tasks, "--metadata", '{"problems_dir": "/nowhere"}']) == 1
        out = capsys.readouterr().out
        assert "FAIL  reversed_persona_gsm8k: problems_dir: /nowhere is not a folder" in out
        assert "FAIL  reversed_persona_math500: problems_dir: /nowhere is not a folder" in out
        assert f"ok    {SAMPLE}" in out

    def test_broken_template_of_the_user_fails(self, tmp_path: Path) -> None:
        (tmp_path / "low.yml").write_text("id: low\nlabel: x\nexpected_accuracy: 7\nwordings: []\n")
        found = statuses([SAMPLE], {"persona_templates": str(tmp_path)})
        assert found["templates"].status == found[SAMPLE].status == "FAIL"
        assert "expected_accuracy" in found["templates"].said

    def test_personas_of_ones_own_are_noted(self, tmp_path: Path) -> None:
        (tmp_path / "tired.yml").write_text(
            "id: tired\nlabel: x\nexpected_accuracy: null\nwordings:\n  - instruction: You are tired.\n"
        )
        found = statuses([SAMPLE], {"persona_templates": str(tmp_path)})
        assert found[SAMPLE].status == "note"
        assert "custom" in found[SAMPLE].said

    def test_task_file_that_lm_eval_passes_over_fails(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "a.yaml").write_text("task: a\nmetadata: [")
        monkeypatch.setattr("reversed_persona.rendering.task_folder", lambda: tmp_path)
        found = statuses([SAMPLE], {})["task files"]
        assert found.status == "FAIL"
        assert "a.yaml: lm-eval passes it over" in found.said

    def test_unknown_backend_fails(self) -> None:
        found = statuses([SAMPLE], {}, "local-chat-completion", {})["model"]
        assert found.status == "FAIL"
        assert "did you mean 'local-chat-completions'" in found.said

    def test_decoding_that_run_would_refuse_fails(self) -> None:
        found = statuses([SAMPLE], {"repeats": 5})
        assert found[SAMPLE].status == "FAIL"
        assert "repeats=5 of a greedy answer" in found[SAMPLE].said

    def test_repeats_on_a_server_with_one_seed_fail(self) -> None:
        sampling = {"do_sample": True, "temperature": 0.7}
        for model, status in (("local-chat-completions", "FAIL"), ("simulated_student", "ok")):
            assert statuses([SAMPLE], {"repeats": 5}, model, {}, gen_kwargs=sampling)[SAMPLE].status == status

    def test_model_without_a_name_fails(self) -> None:
        found = statuses([SAMPLE], {}, "hf", {})["model"]
        assert found.status == "FAIL"
        assert "expected pretrained=" in found.said

    @pytest.mark.parametrize(
        ("model", "absent", "says"),
        [
            ("local-chat-completions", {"tenacity"}, "needs tenacity, which is not installed"),
            ("openai-completions", {"aiohttp", "tenacity"}, "needs aiohttp, tenacity, which are not installed"),
            ("anthropic-chat", {"aiohttp"}, "pip install 'lm-eval[api]'"),
            ("hf", {"accelerate"}, "pip install 'lm-eval[hf]'"),
            ("vllm", {"vllm"}, "pip install 'lm-eval[vllm]'"),
        ],
    )
    def test_missing_package_of_a_backend_fails_and_says_how_to_install_it(
        self, model: str, absent: set[str], says: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("reversed_persona.backends.find_spec", lambda name: None if name in absent else object())
        model_args = {"pretrained": "/nowhere/model", "base_url": "http://127.0.0.1:9/v1/chat/completions"}
        if model == "openai-completions":
            model_args = {"model": "x", "tokenizer_backend": "none"}
        found = statuses([SAMPLE], {}, model, model_args)["backend"]
        assert found.status == "FAIL"
        assert says in found.said

    def test_backend_that_needs_nothing_more_is_ok(self) -> None:
        assert statuses([SAMPLE], {}, "dummy", {})["backend"].status == "ok"

    def test_run_refuses_it_before_the_first_request(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            "reversed_persona.backends.find_spec", lambda name: None if name == "tenacity" else object()
        )
        url = "http://127.0.0.1:9/v1/chat/completions"
        assert main([
            "run", "--model", "local-chat-completions", "--model_args", f"model=x,base_url={url}", "--tasks", SAMPLE,
            "--apply_chat_template", "--log_samples", "--output_path", str(tmp_path),
        ]) == 2  # fmt: skip
        assert capsys.readouterr().err.splitlines()[-1].endswith("pip install 'lm-eval[api]'")

    def test_unknown_task_fails(self) -> None:
        assert "unknown task 'nonsense'" in statuses(["nonsense"], {})["nonsense"].said


@pytest.fixture
def server() -> Iterator[str]:
    """Serve a list of one model, to those who know the key."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.headers["Authorization"] == "Bearer right"
            data = b'{"data": [{"id": "ORG/MODEL"}]}' if self.path == "/v1/models" else b"what?"
            self.send_response(200 if known else 401)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *arguments: object) -> None:
            return

    httpd = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=httpd.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{httpd.server_address[1]}/v1"
    httpd.shutdown()
    httpd.server_close()


class TestServer:
    def look(self, url: str, model: str = "ORG/MODEL") -> Finding:
        model_args = {"model": model, "base_url": f"{url}/chat/completions"}
        return statuses([SAMPLE], {}, "local-chat-completions", model_args)["server"]

    def test_server_that_serves_the_model_is_ok(self, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", "right")
        assert str(self.look(server)) == f"ok    server: {server}/models serves ORG/MODEL"

    def test_another_name_is_noted_with_those_that_are_listed(
        self, server: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", "right")
        found = self.look(server, "ORG/MODLE")
        assert found.status == "note"  # some servers answer to other names, too
        assert "does not list 'ORG/MODLE', but ['ORG/MODEL']" in found.said

    def test_header_of_ones_own_is_sent(self, server: str) -> None:
        model_args = {"model": "ORG/MODEL", "base_url": f"{server}/chat/completions"}
        header = {"Authorization": "Bearer right"}
        assert (
            statuses([SAMPLE], {}, "local-chat-completions", {**model_args, "header": header})["server"].status == "ok"
        )

    @pytest.mark.parametrize(
        ("model", "path"),
        [
            ("local-chat-completions", ""),
            ("local-chat-completions", "/completions"),
            ("local-completions", ""),
            ("local-completions", "/chat/completions"),
        ],
    )
    def test_address_of_another_protocol_fails(self, server: str, model: str, path: str) -> None:
        found = statuses([SAMPLE], {}, model, {"model": "ORG/MODEL", "base_url": server + path})["model"]
        assert found.status == "FAIL"
        assert f"base_url: got '{server}{path}'; expected one that ends in" in found.said

    def test_wrong_key_fails(self, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", "wrong")
        assert "refuses the key (HTTP 401); set OPENAI_API_KEY" in self.look(server).said

    def test_server_that_lists_no_models_is_noted(self, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", "right")
        assert self.look(f"{server}/other").status == "note"

    def test_server_that_does_not_answer_fails(self) -> None:
        assert (
            "http://127.0.0.1:9/v1/models does not answer (ConnectionError)" in self.look("http://127.0.0.1:9/v1").said
        )

    def test_no_address_fails(self) -> None:
        found = statuses([SAMPLE], {}, "local-chat-completions", {"model": "x"})["model"]
        assert found.status == "FAIL"
        assert "base_url: got None; expected one that ends in /chat/completions" in found.said

    def test_chat_template_of_a_server_is_noted_as_out_of_sight(self, server: str) -> None:
        model_args = {"model": "x", "base_url": f"{server}/chat/completions"}
        assert statuses([SAMPLE], {}, "local-chat-completions", model_args)["chat template"].status == "note"
