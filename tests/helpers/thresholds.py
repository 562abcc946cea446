"""Thresholds: a property fails when its interesting branches were hardly ever taken, so none is vacuous."""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Callable
from typing import ParamSpec

from hypothesis import event, settings

P = ParamSpec("P")

# With fewer examples than this (mutation runs) a share says nothing.
FEWEST_EXAMPLES = 100

_counts: Counter[str] = Counter()
_examples = "examples"


def hit(**branches: bool) -> None:
    """Count one example of a property, and those of its branches that it took."""
    _counts[_examples] += 1
    for name, taken in branches.items():
        if taken:
            _counts[name] += 1
            event(name)


def least(share: float, examples: int) -> float:
    """How often a branch of this share is taken at least: three standard deviations less, for chance."""
    return share * examples - 3 * math.sqrt(share * examples)


def thresholds(**shares: float) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Fail a property when clearly less than this share (0 to 1) of its examples took this branch.

    It stands above `@given`; the property calls `hit` once for each example. A branch that `hit` never
    names has a share of 0. Small shares only count in long runs.
    """

    def decorate(prop: Callable[P, None]) -> Callable[P, None]:
        @functools.wraps(prop)
        def measured(*args: P.args, **kwargs: P.kwargs) -> None:
            _counts.clear()
            prop(*args, **kwargs)
            examples = _counts[_examples]
            assert examples, "no example was counted"
            if settings().max_examples < FEWEST_EXAMPLES:
                return
            missed = {name: _counts[name] for name in shares if _counts[name] < least(shares[name], examples)}
            assert not missed, f"of {examples} examples, too few took {missed}; asked were {shares}"

        return measured

    return decorate
