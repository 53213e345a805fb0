import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reversed_persona import json_lines
from reversed_persona.cli import main
from reversed_persona.json_lines import BadRow
from reversed_persona.rescoring import Rescored
from reversed_persona.samples import Recorded, read_responses


def write(folder: Path, *rows: Any) -> Path:
    path = folder / "responses.jsonl"
    lines = (row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows)
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


def verdicts(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    assert main(["grade", *arguments]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


class TestPlainRows:
    def test_each_row_gets_one_verdict(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = write(
            tmp_path,
            {"gold": "12", "response": "3 * 4 = 12\nFinal answer: 12"},
            {"gold": "12", "response": "Final answer: 7", "question": "3 bags of 7 nuts?"},
            {"gold": "12", "response": "I do not know."},
        )
        found = verdicts(capsys, str(path))
        assert [(v["row"], v["status"], v["kind"]) for v in found] == [
            (1, "correct", None), (2, "wrong", "question_number"), (3, "unanswered", None),
        ]  # fmt: skip
        assert set(found[0]) == {"row", "status", "reason", "answer", "method", "span", "kind", "flip", "derived"}
        assert found[0]["derived"] is True

    @pytest.mark.parametrize(
        ("row", "says"),
        [
            (b"{", "is not JSON (Expecting property name"),
            (b"[1]", "is [1]; expected an object"),
            (b"null", "is null; expected an object"),
            (b"\xc3", "is not UTF-8"),
            ({"response": "x"}, "has no field 'gold'; found response"),
            ({"gold": "1"}, "has no field 'response'"),
            ({"gold": " ", "response": "x"}, "gold: is empty"),
            ({"gold": "$", "response": "x"}, "gold: got '$'; expected a reference answer"),
            ({"gold": [1], "response": "x"}, "gold: got [1]; expected a string"),
            ({"gold": "1", "response": [7]}, "response: got [7]; expected a string"),
            ({"gold": "no number", "dataset": "gsm8k", "response": "8"}, "gold: got 'no number'; expected a number"),
            ({"doc": {}, "resps": [[1]], "filtered_resps": [[1]]}, "is no sample of these tasks"),
            ({"gold": True, "response": "1"}, "gold: got True; expected a string"),
            (
                {"doc": {}, "resps": [["x"]], "filtered_resps": [['{"persona": ["high"]}']]},
                "persona: got ['high']; expected a string",
            ),
            ({"gold": "1", "response": "x", "correct": "yes"}, "correct: got 'yes'"),
            ({"gold": "1", "response": "x", "dataset": "mmlu"}, "dataset: got 'mmlu'; expected gsm8k or math"),
            ({"doc": {}, "resps": [["x"]], "filtered_resps": [["y"]]}, "Expecting value"),
            (b"[" * 100_000, "is nested too deeply"),
        ],
    )
    def test_bad_row_is_named_and_does_not_stop_the_rest(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], row: Any, says: str
    ) -> None:
        path = write(tmp_path, row, b"", {"gold": "1", "response": "Final answer: 1"})
        assert main(["grade", str(path)]) == 0
        captured = capsys.readouterr()
        first, second = (json.loads(line) for line in captured.out.splitlines())
        assert (first["row"], second["row"], second["status"]) == (1, 3, "correct")
        assert says in first["error"]
        assert f"{path}: line 1: " in captured.err.splitlines()[0]
        assert "bad_rows 1" in captured.err.splitlines()[-1]

    @pytest.mark.parametrize(
        ("row", "gold"),
        [
            ({"gold": 18}, "18"),
            ({"gold": 4.75}, "4.75"),
            ({"gold": 10**400}, f"1{'0' * 400}"),
            ({"gold": "9 * 2 = 18\n#### 18", "dataset": "gsm8k"}, "18"),
            ({"gold": "So it is $\\boxed{\\frac{1}{2}}$.", "dataset": "math"}, "\\frac{1}{2}"),
            ({"gold": "x", "dataset": "math"}, "x"),
        ],
    )
    def test_gold_may_be_a_number_or_a_whole_solution(self, tmp_path: Path, row: dict[str, Any], gold: str) -> None:
        (found,) = read_responses(write(tmp_path, row | {"response": ""}))
        assert isinstance(found, Recorded)
        assert found.gold == gold

    def test_null_is_an_empty_reply_and_a_question_that_is_not_at_hand(self, tmp_path: Path) -> None:
        row = {"gold": "1", "response": None, "question": None, "solution": None}
        (found,) = read_responses(write(tmp_path, row))
        assert isinstance(found, Recorded)
        assert (found.response, found.question, found.solution) == ("", "", "")

    def test_value_given_again_and_again_is_a_constant(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = write(tmp_path, *({"gold": str(n), "response": "Final answer: 42"} for n in range(6)))
        found = verdicts(capsys, str(path))
        assert {v["kind"] for v in found} == {"constant"}
        assert [v["row"] for v in found] == [1, 2, 3, 4, 5, 6]

    def test_row_that_is_far_too_long_is_passed_over(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(json_lines, "MAX_ROW_BYTES", 1 << 10)
        path = write(tmp_path, {"gold": "1", "response": "x" * 5000}, {"gold": "1", "response": "y"})
        assert [type(found) for found in read_responses(path)] == [BadRow, Recorded]
        assert [found.row for found in read_responses(path)] == [1, 2]

    @pytest.mark.parametrize(
        ("held", "says"),
        [
            (b"", "holds no rows"),
            (b"{}\n" * 25, "none of its 25 rows could be read"),
            (b"\x1f\x8bzip", "is compressed with gzip"),
            ('{"gold": 1}'.encode("utf-16"), "is UTF-16"),
        ],
    )
    def test_file_without_a_response_is_one_line_and_leaves_earlier_verdicts(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], held: bytes, says: str
    ) -> None:
        path, earlier = tmp_path / "in.jsonl", tmp_path / "earlier.jsonl"
        path.write_bytes(held)
        earlier.write_text("earlier\n")
        assert main(["grade", str(path), "-o", str(earlier)]) == 2
        said = capsys.readouterr().err.splitlines()
        assert says in said[-1]
        assert len(said) <= 12  # ten bad rows are shown, then their number
        assert earlier.read_text() == "earlier\n"

    def test_standard_input_is_a_file_too(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stdin = io.TextIOWrapper(io.BytesIO(b'{"gold": "1", "response": "1"}\n'))
        monkeypatch.setattr("sys.stdin", stdin)
        assert [v["status"] for v in verdicts(capsys, "-", "-o", "-")] == ["correct"]

    def test_file_that_is_not_there_is_one_line(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["grade", str(tmp_path / "nowhere.jsonl")]) == 2
        assert "cannot be read: No such file" in capsys.readouterr().err.splitlines()[-1]


class TestSampleLog:
    @pytest.fixture
    def log(self, tmp_path: Path) -> Path:
        assert main([
            "run", "--model", "simulated_student", "--model_args", "model=x,high=1.0,low=0.25,none=0.75",
            "--tasks", "sample_reversed_persona", "--limit", "8", "--output_path", str(tmp_path), "--log_samples",
        ]) == 0  # fmt: skip
        (path,) = tmp_path.glob("x/samples_*.jsonl")
        return path

    def test_every_verdict_is_that_of_the_run(self, log: Path, capsys: pytest.CaptureFixture[str]) -> None:
        capsys.readouterr()
        found = verdicts(capsys, str(log))
        rows = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
        logged = [json.loads(verdict) for row in rows for (verdict,) in row["filtered_resps"]]
        assert len(found) == 24
        for again, once in zip(found, logged, strict=True):
            assert {key: again[key] for key in ("persona", "status", "reason", "answer", "method", "flip")} == {
                key: once[key] for key in ("persona", "status", "reason", "answer", "method", "flip")
            }
        assert [v["problem_id"] for v in found[::3]] == [row["doc"]["problem_id"] for row in rows]

    def test_thinking_that_the_prompt_opened_counts(self, log: Path, capsys: pytest.CaptureFixture[str]) -> None:
        row = json.loads(log.read_text(encoding="utf-8").splitlines()[0])
        row["arguments"]["gen_args_0"]["arg_0"] += "<think>\n"
        log.write_text(json.dumps(row) + "\n", encoding="utf-8")
        capsys.readouterr()
        found = verdicts(capsys, str(log))
        assert [v["reason"] == "unfinished_thinking" for v in found] == [True, False, False]

    def test_header_of_the_question_is_read_off_the_prompt(self, log: Path, capsys: pytest.CaptureFixture[str]) -> None:
        row = json.loads(log.read_text(encoding="utf-8").splitlines()[0])
        row["arguments"]["gen_args_0"]["arg_0"] = f"Aufgabe: {row['doc']['question']}\n\nLos!"
        row["resps"][0] = ["Final answer: 3\n\nAufgabe: Was ist 2 + 2?\nFinal answer: 4"]
        log.write_text(json.dumps(row) + "\n", encoding="utf-8")
        capsys.readouterr()
        assert verdicts(capsys, str(log))[0]["answer"] == "3"


class TestFiles:
    def test_verdicts_and_summary_go_where_they_are_sent(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rows = [
            {"gold": "1", "response": "Final answer: 1", "correct": True},
            {"gold": "1", "response": "Final answer: 1", "correct": False},
            {"gold": "1", "response": "Final answer: 2", "correct": True},
            {"gold": "1", "response": "", "correct": False},
            {"gold": "1", "response": "Final answer: 2"},
        ]
        out, summary = tmp_path / "a/verdicts.jsonl", tmp_path / "b/summary.json"
        assert main(["grade", str(write(tmp_path, *rows)), "-o", str(out), "--summary", str(summary)]) == 0
        assert capsys.readouterr().out == ""
        assert [json.loads(line)["status"] for line in out.read_text().splitlines()] == [
            "correct", "correct", "wrong", "unanswered", "wrong",
        ]  # fmt: skip
        found = json.loads(summary.read_text())
        assert found.pop("per_second") > 0
        # 4 are labelled; rows 1 and 4 agree
        assert found == {
            "n": 5, "correct": 2, "wrong": 2, "unanswered": 1, "bad_rows": 0,
            "n_labelled": 4, "agreement": 0.5, "false_correct": 1, "false_wrong": 1,
            "reasons": {"empty": 1}, "kinds": {"near_miss": 2}, "personas": {},
        }  # fmt: skip
        assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == {
            "responses.jsonl", "verdicts.jsonl", "summary.json",
        }  # fmt: skip

    def test_place_that_cannot_be_written_to_is_one_line(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = write(tmp_path, {"gold": "1", "response": "1"})
        for place in (path / "x", tmp_path):
            assert main(["grade", str(path), "-o", str(place)]) == 2
            assert "cannot be written" in capsys.readouterr().err.splitlines()[-1]  # and no count: nothing was graded

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")
    def test_full_disk_behind_stdout_is_one_line(self, tmp_path: Path) -> None:
        path = write(tmp_path, {"gold": "1", "response": "1"})
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                [sys.executable, "-m", "reversed_persona.cli", "grade", str(path)],
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        assert done.returncode == 2
        assert done.stderr.splitlines()[-1].startswith("reversed-persona: error: stdout: the disk is full")

    def test_nothing_to_grade_has_no_rates(self) -> None:
        found = Rescored().summary()
        assert (found["n"], found["per_second"], found["agreement"], found["false_correct"]) == (0, None, None, None)
