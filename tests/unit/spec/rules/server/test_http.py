"""The rules of HTTP for any server, where CORS touches them."""

import pytest

from spec import Exchange
from spec.rules.server.examples import LIST, PLAIN, asks, get, gives, seen
from tests.helpers.verdicts import BROKEN, HOLDS, NOT, Row, verdict
from tests.unit.spec.rules.server.examples import FROM_A

ALLOW = "allow: GET, HEAD"

ROWS: list[Row] = [
    ("S-HTTP-11", seen(LIST, FROM_A, gives()), NOT),
    ("S-HTTP-11", seen(LIST, asks(), gives(status=400)), NOT),
    ("S-HTTP-11", seen(LIST, asks(), gives()), BROKEN),
    ("S-HTTP-11", seen(LIST, asks(), gives(ALLOW, 204)), HOLDS),
    ("S-HTTP-12", seen(LIST, get(), gives(status=404)), NOT),
    ("S-HTTP-12", seen(LIST, get(), gives(status=405)), BROKEN),
    ("S-HTTP-12", seen(LIST, get(), gives(ALLOW, 405)), HOLDS),
    ("S-HTTP-12", seen(LIST, asks(), gives(status=405), gives(ALLOW)), BROKEN),
    ("S-HTTP-12", seen(LIST, asks(), gives("allow: PUT", 405), gives(ALLOW)), HOLDS),
    ("S-HTTP-12", seen(LIST, asks(), gives(status=400), gives(ALLOW, 405)), NOT),
    ("S-HTTP-12", seen(LIST, get(), gives(), gives(ALLOW)), NOT),
    ("S-HTTP-12", seen(LIST, get(), gives(), gives(ALLOW, 501)), NOT),
    ("S-HTTP-12", seen(LIST, get(), gives(status=405), gives(status=405)), NOT),
    ("S-HTTP-12", seen(LIST, get(), gives(ALLOW, 405), gives(ALLOW, 405)), HOLDS),
    ("S-HTTP-12", seen(LIST, get(), gives("allow: PUT", 405), gives(ALLOW, 405)), BROKEN),
    ("S-HTTP-12", seen(LIST, get(), gives(ALLOW, 501), gives(ALLOW, 405)), BROKEN),
    *(
        ("S-HTTP-13", seen(LIST, request, gives(status=status, body=body), app), expected)
        for request, status, body, app, expected in [
            (get(), 200, "", None, NOT),
            (get(), 204, "", None, HOLDS),
            (get(), 304, "", None, HOLDS),
            (get(), 304, "a", None, BROKEN),
            (asks(), 204, "a", PLAIN, BROKEN),
            (get(), 204, "a", PLAIN, NOT),
        ]
    ),
]


@pytest.mark.parametrize(("rule_id", "exchanges", "expected"), ROWS)
def test_a_rule_says(rule_id: str, exchanges: tuple[Exchange, ...], expected: str) -> None:
    assert verdict(rule_id, exchanges) == expected
