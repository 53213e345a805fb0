"""Is everything in place? One finding a line, before a run finds out the hard way."""

import importlib.metadata
import json
import os
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from reversed_persona import __version__
from reversed_persona.backends import CHAT_SERVERS, ESTIMATE, SERVERS, WEIGHTS, Reader, load_reader
from reversed_persona.errors import ReversedPersonaError, SettingsError
from reversed_persona.preflight import (
    check_decoding_of,
    check_fits,
    check_model,
    check_model_args,
    check_packages,
    gen_kwargs_of,
    prompt_tokens,
)
from reversed_persona.prompts import Role

__all__ = ["Finding", "examine"]

Status = Literal["ok", "note", "FAIL"]
LIBRARIES = ("lm-eval", "datasets", "math-verify", "sympy")
BACKENDS = ("torch", "transformers", "vllm", "aiohttp", "tenacity")
ANSWER_TIMEOUT_S = 10


@dataclass(frozen=True)
class Finding:
    """One line of the examination.

    Attributes:
        status: "ok"; "note" for what can't be looked at or doesn't matter to this run; "FAIL".
        what: What was looked at.
        said: What was found, and for a failure how to mend it.
    """

    status: Status
    what: str
    said: str

    def __str__(self) -> str:
        """Return the line."""
        return f"{self.status:<4}  {self.what}: {self.said}"


def examine(
    tasks: Sequence[str],
    metadata: Mapping[str, Any],
    model: str | None = None,
    model_args: Mapping[str, Any] | None = None,
    *,
    chat: bool = True,
    gen_kwargs: Mapping[str, Any] | None = None,
) -> Iterator[Finding]:
    """Look at the installation, the templates, the tasks and, if one is named, the model.

    Args:
        tasks: Names, groups or globs of tasks of this package.
        metadata: As for --metadata.
        model: lm-eval's name of the backend, or None.
        model_args: As for --model_args.
        chat: Whether the run will use --apply_chat_template.
        gen_kwargs: As for --gen_kwargs.

    Yields:
        Findings, as they are made. Nothing is raised: what goes wrong is a finding.
    """
    yield Finding("ok", "versions", _versions())
    yield _attempt("templates", lambda: _templates(metadata))
    yield _attempt("grader", _grader)
    yield _attempt("task files", _task_files)
    loaded: dict[str, Any] = {}
    for name in tasks:
        yield from _tasks(name, metadata, model, gen_kwargs, loaded)
    if model is None:
        yield Finding("note", "model", "none named; add --model and --model_args to have it looked at")
    elif loaded:
        yield from _model(loaded, metadata, model, model_args or {}, chat, gen_kwargs)


def _attempt(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding("ok", what, look())
    except ReversedPersonaError as error:
        return Finding("FAIL", what, str(error))


def _versions() -> str:
    installed = {name: _version(name) for name in (*LIBRARIES, *BACKENDS)}
    found = [f"{name} {version}" for name, version in installed.items() if version]
    absent = [name for name, version in installed.items() if not version]
    head = [f"reversed-persona {__version__}", f"Python {platform.python_version()}"]
    return ", ".join(head + found) + (f"; not installed: {', '.join(absent)}" if absent else "")


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _templates(metadata: Mapping[str, Any]) -> str:
    from reversed_persona.own_settings import own_folder
    from reversed_persona.personas import load_templates

    folder = own_folder(metadata)
    templates = load_templates(Path(folder).resolve() if folder else None)
    return f"{len(templates.personas)} personas ({', '.join(templates.personas)})" + (
        f", with your own from {folder}" if folder else ""
    )


def _grader() -> str:
    from reversed_persona.answers import grade

    verdict = grade(r"Final answer: $\frac{2x+2}{2}$", gold="x+1", question="What is $x+1$?")
    if verdict.status != "correct":
        raise SettingsError(
            f"symbolic comparison finds (2x+2)/2 {verdict.status} for x+1; reinstall math-verify and sympy"
        )
    return "symbolic comparison works"


def _task_files() -> str:
    from reversed_persona.rendering import skipped_task_files, task_folder

    if skipped := skipped_task_files():
        raise SettingsError(
            f"{skipped[0]}: lm-eval passes it over, so it is no valid task file; install the package again"
        )
    return f"all in {task_folder()}"


def _tasks(
    name: str,
    metadata: Mapping[str, Any],
    model: str | None,
    gen_kwargs: Mapping[str, Any] | None,
    loaded: dict[str, Any],
) -> Iterator[Finding]:
    """Load the tasks that a name stands for, each by itself, so that one missing problem set hides no other."""
    from reversed_persona.rendering import load_tasks, member_names

    try:
        members = member_names(name)
    except ReversedPersonaError as error:
        yield Finding("FAIL", name, str(error))
        return
    for member in members:
        try:
            task = load_tasks([member], metadata)[member]
            check_decoding_of(task, model, gen_kwargs)
        except ReversedPersonaError as error:
            yield Finding("FAIL", member, str(error))
            continue
        loaded[member] = task
        said = f"{len(task.eval_docs)} problems, asked as {', '.join(arm.id for arm in task.settings.arms)}"
        custom = task.config.metadata["custom"]
        yield Finding(
            "note" if custom else "ok", member, said + ("; custom: not the benchmark's own" if custom else "")
        )


def _model(
    loaded: Mapping[str, Any],
    metadata: Mapping[str, Any],
    model: str,
    model_args: Mapping[str, Any],
    chat: bool,
    gen_kwargs: Mapping[str, Any] | None,
) -> Iterator[Finding]:
    try:
        check_model(model)
        check_model_args(model, model_args)
    except ReversedPersonaError as error:
        yield Finding("FAIL", "model", str(error))
        return
    yield _attempt("backend", lambda: _backend(model))
    if model in SERVERS:
        yield _server(model_args)
    if model in CHAT_SERVERS:
        yield Finding("note", "chat template", "the server applies its own, which can't be seen from here")
    if model not in WEIGHTS | SERVERS:
        yield Finding("note", model, "nothing known of this backend; only the checks of `run` apply")
    try:
        reader = load_reader(model, model_args)
    except ReversedPersonaError as error:
        yield Finding("FAIL", "tokenizer", str(error))
        return
    if reader is None:
        return
    status: Status = "note" if reader.name == ESTIMATE else "ok"
    yield Finding(status, "tokenizer", reader.name)
    if chat and reader.chat:
        yield from (_keeps_persona(loaded, metadata, reader, role) for role in get_args(Role))
    for name, task in loaded.items():
        yield _attempt(
            f"length for {name}",
            lambda name=name, task=task: _fits(name, task, reader, chat, gen_kwargs),  # type: ignore[misc]
        )


def _backend(model: str) -> str:
    check_packages(model)
    return f"what --model {model} needs is installed" if model in WEIGHTS | SERVERS else f"--model {model}"


def _keeps_persona(loaded: Mapping[str, Any], metadata: Mapping[str, Any], reader: Reader, role: Role) -> Finding:
    """Render one problem of each task with the personas in this role; only the role of the run has to work."""
    from reversed_persona.rendering import load_tasks, task_prompts

    what = f"chat template with persona_role {role}"
    in_use = {task.settings.role for task in loaded.values()}
    try:
        for task in load_tasks(list(loaded), {**metadata, "persona_role": role}).values():
            task_prompts(task, task.eval_docs[0], reader.chat)
    except ReversedPersonaError as error:
        said = str(error)
        return Finding("FAIL", what, said) if role in in_use else Finding("note", what, f"not usable: {said}")
    return Finding("ok", what, "keeps every persona")


def _fits(name: str, task: Any, reader: Reader, chat: bool, gen_kwargs: Mapping[str, Any] | None) -> str:
    tokens = prompt_tokens(task, task.eval_docs, reader, chat)
    room = gen_kwargs_of(task, gen_kwargs)["max_gen_toks"]
    longest = f"longest prompt {max(tokens.values())} tokens, max_gen_toks {room}"
    check_fits(name, tokens, room, reader)
    return f"{longest}, together within {reader.length}"


def _server(model_args: Mapping[str, Any]) -> Finding:
    """Ask an OpenAI-compatible server for its models."""
    import requests

    url = model_args.get("base_url")
    if not isinstance(url, str):
        return Finding("note", "server", "OpenAI's own; not asked")
    models_url = url.removesuffix("/chat/completions").removesuffix("/completions") + "/models"
    key = model_args.get("auth_token") or os.environ.get("OPENAI_API_KEY", "")
    try:
        reply = requests.get(
            models_url,
            headers=dict(model_args.get("header") or {"Authorization": f"Bearer {key}"}),
            verify=model_args.get("ca_cert_path") or model_args.get("verify_certificate", True),
            timeout=ANSWER_TIMEOUT_S,
        )
    except requests.RequestException as error:
        return Finding(
            "FAIL", "server", f"{models_url} does not answer ({type(error).__name__}); start it, or mend base_url"
        )
    if reply.status_code in (401, 403):
        return Finding("FAIL", "server", f"{models_url} refuses the key (HTTP {reply.status_code}); set OPENAI_API_KEY")
    names = _model_names(reply.text)
    if not reply.ok or names is None:
        return Finding("note", "server", f"{models_url} answers (HTTP {reply.status_code}), but lists no models")
    wanted = model_args.get("model")
    if wanted not in names:  # some servers answer to other names than those that they list
        return Finding("note", "server", f"{models_url} does not list {wanted!r}, but {names}")
    return Finding("ok", "server", f"{models_url} serves {wanted}")


def _model_names(text: str) -> list[str] | None:
    try:
        return [str(entry["id"]) for entry in json.loads(text)["data"]]
    except (ValueError, KeyError, TypeError):
        return None
