"""The middleware waits for nothing but the app and an override: on asyncio and on trio alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anyio
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from impl import CORSByPath, CORSMiddleware, install_cors
from tests.helpers.asgi import App, Result, call, exchange, http_scope
from tests.unit.impl.cases import ORIGIN, preflight

POLICY: dict[str, Any] = {"allow_origins": [ORIGIN.decode()]}
ALLOWED = (b"access-control-allow-origin", ORIGIN)


async def waiting(scope: Any, receive: Any, send: Any) -> None:
    """Waits before each message, as an app does that reads from a database."""
    await anyio.sleep(0)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for part in (b"a", b"b"):
        await anyio.sleep(0)
        await send({"type": "http.response.body", "body": part, "more_body": part == b"a"})


class Asking(CORSMiddleware):
    """Waits for a table of origins."""

    async def is_allowed_origin(self, origin: str) -> bool:
        await anyio.sleep(0)
        return origin == ORIGIN.decode()


def starlette() -> App:
    """An app of Starlette that waits, with CORS outermost."""

    async def endpoint(request: Request) -> Response:
        await anyio.sleep(0)
        return Response(b"ab")

    app = Starlette(routes=[Route("/", endpoint)])
    install_cors(app, **POLICY)
    return app


APPS: dict[str, Callable[[], App]] = {
    "alone": lambda: CORSMiddleware(waiting, **POLICY),
    "an override that waits": lambda: Asking(waiting, **POLICY),
    "by path": lambda: CORSByPath(waiting, {"/": POLICY}),
    "installed": starlette,
}


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@pytest.mark.parametrize("name", APPS)
def test_on_each_event_loop_the_responses_are_the_same(name: str, backend: str) -> None:
    async def several() -> list[Result]:
        """Eight requests at a time, half of them preflights."""
        app, found = APPS[name](), list[Result]()

        async def one(method: str, headers: Any) -> None:
            found.append(await exchange(app, http_scope(method, headers)))

        async with anyio.create_task_group() as tasks:
            for _ in range(4):
                tasks.start_soon(one, "GET", [(b"origin", ORIGIN)])
                tasks.start_soon(one, "OPTIONS", preflight())
        return found

    results = anyio.run(several, backend=backend)
    assert len(results) == 8
    assert all(ALLOWED in result.headers for result in results)
    assert sorted(result.body for result in results) == [b"OK"] * 4 + [b"ab"] * 4


def test_without_an_override_no_event_loop_is_needed() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"a"})

    assert ALLOWED in call(CORSMiddleware(app, **POLICY), headers=[(b"origin", ORIGIN)]).headers
