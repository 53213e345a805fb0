"""`reversed-persona contrast`: how the personas' texts differ."""

import argparse
import json
import sys
from pathlib import Path

from reversed_persona.errors import SettingsError
from reversed_persona.verbs.options import Verbs

__all__ = ["add"]


def add(verbs: Verbs) -> None:
    """Add the verb to the command line."""
    contrast = verbs.add_parser(
        "contrast",
        help="how the personas' texts differ: length, steps, calculation errors, hedges; descriptive only",
        description="Means over questions with their standard errors, per persona, and low - high within each "
        "question. Counted in the texts, without a judge: descriptive only.",
    )
    contrast.add_argument("samples", metavar="SAMPLES", type=Path, help="samples_*.jsonl of these tasks")
    contrast.add_argument("-o", "--output", metavar="FILE", type=Path, help="the numbers as JSON")
    contrast.set_defaults(verb=_contrast)


def _contrast(options: argparse.Namespace) -> int:
    from reversed_persona.contrast.report import read_contrast, report, table
    from reversed_persona.writing import write_lines

    if options.output and options.output.resolve() == options.samples.resolve():
        raise SettingsError("contrast: SAMPLES and --output name one file; expected different ones")
    found, damaged = read_contrast(options.samples)
    for line in damaged:
        print(line, file=sys.stderr)
    print("\n".join(table(found)))
    if options.output:
        write_lines(options.output, [json.dumps(report(found), indent=2)])
    return 0
