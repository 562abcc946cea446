"""The rules about what a response to a preflight allows as a whole, and what it must not allow."""

from dataclasses import replace

import pytest

from spec import Config, Exchange, Response
from spec.rules.server.examples import (
    A_ALONE,
    A_WITH_CREDENTIALS,
    ANY_HEADER,
    CREDENTIALS,
    EVERYTHING,
    LIST,
    TOKEN,
    TRUE,
    A,
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
    FROM_A,
    FROM_B,
    NO,
    OK,
    OTHER,
    PRIVATE,
    PUT_FROM_A,
    STAR_METHOD,
    TO_A,
    TO_A_WITH_CREDENTIALS,
    TO_ALL,
    TO_B,
)

ACRPN = "access-control-request-private-network: "
CAPITALS = Config(allow_origins=("https://A.example",), allow_methods=("PUT",))
ALLOWS_ANYTHING = says(200, "OK", permits("*", "*", "*"))
EVERYTHING_AND_OPTIONS = Config(allow_origins=(A,), allow_methods=("*",))
ALL_METHODS_TOO = Config(allow_origins=(A,), allow_methods=("*", "PURGE"))
AUTHORIZATION_TOO = Config(allow_origins=(A,), allow_methods=("PUT",), allow_headers=("Authorization", "*"))
KEY = "access-control-request-headers: authorization"
MANY_HEADERS = f"access-control-request-headers: {','.join(f'x-{number}' for number in range(4000))}"


def aged(value: str) -> Response:
    """A permission with this Access-Control-Max-Age."""
    return says(200, "OK", permits().replace("age: 600", f"age: {value}"))


ROWS: list[Row] = [
    # Whoever sets Accept must ask for nothing that the page allows without configuration.
    ("S-WRK-2", seen(LIST, asks(more=f"{ACRH}accept"), says(200, "OK", permits(headers=""))), NOT),
    ("S-WRK-2", seen(LIST, asks(more=f"{ACRH}accept,x-token"), says(200, "OK", permits())), NOT),
    ("S-WRK-2", seen(LIST, asks(more=f"{ACRH}x-token"), says(200, "OK", permits(headers=""))), BROKEN),
    ("S-WRK-2", seen(LIST, asks(more=f"{ACRH}x-token"), says(200, "OK", permits())), HOLDS),
    ("S-WRK-2", seen(LIST, asks(more=f"{ACRH}X-Token"), says(200, "OK", permits())), NOT),
    ("S-WRK-2", seen(LIST, asks(), says(200, "OK", permits(headers=""))), HOLDS),
    ("S-WRK-2", seen(LIST, asks(), says(400, "OK", permits())), BROKEN),
    ("S-WRK-2", seen(ANY_HEADER, asks(more=f"{ACRH}accept"), says(200, "OK", permits())), HOLDS),
    ("S-WRK-2", seen(ANY_HEADER, asks(more=f"{ACRH}accept"), says(200, "OK", permits(headers=""))), BROKEN),
    # Only what a browser sends binds: a preflight, an origin that it writes so, `true` and nothing else.
    ("S-WRK-2", seen(LIST, get(f"origin: {A} | access-control-request-method: PUT"), gives()), NOT),
    ("S-WRK-2", seen(CAPITALS, asks("https://A.example"), gives()), NOT),
    *(
        ("S-WRK-2", seen(PRIVATE, asks(more=more), gives()), expected)
        for more, expected in [
            ("", BROKEN),
            (f"{ACRPN}true", BROKEN),
            (f"{ACRPN}TRUE", NOT),
            (f"{ACRPN}false", NOT),
            (f"{ACRPN}true | {ACRPN}true", NOT),
        ]
    ),
    # What "all methods" leaves open is nobody's mistake.
    *(
        ("S-WRK-2", seen(ALL_METHODS_TOO, asks(method=method), says(200, "OK", permits(methods=""))), verdict)
        for method, verdict in [("PATCH", BROKEN), ("PURGE", BROKEN), ("QUERY", NOT), ("OPTIONS", NOT)]
    ),
    *(
        ("S-WRK-2", seen(config, asks(more=KEY), says(200, "OK", permits(headers="*"))), verdict)
        for config, verdict in [(ANY_HEADER, NOT), (LIST, NOT), (AUTHORIZATION_TOO, BROKEN)]
    ),
    ("S-PF-5", seen(LIST, FROM_B, gives()), NOT),
    ("S-PF-5", seen(LIST, asks(), gives()), NOT),
    ("S-PF-5", seen(LIST, asks(more=TOKEN), gives()), NOT),
    ("S-PF-5", seen(LIST, asks(B), gives()), HOLDS),
    ("S-PF-5", seen(LIST, asks(method="DELETE"), gives()), HOLDS),
    *(
        ("S-PF-5", seen(ANY_HEADER, asks(method=m, more=TOKEN), gives()), NOT)
        for m in ("GET", "HEAD", "POST")
    ),
    ("S-PF-5", seen(LIST, asks(more="access-control-request-headers: x-other"), gives()), HOLDS),
    ("S-PF-5", seen(LIST, asks(B), gives(f"{ANYONE} | access-control-allow-methods: *")), BROKEN),
    ("S-PF-5", seen(CREDENTIALS, asks(B), gives(f"{ANYONE} | access-control-allow-methods: *")), BROKEN),
    ("S-PF-5", seen(LIST, asks(B), gives(f"{ANYONE} | access-control-allow-methods: *", 400)), HOLDS),
    ("S-PF-5", seen(LIST, asks(B, "POST"), gives(ANYONE)), NOT),
    (
        "S-PF-5",
        seen(LIST, asks(B, "POST", TOKEN), gives(f"{ANYONE} | access-control-allow-headers: x-token")),
        BROKEN,
    ),
    (
        "S-PF-5",
        seen(LIST, asks(more=MANY_HEADERS), gives(f"{permits()} | access-control-allow-headers: *")),
        BROKEN,
    ),
    ("S-PF-5", seen(ANY_HEADER, asks(more=MANY_HEADERS), gives()), NOT),
    # What browsers send, and make of the answer
    *(
        ("S-PF-5", seen(LIST, request, gives()), verdict)
        for request, verdict in [
            (asks(B, "GET"), NOT),
            (asks(B, "put"), NOT),
            (asks(B, "patch"), HOLDS),
            (asks(B, "TRACE"), NOT),
            (asks(B, "P UT"), NOT),
            (asks(B, "P\xdcT"), NOT),
            (asks(method="DELETE", more="access-control-request-method: DELETE"), NOT),
            (asks(B, more=f"origin: {B}"), NOT),
            (asks("https://server.invalid"), NOT),
            (asks("null"), HOLDS),
            (asks(B, more="access-control-request-headers: X-Token, x-token"), HOLDS),
            (asks(B, "GET", "access-control-request-headers: accept"), HOLDS),
            (asks(B, "GET", "access-control-request-headers: accept, range"), HOLDS),
            (asks(B, more="access-control-request-headers: cookie"), NOT),
            (asks(B, more="access-control-request-headers: cookie, x-token"), NOT),
            (asks(B, more="access-control-request-headers: x token"), NOT),
            (asks(B, more="access-control-request-headers: x-\xe4"), NOT),
        ]
    ),
    # What "all methods" leaves open is nobody's mistake.
    *(
        ("S-PF-5", seen(LIST, asks(sent, "PUT"), says(200, "OK", permits(sent))), verdict)
        for sent, verdict in [
            ("https:///a", NOT),
            ("https://a/b", NOT),
            ("https://A.example", NOT),
            ("https://a.example.", BROKEN),
            ("null", BROKEN),
        ]
    ),
    ("S-PF-5", seen(EVERYTHING, asks(method="PURGE"), gives()), NOT),
    ("S-PF-5", seen(EVERYTHING, asks(B, "PURGE"), gives()), HOLDS),
    *(
        row
        for rule in ("D-04", "S-PF-4")
        for config, preflight, answer, request, then, expected in [
            (LIST, asks(), OK, PUT_FROM_A, TO_A, HOLDS),
            (LIST, asks(more=TOKEN), OK, PUT_FROM_A, TO_A, HOLDS),
            (LIST, asks(), ALLOWS_ANYTHING, PUT_FROM_A, TO_ALL, HOLDS),
            (LIST, asks(), NO, PUT_FROM_A, TO_A, BROKEN),
            (LIST, asks(), OK, PUT_FROM_A, TO_B, BROKEN),
            (LIST, asks(method="DELETE"), OK, get(f"origin: {A}", "DELETE"), TO_A, NOT),
            (LIST, asks(method="GET"), OK, FROM_A, TO_A, NOT),
            (LIST, asks(), OK, get(f"origin: {A}", "PATCH"), TO_A, NOT),
            (LIST, asks(), OK, get(f"origin: {B}", "PUT"), TO_A, NOT),
            (LIST, asks(), OK, get(method="PUT"), TO_A, NOT),
            (LIST, get(f"origin: {A} | access-control-request-method: PUT"), OK, PUT_FROM_A, TO_A, NOT),
            (EVERYTHING_AND_OPTIONS, asks(method="OPTIONS"), OK, asks(method="OPTIONS"), OK, NOT),
            (
                CREDENTIALS,
                asks(),
                says(200, "OK", permits(more=TRUE)),
                PUT_FROM_A,
                TO_A_WITH_CREDENTIALS,
                HOLDS,
            ),
            (CREDENTIALS, asks(), OK, PUT_FROM_A, TO_A_WITH_CREDENTIALS, BROKEN),
            (CREDENTIALS, asks(), says(200, "OK", permits(more=TRUE)), PUT_FROM_A, TO_A, BROKEN),
        ]
        for row in either_way(rule, config, (preflight, answer), (request, then), expected)
    ),
    ("D-04", (*seen(LIST, asks(), OK), *seen(CREDENTIALS, PUT_FROM_A, TO_A)), NOT),
    # What browsers send, and make of the answer
    *(
        (
            "D-04",
            (
                *seen(config, asks(), gives(first)),
                *seen(config, get(f"origin: {A}", "PUT"), gives(then)),
            ),
            verdict,
        )
        for config, first, then, verdict in [
            (LIST, f"{A_ALONE} | {STAR_METHOD}", A_ALONE, HOLDS),
            (LIST, f"{ANYONE} | access-control-allow-methods: PUT", ANYONE, HOLDS),
            (LIST, f"{ANYONE} | access-control-allow-methods: GET", ANYONE, BROKEN),
            (LIST, STAR_METHOD, A_ALONE, BROKEN),
            (LIST, f"{ANYONE} | {STAR_METHOD}", f"access-control-allow-origin: {B}", BROKEN),
            (
                CREDENTIALS,
                f"{A_WITH_CREDENTIALS} | access-control-allow-methods: PUT",
                A_WITH_CREDENTIALS,
                HOLDS,
            ),
            (CREDENTIALS, f"{A_WITH_CREDENTIALS} | {STAR_METHOD}", A_WITH_CREDENTIALS, BROKEN),
            (CREDENTIALS, f"{A_ALONE} | access-control-allow-methods: PUT", A_WITH_CREDENTIALS, BROKEN),
            (CREDENTIALS, f"{A_WITH_CREDENTIALS} | access-control-allow-methods: PUT", A_ALONE, BROKEN),
            (
                CREDENTIALS,
                f"{A_WITH_CREDENTIALS} | access-control-allow-methods: PUT",
                f"{ANYONE} | {TRUE}",
                BROKEN,
            ),
        ]
    ),
    *(
        row
        for request, answer, expected in [
            (asks(), NO, NOT),
            (asks(path="/other"), OK, HOLDS),
            (asks(more="cookie: a"), OK, HOLDS),
            (asks(more="authorization: a"), OK, HOLDS),
            (asks(more="cookie: a", path="/other"), OK, HOLDS),
            (asks(more="x-other: a"), OK, NOT),
            (asks(method="GET"), OK, NOT),
            (get(f"origin: {A}", "OPTIONS"), OK, NOT),
            (asks(path="/other"), says(204, "OK", permits()), BROKEN),
            (asks(path="/other"), says(200, "OK", permits(more=TRUE)), BROKEN),
        ]
        for row in either_way("S-PF-15", LIST, (asks(), OK), (request, answer), expected)
    ),
    *either_way("S-PF-15", LIST, (FROM_A, TO_A), (get(f"origin: {A}", path="/other"), TO_A), NOT),
    ("S-PF-15", (*seen(LIST, asks(), OK), *seen(OTHER, asks(path="/other"), OK)), NOT),
    *(
        (rule, seen(LIST, request, gives(headers)), expected)
        for rule in ("D-24", "S-PF-13")
        for request, headers, expected in [
            (FROM_A, "", NOT),
            (asks(B), "", NOT),
            (asks(), "access-control-max-age: 600", HOLDS),
            (asks(), "access-control-max-age: 601", BROKEN),
            (asks(), "access-control-max-age: 600 | access-control-max-age: 600", BROKEN),
            (asks(), "", BROKEN),
        ]
    ),
    *(
        ("S-WRK-4", seen(config, request, answer), expected)
        for config, request, answer, expected in [
            (LIST, asks(), OK, HOLDS),
            (LIST, asks(more=TOKEN), OK, HOLDS),
            (LIST, asks(B), OK, NOT),
            (LIST, asks(method="DELETE"), OK, NOT),
            (LIST, asks(), NO, NOT),
            (LIST, FROM_A, OK, NOT),
            (replace(LIST, max_age=601), asks(), OK, BROKEN),
            (replace(LIST, max_age=599), asks(), OK, BROKEN),
            (replace(LIST, max_age=0), asks(), aged(""), BROKEN),
            (replace(LIST, max_age=5), asks(), aged(""), HOLDS),
            (replace(LIST, max_age=5), asks(), aged("a"), HOLDS),
            (replace(LIST, max_age=600), asks(), aged("0600"), HOLDS),
            (replace(LIST, max_age=600), asks(), aged("a"), BROKEN),
            # Longer than any browser remembers: one is as good as the other.
            (replace(LIST, max_age=86400), asks(), aged("90000"), HOLDS),
            (replace(LIST, max_age=90000), asks(), aged("86400"), HOLDS),
            (replace(LIST, max_age=90000), asks(), aged("86399"), BROKEN),
        ]
    ),
]


@pytest.mark.parametrize(("rule_id", "exchanges", "expected"), ROWS)
def test_a_rule_says(rule_id: str, exchanges: tuple[Exchange, ...], expected: str) -> None:
    assert verdict(rule_id, exchanges) == expected
