"""The rules about when a response grants access to a private network."""

import pytest

from spec import Exchange
from spec.rules.server.examples import LIST, asks, get, gives, seen
from tests.helpers.verdicts import BROKEN, HOLDS, NOT, Row, verdict
from tests.unit.spec.rules.server.examples import FROM_A, PRIVATE, PRIVATE_TOO, WANTS_PRIVATE

ROWS: list[Row] = [
    ("X-PNA-1", seen(LIST, FROM_A, gives()), NOT),
    ("X-PNA-1", seen(LIST, asks(), gives()), HOLDS),
    ("X-PNA-1", seen(LIST, get("access-control-request-private-network: true"), gives()), NOT),
    ("X-PNA-1", seen(PRIVATE, WANTS_PRIVATE, gives(PRIVATE_TOO)), NOT),
    ("X-PNA-1", seen(PRIVATE, asks(), gives(PRIVATE_TOO)), BROKEN),
    ("X-PNA-1", seen(LIST, WANTS_PRIVATE, gives()), HOLDS),
    ("X-PNA-1", seen(LIST, WANTS_PRIVATE, gives("access-control-allow-private-network: false")), HOLDS),
    ("X-PNA-1", seen(LIST, WANTS_PRIVATE, gives(f"{PRIVATE_TOO} | {PRIVATE_TOO}")), BROKEN),
]


@pytest.mark.parametrize(("rule_id", "exchanges", "expected"), ROWS)
def test_a_rule_says(rule_id: str, exchanges: tuple[Exchange, ...], expected: str) -> None:
    assert verdict(rule_id, exchanges) == expected
