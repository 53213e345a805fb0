"""A judge task's sample log -> the judge's ratings, item by item, as `agreement` holds them against people's."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reversed_persona.errors import SettingsError
from reversed_persona.json_lines import BadRow, read_json_lines
from reversed_persona.judging.reading import Judgement

__all__ = ["read_judged"]


def read_judged(path: Path) -> tuple[str, dict[str, int]]:
    """Read what a judge rated; of several replies to one showing the first counts, and unrated ones are left out.

    Args:
        path: samples_judge_reversed_persona_*.jsonl.

    Returns:
        The judge's name, which is that of the folder; and its rating of each item "<problem_id>/<showing>".

    Raises:
        SettingsError: The file can't be read, or is no such log.
    """
    ratings: dict[str, int] = {}
    for row in read_json_lines(path, lambda number, row: [_of_question(row)]):
        if isinstance(row, BadRow):
            raise SettingsError(f"{path}: line {row.row}: {row.said}; expected a judge task's sample log")
        ratings |= row
    return path.resolve().parent.name, ratings


def _of_question(row: Mapping[str, Any]) -> dict[str, int]:
    replies = [said[0] for said in row["filtered_resps"]]
    judged = {json.loads(reply)["showing"]: Judgement.from_json(reply).rating for reply in replies}
    name = row["doc"]["problem_id"]
    return {f"{name}/{showing}": rating for showing, rating in judged.items() if rating is not None}
