"""`reversed-persona plan`: what will a run cost?"""

import argparse

from reversed_persona.verbs.options import Verbs, add_run_options, mapping

__all__ = ["add"]


def add(verbs: Verbs) -> None:
    """Add the verb to the command line."""
    plan = verbs.add_parser("plan", help="requests, tokens, money and hours of a run, before anyone spends them")
    plan.add_argument("tasks", metavar="TASKS", nargs="+", help="names, groups or globs")
    plan.add_argument("--model", default="hf", help="backend (default: hf)")
    add_run_options(plan)
    plan.add_argument("--apply_chat_template", action="store_true", help="as for run")
    plan.add_argument("--limit", type=float, help="as for run")
    plan.add_argument("--input-price", type=_above_zero, metavar="MONEY", help="for a million prompt tokens")
    plan.add_argument("--output-price", type=_above_zero, metavar="MONEY", help="for a million generated tokens")
    plan.add_argument("--throughput", type=_above_zero, metavar="TOKENS", help="generated a second, requests together")
    plan.set_defaults(verb=_plan)


def _plan(options: argparse.Namespace) -> int:
    from reversed_persona.backends import parse_arguments
    from reversed_persona.plan import Rates, cost_lines, counting_reader, load_of
    from reversed_persona.rendering import load_tasks

    model_args = parse_arguments("--model_args", options.model_args)
    gen_kwargs = parse_arguments("--gen_kwargs", options.gen_kwargs)
    tasks = load_tasks([name for names in options.tasks for name in names.split(",")], mapping(options.metadata))
    reader = counting_reader(options.model, model_args)
    loads = [
        load_of(task, reader, chat=options.apply_chat_template, limit=options.limit, gen_kwargs=gen_kwargs)
        for task in tasks.values()
    ]
    rates = Rates(options.input_price, options.output_price, options.throughput)
    print("\n".join(cost_lines(loads, rates)))
    return 0


def _above_zero(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"got {text}; expected a number above 0")
    return number
