"""The rules about which origins may read responses."""

import pytest

from spec import Config, Exchange
from spec.rules.server.examples import (
    BOTH,
    DEFAULT,
    EVERYTHING,
    IMPOSSIBLE,
    LIST,
    PLAIN,
    REGEX,
    TOKEN,
    WILDCARD,
    A,
    B,
    asks,
    get,
    gives,
    permits,
    says,
    seen,
)
from tests.helpers.verdicts import BROKEN, HOLDS, NOT, Row, either_way, together, verdict
from tests.unit.spec.rules.server.examples import (
    ACAO,
    FROM_A,
    FROM_B,
    FROM_BOTH,
    NO,
    OK,
    OTHER,
    SITES,
    TO_A,
    TO_A_WITH_CREDENTIALS,
    TO_ALL,
    TO_B,
    TO_NONE,
)

OPTIONS_TOO = Config(allow_origins=(A,), allow_methods=("OPTIONS", "PUT"))
ANY = Config(allow_origin_regex=".*")
PATTERN_AND_REGEX = Config(allow_origins=("https://*.a.example",), allow_origin_regex="x")

ROWS: list[Row] = [
    ("S-ORG-2", seen(LIST, get(), TO_NONE), NOT),
    ("S-ORG-2", seen(LIST, FROM_BOTH, TO_NONE), HOLDS),
    ("S-ORG-2", seen(LIST, FROM_BOTH, TO_ALL), BROKEN),
    ("S-ORG-2", seen(LIST, FROM_A, TO_A), HOLDS),
    *(
        row
        for config, request, answer, expected in [
            (SITES, FROM_A, TO_A, NOT),
            (SITES, FROM_B, TO_A, NOT),
            (SITES, get(), TO_A, NOT),
            (SITES, asks(), TO_A, NOT),
            (SITES, get(f"origin: {A} | x-other: 1"), TO_A, HOLDS),
            (SITES, get(f"origin: {A}", "POST"), TO_A, HOLDS),
            (SITES, get(f"origin: {A}", path="/other"), TO_A, HOLDS),
            (SITES, get(f"origin: {A}", "POST"), TO_ALL, HOLDS),
            (SITES, get(f"origin: {A}", "POST"), TO_NONE, BROKEN),
            (SITES, get(f"origin: {A}", "POST"), TO_A_WITH_CREDENTIALS, BROKEN),
        ]
        for row in either_way("S-ORG-7", config, (FROM_A, TO_A), (request, answer), expected)
    ),
    ("S-ORG-7", together(SITES, (FROM_BOTH, TO_NONE), (get(), TO_NONE)), NOT),
    ("S-ORG-7", (*seen(SITES, FROM_A, TO_A), *seen(OTHER, get(f"origin: {A}", "POST"), TO_A)), NOT),
    ("S-ORG-7", (*seen(SITES, FROM_A, TO_A, PLAIN), *seen(SITES, get(f"origin: {A}", "POST"), TO_A)), NOT),
    *(
        row
        for more, expected in [
            ("cookie: a", HOLDS),
            ("referer: a", HOLDS),
            ("host: a", HOLDS),
            ("authorization: a", HOLDS),
            ("cookie: a | host: a", HOLDS),
            ("x-other: a", NOT),
            (TOKEN, NOT),
        ]
        for row in either_way("S-ORG-7", SITES, (asks(), OK), (asks(more=more), OK), expected)
    ),
    *either_way("S-ORG-7", SITES, (asks(), OK), (asks(more="cookie: a"), NO), BROKEN),
    # Where credentials are allowed together with everyone they cannot be had: reading without them is enough.
    ("S-WRK-1", seen(IMPOSSIBLE, FROM_A, gives(f"{ACAO}*")), HOLDS),
    ("S-WRK-1", seen(IMPOSSIBLE, FROM_A, gives()), BROKEN),
    ("S-WRK-1", seen(OPTIONS_TOO, asks(), gives()), NOT),
    # What "all methods" leaves open is nobody's mistake.
    ("S-WRK-1", seen(LIST, get(f"origin: {A}", "HEAD"), gives()), NOT),
    ("S-WRK-1", seen(LIST, get(f"origin: {A}", "PUT"), gives()), BROKEN),
    *(
        ("S-WRK-1", seen(EVERYTHING, get(f"origin: {A}", method), gives()), verdict)
        for method, verdict in [
            *((usual, BROKEN) for usual in ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")),
            ("OPTIONS", NOT),
            ("QUERY", NOT),
        ]
    ),
    *(
        ("D-05", seen(config, request, answer), expected)
        for config, request, answer, expected in [
            (LIST, get(), TO_NONE, NOT),
            (LIST, FROM_BOTH, TO_NONE, NOT),
            (DEFAULT, FROM_A, TO_NONE, NOT),
            (WILDCARD, FROM_A, TO_ALL, NOT),
            (BOTH, FROM_A, TO_A, NOT),
            (LIST, FROM_A, TO_A, HOLDS),
            (LIST, FROM_A, TO_NONE, BROKEN),
            (LIST, FROM_B, TO_NONE, HOLDS),
            (LIST, FROM_B, TO_B, BROKEN),
            (LIST, asks(), NO, BROKEN),
            (LIST, asks(method="DELETE"), NO, HOLDS),
            (LIST, asks(method="DELETE"), OK, HOLDS),
            (LIST, asks(B, "DELETE"), says(400, "no", permits(B)), BROKEN),
        ]
    ),
    *(
        (rule, seen(config, request, answer), expected)
        for rule in ("D-06", "D-15")
        for config, request, answer, expected in [
            (WILDCARD, get(), TO_NONE, NOT),
            (LIST, FROM_A, TO_A, NOT),
            (WILDCARD, FROM_A, TO_ALL, HOLDS),
            (WILDCARD, FROM_A, TO_A, HOLDS),
            (WILDCARD, FROM_A, TO_B, BROKEN),
            (WILDCARD, get("origin: null"), TO_NONE, BROKEN),
        ]
    ),
    *(
        ("D-14", seen(config, request, answer), expected)
        for config, request, answer, expected in [
            (LIST, FROM_B, TO_NONE, NOT),
            (REGEX, FROM_B, TO_NONE, NOT),
            (DEFAULT, get(), TO_ALL, NOT),
            (DEFAULT, FROM_A, TO_NONE, HOLDS),
            (DEFAULT, FROM_A, TO_B, HOLDS),
            (DEFAULT, FROM_A, TO_A, BROKEN),
        ]
    ),
    *(
        ("D-16", seen(config, request, answer), expected)
        for config, request, answer, expected in [
            (LIST, FROM_A, TO_A, NOT),
            (BOTH, FROM_A, TO_A, NOT),
            (REGEX, get(), TO_NONE, NOT),
            (REGEX, FROM_A, TO_A, HOLDS),
            (REGEX, FROM_A, TO_NONE, BROKEN),
            (REGEX, get(f"origin: {A}.evil.example"), TO_NONE, HOLDS),
            (REGEX, get(f"origin: {A}.evil.example"), TO_ALL, BROKEN),
            (REGEX, get(f"origin: x{A}"), TO_ALL, BROKEN),
            (ANY, get("origin: null"), TO_NONE, HOLDS),
            (ANY, get("origin: null"), TO_ALL, BROKEN),
        ]
    ),
    *(
        ("D-17", seen(config, request, answer), expected)
        for config, request, answer, expected in [
            (LIST, FROM_A, TO_A, NOT),
            (REGEX, FROM_A, TO_A, NOT),
            (Config(allow_origins=("*",), allow_origin_regex="x"), FROM_A, TO_ALL, NOT),
            (BOTH, get(), TO_NONE, NOT),
            (PATTERN_AND_REGEX, get("origin: https://b.a.example"), TO_NONE, BROKEN),
            (PATTERN_AND_REGEX, get("origin: https://b.a.example"), TO_ALL, HOLDS),
            (PATTERN_AND_REGEX, get("origin: https://*.a.example"), TO_ALL, BROKEN),
            (PATTERN_AND_REGEX, FROM_A, TO_NONE, HOLDS),
            (BOTH, FROM_A, TO_A, HOLDS),
            (BOTH, FROM_B, TO_B, HOLDS),
            (BOTH, FROM_A, TO_NONE, BROKEN),
            (BOTH, FROM_B, TO_NONE, BROKEN),
            (BOTH, get("origin: null"), TO_NONE, HOLDS),
            (BOTH, get("origin: https://c.example"), TO_ALL, BROKEN),
        ]
    ),
]


@pytest.mark.parametrize(("rule_id", "exchanges", "expected"), ROWS)
def test_a_rule_says(rule_id: str, exchanges: tuple[Exchange, ...], expected: str) -> None:
    assert verdict(rule_id, exchanges) == expected
