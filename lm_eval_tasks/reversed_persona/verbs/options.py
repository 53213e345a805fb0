"""What several verbs share: options, and exit codes."""

import argparse
import json
from typing import TypeAlias

from reversed_persona.errors import SettingsError

__all__ = ["CHECK_FAILED", "Verbs", "add_run_options", "mapping"]

CHECK_FAILED = 1
Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that are as for `run`."""
    parser.add_argument("--model_args", nargs="+", default=[], metavar="KEY=VALUE", help="as for run")
    parser.add_argument("--gen_kwargs", nargs="+", default=[], metavar="KEY=VALUE", help="as for run")
    parser.add_argument("--metadata", metavar="JSON", default="{}", help="as for run")


def mapping(text: str) -> dict[str, object]:
    """Read the object that --metadata gives.

    Raises:
        SettingsError: It is no JSON object.
    """
    try:
        value = json.loads(text)
    except ValueError as error:
        raise SettingsError(f"--metadata: got {text!r}, which is not JSON ({error}); expected an object") from error
    if not isinstance(value, dict):
        raise SettingsError(
            f'--metadata: got {text!r}; expected a JSON object such as \'{{"persona_role": "system"}}\''
        )
    return value
