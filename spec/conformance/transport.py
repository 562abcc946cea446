"""How requests reach a server: over a socket, or in process over ASGI or WSGI."""

import asyncio
import concurrent.futures
import inspect
import io
import ipaddress
import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

import h11

from spec.http import OWS, Headers, Request, Response

ASGIApp = Callable[..., Awaitable[None]]
WSGIApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

IDLE = 10.0
"""Seconds that an answer may take, unless something else is said."""


CONTROLS = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")


class NoAnswer(Exception):
    """The server gave no answer, or none that is HTTP; says what happened instead."""


class Transport(Protocol):
    """A way to a server. `last_error`: what an application raised instead of its last response, if known."""

    last_error: str

    def can_send(self, request: Request) -> bool:
        """Whether a server would get this request as it is."""

    def send(self, request: Request) -> Response:
        """The answer to a request that is carried. Raises NoAnswer."""

    def close(self) -> None:
        """Close what is open, if anything is."""


def travels(request: Request) -> bool:
    """Whether a parser hands on these lines as they are: https://www.rfc-editor.org/rfc/rfc9110#section-5.5

    It strips what is around a value, and may refuse control characters.
    """
    return all(value == value.strip(OWS) and not CONTROLS.search(value) for _, value in request.headers)


# Sockets


class Socket:
    """HTTP/1.1 over one connection, byte for byte; redirects are not followed."""

    last_error = ""

    def __init__(
        self, url: str, *, headers: Headers = (), timeout: float = IDLE, rate: float | None = None
    ) -> None:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:  # brackets without an address in them, or a port that is no number
            host, port = None, None
        if not host or parts.scheme not in ("http", "https"):
            raise ValueError(
                f"url: {url!r} is not an http or https URL; write for instance http://127.0.0.1:8000"
            )
        self.host, self.is_secure = host, parts.scheme == "https"
        self.port = port or (443 if self.is_secure else 80)
        self.authority = parts.netloc.rpartition("@")[2].encode()
        self.prefix = parts.path.rstrip("/")
        self.headers, self.timeout = headers, timeout
        self._pause = 1 / rate if rate else 0.0
        self._last = 0.0
        self._socket: socket.socket | None = None
        self._connection = h11.Connection(h11.CLIENT)

    def is_loopback(self) -> bool:
        """Whether this machine alone is reached. Raises NoAnswer when the name is not known."""
        try:
            found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as problem:
            raise NoAnswer(f"{self.host}: {problem}") from None
        return all(ipaddress.ip_address(str(address[4][0])).is_loopback for address in found)

    def can_send(self, request: Request) -> bool:
        """All but what a parser changes."""
        return travels(request)

    def send(self, request: Request) -> Response:
        """Send it on the connection that is open, or on a new one. Raises NoAnswer."""
        time.sleep(max(0.0, self._last + self._pause - time.monotonic()))
        self._last = time.monotonic()
        if self._socket is not None:
            try:
                return self._exchange(self._socket, request)
            except NoAnswer as problem:
                # A server may close a connection that was kept: once more, on a new one.
                if isinstance(problem.__cause__, TimeoutError):
                    raise
        return self._exchange(self._open(), request)

    def close(self) -> None:
        """Close what is open, if anything is."""
        if self._socket is not None:
            self._socket.close()
        self._socket = None

    def _open(self) -> socket.socket:
        try:
            opened = socket.create_connection((self.host, self.port), self.timeout)
            if self.is_secure:
                opened = ssl.create_default_context().wrap_socket(opened, server_hostname=self.host)
        except (OSError, UnicodeError) as problem:
            raise NoAnswer(f"{self.host} port {self.port}: {problem}") from None
        self._connection = h11.Connection(h11.CLIENT)
        self._socket = opened
        return opened

    def _exchange(self, opened: socket.socket, request: Request) -> Response:
        try:
            self._write(opened, request)
            return self._read(opened)
        except (OSError, h11.ProtocolError) as problem:
            self.close()
            raise NoAnswer(f"{type(problem).__name__}: {problem}") from problem

    def _write(self, opened: socket.socket, request: Request) -> None:
        # h11 refuses to write some of what is sent here. It is shown a similar request, so that it knows
        # what to expect; the bytes on the wire are our own.
        target = (self.prefix + request.path).encode()
        self._connection.send(h11.Request(method=request.method, target=target, headers=[("host", "x")]))
        self._connection.send(h11.EndOfMessage())
        lines = ((b"host", self.authority), *request.headers, *self.headers)
        head = request.method.encode() + b" " + target + b" HTTP/1.1\r\n"
        opened.sendall(head + b"".join(b"%b: %b\r\n" % line for line in lines) + b"\r\n")

    def _read(self, opened: socket.socket) -> Response:
        lines: Headers = ()
        status, body = 0, b""
        end = time.monotonic() + self.timeout
        while not isinstance(event := self._connection.next_event(), h11.EndOfMessage):
            if event is h11.NEED_DATA:
                if time.monotonic() > end:
                    raise TimeoutError("timed out")  # an answer that goes on and on
                data = opened.recv(65536)
                if not data and not status:
                    raise ConnectionError("the connection was closed without a response")
                self._connection.receive_data(data)
            elif isinstance(event, h11.Response):
                status = event.status_code
                lines = tuple((bytes(name), bytes(value)) for name, value in event.headers)
            elif isinstance(event, h11.Data):
                body += bytes(event.data)
        states = (self._connection.our_state, self._connection.their_state)
        if states == (h11.DONE, h11.DONE) and self._connection.trailing_data == (b"", False):
            self._connection.start_next_cycle()
        else:
            self.close()
        return Response(status, lines, body)


# In process


class Asgi:
    """An ASGI application in this process, on an event loop of its own, with its lifespan."""

    last_error = ""

    def __init__(self, app: ASGIApp, *, headers: Headers = (), timeout: float = IDLE) -> None:
        self.app, self.headers, self.timeout = app, headers, timeout
        self._state: dict[str, Any] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._stopping = self._run(self._make_event())
        self._lifespan = asyncio.run_coroutine_threadsafe(
            self._live(started := threading.Event()), self._loop
        )
        started.wait(timeout)

    def can_send(self, request: Request) -> bool:
        """Everything: there is no parser in between."""
        return True

    def send(self, request: Request) -> Response:
        """Call the application once. Raises NoAnswer."""
        response: Response = self._run(self._exchange(request))
        return response

    def close(self) -> None:
        """Shut the application down, and end its event loop."""
        self._loop.call_soon_threadsafe(self._stopping.set)
        with suppress(Exception):
            self._lifespan.result(self.timeout)
        asyncio.run_coroutine_threadsafe(self._end(), self._loop)
        self._thread.join(self.timeout)
        if not self._thread.is_alive():  # an application may block it
            self._loop.close()

    def _run(self, coroutine: Any) -> Any:
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        try:
            return future.result(self.timeout)
        except concurrent.futures.TimeoutError:  # on Python 3.10 another than the builtin
            future.cancel()
            raise NoAnswer(f"no response within {self.timeout:g} seconds") from None

    async def _end(self) -> None:
        """End what the application has left running, then the loop."""
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=self.timeout)
        self._loop.stop()

    async def _make_event(self) -> asyncio.Event:
        return asyncio.Event()

    async def _live(self, started: threading.Event) -> None:
        """The lifespan protocol; an application without it raises, which it may."""
        told = iter(({"type": "lifespan.startup"},))

        async def receive() -> dict[str, Any]:
            for message in told:
                return message
            await self._stopping.wait()
            return {"type": "lifespan.shutdown"}

        async def send(message: dict[str, Any]) -> None:
            started.set()

        try:
            asgi = {"version": "3.0", "spec_version": "2.0"}
            scope = {"type": "lifespan", "asgi": asgi, "state": self._state}
            await self.app(scope, receive, send)
        except Exception:
            pass
        finally:
            started.set()

    async def _exchange(self, request: Request) -> Response:
        path, _, query = request.path.partition("?")
        lines = [(name.lower(), value) for name, value in (*request.headers, *self.headers)]
        scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1",
            "method": request.method, "scheme": "http", "path": unquote(path), "raw_path": path.encode(),
            "query_string": query.encode(), "root_path": "",
            "headers": [(b"host", b"testserver"), *lines],
            "client": ("127.0.0.1", 50000), "server": ("testserver", 80), "state": dict(self._state),
        }  # fmt: skip
        told = iter(({"type": "http.request", "body": b"", "more_body": False},))
        messages: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            for message in told:
                return message
            await asyncio.sleep(self.timeout)
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            messages.append(message)

        self.last_error = ""
        try:
            await self.app(scope, receive, send)
        except Exception as problem:
            self.last_error = repr(problem)
            # A server turns what an application raises before its answer into a 500.
            if not messages:
                return Response(500, ())
            if messages[0].get("status") != 500:
                raise NoAnswer(f"the application raised {problem!r} after its response began") from problem
        if not messages or messages[0]["type"] != "http.response.start":
            raise NoAnswer("the application ended without a response")
        found = tuple((bytes(name), bytes(value)) for name, value in messages[0].get("headers", ()))
        return Response(messages[0]["status"], found, b"".join(m.get("body", b"") for m in messages[1:]))


class Wsgi:
    """A WSGI application in this process. One name has one value there: doubled lines are not carried."""

    last_error = ""

    def __init__(self, app: WSGIApp, *, headers: Headers = (), timeout: float = IDLE) -> None:
        self.app, self.headers, self.timeout = app, headers, timeout

    def can_send(self, request: Request) -> bool:
        """All but doubled lines."""
        found = [name.lower() for name, _ in request.headers]
        return len(set(found)) == len(found)

    def send(self, request: Request) -> Response:
        """Call the application once, in a thread of its own: it may block. Raises NoAnswer."""
        answers: queue.SimpleQueue[Response | NoAnswer] = queue.SimpleQueue()

        def call() -> None:
            try:
                answers.put(self._exchange(request))
            except NoAnswer as problem:
                answers.put(problem)

        threading.Thread(target=call, daemon=True).start()
        try:
            answer = answers.get(timeout=self.timeout)
        except queue.Empty:
            raise NoAnswer(f"no response within {self.timeout:g} seconds") from None
        if isinstance(answer, NoAnswer):
            raise answer
        return answer

    def _exchange(self, request: Request) -> Response:
        path, _, query = request.path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "PATH_INFO": unquote(path, "latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": "testserver", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "testserver", "REMOTE_ADDR": "127.0.0.1", "CONTENT_LENGTH": "0",
            "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(), "wsgi.multithread": False, "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }  # fmt: skip
        for name, value in (*request.headers, *self.headers):
            environ["HTTP_" + name.decode().upper().replace("-", "_")] = value.decode("latin-1")
        told: list[tuple[str, Sequence[tuple[str, str]]]] = []

        def start_response(status: str, headers: Sequence[tuple[str, str]], error: Any = None) -> Any:
            told[:] = [(status, headers)]
            return body.append

        body: list[bytes] = []
        self.last_error = ""
        try:
            found = self.app(environ, start_response)
            try:
                body.extend(found)
            finally:
                getattr(found, "close", lambda: None)()
        except Exception as problem:
            self.last_error = repr(problem)
            if not told:
                return Response(500, ())
            raise NoAnswer(f"the application raised {problem!r} after its response began") from problem
        if not told:
            raise NoAnswer("the application ended without a response")
        status, headers = told[0]
        lines = tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in headers)
        return Response(int(status[:3]), lines, b"".join(body))

    def close(self) -> None:
        """There is nothing open."""


def in_process(
    app: Any, interface: str = "auto", *, headers: Headers = (), timeout: float = IDLE
) -> Transport:
    """The way to an application: "asgi", "wsgi", or "auto" to tell by itself; `headers` go with each request.

    Raises ValueError for another interface, and for something that cannot be called.
    """
    if interface not in ("asgi", "wsgi", "auto"):
        raise ValueError(f"interface: {interface!r} is not one of them; choose from asgi, wsgi, auto")
    if not callable(app):
        raise ValueError(f"app: {app!r} cannot be called; give an ASGI or WSGI application")
    is_asgi = looks_like_asgi(app) if interface == "auto" else interface == "asgi"
    kind: type[Asgi] | type[Wsgi] = Asgi if is_asgi else Wsgi
    return kind(app, headers=headers, timeout=timeout)


def looks_like_asgi(app: Any) -> bool:
    """Calling it gives a coroutine, or takes the three arguments of ASGI; WSGI has two."""
    if any(map(inspect.iscoroutinefunction, (app, type(app).__call__))):
        return True
    try:
        return len(inspect.signature(app).parameters) == 3
    except (TypeError, ValueError):  # what is not written in Python may not tell
        return False
