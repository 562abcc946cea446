"""What a configuration means, on both sides of each decision."""

import pytest

from spec import Config, Request
from spec.browser import Fetch
from spec.policy import (
    ALWAYS_ALLOWED_HEADERS,
    MAX_REQUEST_HEADERS_BYTES,
    STANDARD_METHODS,
    allowed_headers,
    allowed_methods,
    any_header_is_allowed,
    any_origin_is_allowed,
    asks_for_private_network,
    credentials_are_allowed,
    exposed_headers,
    fetch_is_allowed,
    has_origin,
    header_is_allowed,
    headers_are_allowed,
    is_preflight,
    method_is_allowed,
    origin_is_allowed,
    origin_is_listed,
    readable_headers,
    refusals,
    request_origin_is_allowed,
    requested_headers,
    requested_methods,
)
from spec.rules.server.examples import (
    BOTH,
    CREDENTIALS,
    EVERYTHING,
    IMPOSSIBLE,
    LIST,
    PATTERN,
    REGEX,
    WILDCARD,
    A,
    B,
    asks,
    get,
    gives,
)

ALL_KINDS = Config(
    allow_origins=(*("null", A, "https://*.a.example", "http://localhost:*", "https://*.c.example:8080"),),
    allow_origin_regex=r"https://c\.[a-z]\.example",
)


def test_the_page_says_which_methods_and_headers() -> None:
    assert STANDARD_METHODS == ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY")
    assert ALWAYS_ALLOWED_HEADERS == ("Accept", "Accept-Language", "Content-Language", "Content-Type")
    assert MAX_REQUEST_HEADERS_BYTES == 16384


@pytest.mark.parametrize(
    ("config", "origin", "expected"),
    [
        (LIST, A, True),
        (LIST, B, False),
        (LIST, A + "\n", False),
        (LIST, "null", False),
        (LIST, "\xe9", False),
        (WILDCARD, "\xe9", True),
        (WILDCARD, "null", True),
        (Config(), A, False),
        (Config(allow_origins=("null",)), "null", True),
        (Config(allow_origins=("\xe9",)), "\xe9", True),
        (REGEX, A, True),
        (REGEX, A + ".org", False),
        (REGEX, "http://b.example https://a.example", False),
        (PATTERN, "https://b.a.example", True),
        (PATTERN, "https://c.b.a.example", True),
        (PATTERN, "https://*.a.example", False),
        (PATTERN, A, False),
        (PATTERN, B, False),
        (PATTERN, "https://b.a.example\n", False),
        (PATTERN, "https://xa.example", False),
        (PATTERN, "null", False),
        (PATTERN, "\xe9", False),
        (ALL_KINDS, A, True),
        (ALL_KINDS, "https://b.a.example", True),
        (ALL_KINDS, "https://b.c.example:8080", True),
        (ALL_KINDS, "https://c.c.example", True),
        (ALL_KINDS, "http://localhost:3000", True),
        (ALL_KINDS, "null", True),
        (ALL_KINDS, "https://b.c.example", False),
        (ALL_KINDS, "https://localhost", False),
        (ALL_KINDS, "http://localhost:*", False),
        (Config(allow_origins=("*", "http://localhost:*")), "http://localhost:*", True),
        (Config(allow_origins=("http://localhost:*",), allow_origin_regex=".*"), "http://localhost:*", True),
        (BOTH, A, True),
        (BOTH, B, True),
        (BOTH, "https://c.example", False),
        (Config(allow_origin_regex=".*"), "null", False),
        (Config(allow_origin_regex=".*"), "\xe9", False),
        (Config(allow_origin_regex=".*"), A, True),
    ],
)
def test_origins(config: Config, origin: str, expected: bool) -> None:
    value = origin.encode("latin-1")
    assert origin_is_allowed(config, value) is expected
    assert not credentials_are_allowed(config, value)
    assert any_origin_is_allowed(config) is ("*" in config.allow_origins)


@pytest.mark.parametrize(
    ("config", "origin", "expected"),
    [
        (LIST, A, True),
        (LIST, B, False),
        (Config(), A, False),
        (REGEX, A, False),
        (BOTH, A, False),
        (BOTH, B, True),
        (WILDCARD, A, False),
        (PATTERN, "https://b.a.example", True),
        (PATTERN, "https://*.a.example", False),
        (ALL_KINDS, "http://localhost", True),
        (ALL_KINDS, "https://c.c.example", False),
        (ALL_KINDS, "null", True),
    ],
)
def test_what_the_list_allows_without_the_regex(config: Config, origin: str, expected: bool) -> None:
    assert origin_is_listed(config, origin.encode()) is expected


def test_credentials() -> None:
    assert credentials_are_allowed(CREDENTIALS, A.encode())
    assert not credentials_are_allowed(CREDENTIALS, B.encode())


def test_methods() -> None:
    config = Config(allow_methods=("X", "*", "PUT", "x", "X"))
    assert allowed_methods(config) == (*STANDARD_METHODS, "X", "x")
    assert allowed_methods(Config(allow_methods=("PUT", "GET", "PUT"))) == ("PUT", "GET")
    assert [method_is_allowed(LIST, method) for method in (b"PUT", b"put", b"*", b"\xe9")] == [True] + 3 * [
        False
    ]
    assert method_is_allowed(Config(allow_methods=("\xe9",)), b"\xe9")


def test_request_headers() -> None:
    config = Config(allow_headers=("x-b", "X-B", "ACCEPT", "X-A"))
    assert allowed_headers(config) == tuple(sorted([*ALWAYS_ALLOWED_HEADERS, "x-b", "X-A"]))
    assert not any_header_is_allowed(config)
    assert any_header_is_allowed(EVERYTHING)
    told = [header_is_allowed(config, name) for name in (b"X-b", b"x-a", b"accept", b"x-c", b"*", b"\xe9")]
    assert told == [True, True, True, False, False, False]
    assert header_is_allowed(EVERYTHING, b"x-any")
    assert not header_is_allowed(EVERYTHING, b"x any")
    assert headers_are_allowed(config, [b"x-a", b"x-b"])
    assert not headers_are_allowed(config, [b"x-a", b"x-c"])
    assert headers_are_allowed(config, [])


def test_exposed_headers() -> None:
    assert exposed_headers(Config(expose_headers=("X-B", "X-A", "X-B", "x-a"))) == ("X-B", "X-A", "x-a")


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (asks(), True),
        (asks("", ""), True),
        (get(f"origin: {A}", "OPTIONS"), False),
        (get("access-control-request-method: PUT", "OPTIONS"), False),
        (get(f"origin: {A} | access-control-request-method: PUT"), False),
        (get(f"origin: {A} | access-control-request-method: PUT", "options"), False),
    ],
)
def test_preflights(request_: Request, expected: bool) -> None:
    assert is_preflight(request_) is expected
    assert has_origin(request_) is bool(request_.lines("origin"))
    assert requested_methods(request_) == request_.lines("access-control-request-method")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", []),
        ("access-control-request-headers: ", []),
        ("access-control-request-headers: b, A | access-control-request-headers: c", [b"b", b"A", b"c"]),
        ("access-control-request-headers: b, x y", None),
        ("access-control-request-headers: " + 16384 * "a", [16384 * b"a"]),
        ("access-control-request-headers: " + 16385 * "a", None),
        ("access-control-request-headers: a | access-control-request-headers: " + 16384 * "a", None),
    ],
)
def test_requested_headers(more: str, expected: list[bytes] | None) -> None:
    assert requested_headers(asks(more=more)) == expected


ASKS = "access-control-request-private-network: true"


def test_private_network() -> None:
    assert asks_for_private_network(asks(more=ASKS))
    for more in ("", ASKS.replace("true", "TRUE"), f"{ASKS} | {ASKS}"):
        assert not asks_for_private_network(asks(more=more))


@pytest.mark.parametrize(
    ("config", "request_", "expected"),
    [
        (LIST, get(), False),
        (LIST, get(f"origin: {A}"), True),
        (LIST, get(f"origin: {B}"), False),
        (LIST, get(f"origin: {A} | origin: {A}"), False),
        (WILDCARD, get(), False),
        (WILDCARD, get(f"origin: {A} | origin: {B}"), True),
    ],
)
def test_the_origin_of_a_request(config: Config, request_: Request, expected: bool) -> None:
    assert request_origin_is_allowed(config, request_) is expected


METHOD = "access-control-request-method: "
PRIVATE = Config(allow_origins=(A,), allow_methods=("PUT",), allow_private_network=True)


@pytest.mark.parametrize(
    ("config", "request_", "expected"),
    [
        (LIST, asks(), ()),
        (LIST, asks(B), ("origin",)),
        (LIST, asks(method="DELETE"), ("method",)),
        (LIST, asks(more=METHOD + "PUT"), ()),
        (LIST, asks(more=METHOD + "GET"), ("method",)),
        (LIST, asks(more="access-control-request-headers: x-token"), ()),
        (LIST, asks(more="access-control-request-headers: x-token, x-other"), ("headers",)),
        (EVERYTHING, asks(more="access-control-request-headers: x y"), ("headers",)),
        (LIST, asks(more=ASKS), ("private-network",)),
        (PRIVATE, asks(more=ASKS), ()),
        (PRIVATE, asks(), ()),
        (
            LIST,
            asks(B, "put", f"access-control-request-headers: x-other | {ASKS}"),
            ("origin", "method", "headers", "private-network"),
        ),
    ],
)
def test_refusals(config: Config, request_: Request, expected: tuple[str, ...]) -> None:
    assert refusals(config, request_) == expected


SERVER = "https://server.invalid"


@pytest.mark.parametrize(
    ("config", "fetch", "expected"),
    [
        (LIST, Fetch(A, SERVER), True),
        (LIST, Fetch(B, SERVER), False),
        (LIST, Fetch(SERVER, SERVER, "DELETE", credentials="include"), True),
        (LIST, Fetch(A, SERVER, credentials="include"), False),
        (LIST, Fetch(A, SERVER, credentials="same-origin"), True),
        (CREDENTIALS, Fetch(A, SERVER, credentials="include"), True),
        (CREDENTIALS, Fetch(B, SERVER, credentials="include"), False),
        (LIST, Fetch(A, SERVER, "PUT"), True),
        (LIST, Fetch(A, SERVER, "DELETE"), False),
        (LIST, Fetch(A, SERVER, headers=(("x-token", "1"),)), True),
        (LIST, Fetch(A, SERVER, headers=(("x-other", "1"),)), False),
        (LIST, Fetch(A, SERVER, "POST"), True),
        (LIST, Fetch(A, SERVER, "POST", (("x-token", "1"),)), False),
    ],
)
def test_what_a_script_may_do(config: Config, fetch: Fetch, expected: bool) -> None:
    assert fetch_is_allowed(config, fetch) is expected


ANSWER = gives("X-Count: 1 | x-other: 2 | content-type: text/plain | Set-Cookie: a=b | \xe9: 3")
STAR = Config(allow_origins=(A,), expose_headers=("*", "set-cookie"))


@pytest.mark.parametrize(
    ("config", "fetch", "expected"),
    [
        (LIST, Fetch(A, SERVER), {"x-count", "content-type"}),
        (Config(), Fetch(A, SERVER), {"content-type"}),
        (STAR, Fetch(A, SERVER), {"x-count", "x-other", "content-type", "\xe9"}),
        (STAR, Fetch(A, SERVER, credentials="include"), {"content-type"}),
        (Config(), Fetch(A, A), {"x-count", "x-other", "content-type", "\xe9"}),
    ],
)
def test_what_a_script_may_read(config: Config, fetch: Fetch, expected: set[str]) -> None:
    assert readable_headers(config, fetch, ANSWER) == expected


def test_an_impossible_configuration_still_allows_all() -> None:
    assert credentials_are_allowed(IMPOSSIBLE, B.encode())
