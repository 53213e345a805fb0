"""The files of a template folder beside plain personas: targets, attributes, exemplars, and a frame with an example."""

from pathlib import Path

import pytest

from reversed_persona.errors import TemplateError
from reversed_persona.personas import load_templates

GRADED = """\
id: weak
label: Weak student
expected_accuracies: [0.1, 0.3]
wordings:
  - promise: gets {{ target }} of every 100 right
    instruction: On {{ collection }} this student gets {{ target }} of every 100 right.
"""
ATTRIBUTE = """\
id: hand
label: Handedness
values:
  - {id: unspecified, sentence: ""}
  - {id: left, sentence: The student is left-handed.}
"""
EXEMPLARS = """\
problems: sample
exemplars:
  - question: What is 1 + 1?
    gold: "2"
    replies: {high: "1 + 1 = 2\\nFinal answer: 2", low: "1 + 1 = 11\\nFinal answer: 11"}
"""
FRAME = """\
question: "Problem: {{ question }}"
demand: "Final answer: <it>"
example: "Before: {{ question }} {{ reply }}"
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return folder


class TestTargets:
    def test_a_file_with_several_accuracies_is_a_persona_for_each(self, tmp_path: Path) -> None:
        personas = load_templates(write(tmp_path, "weak.yml", GRADED)).personas
        assert personas["weak_10"].expected_accuracy == 0.1
        assert personas["weak_30"].instruction("sums") == "On sums this student gets 30 of every 100 right."
        assert personas["weak_30"].label == "Weak student, 30 of 100"

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            (GRADED + "expected_accuracy: 0.1\n", "expected either expected_accuracy or expected_accuracies"),
            (GRADED.replace("[0.1, 0.3]", "[]"), "expected either expected_accuracy or expected_accuracies"),
            (GRADED.replace("[0.1, 0.3]", "[0.1, 1.3]"), r"expected_accuracies\.1: .*less than or equal to 1"),
            (GRADED.replace("[0.1, 0.3]", "0.1"), "expected_accuracies: .*0.1"),
            (GRADED.replace("[0.1, 0.3]", "[0.1, 0.1]"), "'weak_10' is already taken"),
            (GRADED.replace("{{ target }}", "10"), "does not promise accuracy 0.3; .*about 30 of every 100"),
        ],
    )
    def test_malformed_targets_are_refused(self, tmp_path: Path, text: str, says: str) -> None:
        with pytest.raises(TemplateError, match=says):
            load_templates(write(tmp_path, "weak.yml", text))


class TestAttributes:
    def test_own_attribute_stands_beside_the_built_in_ones(self, tmp_path: Path) -> None:
        templates = load_templates(write(tmp_path, "attributes/hand.yml", ATTRIBUTE))
        assert set(templates.attributes) == {"hand", "race", "irrelevant"}
        assert templates.attributes["hand"].values[1].sentence == "The student is left-handed."
        assert templates.custom

    def test_own_attribute_of_the_same_id_replaces_the_built_in_one(self, tmp_path: Path) -> None:
        own = ATTRIBUTE.replace("id: hand", "id: race")
        found = load_templates(write(tmp_path, "attributes/any.yml", own)).attributes["race"]
        assert [value.id for value in found.values] == ["unspecified", "left"]

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            (ATTRIBUTE.replace('""', "The student is nobody."), "expected the first value, and no other, to have an"),
            (ATTRIBUTE.replace("The student is left-handed.", '""'), "expected the first value, and no other"),
            (ATTRIBUTE.replace("id: left", "id: unspecified"), "expected every value to have an id of its own"),
            (ATTRIBUTE.replace("id: left", "id: Left-handed"), r"values\.1\.id: .*pattern"),
            (ATTRIBUTE.rpartition("  - ")[0], "values: .*at least 2 items"),
            (
                ATTRIBUTE.replace("The student is left-handed.", "'{{ collection }}'"),
                "values: left: sentence: unknown variable",
            ),
            (ATTRIBUTE.replace("The student is left-handed.", "'{{ 7 * 7 }}'"), "values: left: sentence: .*holds code"),
            (ATTRIBUTE + "value: []\n", "value: Extra inputs.*did you mean 'values'"),
        ],
    )
    def test_malformed_attribute_is_refused_with_its_file(self, tmp_path: Path, text: str, says: str) -> None:
        with pytest.raises(TemplateError, match=says) as error:
            load_templates(write(tmp_path, "attributes/hand.yml", text))
        assert "hand.yml" in str(error.value)

    def test_two_files_with_one_id_are_refused(self, tmp_path: Path) -> None:
        write(tmp_path, "attributes/a.yml", ATTRIBUTE)
        with pytest.raises(TemplateError, match=r"b\.yml: id: 'hand' is already taken by a\.yml"):
            load_templates(write(tmp_path, "attributes/b.yml", ATTRIBUTE))


class TestExemplars:
    def test_own_exemplars_replace_the_built_in_ones_of_that_problem_set(self, tmp_path: Path) -> None:
        templates = load_templates(write(tmp_path, "exemplars/mine.yml", EXEMPLARS))
        assert [exemplar.question for exemplar in templates.exemplars["sample"]] == ["What is 1 + 1?"]
        assert len(templates.exemplars["gsm8k"]) == 6
        assert templates.custom

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("problems: sample\nexemplars: []\n", "exemplars: .*at least 1 item"),
            (EXEMPLARS.replace('"2"', "2"), r"exemplars\.0\.gold: .*string.*got 2"),
            (EXEMPLARS.replace("What is 1 + 1?", "' '"), r"exemplars\.0\.question: .*at least 1 character"),
            (EXEMPLARS[: EXEMPLARS.index("replies")] + "replies: {}\n", r"exemplars\.0\.replies: .*at least 1 item"),
            (EXEMPLARS.replace("low:", "Low:"), r"exemplars\.0\.replies\.Low.*pattern"),
            (EXEMPLARS.replace("problems: sample\n", ""), "problems: Field required"),
        ],
    )
    def test_malformed_exemplars_are_refused_with_their_file(self, tmp_path: Path, text: str, says: str) -> None:
        with pytest.raises(TemplateError, match=says) as error:
            load_templates(write(tmp_path, "exemplars/mine.yml", text))
        assert "mine.yml" in str(error.value)


class TestFrame:
    def test_own_frame_may_say_how_an_example_is_shown(self, tmp_path: Path) -> None:
        frame = load_templates(write(tmp_path, "prompt.yml", FRAME)).frame
        assert frame.example == "Before: {{ question }} {{ reply }}"

    @pytest.mark.parametrize(
        ("example", "says"),
        [
            ("Before: {{ question }}", r"example: expected \{\{ question \}\} and \{\{ reply \}\} in it"),
            ("Before: {{ reply }}", r"example: expected \{\{ question \}\} and \{\{ reply \}\} in it"),
            ("{{ question }} {{ reply }} {{ gold }}", "example: unknown variable 'gold'"),
            ("{{ question }} {{ reply | safe }}", "example: .*holds code"),
            (" ", "example: .*at least 1 character"),
        ],
    )
    def test_malformed_example_is_refused(self, tmp_path: Path, example: str, says: str) -> None:
        text = FRAME.replace("Before: {{ question }} {{ reply }}", example)
        with pytest.raises(TemplateError, match=says) as error:
            load_templates(write(tmp_path, "prompt.yml", text))
        assert "prompt.yml" in str(error.value)
