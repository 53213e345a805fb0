"""`reversed-persona grade`: verdicts on responses that are on file."""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from reversed_persona.errors import SettingsError
from reversed_persona.verbs.options import Verbs

if TYPE_CHECKING:
    from reversed_persona.rescoring import Rescored

__all__ = ["add"]

BAD_ROWS_SHOWN = 10


def add(verbs: Verbs) -> None:
    """Add the verb to the command line."""
    grade = verbs.add_parser(
        "grade",
        help="grade responses that are on file: a sample log, or any JSON lines",
        description="FILE is a sample log of these tasks (samples_*.jsonl), or JSON lines with the fields gold and "
        "response, and where at hand question, solution, dataset (gsm8k or math: the gold is a whole solution) and "
        "correct (true or false: somebody else's verdict). Each verdict has row, status, reason, answer, method, span, "
        "flip, derived and kind (of a wrong answer).",
    )
    grade.add_argument(
        "file", metavar="FILE", type=Path, help="samples_*.jsonl, or rows with gold and response; - is stdin"
    )
    grade.add_argument("-o", "--output", metavar="FILE", type=Path, help="verdicts as JSON lines (default: stdout)")
    grade.add_argument("--summary", metavar="FILE", type=Path, help="the summary as JSON")
    grade.set_defaults(verb=_grade)


def _grade(options: argparse.Namespace) -> int:
    from reversed_persona.json_lines import STDIN
    from reversed_persona.writing import check_writable, write_lines

    if options.summary == STDIN:
        raise SettingsError("grade: --summary -: the verdicts go to stdout; expected the name of a file")
    output = None if options.output == STDIN else options.output
    files = [path.resolve() for path in (options.file, output, options.summary) if path]
    if len(set(files)) < len(files):
        raise SettingsError("grade: FILE, --output and --summary name one file twice; expected different ones")
    for path in filter(None, (output, options.summary)):
        check_writable(path)
    rescored = _rescored(options.file)
    if output:
        write_lines(output, rescored.lines)
    else:
        for line in rescored.lines:
            print(line)
    summary = rescored.summary()
    if options.summary:
        write_lines(options.summary, [json.dumps(summary, indent=2)])
    counted = {key: value for key, value in summary.items() if value is not None and not isinstance(value, dict)}
    rounded = {key: round(value, 4) if isinstance(value, float) else value for key, value in counted.items()}
    print(", ".join(f"{key} {value}" for key, value in rounded.items()), file=sys.stderr)
    return 0


def _rescored(path: Path) -> "Rescored":
    """Grade a file, and say which of its rows can't be; the first few of them are enough."""
    from reversed_persona.json_lines import BadRow
    from reversed_persona.rescoring import Rescored, prepare, rescore
    from reversed_persona.samples import read_responses

    rescored = Rescored()
    n_bad = 0
    for found in read_responses(path):
        prepare(found)
        started = time.perf_counter()
        record = rescore(found)
        rescored.seconds += time.perf_counter() - started
        rescored.add(record, "" if isinstance(found, BadRow) else found.question)
        if "error" in record:
            n_bad += 1
            if n_bad <= BAD_ROWS_SHOWN:
                print(f"{path}: line {record['row']}: {record['error']}", file=sys.stderr)
    if n_bad > BAD_ROWS_SHOWN:
        print(f"{path}: {n_bad - BAD_ROWS_SHOWN} more rows could not be read", file=sys.stderr)
    if n_bad == len(rescored.lines):
        held = f"none of its {n_bad} rows could be read" if n_bad else "holds no rows"
        raise SettingsError(
            f"{path}: {held}; expected samples_*.jsonl of these tasks, or JSON lines with gold and response"
        )
    rescored.mark_constants()
    return rescored
