import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reversed_persona.statistics.suppression import suppression_interval

CELLS = st.lists(st.sampled_from([(1, 1), (0, 1), (0, 0), (-1, 0)]), min_size=5, max_size=80)


def cells(both: int, only_high: int, only_wrong: int, neither: int) -> tuple[list[int], list[int]]:
    """Return reversal and c_high of so many questions."""
    reversal = [1] * both + [0] * (only_high + only_wrong) + [-1] * neither
    return reversal, [1] * (both + only_high) + [0] * (only_wrong + neither)


class TestSuppressionInterval:
    def test_hand_computed(self) -> None:
        # 30 (1, 1), 20 (1, 0), 5 (0, 1), 5 (0, 0): reversal 25 / 60, c_high 50 / 60, ratio 0.5
        # residuals 30 of 0.5, 20 of -0.5, 5 of -1: sum 0, squares 7.5 + 5 + 5 = 17.5, furthest 1
        # error sqrt(17.5 + 2 * 1.14 ** 2) = 4.48330; over the 50 right as high 0.0896660; 1.959964 of it 0.175742
        found = suppression_interval(*cells(30, 20, 5, 5))
        assert found == pytest.approx((0.5, 0.5 - 0.175742, 0.5 + 0.175742), abs=1e-5)

    def test_obeying_perfectly_is_one_with_a_width_below_and_none_above(self) -> None:
        # no residual: furthest possible 1; sqrt(2 * 1.14 ** 2) = 1.61220; times 1.959964 over 90: 0.0351097
        found = suppression_interval(*cells(90, 0, 10, 0))
        assert found == pytest.approx((1, 1 - 0.0351097, 1), abs=1e-6)

    def test_backwards_may_lie_below_minus_1(self) -> None:
        # 20 right as high, no question wrong as low: reversal -0.8, over 0.2
        found = suppression_interval(*cells(0, 20, 0, 80))
        assert found is not None
        assert found.estimate == pytest.approx(-4)
        assert found.low < -4

    @pytest.mark.parametrize(("right", "shown"), [(19, False), (20, True)])
    def test_little_ability_is_none(self, right: int, shown: bool) -> None:
        assert (suppression_interval(*cells(right, 0, 100 - right, 0)) is not None) == shown

    @pytest.mark.parametrize(
        ("reversal", "correct"), [([], []), ([1], [1, 1]), ([float("nan")], [1]), ([1, 0], [0, 1])]
    )
    def test_other_than_the_same_questions_refused(self, reversal: list[float], correct: list[float]) -> None:
        with pytest.raises(ValueError, match="reversal, correct_high: got"):
            suppression_interval(reversal, correct)

    @given(CELLS)
    @settings(max_examples=60, deadline=None)
    def test_holds_its_estimate_and_ends_at_one(self, drawn: list[tuple[int, int]]) -> None:
        reversal, correct = np.array(drawn, dtype=float).T
        found = suppression_interval(reversal, correct)
        if found is not None:
            assert found.low < found.estimate <= found.high <= 1

    def test_covers_where_the_plain_error_is_zero(self) -> None:
        # true suppression 0.99: most runs of 100 see no question that is not wrong as low
        random = np.random.default_rng(3)
        held = 0
        for _ in range(1000):
            wrong = random.random(100) < 0.99
            found = suppression_interval(wrong.astype(float), np.ones(100))
            held += found is not None and found.low <= 0.99 <= found.high
        assert held >= 920
