"""Our rules about preflight responses, beyond the standards."""

import pytest

from spec import Exchange
from spec.rules.server.examples import (
    A_ALONE,
    A_WITH_CREDENTIALS,
    COUNT,
    CREDENTIALS,
    LIST,
    TRUE,
    WILDCARD,
    B,
    asks,
    gives,
    permits,
    says,
    seen,
)
from tests.helpers.verdicts import BROKEN, HOLDS, NOT, Row, verdict
from tests.unit.spec.rules.server.examples import FROM_A, FROM_B, PRIVATE, PRIVATE_TOO, WANTS_PRIVATE

ROWS: list[Row] = [
    ("A-PF-1", seen(LIST, asks(), says(200, "OK")), HOLDS),
    ("A-PF-1", seen(LIST, asks(B, "DELETE"), says(400, "Disallowed CORS origin, method")), HOLDS),
    ("A-PF-1", seen(LIST, asks(B), says(400, "OK")), BROKEN),
    ("A-PF-1", seen(LIST, FROM_A, gives()), NOT),
    ("A-PF-2", seen(LIST, asks(), says(200, "OK")), HOLDS),
    ("A-PF-2", seen(LIST, asks(), gives("content-type: text/plain; charset=utf-8")), BROKEN),
    ("A-PF-2", seen(LIST, asks(), gives("content-length: 5")), BROKEN),
    ("A-PF-3", seen(LIST, asks(), says(200, "OK")), HOLDS),
    ("A-PF-4", seen(LIST, asks(), says(200, "OK", permits())), NOT),
    ("A-PF-4", seen(LIST, FROM_B, gives()), NOT),
    ("A-PF-4", seen(LIST, asks(B), gives("x-extra: 1")), HOLDS),
    ("A-PF-4", seen(LIST, asks(B), gives("Access-Control-Other: 1")), BROKEN),
    ("A-PF-5", seen(LIST, asks(B), gives()), NOT),
    ("A-PF-5", seen(LIST, FROM_A, gives()), NOT),
    ("A-PF-5", seen(LIST, asks(), gives(A_ALONE)), HOLDS),
    ("A-PF-5", seen(LIST, asks(), gives(A_WITH_CREDENTIALS)), BROKEN),
    ("A-PF-5", seen(CREDENTIALS, asks(), gives(A_WITH_CREDENTIALS)), HOLDS),
    ("A-PF-5", seen(CREDENTIALS, asks(), gives(A_ALONE)), BROKEN),
    ("A-PF-5", seen(WILDCARD, asks(), gives("access-control-allow-origin: *")), HOLDS),
    ("A-PF-5", seen(WILDCARD, asks(), gives(A_ALONE)), BROKEN),
    ("A-PF-10", seen(LIST, asks(), says(200, "OK", permits())), HOLDS),
    ("A-PF-10", seen(LIST, asks(), gives(COUNT)), BROKEN),
    ("A-PF-10", seen(LIST, asks(), gives("vary: a | vary: a")), BROKEN),
    ("A-PF-10", seen(LIST, asks(), gives("Vary: a")), BROKEN),
    ("A-PF-10", seen(LIST, asks(), gives("content-type: a | content-type: b")), BROKEN),
    ("A-PF-10", seen(PRIVATE, WANTS_PRIVATE, says(200, "OK", permits(more=PRIVATE_TOO))), HOLDS),
    ("A-PF-10", seen(CREDENTIALS, asks(), says(200, "OK", permits(more=TRUE))), HOLDS),
    ("A-PF-10", seen(PRIVATE, asks(), says(200, "OK", permits(more=f"{TRUE} | {PRIVATE_TOO}"))), HOLDS),
]


@pytest.mark.parametrize(("rule_id", "exchanges", "expected"), ROWS)
def test_a_rule_says(rule_id: str, exchanges: tuple[Exchange, ...], expected: str) -> None:
    assert verdict(rule_id, exchanges) == expected
