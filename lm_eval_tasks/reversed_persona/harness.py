"""lm-eval as we start it: its own `run`, with this package's tasks and models known to it."""

import fnmatch
import logging
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from reversed_persona.errors import SettingsError, did_you_mean

__all__ = ["rendered_prompts", "run", "task_folder"]

OUR_NAMES = "reversed_persona"  # stands in the name of every task here and of none that comes with lm-eval


def task_folder() -> Path:
    """Return the folder for lm-eval's --include_path."""
    return Path(__file__).resolve().parent


def run(arguments: Sequence[str]) -> None:
    """Run `lm_eval run` with these arguments.

    Raises:
        ReversedPersonaError: A setting, a template or a problem set is wrong.
        SystemExit: lm-eval's own parser refuses the arguments, or shows its help.
    """
    import lm_eval.models  # noqa: F401  # first, or lm-eval takes our model for all there are
    from lm_eval._cli import HarnessCLI
    from lm_eval.utils import setup_logging

    import reversed_persona.simulation  # noqa: F401  # registers simulated_student

    setup_logging()
    own_argv, sys.argv = sys.argv, ["lm-eval", "run", *arguments]  # where lm-eval's parser looks
    parser = HarnessCLI()
    try:
        with _our_tasks():
            parser.execute(_in_one_line(parser.parse_args))
    finally:
        sys.argv = own_argv


def rendered_prompts(
    task: str, problem: str | None, metadata: Mapping[str, Any], tokenizer_name: str | None
) -> list[tuple[str, str]]:
    """Return what each persona of a task is asked about one problem.

    Args:
        task: Name of a task of this package.
        problem: Id of the problem; None for the first one.
        metadata: As for --metadata.
        tokenizer_name: Name or folder of a model whose chat template to use; None for plain text.

    Returns:
        Pairs of a heading and a prompt.

    Raises:
        ReversedPersonaError: The task, the problem or the chat template is unknown or wrong.
    """
    from lm_eval.tasks import TaskManager

    logging.getLogger("lm_eval").setLevel(logging.ERROR)
    manager = TaskManager(include_path=str(task_folder()), include_defaults=False, metadata=dict(metadata))
    if task not in manager.all_tasks:
        raise SettingsError(
            f"prompts: unknown task {task!r}; expected one of {', '.join(manager.all_tasks)}"
            + did_you_mean(task, manager.all_tasks)
        )
    chat_template = _chat_template(tokenizer_name) if tokenizer_name else None
    return [
        heading_and_prompt
        for member in manager.load(task)["tasks"].values()
        for heading_and_prompt in _task_prompts(member, problem, chat_template)
    ]


def _task_prompts(task: Any, problem: str | None, chat_template: Callable[..., str] | None) -> list[tuple[str, str]]:
    docs = {doc["problem_id"]: doc for doc in task.eval_docs}
    chosen = problem or next(iter(docs))
    if chosen not in docs:
        raise SettingsError(
            f"prompts: {task.config.task} has no problem {chosen!r}; expected an id such as {next(iter(docs))!r}"
            + did_you_mean(chosen, docs)
        )
    contexts = task.fewshot_context(
        docs[chosen],
        num_fewshot=0,
        apply_chat_template=chat_template is not None,
        fewshot_as_multiturn=True,
        chat_template=chat_template,
    )
    fingerprints = task.config.metadata["prompt_fingerprints"]
    return [
        (f"{task.config.task} / {chosen} / {persona.id} / template {fingerprints[persona.id]}", str(context))
        for persona, context in zip(task.settings.personas, contexts, strict=True)
    ]


@contextmanager
def _our_tasks() -> Iterator[None]:
    """Let lm-eval find this package's tasks beside the user's, and say its configuration errors in one line."""
    import lm_eval.tasks
    from lm_eval.config.evaluate_config import EvaluatorConfig

    from_cli, process_tasks = EvaluatorConfig.from_cli, EvaluatorConfig.process_tasks
    task_manager = lm_eval.tasks.TaskManager

    def with_our_tasks(config: Any, metadata: Any = None) -> Any:
        given = config.include_path or []
        folders = [given] if isinstance(given, str | Path) else list(given)
        ours = task_folder()
        # the same folder twice would make lm-eval warn of every task as overridden
        config.include_path = [str(folder) for folder in folders if not _holds(Path(folder), ours)] + [str(ours)]
        # reading the thousands of YAMLs that come with lm-eval takes it ten seconds
        lm_eval.tasks.TaskManager = partial(task_manager, include_defaults=bool(given) or not _only_ours(config.tasks))
        manager = _in_one_line(process_tasks, config, metadata)
        _check_before_the_model_is_loaded(config, manager)
        return manager

    EvaluatorConfig.from_cli = lambda namespace: _in_one_line(from_cli, namespace)
    EvaluatorConfig.process_tasks = with_our_tasks
    try:
        yield
    finally:
        EvaluatorConfig.from_cli, EvaluatorConfig.process_tasks = from_cli, process_tasks
        lm_eval.tasks.TaskManager = task_manager


def _check_before_the_model_is_loaded(config: Any, manager: Any) -> None:
    """Refuse what lm-eval would refuse, or pass over in silence, only after minutes of loading."""
    from lm_eval.api.registry import model_registry

    from reversed_persona.simulation import SimulatedStudent

    if config.model not in model_registry:
        raise SettingsError(
            f"--model: unknown model type {config.model!r}; expected one such as hf, vllm, local-chat-completions"
            + did_you_mean(config.model, model_registry.keys())
        )
    if config.limit is not None and config.limit <= 0:
        raise SettingsError(f"--limit: got {config.limit}; expected a number of problems, or a share below 1")
    loaded = manager.load([name for name in config.tasks if OUR_NAMES in str(name)])["tasks"]
    for name in config.samples or {}:
        if name not in loaded and (OUR_NAMES in name or name not in manager.all_tasks):
            raise SettingsError(f"--samples: {name!r} is not among --tasks{did_you_mean(name, loaded)}")
    if model_registry.get(config.model) is SimulatedStudent:
        SimulatedStudent(**config.model_args)


def _only_ours(tasks: str | Sequence[str] | None) -> bool:
    """Whether every name, or glob of names, is of this package and can't be of lm-eval."""
    names = ",".join([tasks] if isinstance(tasks, str) else map(str, tasks or [""])).split(",")
    return all(OUR_NAMES in name and fnmatch.filter(_our_task_names(), name) for name in names)


def _holds(folder: Path, ours: Path) -> bool:
    return folder.resolve() in (ours, ours.parent)


def _in_one_line(step: Callable[..., Any], *arguments: Any) -> Any:
    """Call a step of lm-eval's configuration; what it refuses is the user's to mend, so no traceback."""
    try:
        return step(*arguments)
    except (ValueError, TypeError, KeyError, OSError) as error:
        hint = f". The tasks here are {', '.join(_our_task_names())}" if "Tasks not found" in str(error) else ""
        raise SettingsError(f"lm-eval: {error}{hint}. See `reversed-persona run --help`") from error


def _our_task_names() -> list[str]:
    from lm_eval.tasks import TaskManager

    return list(TaskManager(include_path=str(task_folder()), include_defaults=False).all_tasks)


def _chat_template(tokenizer_name: str) -> Callable[..., str]:
    try:
        from transformers import AutoTokenizer
    except ImportError as error:
        raise SettingsError(
            "prompts: --chat-template needs transformers; install it with: pip install 'lm-eval[hf]'"
        ) from error
    try:
        tokenizer = AutoTokenizer.from_pretrained(tokenizer_name)
    except (OSError, ValueError) as error:
        raise SettingsError(f"prompts: --chat-template {tokenizer_name}: cannot be loaded: {error}") from error

    def apply(history: list[dict[str, str]], add_generation_prompt: bool = True) -> str:
        try:
            return str(
                tokenizer.apply_chat_template(history, tokenize=False, add_generation_prompt=add_generation_prompt)
            )
        except Exception as error:  # a chat template is a program of its own and may raise anything
            raise SettingsError(f"prompts: --chat-template {tokenizer_name}: {error}") from error

    return apply
