import json
import stat
from pathlib import Path

import pytest

from reversed_persona.answer_cache import claim
from reversed_persona.errors import OutputError


def answered(cache: Path) -> None:
    """Leave what lm-eval leaves once a model has begun to answer."""
    cache.with_name(f"{cache.name}_rank0.db").write_bytes(b"")


class TestClaim:
    def test_first_run_notes_whose_answers_they_are(self, tmp_path: Path) -> None:
        claim(str(tmp_path / "a/answers"), "hf", {"pretrained": "ORG/A", "num_concurrent": 4})
        note = tmp_path / "a/answers.model.json"
        assert json.loads(note.read_text()) == {"backend": "hf", "pretrained": "ORG/A"}
        assert [path.name for path in note.parent.iterdir()] == [note.name]
        assert stat.S_IMODE(note.stat().st_mode) & 0o044  # colleagues share caches

    @pytest.mark.parametrize("key", ["auth_token", "token", "hf_token", "api_key", "password", "header"])
    def test_no_secret_is_written(self, tmp_path: Path, key: str) -> None:
        claim(str(tmp_path / "answers"), "hf", {"pretrained": "ORG/A", key: "hush"})
        assert "hush" not in (tmp_path / "answers.model.json").read_text()

    def test_what_only_sounds_like_a_secret_tells_models_apart(self, tmp_path: Path) -> None:
        claim(str(tmp_path / "answers"), "hf", {"pretrained": "ORG/A", "think_end_token": "</think>"})
        answered(tmp_path / "answers")
        with pytest.raises(OutputError, match="think_end_token"):
            claim(str(tmp_path / "answers"), "hf", {"pretrained": "ORG/A"})

    def test_same_model_may_go_on_whatever_its_speed_and_wherever_it_is(self, tmp_path: Path) -> None:
        cache = tmp_path / "answers"
        claim(str(cache), "local-completions", {"model": "A", "batch_size": 1, "base_url": "http://127.0.0.1:1"})
        answered(cache)
        claim(str(cache), "local-completions", {"model": "A", "batch_size": 64, "base_url": "http://127.0.0.1:2"})

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
        answered(tmp_path / "answers")
        with pytest.raises(OutputError, match=f"answers of hf pretrained=ORG/A, not of {model} pretrained="):
            claim(str(tmp_path / "answers"), model, model_args)

    def test_backend_counts_where_the_model_has_the_same_name(self, tmp_path: Path) -> None:
        claim(str(tmp_path / "answers"), "local-completions", {"model": "A"})
        answered(tmp_path / "answers")
        with pytest.raises(OutputError, match="not of simulated_student model=A"):
            claim(str(tmp_path / "answers"), "simulated_student", {"model": "A"})

    def test_address_tells_models_apart_where_nothing_else_does(self, tmp_path: Path) -> None:
        claim(str(tmp_path / "answers"), "gguf", {"base_url": "http://127.0.0.1:1"})
        answered(tmp_path / "answers")
        with pytest.raises(OutputError, match="one per model and configuration"):
            claim(str(tmp_path / "answers"), "gguf", {"base_url": "http://127.0.0.1:2"})

    def test_run_that_never_began_to_answer_leaves_no_claim(self, tmp_path: Path) -> None:
        claim(str(tmp_path / "answers"), "hf", {"pretrained": "./nope"})
        claim(str(tmp_path / "answers"), "hf", {"pretrained": "ORG/A"})
        assert json.loads((tmp_path / "answers.model.json").read_text())["pretrained"] == "ORG/A"

    @pytest.mark.parametrize("text", ["", "[1]", '{"backend": "hf"'])
    def test_damaged_note_is_one_line_that_says_what_to_do(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "answers.model.json").write_text(text)
        answered(tmp_path / "answers")
        with pytest.raises(OutputError, match="name another file"):
            claim(str(tmp_path / "answers"), "hf", {"pretrained": "ORG/A"})
