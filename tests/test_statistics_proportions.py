import pytest

from reversed_persona.statistics.proportions import wilson_interval


class TestWilsonInterval:
    # R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3
    @pytest.mark.parametrize(
        ("k", "n", "low", "high"),
        [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
    )
    def test_published_examples(self, k: int, n: int, low: float, high: float) -> None:
        found = wilson_interval(k, n)
        assert (found.estimate, round(found.low, 4), round(found.high, 4)) == (k / n, low, high)

    def test_all_right_is_uncertain_below_only(self) -> None:
        # n / (n + z^2) with z = 1.96: 64 / 67.8415 = 0.9434
        found = wilson_interval(64, 64)
        assert found.low == pytest.approx(64 / (64 + 1.959964**2))
        assert found.high == 1

    @pytest.mark.parametrize(("k", "n"), [(0, 0), (-1, 5), (6, 5)])
    def test_impossible_counts_are_refused(self, k: int, n: int) -> None:
        with pytest.raises(ValueError, match="expected k from 0 to n"):
            wilson_interval(k, n)
