"""lm-eval as we start it: its own `run`, with this package's tasks and models known to it."""

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
    sys.argv = ["lm-eval", "run", *arguments]
    parser = HarnessCLI()
    with _our_tasks():
        parser.execute(parser.parse_args())


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
    if task not in manager.all_subtasks:
        raise SettingsError(
            f"prompts: unknown task {task!r}; expected one of {', '.join(manager.all_subtasks)}"
            + did_you_mean(task, manager.all_subtasks)
        )
    loaded = manager.load(task)["tasks"][task]
    docs = {doc["problem_id"]: doc for doc in loaded.eval_docs}
    chosen = problem or next(iter(docs))
    if chosen not in docs:
        raise SettingsError(
            f"prompts: {task} has no problem {chosen!r}; its first is {next(iter(docs))!r}" + did_you_mean(chosen, docs)
        )
    contexts = loaded.fewshot_context(
        docs[chosen],
        num_fewshot=0,
        apply_chat_template=tokenizer_name is not None,
        fewshot_as_multiturn=True,
        chat_template=_chat_template(tokenizer_name) if tokenizer_name else None,
    )
    fingerprints = loaded.config.metadata["prompt_fingerprints"]
    return [
        (f"{task} / {chosen} / {persona.id} / prompt {fingerprints[persona.id]}", str(context))
        for persona, context in zip(loaded.settings.personas, contexts, strict=True)
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
        lm_eval.tasks.TaskManager = partial(task_manager, include_defaults=not _only_ours(config.tasks))
        return _in_one_line(process_tasks, config, metadata)

    EvaluatorConfig.from_cli = lambda namespace: _in_one_line(from_cli, namespace)
    EvaluatorConfig.process_tasks = with_our_tasks
    try:
        yield
    finally:
        EvaluatorConfig.from_cli, EvaluatorConfig.process_tasks = from_cli, process_tasks
        lm_eval.tasks.TaskManager = task_manager


def _only_ours(tasks: str | Sequence[str] | None) -> bool:
    names = ",".join([tasks] if isinstance(tasks, str) else map(str, tasks or [""])).split(",")
    return all(OUR_NAMES in name and not name.endswith(".yaml") for name in names)


def _holds(folder: Path, ours: Path) -> bool:
    return folder.resolve() in (ours, ours.parent)


def _in_one_line(step: Callable[..., Any], *arguments: Any) -> Any:
    """Call a step of lm-eval's configuration; what it refuses is the user's to mend, so no traceback."""
    try:
        return step(*arguments)
    except (ValueError, TypeError, KeyError, OSError) as error:
        raise SettingsError(f"lm-eval: {error}. See `reversed-persona run --help`") from error


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
