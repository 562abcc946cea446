"""What goes over the wire, byte for byte, and what is made of answers that are none."""

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any

import pytest

from spec.conformance.transport import IDLE, Asgi, NoAnswer, Socket, Wsgi, in_process, travels
from spec.http import Headers, Request, Response
from tests.unit.spec.conformance.servers import OK, asgi, raw, wsgi

GET = Request("GET", ())
OKAY = Response(200, ((b"content-length", b"2"),), b"ok")
TIMED_OUT = "TimeoutError: timed out"
NO_ANSWER_CAME = "ConnectionError: the connection was closed without a response"


def dialled(port: int, **options: Any) -> Socket:
    return Socket(f"http://127.0.0.1:{port}", **{"timeout": 0.5, **options})


def no_answer(way: Socket | Asgi | Wsgi, request: Request = GET) -> str:
    """Why there is none."""
    with pytest.raises(NoAnswer) as caught:
        way.send(request)
    return str(caught.value)


# Over a socket


@pytest.mark.parametrize(
    ("request_", "headers", "prefix", "sent"),
    [
        (GET, (), "", b"GET / HTTP/1.1\r\nhost: 127.0.0.1:%d\r\n\r\n"),
        (GET, (), "/", b"GET / HTTP/1.1\r\nhost: 127.0.0.1:%d\r\n\r\n"),
        (
            Request("HEAD", (), "/a?b=1"),
            (),
            "/api/",
            b"HEAD /api/a?b=1 HTTP/1.1\r\nhost: 127.0.0.1:%d\r\n\r\n",
        ),
        (
            Request("OPTIONS", ((b"Origin", b"a"), (b"Origin", b"b"), (b"origin", b""), (b"x", b"\xff\x01"))),
            ((b"Authorization", b"Bearer 1"),),
            "",
            b"OPTIONS / HTTP/1.1\r\nhost: 127.0.0.1:%d\r\nOrigin: a\r\nOrigin: b\r\norigin: \r\n"
            b"x: \xff\x01\r\nAuthorization: Bearer 1\r\n\r\n",
        ),
    ],
)
def test_these_bytes_are_sent(request_: Request, headers: Headers, prefix: str, sent: bytes) -> None:
    with raw([OK]) as (port, seen):
        way = Socket(f"http://user:secret@127.0.0.1:{port}{prefix}", headers=headers, timeout=0.5)
        assert way.send(request_).status == 200
        way.close()
    assert seen == [(0, sent.replace(b"%d", b"%d" % port))]


@pytest.mark.parametrize(
    ("method", "answer", "read"),
    [
        ("GET", b"HTTP/1.1 200 OK\r\nVary: A\r\nvary:  B \r\ncontent-length: 0\r\n\r\n",
         Response(200, ((b"vary", b"A"), (b"vary", b"B"), (b"content-length", b"0")))),
        ("GET", b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
         Response(200, ((b"transfer-encoding", b"chunked"),), b"abc")),
        ("HEAD", b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n",
         Response(200, ((b"content-length", b"5"),))),
        ("OPTIONS", b"HTTP/1.1 204 No Content\r\n\r\n", Response(204, ())),
        ("GET", b"HTTP/1.1 304 Not Modified\r\netag: x\r\n\r\n", Response(304, ((b"etag", b"x"),))),
        ("GET", b"HTTP/1.1 302 Found\r\nlocation: /b\r\ncontent-length: 0\r\n\r\n",
         Response(302, ((b"location", b"/b"), (b"content-length", b"0")))),
        ("GET", b"HTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\n" + OK, OKAY),
    ],
)  # fmt: skip
def test_an_answer_is_read_and_the_connection_kept(method: str, answer: bytes, read: Response) -> None:
    with raw([answer, OK]) as (port, seen):
        way = dialled(port)
        assert way.send(Request(method, ())) == read
        assert way.send(GET) == OKAY
        way.close()
    assert [(number, sent.split()[0]) for number, sent in seen] == [(0, method.encode()), (0, b"GET")]


@pytest.mark.parametrize(
    ("answer", "read"),
    [
        (OK, OKAY),  # and then it closes, without having said so
        (b"HTTP/1.1 200 OK\r\n\r\nto the end", Response(200, (), b"to the end")),
        (b"HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok", OKAY),
        (b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 1\r\n\r\n1",
         Response(200, ((b"connection", b"close"), (b"content-length", b"1")), b"1")),
        (OK + OK, OKAY),  # what comes unasked answers nothing
        (OK + b"garbage", OKAY),
    ],
)  # fmt: skip
def test_a_connection_that_is_of_no_more_use_is_replaced(answer: bytes, read: Response) -> None:
    last = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nlast"
    with raw([answer], [last]) as (port, seen):
        way = dialled(port)
        assert way.send(GET) == read
        assert (way._socket is None) is (answer != OK)
        assert way.send(GET) == Response(200, ((b"content-length", b"4"),), b"last")
        way.close()
    assert [number for number, _ in seen] == [0, 1]


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (None, TIMED_OUT),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nab", "RemoteProtocolError: peer closed connection "
         "without sending complete message body (received 2 bytes, expected 9)"),
        (b"", NO_ANSWER_CAME),
        (b"garbage\r\n\r\n", "RemoteProtocolError: illegal status line: bytearray(b'garbage')"),
    ],
)  # fmt: skip
def test_what_came_instead_of_an_answer_is_told(answer: bytes | None, problem: str) -> None:
    with raw([answer]) as (port, seen):
        way = dialled(port, timeout=0.1)
        assert no_answer(way) == problem
        assert way._socket is None
    assert len(seen) == 1


def test_a_request_that_timed_out_on_a_kept_connection_is_not_sent_again() -> None:
    with raw([OK, None], [OK]) as (port, seen):
        way = dialled(port, timeout=0.1)
        way.send(GET)
        assert no_answer(way) == TIMED_OUT
    assert [number for number, _ in seen] == [0, 0]


def test_an_answer_without_end_times_out(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 1000, 4))
    with raw([b"HTTP/1.1 200 OK\r\n\r\n" + 6 * 65536 * b"x"]) as (port, _):
        way = dialled(port, timeout=12.0)
        monkeypatch.setattr("spec.conformance.transport.time.monotonic", lambda: float(next(clock)))
        assert no_answer(way) == TIMED_OUT
    assert next(clock) == 28  # two for the pause, one for the start, and four reads, of which one is late


def test_a_port_where_nobody_listens_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert no_answer(dialled(port)) == f"127.0.0.1 port {port}: [Errno 111] Connection refused"


def test_a_request_that_is_no_http_is_no_answer() -> None:
    with raw([OK]) as (port, seen):
        assert no_answer(dialled(port), Request("GET", (), "/a b")).startswith("LocalProtocolError: ")
    assert seen == []


@pytest.mark.parametrize(
    "url", ["", "127.0.0.1:8000", "ftp://a.example", "http://", "http:///a", "http://[a", "http://a:b", "/"]
)
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"^url: ") as caught:
        Socket(url)
    assert (
        str(caught.value)
        == f"url: {url!r} is not an http or https URL; write for instance http://127.0.0.1:8000"
    )


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("http://a.example", ("a.example", 80, False, b"a.example", "")),
        ("https://a.example", ("a.example", 443, True, b"a.example", "")),
        ("http://A.example:81/b/", ("a.example", 81, False, b"A.example:81", "/b")),
        ("http://a.example/X//", ("a.example", 80, False, b"a.example", "/X")),
        ("https://u:p@w@[::1]:81/b/c", ("::1", 81, True, b"[::1]:81", "/b/c")),
    ],
)
def test_a_url_says_where(url: str, where: tuple[str, int, bool, bytes, str]) -> None:
    way = Socket(url)
    assert (way.host, way.port, way.is_secure, way.authority, way.prefix) == where
    assert (way.headers, way.timeout) == ((), 10.0)


@pytest.mark.parametrize(
    ("host", "says"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("[::1]", True), ("localhost", True), ("192.0.2.1", False)],
)
def test_this_machine_is_told_from_others(host: str, says: bool) -> None:
    assert Socket(f"http://{host}:8000").is_loopback() is says


def test_a_name_with_one_address_elsewhere_is_not_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def found(host: str, port: int, **options: Any) -> list[Any]:
        asked.append((host, port, options))
        return [(0, 0, 0, "", (address, port)) for address in ("127.0.0.1", "192.0.2.1")]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    assert not Socket("https://a.example").is_loopback()
    assert asked == [("a.example", 443, {"type": socket.SOCK_STREAM})]


def test_a_name_that_nobody_knows_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*arguments: Any, **options: Any) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with pytest.raises(NoAnswer) as caught:
        Socket("http://a.example").is_loopback()
    assert str(caught.value) == "a.example: [Errno -2] Name or service not known"
    assert no_answer(Socket("http://a.example")) == "a.example port 80: [Errno -2] Name or service not known"


def test_a_name_that_can_be_none_is_told() -> None:
    way = Socket("http://a..b")
    with pytest.raises(NoAnswer, match=r"^a\.\.b: "):
        way.is_loopback()
    assert no_answer(way).startswith("a..b port 80: ")


def test_a_secure_connection_is_asked_for_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    class Context:
        def wrap_socket(self, opened: socket.socket, server_hostname: str) -> socket.socket:
            asked.append(server_hostname)
            return opened

    monkeypatch.setattr(ssl, "create_default_context", Context)
    with raw([OK]) as (port, _):
        way = Socket(f"https://127.0.0.1:{port}", timeout=0.5)
        assert way.send(GET) == OKAY
        way.close()
    assert asked == ["127.0.0.1"]


@pytest.mark.parametrize(
    ("rate", "times", "pauses"),
    [
        (None, [100.0, 100.0, 100.0, 100.5, 100.5, 100.5], [0.0, 0.0]),
        (4.0, [100.0, 100.0, 100.0, 100.1, 100.3, 100.3], [0.0, 0.15]),
        (4.0, [100.0, 100.0, 100.0, 100.5, 100.5, 100.5], [0.0, 0.0]),
        (4.0, [1.1, 1.1, 1.1, 1.5, 1.5, 1.5], [0.0, 0.0]),
    ],
)
def test_requests_are_not_faster_than_the_rate(
    monkeypatch: pytest.MonkeyPatch, rate: float | None, times: list[float], pauses: list[float]
) -> None:
    slept: list[float] = []
    clock = iter(times)
    last = times[-1]
    monkeypatch.setattr("spec.conformance.transport.time.sleep", slept.append)
    with raw([OK, OK]) as (port, _):
        way = dialled(port, rate=rate)
        # Asked before the pause and after it, and when the reading begins and goes on.
        ticks = {"pause": 0}

        def monotonic() -> float:
            ticks["pause"] += 1
            return next(clock, last) if ticks["pause"] % 4 != 0 else times[ticks["pause"] // 4]

        monkeypatch.setattr("spec.conformance.transport.time.monotonic", monotonic)
        way.send(GET)
        way.send(GET)
        way.close()
    assert slept == pytest.approx(pauses)


@pytest.mark.parametrize(
    ("value", "says"),
    [(b"", True), (b"a \t b", True), (b"\x80\xff", True), (b" a", False), (b"a\t", False)]
    + [(b"a%cb" % control, False) for control in (*range(9), *range(10, 32), 127)],
)
def test_only_what_a_parser_leaves_alone_is_carried(value: bytes, says: bool) -> None:
    request = Request("GET", ((b"a", b"b"), (b"x", value), (b"x", value)))
    assert travels(request) is says
    assert Socket("http://127.0.0.1").can_send(request) is says


# In process, over ASGI


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
BOOM = RuntimeError("boom")


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


# In process, over WSGI


def test_an_application_gets_the_whole_environment() -> None:
    given: dict[str, Any] = {}

    def app(environ: Any, start_response: Any) -> list[bytes]:
        given.update(environ)
        start_response("201 Created", [("A", "b"), ("A", "\xe9")])
        return [b"a", b"b"]

    way = Wsgi(app)
    request = Request("OPTIONS", ((b"Origin", b"\xe9"), (b"X-Token-Two", b"")), "/a%e9?c=%20&d?e")
    assert way.send(request) == Response(201, ((b"A", b"b"), (b"A", b"\xe9")), b"ab")
    assert given.pop("wsgi.input").read() == b""
    given.pop("wsgi.errors").write("noise")
    assert given == {
        "REQUEST_METHOD": "OPTIONS", "SCRIPT_NAME": "", "PATH_INFO": "/a\xe9", "QUERY_STRING": "c=%20&d?e",
        "SERVER_NAME": "testserver", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "testserver", "REMOTE_ADDR": "127.0.0.1", "CONTENT_LENGTH": "0",
        "HTTP_ORIGIN": "\xe9", "HTTP_X_TOKEN_TWO": "",
        "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.multithread": False,
        "wsgi.multiprocess": False, "wsgi.run_once": False,
    }  # fmt: skip
    way.close()


@pytest.mark.parametrize(
    ("headers", "says"),
    [
        ((), True),
        (((b"a", b" x"), (b"b", b" x")), True),
        (((b"a", b""), (b"A", b"")), False),
        (((b"a", b""), (b"b", b""), (b"a", b"")), False),
    ],
)
def test_one_name_has_one_line(headers: Headers, says: bool) -> None:
    assert Wsgi(wsgi("200 OK", ())).can_send(Request("GET", headers)) is says


class Closing(list[bytes]):
    """A body that notes how often it was closed."""

    closed = 0

    def close(self) -> None:
        self.closed += 1


def test_the_last_start_counts_and_the_body_is_closed() -> None:
    body = Closing([b"b"])

    def app(environ: Any, start_response: Any) -> Closing:
        start_response("200 OK", [("a", "b")])
        start_response("500 Error", [], (None, None, None))(b"a")
        return body

    assert Wsgi(app).send(GET) == Response(500, (), b"ab")
    assert body.closed == 1


def test_a_generator_starts_late() -> None:
    def app(environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("404", [])
        yield b"a"

    assert Wsgi(app).send(GET) == Response(404, (), b"a")


def failing(*starts: str) -> Any:
    def app(environ: Any, start_response: Any) -> None:
        for status in starts:
            start_response(status, [])
        raise BOOM

    return app


def test_what_is_raised_before_an_answer_is_a_500() -> None:
    assert Wsgi(failing()).send(GET) == Response(500, ())


@pytest.mark.parametrize(
    ("app", "problem"),
    [
        (failing("200 OK"), "the application raised RuntimeError('boom') after its response began"),
        (lambda environ, start_response: [], "the application ended without a response"),
    ],
)
def test_this_is_none_over_wsgi(app: Any, problem: str) -> None:
    assert no_answer(Wsgi(app)) == problem


# Which of them


class Async:
    """An application that is an object."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...

    async def method(self, scope: Any, receive: Any, send: Any) -> None: ...


class Sync:
    """The same over WSGI."""

    def __call__(self, environ: Any, start_response: Any) -> list[bytes]:
        return []


async def function(more: int, scope: Any, receive: Any, send: Any) -> None: ...


@pytest.mark.parametrize(
    ("app", "kind"),
    [
        (function, Asgi), (Async(), Asgi), (Async().method, Asgi), (partial(function, 1), Asgi),
        (Sync(), Wsgi), (failing(), Wsgi), (partial(failing()), Wsgi), (dict, Wsgi),
    ],
)  # fmt: skip
def test_an_application_shows_what_it_is(app: Any, kind: type) -> None:
    way = in_process(app, timeout=0.5)
    way.close()
    assert type(way) is kind
    for interface, told in (("asgi", Asgi), ("wsgi", Wsgi)):
        way = in_process(app, interface, timeout=0.5)
        way.close()
        assert type(way) is told
        assert way.app is app


def test_a_way_is_as_patient_as_it_is_told() -> None:
    for way, seconds in ((in_process(Async()), IDLE), (in_process(Async(), timeout=0.25), 0.25)):
        assert isinstance(way, Asgi)
        assert way.timeout == seconds
        way.close()
    assert IDLE == 10.0


@pytest.mark.parametrize(
    ("app", "interface", "problem"),
    [
        (Sync(), "cgi", "interface: 'cgi' is not one of them; choose from asgi, wsgi, auto"),
        (3, "auto", "app: 3 cannot be called; give an ASGI or WSGI application"),
        (3, "asgi", "app: 3 cannot be called; give an ASGI or WSGI application"),
    ],
)
def test_what_cannot_be_asked_is_refused(app: Any, interface: str, problem: str) -> None:
    with pytest.raises(ValueError, match=r"^(interface|app): ") as caught:
        in_process(app, interface)
    assert str(caught.value) == problem
