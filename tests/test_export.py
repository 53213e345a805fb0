"""Whole runs -> records of other collections: which may leave, with which numbers, under which names."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from reversed_persona.cli import main
from reversed_persona.errors import SettingsError
from reversed_persona.leaderboard.export.choosing import choose_runs, named
from reversed_persona.leaderboard.export.hub import Destination, check_destination
from reversed_persona.leaderboard.export.numbers import numbers_of
from reversed_persona.runs import TaskRun, read_runs
from reversed_persona.statistics.intervals import share_interval
from run_files import DATE, ROWS, row, written

TASK = "reversed_persona_gsm8k"
ASKED = {"custom": False, "problems": "gsm8k", "personas": ["none", "high", "low"]}
EEE = ("--organization", "Some Lab", "--relationship", "third_party")
HF = ("--dataset", "some-lab/reversed-persona")


def run_in(folder: Path, *, metadata: dict[str, Any] | None = None, **of_run: Any) -> Path:
    """Write a whole run of three questions; its reversals are 1, 0 and -1."""
    of_run = {"task": TASK, **of_run}
    written(folder, **of_run)
    path = folder / f"results_{DATE}.json"
    results = json.loads(path.read_text())
    results["configs"][of_run["task"]]["metadata"] = ASKED | (metadata or {})
    results["date"] = 1_767_323_045.6  # 2026-01-02 03:04:05 UTC
    path.write_text(json.dumps(results))
    return folder


def read(folder: Path) -> TaskRun:
    (run,) = read_runs([folder]).runs
    return run


def reason(folder: Path) -> str:
    chosen, left_out = choose_runs([read(folder)])
    assert not chosen
    return left_out[0].said


class TestNumbers:
    def test_reversal_has_its_mean_and_its_standard_error(self, tmp_path: Path) -> None:
        number = numbers_of(read(run_in(tmp_path)))[0]
        assert (number.name, number.n, number.least) == ("reversal", 3, -1.0)
        assert number.value == 0  # (1 + 0 - 1) / 3
        assert number.deviation == 1  # sqrt((1 + 0 + 1) / 2)
        assert number.stderr == pytest.approx(3**-0.5)
        assert -1 <= number.interval.low < 0 < number.interval.high <= 1

    def test_accuracies_have_the_interval_that_reports_show(self, tmp_path: Path) -> None:
        (high,) = (number for number in numbers_of(read(run_in(tmp_path))) if number.name == "acc_high")
        assert high.value == pytest.approx(2 / 3)
        assert high.interval == share_interval([1, 1, 0])
        assert 0 <= high.interval.low < 2 / 3 < high.interval.high <= 1

    def test_what_is_neither_good_nor_bad_is_left_out(self, tmp_path: Path) -> None:
        names = {number.name for number in numbers_of(read(run_in(tmp_path)))}
        assert not {name for name in names if name.startswith("gap")}
        assert {number.name: number.lower_is_better for number in numbers_of(read(tmp_path))}["acc_low"] is True


class TestWhatMayLeave:
    def test_a_whole_run_of_the_benchmark_may(self, tmp_path: Path) -> None:
        chosen, left_out = choose_runs([read(run_in(tmp_path))])
        assert [run.task for run in chosen] == [TASK]
        assert not left_out

    @pytest.mark.parametrize(
        ("of_run", "metadata", "said"),
        [
            ({"limit": 3}, {}, "is partial"),
            ({"rows": ROWS[:2]}, {}, "is partial"),
            ({"reference_respondent": True}, {}, "is a reference respondent"),
            ({}, {"custom": True}, "has prompts or problems of its own"),
            ({}, {"custom": None}, "nothing says which prompts"),
            ({}, {"exemplars": True}, "settings that are not the benchmark's: exemplars=True"),
            ({}, {"questions": 3}, "settings that are not the benchmark's: questions=3"),
            ({"task": "sample_reversed_persona"}, {}, "is no task of the benchmark"),
        ],
    )
    def test_less_or_other_than_the_benchmark_may_not(
        self, tmp_path: Path, of_run: dict[str, Any], metadata: dict[str, Any], said: str
    ) -> None:
        assert said in reason(run_in(tmp_path, metadata=metadata, **of_run))

    def test_results_that_contradict_the_log_may_not(self, tmp_path: Path) -> None:
        rows = [row(f"p{k}", none="correct", high="correct", low="wrong") for k in range(3)]
        assert "reversal is 0.000000 in the results file and 1.000000 in the sample log" in reason(
            run_in(tmp_path, rows=rows)
        )

    @pytest.mark.parametrize("name", ["org/../model", "a/b/c", "org/<script>", "con/model", "org/mödel", "model"])
    def test_a_model_needs_an_id_that_can_name_a_folder(self, tmp_path: Path, name: str) -> None:
        run = read(run_in(tmp_path))
        with pytest.raises(SettingsError, match="expected the id that others know it by"):
            named([run], name)

    def test_one_id_is_not_given_to_two_models(self, tmp_path: Path) -> None:
        runs = [read(run_in(tmp_path / name, model=f"org/{name}")) for name in ("a", "b")]
        with pytest.raises(SettingsError, match="expected the runs of one"):
            named(runs, "org/c")


class TestEveryEvalEver:
    def export(self, folder: Path, *more: str) -> dict[str, Any]:
        assert main(["export", "eee", str(folder), "-o", str(folder / "out"), *EEE, *more]) == 0
        (path,) = (folder / "out" / "data" / "reversed_persona" / "org" / "model").glob("*.json")
        record: dict[str, Any] = json.loads(path.read_text())
        return record

    def test_a_score_has_n_error_and_interval(self, tmp_path: Path) -> None:
        result = self.export(run_in(tmp_path))["evaluation_results"][0]
        assert result["metric_config"]["min_score"] == -1
        assert result["score_details"]["score"] == 0
        uncertainty = result["score_details"]["uncertainty"]
        assert uncertainty["num_samples"] == 3
        assert uncertainty["standard_error"]["value"] == pytest.approx(3**-0.5)
        assert uncertainty["confidence_interval"]["confidence_level"] == 0.95

    def test_a_second_export_replaces_the_first(self, tmp_path: Path) -> None:
        first, second = self.export(run_in(tmp_path), "--instances"), self.export(tmp_path)
        assert "detailed_evaluation_results" in first
        assert "detailed_evaluation_results" not in second
        assert not [*tmp_path.rglob("*_samples.jsonl")]

    def test_a_date_and_paths_of_the_machine_stay_at_home(self, tmp_path: Path) -> None:
        run_in(tmp_path, model_args={"pretrained": "/home/alice/model"}, model="hf")
        written_out = json.dumps(self.export(tmp_path, "--model-id", "org/model"))
        assert "alice" not in written_out
        assert str(tmp_path) not in written_out

    def test_answers_are_one_line_for_each_question_and_arm(self, tmp_path: Path) -> None:
        self.export(run_in(tmp_path), "--instances")
        (path,) = tmp_path.rglob("*_samples.jsonl")
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        assert len(lines) == 3 * 3
        assert [line["evaluation"]["score"] for line in lines[:3]] == [1, 1, 0]
        assert lines[5]["error"] == "unanswered: refused"


class TestHub:
    def test_the_value_is_the_reversal(self, tmp_path: Path) -> None:
        run_in(tmp_path)
        assert main(["export", "hf", str(tmp_path), "-o", str(tmp_path / "out"), *HF]) == 0
        path = tmp_path / "out" / "org__model" / ".eval_results" / f"{TASK}.yaml"
        (entry,) = yaml.safe_load(path.read_text())
        assert entry["dataset"] == {"id": "some-lab/reversed-persona", "task_id": TASK}
        assert entry["value"] == 0
        assert str(entry["date"]) == "2026-01-02"
        assert "n = 3" in entry["notes"]

    def test_its_library_reads_what_is_written(self, tmp_path: Path) -> None:
        hub = pytest.importorskip("huggingface_hub")
        if not hasattr(hub, "parse_eval_result_entries"):
            pytest.skip("this huggingface_hub reads no entries")
        run_in(tmp_path)
        assert main(["export", "hf", str(tmp_path), "-o", str(tmp_path / "out"), *HF]) == 0
        (path,) = (tmp_path / "out").rglob("*.yaml")
        (entry,) = hub.parse_eval_result_entries(yaml.safe_load(path.read_text()))
        assert (entry.task_id, entry.value) == (TASK, 0)

    @pytest.mark.parametrize(
        ("destination", "said"),
        [
            (Destination("openai/gsm8k"), "ranks plain accuracy"),
            (Destination("nowhere"), "expected the id of a dataset"),
            (Destination("a/b", source_name="x"), "expected --source-url"),
        ],
    )
    def test_a_place_where_the_value_would_be_misread_is_refused(self, destination: Destination, said: str) -> None:
        with pytest.raises(SettingsError, match=said):
            check_destination(destination)


def test_where_nothing_may_leave_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_in(tmp_path, limit=3)
    assert main(["export", "hf", str(tmp_path), "-o", str(tmp_path / "out"), *HF]) == 2
    assert "no run here may be exported" in capsys.readouterr().err.splitlines()[-1]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("url", ["ftp://example.org", "https://", "https://user@example.org", "not a url"])
def test_an_address_has_to_be_one(tmp_path: Path, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    run_in(tmp_path)
    assert main(["export", "hf", str(tmp_path), "-o", str(tmp_path / "out"), *HF, "--source-url", url]) == 2
    assert "expected an address" in capsys.readouterr().err
