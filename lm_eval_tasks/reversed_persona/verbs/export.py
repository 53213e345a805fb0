"""`reversed-persona export`: whole runs in the formats of other collections."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from reversed_persona.errors import RunsError, SettingsError
from reversed_persona.verbs.options import Verbs
from reversed_persona.verbs.outputs import add_output_options, read_outputs

if TYPE_CHECKING:
    from reversed_persona.runs import LeftOut, TaskRun

__all__ = ["add"]

MAX_TEXT = 200


def add(verbs: Verbs) -> None:
    """Add the verb to the command line."""
    export = verbs.add_parser(
        "export",
        help="whole runs as Every Eval Ever records or Hugging Face eval results",
        description="Only whole runs of the benchmark leave, with its own prompts and problems, of models; what is "
        "left out is said on stderr. Nothing is uploaded.",
    )
    formats = export.add_subparsers(metavar="FORMAT", dest="export_format", required=True)
    _add_eee(formats)
    _add_hf(formats)


def _add_eee(formats: Verbs) -> None:
    eee = formats.add_parser(
        "eee",
        help="Every Eval Ever, schema 0.3",
        description="One record for each model and task: DIR/data/reversed_persona/ORG/MODEL/UUID.json. Every score "
        "with its standard error and 95 % interval.",
    )
    _add_common(eee)
    eee.add_argument("--organization", metavar="NAME", required=True, help="who provides the data")
    eee.add_argument("--organization-url", metavar="URL", help="of the organization")
    eee.add_argument(
        "--relationship",
        choices=("first_party", "third_party", "collaborative", "other"),
        required=True,
        help="of who ran it to who made the model",
    )
    eee.add_argument("--weights", choices=("open", "closed", "unknown"), default="unknown", help="(default: unknown)")
    eee.add_argument(
        "--deployment",
        choices=("self_deployed", "externally_managed", "unknown"),
        help="who ran the model (default: what the backend tells)",
    )
    eee.add_argument(
        "--instances",
        action="store_true",
        help="questions, prompts and answers too, as UUID_samples.jsonl; they hold the problem sets' texts",
    )
    eee.set_defaults(verb=_eee)


def _add_hf(formats: Verbs) -> None:
    hf = formats.add_parser(
        "hf",
        help="Hugging Face .eval_results of a model's repository",
        description="One file for each model and task with one reversal, which is its value: "
        "DIR/ORG__MODEL/.eval_results/TASK.yaml.",
    )
    _add_common(hf)
    hf.add_argument(
        "--dataset", metavar="ORG/NAME", required=True, help="the dataset on the Hub that hosts this leaderboard"
    )
    hf.add_argument("--source-url", metavar="URL", help="where the run can be looked at")
    hf.add_argument("--source-name", metavar="NAME", help="what that is called")
    hf.add_argument("--source-user", metavar="NAME", help="whose it is on the Hub")
    hf.add_argument("--source-org", metavar="NAME", help="which organization's it is on the Hub")
    hf.set_defaults(verb=_hf)


def _add_common(parser: argparse.ArgumentParser) -> None:
    add_output_options(parser, seed=False)
    parser.add_argument("-o", "--output", metavar="DIR", type=Path, required=True, help="folder to write into")
    parser.add_argument("--model-id", metavar="ORG/NAME", help="what others call the model, where lm-eval was not told")


def _eee(options: argparse.Namespace) -> int:
    from reversed_persona.leaderboard.export.choosing import named
    from reversed_persona.leaderboard.export.eee import Publisher, write_records

    publisher = Publisher(
        organization=_text("--organization", options.organization),
        relationship=options.relationship,
        url=_url("--organization-url", options.organization_url),
        weights=options.weights,
        deployment=options.deployment,
    )
    runs = _runs(options)
    ids = named(runs, options.model_id)
    _say(write_records(runs, ids, publisher, options.output, instances=options.instances))
    return 0


def _hf(options: argparse.Namespace) -> int:
    from reversed_persona.leaderboard.export.choosing import named
    from reversed_persona.leaderboard.export.hub import Destination, check_destination, one_reversal, write_entries

    destination = Destination(
        dataset=options.dataset,
        source_url=_url("--source-url", options.source_url),
        **{
            name: _text(f"--{name.replace('_', '-')}", value) if (value := getattr(options, name)) else None
            for name in ("source_name", "source_user", "source_org")
        },
    )
    check_destination(destination)
    runs, left_out = one_reversal(_runs(options))
    _check_any(runs, left_out, options.outputs)
    _say(write_entries(runs, named(runs, options.model_id), destination, options.output))
    return 0


def _runs(options: argparse.Namespace) -> "list[TaskRun]":
    """Read the runs that may be exported, before anything is written.

    Raises:
        RunsError: There is none.
        OutputError: The folder can't be written to.
    """
    from reversed_persona.leaderboard.export.choosing import choose_runs
    from reversed_persona.writing import check_writable

    check_writable(options.output / "record")
    chosen, left_out = choose_runs(read_outputs(options).runs)
    _check_any(chosen, left_out, options.outputs)
    return chosen


def _check_any(chosen: "Sequence[TaskRun]", left_out: "Sequence[LeftOut]", outputs: Sequence[Path]) -> None:
    for one in left_out:
        print(f"left out: {one}", file=sys.stderr)
    if not chosen:
        raise RunsError(
            f"{', '.join(map(str, outputs))}: no run here may be exported; expected whole runs of the benchmark, with "
            "its own prompts and problems, of a model"
        )


def _say(paths: Sequence[Path]) -> None:
    for path in paths:
        print(path)


def _text(option: str, given: str) -> str:
    if not given.strip() or not given.isprintable() or len(given) > MAX_TEXT:
        raise SettingsError(f"{option}: got {given!r:.80}; expected one line of at most {MAX_TEXT} characters")
    return given.strip()


def _url(option: str, given: str | None) -> str | None:
    if given is None:
        return None
    text = _text(option, given)
    try:
        parts = urlsplit(text)
        fine = parts.scheme in ("http", "https") and parts.hostname is not None and parts.username is None
    except ValueError:
        fine = False
    if not fine or " " in text:
        raise SettingsError(f"{option}: got {given!r:.80}; expected an address such as https://example.org/runs")
    return text
