"""The compiled form of a configuration: what it allows, and the header lines that it sends."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from dataclasses import FrozenInstanceError

import pytest

from impl import Config
from impl.policy import (
    ALWAYS_ALLOWED_HEADERS,
    STANDARD_METHODS,
    Line,
    _allowed_headers,
    _allowed_methods,
    _line,
    _preflight_answers,
    compile_policy,
)

A, B = "https://a.example", "https://b.example:8443"

CONTENT_TYPE = (b"content-type", b"text/plain; charset=utf-8")
VARY = (
    b"vary",
    b"Origin, Access-Control-Request-Method, Access-Control-Request-Headers, "
    b"Access-Control-Request-Private-Network",
)
CREDENTIALS = (b"access-control-allow-credentials", b"true")
EXPOSED = (b"access-control-expose-headers", b"X-B, X-A")
GET = (b"access-control-allow-methods", b"GET")
STANDARD = (b"access-control-allow-methods", b"DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, QUERY")
SAFELISTED = (
    b"access-control-allow-headers",
    b"Accept, Accept-Language, Content-Language, Content-Type",
)
TEN_MINUTES = (b"access-control-max-age", b"600")

EVERYTHING = Config(
    allow_origins=(A,),
    allow_methods=("PURGE", "*", "GET", "purge"),
    allow_headers=("x-b", "X-A", "X-B", "content-type"),
    allow_credentials=True,
    allow_private_network=True,
    expose_headers=("X-B", "X-A", "X-B"),
    max_age=5,
)


def test_the_names_that_the_page_lists() -> None:
    assert STANDARD_METHODS == ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY")
    assert ALWAYS_ALLOWED_HEADERS == ("Accept", "Accept-Language", "Content-Language", "Content-Type")


@pytest.mark.parametrize(
    ("entries", "any_origin", "origins"),
    [
        ((), False, set()),
        ((A, B, A), False, {A, B}),
        (("null", A), False, {"null", A}),
        (("*",), True, set()),
        ((A, "*"), True, {A}),
        (("https://*.a.example", A, "http://localhost:*"), False, {A}),
        (("*", "https://*.a.example"), True, set()),
    ],
)
def test_listed_origins_are_kept_apart_from_wildcard_and_patterns(
    entries: tuple[str, ...], any_origin: bool, origins: set[str]
) -> None:
    policy = compile_policy(Config(allow_origins=entries))
    assert policy.any_origin is any_origin
    assert policy.origins == origins


@pytest.mark.parametrize(
    ("entries", "matched"),
    [
        ((), None),
        (("*", "null", A), None),
        (("https://*.a.example",), ["https://b.a.example"]),
        ((A, "http://localhost:*"), ["http://localhost", "http://localhost:3000"]),
        (
            ("http://localhost:*", "https://*.a.example"),
            ["https://b.a.example", "http://localhost", "http://localhost:3000"],
        ),
    ],
)
def test_every_pattern_of_the_list_matches_and_no_other_entry(
    entries: tuple[str, ...], matched: list[str] | None
) -> None:
    patterns = compile_policy(Config(allow_origins=entries)).origin_patterns
    origins = (A, "https://b.a.example", "http://localhost", "http://localhost:3000", "null", "*")
    found = None if patterns is None else [origin for origin in origins if patterns.match(origin)]
    assert found == matched


@pytest.mark.parametrize(
    ("given", "pattern", "flags"),
    [
        (r"https://a\.example", r"https://a\.example", re.U),
        (r"(?i)https://a\.example", r"(?i)https://a\.example", re.U | re.I),
        (re.compile(r"https://a\.example", re.A), r"https://a\.example", re.A),
        (r"https://[[a]\.example", r"https://[[a]\.example", re.U),  # a FutureWarning of Python
    ],
)
def test_a_regex_is_compiled_as_it_is(given: str | re.Pattern[str], pattern: str, flags: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = compile_policy(Config(allow_origin_regex=given)).origin_regex
    assert found is not None
    assert (found.pattern, found.flags) == (pattern, flags)


def test_without_a_regex_there_is_none() -> None:
    assert compile_policy(Config(allow_origins=(A,))).origin_regex is None


@pytest.mark.parametrize(
    ("configured", "expected"),
    [
        ((), []),
        (("PUT", "GET", "PUT"), ["PUT", "GET"]),
        (("*",), ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY"]),
        (
            ("purge", "*", "GET", "PURGE", "*"),
            ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "purge", "PURGE"],
        ),
    ],
)
def test_methods_are_listed_once_and_a_wildcard_stands_for_the_standard_ones(
    configured: tuple[str, ...], expected: list[str]
) -> None:
    assert _allowed_methods(configured) == expected


@pytest.mark.parametrize(
    ("configured", "expected"),
    [
        ((), ["Accept", "Accept-Language", "Content-Language", "Content-Type"]),
        (("content-type", "ACCEPT"), ["Accept", "Accept-Language", "Content-Language", "Content-Type"]),
        (
            ("x-b", "X-A", "X-B", "x-a"),
            ["Accept", "Accept-Language", "Content-Language", "Content-Type", "X-A", "x-b"],
        ),
        (
            ("a-b", "Authorization", "Z"),
            ["Accept", "Accept-Language", "Authorization", "Content-Language", "Content-Type", "Z", "a-b"],
        ),
    ],
)
def test_headers_are_listed_in_their_first_spelling_and_sorted(
    configured: tuple[str, ...], expected: list[str]
) -> None:
    assert _allowed_headers(configured) == expected


@pytest.mark.parametrize(
    ("methods", "headers", "expected_methods", "any_header", "expected_headers"),
    [
        ((), (), set(), False, set()),
        (("GET", "put"), ("X-A", "x-a", "x-B"), {b"GET", b"put"}, False, {b"x-a", b"x-b"}),
        (
            ("*", "PURGE"),
            ("X-A", "*"),
            {b"DELETE", b"GET", b"HEAD", b"OPTIONS", b"PATCH", b"POST", b"PUT", b"QUERY", b"PURGE"},
            True,
            {b"x-a", b"*"},
        ),
    ],
)
def test_methods_are_exact_and_headers_in_lower_case(
    methods: tuple[str, ...],
    headers: tuple[str, ...],
    expected_methods: set[bytes],
    any_header: bool,
    expected_headers: set[bytes],
) -> None:
    policy = compile_policy(Config(allow_methods=methods, allow_headers=headers))
    always = {b"", b"accept", b"accept-language", b"content-language", b"content-type"}
    assert policy.methods == expected_methods
    assert policy.any_header is any_header
    assert policy.headers == always | expected_headers


@pytest.mark.parametrize(
    ("elements", "lines"),
    [
        ([], []),
        ({"X-A": 1}, [(b"name", b"X-A")]),
        (["X-B", "X-A", "X-B"], [(b"name", b"X-B, X-A, X-B")]),
    ],
)
def test_a_line_lists_its_elements_in_order(elements: Iterable[str], lines: list[Line]) -> None:
    assert _line(b"name", elements) == lines


@pytest.mark.parametrize(
    ("config", "lines", "others"),
    [
        (Config((A,)), (), set()),
        (Config((A,), allow_credentials=True), (CREDENTIALS,), set()),
        (
            Config((A,), expose_headers=("X-B", "X-A", "X-B")),
            (EXPOSED,),
            {b"access-control-expose-headers"},
        ),
        (Config((A,), expose_headers=("*",)), ((EXPOSED[0], b"*"),), {b"access-control-expose-headers"}),
        (EVERYTHING, (CREDENTIALS, EXPOSED), {b"access-control-expose-headers"}),
    ],
)
def test_the_lines_of_an_actual_response_and_those_that_they_replace(
    config: Config, lines: tuple[Line, ...], others: set[bytes]
) -> None:
    policy = compile_policy(config)
    names = {b"vary", b"access-control-allow-origin", b"access-control-allow-credentials"}
    assert policy.actual_lines == lines
    assert policy.replaced == names | others


# Which of origin, method, headers and private network are allowed, the length of the body, and the body.
ANSWERS: list[tuple[tuple[bool, ...], bytes, bytes]] = [
    ((True, True, True, True), b"2", b"OK"),
    ((True, True, True, False), b"31", b"Disallowed CORS private-network"),
    ((True, True, False, True), b"23", b"Disallowed CORS headers"),
    ((True, True, False, False), b"40", b"Disallowed CORS headers, private-network"),
    ((True, False, True, True), b"22", b"Disallowed CORS method"),
    ((True, False, True, False), b"39", b"Disallowed CORS method, private-network"),
    ((True, False, False, True), b"31", b"Disallowed CORS method, headers"),
    ((True, False, False, False), b"48", b"Disallowed CORS method, headers, private-network"),
    ((False, True, True, True), b"22", b"Disallowed CORS origin"),
    ((False, True, True, False), b"39", b"Disallowed CORS origin, private-network"),
    ((False, True, False, True), b"31", b"Disallowed CORS origin, headers"),
    ((False, True, False, False), b"48", b"Disallowed CORS origin, headers, private-network"),
    ((False, False, True, True), b"30", b"Disallowed CORS origin, method"),
    ((False, False, True, False), b"47", b"Disallowed CORS origin, method, private-network"),
    ((False, False, False, True), b"39", b"Disallowed CORS origin, method, headers"),
    ((False, False, False, False), b"56", b"Disallowed CORS origin, method, headers, private-network"),
]


@pytest.mark.parametrize("given", [(), (GET, TEN_MINUTES)])
def test_the_response_to_a_preflight_names_all_that_is_refused(given: tuple[Line, ...]) -> None:
    answers = _preflight_answers(*given)
    assert answers == {
        allowed: (
            200 if body == b"OK" else 400,
            (CONTENT_TYPE, (b"content-length", length), VARY, *(given if allowed[0] else ())),
            body,
        )
        for allowed, length, body in ANSWERS
    }
    assert len(answers) == 16


@pytest.mark.parametrize(
    ("config", "lines"),
    [
        (Config((A,)), (GET, TEN_MINUTES, SAFELISTED)),
        (Config((A,), ()), (TEN_MINUTES, SAFELISTED)),
        (Config((A,), ("*",), ("*", "X-A"), max_age=0), (STANDARD, (TEN_MINUTES[0], b"0"))),
        (
            EVERYTHING,
            (
                CREDENTIALS,
                (STANDARD[0], STANDARD[1] + b", PURGE, purge"),
                (TEN_MINUTES[0], b"5"),
                (SAFELISTED[0], SAFELISTED[1] + b", X-A, x-b"),
            ),
        ),
    ],
)
def test_the_lines_of_a_preflight_for_an_allowed_origin(config: Config, lines: tuple[Line, ...]) -> None:
    answers = compile_policy(config).answers
    assert answers[True, True, True, True] == (
        200,
        (CONTENT_TYPE, (b"content-length", b"2"), VARY, *lines),
        b"OK",
    )
    assert answers[True, False, True, True] == (
        400,
        (CONTENT_TYPE, (b"content-length", b"22"), VARY, *lines),
        b"Disallowed CORS method",
    )
    assert answers[False, True, True, True] == (
        400,
        (CONTENT_TYPE, (b"content-length", b"22"), VARY),
        b"Disallowed CORS origin",
    )
    assert len(answers) == 16


def test_a_policy_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        compile_policy(Config()).any_origin = True  # type: ignore[misc]  # the very assignment that must fail
