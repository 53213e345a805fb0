"""An earlier response as a prompt may show it, so that nothing written in it can pass for the prompt around it.

Its thinking is cut out, marks of chat templates are taken apart, a long one is cut in the middle, and it stands between
lines with a code that is a hash of the content: a response would have to hold its own hash to fake the line that ends
it.
"""

import hashlib
import re

from reversed_persona.answers import hide_thinking

__all__ = ["MAX_CHARACTERS", "block", "code_for", "cut", "shown_text", "take_apart"]

MAX_CHARACTERS = 12_000
"""A longer response keeps its first half and its last half of these, with a mark between them."""

# What tokenizers turn into control tokens: <|im_start|>, </s>, [INST], <<SYS>>, <start_of_turn>, <think>
_CONTROL = re.compile(
    r"<(?=[|｜])|<(?=/?(?:s|bos|eos|pad|unk|think|tool_call|(?:start|end)_of_turn|system|user|assistant)>)"
    r"|<(?=<?/?SYS>)|\[(?=/?(?:INST|SYSTEM_PROMPT|THINK|AVAILABLE_TOOLS|TOOL_CALLS)\])",
    re.IGNORECASE,
)
_BLANK_LINES = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)+")


def shown_text(response: str, thinking: bool = False, limit: int = MAX_CHARACTERS) -> str:
    """Return what a prompt shows of a response.

    Args:
        response: What was answered.
        thinking: The prompt had opened a thinking tag.
        limit: How many characters are kept.

    Returns:
        The visible text, at most `limit` characters and the marks of a cut long; "" where there is none, as in a
        response that never ended its thinking.
    """
    visible = hide_thinking(response, thinking) or ""
    text = visible.encode("utf-8", "replace").decode("utf-8")  # lone surrogates fit into no prompt
    text = _BLANK_LINES.sub("\n\n", text.replace("\r\n", "\n").replace("\0", "")).strip()
    return take_apart(cut(text, limit))


def cut(text: str, limit: int) -> str:
    """Cut a text that is longer than `limit` in the middle, with a mark there."""
    if len(text) <= limit:
        return text
    half, extra = limit // 2, len(text) - limit
    return f"{text[:half]}\n[... {extra} characters cut ...]\n{text[-half:]}"


def take_apart(text: str) -> str:
    """Put a space into every mark of a chat template, so that no tokenizer takes it for one."""
    return _CONTROL.sub(r"\g<0> ", text)


def code_for(content: str) -> str:
    """Return 16 hexadecimal digits that depend on the content and don't stand in it."""
    code = hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:16]
    return code if code not in content else code_for(content + code)


def block(name: str, text: str, code: str) -> str:
    """Return a text between two lines that carry the code."""
    return f"=== {name} {code} ===\n{text}\n=== END OF {name} {code} ==="
