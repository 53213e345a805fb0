"""How answers are drawn: what backends would read differently, or ignore, is refused.

lm-eval lays --gen_kwargs over the task's greedy settings. A temperature without `do_sample` is then greedy on hf and
sampled on a server; a repeat of a greedy answer is the same answer at twice the price.
"""

from collections.abc import Mapping
from typing import Any

from reversed_persona.errors import SettingsError

__all__ = ["check_decoding", "check_seed", "read_repeats"]


def read_repeats(metadata: Mapping[str, Any], default: int) -> int:
    """Return how often each persona is asked the same problem.

    Raises:
        SettingsError: It is not a whole number from 1.
    """
    repeats = metadata.get("repeats", default)
    if isinstance(repeats, bool) or not isinstance(repeats, int) or repeats < 1:
        raise SettingsError(f"metadata: repeats: got {repeats!r}; expected a whole number from 1")
    return repeats


def check_decoding(task: str, gen_kwargs: Mapping[str, Any], repeats: int) -> None:
    """Refuse settings that mean different things to different backends.

    Args:
        task: Name of the task, for the message.
        gen_kwargs: The task's settings with --gen_kwargs laid over them.
        repeats: How often each persona is asked the same problem.

    Raises:
        SettingsError: Sampling and temperature contradict each other, there is no room for an answer, or greedy
            answers are repeated.
    """
    for alias in ("max_tokens", "max_new_tokens", "max_completion_tokens", "max_length"):
        if alias in gen_kwargs:  # some backends would take it, others the task's max_gen_toks
            raise SettingsError(f"{task}: --gen_kwargs {alias}: use max_gen_toks, which every backend reads")
    sampling, temperature = gen_kwargs.get("do_sample", False), gen_kwargs.get("temperature", 0.0)
    room = gen_kwargs.get("max_gen_toks")
    if not isinstance(sampling, bool):
        raise SettingsError(f"{task}: --gen_kwargs do_sample: got {sampling!r}; expected true or false")
    if isinstance(temperature, bool) or not isinstance(temperature, int | float) or temperature < 0:
        raise SettingsError(f"{task}: --gen_kwargs temperature: got {temperature!r}; expected a number from 0")
    if isinstance(room, bool) or not isinstance(room, int) or room < 1:
        raise SettingsError(f"{task}: --gen_kwargs max_gen_toks: got {room!r}; expected a whole number from 1")
    if sampling != (temperature > 0):
        raise SettingsError(
            f"{task}: --gen_kwargs: do_sample={str(sampling).lower()} with temperature={temperature} is greedy on some "
            "backends and sampled on others; give both (do_sample=true,temperature=0.7), or neither"
        )
    if repeats > 1 and not sampling:
        raise SettingsError(
            f"{task}: repeats={repeats} of a greedy answer are all the same; "
            "add --gen_kwargs do_sample=true,temperature=0.7, or leave repeats out"
        )


def check_seed(task: str, gen_kwargs: Mapping[str, Any], repeats: int) -> None:
    """Refuse repeats on a server that would get the same seed with each of them.

    lm-eval's API models send one fixed seed with every request unless --gen_kwargs holds another.

    Raises:
        SettingsError: The repeats would be copies.
    """
    if repeats > 1 and gen_kwargs.get("seed", "fixed") is not None:
        raise SettingsError(
            f"{task}: repeats={repeats}: lm-eval sends the same seed with every request, so a server repeats itself; "
            "add seed=None to --gen_kwargs"
        )
