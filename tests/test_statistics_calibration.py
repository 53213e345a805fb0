import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reversed_persona.statistics.calibration import (
    TARGETS,
    beyond_ability,
    calibration_error,
    net_order,
    noise_floor,
    pairs_apart,
    slope,
)


def graded(*columns: list[float]) -> dict[str, np.ndarray]:
    return {name: np.array(column, dtype=float) for name, column in zip(TARGETS, columns, strict=True)}


class TestSlope:
    def test_hand_computed(self) -> None:
        # -1.5 c20 - 0.5 c40 + 0.5 c60 + 1.5 c80
        # right at 60 and 80: 2; at all: 0; at 20 only: -1.5; at 40 and 80: 1
        found = slope(graded([0, 1, 1, 0], [0, 1, 0, 1], [1, 1, 0, 0], [1, 1, 0, 1]))
        assert found == pytest.approx([2, 0, -1.5, 1])

    def test_on_target_averages_one(self) -> None:
        # of 10 questions 2, 4, 6, 8 right: (-1.5 * 2 - 0.5 * 4 + 0.5 * 6 + 1.5 * 8) / 10 = 1
        columns = [[1.0] * right + [0.0] * (10 - right) for right in (2, 4, 6, 8)]
        assert slope(graded(*columns)).mean() == pytest.approx(1)

    def test_is_the_least_squares_slope(self) -> None:
        accuracies = [0.3, 0.35, 0.8, 0.7]
        expected = np.polyfit(list(TARGETS.values()), accuracies, 1)[0]
        assert slope(graded(*[[value] for value in accuracies]))[0] == pytest.approx(expected)

    def test_missing_target_refused(self) -> None:
        for function in (slope, net_order):
            with pytest.raises(KeyError, match="graded_80"):
                function({name: np.ones(2) for name in list(TARGETS)[:3]})


class TestNetOrder:
    def test_hand_computed(self) -> None:
        # 0 0 1 1: pairs (20,60) (20,80) (40,60) (40,80) rise, two tie: 4/6; 1 0 0 0: three fall: -3/6
        # 0 1 0 1: (20,40) (20,80) (60,80) rise, (40,60) falls: 2/6; all alike: 0
        found = net_order(graded([0, 1, 0, 1], [0, 0, 1, 1], [1, 0, 0, 1], [1, 0, 1, 1]))
        assert found == pytest.approx([4 / 6, -3 / 6, 2 / 6, 0])

    @given(st.lists(st.sampled_from([0.0, 1.0]), min_size=4, max_size=4))
    def test_and_slope_change_sign_where_the_targets_are_reversed(self, correct: list[float]) -> None:
        for function in (slope, net_order):
            there = function(graded(*[[value] for value in correct]))[0]
            back = function(graded(*[[value] for value in reversed(correct)]))[0]
            assert there == pytest.approx(-back)


class TestPairsApart:
    def test_hand_computed(self) -> None:
        # the questions of net_order: 4 pairs rise; 3 fall; 3 rise and 1 falls; none differs
        found = pairs_apart(graded([0, 1, 0, 1], [0, 0, 1, 1], [1, 0, 0, 1], [1, 0, 1, 1]))
        assert found == pytest.approx([4 / 6, 3 / 6, 4 / 6, 0])

    def test_missing_target_refused(self) -> None:
        with pytest.raises(KeyError, match="graded_80"):
            pairs_apart({name: np.ones(2) for name in list(TARGETS)[:3]})


class TestCalibrationError:
    def test_hand_computed(self) -> None:
        # |0.5 - 0.2| + |0.5 - 0.4| + |0.5 - 0.6| + |0.5 - 0.8| = 0.8; over 4
        assert calibration_error(dict.fromkeys(TARGETS, 0.5)) == pytest.approx(0.2)

    def test_on_target_is_zero(self) -> None:
        assert calibration_error(TARGETS) == 0

    def test_missing_target_refused(self) -> None:
        with pytest.raises(KeyError, match="graded_40"):
            calibration_error({"graded_20": 0.2})

    @pytest.mark.parametrize(("n", "floor"), [(1319, 0.010), (500, 0.016)])
    def test_noise_floor_is_what_the_docstring_says(self, n: int, floor: float) -> None:
        random = np.random.default_rng(1)
        runs = [{name: random.binomial(n, target) / n for name, target in TARGETS.items()} for _ in range(3000)]
        assert np.mean([calibration_error(run) for run in runs]) == pytest.approx(floor, abs=0.0006)
        assert noise_floor(n) == pytest.approx(floor, abs=0.0006)


@pytest.mark.parametrize(("acc", "expected"), [(0.6, ["graded_80"]), (0.0, list(TARGETS)), (0.8, []), (1.0, [])])
def test_beyond_ability_are_the_targets_above_the_accuracy(acc: float, expected: list[str]) -> None:
    assert beyond_ability(acc) == expected
