"""What the validator flags stands on the row as well, for it may have been merged by mistake."""

import json
from pathlib import Path

import pytest

from hostile_changes import CORE, valid_parts
from reversed_persona.leaderboard.board.flagging import active_markup, flag_copies
from reversed_persona.leaderboard.board.records import Entry
from reversed_persona.leaderboard.board.site import build_site
from reversed_persona.leaderboard.submissions.checks.markup import holds_active
from reversed_persona.leaderboard.submissions.grading import GradedArm, GradedRow
from submission_files import Parts, sample_problems, sample_suite, write_board, write_parts, write_submission


@pytest.fixture
def board(tmp_path: Path) -> Path:
    return write_board(tmp_path / "board")


def parts_of_model(model: str, opening: str = "") -> Parts:
    """The words of one and the same student, handed in as a model's."""
    parts = valid_parts()
    parts.record["model"]["id"] = parts.results["model_name"] = model
    for row in parts.rows[CORE]:
        for arm in row["arms"].values():
            arm["responses"] = [f"{opening}{arm['responses'][0]}"]
    return parts


def flagged(board: Path, processes: int = 1) -> dict[str, str]:
    built = build_site(board, sample_suite(), sample_problems(), board / "site", processes=processes)
    tables = json.loads((built.site / "leaderboard.json").read_text())["tables"]
    found = {entry.model: str(said) for entry in built.entries if (said := entry.facts["flagged"])}
    assert {row["model"]: row["flagged"] for row in tables[0]["rows"] if row["flagged"]} == found
    return found


@pytest.mark.parametrize(
    ("opening", "how", "processes"), [("", "are", 1), ("Sure! ", "that were sampled are nearly", 2)]
)
def test_copies_are_told_on_both_rows(board: Path, opening: str, how: str, processes: int) -> None:
    for model, its in (("org/one", ""), ("org/two", opening)):
        write_parts(board, parts_of_model(model, its))
    write_submission(board, model="org/three", seed=3)
    said = flagged(board, processes)
    assert said.keys() == {"org/one", "org/two"}
    assert said["org/one"].endswith(f"{how} those of org/two") and "of at least 100 letters" in said["org/one"]
    assert said["org/two"].endswith(f"{how} those of org/one")


def test_a_models_own_words_under_other_prompts_are_not_told(board: Path) -> None:
    custom = parts_of_model("org/one")
    custom.record["type"] = "custom"
    write_parts(board, custom)
    write_parts(board, parts_of_model("org/one"))
    assert flagged(board) == {}


def test_script_in_responses_is_told(board: Path) -> None:
    parts = parts_of_model("org/one")
    for row in parts.rows[CORE][:2]:
        arm = row["arms"]["low"]
        arm["responses"] = [f"<script>alert(1)</script>\n{arm['responses'][0]}"]
    write_parts(board, parts)
    write_parts(board, parts_of_model("org/two"))
    one, two = flagged(board).values()
    assert one.startswith("2 questions have responses with script or active tags; ") and one.endswith("of org/two")
    assert "script" not in two


def test_reference_respondents_are_not_compared(board: Path) -> None:
    entries: list[Entry] = list(build_site(board, sample_suite(), sample_problems(), board / "site").entries)
    assert flag_copies(entries) == entries and flag_copies([]) == []
    assert {entry.facts["flagged"] for entry in entries} == {None}


@pytest.mark.parametrize(
    ("text", "active"),
    [
        ("<script src=x>", True),
        ("JavaScript :alert(1)", True),
        ("java\u017fcript:alert(1)", True),  # a long s is an s to a search that ignores case
        ('<b onclick="x">', True),
        ("a < b, so x > 1: 18", False),
        ("Final answer: 18", False),
        ("", False),
    ],
)
def test_active_text_is_known(text: str, active: bool) -> None:
    assert holds_active([text]) is active
    row = GradedRow(sample_problems()["sample"][0], {"none": GradedArm((text,), ())})
    assert active_markup({CORE: [row]}) == ("1 question has responses with script or active tags" if active else None)
