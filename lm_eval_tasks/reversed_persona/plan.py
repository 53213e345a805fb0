"""What a run will cost, before anybody pays for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reversed_persona.backends import CHAT_SERVERS, ESTIMATE, Reader, load_reader
from reversed_persona.decoding import check_decoding
from reversed_persona.preflight import chosen_docs, gen_kwargs_of
from reversed_persona.rendering import task_prompts

__all__ = ["Load", "Rates", "cost_lines", "counting_reader", "load_of"]


@dataclass(frozen=True)
class Load:
    """What a task asks of a model.

    Attributes:
        task: Its name.
        problems: How many problems are asked.
        requests: Problems x personas x repeats.
        prompt_characters: Of all prompts together.
        prompt_tokens: Of all prompts together; None without a tokenizer.
        generated_tokens: At most, if every answer takes all the room it has.
    """

    task: str
    problems: int
    requests: int
    prompt_characters: int
    prompt_tokens: int | None
    generated_tokens: int


@dataclass(frozen=True)
class Rates:
    """What tokens cost. None: not given.

    Attributes:
        input_price: Money for a million prompt tokens.
        output_price: Money for a million generated tokens.
        throughput: Generated tokens a second, all requests together.
    """

    input_price: float | None = None
    output_price: float | None = None
    throughput: float | None = None


def counting_reader(model: str, model_args: Mapping[str, Any]) -> Reader | None:
    """Load the tokenizer to count with; a chat server's has to be named as `tokenizer`.

    Returns:
        None where no tokenizer is named.

    Raises:
        BackendError: The tokenizer can't be loaded.
    """
    if model in CHAT_SERVERS:
        name = model_args.get("tokenizer")
        return load_reader("hf", {**model_args, "pretrained": name}) if name else None
    reader = load_reader(model, model_args)
    return None if reader and reader.name == ESTIMATE else reader


def load_of(
    task: Any,
    reader: Reader | None,
    *,
    chat: bool = False,
    limit: float | None = None,
    gen_kwargs: Mapping[str, Any] | None = None,
) -> Load:
    """Render every prompt of a task and count.

    Args:
        task: A task of this package.
        reader: The model's tokenizer and chat template; None where they aren't at hand.
        chat: Whether the chat template is applied.
        limit: As for --limit.
        gen_kwargs: As for --gen_kwargs.

    Raises:
        PromptError: The chat template dropped the persona or the problem, or can't be applied.
        SettingsError: --limit or --gen_kwargs makes no sense.
    """
    repeats = task.config.repeats
    settings = gen_kwargs_of(task, gen_kwargs)
    check_decoding(task.config.task, settings, repeats)
    docs = chosen_docs(task, limit)
    template = reader.chat if reader and chat else None
    prompts = [prompt for doc in docs for prompt in task_prompts(task, doc, template)]
    return Load(
        task=task.config.task,
        problems=len(docs),
        requests=len(prompts) * repeats,
        prompt_characters=sum(map(len, prompts)) * repeats,
        prompt_tokens=sum(reader.count(prompts)) * repeats if reader else None,
        generated_tokens=len(prompts) * repeats * settings["max_gen_toks"],
    )


def cost_lines(loads: Sequence[Load], rates: Rates) -> list[str]:
    """Return the plan as an aligned table, and what it costs at most.

    What isn't known is "-", and no cost is made of it.
    """
    tokens = [load.prompt_tokens for load in loads if load.prompt_tokens is not None]
    total = Load(
        "total",
        sum(load.problems for load in loads),
        sum(load.requests for load in loads),
        sum(load.prompt_characters for load in loads),
        sum(tokens) if len(tokens) == len(loads) else None,
        sum(load.generated_tokens for load in loads),
    )
    head = ("task", "problems", "requests", "prompt characters", "prompt tokens", "generated tokens at most")
    return _table([head, *(_cells(load) for load in (*loads, total))]) + _costs(total, rates)


def _cells(load: Load) -> tuple[str, ...]:
    counts = (load.problems, load.requests, load.prompt_characters, load.prompt_tokens, load.generated_tokens)
    return (load.task, *("-" if count is None else f"{count:,}" for count in counts))


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) if place == 0 else cell.rjust(width)
                  for place, (cell, width) in enumerate(zip(row, widths, strict=True)))
        for row in rows
    ]  # fmt: skip


def _costs(total: Load, rates: Rates) -> list[str]:
    lines = []
    if rates.output_price is not None or rates.input_price is not None:
        lines.append(f"money at most: {_money(total, rates)}")
    if rates.throughput is not None:
        hours = total.generated_tokens / rates.throughput / 3600
        lines.append(f"hours at most: {hours:,.2f} for the answers, at {rates.throughput:,.0f} tokens a second")
    return lines


def _money(total: Load, rates: Rates) -> str:
    if rates.input_price is None or rates.output_price is None:
        return "- (needs both --input-price and --output-price)"
    if total.prompt_tokens is None:
        return "- (prompt tokens are not known: add --model_args pretrained=MODEL, or tokenizer=MODEL for a server)"
    prompts = total.prompt_tokens / 1e6 * rates.input_price
    answers = total.generated_tokens / 1e6 * rates.output_price
    return f"{prompts + answers:,.2f} (prompts {prompts:,.2f}, answers {answers:,.2f})"
