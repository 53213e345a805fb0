"""The command line: one small function per verb. Imports heavy parts only in the verb that needs them."""

import argparse
import json
import logging
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from reversed_persona import __version__
from reversed_persona.errors import ReversedPersonaError, SettingsError

__all__ = ["main"]

CHECK_FAILED = 1
BAD_INPUT = 2
INTERRUPTED = 130
EVERYTHING = ("reversed_persona", "sample_reversed_persona")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return the exit code: 0, 1 where a check failed, or 2 for anything that the user can mend."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        if arguments[:1] == ["run"]:  # everything after it is lm-eval's
            return _run(arguments[1:])
        options = _parser().parse_args(arguments)
        return int(options.verb(options))
    except ReversedPersonaError as error:
        print(f"reversed-persona: error: {error}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print("reversed-persona: interrupted; answers in a --use_cache file are kept", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # `| head` closed the pipe: point stdout elsewhere, or Python complains at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="reversed-persona",
        description="Can a language model play a student who is worse at a task than it is? Tasks for lm-eval.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    verbs.add_parser("run", help="lm-eval's own run, all its flags, with these tasks known to it, and --refine N")
    _add_doctor(verbs)
    _add_plan(verbs)
    prefetch = verbs.add_parser(
        "prefetch", help="download the problem sets into a folder, for machines without a network"
    )
    prefetch.add_argument("folder", metavar="DIR", type=Path, help="to name later in REVERSED_PERSONA_PROBLEMS")
    prefetch.set_defaults(verb=_prefetch)
    _add_grade(verbs)
    _add_prompts(verbs)
    _add_contrast(verbs)
    _add_judge_agreement(verbs)
    path = verbs.add_parser("path", help="print the folder for lm_eval --include_path")
    path.set_defaults(verb=_path)
    return parser


def _add_doctor(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    doctor = verbs.add_parser("doctor", help="is everything in place? One line a check, exit 1 if one fails")
    doctor.add_argument(
        "--tasks", default=",".join(EVERYTHING), help="names, groups or globs (default: core and sample)"
    )
    doctor.add_argument("--model", help="backend to look at, such as hf, vllm, local-chat-completions")
    _add_run_options(doctor)
    doctor.add_argument("--no_chat_template", action="store_true", help="the run will be without --apply_chat_template")
    doctor.set_defaults(verb=_doctor)


def _add_plan(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    plan = verbs.add_parser("plan", help="requests, tokens, money and hours of a run, before anyone spends them")
    plan.add_argument("tasks", metavar="TASKS", nargs="+", help="names, groups or globs")
    plan.add_argument("--model", default="hf", help="backend (default: hf)")
    _add_run_options(plan)
    plan.add_argument("--apply_chat_template", action="store_true", help="as for run")
    plan.add_argument("--limit", type=float, help="as for run")
    plan.add_argument("--input-price", type=_above_zero, metavar="MONEY", help="for a million prompt tokens")
    plan.add_argument("--output-price", type=_above_zero, metavar="MONEY", help="for a million generated tokens")
    plan.add_argument("--throughput", type=_above_zero, metavar="TOKENS", help="generated a second, requests together")
    plan.set_defaults(verb=_plan)


def _add_grade(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    grade = verbs.add_parser(
        "grade",
        help="grade responses that are on file: a sample log, or any JSON lines",
        description="FILE is a sample log of these tasks (samples_*.jsonl), or JSON lines with the fields gold and "
        "response, and where at hand question, solution, dataset (gsm8k or math: the gold is a whole solution) and "
        "correct (true or false: somebody else's verdict). Each verdict has row, status, reason, answer, method, span, "
        "flip, derived and kind (of a wrong answer).",
    )
    grade.add_argument("file", metavar="FILE", type=Path, help="samples_*.jsonl, or rows with gold and response")
    grade.add_argument("-o", "--output", metavar="FILE", type=Path, help="verdicts as JSON lines (default: stdout)")
    grade.add_argument("--summary", metavar="FILE", type=Path, help="the summary as JSON")
    grade.set_defaults(verb=_grade)


def _add_prompts(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    prompts = verbs.add_parser("prompts", help="print the exact prompts of a task, one per persona")
    prompts.add_argument("task", metavar="TASK", help="such as sample_reversed_persona")
    prompts.add_argument("--problem", metavar="ID", help="problem_id (default: the first problem)")
    prompts.add_argument("--metadata", metavar="JSON", default="{}", help="as for lm_eval --metadata")
    prompts.add_argument(
        "--chat-template", metavar="MODEL", help="render through this model's chat template (extra: hf)"
    )
    prompts.set_defaults(verb=_prompts)


def _add_contrast(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    contrast = verbs.add_parser(
        "contrast",
        help="how the personas' texts differ: length, steps, calculation errors, hedges; descriptive only",
        description="Means over questions with their standard errors, per persona, and low - high within each "
        "question. Counted in the texts, without a judge: descriptive only.",
    )
    contrast.add_argument("samples", metavar="SAMPLES", type=Path, help="samples_*.jsonl of these tasks")
    contrast.add_argument("-o", "--output", metavar="FILE", type=Path, help="the numbers as JSON")
    contrast.set_defaults(verb=_contrast)


def _add_judge_agreement(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    judged = verbs.add_parser(
        "judge-agreement",
        help="how far judges agree with people: weighted kappa from a CSV file of ratings",
        description="RATINGS is a CSV file with one rating a line, in the columns item, rater, kind (human or judge) "
        "and rating (1 to 5). An item is one pair in one order, such as sample-1a2b/contrast_high_first.",
    )
    judged.add_argument("ratings", metavar="RATINGS.csv", type=Path, help="columns item,rater,kind,rating")
    judged.add_argument(
        "--judged",
        metavar="SAMPLES",
        nargs="+",
        type=Path,
        default=[],
        help="sample logs of judge tasks, beside the CSV",
    )
    judged.add_argument("--seed", type=int, default=0, help="of the bootstrap (default: 0)")
    judged.set_defaults(verb=_judge_agreement)


def _add_run_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model_args", nargs="+", default=[], metavar="KEY=VALUE", help="as for run")
    parser.add_argument("--gen_kwargs", nargs="+", default=[], metavar="KEY=VALUE", help="as for run")
    parser.add_argument("--metadata", metavar="JSON", default="{}", help="as for run")


def _run(arguments: Sequence[str]) -> int:
    from reversed_persona.harness import run
    from reversed_persona.refining.rounds import run_rounds, take_rounds

    rest, rounds = take_rounds(arguments)
    if rounds:
        run_rounds(rest, rounds)
    else:
        run(rest)
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from reversed_persona.backends import parse_arguments
    from reversed_persona.doctor import examine

    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)  # its retries are no findings
    failed = False
    for finding in examine(
        options.tasks.split(","),
        _mapping(options.metadata),
        options.model,
        parse_arguments("--model_args", options.model_args),
        chat=not options.no_chat_template,
        gen_kwargs=parse_arguments("--gen_kwargs", options.gen_kwargs),
    ):
        failed = failed or finding.status == "FAIL"
        print(finding, flush=True)
    return CHECK_FAILED if failed else 0


def _plan(options: argparse.Namespace) -> int:
    from reversed_persona.backends import parse_arguments
    from reversed_persona.plan import Rates, cost_lines, counting_reader, load_of
    from reversed_persona.rendering import load_tasks

    model_args = parse_arguments("--model_args", options.model_args)
    gen_kwargs = parse_arguments("--gen_kwargs", options.gen_kwargs)
    tasks = load_tasks([name for names in options.tasks for name in names.split(",")], _mapping(options.metadata))
    reader = counting_reader(options.model, model_args)
    loads = [
        load_of(task, reader, chat=options.apply_chat_template, limit=options.limit, gen_kwargs=gen_kwargs)
        for task in tasks.values()
    ]
    rates = Rates(options.input_price, options.output_price, options.throughput)
    print("\n".join(cost_lines(loads, rates)))
    return 0


def _prefetch(options: argparse.Namespace) -> int:
    from reversed_persona.prefetch import prefetch

    for line in prefetch(options.folder):
        print(line, flush=True)
    return 0


def _grade(options: argparse.Namespace) -> int:
    from reversed_persona.rescoring import Rescored, prepare, rescore
    from reversed_persona.samples import read_responses
    from reversed_persona.writing import write_lines

    files = [path.resolve() for path in (options.file, options.output, options.summary) if path]
    if len(set(files)) < len(files):
        raise SettingsError("grade: FILE, --output and --summary name one file twice; expected different ones")
    rescored = Rescored()
    for found in read_responses(options.file):
        prepare(found)
        started = time.perf_counter()
        record = rescore(found)
        rescored.seconds += time.perf_counter() - started
        rescored.add(record)
        if "error" in record:
            print(f"{options.file}: line {record['row']}: {record['error']}", file=sys.stderr)
    rescored.mark_constants()
    if options.output:
        write_lines(options.output, rescored.lines)
    else:
        for line in rescored.lines:
            print(line)
    summary = rescored.summary()
    if options.summary:
        write_lines(options.summary, [json.dumps(summary, indent=2)])
    shown = ((key, round(value, 4) if isinstance(value, float) else value) for key, value in summary.items())
    print(", ".join(f"{key} {value}" for key, value in shown if value is not None), file=sys.stderr)
    return 0 if summary["n"] else 1  # nothing was graded


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


def _judge_agreement(options: argparse.Namespace) -> int:
    from reversed_persona.judging.agreement import DRAWS, agreement, read_ratings, summary_lines
    from reversed_persona.judging.judged_ratings import read_judged

    ratings = read_ratings(options.ratings).with_judges(map(read_judged, options.judged))
    found = agreement(ratings, seed=options.seed)
    print("\n".join(summary_lines(found, ratings, draws=DRAWS, seed=options.seed)))
    return 0


def _path(options: argparse.Namespace) -> int:
    from reversed_persona.rendering import task_folder

    print(task_folder())
    return 0


def _prompts(options: argparse.Namespace) -> int:
    from reversed_persona.rendering import rendered_prompts

    metadata = _mapping(options.metadata)
    for heading, prompt in rendered_prompts(options.task, options.problem, metadata, _chat(options.chat_template)):
        print(f"=== {heading}\n{prompt}\n")
    return 0


def _chat(model: str | None) -> Callable[..., str] | None:
    if model is None:
        return None
    from reversed_persona.backends import load_reader

    reader = load_reader("hf", {"pretrained": model})
    return reader.chat if reader else None


def _above_zero(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"got {text}; expected a number above 0")
    return number


def _mapping(text: str) -> dict[str, object]:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise SettingsError(f"--metadata: got {text!r}, which is not JSON ({error}); expected an object") from error
    if not isinstance(value, dict):
        raise SettingsError(
            f'--metadata: got {text!r}; expected a JSON object such as \'{{"persona_role": "system"}}\''
        )
    return value


if __name__ == "__main__":
    sys.exit(main())
