"""Runs the benchmarks, each ratio within one run, and prints their rows as one table.

    python tests/benchmarks/run.py [--only PART ...] [--quick] [--problems FOLDER | --made-up] [--write]

The problems come from FOLDER, or from the one that REVERSED_PERSONA_PROBLEMS names, or from the Hub; where they can't
be had, made-up ones of the same number and length stand in, and what needs the real ones is left out. --write puts the
table into README.md. Exits with 1 where a bar is missed.
"""

import argparse
import importlib
import logging
import os
import platform
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path

from made_up import make_problems
from rows import Row, Sizes, names_in, table

from reversed_persona.errors import ProblemsError
from reversed_persona.problems import load_problems

PARTS = ("whole_run", "cost_per_response", "grading", "comparing", "building")
NEED_REAL_PROBLEMS = ("building",)  # a submission is held against the suite's digests
QUICK = Sizes(models=(5, 10), shares=(0.05, 0.1), rounds=1, itself=False)
README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- table -->", "<!-- /table -->"


def expected_names(sizes: Sizes, parts: Sequence[str] = PARTS) -> list[str]:
    """Return the names of all rows that a run gives, in their order."""
    return [name for part in parts for name in importlib.import_module(part).names(sizes)]


def machine() -> str:
    """Return what the figures were taken on."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"{cores} cores, {model or platform.machine()}, {platform.system()}, Python {platform.python_version()}, "
        f"lm-eval {version('lm_eval')}, math-verify {version('math-verify')}"
    )


def readme_with(text: str, lines: Sequence[str]) -> str:
    """Put lines between the marks of a page."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return "\n".join([before + BEGIN, *lines, END + after])


def rows_in_readme() -> list[str]:
    """Return the names of the rows in README.md."""
    return names_in(README.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0].splitlines())


def use_problems(folder: Path | None, made_up: bool, spare: Path) -> bool:
    """Make all parts read the same problems; return whether they are the benchmark's own."""
    if folder is not None:
        os.environ["REVERSED_PERSONA_PROBLEMS"] = str(folder.resolve())
    if not made_up:
        try:
            load_problems("gsm8k")
            load_problems("math500")
            return True
        except ProblemsError as error:
            if folder is not None:
                raise SystemExit(str(error)) from error
            print(f"{error}; going on with made-up problems", file=sys.stderr)
    os.environ["REVERSED_PERSONA_PROBLEMS"] = str(make_problems(spare))
    return False


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), metavar="PART")
    parser.add_argument("--quick", action="store_true", help="small sizes, to try it: about two minutes")
    parser.add_argument("--models", type=int, nargs="+", help="numbers of models and submissions")
    parser.add_argument("--graded", type=Path, nargs="+", default=[], help="files of real responses")
    parser.add_argument("--problems", type=Path, metavar="FOLDER")
    parser.add_argument("--made-up", action="store_true", help="made-up problems")
    parser.add_argument("--write", action="store_true", help="put the table into README.md")
    options = parser.parse_args()
    given = {"graded": options.graded} | ({"models": options.models} if options.models else {})
    sizes = Sizes(**{**vars(QUICK if options.quick else Sizes()), **given})
    logging.disable(logging.WARNING)
    start, rows = time.monotonic(), list[Row]()
    with tempfile.TemporaryDirectory() as spare:
        real = use_problems(options.problems, options.made_up, Path(spare))
        parts = [part for part in PARTS if part in options.only and (real or part not in NEED_REAL_PROBLEMS)]
        for part in parts:
            began = time.monotonic()
            for row in importlib.import_module(part).rows(sizes):
                rows.append(row)
                print(table([row])[-1], flush=True)
            print(f"({part}: {time.monotonic() - began:.0f} s)", file=sys.stderr, flush=True)
    took = (time.monotonic() - start) / 60
    problems = "" if real else "; made-up problems"
    lines = [f"{date.today()}, {machine()}{problems}; taken in {took:.0f} minutes.", "", *table(rows)]
    print("\n".join(["", *lines]))
    if options.write:
        README.write_text(readme_with(README.read_text(encoding="utf-8"), lines), encoding="utf-8")
    for row in rows:
        if not row.held:
            print(f"missed: {row.name}: {row.here}, ratio {row.ratio}; expected {row.bar}", file=sys.stderr)
    return int(any(not row.held for row in rows))


if __name__ == "__main__":
    sys.exit(main())
