"""What rules about answers say on both sides of their decisions."""

from dataclasses import replace

import pytest

from spec import Config, Exchange
from spec.http import Response
from spec.rules.server.examples import (
    A_ALONE,
    A_WITH_CREDENTIALS,
    ALLOWED,
    ANY_HEADER,
    COUNT,
    CREDENTIALS,
    DEFAULT,
    EVERYTHING,
    IMPOSSIBLE,
    LIST,
    LOCALHOST,
    PATTERN,
    PLAIN,
    REGEX,
    TOKEN,
    TRUE,
    TWO,
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
from spec.rules.server.facts import app, asked_fetch, proceeds
from spec.rules.server.vary import may_be_stored
from tests.helpers.verdicts import BROKEN, HOLDS, NOT, Row, together, verdict

ALL_METHODS_TOO = Config(allow_origins=(A,), allow_methods=("*", "PURGE"))
AUTHORIZATION_TOO = Config(allow_origins=(A,), allow_methods=("PUT",), allow_headers=("Authorization", "*"))
KEY = "access-control-request-headers: authorization"
TO_ALL = "access-control-allow-origin: *"
BELOW_A = "https://b.a.example"
BELOW_A_ALONE = f"access-control-allow-origin: {BELOW_A}"
A_AND_BELOW = Config(allow_origins=(A, "https://*.a.example"))
FROM_A, FROM_B = get(f"origin: {A}"), get(f"origin: {B}")
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
            (PATTERN, get("origin: https://*.a.example"), gives(TO_ALL), BROKEN),
            (PATTERN, get("origin: https://b.a.example.evil.example"), gives(TO_ALL), BROKEN),
            (A_AND_BELOW, FROM_A, gives(), NOT),
            (A_AND_BELOW, get(f"origin: {BELOW_A}"), gives(), BROKEN),
            (A_AND_BELOW, FROM_B, gives(), HOLDS),
            (A_AND_BELOW, get("origin: https://*.a.example"), gives(), HOLDS),
            (A_AND_BELOW, get("origin: https://*.a.example"), gives(TO_ALL), BROKEN),
            (replace(PATTERN, allow_origin_regex="x"), get(f"origin: {BELOW_A}"), gives(), NOT),
            (Config(allow_origins=("*", "https://*.a.example")), get(f"origin: {BELOW_A}"), gives(), NOT),
        ]
    ),
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
    ("A-PF-7", seen(ANY_HEADER, asks(), gives()), NOT),
    ("A-PF-7", seen(LIST, asks(B), gives()), NOT),
    ("A-PF-8", seen(LIST, asks(), gives()), NOT),
    ("A-PF-8", seen(ANY_HEADER, asks(B), gives()), NOT),
    ("A-PF-8", seen(ANY_HEADER, asks(), gives()), HOLDS),
    ("A-PF-8", seen(ANY_HEADER, asks(), gives("access-control-allow-headers: ")), BROKEN),
    ("A-PF-8", seen(ANY_HEADER, asks(more=TOKEN), gives("access-control-allow-headers: x-token")), HOLDS),
    ("A-PF-10", seen(LIST, asks(), says(200, "OK", permits())), HOLDS),
    ("A-PF-10", seen(LIST, asks(), gives(COUNT)), BROKEN),
    ("A-PF-10", seen(LIST, asks(), gives("vary: a | vary: a")), BROKEN),
    ("A-ACT-1", seen(LIST, FROM_A, gives()), NOT),
    ("A-ACT-1", seen(LIST, asks(), gives(), PLAIN), NOT),
    ("A-ACT-1", seen(LIST, FROM_A, gives(ALLOWED), PLAIN), HOLDS),
    ("A-ACT-1", seen(LIST, FROM_B, gives(), PLAIN), HOLDS),
    ("A-ACT-1", seen(LIST, FROM_B, gives(A_ALONE), PLAIN), BROKEN),
    ("A-ACT-1", seen(LIST, FROM_B, gives(TRUE), PLAIN), BROKEN),
    ("A-ACT-2", seen(LIST, FROM_A, gives(ALLOWED), PLAIN), HOLDS),
    ("A-ACT-2", seen(LIST, FROM_A, gives(), PLAIN), BROKEN),
    ("A-ACT-2", seen(CREDENTIALS, FROM_A, gives(COUNT), gives(COUNT)), HOLDS),
    ("A-ACT-2", seen(LIST, FROM_B, gives(COUNT), PLAIN), BROKEN),
    ("A-ACT-3", seen(LIST, get(), gives("vary: *"), gives("vary: *")), HOLDS),
    ("A-ACT-3", seen(LIST, get(), gives("vary: a,origin"), gives("vary: a,origin")), HOLDS),
    ("A-ACT-3", seen(LIST, get(), gives("vary: a, origin"), gives("vary: a | vary: origin")), HOLDS),
    ("A-ACT-3", seen(LIST, get(), gives("vary: a, Origin"), gives("vary: a")), HOLDS),
    ("A-ACT-3", seen(LIST, get(), gives("vary: Origin"), PLAIN), HOLDS),
    ("A-ACT-4", seen(LIST, get(), gives("vary: Origin"), PLAIN), HOLDS),
    ("A-ACT-4", seen(LIST, get(), gives(status=404), PLAIN), BROKEN),
    ("A-ACT-4", seen(LIST, get(), gives("x-extra: 1"), PLAIN), BROKEN),
    ("A-ACT-5", seen(LIST, get(), gives()), NOT),
    ("A-ACT-5", seen(LIST, asks(), gives(), calls=0), NOT),
    ("A-ACT-5", seen(LIST, get(), gives(), calls=1), HOLDS),
    ("A-ACT-5", seen(LIST, get(), gives(), calls=0), BROKEN),
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
    ("S-ORG-6", seen(LIST, get(), gives()), NOT),
    ("S-ORG-6", seen(WILDCARD, get("origin: a b"), gives()), NOT),
    ("S-ORG-6", seen(LIST, get("origin: null"), gives()), NOT),
    ("S-ORG-6", seen(LIST, FROM_B, gives()), NOT),
    ("S-ORG-6", seen(LIST, get("origin: a b"), gives()), HOLDS),
    ("S-ORG-6", seen(LIST, get("origin: a b"), gives("access-control-allow-origin: *")), BROKEN),
    ("S-ORG-6", seen(LIST, get(f"origin: {A} | origin: {B}"), gives()), HOLDS),
    ("S-ORG-6", seen(LIST, get(f"origin: {A} | origin: {B}"), gives(f"{A_ALONE}, {B}")), BROKEN),
    ("S-CRD-6", seen(WILDCARD, FROM_A, gives()), NOT),
    ("S-CRD-6", seen(CREDENTIALS, FROM_B, gives()), NOT),
    ("S-CRD-6", seen(IMPOSSIBLE, FROM_A, gives(A_ALONE)), HOLDS),
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
    ("S-PF-8", seen(LIST, FROM_A, gives()), NOT),
    ("S-PF-8", seen(LIST, asks(more=TOKEN), gives()), NOT),
    ("S-PF-8", seen(LIST, asks(method="P UT"), gives()), HOLDS),
    ("X-PNA-1", seen(LIST, FROM_A, gives()), NOT),
    ("X-PNA-1", seen(LIST, asks(), gives()), HOLDS),
    ("S-VARY-3", seen(LIST, FROM_A, gives()), NOT),
    ("S-VARY-3", seen(WILDCARD, asks(), gives()), NOT),
    ("S-VARY-3", seen(WILDCARD, get(), gives("access-control-allow-origin: *")), HOLDS),
    ("S-VARY-3", seen(WILDCARD, get(), gives()), BROKEN),
    ("S-VARY-3", seen(WILDCARD, get(), gives("access-control-allow-origin: * | vary: Origin")), BROKEN),
    ("S-VARY-4", seen(LIST, get(), gives(), gives("vary: a, b c")), NOT),
    ("S-VARY-4", seen(LIST, asks(), gives(), PLAIN), NOT),
    ("S-VARY-4", seen(LIST, get(), gives("vary: *, Origin"), gives("vary: *")), BROKEN),
    ("S-VARY-4", seen(LIST, get(), gives("vary: Accept, Origin, Origin"), gives("vary: Accept")), BROKEN),
    ("S-VARY-4", seen(LIST, get(), gives("vary: Accept, Cookie, Origin"), gives("vary: Accept")), BROKEN),
    ("S-VARY-4", seen(LIST, get(), gives("vary: ACCEPT"), gives("vary: accept")), HOLDS),
    ("S-HTTP-10", (*seen(LIST, get(), gives("vary: a")), *seen(LIST, get("x: 1", "HEAD"), gives())), NOT),
    ("S-HTTP-10", (*seen(LIST, get(), gives()), *seen(LIST, get(method="HEAD"), gives(A_ALONE))), BROKEN),
    ("S-HTTP-10", (*seen(LIST, get(), gives(), PLAIN), *seen(LIST, get(method="HEAD"), gives())), NOT),
]


ANYONE = "access-control-allow-origin: *"
BY_ORIGIN = "vary: Origin"
A_AGAIN = get(f"origin: {A} | x-other: 1")
MANY_HEADERS = f"access-control-request-headers: {','.join(f'x-{number}' for number in range(4000))}"
ONLY_OPTIONS = get("access-control-request-method: PUT", "OPTIONS")
ABOUT_CACHES: list[Row] = [
    ("S-VARY-1", together(LIST, (FROM_A, gives(ALLOWED)), (FROM_B, gives(BY_ORIGIN))), HOLDS),
    ("S-VARY-1", together(LIST, (FROM_A, gives(A_ALONE)), (FROM_B, gives(BY_ORIGIN))), BROKEN),
    ("S-VARY-1", together(LIST, (FROM_A, gives(TRUE)), (FROM_B, gives())), BROKEN),
    ("S-VARY-1", together(LIST, (FROM_A, gives(ALLOWED))), NOT),
    ("S-VARY-1", together(LIST, (FROM_A, gives()), (FROM_B, gives())), NOT),
    ("S-VARY-1", together(LIST, (FROM_A, gives(ALLOWED)), (A_AGAIN, gives())), NOT),
    ("S-VARY-1", together(LIST, (FROM_A, gives(ALLOWED)), (get(path="/other"), gives())), NOT),
    ("S-VARY-1", (*seen(LIST, FROM_A, gives(ALLOWED)), *seen(DEFAULT, FROM_B, gives())), NOT),
    ("S-VARY-1", together(LIST, (asks(), gives(ALLOWED)), (FROM_B, gives())), NOT),
    (
        "S-VARY-1",
        together(LIST, (FROM_A, gives(ALLOWED)), (FROM_B, gives(BY_ORIGIN)), (asks(), gives())),
        HOLDS,
    ),
    ("S-VARY-2", together(LIST, (FROM_A, gives(ALLOWED)), (FROM_B, gives(BY_ORIGIN))), HOLDS),
    ("S-VARY-2", together(LIST, (FROM_A, gives(A_ALONE)), (FROM_B, gives(BY_ORIGIN))), BROKEN),
    ("S-VARY-2", together(LIST, (FROM_A, gives(ALLOWED)), (FROM_B, gives())), BROKEN),
    ("S-VARY-2", together(LIST, (FROM_A, gives()), (FROM_B, gives())), NOT),
    ("S-VARY-2", together(LIST, (FROM_A, gives(ALLOWED)), (FROM_A, gives())), NOT),
    ("S-VARY-2", together(LIST, (A_AGAIN, gives(ALLOWED)), (FROM_B, gives())), NOT),
    ("S-VARY-2", together(LIST, (asks(), gives(A_ALONE)), (ONLY_OPTIONS, gives())), NOT),
    ("S-VARY-2", together(LIST, (ONLY_OPTIONS, gives()), (asks(), gives(A_ALONE))), NOT),
    *(
        (
            "S-VARY-2",
            together(
                LIST, (get(f"origin: {A}", method), gives(A_ALONE)), (get(f"origin: {B}", method), gives())
            ),
            verdict,
        )
        for method, verdict in [("HEAD", BROKEN), ("POST", NOT), ("OPTIONS", NOT), ("get", NOT)]
    ),
    ("S-VARY-4", seen(LIST, get(), gives("vary: a, *"), gives("vary: a, *")), HOLDS),
    ("S-VARY-4", seen(LIST, get(), gives("vary: Accept"), gives("vary: Accept")), HOLDS),
    ("S-VARY-4", seen(LIST, get(), gives("vary: Accept, Origin"), gives("vary: Accept")), HOLDS),
    ("S-VARY-4", seen(LIST, get(), gives("vary: Origin, Accept"), gives("vary: Accept, origin")), HOLDS),
    ("S-VARY-4", seen(LIST, get(), gives("vary: Origin, Origin"), gives("vary: Origin")), BROKEN),
    ("S-VARY-4", seen(LIST, get(), gives("vary: Accept"), gives("vary: Accept, Accept")), BROKEN),
    ("S-VARY-5", together(LIST, (FROM_A, gives())), NOT),
    *(
        ("S-VARY-5", together(LIST, (get("x: 1", method), gives()), (get(method=method), gives())), verdict)
        for method, verdict in [("GET", HOLDS), ("HEAD", HOLDS), ("POST", NOT), ("OPTIONS", NOT)]
    ),
    ("S-VARY-5", together(LIST, (get(), gives()), (get(method="HEAD"), gives())), NOT),
    ("S-VARY-5", together(LIST, (get(), gives()), (get(path="/other"), gives())), NOT),
    ("S-VARY-5", (*seen(LIST, get(), gives()), *seen(DEFAULT, get(), gives())), NOT),
    ("S-VARY-5", (*seen(LIST, get(), gives(), PLAIN), *seen(LIST, get(), gives(), gives(TRUE))), NOT),
    ("S-VARY-5", together(LIST, (get(), gives("vary: *")), (get(), gives("vary: *"))), NOT),
    ("S-VARY-5", together(LIST, (get(), gives("vary: Accept")), (get(), gives("vary: Accept"))), HOLDS),
    (
        "S-VARY-5",
        together(LIST, (FROM_A, gives("vary: Accept, Origin")), (FROM_B, gives("vary: Accept, Origin"))),
        NOT,
    ),
    *(
        ("S-VARY-5", together(CREDENTIALS, (A_AGAIN, gives(one)), (FROM_A, gives(other))), verdict)
        for one, other, verdict in [
            (A_ALONE, A_ALONE, HOLDS),
            (A_ALONE, "", BROKEN),
            (A_ALONE, ANYONE, HOLDS),
            (A_ALONE, f"access-control-allow-origin: {B}", BROKEN),
            (A_ALONE, A_WITH_CREDENTIALS, BROKEN),
            (A_WITH_CREDENTIALS, A_WITH_CREDENTIALS, HOLDS),
            (A_WITH_CREDENTIALS, f"{A_ALONE} | access-control-allow-credentials: True", BROKEN),
            (A_WITH_CREDENTIALS, ANYONE, BROKEN),
            (ANYONE, f"{ANYONE} | {TRUE}", HOLDS),
            (ANYONE, f"{ANYONE} | {ANYONE}", BROKEN),
        ]
    ),
    *(
        ("S-VARY-5", together(LIST, (FROM_A, gives(A_ALONE)), (other, gives(BY_ORIGIN))), verdict)
        for other, verdict in [(get(), HOLDS), (get(f"origin: {A} | origin: {B}"), HOLDS), (FROM_B, HOLDS)]
    ),
    ("S-RSP-7", together(LIST, (get(), gives(BY_ORIGIN)), (get(method="HEAD"), gives(BY_ORIGIN))), HOLDS),
    ("S-RSP-7", together(LIST, (get(), gives()), (get("if-none-match: 1"), gives(status=304))), HOLDS),
    ("S-RSP-7", together(LIST, (get(), gives()), (get(), gives())), NOT),
    *(
        ("S-HTTP-9", together(LIST, (one, gives(A_ALONE)), (other, gives(status=304))), verdict)
        for one, other, verdict in [
            (get(), get(), BROKEN),
            (get(), get("if-none-match: 1"), BROKEN),
            (get(), get("if-modified-since: 1"), BROKEN),
            (get(), get("if-none-match: 1 | if-modified-since: 1"), BROKEN),
            (get(), get("if-match: 1"), NOT),
            (get(), FROM_A, NOT),
            (asks(), asks(more="if-none-match: 1"), NOT),
        ]
    ),
    ("S-HTTP-9", together(LIST, (get(), gives(status=304)), (get(), gives())), HOLDS),
    ("S-HTTP-9", together(LIST, (get(), gives(BY_ORIGIN)), (get(), gives(status=304))), BROKEN),
    ("S-HTTP-9", together(LIST, (get(), gives()), (get(), gives(BY_ORIGIN))), NOT),
    ("S-HTTP-9", together(LIST, (get(), gives(status=404)), (get(), gives(status=304))), NOT),
    ("S-HTTP-9", (*seen(LIST, get(), gives(), PLAIN), *seen(LIST, get(), gives(status=304))), NOT),
    ("S-HTTP-10", together(LIST, (get(), gives()), (get(method="HEAD"), gives())), HOLDS),
    ("S-HTTP-10", together(LIST, (get(method="HEAD"), gives()), (get(), gives())), HOLDS),
    ("S-HTTP-10", together(LIST, (get(), gives()), (get(method="POST"), gives())), NOT),
    ("S-HTTP-10", together(LIST, (get(), gives()), (get(method="HEAD", path="/other"), gives())), NOT),
    ("S-HTTP-10", (*seen(LIST, get(), gives()), *seen(DEFAULT, get(method="HEAD"), gives())), NOT),
]
TWO_ORIGINS = get(f"origin: {A} | origin: {B}")
FROM_NULL = get("origin: null")
PRIVATE = Config(allow_origins=(A,), allow_methods=("PUT",), allow_private_network=True)
WANTS_PRIVATE = asks(more="access-control-request-private-network: true")
PRIVATE_TOO = "access-control-allow-private-network: true"
ABOUT_SECURITY: list[Row] = [
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
    ("S-ORG-5", seen(LIST, get(), gives(TRUE)), NOT),
    ("S-ORG-5", seen(LIST, FROM_A, gives(TRUE)), NOT),
    ("S-ORG-5", seen(LIST, FROM_B, gives()), HOLDS),
    ("S-ORG-5", seen(LIST, FROM_B, gives(A_ALONE)), HOLDS),
    ("S-ORG-5", seen(LIST, FROM_B, gives(ANYONE)), BROKEN),
    ("S-ORG-5", seen(LIST, FROM_B, gives(f"access-control-allow-origin: {B}")), BROKEN),
    ("S-ORG-6", seen(Config(allow_origins=("a b",)), get("origin: a b"), gives()), NOT),
    *(
        ("S-ORG-6", seen(TWO, TWO_ORIGINS, gives(f"access-control-allow-origin: {value}")), verdict)
        for value, verdict in [(A, BROKEN), (B, BROKEN), ("*", BROKEN), ("https://c.example", HOLDS)]
    ),
    # A server may name its one origin to everyone, with what goes with it.
    ("S-ORG-6", seen(LIST, TWO_ORIGINS, gives(A_ALONE)), HOLDS),
    ("S-ORG-6", seen(LIST, TWO_ORIGINS, gives(f"access-control-allow-origin: {B}")), BROKEN),
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
    ("S-CRD-1", seen(CREDENTIALS, FROM_A, gives(A_WITH_CREDENTIALS)), HOLDS),
    ("S-CRD-1", seen(CREDENTIALS, FROM_A, gives(ANYONE)), HOLDS),
    ("S-CRD-1", seen(CREDENTIALS, asks(), gives(f"{ANYONE} | {TRUE}")), BROKEN),
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
    ("S-PF-8", seen(LIST, get("access-control-request-headers: a b"), gives()), NOT),
    ("S-PF-8", seen(LIST, asks(), gives()), NOT),
    ("S-PF-8", seen(LIST, asks(method=""), gives()), HOLDS),
    ("S-PF-8", seen(LIST, asks(more="access-control-request-headers: x-a, x b"), gives()), HOLDS),
    ("S-PF-8", seen(LIST, asks(method="P UT"), gives("access-control-allow-methods: GET, P UT")), BROKEN),
    ("S-PF-8", seen(LIST, asks(method="P UT"), gives(permits())), HOLDS),
    ("SEC-2", seen(LIST, FROM_A, gives(A_ALONE)), NOT),
    ("SEC-2", seen(LIST, get(), gives()), NOT),
    ("SEC-2", seen(LIST, FROM_B, gives(A_ALONE)), HOLDS),
    ("SEC-3", seen(LIST, FROM_B, gives()), NOT),
    ("SEC-3", seen(REGEX, FROM_A, gives()), NOT),
    ("SEC-3", seen(REGEX, get(), gives()), NOT),
    ("SEC-3", seen(REGEX, get("origin: http://a.example"), gives()), HOLDS),
    ("X-PNA-1", seen(LIST, get("access-control-request-private-network: true"), gives()), NOT),
    ("X-PNA-1", seen(PRIVATE, WANTS_PRIVATE, gives(PRIVATE_TOO)), NOT),
    ("X-PNA-1", seen(PRIVATE, asks(), gives(PRIVATE_TOO)), BROKEN),
    ("X-PNA-1", seen(LIST, WANTS_PRIVATE, gives()), HOLDS),
    ("X-PNA-1", seen(LIST, WANTS_PRIVATE, gives("access-control-allow-private-network: false")), HOLDS),
    ("X-PNA-1", seen(LIST, WANTS_PRIVATE, gives(f"{PRIVATE_TOO} | {PRIVATE_TOO}")), BROKEN),
]


NO_METHODS = Config(allow_origins=(A,), allow_methods=())
TWO_EXPOSED = Config(allow_origins=(A,), expose_headers=("X-B", "X-A", "X-B"))
WANTS_TWO = asks(more="access-control-request-headers: x-b,x-a")
ABOUT_THE_HOUSE: list[Row] = [
    ("A-PF-6", seen(LIST, asks(B), gives()), NOT),
    ("A-PF-6", seen(LIST, asks(), gives("access-control-allow-methods: GET, PUT")), HOLDS),
    ("A-PF-6", seen(LIST, asks(), gives("access-control-allow-methods: GET,PUT")), BROKEN),
    ("A-PF-6", seen(LIST, asks(), gives()), BROKEN),
    ("A-PF-6", seen(NO_METHODS, asks(), gives()), HOLDS),
    ("A-PF-6", seen(NO_METHODS, asks(), gives("access-control-allow-methods: ")), BROKEN),
    ("A-PF-7", seen(LIST, asks(), gives(permits())), HOLDS),
    ("A-PF-7", seen(LIST, asks(), gives()), BROKEN),
    ("A-PF-8", seen(ANY_HEADER, WANTS_TWO, gives("access-control-allow-headers: x-b, x-a")), HOLDS),
    ("A-PF-8", seen(ANY_HEADER, WANTS_TWO, gives("access-control-allow-headers: x-b,x-a")), BROKEN),
    ("A-PF-8", seen(ANY_HEADER, asks(more="access-control-request-headers: x b"), gives()), HOLDS),
    ("A-PF-9", seen(PRIVATE, get(), gives()), NOT),
    ("A-PF-9", seen(PRIVATE, WANTS_PRIVATE, gives(PRIVATE_TOO)), HOLDS),
    ("A-PF-9", seen(PRIVATE, asks(), gives()), HOLDS),
    ("A-PF-9", seen(PRIVATE, asks(), gives(PRIVATE_TOO)), BROKEN),
    ("A-PF-9", seen(LIST, WANTS_PRIVATE, gives()), HOLDS),
    ("A-PF-9", seen(LIST, WANTS_PRIVATE, gives(PRIVATE_TOO)), BROKEN),
    ("A-PF-10", seen(LIST, asks(), gives("Vary: a")), BROKEN),
    ("A-PF-10", seen(LIST, asks(), gives("content-type: a | content-type: b")), BROKEN),
    ("A-ACT-1", seen(CREDENTIALS, FROM_A, gives(A_WITH_CREDENTIALS), PLAIN), HOLDS),
    ("A-ACT-1", seen(LIST, FROM_B, gives(A_WITH_CREDENTIALS), gives(A_WITH_CREDENTIALS)), HOLDS),
    ("A-ACT-1", seen(LIST, FROM_B, gives(), gives(A_WITH_CREDENTIALS)), BROKEN),
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
    ("A-ACT-3", seen(LIST, get(), gives("vary: Origin"), gives("vary: *")), BROKEN),
    ("A-ACT-3", seen(LIST, get(), gives("vary: Accept | vary: Origin"), gives("vary: Accept")), BROKEN),
    ("A-ACT-3", seen(LIST, get(), gives(), PLAIN), BROKEN),
    ("A-ACT-4", seen(LIST, asks(), gives(), PLAIN), NOT),
]

# How rules read an exchange

APP_TRUE = gives(TRUE)
STAR_METHOD = "access-control-allow-methods: *"
STAR_HEADER = "access-control-allow-headers: *"
AUTHORIZATION = "access-control-request-headers: Authorization"
WITHOUT_EXPOSED = Config(allow_origins=(A,))
ABOUT_READING: list[Row] = [
    # What the application says is not the server's
    ("S-ORG-5", seen(LIST, FROM_B, APP_TRUE, APP_TRUE), HOLDS),
    ("S-ORG-5", seen(LIST, FROM_B, APP_TRUE, PLAIN), BROKEN),
    ("S-ORG-5", seen(LIST, FROM_B, gives(f"{TRUE} | {TRUE}"), APP_TRUE), BROKEN),
    ("S-ORG-5", seen(LIST, asks(B), APP_TRUE, APP_TRUE), BROKEN),
    ("S-HTTP-6", seen(LIST, FROM_B, gives(f"{TRUE} | {TRUE}"), APP_TRUE), HOLDS),
    ("S-HTTP-6", seen(LIST, FROM_A, gives(f"{TRUE} | {TRUE}"), APP_TRUE), BROKEN),
    *(
        ("S-SYN-3", seen(config, request, gives(f"{name}: a b"), gives(f"{name}: a b")), verdict)
        for config, request, name, verdict in [
            (LIST, FROM_A, "access-control-expose-headers", BROKEN),
            (LIST, FROM_B, "access-control-expose-headers", HOLDS),
            (WITHOUT_EXPOSED, FROM_A, "access-control-expose-headers", HOLDS),
            (LIST, FROM_A, "access-control-allow-methods", HOLDS),
            (LIST, FROM_A, "access-control-allow-headers", HOLDS),
            (LIST, asks(), "access-control-allow-headers", BROKEN),
        ]
    ),
    *(
        ("S-SYN-2", seen(LIST, request, gives(f"{TRUE}, x"), gives(f"{TRUE}, x")), verdict)
        for request, verdict in [(FROM_A, BROKEN), (FROM_B, HOLDS), (get(), HOLDS), (asks(), BROKEN)]
    ),
    *(
        ("S-SYN-1", seen(LIST, request, gives("access-control-allow-origin: a b"), app), verdict)
        for request, app, verdict in [
            (FROM_A, gives("access-control-allow-origin: a b"), BROKEN),
            (FROM_B, gives("access-control-allow-origin: a b"), NOT),
            (FROM_B, PLAIN, BROKEN),
        ]
    ),
    ("S-SYN-6", seen(LIST, FROM_A, gives(permits()), gives(permits())), HOLDS),
    *(
        ("S-SYN-6", seen(LIST, FROM_A, gives(f"{name}: 1"), PLAIN), BROKEN)
        for name in ("access-control-allow-methods", "access-control-allow-headers", "access-control-max-age")
    ),
    ("S-SYN-6", seen(LIST, asks(), gives(COUNT), gives(COUNT)), BROKEN),
    ("S-HTTP-4", seen(LIST, get(), gives("vary: a,, b"), gives("vary: a,, b")), HOLDS),
    ("S-HTTP-4", seen(LIST, get(), gives("vary: a,, b"), gives("vary: a, b")), BROKEN),
    ("S-HTTP-4", seen(LIST, get(), gives("vary: a,, b | vary: a,, b"), gives("vary: a,, b")), BROKEN),
    ("S-HTTP-4", seen(LIST, asks(), gives("vary: a,, b"), gives("vary: a,, b")), BROKEN),
    # The rest is the application's
    ("A-ACT-4", seen(LIST, get(), gives("X-One: 1 | x-two: 2"), gives("x-two: 2 | x-one: 1")), HOLDS),
    ("A-ACT-4", seen(LIST, get(), gives("Vary: a | VARY: b"), PLAIN), HOLDS),
    ("A-ACT-4", seen(LIST, FROM_A, gives(COUNT), gives(A_WITH_CREDENTIALS)), HOLDS),
    ("A-ACT-4", seen(LIST, get(), gives("x-one: 1"), gives("x-one: 2")), BROKEN),
    ("A-ACT-4", seen(LIST, get(), gives("x-one: 1"), gives("x-two: 1")), BROKEN),
    ("A-ACT-4", seen(LIST, get(), gives("x-one: 1 | x-one: 1"), gives("x-one: 1")), BROKEN),
    ("A-ACT-4", seen(LIST, get(), gives("x-\xe4: 1"), gives("X-\xe4: 1")), HOLDS),
    ("A-ACT-4", seen(LIST, get(), gives(STAR_METHOD), PLAIN), BROKEN),
    ("A-PF-10", seen(PRIVATE, WANTS_PRIVATE, says(200, "OK", permits(more=PRIVATE_TOO))), HOLDS),
    ("A-PF-10", seen(CREDENTIALS, asks(), says(200, "OK", permits(more=TRUE))), HOLDS),
    ("A-PF-10", seen(PRIVATE, asks(), says(200, "OK", permits(more=f"{TRUE} | {PRIVATE_TOO}"))), HOLDS),
    # What lists name
    *(
        ("D-11", seen(config, asks(method=method), gives(f"access-control-allow-methods: {listed}")), verdict)
        for config, method, listed, verdict in [
            (LIST, "PUT", "GET, PUT", HOLDS),
            (LIST, "PUT", "GET", BROKEN),
            (LIST, "PUT", "put", BROKEN),
            (LIST, "PUT", "*", HOLDS),
            (LIST, "DELETE", "*", BROKEN),
            (CREDENTIALS, "PUT", "*", BROKEN),
            (CREDENTIALS, "PUT", "PUT", HOLDS),
            (CREDENTIALS, "DELETE", "*", HOLDS),
        ]
    ),
    *(
        (
            "D-12",
            seen(
                config,
                asks(more=f"access-control-request-headers: {asked}"),
                gives(f"access-control-allow-headers: {listed}"),
            ),
            verdict,
        )
        for config, asked, listed, verdict in [
            (LIST, "X-TOKEN", "accept, x-Token", HOLDS),
            (LIST, "x-token", "accept", BROKEN),
            (LIST, "x-token", "*", HOLDS),
            (LIST, "x-other", "*", BROKEN),
            (CREDENTIALS, "x-other", "*", HOLDS),
            (CREDENTIALS, "accept", "*", BROKEN),
            (ANY_HEADER, "authorization", "*", BROKEN),
            (ANY_HEADER, "Authorization", "*", BROKEN),
            (ANY_HEADER, "Authorization", "*, authorization", HOLDS),
            (LIST, "authorization", "*", HOLDS),
        ]
    ),
    (
        "S-VARY-2",
        together(LIST, (FROM_A, gives(f"{A_ALONE} | vary: *")), (FROM_B, gives("vary: a,*"))),
        HOLDS,
    ),
    (
        "S-VARY-2",
        together(LIST, (FROM_A, gives(f"{A_ALONE} | Vary: a, ORIGIN")), (FROM_B, gives(BY_ORIGIN))),
        HOLDS,
    ),
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
    ("D-13", seen(EVERYTHING, asks(more="access-control-request-headers: cookie"), gives()), NOT),
    (
        "D-13",
        seen(EVERYTHING, asks(more=TOKEN), says(200, "OK", permits(headers="x-token", more=TRUE))),
        HOLDS,
    ),
    # How two exchanges compare
    *(
        ("S-VARY-2", together(LIST, (one, gives(A_ALONE)), (other, gives())), verdict)
        for one, other, verdict in [
            (get(f"x: 1 | origin: {A} | y: 2"), get(f"y: 2 | X: 1 | Origin: {B}"), BROKEN),
            (get(f"x: 1 | origin: {A}"), get(f"x: 2 | origin: {B}"), NOT),
            (get(f"x: 1 | x: 1 | origin: {A}"), get(f"x: 1 | origin: {B}"), NOT),
            (FROM_A, get(f"origin: {B}", "HEAD"), NOT),
            (FROM_A, get(f"origin: {B}", path="/other"), NOT),
        ]
    ),
    ("S-VARY-2", (*seen(LIST, FROM_A, gives(A_ALONE)), *seen(DEFAULT, FROM_B, gives())), NOT),
    (
        "S-VARY-2",
        (*seen(LIST, FROM_A, gives(TRUE), APP_TRUE), *seen(LIST, FROM_B, APP_TRUE, APP_TRUE)),
        BROKEN,
    ),
    ("S-VARY-2", (*seen(LIST, get(), APP_TRUE, APP_TRUE), *seen(LIST, FROM_B, APP_TRUE, APP_TRUE)), NOT),
    *(
        (
            "S-HTTP-10",
            (*seen(LIST, get(), gives(), one), *seen(LIST, get(method="HEAD"), gives(), other)),
            verdict,
        )
        for one, other, verdict in [
            (None, PLAIN, NOT),
            (PLAIN, None, NOT),
            (PLAIN, gives(body=""), HOLDS),
            (gives("a: 1 | b: 2"), gives("b: 2 | a: 1"), HOLDS),
            (gives("a: 1"), gives("a: 2"), NOT),
        ]
    ),
    *(
        ("S-HTTP-10", together(LIST, (get(), gives(one)), (get(method="HEAD"), gives(other))), verdict)
        for one, other, verdict in [
            ("vary: a | Vary: B", "vary: b,a", HOLDS),
            (f"{COUNT} | {COUNT}", f"{COUNT}, X-Count", HOLDS),
            (COUNT, COUNT.lower(), BROKEN),
            ("", "access-control-max-age: 1", BROKEN),
            # HEAD is not configured here: a server may withhold it, and then does so of all CORS headers.
            (PRIVATE_TOO, "", HOLDS),
            (f"{PRIVATE_TOO} | {COUNT}", COUNT, BROKEN),
            ("", PRIVATE_TOO, BROKEN),
            (f"{PRIVATE_TOO} | vary: a", "", BROKEN),
        ]
    ),
    *(
        (
            "S-HTTP-10",
            together(config, (FROM_A, gives(A_ALONE)), (get(f"origin: {A}", "HEAD"), gives())),
            verdict,
        )
        for config, verdict in [
            (LIST, HOLDS),
            (EVERYTHING, BROKEN),
            (Config(allow_origins=(A,), allow_methods=("GET", "HEAD")), BROKEN),
        ]
    ),
    ("S-HTTP-10", together(EVERYTHING, (get(method="HEAD"), gives()), (get(), gives(A_ALONE))), BROKEN),
    (
        "S-HTTP-10",
        together(EVERYTHING, (get(), gives(A_ALONE)), (get(method="HEAD"), gives(status=405))),
        NOT,
    ),
    ("S-HTTP-10", together(LIST, (get(method="HEAD"), gives()), (get(), gives(A_ALONE))), HOLDS),
    # What "all methods" leaves open is nobody's mistake.
    ("S-PF-5", seen(EVERYTHING, asks(method="PURGE"), gives()), NOT),
    ("S-PF-5", seen(EVERYTHING, asks(B, "PURGE"), gives()), HOLDS),
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
        ("S-WRK-2", seen(ALL_METHODS_TOO, asks(method=method), says(200, "OK", permits(methods=""))), verdict)
        for method, verdict in [("PATCH", BROKEN), ("PURGE", BROKEN), ("QUERY", NOT), ("OPTIONS", NOT)]
    ),
    *(
        ("S-WRK-2", seen(config, asks(more=KEY), says(200, "OK", permits(headers="*"))), verdict)
        for config, verdict in [(ANY_HEADER, NOT), (LIST, NOT), (AUTHORIZATION_TOO, BROKEN)]
    ),
    # What no cache keeps need not vary.
    *(
        (
            rule,
            together(LIST, (FROM_A, gives(f"{A_ALONE} | {more}", status)), (FROM_B, gives(more, status))),
            said,
        )
        for rule, otherwise in [("S-VARY-2", HOLDS), ("SEC-11", HOLDS), ("S-VARY-5", NOT)]
        for more, status, said in [
            ("x: 1", 200, BROKEN),
            ("x: 1", 404, BROKEN),
            ("x: 1", 403, otherwise),
            ("x: 1", 500, otherwise),
            ("expires: 0", 403, BROKEN),
            ("cache-control: max-age=60", 403, BROKEN),
            ("cache-control: s-maxage=60", 403, BROKEN),
            ("cache-control: x, Public", 403, BROKEN),
            ("cache-control: private", 403, BROKEN),
            ("cache-control: no-cache", 403, otherwise),
            ("cache-control: no-cache", 200, BROKEN),
            ("cache-control: no-store", 200, otherwise),
            ("cache-control: public, No-Store", 200, otherwise),
            ("cache-control: public | cache-control: no-store", 200, otherwise),
        ]
    ),
    *(
        ("S-VARY-2", together(LIST, (FROM_A, gives(one)), (FROM_B, gives(other, 403))), said)
        for one, other, said in [
            (f"{A_ALONE} | vary: Origin", "x: 1", HOLDS),
            (A_ALONE, "x: 1", BROKEN),
            (A_ALONE, "vary: Origin", BROKEN),
        ]
    ),
    # Without a method it is no preflight to some servers.
    ("S-SYN-6", seen(LIST, asks(method=""), gives(COUNT)), NOT),
    ("S-SYN-6", seen(LIST, asks(method="a b"), gives(COUNT)), NOT),
    ("S-SYN-6", seen(LIST, asks(), gives(COUNT)), BROKEN),
]


@pytest.mark.parametrize(
    ("rule_id", "exchanges", "expected"),
    ROWS + ABOUT_CACHES + ABOUT_SECURITY + ABOUT_THE_HOUSE + ABOUT_READING,
)
def test_a_rule_says(rule_id: str, exchanges: tuple[Exchange, ...], expected: str) -> None:
    assert verdict(rule_id, exchanges) == expected


def test_a_preflight_that_no_browser_sends_leads_to_no_request() -> None:
    (exchange,) = seen(LIST, asks(method="TRACE"), says(200, "OK", permits(methods="TRACE")))
    assert asked_fetch(exchange, credentials=False) is None
    assert not proceeds(exchange)


def test_what_is_not_known_of_the_application_is_not_made_up() -> None:
    (exchange,) = seen(LIST, get(), gives())
    with pytest.raises(AssertionError):
        app(exchange)


@pytest.mark.parametrize("status", range(200, 600))
def test_what_caches_keep_without_being_asked(status: int) -> None:
    kept = {200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501}
    assert may_be_stored(Response(status, ())) is (status in kept)
