import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar as mcnemar_of_statsmodels
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.weightstats import DescrStatsW

from reversed_persona.statistics.intervals import Interval, interval_of
from reversed_persona.statistics.tests import benjamini_hochberg, difference_p, equivalence, holm, interval_p, mcnemar

P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=30)


class TestMcNemar:
    def test_hand_computed(self) -> None:
        # 2 P(X >= 5 of 6) = 2 (6 + 1) / 64 = 14 / 64
        found = mcnemar(5, 1)
        assert (found.b, found.c, found.p) == (5, 1, pytest.approx(14 / 64))

    @pytest.mark.parametrize("counts", [(0, 0), (3, 3), (1, 0)])
    def test_nothing_to_tell_is_one(self, counts: tuple[int, int]) -> None:
        assert mcnemar(*counts).p == 1

    @pytest.mark.parametrize("counts", [(-1, 2), (2, -1)])
    def test_below_zero_refused(self, counts: tuple[int, int]) -> None:
        with pytest.raises(ValueError, match="expected counts from 0"):
            mcnemar(*counts)

    @given(st.integers(0, 200), st.integers(0, 200))
    @settings(max_examples=80, deadline=None)
    def test_agrees_with_statsmodels_and_mirrors(self, b: int, c: int) -> None:
        theirs = mcnemar_of_statsmodels([[0, b], [c, 0]], exact=True).pvalue if b + c else 1.0
        assert mcnemar(b, c).p == pytest.approx(min(1.0, theirs))
        assert mcnemar(c, b).p == pytest.approx(mcnemar(b, c).p)


class TestIntervalP:
    def test_normal_interval_has_the_normal_p(self) -> None:
        # 0.1 with an error of 0.05: z = 2
        half = 1.959964 * 0.05
        for sign in (1, -1):
            found = Interval(sign * 0.1, sign * 0.1 - half, sign * 0.1 + half)
            assert interval_p(found) == pytest.approx(2 * stats.norm.sf(2), rel=1e-5)

    def test_the_side_towards_zero_counts(self) -> None:
        assert interval_p(Interval(0.1, 0.0, 0.9)) == pytest.approx(0.05)
        assert interval_p(Interval(-0.1, -0.9, 0.0)) == pytest.approx(0.05)

    def test_nothing_found_is_one(self) -> None:
        assert interval_p(Interval(0.0, -0.1, 0.1)) == 1
        assert interval_p(Interval(0.0, 0.0, 0.0)) == 1


class TestDifferenceP:
    def test_three_way_hand_computed(self) -> None:
        # (15 - 5) / sqrt(20 + 0.5) / 1.025 = 2.15474
        values = [1] * 15 + [-1] * 5 + [0] * 80
        assert difference_p(values) == pytest.approx(2 * stats.norm.sf(2.15474), rel=1e-4)

    def test_others_hand_computed(self) -> None:
        # mean 0.5, error 0.82342: see test_statistics_intervals
        assert difference_p([2, 1, -1, 0], differences=True) == pytest.approx(
            2 * stats.norm.sf(0.5 / 0.82342), rel=1e-3
        )

    def test_differences_hand_computed_even_if_none_is_of_size_2(self) -> None:
        # mean 0.1, squares 20 - 100 * 0.01 = 19, furthest 1.1: error sqrt(19 + 2 (1.254) ** 2) / 100 = 0.0470586
        values = [1] * 15 + [-1] * 5 + [0] * 80
        assert difference_p(values, differences=True) == pytest.approx(2 * stats.norm.sf(0.1 / 0.0470586), rel=1e-4)

    def test_all_alike_zero_is_one(self) -> None:
        assert difference_p([0] * 10) == 1

    @pytest.mark.parametrize("values", [[], [float("nan")]])
    def test_malformed_refused(self, values: list[float]) -> None:
        with pytest.raises(ValueError, match="values: got shape"):
            difference_p(values)

    @given(st.lists(st.sampled_from([-1, 0, 1]), min_size=8, max_size=60), st.booleans())
    @settings(max_examples=80, deadline=None)
    def test_below_5_percent_where_the_interval_leaves_zero_out(self, values: list[int], halves: bool) -> None:
        scores = [value / 2 for value in values] if halves else values
        found = interval_of(scores)
        p = difference_p(scores)
        if abs(p - 0.05) > 1e-6:
            assert (p < 0.05) == (not found.low <= 0 <= found.high)


class TestEquivalence:
    def test_three_outcomes(self) -> None:
        near, far, few = [1] * 10 + [-1] * 10 + [0] * 1299, [1] * 200 + [0] * 800, [1] * 3 + [-1] * 2 + [0] * 45
        assert [equivalence(values, 0.05).outcome for values in (near, far, few)] == [
            "equivalent",
            "different",
            "inconclusive",
        ]

    def test_small_but_sure_difference_is_equivalent(self) -> None:
        found = equivalence([1] * 20 + [0] * 1299, 0.05)
        assert found.difference_p < 0.05
        assert found.outcome == "equivalent"

    def test_agrees_with_statsmodels_for_many_questions(self) -> None:
        values = np.repeat([-2.0, -1.0, 0.0, 1.0, 2.0], [40, 1000, 2200, 1100, 40])
        theirs = DescrStatsW(values).ttost_mean(-0.05, 0.05)[0]
        assert equivalence(values, 0.05, differences=True).equivalence_p == pytest.approx(theirs, rel=0.05)

    def test_skewed_values_hand_computed(self) -> None:
        # 7 of 500 are 2: mean 0.028, squares 28 - 500 * 0.028 ** 2 = 27.608, pseudo 2 (1.14 * 2) ** 2 = 10.3968
        # root sqrt(38.005) = 6.16480; score 500 (0.028 - 0.05) / root = -1.78432
        # cubes 7 * 1.972 ** 3 - 493 * 0.028 ** 3 = 53.669; over root ** 3 = 234.29: skew 0.22907
        # -1.78432 + 0.076357 * 3.18380 - 0.00194348 * 5.68092 + 0.038178 = -1.51408; uncorrected, p would be 0.037
        found = equivalence([2.0] * 7 + [0.0] * 493, 0.05, differences=True)
        assert found.equivalence_p == pytest.approx(stats.norm.cdf(-1.51408), rel=1e-3)
        assert found.outcome != "equivalent"

    def test_differences_are_less_sure_of_what_was_not_seen(self) -> None:
        # none of 150 differs. As accuracies: -0.05 * 150 / sqrt(150 * 0.05 * 0.95 + 0.5) / 1.025 = -2.65
        # as differences: 7.5 / sqrt(2 * 2.28 ** 2) = 2.326
        values = [0] * 150
        assert equivalence(values, 0.05).equivalence_p == pytest.approx(stats.norm.sf(2.65), rel=0.01)
        assert equivalence(values, 0.05, differences=True).equivalence_p == pytest.approx(
            stats.norm.sf(2.326), rel=0.01
        )

    @pytest.mark.parametrize("margin", [0.0, -1.0, float("nan")])
    def test_margin_refused(self, margin: float) -> None:
        with pytest.raises(ValueError, match="margin: got"):
            equivalence([0.0, 1.0], margin)

    @given(st.lists(st.sampled_from([-1, 0, 1]), min_size=1, max_size=60))
    @settings(max_examples=40, deadline=None)
    def test_mirrors_and_falls_as_the_margin_grows(self, values: list[int]) -> None:
        narrow, wide = equivalence(values, 0.05), equivalence(values, 0.2)
        assert wide.equivalence_p <= narrow.equivalence_p + 1e-12
        mirrored = equivalence([-value for value in values], 0.05)
        assert mirrored.equivalence_p == pytest.approx(narrow.equivalence_p, abs=1e-9)


@pytest.mark.parametrize(("adjust", "name"), [(holm, "holm"), (benjamini_hochberg, "fdr_bh")])
class TestAdjustment:
    @given(p=P_VALUES)
    @settings(max_examples=20, deadline=None)
    def test_agrees_with_statsmodels_and_never_falls(self, adjust: object, name: str, p: list[float]) -> None:
        found = adjust(p)  # type: ignore[operator]
        assert found == pytest.approx(multipletests(p, method=name)[1].tolist())
        assert all(p[place] - 1e-12 <= value <= 1 for place, value in enumerate(found))
        order = np.argsort(p, kind="stable")
        assert (np.diff(np.array(found)[order]) >= -1e-12).all()

    def test_one_is_itself_and_none_is_none(self, adjust: object, name: str) -> None:
        assert adjust([0.03]) == [0.03]  # type: ignore[operator]
        assert adjust([]) == []  # type: ignore[operator]

    @pytest.mark.parametrize("p", [[float("nan")], [1.5], [-0.1, 0.5]])
    def test_no_p_value_refused(self, adjust: object, name: str, p: list[float]) -> None:
        with pytest.raises(ValueError, match="p_values: got"):
            adjust(p)  # type: ignore[operator]


def test_holm_hand_computed() -> None:
    # sorted 0.01 x 4, 0.02 x 3, 0.03 x 2 (0.06), 0.5 x 1; never falling
    assert holm([0.02, 0.5, 0.01, 0.03]) == pytest.approx([0.06, 0.5, 0.04, 0.06])


def test_benjamini_hochberg_hand_computed() -> None:
    # sorted 0.01 x 4/1, 0.02 x 4/2, 0.03 x 4/3, 0.5: 0.04, 0.04, 0.04, 0.5
    assert benjamini_hochberg([0.02, 0.5, 0.01, 0.03]) == pytest.approx([0.04, 0.5, 0.04, 0.04])
