import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reversed_persona.statistics.ranks import rank_models

RANDOM = np.random.default_rng(2)
NEAR = (RANDOM.random((400, 4)) < [0.9, 0.6, 0.59, 0.2]).astype(float)


class TestRankModels:
    def test_clear_ones_have_their_place_and_near_ones_share(self) -> None:
        found = rank_models([NEAR], draws=500)
        assert list(zip(found.first, found.last, strict=True)) == [(1, 1), (2, 3), (2, 3), (4, 4)]
        assert found.not_separated(1) == [2]
        assert found.not_separated(0) == []

    def test_two_models_is_a_two_sided_test(self) -> None:
        # one pair: the critical value is the normal quantile, 1.96
        scores = (np.random.default_rng(4).random((2000, 2)) < 0.5).astype(float)
        assert rank_models([scores], draws=10_000).critical == pytest.approx(1.96, abs=0.05)

    def test_twenty_alike_need_the_studentised_range(self) -> None:
        # the 95 % quantile of the range of 20 standard normals, over sqrt(2): 5.012 / 1.414 = 3.544
        scores = (np.random.default_rng(4).random((2000, 20)) < 0.5).astype(float)
        assert rank_models([scores], draws=4_000).critical == pytest.approx(3.544, abs=0.1)

    def test_means_are_over_datasets_not_over_questions(self) -> None:
        # (1 + 0) / 2 and (0 + 1) / 2, though the second dataset is three times as large
        datasets = [np.tile([[1.0, 0.0]], (10, 1)), np.tile([[0.0, 1.0]], (30, 1))]
        found = rank_models(datasets, draws=100)
        assert found.means == pytest.approx([0.5, 0.5])
        assert not found.better.any()

    def test_equal_columns_are_not_told_apart(self) -> None:
        found = rank_models([np.repeat(NEAR[:, :1], 3, axis=1)], draws=100)
        assert list(found.first) == [1, 1, 1]
        assert list(found.last) == [3, 3, 3]
        assert found.not_separated(0) == [1, 2]

    @pytest.mark.parametrize(("n", "apart"), [(1, False), (2, False), (20, True)])
    def test_questions_that_all_differ_by_the_same_still_have_an_error(self, n: int, apart: bool) -> None:
        # no bootstrap sample varies; error sqrt(2 (1.14 * 2) ** 2) / n = 3.224 / n, and 2 > 1.96 * 3.224 / n from n = 4
        assert rank_models([np.tile([[1.0, -1.0]], (n, 1))], draws=100).better.any() == apart

    def test_one_model_is_first(self) -> None:
        found = rank_models([NEAR[:, :1]])
        assert (list(found.first), list(found.last)) == ([1], [1])

    def test_more_draws_than_a_chunk_and_seed_kept(self) -> None:
        one, again, other = (rank_models([NEAR], draws=701, seed=seed) for seed in (1, 1, 2))
        assert one.critical == again.critical != other.critical

    @given(st.permutations(range(4)))
    @settings(max_examples=10, deadline=None)
    def test_order_of_models_does_not_matter(self, order: list[int]) -> None:
        plain, shuffled = rank_models([NEAR], draws=200), rank_models([NEAR[:, order]], draws=200)
        assert list(plain.first[order]) == list(shuffled.first)
        assert list(plain.last[order]) == list(shuffled.last)

    @given(st.lists(st.lists(st.sampled_from([-1.0, 0.0, 1.0]), min_size=3, max_size=3), min_size=2, max_size=30))
    @settings(max_examples=25, deadline=None)
    def test_ranges_hold_the_order_of_the_means(self, rows: list[list[float]]) -> None:
        found = rank_models([np.array(rows)], draws=60)
        assert (found.first <= found.last).all()
        place = 1 + (found.means[None, :] > found.means[:, None] + 1e-12).sum(axis=1)
        assert ((found.first <= place) & (place <= found.last)).all()
        assert not (found.better & found.better.T).any()

    @pytest.mark.parametrize(
        "datasets", [[], [np.ones(3)], [np.ones((0, 2))], [np.ones((3, 0))], [np.ones((3, 2)), np.ones((3, 4))]]
    )
    def test_other_shapes_refused(self, datasets: list[np.ndarray]) -> None:
        with pytest.raises(ValueError, match=r"expected \(questions, models\)"):
            rank_models(datasets)

    def test_nan_refused(self) -> None:
        with pytest.raises(ValueError, match="not finite"):
            rank_models([np.array([[1.0, np.nan]])])
