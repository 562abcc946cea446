"""A threshold fails the property whose branch is not taken, and no other."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.thresholds import FEWEST_EXAMPLES, hit, least, thresholds


def test_a_property_that_never_takes_its_branch_fails() -> None:
    @thresholds(large=0.5)
    @given(st.integers(0, 10**6))
    def prop(number: int) -> None:
        hit(large=number < 0)

    if settings().max_examples < FEWEST_EXAMPLES:
        prop()
    else:
        with pytest.raises(AssertionError, match=r"too few took \{'large': 0\}"):
            prop()


@thresholds(any=0.9)
@given(st.integers(0, 10**6))
def test_a_property_that_takes_its_branch_passes(number: int) -> None:
    hit(any=number >= 0)


def test_a_property_that_counts_nothing_fails() -> None:
    @thresholds(any=0.1)
    @given(st.integers())
    def prop(number: int) -> None:
        assert number == number

    with pytest.raises(AssertionError, match="no example was counted"):
        prop()


def test_a_floor_leaves_room_for_chance_and_rises_with_the_examples() -> None:
    assert least(0.5, 100) == pytest.approx(50 - 3 * 50**0.5)
    assert least(0.01, 100) < 0 < least(0.01, 1000)
