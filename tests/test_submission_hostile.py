"""A valid submission is taken; every one of the hostile ones is refused or flagged for the right reason."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hostile_changes import CORE, SAMPLES, Hostile, valid_parts
from hostile_submissions import HOSTILE
from reversed_persona.cli import main
from reversed_persona.leaderboard.submissions.findings import Finding, github_line, text_line
from reversed_persona.leaderboard.submissions.validating import validate, validate_all
from submission_files import DATE, make_parts, sample_problems, sample_suite, write_board, write_parts, write_submission
from submission_limits import MEGABYTES, SECONDS

TESTS = Path(__file__).parent
linux = pytest.mark.skipif(sys.platform != "linux", reason="limits and pipes as Linux has them")


@pytest.fixture
def board(tmp_path: Path) -> Path:
    return write_board(tmp_path / "board")


def findings(folder: Path, board: Path, others=None) -> list[Finding]:
    return validate(folder, board, sample_suite(), sample_problems(), others)


def test_valid_submission_has_no_findings(board: Path) -> None:
    assert findings(write_parts(board, valid_parts()), board) == []


@pytest.mark.parametrize(
    "how", [{"chat": True}, {"type": "custom"}, {"trained_on_benchmark": "yes", "parameters": None}], ids=str
)
def test_valid_submission_of_another_kind_has_no_findings(board: Path, how) -> None:
    assert findings(write_submission(board, **how), board) == []


def test_there_are_more_than_forty_hostile_ones_by_different_names() -> None:
    assert len({one.name for one in HOSTILE}) == len(HOSTILE) > 40


@linux
@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda one: one.name)
def test_hostile_submission_is_refused_or_flagged_for_the_right_reason(hostile: Hostile, board: Path) -> None:
    found = findings(hostile.write(board), board)
    told = [one for one in found if one.kind == hostile.kind and hostile.says in text_line(one)]
    assert told, "\n".join(map(text_line, found))
    for one in found:
        assert "\n" not in text_line(one) + github_line(one)
        assert one.mending and len(text_line(one)) < 2_000


@linux
def test_each_takes_at_most_ten_seconds_and_a_gigabyte(tmp_path: Path) -> None:
    folders = [one.write(write_board(tmp_path / str(number))) for number, one in enumerate(HOSTILE)]
    done = subprocess.run(
        [sys.executable, TESTS / "submission_limits.py", tmp_path / "0", *folders],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    *used, all_in_all = map(json.loads, done.stdout.splitlines())
    assert len(used) == len(HOSTILE)
    for hostile, one in zip(HOSTILE, used, strict=True):
        assert one["came"] == hostile.kind and one["seconds"] <= SECONDS, f"{hostile.name}: {one}"
    assert max(all_in_all["megabytes"]) <= MEGABYTES
    print(f"{len(used)} take at most {max(one['seconds'] for one in used)} s each, {all_in_all['megabytes']} MB")


def test_folder_of_a_model_is_told_from_a_submission(board: Path) -> None:
    folder = write_parts(board, valid_parts())
    said = [text_line(one) for one in findings(folder.parent, board)]
    assert any("is a submission itself" in one and "one level below" in one for one in said)
    assert not any(folder.name in one and "Take it out" in one for one in said)


def test_link_to_a_submission_is_refused(board: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(write_parts(board, valid_parts()))
    (found,) = findings(tmp_path / "link", board)
    assert found.kind == "refused" and "a link" in found.said


def test_link_on_the_way_to_a_submission_is_refused(board: Path, tmp_path: Path) -> None:
    folder = write_parts(board, valid_parts())
    model = folder.parent.rename(tmp_path / "elsewhere")
    folder.parent.symlink_to(model)
    (found,) = findings(folder, board)
    assert found.kind == "refused" and "behind a link" in found.said


def test_folder_with_a_name_that_is_no_text_is_one_line(board: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path(os.fsdecode(bytes(board / "submissions" / "sample") + b"/\xff\n::error::x/a"))
    folder.mkdir(parents=True)
    for name in ("text", "github"):
        options = ["--board", str(board), "--suite", "sample", "--format", name]
        assert main(["submission", "validate", str(folder), *options]) == 1
    text, _, annotation, _ = capsys.readouterr().out.splitlines()  # neither submission.yaml nor results.json
    assert r"/\udcff\n::error::x/a: refused: has no submission.yaml" in text
    assert annotation.startswith("::error file=") and annotation.isprintable()


def test_folder_that_is_not_there_is_refused(board: Path, tmp_path: Path) -> None:
    (found,) = findings(tmp_path / "nothing", board)
    assert "cannot be read" in found.said


class TestAgainstOthers:
    def test_responses_of_another_model_are_flagged(self, board: Path) -> None:
        parts = valid_parts()
        write_parts(board, parts)
        copy = valid_parts()
        copy.record["model"]["id"] = copy.results["model_name"] = "other/copied"
        (found,) = findings(write_parts(board, copy), board)
        assert found.kind == "flagged" and "are those of 'org/model'" in found.said

    def test_copies_in_capitals_and_with_other_spaces_are_flagged(self, board: Path) -> None:
        write_parts(board, valid_parts())
        copy = valid_parts()
        copy.record["model"]["id"] = copy.results["model_name"] = "other/copied"
        for row in copy.rows[CORE]:
            for arm in row["arms"].values():
                arm["responses"] = [arm["responses"][0].replace("Let me see.", "LET  ME  SEE!", 1)]
        (found,) = findings(write_parts(board, copy), board)
        assert found.kind == "flagged" and found.about == "others"

    def test_copies_in_another_script_with_other_signs_are_flagged(self, board: Path) -> None:
        for model, sign, opening in (("org/model", ". ", "LET ME SEE: ÀÉ"), ("other/copied", "!", "let me see, àé")):
            parts = valid_parts()
            parts.record["model"]["id"] = parts.results["model_name"] = model
            for row in parts.rows[CORE]:
                for arm in row["arms"].values():
                    arm["responses"] = [f"{opening}{sign}{arm['responses'][0]}"]
            folder = write_parts(board, parts)
        (found,) = findings(folder, board)
        assert found.about == "others" and "of at least 100 letters are those of 'org/model'" in found.said

    def test_mended_submission_beside_the_one_that_it_mends_is_flagged(self, board: Path) -> None:
        first = write_submission(board)
        (found,) = findings(write_submission(board, note="Now with a note."), board)
        assert found.kind == "flagged" and "git rm -r" in found.mending
        assert f"is of the same run as '{'/'.join(first.parts[-3:])}'" in found.said

    def test_newer_run_and_another_type_of_a_model_are_not_flagged(self, board: Path) -> None:
        write_submission(board)
        assert findings(write_submission(board, date=DATE + 86_400), board) == []
        assert findings(write_submission(board, type="custom"), board) == []

    def test_own_words_are_not_flagged(self, board: Path) -> None:
        write_submission(board, model="org/one", seed=1)
        assert findings(write_submission(board, model="org/two", seed=2), board) == []

    def test_equal_short_answers_are_not_flagged(self, board: Path) -> None:
        # both say "Final answer: <gold>" and nothing else: 14 letters and digits or a few more
        for model in ("org/one", "org/two"):
            parts = valid_parts()
            parts.record["model"]["id"] = parts.results["model_name"] = model
            for row in parts.rows[CORE]:
                for arm in row["arms"].values():
                    arm["responses"] = [arm["responses"][0].splitlines()[-1]]
            folder = write_parts(board, parts)
        assert not [one for one in findings(folder, board) if one.about == "others"]

    def test_submission_of_somebody_elses_model_is_flagged(self, board: Path) -> None:
        write_parts(board, valid_parts())
        later = valid_parts()
        later.record["submitter"]["name"] = "Somebody Else"
        found, _ = findings(write_parts(board, later), board)  # and it is of the same run
        assert found.kind == "flagged" and "has 'org/model' from 'A. Tester'" in found.said

    def test_copies_within_one_call_are_flagged(self, board: Path) -> None:
        first = write_parts(board, valid_parts())
        copy = valid_parts()
        copy.record["model"]["id"] = copy.results["model_name"] = "other/copied"
        both = [first, write_parts(board, copy)]
        (_, none), (_, some) = validate_all(both, board, sample_suite(), sample_problems())
        assert none == [] and [one.about for one in some] == ["others"]

    @pytest.mark.parametrize(
        ("theirs", "mine", "kind", "says"),
        [
            ("Org/Model-7B", "org/model-7b", "refused", "one spelling"),
            ("org/model-1", "org/model-l", "flagged", "looks like"),
            ("org/model.5", "org/model-5", "flagged", "looks like"),
            ("org/modern", "org/modem", "flagged", "looks like"),
        ],
    )
    def test_ids_that_look_alike_are_told(self, board: Path, theirs: str, mine: str, kind: str, says: str) -> None:
        write_submission(board, model=theirs, seed=1)
        found = findings(write_submission(board, model=mine, seed=2), board)
        assert [(one.kind, says in one.said) for one in found] == [(kind, True)]

    def test_damaged_neighbour_does_not_matter(self, board: Path) -> None:
        neighbour = write_submission(board, model="org/damaged")
        (neighbour / SAMPLES).write_bytes(b"no gzip")
        (write_submission(board, model="org/empty") / "submission.yaml").write_bytes(b"[")
        (near,) = findings(write_submission(board, model="org/Damaged", seed=2), board)
        assert "one spelling" in near.said
        assert findings(write_submission(board, model="org/fine", seed=1), board) == []


def test_machines_that_run_out_of_time_are_flagged_only(board: Path) -> None:
    parts = valid_parts()
    row = next(one for one in parts.rows[CORE] if one["arms"]["low"]["verdicts"][0]["status"] == "wrong")
    row["arms"]["low"]["verdicts"][0] |= {"status": "unanswered", "reason": "undecided", "derived": False}
    from submission_files import expected_scores

    parts.results["results"][CORE] = expected_scores(sample_suite(), CORE, parts.rows[CORE])
    (found,) = findings(write_parts(board, parts), board)
    assert (found.kind, found.about) == ("flagged", "verdicts")


def test_repeats_are_checked_one_by_one(board: Path) -> None:
    parts = make_parts()
    for config in parts.results["configs"].values():
        config["repeats"] = 2
    for row in parts.rows[CORE]:
        for arm in row["arms"].values():
            arm["responses"] *= 2
            arm["verdicts"] *= 2
    from submission_files import expected_scores

    parts.results["results"][CORE] = expected_scores(sample_suite(), CORE, parts.rows[CORE])
    assert findings(write_parts(board, parts), board) == []
    parts.rows[CORE][0]["arms"]["high"]["responses"] = ["", parts.rows[CORE][0]["arms"]["high"]["responses"][1]]
    assert any(one.about == "verdicts" for one in findings(write_parts(board, parts), board))
