import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from reversed_persona.statistics.difficulty import difficulty_awareness, somers_d

QUESTIONS = st.lists(st.tuples(st.booleans(), st.integers(1, 6)), min_size=2, max_size=60).filter(
    lambda rows: 0 < sum(wrong for wrong, _ in rows) < len(rows)
)


class TestSomersD:
    def test_hand_computed(self) -> None:
        # wrong at 3 and 1, right at 1 and 2: pairs (3,1) (3,2) harder, (1,1) ties, (1,2) easier: (2 - 1) / 4
        assert somers_d(np.array([True, True, False, False]), np.array([3, 1, 1, 2])) == pytest.approx(0.25)

    @pytest.mark.parametrize(("wrong", "expected"), [([False, False, True, True], 1), ([True, True, False, False], -1)])
    def test_separated_is_one_or_minus_one(self, wrong: list[bool], expected: int) -> None:
        assert somers_d(np.array(wrong), np.array([1, 2, 5, 9])) == expected

    def test_all_equally_hard_is_zero(self) -> None:
        assert somers_d(np.array([True, False]), np.array([4, 4])) == 0

    @pytest.mark.parametrize("wrong", [[True, True], [False, False]])
    def test_all_wrong_or_all_right_is_none(self, wrong: list[bool]) -> None:
        assert somers_d(np.array(wrong), np.array([1, 2])) is None

    @given(QUESTIONS)
    @settings(max_examples=60, deadline=None)
    def test_agrees_with_scipy(self, rows: list[tuple[bool, int]]) -> None:
        wrong, difficulty = (np.array(column) for column in zip(*rows, strict=True))
        ties = len(set(difficulty)) == 1  # scipy gives nan
        expected = 0.0 if ties else stats.somersd(wrong, difficulty).statistic
        assert somers_d(wrong, difficulty) == pytest.approx(expected)


class TestDifficultyAwareness:
    difficulty = np.repeat([1, 2, 3, 4, 5], 40)
    on_the_hard = np.repeat([False, False, False, True, True], 40)
    anywhere = np.tile([True, False], 100)

    def test_wrong_on_the_hard_ones_against_anywhere(self) -> None:
        # D = 1 against D = 0
        found = difficulty_awareness(self.on_the_hard, self.anywhere, self.difficulty, draws=400)
        assert found is not None
        assert found.estimate == pytest.approx(1)
        assert 0.7 < found.low < 1 < found.high < 1.3

    def test_same_mistakes_are_none_and_one_that_differs_has_a_width(self) -> None:
        assert difficulty_awareness(self.anywhere, self.anywhere, self.difficulty, draws=100) is None
        nearly = self.anywhere.copy()
        nearly[0] = False  # of the easiest; wrong ones by level: 19, 20, 20, 20, 20, right ones: 21, 20, 20, 20, 20
        found = difficulty_awareness(nearly, self.anywhere, self.difficulty, draws=100)
        assert found is not None
        # D = (19 * -80 + 20 * (-39 + 1 + 41 + 81)) / (99 * 101), minus 0
        assert found.estimate == pytest.approx(160 / 9999)
        assert found.low < found.high

    def test_same_seed_same_interval_and_swapped_mirrored(self) -> None:
        one, other = (
            difficulty_awareness(*sides, self.difficulty, draws=2_000, seed=5)
            for sides in ((self.on_the_hard, self.anywhere), (self.anywhere, self.on_the_hard))
        )
        again = difficulty_awareness(self.on_the_hard, self.anywhere, self.difficulty, draws=2_000, seed=5)
        assert one is not None
        assert other is not None
        assert one == again
        assert (other.low, other.high) == (pytest.approx(-one.high, abs=0.03), pytest.approx(-one.low, abs=0.03))

    def test_is_widened_by_students_t_of_the_fewest(self) -> None:
        # 20 wrong ones spread evenly against half of all: D = 0 either way; t of 19 is 2.0930, over 1.9600: 1.0679
        few = np.arange(200) % 10 == 0
        found = difficulty_awareness(few, self.anywhere, self.difficulty, draws=4_000, seed=1)
        assert found is not None
        random, drawn = np.random.default_rng(8), []
        for _ in range(4_000):
            chosen = random.integers(0, 200, 200)
            pair = [somers_d(side[chosen], self.difficulty[chosen]) for side in (few, self.anywhere)]
            drawn.append((pair[0] or 0.0) - (pair[1] or 0.0))
        low, high = np.quantile(drawn, [0.025, 0.975])
        assert (found.high - found.low) / (high - low) == pytest.approx(1.0679, abs=0.04)

    @pytest.mark.parametrize("n_wrong", [19, 181])
    def test_fewer_than_20_is_none(self, n_wrong: int) -> None:
        few = np.arange(200) < n_wrong
        assert difficulty_awareness(few, self.anywhere, self.difficulty, draws=10) is None
        assert difficulty_awareness(self.anywhere, few, self.difficulty, draws=10) is None
        enough = np.arange(200) < 20
        assert difficulty_awareness(enough, self.anywhere, self.difficulty, draws=10) is not None

    def test_other_questions_refused(self) -> None:
        with pytest.raises(ValueError, match="expected the same questions"):
            difficulty_awareness(self.anywhere, self.anywhere[1:], self.difficulty)
