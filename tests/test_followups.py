import json
from pathlib import Path
from typing import Any

import pytest

from reversed_persona.errors import RunsError, SettingsError
from reversed_persona.followups import logged_task, read_earlier_run

SAMPLE = "sample_reversed_persona"
EARLY, LATE = "2026-01-02T03-04-05.600000", "2026-02-03T04-05-06.700000"
RESULTS = {
    "model_name": "org/model",
    "config": {"limit": None},
    "n-samples": {SAMPLE: {"original": 2, "effective": 2}},
    "configs": {SAMPLE: {"metadata": {"custom": False}}},
}


def row(number: int = 1, arms: tuple[str, ...] = ("high", "low"), **doc: Any) -> dict[str, Any]:
    problem = {
        "problem_id": f"sample-word-{number:02}", "question": f"What is {number} + 1?", "gold": str(number + 1),
        "solution": "", "difficulty": 1, "subject": "Word Problem", **doc,
    }  # fmt: skip
    return {
        "doc": problem,
        "resps": [[f"{arm}: {number}"] for arm in arms],
        "filtered_resps": [[json.dumps({"persona": arm})] for arm in arms],
        "arguments": {f"gen_args_{place}": {"arg_0": "Problem: x"} for place, _ in enumerate(arms)},
    }


def write(
    folder: Path, rows: list[Any], task: str = SAMPLE, date: str = LATE, results: dict[str, Any] | None = RESULTS
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    if results is not None:
        (folder / f"results_{date}.json").write_text(json.dumps(results))
    path = folder / f"samples_{task}_{date}.jsonl"
    path.write_text("".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in rows))
    return path


class TestReadEarlierRun:
    def test_file_gives_problems_and_answers_in_its_order(self, tmp_path: Path) -> None:
        path = write(tmp_path, [row(2), row(1)])
        run = read_earlier_run(path, SAMPLE)
        assert (run.path, run.task, run.date, run.model, run.round) == (path, SAMPLE, LATE, "org/model", 0)
        assert (run.partial, run.custom) == (False, False)
        assert list(run.answers) == ["sample-word-02", "sample-word-01"]
        answers = run.answers["sample-word-02"]
        assert answers.doc == row(2)["doc"]
        assert answers.responses == {"high": ("high: 2",), "low": ("low: 2",)}
        assert answers.thinking == {"high": False, "low": False}

    def test_repeats_stay_apart_and_an_empty_reply_is_empty(self, tmp_path: Path) -> None:
        given = {**row(), "resps": [["a", None], ["b", "c"]]}
        answers = read_earlier_run(write(tmp_path, [given]), SAMPLE).answers["sample-word-01"]
        assert answers.responses == {"high": ("a", ""), "low": ("b", "c")}

    def test_thinking_that_a_prompt_opens_is_known_per_arm(self, tmp_path: Path) -> None:
        given = row()
        given["arguments"]["gen_args_1"]["arg_0"] = "Problem: x\n<think>\n"
        answers = read_earlier_run(write(tmp_path, [given]), SAMPLE).answers["sample-word-01"]
        assert answers.thinking == {"high": False, "low": True}

    def test_folder_means_the_newest_file_of_exactly_this_task(self, tmp_path: Path) -> None:
        write(tmp_path, [row(1)], date=EARLY)
        newest = write(tmp_path, [row(2)], date=LATE)
        for other in (f"refine_{SAMPLE}", f"{SAMPLE}_race", f"control_{SAMPLE}"):
            write(tmp_path, [row(3)], task=other, date="2026-12-31T00-00-00.000001")
        assert read_earlier_run(tmp_path, SAMPLE).path == newest

    def test_output_folder_with_one_model_will_do(self, tmp_path: Path) -> None:
        path = write(tmp_path / "org__model", [row()])
        (tmp_path / "empty").mkdir()
        assert read_earlier_run(tmp_path, SAMPLE).path == path

    def test_output_folder_with_two_models_is_refused(self, tmp_path: Path) -> None:
        write(tmp_path / "a", [row()])
        write(tmp_path / "b", [row()])
        with pytest.raises(SettingsError, match="several models: a, b; name the folder of one"):
            read_earlier_run(tmp_path, SAMPLE)

    def test_nothing_there_lists_what_is(self, tmp_path: Path) -> None:
        write(tmp_path, [row()], task="reversed_persona_gsm8k")
        with pytest.raises(SettingsError, match=r"no samples of 'sample_reversed_persona' \(of reversed_p.*gsm8k\)"):
            read_earlier_run(tmp_path, SAMPLE)

    def test_empty_folder_and_no_folder(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError, match="of no task at all"):
            read_earlier_run(tmp_path, SAMPLE)
        with pytest.raises(SettingsError, match="nowhere: is not there"):
            read_earlier_run(tmp_path / "nowhere", SAMPLE)

    def test_another_tasks_file_is_refused(self, tmp_path: Path) -> None:
        path = write(tmp_path, [row()], task=f"refine_{SAMPLE}")
        with pytest.raises(SettingsError, match="of 'refine_sample_reversed_persona'; expected those"):
            read_earlier_run(path, SAMPLE)

    def test_file_with_a_name_of_its_own_is_refused(self, tmp_path: Path) -> None:
        path = write(tmp_path, [row()]).rename(tmp_path / "mine.jsonl")
        with pytest.raises(SettingsError, match=r"expected samples_sample_reversed_persona_<date>\.jsonl"):
            read_earlier_run(path, SAMPLE)

    @pytest.mark.parametrize(
        ("bad", "says"),
        [
            ("{", "line 2: is not JSON"),
            ("[]", r"line 2: is \[\]; expected an object"),
            ("[" * 100_000, "line 2: is nested too deeply"),
            ({**row(2), "doc": "x"}, "line 2: doc: got 'x'"),
            (row(2, question=7), "line 2: doc: question: got 7; expected text"),
            (row(2, gold=" "), "line 2: doc: gold: got ' '"),
            (row(2, difficulty="3"), "line 2: doc: difficulty: got '3'; expected a whole number"),
            (row(2, difficulty=True), "difficulty: got True"),
            (row(2, round=-1), "line 2: doc: round: got -1"),
            (row(2, difficulty=10**30), "line 2: doc: difficulty: got 1000"),
            (row(2, question="a \ud800"), "line 2: doc: question: holds half a character at 2"),
            (row(2, round=1), r"holds rounds \[0, 1\]"),
            ({**row(2), "resps": [[], []]}, r"line 2: resps: got \[\]"),
            ({**row(2), "resps": [["a"]]}, "line 2: resps and filtered_resps: expected one list for each arm"),
            ({**row(2), "filtered_resps": [["a"], ["b"]]}, "line 2: Expecting value"),
            ({"doc": {}}, "line 2: has no field"),
            (row(2, arms=("high", "high")), "line 2: arms: got high, high; expected each once"),
            (row(2, arms=("high", "none")), "line 2: was asked as high, none; expected high, low, as in the first"),
            (row(1), "line 2: 'sample-word-01' was there before"),
        ],
    )
    def test_damaged_row_is_named_by_its_line(self, tmp_path: Path, bad: Any, says: str) -> None:
        with pytest.raises(SettingsError, match=says):
            read_earlier_run(write(tmp_path, [row(1), bad]), SAMPLE)

    def test_file_too_large_for_a_run_is_refused(self, tmp_path: Path) -> None:
        path = write(tmp_path, [row(1)])
        with path.open("r+b") as file:
            file.truncate((4 << 30) + (1 << 20))  # sparse: takes no room
        with pytest.raises(SettingsError, match="is 4097 MB; expected at most 4096"):
            read_earlier_run(path, SAMPLE)

    def test_empty_file_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError, match="is empty; expected one row for each problem"):
            read_earlier_run(write(tmp_path, []), SAMPLE)

    def test_run_with_a_limit_is_partial(self, tmp_path: Path) -> None:
        limited = {**RESULTS, "config": {"limit": 2.0}}
        assert read_earlier_run(write(tmp_path, [row(1), row(2)], results=limited), SAMPLE).partial

    def test_round_over_a_partial_run_is_partial(self, tmp_path: Path) -> None:
        says_so = {**RESULTS, "configs": {SAMPLE: {"metadata": {"partial": True}}}}
        assert read_earlier_run(write(tmp_path, [row(1), row(2)], results=says_so), SAMPLE).partial

    def test_run_with_samples_is_partial(self, tmp_path: Path) -> None:
        assert read_earlier_run(write(tmp_path, [row(1)]), SAMPLE).partial  # 1 of 2

    def test_without_results_the_problem_set_says_how_many_there_are(self, tmp_path: Path) -> None:
        path = write(tmp_path, [row(number) for number in range(64)], results=None)
        run = read_earlier_run(path, SAMPLE)
        assert (run.model, run.partial, run.custom) == (None, False, None)

    def test_without_results_unknown_problems_count_as_partial(self, tmp_path: Path) -> None:
        assert read_earlier_run(write(tmp_path, [row(1, problem_id="mine")], results=None), SAMPLE).partial

    def test_results_under_another_name_are_found(self, tmp_path: Path) -> None:
        path = write(tmp_path, [row(1), row(2)])
        (tmp_path / f"results_{LATE}.json").rename(tmp_path / f"mine_{LATE}.json")  # --output_path mine.json
        assert read_earlier_run(path, SAMPLE).model == "org/model"

    @pytest.mark.parametrize("said", ["{", "[]", '{"a": ' + "[" * 100_000])
    def test_damaged_results_are_refused(self, tmp_path: Path, said: str) -> None:
        path = write(tmp_path, [row(1)])
        (tmp_path / f"results_{LATE}.json").write_text(said)
        with pytest.raises(RunsError, match=r"results_.*expected a results file as lm-eval writes it"):
            read_earlier_run(path, SAMPLE)

    def test_results_of_other_types_are_refused_by_their_field(self, tmp_path: Path) -> None:
        strange = {"config": {"limit": "some"}}
        with pytest.raises(RunsError, match=r"config\.limit: .*number"):
            read_earlier_run(write(tmp_path, [row(1)], results=strange), SAMPLE)

    def test_results_that_hold_little_say_little(self, tmp_path: Path) -> None:
        run = read_earlier_run(write(tmp_path, [row(1)], results={}), SAMPLE)
        assert (run.model, run.custom, run.partial) == (None, None, True)

    def test_round_of_a_refine_run_stands_in_its_rows(self, tmp_path: Path) -> None:
        path = write(tmp_path, [row(1, round=2)], task=f"refine_{SAMPLE}")
        assert read_earlier_run(path, f"refine_{SAMPLE}").round == 2


class TestLoggedTask:
    def test_names_that_begin_alike_are_told_apart(self) -> None:
        assert logged_task(Path(f"x/samples_{SAMPLE}_race_{LATE}.jsonl")) == f"{SAMPLE}_race"
        assert logged_task(Path("samples_a_2026-01-02T03-04-05.jsonl")) == "a"  # no fraction at a full second

    def test_other_names_are_none(self) -> None:
        assert logged_task(Path(f"results_{LATE}.json")) is None
        assert logged_task(Path("samples_a.jsonl")) is None
