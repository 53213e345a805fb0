"""lm-eval's API models against a real server that is slow, out of order, overloaded, broken, or silent."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from chat_server import MODEL, Reply, Server, known_text, number_of, serving
from outcomes import rows_of, scores_of, verdicts_of

from reversed_persona.cli import main

pytest.importorskip("aiohttp", reason="the extra `api` is not installed")


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as state:
        yield state


Run = Callable[..., int]


@pytest.fixture
def run(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run six problems, 18 requests, through a chat server in this process."""
    monkeypatch.chdir(tmp_path)

    def started(*options: str, concurrent: int = 6, model: str = "local-chat-completions", args: str = "") -> int:
        path = "completions" if model == "local-completions" else "chat/completions"
        where = f"model={MODEL},base_url={server.url}/{path}"
        return main([
            "run", "--model", model,
            "--model_args", f"{where},num_concurrent={concurrent},max_retries=2{args}",
            "--tasks", "sample_reversed_persona", "--limit", "6", "--output_path", "out", "--log_samples",
            *(() if model == "local-completions" else ("--apply_chat_template",)), *options,
        ])  # fmt: skip

    return started


def assert_every_answer_stands_at_its_own_question(folder: Path) -> None:
    for row in rows_of(folder):
        for number, (response,) in enumerate(row["resps"]):
            prompt = row["arguments"][f"gen_args_{number}"]["arg_0"]
            assert row["doc"]["question"] in str(prompt)
            assert response == known_text(text_of(prompt))


def text_of(prompt: object) -> str:
    """Return the words of a logged chat prompt, which lm-eval writes as a list that holds JSON."""
    import json

    if isinstance(prompt, list):
        return "\n\n".join(message["content"] for message in json.loads(prompt[0]))
    return str(prompt)


class TestAnswers:
    @pytest.mark.parametrize("concurrent", [1, 6])
    def test_slow_and_out_of_order_answers_go_to_their_own_questions(
        self, server: Server, run: Run, tmp_path: Path, concurrent: int
    ) -> None:
        server.behave = lambda prompt, before: Reply(delay_s=number_of(prompt) % 5 / 20)
        assert run(concurrent=concurrent) == 0
        assert_every_answer_stands_at_its_own_question(tmp_path / "out")
        scores = scores_of(tmp_path / "out")
        assert (scores["acc_none"], scores["acc_high"], scores["acc_low"], scores["reversal"]) == (1, 1, 0, 1)

    def test_completions_get_plain_text(self, server: Server, run: Run, tmp_path: Path) -> None:
        assert run(model="local-completions", args=",tokenizer_backend=None,tokenized_requests=False") == 0
        assert_every_answer_stands_at_its_own_question(tmp_path / "out")
        assert scores_of(tmp_path / "out")["reversal"] == 1
        assert all(payload["prompt"].endswith("Final answer: <your answer>") for payload in server.payloads)

    def test_rounds_of_refining_follow_the_servers_own_answers(self, server: Server, run: Run, tmp_path: Path) -> None:
        assert run("--refine", "1") == 0
        base, refined = (
            {row["doc"]["problem_id"]: row for row in rows_of(tmp_path / "out", name)}
            for name in ("sample_reversed_persona", "refine_reversed_persona_sample")
        )
        assert len(server.payloads) == 18 + 24  # 6 problems as none, high, low, then in four arms
        assert base.keys() == refined.keys()
        for name, row in refined.items():
            _, high, low = (answer for (answer,) in base[name]["resps"])
            for place, mine in enumerate([high, low, high, low]):
                assert f"===\n{mine}\n=== END OF" in text_of(row["arguments"][f"gen_args_{place}"]["arg_0"])
            assert (row["reversal_refined"], row["delta_reversal"]) == (1, 0)

    def test_overload_and_server_errors_are_asked_again(self, server: Server, run: Run, tmp_path: Path) -> None:
        def stumble(prompt: str, before: int) -> Reply:
            return Reply(status=(200, 429, 500)[number_of(prompt) % 3]) if before == 0 else Reply()

        server.behave = stumble
        assert run() == 0
        assert {1, 2} == set(server.asked.values())
        assert_every_answer_stands_at_its_own_question(tmp_path / "out")

    def test_answer_that_takes_too_long_is_asked_for_again(self, server: Server, run: Run, tmp_path: Path) -> None:
        server.behave = lambda prompt, before: Reply(delay_s=3 if before == 0 and number_of(prompt) % 4 == 0 else 0)
        assert run(args=",timeout=1") == 0
        assert 2 in server.asked.values()
        assert_every_answer_stands_at_its_own_question(tmp_path / "out")

    @pytest.mark.parametrize("concurrent", [1, 6])
    @pytest.mark.parametrize("cache", [(), ("--use_cache", "answers")], ids=["no cache", "cache"])
    @pytest.mark.parametrize(
        "choice",
        [
            [{"index": 0, "message": {"role": "assistant", "content": ""}}],
            [{"index": 0, "message": {"role": "assistant", "content": None, "reasoning_content": "Let me see"}}],
            [{"index": 0, "message": {"role": "assistant"}}],
        ],
        ids=["empty", "null", "no content"],
    )
    def test_empty_reply_is_unanswered_and_shifts_no_other(
        self, server: Server, run: Run, tmp_path: Path, choice: list[object], cache: tuple[str, ...], concurrent: int
    ) -> None:
        server.behave = lambda prompt, before: Reply(choice=choice if number_of(prompt) % 3 == 0 else None)
        assert run(*cache, concurrent=concurrent) == 0
        verdicts = [
            (verdict["persona"], verdict["status"], verdict["reason"], silent(row, number))
            for row in rows_of(tmp_path / "out")
            for number, verdict in enumerate(verdicts_of(row))
        ]
        assert sum(told_silent for *_, told_silent in verdicts) >= 3
        for persona, status, reason, told_silent in verdicts:
            expected = ("unanswered", "empty") if told_silent else ("wrong" if persona == "low" else "correct", None)
            assert (status, reason) == expected


def silent(row: dict[str, object], number: int) -> bool:
    arguments = row["arguments"]
    assert isinstance(arguments, dict)
    return number_of(text_of(arguments[f"gen_args_{number}"]["arg_0"])) % 3 == 0


class TestThinking:
    def test_thinking_in_the_reply_is_no_answer_and_an_unfinished_thought_is_none(
        self, server: Server, run: Run, tmp_path: Path
    ) -> None:
        thoughts = ["<think>Perhaps 3? Final answer: 3", "<think>Final answer: 3</think>That was it."]
        server.behave = lambda prompt, before: Reply(
            choice=[{"index": 0, "message": {"content": thoughts[number_of(prompt) % 2]}}]
        )
        assert run() == 0
        reasons = [verdict["reason"] for row in rows_of(tmp_path / "out") for verdict in verdicts_of(row)]
        assert set(reasons) == {"unfinished_thinking", "no_final_answer"}
        assert scores_of(tmp_path / "out")["reversal"] == -1


class TestSampling:
    def test_repeats_are_drawn_each_by_itself_and_averaged(self, server: Server, run: Run, tmp_path: Path) -> None:
        sampling = ("--gen_kwargs", "do_sample=true,temperature=0.7,seed=None", "--metadata", '{"repeats": 3}')
        server.behave = lambda prompt, before: Reply(
            choice=[{"index": 0, "message": {"content": ""}}]
            if before == 0 and "at a very low level" in prompt
            else None
        )
        assert run(*sampling, concurrent=1) == 0
        assert set(server.asked.values()) == {3}
        assert {(payload["seed"], payload["temperature"]) for payload in server.payloads} == {(None, 0.7)}
        scores = scores_of(tmp_path / "out")
        assert scores["unanswered_low"] == pytest.approx(1 / 3)  # the first of three draws is silent
        assert scores["reversal"] == pytest.approx(1 + 2 / 3 - 1)

    def test_repeats_with_the_seed_that_lm_eval_sends_are_refused(
        self, server: Server, run: Run, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run("--gen_kwargs", "do_sample=true,temperature=0.7", "--metadata", '{"repeats": 3}') == 2
        assert "add seed=None to --gen_kwargs" in capsys.readouterr().err.splitlines()[-1]
        assert not server.asked


class TestTrouble:
    @pytest.mark.parametrize("concurrent", [1, 6])
    def test_aborted_run_goes_on_from_its_cache_and_asks_nothing_twice(
        self, server: Server, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], concurrent: int
    ) -> None:
        server.behave = lambda prompt, before: Reply(status=500 if len(server.answered) >= 9 else 200)
        assert run("--use_cache", "cache/answers", concurrent=concurrent) == 2
        last = capsys.readouterr().err.splitlines()[-1]
        assert last.startswith("reversed-persona: error: --model local-chat-completions: stopped answering")
        assert "500" in last
        assert "run the same command again" in last
        assert not (tmp_path / "out").exists()
        already = dict(server.answered)
        assert len(already) >= 9

        server.behave = lambda prompt, before: Reply()
        assert run("--use_cache", "cache/answers", concurrent=concurrent) == 0
        assert len(server.answered) == 18
        # answers on their way when another request failed for good never reached lm-eval
        lost = sum(server.answered[prompt] - times for prompt, times in already.items())
        assert lost <= concurrent - 1
        assert_every_answer_stands_at_its_own_question(tmp_path / "out")

    def test_finished_run_is_not_asked_again(self, server: Server, run: Run, tmp_path: Path) -> None:
        assert run("--use_cache", "answers") == 0
        first = scores_of(tmp_path / "out")
        (tmp_path / "out").rename(tmp_path / "first")
        assert run("--use_cache", "answers") == 0
        assert set(server.asked.values()) == {1}
        assert scores_of(tmp_path / "out") == first

    def test_cache_of_another_model_is_refused(
        self, server: Server, run: Run, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run("--use_cache", "answers") == 0
        asked = server.asked.total()
        assert run("--use_cache", "answers", args=",think_end_token=x") == 2
        assert "one per model and configuration" in capsys.readouterr().err.splitlines()[-1]
        assert run("--use_cache", "answers", args=",timeout=7") == 0  # how it is asked makes no other model
        assert server.asked.total() == asked

    def test_server_that_is_not_there_is_one_line(
        self, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(args=",base_url=http://127.0.0.1:9/v1/chat/completions", concurrent=1) == 2
        err = capsys.readouterr().err
        assert "stopped answering (ConnectionError" in err.splitlines()[-1]
        assert "with --use_cache FILE a run can go on" in err.splitlines()[-1]
        assert not (tmp_path / "out").exists()

    def test_chat_server_without_a_chat_template_is_refused_before_anything_is_asked(
        self, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.chdir(tmp_path)
        arguments = ["--model_args", f"model={MODEL},base_url={server.url}/chat/completions"]
        assert main(["run", "--model", "local-chat-completions", *arguments, "--tasks", "sample_reversed_persona"]) == 2
        assert "add --apply_chat_template" in capsys.readouterr().err.splitlines()[-1]
        assert not server.asked
