"""What a judge reads of two responses, so that nothing written in them can pass for the prompt around them.

Thinking blocks are cut out, marks of chat templates are taken apart, long responses are cut in the middle, and each
piece stands between lines with a code that is a hash of the content: a response would have to hold its own hash to fake
the line that ends it.
"""

import hashlib
import re
from dataclasses import dataclass

from reversed_persona.answers.extraction.visible import hide_thinking

__all__ = ["EMPTY", "MAX_CHARACTERS", "Material", "block", "cut", "make_material", "shown_text"]

MAX_CHARACTERS = 6000
"""A longer response keeps its first two thirds and its last third of these, with a mark between them."""
EMPTY = "[the response holds no text]"

_HEAD = MAX_CHARACTERS * 2 // 3
# What tokenizers turn into control tokens: <|im_start|>, </s>, [INST], <<SYS>>, <start_of_turn>, <think>
_CONTROL = re.compile(
    r"<(?=[|｜])|<(?=/?(?:s|bos|eos|pad|unk|think|tool_call|(?:start|end)_of_turn|system|user|assistant)>)"
    r"|<(?=<?/?SYS>)|\[(?=/?(?:INST|SYSTEM_PROMPT|THINK|AVAILABLE_TOOLS|TOOL_CALLS)\])",
    re.IGNORECASE,
)
_BLANK_LINES = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)+")


@dataclass(frozen=True)
class Material:
    """A question and two responses, ready to be shown.

    Attributes:
        question: The problem.
        first: Shown as response A.
        second: Shown as response B.
        code: Stands in the lines around each of them, and in none of them.
    """

    question: str
    first: str
    second: str
    code: str


def shown_text(response: str, thinking: bool = False) -> str:
    """Return what the judge sees of a response.

    Args:
        response: What was answered.
        thinking: The prompt had opened a thinking tag.

    Returns:
        The visible text, at most `MAX_CHARACTERS` and the mark of a cut long; `EMPTY` where there is none, as in a
        response that never ended its thinking.
    """
    visible = hide_thinking(response, thinking) or ""
    text = visible.encode("utf-8", "replace").decode("utf-8")  # lone surrogates fit into no prompt
    return cut(_BLANK_LINES.sub("\n\n", text.replace("\r\n", "\n").replace("\0", "")).strip()) or EMPTY


def cut(text: str) -> str:
    """Cut a text that is too long in the middle, with a mark there."""
    if len(text) > MAX_CHARACTERS:
        extra = len(text) - MAX_CHARACTERS
        return f"{text[:_HEAD]}\n[... {extra} characters cut ...]\n{text[extra + _HEAD :]}"
    return text


def make_material(question: str, first: str, second: str, salt: str) -> Material:
    """Put a question and two shown texts together.

    Args:
        question: The problem, as given.
        first: From `shown_text`.
        second: From `shown_text`.
        salt: What makes this showing another than those of the same texts, such as the order.
    """
    question, first, second = (_CONTROL.sub(r"\g<0> ", text) for text in (question, first, second))
    return Material(question, first, second, _code("\0".join([salt, question, first, second])))


def block(name: str, text: str, code: str) -> str:
    """Return a text between two lines that carry the code."""
    return f"=== {name} {code} ===\n{text}\n=== END OF {name} {code} ==="


def _code(content: str) -> str:
    """Return 16 hexadecimal digits that depend on the content and don't stand in it."""
    code = hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:16]
    return code if code not in content else _code(content + code)
