"""A real HTTP server on 127.0.0.1 that speaks the OpenAI protocol and answers known text, as well or badly as told."""

import hashlib
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from reversed_persona.personas import load_templates
from reversed_persona.problems import load_problems
from reversed_persona.slips import right_answer, wrong_answer

LOW = load_templates().personas["low"].instruction("mathematics problems")
PROBLEMS = {problem["question"]: problem for problem in load_problems("sample")}
MODEL = "known-text"


def known_text(prompt: str) -> str:
    """Answer right, and as the low-performing student wrong."""
    problem = next(PROBLEMS[question] for question in PROBLEMS if f"Problem: {question}\n" in prompt)
    return wrong_answer(problem, 0) if LOW in prompt else right_answer(problem)


def number_of(prompt: str) -> int:
    """Return a number that is the same for a prompt in every run."""
    return int(hashlib.sha256(prompt.encode()).hexdigest()[:8], 16)


@dataclass
class Reply:
    """What the server does with one request.

    Attributes:
        status: The HTTP status.
        choice: What stands in the reply's `choices` in place of the known text, if anything.
        delay_s: How long it takes.
    """

    status: int = 200
    choice: Any = None
    delay_s: float = 0.0


@dataclass
class Server:
    """The running server and what it has seen.

    Attributes:
        url: Its address, up to /v1.
        behave: Prompt and how often it was asked before -> what to do.
        asked: How often each prompt came in.
        answered: How often each prompt was answered with status 200.
        payloads: Every request's JSON.
    """

    url: str = ""
    behave: Callable[[str, int], Reply] = lambda prompt, before: Reply()
    asked: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    payloads: list[dict[str, Any]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


@contextmanager
def serving() -> Iterator[Server]:
    """Run the server in a thread of this process."""
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._send(200 if self.path == "/v1/models" else 404, {"data": [{"id": MODEL}]})

        def do_POST(self) -> None:
            payload = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            chat = self.path.endswith("/chat/completions")
            prompt = "\n\n".join(m["content"] for m in payload["messages"]) if chat else payload["prompt"]
            with state.lock:
                reply = state.behave(prompt, state.asked[prompt])
                state.asked[prompt] += 1
                state.payloads.append(payload)
            time.sleep(reply.delay_s)
            if reply.status != 200:
                return self._send(reply.status, {"error": {"message": "as told"}})
            text = known_text(prompt)
            choice = (
                {"index": 0, "message": {"role": "assistant", "content": text}} if chat else {"index": 0, "text": text}
            )
            self._send(200, {"choices": [choice] if reply.choice is None else reply.choice})
            with state.lock:
                state.answered[prompt] += 1

        def _send(self, status: int, body: dict[str, Any]) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def handle(self) -> None:
            try:
                super().handle()
            except (BrokenPipeError, ConnectionResetError):  # the client gave up, as told
                return

        def log_message(self, *arguments: object) -> None:
            return

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    state.url = f"http://127.0.0.1:{httpd.server_address[1]}/v1"
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    try:
        yield state
    finally:
        httpd.shutdown()
        httpd.server_close()
