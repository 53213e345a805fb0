"""Responses graded per second, as a ratio to math-verify reading and comparing the same responses in the same process.

Files of real responses hold rows with gold and response, and perhaps question. Without one, the simulated student
answers the sample problems: it writes regularly, so real responses say more. Both sides are warm: the symbolic worker
has started, and math-verify has parsed once.
"""

import time
from collections.abc import Callable, Iterator, Sequence

from math_verify import parse, verify
from rows import Row, Sizes, read_rows

from reversed_persona.answers import grade, start_comparing
from reversed_persona.problems import load_problems
from reversed_persona.slips import right_answer, wrong_answer

__all__ = ["names", "rows"]

SIMULATED = "grading, simulated student"
MATH_VERIFY_ROWS = 400  # it takes milliseconds for each

Response = dict[str, str]


def names(sizes: Sizes) -> list[str]:
    """Return the names of the rows, in their order."""
    return [f"grading, {path.stem}" for path in sizes.graded] + [SIMULATED]


def rows(sizes: Sizes) -> Iterator[Row]:
    """Grade every set once: on a second pass, whatever is remembered would count."""
    start_comparing()
    by_math_verify({"gold": "x+1", "response": "\\boxed{1+x}"})
    sets = [*(read_rows(path) for path in sizes.graded), simulated()]
    for name, given in zip(names(sizes), sets, strict=True):
        ours = per_second(by_grade, given)
        theirs = per_second(by_math_verify, given[:: max(1, len(given) // MATH_VERIFY_ROWS)])
        size = f"{len(given):,} responses"
        yield Row(name, size, f"{ours:,.0f} a second", f"math-verify {theirs:,.0f} a second", ours / theirs)


def simulated() -> list[Response]:
    docs = load_problems("sample")
    return [
        {"gold": doc["gold"], "question": doc["question"], "response": reply}
        for seed, doc in enumerate(docs)
        for reply in (right_answer(doc), wrong_answer(doc, seed))
    ]


def per_second(judge: Callable[[Response], object], given: Sequence[Response]) -> float:
    start = time.perf_counter()
    for row in given:
        judge(row)
    return len(given) / (time.perf_counter() - start)


def by_grade(row: Response) -> object:
    return grade(row["response"], gold=row["gold"], question=row.get("question", ""))


def by_math_verify(row: Response) -> object:
    wanted = parse(f"${row['gold']}$", parsing_timeout=None)
    return verify(wanted, parse(row["response"], parsing_timeout=None), timeout_seconds=None)
