"""What `run` makes sure of before it spends minutes on loading a model, or hours on answers that can't be kept."""

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from reversed_persona.answer_cache import claim
from reversed_persona.backends import CHAT_SERVERS, ESTIMATE, SERVERS, WEIGHTS, Reader, load_reader, missing_packages
from reversed_persona.decoding import check_decoding, check_seed
from reversed_persona.errors import BackendError, PromptError, SettingsError, did_you_mean
from reversed_persona.output import BYTES_PER_RUN, check_room, folder_of
from reversed_persona.rendering import task_prompts

__all__ = [
    "OUR_NAMES",
    "check_decoding_of",
    "check_fits",
    "check_model",
    "check_model_args",
    "check_packages",
    "check_run",
    "chosen_docs",
    "gen_kwargs_of",
    "longest_prompts",
    "prompt_tokens",
    "reader_of",
]

BYTES_PER_RESPONSE = 16 << 10  # prompt, a long answer, verdict, and a share of the row around them
PROMPTS_LOOKED_AT = 16
OUR_NAMES = "reversed_persona"  # stands in the name of every task here and of none that comes with lm-eval


def check_run(config: Any, loaded: Mapping[str, Any], known_tasks: Iterable[str]) -> None:
    """Refuse what lm-eval would refuse, or pass over in silence, only after the model is loaded.

    Args:
        config: lm-eval's configuration of the run.
        loaded: This package's tasks in the run, by name.
        known_tasks: Every task name that lm-eval knows.

    Raises:
        ReversedPersonaError: Something is wrong, and what.
    """
    check_model(config.model)
    check_model_args(config.model, config.model_args or {})
    _check_model_settings(config)
    _check_samples(config.samples, loaded, set(known_tasks))
    asked = {name: chosen_docs(task, config.limit, config.samples) for name, task in loaded.items()}
    for task in loaded.values():
        check_decoding_of(task, config.model, config.gen_kwargs)
        if config.num_fewshot:
            task.set_config("num_fewshot", config.num_fewshot)  # says what is wrong with it
    _check_prompts(config, loaded, asked)
    check_packages(config.model)
    _check_places(config, loaded, asked)


def check_model(model: object) -> None:
    """Refuse a backend that lm-eval doesn't know.

    Raises:
        SettingsError: There is none of this name.
    """
    import lm_eval.models  # noqa: F401  # fills the registry
    from lm_eval.api.registry import model_registry

    if model not in model_registry:
        raise SettingsError(
            f"--model: unknown model type {model!r}; expected one such as hf, vllm, local-chat-completions"
            + did_you_mean(model, model_registry.keys())
        )


def check_packages(model: str) -> None:
    """Refuse a backend whose packages are not installed: lm-eval would say so late, or with a traceback.

    Raises:
        SettingsError: A package is missing, and how to install it.
    """
    missing, extra = missing_packages(model)
    if missing:
        raise SettingsError(
            f"--model {model}: needs {', '.join(missing)}, which {'is' if len(missing) == 1 else 'are'} not installed; "
            f"install with: pip install 'lm-eval[{extra}]'"
        )


def check_model_args(model: str, model_args: Mapping[str, Any]) -> None:
    """Refuse arguments with which a backend can't begin.

    Raises:
        SettingsError: The model or the server's address is missing, or the address is one of another protocol.
    """
    if model in WEIGHTS and not (model_args.get("pretrained") or model_args.get("model")):
        raise SettingsError(f"--model_args: --model {model}: no model is named; expected pretrained=NAME or a folder")
    if model.startswith("local-") and model in SERVERS:
        url = model_args.get("base_url")
        chats = model in CHAT_SERVERS
        path = url.split("?")[0].rstrip("/") if isinstance(url, str) else "/v1"
        # a gateway may have an address of its own; these are certainly wrong
        if path.endswith("/v1") or (path.endswith("/completions") and path.endswith("/chat/completions") != chats):
            ending = "/chat/completions" if chats else "/completions"
            raise SettingsError(
                f"--model_args base_url: got {url!r}; expected one that ends in {ending} for --model {model}, "
                f"such as http://127.0.0.1:8000/v1{ending}"
            )


def gen_kwargs_of(task: Any, given: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return a task's generation settings with --gen_kwargs laid over them.

    Raises:
        SettingsError: --gen_kwargs holds no keys.
    """
    if given is not None and not isinstance(given, Mapping):
        raise SettingsError(f"--gen_kwargs: got {given!r:.80}; expected key=value pairs")
    return {**task.config.generation_kwargs, **(given or {})}


def chosen_docs(task: Any, limit: object, samples: Mapping[str, list[int]] | None = None) -> list[Mapping[str, Any]]:
    """Return the problems that a run asks of a task.

    Args:
        task: A task of this package.
        limit: As for --limit.
        samples: As for --samples, checked.

    Raises:
        SettingsError: --limit or --samples makes no sense, or leaves nothing to ask.
    """
    docs = list(task.eval_docs)
    numbers = (samples or {}).get(task.config.task)
    task.check_selection(None, numbers)
    if numbers is not None:
        return [docs[number] for number in numbers]
    if limit is None:
        return docs
    if isinstance(limit, bool) or not isinstance(limit, int | float) or not limit > 0:
        raise SettingsError(f"--limit: got {limit!r}; expected a number of problems, or a share below 1")
    return docs[: int(limit) if limit >= 1 else math.ceil(len(docs) * limit)]


def prompt_tokens(
    task: Any, docs: Iterable[Mapping[str, Any]], reader: Reader, chat: bool, system_instruction: str | None = None
) -> dict[str, int]:
    """Return the tokens of each prompt, by persona and problem.

    Args:
        task: A task of this package.
        docs: The problems' rows.
        reader: The model's tokenizer and chat template.
        chat: Whether the chat template is applied, if it is known.
        system_instruction: As for --system_instruction.

    Raises:
        PromptError: The chat template dropped the persona or the problem, or can't be applied.
    """
    prompts = {
        f"persona {persona.id!r} and {doc['problem_id']}": prompt
        for doc in docs
        for persona, prompt in zip(
            task.settings.arms,
            task_prompts(task, doc, reader.chat if chat else None, system_instruction),
            strict=True,
        )
    }
    return dict(zip(prompts, reader.count(list(prompts.values())), strict=True))


def reader_of(config: Any) -> Reader | None:
    """Return how the model of a run reads; None where that isn't known on this side, or the backend has to say it."""
    named = config.apply_chat_template
    try:
        return load_reader(config.model, config.model_args or {}, named if isinstance(named, str) else None)
    except (BackendError, SettingsError):
        return None  # the backend may know another way, and else says so itself


def longest_prompts(config: Any, task: Any, docs: Iterable[Mapping[str, Any]], reader: Reader) -> dict[str, int]:
    """Return the tokens of the longest prompts of a task in a run, by persona and problem.

    Raises:
        PromptError: See `prompt_tokens`.
    """
    longest = sorted(docs, key=task.prompt_length, reverse=True)[:PROMPTS_LOOKED_AT]
    return prompt_tokens(task, longest, reader, bool(config.apply_chat_template), config.system_instruction)


def check_decoding_of(task: Any, model: str | None, given: Mapping[str, Any] | None) -> None:
    """Refuse --gen_kwargs and repeats that contradict each other, or this backend.

    Raises:
        SettingsError: See `decoding`.
    """
    gen_kwargs = gen_kwargs_of(task, given)
    check_decoding(task.config.task, gen_kwargs, task.config.repeats)
    if model in SERVERS:
        check_seed(task.config.task, gen_kwargs, task.config.repeats)


def check_fits(name: str, prompts: Mapping[str, int], room: int, reader: Reader) -> None:
    """Refuse prompts that lm-eval would cut at their beginning, where the persona stands.

    Args:
        name: The task.
        prompts: Persona and problem -> tokens of its prompt.
        room: Tokens kept free for the answer.
        reader: The model's tokenizer and length.

    Raises:
        PromptError: A prompt doesn't fit.
    """
    longest = max(prompts, key=prompts.__getitem__)
    beside = 0 if reader.answers_apart else room
    left = reader.length - prompts[longest]
    if left >= beside:
        return
    counted = "about " if reader.name == ESTIMATE else ""
    mend = f"--gen_kwargs max_gen_toks={left} at most, or a longer" if left > 0 and beside else "a longer"
    raise PromptError(
        f"{name}: the prompt of {longest} has {counted}{prompts[longest]} tokens"
        + (f", with max_gen_toks={room} that is" if beside else ",")
        + f" more than the {reader.length} that fit; lm-eval would cut its beginning, where the persona stands. "
        f"Use {mend} max_length (vllm: max_model_len) in --model_args, if the model allows it"
    )


def _check_model_settings(config: Any) -> None:
    from reversed_persona.judging.simulation import SimulatedJudge
    from reversed_persona.simulation import SimulatedStudent

    if config.model in CHAT_SERVERS and not config.apply_chat_template:
        raise SettingsError(f"--model {config.model}: speaks in messages only; add --apply_chat_template")
    if config.model == "simulated_student":
        SimulatedStudent(**config.model_args)
    if config.model == "simulated_judge":
        SimulatedJudge(**config.model_args)


def _check_samples(samples: Any, loaded: Mapping[str, Any], known: set[str]) -> None:
    if samples is None:
        return
    if not isinstance(samples, Mapping):
        raise SettingsError(
            f"--samples: got {samples!r:.80}; expected a JSON object, or a file of one, such as "
            "'{\"sample_reversed_persona\": [0, 5]}'"
        )
    for name, numbers in samples.items():
        if name not in loaded and (OUR_NAMES in str(name) or name not in known):
            raise SettingsError(f"--samples: {name!r} is not among --tasks{did_you_mean(name, loaded)}")
        if not isinstance(numbers, list):
            raise SettingsError(f"--samples: {name}: got {numbers!r:.80}; expected a list of numbers")


def _check_prompts(config: Any, loaded: Mapping[str, Any], asked: Mapping[str, list[Mapping[str, Any]]]) -> None:
    reader = reader_of(config)
    if reader is None:
        return
    for name, task in loaded.items():
        tokens = longest_prompts(config, task, asked[name], reader)
        check_fits(name, tokens, gen_kwargs_of(task, config.gen_kwargs)["max_gen_toks"], reader)


def _check_places(config: Any, loaded: Mapping[str, Any], asked: Mapping[str, list[Mapping[str, Any]]]) -> None:
    n_responses = sum(len(asked[name]) * len(task.settings.arms) * task.config.repeats for name, task in loaded.items())
    n_bytes = BYTES_PER_RUN + n_responses * BYTES_PER_RESPONSE
    if config.output_path:
        check_room(
            "--output_path", str(folder_of(config.output_path)), n_bytes if config.log_samples else BYTES_PER_RUN
        )
    if config.use_cache:
        check_room("--use_cache", str(Path(config.use_cache).parent), n_bytes)
        claim(config.use_cache, config.model, config.model_args or {})
