import pytest

from reversed_persona.backends import Reader
from reversed_persona.cli import main
from reversed_persona.plan import Load, Rates, cost_lines, load_of
from reversed_persona.rendering import load_tasks, task_prompts

SAMPLE = "sample_reversed_persona"


def words() -> Reader:
    """Return a reader for which every word is a token."""
    return Reader(
        name="words",
        length=10_000,
        count=lambda texts: [len(text.split()) for text in texts],
        chat=lambda history, **_: f"<chat> {history[-1]['content']}",
    )


class TestLoadOf:
    def test_counts_are_those_of_the_rendered_prompts(self) -> None:
        task = load_tasks([SAMPLE], {})[SAMPLE]
        prompts = [prompt for doc in list(task.eval_docs)[:3] for prompt in task_prompts(task, doc, None)]
        assert load_of(task, words(), limit=3, gen_kwargs={"max_gen_toks": 100}) == Load(
            task=SAMPLE,
            problems=3,
            requests=9,
            prompt_characters=sum(map(len, prompts)),
            prompt_tokens=sum(len(prompt.split()) for prompt in prompts),
            generated_tokens=900,
        )

    def test_repeats_multiply_and_the_chat_template_counts(self) -> None:
        task = load_tasks([SAMPLE], {"repeats": 4})[SAMPLE]
        sampling = {"do_sample": True, "temperature": 0.7}
        plain, chat = (load_of(task, words(), chat=chat, limit=1, gen_kwargs=sampling) for chat in (False, True))
        assert (plain.requests, plain.generated_tokens) == (12, 12 * 2048)
        assert chat.prompt_tokens == plain.prompt_tokens + 12  # type: ignore[operator]  # one word more in each

    def test_without_a_tokenizer_tokens_are_not_known(self) -> None:
        assert load_of(load_tasks([SAMPLE], {})[SAMPLE], None, limit=1).prompt_tokens is None


class TestCostLines:
    load = Load("a_task", 10, 30, 60_000, 15_000, 2_000_000)

    def test_money_is_tokens_times_price(self) -> None:
        # 15,000 * 2/1e6 = 0.03 for the prompts, 2,000,000 * 8/1e6 = 16 for the answers
        lines = cost_lines([self.load], Rates(input_price=2, output_price=8))
        assert lines[-1] == "money at most: 16.03 (prompts 0.03, answers 16.00)"

    def test_hours_are_tokens_by_throughput(self) -> None:
        # 2,000,000 / 500 = 4000 s
        assert "1.11 for the answers" in cost_lines([self.load], Rates(throughput=500))[-1]

    def test_what_is_not_known_is_a_dash_and_makes_no_price(self) -> None:
        unknown = Load("b_task", 1, 3, 100, None, 300)
        lines = cost_lines([self.load, unknown], Rates(input_price=2, output_price=8))
        assert lines[2].split() == ["b_task", "1", "3", "100", "-", "300"]
        assert lines[3].split() == ["total", "11", "33", "60,100", "-", "2,000,300"]
        assert lines[-1].startswith("money at most: - (prompt tokens are not known")

    def test_one_price_alone_makes_none(self) -> None:
        assert "needs both" in cost_lines([self.load], Rates(input_price=2))[-1]

    def test_nothing_is_said_of_what_was_not_asked(self) -> None:
        assert len(cost_lines([self.load], Rates())) == 3


class TestCommand:
    def test_it_prints_the_table(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["plan", SAMPLE, "--limit", "2", "--throughput", "1000"]) == 0
        out = capsys.readouterr().out
        assert "sample_reversed_persona" in out
        assert "hours at most: 0.00 for the answers, at 1,000 tokens a second" in out

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (["nonsense"], "unknown task 'nonsense'"),
            ([SAMPLE, "--model_args", "pretrained=/nowhere"], "/nowhere"),
            ([SAMPLE, "--metadata", "{"], "is not JSON"),
            ([SAMPLE, "--limit", "-1"], "--limit: got -1"),
            ([SAMPLE, "--gen_kwargs", "{"], "--gen_kwargs: got '{'"),
            ([SAMPLE, "--gen_kwargs", "max_gen_toks=abc"], "max_gen_toks: got 'abc'"),
            ([SAMPLE, "--limit", "nan"], "--limit: got nan"),
            ([SAMPLE, "--metadata", '{"repeats": 5}'], "repeats=5 of a greedy answer"),
        ],
    )
    def test_bad_input_is_one_line(self, arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["plan", *arguments]) == 2
        assert says in capsys.readouterr().err.splitlines()[-1]

    @pytest.mark.parametrize("price", ["0", "-1", "nan", "inf", "x"])
    def test_price_has_to_be_a_price(self, price: str) -> None:
        with pytest.raises(SystemExit):
            main(["plan", SAMPLE, "--input-price", price])
