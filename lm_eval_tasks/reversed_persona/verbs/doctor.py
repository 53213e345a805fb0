"""`reversed-persona doctor`: is everything in place?"""

import argparse
import logging

from reversed_persona.verbs.options import CHECK_FAILED, Verbs, add_run_options, mapping

__all__ = ["add"]

EVERYTHING = ("reversed_persona", "sample_reversed_persona")


def add(verbs: Verbs) -> None:
    """Add the verb to the command line."""
    doctor = verbs.add_parser("doctor", help="is everything in place? One line a check, exit 1 if one fails")
    doctor.add_argument(
        "--tasks", default=",".join(EVERYTHING), help="names, groups or globs (default: core and sample)"
    )
    doctor.add_argument("--model", help="backend to look at, such as hf, vllm, local-chat-completions")
    add_run_options(doctor)
    doctor.add_argument("--no_chat_template", action="store_true", help="the run will be without --apply_chat_template")
    doctor.set_defaults(verb=_doctor)


def _doctor(options: argparse.Namespace) -> int:
    from reversed_persona.backends import parse_arguments
    from reversed_persona.doctor import examine

    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)  # its retries are no findings
    failed = False
    for finding in examine(
        options.tasks.split(","),
        mapping(options.metadata),
        options.model,
        parse_arguments("--model_args", options.model_args),
        chat=not options.no_chat_template,
        gen_kwargs=parse_arguments("--gen_kwargs", options.gen_kwargs),
    ):
        failed = failed or finding.status == "FAIL"
        print(finding, flush=True)
    return CHECK_FAILED if failed else 0
