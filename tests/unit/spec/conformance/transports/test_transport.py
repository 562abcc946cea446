"""The headers that a user adds: with which requests they go, and what becomes of Host."""

from typing import Any

import pytest

from spec.conformance.transports import NOTHING, Asgi, Extra, Socket, Wsgi
from spec.http import Headers, Request, Response
from spec.rules.server.examples import A, asks, get
from tests.unit.spec.conformance.servers import OK, asgi, raw

KEY, HOST, OTHER = (b"X-Key", b"1"), (b"Host", b"Api.Example:8443"), (b"x-gate", b"2")
OWN = (b"host", b"own.example")
PREFLIGHT, FROM_A, OPTIONS = asks(), get(f"origin: {A}"), get(f"origin: {A}", "OPTIONS")


@pytest.mark.parametrize(
    ("extra", "request_", "added"),
    [
        (NOTHING, FROM_A, ()),
        (Extra((KEY,)), FROM_A, (KEY,)),
        (Extra((KEY,)), OPTIONS, (KEY,)),
        (Extra((KEY,)), PREFLIGHT, ()),
        (Extra((KEY,), (OTHER,)), FROM_A, (KEY,)),
        (Extra((KEY,), (OTHER,)), PREFLIGHT, (OTHER,)),
        (Extra((KEY, HOST), (OTHER,)), FROM_A, (KEY, HOST)),
        (Extra((KEY, HOST), (OTHER,)), PREFLIGHT, (HOST, OTHER)),
        (Extra((), (HOST,)), FROM_A, ()),
    ],
)
def test_a_browser_adds_no_header_of_a_page_to_a_preflight(
    extra: Extra, request_: Request, added: Headers
) -> None:
    assert extra.of(request_) == added
    own = () if HOST in added else (OWN,)
    assert extra.around(request_, b"own.example") == (*own, *request_.headers, *added)


def test_what_a_user_adds_replaces_what_the_run_sends_but_for_the_headers_of_cors() -> None:
    own = ((b"Cookie", b"seen=1"), (b"Origin", b"https://a.example"), (b"x", b"1"))
    added = ((b"COOKIE", b"session=2"), (b"origin", b"https://b.example"))
    found = Extra(added).around(Request("GET", own), b"a")
    assert found == ((b"host", b"a"), *own[1:], *added)


@pytest.mark.parametrize(
    ("headers", "host", "origin"),
    [
        ((), b"", ""),
        ((KEY,), b"", ""),
        ((), b"a.example", "http://a.example"),
        ((), b"A.example:8000", "http://a.example"),
        ((), b"[::1]:81", "http://[::1]"),
        ((), b"[::1]", "http://[::1]"),
        ((HOST,), b"", "http://api.example"),
        ((KEY, HOST), b"a.example", "http://api.example"),
    ],
)
def test_the_origin_of_the_own_host_is_without_tls_and_port(
    headers: Headers, host: bytes, origin: str
) -> None:
    assert Extra(headers).own_origin(host) == origin


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://a.example", ""),
        ("http://a.example:80/b", ""),
        ("http://a.example:8000", "http://a.example"),
        ("https://a.example", "http://a.example"),
        ("https://a.example:80", "http://a.example"),
    ],
)
def test_a_servers_own_origin_is_no_other(url: str, origin: str) -> None:
    assert Socket(url).own_origin == origin
    assert Socket(url, extra=Extra((HOST,))).own_origin == "http://api.example"


def test_a_host_takes_the_place_of_the_servers_own_on_the_wire() -> None:
    extra = Extra((HOST, KEY), (OTHER,))
    with raw([OK, OK]) as (port, seen):
        way = Socket(f"http://127.0.0.1:{port}", extra=extra, timeout=0.5)
        way.send(FROM_A)
        way.send(PREFLIGHT)
        way.close()
    sent = f"origin: {A}\r\n".encode()
    assert [request for _, request in seen] == [
        b"GET / HTTP/1.1\r\n" + sent + b"Host: Api.Example:8443\r\nX-Key: 1\r\n\r\n",
        b"OPTIONS / HTTP/1.1\r\n" + sent + b"access-control-request-method: PUT\r\n"
        b"Host: Api.Example:8443\r\nx-gate: 2\r\n\r\n",
    ]


def test_and_in_this_process() -> None:
    scopes: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        scopes.append(scope)
        await asgi(lambda request: Response(200, ()))(scope, receive, send)

    extra = Extra((HOST, KEY), (OTHER,))
    way = Asgi(app, extra=extra, timeout=0.5)
    way.send(FROM_A)
    way.send(PREFLIGHT)
    way.close()
    origin, host, gate = (b"origin", A.encode()), (b"host", HOST[1]), (b"x-gate", b"2")
    requests = [scope["headers"] for scope in scopes if scope["type"] == "http"]
    assert requests[0] == [origin, host, (b"x-key", b"1")]
    assert requests[1] == [origin, (b"access-control-request-method", b"PUT"), host, gate]
    assert way.own_origin == "http://api.example" and Asgi.last_error == ""

    given: list[Any] = []

    def wsgi(environ: Any, start_response: Any) -> list[bytes]:
        given.append(environ)
        start_response("200 OK", [])
        return []

    other = Wsgi(wsgi, extra=extra)
    other.send(FROM_A)
    other.send(PREFLIGHT)
    assert other.own_origin == "http://api.example" and Wsgi(wsgi).own_origin == ""
    assert [each["HTTP_HOST"] for each in given] == ["Api.Example:8443"] * 2
    assert [each.get("HTTP_X_KEY") for each in given] == ["1", None]
    assert [each.get("HTTP_X_GATE") for each in given] == [None, "2"]
