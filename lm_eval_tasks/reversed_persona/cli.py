"""The command line: picks the verb, and turns what went wrong into one line and an exit code."""

import argparse
import errno
import os
import sys
from collections.abc import Sequence

from reversed_persona import __version__
from reversed_persona.errors import ReversedPersonaError
from reversed_persona.verbs import (
    compare,
    contrast,
    doctor,
    export,
    grade,
    judge_agreement,
    leaderboard,
    path,
    plan,
    power,
    prefetch,
    prompts,
    report,
    run,
    submission,
    sweep,
)

__all__ = ["main"]

BAD_INPUT = 2
INTERRUPTED = 130
VERBS = (
    run,
    sweep,
    doctor,
    plan,
    prefetch,
    grade,
    compare,
    report,
    export,
    power,
    prompts,
    contrast,
    judge_agreement,
    submission,
    leaderboard,
    path,
)
"""In the order of the help."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return the exit code: 0, 1 where a check failed, or 2 for anything that the user can mend."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        if arguments[:1] == ["run"]:  # everything after it is lm-eval's
            return run.run(arguments[1:])
        options = _options(arguments)
        code = int(options.verb(options))
        sys.stdout.flush()
        return code
    except ReversedPersonaError as error:
        print(f"reversed-persona: error: {error}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        kept = "answers in a --use_cache file are kept" if arguments[:1] == ["run"] else "nothing was written"
        print(f"reversed-persona: interrupted; {kept}", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # `| head` closed the pipe: point stdout elsewhere, or Python complains at exit
        _close_stdout()
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        _close_stdout()
        print(
            "reversed-persona: error: stdout: the disk is full; make room there, or name another file", file=sys.stderr
        )
        return BAD_INPUT
    return 0


def _close_stdout() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    """Parse a verb's arguments; what is unknown is the verb's own error, with its own usage."""
    parser = argparse.ArgumentParser(
        prog="reversed-persona",
        description="Can a language model play a student who is worse at a task than it is? Tasks for lm-eval.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    verbs = parser.add_subparsers(metavar="VERB", dest="named", required=True)
    for verb in VERBS:
        verb.add(verbs)
    options, unknown = parser.parse_known_args(arguments)
    if unknown:
        verbs.choices[options.named].error(f"unrecognized arguments: {' '.join(unknown)}")
    return options


if __name__ == "__main__":
    sys.exit(main())
