"""The command line: one small function per verb. Imports heavy parts only in the verb that needs them."""

import argparse
import json
import os
import sys
from collections.abc import Sequence

from reversed_persona import __version__
from reversed_persona.errors import ReversedPersonaError, SettingsError

__all__ = ["main"]

BAD_INPUT = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return the exit code: 0, or 2 for anything that the user can mend."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        if arguments[:1] == ["run"]:  # everything after it is lm-eval's
            _run(arguments[1:])
        else:
            options = _parser().parse_args(arguments)
            options.verb(options)
    except ReversedPersonaError as error:
        print(f"reversed-persona: error: {error}", file=sys.stderr)
        return BAD_INPUT
    except BrokenPipeError:  # `| head` closed the pipe: point stdout elsewhere, or Python complains at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="reversed-persona",
        description="Can a language model play a student who is worse than it is? Tasks for lm-evaluation-harness.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    verbs.add_parser("run", help="lm-eval's own run, all its flags, with these tasks and models known to it")
    path = verbs.add_parser("path", help="print the folder for lm_eval --include_path")
    path.set_defaults(verb=_path)
    prompts = verbs.add_parser("prompts", help="print the exact prompts of a task, one per persona")
    prompts.add_argument("task", metavar="TASK", help="such as sample_reversed_persona")
    prompts.add_argument("--problem", metavar="ID", help="problem_id (default: the first problem)")
    prompts.add_argument("--metadata", metavar="JSON", default="{}", help="as for lm_eval --metadata")
    prompts.add_argument(
        "--chat-template", metavar="MODEL", help="render through this model's chat template (extra: hf)"
    )
    prompts.set_defaults(verb=_prompts)
    return parser


def _run(arguments: Sequence[str]) -> None:
    from reversed_persona.harness import run

    run(arguments)


def _path(options: argparse.Namespace) -> None:
    from reversed_persona.harness import task_folder

    print(task_folder())


def _prompts(options: argparse.Namespace) -> None:
    from reversed_persona.harness import rendered_prompts

    metadata = _mapping(options.metadata)
    for heading, prompt in rendered_prompts(options.task, options.problem, metadata, options.chat_template):
        print(f"=== {heading}\n{prompt}\n")


def _mapping(text: str) -> dict[str, object]:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise SettingsError(f"--metadata: got {text!r}, which is not JSON ({error}); expected an object") from error
    if not isinstance(value, dict):
        raise SettingsError(
            f'--metadata: got {text!r}; expected a JSON object such as \'{{"persona_role": "system"}}\''
        )
    return value


if __name__ == "__main__":
    sys.exit(main())
