"""Fuzz the grader under libFuzzer: no exception, no broken promise, no response that takes more than 0.2 s of CPU time.

    python tests/fuzz/grade.py -runs=1000000 [-seed=1]

Inputs are text pieced together from what answers are made of, and raw bytes between. One input in 1024 is compared with
an expression, which asks the symbolic worker; the others with numbers and words.
"""

import json
import re
import subprocess
import sys
import time

import atheris

with atheris.instrument_imports(include=["reversed_persona.answers"]):
    from reversed_persona.answers import grade, start_comparing
    from reversed_persona.answers.equality.symbolic import DEADLINE_S

GOLDS = ["18", "-3", "0.5", "50\\%", "12:30", "1{,}000{,}000", "\\frac{3}{4}", "\\text{Evelyn}", "(C)"]
EXPRESSIONS = [
    "2\\sqrt{3}",
    "x^2+1",
    "(3,-2)",
    "1,-2",
    "[-1,4)",
    "y=2x+3",
    "242_5",
    "\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix}",
]
PIECES = [
    *(
        "Final answer: ",
        "**Final answer:** ",
        "The answer is ",
        "Answer: ",
        "A: ",
        "#### ",
        "\\boxed{",
        "}",
        "{",
        "So ",
    ),
    *(
        "Problem: ",
        "<think>",
        "</think>",
        '{"answer": ',
        '"',
        "<answer>",
        "</answer>",
        "```",
        "\n",
        "\n\n",
        " ",
        ", ",
        ". ",
    ),
    *(
        "18",
        "-3",
        "1,234.50",
        "11,5",
        "18 000",
        "2.400",
        "½",
        "\\frac{1}{2}",
        "3 3/4",
        "2:30",
        "1:2",
        "1.2e3",
        "0.333...",
    ),
    *(
        "twelve",
        "half a dozen",
        "two and a half",
        "%",
        "$",
        "€",
        " dollars",
        " cents",
        " kg",
        " hours",
        "°",
        "x",
        "\\pi",
    ),
    *(
        " = ",
        " + ",
        " * ",
        " - ",
        "/",
        "^",
        "_",
        "(",
        ")",
        "[",
        "]",
        "\\sqrt",
        "\\pm",
        "<",
        ">",
        "\\le",
        " or ",
        " and ",
    ),
    *(
        "wait, ",
        "no, ",
        "I meant ",
        "maybe ",
        "I don't know",
        "not sure",
        "[I forgot]",
        "// checked",
        "because ",
        "!",
        "?",
    ),
    *(
        "\x00",
        "\ud800",
        "\u200b",
        "١٢",
        "１２",
        "−",
        "\\",
        "\\text{",
        "\\begin{pmatrix}",
        "\\\\",
        "&",
        "9" * 50,
        "(" * 30,
    ),
]
QUESTION = "How many dollars are 18 hours and 12 cents?"
LIMIT_S = 0.2
"""CPU seconds of a response. The process that compares expressions has DEADLINE_S of them, and dies of it."""
PLAINLY = """
import json, sys, time
from reversed_persona.answers import grade, start_comparing
from reversed_persona.answers.equality.symbolic import DEADLINE_S
start_comparing()
asked = json.load(sys.stdin)
def timed():
    start = time.process_time()
    verdict = grade(**asked)
    return time.process_time() - start + (verdict.answer is not None) * DEADLINE_S  # nothing to compare without
print(min(timed() for _ in range(3)))
"""
"""Times a response in a process without the fuzzer's instruments, which make a loop ten times as slow."""
HANG_S = 5.0
"""By the clock: other work on the machine may take its time."""
slowest = 0.0


def text_of(data: atheris.FuzzedDataProvider) -> str:
    parts = []
    while data.remaining_bytes() and len(parts) < 200:
        choice = data.ConsumeIntInRange(0, len(PIECES) + 15)
        parts.append(PIECES[choice] if choice < len(PIECES) else data.ConsumeUnicode(4))
    return "".join(parts)


def one_input(raw: bytes) -> None:
    global slowest
    data = atheris.FuzzedDataProvider(raw)
    which = data.ConsumeIntInRange(0, 1023)
    gold = EXPRESSIONS[data.ConsumeIntInRange(0, 7)] if which == 0 else GOLDS[which % len(GOLDS)]
    response = text_of(data)
    seconds = timed(gold, response)
    if seconds > LIMIT_S - DEADLINE_S:  # the instruments, or a slow response? a second look tells
        seconds = timed_plainly(gold, response)
    if seconds > slowest:
        slowest = seconds
        print(f"slowest so far: {seconds:.3f} s for gold {gold!r} and {response!r:.100}", flush=True)
    if seconds > LIMIT_S:
        raise RuntimeError(f"{seconds:.2f} s for {response!r} with gold {gold!r}")


def timed_plainly(gold: str, response: str) -> float:
    asked = json.dumps({"gold": gold, "response": response, "question": QUESTION})
    done = subprocess.run([sys.executable, "-c", PLAINLY], input=asked, capture_output=True, text=True, check=True)
    return float(done.stdout)


def timed(gold: str, response: str) -> float:
    start, started = time.process_time(), time.perf_counter()
    verdict = grade(response, gold=gold, question=QUESTION)
    seconds = time.process_time() - start
    if time.perf_counter() - started > HANG_S:
        raise RuntimeError(f"hangs: {response!r} with gold {gold!r}")
    if (verdict.status == "unanswered") != (verdict.reason is not None):
        raise RuntimeError(f"status and reason: {verdict} for {response!r}")
    if verdict.span and response[slice(*verdict.span)] != verdict.answer:
        raise RuntimeError(f"span: {verdict} for {response!r}")
    if (verdict.flip and verdict.status != "wrong") or (verdict.derived and verdict.status == "unanswered"):
        raise RuntimeError(f"flip, derived: {verdict} for {response!r}")
    if verdict.status == "correct" and not re.search(r"\w", response):
        raise RuntimeError(f"correct out of nothing: {verdict} for {response!r}")
    return seconds


if __name__ == "__main__":
    start_comparing()
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
