"""`reversed-persona path`: the folder for lm_eval --include_path."""

import argparse

from reversed_persona.verbs.options import Verbs

__all__ = ["add"]


def add(verbs: Verbs) -> None:
    """Add the verb to the command line."""
    path = verbs.add_parser("path", help="print the folder for lm_eval --include_path")
    path.set_defaults(verb=_path)


def _path(options: argparse.Namespace) -> int:
    from reversed_persona.rendering import task_folder

    print(task_folder())
    return 0
