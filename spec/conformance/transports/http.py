"""Requests over a socket, with or without TLS."""

import ipaddress
import socket
import ssl
import time

import h11

from spec.conformance.transports.address import Address
from spec.conformance.transports.transport import IDLE, NOTHING, Extra, NoAnswer, travels
from spec.http import Headers, Request, Response

LONGEST_HEAD = 65536
"""In bytes: the header block of a response that is read."""
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class Socket:
    """HTTP/1.1 over one connection, byte for byte; redirects are not followed."""

    last_error = ""

    def __init__(
        self,
        url: str,
        *,
        extra: Extra = NOTHING,
        timeout: float = IDLE,
        rate: float | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.address = Address.parse(url)
        self.host, self.port, self.is_secure = self.address.host, self.address.port, self.address.is_secure
        self.authority = self.address.authority.encode()
        is_plain = not self.is_secure and self.port == 80
        self.own_origin = extra.own_origin(b"" if is_plain else self.authority)
        self.extra, self.timeout, self.context = extra, timeout, context
        self._pause = 1 / rate if rate else 0.0
        self._last = 0.0
        self._socket: socket.socket | None = None
        self._connection = h11.Connection(h11.CLIENT)

    def is_loopback(self) -> bool:
        """Whether this machine alone is reached. Raises NoAnswer when the name is not known."""
        if self.address.socket_file is not None:
            return True
        try:
            found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as problem:
            raise NoAnswer(f"{self.host}: {problem}") from None
        return all(is_here(str(address[4][0])) for address in found)

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
        file = self.address.socket_file
        try:
            opened = self._connect() if file is None else self._connect_to(file)
            if self.is_secure:
                context = self.context or ssl.create_default_context()
                opened = context.wrap_socket(opened, server_hostname=self.host)
        except ssl.SSLCertVerificationError as problem:
            raise NoAnswer(f"{self.host} port {self.port}: {untrusted(problem)}") from None
        except (OSError, UnicodeError) as problem:
            where = f"{self.host} port {self.port}" if file is None else f"unix:{file}"
            hint = "; if it speaks no TLS, write http://" if "WRONG_VERSION_NUMBER" in str(problem) else ""
            raise NoAnswer(f"{where}: {problem}{hint}") from None
        self._connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=LONGEST_HEAD)
        self._socket = opened
        return opened

    def _connect(self) -> socket.socket:
        return socket.create_connection((self.host, self.port), self.timeout)

    def _connect_to(self, file: str) -> socket.socket:
        if not hasattr(socket, "AF_UNIX"):
            raise OSError("this system has no Unix sockets")
        opened = socket.socket(socket.AF_UNIX)
        opened.settimeout(self.timeout)
        try:
            opened.connect(file)
        except OSError:
            opened.close()
            raise
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
        target = self.address.target(request.path).encode()
        self._connection.send(h11.Request(method=request.method, target=target, headers=[("host", "x")]))
        self._connection.send(h11.EndOfMessage())
        lines = list(self.extra.around(request, self.authority))
        if request.method not in SAFE_METHODS:
            lines.append((b"content-length", b"%d" % len(request.body)))
        head = request.method.encode() + b" " + target + b" HTTP/1.1\r\n"
        opened.sendall(head + b"".join(b"%b: %b\r\n" % line for line in lines) + b"\r\n" + request.body)

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


def is_here(address: str) -> bool:
    """Whether an IP address is of this machine: loopback, also as IPv6 writes it, or `0.0.0.0`, `::`."""
    found = ipaddress.ip_address(address.partition("%")[0])
    here = getattr(found, "ipv4_mapped", None) or found
    return here.is_loopback or here.is_unspecified


def untrusted(problem: ssl.SSLCertVerificationError) -> str:
    """Why a certificate is not trusted, and what to do about it."""
    return (
        f"its certificate is not trusted: {problem.verify_message}. If you know who issued it, name the file "
        "of that certificate with --cacert FILE, or in the environment variable SSL_CERT_FILE; --insecure "
        "trusts any certificate"
    )
