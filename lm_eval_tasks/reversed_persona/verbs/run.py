"""`reversed-persona run`: lm-eval's own run, with these tasks and models known to it."""

from collections.abc import Sequence

from reversed_persona.verbs.options import Verbs

__all__ = ["add", "run"]


def add(verbs: Verbs) -> None:
    """Add the verb to the command line's help; its arguments are lm-eval's, so they are not parsed here."""
    verbs.add_parser("run", help="lm-eval's own run, all its flags, with these tasks known to it, and --refine N")


def run(arguments: Sequence[str]) -> int:
    """Run lm-eval, and --refine N further rounds."""
    from reversed_persona.harness import run as run_lm_eval
    from reversed_persona.refining.rounds import run_rounds, take_rounds

    rest, rounds = take_rounds(arguments)
    if rounds:
        run_rounds(rest, rounds)
    else:
        run_lm_eval(rest)
    return 0
