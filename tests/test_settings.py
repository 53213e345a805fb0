from pathlib import Path
from typing import Any

import pytest

from reversed_persona.errors import SettingsError
from reversed_persona.metrics import CORE
from reversed_persona.settings import SETTINGS, TaskSettings

SAMPLE = {"problems": "sample", "personas": ["none", "high", "low"]}
ONE_SHOT = {**SAMPLE, "personas": ["high", "low"], "exemplars": True}


def read(**metadata: Any) -> TaskSettings:
    return TaskSettings.from_metadata({**SAMPLE, **metadata})


class TestDefaults:
    def test_a_task_that_says_no_more_asks_all_problems_plainly_and_reports_the_core(self) -> None:
        settings = read()
        assert (settings.questions, settings.measures, settings.role) == (None, CORE, "user")
        assert (settings.exemplars, settings.exemplar_seed, settings.custom) == ((), 0, False)

    def test_null_takes_a_tasks_own_setting_back(self) -> None:
        settings = read(attribute=None, wordings=None, questions=None, exemplars=None, exemplar_seed=None)
        assert (settings.questions, settings.exemplars, settings.exemplar_seed) == (None, (), 0)
        assert [arm.id for arm in settings.arms] == SAMPLE["personas"]


class TestKeys:
    def test_questions_is_how_many_are_asked(self) -> None:
        assert read(questions=1).questions == 1

    def test_measures_are_those_named(self) -> None:
        assert read(measures=["acc"]).measures == ("acc",)

    def test_exemplars_are_those_of_the_problem_set(self) -> None:
        settings = TaskSettings.from_metadata({**ONE_SHOT, "exemplar_seed": 3})
        assert (len(settings.exemplars), settings.exemplar_seed) == (6, 3)

    def test_no_exemplars_are_shown_if_none_are_asked_for(self) -> None:
        assert read(exemplars=False).exemplars == ()

    def test_own_templates_mark_the_run_custom(self, tmp_path: Path) -> None:
        (tmp_path / "other.yml").write_text("id: other\nlabel: x\nexpected_accuracy: null\nwordings: []\n")
        assert read(persona_templates=str(tmp_path)).custom


BAD = {
    "questions of none": ({"questions": 0}, "questions: got 0; expected a whole number from 1"),
    "questions in words": ({"questions": "all"}, "questions: got 'all'"),
    "questions as a share": ({"questions": 0.5}, "questions: got 0.5"),
    "questions as a truth value": ({"questions": True}, "questions: got True"),
    "seed below 0": ({"exemplar_seed": -1}, "exemplar_seed: got -1; expected a whole number from 0"),
    "seed in words": ({"exemplar_seed": "one"}, "exemplar_seed: got 'one'"),
    "exemplars by number": ({"exemplars": 1}, "exemplars: got 1; expected true or false"),
    "exemplars in words": ({"exemplars": "no"}, "exemplars: got 'no'; expected true or false"),
    "exemplars for who has none": (
        {"exemplars": True},
        "exemplars: 'A cinema has .*has no reply of persona 'none'; expected one under replies, beside high, low",
    ),
    "no measures": ({"measures": []}, r"measures: got \[\]"),
    "measures in words": ({"measures": "acc"}, "measures: got 'acc'"),
    "unknown measure": ({"measures": ["slop"]}, "unknown measure 'slop'.*did you mean 'slope'"),
    "measure that nobody's answers allow": (
        {"measures": ["slope", "shift"]},
        "measures: slope, shift can't be had from none, high, low; expected at least one",
    ),
    "two crossings": ({"attribute": "race", "wordings": 2}, "got both"),
    "misspelt key": ({"wording": 2}, "unknown key 'wording'; did you mean 'wordings'"),
    "misspelt seed": ({"exemplars_seed": 2}, "unknown key 'exemplars_seed'; did you mean 'exemplar_seed'"),
    "unknown problems": ({"problems": "gsm9k"}, "unknown problem set 'gsm9k'.*did you mean 'gsm8k'"),
    "role": ({"persona_role": "tool"}, "persona_role: got 'tool'; expected 'user' or 'system'"),
}


class TestBadSettings:
    @pytest.mark.parametrize(("metadata", "says"), BAD.values(), ids=BAD.keys())
    def test_bad_value_is_refused_with_its_key(self, metadata: dict[str, Any], says: str) -> None:
        with pytest.raises(SettingsError, match=says) as error:
            read(**metadata)
        assert "\n" not in str(error.value)

    def test_frame_that_shows_no_example_is_refused_where_one_is_to_be_shown(self, tmp_path: Path) -> None:
        (tmp_path / "prompt.yml").write_text('question: "{{ question }}"\ndemand: "Final answer: <it>"\n')
        with pytest.raises(SettingsError, match=r"exemplars: there are none for 'sample', or prompt\.yml doesn't say"):
            TaskSettings.from_metadata({**ONE_SHOT, "persona_templates": str(tmp_path)})

    def test_keys_unlike_ours_are_left_to_the_model(self) -> None:
        read(pretrained="x", purpose="anything", accuracy=0.5)

    def test_every_key_is_known_by_its_own_name(self) -> None:
        assert len(set(SETTINGS)) == len(SETTINGS)
