"""The rules about which request headers a preflight response allows."""

import pytest

from spec import Exchange
from spec.rules.server.examples import (
    ANY_HEADER,
    CREDENTIALS,
    EVERYTHING,
    LIST,
    TOKEN,
    A,
    B,
    asks,
    get,
    gives,
    permits,
    says,
    seen,
)
from tests.helpers.verdicts import BROKEN, HOLDS, NOT, Row, verdict
from tests.unit.spec.rules.server.examples import ACRH, FROM_A, NO, OK, PUT_FROM_A, STAR, TO_A

ALL_HEADERS = f"{ACRH}accept,accept-language,content-language,content-type"

ROWS: list[Row] = [
    *(
        ("D-12", seen(LIST, request, gives(f"access-control-allow-headers: {headers}")), expected)
        for request, headers, expected in [
            (PUT_FROM_A, "", NOT),
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
    # What lists name
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
]


@pytest.mark.parametrize(("rule_id", "exchanges", "expected"), ROWS)
def test_a_rule_says(rule_id: str, exchanges: tuple[Exchange, ...], expected: str) -> None:
    assert verdict(rule_id, exchanges) == expected
