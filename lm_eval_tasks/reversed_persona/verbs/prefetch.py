"""`reversed-persona prefetch`: the problem sets, for machines without a network."""

import argparse
from pathlib import Path

from reversed_persona.verbs.options import Verbs

__all__ = ["add"]


def add(verbs: Verbs) -> None:
    """Add the verb to the command line."""
    prefetch = verbs.add_parser(
        "prefetch", help="download the problem sets into a folder, for machines without a network"
    )
    prefetch.add_argument("folder", metavar="DIR", type=Path, help="to name later in REVERSED_PERSONA_PROBLEMS")
    prefetch.set_defaults(verb=_prefetch)


def _prefetch(options: argparse.Namespace) -> int:
    from reversed_persona.prefetch import prefetch

    for line in prefetch(options.folder):
        print(line, flush=True)
    return 0
