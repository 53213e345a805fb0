from pathlib import Path

import pytest

from reversed_persona.errors import SettingsError, TemplateError
from reversed_persona.personas import FINAL_ANSWER_DEMAND, load_templates, template_folder

LOW = """\
id: low
label: Low-performing student
expected_accuracy: 0.0
wordings:
  - promise: the final answer is wrong practically every time
    instruction: You are weak at this. On {{ collection }} the final answer is wrong practically every time.
"""
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
FRAME = """\
question: "Problem: {{ question }}"
demand: "Final answer: <your answer>"
"""


def folder_with(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        (tmp_path / f"{name}.yml").write_text(text, encoding="utf-8")
    return tmp_path


class TestBuiltInTemplates:
    def test_personas_have_their_expectations(self) -> None:
        expected = {name: persona.expected_accuracy for name, persona in load_templates().personas.items()}
        graded = {"graded_20": 0.2, "graded_40": 0.4, "graded_60": 0.6, "graded_80": 0.8}
        assert expected == {"none": None, "high": 1.0, "low": 0.0, "deliberate": 0.0, **graded}

    def test_none_is_told_nothing(self) -> None:
        assert load_templates().personas["none"].instruction("word problems") == ""

    @pytest.mark.parametrize("persona", ["high", "low", "deliberate"])
    def test_every_wording_makes_its_promise_in_the_text_the_model_reads(self, persona: str) -> None:
        template = load_templates().personas[persona]
        for number, wording in enumerate(template.wordings):
            assert wording.promise is not None
            assert wording.promise in template.instruction("word problems", number)

    def test_low_is_honest_always_answers_and_comments_on_the_evidence_of_its_level(self) -> None:
        text = load_templates().personas["low"].instruction("word problems")
        for demanded in ("tries honestly", "does not know", "always gives one answer", "comments", "evidence"):
            assert demanded in text

    def test_frame_ends_in_the_final_answer_demand(self) -> None:
        assert load_templates().frame.demand.splitlines()[-1].startswith(FINAL_ANSWER_DEMAND)

    def test_built_in_set_is_not_custom(self) -> None:
        assert not load_templates().custom

    def test_folder_holds_only_templates(self) -> None:
        files = [path for path in template_folder().rglob("*") if path.is_file()]
        assert {path.suffix for path in files} == {".yml"}  # lm-eval would index *.yaml


class TestOwnTemplates:
    def test_own_persona_replaces_the_built_in_one_and_marks_the_set_custom(self, tmp_path: Path) -> None:
        templates = load_templates(folder_with(tmp_path, weak=LOW))
        assert templates.personas["low"].instruction("sums").startswith("You are weak at this. On sums the final")
        assert templates.personas["high"] == load_templates().personas["high"]
        assert templates.custom

    def test_own_frame_replaces_the_built_in_one(self, tmp_path: Path) -> None:
        assert load_templates(folder_with(tmp_path, prompt=FRAME)).frame.demand == "Final answer: <your answer>"

    def test_promise_may_name_the_collection(self, tmp_path: Path) -> None:
        named = LOW.replace("promise: the final", "promise: On {{collection}} the final")
        assert load_templates(folder_with(tmp_path, low=named)).personas["low"].expected_accuracy == 0.0

    def test_graded_persona_may_promise_its_share(self, tmp_path: Path) -> None:
        graded = LOW.replace("id: low", "id: graded_20").replace("0.0", "0.2")
        graded = graded.replace("the final answer is wrong practically every time", "about 20 of every 100 are right")
        personas = load_templates(folder_with(tmp_path, graded=graded)).personas
        assert personas["graded_20"].expected_accuracy == 0.2


BAD_PERSONAS = {
    "expected accuracy above 1": (LOW.replace("0.0", "1.5"), "expected_accuracy: .*1.5"),
    "expected accuracy below 0": (LOW.replace("0.0", "-0.1"), "expected_accuracy: .*-0.1"),
    "expected accuracy not a number": (LOW.replace("0.0", ".nan"), "expected_accuracy"),
    "expected accuracy missing": (
        LOW.replace("expected_accuracy: 0.0\n", ""),
        "expected either expected_accuracy or expected_accuracies",
    ),
    "expected accuracy in words": (LOW.replace("0.0", "low"), "expected_accuracy: .*'low'"),
    "promise in a Jinja comment": (
        LOW.replace("On {{ collection }} the final", "{# the final").replace("time.\n", "time. #}\n"),
        r"wordings\[0\]\.instruction: holds a Jinja comment",
    ),
    "promise split by a tag": (
        LOW.replace(
            "weak at this. On {{ collection }} the final", "weak. The{%- raw %}{% endraw -%} the final"
        ).replace("is wrong practically every time.\n", "is wrong {%- raw -%} practically {%- endraw %} every time.\n"),
        "does not occur",
    ),
    "label of blanks": (LOW.replace("Low-performing student", "'  '"), r"label: .*at least 1 character"),
    "promise of blanks": (
        LOW.replace("promise: the final answer is wrong practically every time", "promise: ' '"),
        r"wordings\.0\.promise: .*at least 1 character",
    ),
    "instruction of blanks": (
        "id: x\nlabel: x\nexpected_accuracy: null\nwordings:\n  - instruction: ' '\n",
        r"wordings\.0\.instruction: .*at least 1 character",
    ),
    "instruction that renders to blanks": (
        "id: x\nlabel: x\nexpected_accuracy: null\nwordings:\n  - instruction: '{% raw %} {% endraw %}'\n",
        r"wordings\[0\]\.instruction: is blank",
    ),
    "label that is no date": (LOW.replace("Low-performing student", "2020-13-45"), "not plain YAML: month"),
    "label of 5000 digits": (LOW.replace("Low-performing student", "1" * 5000), "not plain YAML: .*digits"),
    "label of 5000 hexadecimal digits": (LOW.replace("Low-performing student", "0x" + "f" * 5000), "got a huge int"),
    "label that is no truth value": (LOW.replace("Low-performing student", "!!bool x"), "not plain YAML"),
    "20000 brackets": (LOW.replace("{{ collection", "{{ " + "(" * 20_000), r"instruction: not a template: .*recursion"),
    "number of 5000 digits": (LOW.replace("{{ collection", "{{ " + "1" * 5000), r"instruction: not a template"),
    "alias bomb": (LOW + BOMB, "holds an anchor or alias"),
    "key twice": (LOW + "expected_accuracy: 1.0\n", "line 7: .*key 'expected_accuracy' stands twice"),
    "key twice in a list": (LOW + "    promise: x\n", "key 'promise' stands twice"),
    "unknown key": (LOW.replace("label:", "lable:"), "lable|label"),
    "key misspelt": (LOW + "wording: []\n", "did you mean 'wordings'"),
    "id with capitals": (LOW.replace("id: low", "id: Low"), "id: .*pattern.*'Low'"),
    "no wordings": ("id: low\nlabel: x\nexpected_accuracy: 0.0\nwordings: []\n", "wordings: got none"),
    "promise missing": (
        LOW.replace("  - promise: the final answer is wrong practically every time\n   ", "  -"),
        "promise",
    ),
    "promise not in the text": (
        LOW.replace("On {{ collection }} the final answer is wrong", "It is"),
        "does not occur",
    ),
    "promise of the opposite": (LOW.replace("wrong practically", "right practically"), "does not promise accuracy 0.0"),
    "promise without how often": (LOW.replace(" practically every time", ""), "does not promise accuracy 0.0"),
    "promise of another share": (LOW.replace("0.0", "0.4"), "about 40 of every 100"),
    "code in a loop": (LOW.replace("weak", "{% for i in range(9) %}weak{% endfor %}"), "holds code"),
    "code in an expression": (LOW.replace("weak", "{{ ''.__class__.__mro__ }}"), "holds code"),
    "code in a call": (LOW.replace("weak", "{{ cycler() }}"), "holds code"),
    "unknown variable": (LOW.replace("{{ collection }}", "{{ collections }}"), "did you mean 'collection'"),
    "broken template": (LOW.replace("{{ collection }}", "{{ collection"), "not a template"),
    "python object": ("!!python/object/apply:os.system ['true']\n", "not plain YAML"),
    "broken YAML": ("id: [low\n", "line 2: not plain YAML"),
    "a list": ("- id: low\n", "got list; expected a mapping"),
    "empty": ("", "is empty; expected a mapping"),
    "too large": (LOW + "#" * 70_000, "a template has at most 65536"),
}


class TestBadTemplates:
    @pytest.mark.parametrize(("text", "says"), BAD_PERSONAS.values(), ids=BAD_PERSONAS.keys())
    def test_malformed_persona_is_refused_with_file_and_key(self, tmp_path: Path, text: str, says: str) -> None:
        with pytest.raises(TemplateError, match=says) as error:
            load_templates(folder_with(tmp_path, low=text))
        assert "low.yml" in str(error.value)
        assert "\n" not in str(error.value)

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            (FRAME.replace("Final answer: <your answer>", "Be brief."), "must begin with 'Final answer:'"),
            (
                FRAME.replace("Final answer: <your answer>", "Be brief.\\n{# \\nFinal answer: x #}"),
                "demand: holds a Jinja",
            ),
            (FRAME.replace("Final answer: <your answer>", " "), "demand: .*at least 1 character"),
            (FRAME.replace("Problem: {{ question }}", " "), "question: .*at least 1 character"),
            (FRAME.replace("{{ question }}", "{# {{ question }} #}"), "question: holds a Jinja comment"),
            (FRAME.replace("{{ question }}", "as above"), "does not show the problem"),
            (FRAME.replace("{{ question }}", "{{ question | upper }}"), "holds code"),
        ],
    )
    def test_malformed_frame_is_refused(self, tmp_path: Path, text: str, says: str) -> None:
        with pytest.raises(TemplateError, match=says) as error:
            load_templates(folder_with(tmp_path, prompt=text))
        assert "prompt.yml" in str(error.value)

    @pytest.mark.parametrize("word", ["not", "never", "hardly", "rarely", "seldom", "isn't", "isn’t", "NOT"])
    @pytest.mark.parametrize(("accuracy", "outcome"), [("1.0", "right"), ("0.0", "wrong")])
    def test_negated_promise_is_refused(self, tmp_path: Path, word: str, accuracy: str, outcome: str) -> None:
        negated = LOW.replace("0.0", accuracy).replace("is wrong practically", f"is {word} {outcome} practically")
        with pytest.raises(TemplateError, match=f"does not promise accuracy {accuracy}; .*without a negation"):
            load_templates(folder_with(tmp_path, low=negated))

    def test_two_files_with_one_id_are_refused(self, tmp_path: Path) -> None:
        with pytest.raises(TemplateError, match=r"'low' is already taken by a\.yml"):
            load_templates(folder_with(tmp_path, a=LOW, b=LOW))

    def test_file_in_another_encoding_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "low.yml").write_bytes(LOW.replace("weak", "schwäch").encode("latin-1"))
        with pytest.raises(TemplateError, match=r"low\.yml: is not UTF-8"):
            load_templates(tmp_path)

    def test_folder_that_is_none_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(TemplateError, match="not a folder"):
            load_templates(tmp_path / "nowhere")

    def test_folder_without_templates_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(TemplateError, match="holds no template"):
            load_templates(tmp_path)

    def test_folder_with_texts_for_a_followup_alone_is_custom_and_keeps_the_personas(self, tmp_path: Path) -> None:
        (tmp_path / "followups").mkdir()
        (tmp_path / "followups" / "refine.yml").write_text("header: read by the refine tasks")
        found = load_templates(tmp_path)
        assert found.custom is True
        assert found.personas == load_templates().personas


class TestSelect:
    def test_order_is_the_callers(self) -> None:
        assert [persona.id for persona in load_templates().select(["low", "none"])] == ["low", "none"]

    @pytest.mark.parametrize(
        ("ids", "says"),
        [
            (["hgih"], "unknown persona id 'hgih'.*did you mean 'high'"),
            (["low", "low"], "'low' is named twice"),
            ([], "empty list"),
        ],
    )
    def test_bad_ids_are_refused(self, ids: list[str], says: str) -> None:
        with pytest.raises(SettingsError, match=says):
            load_templates().select(ids)
