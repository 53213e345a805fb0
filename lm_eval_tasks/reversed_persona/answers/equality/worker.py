"""The process that compares expressions with math-verify; `symbolic` starts, feeds and kills it.

One JSON object per line on stdin, {"number": 1, "wanted": [...], "given": [...], "how": "in_order", "seconds": 0.12};
one per line on stdout, {"number": 1, "outcome": ...}, see `symbolic.Outcome`. The first line out is {"ready": true}, or
{"error"}.

The process that was started loads everything once, then only forks: a child answers requests until one runs out of CPU
time or memory and dies of it, on the spot, even inside C code; the next child is there in milliseconds. The limit is on
the kernel's clock of the CPU time used, so that a busy machine changes no verdict.
"""

import gc
import json
import logging
import mmap
import os
import re
import signal
import sys
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

_MEMORY_BYTES = 2 * 1024**3

_USED = (  # what answers are made of: the first use of each costs imports and caches, at nobody's expense
    # sets first: they would push what the others need out of the caches
    ("(-\\infty,-\\sqrt{3}) \\cup (\\sqrt{3},\\infty)", "x < -\\sqrt{3} or x > 2"),
    ("[0,\\pi] \\cup [2\\pi,3\\pi]", "[0,\\pi) \\cup (4,7)"),
    ("[-1,4]", "x^2 - 3x - 4 \\le 0"),
    ("(-\\infty,-3) \\cup (3,\\infty)", "|x| > 3"),
    ("\\frac{x^2-9}{x-1} > 0", "x > 3"),
    ("x+1", "1+x"),
    ("2\\sqrt{3}", "\\sqrt{12}"),
    ("28", "\\sqrt{34}+3\\sqrt{10}"),
    ("\\frac{\\sqrt{7}}{2}", "\\frac{\\pi}{2}"),
    ("[-1, 4)", "x \\ge -1"),
    ("(-\\infty,5) \\cup (5,\\infty)", "(-\\infty,5)"),
    ("(3,\\infty)", "x > 3"),
    ("x > 1", "2 < 2x"),
    ("x \\neq 1", "1 \\neq x"),
    ("2\\cos x", "e^{ix}+e^{-ix}"),
    ("\\left( \\frac{1}{2}, \\sqrt{3} \\right)", "(0.5, 1)"),
    ("\\{1\\pm\\sqrt{5},-2\\}", "\\{1,-2\\}"),
    ("\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}", "\\begin{pmatrix} 1 & 2 \\\\ 3 & 5 \\end{pmatrix}"),
    ("6+9i", "9i-6"),
    ("\\frac{x+2}{x+1}", "1/(x+1)\\cdot (x+2)"),
    ("y = 2x + 3", "2x - y + 3 = 0"),
    ("(x-2)^2 + (y+1)^2 = 9", "x^2 + y^2 = 3"),
    ("\\frac{x^5}{y^3}", "x^5 y^{-3}"),
    ("\\sin^2 x + e^{2x} + \\log_2 x", "7(x+3)(x-3)"),
    ("6(\\cos(5\\pi/6)+i\\sin(5\\pi/6))", "6 e^{5\\pi i/6}"),
    ("y^{\\ln x}", "x^{\\ln (y)}"),
    ("\\left|x\\right| + |y|", "\\log_{10}(10^x)"),
    ("11z^17(5+11z^{17})", "i(2-i)"),
)

_OR = re.compile(r"\\(?:lor|vee)(?![a-zA-Z])|(?<![a-zA-Z\\])or(?![a-zA-Z])|\\text\{\s*or\s*\}")
_AND = re.compile(r"\\(?:land|wedge)(?![a-zA-Z])")

Compare = Callable[[str, str], str]


def _limit_memory() -> None:
    """Let this process fail early rather than take the machine's memory (where the platform can)."""
    try:
        import resource
    except ImportError:  # Windows
        return
    try:
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    except (ValueError, OSError):  # a stricter limit stands already
        return


def _set_timer(seconds: float) -> None:
    """Arm the CPU-time limit; 0 takes it off. Without one (Windows) the parent's own deadline has to do."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _load() -> Compare:
    """Import math-verify (about a second) and give the comparison."""
    from math_verify import parse, verify
    from sympy import Basic, Intersection, Union, nan, zoo
    from sympy.matrices import MatrixBase

    from reversed_persona.answers.equality.algebra import compare_algebraically, same_set
    from reversed_persona.answers.equality.numerics import compare_numerically, with_imaginary_unit

    @lru_cache(maxsize=1024)
    def read(text: str) -> list[object]:
        pieces = _OR.split(text)
        if len(pieces) > 1 or _AND.search(text):
            return [Union(*(Intersection(*map(read_set, _AND.split(piece))) for piece in pieces))]
        return read_one(text)

    def read_set(text: str) -> Any:
        """Read a relation or an interval as a set of reals."""
        found: Any = read_one(text)[0]
        return found.as_set() if hasattr(found, "as_set") else found

    def read_one(text: str) -> list[object]:
        found = parse(f"${text}$", parsing_timeout=None)
        values = [one for one in found if isinstance(one, Basic | MatrixBase)]
        return found if values and not any(one.has(zoo, nan) for one in values) else []

    def compare(gold: str, answer: str) -> str:
        try:
            wanted = read(gold)
            if not wanted:
                return "gold_unreadable"
            given = read(answer)
            if not given:
                return "unreadable"
            one, other = with_imaginary_unit(wanted[0]), with_imaginary_unit(given[0])
            outcome = compare_numerically(one, other)
            if outcome is not None:
                return outcome
            same = compare_algebraically(one, other)
            if same is None:
                same = verify(wanted, given, timeout_seconds=None, allow_set_relation_comp=True) or same_set(one, other)
        except MemoryError:
            raise
        except Exception:  # any failure inside the parser means one thing: this text is not readable to it
            return "unreadable"
        return "equal" if same else "different"

    return compare


def _compare_all(compare: Compare, wanted: Sequence[str], given: Sequence[str], how: str) -> str:
    """Compare as `symbolic.How` says."""
    if how == "last_counts":
        *earlier, last = given
        outcome = compare(wanted[0], last)
        others = outcome == "different" and any(compare(wanted[0], other) == "equal" for other in earlier)
        return "ambiguous" if others else outcome
    if how == "in_order":
        outcomes = [compare(one, other) for one, other in zip(wanted, given, strict=True)]
        return next((outcome for outcome in outcomes if outcome != "equal"), "equal")
    left = list(given)
    for one in wanted:
        found = next((other for other in left if compare(one, other) == "equal"), None)
        if found is None:
            return "different"
        left.remove(found)
    return "equal"


def _answer(compare: Compare, at_work: Any) -> None:
    """Answer requests until stdin closes; `at_work` holds the number of the one at hand, 0 between two."""
    while line := sys.stdin.readline():
        request: dict[str, Any] = json.loads(line)
        at_work[:] = request["number"].to_bytes(8, "big")
        _set_timer(request["seconds"])
        outcome = _compare_all(compare, request["wanted"], request["given"], request["how"])
        _set_timer(0)
        at_work[:] = bytes(8)
        _say({"number": request["number"], "outcome": outcome})


def _say(record: dict[str, object]) -> None:
    print(json.dumps(record), flush=True)


def _serve(compare: Compare) -> None:
    """Keep a child that answers; when one dies of a request, say so and fork the next."""
    at_work = mmap.mmap(-1, 8)  # shared with the children
    while True:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                _answer(compare, at_work)
                code = 0
            finally:
                os._exit(code)  # a MemoryError ends it too: what is left of the heap is not to be trusted
        _, status = os.waitpid(child, 0)
        if status == 0:
            return
        number = int.from_bytes(at_work[:], "big")
        if number:  # not killed between two requests
            at_work[:] = bytes(8)
            _say({"number": number, "outcome": "undecided"})


def main() -> None:
    """Load, say so, and answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which closes this process
    _limit_memory()
    logging.disable(logging.CRITICAL)
    try:
        compare = _load()
    except Exception as error:
        _say({"error": f"{type(error).__name__}: {error}"})
        return
    for one, other in _USED:
        compare(one, other)
    gc.collect()
    gc.freeze()  # what is loaded is not to be searched for garbage again, in every child
    _say({"ready": True})
    if hasattr(os, "fork"):
        _serve(compare)
    else:
        _answer(compare, bytearray(8))


if __name__ == "__main__":
    main()
