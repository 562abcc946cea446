"""On each ASGI server the bytes that come are those that the model says."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product

import h11
import pytest

from model import respond
from spec.http import Headers, Request, Response, has_no_content
from tests import ROOT
from tests.servers.answering import CONFIG, RESPONSES

APP = "tests.servers.answering:served"
SERVERS = {
    "uvicorn with h11": "uvicorn --http h11 --log-level critical --port {port} {app}",
    "uvicorn with httptools": "uvicorn --http httptools --log-level critical --port {port} {app}",
    "hypercorn on asyncio": "hypercorn --worker-class asyncio --bind 127.0.0.1:{port} {app}",
    "hypercorn on trio": "hypercorn --worker-class trio --bind 127.0.0.1:{port} {app}",
    "granian": "granian --interface asgi --no-log --port {port} {app}",
    "daphne": "daphne --verbosity 0 --port {port} {app}",
}
SECONDS_TO_START = 30.0

# What servers add, or change on the way: it is about the connection, not about the response.
OF_THE_SERVER = frozenset(
    {b"date", b"server", b"connection", b"keep-alive", b"transfer-encoding", b"content-length"}
)

ALLOWED = (b"https://app.example", b"https://shop.tenants.example")
ORIGINS: tuple[tuple[bytes, ...], ...] = (
    (),
    *((origin,) for origin in ALLOWED),
    (b"https://app.example.evil.example",),
    (b"https://app.example:443",),
    (b"null",),
    (b"https://" + b"a" * 400 + b".tenants.example",),
    (b"https://app.example", b"https://app.example"),
)
ASKED_METHODS = (b"PUT", b"put", b"DELETE")
ASKED_HEADERS: tuple[tuple[bytes, ...], ...] = (
    (),
    (b"x-token",),
    (b"accept", b"x-token"),
    (b"x-other",),
    (b",".join([b"x-token"] * 500),),
)


def actual_requests() -> Iterator[Request]:
    """Every path, by each method, from each origin."""
    for path, method, origins in product(RESPONSES, ("GET", "HEAD", "PURGE"), ORIGINS):
        yield Request(method, tuple((b"origin", value) for value in origins), path)


def preflights() -> Iterator[Request]:
    """From each origin, for methods and headers that are allowed and that are not."""
    for origins, method, headers in product(ORIGINS[1:], ASKED_METHODS, ASKED_HEADERS):
        lines = [(b"origin", value) for value in origins]
        lines += [(b"access-control-request-method", method)]
        lines += [(b"access-control-request-headers", value) for value in headers]
        yield Request("OPTIONS", tuple(lines), "/plain")


@contextmanager
def serving(command: str) -> Iterator[tuple[int, int]]:
    """A server in a process of its own; gives its port and the number of the process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arguments = command.format(port=port, app=APP).split()
    process = subprocess.Popen([sys.executable, "-m", *arguments], cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + SECONDS_TO_START
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                assert process.poll() is None and time.monotonic() < deadline, f"{command} does not start"
                time.sleep(0.05)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


class Client:
    """One connection, kept open from request to request, and opened again when the server closes it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.opened = 0
        self.open()

    def open(self) -> None:
        """Connect anew."""
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        self.http = h11.Connection(h11.CLIENT, max_incomplete_event_size=1 << 20)
        self.opened += 1

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *problem: object) -> None:
        self.socket.close()

    def send(self, request: Request) -> Response:
        """One exchange; header lines as they come, names in lower case."""
        if self.http.our_state is not h11.IDLE:
            self.socket.close()
            self.open()
        headers = [(b"host", b"server.example"), *request.headers]
        self.socket.sendall(
            self.http.send(h11.Request(method=request.method, target=request.path, headers=headers)) or b""
        )
        self.socket.sendall(self.http.send(h11.EndOfMessage()) or b"")
        status, body = 0, b""
        lines: Headers = ()
        while True:
            event = self.http.next_event()
            if event is h11.NEED_DATA:
                self.http.receive_data(self.socket.recv(65536))
            elif isinstance(event, h11.Response):
                status, lines = event.status_code, tuple(event.headers)
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage):
                break
        if self.http.our_state is h11.DONE and self.http.their_state is h11.DONE:
            self.http.start_next_cycle()
        return Response(status, lines, body)


def told(headers: Headers) -> list[tuple[bytes, bytes]]:
    """The lines that are not the server's."""
    return sorted(line for line in headers if line[0] not in OF_THE_SERVER)


def expected(request: Request) -> Response:
    """What the model responds, as it comes over HTTP: without a body where there may be none."""
    found = respond(CONFIG, request, RESPONSES[request.path])
    has_body = request.method != "HEAD" and not has_no_content(found.status)
    return Response(found.status, found.headers, found.body if has_body else b"")


@pytest.mark.slow
@pytest.mark.mutation_skip  # the theorems compare the same functions, without a network
@pytest.mark.parametrize("command", SERVERS.values(), ids=SERVERS)
def test_a_server_sends_what_the_model_says(command: str) -> None:
    requests = [*actual_requests(), *preflights()]
    assert len(requests) >= 200
    with serving(command) as (port, _), Client(port) as client:
        for request in requests:
            came, said = client.send(request), expected(request)
            assert (came.status, told(came.headers), came.body) == (
                said.status,
                told(said.headers),
                said.body,
            ), request
        assert client.opened < len(requests) / 4  # connections are kept


@pytest.mark.slow
@pytest.mark.mutation_skip
@pytest.mark.parametrize("command", SERVERS.values(), ids=SERVERS)
def test_who_leaves_early_disturbs_nobody(command: str) -> None:
    asked = b"GET /streamed HTTP/1.1\r\nhost: server.example\r\norigin: https://app.example\r\n"
    request = Request("GET", ((b"origin", b"https://app.example"),), "/streamed")
    with serving(command) as (port, _):
        for number in range(50):
            with socket.create_connection(("127.0.0.1", port)) as leaving:
                leaving.sendall((asked + b"\r\n")[: 20 + number * 2])  # the last ones are whole
        with Client(port) as client:
            for _ in range(20):
                assert client.send(request).body == expected(request).body
