"""Requests to WSGI applications, and what is made of their responses."""

from collections.abc import Iterator
from typing import Any

import pytest

from spec.conformance.transports import Wsgi
from spec.http import Headers, Request, Response
from tests.unit.spec.conformance.servers import wsgi
from tests.unit.spec.conformance.transports.asking import GET, failing, no_answer


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


def test_a_body_comes_with_its_type_and_length() -> None:
    given: dict[str, Any] = {}

    def app(environ: Any, start_response: Any) -> list[bytes]:
        given.update(environ)
        start_response("200 OK", [])
        return [environ["wsgi.input"].read()]

    request = Request("POST", ((b"content-type", b"a/b"),), "/a b\xfc", b"hello")
    assert Wsgi(app).send(request) == Response(200, (), b"hello")
    assert (given["CONTENT_TYPE"], given["CONTENT_LENGTH"]) == ("a/b", "5")
    assert "HTTP_CONTENT_TYPE" not in given
    assert given["PATH_INFO"] == "/a b\xc3\xbc"


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
