"""An earlier response as a prompt may show it, so that nothing written in it can pass for the prompt around it.

Its thinking is cut out, marks of chat templates are taken apart, a long one is cut in the middle, and it stands between
lines with a code that is a hash of the content: a response would have to hold its own hash to fake the line that ends
it.
"""

import hashlib
import re

from reversed_persona.answers import hide_thinking

__all__ = ["MAX_CHARACTERS", "block", "code_for", "shown_text"]

MAX_CHARACTERS = 12_000
"""A longer response keeps its first half and its last half of these, with a mark between them."""

# What tokenizers turn into control tokens: <|im_start|>, </s>, [INST], <<SYS>>, <start_of_turn>, <think>
_CONTROL = re.compile(
    r"<(?=[|｜])|<(?=/?(?:s|bos|eos|pad|unk|think|tool_call|(?:start|end)_of_turn|system|user|assistant)>)"
    r"|<(?=<?/?SYS>)|\[(?=/?(?:INST|SYSTEM_PROMPT|THINK|AVAILABLE_TOOLS|TOOL_CALLS)\])",
    re.IGNORECASE,
)
_BLANK_LINES = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)+")


def shown_text(response: str, thinking: bool = False) -> str:
    """Return what a prompt shows of a response.

    Args:
        response: What was answered.
        thinking: The prompt had opened a thinking tag.

    Returns:
        The visible text, at most `MAX_CHARACTERS` and the marks of a cut long; "" where there is none, as in a response
        that never ended its thinking.
    """
    visible = hide_thinking(response, thinking) or ""
    text = visible.encode("utf-8", "replace").decode("utf-8")  # lone surrogates fit into no prompt
    text = _BLANK_LINES.sub("\n\n", text.replace("\r\n", "\n").replace("\0", "")).strip()
    if len(text) > MAX_CHARACTERS:
        half, cut = MAX_CHARACTERS // 2, len(text) - MAX_CHARACTERS
        text = f"{text[:half]}\n[... {cut} characters cut ...]\n{text[-half:]}"
    return _CONTROL.sub(lambda mark: f"{mark.group()} ", text)


def code_for(content: str) -> str:
    """Return 16 hexadecimal digits that depend on the content and don't stand in it."""
    code = hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:16]
    return code if code not in content else code_for(content + code)


def block(name: str, text: str, code: str) -> str:
    """Return a text between two lines that carry the code."""
    return f"=== {name} {code} ===\n{text}\n=== END OF {name} {code} ==="
