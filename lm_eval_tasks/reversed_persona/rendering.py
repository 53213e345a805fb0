"""The exact prompts of a task, made as lm-eval makes them, for whoever wants to see, count or check them."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from reversed_persona.errors import SettingsError, did_you_mean

__all__ = [
    "load_tasks",
    "member_names",
    "rendered_prompts",
    "skipped_task_files",
    "task_files",
    "task_folder",
    "task_prompts",
]


def task_folder() -> Path:
    """Return the folder for lm-eval's --include_path."""
    return Path(__file__).resolve().parent


def load_tasks(names: Sequence[str], metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Load tasks of this package by name, group or glob.

    Args:
        names: What --tasks would say, one by one.
        metadata: As for --metadata.

    Raises:
        ReversedPersonaError: A name is unknown, a setting, a template or a problem set is wrong.
    """
    manager = _manager(metadata)
    loaded: dict[str, Any] = {}
    for member in dict.fromkeys(member for name in names for member in member_names(name)):
        loaded |= manager.load(member)["tasks"]
    return loaded


def member_names(name: str) -> list[str]:
    """Return the tasks of this package that a name, a group or a glob stands for.

    Raises:
        SettingsError: None of them.
    """
    manager = _manager({})
    members: dict[str, None] = {}
    for found in manager.match_tasks([name]):
        group = manager.task_index[found].cfg if found in manager.all_groups else None
        members |= dict.fromkeys(group["task"] if group else [found])
    if not members:
        raise SettingsError(
            f"unknown task {name!r}; expected one of {', '.join(manager.all_tasks)}"
            + did_you_mean(name, manager.all_tasks)
        )
    return list(members)


def task_files() -> dict[str, tuple[Path, Mapping[str, Any]]]:
    """Return, per task of this package, its file and what the file says, includes and all."""
    manager = _manager({})
    entries = {name: manager.task_index[name] for name in manager.all_subtasks}
    return {name: (Path(str(entry.yaml_path)), entry.cfg) for name, entry in entries.items()}


def skipped_task_files() -> list[Path]:
    """Return the task files of this package that lm-eval passes over: it says nothing of a YAML that it can't read."""
    indexed = {Path(str(entry.yaml_path)) for entry in _manager({}).task_index.values()}
    return sorted(path for path in task_folder().rglob("*.yaml") if path not in indexed)


def _manager(metadata: Mapping[str, Any]) -> Any:
    from lm_eval.tasks import TaskManager

    logging.getLogger("lm_eval").setLevel(logging.ERROR)
    return TaskManager(include_path=str(task_folder()), include_defaults=False, metadata=dict(metadata))


def task_prompts(
    task: Any, doc: Mapping[str, Any], chat_template: Callable[..., str] | None, system_instruction: str | None = None
) -> list[str]:
    """Return what each persona of a task is asked about one problem, in the task's order.

    Args:
        task: A task of this package.
        doc: The problem's row.
        chat_template: Conversation -> text; None for plain text.
        system_instruction: As for --system_instruction.

    Raises:
        PromptError: The chat template dropped the persona or the problem, or can't be applied.
    """
    contexts = task.fewshot_context(
        dict(doc),
        num_fewshot=0,
        system_instruction=system_instruction,
        apply_chat_template=chat_template is not None,
        fewshot_as_multiturn=True,
        chat_template=chat_template,
    )
    return [str(context) for context in contexts]


def rendered_prompts(
    task: str, problem: str | None, metadata: Mapping[str, Any], chat_template: Callable[..., str] | None
) -> list[tuple[str, str]]:
    """Return a heading and a prompt for each persona of a task, or of a group's tasks.

    Args:
        task: Name of a task of this package.
        problem: Id of the problem; None for the first one.
        metadata: As for --metadata.
        chat_template: Conversation -> text; None for plain text.

    Raises:
        ReversedPersonaError: The task, the problem or the chat template is unknown or wrong.
    """
    return [
        (f"{name} / {doc['problem_id']} / {arm.id} / template {fingerprints[arm.id]}", prompt)
        for name, member in load_tasks([task], metadata).items()
        for doc in [_find(name, member.eval_docs, problem)]
        for fingerprints in [member.config.metadata["prompt_fingerprints"]]
        for arm, prompt in zip(member.settings.arms, task_prompts(member, doc, chat_template), strict=True)
    ]


def _find(task: str, docs: Iterable[Mapping[str, Any]], problem: str | None) -> Mapping[str, Any]:
    by_id = {doc["problem_id"]: doc for doc in docs}
    first = next(iter(by_id))
    if problem is not None and problem not in by_id:
        raise SettingsError(
            f"{task} has no problem {problem!r}; expected an id such as {first!r}" + did_you_mean(problem, by_id)
        )
    return by_id[problem or first]
