"""The smallest servers: bytes on a socket, and applications that give the answer they are told to give."""

import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from spec.http import Headers, Request, Response

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"

Answer = Callable[[Request], Response]


@contextmanager
def raw(*connections: Sequence[bytes | None]) -> Iterator[tuple[int, list[tuple[int, bytes]]]]:
    """A port that answers the requests of one connection after another with these bytes, then closes it.

    None: it says nothing. Gives the port, and the requests as they came, each with the number of its
    connection.
    """
    seen: list[tuple[int, bytes]] = []
    over = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(10)
    address = listener.getsockname()

    def serve() -> None:
        with listener:
            for number, answers in enumerate(connections):
                if over.is_set():
                    return
                try:
                    opened, _ = listener.accept()
                except OSError:
                    return
                with opened:
                    opened.settimeout(10)
                    for answer in answers:
                        request = one_request(opened)
                        if not request:
                            break
                        seen.append((number, request))
                        if answer is None:
                            one_request(opened)
                            break
                        with suppress(OSError):  # nobody may read it to its end
                            opened.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield address[1], seen
    finally:
        over.set()
        with socket.socket() as knock:  # whoever still waits for a connection gets one
            knock.settimeout(0.2)
            knock.connect_ex(address)
        thread.join(2)


def one_request(opened: socket.socket) -> bytes:
    """The bytes up to the empty line; none when the connection was closed."""
    found = b""
    while not found.endswith(b"\r\n\r\n"):
        try:
            more = opened.recv(65536)
        except OSError:
            return b""
        if not more:
            return b""
        found += more
    return found


def self_signed(folder: Path) -> str:
    """A file with a key and a certificate of 127.0.0.1 that nobody else has signed."""
    file = folder / "self-signed.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
               "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2",
               "-keyout", "-", "-out", "-"]  # fmt: skip
    file.write_bytes(subprocess.run(command, capture_output=True, check=True).stdout)
    return str(file)


@contextmanager
def secure(certificate: str) -> Iterator[int]:
    """A port that answers every request over TLS, with the certificate in this file."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.wfile.write(OK)
            self.close_connection = True

        def log_message(self, *arguments: Any) -> None:
            """Nobody reads it."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *arguments: Any) -> None:
            """A client may hang up while its trust is asked for."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Server(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join(5)


def asgi(answer: Answer) -> Any:
    """An ASGI application without a lifespan; what it answers with is given."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http", "no lifespan here"
        query = "?" + scope["query_string"].decode() if scope["query_string"] else ""
        sent = tuple((name, value) for name, value in scope["headers"] if name != b"host")
        given = answer(Request(scope["method"], sent, scope["path"] + query))
        await send({"type": "http.response.start", "status": given.status, "headers": list(given.headers)})
        await send({"type": "http.response.body", "body": given.body})

    return app


def wsgi(status: str, headers: Headers, body: Sequence[bytes] = (b"hello",)) -> Any:
    """A WSGI application that always answers the same."""
    lines = [(name.decode(), value.decode()) for name, value in headers]

    def app(environ: Any, start_response: Any) -> Sequence[bytes]:
        start_response(status, lines)
        return body

    return app
