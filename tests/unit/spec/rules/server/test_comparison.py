"""The rules about how an origin is compared with the configuration: exactly, byte for byte."""

import pytest

from spec import Config, Exchange
from spec.rules.server.examples import (
    A_ALONE,
    ALLOWED,
    BOTH,
    DEFAULT,
    LIST,
    LOCALHOST,
    REGEX,
    TWO,
    WILDCARD,
    A,
    B,
    get,
    gives,
    seen,
)
from tests.helpers.verdicts import BROKEN, HOLDS, NOT, Row, either_way, together, verdict
from tests.unit.spec.rules.server.examples import (
    ACAO,
    ANYONE,
    FROM_A,
    FROM_B,
    FROM_BOTH,
    TO_A,
    TO_ALL,
    TO_B,
    TO_NONE,
)

LIST_AND_PATTERN = Config(allow_origins=(A,), allow_origin_regex="https://b[.]example")
LOCAL = get("origin: http://localhost")
FROM_NULL = get("origin: null")

ROWS: list[Row] = [
    *(
        (
            "S-ORG-3",
            (*seen(LIST, FROM_A, gives(ALLOWED)), *seen(LIST, get(f"origin: {other}"), gives())),
            verdict,
        )
        for other, verdict in [
            (A, NOT),
            (B, NOT),
            ("HTTPS://a.example", HOLDS),
            (f"{A}/", HOLDS),
            (f" {A} ", HOLDS),
            (f"{A}.", HOLDS),
            (f"{A}:443", HOLDS),
            (f"{A}:80", NOT),
            (f"{A}:8443", NOT),
        ]
    ),
    ("S-ORG-3", (*seen(LIST, FROM_A, gives()), *seen(LIST, get(), gives())), NOT),
    ("S-ORG-3", (*seen(LIST, get(), gives()), *seen(LIST, FROM_A, gives())), NOT),
    ("S-ORG-3", (*seen(LIST, FROM_A, gives()), *seen(DEFAULT, get(f"origin: {A}/"), gives())), NOT),
    *(
        (
            "S-ORG-3",
            together(
                LOCALHOST, (get("origin: http://localhost"), gives()), (get(f"origin: {other}"), gives())
            ),
            verdict,
        )
        for other, verdict in [
            ("http://localhost:80", HOLDS),
            ("http://localhost:443", NOT),
            ("https://localhost", NOT),
        ]
    ),
    ("S-ORG-3", together(LIST, (get(f"origin: {A}/"), gives(ANYONE)), (FROM_A, gives(A_ALONE))), BROKEN),
    ("S-ORG-3", together(LIST, (FROM_A, gives()), (get(f"origin: {A}/"), gives(f"{A_ALONE}/"))), BROKEN),
    ("S-ORG-4", seen(LIST, FROM_NULL, gives()), HOLDS),
    ("S-ORG-4", seen(LIST, FROM_NULL, gives("access-control-allow-origin: null")), BROKEN),
    ("S-ORG-4", seen(LIST, FROM_B, gives()), NOT),
    ("S-ORG-4", seen(Config(allow_origins=("null",)), FROM_NULL, gives()), NOT),
    ("S-ORG-4", seen(WILDCARD, FROM_NULL, gives()), NOT),
    ("S-ORG-6", seen(LIST, get(), gives()), NOT),
    ("S-ORG-6", seen(WILDCARD, get("origin: a b"), gives()), NOT),
    ("S-ORG-6", seen(LIST, get("origin: null"), gives()), NOT),
    ("S-ORG-6", seen(LIST, FROM_B, gives()), NOT),
    ("S-ORG-6", seen(LIST, get("origin: a b"), gives()), HOLDS),
    ("S-ORG-6", seen(LIST, get("origin: a b"), gives("access-control-allow-origin: *")), BROKEN),
    ("S-ORG-6", seen(LIST, get(f"origin: {A} | origin: {B}"), gives()), HOLDS),
    ("S-ORG-6", seen(LIST, get(f"origin: {A} | origin: {B}"), gives(f"{A_ALONE}, {B}")), BROKEN),
    ("S-ORG-6", seen(Config(allow_origins=("a b",)), get("origin: a b"), gives()), NOT),
    *(
        ("S-ORG-6", seen(TWO, FROM_BOTH, gives(f"access-control-allow-origin: {value}")), verdict)
        for value, verdict in [(A, BROKEN), (B, BROKEN), ("*", BROKEN), ("https://c.example", HOLDS)]
    ),
    # A server may name its one origin to everyone, with what goes with it.
    ("S-ORG-6", seen(LIST, FROM_BOTH, gives(A_ALONE)), HOLDS),
    ("S-ORG-6", seen(LIST, FROM_BOTH, gives(f"access-control-allow-origin: {B}")), BROKEN),
    ("SEC-2", seen(LIST, FROM_A, gives(A_ALONE)), NOT),
    ("SEC-2", seen(LIST, get(), gives()), NOT),
    ("SEC-2", seen(LIST, FROM_B, gives(A_ALONE)), HOLDS),
    # What no page has is S-ORG-6's.
    *(
        (rule, seen(config, get(f"origin: {sent}"), gives(f"access-control-allow-origin: {sent}")), verdict)
        for rule, config in [("SEC-2", LIST), ("SEC-3", REGEX)]
        for sent, verdict in [
            ("https:///a", NOT),
            ("https://a/b", NOT),
            ("https://A.example", NOT),
            ("a b", NOT),
            ("", NOT),
            ("https://a.example.", BROKEN),
            ("https://foo_bar.example", BROKEN),
            ("null", BROKEN),
        ]
    ),
    *(
        ("S-ORG-6", seen(LIST, get(f"origin: {sent}"), gives(f"access-control-allow-origin: {sent}")), BROKEN)
        for sent in ("https:///a", "https://a/b")
    ),
    ("SEC-2", seen(LIST, get(f"origin: {A} | origin: {B}"), gives(A_ALONE)), NOT),
    ("SEC-3", seen(LIST, FROM_B, gives()), NOT),
    ("SEC-3", seen(REGEX, FROM_A, gives()), NOT),
    ("SEC-3", seen(REGEX, get(), gives()), NOT),
    ("SEC-3", seen(REGEX, get("origin: http://a.example"), gives()), HOLDS),
    ("S-HTTP-7", seen(LIST, get(), gives()), NOT),
    ("S-HTTP-7", seen(WILDCARD, get(), gives()), NOT),
    ("S-HTTP-7", seen(WILDCARD, get(f"origin: {A} "), gives()), NOT),
    ("S-HTTP-7", seen(LIST, FROM_A, gives()), NOT),
    ("S-HTTP-7", seen(LIST, FROM_B, gives()), NOT),
    ("S-HTTP-7", seen(LIST, get(f"origin: {B} "), gives()), NOT),
    ("S-HTTP-7", seen(LIST, get(f"origin: {A}\x0b"), gives()), NOT),
    *(
        ("S-HTTP-7", seen(TWO, get(f"origin: {sent}"), gives(headers)), expected)
        for sent in (f" {A}", f"{A}\t", f"\t {A} ")
        for headers, expected in [
            ("", HOLDS),
            (f"{ACAO}{B}", HOLDS),
            (A_ALONE, BROKEN),
            (f"{ACAO}{sent}", BROKEN),
            (f"{ACAO}*", BROKEN),
        ]
    ),
    # A server may name its one origin to everyone; not when it has to choose, nor with a value that was sent.
    ("S-HTTP-7", seen(LIST, get(f"origin: {A} "), gives(A_ALONE)), HOLDS),
    ("S-HTTP-7", seen(LIST, get(f"origin: {A} "), gives(f"{A_ALONE} | {A_ALONE}")), HOLDS),
    ("S-HTTP-7", seen(LIST, get(f"origin: {A} "), gives(f"{ACAO}{A} ")), BROKEN),
    ("S-HTTP-7", seen(BOTH, get(f"origin: {A} "), gives(A_ALONE)), BROKEN),
    ("S-HTTP-7", seen(LIST_AND_PATTERN, get(f"origin: {A} "), gives(A_ALONE)), BROKEN),
    *either_way("D-01", LIST, (FROM_A, TO_A), (FROM_B, TO_NONE), HOLDS),
    *either_way("D-01", LIST, (FROM_A, TO_A), (FROM_B, TO_ALL), BROKEN),
    *either_way("D-01", LIST, (FROM_A, TO_A), (FROM_B, TO_B), BROKEN),
    *either_way("D-01", LIST, (FROM_A, TO_A), (FROM_A, TO_NONE), NOT),
    *either_way("D-01", LIST, (FROM_A, TO_A), (get(), TO_NONE), NOT),
    *either_way("D-01", LIST, (FROM_A, TO_A), (FROM_BOTH, TO_NONE), NOT),
    *either_way("D-01", WILDCARD, (FROM_A, TO_ALL), (FROM_B, TO_ALL), NOT),
    ("D-01", (*seen(LIST, FROM_A, TO_A), *seen(DEFAULT, FROM_B, TO_NONE)), NOT),
    *(
        row
        for origin, expected in [
            ("https://localhost", HOLDS),
            ("http://localhost:8080", HOLDS),
            ("http://localhost", NOT),
            ("http://localhost:3000", NOT),
            (A, NOT),
        ]
        for row in either_way(
            "D-02", LOCALHOST, (LOCAL, TO_NONE), (get(f"origin: {origin}"), TO_NONE), expected
        )
    ),
]


@pytest.mark.parametrize(("rule_id", "exchanges", "expected"), ROWS)
def test_a_rule_says(rule_id: str, exchanges: tuple[Exchange, ...], expected: str) -> None:
    assert verdict(rule_id, exchanges) == expected
