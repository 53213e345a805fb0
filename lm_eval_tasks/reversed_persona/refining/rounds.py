"""`run --refine N`: tasks, and then rounds of refining over the samples just written, with the model loaded once.

Every round is an lm-eval run of its own, with its own results and samples, over exactly the problems that the run
before it asked. Its prompts hold the earlier answers, so with --use_cache an interrupted chain goes on where it was.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from reversed_persona.arms import PASSES
from reversed_persona.backends import CHARACTERS_A_TOKEN
from reversed_persona.errors import PromptError, SettingsError
from reversed_persona.harness import Finished, run
from reversed_persona.preflight import chosen_docs, gen_kwargs_of, longest_prompts, reader_of
from reversed_persona.quoting import MAX_CHARACTERS
from reversed_persona.refining.texts import load_texts

__all__ = ["REFINE_TASKS", "loaded_once", "run_rounds", "take_rounds"]

REFINE_TASKS: Mapping[str, str] = {
    "reversed_persona_gsm8k": "refine_reversed_persona_gsm8k",
    "reversed_persona_math500": "refine_reversed_persona_math500",
    "sample_reversed_persona": "refine_reversed_persona_sample",
}
"""Which task refines the answers of which."""

OPTION = "--refine"
_OF_THE_BASE = ("personas", "attribute", "wordings", "exemplars", "exemplar_seed", "questions", "measures")


def take_rounds(arguments: Sequence[str]) -> tuple[list[str], int]:
    """Take --refine N out of the arguments; all others are lm-eval's.

    Returns:
        The other arguments, and N; 0 where it isn't there.

    Raises:
        SettingsError: N is missing or no whole number from 1, or the option comes twice.
    """
    rest, given, places = [], [], iter(arguments)
    for argument in places:
        if argument == OPTION:
            given.append(next(places, ""))
        elif argument.startswith(f"{OPTION}="):
            given.append(argument.partition("=")[2])
        else:
            rest.append(argument)
    if not given:
        return rest, 0
    if len(given) > 1 or not (given[0].isascii() and given[0].isdigit()) or not 1 <= int(given[0][:4]) <= 99:
        raise SettingsError(f"{OPTION}: got {' and '.join(given)!r:.40}; expected one whole number from 1 to 99")
    return rest, int(given[0])


def run_rounds(arguments: Sequence[str], rounds: int) -> None:
    """Run tasks as `harness.run` does, and then refine their answers.

    Args:
        arguments: lm-eval's.
        rounds: How often the answers are refined, from 1.

    Raises:
        ReversedPersonaError: As for `harness.run`; or nothing can be refined, or the samples aren't kept.
    """
    with ExitStack() as stack:
        followed: list[str] = []

        def check(config: Any, tasks: Mapping[str, Any]) -> None:
            followed.extend(_tasks_to_refine(config, tasks))
            for name in followed:
                _check_room(config, tasks[name])
            stack.enter_context(loaded_once(config.model))

        done = run(arguments, check=check)
        earlier = {REFINE_TASKS[name]: _samples(done, name) for name in followed}
        for number in range(1, rounds + 1):
            print(f"reversed-persona: {OPTION}: round {number} of {rounds}", file=sys.stderr, flush=True)
            done = run(arguments, configure=_following(earlier))
            earlier = {name: _samples(done, name) for name in earlier}


@contextmanager
def loaded_once(model: str) -> Iterator[None]:
    """Let lm-eval load a model once and have it again in each further run with the same arguments."""
    from lm_eval.api.registry import get_model

    backend: Any = get_model(model)
    create, own = backend.create_from_arg_obj, backend.__dict__.get("create_from_arg_obj")
    loaded: dict[str, Any] = {}

    def create_from_arg_obj(arg_dict: Mapping[str, Any], additional_config: Mapping[str, Any] | None = None) -> Any:
        key = repr([sorted(arguments.items(), key=repr) for arguments in (arg_dict, additional_config or {})])
        if key not in loaded:
            loaded[key] = create(arg_dict, additional_config)
        return loaded[key]

    backend.create_from_arg_obj = staticmethod(create_from_arg_obj)
    try:
        yield
    finally:
        if own is None:
            del backend.create_from_arg_obj
        else:
            backend.create_from_arg_obj = own


def _tasks_to_refine(config: Any, tasks: Mapping[str, Any]) -> list[str]:
    """Choose the tasks that have a refine task and were asked as it needs; say which others are left as they are."""
    if not (config.log_samples and config.output_path):
        raise SettingsError(
            f"{OPTION}: needs --log_samples and --output_path FOLDER: each round reads the samples of the one before"
        )
    if os.environ.get("WORLD_SIZE", "1") not in ("", "1"):
        raise SettingsError(
            f"{OPTION}: can't be run in several processes; run the refine tasks after the base tasks, with "
            "earlier_run in --metadata"
        )
    chosen = [name for name, task in tasks.items() if name in REFINE_TASKS and _has_both(task)]
    if not chosen:
        raise SettingsError(
            f"{OPTION}: none of the tasks can be refined; expected one of {', '.join(REFINE_TASKS)} in --tasks, asked "
            "as high and as low"
        )
    if others := [name for name in tasks if name not in chosen]:
        print(f"reversed-persona: {OPTION}: run, but not refined: {', '.join(others)}", file=sys.stderr, flush=True)
    return chosen


def _has_both(task: Any) -> bool:
    return {"high", "low"} <= {arm.id for arm in task.settings.arms}


def _check_room(config: Any, task: Any) -> None:
    """Refuse answers so long that a round's prompt could not hold one: it would show only when all had been given."""
    reader = reader_of(config)
    if reader is None:
        return
    name, room = task.config.task, gen_kwargs_of(task, config.gen_kwargs)["max_gen_toks"]
    longest = max(longest_prompts(config, task, chosen_docs(task, config.limit, config.samples), reader).values())
    own = task.config.metadata.get("persona_templates")
    texts = load_texts(Path(own).resolve() if own else None)
    longest += max(reader.count([texts.ask(one, "", "0" * 16) for one in PASSES]))
    most_shown = MAX_CHARACTERS // CHARACTERS_A_TOKEN
    prompt, free = longest + min(room, most_shown), reader.length - longest
    if prompt + (0 if reader.answers_apart else room) > reader.length:
        raise PromptError(
            f"{OPTION}: {name}: with max_gen_toks={room} a round's prompt may have {prompt} tokens, an earlier answer "
            f"among them, and the new answer {room}: more than the {reader.length} that fit. Use --gen_kwargs "
            f"max_gen_toks={max(1, free // 2, free - most_shown)} at most, or a longer max_length (vllm: "
            "max_model_len) in --model_args, if the model allows it"
        )


def _samples(done: Finished, task: str) -> Path:
    if done.results is None:
        raise SettingsError(f"{OPTION}: the samples of {task} were not written; see what lm-eval said above")
    return done.samples(task)


def _following(earlier: Mapping[str, Path]) -> Callable[[Any], None]:
    """Return what turns the configuration of the first run into that of a round over these samples, by refine task."""

    def configure(config: Any) -> None:
        config.tasks = list(earlier)
        config.limit = config.samples = None  # the samples hold just what was asked
        kept = {key: value for key, value in (config.metadata or {}).items() if key not in _OF_THE_BASE}
        config.metadata = kept | {"earlier_run": {name: str(path) for name, path in earlier.items()}}

    return configure
