"""Requests to ASGI applications, and what is made of their responses."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from spec.conformance.transports import Asgi
from spec.http import Request, Response
from tests.unit.spec.conformance.servers import asgi
from tests.unit.spec.conformance.transports.asking import BOOM, GET, OKAY, no_answer


class Recorded:
    """An ASGI application with a lifespan that notes what it is given, and does what it is told."""

    def __init__(self, *messages: dict[str, Any], problem: Exception | None = None) -> None:
        self.messages, self.problem = messages, problem
        self.scopes: list[dict[str, Any]] = []
        self.received: list[dict[str, Any]] = []
        self.is_over = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scopes.append(scope)
        self.received.append(await receive())
        if scope["type"] == "lifespan":
            scope["state"]["pool"] = "open"
            await send({"type": "lifespan.startup.complete"})
            self.received.append(await receive())
            for _ in range(9):
                await asyncio.sleep(0)
            self.is_over = True
            return
        for message in self.messages:
            await send(message)
        if self.problem:
            raise self.problem


START = {
    "type": "http.response.start",
    "body": b"not here",
    "status": 201,
    "headers": [(b"A", b"b"), [bytearray(b"a"), b"c"]],
}
BODY = {"type": "http.response.body", "body": b"he", "more_body": True}
MORE = {"type": "http.response.body"}
LAST = {"type": "http.response.body", "body": b"llo"}
ERROR = {"type": "http.response.start", "status": 500, "headers": []}


@pytest.fixture
def over() -> Iterator[Any]:
    """Ways to applications, closed in the end."""
    opened = []

    def way(app: Any, timeout: float = 0.5) -> Asgi:
        opened.append(Asgi(app, timeout=timeout))
        return opened[-1]

    yield way
    for each in opened:
        each.close()
        assert not each._thread.is_alive()
        assert each._loop.is_closed()


def test_an_application_gets_the_whole_scope() -> None:
    app = Recorded(START, BODY, MORE, LAST)
    way = Asgi(app, timeout=0.5)
    request = Request("OPTIONS", ((b"Origin", b"a"), (b"ORIGIN", b"")), "/a%20b?c=%20&d?e")
    assert way.can_send(request)
    assert way.send(request) == Response(201, ((b"A", b"b"), (b"a", b"c")), b"hello")
    assert app.scopes == [
        {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": {"pool": "open"}},
        {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1",
            "method": "OPTIONS", "scheme": "http", "path": "/a b", "raw_path": b"/a%20b",
            "query_string": b"c=%20&d?e", "root_path": "",
            "headers": [(b"host", b"testserver"), (b"origin", b"a"), (b"origin", b"")],
            "client": ("127.0.0.1", 50000), "server": ("testserver", 80), "state": {"pool": "open"},
        },
    ]  # fmt: skip
    assert app.received == [
        {"type": "lifespan.startup"},
        {"type": "http.request", "body": b"", "more_body": False},
    ]
    assert app.scopes[1]["state"] is not app.scopes[0]["state"]
    way.close()
    assert app.is_over
    assert app.received[2:] == [{"type": "lifespan.shutdown"}]


def test_requests_wait_until_the_application_has_started(over: Any) -> None:
    steps: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            for _ in range(100):
                await asyncio.sleep(0)
            steps.append("started")
            await send({"type": "lifespan.startup.complete"})
            await receive()
        steps.append(scope["type"])
        await send(START)

    over(app).send(GET)
    assert steps[:2] == ["started", "lifespan"] or steps == ["started", "http"]


@pytest.mark.parametrize(
    ("app", "answer"),
    [
        (Recorded(START), Response(201, ((b"A", b"b"), (b"a", b"c")))),
        (Recorded({"type": "http.response.start", "status": 204}), Response(204, ())),
        (Recorded(problem=BOOM), Response(500, ())),
        (Recorded(ERROR, BODY, problem=BOOM), Response(500, (), b"he")),
        (asgi(lambda request: OKAY), OKAY),
    ],
)
def test_this_is_the_answer(over: Any, app: Any, answer: Response) -> None:
    assert over(app).send(GET) == answer


@pytest.mark.parametrize(
    ("app", "problem"),
    [
        (Recorded(), "the application ended without a response"),
        (Recorded(BODY, START), "the application ended without a response"),
        (
            Recorded(START, problem=BOOM),
            "the application raised RuntimeError('boom') after its response began",
        ),
        (
            Recorded(BODY, problem=BOOM),
            "the application raised RuntimeError('boom') after its response began",
        ),
    ],
)
def test_this_is_no_answer(over: Any, app: Any, problem: str) -> None:
    assert no_answer(over(app)) == problem


def test_an_application_that_waits_for_ever_gives_no_answer(over: Any) -> None:
    cancelled = threading.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        try:
            while True:
                await asyncio.sleep(5)
        except BaseException:
            if scope["type"] == "http":
                cancelled.set()
            raise

    way = over(app, timeout=0.05)
    assert no_answer(way) == "no response within 0.05 seconds"
    assert cancelled.wait(2)


def test_an_application_that_listens_on_hears_of_the_end(over: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    heard, slept = [], []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            heard.extend([await receive(), await receive()])
            await send(START)

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    way = over(app)
    monkeypatch.setattr(asyncio, "sleep", sleep)
    assert way.send(GET).status == 201
    assert slept == [0.5]
    assert heard == [
        {"type": "http.request", "body": b"", "more_body": False},
        {"type": "http.disconnect"},
    ]


@pytest.mark.parametrize("app", [Recorded(START), asgi(lambda request: OKAY)])
def test_nobody_waits_longer_than_an_application_takes_to_start(app: Any) -> None:
    began = time.monotonic()
    way = Asgi(app, timeout=3.0)
    way.close()
    assert time.monotonic() - began < 2.5


def test_what_an_application_leaves_running_ends_with_it() -> None:
    steps: list[str] = []

    async def linger() -> None:
        try:
            await asyncio.sleep(5)
        finally:
            await asyncio.sleep(0)
            steps.append("ended")

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            steps.append(asyncio.create_task(linger()).get_name()[:4])
            await send(START)

    way = Asgi(app, timeout=0.5)
    way.send(GET)
    way.close()
    assert steps == ["Task", "ended"]


def test_an_application_that_blocks_its_loop_does_not_block_the_end() -> None:
    free = threading.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            free.wait(2)

    way = Asgi(app, timeout=0.05)
    assert way._thread.daemon
    assert no_answer(way) == "no response within 0.05 seconds"
    began = time.monotonic()
    way.close()
    assert time.monotonic() - began < 1.5
    free.set()
    way._thread.join(2)
    assert not way._thread.is_alive()
    way._loop.close()


def test_what_does_not_want_to_end_is_left_behind() -> None:
    steps: list[str] = []

    async def linger() -> None:
        for _ in range(2):
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(1.5)
            steps.append("on")

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            steps.append(asyncio.create_task(linger(), name="stubborn").get_name())
            await send(START)

    way = Asgi(app, timeout=0.1)
    way.send(GET)
    way.close()
    way._thread.join(1.0)
    assert not way._thread.is_alive()
    assert steps == ["stubborn", "on"]
    way._loop.close()


def test_a_body_comes_with_its_length_and_any_path_is_encoded(over: Any) -> None:
    app = Recorded(START, LAST)
    over(app).send(Request("POST", ((b"content-type", b"a/b"),), "/a b\xfc?c d", b"hello"))
    scope = app.scopes[-1]
    assert scope["headers"][1:] == [(b"content-type", b"a/b"), (b"content-length", b"5")]
    assert (scope["path"], scope["raw_path"], scope["query_string"]) == (
        "/a b\xfc",
        b"/a%20b%C3%BC",
        b"c%20d",
    )
    assert app.received[-1] == {"type": "http.request", "body": b"hello", "more_body": False}
