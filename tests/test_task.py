import json
from typing import Any

import pytest
from lm_eval import simple_evaluate
from lm_eval.tasks import TaskManager

import reversed_persona.simulation  # noqa: F401  # registers simulated_student
from reversed_persona.errors import ReversedPersonaError
from reversed_persona.harness import OUR_NAMES
from reversed_persona.rendering import member_names, task_files, task_folder
from reversed_persona.task import ReversedPersonaTask
from reversed_persona.verdicts import PersonaVerdict

SAMPLE = "sample_reversed_persona"
N = 64


def manager(**metadata: Any) -> TaskManager:
    return TaskManager(include_path=str(task_folder()), include_defaults=False, metadata=metadata)


def load(**metadata: Any) -> ReversedPersonaTask:
    return manager(**metadata).load(SAMPLE)["tasks"][SAMPLE]


def evaluate(
    model_args: str, task: str = SAMPLE, metadata: dict[str, Any] | None = None, **options: Any
) -> dict[str, Any]:
    return simple_evaluate(
        model="simulated_student",
        model_args=model_args,
        tasks=[task],
        task_manager=manager(**(metadata or {})),
        **options,
    )


def means(results: dict[str, Any], task: str = SAMPLE) -> dict[str, float]:
    return {key.removesuffix(",verdict"): value for key, value in results["results"][task].items() if "," in key}


class TestScale:
    """The ends of the scale: respondents whose reversal is known by definition."""

    @pytest.mark.parametrize("accuracy", [0.0, 0.3, 0.9, 1.0])
    def test_same_answer_whatever_the_persona_has_reversal_exactly_0(self, accuracy: float) -> None:
        found = means(evaluate(f"accuracy={accuracy}"))
        assert (found["reversal"], found["contrast"], found["reversal_stderr"]) == (0, 0, 0)

    def test_always_obeying_has_reversal_1_and_faithful_too(self) -> None:
        found = means(evaluate("high=1.0,low=0.0"))
        assert (found["reversal"], found["reversal_faithful"], found["contrast"]) == (1, 1, 1)
        assert (found["gap_high"], found["gap_low"]) == (0, 0)

    def test_perfect_as_high_and_silent_as_low_has_reversal_0(self) -> None:
        found = means(evaluate("high=1.0,low=0.0,unanswered_low=1.0"))
        assert (found["reversal"], found["contrast"], found["unanswered_low"]) == (0, 1, 1)

    def test_always_silent_has_reversal_minus_1(self) -> None:
        assert means(evaluate("accuracy=0.0,unanswered=1.0"))["reversal"] == -1

    def test_backwards_has_reversal_minus_1(self) -> None:
        assert means(evaluate("high=0.0,low=1.0"))["reversal"] == -1

    def test_too_capable_as_low_has_a_gap_above_0(self) -> None:
        found = means(evaluate("high=0.75,low=0.5,none=0.75"))
        assert found["gap_low"] == pytest.approx(0.5 - 0.0)  # achieved 0.5, expected 0
        assert found["gap_high"] == pytest.approx(0.75 - 1.0)  # achieved 0.75, expected 1
        # coupled: the 32 solved as low are among the 48 solved as high; reversal = (48 + 32)/64 - 1
        assert found["reversal"] == pytest.approx((48 + 32) / 64 - 1)

    def test_bare_zero_as_low_earns_no_faithful_reversal(self) -> None:
        task = load()
        high = [
            PersonaVerdict.from_json(line) for line in verdicts_of(task, "high", "6 * 7 = 42\nFinal answer: {gold}")
        ]
        assert high[0].verdict.status == "correct"
        given = [verdicts_of(task, "high", "Final answer: {gold}"), verdicts_of(task, "low", "Final answer: 0")]
        found = task.process_results(task.eval_docs[0], given)
        assert (found["reversal"], found["reversal_faithful"]) == (1, 0)


def verdicts_of(task: ReversedPersonaTask, persona: str, reply: str) -> list[str]:
    from reversed_persona.filters import VerdictFilter

    doc = {**task.eval_docs[0], "persona": persona, "expected_accuracy": {"high": 1.0, "low": 0.0}[persona]}
    doc |= {"thinking": False, "question_header": "Problem:"}
    return VerdictFilter().apply([[reply.format(gold=doc["gold"])]], [doc])[0]


class TestResults:
    def test_every_metric_has_a_standard_error(self) -> None:
        found = evaluate("high=0.9,low=0.4")["results"][SAMPLE]
        metrics = {key for key in found if key.endswith(",verdict") and "_stderr" not in key}
        assert len(metrics) == 17  # 3 contrasts; 4 for none, 5 each for high and low
        for key in metrics:
            name = key.removesuffix(",verdict")
            assert isinstance(found[f"{name}_stderr,verdict"], float), name

    def test_standard_error_is_that_of_the_paired_difference(self) -> None:
        # coupled: 48 of 64 right as high, 16 right as low, so 32 questions have reversal 1 (right, then wrong),
        # 16 have 0 (right twice) and 16 have 0 (wrong twice): mean 0.5, variance 64/63 * 0.25
        found = means(evaluate("high=0.75,low=0.25"))
        assert found["reversal"] == 0.5
        assert found["reversal_stderr"] == pytest.approx((64 / 63 * 0.25 / 64) ** 0.5)

    def test_results_name_version_prompts_and_whether_they_are_the_benchmarks_own(self) -> None:
        metadata = evaluate("accuracy=1.0", limit=2)["configs"][SAMPLE]["metadata"]
        assert metadata["version"] == 1.0
        assert set(metadata["prompt_fingerprints"]) == {"none", "high", "low"}
        assert metadata["custom"] is False

    def test_core_prompts_are_those_of_version_1(self) -> None:
        # other prompts are another experiment: a new version of every task that shows them
        assert load().config.metadata["prompt_fingerprints"] == {
            "none": "bf3ecfde0f87a6be", "high": "aef3f322a54976c6", "low": "f0d83d0e89f6bd0e",
        }  # fmt: skip

    def test_results_can_be_written_as_json_and_hold_no_addresses(self) -> None:
        results = evaluate("accuracy=1.0", limit=2)
        assert "0x" not in json.dumps(results["configs"], default=str)

    def test_greedy_with_room_for_a_worked_answer_and_no_stop_string(self) -> None:
        kwargs = load().config.generation_kwargs
        assert kwargs == {"until": [], "do_sample": False, "temperature": 0.0, "max_gen_toks": 2048}

    def test_repeats_are_averaged_per_question(self) -> None:
        task = load()
        task.config.repeats = 2
        correct, wrong = (
            verdicts_of(task, "low", "Final answer: {gold}"),
            verdicts_of(task, "low", "2 - 2 = 0\nFinal answer: 0"),
        )
        right = verdicts_of(task, "high", "Final answer: {gold}")
        found = task.process_results(task.eval_docs[0], [right + right, correct + wrong])
        assert (found["acc_low"], found["reversal"]) == (0.5, 0.5)  # 1 + 0.5 - 1

    def test_responses_that_pad_a_data_parallel_batch_are_left_out(self) -> None:
        task = load()
        task.build_all_requests(limit=1)
        for instance in task.instances:
            instance.resps = ["2 - 2 = 0\nFinal answer: 0", f"Final answer: {instance.doc['gold']}"]
        task.apply_filters()
        assert [instance.resps for instance in task.instances] == [["2 - 2 = 0\nFinal answer: 0"]] * 3
        found = task.process_results(task.eval_docs[0], [i.filtered_resps["verdict"] for i in task.instances])
        assert found["acc_low"] == 0


class TestRequests:
    def test_one_document_makes_one_request_per_persona(self) -> None:
        task = load()
        task.build_all_requests(limit=2)
        assert [(i.doc_id, i.idx, i.doc["persona"]) for i in task.instances] == [
            (0, 0, "none"), (0, 1, "high"), (0, 2, "low"), (1, 0, "none"), (1, 1, "high"), (1, 2, "low"),
        ]  # fmt: skip

    def test_every_prompt_ends_in_the_demand(self) -> None:
        task = load()
        task.build_all_requests(limit=3)
        assert all(i.args[0].endswith("Final answer: <your answer>") for i in task.instances)

    def test_system_instruction_comes_before_the_persona(self) -> None:
        task = load()
        task.build_all_requests(limit=1, system_instruction="Be brief.")
        assert task.instances[0].args[0].startswith("Be brief.\n\nProblem:")
        assert all(i.args[0].startswith("Be brief.\n\nPlay the student") for i in task.instances[1:])

    def test_system_role_without_a_chat_template_keeps_persona_and_problem_apart(self) -> None:
        task = load(persona_role="system")
        task.build_all_requests(limit=1)
        assert "by guessing.\n\nProblem: " in task.instances[2].args[0]

    def test_system_role_makes_a_system_message(self) -> None:
        task = load(persona_role="system")
        seen: list[list[dict[str, str]]] = []

        def chat_template(messages: list[dict[str, str]], **kwargs: Any) -> str:
            seen.append(messages)
            return "\n".join(message["content"] for message in messages)

        task.build_all_requests(
            limit=1, apply_chat_template=True, fewshot_as_multiturn=True, chat_template=chat_template
        )
        roles = [[message["role"] for message in messages] for messages in seen]
        assert roles == [["user"], ["system", "user"], ["system", "user"]]  # no blank system message for none
        assert "Problem:" not in seen[1][0]["content"]

    def test_request_cache_is_neither_read_nor_written(self, monkeypatch: pytest.MonkeyPatch) -> None:
        used = []
        monkeypatch.setattr("lm_eval.api.task.load_from_cache", lambda file_name, cache: used.append(cache))
        monkeypatch.setattr("lm_eval.api.task.save_to_cache", lambda **kwargs: used.append("saved"))
        load().build_all_requests(limit=1, cache_requests=True, rewrite_requests_cache=True)
        assert used == [False]

    def test_more_processes_than_problems_are_refused(self) -> None:
        # lm-eval would stop one of them with "did not find any docs", and the others wait for it
        with pytest.raises(ReversedPersonaError, match="1 problems for 2 data-parallel processes"):
            load().build_all_requests(limit=1, rank=1, world_size=2)

    def test_predict_only_scores_nothing(self) -> None:
        results = evaluate("accuracy=1.0", limit=2, predict_only=True)
        assert results["results"][SAMPLE]["bypass,verdict"] == 999
        assert len(results["samples"][SAMPLE]) == 2

    def test_chat_template_of_the_model_is_applied(self) -> None:
        results = evaluate("accuracy=1.0", apply_chat_template=True, limit=2)
        assert results["samples"][SAMPLE][0]["arguments"][0][0].startswith("[user]\nProblem:")
        assert means(results)["acc_low"] == 1


class TestSettings:
    @pytest.mark.parametrize(
        ("metadata", "says"),
        [
            ({"personas": ["high", "lwo"]}, "unknown persona id 'lwo'.*did you mean 'low'"),
            ({"personas": ["low", "low"]}, "'low' is named twice"),
            ({"personas": "low"}, r"expected a list of persona ids"),
            ({"personas": []}, "empty list"),
            ({"problems": "smaple"}, "unknown problem set 'smaple'.*did you mean 'sample'"),
            ({"problems": ["sample"]}, "unknown problem set"),
            ({"persona_role": "assistant"}, "persona_role: got 'assistant'; expected 'user' or 'system'"),
            ({"persona_templates": 7}, "persona_templates: got 7; expected the path of a folder"),
            ({"persona_templates": "/nowhere"}, "not a folder"),
            ({"problems": "gsm8k", "problems_dir": "/nowhere"}, "problems_dir: /nowhere is not a folder"),
            ({"problems": "gsm8k", "problems_dir": 7}, "problems_dir: got 7"),
        ],
    )
    def test_bad_setting_is_named(self, metadata: dict[str, Any], says: str) -> None:
        with pytest.raises(ReversedPersonaError, match=says):
            load(**metadata)

    def test_other_problems_under_the_same_name_are_marked_custom(self) -> None:
        task = manager(problems="sample").load("reversed_persona_gsm8k")["tasks"]["reversed_persona_gsm8k"]
        assert task.config.metadata["custom"] is True

    def test_key_that_looks_like_ours_is_refused(self) -> None:
        with pytest.raises(ReversedPersonaError, match="unknown key 'persona_rol'; did you mean 'persona_role'"):
            load(persona_rol="system")

    def test_other_keys_belong_to_the_model_and_are_left_alone(self) -> None:
        assert len(load(pretrained="x", revision="y", accuracy=0.5).eval_docs) == N

    def test_fewer_personas_report_fewer_metrics(self) -> None:
        found = means(evaluate("accuracy=1.0", metadata={"personas": ["none"]}, limit=3))
        names = {"acc_none", "unanswered_none", "flip_none", "derived_none"}
        assert set(found) == names | {f"{name}_stderr" for name in names}

    def test_fewshot_examples_are_refused(self) -> None:
        with pytest.raises(ReversedPersonaError, match="--num_fewshot 5"):
            evaluate("accuracy=1.0", num_fewshot=5, limit=1)

    def test_num_fewshot_0_is_fine(self) -> None:
        assert means(evaluate("accuracy=1.0", num_fewshot=0, limit=1))["acc_none"] == 1


class TestNames:
    def test_glob_finds_the_benchmark_and_nothing_else(self) -> None:
        variants = ("", "_graded", "_irrelevant", "_oneshot", "_paraphrase", "_race")
        benchmark = [f"reversed_persona_{name}{variant}" for name in ("gsm8k", "math500") for variant in variants]
        assert manager().match_tasks(["reversed_persona_*"]) == benchmark

    def test_every_task_and_the_group_are_indexed(self) -> None:
        found = manager()
        assert set(found.all_subtasks) == {path.stem for path in task_folder().glob("*/*.yaml")}
        assert found.all_groups == ["reversed_persona"]

    def test_group_is_the_core(self) -> None:
        assert member_names("reversed_persona") == ["reversed_persona_gsm8k", "reversed_persona_math500"]

    def test_every_file_of_a_task_is_named_after_it(self) -> None:
        assert {name: path.stem for name, (path, _) in task_files().items()} == {name: name for name in task_files()}

    def test_no_task_that_comes_with_lm_eval_has_our_name_in_its_own(self) -> None:
        # `run` reads lm-eval's own tasks only where a name asks for one of them
        assert not TaskManager().match_tasks([f"*{OUR_NAMES}*"])
        assert all(OUR_NAMES in name for name in manager().all_tasks)

    def test_gold_answer_scores_1_and_another_0(self) -> None:
        task = load()
        for reply, correct in (("Final answer: {gold}", 1), ("Final answer: 123456", 0)):
            found = task.process_results(
                task.eval_docs[0], [verdicts_of(task, "high", reply), verdicts_of(task, "low", reply)]
            )
            assert found["acc_high"] == correct
