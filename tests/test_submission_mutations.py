"""Change anything that matters in a valid submission, and the validator notices."""

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from hostile_changes import CORE, valid_parts
from reversed_persona.leaderboard.submissions.files import RECORD, list_files
from reversed_persona.leaderboard.submissions.findings import text_line
from reversed_persona.leaderboard.submissions.validating import validate
from submission_files import sample_problems, sample_suite, write_board, write_parts

NOT_PROVEN = {
    "config.batch_size",
    "config.model_args.dtype",
    *(
        f"configs.{task}.generation_kwargs.{name}"
        for task in (CORE, "control_reversed_persona_sample")
        for name in ("do_sample", "temperature", "max_gen_toks")
    ),
}
"""What a submission says of itself and nobody can check from its responses."""


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_board(tmp_path_factory.mktemp("board") / "board")


def is_noticed(folder: Path, board: Path) -> bool:
    return any(one.kind == "refused" for one in validate(folder, board, sample_suite(), sample_problems(), []))


def test_every_byte_of_every_file_matters(board: Path) -> None:
    folder = write_parts(board, valid_parts())
    names, _ = list_files(folder)
    assert len(names) == 4
    for name in names:
        path = folder / name
        whole = path.read_bytes()
        step = 1 if name == RECORD else max(1, len(whole) // 300)  # all others' bytes stand in one hash of the record
        for place in (*range(0, len(whole), step), len(whole) - 1):
            changed = bytearray(whole)
            changed[place] ^= 1
            path.write_bytes(changed)
            assert is_noticed(folder, board), f"{name}: byte {place}"
        for shorter in (whole[:-1], whole[1:], b"", whole + b"\n", whole + b"\0"):
            path.write_bytes(shorter)
            assert is_noticed(folder, board), f"{name}: {len(shorter)} bytes"
        path.write_bytes(whole)
    assert not is_noticed(folder, board)


def test_every_value_of_the_results_matters_even_where_the_hashes_fit(board: Path) -> None:
    parts = valid_parts()
    ignored = set()
    for way in leaves(parts.results):
        changed = copy.deepcopy(parts)
        alter(changed.results, way)
        if not is_noticed(write_parts(board, changed), board):
            ignored.add(".".join(map(str, way)))
    assert ignored == NOT_PROVEN


@pytest.mark.parametrize("number", [0, 31, 63])
def test_every_value_of_a_row_matters_even_where_the_hashes_fit(board: Path, number: int) -> None:
    parts = valid_parts()
    for way in leaves(parts.rows[CORE][number]):
        changed = copy.deepcopy(parts)
        alter(changed.rows[CORE][number], way)
        noticed = is_noticed(write_parts(board, changed), board)
        assert noticed, f"{way}: {json.dumps(parts.rows[CORE][number])[:200]}"


@pytest.mark.parametrize("seed", range(40))
def test_no_change_whatever_crashes_the_validator(board: Path, seed: int) -> None:
    draw = random.Random(seed)
    for of in ("record", "results", "rows"):
        parts = valid_parts()
        changed: Any = {
            "record": copy.deepcopy({**parts.record, "files": {}}),
            "results": parts.results,
            "rows": parts.rows[CORE],
        }[of]
        for _ in range(draw.randint(1, 3)):
            spoil(changed, draw)
        if of == "record":
            parts.raw[RECORD] = yaml.safe_dump(changed).encode()
        folder = write_parts(board, parts)
        found = validate(folder, board, sample_suite(), sample_problems(), [])
        assert all("\n" not in text_line(one) for one in found)
        assert found or of == "results"  # a setting that nobody can check


ODD = (
    None,
    True,
    0,
    -1,
    10**30,
    1e300,
    float("nan"),
    "",
    "\0",
    "\u202e",
    "x" * 5_000,
    [],
    {},
    [[]],
    {"": {}},
    [None] * 50,
)


def spoil(value: Any, draw: random.Random) -> None:
    """Put something odd in some place, take something out, or put something in."""
    while isinstance(value, dict | list) and value:
        key = draw.choice(list(value)) if isinstance(value, dict) else draw.randrange(len(value))
        if isinstance(value[key], dict | list) and value[key] and draw.random() < 0.8:
            value = value[key]
            continue
        kind = draw.choice(("replace", "remove", "add"))
        if kind == "remove":
            del value[key]
        elif kind == "add" and isinstance(value, dict):
            value["odd"] = draw.choice(ODD)
        else:
            value[key] = draw.choice(ODD)
        return


def leaves(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*way, key))
    else:
        yield way


def alter(value: Any, way: tuple[Any, ...]) -> None:
    """Change a value a little, so that it is still of its kind where it can be."""
    *before, last = way
    for key in before:
        value = value[key]
    old = value[last]
    if isinstance(old, bool):
        value[last] = not old
    elif isinstance(old, int | float):
        value[last] = old + 1
    elif old is None:
        value[last] = 1
    elif "Final answer" in old:
        value[last] = old + "1"  # another final answer
    elif set(old) <= set("0123456789abcdef"):
        value[last] = ("1" if old[0] == "0" else "0") + old[1:]
    else:
        value[last] = old + "x"
