"""The task `custom_reversed_persona` through the real command line."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reversed_persona.cli import main
from reversed_persona.personas import load_templates

sys.path.insert(0, str(Path(__file__).parent / "integration"))
from outcomes import results_of, rows_of, scores_of

TASK = "custom_reversed_persona"
PROBLEMS: list[dict[str, Any]] = [
    {"question": "What is 3 + 4?", "gold": 7, "id": "a", "difficulty": 1},
    {"question": "Write 3 out of 4 as a fraction.", "gold": r"\frac{3}{4}"},
    {"question": "Is 91 prime?", "gold": r"\text{no}"},
    {"question": "Which is larger? (A) 1/3 (B) 1/2", "gold": "(B)", "solution": "Halves are larger."},
]
TIRED = """\
id: tired
label: Tired student
expected_accuracy: 0.5
wordings:
  - promise: gets about {{ target }} of every 100 right
    instruction: You are tired. On {{ collection }} this student gets about {{ target }} of every 100 right.
"""


@pytest.fixture
def own(tmp_path: Path) -> Callable[..., str]:
    """Return what makes --metadata, of own problems and an own persona."""
    problems, personas = tmp_path / "mine.jsonl", tmp_path / "personas"
    problems.write_text("".join(json.dumps(row) + "\n" for row in PROBLEMS))
    personas.mkdir()
    (personas / "tired.yml").write_text(TIRED)
    return lambda **more: json.dumps({"problems": str(problems), "personas": str(personas), **more})


def run(folder: Path, metadata: str, *options: str, args: str = "") -> int:
    return main([
        "run", "--model", "simulated_student", "--model_args", f"model=student{args}", "--tasks", TASK,
        "--metadata", metadata, "--output_path", str(folder / "out"), "--log_samples", *options,
    ])  # fmt: skip


def knowing(folder: Path) -> str:
    return f",persona_templates={folder / 'personas'}"


class TestRun:
    def test_known_accuracies_are_recovered_over_golds_of_every_kind(
        self, tmp_path: Path, own: Callable[..., str]
    ) -> None:
        assert run(tmp_path, own(), args=",none=1.0,tired=0.25" + knowing(tmp_path)) == 0
        found = scores_of(tmp_path / "out", TASK)
        assert (found["acc_none"], found["acc_tired"]) == (1, 1 / 4)
        assert (found["gap_tired"], found["unanswered_tired"]) == (0.25 - 0.5, 0)
        assert "reversal" not in found  # high and low were not asked

    def test_results_say_that_they_are_custom_and_of_what(self, tmp_path: Path, own: Callable[..., str]) -> None:
        assert run(tmp_path, own(), args=knowing(tmp_path)) == 0
        metadata = results_of(tmp_path / "out")["configs"][TASK]["metadata"]
        assert metadata["custom"] is True
        assert metadata["n_problems"] == 4
        assert len(metadata["problems_digest"]) == 64
        assert metadata["prompt_fingerprints"].keys() == {"none", "tired"}
        assert rows_of(tmp_path / "out", TASK)[0]["doc"]["problem_id"] == "a"

    def test_built_in_personas_replaced_by_own_ones_make_a_reversal(
        self, tmp_path: Path, own: Callable[..., str]
    ) -> None:
        (tmp_path / "personas" / "low.yml").write_text(
            TIRED.replace("id: tired", "id: low")
            .replace("0.5", "0.0")
            .replace("gets about {{ target }} of every 100 right", "gives a wrong answer practically every time")
        )
        ask = own(ask=["none", "high", "low", "tired"])
        assert run(tmp_path, ask, args=",high=1.0,low=0.0" + knowing(tmp_path)) == 0
        assert scores_of(tmp_path / "out", TASK)["reversal"] == 1
        low = rows_of(tmp_path / "out", TASK)[0]["arguments"]["gen_args_2"]["arg_0"]
        assert low.startswith("You are tired. On mathematics problems this student gives a wrong answer")

    def test_without_own_personas_the_built_in_ones_are_asked(self, tmp_path: Path, own: Callable[..., str]) -> None:
        metadata = json.dumps({"problems": json.loads(own())["problems"]})
        assert run(tmp_path, metadata, args=",high=1.0,low=0.0") == 0
        assert scores_of(tmp_path / "out", TASK)["reversal"] == 1

    @pytest.mark.parametrize("collection", ["exercises of sheet 7", 'Übungen <b> & {{ x }} "7" .*', "x" * 100])
    def test_respondent_knows_a_persona_whatever_the_problems_are_called(
        self, tmp_path: Path, own: Callable[..., str], collection: str
    ) -> None:
        metadata = own(ask=["none", "high", "low", "tired"], collection=collection)
        shares = ",none=0.0,high=1.0,low=0.25,tired=0.5"
        assert run(tmp_path, metadata, "--apply_chat_template", args=shares + knowing(tmp_path)) == 0
        found = scores_of(tmp_path / "out", TASK)
        assert [found[f"acc_{name}"] for name in ("none", "high", "low", "tired")] == [0, 1, 0.25, 0.5]
        high = load_templates().personas["high"].instruction(collection)
        assert high in rows_of(tmp_path / "out", TASK)[0]["arguments"]["gen_args_1"]["arg_0"]

    def test_limit_role_and_repeats_are_as_in_other_tasks(self, tmp_path: Path, own: Callable[..., str]) -> None:
        metadata = own(persona_role="system", repeats=2)
        sampling = ("--gen_kwargs", "do_sample=true,temperature=0.7", "--limit", "3", "--apply_chat_template")
        assert run(tmp_path, metadata, *sampling, args=knowing(tmp_path)) == 0
        rows = rows_of(tmp_path / "out", TASK)
        assert [len(responses) for row in rows for responses in row["resps"]] == [2] * 6
        assert rows[0]["arguments"]["gen_args_1"]["arg_0"].startswith("[system]\nYou are tired.")

    def test_questions_can_be_chosen_by_hash(self, tmp_path: Path, own: Callable[..., str]) -> None:
        assert run(tmp_path, own(questions=2), args=knowing(tmp_path)) == 0
        assert len(rows_of(tmp_path / "out", TASK)) == 2

    def test_worked_examples_of_ones_own_are_shown(self, tmp_path: Path, own: Callable[..., str]) -> None:
        (tmp_path / "personas" / "exemplars").mkdir()
        (tmp_path / "personas" / "exemplars" / "mine.yml").write_text(
            "problems: custom\nexemplars:\n- question: What is 1 + 1?\n  gold: '2'\n  replies: {tired: 'Yawn. 3.'}\n"
        )
        metadata = own(ask=["tired"], exemplars=True)
        assert run(tmp_path, metadata, args=",tired=1.0" + knowing(tmp_path)) == 0
        row = rows_of(tmp_path / "out", TASK)[0]
        assert "Problem: What is 1 + 1?\n\nYawn. 3." in row["arguments"]["gen_args_0"]["arg_0"]
        assert row["acc_tired"] == 1

    def test_control_can_be_asked(self, tmp_path: Path, own: Callable[..., str]) -> None:
        metadata = own(ask=["deliberate"], measures=["wrong", "unanswered"])
        assert run(tmp_path, metadata, args=",deliberate=0.5,unanswered_deliberate=0.25" + knowing(tmp_path)) == 0
        found = scores_of(tmp_path / "out", TASK)
        assert (found["wrong_deliberate"], found["unanswered_deliberate"]) == (0.25, 0.25)

    def test_frame_of_ones_own_is_used(self, tmp_path: Path, own: Callable[..., str]) -> None:
        (tmp_path / "personas" / "prompt.yml").write_text(
            'question: "Aufgabe: {{ question }}"\ndemand: "Schreib zuletzt:\\nFinal answer: <Antwort>"\n'
        )
        assert run(tmp_path, own(), args=",none=1.0,tired=0.0" + knowing(tmp_path)) == 0
        row = rows_of(tmp_path / "out", TASK)[0]
        assert row["arguments"]["gen_args_0"]["arg_0"].startswith("Aufgabe: What is 3 + 4?")
        assert (row["acc_none"], row["acc_tired"]) == (1, 0)

    def test_predict_only_keeps_the_responses(self, tmp_path: Path, own: Callable[..., str]) -> None:
        assert run(tmp_path, own(), "--predict_only", args=knowing(tmp_path)) == 0
        assert len(rows_of(tmp_path / "out", TASK)) == 4

    def test_sample_log_is_graded_again_to_the_same_verdicts(
        self, tmp_path: Path, own: Callable[..., str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(tmp_path, own(), args=",none=1.0,tired=0.25" + knowing(tmp_path)) == 0
        (log,) = (tmp_path / "out").glob(f"*/samples_{TASK}_*.jsonl")
        capsys.readouterr()
        assert main(["grade", str(log)]) == 0
        assert "n 8, correct 5, wrong 3, unanswered 0" in capsys.readouterr().err


class TestBadInput:
    """One line, before the model is loaded."""

    @pytest.fixture(autouse=True)
    def no_model(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("lm_eval.simple_evaluate", lambda **_: pytest.fail("the run began"))

    def refuses(self, capsys: pytest.CaptureFixture[str], code: int, says: str) -> None:
        assert code == 2
        (line,) = [line for line in capsys.readouterr().err.splitlines() if "error:" in line]
        assert says in line

    def test_run_without_problems_shows_what_to_give(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        shown = '--metadata \'{"problems": "my_problems.jsonl", "personas": "my_personas/"}\''
        self.refuses(capsys, run(tmp_path, "{}"), shown)

    def test_bad_line_of_the_problems_is_named(
        self, tmp_path: Path, own: Callable[..., str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        with (tmp_path / "mine.jsonl").open("a") as file:
            file.write('{"question": "x", "gold": "the cat"}\n')
        self.refuses(
            capsys, run(tmp_path, own()), "mine.jsonl: line 5: gold: got 'the cat' (str); the grader takes it for"
        )

    def test_bad_template_is_named(
        self, tmp_path: Path, own: Callable[..., str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "personas" / "b.yml").write_text(TIRED.replace("tired", "bored").replace("0.5", "0.4x"))
        self.refuses(capsys, run(tmp_path, own()), "b.yml: expected_accuracy:")

    def test_respondent_has_to_know_the_templates(
        self, tmp_path: Path, own: Callable[..., str], capsys: pytest.CaptureFixture[str], monkeypatch: Any
    ) -> None:
        monkeypatch.undo()
        self.refuses(capsys, run(tmp_path, own()), "does not recognise persona 'tired'")

    @pytest.mark.parametrize("verb", [["plan", TASK], ["prompts", TASK]])
    def test_other_verbs_say_the_same(self, verb: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        self.refuses(capsys, main(verb), "this task asks problems of your own, as in --metadata")


class TestOtherVerbs:
    def test_doctor_looks_at_own_problems_and_personas(
        self, own: Callable[..., str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["doctor", "--tasks", TASK, "--metadata", own()]) == 0
        out = capsys.readouterr().out
        assert "with your own from " in out
        assert f"note  {TASK}: 4 problems, asked as none, tired; custom: not the benchmark's own" in out

    def test_doctor_fails_without_problems(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["doctor", "--tasks", TASK]) == 1
        assert f"FAIL  {TASK}: metadata: problems: is missing" in capsys.readouterr().out

    def test_plan_counts_every_request(self, own: Callable[..., str], capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["plan", TASK, "--metadata", own(repeats=1)]) == 0
        assert capsys.readouterr().out.splitlines()[1].split()[:3] == [TASK, "4", "8"]

    def test_prompts_shows_a_problem_by_its_own_id(
        self, own: Callable[..., str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["prompts", TASK, "--problem", "a", "--metadata", own(collection="riddles")]) == 0
        out = capsys.readouterr().out
        assert f"=== {TASK} / a / tired / template " in out
        assert "On riddles this student gets about 50 of every 100 right.\n\nProblem: What is 3 + 4?" in out

    def test_lm_eval_lists_the_task_without_loading_it(self) -> None:
        from lm_eval.tasks import TaskManager

        from reversed_persona.rendering import task_folder

        manager = TaskManager(include_path=str(task_folder()), include_defaults=False)
        assert TASK in manager.all_subtasks
        assert TASK in manager.list_all_tasks(list_groups=False, list_tags=False)
        assert TASK not in manager.match_tasks(["reversed_persona_*"])
