"""Problem sets -> one uniform row.

GSM8K and MATH-500 come from the Hub at a pinned revision or from a local folder (see `problem_sources`); the sample
ships with the package. Everything downstream joins on `problem_id`, which depends on the problem itself and not on its
place in a file.
"""

import hashlib
import json
import os
import re
import reprlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict, TypeVar

from reversed_persona.errors import ProblemsError, SettingsError, did_you_mean
from reversed_persona.problem_sources import HubDataset, Rows, find_rows, read_rows

__all__ = [
    "PROBLEM_SETS",
    "Problem",
    "ProblemSet",
    "choose",
    "draw",
    "load_problems",
    "problems_digest",
    "to_problems",
]

_Option = TypeVar("_Option")


class Problem(TypedDict):
    """One problem.

    problem_id: Stable name, unique over all sets. question: As the set words it. gold: The right final answer.
    solution: A worked solution. difficulty: 1 or more; steps of calculation (word problems; 0 where the set's solution
    names none) or the level 1 to 5 (competition problems). subject: Field of mathematics.
    """

    problem_id: str
    question: str
    gold: str
    solution: str
    difficulty: int
    subject: str


@dataclass(frozen=True)
class ProblemSet:
    """Where a problem set comes from and what it must look like.

    Attributes:
        name: Its name in settings and folders.
        collection: What its problems are called in a prompt.
        rows: How many it has.
        digest: `problems_digest` of the original.
        fields: What every raw row has.
        to_problem: Raw row -> Problem.
        hub: Where it is on the Hub; None where it ships with the package.
    """

    name: str
    collection: str
    rows: int
    digest: str
    fields: tuple[str, ...]
    to_problem: Callable[[Mapping[str, Any]], Problem]
    hub: HubDataset | None = None


def _from_gsm8k(row: Mapping[str, Any]) -> Problem:
    question = _text(row, "question")
    solution, mark, gold = _text(row, "answer").rpartition("####")
    if not mark:
        raise ValueError("answer: has no '#### <number>' line")
    return Problem(
        problem_id="gsm8k-" + hashlib.sha256(" ".join(question.split()).encode()).hexdigest()[:12],
        question=question,
        gold=gold.strip().replace(",", ""),
        solution=solution.strip(),
        difficulty=solution.count("<<"),
        subject="Word Problem",
    )


def _from_math500(row: Mapping[str, Any]) -> Problem:
    return Problem(
        problem_id="math500-" + _text(row, "unique_id").removeprefix("test/").removesuffix(".json").replace("/", "-"),
        question=_text(row, "problem"),
        gold=_text(row, "answer"),
        solution=_text(row, "solution"),
        difficulty=_level(row["level"]),
        subject=_text(row, "subject"),
    )


def _from_sample(row: Mapping[str, Any]) -> Problem:
    difficulty = row["difficulty"]
    if not _is_int(difficulty) or difficulty < 1:
        raise ValueError(f"difficulty: got {_shown(difficulty)}; expected a whole number from 1")
    return Problem(
        problem_id=_text(row, "problem_id"),
        question=_text(row, "question"),
        gold=_text(row, "gold"),
        solution=_text(row, "solution"),
        difficulty=difficulty,
        subject=_text(row, "subject"),
    )


def _text(row: Mapping[str, Any], field: str) -> str:
    value = row[field]
    if not isinstance(value, str):
        raise ValueError(f"{field}: got {_shown(value)}; expected a string")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        half = value[error.start]
        raise ValueError(f"{field}: got {half!r}, half a character, at {error.start}; expected Unicode text") from error
    return value


def _level(value: object) -> int:
    named = re.fullmatch("Level ([1-5])", value) if isinstance(value, str) else None
    level = int(named[1]) if named else value
    if not isinstance(level, int) or not _is_int(level) or not 1 <= level <= 5:
        raise ValueError(f"level: got {_shown(value)}; expected 1 to 5, or 'Level 1' to 'Level 5'")
    return level


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _shown(value: object) -> str:
    return f"{reprlib.repr(value)} ({type(value).__name__})"


PROBLEM_SETS: Mapping[str, ProblemSet] = {
    problem_set.name: problem_set
    for problem_set in (
        ProblemSet(
            name="gsm8k",
            collection="grade-school word problems",
            rows=1319,
            digest="042fec956bdb592fbe4ebd036b1d883c1adc5fe6e8ac5ee8ddc7be2baf31e821",
            fields=("question", "answer"),
            to_problem=_from_gsm8k,
            hub=HubDataset(
                "openai/gsm8k", "main/test-00000-of-00001.parquet", "740312add88f781978c0658806c59bc2815b9866"
            ),
        ),
        ProblemSet(
            name="math500",
            collection="competition mathematics problems",
            rows=500,
            digest="816d1cbf7269f0df5cf4a48d84e827c700888750dd3171b36cef27cd223e9171",
            fields=("problem", "solution", "answer", "subject", "level", "unique_id"),
            to_problem=_from_math500,
            hub=HubDataset("HuggingFaceH4/MATH-500", "test.jsonl", "6e4ed1a2a79af7d8630a6b768ec859cb5af4d3be"),
        ),
        ProblemSet(
            name="sample",
            collection="mathematics problems",
            rows=64,
            digest="eb2eb4eea96c510eb5b225877990cadf9d00b70f26644f5e639595058738eaea",
            fields=("problem_id", "question", "gold", "solution", "difficulty", "subject"),
            to_problem=_from_sample,
        ),
    )
}


def load_problems(name: str, problems_dir: str | os.PathLike[str] | None = None) -> list[Problem]:
    """Load a whole problem set.

    Args:
        name: A key of PROBLEM_SETS.
        problems_dir: Local folder; None for the one that REVERSED_PERSONA_PROBLEMS names, or else the Hub.

    Raises:
        SettingsError: No set has this name.
        ProblemsError: The set is missing, unreadable, malformed or incomplete, or the Hub can't be reached.
    """
    if name not in PROBLEM_SETS:
        raise SettingsError(
            f"problems: unknown problem set {name!r}; expected one of {', '.join(PROBLEM_SETS)}"
            + did_you_mean(name, PROBLEM_SETS)
        )
    problem_set = PROBLEM_SETS[name]
    if problem_set.hub is None:
        path = Path(__file__).parent / name / "problems.jsonl"
        return to_problems(problem_set, str(path), read_rows(path))
    return to_problems(problem_set, *find_rows(name, problem_set.hub, problems_dir))


def problems_digest(problems: Iterable[Problem]) -> str:
    """Return 64 hexadecimal digits that change when an id, a question, a gold answer or the order does."""
    digest = hashlib.sha256()
    for problem in problems:
        line = [problem["problem_id"], problem["question"], problem["gold"], problem["difficulty"], problem["subject"]]
        digest.update(json.dumps(line).encode() + b"\n")
    return digest.hexdigest()


def choose(problems: Sequence[Problem], count: int | None) -> list[Problem]:
    """Choose some of the problems, the same ones everywhere: those whose ids have the smallest hashes, in their order.

    Args:
        problems: All of them.
        count: How many; None for all.

    Raises:
        SettingsError: There are fewer.
    """
    if count is None:
        return list(problems)
    if count > len(problems):
        raise SettingsError(f"metadata: questions: got {count}; expected at most {len(problems)}")
    chosen = set(sorted((problem["problem_id"] for problem in problems), key=_hash)[:count])
    return [problem for problem in problems if problem["problem_id"] in chosen]


def draw(options: Sequence[_Option], problem_id: str, seed: int) -> _Option:
    """Draw one of several options for a problem: by a hash, so that it depends on nothing but id and seed."""
    return options[int(_hash(f"{seed}/{problem_id}"), 16) % len(options)]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def to_problems(problem_set: ProblemSet, source: str, rows: Rows) -> list[Problem]:
    """Turn raw rows into problems.

    Args:
        problem_set: What they have to be.
        source: Where they come from, for messages.
        rows: The numbered raw rows.

    Raises:
        ProblemsError: A row is malformed or comes twice, or there are too many or too few.
    """
    problems: dict[str, Problem] = {}
    for number, row in rows:
        problem = _to_problem(problem_set, row, f"{source}: row {number}")
        if problem["problem_id"] in problems:
            raise ProblemsError(
                f"{source}: row {number}: {problem['problem_id']!r} was there before; every problem must occur once"
            )
        problems[problem["problem_id"]] = problem
    if len(problems) != problem_set.rows:
        raise ProblemsError(
            f"{source}: has {len(problems)} problems; {problem_set.name} has {problem_set.rows}. "
            "Get the whole test split; to run on fewer problems use --limit"
        )
    return list(problems.values())


def _to_problem(problem_set: ProblemSet, row: Mapping[str, Any], where: str) -> Problem:
    if absent := [field for field in problem_set.fields if row.get(field) is None]:
        raise ProblemsError(
            f"{where}: field {absent[0]!r} is missing; a row of {problem_set.name} has {', '.join(problem_set.fields)}"
        )
    try:
        problem = problem_set.to_problem(row)
        for field in ("problem_id", "question", "gold"):
            if not str.strip(problem[field]):
                raise ValueError(f"{field} is empty")
    except ValueError as error:
        raise ProblemsError(f"{where}: {error}; get the original file of {problem_set.name}") from error
    return problem
