"""The process that compares two expressions with math-verify; `symbolic` starts, feeds and kills it.

One JSON object per line on stdin, {"gold", "answer", "seconds"}; one per line on stdout, {"result"}: "equal",
"different", "unreadable" (the answer is no mathematical value) or "gold_unreadable". The first line out is {"ready":
true}, or {"error"}. Time is limited by the kernel's clock of the CPU time used, so that a busy machine changes no
verdict: when it runs out, the process dies on the spot, even inside C code.
"""

import json
import logging
import signal
import sys
from collections.abc import Callable

_MEMORY_BYTES = 2 * 1024**3


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


def _load() -> Callable[[str, str], str]:
    """Import math-verify (about a second) and give the comparison."""
    from math_verify import parse, verify
    from sympy import Basic, nan, zoo
    from sympy.matrices import MatrixBase

    def read(text: str) -> list[object]:
        found = parse(f"${text}$", parsing_timeout=None)
        values = [one for one in found if isinstance(one, Basic | MatrixBase)]
        return found if values and not any(one.has(zoo, nan) for one in values) else []

    def compare(gold: str, answer: str) -> str:
        wanted = read(gold)
        if not wanted:
            return "gold_unreadable"
        given = read(answer)
        if not given:
            return "unreadable"
        same = verify(wanted, given, timeout_seconds=None, allow_set_relation_comp=True)
        return "equal" if same else "different"

    return compare


def main() -> None:
    """Answer requests until stdin closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which closes this process
    _limit_memory()
    logging.disable(logging.CRITICAL)
    try:
        compare = _load()
    except Exception as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}), flush=True)
        return
    compare("x+1", "1+x")  # the first parse builds its grammar; not at the first answer's expense
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        _set_timer(request["seconds"])
        try:
            result = compare(request["gold"], request["answer"])
        except MemoryError:
            return  # what is left of the heap is not to be trusted
        except Exception:  # any failure inside the parser means one thing: this text is not readable to it
            result = "unreadable"
        _set_timer(0)
        print(json.dumps({"result": result}), flush=True)


if __name__ == "__main__":
    main()
