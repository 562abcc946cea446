"""The rules about which requests are preflights, and that they are answered without the application."""

import pytest

from spec import Exchange
from spec.rules.server.examples import LIST, A, B, asks, get, gives, seen
from tests.helpers.verdicts import BROKEN, HOLDS, NOT, Row, verdict
from tests.unit.spec.rules.server.examples import FROM_A, NO, OK, TO_A

ROWS: list[Row] = [
    *(
        (rule, seen(LIST, request, gives(), calls=calls), expected)
        for rule in ("D-26", "S-PF-1")
        for request, calls, expected in [
            (asks(), None, NOT),
            (asks(), 0, HOLDS),
            (asks(), 1, BROKEN),
            (FROM_A, 1, HOLDS),
            (FROM_A, 0, BROKEN),
            (get(f"origin: {A}", "OPTIONS"), 0, BROKEN),
            (get("access-control-request-method: PUT", "OPTIONS"), 0, BROKEN),
        ]
    ),
    *(
        (rule, seen(LIST, request, gives(status=status)), expected)
        for rule in ("D-27", "S-PF-3")
        for request, status, expected in [
            (FROM_A, 200, NOT),
            (asks(), 200, HOLDS),
            (asks(), 204, BROKEN),
            (asks(), 400, BROKEN),
            (asks(B), 400, HOLDS),
            (asks(B), 403, BROKEN),
            (asks(B), 200, BROKEN),
        ]
    ),
    ("S-PF-2", seen(LIST, asks(), OK), NOT),
    ("S-PF-2", seen(LIST, FROM_A, TO_A, calls=1), NOT),
    ("S-PF-2", seen(LIST, asks(), OK, calls=0), HOLDS),
    ("S-PF-2", seen(LIST, asks(B), NO, calls=1), BROKEN),
    ("S-PF-14", seen(LIST, FROM_A, gives(status=302)), NOT),
    *(
        ("S-PF-14", seen(LIST, asks(), gives(status=status)), expected)
        for status, expected in [(200, HOLDS), (299, HOLDS), (300, BROKEN), (399, BROKEN), (400, HOLDS)]
    ),
    *(
        ("S-PF-16", seen(LIST, request, TO_A, calls=calls), expected)
        for request, calls, expected in [
            (asks(), 1, NOT),
            (FROM_A, 1, NOT),
            (get(f"origin: {A}", "OPTIONS"), None, NOT),
            (get(f"origin: {A}", "OPTIONS"), 1, HOLDS),
            (get(f"origin: {A}", "OPTIONS"), 0, BROKEN),
            (get(f"origin: {A}", "OPTIONS"), 2, BROKEN),
        ]
    ),
]


@pytest.mark.parametrize(("rule_id", "exchanges", "expected"), ROWS)
def test_a_rule_says(rule_id: str, exchanges: tuple[Exchange, ...], expected: str) -> None:
    assert verdict(rule_id, exchanges) == expected
