"""Hypothesis, and how a value is drawn from a pool. Needs the extra `strategies`."""

from collections.abc import Sequence
from functools import cache
from typing import TypeVar

from spec.extras import needed

try:
    from hypothesis import strategies as st
except ModuleNotFoundError as problem:
    raise needed(problem) from None

__all__ = ["pick", "picks", "st"]

Value = TypeVar("Value")


# Building and validating a strategy costs more than drawing from it: these are built once for each size.
@cache
def _indices(size: int) -> st.SearchStrategy[int]:
    return st.integers(0, size - 1)


@cache
def _index_lists(size: int, most: int, least: int = 0) -> st.SearchStrategy[list[int]]:
    return st.lists(_indices(size), min_size=least, max_size=most)


def pick(draw: st.DrawFn, pool: Sequence[Value]) -> Value:
    """One value of a pool, the first when it shrinks; values that stand in it twice come more often."""
    return pool[draw(_indices(len(pool)))]


def picks(draw: st.DrawFn, pool: Sequence[Value], most: int, least: int = 0) -> tuple[Value, ...]:
    """Some values of a pool, some of them perhaps more than once."""
    return tuple(pool[index] for index in draw(_index_lists(len(pool), most, least)))
