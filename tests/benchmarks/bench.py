"""What the middleware costs: time added to each request over the bare app, against Starlette's.

Run as `python -m tests.benchmarks.bench`. Each figure is the median over rounds in which the bare app and
both middlewares take turns, so that a busy machine slows all of them alike. A ratio of 0.25 means a quarter
of the time that Starlette's middleware adds in the same run. Measures; judges nothing.
"""

from __future__ import annotations

import gc
import platform
from statistics import median
from time import perf_counter
from typing import Any

import starlette
from rich.console import Console
from rich.table import Table
from starlette.middleware.cors import CORSMiddleware as StarletteMiddleware

from impl import CORSMiddleware
from tests.helpers.asgi import App, Message, Receive, Scope, Send, http_scope

ROUNDS = 151
SECONDS_PER_TURN = 0.001

ORIGIN = b"https://app.example.com"
UNLISTED = b"https://app.example.net"

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
ARGUMENTS: dict[str, Any] = {
    "allow_methods": ["GET", "PUT"],
    "allow_headers": ["Authorization", "X-Request-Id"],
    "allow_credentials": True,
    "expose_headers": ["X-Total"],
}


async def bare_app(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [*RESPONSE_HEADERS]})
    await send({"type": "http.response.body", "body": b"{}"})


async def receive() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def send(message: Message) -> None:
    pass


def request(method: str = "GET", *lines: tuple[bytes, bytes]) -> Scope:
    return http_scope(method, (*BROWSER_HEADERS, *lines))


def preflight(requested_headers: bytes) -> Scope:
    return request(
        "OPTIONS",
        (b"origin", ORIGIN),
        (b"access-control-request-method", b"PUT"),
        (b"access-control-request-headers", requested_headers),
    )


def wrapped(origins: int, **arguments: Any) -> dict[str, App]:
    """The bare app, and both middlewares around it with that many origins; the allowed one comes last."""
    listed = [*(f"https://tenant-{number}.example.com" for number in range(1, origins)), ORIGIN.decode()]
    arguments = {**ARGUMENTS, **arguments, "allow_origins": listed}
    return {
        "bare": bare_app,
        "starlette": StarletteMiddleware(bare_app, **arguments),
        "ours": CORSMiddleware(bare_app, **arguments),
    }


def turn(app: App, scope: Scope, count: int) -> float:
    """Seconds per request, over `count` requests."""
    scopes = [dict(scope) for _ in range(count)]
    start = perf_counter()
    for one in scopes:
        try:  # noqa: SIM105  # a context manager would be measured, too
            app(one, receive, send).send(None)  # type: ignore[attr-defined]  # an async def gives a coroutine
        except StopIteration:
            pass
    return (perf_counter() - start) / count


def added_microseconds(apps: dict[str, App], scope: Scope) -> dict[str, float]:
    """The time that each middleware adds to a request."""
    counts = {name: int(SECONDS_PER_TURN / turn(app, scope, 20)) or 1 for name, app in apps.items()}
    added: dict[str, list[float]] = {"starlette": [], "ours": []}
    for _ in range(ROUNDS):
        seconds = {name: turn(app, scope, counts[name]) for name, app in apps.items()}
        for name, measured in added.items():
            measured.append((seconds[name] - seconds["bare"]) * 1e6)
    return {name: median(measured) for name, measured in added.items()}


def report(console: Console, title: str, cases: list[tuple[str, dict[str, App], Scope]]) -> None:
    table = Table(title=title, title_justify="left", width=80)
    table.add_column("traffic", ratio=1)
    for column in ("Starlette, µs", "ours, µs", "ratio"):
        table.add_column(column, justify="right")
    for name, apps, scope in cases:
        added = added_microseconds(apps, scope)
        ratio = added["ours"] / added["starlette"]
        table.add_row(name, f"{added['starlette']:.2f}", f"{added['ours']:.2f}", f"{ratio:.2f}")
    console.print(table)


def main() -> None:
    console = Console(width=80)
    gc.disable()
    console.print(f"Python {platform.python_version()}, Starlette {starlette.__version__}")
    console.print("Time added to each request over the bare app; medians of interleaved rounds.\n")
    for origins in (1, 10_000):
        apps = wrapped(origins)
        report(
            console,
            f"{origins:,} configured origin{'s' if origins > 1 else ''}",
            [
                ("no Origin", apps, request()),
                ("allowed", apps, request("GET", (b"origin", ORIGIN))),
                ("refused", apps, request("GET", (b"origin", UNLISTED))),
                ("preflight", apps, preflight(b"authorization,x-request-id")),
            ],
        )
    names = b"authorization,x-request-id,"
    sizes = [
        ("20 bytes", b"accept,authorization"),
        ("16 kB", (names * 700)[:16_000].rpartition(b",")[0]),
        ("1 MB, beyond the bound", names * (1_000_000 // len(names))),
    ]
    for title, arguments in (("a list", {}), ('"*"', {"allow_headers": ["*"]})):
        apps = wrapped(1, **arguments)
        report(
            console,
            f"Preflights by the size of Access-Control-Request-Headers, allow_headers {title}",
            [(name, apps, preflight(value)) for name, value in sizes],
        )


if __name__ == "__main__":
    main()
