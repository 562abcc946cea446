"""Requests to a WSGI application in this process."""

import io
import queue
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import unquote

from spec.conformance.transports.address import encoded
from spec.conformance.transports.transport import IDLE, NOTHING, Extra, NoAnswer
from spec.http import Request, Response

WSGIApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Wsgi:
    """A WSGI application in this process. One name has one value there: doubled lines are not carried."""

    last_error = ""

    def __init__(self, app: WSGIApp, *, extra: Extra = NOTHING, timeout: float = IDLE) -> None:
        self.app, self.extra, self.timeout = app, extra, timeout
        self.own_origin = extra.own_origin()

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
        path, _, query = encoded(request.path).partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "PATH_INFO": unquote(path, "latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": "testserver", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1", "CONTENT_LENGTH": str(len(request.body)),
            "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(request.body),
            "wsgi.errors": io.StringIO(), "wsgi.multithread": False, "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }  # fmt: skip
        for name, value in self.extra.around(request, b"testserver"):
            key = name.decode().upper().replace("-", "_")
            environ[key if key == "CONTENT_TYPE" else "HTTP_" + key] = value.decode("latin-1")
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
