"""`reversed-persona leaderboard`: the board and what it is built from."""

import argparse
from pathlib import Path

from reversed_persona.verbs.options import CHECK_FAILED, Verbs

__all__ = ["add"]


def add(verbs: Verbs) -> None:
    """Add the verb to the command line."""
    leaderboard = verbs.add_parser("leaderboard", help="leaderboard: what a version of the suite asks")
    parts = leaderboard.add_subparsers(metavar="PART", dest="part", required=True)
    _add_manifest(parts)


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
