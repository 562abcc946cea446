"""Drive an ASGI app without an event loop, and see everything that it does.

`call` sends one request and returns what came out; `Recorder` is an app that answers what it is told and
remembers what reached it. `exchange` is the same request as a coroutine, for interleaving several of them.
"""

from __future__ import annotations

import types
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterable, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Lines = tuple[tuple[bytes, bytes], ...]

T = TypeVar("T")


class Suspended(Exception):
    """The coroutine waits for something that only an event loop (or `interleave`) could bring."""


@types.coroutine
def pause() -> Generator[None, None, None]:
    """Suspend once, so that `interleave` lets the others run."""
    yield


def drive(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never suspends. Raises what it raises, or Suspended."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        result: T = stop.value
        return result
    coroutine.close()
    raise Suspended(coroutine)


def interleave(coroutines: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Run several coroutines in turn, one step each, until all have ended; their results in order."""
    waiting = dict(enumerate(coroutines))
    results: dict[int, T] = {}
    while waiting:
        for number, coroutine in list(waiting.items()):
            try:
                coroutine.send(None)
            except StopIteration as stop:
                results[number] = stop.value
                del waiting[number]
    return [results[number] for number in sorted(results)]


@dataclass(frozen=True)
class Result:
    """What came out of one exchange. `messages` are the very objects that the app sent, in order."""

    messages: tuple[Message, ...]
    scope: Scope = field(repr=False)
    receive: Receive = field(repr=False)
    send: Send = field(repr=False)

    @property
    def start(self) -> Message:
        """The one `http.response.start` message."""
        (start,) = [message for message in self.messages if message["type"] == "http.response.start"]
        return start

    @property
    def status(self) -> int:
        status: int = self.start["status"]
        return status

    @property
    def headers(self) -> Lines:
        """All header lines in order, as (name, value) pairs, exactly as they were sent."""
        return tuple((line[0], line[1]) for line in self.start.get("headers") or ())

    @property
    def body(self) -> bytes:
        bodies = [message for message in self.messages if message["type"] == "http.response.body"]
        return b"".join(message.get("body", b"") for message in bodies)

    def values(self, name: bytes) -> list[bytes]:
        """The values of all lines of a name, in whatever letter case it was sent."""
        return [value for line, value in self.headers if line.lower() == name.lower()]


def http_scope(
    method: str = "GET", headers: Iterable[Sequence[bytes]] = (), path: str = "/", **extra: Any
) -> Scope:
    """An ASGI http scope; `headers` as a list, as servers give them. `extra` adds or replaces keys."""
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": list(headers),
        "client": ("192.0.2.1", 50000),
        "server": ("192.0.2.2", 80),
        **extra,
    }


async def exchange(app: App, scope: Scope, *, body: bytes = b"", pausing: bool = False) -> Result:
    """Send one request to `app`; with `pausing`, `receive` and `send` each suspend once per message."""
    messages: list[Message] = []

    async def receive() -> Message:
        if pausing:
            await pause()
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        if pausing:
            await pause()
        messages.append(message)

    await app(scope, receive, send)
    return Result(tuple(messages), scope, receive, send)


def call(
    app: App,
    method: str = "GET",
    headers: Iterable[Sequence[bytes]] = (),
    path: str = "/",
    *,
    body: bytes = b"",
    scope: Scope | None = None,
) -> Result:
    """Send one request, or the given scope, and return all that the app sent. Raises what the app raises."""
    return drive(exchange(app, http_scope(method, headers, path) if scope is None else scope, body=body))


@dataclass(frozen=True)
class Seen:
    """What reached a Recorder in one call: the very objects."""

    scope: Scope
    receive: Receive
    send: Send


class Recorder:
    """An ASGI app that sends a fixed response and remembers its calls.

    The response is made of new objects for each call, unless `messages` gives the very ones to send
    (any types, in order). With `error`, that is raised after the messages have been sent.
    """

    def __init__(
        self,
        status: int = 200,
        headers: Iterable[tuple[bytes, bytes]] = (),
        body: bytes = b"",
        *,
        messages: Sequence[Message] | None = None,
        error: BaseException | None = None,
    ) -> None:
        self.status = status
        self.headers = tuple(headers)
        self.body = body
        self.messages = messages
        self.error = error
        self.calls: list[Seen] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.calls.append(Seen(scope, receive, send))
        for message in self.response() if self.messages is None else self.messages:
            await send(message)
        if self.error is not None:
            raise self.error

    def response(self) -> list[Message]:
        """The messages of the fixed response, as new objects."""
        return [
            {"type": "http.response.start", "status": self.status, "headers": list(self.headers)},
            {"type": "http.response.body", "body": self.body},
        ]
