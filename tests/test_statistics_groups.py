import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reversed_persona.statistics.groups import spread


class TestSpread:
    def test_hand_computed_means(self) -> None:
        # means 2/4, 1/4, 3/4
        scores = np.array([[1, 0, 1], [1, 1, 1], [0, 0, 1], [0, 0, 0]], dtype=float)
        found = spread(scores, draws=50)
        assert (found.low, found.high, found.range, found.draws) == (1, 2, pytest.approx(0.5), 50)

    def test_p_of_two_groups_is_the_sign_test(self) -> None:
        # 5 questions, all differ the same way: exchanging gives the same range in 2 of 2 ** 5 cases
        scores = np.tile([[1.0, 0.0]], (5, 1))
        assert spread(scores, draws=20_000).p == pytest.approx(2 / 32, abs=0.006)

    def test_real_difference_has_the_smallest_p_and_never_zero(self) -> None:
        scores = np.tile([[1.0, 0.0, 0.0]], (60, 1))
        assert spread(scores, draws=99).p == pytest.approx(1 / 100)

    def test_all_alike_is_no_difference(self) -> None:
        found = spread(np.ones((3, 4)), draws=20)
        assert (found.range, found.p) == (0, 1)

    def test_single_question_tells_nothing(self) -> None:
        assert spread(np.array([[1.0, 0.0]]), draws=20).p == 1

    def test_seed_is_kept(self) -> None:
        scores = np.random.default_rng(0).random((30, 3))
        assert spread(scores, draws=200, seed=3) == spread(scores, draws=200, seed=3)
        assert spread(scores, draws=200, seed=3).p != spread(scores, draws=200, seed=4).p

    @given(st.lists(st.lists(st.sampled_from([0.0, 1.0]), min_size=3, max_size=3), min_size=1, max_size=15))
    @settings(max_examples=30, deadline=None)
    def test_order_of_groups_does_not_matter(self, rows: list[list[float]]) -> None:
        scores = np.array(rows)
        found, mirrored = spread(scores, draws=20), spread(scores[:, ::-1], draws=20)
        assert found.range == pytest.approx(mirrored.range)
        assert 1 / 21 <= found.p <= 1


class TestNoise:
    def test_hand_computed(self) -> None:
        # means 1/2, 0, 1: range 1, sd 1/2
        found = spread(np.array([[1.0, 0.0, 1.0], [0.0, 0.0, 1.0]]), draws=100)
        assert (found.range, found.sd) == (pytest.approx(1), pytest.approx(0.5))

    def test_range_of_noise_of_two_groups(self) -> None:
        # two questions that differ: ranges 1, 0, 0, 1 over the four exchanges: 1/2 on average
        found = spread(np.array([[1.0, 0.0], [1.0, 0.0]]), draws=20_000)
        assert found.range_of_noise == pytest.approx(0.5, abs=0.015)
        assert found.p == pytest.approx(0.5, abs=0.015)

    def test_questions_answered_alike_only_dilute(self) -> None:
        # the same two, and two that all groups got right: ranges are halved
        found = spread(np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 1.0], [1.0, 1.0]]), draws=20_000)
        assert (found.range, found.range_of_noise) == (0.5, pytest.approx(0.25, abs=0.01))

    def test_both_ways_of_exchanging_agree(self) -> None:
        # the same questions, alike or told apart by next to nothing: by counts of orders, or one by one
        random = np.random.default_rng(1)
        scores = (random.random((300, 4)) < 0.5).astype(float)
        by_counts = spread(scores, draws=4_000)
        one_by_one = spread(scores + random.random((300, 4)) * 1e-9, draws=4_000)
        assert by_counts.range_of_noise == pytest.approx(one_by_one.range_of_noise, rel=0.03)
        assert by_counts.p == pytest.approx(one_by_one.p, abs=0.04)

    def test_many_groups_take_no_time(self) -> None:
        # one of 14 groups right: 14 orders, of 14! permutations
        assert spread(np.tile(np.eye(14), (5, 1)), draws=50).range == 0


@pytest.mark.parametrize(
    "scores", [np.ones(3), np.ones((3, 1)), np.ones((0, 2)), np.array([[1.0, np.nan]]), np.array([[np.inf, 0.0]])]
)
def test_malformed_refused(scores: np.ndarray) -> None:
    with pytest.raises(ValueError, match="scores: got shape"):
        spread(scores, draws=5)
