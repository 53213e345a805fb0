"""What the text of a template may say and what it must say.

A template is data from anywhere, so it may hold text and the variables it is allowed, and no code at all. Where an
accuracy is expected of a persona, the text has to promise it to the model, or the number would be measured against an
expectation that nobody voiced.
"""

import re
from functools import cache, lru_cache
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment

from reversed_persona.errors import TemplateError, did_you_mean

__all__ = ["check_promise", "check_text", "render"]

_NO_CODE = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name)
_ENVIRONMENT = SandboxedEnvironment(undefined=StrictUndefined)

_RIGHT = re.compile(r"\b(?:right|correct)\b", re.IGNORECASE)
_WRONG = re.compile(r"\b(?:wrong|incorrect)\b", re.IGNORECASE)
_NOT = re.compile(r"\b(?:not|cannot|never|hardly|rarely|seldom)\b|n['’]t\b", re.IGNORECASE)
_PRACTICALLY_ALWAYS = re.compile(
    r"\b(?:practically|almost|nearly|virtually) (?:always|every time|without exception)\b", re.IGNORECASE
)


@lru_cache(maxsize=256)  # all arms of a problem are asked in the same words
def render(text: str, **variables: str) -> str:
    """Fill the variables into a checked template text and strip its ends."""
    return str(_compiled(text).render(**variables)).strip()


@cache
def _compiled(text: str) -> Any:
    return _ENVIRONMENT.from_string(text)


def check_text(text: str, allowed: frozenset[str], where: str) -> frozenset[str]:
    """Return the variables of a template text.

    Args:
        text: The text.
        allowed: Names of the variables it may use.
        where: File and key, for the message.

    Raises:
        TemplateError: The text holds code, a comment or a variable that is not allowed, or says nothing.
    """
    if "{#" in text:
        raise TemplateError(
            f"{where}: holds a Jinja comment ('{{#'), which no model reads; use YAML's # outside the text"
        )
    try:
        tree = _ENVIRONMENT.parse(text)
    except TemplateSyntaxError as error:
        raise TemplateError(f"{where}: line {error.lineno}: not a template: {error.message}") from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits; thousands of brackets
        raise TemplateError(f"{where}: not a template: {error}; a template is text with variables only") from error
    used = set()
    for node in (tree, *tree.find_all(nodes.Node)):
        if not isinstance(node, _NO_CODE):
            raise TemplateError(
                f"{where}: line {node.lineno}: holds code ({type(node).__name__}); "
                "a template is text with variables only"
            )
        if isinstance(node, nodes.Name):
            used.add(node.name)
    if unknown := sorted(used - allowed):
        expected = ", ".join(sorted(allowed)) or "no variables here"
        raise TemplateError(
            f"{where}: unknown variable {unknown[0]!r}; expected {expected}{did_you_mean(unknown[0], allowed)}"
        )
    if not render(text, **{name: name for name in allowed}):
        raise TemplateError(f"{where}: is blank; expected some text")
    return frozenset(used)


def check_promise(
    promise: str | None, instruction: str, expected_accuracy: float | None, target: str, where: str
) -> None:
    """Refuse a wording that does not promise the accuracy that its persona is measured against.

    Args:
        promise: The phrase that makes the promise, a checked text; None where nothing is expected.
        instruction: The checked text that has to hold the phrase where a model reads it.
        expected_accuracy: In [0, 1], or None.
        target: What `{{ target }}` stands for.
        where: File and key, for the message.

    Raises:
        TemplateError: The promise is missing, is not in the text, or promises something else.
    """
    if expected_accuracy is None:
        if promise is not None:
            raise TemplateError(f"{where}.promise: got {promise!r}, but expected_accuracy is null; remove one of them")
        return
    if promise is None:
        raise TemplateError(f"{where}.promise: is missing; name the phrase that promises accuracy {expected_accuracy}")
    said = _said(promise, target)
    if said not in _said(instruction, target):
        raise TemplateError(f"{where}.promise: {promise!r} does not occur in the instruction; quote it to the letter")
    if not _promises(said, expected_accuracy):
        raise TemplateError(
            f"{where}.promise: {promise!r} does not promise accuracy {expected_accuracy}; "
            f"expected it to say {_expected_promise(expected_accuracy)}"
        )


def _said(text: str, target: str) -> str:
    return " ".join(render(text, collection="problems", target=target, attribute="").split())


def _promises(promise: str, expected_accuracy: float) -> bool:
    if _NOT.search(promise):
        return False
    says_right, says_wrong = bool(_RIGHT.search(promise)), bool(_WRONG.search(promise))
    if expected_accuracy == 1.0:
        return says_right and not says_wrong and bool(_PRACTICALLY_ALWAYS.search(promise))
    if expected_accuracy == 0.0:
        return says_wrong and not says_right and bool(_PRACTICALLY_ALWAYS.search(promise))
    share = rf"\b{round(100 * expected_accuracy)} (?:out )?of every 100\b"
    return says_right and not says_wrong and bool(re.search(share, promise, re.IGNORECASE))


def _expected_promise(expected_accuracy: float) -> str:
    if expected_accuracy == 1.0:
        return "that the final answer is right practically every time, without a negation"
    if expected_accuracy == 0.0:
        return "that the final answer is wrong practically every time, without a negation"
    return f"that about {round(100 * expected_accuracy)} of every 100 answers are right, without a negation"
