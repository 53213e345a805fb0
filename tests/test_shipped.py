"""A task that --metadata turned into another experiment must not pass for the benchmark's."""

from typing import Any

import pytest

from reversed_persona.problems import PROBLEM_SETS
from reversed_persona.rendering import load_tasks, task_files
from reversed_persona.shipped import changed_settings

SAMPLE = "sample_reversed_persona"


def custom(task: str = SAMPLE, **metadata: Any) -> bool:
    found: bool = load_tasks([task], metadata)[task].config.metadata["custom"]
    return found


class TestCustom:
    @pytest.mark.parametrize(
        "metadata",
        [
            {"questions": 5},
            {"exemplars": True, "personas": ["high", "low"]},
            {"attribute": "race", "personas": ["high", "low"]},
            {"wordings": 2, "personas": ["high", "low"]},
        ],
    )
    def test_other_prompts_or_fewer_problems_are_marked(self, metadata: dict[str, Any]) -> None:
        assert custom(**metadata) is True

    @pytest.mark.parametrize(
        "metadata",
        [
            {},
            {"questions": None},
            {"exemplars": False},
            {"exemplar_seed": 0},
            {"personas": ["high", "low"]},
            {"measures": ["acc"]},
            {"persona_role": "system"},
            {"repeats": 3},
        ],
    )
    def test_what_changes_neither_is_not(self, metadata: dict[str, Any]) -> None:
        assert custom(**metadata) is False


class TestChangedSettings:
    @pytest.mark.parametrize("task", list(task_files()))
    def test_every_task_is_found_by_its_name_and_is_as_its_file_says(self, task: str) -> None:
        _, config = task_files()[task]
        assert changed_settings(task, config["metadata"]) == []
        assert changed_settings(task, {**config["metadata"], "questions": 3}) == ["questions"]

    def test_each_setting_that_differs_is_named(self) -> None:
        _, config = task_files()["reversed_persona_math500_paraphrase"]
        changed = {**config["metadata"], "wordings": 2, "questions": PROBLEM_SETS["math500"].rows, "exemplar_seed": 1}
        found = changed_settings("reversed_persona_math500_paraphrase", changed)
        assert found == ["wordings", "exemplar_seed", "questions"]

    @pytest.mark.parametrize("task", ["mine", "None", "*", "reversed_persona", ""])
    def test_name_that_is_no_task_here_passes_for_none(self, task: str) -> None:
        assert changed_settings(task, {"questions": 3}) == []
