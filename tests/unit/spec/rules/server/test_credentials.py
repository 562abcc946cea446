"""The rules about when responses allow credentials."""

import pytest

from spec import Config, Exchange
from spec.rules.server.examples import (
    A_ALONE,
    A_WITH_CREDENTIALS,
    CREDENTIALS,
    LIST,
    PATTERN,
    PLAIN,
    REGEX,
    TRUE,
    TWO,
    B,
    asks,
    get,
    gives,
    permits,
    says,
    seen,
)
from tests.helpers.verdicts import BROKEN, HOLDS, NOT, Row, either_way, verdict
from tests.unit.spec.rules.server.examples import (
    ACRH,
    ANYONE,
    APP_TRUE,
    FROM_A,
    FROM_B,
    NO,
    OK,
    SITES,
    STAR,
    TO_A,
    TO_A_WITH_CREDENTIALS,
    TO_B,
    TO_NONE,
)

ROWS: list[Row] = [
    ("S-ORG-5", seen(LIST, get(), gives(TRUE)), NOT),
    ("S-ORG-5", seen(LIST, FROM_A, gives(TRUE)), NOT),
    ("S-ORG-5", seen(LIST, FROM_B, gives()), HOLDS),
    ("S-ORG-5", seen(LIST, FROM_B, gives(A_ALONE)), HOLDS),
    ("S-ORG-5", seen(LIST, FROM_B, gives(ANYONE)), BROKEN),
    ("S-ORG-5", seen(LIST, FROM_B, gives(f"access-control-allow-origin: {B}")), BROKEN),
    # A server may name its one origin to everyone, with what goes with it.
    ("S-ORG-5", seen(CREDENTIALS, FROM_B, gives(A_WITH_CREDENTIALS)), HOLDS),
    ("S-ORG-5", seen(CREDENTIALS, FROM_B, gives(TRUE)), BROKEN),
    ("S-ORG-5", seen(Config(), FROM_B, gives(TRUE)), BROKEN),
    (
        "S-ORG-5",
        seen(
            TWO,
            get("origin: https://c.example"),
            gives(f"{A_ALONE} | access-control-allow-origin: {B} | {TRUE}"),
        ),
        BROKEN,
    ),
    ("S-ORG-5", seen(TWO, get("origin: https://c.example"), gives(A_WITH_CREDENTIALS)), BROKEN),
    ("S-ORG-5", seen(REGEX, get("origin: https://c.d.example"), gives(A_WITH_CREDENTIALS)), BROKEN),
    (
        "S-ORG-5",
        seen(PATTERN, FROM_B, gives(f"access-control-allow-origin: https://*.a.example | {TRUE}")),
        BROKEN,
    ),
    # What the application says is not the server's
    ("S-ORG-5", seen(LIST, FROM_B, APP_TRUE, APP_TRUE), HOLDS),
    ("S-ORG-5", seen(LIST, FROM_B, APP_TRUE, PLAIN), BROKEN),
    ("S-ORG-5", seen(LIST, FROM_B, gives(f"{TRUE} | {TRUE}"), APP_TRUE), BROKEN),
    ("S-ORG-5", seen(LIST, asks(B), APP_TRUE, APP_TRUE), BROKEN),
    ("S-CRD-1", seen(CREDENTIALS, FROM_A, gives(A_WITH_CREDENTIALS)), HOLDS),
    ("S-CRD-1", seen(CREDENTIALS, FROM_A, gives(ANYONE)), HOLDS),
    ("S-CRD-1", seen(CREDENTIALS, asks(), gives(f"{ANYONE} | {TRUE}")), BROKEN),
    *(
        row
        for preflight, request, answer, expected in [
            (asks(), FROM_A, TO_A_WITH_CREDENTIALS, HOLDS),
            (asks(), FROM_A, TO_A, BROKEN),
            (asks(method="DELETE"), FROM_A, TO_A_WITH_CREDENTIALS, NOT),
            (asks(), FROM_B, TO_B, NOT),
            (asks(), asks(), TO_A_WITH_CREDENTIALS, NOT),
        ]
        for row in either_way(
            "S-CRD-2",
            CREDENTIALS,
            (preflight, says(200, "OK", permits(more=TRUE))),
            (request, answer),
            expected,
        )
    ),
    *either_way("S-CRD-2", SITES, (asks(method="GET"), OK), (FROM_B, TO_B), NOT),
    *either_way("S-CRD-2", LIST, (asks(), OK), (FROM_A, TO_A), NOT),
    ("S-CRD-2", (*seen(CREDENTIALS, asks(), OK), *seen(SITES, FROM_A, TO_A)), NOT),
    *(
        ("S-CRD-3", seen(config, request, gives(headers)), expected)
        for config, request, headers, expected in [
            (LIST, asks(), STAR, NOT),
            (CREDENTIALS, asks(B), STAR, NOT),
            (CREDENTIALS, FROM_A, STAR, NOT),
            (CREDENTIALS, asks(), "", HOLDS),
            (CREDENTIALS, asks(), "access-control-allow-methods: PUT, *", BROKEN),
            (CREDENTIALS, asks(), f"{STAR}, a", BROKEN),
            (CREDENTIALS, asks(more=f"{ACRH}a"), STAR, BROKEN),
            (CREDENTIALS, asks(more=f"{ACRH}*"), STAR, HOLDS),
            (CREDENTIALS, asks(more=f"{ACRH}*"), f"{STAR} | access-control-allow-methods: *", BROKEN),
        ]
    ),
    ("S-CRD-5", seen(LIST, FROM_A, gives(status=401)), NOT),
    *(
        ("S-CRD-5", seen(LIST, asks(), gives(status=status)), expected)
        for status, expected in [(200, HOLDS), (400, HOLDS), (401, BROKEN), (403, HOLDS)]
    ),
    *(
        ("D-10", seen(config, request, answer), expected)
        for config, request, answer, expected in [
            (LIST, FROM_A, TO_A, NOT),
            (CREDENTIALS, FROM_B, TO_NONE, NOT),
            (CREDENTIALS, get(), TO_NONE, NOT),
            (CREDENTIALS, asks(method="DELETE"), NO, NOT),
            (CREDENTIALS, asks(), OK, BROKEN),
            (CREDENTIALS, asks(), says(200, "OK", permits(more=TRUE)), HOLDS),
            (CREDENTIALS, FROM_A, TO_A, BROKEN),
            (CREDENTIALS, FROM_A, TO_A_WITH_CREDENTIALS, HOLDS),
            (CREDENTIALS, FROM_A, gives(f"{A_WITH_CREDENTIALS} | {TRUE}"), BROKEN),
        ]
    ),
]


@pytest.mark.parametrize(("rule_id", "exchanges", "expected"), ROWS)
def test_a_rule_says(rule_id: str, exchanges: tuple[Exchange, ...], expected: str) -> None:
    assert verdict(rule_id, exchanges) == expected
