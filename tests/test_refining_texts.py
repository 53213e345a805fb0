"""The words of self-refinement, built in and of one's own."""

import json
from pathlib import Path

import pytest

from reversed_persona.arms import PASSES
from reversed_persona.errors import TemplateError
from reversed_persona.refining.texts import load_texts


class TestTexts:
    def write(self, folder: Path, **changes: str) -> Path:
        texts = {"shown": "{{ code }} {{ earlier }}", "refined": "{{ header }} a", "checked": "{{ header }} b"}
        texts |= {"empty": "nothing", "header": "Again:", **changes}
        (folder / "followups").mkdir()
        (folder / "followups" / "refine.yml").write_text("".join(f"{k}: {json.dumps(v)}\n" for k, v in texts.items()))
        return folder

    def test_ones_own_texts_are_used_and_custom(self, tmp_path: Path) -> None:
        texts = load_texts(self.write(tmp_path))
        assert texts.custom is True
        assert (
            texts.ask("checked", "", "c")
            == "c === EARLIER REPLY c ===\nnothing\n=== END OF EARLIER REPLY c ===\n\nAgain: b"
        )

    def test_built_in_texts_say_nothing_of_right_and_wrong(self) -> None:
        texts = load_texts()
        assert texts.custom is False
        for name in PASSES:
            asked = texts.ask(name, "x").lower()
            assert not any(word in asked for word in ("correct", "right", "wrong", "mistake", "error"))

    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"shown": "{{ code }}"}, "shown: does not show 'earlier'"),
            ({"checked": "Look again."}, "checked: does not show 'header'"),
            ({"refined": "{{ header }} {{ gold }}"}, "refined: unknown variable 'gold'"),
            ({"shown": "{{ code }}{{ earlier }}{% if 1 %}{% endif %}"}, "shown: line 1: holds code"),
            ({"header": "A:\nB:"}, "header: got 'A:.*expected one line of words"),
            ({"header": ":"}, "header: got ':'; expected one line of words"),
            ({"empty": " "}, "empty:"),
            ({"more": "x"}, "more: Extra inputs"),
        ],
    )
    def test_malformed_texts_are_one_line(self, tmp_path: Path, changes: dict[str, str], says: str) -> None:
        with pytest.raises(TemplateError, match=says):
            load_texts(self.write(tmp_path, **changes))
