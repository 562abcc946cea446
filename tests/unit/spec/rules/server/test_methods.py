"""The rules about which methods a preflight response allows."""

from dataclasses import replace

import pytest

from spec import Exchange
from spec.rules.server.examples import (
    ALL_METHODS,
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
from tests.unit.spec.rules.server.examples import ACAM, FROM_A, NO, OK, OTHER, PUT_FROM_A, TO_A

PUT = asks()
LOWER_CASE_PUT = asks(method="put")
ALLOWS_PUT_TWICE = gives(f"{ACAM}GET, PUT, put")
ACRM = "access-control-request-method: "
PUT_TWICE = asks(more=f"{ACRM}PUT")

ROWS: list[Row] = [
    *(
        row
        for rule in ("S-PF-6", "S-HTTP-1")
        for other, answer, expected in [
            (LOWER_CASE_PUT, ALLOWS_PUT_TWICE, BROKEN),
            (LOWER_CASE_PUT, OK, HOLDS),
            (PUT, ALLOWS_PUT_TWICE, NOT),
            (asks(method="GET"), OK, NOT),
            (asks(method="pat"), OK, NOT),
            (asks(method="put", path="/other"), OK, NOT),
            (asks(method="put", more=f"{ACRM}put"), OK, NOT),
            (get(f"origin: {A}", "OPTIONS"), OK, NOT),
        ]
        for row in either_way(rule, LIST, (PUT, OK), (other, answer), expected)
    ),
    *either_way("S-PF-6", LIST, (asks(method="Put"), OK), (LOWER_CASE_PUT, OK), NOT),
    *either_way("S-PF-6", LIST, (PUT_TWICE, OK), (asks(method="put", more=f"{ACRM}put"), OK), NOT),
    *either_way("S-PF-6", LIST, (asks(B), OK), (asks(B, "put"), OK), NOT),
    *either_way("S-PF-6", EVERYTHING, (asks(), OK), (LOWER_CASE_PUT, OK), NOT),
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
    *(
        ("D-11", seen(config, request, answer), expected)
        for config, request, answer, expected in [
            (LIST, PUT_FROM_A, TO_A, NOT),
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
        ("D-13", seen(config, request, says(200, "OK", permits(A, methods, headers, TRUE))), expected)
        for config, request, methods, headers, expected in [
            (EVERYTHING, PUT_FROM_A, "PUT", "", NOT),
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
    # What browsers send, and make of the answer
    ("D-13", seen(EVERYTHING, asks(more="access-control-request-headers: cookie"), gives()), NOT),
    (
        "D-13",
        seen(EVERYTHING, asks(more=TOKEN), says(200, "OK", permits(headers="x-token", more=TRUE))),
        HOLDS,
    ),
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
]


@pytest.mark.parametrize(("rule_id", "exchanges", "expected"), ROWS)
def test_a_rule_says(rule_id: str, exchanges: tuple[Exchange, ...], expected: str) -> None:
    assert verdict(rule_id, exchanges) == expected
