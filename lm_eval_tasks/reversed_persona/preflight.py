"""What `run` makes sure of before it spends minutes on loading a model, or hours on answers that can't be kept."""

from collections.abc import Iterable, Mapping
from typing import Any

from reversed_persona.answer_cache import claim
from reversed_persona.backends import CHAT_SERVERS, SERVERS, Reader, load_reader
from reversed_persona.decoding import check_decoding, check_seed
from reversed_persona.errors import BackendError, PromptError, SettingsError, did_you_mean
from reversed_persona.output import BYTES_PER_RUN, check_room
from reversed_persona.rendering import longest_questions, task_prompts

__all__ = ["check_fits", "check_run", "gen_kwargs_of", "rows_expected"]

BYTES_PER_RESPONSE = 16 << 10  # prompt, a long answer, verdict, and a share of the row around them
PROMPTS_LOOKED_AT = 16


def check_run(config: Any, loaded: Mapping[str, Any], known_tasks: Iterable[str]) -> None:
    """Refuse what lm-eval would refuse, or pass over in silence, only after the model is loaded.

    Args:
        config: lm-eval's configuration of the run.
        loaded: This package's tasks in the run, by name.
        known_tasks: Every task name that lm-eval knows.

    Raises:
        ReversedPersonaError: Something is wrong, and what.
    """
    _check_model(config)
    known = set(known_tasks)
    for name in config.samples or {}:
        if name not in loaded and ("reversed_persona" in name or name not in known):
            raise SettingsError(f"--samples: {name!r} is not among --tasks{did_you_mean(name, loaded)}")
    for name, task in loaded.items():
        rows_expected(task, config.limit, None)
        task.check_selection(None, (config.samples or {}).get(name))
        gen_kwargs = gen_kwargs_of(task, config.gen_kwargs)
        check_decoding(name, gen_kwargs, task.config.repeats)
        if config.model in SERVERS:
            check_seed(name, gen_kwargs, task.config.repeats)
        if config.num_fewshot:
            task.set_config("num_fewshot", config.num_fewshot)  # says what is wrong with it
    _check_prompts(config, loaded)
    _check_places(config, loaded)


def gen_kwargs_of(task: Any, given: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return a task's generation settings with --gen_kwargs laid over them."""
    return {**task.config.generation_kwargs, **(given or {})}


def rows_expected(task: Any, limit: float | None, samples: Mapping[str, list[int]] | None) -> int:
    """Return how many problems a run asks of a task.

    Raises:
        SettingsError: --limit leaves none.
    """
    if limit is not None and limit <= 0:
        raise SettingsError(f"--limit: got {limit}; expected a number of problems, or a share below 1")
    n = len(task.eval_docs)
    if samples is not None:
        return len(samples.get(task.config.task, range(n)))
    if limit is None:
        return n
    return min(n, int(limit) if limit >= 1 else -int(-n * limit // 1))


def check_fits(name: str, prompts: Mapping[str, int], room: int, length: int) -> None:
    """Refuse prompts that lm-eval would cut at their beginning, where the persona stands.

    Args:
        name: The task.
        prompts: Persona and problem -> tokens of its prompt.
        room: Tokens kept free for the answer.
        length: Tokens that prompt and answer may have together.

    Raises:
        PromptError: A prompt doesn't fit.
    """
    longest = max(prompts, key=prompts.__getitem__)
    if prompts[longest] + room <= length:
        return
    left = length - prompts[longest]
    mend = f"--gen_kwargs max_gen_toks={left} at most, or a longer" if left > 0 else "a longer"
    raise PromptError(
        f"{name}: the prompt of {longest} has {prompts[longest]} tokens, with max_gen_toks={room} that is more than "
        f"the {length} that fit; lm-eval would cut its beginning, where the persona stands. Use {mend} "
        "max_length (vllm: max_model_len) in --model_args, if the model allows it"
    )


def _check_model(config: Any) -> None:
    from lm_eval.api.registry import model_registry

    from reversed_persona.simulation import SimulatedStudent

    if config.model not in model_registry:
        raise SettingsError(
            f"--model: unknown model type {config.model!r}; expected one such as hf, vllm, local-chat-completions"
            + did_you_mean(config.model, model_registry.keys())
        )
    if config.model in CHAT_SERVERS and not config.apply_chat_template:
        raise SettingsError(f"--model {config.model}: speaks in messages only; add --apply_chat_template")
    if config.model == "simulated_student":
        SimulatedStudent(**config.model_args)


def _check_prompts(config: Any, loaded: Mapping[str, Any]) -> None:
    named = config.apply_chat_template
    try:
        reader = load_reader(config.model, config.model_args or {}, named if isinstance(named, str) else None)
    except (BackendError, SettingsError):
        return  # the backend may know another way, and else says so itself
    if reader is None:
        return
    chat_template = reader.chat if config.apply_chat_template else None
    for name, task in loaded.items():
        docs = longest_questions(task, PROMPTS_LOOKED_AT)
        prompts = {
            f"persona {persona.id!r} and {doc['problem_id']}": prompt
            for doc in docs
            for persona, prompt in zip(
                task.settings.personas, task_prompts(task, doc, chat_template, config.system_instruction), strict=True
            )
        }
        _check_lengths(name, prompts, gen_kwargs_of(task, config.gen_kwargs)["max_gen_toks"], reader)


def _check_lengths(name: str, prompts: Mapping[str, str], room: int, reader: Reader) -> None:
    if reader.length is not None:
        tokens = dict(zip(prompts, reader.count(list(prompts.values())), strict=True))
        check_fits(name, tokens, room, reader.length)


def _check_places(config: Any, loaded: Mapping[str, Any]) -> None:
    n_responses = sum(
        rows_expected(task, config.limit, config.samples) * len(task.settings.personas) * task.config.repeats
        for task in loaded.values()
    )
    n_bytes = BYTES_PER_RUN + n_responses * BYTES_PER_RESPONSE
    if config.output_path:
        check_room("--output_path", config.output_path, n_bytes if config.log_samples else BYTES_PER_RUN)
    if config.use_cache:
        check_room("--use_cache", config.use_cache, n_bytes)
        claim(config.use_cache, config.model, config.model_args or {})
