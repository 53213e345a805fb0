from typing import Any

import pytest

from reversed_persona.arms import arms_of, every_arm
from reversed_persona.errors import SettingsError
from reversed_persona.personas import load_templates

TEMPLATES = load_templates()
BOTH = ["high", "low"]


def ids(**metadata: Any) -> list[str]:
    return [arm.id for arm in arms_of(metadata, TEMPLATES)]


def told(**metadata: Any) -> dict[str, str]:
    return {arm.id: arm.instruction("sums") for arm in arms_of(metadata, TEMPLATES)}


class TestArmsOf:
    def test_uncrossed_arms_are_the_personas_in_the_tasks_order(self) -> None:
        assert ids(personas=["low", "none"]) == ["low", "none"]

    def test_attribute_crosses_every_persona_with_every_value(self) -> None:
        assert ids(personas=BOTH, attribute="irrelevant") == [
            "high_plain", "low_plain", "high_favourite_colour", "low_favourite_colour", "high_weekday", "low_weekday",
            "high_seat_number", "low_seat_number",
        ]  # fmt: skip

    def test_first_value_of_an_attribute_tells_nothing_more_than_the_persona(self) -> None:
        assert told(personas=["low"], attribute="race")["low_unspecified"] == told(personas=["low"])["low"]

    @pytest.mark.parametrize("attribute", ["race", "irrelevant"])
    @pytest.mark.parametrize("persona", BOTH)
    def test_nothing_but_the_sentence_differs_between_the_values(self, persona: str, attribute: str) -> None:
        instructions = told(personas=[persona], attribute=attribute)
        values = {f"{persona}_{value.id}": value.sentence for value in TEMPLATES.attributes[attribute].values}
        assert instructions.keys() == values.keys()
        for arm, sentence in values.items():
            assert instructions[arm].count(sentence) == 1 or not sentence
            bare = instructions[arm].replace(f"{sentence} ", "", 1) if sentence else instructions[arm]
            assert bare == told(personas=[persona])[persona]

    def test_wordings_are_counted_from_1_and_the_first_is_the_standard_one(self) -> None:
        assert ids(personas=BOTH, wordings=2) == [
            "high_wording_1", "low_wording_1", "high_wording_2", "low_wording_2",
        ]  # fmt: skip
        assert told(personas=["low"], wordings=1)["low_wording_1"] == told(personas=["low"])["low"]

    def test_every_wording_tells_something_else(self) -> None:
        assert len(set(told(personas=BOTH, wordings=8).values())) == 16

    def test_arms_of_one_crossing_share_their_group_and_their_expectation(self) -> None:
        arms = arms_of({"personas": BOTH, "attribute": "race"}, TEMPLATES)
        assert [(arm.group, arm.expected_accuracy) for arm in arms[2:4]] == [
            ("african_american", 1.0), ("african_american", 0.0),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("metadata", "says"),
        [
            ({}, "personas: got None; expected a list of persona ids"),
            ({"personas": []}, "empty list"),
            ({"personas": [1]}, r"personas: got \[1\]"),
            ({"personas": BOTH, "attribute": "rase"}, "unknown attribute 'rase'.*did you mean 'race'"),
            ({"personas": BOTH, "attribute": ["race"]}, r"unknown attribute \['race'\]"),
            ({"personas": ["none"], "attribute": "race"}, "persona 'none' can't be crossed with 'race'"),
            ({"personas": ["graded_20"], "attribute": "race"}, r"expected \{\{ attribute \}\} in its first wording"),
            ({"personas": BOTH, "attribute": "race", "wordings": 2}, "attribute and wordings: got both"),
            ({"personas": BOTH, "wordings": 0}, "wordings: got 0; expected a number from 1"),
            ({"personas": BOTH, "wordings": True}, "wordings: got True"),
            ({"personas": BOTH, "wordings": "8"}, "wordings: got '8'"),
            ({"personas": BOTH, "wordings": 9}, "wordings: got 9, but persona 'high' has 8"),
            ({"personas": ["high", "none"], "wordings": 1}, "wordings: got 1, but persona 'none' has 0"),
        ],
    )
    def test_bad_crossing_is_refused(self, metadata: dict[str, Any], says: str) -> None:
        with pytest.raises(SettingsError, match=says):
            arms_of(metadata, TEMPLATES)


class TestEveryArm:
    def test_it_holds_the_arms_of_every_crossing(self) -> None:
        known = {arm.id for arm in every_arm(TEMPLATES)}
        for metadata in (
            {"personas": list(TEMPLATES.personas)},
            {"personas": BOTH, "attribute": "race"},
            {"personas": BOTH, "attribute": "irrelevant"},
            {"personas": BOTH, "wordings": 8},
        ):
            assert {arm.id for arm in arms_of(metadata, TEMPLATES)} <= known

    def test_no_persona_is_crossed_that_takes_no_attribute(self) -> None:
        assert not {"none_hispanic", "deliberate_hispanic"} & {arm.id for arm in every_arm(TEMPLATES)}
