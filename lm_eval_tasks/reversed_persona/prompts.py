"""One persona and one problem -> what the model reads, and the proof that it read it.

Chat templates differ: some raise on a system message, some ignore it, trim it, merge it into the user's turn, escape
it, or lose it. A lost persona looks like a model that makes no difference, so every rendered context is checked.
"""

import hashlib
import html
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

from reversed_persona.errors import PromptError, TemplateError
from reversed_persona.personas import Frame
from reversed_persona.personas.text import render

__all__ = [
    "Prompt",
    "Role",
    "build_prompt",
    "check_contexts",
    "context_text",
    "fingerprint",
    "question_header",
    "show_example",
]

Role = Literal["user", "system"]

_DEEPEST_ESCAPE = 8  # "&amp;lt;" is two deep; deeper ones are made to cost time


@dataclass(frozen=True, slots=True)
class Prompt:
    """What one persona is asked about one problem.

    Attributes:
        system: The system message, "" where the persona stands in the user's turn.
        user: The user's turn.
    """

    system: str
    user: str


def build_prompt(frame: Frame, instruction: str, question: str, role: Role, example: str = "") -> Prompt:
    """Join the persona's instruction, an example, the problem and the demand for a final answer.

    The instruction comes first, so that all problems of one persona share a prefix that servers can cache.

    Args:
        frame: What all prompts share.
        instruction: What the persona is told, "" for nothing.
        question: The problem.
        role: Where the instruction stands.
        example: An example that `show_example` made, "" for none; it stands in the user's turn.
    """
    asked = f"{render(frame.question, question=question)}\n\n{render(frame.demand)}"
    told, system = ("", instruction) if role == "system" else (instruction, "")
    return Prompt(system=system, user="\n\n".join(part for part in (told, example, asked) if part))


def show_example(frame: Frame, question: str, reply: str) -> str:
    """Return a worked example as the prompt shows it.

    Raises:
        TemplateError: The frame shows none.
    """
    if frame.example is None:
        raise TemplateError("prompt.yml: example: is missing; it says how an example is shown")
    return render(frame.example, question=question, reply=reply)


def question_header(frame: Frame) -> str:
    """Return how the line begins that puts the problem: "Problem:"; "" where nothing stands before it."""
    mark = "(the problem)"
    return render(frame.question, question=mark).partition(mark)[0].rpartition("\n")[2].strip()


def context_text(context: Any) -> str:
    """Return the words of a rendered context: decoded where it is JSON, unescaped, white space collapsed.

    Args:
        context: A string, or lm-eval's JSON wrapper for chat APIs (its `.prompt` is a JSON list of messages).
    """
    text = str(getattr(context, "prompt", context))
    if text[:1] in "[{":
        with suppress(ValueError, RecursionError):  # a prompt that merely begins with a bracket
            text = " ".join(_strings(json.loads(text)))
    return _words(text)


def check_contexts(
    task: str,
    prompts: Mapping[str, Prompt],
    contexts: Sequence[Any],
    role: Role,
    instructions: Mapping[str, str],
    system_instruction: str = "",
) -> None:
    """Refuse contexts of one question that lost a persona or can't be told apart.

    Args:
        task: Name of the task, for the message.
        prompts: What each persona is asked, by persona id.
        contexts: The rendered contexts, in the order of `prompts`.
        role: Where the persona stands.
        instructions: What each persona is told, by persona id.
        system_instruction: What --system_instruction says to all of them.

    Raises:
        PromptError: An instruction or the problem is missing from its context, or two contexts are equal.
    """
    seen: dict[str, str] = {}
    for (persona, prompt), context in zip(prompts.items(), contexts, strict=True):
        text = context_text(context)
        for part in (prompt.system, prompt.user):
            if _words(part) not in text:
                raise PromptError(_lost(task, persona, role, instructions[persona], text))
        if _words(system_instruction) not in text:
            raise PromptError(
                f"{task}: --system_instruction {system_instruction[:40]!r} is missing from the prompt that the model "
                f"would read ({text[:60]!r}...); the chat template dropped the system message. Leave it out"
            )
        if text in seen:
            raise PromptError(
                f"{task}: personas {seen[text]!r} and {persona!r} get the same prompt; expected different ones. "
                "Give them different instructions, or another persona_role"
            )
        seen[text] = persona


def fingerprint(prompts: Sequence[Prompt]) -> str:
    """Return 16 hexadecimal digits that change when one character of a prompt or its place does.

    Args:
        prompts: The prompt for a fixed question, so that it stands for all of them; one for each example shown.
    """
    said = [part for prompt in prompts for part in (prompt.system, prompt.user)]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def _lost(task: str, persona: str, role: Role, instruction: str, text: str) -> str:
    what = "problem or its demand for a final answer" if _words(instruction) in text else "instruction"
    mend = (
        'use --metadata \'{"persona_role": "user"}\''
        if role == "system"
        else "use another chat template, or none (leave out --apply_chat_template)"
    )
    return (
        f"{task}: persona {persona!r}: its {what} is missing from the prompt that the model would read "
        f"({text[:60]!r}...); the chat template dropped it from the {role} message. To mend it, {mend}"
    )


def _words(text: str) -> str:
    """Unescape a text to its ground: one that a template escaped then comes to the same as one that it left alone."""
    for _ in range(_DEEPEST_ESCAPE if "&" in text else 0):
        unescaped = html.unescape(text)
        if unescaped == text:
            break
        text = unescaped
    return " ".join(text.split())


def _strings(value: Any) -> list[str]:
    """Return every string in a JSON value, in order."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [text for item in value for text in _strings(item)] if isinstance(value, list) else []
