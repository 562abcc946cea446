"""The rules about what pages of allowed origins can read."""

from dataclasses import replace

import pytest

from spec import RULES, Config, Exchange
from spec.browser.exposure import FORBIDDEN_RESPONSE_HEADERS as NOBODYS
from spec.browser.exposure import SAFELISTED_RESPONSE_HEADERS as EVERYBODYS
from spec.rules.server.examples import (
    A_ALONE,
    A_WITH_CREDENTIALS,
    COUNT,
    CREDENTIALS,
    LIST,
    WILDCARD,
    A,
    asks,
    get,
    gives,
    seen,
)
from tests.helpers.verdicts import BROKEN, HOLDS, NOT, Row, verdict
from tests.unit.spec.rules.server.examples import ACEH, ANYONE, FROM_A, FROM_B

EVERY = replace(LIST, expose_headers=("*",))
EVERY_AND_COUNT = replace(LIST, expose_headers=("*", "X-Count"))
EVERY_WITH_CREDENTIALS = replace(EVERY, allow_credentials=True)
WITH_CREDENTIALS = replace(LIST, allow_credentials=True)
ANYONE_READS = replace(WILDCARD, expose_headers=("X-Count",), allow_credentials=True)
SAFE = replace(LIST, expose_headers=("X-Count", "Expires", "Set-Cookie"))

ROWS: list[Row] = [
    *(
        (rule, seen(config, request, gives(COUNT, status=status)), expected)
        for config, request, status, expected in [
            (LIST, FROM_A, 200, HOLDS),
            (LIST, FROM_A, 299, HOLDS),
            (LIST, FROM_A, 300, NOT),
            (LIST, FROM_A, 404, NOT),
            (LIST, FROM_B, 200, NOT),
            (LIST, get(), 200, NOT),
            (LIST, get(f"origin: {A}", "HEAD"), 200, NOT),
            (LIST, get(f"origin: {A}", "PUT"), 200, NOT),
            (LIST, asks(), 200, NOT),
            (replace(LIST, allow_methods=("PUT",)), FROM_A, 200, NOT),
            (Config(allow_origins=(A,)), FROM_A, 200, NOT),
        ]
        for rule in ("S-WRK-3", "SEC-15")
    ),
    *(
        row
        for config, headers, readable, no_more in [
            (LIST, A_ALONE, BROKEN, HOLDS),
            (LIST, f"{ACEH}x-count", HOLDS, HOLDS),
            (LIST, f"{ACEH}X-COUNT, expires", HOLDS, HOLDS),
            (LIST, f"{ACEH}Expires | {ACEH}X-Count", HOLDS, HOLDS),
            (LIST, f"{ACEH}X-Count, Set-Cookie", HOLDS, HOLDS),
            (LIST, f"{ACEH}X-Coun", BROKEN, BROKEN),
            (LIST, f"{ACEH}X-Count, X-More", HOLDS, BROKEN),
            (LIST, f"{ACEH}*", HOLDS, BROKEN),
            (LIST, f"{ACEH}X-Count, a b", BROKEN, HOLDS),  # a browser reads none of it
            (LIST, f"{ACEH}x-count, {', '.join(sorted(EVERYBODYS | NOBODYS))}", HOLDS, HOLDS),
            (SAFE, f"{ACEH}X-Count", HOLDS, HOLDS),
            (WITH_CREDENTIALS, f"{ACEH}*", BROKEN, BROKEN),
            (ANYONE_READS, f"{ACEH}*", HOLDS, BROKEN),
            (EVERY, f"{ACEH}*", HOLDS, HOLDS),
            (EVERY, f"{ACEH}x-a, vary | x-a: 1 | content-type: a | VARY: a", BROKEN, HOLDS),
            (EVERY, f"{ACEH}x-a, vary, access-control-expose-headers | x-a: 1 | VARY: a", HOLDS, HOLDS),
            (EVERY_AND_COUNT, f"{ACEH}x-a, access-control-expose-headers | x-a: 1", BROKEN, HOLDS),
            (EVERY_WITH_CREDENTIALS, "x-a: 1", HOLDS, HOLDS),
        ]
        for row in (
            ("S-WRK-3", seen(config, FROM_A, gives(headers)), readable),
            ("SEC-15", seen(config, FROM_A, gives(headers)), no_more),
        )
    ),
    # What the application exposed is replaced, where headers are configured.
    ("SEC-15", seen(LIST, FROM_A, gives(f"{ACEH}X-More"), gives(f"{ACEH}X-More")), BROKEN),
    *(
        ("S-WRK-5", seen(config, request, gives(headers, status=status)), expected)
        for config, request, headers, status, expected in [
            (LIST, FROM_A, A_ALONE, 400, HOLDS),
            (LIST, FROM_A, ANYONE, 500, HOLDS),
            (LIST, FROM_A, COUNT, 400, BROKEN),
            (LIST, FROM_A, COUNT, 399, NOT),
            (LIST, FROM_B, COUNT, 400, NOT),
            (LIST, get(f"origin: {A}", "HEAD"), COUNT, 400, NOT),
            (LIST, asks(), COUNT, 400, NOT),
            (replace(LIST, allow_methods=("PUT",)), FROM_A, COUNT, 400, NOT),
            (CREDENTIALS, FROM_A, A_ALONE, 404, BROKEN),
            (CREDENTIALS, FROM_A, A_WITH_CREDENTIALS, 404, HOLDS),
        ]
    ),
]


@pytest.mark.parametrize(("rule_id", "exchanges", "expected"), ROWS)
def test_a_rule_says(rule_id: str, exchanges: tuple[Exchange, ...], expected: str) -> None:
    assert verdict(rule_id, exchanges) == expected


@pytest.mark.parametrize(("rule_id", "words"), [("S-WRK-3", "names"), ("SEC-15", "no other name than")])
def test_all_headers_that_are_configured_are_shown(rule_id: str, words: str) -> None:
    (exchange,) = seen(SAFE, FROM_A, gives(COUNT))
    (shown,) = RULES[rule_id].shows(exchange)
    assert shown.expected == f"{words} X-Count, Expires, Set-Cookie"
