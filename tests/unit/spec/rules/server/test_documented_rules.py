"""What the rules of the documentation page say on both sides of their decisions."""

from dataclasses import replace

import pytest

from spec import Config, Exchange
from spec.rules.server.examples import (
    A_ALONE,
    A_WITH_CREDENTIALS,
    ALL_METHODS,
    ANY_HEADER,
    BOTH,
    COUNT,
    CREDENTIALS,
    DEFAULT,
    EVERYTHING,
    LIST,
    LOCALHOST,
    PLAIN,
    REGEX,
    TOKEN,
    TRUE,
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

FROM_A, FROM_B = get(f"origin: {A}"), get(f"origin: {B}")
FROM_BOTH = get(f"origin: {A} | origin: {B}")
TO_A, TO_B, TO_ALL, TO_NONE = (
    gives(A_ALONE),
    gives(f"access-control-allow-origin: {B}"),
    gives("access-control-allow-origin: *"),
    gives(),
)
TO_A_WITH_CREDENTIALS = gives(A_WITH_CREDENTIALS)
ANY = Config(allow_origin_regex=".*")
PATTERN_AND_REGEX = Config(allow_origins=("https://*.a.example",), allow_origin_regex="x")
SITES = Config(allow_origins=(A, B), allow_credentials=True)
OTHER = Config(allow_origins=(A,), max_age=1)
LOCAL = get("origin: http://localhost")
OK, NO = says(200, "OK", permits()), says(400, "no")
ACRH = "access-control-request-headers: "

ORIGINS: list[Row] = [
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
    ("D-07", seen(WILDCARD, get(), TO_NONE), NOT),
    ("D-07", seen(WILDCARD, FROM_A, TO_ALL), HOLDS),
    ("D-07", seen(WILDCARD, FROM_A, TO_A_WITH_CREDENTIALS), BROKEN),
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
]

STAR = "access-control-allow-headers: *"
CREDENTIALS_ROWS: list[Row] = [
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
]


PUT = get(f"origin: {A}", "PUT")
ALLOWS_ANYTHING = says(200, "OK", permits("*", "*", "*"))
EVERYTHING_AND_OPTIONS = Config(allow_origins=(A,), allow_methods=("*",))
BEFORE_AND_AFTER: list[Row] = [
    *(
        row
        for rule in ("D-04", "S-PF-4")
        for config, preflight, answer, request, then, expected in [
            (LIST, asks(), OK, PUT, TO_A, HOLDS),
            (LIST, asks(more=TOKEN), OK, PUT, TO_A, HOLDS),
            (LIST, asks(), ALLOWS_ANYTHING, PUT, TO_ALL, HOLDS),
            (LIST, asks(), NO, PUT, TO_A, BROKEN),
            (LIST, asks(), OK, PUT, TO_B, BROKEN),
            (LIST, asks(method="DELETE"), OK, get(f"origin: {A}", "DELETE"), TO_A, NOT),
            (LIST, asks(method="GET"), OK, FROM_A, TO_A, NOT),
            (LIST, asks(), OK, get(f"origin: {A}", "PATCH"), TO_A, NOT),
            (LIST, asks(), OK, get(f"origin: {B}", "PUT"), TO_A, NOT),
            (LIST, asks(), OK, get(method="PUT"), TO_A, NOT),
            (LIST, get(f"origin: {A} | access-control-request-method: PUT"), OK, PUT, TO_A, NOT),
            (EVERYTHING_AND_OPTIONS, asks(method="OPTIONS"), OK, asks(method="OPTIONS"), OK, NOT),
            (CREDENTIALS, asks(), says(200, "OK", permits(more=TRUE)), PUT, TO_A_WITH_CREDENTIALS, HOLDS),
            (CREDENTIALS, asks(), OK, PUT, TO_A_WITH_CREDENTIALS, BROKEN),
            (CREDENTIALS, asks(), says(200, "OK", permits(more=TRUE)), PUT, TO_A, BROKEN),
        ]
        for row in either_way(rule, config, (preflight, answer), (request, then), expected)
    ),
    ("D-04", (*seen(LIST, asks(), OK), *seen(CREDENTIALS, PUT, TO_A)), NOT),
]

ALL_HEADERS = f"{ACRH}accept,accept-language,content-language,content-type"
PREFLIGHTS: list[Row] = [
    *(
        ("D-11", seen(config, request, answer), expected)
        for config, request, answer, expected in [
            (LIST, PUT, TO_A, NOT),
            (LIST, asks(B), NO, NOT),
            (LIST, asks(more="access-control-request-method: GET"), OK, NOT),
            (LIST, asks(more="access-control-request-method: PUT"), OK, HOLDS),
            (LIST, asks(method="P UT"), OK, NOT),
            (LIST, asks(method="*"), OK, NOT),
            (LIST, asks(), OK, HOLDS),
            (LIST, asks(), says(200, "OK", permits(methods="GET, put")), BROKEN),
            (LIST, asks(method="DELETE"), OK, HOLDS),
            (LIST, asks(method="DELETE"), says(400, "no", permits(methods="DELETE")), BROKEN),
        ]
    ),
    *(
        ("D-12", seen(LIST, request, gives(f"access-control-allow-headers: {headers}")), expected)
        for request, headers, expected in [
            (PUT, "", NOT),
            (asks(), "X-Token", NOT),
            (asks(B, more=TOKEN), "X-Token", NOT),
            (asks(more=f"{ACRH}x token"), "X-Token", NOT),
            (asks(more=f"{TOKEN}, *"), "X-Token", NOT),
            (asks(more=TOKEN), "X-Token", HOLDS),
            (asks(more=f"{TOKEN}, x-other"), "X-Token", HOLDS),
            (asks(more=f"{TOKEN}, x-other"), "", BROKEN),
            (asks(more=f"{TOKEN}, x-other"), "X-Token, X-Other", BROKEN),
        ]
    ),
    *(
        ("D-13", seen(config, request, says(200, "OK", permits(A, methods, headers, TRUE))), expected)
        for config, request, methods, headers, expected in [
            (EVERYTHING, PUT, "PUT", "", NOT),
            (EVERYTHING, asks(B), "PUT", "", NOT),
            (EVERYTHING, asks(method="GET"), "GET", "", NOT),
            (EVERYTHING, asks(method="LINK"), "GET", "", NOT),
            (replace(EVERYTHING, allow_credentials=False), asks(), "PUT", "", NOT),
            (replace(EVERYTHING, allow_methods=("PUT",)), asks(), "PUT", "", NOT),
            (replace(EVERYTHING, allow_headers=()), asks(), "PUT", "", NOT),
            (EVERYTHING, asks(), "PUT", "", HOLDS),
            (EVERYTHING, asks(more=TOKEN), "PUT", "x-token", HOLDS),
            (EVERYTHING, asks(more=TOKEN), "*", "x-token", BROKEN),
            (EVERYTHING, asks(more=TOKEN), "PUT", "*", BROKEN),
        ]
    ),
    ("D-13", seen(EVERYTHING, asks(), says(200, "OK", permits(methods="PUT"))), BROKEN),
    *(
        ("D-18", seen(config, request, gives(headers)), expected)
        for config, request, headers, expected in [
            (LIST, asks(), "", NOT),
            (OTHER, asks(B), "", NOT),
            (OTHER, FROM_A, "", NOT),
            (OTHER, asks(), "access-control-allow-methods: GET", HOLDS),
            (OTHER, asks(), "access-control-allow-methods: get", BROKEN),
            (OTHER, asks(), "access-control-allow-methods: GET, HEAD", BROKEN),
            (OTHER, asks(), "", BROKEN),
        ]
    ),
    *(
        ("D-19", seen(config, request, gives(headers)), expected)
        for config, request, headers, expected in [
            (LIST, asks(more=TOKEN), "", NOT),
            (ANY_HEADER, asks(), "", NOT),
            (ANY_HEADER, asks(B, more=TOKEN), "", NOT),
            (ANY_HEADER, asks(more=TOKEN), "access-control-allow-headers: X-Token", HOLDS),
            (ANY_HEADER, asks(more=f"{TOKEN}, x-other"), "access-control-allow-headers: X-Token", BROKEN),
            (ANY_HEADER, asks(more=TOKEN), STAR, HOLDS),
            (EVERYTHING, asks(more=TOKEN), STAR, BROKEN),
        ]
    ),
    *(
        (rule, seen(LIST, request, answer), expected)
        for rule in ("D-20", "S-PF-10")
        for request, answer, expected in [
            (get(f"origin: {A} | {ALL_HEADERS}"), TO_A, NOT),
            (asks(), OK, NOT),
            (asks(B, more=ALL_HEADERS), NO, NOT),
            (asks(method="DELETE", more=ALL_HEADERS), NO, NOT),
            (asks(more=f"{ALL_HEADERS}, x-token"), OK, NOT),
            (asks(more=f"{ACRH}Content-Type"), OK, HOLDS),
            (asks(more=ALL_HEADERS), OK, HOLDS),
            (asks(more=ALL_HEADERS), says(200, "OK", permits(headers="Accept")), BROKEN),
            (asks(more=ALL_HEADERS), says(400, "no", permits()), BROKEN),
        ]
    ),
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
        (rule, seen(LIST, request, gives(), calls=calls), expected)
        for rule in ("D-26", "S-PF-1")
        for request, calls, expected in [
            (asks(), None, NOT),
            (asks(), 0, HOLDS),
            (asks(), 1, BROKEN),
            (FROM_A, 1, HOLDS),
            (FROM_A, 0, BROKEN),
            (get(f"origin: {A}", "OPTIONS"), 0, BROKEN),
            (get("access-control-request-method: PUT", "OPTIONS"), 0, BROKEN),
        ]
    ),
    *(
        (rule, seen(LIST, request, gives(status=status)), expected)
        for rule in ("D-27", "S-PF-3")
        for request, status, expected in [
            (FROM_A, 200, NOT),
            (asks(), 200, HOLDS),
            (asks(), 204, BROKEN),
            (asks(), 400, BROKEN),
            (asks(B), 400, HOLDS),
            (asks(B), 403, BROKEN),
            (asks(B), 200, BROKEN),
        ]
    ),
    ("S-PF-2", seen(LIST, asks(), OK), NOT),
    ("S-PF-2", seen(LIST, FROM_A, TO_A, calls=1), NOT),
    ("S-PF-2", seen(LIST, asks(), OK, calls=0), HOLDS),
    ("S-PF-2", seen(LIST, asks(B), NO, calls=1), BROKEN),
    *(
        ("S-PF-9", seen(LIST, request, answer), expected)
        for request, answer, expected in [
            (FROM_A, TO_A, NOT),
            (asks(more=TOKEN), OK, NOT),
            (asks(method="DELETE"), NO, NOT),
            (asks(), OK, HOLDS),
            (asks(), NO, BROKEN),
        ]
    ),
    *(
        ("S-PF-11", seen(config, request, gives(headers)), expected)
        for config, request, headers, expected in [
            (LIST, asks(more=f"{ACRH}authorization"), STAR, NOT),
            (ANY_HEADER, asks(more=TOKEN), STAR, NOT),
            (ANY_HEADER, asks(more=f"{TOKEN}, Authorization"), STAR, BROKEN),
            (ANY_HEADER, asks(more=f"{TOKEN}, Authorization"), f"{STAR}, AUTHORIZATION", HOLDS),
        ]
    ),
    *(
        ("S-PF-12", seen(config, request, gives(f"access-control-allow-methods: {methods}")), expected)
        for config, request, methods, expected in [
            (LIST, asks(), "", NOT),
            (EVERYTHING, asks(B), "", NOT),
            (EVERYTHING, FROM_A, "", NOT),
            (EVERYTHING, asks(), ALL_METHODS, HOLDS),
            (EVERYTHING, asks(), ALL_METHODS.removesuffix(", QUERY"), HOLDS),
            (EVERYTHING, asks(), ALL_METHODS.removeprefix("DELETE, "), BROKEN),
            (EVERYTHING, asks(), "*", BROKEN),
        ]
    ),
    ("S-PF-14", seen(LIST, FROM_A, gives(status=302)), NOT),
    *(
        ("S-PF-14", seen(LIST, asks(), gives(status=status)), expected)
        for status, expected in [(200, HOLDS), (299, HOLDS), (300, BROKEN), (399, BROKEN), (400, HOLDS)]
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
        ("S-PF-16", seen(LIST, request, TO_A, calls=calls), expected)
        for request, calls, expected in [
            (asks(), 1, NOT),
            (FROM_A, 1, NOT),
            (get(f"origin: {A}", "OPTIONS"), None, NOT),
            (get(f"origin: {A}", "OPTIONS"), 1, HOLDS),
            (get(f"origin: {A}", "OPTIONS"), 0, BROKEN),
            (get(f"origin: {A}", "OPTIONS"), 2, BROKEN),
        ]
    ),
]

POST_FROM_B = get(f"origin: {B}", "POST")
ANSWERS: list[Row] = [
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

ROWS = ORIGINS + CREDENTIALS_ROWS + BEFORE_AND_AFTER + PREFLIGHTS + ANSWERS


@pytest.mark.parametrize(("rule_id", "exchanges", "expected"), ROWS)
def test_a_documented_rule_says(rule_id: str, exchanges: tuple[Exchange, ...], expected: str) -> None:
    assert verdict(rule_id, exchanges) == expected
