"""Copies that were changed a little are told, and what resembles each other by nature is not."""

import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from hostile_changes import CORE, valid_parts
from reversed_persona.leaderboard.submissions.checks.others import SAMPLED, Marks, Said, copied
from reversed_persona.leaderboard.submissions.checks.sketches import VALUES, agreeing, sketches
from reversed_persona.leaderboard.submissions.validating import validate
from reversed_persona.leaderboard.suite import SuiteTask
from submission_files import sample_problems, sample_suite, write_board, write_parts

Change = Callable[[str, random.Random], str]


def letter(text: str, draw: random.Random) -> str:
    """Put another letter in the place of one."""
    place = draw.choice([place for place, one in enumerate(text) if one.isalpha()] or [0])
    return text[:place] + draw.choice("aeiou") + text[place + 1 :]


def word(text: str, draw: random.Random) -> str:
    words = text.split(" ")
    words[draw.randrange(len(words))] = "thus"
    return " ".join(words)


CHANGES: dict[str, Change] = {
    "a letter": letter,
    "a word": word,
    "Sure! in front": lambda text, draw: f"Sure! {text}",
    "capitals and spaces": lambda text, draw: text.upper().replace(" ", "  "),
    "a remark at the end": lambda text, draw: f"{text}\nHope this helps!",
}


def said(responses: Sequence[str], seed: str = "") -> Said:
    """What a submission said, the same to everybody; a response for each question of a suite made for them."""
    suite = sample_suite()
    ids = [f"q{number}" for number in range(len(responses))]
    task: SuiteTask = suite.tasks[CORE].model_copy(update={"questions": tuple(ids), "arms": {"none": None}})
    of_set = suite.problem_sets[task.problems].model_copy(update={"problems": dict.fromkeys(ids, ("", ""))})
    suite = suite.model_copy(update={"tasks": {CORE: task}, "problem_sets": {task.problems: of_set}})
    return Marks(suite, seed).of(((CORE, name, "none"), text) for name, text in zip(ids, responses, strict=True))


@cache
def real(path: Path, by: str) -> dict[str, dict[str, str]]:
    """By question and model (or number of the sample), what was answered."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for line in path.read_text().splitlines():
        row = json.loads(line)
        found[row["question"]][str(row[by])] = row["response"]
    return found


def pairs_of(path: Path, by: str) -> list[tuple[str, list[str], list[str]]]:
    """Two models' responses to the same questions, for each pair of models."""
    found = real(path, by)
    names = sorted({name for of_question in found.values() for name in of_question})
    return [
        (f"{one}, {other}", [of[one] for of in both], [of[other] for of in both])
        for one, other in combinations(names, 2)
        if (both := [of for of in found.values() if {one, other} <= {*of}])
    ]


class TestSketches:
    def test_equal_texts_agree_in_all_values_wherever_they_stand(self) -> None:
        text = b"janetsells1634=9duckeggsaday" * 4
        some = sketches([b"anothertextofmanyletters" * 5, text, b"", text])
        assert agreeing(some[[1]], some[[3]]).tolist() == [VALUES]
        assert agreeing(some[[1]], sketches([text])).tolist() == [VALUES]

    def test_values_agree_as_often_as_runs_are_shared(self) -> None:
        # of 1,000 letters 500 are the same: 493 runs of 8 in both of 2 * 993 - 493 in one, J = 0.33
        draw = random.Random(1)
        made = [
            [bytes(draw.choices(range(97, 123), k=n)) for n in (500, 500, 500)] for _ in range(300)
        ]  # first half, second half, another second half
        agree = agreeing(sketches([a + b for a, b, _ in made]), sketches([a + c for a, _, c in made]))
        assert agree.mean() / VALUES == pytest.approx(493 / (2 * 993 - 493), abs=0.02)

    @pytest.mark.parametrize("texts", [[], [b""], [b"seven77"], [b"", b"abc", b""]], ids=str)
    def test_texts_without_a_run_have_none(self, texts: list[bytes]) -> None:
        found = sketches(texts)
        assert found.shape == (len(texts), VALUES) and not found.any()
        assert agreeing(found, found).tolist() == [-1] * len(texts)


class TestCopied:
    @pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
    def test_copies_changed_a_little_are_told(self, change: Change, shared_data: Path) -> None:
        draw = random.Random(0)
        own = [of["175b_verification"] for of in real(shared_data / OPENAI, "model").values()]
        got = copied(said([change(text, draw) for text in own]), said(own))
        assert got and re.fullmatch(
            r"\d+ of \d+ responses of at least 100 letters (that were sampled )?are(?: nearly)?", got
        )

    @pytest.mark.parametrize("kept", [0.3, 0.75])
    def test_it_takes_more_than_half_of_them(self, kept: float, shared_data: Path) -> None:
        draw = random.Random(0)
        own, other = pairs_of(shared_data / OPENAI, "model")[0][1:]
        mixed = [letter(text, draw) if draw.random() < kept else its for text, its in zip(own, other, strict=True)]
        assert bool(copied(said(mixed), said(own))) is (kept == 0.75)

    def test_no_two_models_are_told_by_nature(self, shared_data: Path) -> None:
        # ToRA-70B and ToRA-Code-34B learned from the same programs; the samples are of one model
        for name, by in ((OPENAI, "model"), (TORA, "model"), (QWEN, "sample")):
            for names, some, others in pairs_of(shared_data / name, by):
                assert copied(said(some), said(others)) is None, names

    def test_equal_short_answers_are_not_told(self) -> None:
        short = [f"Final answer: {number}" for number in range(500)]
        assert copied(said(short), said(short)) is None

    @pytest.mark.parametrize("n", [0, 19, 20])
    def test_it_takes_twenty_to_tell(self, n: int) -> None:
        long = [", ".join(f"{one} and {number} make {one + number}" for one in range(30)) for number in range(n)]
        assert bool(copied(said(long), said([f"Sure! {text}" for text in long]))) is (n == 20)

    def test_letters_repeated_without_end_are_not_told(self) -> None:
        assert copied(said(["a" * 200] * 10 + ["b" * 300] * 90), said(["c" * 200] * 100)) is None

    def test_little_is_kept_and_the_sample_is_another_for_another_submission(self) -> None:
        texts = [f"{number} " * 100 for number in range(3 * SAMPLED)]
        one, other = said(texts, "2026-11-26_01234567"), said(texts, "2026-11-26_89abcdef")
        assert one.sketches.shape == (SAMPLED, VALUES)
        assert one.marks.nbytes + one.sampled.nbytes + one.sketches.nbytes == 3 * SAMPLED * 8 + SAMPLED * (8 + VALUES)
        in_both = np.intersect1d(one.sampled, other.sampled).size
        assert SAMPLED / 4 < in_both < SAMPLED / 2  # a third


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_validator_flags_near_copies(change: Change, tmp_path: Path) -> None:
    board, draw = write_board(tmp_path / "board"), random.Random(0)
    write_parts(board, valid_parts())
    copy = valid_parts()
    copy.record["model"]["id"] = copy.results["model_name"] = "other/copied"
    for row in copy.rows[CORE]:
        for arm in row["arms"].values():
            opening, _, rest = arm["responses"][0].partition("\n")  # what follows is graded
            changed = change(opening, draw)
            arm["responses"] = [f"{changed.partition(chr(10))[0]}\n{rest}"]
    (found,) = validate(write_parts(board, copy), board, sample_suite(), sample_problems())
    assert (found.kind, found.about) == ("flagged", "others") and "'org/model'" in found.said


OPENAI, TORA, QWEN = (
    f"graded_responses/{name}.jsonl"
    for name in ("gsm8k_openai_example_solutions", "gsm8k_tora_2models", "math_qwen25math_100x8")
)
