"""What real browsers did, as `python -m tests.browsers` has written it down, is what the model does today."""

from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import get_args

import pytest

from tests.browsers import confirmed, outcomes
from tests.browsers.cases import Case, Theorem
from tests.browsers.engines import ENGINES
from tests.browsers.seen import Seen, disagreements, hidden_deviations, means_the_same

AT_LEAST = {"single": 1_500, "end to end": 1_000}
FEWEST = 30
"""How many cases there are at least of a theorem, and of those that have no number of their own."""

every_engine = pytest.mark.parametrize("name", ENGINES)


@cache
def cases() -> Mapping[str, Case]:
    """All cases by their keys."""
    return outcomes.known_cases()


@cache
def browsers() -> Mapping[str, outcomes.Browser]:
    """What was seen, by engines."""
    return outcomes.read()


def tried(name: str) -> list[tuple[Case, Seen]]:
    """The cases that an engine has tried, each with what was seen."""
    return [(cases()[key], seen) for key, seen in browsers()[name].seen.items()]


def test_three_engines_were_tried() -> None:
    assert set(browsers()) == set(ENGINES)
    assert all(browser.version[:1].isdigit() for browser in browsers().values())


@pytest.mark.slow
@every_engine
def test_an_engine_has_tried_every_case_that_there_is_but_streams_where_it_takes_none(name: str) -> None:
    streams = {key for key, case in cases().items() if any(fetch.stream_body for fetch in case.fetches)}
    keys = set(browsers()[name].seen)
    assert keys | streams == set(cases())
    assert keys & streams in (set(), streams)


@pytest.mark.slow
@every_engine
def test_an_engine_did_what_its_model_does(name: str) -> None:
    found = {
        key: problems
        for key, seen in browsers()[name].seen.items()
        if (problems := disagreements(cases()[key], seen, ENGINES[name]))
    }
    assert found == {}


@pytest.mark.slow
@every_engine
def test_an_engine_has_tried_enough_cases_of_every_theorem(name: str) -> None:
    counts = Counter(case.theorem for case, _ in tried(name))
    assert set(counts) == set(get_args(Theorem))
    few = {theorem: n for theorem, n in counts.items() if n < AT_LEAST.get(theorem, FEWEST)}
    assert few == {}


@pytest.mark.slow
@every_engine
def test_the_meaning_of_configurations_was_tried_on_an_engine_that_allows_and_refuses(name: str) -> None:
    answered = [
        seen.got[0].allowed
        for case, seen in tried(name)
        if case.config is not None and means_the_same(case.fetches[0], ENGINES[name])
    ]
    assert len(answered) >= 1_000
    assert min(answered.count(True), answered.count(False)) >= 0.4 * len(answered)


@pytest.mark.slow
@every_engine
def test_every_deviation_of_an_engine_is_shown_by_a_case(name: str) -> None:
    assert hidden_deviations(ENGINES[name], tried(name)) == []


@pytest.mark.slow
def test_the_counts_of_cases_that_confirm_rules_are_fresh() -> None:
    assert confirmed.read() == confirmed.confirmations(browsers(), cases())
