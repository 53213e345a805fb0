"""`reversed-persona prompts`: the exact prompts of a task."""

import argparse
from collections.abc import Callable

from reversed_persona.verbs.options import Verbs, mapping

__all__ = ["add"]


def add(verbs: Verbs) -> None:
    """Add the verb to the command line."""
    prompts = verbs.add_parser("prompts", help="print the exact prompts of a task, one per persona")
    prompts.add_argument("task", metavar="TASK", help="such as sample_reversed_persona")
    prompts.add_argument("--problem", metavar="ID", help="problem_id (default: the first problem)")
    prompts.add_argument("--metadata", metavar="JSON", default="{}", help="as for lm_eval --metadata")
    prompts.add_argument(
        "--chat-template", metavar="MODEL", help="render through this model's chat template (extra: hf)"
    )
    prompts.set_defaults(verb=_prompts)


def _prompts(options: argparse.Namespace) -> int:
    from reversed_persona.rendering import rendered_prompts

    metadata = mapping(options.metadata)
    for heading, prompt in rendered_prompts(options.task, options.problem, metadata, _chat(options.chat_template)):
        print(f"=== {heading}\n{prompt}\n")
    return 0


def _chat(model: str | None) -> Callable[..., str] | None:
    if model is None:
        return None
    from reversed_persona.backends import load_reader

    reader = load_reader("hf", {"pretrained": model})
    return reader.chat if reader else None
