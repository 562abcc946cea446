"""Our rules about all other responses, beyond the standards."""

from dataclasses import replace

import pytest

from spec import Config, Exchange
from spec.rules.server.examples import (
    A_ALONE,
    A_WITH_CREDENTIALS,
    ALLOWED,
    COUNT,
    CREDENTIALS,
    LIST,
    PATTERN,
    PLAIN,
    TRUE,
    A,
    asks,
    get,
    gives,
    seen,
)
from tests.helpers.verdicts import BROKEN, HOLDS, NOT, Row, verdict
from tests.unit.spec.rules.server.examples import ANYONE, BELOW_A, FROM_A, FROM_B, STAR_METHOD

BELOW_A_ALONE = f"access-control-allow-origin: {BELOW_A}"
A_AND_BELOW = Config(allow_origins=(A, "https://*.a.example"))
TWO_EXPOSED = Config(allow_origins=(A,), expose_headers=("X-B", "X-A", "X-B"))

ROWS: list[Row] = [
    *(
        ("A-ORG-1", seen(config, request, answer), expected)
        for config, request, answer, expected in [
            (LIST, FROM_A, gives(A_ALONE), NOT),
            (PATTERN, get(), gives(), NOT),
            (PATTERN, get(f"origin: {BELOW_A} | origin: {BELOW_A}"), gives(), NOT),
            (PATTERN, get(f"origin: {BELOW_A}"), gives(BELOW_A_ALONE), HOLDS),
            (PATTERN, get(f"origin: {BELOW_A}"), gives(), BROKEN),
            (PATTERN, asks(BELOW_A, "DELETE"), gives(), HOLDS),
            (PATTERN, FROM_A, gives(), HOLDS),
            (PATTERN, FROM_A, gives(A_ALONE), BROKEN),
            (PATTERN, get("origin: https://*.a.example"), gives(), HOLDS),
            (PATTERN, get("origin: https://*.a.example"), gives(ANYONE), BROKEN),
            (PATTERN, get("origin: https://b.a.example.evil.example"), gives(ANYONE), BROKEN),
            (A_AND_BELOW, FROM_A, gives(), NOT),
            (A_AND_BELOW, get(f"origin: {BELOW_A}"), gives(), BROKEN),
            (A_AND_BELOW, FROM_B, gives(), HOLDS),
            (A_AND_BELOW, get("origin: https://*.a.example"), gives(), HOLDS),
            (A_AND_BELOW, get("origin: https://*.a.example"), gives(ANYONE), BROKEN),
            (replace(PATTERN, allow_origin_regex="x"), get(f"origin: {BELOW_A}"), gives(), NOT),
            (Config(allow_origins=("*", "https://*.a.example")), get(f"origin: {BELOW_A}"), gives(), NOT),
        ]
    ),
    ("A-ACT-1", seen(LIST, FROM_A, gives()), NOT),
    ("A-ACT-1", seen(LIST, asks(), gives(), PLAIN), NOT),
    ("A-ACT-1", seen(LIST, FROM_A, gives(ALLOWED), PLAIN), HOLDS),
    ("A-ACT-1", seen(LIST, FROM_B, gives(), PLAIN), HOLDS),
    ("A-ACT-1", seen(LIST, FROM_B, gives(A_ALONE), PLAIN), BROKEN),
    ("A-ACT-1", seen(LIST, FROM_B, gives(TRUE), PLAIN), BROKEN),
    ("A-ACT-1", seen(CREDENTIALS, FROM_A, gives(A_WITH_CREDENTIALS), PLAIN), HOLDS),
    ("A-ACT-1", seen(LIST, FROM_B, gives(A_WITH_CREDENTIALS), gives(A_WITH_CREDENTIALS)), HOLDS),
    ("A-ACT-1", seen(LIST, FROM_B, gives(), gives(A_WITH_CREDENTIALS)), BROKEN),
    ("A-ACT-2", seen(LIST, FROM_A, gives(ALLOWED), PLAIN), HOLDS),
    ("A-ACT-2", seen(LIST, FROM_A, gives(), PLAIN), BROKEN),
    ("A-ACT-2", seen(CREDENTIALS, FROM_A, gives(COUNT), gives(COUNT)), HOLDS),
    ("A-ACT-2", seen(LIST, FROM_B, gives(COUNT), PLAIN), BROKEN),
    ("A-ACT-2", seen(LIST, asks(), gives(), PLAIN), NOT),
    *(
        (
            "A-ACT-2",
            seen(TWO_EXPOSED, FROM_A, gives(f"access-control-expose-headers: {listed}"), PLAIN),
            verdict,
        )
        for listed, verdict in [
            ("X-B, X-A", HOLDS),
            ("X-B,X-A", BROKEN),
            ("X-A, X-B", BROKEN),
            ("X-B", BROKEN),
        ]
    ),
    ("A-ACT-2", seen(LIST, FROM_B, gives(COUNT), gives(COUNT)), HOLDS),
    ("A-ACT-3", seen(LIST, get(), gives("vary: *"), gives("vary: *")), HOLDS),
    ("A-ACT-3", seen(LIST, get(), gives("vary: a,origin"), gives("vary: a,origin")), HOLDS),
    ("A-ACT-3", seen(LIST, get(), gives("vary: a, origin"), gives("vary: a | vary: origin")), HOLDS),
    ("A-ACT-3", seen(LIST, get(), gives("vary: a, Origin"), gives("vary: a")), HOLDS),
    ("A-ACT-3", seen(LIST, get(), gives("vary: Origin"), PLAIN), HOLDS),
    ("A-ACT-3", seen(LIST, get(), gives("vary: Origin"), gives("vary: *")), BROKEN),
    ("A-ACT-3", seen(LIST, get(), gives("vary: Accept | vary: Origin"), gives("vary: Accept")), BROKEN),
    ("A-ACT-3", seen(LIST, get(), gives(), PLAIN), BROKEN),
    ("A-ACT-4", seen(LIST, get(), gives("vary: Origin"), PLAIN), HOLDS),
    ("A-ACT-4", seen(LIST, get(), gives(status=404), PLAIN), BROKEN),
    ("A-ACT-4", seen(LIST, get(), gives("x-extra: 1"), PLAIN), BROKEN),
    ("A-ACT-4", seen(LIST, asks(), gives(), PLAIN), NOT),
    # The rest is the application's
    ("A-ACT-4", seen(LIST, get(), gives("X-One: 1 | x-two: 2"), gives("x-two: 2 | x-one: 1")), HOLDS),
    ("A-ACT-4", seen(LIST, get(), gives("Vary: a | VARY: b"), PLAIN), HOLDS),
    ("A-ACT-4", seen(LIST, FROM_A, gives(COUNT), gives(A_WITH_CREDENTIALS)), HOLDS),
    ("A-ACT-4", seen(LIST, get(), gives("x-one: 1"), gives("x-one: 2")), BROKEN),
    ("A-ACT-4", seen(LIST, get(), gives("x-one: 1"), gives("x-two: 1")), BROKEN),
    ("A-ACT-4", seen(LIST, get(), gives("x-one: 1 | x-one: 1"), gives("x-one: 1")), BROKEN),
    ("A-ACT-4", seen(LIST, get(), gives("x-\xe4: 1"), gives("X-\xe4: 1")), HOLDS),
    ("A-ACT-4", seen(LIST, get(), gives(STAR_METHOD), PLAIN), BROKEN),
    ("A-ACT-5", seen(LIST, get(), gives()), NOT),
    ("A-ACT-5", seen(LIST, asks(), gives(), calls=0), NOT),
    ("A-ACT-5", seen(LIST, get(), gives(), calls=1), HOLDS),
    ("A-ACT-5", seen(LIST, get(), gives(), calls=0), BROKEN),
]


@pytest.mark.parametrize(("rule_id", "exchanges", "expected"), ROWS)
def test_a_rule_says(rule_id: str, exchanges: tuple[Exchange, ...], expected: str) -> None:
    assert verdict(rule_id, exchanges) == expected
