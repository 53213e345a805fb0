from pathlib import Path
from typing import Any

import pytest

from reversed_persona.errors import ReversedPersonaError, SettingsError
from reversed_persona.own_settings import in_common_terms, is_own, own_folder
from reversed_persona.settings import TaskSettings

TIRED = """\
id: tired
label: Tired student
expected_accuracy: null
wordings:
  - instruction: You are tired, and these are {{ collection }}.
"""
OWN = {"own": True, "problems": "mine.jsonl"}


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """Return a folder with one persona."""
    (tmp_path / "tired.yml").write_text(TIRED)
    return str(tmp_path)


def low(folder: str) -> None:
    (Path(folder) / "a.yml").write_text(TIRED.replace("id: tired", "id: low"))


def asked(**metadata: Any) -> list[str]:
    return [arm.id for arm in TaskSettings.from_metadata(OWN | metadata).arms]


class TestAsked:
    def test_without_personas_the_built_in_ones_are_asked(self) -> None:
        assert asked() == ["none", "high", "low"]

    def test_folder_is_asked_whole_and_nobody_beside_it(self, folder: str) -> None:
        low(folder)
        assert asked(personas=folder + "/") == ["none", "low", "tired"]

    def test_folder_may_be_named_as_in_the_other_tasks(self, folder: str) -> None:
        assert asked(persona_templates=folder) == ["none", "tired"]
        assert asked(persona_templates=folder, personas=folder + "/") == ["none", "tired"]  # as --model_args may add it
        assert asked(persona_templates=folder, personas=["tired", "high"]) == ["tired", "high"]

    def test_folder_with_a_nobody_of_its_own_has_one_nobody(self, folder: str) -> None:
        (Path(folder) / "none.yml").write_text("id: none\nlabel: Nobody\nexpected_accuracy: null\nwordings: []\n")
        assert asked(personas=folder) == ["none", "tired"]

    def test_folder_without_a_persona_leaves_the_built_in_ones(self, tmp_path: Path) -> None:
        (tmp_path / "prompt.yml").write_text('question: "{{ question }}"\ndemand: "Final answer: x"\n')
        assert asked(personas=str(tmp_path)) == ["none", "high", "low"]

    def test_ask_says_who(self, folder: str) -> None:
        assert asked(personas=folder, ask=["low", "tired", "none"]) == ["low", "tired", "none"]
        assert asked(ask=["none"]) == ["none"]

    def test_list_of_ids_is_as_in_the_other_tasks(self) -> None:
        assert asked(personas=["high"]) == ["high"]

    def test_own_persona_replaces_the_built_in_one_of_its_name(self, folder: str) -> None:
        low(folder)
        settings = TaskSettings.from_metadata(OWN | {"personas": folder, "ask": ["high", "low"]})
        assert [arm.instruction("x") == "You are tired, and these are x." for arm in settings.arms] == [False, True]

    def test_personas_can_be_crossed_with_attributes(self) -> None:
        assert "low_hispanic" in asked(personas=["high", "low"], attribute="race")


class TestSettings:
    def test_run_is_custom_whatever_its_templates(self) -> None:
        assert TaskSettings.from_metadata(OWN).custom

    def test_collection_is_named_as_in_the_sample_unless_given(self) -> None:
        assert TaskSettings.from_metadata(OWN).collection == "mathematics problems"
        given = TaskSettings.from_metadata(OWN | {"collection": " Übungen  von Blatt 7 <{{ x }}> "})
        assert given.collection == "Übungen von Blatt 7 <{{ x }}>"
        assert "On Übungen von Blatt 7 <{{ x }}> like" in given.arms[1].instruction(given.collection)

    def test_collection_of_100_characters_is_the_longest(self) -> None:
        assert len(TaskSettings.from_metadata(OWN | {"collection": "x" * 100}).collection) == 100

    @pytest.mark.parametrize(
        ("metadata", "says"),
        [
            ({"problems": None}, "problems: is missing; this task asks problems of your own.*my_problems.jsonl"),
            ({"problems": 7}, "problems: got 7; this task asks problems of your own, as in --metadata"),
            ({"problems": " "}, "problems: got ' '"),
            ({"problems": "gsm8k"}, "'gsm8k' comes with this project; expected the path of your own"),
            ({"personas": 7}, "personas: got 7; expected the path of a folder of templates, or a list of ids"),
            ({"personas": ""}, "personas: got ''; expected the path of a folder"),
            ({"personas": "/nowhere"}, "/nowhere: not a folder"),
            ({"personas": [7]}, "expected a list of persona ids"),
            ({"personas": ["lwo"]}, "unknown persona id 'lwo'.*did you mean 'low'"),
            ({"persona_templates": 7}, "persona_templates: got 7; expected the path of a folder"),
            ({"personas": "/a", "persona_templates": "/b"}, "name two folders, '/a' and '/b'; keep one"),
            ({"ask": "low"}, "ask: got 'low'; expected a list of persona ids"),
            ({"ask": [1]}, "ask: got .1.; expected a list"),
            ({"ask": []}, "got an empty list"),
            ({"ask": ["lwo"]}, "unknown persona id 'lwo'"),
            ({"ask": ["low"], "personas": ["low"]}, "personas is a list of who is asked already; keep one"),
            ({"collection": 7}, "collection: got 7; expected a name on one line, of at most 100 characters"),
            ({"collection": ""}, "collection: got ''"),
            ({"collection": "a\nb"}, "collection: got"),
            ({"collection": "x" * 101}, "collection: got"),
            ({"collection": "\ud800"}, "collection: got"),
            ({"colection": "x"}, "unknown key 'colection'; did you mean 'collection'"),
            ({"own": "yes"}, "own: got 'yes'; expected true or false"),
            ({"exemplars": True}, "exemplars: there are none for 'custom'"),
        ],
    )
    def test_bad_setting_is_named(self, metadata: dict[str, Any], says: str) -> None:
        with pytest.raises(ReversedPersonaError, match=says) as error:
            TaskSettings.from_metadata(OWN | metadata)
        assert "\n" not in str(error.value)


class TestOtherTasks:
    @pytest.mark.parametrize("key", ["ask", "collection"])
    def test_settings_of_this_task_alone_are_refused_there(self, key: str) -> None:
        with pytest.raises(SettingsError, match=f"{key}: only custom_reversed_persona takes it. Leave it out"):
            is_own({"problems": "sample", key: "x"})

    def test_file_of_problems_is_refused_there(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError, match=r"unknown problem set 'mine.jsonl'"):
            TaskSettings.from_metadata({"problems": "mine.jsonl", "personas": ["none"]})

    def test_key_that_looks_like_a_short_one_of_ours_may_be_the_models(self) -> None:
        settings = TaskSettings.from_metadata({"problems": "sample", "personas": ["none"], "task": "generate"})
        assert not settings.own


class TestOwnFolder:
    def test_neither_key_is_no_folder(self) -> None:
        assert own_folder({}) is None
        assert own_folder({"personas": ["low"]}) is None

    def test_list_of_personas_leaves_the_folder(self) -> None:
        assert own_folder({"personas": ["low"], "persona_templates": "x"}) == "x"


class TestInCommonTerms:
    def test_other_keys_are_passed_on(self) -> None:
        found = in_common_terms({"own": True, "problems": "mine.jsonl", "repeats": 3})
        assert found == {
            "own": True,
            "problems": "mine.jsonl",
            "repeats": 3,
            "persona_templates": None,
            "personas": ["none", "high", "low"],
            "collection": "mathematics problems",
        }
