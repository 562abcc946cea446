"""The deviations of browsers are told whole, and each by a case that shows it."""

from dataclasses import replace

import pytest

from spec.browser import STANDARD
from tests.browsers.deviations import DEVIATIONS, Deviation, effect, is_complete, reproduction, rows
from tests.browsers.seen import modelled

SHOWN = [deviation for deviation in DEVIATIONS if deviation.case is not None]


def test_every_deviation_is_told_once() -> None:
    assert is_complete()


def test_only_the_limit_of_max_age_takes_too_long_to_be_shown() -> None:
    assert [deviation.field for deviation in DEVIATIONS if deviation not in SHOWN] == ["max_age_limit"]


@pytest.mark.parametrize("deviation", SHOWN, ids=lambda deviation: deviation.field)
def test_a_case_shows_its_deviation_in_every_engine_that_has_it(deviation: Deviation) -> None:
    assert deviation.case is not None
    assert deviation.engines
    usual = getattr(STANDARD, deviation.field)
    for engine in deviation.engines:
        without = replace(engine, **{deviation.field: usual})
        assert modelled(deviation.case, engine) != modelled(deviation.case, without)
        assert effect(deviation.case, engine) != effect(deviation.case, STANDARD)


def test_a_reproduction_is_what_a_script_does_and_servers_answer() -> None:
    by_field = {deviation.field: deviation for deviation in SHOWN}

    def told(field: str) -> tuple[str, str]:
        case = by_field[field].case
        assert case is not None
        return reproduction(case), effect(case, STANDARD)

    assert told("empty_location") == (
        "`fetch(away)`; away/0: 303, `Location: `",
        "GET, 20 × GET from own, blocked",
    )
    assert told("limits_total_length")[0] == (
        '`fetch(away, {headers: Array(9).fill(["Accept", "a".repeat(128)])})`'
    )
    assert told("largest_max_age") == (
        '`fetch(away, {method: "PUT"})`; 6 seconds later; `fetch(away, {method: "PUT"})`; '
        "away: `Access-Control-Allow-Methods: PUT`, `Access-Control-Max-Age: 99999999999999999999`",
        "preflight, PUT, read; PUT, read",
    )
    assert told("cors_failure_clears_cache")[0].endswith("allows the origin to preflights alone")


def test_the_table_has_a_row_for_each() -> None:
    told = list(rows())
    assert [row[0] for row in told] == [deviation.says for deviation in DEVIATIONS]
    assert {len(row) for row in told} == {5}
    assert ("takes too long", "", "") in [row[2:] for row in told]
