"""What is not the middleware's to touch passes by identity; what an app may keep is never changed."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from impl import CORSMiddleware
from tests.helpers.asgi import (
    Message,
    Receive,
    Recorder,
    Result,
    Scope,
    Send,
    Suspended,
    call,
    drive,
    exchange,
    http_scope,
    interleave,
)
from tests.unit.impl.cases import ORIGIN, UNLISTED, preflight

CALLERS: list[list[tuple[bytes, bytes]]] = [[], [(b"origin", ORIGIN)], [(b"origin", UNLISTED)]]


def wrapped(app: Recorder) -> CORSMiddleware:
    return CORSMiddleware(app, [ORIGIN.decode()], allow_credentials=True, expose_headers=["X-A"])


@pytest.mark.parametrize("kind", ["websocket", "lifespan", "something.new"])
def test_other_scopes_pass_untouched(kind: str) -> None:
    messages: list[Message] = [{"type": "http.response.start", "status": 200, "headers": []}]
    app = Recorder(messages=messages)
    scope = {"type": kind, "headers": [(b"origin", ORIGIN)]}
    result = call(wrapped(app), scope=scope)
    (seen,) = app.calls
    assert seen.scope is scope
    assert seen.receive is result.receive
    assert seen.send is result.send
    assert result.messages[0] is messages[0]


@pytest.mark.parametrize("headers", CALLERS)
@pytest.mark.parametrize("method", ["GET", "OPTIONS", "HEAD", "get"])
def test_scope_and_receive_pass_by_identity(method: str, headers: list[tuple[bytes, bytes]]) -> None:
    app = Recorder()
    scope = http_scope(method, headers)
    before = copy.deepcopy(scope)
    result = call(wrapped(app), scope=scope)
    (seen,) = app.calls
    assert seen.scope is scope
    assert seen.receive is result.receive
    assert scope == before


class Lines(list[tuple[bytes, bytes]]):
    """What a server may have in place of a list."""


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
@pytest.mark.parametrize("form", [tuple, Lines])
def test_headers_that_can_be_read_twice_pass_by_identity(form: Any, method: str) -> None:
    for headers in CALLERS:
        app = Recorder()
        given = form(headers)
        scope = {"type": "http", "method": method, "headers": given}
        call(wrapped(app), scope=scope)
        (seen,) = app.calls
        assert seen.scope is scope
        assert seen.scope["headers"] is given


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_a_scope_without_headers_passes_as_it_is(method: str) -> None:
    app = Recorder()
    call(wrapped(app), scope={"type": "http", "method": method})
    (seen,) = app.calls
    assert seen.scope == {"type": "http", "method": method}


@pytest.mark.parametrize("headers", CALLERS)
def test_other_messages_pass_by_identity_and_in_order(headers: list[tuple[bytes, bytes]]) -> None:
    messages: list[Message] = [
        {"type": "http.response.debug", "info": {}},
        {"type": "http.response.start", "status": 206, "headers": [(b"x-b", b"1")], "trailers": True},
        {"type": "http.response.body", "body": b"a", "more_body": True},
        {"type": "http.response.body", "body": b"b"},
        {"type": "http.response.trailers", "headers": [(b"vary", b"x")]},
        {"type": "http.response.push", "headers": []},
    ]
    result = call(wrapped(Recorder(messages=messages)), "GET", headers)
    assert len(result.messages) == len(messages)
    for index in (0, 2, 3, 4, 5):
        assert result.messages[index] is messages[index]
    assert {**result.start, "headers": None} == {**messages[1], "headers": None}
    assert result.headers[0] == (b"x-b", b"1")


@pytest.mark.parametrize("headers", CALLERS)
@pytest.mark.parametrize(
    "lines",
    [
        [],
        [(b"vary", b"accept")],
        [(b"vary", b"origin")],
        [(b"Access-Control-Allow-Origin", b"*"), (b"vary", b"a"), (b"Vary", b"b")],
    ],
)
def test_a_message_that_the_app_keeps_is_never_changed(
    headers: list[tuple[bytes, bytes]], lines: list[tuple[bytes, bytes]]
) -> None:
    messages: list[Message] = [{"type": "http.response.start", "status": 200, "headers": lines}]
    before = copy.deepcopy(messages)
    middleware = wrapped(Recorder(messages=messages))
    first = call(middleware, "GET", headers)
    assert messages == before
    assert call(middleware, "GET", headers).headers == first.headers
    assert messages[0]["headers"] is lines


@pytest.mark.parametrize("headers", CALLERS)
def test_an_outer_layer_may_change_the_lists_that_it_gets(headers: list[tuple[bytes, bytes]]) -> None:
    middleware = wrapped(Recorder())
    for method, request in (
        ("GET", headers),
        ("OPTIONS", preflight()),
        ("OPTIONS", preflight(origin=UNLISTED)),
    ):
        first = call(middleware, method, request)
        kept = first.headers
        for message in first.messages:
            message.get("headers", []).clear()
            message.clear()
        assert call(middleware, method, request).headers == kept


@pytest.mark.parametrize("headers", CALLERS)
def test_exceptions_of_the_app_pass(headers: list[tuple[bytes, bytes]]) -> None:
    error = RuntimeError("before the start")
    with pytest.raises(RuntimeError) as raised:
        call(wrapped(Recorder(messages=[], error=error)), "GET", headers)
    assert raised.value is error


def test_the_app_waits_for_send_as_it_would_without() -> None:
    awaited: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        awaited.append("start")
        await send({"type": "http.response.body", "body": b""})
        awaited.append("body")

    coroutine = exchange(CORSMiddleware(app, [ORIGIN.decode()]), http_scope(), pausing=True)
    coroutine.send(None)
    assert awaited == []
    coroutine.send(None)
    assert awaited == ["start"]
    with pytest.raises(StopIteration):
        coroutine.send(None)
    assert awaited == ["start", "body"]


def test_what_send_answers_reaches_the_app() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        with pytest.raises(OSError, match="gone"):
            await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message: Message) -> None:
        raise OSError("gone")

    async def receive() -> Message:
        return {}

    drive(CORSMiddleware(app, [ORIGIN.decode()])(http_scope(), receive, send))


def test_interleaved_requests_do_not_mix() -> None:
    middleware = wrapped(Recorder(200, [(b"vary", b"accept")]))
    requests = [("GET", headers) for headers in CALLERS] + [("OPTIONS", preflight())]

    def exchanges(pausing: bool) -> list[Any]:
        return [exchange(middleware, http_scope(*request), pausing=pausing) for request in requests]

    together = interleave(exchanges(pausing=True))
    alone: list[Result] = [drive(coroutine) for coroutine in exchanges(pausing=False)]
    assert [(result.status, result.headers) for result in together] == [
        (result.status, result.headers) for result in alone
    ]


def test_the_driver_tells_when_a_coroutine_waits() -> None:
    with pytest.raises(Suspended):
        drive(exchange(wrapped(Recorder()), http_scope(), pausing=True))
