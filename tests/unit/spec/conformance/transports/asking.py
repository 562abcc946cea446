"""What the tests of the transports share."""

from typing import Any

import pytest

from spec.conformance.transports import Asgi, NoAnswer, Socket, Wsgi
from spec.http import Request, Response

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


BOOM = RuntimeError("boom")


def failing(*starts: str) -> Any:
    def app(environ: Any, start_response: Any) -> None:
        for status in starts:
            start_response(status, [])
        raise BOOM

    return app
