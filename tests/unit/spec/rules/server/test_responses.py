"""The rules about what happens to the application's responses."""

import pytest

from spec import Exchange
from spec.rules.server.examples import (
    A_ALONE,
    A_WITH_CREDENTIALS,
    COUNT,
    LIST,
    PLAIN,
    TRUE,
    WILDCARD,
    A,
    B,
    asks,
    get,
    gives,
    seen,
)
from tests.helpers.verdicts import BROKEN, HOLDS, NOT, Row, either_way, verdict
from tests.unit.spec.rules.server.examples import FROM_A, FROM_B, OK, TO_A, TO_ALL, TO_B

WISH = "access-control-request-method: PUT"
POST_FROM_B = get(f"origin: {B}", "POST")

FROM_B_WITH_COOKIE = get(f"origin: {B} | cookie: a")
REFUSED = gives("vary: Origin", status=403)

ROWS: list[Row] = [
    *(
        row
        for config, one, other, expected in [
            (LIST, (get(), PLAIN), (FROM_B, PLAIN), HOLDS),
            (LIST, (get(), PLAIN), (FROM_B, REFUSED), BROKEN),
            (LIST, (get(), gives(status=204)), (FROM_B, PLAIN), BROKEN),
            (LIST, (get(), PLAIN), (get("origin: null"), REFUSED), BROKEN),
            (LIST, (get("cookie: a"), PLAIN), (FROM_B_WITH_COOKIE, REFUSED), BROKEN),
            (LIST, (get(), PLAIN), (FROM_B_WITH_COOKIE, REFUSED), NOT),
            (LIST, (get(), gives(status=300)), (FROM_B, REFUSED), NOT),
            (LIST, (get(), PLAIN), (FROM_A, REFUSED), NOT),
            (WILDCARD, (get(), PLAIN), (FROM_B, REFUSED), NOT),
            (LIST, (get(), PLAIN), (get(f"origin: {B}/"), REFUSED), NOT),
            (LIST, (get(), PLAIN), (get(f"origin: {B} | origin: {B}"), REFUSED), NOT),
            (LIST, (get(), PLAIN), (get(), REFUSED), NOT),
            (LIST, (FROM_B, PLAIN), (FROM_B, REFUSED), NOT),
            (LIST, (get(), PLAIN), (get(f"origin: {B}", "HEAD"), REFUSED), NOT),
            (LIST, (get(WISH, "OPTIONS"), PLAIN), (asks(B), REFUSED), NOT),
            (LIST, (get(method="OPTIONS"), PLAIN), (get(f"origin: {B}", "OPTIONS"), REFUSED), BROKEN),
        ]
        for row in either_way("S-RSP-11", config, one, other, expected)
    ),
    *(
        ("S-RSP-11", (*seen(LIST, get(), PLAIN, app), *seen(LIST, FROM_B, REFUSED, other)), expected)
        for app, other, expected in [(PLAIN, PLAIN, BROKEN), (PLAIN, REFUSED, NOT), (PLAIN, None, NOT)]
    ),
    *(
        (rule, seen(LIST, request, answer, app), expected)
        for rule in ("D-25", "S-RSP-1")
        for request, answer, app, expected in [
            (get(), PLAIN, None, NOT),
            (FROM_A, TO_A, PLAIN, NOT),
            (get(), PLAIN, PLAIN, HOLDS),
            (get(), gives("vary: Origin"), PLAIN, HOLDS),
            (get(), TO_ALL, PLAIN, HOLDS),
            (get(), TO_A, PLAIN, BROKEN),
            (get(), gives(TRUE), PLAIN, BROKEN),
            (get(), gives(status=404), PLAIN, BROKEN),
            (get(), gives(body="other"), PLAIN, BROKEN),
            (get(), gives("x-other: 1"), PLAIN, BROKEN),
        ]
    ),
    *(
        (rule, seen(LIST, request, answer, app, calls), expected)
        for rule in ("D-28", "S-RSP-2")
        for request, answer, app, calls, expected in [
            (get(), PLAIN, PLAIN, 1, NOT),
            (asks(), OK, PLAIN, 0, NOT),
            (FROM_A, TO_A, None, 1, NOT),
            (FROM_A, TO_A, PLAIN, None, NOT),
            (FROM_A, TO_A, PLAIN, 1, HOLDS),
            (FROM_A, TO_A, PLAIN, 0, BROKEN),
            (FROM_A, TO_A, PLAIN, 2, BROKEN),
            (FROM_A, gives(f"{A_WITH_CREDENTIALS} | {COUNT} | vary: Origin"), PLAIN, 1, HOLDS),
            (FROM_A, gives("access-control-max-age: 600"), PLAIN, 1, BROKEN),
            (FROM_A, gives("x-other: 1"), PLAIN, 1, BROKEN),
            (FROM_B, gives("vary: Origin"), PLAIN, 1, HOLDS),
            (FROM_B, TO_B, PLAIN, 1, BROKEN),
        ]
    ),
    *(
        (rule, seen(config, request, gives(headers)), expected)
        for rule in ("D-23", "S-RSP-5")
        for config, request, headers, expected in [
            (LIST, asks(), COUNT, NOT),
            (LIST, FROM_B, "", NOT),
            (LIST, FROM_A, COUNT, HOLDS),
            (LIST, FROM_A, COUNT.lower(), BROKEN),
            (LIST, FROM_A, f"{COUNT}, X-Other", BROKEN),
            (LIST, FROM_A, "", BROKEN),
            (WILDCARD, FROM_A, "", HOLDS),
            (WILDCARD, FROM_A, COUNT, BROKEN),
        ]
    ),
    *(
        (rule, seen(LIST, request, gives(headers, status)), expected)
        for rule in ("S-RSP-3", "S-RSP-6")
        for request, headers, status, expected in [
            (asks(), A_ALONE, 404, NOT),
            (FROM_B, "", 404, NOT),
            (FROM_A, A_ALONE, 200, NOT),
            (FROM_A, "", 299, NOT),
            (FROM_A, A_ALONE, 302, HOLDS),
            (FROM_A, A_ALONE, 500, HOLDS),
            (FROM_A, "", 500, BROKEN),
        ]
    ),
    *(
        ("S-RSP-8", seen(LIST, request, answer, app, calls), expected)
        for request, answer, app, calls, expected in [
            (FROM_B, PLAIN, PLAIN, 1, NOT),
            (get(f"origin: {A}", "POST"), TO_A, PLAIN, 1, NOT),
            (get(method="POST"), PLAIN, PLAIN, 1, NOT),
            (POST_FROM_B, PLAIN, None, 1, NOT),
            (POST_FROM_B, PLAIN, PLAIN, None, NOT),
            (POST_FROM_B, PLAIN, PLAIN, 1, HOLDS),
            (POST_FROM_B, PLAIN, PLAIN, 0, BROKEN),
            (POST_FROM_B, gives(status=403), PLAIN, 1, BROKEN),
        ]
    ),
]


@pytest.mark.parametrize(("rule_id", "exchanges", "expected"), ROWS)
def test_a_rule_says(rule_id: str, exchanges: tuple[Exchange, ...], expected: str) -> None:
    assert verdict(rule_id, exchanges) == expected
