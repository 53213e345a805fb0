"""A judge's replies in a submission: from what lm-eval really writes to what the validator takes."""

import copy
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hostile_changes import judged_parts, valid_parts
from hostile_judgements import another_response, shown
from judged_files import JUDGE_TASK, JUDGED_TASK, with_judge
from reversed_persona.cli import main
from reversed_persona.leaderboard.submissions.examining import examine
from reversed_persona.leaderboard.submissions.files import RECORD, judge_task_of, judgements_name, samples_name
from reversed_persona.leaderboard.submissions.findings import Finding
from reversed_persona.leaderboard.submissions.judgement_rows import asked_hash, read_judgements
from reversed_persona.leaderboard.submissions.validating import validate
from submission_files import parts_of, sample_problems, sample_suite, write_board, write_parts
from test_submission_mutations import alter, leaves

JUDGEMENTS = judgements_name(JUDGE_TASK)
GIVEN = (
    *("--model-id", "org/half", "--revision", "main", "--licence", "apache-2.0", "--open-weights", "yes"),
    *("--parameters", "7B", "--trained-on-benchmark", "no", "--submitter", "A. Tester"),
)
LATER = "2999-01-01T00-00-00.000000"


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What lm-eval wrote of a student and its judge, with an injected pair; neither says that it is an instrument."""
    root = tmp_path_factory.mktemp("real")
    student = ("--model", "simulated_student", "--model_args", "model=lab/half,none=0.75,high=0.75,low=0.25")
    judge = ("--model", "simulated_judge", "--model_args", "model=lab/fair,unreadable=0.1")
    earlier = json.dumps({"earlier_run": str(root / "out"), "injections": True})
    for folder, *arguments in (
        ("out", *student, "--tasks", JUDGED_TASK),
        ("judged", *judge, "--tasks", JUDGE_TASK, "--metadata", earlier),
    ):
        assert main(["run", *arguments, "--log_samples", "--output_path", str(root / folder)]) == 0
    in_results(root, lambda results: results["config"].pop("reference_respondent"))
    return root


@pytest.fixture
def outs(real: Path, tmp_path: Path) -> Path:
    shutil.copytree(real, tmp_path / "outs")
    return tmp_path / "outs"


@pytest.fixture
def board(tmp_path: Path) -> Path:
    return write_board(tmp_path / "board")


def in_results(out: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    for path in out.rglob("results_*.json"):
        results = json.loads(path.read_text())
        change(results)
        path.write_text(json.dumps(results))


def log_of(folder: Path) -> Path:
    (path,) = folder.rglob("samples_*.jsonl")
    return path


def in_log(folder: Path, change: Callable[[list[dict[str, Any]]], Any]) -> None:
    rows = [json.loads(line) for line in log_of(folder).read_text().splitlines()]
    change(rows)
    log_of(folder).write_text("".join(json.dumps(row) + "\n" for row in rows))


def prepare(outs: Path, board: Path, *more: str) -> int:
    words = ["--board", str(board), "--suite", "sample", *GIVEN, "--judged", str(outs / "judged"), *more]
    return main(["submission", "prepare", str(outs / "out"), *words])


def refusal(outs: Path, board: Path, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    """Prepare what can't be, and return the one line that says why; nothing is written."""
    capsys.readouterr()
    assert prepare(outs, board, *more) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and not list(board.glob("submissions/*"))
    return said


def only_submission(board: Path) -> Path:
    (folder,) = board.glob("submissions/*/*/*")
    return folder


def findings(folder: Path, board: Path) -> list[Finding]:
    return validate(folder, board, sample_suite(), sample_problems(), [])


class TestPrepare:
    def test_real_judgements_come_along_and_are_valid(self, outs: Path, board: Path) -> None:
        assert prepare(outs, board) == 0
        folder = only_submission(board)
        assert findings(folder, board) == []
        parts = parts_of(folder)
        judge, (first, *_) = parts.record["judge"], parts.judgements[JUDGE_TASK]
        assert (judge["id"], judge["backend"], judge["prompt_format"]) == ("lab/fair", "simulated_judge", "plain")
        assert judge["tasks"][JUDGE_TASK]["pairs"] == ["contrast", "null_identical", "null_none", "masked"]
        assert len(parts.judgements[JUDGE_TASK]) == 64 and len(first["showings"]) == 7  # none of the injected pair
        logged = json.loads(log_of(outs / "judged").read_text().splitlines()[0])
        assert shown(parts)["replies"] == logged["resps"][0]
        assert shown(parts)["asked"] == asked_hash(logged["arguments"]["gen_args_0"]["arg_0"])

    def test_no_prompt_question_or_path_goes_in(self, outs: Path, board: Path) -> None:
        prepare(outs, board)
        text = json.dumps(parts_of(only_submission(board)).judgements) + (only_submission(board) / RECORD).read_text()
        assert "PROBLEM" not in text and str(outs) not in text and "samples_" not in text

    def test_twice_gives_the_same_bytes(self, outs: Path, board: Path) -> None:
        prepare(outs, board)
        before = (only_submission(board) / JUDGEMENTS).read_bytes()
        prepare(outs, board)
        assert (only_submission(board) / JUDGEMENTS).read_bytes() == before

    @pytest.mark.parametrize(
        "template",
        [
            lambda turn: f"<|im_start|>user\n{turn}<|im_end|>\n<|im_start|>assistant\n",
            # as lm-eval logs what it sends to a chat server: a tuple of one text
            lambda turn: [json.dumps([{"role": "user", "content": turn}], ensure_ascii=False)],
        ],
        ids=["template", "server"],
    )
    def test_chat_templates_around_the_turn_are_no_matter(self, outs: Path, board: Path, template) -> None:
        def around(rows: list[dict[str, Any]]) -> None:
            for row in rows:
                for asked in row["arguments"].values():
                    asked["arg_0"] = template(asked["arg_0"])

        in_log(outs / "judged", around)
        assert prepare(outs, board) == 0
        parts = parts_of(only_submission(board))
        assert parts.record["judge"]["prompt_format"] == "chat"
        assert findings(only_submission(board), board) == []

    def test_thinking_of_the_judge_is_left_out_and_the_reading_stays(self, outs: Path, board: Path) -> None:
        def think(rows: list[dict[str, Any]]) -> None:
            rows[0]["resps"][0] = ["<think>Rating: 1\nor so</think>\nRating: 5\nWeaker: B"]
            rows[1]["resps"][0] = ["<think>Rating: 1"]

        in_log(outs / "judged", think)
        assert prepare(outs, board) == 0
        parts = parts_of(only_submission(board))
        assert shown(parts)["replies"] == ["\n\nRating: 5\nWeaker: B"]
        assert shown(parts, number=1)["replies"] == ["<think>"]

    def test_newest_run_over_the_submitted_one_is_taken(self, outs: Path, board: Path) -> None:
        log = log_of(outs / "judged")
        (results,) = (outs / "judged").rglob("results_*.json")
        other = json.loads(results.read_text())
        other["configs"][JUDGE_TASK]["metadata"]["earlier_run"]["file"] = f"samples_{JUDGED_TASK}_{LATER}.jsonl"
        results.with_name(f"results_{LATER}.json").write_text(json.dumps(other))
        shutil.copy(log, log.with_name(f"samples_{JUDGE_TASK}_{LATER}.jsonl"))
        assert prepare(outs, board) == 0  # the later one judged another run

    @pytest.mark.parametrize(
        ("options", "expected"),
        [
            ((), ("lab/fair", None)),
            (("--judge-id", "big/judge", "--judge-revision", "v2"), ("big/judge", "v2")),
        ],
    )
    def test_judge_is_named_as_the_submitter_says(self, outs: Path, board: Path, options, expected) -> None:
        assert prepare(outs, board, *options) == 0
        judge = parts_of(only_submission(board)).record["judge"]
        assert (judge["id"], judge["revision"]) == expected

    def test_judge_of_itself_is_flagged_under_whatever_id(
        self, outs: Path, board: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        in_results(
            outs / "judged", lambda results: results["configs"][JUDGE_TASK]["metadata"].update(self_judging=True)
        )
        assert prepare(outs, board) == 0
        assert "flagged: judge: id: got 'org/half', by its name the judged model itself" in capsys.readouterr().out

    def test_judgements_too_large_are_left_out_and_said(
        self, outs: Path, board: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("reversed_persona.leaderboard.submissions.preparing_judgements.MAX_SAMPLES_BYTES", 999)
        assert prepare(outs, board) == 0
        assert f"{JUDGE_TASK} is left out: its replies are 0.0 MB packed" in capsys.readouterr().err
        assert "judge" not in parts_of(only_submission(board)).record

    def test_a_key_in_a_reply_is_said(self, outs: Path, board: Path, capsys: pytest.CaptureFixture[str]) -> None:
        in_log(outs / "judged", lambda rows: rows[0].update(resps=[["hf_" + "a" * 30]] * len(rows[0]["resps"])))
        assert prepare(outs, board) == 0
        assert "7 replies (the first: sample-word-01, contrast_high_first) hold what looks like" in (
            capsys.readouterr().err
        )


class TestPrepareRefuses:
    def test_run_over_another_run(self, outs: Path, board: Path, capsys: pytest.CaptureFixture[str]) -> None:
        in_results(
            outs / "judged",
            lambda results: results["configs"][JUDGE_TASK]["metadata"]["earlier_run"].update(file="samples_other"),
        )
        said = refusal(outs, board, capsys)
        assert f"holds {JUDGE_TASK} of samples_other; expected {JUDGE_TASK} over {log_of(outs / 'out').name}" in said

    def test_responses_changed_after_they_were_judged(
        self, outs: Path, board: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def change(rows: list[dict[str, Any]]) -> None:
            rows[3]["resps"][2] = [f"I am so bad at this.\n{rows[3]['resps'][2][0]}"]

        in_log(outs / "out", change)
        said = refusal(outs, board, capsys)
        assert "contrast_high_first: the judge read other responses than those submitted" in said

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            (lambda one: one["config"].update(reference_respondent=True), "no reference judge"),
            (lambda one: one["config"].update(limit=3.0), "judges a part of the questions"),
            (lambda one: one["configs"][JUDGE_TASK]["metadata"].update(partial=True), "judges a part"),
            (lambda one: one.update(system_instruction_sha="0" * 64), "a system message of your own"),
            (
                lambda one: one["configs"][JUDGE_TASK]["metadata"]["prompt_fingerprints"].update(null_identical="0"),
                "a rubric or a system message of your own",
            ),
            (lambda one: one.update(model_name="/home/x/a model"), "judge.id"),
            (lambda one: one["configs"][JUDGE_TASK].update(repeats="many"), "judge.tasks"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_run_that_was_not_run_as_it_has_to_be(
        self, outs: Path, board: Path, change, says: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        in_results(outs / "judged", change)
        assert says in refusal(outs, board, capsys)

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            (lambda rows: rows.pop(), "judges 63 of the 64 questions"),
            (lambda rows: rows.append(rows[0]), "comes twice"),
            (lambda rows: rows[1].update(resps=[], filtered_resps=[]), "lacks contrast_high_first"),
            (lambda rows: rows[0].update(resps=[], filtered_resps=[]), "shows no contrast"),
            (lambda rows: rows[0].pop("filtered_resps"), "line 1: has no field 'filtered_resps'"),
            (lambda rows: rows[0].update(filtered_resps=[["5"]] * len(rows[0]["resps"])), "line 1: is no sample"),
            (lambda rows: rows[0].update(resps=[[]] * len(rows[0]["resps"])), "replies"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_log_that_is_not_whole(
        self, outs: Path, board: Path, change, says: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        in_log(outs / "judged", change)
        assert says in refusal(outs, board, capsys)

    def test_folder_of_two_judges(self, outs: Path, board: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (folder,) = (outs / "judged").iterdir()
        shutil.copytree(folder, folder.with_name("other"))
        in_results(folder.with_name("other"), lambda results: results.update(model_name="lab/other"))
        assert "'lab/fair', 'lab/other' judged these runs; expected one judge" in refusal(outs, board, capsys)

    def test_folder_without_a_judge(self, outs: Path, board: Path, capsys: pytest.CaptureFixture[str]) -> None:
        said = refusal(outs, board, capsys, "--judged", str(outs / "nowhere"))
        assert "is not there" in said
        shutil.rmtree(outs / "judged")
        shutil.copytree(outs / "out", outs / "judged")
        assert "holds none of a judge task" in refusal(outs, board, capsys)


class TestValidate:
    def test_judgements_are_taken(self, board: Path) -> None:
        assert findings(write_parts(board, judged_parts()), board) == []

    def test_what_the_judge_said_is_read_from_its_replies(self, board: Path) -> None:
        parts = judged_parts()
        shown(parts)["replies"] = ["A is better.\nRating: 3\nWeaker: B"]
        found = examine(write_parts(board, parts), sample_suite(), sample_problems())
        (first, *_), judged = sample_suite().hashes(JUDGED_TASK), found.judged[JUDGED_TASK]
        assert len(judged.replies) == 64 and len(judged.showings) == 7
        (said,) = judged.replies[first][judged.showings[0]]
        assert (said.rating, said.weaker) == (3, "B")

    @pytest.mark.parametrize(
        "how", [{"pairs": ("contrast",)}, {"pairs": ("contrast", "masked")}, {"chat": True}], ids=str
    )
    def test_fewer_pairs_and_chat_are_taken(self, board: Path, how) -> None:
        assert findings(write_parts(board, with_judge(valid_parts(), **how)), board) == []

    def test_first_of_several_responses_is_what_was_judged(self, board: Path) -> None:
        parts = judged_parts()
        for config in parts.results["configs"].values():
            config["repeats"] = 2
        for rows in parts.rows.values():
            for arm in (arm for row in rows for arm in row["arms"].values()):
                arm["responses"], arm["verdicts"] = arm["responses"] * 2, arm["verdicts"] * 2
        assert not [one for one in findings(write_parts(board, parts), board) if JUDGEMENTS in one.path]

    def test_response_changed_behind_the_judge_is_refused_in_chats_too(self, board: Path) -> None:
        parts = with_judge(valid_parts(), chat=True)
        another_response(parts)
        (found, *_) = findings(write_parts(board, parts), board)
        assert "the judge read other responses than these" in found.said

    def test_they_are_not_looked_at_where_the_responses_are_refused(self, board: Path) -> None:
        parts = judged_parts()
        parts.rows[JUDGED_TASK].pop()
        found = findings(write_parts(board, parts), board)
        assert found and not any(JUDGEMENTS in one.path for one in found)

    def test_findings_of_a_file_end(self, board: Path) -> None:
        parts = judged_parts()
        for row in parts.judgements[JUDGE_TASK]:
            row["showings"]["null_identical"]["asked"] = "0" * 16
        found = findings(write_parts(board, parts), board)
        assert len(found) == 21 and "more than 20 findings" in found[-1].said

    def test_suite_without_judge_tasks_takes_none(self, board: Path) -> None:
        folder = write_parts(board, judged_parts())
        suite = sample_suite().model_copy(update={"judges": {}})
        (found,) = validate(folder, board, suite, sample_problems(), [])
        assert "is no judge task of suite sample" in found.said


class TestMutations:
    def test_every_byte_matters(self, board: Path) -> None:
        folder = write_parts(board, judged_parts())
        path = folder / JUDGEMENTS
        whole = path.read_bytes()
        for place in range(0, len(whole), max(1, len(whole) // 40)):
            changed = bytearray(whole)
            changed[place] ^= 1
            path.write_bytes(changed)
            assert findings(folder, board), place
        path.write_bytes(whole)
        assert findings(folder, board) == []

    def test_every_value_of_a_row_but_the_replies_matters_even_where_the_hashes_fit(self, board: Path) -> None:
        parts = judged_parts()
        for way in leaves(parts.judgements[JUDGE_TASK][31]):
            changed = copy.deepcopy(parts)
            alter(changed.judgements[JUDGE_TASK][31], way)
            # a reply is the judge's word: what it comes to is read from it, and nothing else says so
            assert bool(findings(write_parts(board, changed), board)) == ("replies" not in way), way

    def test_what_is_said_of_the_judge_alone_can_not_be_proven(self, board: Path) -> None:
        parts, unproven = judged_parts(), set()
        for way in leaves(parts.record["judge"]):
            changed = copy.deepcopy(parts)
            alter(changed.record["judge"], way)
            if not findings(write_parts(board, changed), board):
                unproven.add(way[-1])
        settings = {"dtype", "do_sample", "temperature", "max_gen_toks"}
        assert unproven == {"id", "revision", "backend", "lm_eval_version", *settings}


class TestFiles:
    @pytest.mark.parametrize(
        ("name", "task"),
        [
            (JUDGEMENTS, JUDGE_TASK),
            (samples_name(JUDGE_TASK), None),
            ("judgements/../x.jsonl.gz", None),
            ("judgements/A.jsonl.gz", None),
        ],
    )
    def test_judge_task_of_a_name(self, name: str, task: str | None) -> None:
        assert judge_task_of(name) == task

    @pytest.mark.parametrize("line", [b"", b"{}", b"[]", b'{"problem_id":"a","showings":{}}', b"\xff"])
    def test_line_that_is_no_row_is_refused(self, line: bytes) -> None:
        with pytest.raises(ValueError):
            read_judgements(line)
