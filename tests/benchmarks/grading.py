"""Responses graded per second, as a ratio to math-verify reading and comparing the same responses in the same process.

    python tests/benchmarks/grading.py [FILE.jsonl ...]

Each FILE holds rows with gold and response, and perhaps question. Without one, the simulated student answers the sample
problems: it writes regularly, so real responses say more. Both sides are warm: the symbolic worker has started, and
math-verify has parsed once.
"""

import json
import logging
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from math_verify import parse, verify

from reversed_persona.answers import grade, start_comparing
from reversed_persona.problems import load_problems
from reversed_persona.slips import right_answer, wrong_answer

MATH_VERIFY_ROWS = 400  # it takes milliseconds for each

Row = dict[str, str]


def rows_of(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def simulated() -> list[Row]:
    docs = load_problems("sample")
    return [
        {"gold": doc["gold"], "question": doc["question"], "response": reply}
        for seed, doc in enumerate(docs)
        for reply in (right_answer(doc), wrong_answer(doc, seed))
    ]


def per_second(judge: Callable[[Row], object], rows: Sequence[Row]) -> float:
    """Time one pass: on a second one, whatever is remembered would count."""
    start = time.perf_counter()
    for row in rows:
        judge(row)
    return len(rows) / (time.perf_counter() - start)


def by_grade(row: Row) -> object:
    return grade(row["response"], gold=row["gold"], question=row.get("question", ""))


def by_math_verify(row: Row) -> object:
    wanted = parse(f"${row['gold']}$", parsing_timeout=None)
    return verify(wanted, parse(row["response"], parsing_timeout=None), timeout_seconds=None)


def main() -> None:
    logging.disable(logging.CRITICAL)
    start_comparing()
    by_math_verify({"gold": "x+1", "response": "\\boxed{1+x}"})
    sets = {path: rows_of(Path(path)) for path in sys.argv[1:]} or {"sample problems, simulated student": simulated()}
    for name, rows in sets.items():
        ours = per_second(by_grade, rows)
        theirs = per_second(by_math_verify, rows[:: max(1, len(rows) // MATH_VERIFY_ROWS)])
        print(f"{Path(name).name}: {ours:,.0f} responses/s, math-verify {theirs:,.0f}/s, ratio {ours / theirs:.1f}")


if __name__ == "__main__":
    main()
