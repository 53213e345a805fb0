"""A judge task's sample log -> the judge's ratings, item by item, as `agreement` holds them against people's."""

import json
from pathlib import Path

from reversed_persona.errors import SettingsError
from reversed_persona.judging.reading import Judgement
from reversed_persona.samples import MAX_ROW_BYTES

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
    number = 0
    try:
        with path.open("rb") as file:
            while line := file.readline(MAX_ROW_BYTES):
                number += 1
                row = json.loads(line)
                for said in row["filtered_resps"]:
                    rating = Judgement.from_json(said[0]).rating
                    if rating is not None:
                        ratings[f"{row['doc']['problem_id']}/{json.loads(said[0])['showing']}"] = rating
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}; expected a judge task's sample log") from error
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise SettingsError(
            f"{path}: line {number}: {type(error).__name__}: {error!s:.120}; expected a judge task's sample log"
        ) from error
    return path.resolve().parent.name, ratings
