import numpy as np
import pytest

from reversed_persona.statistics.power import Assumed, Plan, plan_power


def planned(sizes: list[int], acc_high: float, wrong_low: float, **settings: float) -> Plan:
    return plan_power([Assumed(n, acc_high, wrong_low) for n in sizes], **settings)  # type: ignore[arg-type]


class TestPlanPower:
    def test_reversal_and_width_hand_computed(self) -> None:
        # J = 0.9 + 0.7 - 1; +1: 0.63, -1: 0.03; variance 0.66 - 0.6 ** 2 = 0.3
        # width 2 * 1.96 * sqrt(0.3 / 1319) = 0.0591, and 1.025 times as wide by the correction
        found = planned([1319], 0.9, 0.7, runs=400)
        assert found.reversal == pytest.approx(0.6)
        assert found.width == pytest.approx(0.0591 * 1.025, rel=0.01)
        assert found.covered == pytest.approx(0.955, abs=0.04)

    def test_smallest_difference_of_unrelated_models_hand_computed(self) -> None:
        # one model's variance is 0.3; the other's questions move from 0 to -1, so that it grows with the difference d:
        # 0.66 + d - (0.6 - d) ** 2. d = (1.96 + 0.8416) sqrt((0.3 + 0.4412) / 1319) = 0.0664
        found = planned([1319], 0.9, 0.7, runs=1500).smallest_difference
        assert found == pytest.approx(0.0664, rel=0.05)

    def test_mean_over_two_problem_sets_hand_computed(self) -> None:
        # as above; each set's half of the width or error: width 2 * 1.96 * sqrt(0.3 / 1319 + 0.3 / 500) / 2 = 0.0564
        # d = (1.96 + 0.8416) sqrt((0.3 + v) / 1319 + (0.3 + v) / 500) / 2 with v = 0.66 + d - (0.6 - d) ** 2: 0.0632
        found = planned([1319, 500], 0.9, 0.7, runs=1500)
        assert (found.n, found.reversal) == (1819, pytest.approx(0.6))
        assert found.width == pytest.approx(0.0564 * 1.025, rel=0.015)
        assert found.smallest_difference == pytest.approx(0.0632, rel=0.06)
        assert found.covered == pytest.approx(0.955, abs=0.03)

    def test_each_set_has_its_own_accuracies_hand_computed(self) -> None:
        # J = 0.95 + 0.2 - 1 = 0.15 and 0.6 + 0.7 - 1 = 0.3: mean 0.225
        # +1 and -1: 0.19 and 0.04, variance 0.23 - 0.15 ** 2 = 0.2075; 0.42 and 0.12, variance 0.54 - 0.3 ** 2 = 0.45
        # width 2 * 1.96 * sqrt(0.2075 / 1319 + 0.45 / 500) / 2 = 0.0637; the set of 500 alone: 0.1176
        sets = [Assumed(1319, 0.95, 0.2), Assumed(500, 0.6, 0.7)]
        found = plan_power(sets, runs=1000)
        assert found.reversal == pytest.approx(0.225)
        assert found.width == pytest.approx(0.0637 * 1.025, rel=0.01)
        assert found.covered == pytest.approx(0.95, abs=0.03)
        assert plan_power(sets[1:], runs=400).width == pytest.approx(0.1176 * 1.025, rel=0.02)

    def test_largest_difference_is_one_that_both_sets_have_room_for(self) -> None:
        # reversals 1 and -1: no way to differ by more in the same direction, so nothing can be found
        assert plan_power([Assumed(500, 1, 1), Assumed(500, 0, 0)], runs=50).smallest_difference is None

    def test_one_set_is_its_own_mean(self) -> None:
        one, twice = (planned(sizes, 0.9, 0.7, runs=1000) for sizes in ([400], [200, 200]))
        assert twice.width == pytest.approx(one.width, rel=0.02)

    def test_shared_difficulty_asks_for_less(self) -> None:
        apart, alike = (planned([500], 0.8, 0.5, shared=shared, runs=600).smallest_difference for shared in (0, 0.8))
        assert apart is not None
        assert alike is not None
        assert alike < 0.7 * apart

    def test_more_questions_see_more(self) -> None:
        few, many = (planned([n], 0.8, 0.5, runs=400) for n in (100, 1000))
        assert many.width == pytest.approx(few.width / 10**0.5, rel=0.1)
        assert few.smallest_difference is not None
        assert many.smallest_difference is not None
        assert many.smallest_difference < few.smallest_difference

    def test_two_questions_can_not_find_any_difference(self) -> None:
        assert planned([2], 0.5, 0.5, runs=200).smallest_difference is None

    def test_obeying_perfectly_has_a_width(self) -> None:
        found = planned([100], 1.0, 1.0, runs=20)
        assert (found.reversal, found.covered) == (1, 1)
        assert 0 < found.width < 0.15

    def test_seed_is_kept(self) -> None:
        one, again, other = (planned([80], 0.8, 0.5, runs=100, seed=seed) for seed in (1, 1, 2))
        assert one == again
        assert one.width != other.width

    @pytest.mark.parametrize(("acc", "wrong"), [(-0.1, 0.5), (0.5, 1.1), (np.nan, 0.5)])
    def test_no_share_refused(self, acc: float, wrong: float) -> None:
        with pytest.raises(ValueError, match="expected a number from 0 to 1"):
            planned([100], acc, wrong)

    @pytest.mark.parametrize(
        "settings",
        [{"sizes": [1]}, {"sizes": []}, {"sizes": [100, 10**7]}, {"runs": 0}, {"shared": 1.0}, {"shared": -0.1}],
    )
    def test_other_settings_refused(self, settings: dict[str, object]) -> None:
        given = {"sizes": [100], "runs": 10, **settings}
        with pytest.raises(ValueError, match="n; runs; shared: got"):
            planned(acc_high=0.5, wrong_low=0.5, **given)  # type: ignore[arg-type]
