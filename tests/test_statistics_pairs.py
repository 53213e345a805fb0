"""Every pair at once must be what each pair is by itself."""

import numpy as np
import pytest

from reversed_persona.statistics.intervals import combined_interval, interval_of
from reversed_persona.statistics.pairs import combined_pairs, pair_intervals
from reversed_persona.statistics.ranks import rank_models


def scores(n: int, m: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).choice([-1.0, 0.0, 1.0], size=(n, m), p=[0.1, 0.3, 0.6])


def test_pair_intervals_are_interval_of_for_each_pair() -> None:
    values = scores(60, 4)
    found = pair_intervals(values)
    for one in range(4):
        for other in range(4):
            expected = interval_of(values[:, one] - values[:, other], differences=True)
            assert found.of(one, other) == pytest.approx(expected)


def test_pair_intervals_of_averages_over_repeats_are_interval_of_too() -> None:
    values = scores(30, 3)
    values[0] = 0.5
    found = pair_intervals(values)
    assert found.of(0, 2) == pytest.approx(interval_of(values[:, 0] - values[:, 2], differences=True))


def test_pair_intervals_of_one_question_and_one_model_exist() -> None:
    found = pair_intervals(np.array([[1.0]]))
    assert found.of(0, 0).estimate == 0.0
    assert found.of(0, 0).low < 0 < found.of(0, 0).high


def test_combined_pairs_are_combined_interval() -> None:
    parts = [pair_intervals(scores(n, 3, n)) for n in (40, 25)]
    assert combined_pairs(*parts).of(0, 2) == pytest.approx(combined_interval(*(part.of(0, 2) for part in parts)))


@pytest.mark.parametrize("bad", [np.zeros((0, 2)), np.zeros(3), np.array([[np.nan]])])
def test_pair_intervals_without_finite_scores_raise(bad: np.ndarray) -> None:
    with pytest.raises(ValueError, match="expected finite numbers of"):
        pair_intervals(bad)


def test_combined_pairs_of_none_raise() -> None:
    with pytest.raises(ValueError, match="expected one or more"):
        combined_pairs()


def test_adjusted_p_is_below_alpha_exactly_where_one_is_better() -> None:
    random = np.random.default_rng(3)
    values = np.stack([np.where(random.random(200) < share, 1.0, 0.0) for share in (0.2, 0.3, 0.4, 0.9)], axis=1)
    ranking = rank_models([values], draws=2_000)
    apart = ranking.better | ranking.better.T
    assert apart.any() and not apart.all()
    assert ((ranking.p <= 0.05) == apart).all()
    assert (ranking.p == ranking.p.T).all() and (np.diag(ranking.p) == 1.0).all()
    assert ranking.p.min() >= 1 / 2_001


def test_adjusted_p_of_models_that_answer_alike_is_one() -> None:
    alike = np.tile(scores(50, 1), (1, 2))
    assert rank_models([alike]).p[0, 1] == 1.0
