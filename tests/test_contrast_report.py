import json
from pathlib import Path

import pytest

from reversed_persona.cli import main

HIGH, LOW = "I add them.\n3 + 4 = 7\nFinal answer: 7", "Maybe I add them.\n3 + 4 = 8\nFinal answer: 8"


def row(problem: str, high: str, low: str) -> str:
    return json.dumps(
        {
            "doc": {"problem_id": problem, "question": "How many?", "gold": "7", "solution": ""},
            "resps": [[high], [low]],
            "filtered_resps": [[json.dumps({"persona": "high"})], [json.dumps({"persona": "low"})]],
            "arguments": {f"gen_args_{n}": {"arg_0": "Problem: How many?"} for n in range(2)},
        }
    )


def samples(folder: Path, *lines: str) -> Path:
    path = folder / "samples_sample_reversed_persona_2026-01-01T00-00-00.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


class TestContrast:
    def test_table_and_json_show_the_same_numbers(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = samples(tmp_path, row("a", HIGH, LOW), row("b", HIGH, HIGH))
        assert main(["contrast", str(path), "-o", str(tmp_path / "out.json")]) == 0
        lines = {line.split("  ")[0]: line for line in capsys.readouterr().out.splitlines()}
        assert list(lines) == ["persona", "high", "low", "low - high"]
        found = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
        assert found["descriptive_only"] is True
        # low - high: 1 error in 1 step against 0, then 0 against 0: mean 0.5, error sqrt(0.5/2) = 0.5
        assert found["features"]["low - high"]["errors_per_step"] == {"n": 2, "mean": 0.5, "stderr": 0.5}
        assert "0.500 ± 0.500" in lines["low - high"]
        assert found["features"]["low"]["hedges"]["mean"] == 0.5

    def test_damaged_row_is_named_and_the_rest_is_read(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["contrast", str(samples(tmp_path, "{", row("a", HIGH, LOW)))]) == 0
        assert "line 1: " in capsys.readouterr().err

    def test_file_without_responses_is_one_line(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["contrast", str(samples(tmp_path, "{}"))]) == 2
        assert "holds no responses (" in capsys.readouterr().err

    def test_output_over_the_samples_is_refused(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = samples(tmp_path, row("a", HIGH, LOW))
        assert main(["contrast", str(path), "-o", str(path)]) == 2
        assert path.stat().st_size > 100
