"""Requests to an ASGI application in this process."""

import asyncio
import concurrent.futures
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

from spec.conformance.transports.address import encoded
from spec.conformance.transports.transport import IDLE, NOTHING, Extra, NoAnswer
from spec.http import Request, Response

ASGIApp = Callable[..., Awaitable[None]]


class Asgi:
    """An ASGI application in this process, on an event loop of its own, with its lifespan."""

    last_error = ""

    def __init__(self, app: ASGIApp, *, extra: Extra = NOTHING, timeout: float = IDLE) -> None:
        self.app, self.extra, self.timeout = app, extra, timeout
        self.own_origin = extra.own_origin()
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
        path, _, query = encoded(request.path).partition("?")
        lines = [(name.lower(), value) for name, value in self.extra.around(request, b"testserver")]
        if request.body:
            lines.append((b"content-length", b"%d" % len(request.body)))
        scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1",
            "method": request.method, "scheme": "http", "path": unquote(path), "raw_path": path.encode(),
            "query_string": query.encode(), "root_path": "",
            "headers": lines,
            "client": ("127.0.0.1", 50000), "server": ("testserver", 80), "state": dict(self._state),
        }  # fmt: skip
        told = iter(({"type": "http.request", "body": request.body, "more_body": False},))
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
