"""The rules about what `allow_headers` and `expose_headers` may hold."""

import itertools

import pytest

from spec.rules import RULES as ALL_RULES
from spec.rules.configuration import headers as header_rules
from spec.rules.record import Place
from tests.unit.spec.rules.configuration.examples import (
    EXPOSE,
    HEADERS,
    Case,
    Findings,
    Parameters,
    at,
    config_of,
    exposed,
    found_by,
    found_in,
    headers,
    methods,
    told_apart,
)

CASES: list[Case] = [
    # A-CFG-14
    *(
        ({argument: ("X-A", name)}, [("A-CFG-14", at(argument, 1))])
        for argument in (HEADERS, EXPOSE)
        for name in (
            "",
            "X A",
            "X-A:",
            "X-A\n",
            "X-A\r\nSet-Cookie",
            "É",
            "\ud800",
            "Cookie ",
            "Sec-A B",
            "Set-Cookie,X",
        )
    ),
    (headers("", "X-A", "()") | exposed(" "), [("A-CFG-14", [*at(HEADERS, 0, 2), *at(EXPOSE, 0)])]),
    # A-CFG-15
    *(
        (headers(name), [("A-CFG-15", at(HEADERS, 0))])
        for name in sorted(header_rules.FORBIDDEN_REQUEST_HEADERS)
    ),
    *(
        (headers("X-A", name), [("A-CFG-15", at(HEADERS, 1))])
        for name in sorted(header_rules.CORS_RESPONSE_HEADERS)
    ),
    *(
        (headers(name), [("A-CFG-15", at(HEADERS, 0))])
        for name in ("Cookie", "HOST", "Sec-Fetch-Mode", "proxy-", "SEC-")
    ),
    (
        headers(
            "Authorization",
            "User-Agent",
            "X-HTTP-Method-Override",
            "Range",
            "Secure",
            "Access-Control-Foo",
            "*a",
        ),
        [],
    ),
    (headers("Access-Control-Request-Private-Network"), []),
    # A-CFG-16
    *(
        (exposed("X-A", name), [("A-CFG-16", at(EXPOSE, 1))])
        for name in ("Set-Cookie", "set-cookie2", "SET-COOKIE")
    ),
    (exposed("*", "X-A", "*", allow_credentials=True), [("A-CFG-16", at(EXPOSE, 0, 2))]),
    (exposed("*", "X-A"), []),
    (exposed("Cookie", "Content-Type", "Date"), []),
    # A-CFG-23
    (headers("*", "X-A"), [("A-CFG-23", at(HEADERS, 0))]),
    (headers("X-A", "*", "*"), [("A-CFG-23", at(HEADERS, 1))]),
    (headers("*", "*"), []),
    (headers("*"), []),
    (methods("*", "PUT"), []),
]


@pytest.mark.parametrize(("parameters", "expected"), CASES, ids=itertools.count())
def test_what_is_refused_or_warned_of(parameters: Parameters, expected: Findings) -> None:
    config = config_of(**parameters)
    assert found_in(config) == told_apart(config, expected)


# Rules that our middleware does not act on

FOUND: list[tuple[str, Parameters, list[Place]]] = [
    ("CFG-7", headers("X A") | exposed("X A"), at(HEADERS, 0)),
    (
        "CFG-7a",
        headers("Cookie", "Sec-A", "Access-Control-Allow-Origin", "proxy-a"),
        at(HEADERS, 0, 1, 3),
    ),
    ("CFG-8", headers("X A") | exposed("X-A", "X A"), at(EXPOSE, 1)),
    (
        "CFG-8b",
        exposed(
            *("Cache-Control", "content-language", "Content-Length", "Content-Type", "Expires"),
            *("Last-Modified", "Pragma", "ETag", "Set-Cookie"),
        ),
        at(EXPOSE, 0, 1, 2, 3, 4, 5, 6),
    ),
]


@pytest.mark.parametrize(("rule_id", "parameters", "expected"), FOUND)
def test_other_rules_find_what_they_speak_of(
    rule_id: str, parameters: Parameters, expected: list[Place]
) -> None:
    assert found_by(ALL_RULES[rule_id], config_of(**parameters)) == expected


FORBIDDEN = """
    accept-charset accept-encoding access-control-request-headers access-control-request-method connection
    content-length cookie cookie2 date dnt expect host keep-alive origin referer set-cookie te trailer
    transfer-encoding upgrade via
"""
CORS_HEADERS = """
    access-control-allow-credentials access-control-allow-headers access-control-allow-methods
    access-control-allow-origin access-control-allow-private-network access-control-expose-headers
    access-control-max-age
"""


def test_the_tables_of_headers_are_those_of_fetch() -> None:
    assert sorted(header_rules.FORBIDDEN_REQUEST_HEADERS) == FORBIDDEN.split()
    assert sorted(header_rules.CORS_RESPONSE_HEADERS) == CORS_HEADERS.split()
