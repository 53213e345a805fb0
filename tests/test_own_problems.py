import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reversed_persona import own_problems
from reversed_persona.answers import grade
from reversed_persona.errors import ProblemsError
from reversed_persona.own_problems import MAX_ROW_BYTES, read_own_problems
from reversed_persona.slips import right_answer, wrong_answer

NUTS = {"question": "Ann has 3 bags of 4 nuts. How many nuts?", "gold": 12}
ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30), st.lists(st.integers())
)
FIELDS = st.sampled_from(["question", "gold", "id", "problem_id", "difficulty", "solution", "subject", "answer", "x"])
LINES = st.lists(
    st.one_of(
        st.dictionaries(FIELDS, ANYTHING),
        st.fixed_dictionaries({"question": st.text(), "gold": st.text(max_size=20)}),
        st.binary(max_size=50),
    ),
    max_size=4,
)


def write(folder: Path, *rows: dict[str, Any] | str | bytes) -> Path:
    """Write rows: objects as JSON, anything else as it stands."""
    lines = [json.dumps(row) if isinstance(row, dict) else row for row in rows]
    path = folder / "mine.jsonl"
    path.write_bytes(b"\n".join(line.encode() if isinstance(line, str) else line for line in lines) + b"\n")
    return path


class TestReadOwnProblems:
    def test_question_and_gold_alone_make_a_problem(self, tmp_path: Path) -> None:
        assert read_own_problems(write(tmp_path, NUTS)) == [
            {
                "problem_id": "own-8603988dfeab",  # results are joined on it: it must never change
                "question": NUTS["question"],
                "gold": "12",
                "solution": "",
                "difficulty": 0,
                "subject": "",
            }
        ]

    def test_every_field_is_kept(self, tmp_path: Path) -> None:
        row = NUTS | {"id": "7b", "difficulty": 3, "solution": "3 * 4 = 12", "subject": "Word Problem", "gold": " 12 "}
        assert read_own_problems(write(tmp_path, row)) == [
            {
                "problem_id": "7b",
                "question": NUTS["question"],
                "gold": "12",
                "solution": "3 * 4 = 12",
                "difficulty": 3,
                "subject": "Word Problem",
            }
        ]

    def test_id_may_be_called_problem_id_and_be_a_number(self, tmp_path: Path) -> None:
        rows = read_own_problems(write(tmp_path, NUTS | {"id": 7}, {"question": "1+1?", "gold": 2, "problem_id": "x"}))
        assert [row["problem_id"] for row in rows] == ["7", "x"]

    def test_id_from_the_question_depends_on_its_words_alone(self, tmp_path: Path) -> None:
        spaced = {"question": "  Ann has 3 bags\nof 4 nuts. How many nuts?", "gold": "12", "difficulty": 9}
        one, other = (read_own_problems(write(tmp_path, row))[0] for row in (NUTS, spaced))
        assert one["problem_id"] == other["problem_id"]

    def test_null_is_as_good_as_left_out(self, tmp_path: Path) -> None:
        row = NUTS | dict.fromkeys(("id", "problem_id", "difficulty", "solution", "subject"))
        assert read_own_problems(write(tmp_path, row)) == read_own_problems(write(tmp_path, NUTS))

    def test_blank_solution_and_subject_are_as_good_as_left_out(self, tmp_path: Path) -> None:
        row = NUTS | {"solution": "", "subject": ""}
        assert read_own_problems(write(tmp_path, row)) == read_own_problems(write(tmp_path, NUTS))

    def test_fields_that_look_like_none_of_ours_are_left_alone(self, tmp_path: Path) -> None:
        row = NUTS | {"points": 5, "idx": 1, "source": "sheet 7", "answer": "a dozen", "tags": {"a": [1]}}
        assert read_own_problems(write(tmp_path, row)) == read_own_problems(write(tmp_path, NUTS))

    def test_blank_lines_windows_line_ends_and_a_byte_order_mark_are_fine(self, tmp_path: Path) -> None:
        rows = read_own_problems(write(tmp_path, b"\xef\xbb\xbf" + json.dumps(NUTS).encode() + b"\r", "\r", "  ", ""))
        assert len(rows) == 1

    def test_tabs_and_line_ends_in_a_question_are_text(self, tmp_path: Path) -> None:
        row = NUTS | {"question": "Buy:\n\tan apple\r\n\textra nuts\rright?"}
        assert read_own_problems(write(tmp_path, row))[0]["question"] == row["question"]

    def test_last_line_needs_no_end(self, tmp_path: Path) -> None:
        (tmp_path / "x").write_text(json.dumps(NUTS))
        assert len(read_own_problems(tmp_path / "x")) == 1

    @pytest.mark.parametrize(
        ("gold", "text"),
        [(12, "12"), (-3, "-3"), (0.5, "0.5"), (18.0, "18.0"), (1e-7, "0.0000001"), (10**20, "1" + "0" * 20)],
    )
    def test_gold_that_is_a_number_is_written_out(self, tmp_path: Path, gold: float, text: str) -> None:
        assert read_own_problems(write(tmp_path, NUTS | {"gold": gold}))[0]["gold"] == text

    @pytest.mark.parametrize(
        "gold",
        [
            "18", "-3", "1/2", "50%", "$5", "x=2", "True", "A", "(B)", r"\text{A}", "3 apples", "12:30", "(2,3)",
            r"\{1,2\}", "5 km", "7 R 2", "3 sqrt(2)", r"\sqrt{2}", "x^2+1", "1,000", "[0,1)", "x > 3", "½", "2π", "±3",
            "yes", r"\text{no solution}", r"\frac{3}{4}", r"\text{Ann}", "Paris", "3:4", "10 km/h", "1e-7",
            "half", r"\infty", r"\text{yes}",
        ],
    )  # fmt: skip
    def test_gold_of_any_kind_that_is_read_tells_right_from_wrong(self, tmp_path: Path, gold: str) -> None:
        (problem,) = read_own_problems(write(tmp_path, {"question": "What comes out?", "gold": gold}))
        replies = {"correct": right_answer(problem), "wrong": wrong_answer(problem, 0)}
        if gold == r"\infty":
            del replies["wrong"]  # twice infinity is infinity
        for status, reply in replies.items():
            assert grade(reply, gold=problem["gold"], question=problem["question"]).status == status

    def test_largest_values_allowed_are_allowed(self, tmp_path: Path) -> None:
        row = {"question": "x" * 19_990 + " How many?", "gold": "1" * 500, "difficulty": 1000, "id": "i" * 100}
        assert read_own_problems(write(tmp_path, row))[0]["difficulty"] == 1000

    @pytest.mark.parametrize("gold", [".", "$", r"\boxed{}", "{ }", ":;,"])
    def test_gold_of_nothing_but_signs_is_refused_in_one_line(self, tmp_path: Path, gold: str) -> None:
        with pytest.raises(ProblemsError, match="gold: got ") as error:
            read_own_problems(write(tmp_path, {"question": "How many?", "gold": gold}))
        assert "\n" not in str(error.value)

    @settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(rows=LINES)
    def test_whatever_a_file_holds_it_is_read_or_refused_in_one_line(self, tmp_path: Path, rows: list[Any]) -> None:
        try:
            problems = read_own_problems(write(tmp_path, *rows))
        except ProblemsError as error:
            assert "\n" not in str(error)
        else:
            for problem in problems:
                reply = f"Final answer: {problem['gold']}"
                assert grade(reply, gold=problem["gold"], question=problem["question"]).status == "correct"


class TestBadFiles:
    def refuses(self, path: Path, says: str) -> None:
        with pytest.raises(ProblemsError, match=says) as error:
            read_own_problems(path)
        assert "\n" not in str(error.value)
        assert str(error.value).startswith(str(path))

    def test_missing_file(self, tmp_path: Path) -> None:
        self.refuses(tmp_path / "nowhere.jsonl", "is not there; expected a file of JSON lines")

    def test_folder(self, tmp_path: Path) -> None:
        self.refuses(tmp_path, "is no file; expected a file of JSON lines")

    def test_device(self) -> None:
        self.refuses(Path("/dev/zero"), "is no file")

    def test_name_that_no_file_can_have(self) -> None:
        self.refuses(Path("x" * 5000), "cannot be read: .*; expected a file")

    @pytest.mark.parametrize("text", [b"", b"\n \n", b"\xef\xbb\xbf"])
    def test_empty_file(self, tmp_path: Path, text: bytes) -> None:
        self.refuses(write(tmp_path, text), "holds no problem; expected a line such as")

    def test_file_that_is_too_large(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(own_problems, "MAX_FILE_BYTES", 1 << 20)
        path = tmp_path / "large.jsonl"
        path.write_bytes(b" " * (1 << 20))
        self.refuses(path, "holds no problem|longer")
        path.write_bytes(b" " * ((1 << 20) + 1))
        self.refuses(path, "has 1 MB; expected at most 1, split it")

    def test_line_that_is_too_long(self, tmp_path: Path) -> None:
        row = json.dumps(NUTS | {"note": ""}).encode()
        fits = row.replace(b'""', b'"' + b"x" * (MAX_ROW_BYTES - len(row) - 1) + b'"')
        assert len(fits) == MAX_ROW_BYTES - 1  # and the end of the line
        assert len(read_own_problems(write(tmp_path, fits))) == 1
        self.refuses(write(tmp_path, NUTS, fits.replace(b"xx", b"xxx", 1)), "line 2: is longer than 256 KB")

    def test_too_many_problems(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(own_problems, "MAX_PROBLEMS", 2)
        rows = [{"question": f"{n} + 0?", "gold": n} for n in range(3)]
        assert len(read_own_problems(write(tmp_path, *rows[:2]))) == 2
        self.refuses(write(tmp_path, *rows), "line 3: is problem number 3; expected at most 2, split the file")


class TestBadLines:
    def refuses(self, folder: Path, line: dict[str, Any] | str | bytes, says: str) -> None:
        """Put the line third, behind a good one and a blank one."""
        path = write(folder, {"question": "1 + 1?", "gold": 2, "id": "first"}, "", line)
        with pytest.raises(ProblemsError, match=says) as error:
            read_own_problems(path)
        assert "\n" not in str(error.value)
        assert str(error.value).startswith(f"{path}: line 3: ")
        assert len(str(error.value)) < len(str(path)) + 400

    @pytest.mark.parametrize(
        ("line", "says"),
        [
            ('{"question": "a"', "is not JSON .*; expected one whole object a line"),
            ("question,gold", "is not JSON"),
            ('{"question": "a", "gold": 1},', "is not JSON .Extra data at 28.; .*or commas between"),
            ("[", "is not JSON .Expecting value at .*; expected one whole object a line, without a list"),
            ('[{"question": "a", "gold": 1}]', "is a list; expected one object a line, without a list around them"),
            ('"a"', "is a str; expected one object a line"),
            ("null", "is a NoneType; expected one object"),
            ("[" * 100_000, "is not JSON"),
            ('{"question": "Wie groß?"}'.encode("latin-1"), "is not UTF-8 text; save the file as JSON lines in UTF-8"),
            ('{"question": "a", "gold": 1}'.encode("utf-16"), "is not UTF-8 text"),
            ('{"question": "a", "gold": NaN}', "is not JSON .NaN is no JSON number"),
            ('{"question": "a", "gold": -Infinity}', "Infinity is no JSON number"),
            ('{"question": "a", "gold": 1, "gold": 2}', "'gold' stands twice; keep one"),
            (r'{"question": "a", "gold": "\sqrt{2}"}', r"is not JSON .*escape.*a backslash is written twice: \\\\frac"),
            ('{"question": "a", "gold": ' + "1" * 5000 + "}", "is not JSON|has 5000 characters"),
        ],
    )
    def test_line_that_is_no_object(self, tmp_path: Path, line: str | bytes, says: str) -> None:
        self.refuses(tmp_path, line, says)

    @pytest.mark.parametrize(
        ("row", "says"),
        [
            ({"gold": 1}, "field 'question' is missing; a problem needs question and gold"),
            ({"question": "a"}, "field 'gold' is missing"),
            ({"question": None, "gold": 1}, "field 'question' is missing"),
            ({"problem": "a", "gold": 1}, "here it is called 'problem', call it 'question'"),
            ({"question": "a", "Answer": "1"}, "here it is called 'Answer', call it 'gold'"),
            ({"question": "a", "Gold": "1"}, "here it is called 'Gold', call it 'gold'"),
            ({"qestion": "a", "gold": 1}, "here it is called 'qestion', call it 'question'"),
            (NUTS | {"dificulty": 1}, "unknown field 'dificulty'; did you mean 'difficulty'.*are question, gold"),
            (NUTS | {"Solution": "a"}, "unknown field 'Solution'; did you mean 'solution'"),
            (NUTS | {"problem-id": "a"}, "unknown field 'problem-id'; did you mean 'problem_id'"),
            (NUTS | {f"f{n}": n for n in range(49)}, "has 51 fields; expected at most 50"),
            (NUTS | {"golds": 1}, "unknown field 'golds'; did you mean 'gold'"),
        ],
    )  # fmt: skip
    def test_field_that_is_missing_or_misspelt(self, tmp_path: Path, row: dict[str, Any], says: str) -> None:
        self.refuses(tmp_path, row, says)

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            ({"question": 5}, r"question: got 5 \(int\); expected text in quotation marks"),
            ({"question": ["a"]}, r"question: got \['a'\] \(list\)"),
            ({"question": " \n"}, "question: is blank; expected text"),
            ({"question": "x" * 20_001}, "question: has 20001 characters; expected at most 20000"),
            ({"question": "a \ud800"}, r"question: got '\\ud800', half a character, at 2; expected Unicode text"),
            ({"question": "a\x00"}, r"question: got the control character '\\x00' at 1; expected plain text"),
            ({"question": "Find $3 \times 4$"}, r"control character '\\t' at 8.*a backslash is written twice"),
            ({"question": "Find $\tan(x)$ and $\text{a}$"}, r"control character '\\t' at 6"),
            ({"question": "Take $(2\right)$"}, r"control character '\\r' at 8"),
            ({"question": "Simplify $\frac{6}{8}$"}, r"control character '\\x0c'"),
            ({"solution": 5}, r"solution: got 5 \(int\)"),
            ({"solution": "x" * 50_001}, "solution: has 50001 characters"),
            ({"subject": True}, r"subject: got True \(bool\)"),
            ({"difficulty": 0}, r"difficulty: got 0 \(int\); expected a whole number from 1 to 1000"),
            ({"difficulty": 1001}, "difficulty: got 1001"),
            ({"difficulty": 10**30}, "difficulty: got 10+"),
            ({"difficulty": 2.0}, r"difficulty: got 2.0 \(float\)"),
            ({"difficulty": True}, r"difficulty: got True \(bool\)"),
            ({"difficulty": "hard"}, r"difficulty: got 'hard' \(str\)"),
            ({"id": 1.5}, r"id: got 1.5 \(float\); expected text"),
            ({"id": True}, r"id: got True \(bool\)"),
            ({"id": ""}, "id: is blank"),
            ({"id": " a"}, "id: got ' a' .*without spaces around it"),
            ({"id": "a\nb"}, "id: got .*on one line"),
            ({"problem_id": "i" * 101}, "problem_id: has 101 characters; expected at most 100"),
            ({"id": "a", "problem_id": "a"}, "has both 'id' and 'problem_id'; keep one"),
        ],
    )
    def test_value_of_the_wrong_kind(self, tmp_path: Path, change: dict[str, Any], says: str) -> None:
        self.refuses(tmp_path, NUTS | change, says)

    @pytest.mark.parametrize(
        ("gold", "says"),
        [
            (True, r"gold: got True \(bool\); expected the final answer as text or as a number"),
            ([12], r"gold: got \[12\] \(list\)"),
            ("", "gold: is blank"),
            ("1" * 501, "gold: has 501 characters; expected at most 500"),
            ("3*4=12\n#### 12", "expected the final answer alone, on one line"),
            ("#### 12", "expected the final answer alone"),
            ("The answer is 12", "expected the final answer alone"),
            ("\text{no}", "expected the final answer alone|control character"),
            ("\frac{3}{4}", r"gold: got the control character '\\x0c'.*written twice"),
            ("the cat", r'the grader takes it for no answer; a word is written as "\\\\text\{the cat\}"'),
            ("I don't know", "an answer that says the same would not be graded as correct; expected a number"),
            ("?", "would not be graded as correct"),
            ("5 # 6", "would not be graded as correct"),
            ("<think>5", "would not be graded as correct"),
        ],
    )  # fmt: skip
    def test_gold_that_cannot_be_graded(self, tmp_path: Path, gold: object, says: str) -> None:
        self.refuses(tmp_path, NUTS | {"gold": gold}, says)

    def test_gold_that_is_too_large_to_be_a_number(self, tmp_path: Path) -> None:
        self.refuses(tmp_path, '{"question": "a", "gold": 1e999}', "gold: got inf; expected a number")

    def test_question_that_comes_twice(self, tmp_path: Path) -> None:
        row = {"question": " 1  + 1?", "gold": 2, "id": "second"}
        self.refuses(tmp_path, row, r"question: '1 \+ 1\?' \(str\) stands in line 1 already; keep one of them")

    def test_id_that_comes_twice(self, tmp_path: Path) -> None:
        self.refuses(tmp_path, NUTS | {"id": "first"}, "id: 'first' .* stands in line 1 already")
