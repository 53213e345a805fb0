"""What was typed -> what a submission says of it: known flags with known settings, and "..." for all else.

Two fences, as for results files: what is not known is left out, whatever it looks like, so that no name of a project, a
folder, an account or a key gets out; and what is left is searched for this machine's and user's names.
"""

import json
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reversed_persona.errors import LeaderboardError
from reversed_persona.leaderboard.submissions.scrubber import Scrubber
from reversed_persona.leaderboard.submissions.scrubbing import gen_settings, model_settings

__all__ = ["clean_command", "pairs_text"]

_LEFT_OUT = "..."
_PROGRAM = frozenset(
    ("reversed-persona", "lm_eval", "lm-eval", "run", "python", "python3", "-m", "accelerate", "launch", "torchrun")
)
_MODEL_ARGS = ("--model_args", "-a")
_GEN_KWARGS = ("--gen_kwargs",)
_WORDS = frozenset(
    (
        *("--model", "--tasks", "--batch_size", "--max_batch_size", "--num_fewshot", "--limit", "--seed", "--refine"),
        *("--apply_chat_template", "--fewshot_as_multiturn", "--log_samples", "--predict_only", "--trust_remote_code"),
        *("-m", "-t", "-b", "-f", "-L", "-s"),
    )
)
_NAMED = frozenset(
    ("--output_path", "--include_path", "--use_cache", "--metadata", "--system_instruction", "--config", "--device")
)
"""Flags that are named without what they say."""
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+,*:-]{0,499}")
_MODEL_NAMES = ("pretrained", "model")


def clean_command(command: str, model_id: str, scrubber: Scrubber) -> str:
    """Return what of a command may become public.

    Args:
        command: As it was typed, for a shell.
        model_id: What the model is called in its place.
        scrubber: What is taken out of single words.

    Raises:
        LeaderboardError: Its quotes don't pair.
    """
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise LeaderboardError(f"--command: {error}; expected a command as a shell reads it") from error
    kept: list[str] = []
    for flag, values in _flags(words):
        for word in _part(flag, values, model_id, scrubber):
            if word != _LEFT_OUT or kept[-1:] != [_LEFT_OUT]:
                kept.append(word)
    return " ".join(map(shlex.quote, kept))[:2_000]


def pairs_text(settings: Mapping[str, Any]) -> str:
    """Return settings as they are typed; lists, such as stop strings, are left out."""
    return ",".join(f"{name}={value}" for name, value in settings.items() if not isinstance(value, list))


def _flags(words: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Take words apart into flags, "" for none, and what follows each."""
    flag, values = "", list[str]()
    for number, word in enumerate(words):
        is_module = word == "-m" and words[number - 1].startswith("python")
        if word.startswith("-") and not is_module and not re.fullmatch(r"-\d[\d.]*", word):
            yield flag, values
            flag, _, value = word.partition("=")
            values = [value] if value else []
        else:
            values.append(word)
    yield flag, values


def _part(flag: str, values: Sequence[str], model_id: str, scrubber: Scrubber) -> Iterator[str]:
    if flag in _MODEL_ARGS:
        given = _pairs(values)
        name = {key: model_id for key in _MODEL_NAMES if key in given}
        yield from (flag, pairs_text(name | model_settings(given, scrubber)) or _LEFT_OUT)
    elif flag in _GEN_KWARGS:
        yield from (flag, pairs_text(gen_settings(_pairs(values), scrubber)) or _LEFT_OUT)
    elif flag == "" or flag in _WORDS:
        yield from filter(None, [flag])
        for value in values:
            is_known = value in _PROGRAM if flag == "" else _WORD.fullmatch(value) and scrubber.is_clean(value)
            yield value if is_known else _LEFT_OUT
    else:
        yield from ([flag] if flag in _NAMED else [])
        yield _LEFT_OUT


def _pairs(values: Sequence[str]) -> dict[str, Any]:
    """Read settings as lm-eval does: name=value pairs, or an object in JSON."""
    found: dict[str, Any] = {}
    for value in values:
        try:
            read = json.loads(value)
        except (ValueError, RecursionError):
            read = dict(pair.partition("=")[::2] for pair in value.split(","))
        found |= read if isinstance(read, dict) else {}
    return found
