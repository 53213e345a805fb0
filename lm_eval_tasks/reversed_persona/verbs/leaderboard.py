"""`reversed-persona leaderboard`: the board and what it is built from."""

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from reversed_persona.errors import LeaderboardError
from reversed_persona.verbs.options import CHECK_FAILED, Verbs

if TYPE_CHECKING:
    from reversed_persona.leaderboard.board.records import Entry

__all__ = ["add"]

MOST_PROCESSES = 8  # by default: each takes some hundred megabytes


def add(verbs: Verbs) -> None:
    """Add the verb to the command line."""
    leaderboard = verbs.add_parser("leaderboard", help="leaderboard: build the board, or write what it asks")
    parts = leaderboard.add_subparsers(metavar="PART", dest="part", required=True)
    _add_build(parts)
    _add_manifest(parts)


def _add_build(parts: Verbs) -> None:
    build = parts.add_parser(
        "build",
        help="grade all submissions again and build the board's pages",
        description="Writes the site: index.html, data/ that it opens, leaderboard.csv and leaderboard.json. It holds "
        "the problems' texts and works without a network. Built twice it is the same, byte for byte.",
    )
    build.add_argument("--board", metavar="DIR", type=Path, help="(default: leaderboards here, else the checkout's)")
    build.add_argument("-o", "--output", metavar="SITE", type=Path, help="(default: site/ on the board)")
    build.add_argument("--suite", metavar="VERSION", help="of the suite (default: the newest)")
    build.add_argument("--problems_dir", metavar="DIR", help="folder of local problem sets (default: as for run)")
    build.add_argument("--processes", metavar="N", type=int, help="that grade beside each other (default: one a core)")
    build.add_argument("--seed", type=int, default=0, help="of the bootstrap behind the places (default: 0)")
    build.set_defaults(verb=_build)


def _build(options: argparse.Namespace) -> int:
    from reversed_persona.leaderboard.board.site import build_site, check_site
    from reversed_persona.leaderboard.manifest import load_problem_sets
    from reversed_persona.leaderboard.suite import SUITE, board_folder, check_board, read_suite

    if options.processes is not None and options.processes < 1:
        raise LeaderboardError(f"--processes: got {options.processes}; expected 1 or more")
    if options.seed < 0:
        raise LeaderboardError(f"--seed: got {options.seed}; expected 0 or more")
    board = board_folder(options.board)
    check_board(board)  # both before the problems, which take seconds to load
    site = options.output or board / "site"
    check_site(site.resolve())
    suite = read_suite(board, options.suite or SUITE)
    built = build_site(
        board,
        suite,
        load_problem_sets(list(suite.problem_sets), options.problems_dir),
        site,
        processes=options.processes or min(_cores(), MOST_PROCESSES),
        seed=options.seed,
        progress=_progress,
    )
    for what, names in (("older", built.choice.older), ("removed", built.choice.removed)):
        for name in names:
            print(f"{what}: {name}", file=sys.stderr)
    models = len({one.model for one in built.choice.shown})
    print(
        f"{built.site}: suite {suite.version}, {models} {'model' if models == 1 else 'models'} in "
        f"{len(built.choice.shown)} {'row' if len(built.choice.shown) == 1 else 'rows'}, beside reference respondents; "
        f"the page has {built.page_bytes / 1e6:.1f} MB, all files {built.all_bytes / 1e6:.1f} MB"
    )
    return 0


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _progress(entries: "Iterable[Entry]", count: int) -> "Iterator[Entry]":
    """Show how far the grading is, on a terminal, if it takes long."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    yield from track(entries, "Grading", count, console=console, transient=True, disable=not console.is_terminal)


def _add_manifest(parts: Verbs) -> None:
    manifest = parts.add_parser(
        "manifest",
        help="write what this version of the suite asks (hashes only), and the schema of submission.yaml",
        description="Writes reference/<suite>/manifest.json and schema/submission.schema.json on the board, from the "
        "tasks, templates and problem sets of this package.",
    )
    manifest.add_argument("--board", metavar="DIR", type=Path, help="(default: leaderboards here, else the checkout's)")
    manifest.add_argument("--problems_dir", metavar="DIR", help="folder of local problem sets (default: as for run)")
    manifest.add_argument("--check", action="store_true", help="write nothing; exit 1 where the files there differ")
    manifest.set_defaults(verb=_manifest)


def _manifest(options: argparse.Namespace) -> int:
    from reversed_persona.leaderboard.manifest import build_suite, load_problem_sets
    from reversed_persona.leaderboard.submissions.record import record_schema
    from reversed_persona.leaderboard.suite import MANIFEST, SCHEMA, SUITE, board_folder
    from reversed_persona.writing import write_bytes

    board = board_folder(options.board)
    texts = {
        board / "reference" / SUITE / MANIFEST: build_suite(
            load_problem_sets(["gsm8k", "math500"], options.problems_dir)
        ).to_json(),
        board / SCHEMA: record_schema(),
    }
    differing = [path for path, text in texts.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    for path, text in texts.items():
        if not options.check:
            write_bytes(path, [text.encode()])
        print(f"{path}: {'differs' if options.check and path in differing else 'as the package has it'}")
    return CHECK_FAILED if options.check and differing else 0
