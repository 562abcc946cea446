"""Requests over a socket, with or without TLS."""

import ipaddress
import socket
import ssl
import time
from urllib.parse import urlsplit

import h11

from spec.conformance.transports.transport import IDLE, NOTHING, Extra, NoAnswer, travels
from spec.http import Headers, Request, Response


class Socket:
    """HTTP/1.1 over one connection, byte for byte; redirects are not followed."""

    last_error = ""

    def __init__(
        self, url: str, *, extra: Extra = NOTHING, timeout: float = IDLE, rate: float | None = None
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
        is_plain = not self.is_secure and self.port == 80
        self.own_origin = extra.own_origin(b"" if is_plain else self.authority)
        self.prefix = parts.path.rstrip("/")
        self.extra, self.timeout = extra, timeout
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
        lines = self.extra.around(request, self.authority)
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
