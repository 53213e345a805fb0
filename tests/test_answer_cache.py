import json
from pathlib import Path

import pytest

from reversed_persona.answer_cache import claim
from reversed_persona.errors import OutputError


class TestClaim:
    def test_first_run_notes_whose_answers_they_are_and_no_secret(self, tmp_path: Path) -> None:
        claim(
            str(tmp_path / "a/answers"),
            "hf",
            {"pretrained": "ORG/A", "auth_token": "secret", "api_key": "secret", "num_concurrent": 4},
        )
        note = tmp_path / "a/answers.model.json"
        assert json.loads(note.read_text()) == {"model": "hf", "pretrained": "ORG/A"}
        assert [path.name for path in note.parent.iterdir()] == [note.name]

    def test_same_model_may_go_on_whatever_its_speed(self, tmp_path: Path) -> None:
        cache = str(tmp_path / "answers")
        claim(cache, "hf", {"pretrained": "ORG/A", "batch_size": 1})
        claim(cache, "hf", {"pretrained": "ORG/A", "batch_size": 64})

    @pytest.mark.parametrize(
        ("model", "model_args"),
        [
            ("hf", {"pretrained": "ORG/B"}),
            ("vllm", {"pretrained": "ORG/A"}),
            ("hf", {"pretrained": "ORG/A", "revision": "x"}),
        ],
    )
    def test_another_model_is_refused_and_both_are_named(
        self, tmp_path: Path, model: str, model_args: dict[str, str]
    ) -> None:
        claim(str(tmp_path / "answers"), "hf", {"pretrained": "ORG/A"})
        with pytest.raises(OutputError, match=f"answers of hf pretrained=ORG/A, not of {model} pretrained="):
            claim(str(tmp_path / "answers"), model, model_args)

    @pytest.mark.parametrize("text", ["", "[1]", '{"model": "hf"'])
    def test_damaged_note_is_one_line(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "answers.model.json").write_text(text)
        with pytest.raises(OutputError, match="answers"):
            claim(str(tmp_path / "answers"), "hf", {"pretrained": "ORG/A"})
