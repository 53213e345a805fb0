"""Which submissions a board shows, and with which numbers; and the instruments beside them."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hostile_changes import Hostile
from hostile_submissions import HOSTILE
from reversed_persona.answers import Verdict
from reversed_persona.errors import LeaderboardError
from reversed_persona.leaderboard.board.decisions import read_decisions
from reversed_persona.leaderboard.board.entries import Choice, Chosen, choose, submission_entry
from reversed_persona.leaderboard.board.measuring import OVERALL
from reversed_persona.leaderboard.board.records import FACTS, Entry
from reversed_persona.leaderboard.board.reference import RESPONDENTS, reference_entry
from reversed_persona.leaderboard.manifest import load_problem_sets
from reversed_persona.leaderboard.submissions.files import RECORD
from reversed_persona.leaderboard.submissions.grading import grade_response
from reversed_persona.leaderboard.suite import read_suite, shipped_reference
from reversed_persona.problems import Problem
from submission_files import (
    DATE,
    Parts,
    decide,
    expected_scores,
    make_parts,
    sample_problems,
    sample_suite,
    write_board,
    write_parts,
    write_submission,
)

CORE, CONTROL = "sample_reversed_persona", "control_reversed_persona_sample"
DAY = 86_400


@pytest.fixture
def board(tmp_path: Path) -> Path:
    return write_board(tmp_path / "board")


def chosen(board: Path) -> Choice:
    return choose(board, sample_suite(), read_decisions(board))


def name_of(folder: Path) -> str:
    return "/".join(folder.parts[-3:])


def shown(board: Path) -> list[str]:
    return [one.submission for one in chosen(board).shown]


def graded(one: Chosen) -> Entry:
    return submission_entry(one, sample_suite(), sample_problems())[0]


def changed(board: Path, change: Callable[[Parts], Any], **how: Any) -> Path:
    """Write a submission that was changed, with hashes that fit."""
    parts = make_parts(**how)
    change(parts)
    return write_parts(board, parts)


def verdicts_that_are_asked_for(board: Path) -> str:
    """What the error says that a decision has to name."""
    with pytest.raises(LeaderboardError, match="add a decision 'rescore'") as raised:
        graded(chosen(board).shown[0])
    (found,) = re.findall('"verdicts": "([0-9a-f]{16})"', str(raised.value))
    return str(found)


def call_three_questions_silent(parts: Parts) -> None:
    """Edit the verdicts on three questions, and what results.json says of them."""
    for row in parts.rows[CORE][:3]:
        for arm in row["arms"].values():
            arm["verdicts"][0] |= {"status": "unanswered", "reason": "refused", "flip": False, "derived": False}
    parts.results["results"][CORE] = expected_scores(sample_suite(), CORE, parts.rows[CORE])


class TestChoose:
    def test_an_empty_board_shows_nothing(self, board: Path) -> None:
        assert chosen(board) == Choice([], [], {}, {})
        (board / "submissions").rmdir()
        assert chosen(board) == Choice([], [], {}, {})

    def test_the_newest_of_a_model_and_type_is_shown(self, board: Path) -> None:
        old = write_submission(board, model="org/a", seed=1)
        new = write_submission(board, model="org/a", seed=2, date=DATE + DAY)
        other = write_submission(board, model="org/b", seed=3)
        custom = write_submission(board, model="org/a", seed=4, date=DATE - DAY, type="custom")
        assert shown(board) == [name_of(custom), name_of(new), name_of(other)]
        assert chosen(board).older == [name_of(old)]

    def test_a_shown_one_knows_those_that_it_replaces_the_newest_first(self, board: Path) -> None:
        names = [name_of(write_submission(board, model="org/a", seed=day, date=DATE + day * DAY)) for day in range(3)]
        custom = name_of(write_submission(board, model="org/a", seed=4, type="custom"))
        older = {one.submission: list(one.older) for one in chosen(board).shown}
        assert older == {names[2]: [names[1], names[0]], custom: []}

    def test_of_two_of_one_moment_the_last_by_name_is_shown(self, board: Path) -> None:
        names = sorted(name_of(write_submission(board, model="org/a", seed=seed)) for seed in (1, 2))
        assert shown(board) == names[1:]

    def test_a_removed_one_gives_way_to_the_one_before(self, board: Path) -> None:
        old = write_submission(board, model="org/a", seed=1)
        new = write_submission(board, model="org/a", seed=2, date=DATE + DAY)
        decide(board, new, "remove")
        assert shown(board) == [name_of(old)]
        assert list(chosen(board).removed) == [name_of(new)]
        decide(board, new, "accept")
        assert shown(board) == [name_of(new)]
        assert chosen(board).removed == {}

    def test_a_removed_one_is_told_of_though_its_folder_is_gone_or_damaged(self, board: Path) -> None:
        folder = write_submission(board, model="org/a")
        (folder / RECORD).write_text("!!python/object:os.system {}")
        decide(board, folder, "remove", reason="Not a submission.")
        decide(board, "sample/org__gone/2026-11-26_01234567", "remove")
        removed = chosen(board).removed
        assert [one.reason for one in removed[name_of(folder)]] == ["Not a submission."]
        assert "sample/org__gone/2026-11-26_01234567" in removed

    def test_what_was_decided_goes_with_it(self, board: Path) -> None:
        folder = write_submission(board, model="org/a")
        decide(board, folder, "accept", tier="reproduced", reason="Half of it was run again.")
        (one,) = chosen(board).shown
        assert (one.tier, one.kind, one.model) == ("reproduced", "standard", "org/a")
        assert [made.reason for made in one.decisions] == ["Half of it was run again."]

    @pytest.mark.parametrize("decision", ["accept", "rescore"])
    def test_a_decision_on_a_submission_that_is_not_there_is_an_error(self, board: Path, decision: str) -> None:
        folder = write_submission(board, model="org/a")
        slip = name_of(folder)[:-1] + "-"
        decide(board, slip, decision)
        with pytest.raises(LeaderboardError, match="there is no such submission") as raised:
            chosen(board)
        assert f"did you mean {name_of(folder)!r}?" in str(raised.value)

    def test_a_slip_in_what_is_removed_is_an_error(self, board: Path) -> None:
        name = name_of(write_submission(board))
        for slip in (name.replace("sample/", "Sample/"), name[:-1] + ("0" if name[-1] != "0" else "1")):
            decide(board, slip, "remove")
            with pytest.raises(LeaderboardError, match=f"there is no such submission.*did you mean '{name}'"):
                chosen(board)
            (board / "decisions.jsonl").unlink()

    def test_decisions_on_older_ones_and_on_other_suites_are_kept(self, board: Path) -> None:
        older, newer = write_submission(board), write_submission(board, date=DATE + DAY)
        decide(board, older, "accept")
        decide(board, "0.9/org__model/2026-11-26_01234567", "remove")
        decide(board, newer, "accept")
        found = chosen(board)
        assert list(found.decided) == [name_of(older), "0.9/org__model/2026-11-26_01234567", name_of(newer)]
        assert found.removed == {}

    def test_other_suites_are_left_alone(self, board: Path) -> None:
        decide(board, "0.9/org__a/2026-11-26_01234567", "accept")
        decide(board, "0.9/org__b/2026-11-26_01234567", "remove")
        (board / "submissions" / "0.9" / "org__a" / "2026-11-26_01234567").mkdir(parents=True)
        found = chosen(board)
        assert (found.shown, found.older, found.removed, len(found.decided)) == ([], [], {}, 2)

    @pytest.mark.parametrize("text", ["", "- a\n", "model: &a [*a]\n", "x: \x00\n", None])
    def test_one_that_says_nothing_readable_of_itself_is_an_error(self, board: Path, text: str | None) -> None:
        folder = write_submission(board, model="org/a")
        (folder / RECORD).unlink()
        if text is not None:
            (folder / RECORD).write_text(text)
        with pytest.raises(LeaderboardError, match="add a decision 'remove' with the reason") as raised:
            chosen(board)
        assert name_of(folder) in str(raised.value)
        assert "\n" not in str(raised.value)


class TestSubmissionEntry:
    def test_it_says_what_the_submission_says_of_model_and_run(self, board: Path) -> None:
        folder = write_submission(board, model="org/a", note="A note.", trained_on_benchmark="yes", parameters=None)
        entry = graded(chosen(board).shown[0])
        assert (entry.submission, entry.model, entry.kind) == (name_of(folder), "org/a", "standard")
        assert (entry.tier, entry.prompts) == ("recomputed", "rebuilt")
        assert tuple(entry.facts) == FACTS
        told = ("note", "trained_on_benchmark", "parameters", "open_weights", "submitter", "date")
        assert [entry.facts[name] for name in told] == [
            *("A note.", "yes", None, True),
            *("A. Tester", "2026-11-26T04:14:34Z"),
        ]

    @pytest.mark.parametrize(
        ("made", "said"),
        [
            (None, None),
            ({"verdicts": 12, "run_version": "0.0.9"}, "12 verdicts after the run, which had reversed-persona 0.0.9"),
            (
                {"verdicts": 0, "run_version": None},
                "the scores after the run, which had reversed-persona of an unknown version",
            ),
        ],
    )
    def test_it_says_that_it_was_graded_anew(self, board: Path, made: object, said: str | None) -> None:
        changed(board, lambda parts: parts.record["run"].update(regraded=made), model="org/a")
        assert graded(chosen(board).shown[0]).facts["regraded"] == said

    def test_its_numbers_are_those_of_the_student_behind_it(self, board: Path) -> None:
        write_submission(board, model="org/a", none=0.75, high=1.0, low=0.25, unanswered_low=0.125)
        row = graded(chosen(board).shown[0]).measured.rows[CORE]
        # of 64: 16 right as low, 8 silent, 40 wrong; 1 + 40/64 - 1
        means = [row[name] for name in ("acc_none", "acc_high", "acc_low", "unanswered_low")]
        assert means == [0.75, 1.0, 0.25, 0.125]
        assert row["reversal"].estimate == 0.625

    def test_answers_stand_by_task(self, board: Path) -> None:
        write_submission(board, model="org/a", tasks=[CORE, CONTROL])
        _, answers = submission_entry(chosen(board).shown[0], sample_suite(), sample_problems())
        assert {task: len(rows) for task, rows in answers.items()} == {CORE: 64, CONTROL: 64}

    def test_a_chat_template_leaves_the_prompts_to_their_fingerprints(self, board: Path) -> None:
        write_submission(board, model="org/a", chat=True)
        assert graded(chosen(board).shown[0]).prompts == "fingerprints"

    def test_one_that_is_refused_is_an_error_that_names_it(self, board: Path) -> None:
        folder = changed(board, lambda parts: parts.rows[CORE].pop(), model="org/a")
        with pytest.raises(LeaderboardError, match="add a decision 'remove'") as raised:
            graded(chosen(board).shown[0])
        assert str(raised.value).startswith(f"{name_of(folder)}: ")
        assert "\n" not in str(raised.value)

    def test_scores_that_are_not_ours_need_a_decision(self, board: Path) -> None:
        folder = changed(board, call_three_questions_silent, model="org/a")
        with pytest.raises(LeaderboardError, match="add a decision 'rescore'") as raised:
            graded(chosen(board).shown[0])
        assert f"{name_of(folder)}: " in str(raised.value)
        assert "verdict: got unanswered refused" in str(raised.value)
        decide(board, folder, "accept")
        with pytest.raises(LeaderboardError, match="add a decision 'rescore'"):
            graded(chosen(board).shown[0])
        decide(
            board, folder, "rescore", reason="The grader reads more now.", verdicts=verdicts_that_are_asked_for(board)
        )
        entry = graded(chosen(board).shown[0])
        # ours: nothing unanswered
        assert entry.measured.rows[CORE]["unanswered_low"] == 0.0
        assert [one.decision for one in entry.decisions] == ["accept", "rescore"]

    def test_scores_that_changed_once_more_need_another_decision(
        self, board: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = changed(board, call_three_questions_silent, model="org/a")
        first = verdicts_that_are_asked_for(board)
        decide(board, folder, "rescore", verdicts=first)
        assert graded(chosen(board).shown[0])

        def stricter(response: str, problem: Problem, thinking: bool = False) -> Verdict:
            verdict = grade_response(response, problem, thinking)
            return verdict._replace(derived=False) if problem["problem_id"] == "sample-word-05" else verdict

        monkeypatch.setattr("reversed_persona.leaderboard.submissions.grading.grade_response", stricter)
        second = verdicts_that_are_asked_for(board)
        assert first != second
        with pytest.raises(LeaderboardError, match="are others than on 2026-12-01, when that was decided"):
            graded(chosen(board).shown[0])
        decide(board, folder, "rescore", verdicts=second)
        assert graded(chosen(board).shown[0])

    def test_a_decision_does_not_let_one_in_that_is_refused_for_more(self, board: Path) -> None:
        folder = changed(board, lambda parts: parts.rows[CORE].pop(), model="org/a")
        decide(board, folder, "rescore")
        with pytest.raises(LeaderboardError, match="add a decision 'remove'"):
            graded(chosen(board).shown[0])

    def test_what_a_control_task_reports_is_taken_from_the_responses_too(self, board: Path) -> None:
        def call_it_silent(parts: Parts) -> None:
            for row in parts.rows[CONTROL]:
                row["arms"]["deliberate"]["verdicts"][0] |= {"status": "unanswered", "reason": "refused"}
            parts.results["results"][CONTROL] = expected_scores(sample_suite(), CONTROL, parts.rows[CONTROL])

        told = changed(board, call_it_silent, model="org/a", tasks=[CORE, CONTROL], deliberate=0.25)
        assert (
            make_parts(tasks=[CONTROL], deliberate=0.25).results["results"][CONTROL]["acc_deliberate,verdict"] == 0.25
        )
        decide(board, told, "rescore", verdicts=verdicts_that_are_asked_for(board))
        row = graded(chosen(board).shown[0]).measured.rows[CONTROL]
        # 16 of 64 right; the sample deviation of 16 ones and 48 zeros is sqrt(12/63), over sqrt(64)
        assert row["acc_deliberate"].value == pytest.approx(0.25)
        assert row["acc_deliberate"].stderr == pytest.approx((12 / 63) ** 0.5 / 8)
        assert row["unanswered_deliberate"].value == 0.0


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda one: one.name)
def test_hostile_submission_is_an_error_of_one_line_or_harmless(hostile: Hostile, board: Path) -> None:
    hostile.write(board)
    try:
        entries = [graded(one) for one in chosen(board).shown]
    except LeaderboardError as error:
        assert str(error).isprintable()
        assert "decisions.jsonl" in str(error)
    else:
        assert hostile.kind == "flagged" or hostile.says == "" or entries == []  # of another suite


class TestReferenceEntry:
    def entries(self) -> dict[str, Entry]:
        return {one.name: reference_entry(one, sample_suite(), sample_problems())[0] for one in RESPONDENTS}

    def test_they_mark_the_ends_and_the_middle_of_the_scale(self) -> None:
        rows = {name: entry.measured.rows[CORE] for name, entry in self.entries().items()}
        reversals = {name: row["reversal"].estimate for name, row in rows.items()}
        assert reversals == {"perfect": 1.0, "persona-blind": 0.0, "always wrong": 0.0, "silent": -1.0}
        assert rows["perfect"]["reversal_faithful"].estimate == 1.0
        accuracies = {name: (row["acc_none"], row["acc_high"], row["acc_low"]) for name, row in rows.items()}
        assert accuracies == {
            "perfect": (1.0, 1.0, 0.0),
            "persona-blind": (1.0, 1.0, 1.0),
            "always wrong": (0.0, 0.0, 0.0),
            "silent": (0.0, 0.0, 0.0),
        }
        assert rows["silent"]["unanswered_low"] == 1.0

    def test_they_are_no_models(self) -> None:
        for name, entry in self.entries().items():
            assert (entry.kind, entry.tier, entry.submission, entry.prompts) == ("reference", "reference", "", None)
            assert "/" not in name  # so it is no model's id
            assert [key for key, said in entry.facts.items() if said is not None] == ["note"]

    def test_what_they_answer_can_be_read(self) -> None:
        _, answers = reference_entry(RESPONDENTS[0], sample_suite(), sample_problems())
        row = answers[CORE][0]
        assert list(row.arms) == ["none", "high", "low"]
        assert row.arms["low"].verdicts[0].status == "wrong"
        assert f"Final answer: {row.problem['gold']}" in row.arms["high"].responses[0]

    def test_on_the_real_problems_too_they_are_what_they_say(self, shared_data: Path) -> None:
        suite = read_suite(shipped_reference().parent)
        problems = load_problem_sets(list(suite.problem_sets), str(shared_data))
        for respondent, expected in zip(RESPONDENTS, (1.0, 0.0, 0.0, -1.0), strict=True):
            entry, _ = reference_entry(respondent, suite, problems)
            assert entry.measured.rows[OVERALL]["R"].estimate == expected, respondent.name
