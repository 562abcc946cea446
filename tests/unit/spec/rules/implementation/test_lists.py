"""Our rules about lists in preflight responses, and about private networks."""

import pytest

from spec import Config, Exchange
from spec.rules.server.examples import ANY_HEADER, LIST, TOKEN, A, B, asks, get, gives, permits, seen
from tests.helpers.verdicts import BROKEN, HOLDS, NOT, Row, verdict
from tests.unit.spec.rules.server.examples import PRIVATE, PRIVATE_TOO, WANTS_PRIVATE

NO_METHODS = Config(allow_origins=(A,), allow_methods=())
WANTS_TWO = asks(more="access-control-request-headers: x-b,x-a")

ROWS: list[Row] = [
    ("A-PF-6", seen(LIST, asks(B), gives()), NOT),
    ("A-PF-6", seen(LIST, asks(), gives("access-control-allow-methods: GET, PUT")), HOLDS),
    ("A-PF-6", seen(LIST, asks(), gives("access-control-allow-methods: GET,PUT")), BROKEN),
    ("A-PF-6", seen(LIST, asks(), gives()), BROKEN),
    ("A-PF-6", seen(NO_METHODS, asks(), gives()), HOLDS),
    ("A-PF-6", seen(NO_METHODS, asks(), gives("access-control-allow-methods: ")), BROKEN),
    ("A-PF-7", seen(ANY_HEADER, asks(), gives()), NOT),
    ("A-PF-7", seen(LIST, asks(B), gives()), NOT),
    ("A-PF-7", seen(LIST, asks(), gives(permits())), HOLDS),
    ("A-PF-7", seen(LIST, asks(), gives()), BROKEN),
    ("A-PF-8", seen(LIST, asks(), gives()), NOT),
    ("A-PF-8", seen(ANY_HEADER, asks(B), gives()), NOT),
    ("A-PF-8", seen(ANY_HEADER, asks(), gives()), HOLDS),
    ("A-PF-8", seen(ANY_HEADER, asks(), gives("access-control-allow-headers: ")), BROKEN),
    ("A-PF-8", seen(ANY_HEADER, asks(more=TOKEN), gives("access-control-allow-headers: x-token")), HOLDS),
    ("A-PF-8", seen(ANY_HEADER, WANTS_TWO, gives("access-control-allow-headers: x-b, x-a")), HOLDS),
    ("A-PF-8", seen(ANY_HEADER, WANTS_TWO, gives("access-control-allow-headers: x-b,x-a")), BROKEN),
    ("A-PF-8", seen(ANY_HEADER, asks(more="access-control-request-headers: x b"), gives()), HOLDS),
    ("A-PF-9", seen(PRIVATE, get(), gives()), NOT),
    ("A-PF-9", seen(PRIVATE, WANTS_PRIVATE, gives(PRIVATE_TOO)), HOLDS),
    ("A-PF-9", seen(PRIVATE, asks(), gives()), HOLDS),
    ("A-PF-9", seen(PRIVATE, asks(), gives(PRIVATE_TOO)), BROKEN),
    ("A-PF-9", seen(LIST, WANTS_PRIVATE, gives()), HOLDS),
    ("A-PF-9", seen(LIST, WANTS_PRIVATE, gives(PRIVATE_TOO)), BROKEN),
]


@pytest.mark.parametrize(("rule_id", "exchanges", "expected"), ROWS)
def test_a_rule_says(rule_id: str, exchanges: tuple[Exchange, ...], expected: str) -> None:
    assert verdict(rule_id, exchanges) == expected
