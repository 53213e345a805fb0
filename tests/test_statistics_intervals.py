import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from reversed_persona.statistics.intervals import (
    Interval,
    combined_interval,
    interval_of,
    mean_and_error,
    mean_interval,
    paired_interval,
    score_of,
    share_interval,
)
from reversed_persona.statistics.paired import paired_limits, paired_score, tango_score

COUNTS = st.integers(1, 300).flatmap(
    lambda n: st.tuples(st.integers(0, n), st.integers(0, n), st.just(n)).filter(lambda t: t[0] + t[1] <= t[2])
)
VALUES = st.lists(st.sampled_from([-2.0, -1.0, 0.0, 0.5, 1.0, 2.0]), min_size=1, max_size=60)


def one(b: int, c: int, n: int, difference: float, score: object = tango_score) -> float:
    return float(score(np.array([b]), np.array([c]), n, np.array([difference]))[0])  # type: ignore[operator]


class TestTangoScore:
    @pytest.mark.parametrize(("limit", "z"), [(-0.096, 1.645), (0.037, -1.645)])
    def test_published_limits_of_44_subjects_lie_where_the_score_is_the_quantile(self, limit: float, z: float) -> None:
        # Tango 1998, crossover trial of soft lenses: b = 0, c = 1, n = 44; 90 % interval -0.096 to 0.037, to 3 digits
        steps = [one(0, 1, 44, limit + step) for step in (-0.0005, 0.0005)]
        assert min(steps) <= z <= max(steps)

    def test_at_zero_is_mcnemar(self) -> None:
        # (b - c) / sqrt(b + c) = (15 - 5) / sqrt(20)
        assert one(15, 5, 100, 0.0) == pytest.approx(10 / math.sqrt(20))

    def test_without_negatives_the_limits_above_are_wilsons(self) -> None:
        # c = 0, hypotheses above b / n: the variance is n d (1 - d), so the upper limit is Wilson's for b / n
        _, high = proportion_confint(30, 100, method="wilson")
        assert one(30, 0, 100, high) == pytest.approx(-1.959964, abs=1e-5)

    def test_corrected_at_zero_adds_half_a_question_and_divides(self) -> None:
        assert one(15, 5, 100, 0.0, paired_score) == pytest.approx(10 / math.sqrt(20.5) / 1.025)

    def test_corrected_without_negatives_is_binomial_below_the_estimate(self) -> None:
        # 90 of 100, 10 of them 0: (90 - 80) / sqrt(100 * 0.8 * 0.2 + 0.5) / 1.025
        assert one(90, 0, 100, 0.8, paired_score) == pytest.approx(10 / math.sqrt(16.5) / 1.025)

    def test_corrected_with_two_short_of_the_edge_still_expects_negatives(self) -> None:
        plain = (98 - 90) / math.sqrt(100 * 0.9 * 0.1 + 0.5) / 1.025
        assert one(98, 0, 100, 0.9, paired_score) < plain


class TestPairedInterval:
    def test_holds_the_published_one_and_little_more(self) -> None:
        found = paired_interval(0, 1, 44, confidence=0.9)
        assert -0.110 < found.low < -0.096
        assert 0.037 < found.high < 0.050

    def test_many_questions_comes_close_to_the_normal_interval(self) -> None:
        # J = 0.2, variance (0.4 - 0.2 ** 2) / 10,000: 0.2 +- 1.96 * 0.006
        found = paired_interval(3000, 1000, 10_000)
        assert found.low == pytest.approx(0.2 - 1.96 * 0.006 * 1.025, abs=3e-4)
        assert found.high == pytest.approx(0.2 + 1.96 * 0.006 * 1.025, abs=3e-4)

    def test_all_at_the_edge_reaches_it_and_no_further(self) -> None:
        found = paired_interval(500, 0, 500)
        assert found.estimate == found.high == 1.0
        # (500 - 500 d) / sqrt(500 d (1 - d) + 0.5) = 1.025 * 1.96 where the shortfall 500 (1 - d) is about 4.15, and
        # questions of the opposite value, which count twice, may be among those missed
        assert 1 - 10 / 500 < found.low < 1 - 4 / 500

    def test_nothing_discordant_still_has_a_width(self) -> None:
        found = paired_interval(0, 0, 100)
        assert found.low == pytest.approx(-found.high)
        assert 0.03 < found.high < 0.06

    @pytest.mark.parametrize(("b", "c"), [(1, 0), (0, 0), (0, 1)])
    def test_single_question_says_next_to_nothing(self, b: int, c: int) -> None:
        found = paired_interval(b, c, 1)
        assert found.high - found.low > 1

    @pytest.mark.parametrize("counts", [(0, 0, 0), (-1, 0, 5), (0, -1, 5), (3, 3, 5)])
    def test_no_counts_refused(self, counts: tuple[int, int, int]) -> None:
        with pytest.raises(ValueError, match="b, c, n: got"):
            paired_interval(*counts)

    @given(COUNTS)
    @settings(max_examples=60, deadline=None)
    def test_contains_estimate_within_the_bounds_and_mirrors(self, counts: tuple[int, int, int]) -> None:
        b, c, n = counts
        found, mirrored = paired_interval(b, c, n), paired_interval(c, b, n)
        assert -1 <= found.low <= found.estimate <= found.high <= 1
        assert found.high > found.low
        assert (mirrored.low, mirrored.high) == (pytest.approx(-found.high), pytest.approx(-found.low))

    @given(COUNTS, st.floats(0.5, 0.9))
    @settings(max_examples=30, deadline=None)
    def test_more_confidence_is_no_narrower(self, counts: tuple[int, int, int], confidence: float) -> None:
        narrow, wide = (paired_interval(*counts, confidence=level) for level in (confidence, confidence + 0.09))
        assert wide.low <= narrow.low + 1e-12
        assert narrow.high <= wide.high + 1e-12

    @given(COUNTS)
    @settings(max_examples=30, deadline=None)
    def test_limits_of_many_are_those_of_each(self, counts: tuple[int, int, int]) -> None:
        b, c, n = counts
        low, high = paired_limits(np.array([0, b, n]), np.array([0, c, 0]), n)
        found = paired_interval(b, c, n)
        assert (low[1], high[1]) == (found.low, found.high)

    def test_covers_94_to_97_5_percent_at_some_truths(self) -> None:
        # Exact, n = 500; Tango's own covers 92.9 % at the first and 93.7 at the second. All truths: tests/validity.
        from scipy import stats

        b, c = np.meshgrid(np.arange(501), np.arange(40), indexing="ij")
        for plus, minus in ((5.96, 1.26), (493.85, 6.15), (20.0, 5.0), (489.4, 0.0)):
            near = (b + c <= 500) & (np.abs(b - plus) < 30)
            chance = stats.multinomial.pmf(
                np.stack([b[near], c[near], 500 - b[near] - c[near]], axis=1),
                500,
                [plus / 500, minus / 500, max(0.0, 1 - (plus + minus) / 500)],
            )
            low, high = paired_limits(b[near], c[near], 500)
            truth = (plus - minus) / 500
            assert chance.sum() > 0.9999
            assert 0.94 <= chance[(low <= truth) & (truth <= high)].sum() <= 0.975


class TestMeanInterval:
    def test_hand_computed(self) -> None:
        # mean (2 + 1 - 1 + 0) / 4 = 0.5; squares about it 2.25 + 0.25 + 2.25 + 0.25 = 5; furthest 1.5
        # error sqrt(5 + 2 (1.14 * 1.5) ** 2) / 4 = sqrt(10.8482) / 4 = 0.82342; 1.959964 of it: 1.61387
        found = mean_interval([2, 1, -1, 0])
        assert found == pytest.approx((0.5, 0.5 - 1.61387, 2.0), abs=1e-4)  # cut at 2: 2.114

    def test_all_alike_has_a_width(self) -> None:
        # furthest possible: 2; error sqrt(2 * 2.28 ** 2) / 100 = 0.032244
        found = mean_interval(np.zeros(100))
        assert found == pytest.approx((0, -0.063197, 0.063197), abs=1e-5)

    def test_all_at_the_bound_is_cut_there(self) -> None:
        # furthest possible: 1 + 1; the same width, on one side
        assert mean_interval(np.ones(100), bound=1.0) == pytest.approx((1, 1 - 0.063197, 1), abs=1e-5)

    def test_many_questions_comes_close_to_the_plain_error(self) -> None:
        values = np.repeat([-2, -1, 0, 1, 2], [100, 300, 5000, 400, 200])
        plain = values.std() / math.sqrt(len(values))
        found = mean_interval(values)
        assert (found.high - found.low) / 2 / 1.959964 == pytest.approx(plain, rel=0.01)

    def test_single_value_covers_everything(self) -> None:
        assert mean_interval([0.0]) == (0, -2, 2)

    @pytest.mark.parametrize("values", [[], [float("nan")], [float("inf")], [[1.0]]])
    def test_malformed_refused(self, values: list[float]) -> None:
        for function in (mean_interval, interval_of):
            with pytest.raises(ValueError, match="values: got shape"):
                function(values)

    def test_beyond_the_bound_refused(self) -> None:
        with pytest.raises(ValueError, match=r"expected at most 1.0 in size"):
            mean_interval([0.0, -1.5], bound=1.0)

    @given(VALUES)
    @settings(max_examples=80, deadline=None)
    def test_contains_mean_and_mirrors(self, values: list[float]) -> None:
        found, mirrored = mean_interval(values), mean_interval([-value for value in values])
        assert found.low < found.high
        assert found.low - 1e-12 <= found.estimate <= found.high + 1e-12
        assert (mirrored.low, mirrored.high) == (pytest.approx(-found.high), pytest.approx(-found.low))

    @given(VALUES)
    @settings(max_examples=40, deadline=None)
    def test_is_what_its_score_does_not_reject(self, values: list[float]) -> None:
        found = mean_interval([*values, 0.5])  # 0.5: not a three-way outcome
        for limit, sign in ((found.low, 1), (found.high, -1)):
            if abs(limit) < 2:
                assert score_of([*values, 0.5], limit, differences=True) == pytest.approx(sign * 1.959964, abs=1e-5)


class TestMeanAndError:
    def test_of_runs_is_that_of_each(self) -> None:
        mean, error = mean_and_error(np.array([[1, 0, 3], [0, 4, 0]]), np.array([-1.0, 0.0, 2.0]))
        # first: mean 5 / 4; squares 2.25 ** 2 + 3 * 0.75 ** 2 = 6.75; furthest 2.25: 6.75 + 2 (2.565) ** 2 = 19.90845
        assert mean == pytest.approx([1.25, 0])
        assert error == pytest.approx([math.sqrt(19.90845) / 4, math.sqrt(2 * 2.28**2) / 4], abs=1e-5)


class TestIntervalOf:
    def test_three_way_outcomes_take_the_paired_interval(self) -> None:
        assert interval_of([1, 1, 0, -1]) == paired_interval(2, 1, 4)

    def test_differences_take_the_mean_interval_even_if_none_is_of_size_2(self) -> None:
        assert interval_of([1, 1, 0, -1], differences=True) == mean_interval([1, 1, 0, -1])
        assert interval_of([1, 1, 0, -1], differences=True) != interval_of([1, 1, 0, -1])

    def test_others_take_the_mean_interval(self) -> None:
        assert interval_of([1, 0.5, 0]) == mean_interval([1, 0.5, 0], bound=1.0)

    def test_averages_of_reversals_reach_no_further_than_1(self) -> None:
        assert interval_of([1, 1, 0.5]).high == 1  # 2 is for differences
        with pytest.raises(ValueError, match=r"expected at most 1\.0 in size"):
            interval_of([1.5, 0])


class TestShareInterval:
    def test_is_the_paired_interval_cut_at_zero(self) -> None:
        inside = share_interval([1] * 30 + [0] * 70)
        assert inside == paired_interval(30, 0, 100)
        assert paired_interval(0, 0, 100).low < 0
        assert share_interval([0] * 100) == (0, 0, paired_interval(0, 0, 100).high)

    def test_averages_over_repeats_stay_within_their_bounds(self) -> None:
        found = share_interval([1, 0.75, 1, 1])
        assert 0 <= found.low < found.estimate < found.high == 1

    def test_below_zero_refused(self) -> None:
        with pytest.raises(ValueError, match="expected numbers from 0 to 1"):
            share_interval([0.5, -0.5])


class TestCombinedInterval:
    def test_hand_computed(self) -> None:
        # (0.4 + 0.2) / 2; down sqrt(0.03 ** 2 + 0.04 ** 2) / 2 = 0.025; up sqrt(0.05 ** 2 + 0.12 ** 2) / 2 = 0.065
        found = combined_interval(Interval(0.4, 0.37, 0.45), Interval(0.2, 0.16, 0.32))
        assert found == pytest.approx((0.3, 0.275, 0.365))

    def test_one_dataset_is_itself(self) -> None:
        assert combined_interval(Interval(0.4, 0.3, 0.6)) == pytest.approx((0.4, 0.3, 0.6))

    def test_none_refused(self) -> None:
        with pytest.raises(ValueError, match="got none"):
            combined_interval()

    @given(COUNTS, COUNTS)
    @settings(max_examples=25, deadline=None)
    def test_is_no_wider_than_the_mean_of_widths(self, one: tuple[int, int, int], other: tuple[int, int, int]) -> None:
        parts = [paired_interval(*one), paired_interval(*other)]
        found = combined_interval(*parts)
        assert found.low <= found.estimate <= found.high
        assert found.high - found.low <= sum(part.high - part.low for part in parts) / 2 + 1e-12
