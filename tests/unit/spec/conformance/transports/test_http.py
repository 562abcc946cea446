"""What goes over the wire, byte for byte, and what is made of responses that are invalid."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from spec.conformance.transports import NOTHING, Extra, NoAnswer, Socket, travels
from spec.http import Headers, Request, Response
from tests.unit.spec.conformance.servers import OK, raw, secure, self_signed
from tests.unit.spec.conformance.transports.asking import (
    GET,
    NO_ANSWER_CAME,
    OKAY,
    TIMED_OUT,
    dialled,
    no_answer,
)


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
        (GET, (), "/api?a=b", b"GET /api?a=b HTTP/1.1\r\nhost: 127.0.0.1:%d\r\n\r\n"),
        (
            Request("GET", (), "/a b"),
            (),
            "/\xfc",
            b"GET /%%C3%%BC/a%%20b HTTP/1.1\r\nhost: 127.0.0.1:%d\r\n\r\n",
        ),
    ],
)
def test_these_bytes_are_sent(request_: Request, headers: Headers, prefix: str, sent: bytes) -> None:
    with raw([OK]) as (port, seen):
        way = Socket(f"http://127.0.0.1:{port}{prefix}", extra=Extra(headers), timeout=0.5)
        assert way.send(request_).status == 200
        way.close()
    assert seen == [(0, sent.replace(b"%d", b"%d" % port).replace(b"%%", b"%"))]


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
        monkeypatch.setattr("spec.conformance.transports.http.time.monotonic", lambda: float(next(clock)))
        assert no_answer(way) == TIMED_OUT
    assert next(clock) == 28  # two for the pause, one for the start, and four reads, of which one is late


def test_a_port_where_nobody_listens_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert no_answer(dialled(port)) == f"127.0.0.1 port {port}: [Errno 111] Connection refused"


def test_a_request_that_is_no_http_is_no_answer() -> None:
    with raw([OK]) as (port, seen):
        assert no_answer(dialled(port), Request("G T", (), "/")).startswith("LocalProtocolError: ")
    assert seen == []


@pytest.mark.parametrize("body", [b"", b"{}\r\n\r\n"])
def test_a_body_is_sent_with_its_length(body: bytes) -> None:
    heads = [b"content-length: %d\r\n\r\n" % len(body) + body]
    with raw([OK]) as (port, seen):
        way = dialled(port)
        assert way.send(Request("POST", (), "/", body)) == OKAY
        way.close()
    assert b"".join(found for _, found in seen).startswith(b"POST / HTTP/1.1\r\nhost: 127.0.0.1:")
    assert b"".join(found for _, found in seen).endswith(heads[0])


def test_a_large_header_block_is_read_in_pieces() -> None:
    lines = b"".join(b"x-%d: %b\r\n" % (number, 1000 * b"v") for number in range(62))
    with pieces(b"HTTP/1.1 200 OK\r\n" + lines + b"content-length: 2\r\n\r\nok", 700) as port:
        way = dialled(port, timeout=10)
        response = way.send(GET)
        way.close()
    assert response.lines("x-61") == [1000 * b"v"]


def test_a_header_block_without_end_is_refused() -> None:
    with pieces(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 20_000, 7000) as port:
        assert "too long" in no_answer(dialled(port, timeout=10))


@contextmanager
def pieces(answer: bytes, size: int) -> Iterator[int]:
    """A port that sends this to the first who asks, a piece at a time."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            opened, _ = listener.accept()
            with opened, suppress(OSError):
                opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                opened.recv(65536)
                for start in range(0, len(answer), size):
                    opened.sendall(answer[start : start + size])
                    time.sleep(0.001)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(5)


def test_a_unix_socket_is_asked(tmp_path: Path) -> None:
    file = str(tmp_path / "app.sock")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(file)
        listener.listen()

        def serve() -> None:
            opened, _ = listener.accept()
            with opened:
                seen.append(opened.recv(65536))
                opened.sendall(OK)

        seen: list[bytes] = []
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        way = Socket(f"unix:{file}", timeout=5)
        assert way.is_loopback()
        assert way.send(Request("GET", (), "/a")) == OKAY
        way.close()
        thread.join(5)
    assert seen == [b"GET /a HTTP/1.1\r\nhost: localhost\r\n\r\n"]


def test_a_unix_socket_that_is_not_there_is_named(tmp_path: Path) -> None:
    file = tmp_path / "none.sock"
    assert no_answer(Socket(f"unix:{file}")) == f"unix:{file}: [Errno 2] No such file or directory"


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


def test_what_is_not_given_has_a_default() -> None:
    way = Socket("https://a.example")
    assert (way.host, way.port, way.is_secure, way.authority) == ("a.example", 443, True, b"a.example")
    assert (way.extra, way.timeout, way.context) == (NOTHING, 10.0, None)


@pytest.mark.parametrize(
    ("host", "says"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("[::1]", True),
        ("localhost", True),
        ("192.0.2.1", False),
        ("0.0.0.0", True),
        ("[::]", True),
        ("[::ffff:127.0.0.1]", True),
        ("[::ffff:192.0.2.1]", False),
    ],
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


def test_a_certificate_that_is_not_trusted_is_told_with_the_options_that_help(tmp_path: Path) -> None:
    cert = self_signed(tmp_path)
    with secure(cert) as port:
        told = no_answer(Socket(f"https://127.0.0.1:{port}", timeout=5))
        assert told == (
            f"127.0.0.1 port {port}: its certificate is not trusted: self-signed certificate. If you know "
            "who issued it, name the file of that certificate with --cacert FILE, or in the environment "
            "variable SSL_CERT_FILE; --insecure trusts any certificate"
        )
        way = Socket(f"https://127.0.0.1:{port}", timeout=5, context=ssl.create_default_context(cafile=cert))
        assert way.send(GET) == OKAY
        way.close()


def test_a_server_without_tls_is_told_apart() -> None:
    with pieces(b"HTTP/1.1 400 Bad Request\r\n\r\n", 100) as port:
        told = no_answer(Socket(f"https://127.0.0.1:{port}", timeout=5))
    assert told.endswith("; if it speaks no TLS, write http://")


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
    monkeypatch.setattr("spec.conformance.transports.http.time.sleep", slept.append)
    with raw([OK, OK]) as (port, _):
        way = dialled(port, rate=rate)
        # Asked before the pause and after it, and when the reading begins and goes on.
        ticks = {"pause": 0}

        def monotonic() -> float:
            ticks["pause"] += 1
            return next(clock, last) if ticks["pause"] % 4 != 0 else times[ticks["pause"] // 4]

        monkeypatch.setattr("spec.conformance.transports.http.time.monotonic", monotonic)
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
