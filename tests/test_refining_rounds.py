"""`run --refine N`: rounds over the samples just written."""

import json
from pathlib import Path
from typing import Any

import pytest

from refine_runs import (
    LAZY,
    REFINE,
    REFINER,
    SAMPLE,
    logs,
    metadata,
    refine_task,
    results,
    rows,
    run,
    scores,
)
from reversed_persona.cli import main
from reversed_persona.errors import SettingsError
from reversed_persona.refining.rounds import REFINE_TASKS, loaded_once, take_rounds
from reversed_persona.rendering import task_files
from reversed_persona.simulation import SimulatedStudent


class TestRounds:
    def test_second_round_goes_on_from_the_first_ones_answers(self, tmp_path: Path) -> None:
        assert run(tmp_path, REFINER, "--refine", "2", "--limit", "8") == 0
        first, second = logs(tmp_path)
        assert [metadata(path)["round"] for path in (first, second)] == [1, 2]
        assert metadata(second)["earlier_run"]["file"] == first.name
        # all 8 low answers are wrong after round 1, so round 2 has nothing left to gain
        assert scores(second)["reversal_refined"] == 1
        assert scores(second)["delta_reversal_refined"] == scores(second)["delta_reversal"] == 0
        for one, other in zip(rows(first), rows(second), strict=True):
            prompts = [other["arguments"][f"gen_args_{place}"]["arg_0"] for place in range(4)]
            for (given,), prompt in zip(one["resps"], prompts, strict=True):
                assert f"===\n{given}\n=== END" in prompt

    def test_second_round_can_be_run_by_naming_the_first_ones_file(self, tmp_path: Path) -> None:
        assert run(tmp_path, LAZY, "--limit", "4", "--refine", "1") == 0
        (first,) = logs(tmp_path)
        assert run(tmp_path, REFINER, "--metadata", json.dumps({"earlier_run": str(first)}), tasks=REFINE) == 0
        _, second = logs(tmp_path)
        assert metadata(second)["round"] == 2
        assert scores(second)["delta_reversal_refined"] == 1 - scores(first)["reversal_refined"]

    def test_folder_means_the_base_run_even_where_it_was_refined(self, tmp_path: Path) -> None:
        assert run(tmp_path, LAZY, "--limit", "4", "--refine", "1") == 0
        assert refine_task(tmp_path / "student").config.metadata["round"] == 1

    def test_limit_is_followed_exactly_and_marked(self, tmp_path: Path) -> None:
        assert run(tmp_path, LAZY, "--limit", "5", "--refine", "2") == 0
        asked = [row["doc"]["problem_id"] for row in rows(logs(tmp_path, SAMPLE)[0])]
        for path in logs(tmp_path):
            assert [row["doc"]["problem_id"] for row in rows(path)] == asked
            assert metadata(path)["partial"] is True
            assert results(path)["n-samples"][REFINE] == {"original": 5, "effective": 5}

    def test_samples_are_followed_exactly(self, tmp_path: Path) -> None:
        assert run(tmp_path, LAZY, "--samples", json.dumps({SAMPLE: [9, 2]}), "--refine", "1") == 0
        asked = [row["doc"]["problem_id"] for row in rows(logs(tmp_path, SAMPLE)[0])]
        assert [row["doc"]["problem_id"] for row in rows(logs(tmp_path)[0])] == asked
        assert len(asked) == 2

    def test_whole_run_is_not_partial_and_not_custom(self, tmp_path: Path) -> None:
        assert run(tmp_path, LAZY, "--refine", "1") == 0
        (path,) = logs(tmp_path)
        assert (metadata(path)["partial"], metadata(path)["custom"]) == (False, False)
        assert metadata(path)["problems_digest"] == metadata(logs(tmp_path, SAMPLE)[0], SAMPLE)["problems_digest"]

    def test_other_tasks_are_run_and_not_refined(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        both = f"{SAMPLE},control_reversed_persona_sample"
        assert run(tmp_path, LAZY, "--limit", "2", "--refine", "1", tasks=both) == 0
        assert "--refine: run, but not refined: control_reversed_persona_sample\n" in capsys.readouterr().err
        assert len(logs(tmp_path, "control_reversed_persona_sample")) == 1

    def test_model_is_loaded_once_and_next_time_anew(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        answering = []
        answer = SimulatedStudent.generate_until

        def noted(student: SimulatedStudent, *arguments: Any) -> list[str]:
            answering.append(student)
            return answer(student, *arguments)

        monkeypatch.setattr(SimulatedStudent, "generate_until", noted)
        assert run(tmp_path, LAZY, "--limit", "2", "--refine", "2") == 0
        assert len(answering) == 3
        assert len(set(map(id, answering))) == 1
        assert "create_from_arg_obj" not in vars(SimulatedStudent)
        with loaded_once("simulated_student"):
            one, same = (SimulatedStudent.create_from_arg_obj({"model": "a"}, {"device": None}) for _ in range(2))
            other = SimulatedStudent.create_from_arg_obj({"model": "b"})
        assert one is same
        assert one is not other
        assert SimulatedStudent.create_from_arg_obj({"model": "a"}, {"device": None}) is not one

    def test_interrupted_round_goes_on_from_its_last_answer(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        asked: list[int] = []
        answer = SimulatedStudent.generate_until

        def interrupted_in_round_2(student: SimulatedStudent, requests: list[Any], *others: Any) -> list[str]:
            asked.append(len(requests))
            if len(asked) == 3:
                raise KeyboardInterrupt
            return answer(student, requests, *others)

        monkeypatch.setattr(SimulatedStudent, "generate_until", interrupted_in_round_2)
        options = ("--limit", "3", "--refine", "2", "--use_cache", str(tmp_path / "cache"))
        assert run(tmp_path, REFINER, *options) == 130
        # 3 problems as none, high, low; then in four arms; then what a prompt changed for: 2 that became wrong
        assert asked == [9, 12, 2]
        assert run(tmp_path, REFINER, *options) == 0
        assert asked == [9, 12, 2, 2]
        assert [metadata(path)["round"] for path in logs(tmp_path)] == [1, 1, 2]

    @pytest.mark.parametrize(
        ("options", "says"),
        [
            (["--refine", "1"], "--refine: needs --log_samples and --output_path FOLDER"),
            (["--refine", "1", "--output_path", "out"], "--refine: needs --log_samples and --output_path FOLDER"),
            (["--refine"], "--refine: got ''; expected one whole number from 1 to 99"),
            (["--refine", "0"], "got '0'"),
            (["--refine=two"], "got 'two'"),
            (["--refine", "1", "--refine", "2"], "got '1 and 2'"),
            (
                ["--refine", "1", "--log_samples", "--output_path", "out", "--metadata", '{"personas": ["high"]}'],
                "none of the tasks can be refined; expected one of reversed_persona_gsm8k",
            ),
        ],
    )
    def test_what_it_needs_is_said_in_one_line_before_anything_runs(
        self,
        tmp_path: Path,
        options: list[str],
        says: str,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.chdir(tmp_path)
        assert main(["run", "--model", "simulated_student", "--tasks", SAMPLE, *options]) == 2
        assert says in capsys.readouterr().err.splitlines()[-1]
        assert not list(tmp_path.iterdir())

    def test_several_processes_are_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("WORLD_SIZE", "2")
        assert run(tmp_path, LAZY, "--limit", "2", "--refine", "1") == 2
        assert "can't be run in several processes" in capsys.readouterr().err.splitlines()[-1]

    def test_every_refine_task_follows_the_task_that_the_chain_takes_it_for(self) -> None:
        refine = {name: config for name, (path, config) in task_files().items() if path.parent.name == "refine"}
        assert {config["metadata"]["earlier_task"]: name for name, config in refine.items()} == REFINE_TASKS


class TestTakeRounds:
    def test_all_other_arguments_stay(self) -> None:
        assert take_rounds(["--tasks", "a", "--refine", "3", "--limit", "2"]) == (["--tasks", "a", "--limit", "2"], 3)
        assert take_rounds(["--refine=12"]) == ([], 12)
        assert take_rounds(["--refined", "x"]) == (["--refined", "x"], 0)

    @pytest.mark.parametrize("given", ["-1", "1.5", "100", "²", "9" * 5000])
    def test_other_numbers_are_refused(self, given: str) -> None:
        with pytest.raises(SettingsError, match="expected one whole number from 1 to 99"):
            take_rounds(["--refine", given])
