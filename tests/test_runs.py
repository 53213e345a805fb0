"""Output folders -> records: what belongs together, whose it is, and what is left out."""

import json
import shutil
from pathlib import Path

import pytest

from reversed_persona.errors import RunsError
from reversed_persona.runs import find_run_files, read_runs
from reversed_persona.runs.names import model_ids, own_tasks
from run_files import DATE, LATER, ROWS, TASK, row, written


class TestReadRuns:
    def test_scores_of_every_question_stand_in_the_order_of_the_log(self, tmp_path: Path) -> None:
        written(tmp_path / "org__model")
        (run,) = read_runs([tmp_path]).runs
        assert (run.model, run.task, run.date, run.partial, run.custom) == ("org/model", TASK, DATE, False, False)
        assert run.problem_ids == ("p1", "p2", "p3")
        assert run.arms["high"].correct.tolist() == [1, 1, 0]
        assert run.arms["low"].unanswered.tolist() == [0, 1, 0]
        assert run.arms["low"].wrong_answers == [(0, "8")]
        assert run.reversal().tolist() == [1, 0, -1]  # c_high + w_low - 1: 1+1-1, 1+0-1, 0+0-1
        assert run.contrast().tolist() == [1, 1, -1]  # c_high - c_low
        assert run.reported["reversal"].stderr == 0.5774
        assert run.arms["none"].expected_accuracy is None

    def test_newest_run_of_a_model_counts_and_the_older_is_named(self, tmp_path: Path) -> None:
        written(tmp_path, date=DATE)
        written(tmp_path, date=LATER)
        found = read_runs([tmp_path])
        assert [(run.date, run.partial) for run in found.runs] == [(LATER, False)]
        assert (found.older, found.smaller) == ([("org/model", TASK, DATE)], [])
        assert [run.date for run in read_runs([tmp_path], date="2026-01-02").runs] == [DATE]

    def test_repeats_are_averaged(self, tmp_path: Path) -> None:
        twice = row("p1", high="correct", low="wrong")
        other = row("p1", high="correct", low="correct")
        twice["resps"] = [["a", "b"], ["a", "b"]]
        twice["filtered_resps"] = [
            [*one, *two] for one, two in zip(twice["filtered_resps"], other["filtered_resps"], strict=True)
        ]
        written(tmp_path, rows=[twice])
        (run,) = read_runs([tmp_path]).runs
        assert run.repeats == 2
        assert run.reversal().tolist() == [0.5]  # c_high 1, w_low 1/2

    def test_tasks_are_found_by_their_exact_name(self, tmp_path: Path) -> None:
        written(tmp_path, task="sample_reversed_persona_two")
        assert not read_runs([tmp_path]).runs
        assert read_runs([tmp_path], tasks=["sample_reversed_persona_two"]).runs

    @pytest.mark.parametrize(
        ("damage", "said"),
        [
            (lambda text: text[:-40], "line 3"),
            (lambda text: text + text.splitlines()[0] + "\n", "'p1' was there before"),
            (lambda text: text.replace('\\"status\\": \\"wrong\\"', '\\"status\\": \\"fine\\"'), "not a verdict"),
            (lambda text: text.replace('\\"persona\\": \\"low\\"', '\\"persona\\": \\"high\\"'), "comes twice"),
            (lambda text: "", "is empty"),
            (lambda text: "\x00\n", "line 1"),
        ],
    )
    def test_damaged_log_is_left_out_with_its_line_and_the_others_are_read(self, tmp_path: Path, damage, said) -> None:
        written(tmp_path / "good", model="good")
        log = written(tmp_path / "bad", model="bad")
        log.write_text(damage(log.read_text()))
        found = read_runs([tmp_path])
        assert [run.model for run in found.runs] == ["good"]
        assert [one.path for one in found.left_out] == [log.resolve()]
        assert said in str(found.left_out[0])

    def test_damaged_results_leave_their_run_out(self, tmp_path: Path) -> None:
        written(tmp_path / "good", model="good")
        (written(tmp_path / "bad", model="bad").parent / f"results_{DATE}.json").write_text('{"model_name": [1]}')
        found = read_runs([tmp_path])
        assert [run.model for run in found.runs] == ["good"]
        assert "model_name" in str(found.left_out[0])

    def test_results_without_a_log_are_named(self, tmp_path: Path) -> None:
        written(tmp_path).unlink()
        found = read_runs([tmp_path])
        assert not found.runs
        assert "--log_samples" in str(found.left_out[0])

    def test_whole_run_goes_before_a_newer_partial_one_which_is_named_and_can_be_picked(self, tmp_path: Path) -> None:
        earliest = "2025-12-31T03-04-05.678901"
        written(tmp_path, date=earliest, rows=ROWS[:1], limit=1)
        written(tmp_path, date=DATE)
        written(tmp_path, date=LATER, rows=ROWS[:2], limit=2)
        found = read_runs([tmp_path])
        assert [(run.date, run.partial) for run in found.runs] == [(DATE, False)]
        assert found.older == [("org/model", TASK, earliest)]
        assert found.smaller == [("org/model", TASK, LATER)]
        picked = read_runs([tmp_path], date=LATER)
        assert [(run.date, run.partial) for run in picked.runs] == [(LATER, True)]

    def test_of_partial_runs_the_newest_counts(self, tmp_path: Path) -> None:
        for date, n in ((DATE, 2), (LATER, 1)):
            written(tmp_path, date=date, rows=ROWS[:n], limit=n)
        found = read_runs([tmp_path])
        assert [run.date for run in found.runs] == [LATER]
        assert (found.older, found.smaller) == ([("org/model", TASK, DATE)], [])

    def test_judge_has_a_run_that_counts_for_each_model_that_it_judged(self, tmp_path: Path) -> None:
        task = "judge_reversed_persona_sample"
        for date, judged in ((DATE, "org/a"), (LATER, "org/b")):
            written(tmp_path, model="org/judge", task=task, date=date)
            path = tmp_path / f"results_{date}.json"
            results = json.loads(path.read_text())
            results["configs"][task]["metadata"] |= {"judge": "org/judge", "earlier_run": {"model": judged}}
            path.write_text(json.dumps(results))
        found = read_runs([tmp_path])
        assert [run.earlier.get("model") for run in found.runs] == ["org/a", "org/b"]
        assert found.older == []

    def test_without_results_the_folder_names_the_model_and_the_run_is_partial(self, tmp_path: Path) -> None:
        log = written(tmp_path / "org__model")
        (log.parent / f"results_{DATE}.json").unlink()
        (run,) = read_runs([tmp_path]).runs
        assert (run.model, run.custom, run.partial) == (
            "org/model",
            None,
            True,
        )  # nothing says how many there should be

    def test_judges_run_has_what_it_reports_and_no_questions(self, tmp_path: Path) -> None:
        task = "judge_reversed_persona_sample"
        log = written(tmp_path, task=task)
        results = log.parent / f"results_{DATE}.json"
        found = json.loads(results.read_text())
        found["configs"][task]["metadata"]["judge"] = "a judge"
        results.write_text(json.dumps(found))
        (run,) = read_runs([tmp_path]).runs
        assert not run.arms
        assert run.metadata["judge"] == "a judge"
        assert not run.partial  # n-samples: 3 of 3
        found["n-samples"][task]["effective"] = 2
        results.write_text(json.dumps(found))
        assert read_runs([tmp_path]).runs[0].partial

    def test_a_group_of_tasks_is_no_task_whose_log_is_missing(self, tmp_path: Path) -> None:
        log = written(tmp_path)
        results = log.parent / f"results_{DATE}.json"
        found = json.loads(results.read_text())
        found["results"]["reversed_persona"] = {"reversal,verdict": 0.0}  # the mean over its members
        results.write_text(json.dumps(found))
        read = read_runs([tmp_path])
        assert ([run.task for run in read.runs], read.left_out) == ([TASK], [])


class TestFindRunFiles:
    def test_single_log_brings_its_results_and_no_other_task(self, tmp_path: Path) -> None:
        log = written(tmp_path)
        shutil.copy(log, tmp_path / f"samples_other_{DATE}.jsonl")
        (found,) = find_run_files([log])
        assert found.samples == {TASK: log.resolve()}
        assert found.results is not None

    def test_same_folder_named_twice_is_read_once(self, tmp_path: Path) -> None:
        written(tmp_path / "m")
        assert len(find_run_files([tmp_path, tmp_path / "m"])) == 1

    @pytest.mark.parametrize("name", ["nothing-here", "notes.txt"])
    def test_path_without_runs_says_what_is_expected(self, tmp_path: Path, name: str) -> None:
        (tmp_path / "notes.txt").write_text("no run")
        with pytest.raises(RunsError, match=r"expected .*results_|expected a folder"):
            find_run_files([tmp_path / name])

    def test_empty_folder_says_what_a_run_leaves(self, tmp_path: Path) -> None:
        with pytest.raises(RunsError, match="--log_samples"):
            find_run_files([tmp_path])


class TestNames:
    def test_own_tasks_are_those_that_lm_eval_finds(self) -> None:
        from reversed_persona.rendering import task_files

        assert set(task_files()) <= own_tasks()

    def test_ids_stay_and_paths_become_their_last_part(self) -> None:
        assert dict(model_ids(["org/model", "/data/models/Llama", "./Other/"])) == {
            "org/model": "org/model",
            "/data/models/Llama": "Llama",
            "./Other/": "Other",
        }

    def test_two_paths_with_one_last_part_are_told_apart(self) -> None:
        assert list(model_ids(["/a/base/hf", "/a/tuned/hf"]).values()) == ["base/hf", "tuned/hf"]

    def test_hub_cache_gives_the_hubs_id(self) -> None:
        path = "/home/me/.cache/huggingface/hub/models--Qwen--Qwen3-8B/snapshots/0123abc"
        assert model_ids([path])[path] == "Qwen/Qwen3-8B"

    def test_model_from_the_hub_and_from_its_cache_is_one_and_leaves_other_names_short(self) -> None:
        names = ["Qwen/Qwen3-8B", "/root/hub/models--Qwen--Qwen3-8B/snapshots/abc", "/data/models/Llama"]
        assert list(model_ids(names).values()) == ["Qwen/Qwen3-8B", "Qwen/Qwen3-8B", "Llama"]
