"""The manifest of the suite: what the package asks, hashes only; and the board's places."""

import json
from pathlib import Path

import pytest

from reversed_persona.cli import main
from reversed_persona.errors import LeaderboardError
from reversed_persona.leaderboard.manifest import (
    CORE,
    JUDGES,
    TASKS,
    build_suite,
    judge_task,
    load_problem_sets,
    task_without_problems,
)
from reversed_persona.leaderboard.submissions.places import find_submissions
from reversed_persona.leaderboard.submissions.prompts_anew import plain_prompt_hashes
from reversed_persona.leaderboard.submissions.record import record_schema
from reversed_persona.leaderboard.suite import (
    MANIFEST,
    SCHEMA,
    SUITE,
    Suite,
    board_folder,
    hashes_of,
    read_suite,
    shipped_reference,
)
from reversed_persona.problem_sources import PROBLEMS_VARIABLE
from reversed_persona.problems import PROBLEM_SETS
from reversed_persona.rendering import load_tasks, task_prompts
from submission_files import sample_problems, sample_suite, write_board, write_submission

CHECKOUT = Path(__file__).resolve().parents[1]
BOARD = CHECKOUT / "leaderboards"


@pytest.fixture(scope="module")
def shipped() -> Suite:
    return read_suite(BOARD)


@pytest.fixture
def originals(monkeypatch: pytest.MonkeyPatch, shared_data: Path) -> Path:
    """The original problem sets, where they are at hand."""
    return shared_data


class TestManifest:
    def test_tasks_are_those_of_the_package(self, shipped: Suite) -> None:
        # a version that asks something else needs a number of its own: 1.1
        assert (shipped.version, shipped.core, tuple(shipped.tasks)) == (SUITE, CORE, TASKS)
        assert len(TASKS) == 14
        for name, task in shipped.tasks.items():
            assert task.model_copy(update={"questions": None}) == task_without_problems(name), name

    def test_judge_tasks_are_those_of_the_package(self, shipped: Suite) -> None:
        assert tuple(shipped.judges) == JUDGES
        for name, judge in shipped.judges.items():
            assert judge == judge_task(name), name
            assert judge.judged in shipped.core and judge.pairs == ("contrast", "null_identical", "null_none", "masked")

    def test_judge_task_that_judges_nothing_of_the_suite_is_not_in_it(self) -> None:
        assert list(sample_suite().judges) == ["judge_reversed_persona_sample"]
        tasks = ("sample_reversed_persona",)
        assert build_suite(sample_problems(), version="sample", core=tasks, tasks=tasks).judges == {}

    def test_unknown_judge_task_is_named(self) -> None:
        with pytest.raises(LeaderboardError, match="no task 'judge_nothing'"):
            judge_task("judge_nothing")

    def test_problem_sets_are_the_originals(self, shipped: Suite) -> None:
        for name, of_set in shipped.problem_sets.items():
            assert of_set.digest == PROBLEM_SETS[name].digest
            assert len(of_set.problems) == PROBLEM_SETS[name].rows

    def test_manifest_is_what_the_command_writes(self, shipped: Suite, originals: Path) -> None:
        assert (
            main(["leaderboard", "manifest", "--check", "--board", str(BOARD), "--problems_dir", str(originals)]) == 0
        )
        assert build_suite(load_problem_sets(["gsm8k", "math500"], str(originals))) == shipped

    def test_no_text_of_a_question_is_in_it(self, shipped: Suite, originals: Path) -> None:
        text = (BOARD / "reference" / SUITE / MANIFEST).read_text()
        for problems in load_problem_sets(["gsm8k", "math500"], str(originals)).values():
            for problem in problems:
                assert problem["question"][:40] not in text
        assert max(len(word) for word in text.split('"')) < 100

    def test_paraphrases_name_their_questions_and_races_their_groups(self, shipped: Suite) -> None:
        assert len(shipped.hashes("reversed_persona_gsm8k_paraphrase")) == 330
        assert len(shipped.hashes("reversed_persona_gsm8k")) == 1319
        arms = shipped.tasks["reversed_persona_gsm8k_race"].asked
        assert {(arm.persona.id, arm.group) for arm in arms} >= {("high", "hispanic"), ("low", "unspecified")}
        graded = shipped.tasks["reversed_persona_gsm8k_graded"].asked
        assert [(arm.id, arm.group) for arm in graded[-1:]] == [("graded_80", "")]

    def test_schema_is_the_records(self) -> None:
        assert json.loads((BOARD / SCHEMA).read_text()) == json.loads(record_schema())

    def test_check_tells_a_manifest_that_drifted(
        self, tmp_path: Path, originals: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        options = ["--board", str(tmp_path), "--problems_dir", str(originals)]
        assert main(["leaderboard", "manifest", *options]) == 0
        path = tmp_path / "reference" / SUITE / MANIFEST
        path.write_text(path.read_text().replace('"none": null', '"none": 0.5', 1))
        assert main(["leaderboard", "manifest", "--check", *options]) == 1
        assert "manifest.json: differs" in capsys.readouterr().out

    def test_other_problems_are_refused(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], originals: Path
    ) -> None:
        (tmp_path / "gsm8k").mkdir()
        text = (originals / "gsm8k" / "test.jsonl").read_text(encoding="utf-8")
        (tmp_path / "gsm8k" / "test.jsonl").write_text(text.replace("Janet", "Janos", 1), encoding="utf-8")
        with pytest.raises(LeaderboardError, match="not the original"):
            load_problem_sets(["gsm8k"], str(tmp_path))

    def test_unknown_task_is_refused(self) -> None:
        with pytest.raises(LeaderboardError, match="did you mean 'reversed_persona_gsm8k'"):
            task_without_problems("reversed_persona_gsm8")


class TestHashes:
    def test_hash_changes_with_the_question_and_the_golds_with_both(self) -> None:
        problem = dict(sample_problems()["sample"][0])
        doc, target = hashes_of(problem)
        other_doc, other_target = hashes_of(problem | {"gold": "71"})
        assert len(doc) == len(target) == 16 and doc != other_doc and target != other_target
        # a gold alone, such as "7", could be looked up in a table of hashes
        assert hashes_of(problem | {"question": "Another?"})[1] != target

    def test_missing_field_is_an_error(self) -> None:
        with pytest.raises(KeyError):
            hashes_of({"problem_id": "a"})


class TestPrompts:
    @pytest.mark.parametrize("role", ["user", "system"])
    def test_hashes_are_those_of_the_prompts_that_lm_eval_sends(self, role: str) -> None:
        from reversed_persona.leaderboard.submissions.rows import prompt_hash

        name = "sample_reversed_persona"
        task = load_tasks([name], {"persona_role": role})[name]
        made = plain_prompt_hashes(sample_suite(), name, role, sample_problems()["sample"])  # type: ignore[arg-type]
        for doc in list(task.eval_docs)[:5]:
            sent = [prompt_hash(text) for text in task_prompts(task, doc, None)]
            assert made is not None and list(made[doc["problem_id"]].values()) == sent

    def test_templates_of_another_version_give_none(self) -> None:
        suite = sample_suite().model_copy(deep=True)
        suite.tasks["sample_reversed_persona"].fingerprints["user"]["low"] = "0" * 16
        assert plain_prompt_hashes(suite, "sample_reversed_persona", "user", sample_problems()["sample"]) is None


class TestReadSuite:
    def test_board_without_manifests_falls_back_to_the_packages(self, tmp_path: Path, shipped: Suite) -> None:
        assert read_suite(tmp_path) == shipped
        assert (shipped_reference() / SUITE / MANIFEST).is_file()

    def test_unknown_version_names_those_that_are_there(self, tmp_path: Path) -> None:
        with pytest.raises(LeaderboardError, match=r"has no suite '9\.9'; expected one of sample"):
            read_suite(write_board(tmp_path / "board"), "9.9")

    @pytest.mark.parametrize("text", ["", "{}", "[" * 100_000, '{"version": "2.0"}', "\xff"], ids=str)
    def test_damaged_manifest_is_one_line(self, tmp_path: Path, text: str) -> None:
        board = write_board(tmp_path / "board")
        (board / "reference" / "sample" / MANIFEST).write_text(text[:200_000], encoding="latin-1")
        with pytest.raises(LeaderboardError, match="expected a manifest"):
            read_suite(board, "sample")

    def test_version_has_to_be_the_folders(self, tmp_path: Path) -> None:
        board = write_board(tmp_path / "board")
        (board / "reference" / "sample").rename(board / "reference" / "other")
        with pytest.raises(LeaderboardError, match="as its folder is named"):
            read_suite(board, "other")


class TestPlaces:
    def test_submissions_are_found_in_order_without_following_links(self, tmp_path: Path) -> None:
        board = write_board(tmp_path / "board")
        found = {write_submission(board, model=f"org/{name}", level=1) for name in "ba"}
        (board / "submissions" / "sample" / "link").symlink_to(tmp_path)
        (board / "submissions" / "sample" / "file").write_text("")
        assert find_submissions(board) == find_submissions(board, "sample") == sorted(found)
        assert find_submissions(board, "1.0") == find_submissions(tmp_path / "nothing") == []

    def test_board_is_the_one_given_else_the_one_here_else_the_checkouts(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        assert board_folder(Path("x")) == Path("x")
        (tmp_path / "leaderboards").mkdir()
        assert board_folder() == Path("leaderboards")


def test_environment_names_the_problems(monkeypatch: pytest.MonkeyPatch, originals: Path) -> None:
    monkeypatch.setenv(PROBLEMS_VARIABLE, str(originals))
    assert len(load_problem_sets(["math500"])["math500"]) == 500
