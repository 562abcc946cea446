"""Times: what a middleware adds to a request, over the bare app."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from time import perf_counter

from tests.benchmarks.cases import requests
from tests.helpers.asgi import App, Scope

ROUNDS = 151
FEWEST_ROUNDS = 15
SECONDS_PER_TURN = 0.001
SECONDS_PER_CASE = 3.0


def turn(app: App, scope: Scope, count: int) -> float:
    """Seconds per request, over `count` requests."""
    scopes = [dict(scope) for _ in range(count)]
    start = perf_counter()
    requests(app, scopes)
    return (perf_counter() - start) / count


def added(rounds: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Microseconds that each adds to `bare`: the medians of the differences within a round of seconds."""
    names = [name for name in rounds[0] if name != "bare"]
    return {name: median((each[name] - each["bare"]) * 1e6 for each in rounds) for name in names}


def timed(apps: Mapping[str, App], scope: Scope) -> dict[str, float]:
    """Microseconds that each app adds to the one named `bare`. All take turns: noise hits all alike."""
    counts = {name: int(SECONDS_PER_TURN / turn(app, scope, 20)) or 1 for name, app in apps.items()}
    end = perf_counter() + SECONDS_PER_CASE
    rounds: list[dict[str, float]] = []
    while len(rounds) < FEWEST_ROUNDS or (len(rounds) < ROUNDS and perf_counter() < end):
        rounds.append({name: turn(app, scope, counts[name]) for name, app in apps.items()})
    return added(rounds)
