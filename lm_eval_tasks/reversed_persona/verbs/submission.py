"""`reversed-persona submission`: from lm-eval's outputs to a submission, and whether one can be taken."""

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reversed_persona.errors import LeaderboardError
from reversed_persona.verbs.options import CHECK_FAILED, Verbs

if TYPE_CHECKING:
    from reversed_persona.leaderboard.submissions.preparing import Answers
    from reversed_persona.leaderboard.submissions.runs_found import FoundRun
    from reversed_persona.leaderboard.suite import Suite

__all__ = ["add"]

_ASKED = {
    "model_id": "The model's id, org/name",
    "revision": "Its revision (commit, tag or date)",
    "licence": "Its licence, as SPDX names it",
    "open_weights": "Can anybody download its weights (yes, no)",
    "parameters": "Its number of parameters (such as 7000000000 or 7B; unknown)",
    "trained_on_benchmark": "Were GSM8K or MATH problems in its training data (yes, no, unknown)",
    "submitter": "Your name, or your group's",
}
_UNITS = {"K": 10**3, "M": 10**6, "B": 10**9, "T": 10**12}


def add(verbs: Verbs) -> None:
    """Add the verb to the command line."""
    submission = verbs.add_parser("submission", help="leaderboard: prepare a submission, or validate one")
    parts = submission.add_subparsers(metavar="PART", dest="part", required=True)
    _add_prepare(parts)
    _add_validate(parts)


def _add_prepare(parts: Verbs) -> None:
    prepare = parts.add_parser(
        "prepare",
        help="an lm-eval output folder -> a submission's folder, checked",
        description="OUT are folders that --output_path named, with --log_samples, of one model; the newest run of "
        "each task is taken. What lm-eval does not know is asked for on a terminal, or taken from the options.",
    )
    prepare.add_argument("outputs", metavar="OUT", nargs="+", type=Path, help="a model's output folder")
    prepare.add_argument(
        "-o", "--output", metavar="DIR", type=Path, help="folder of submissions (default: the board's submissions/)"
    )
    prepare.add_argument("--model-id", metavar="ORG/NAME", help="(default: what lm-eval called it)")
    prepare.add_argument("--revision", help="commit, tag or date of the weights (default: the commit, where known)")
    prepare.add_argument("--licence", metavar="SPDX", help="of the weights, such as apache-2.0; proprietary for none")
    prepare.add_argument("--open-weights", choices=("yes", "no"))
    prepare.add_argument("--parameters", metavar="N", help="such as 7000000000, 7B, or unknown")
    prepare.add_argument("--trained-on-benchmark", choices=("yes", "no", "unknown"))
    prepare.add_argument("--submitter", metavar="NAME", help="you, or your group")
    prepare.add_argument("--url", help="where you can be found (default: nowhere)")
    prepare.add_argument("--note", help="what readers should know, at most 500 characters")
    prepare.add_argument(
        "--command", help="what was typed, of which known flags are kept (default: made from the settings)"
    )
    prepare.add_argument("--regrade", action="store_true", help="take this version's verdicts where they differ")
    prepare.add_argument("--task", action="append", metavar="TASK", help="this task only; repeatable")
    prepare.add_argument("--date", metavar="DATE", default="", help="only runs whose date begins so")
    prepare.add_argument(
        "--judged",
        action="append",
        metavar="OUT",
        type=Path,
        help="a judge's output folder (judge_reversed_persona_*); its newest run over each task submitted comes along",
    )
    prepare.add_argument("--judge-id", metavar="ORG/NAME", help="(default: what lm-eval called it)")
    prepare.add_argument("--judge-revision", metavar="REVISION", help="(default: the commit, where known)")
    _add_board(prepare)
    prepare.set_defaults(verb=_prepare)


def _add_validate(parts: Verbs) -> None:
    validate = parts.add_parser(
        "validate",
        help="grade a submission's responses again, and refuse what does not fit; exit 1 if one is refused",
        description="PATH are submissions' folders. One line a finding: file, what was found and expected, how to mend "
        "it. Refused ones can't be taken; flagged ones are for a maintainer to look at.",
    )
    validate.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="a submission's folder")
    validate.add_argument("--format", choices=("text", "github"), default="text", help="(default: text)")
    _add_board(validate)
    validate.set_defaults(verb=_validate)


def _add_board(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--board", metavar="DIR", type=Path, help="(default: leaderboards here, else the checkout's)")
    parser.add_argument("--suite", metavar="VERSION", help="of the suite (default: the newest)")
    parser.add_argument("--problems_dir", metavar="DIR", help="folder of local problem sets (default: as for run)")


def _prepare(options: argparse.Namespace) -> int:
    from reversed_persona.leaderboard.manifest import load_problem_sets
    from reversed_persona.leaderboard.submissions.findings import text_line
    from reversed_persona.leaderboard.submissions.judge_runs import find_judge_runs
    from reversed_persona.leaderboard.submissions.preparing import prepare
    from reversed_persona.leaderboard.submissions.runs_found import find_runs
    from reversed_persona.leaderboard.submissions.scrubber import of_this_machine
    from reversed_persona.leaderboard.submissions.writing import write_submission
    from reversed_persona.leaderboard.suite import SUITE, board_folder, check_board, read_suite

    board = board_folder(options.board)
    if options.board is not None:  # loading the problems takes seconds; the default one need not be there
        check_board(board)
    suite = read_suite(board, options.suite or SUITE)
    name, runs = find_runs(options.outputs, suite, date=options.date, tasks=options.task)
    judge = None
    if options.judged:
        judge = find_judge_runs(options.judged, suite, runs, judge_id=options.judge_id, revision=options.judge_revision)
    answers = _answers(options, name, runs)
    problems = load_problem_sets(list(suite.problem_sets), options.problems_dir)
    prepared = prepare(runs, suite, problems, answers, of_this_machine(), regrade=options.regrade, judge=judge)
    for line in prepared.said:
        print(line, file=sys.stderr)
    folder, findings = write_submission(
        prepared, options.output or board / "submissions", board, suite, problems, now=time.time()
    )
    for finding in findings:
        print(text_line(finding))
    if any(finding.kind == "refused" for finding in findings):
        print("Nothing was written: what is refused above has to be mended first.", file=sys.stderr)
        return CHECK_FAILED
    print("\n".join(_next_steps(folder, prepared.type, suite, list(runs))))
    return 0


def _next_steps(folder: Path, type_: str, suite: "Suite", tasks: list[str]) -> list[str]:
    branch = f"submission-{folder.parent.name}"
    return [
        f"{folder}: a {type_} submission to suite {suite.version} ({', '.join(tasks)}). It was graded again and fits.",
        "Read submission.yaml and results.json: both become public, as do the responses.",
        "To submit it:",
        f"  git switch -c {branch}",
        f"  git add {folder}",
        f"  git commit -m 'Submit {folder.parent.name}'",
        f"  git push -u origin {branch}    # and open a pull request",
    ]


def _answers(options: argparse.Namespace, name: str, runs: "dict[str, FoundRun]") -> "Answers":
    from reversed_persona.leaderboard.submissions.preparing import Answers

    given = {**_known(name, runs), **{key: value for key in _ASKED if (value := getattr(options, key)) is not None}}
    missing = [key for key in _ASKED if key not in given]
    if missing and not sys.stdin.isatty():
        options_ = ", ".join(f"--{key.replace('_', '-')}" for key in missing)
        raise LeaderboardError(f"submission prepare: lm-eval does not know {', '.join(missing)}; expected {options_}")
    try:
        for key in missing:
            given[key] = input(f"{_ASKED[key]}: ").strip()
    except EOFError as error:
        raise LeaderboardError("submission prepare: the answers ended early; nothing was written") from error
    return Answers(
        model_id=given["model_id"],
        revision=given["revision"],
        licence=given["licence"],
        open_weights=_yes_or_no(given["open_weights"]),
        parameters=_parameters(given["parameters"]),
        trained_on_benchmark=given["trained_on_benchmark"],
        submitter=given["submitter"],
        url=options.url,
        note=options.note,
        command=options.command,
    )


def _known(name: str, runs: "dict[str, FoundRun]") -> dict[str, Any]:
    """Return what lm-eval does know: of local weights the commit and the size, and a name that may be an id."""
    from reversed_persona.leaderboard.submissions.record import MODEL_ID

    known = {"model_id": name} if MODEL_ID.fullmatch(name) else {}
    configs = [run.raw.get("config") for run in runs.values()]
    config = next((one for one in reversed(configs) if isinstance(one, dict)), {})
    if isinstance(sha := config.get("model_sha"), str) and sha:
        known["revision"] = sha
    if isinstance(n := config.get("model_num_parameters"), int) and n > 0:
        known["parameters"] = str(n)
    return known


def _yes_or_no(text: str) -> bool:
    if text not in ("yes", "no"):
        raise LeaderboardError(f"--open-weights: got {text!r:.40}; expected yes or no")
    return text == "yes"


def _parameters(text: str) -> int | None:
    if text == "unknown":
        return None
    unit = _UNITS.get(text[-1:].upper(), 1)
    try:
        return round(float(text[:-1] if unit > 1 else text) * unit)
    except (ValueError, OverflowError) as error:
        raise LeaderboardError(
            f"--parameters: got {text!r:.40}; expected a number such as 7000000000 or 7B, or unknown"
        ) from error


def _validate(options: argparse.Namespace) -> int:
    from reversed_persona.leaderboard.manifest import load_problem_sets
    from reversed_persona.leaderboard.submissions.findings import github_line, shown, text_line
    from reversed_persona.leaderboard.submissions.validating import validate_all
    from reversed_persona.leaderboard.suite import SUITE, board_folder, check_board, read_suite

    board = board_folder(options.board)
    if options.board is not None:  # loading the problems takes seconds; the default one need not be there
        check_board(board)
    suite = read_suite(board, options.suite or SUITE)
    problems = load_problem_sets(list(suite.problem_sets), options.problems_dir)
    failed = False
    for folder, findings in validate_all(options.paths, board, suite, problems, now=time.time()):
        refused = any(finding.kind == "refused" for finding in findings)
        failed = failed or refused
        for finding in findings:
            print(github_line(finding) if options.format == "github" else text_line(finding), flush=True)
        if options.format == "text" and not refused:
            print(
                f"{shown(str(folder), 300)[1:-1]}: every response was graded again; verdicts and scores fit", flush=True
            )
    return CHECK_FAILED if failed else 0
