import pytest
from hypothesis import given
from hypothesis import strategies as st

from reversed_persona.statistics.degeneracy import degeneracy


def test_hand_computed() -> None:
    # 0 three times of five; offsets that are numbers: -7, -7, 1: two of three
    found = degeneracy(["0", "0", "0", "5", "x"], [-7, -7, None, 1, None])
    assert found is not None
    assert (found.n_wrong, found.modal_value, found.modal_wrong_share) == (5, "0", pytest.approx(3 / 5))
    assert (found.modal_offset, found.modal_offset_share) == (-7, pytest.approx(2 / 3))


def test_no_numbers_has_no_offset() -> None:
    found = degeneracy(["x", "y"], [None, None])
    assert found is not None
    assert (found.modal_offset, found.modal_offset_share, found.flagged) == (None, None, False)


@pytest.mark.parametrize(
    ("alike", "n", "flagged"), [(4, 20, True), (3, 20, False), (19, 19, False), (20, 20, True), (19, 100, False)]
)
def test_flagged_from_a_fifth_of_20(alike: int, n: int, flagged: bool) -> None:
    spread = list(range(n - alike))
    by_value = degeneracy(["same"] * alike + spread, [1000 + place for place in range(n)])
    by_offset = degeneracy(list(range(n)), [1] * alike + [1000 + place for place in spread])
    assert by_value is not None
    assert by_offset is not None
    assert by_value.flagged == by_offset.flagged == flagged


def test_nothing_wrong_is_none() -> None:
    assert degeneracy([], []) is None


def test_lengths_that_differ_refused() -> None:
    with pytest.raises(ValueError, match=r"offsets: got 1; expected one for each of the 2 values"):
        degeneracy(["1", "2"], [0])


@given(st.lists(st.integers(0, 5), min_size=1, max_size=40))
def test_share_lies_between_one_of_the_kinds_and_all(values: list[int]) -> None:
    found = degeneracy(values, values)
    assert found is not None
    assert 1 / len(set(values)) <= found.modal_wrong_share <= 1
    assert found.modal_wrong_share == found.modal_offset_share == values.count(found.modal_value) / len(values)
