"""What is measured: the apps, the requests, and the tables that they fill.

Imports little: under valgrind imports take long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from tests.benchmarks.steps import STEPS, Floor
from tests.helpers.asgi import App, Message, Receive, Scope, Send, http_scope

ORIGIN = b"https://app.example.com"
UNLISTED = b"https://app.example.net"
COUNTS = (1, 10, 100, 1_000, 10_000)
HEADER_COUNTS = (5, 10, 30)

# What Chromium sends with a cross-origin fetch, but for Origin and the preflight's own headers.
BROWSER_HEADERS = (
    (b"host", b"api.example.com"),
    (b"connection", b"keep-alive"),
    (b"sec-ch-ua-platform", b'"Linux"'),
    (b"user-agent", b"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0"),
    (b"accept", b"*/*"),
    (b"sec-fetch-site", b"same-site"),
    (b"sec-fetch-mode", b"cors"),
    (b"sec-fetch-dest", b"empty"),
    (b"referer", b"https://app.example.com/"),
    (b"accept-encoding", b"gzip, deflate, br, zstd"),
    (b"accept-language", b"en-US,en;q=0.9"),
)
RESPONSE_HEADERS = (
    (b"content-type", b"application/json"),
    (b"content-length", b"2"),
    (b"cache-control", b"no-store"),
)
BODY = b"{}"
ARGUMENTS: dict[str, Any] = {
    "allow_origins": [ORIGIN.decode()],
    "allow_methods": ["GET", "PUT"],
    "allow_headers": ["Authorization", "X-Request-Id"],
    "allow_credentials": True,
    "expose_headers": ["X-Total"],
}


async def bare_app(scope: Scope, receive: Receive, send: Send) -> None:
    """The app around which everything is measured."""
    await send({"type": "http.response.start", "status": 200, "headers": [*RESPONSE_HEADERS]})
    await send({"type": "http.response.body", "body": BODY})


async def receive() -> Message:
    """An empty body."""
    return {"type": "http.request", "body": b"", "more_body": False}


async def send(message: Message) -> None:
    """Take a message."""


def requests(app: App, scopes: Iterable[Scope]) -> None:
    """Send these requests, one after the other."""
    for scope in scopes:
        try:  # noqa: SIM105  # a context manager would be measured, too
            app(scope, receive, send).send(None)  # type: ignore[attr-defined]  # an async def gives a coroutine
        except StopIteration:
            pass


def built(name: str, **arguments: Any) -> App:
    """The bare app, or a middleware around it: `floor`, `ours`, `starlette`, or a step of ours."""
    if name == "bare":
        return bare_app
    if name == "ours":
        from impl import CORSMiddleware

        return CORSMiddleware(bare_app, **{**ARGUMENTS, **arguments})
    if name == "starlette":
        from starlette.middleware.cors import CORSMiddleware as StarletteMiddleware

        return StarletteMiddleware(bare_app, **{**ARGUMENTS, **arguments})
    return STEPS[name](bare_app)


def compared(**arguments: Any) -> dict[str, App]:
    """The bare app and the three middlewares that are compared, with these arguments."""
    return {name: built(name, **arguments) for name in ("bare", "floor", "ours", "starlette")}


def request(origin: bytes | None = None, headers: Sequence[tuple[bytes, bytes]] = BROWSER_HEADERS) -> Scope:
    """A GET request; its Origin comes last."""
    return http_scope("GET", (*headers, *([(b"origin", origin)] if origin else [])))


def preflight(requested_headers: bytes = b"authorization,x-request-id") -> Scope:
    """A preflight of the allowed origin."""
    asked = (
        (b"origin", ORIGIN),
        (b"access-control-request-method", b"PUT"),
        (b"access-control-request-headers", requested_headers),
    )
    return http_scope("OPTIONS", (*BROWSER_HEADERS, *asked))


KINDS = {
    "no Origin": request(),
    "allowed": request(ORIGIN),
    "refused": request(UNLISTED),
    "preflight": preflight(),
}


def requested_headers(length: int) -> bytes:
    """At most so many bytes of names that both configurations allow, and fewer by at most one name."""
    pair = b"authorization,x-request-id,"
    return (pair * (length // len(pair) + 1))[: length + 1].rpartition(b",")[0]


LENGTHS = {
    "20 bytes": b"accept,authorization",
    **{f"{length:,} bytes": requested_headers(length) for length in (100, 1_000, 4_000, 16_000)},
    "1 MB": requested_headers(1_000_000),
}


def with_header_count(count: int) -> Scope:
    """An allowed request with that many headers, Origin included."""
    more = [(b"x-header-%d" % number, b"value") for number in range(count)]
    return request(ORIGIN, [*BROWSER_HEADERS, *more][: count - 1])


class Case(NamedTuple):
    """One row of a table; `table` is the table's name."""

    table: str
    row: str
    apps: dict[str, App]
    scope: Scope


def cases() -> Iterator[Case]:
    """All that is timed, but for the steps."""
    apps = compared()
    for kind, scope in KINDS.items():
        yield Case("kinds", kind, apps, scope)
    for count in COUNTS:
        listed = [*(f"https://tenant-{number}.example.com" for number in range(1, count)), ORIGIN.decode()]
        apps = compared(allow_origins=listed)
        yield Case("origins allowed", f"{count:,}", apps, request(ORIGIN))
        yield Case("origins refused", f"{count:,}", apps, request(UNLISTED))
    for count in COUNTS:
        # Starlette's middleware has no patterns.
        patterns = [f"https://*.tenant-{number}.example" for number in range(1, count + 1)]
        apps = {
            "bare": bare_app,
            "floor": Floor(bare_app),
            "ours": built("ours", allow_origins=patterns),
        }
        origin = f"https://shop.tenant-{count}.example".encode()
        yield Case("patterns allowed", f"{count:,}", apps, request(origin))
        yield Case("patterns refused", f"{count:,}", apps, request(UNLISTED))
    for table, arguments in (("lengths list", {}), ("lengths any", {"allow_headers": ["*"]})):
        apps = compared(**arguments)
        for name, value in LENGTHS.items():
            yield Case(table, name, apps, preflight(value))
    apps = compared()
    for count in HEADER_COUNTS:
        yield Case("header counts", str(count), apps, with_header_count(count))
