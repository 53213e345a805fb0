r"""A user's own problems: a file of JSON lines -> the uniform rows of `problems`.

    {"question": "A train leaves at 9:40 and arrives at 11:05. How many minutes does it take?", "gold": 85}
    {"question": "Simplify $6/8$.", "gold": "\\frac{3}{4}", "id": "7b", "difficulty": 2, "subject": "Fractions"}

Anybody may have written the file, so its size, its types and its fields are checked, and an error names the line. Every
gold is graded against itself: one that the grader can't read would make every answer to its problem wrong.
"""

import difflib
import hashlib
import json
import math
import re
import reprlib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

from reversed_persona.answers import grade
from reversed_persona.errors import ProblemsError
from reversed_persona.problems import Problem

__all__ = ["MAX_FILE_BYTES", "MAX_PROBLEMS", "MAX_ROW_BYTES", "read_own_problems"]

MAX_FILE_BYTES = 64 << 20
MAX_ROW_BYTES = 256 << 10
MAX_PROBLEMS = 20_000  # more than the whole of GSM8K or of MATH
MAX_FIELDS = 50
MAX_DIFFICULTY = 1000

_FIELDS = ("question", "gold", "id", "problem_id", "difficulty", "solution", "subject")
_MAX_CHARACTERS = {"question": 20_000, "gold": 500, "id": 100, "problem_id": 100, "solution": 50_000, "subject": 100}
_OTHERWISE_CALLED = {
    "question": ("problem", "prompt", "exercise", "text"),
    "gold": ("answer", "target", "final_answer"),
}
_BACKSLASHES = r"In JSON a backslash is written twice: \\frac"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # editors on Windows put it at the beginning
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|"
    r"\t(?:imes\b|heta\b|riangle\b|ext\{|an[\\({^])|\r(?:ight[)\]}|\\.]|angle\b)"  # what JSON makes of \times, \right
)
_MORE_THAN_AN_ANSWER = re.compile(r"####|\banswer\b|[\n\r\t]", re.IGNORECASE)


class _RowError(Exception):
    """What is wrong with a line; its file and number are added where they are known."""


def read_own_problems(path: Path) -> list[Problem]:
    """Read a file of JSON lines.

    A problem without an id gets one that depends on its question alone. A difficulty that isn't given is 0, a solution
    or subject "".

    Raises:
        ProblemsError: The file is missing, unreadable, too large or empty, or a line is malformed, comes twice, or
            has a gold that the grader can't read.
    """
    problems: list[Problem] = []
    seen: dict[tuple[str, str], int] = {}
    for number, line in _lines(path):
        try:
            problem = _to_problem(_parse(line))
            for what, key in (("question", _words(problem["question"])), ("id", problem["problem_id"])):
                if (what, key) in seen:
                    raise _RowError(f"{what}: {_shown(key)} stands in line {seen[what, key]} already; keep one of them")
                seen[what, key] = number
            problems.append(problem)
            if len(problems) > MAX_PROBLEMS:
                raise _RowError(f"is problem number {len(problems)}; expected at most {MAX_PROBLEMS}, split the file")
        except _RowError as error:
            raise ProblemsError(f"{path}: line {number}: {error}") from error
    if not problems:
        raise ProblemsError(f'{path}: holds no problem; expected a line such as {{"question": "...", "gold": "12"}}')
    return problems


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Number the lines that aren't blank."""
    try:
        if not path.is_file():  # a pipe could be read only once, and a run reads twice
            what = "is no file" if path.exists() else "is not there"
            raise ProblemsError(f"{path}: {what}; expected a file of JSON lines, one problem a line")
        if (size := path.stat().st_size) > MAX_FILE_BYTES:
            raise ProblemsError(f"{path}: has {size >> 20} MB; expected at most {MAX_FILE_BYTES >> 20}, split it")
        with path.open("rb") as file:
            number = 0
            while line := file.readline(MAX_ROW_BYTES + 1):
                number += 1
                if len(line) > MAX_ROW_BYTES:
                    raise ProblemsError(
                        f"{path}: line {number}: is longer than {MAX_ROW_BYTES >> 10} KB; expected one problem a line"
                    )
                line = line.removeprefix(_BYTE_ORDER_MARK) if number == 1 else line
                if line.strip():
                    yield number, line
    except OSError as error:
        raise ProblemsError(f"{path}: cannot be read: {error.strerror}; expected a file of JSON lines") from error


def _parse(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line.decode("utf-8"), parse_constant=_refuse_constant, object_pairs_hook=_without_twins)
    except UnicodeDecodeError as error:
        raise _RowError("is not UTF-8 text; save the file as JSON lines in UTF-8") from error
    except (ValueError, RecursionError) as error:
        said = f"{error.msg} at {error.pos}" if isinstance(error, json.JSONDecodeError) else f"{error!s:.100}"
        hint = f". {_BACKSLASHES}" if "escape" in said else ""
        raise _RowError(
            f"is not JSON ({said}); expected one whole object a line, without a list around them or commas between"
            + hint
        ) from error
    if not isinstance(row, dict):
        raise _RowError(f"is a {type(row).__name__}; expected one object a line, without a list around them")
    return row


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for key, value in pairs:
        if key in row:
            raise _RowError(f"{key!r:.40} stands twice; keep one")
        row[key] = value
    return row


def _to_problem(row: Mapping[str, Any]) -> Problem:
    given = {field: value for field, value in row.items() if value is not None}
    _check_fields(given)
    question = _text(given, "question").strip()
    return Problem(
        problem_id=_problem_id(given, question),
        question=question,
        gold=_gold(given, question),
        solution=_text(given, "solution") if "solution" in given else "",
        difficulty=_difficulty(given),
        subject=_text(given, "subject") if "subject" in given else "",
    )


def _check_fields(row: Mapping[str, Any]) -> None:
    """Refuse a row without what every problem has, and fields that look like ours; others are left alone."""
    for field, other_names in _OTHERWISE_CALLED.items():
        if field not in row:
            there = [name for name in row if name.casefold() == field or name.casefold() in other_names]
            near = there or difflib.get_close_matches(field, list(row), n=1, cutoff=0.7)
            hint = f"; here it is called {near[0]!r}, call it {field!r}" if near else ""
            raise _RowError(f"field {field!r} is missing; a problem needs {' and '.join(_OTHERWISE_CALLED)}{hint}")
    if len(row) > MAX_FIELDS:
        raise _RowError(f"has {len(row)} fields; expected at most {MAX_FIELDS}")
    for name in row:
        if meant := _meant(name):
            raise _RowError(f"unknown field {name!r:.40}; did you mean {meant!r}? The fields are {', '.join(_FIELDS)}")


@lru_cache(maxsize=1024)  # most rows have the same fields
def _meant(name: str) -> str:
    """Return the field of which a name looks like a misspelling, "" if it is one or looks like none."""
    foreign = {name for names in _OTHERWISE_CALLED.values() for name in names}
    if name in _FIELDS or name in foreign or len(name) < 4:  # so short a name is near to any other
        return ""
    return next(iter(difflib.get_close_matches(name.casefold(), _FIELDS, n=1, cutoff=0.8)), "")


def _text(row: Mapping[str, Any], field: str) -> str:
    value = row[field]
    if not isinstance(value, str):
        raise _RowError(f"{field}: got {_shown(value)}; expected text in quotation marks")
    if not value.strip() and field not in ("solution", "subject"):
        raise _RowError(f"{field}: is blank; expected text")
    if len(value) > _MAX_CHARACTERS[field]:
        raise _RowError(f"{field}: has {len(value)} characters; expected at most {_MAX_CHARACTERS[field]}")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise _RowError(
            f"{field}: got {value[error.start]!r}, half a character, at {error.start}; expected Unicode text"
        ) from error
    if found := _CONTROL.search(value):
        raise _RowError(
            f"{field}: got the control character {found.group()[0]!r} at {found.start()}; expected plain text. "
            + _BACKSLASHES
        )
    return value


def _problem_id(row: Mapping[str, Any], question: str) -> str:
    names = [field for field in ("id", "problem_id") if field in row]
    if not names:
        return "own-" + hashlib.sha256(_words(question).encode()).hexdigest()[:12]
    if len(names) > 1:
        raise _RowError("has both 'id' and 'problem_id'; keep one")
    if _is_number(row[names[0]], int):
        return str(row[names[0]])
    name = _text(row, names[0])
    if name != name.strip() or "\n" in name or "\r" in name:
        raise _RowError(f"{names[0]}: got {_shown(name)}; expected a name on one line, without spaces around it")
    return name


def _difficulty(row: Mapping[str, Any]) -> int:
    if "difficulty" not in row:
        return 0
    difficulty = row["difficulty"]
    if not _is_number(difficulty, int) or not 1 <= difficulty <= MAX_DIFFICULTY:
        raise _RowError(
            f"difficulty: got {_shown(difficulty)}; expected a whole number from 1 to {MAX_DIFFICULTY}, 1 the easiest"
        )
    return int(difficulty)


def _gold(row: Mapping[str, Any], question: str) -> str:
    gold = row["gold"]
    if _is_number(gold, int, float):
        if not math.isfinite(gold):  # 1e999 is JSON
            raise _RowError(f"gold: got {gold!r}; expected a number that can be written out")
        row = {"gold": format(Decimal(repr(gold)), "f")}
    elif not isinstance(gold, str):
        raise _RowError(f"gold: got {_shown(gold)}; expected the final answer as text or as a number")
    text = _text(row, "gold").strip()
    if fault := _fault(text, question):
        raise _RowError(f"gold: got {_shown(text)}; {fault}")
    return text


@lru_cache(maxsize=MAX_PROBLEMS)  # a run reads its problems twice
def _fault(gold: str, question: str) -> str:
    """Say why a gold can't be graded, "" if it can."""
    if _MORE_THAN_AN_ANSWER.search(gold):
        return "expected the final answer alone, on one line"
    if _is_right(gold, gold, question):
        return ""
    word = rf"\text{{{gold}}}"
    if gold.replace(" ", "").isalpha() and _is_right(gold, word, question):
        return f"the grader takes it for no answer; a word is written as {json.dumps(word)}"
    return (
        "an answer that says the same would not be graded as correct; expected a number, an expression in LaTeX "
        r'("\\frac{3}{4}"), or words as "\\text{no solution}"'
    )


def _is_right(answer: str, gold: str, question: str) -> bool:
    try:
        return grade(f"Final answer: {answer}", gold=gold, question=question).status == "correct"
    except ValueError:  # a gold of nothing but signs, such as "."
        return False


def _is_number(value: object, *kinds: type) -> bool:
    return isinstance(value, kinds) and not isinstance(value, bool)


def _words(text: str) -> str:
    return " ".join(text.split())


def _shown(value: object) -> str:
    return f"{reprlib.repr(value)} ({type(value).__name__})"
