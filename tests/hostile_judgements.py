"""Submissions whose judgements must not get in; see `hostile_submissions`."""

import copy
import json
from collections.abc import Callable
from typing import Any

from hostile_changes import SCRIPT, Hostile, at, bomb, both, link, nested, packed_raw, raw, with_scores, write
from judged_files import JUDGE_TASK, JUDGED_TASK
from reversed_persona.leaderboard.submissions.files import judgements_name
from submission_files import Parts

JUDGEMENTS = judgements_name(JUDGE_TASK)
OF_TASK = f"judge/tasks/{JUDGE_TASK}"


def judgement(parts: Parts, number: int = 0) -> dict[str, Any]:
    return parts.judgements[JUDGE_TASK][number]


def shown(parts: Parts, showing: str = "contrast_high_first", number: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = judgement(parts, number)["showings"][showing]
    return found


def first_judgement(edit: Callable[[str], str]) -> Callable[[Parts], None]:
    """Change the text of the first row, whatever becomes of it."""

    def change(parts: Parts) -> None:
        first, *others = (json.dumps(one, separators=(",", ":")) for one in parts.judgements[JUDGE_TASK])
        parts.raw[JUDGEMENTS] = packed_raw("".join(f"{one}\n" for one in (edit(first), *others)).encode())

    return change


def replies_to_others(parts: Parts) -> None:
    """Hand in what the judge said of the next question's responses."""
    said = [one["showings"] for one in parts.judgements[JUDGE_TASK]]
    for one, showings in zip(parts.judgements[JUDGE_TASK], [*said[1:], said[0]], strict=True):
        one["showings"] = showings


def another_response(parts: Parts) -> None:
    """Put a remark before one response, which changes no verdict, and keep what the judge said of the old one."""
    low = parts.rows[JUDGED_TASK][5]["arms"]["low"]
    low["responses"] = [f"I am so bad at this.\n{low['responses'][0]}"]


def orders_swapped(parts: Parts) -> None:
    """Swap what was said in the two orders, so that the place becomes the student."""
    for one in parts.judgements[JUDGE_TASK]:
        showings = one["showings"]
        for key in ("replies", "asked"):
            high, low = showings["contrast_high_first"], showings["contrast_low_first"]
            high[key], low[key] = low[key], high[key]


def without_pair(pair: str) -> Callable[[Parts], None]:
    """Leave a pair out of the rows."""

    def change(parts: Parts) -> None:
        for one in parts.judgements[JUDGE_TASK]:
            one["showings"] = {name: said for name, said in one["showings"].items() if not name.startswith(pair)}

    return change


def long_replies(parts: Parts) -> None:
    for one in parts.judgements[JUDGE_TASK]:
        for said in one["showings"].values():
            said["replies"] = ["Rating: \n" * 12_000]


def _hostile(name: str, says: str, change: Any = None, *, touch: Any = None, kind: str = "refused") -> Hostile:
    return Hostile(name, says, change, touch, kind, judged=True)


HOSTILE_JUDGEMENTS = (
    _hostile("judgements: a link", "is a link", touch=link(JUDGEMENTS, "/etc/passwd")),
    _hostile("judgements: an unexpected file", "is an unexpected file", touch=write("judgements/run.py")),
    _hostile("judgements: a folder in the folder", "is an unexpected folder", touch=write("judgements/judgements/a")),
    _hostile("judgements: nobody is named", "expected judge_rev", lambda parts: parts.record.pop("judge")),
    _hostile("judgements: named and not there", "expected none, the", lambda parts: parts.judgements.clear()),
    _hostile("judgements: a gzip bomb", "is longer than 4 MB", raw(JUDGEMENTS, lambda: bomb(b"\0", 1024))),
    _hostile(
        "judgements: a gzip bomb of many lines", "line 1: refused: is not", raw(JUDGEMENTS, lambda: bomb(b"\n", 256))
    ),
    _hostile("judgements: 4 MB", "is larger than 3 MB", raw(JUDGEMENTS, bytes(4 << 20))),
    _hostile("judgements: no gzip file", "is no gzip file", raw(JUDGEMENTS, b"{}\n")),
    _hostile("judgements: an empty log", "lacks 64 of 64", lambda parts: parts.judgements[JUDGE_TASK].clear()),
    _hostile("judgements: hard ones left out", "every problem once", lambda parts: parts.judgements[JUDGE_TASK].pop(7)),
    _hostile("judgements: the last one left out", "lacks 1 of 64", lambda parts: parts.judgements[JUDGE_TASK].pop()),
    _hostile(
        "judgements: one of them twice",
        "every problem once",
        lambda parts: parts.judgements[JUDGE_TASK].__setitem__(3, copy.deepcopy(judgement(parts, 2))),
    ),
    _hostile(
        "judgements: one too many",
        "expected no more rows",
        lambda parts: parts.judgements[JUDGE_TASK].append(judgement(parts)),
    ),
    _hostile(
        "judgements: of an unknown problem", "problem_id: got", lambda parts: judgement(parts).update(problem_id=SCRIPT)
    ),
    _hostile("judgements: one order only", "shows", lambda parts: judgement(parts)["showings"].popitem()),
    _hostile("judgements: without the contrast", "shows", without_pair("contrast")),
    _hostile(
        "judgements: without the contrast, and it says so",
        "expected contrast and some of",
        both(without_pair("contrast"), at(f"{OF_TASK}/pairs", ["null_identical", "null_none", "masked"])),
    ),
    _hostile("judgements: a pair left out in silence", "shows", without_pair("masked")),
    _hostile("judgements: an injected pair", "pairs: got", at(f"{OF_TASK}/pairs", ["contrast", "injected"])),
    _hostile("judgements: an unknown pair", "judge.tasks", at(f"{OF_TASK}/pairs", ["contrast", SCRIPT])),
    _hostile("judgements: of other responses", "the judge read other responses than these", replies_to_others),
    _hostile("judgements: older than the responses", "the judge read other responses", with_scores(another_response)),
    _hostile("judgements: orders swapped", "the judge read other responses than these", orders_swapped),
    _hostile("judgements: a rubric of one's own", "rubric: got", at(f"{OF_TASK}/rubric", "0123456789abcdef")),
    _hostile("judgements: another version", "version: got 2.0", at(f"{OF_TASK}/version", 2.0)),
    _hostile("judgements: a version that is no number", "judge.tasks", at(f"{OF_TASK}/version", float("nan"))),
    _hostile(
        "judgements: of no judge task",
        "is no judge task of suite sample",
        lambda parts: (
            parts.record["judge"].update(tasks={"judge_other": parts.record["judge"]["tasks"][JUDGE_TASK]}),
            parts.judgements.update(judge_other=parts.judgements.pop(JUDGE_TASK)),
        ),
    ),
    _hostile("judgements: HTML in the judge's name", "judge.id", at("judge/id", f"lab/{SCRIPT}")),
    _hostile("judgements: a judge's name that turns the text around", "judge.id", at("judge/id", "lab/\u202efair")),
    _hostile("judgements: a path as the revision", "judge.revision", at("judge/revision", "/home/me/w")),
    _hostile("judgements: a path in the settings", "judge.model_args", at("judge/model_args", {"peft": "/home/me"})),
    _hostile("judgements: an infinite setting", "judge.model_args", at("judge/model_args", {"a": float("inf")})),
    _hostile(
        "judgements: an unknown field of the judge",
        "Extra inputs",
        lambda parts: parts.record["judge"].update(score=5.0),
    ),
    _hostile("judgements: a rating beside the reply", "Extra inputs", lambda parts: shown(parts).update(rating=5)),
    _hostile("judgements: an unknown field", "Extra inputs", lambda parts: judgement(parts).update(doc_rating=5.0)),
    _hostile("judgements: NaN", "holds NaN", first_judgement(lambda line: line.replace('["', '[NaN,"', 1))),
    _hostile("judgements: nested deeply", "nested too deeply", first_judgement(lambda line: nested().decode())),
    _hostile(
        "judgements: a key twice", "is not spelt as", first_judgement(lambda line: '{"problem_id":"",' + line[1:])
    ),
    _hostile(
        "judgements: 300,000 showings",
        "holds an object of 300000 keys",
        raw(JUDGEMENTS, packed_raw(f'{{"showings":{json.dumps(dict.fromkeys(range(300_000), 0))}}}\n'.encode())),
    ),
    _hostile("judgements: half a character", "half a character", lambda parts: shown(parts).update(replies=["\ud800"])),
    _hostile("judgements: no reply", "replies", lambda parts: shown(parts).update(replies=[])),
    _hostile(
        "judgements: the best of two replies",
        "got 2 replies; expected 1",
        lambda parts: shown(parts).update(replies=["Rating: 1", "Rating: 5"]),
    ),
    _hostile(
        "judgements: a rating hidden as thinking",
        "a reply with thinking in it",
        lambda parts: shown(parts).update(replies=["<think>Rating: 1</think>Rating: 5\nWeaker: B"]),
    ),
    _hostile("judgements: of the model itself", "the judged model itself", at("judge/id", "lab/Model"), kind="flagged"),
    _hostile(
        "judgements: always the same",
        "every reply is",
        lambda parts: [
            said.update(replies=["Rating: 5\nWeaker: B"])
            for one in parts.judgements[JUDGE_TASK]
            for said in one["showings"].values()
        ],
        kind="flagged",
    ),
    _hostile("judgements: replies of a hundred kilobytes", "every reply is", long_replies, kind="flagged"),
)
