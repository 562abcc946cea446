"""The rules about when responses must not allow credentials."""

from dataclasses import replace

import pytest

from spec import Config, Exchange
from spec.rules.server.examples import (
    A_ALONE,
    A_WITH_CREDENTIALS,
    CREDENTIALS,
    IMPOSSIBLE,
    LIST,
    NULL,
    PATTERN,
    REGEX,
    TRUE,
    TWO,
    WILDCARD,
    A,
    B,
    asks,
    get,
    gives,
    seen,
)
from tests.helpers.verdicts import BROKEN, HOLDS, NOT, Row, verdict
from tests.unit.spec.rules.server.examples import (
    ANYONE,
    APP_TRUE,
    BELOW_A,
    FROM_A,
    FROM_B,
    FROM_BOTH,
    TO_A_WITH_CREDENTIALS,
    TO_ALL,
    TO_NONE,
)

B_WITH_CREDENTIALS = f"access-control-allow-origin: {B} | {TRUE}"
BELOW_WITH_CREDENTIALS = f"access-control-allow-origin: {BELOW_A} | {TRUE}"
NULL_WITH_CREDENTIALS = f"access-control-allow-origin: {NULL} | {TRUE}"

ROWS: list[Row] = [
    *(
        ("SEC-14", seen(config, request, gives(headers)), expected)
        for config, request, headers, expected in [
            (LIST, get(), A_WITH_CREDENTIALS, NOT),
            (LIST, FROM_BOTH, A_WITH_CREDENTIALS, NOT),
            (LIST, get(f"origin: {A}/"), f"access-control-allow-origin: {A}/ | {TRUE}", NOT),
            (WILDCARD, get("origin: *"), f"{ANYONE} | {TRUE}", NOT),
            (LIST, FROM_A, A_ALONE, HOLDS),
            (LIST, FROM_A, A_WITH_CREDENTIALS, BROKEN),
            (LIST, FROM_A, f"{ANYONE} | {TRUE}", HOLDS),
            (LIST, FROM_A, f"{A_ALONE} | access-control-allow-credentials: True", HOLDS),
            (LIST, FROM_A, TRUE, HOLDS),
            (LIST, FROM_B, A_WITH_CREDENTIALS, HOLDS),
            (LIST, FROM_B, B_WITH_CREDENTIALS, BROKEN),
            (LIST, asks(), A_WITH_CREDENTIALS, BROKEN),
            (WILDCARD, FROM_A, A_WITH_CREDENTIALS, BROKEN),
            (WILDCARD, get(f"origin: {NULL}"), NULL_WITH_CREDENTIALS, BROKEN),
            (WILDCARD, FROM_A, f"{ANYONE} | {TRUE}", HOLDS),
            (REGEX, FROM_A, A_WITH_CREDENTIALS, BROKEN),
            (replace(REGEX, allow_credentials=True), FROM_A, A_WITH_CREDENTIALS, NOT),
            (PATTERN, get(f"origin: {BELOW_A}"), BELOW_WITH_CREDENTIALS, BROKEN),
            (CREDENTIALS, FROM_A, A_WITH_CREDENTIALS, NOT),
            (CREDENTIALS, FROM_B, B_WITH_CREDENTIALS, BROKEN),
            (IMPOSSIBLE, FROM_A, A_WITH_CREDENTIALS, BROKEN),
            (Config(allow_origins=("*", A), allow_credentials=True), FROM_A, A_WITH_CREDENTIALS, NOT),
            (Config(allow_origins=("*", A)), FROM_A, A_WITH_CREDENTIALS, BROKEN),
            (Config(allow_origins=("*", A), allow_credentials=True), FROM_B, B_WITH_CREDENTIALS, BROKEN),
        ]
    ),
    # What the application says to whom the configuration does not allow is not the server's.
    ("SEC-14", seen(TWO, get("origin: https://c.example"), *(gives(f"access-control-allow-origin: "
     f"https://c.example | {TRUE}"),) * 2), HOLDS),
    ("SEC-14", seen(LIST, FROM_A, TO_A_WITH_CREDENTIALS, APP_TRUE), BROKEN),
    ("S-CRD-6", seen(WILDCARD, FROM_A, gives()), NOT),
    ("S-CRD-6", seen(CREDENTIALS, FROM_B, gives()), NOT),
    ("S-CRD-6", seen(IMPOSSIBLE, FROM_A, gives(A_ALONE)), HOLDS),
    ("S-CRD-6", seen(Config(allow_origins=("*", A), allow_credentials=True), FROM_A, gives()), NOT),
    ("S-CRD-6", seen(Config(allow_origins=("*", A), allow_credentials=True), FROM_B, gives()), HOLDS),
    (
        "S-CRD-6",
        seen(
            Config(allow_origins=("*", "https://*.a.example"), allow_credentials=True),
            get(f"origin: {BELOW_A}"),
            gives(),
        ),
        NOT,
    ),
    ("S-CRD-6", seen(IMPOSSIBLE, get(), gives(TRUE)), HOLDS),
    ("S-CRD-6", seen(IMPOSSIBLE, FROM_A, gives(f"{ANYONE} | {TRUE}")), HOLDS),
    ("S-CRD-6", seen(IMPOSSIBLE, FROM_A, gives(f"{A_ALONE} | access-control-allow-credentials: yes")), HOLDS),
    ("D-07", seen(WILDCARD, get(), TO_NONE), NOT),
    ("D-07", seen(WILDCARD, FROM_A, TO_ALL), HOLDS),
    ("D-07", seen(WILDCARD, FROM_A, TO_A_WITH_CREDENTIALS), BROKEN),
    ("D-07", seen(WILDCARD, get("origin: *"), gives(f"{ANYONE} | {TRUE}")), HOLDS),
    *(
        (rule, seen(config, request, gives(headers)), expected)
        for rule in ("D-21", "S-CRD-4")
        for config, request, headers, expected in [
            (CREDENTIALS, FROM_A, "", NOT),
            (LIST, FROM_A, "", HOLDS),
            (LIST, FROM_B, TRUE, BROKEN),
            (LIST, asks(), TRUE, BROKEN),
            (LIST, FROM_A, "access-control-allow-credentials: false", BROKEN),
        ]
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rule_id", "exchanges", "expected"), ROWS)
def test_a_rule_says(rule_id: str, exchanges: tuple[Exchange, ...], expected: str) -> None:
    assert verdict(rule_id, exchanges) == expected
