"""What a script may set, and what is sent of it."""

from dataclasses import replace

import pytest

from spec.browser import (
    STANDARD,
    Fetch,
    Hop,
    Outcome,
    actual_request,
    outcome,
    preflight_request,
    trace,
)
from spec.browser.methods_and_headers import header_list, throws
from spec.http import Request, Response
from tests.unit.spec.browser.fetching import AWAY, GET, HOME, OK, PUT, lines, unsafe


@pytest.mark.parametrize(
    ("method", "sent"),
    [
        *((name, name.upper()) for name in ("get", "Head", "POST", "put", "dELETE", "options")),
        *((name, name) for name in ("patch", "PATCH", "Query", "link", "*", "getx")),
    ],
)
def test_six_methods_are_normalized(method: str, sent: str) -> None:
    assert actual_request(replace(GET, method=method)).method == sent
    asked = preflight_request(replace(GET, method=method))
    assert (asked is None) == (sent in ("GET", "HEAD", "POST"))
    assert asked is None or asked.lines("access-control-request-method") == [sent.encode()]


@pytest.mark.parametrize(
    ("fetch", "reason"),
    [
        *(
            (replace(GET, method=method), "C-MTH-3")
            for method in ("CONNECT", "trace", "tRACk", "", "a b", "GET\n", "PO\u017fT", "\xe9", "\ud800")
        ),
        *((replace(GET, method=method, stream_body=True), "C-MTH-5") for method in ("GET", "head")),
        *(
            (replace(GET, headers=(header,)), "C-HDR-3")
            for header in (
                ("", "1"), ("a b", "1"), ("a:", "1"), ("\xe9", "1"), ("\u0100", "1"), ("a", "1\n2"),
                ("a", "1\r2"),
                ("a", "\x00"), ("a", "\u0100"), ("Host", "\x00"),
            )
        ),
    ],
)  # fmt: skip
def test_a_fetch_that_throws_sends_nothing(fetch: Fetch, reason: str) -> None:
    assert preflight_request(fetch) is None
    with pytest.raises(ValueError, match="this fetch throws") as caught:
        actual_request(fetch)
    assert str(caught.value) == f"this fetch throws ({reason}): {fetch}"
    assert outcome(fetch, OK, OK) == Outcome(False, frozenset(), reason)

    def never(request: Request) -> Response:
        raise AssertionError("it was sent")

    assert trace(fetch, never) == [
        Hop(fetch, STANDARD, None, None, None, None, Outcome(False, frozenset(), reason))
    ]


def test_a_line_that_is_no_header_is_named() -> None:
    assert throws(GET) == ""
    with pytest.raises(ValueError, match="not a header") as caught:
        header_list(replace(GET, headers=(("X-A", "1"), ("a b", "1\n2"))))
    assert str(caught.value) == r"not a header: 'a b': '1\n2'"


def test_a_preflight_has_exactly_these_lines() -> None:
    fetch = replace(PUT, headers=(("X-B", "1"), ("accept", "a/b"), ("x-A", "2"), ("X-b", "3")), path="/a?b=c")
    assert preflight_request(fetch) == Request(
        "OPTIONS",
        lines(
            "accept: */* | access-control-request-method: PUT | "
            f"access-control-request-headers: x-a,x-b | origin: {HOME}"
        ),
        "/a?b=c",
    )
    assert preflight_request(PUT) == Request(
        "OPTIONS", lines(f"accept: */* | access-control-request-method: PUT | origin: {HOME}")
    )


def test_a_request_carries_what_the_script_set_and_an_origin() -> None:
    headers = (("X-B", "\t\r\n 1 \n"), ("Cookie", "a"), ("Authorization", "k"), ("x-b", "\x0b"))
    fetch = Fetch(HOME, AWAY, "POST", headers, "include", path="/a?b")
    assert actual_request(fetch) == Request(
        "POST", lines(f"x-b: 1 | authorization: k | x-b: \x0b | origin: {HOME}"), "/a?b"
    )


@pytest.mark.parametrize(
    ("page", "url", "method", "origin"),
    [
        (HOME, AWAY, "GET", HOME),
        (HOME, AWAY, "POST", HOME),
        (HOME, HOME, "GET", None),
        (HOME, HOME, "head", None),
        (HOME, HOME, "POST", HOME),
        (HOME, HOME, "PUT", HOME),
        ("null", AWAY, "GET", "null"),
        ("null", "null", "GET", "null"),
        (HOME, HOME + ":8443", "GET", HOME),
        (HOME, "http://page.example", "GET", HOME),
    ],
)
def test_origin_is_sent_across_origins_and_with_unsafe_methods(
    page: str, url: str, method: str, origin: str | None
) -> None:
    sent = actual_request(Fetch(page, url, method)).lines("origin")
    assert sent == ([] if origin is None else [origin.encode()])


@pytest.mark.parametrize(
    "name",
    [
        "Accept-Charset", "Accept-Encoding", "Access-Control-Request-Headers",
        "Access-Control-Request-Method",
        "Connection", "Content-Length", "Cookie", "Cookie2", "Date", "DNT", "Expect", "Host", "Keep-Alive",
        "Origin", "Referer", "Set-Cookie", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Via", "Proxy-",
        "proxy-Authorization", "SEC-", "sec-fetch-mode", "hOST",
    ],
)  # fmt: skip
def test_forbidden_request_headers_are_dropped(name: str) -> None:
    fetch = replace(GET, headers=((name, "evil"),))
    assert preflight_request(fetch) is None
    assert actual_request(fetch) == actual_request(GET)


@pytest.mark.parametrize(
    "name",
    ["User-Agent", "Proxy", "Sec", "secure", "X-Sec-A", "Access-Control-Request-Private-Network", "Hosts"],
)
def test_their_neighbours_are_not(name: str) -> None:
    assert unsafe((name, "1")) == [name.lower().encode()]


@pytest.mark.parametrize("name", ["X-HTTP-Method", "x-http-method-override", "X-Method-Override"])
@pytest.mark.parametrize(
    ("value", "is_kept"),
    [
        ("GET", True), ("TRACE", False), ("connect", False), ("GET,\tTrack , PUT", False), ("TRACES", True),
        ("GET TRACE", True), ("", True), ('"TRACE"', True), ('"a,TRACE', True), ('"a",TRACE', False),
        ('"a\\",TRACE', True), ('"a\\\\",TRACE', False), ('x"a,b"y,TRACE', False), (",TRACE", False),
        ('"a\\', True), ('"a" ,TRACE', False), ("TRACE\x0b", True),
    ],
)  # fmt: skip
def test_method_overrides_are_dropped_for_forbidden_methods(name: str, value: str, is_kept: bool) -> None:
    assert unsafe((name, value)) == ([name.lower().encode()] if is_kept else [])
    assert unsafe(("X-Method", value)) == [b"x-method"]
