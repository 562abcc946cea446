"""In Starlette and FastAPI: the change of one import, and CORS headers on the 500 of an exception."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from impl import CORSConfigError, CORSMiddleware

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Starlette would rather have another HTTP client than the one installed
    from starlette.testclient import TestClient

pytestmark = pytest.mark.mutation_skip  # the tests beside it find the same, without a framework

ORIGIN = "https://app.example.com"


def fastapi_app() -> FastAPI:
    app = FastAPI()

    @app.get("/")
    async def main() -> dict[str, str]:
        return {"message": "Hello World"}

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("unhandled")

    return app


def starlette_app() -> Starlette:
    async def main(request: Request) -> JSONResponse:
        return JSONResponse({"message": "Hello World"})

    async def broken(request: Request) -> JSONResponse:
        raise RuntimeError("unhandled")

    async def stream(request: Request) -> StreamingResponse:
        return StreamingResponse(iter(["a", "b", "c"]), headers={"vary": "Accept"})

    async def websocket(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text("hello")
        await socket.close()

    routes = [Route("/", main), Route("/broken", broken), Route("/stream", stream)]
    return Starlette(routes=[*routes, WebSocketRoute("/socket", websocket)])


APPS: list[Callable[[], Any]] = [fastapi_app, starlette_app]


@pytest.mark.parametrize("make", APPS)
def test_it_is_added_as_the_documentation_adds_the_other(make: Callable[[], Any]) -> None:
    app = make()
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["http://localhost", ORIGIN],
        allow_credentials=True,
        allow_methods=["*"],
        allow_headers=["*"],
    )
    client = TestClient(app)
    response = client.get("/", headers={"Origin": ORIGIN})
    assert response.json() == {"message": "Hello World"}
    assert response.headers["access-control-allow-origin"] == ORIGIN
    assert response.headers["access-control-allow-credentials"] == "true"
    assert response.headers["vary"] == "Origin"
    headers = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "authorization,x-a",
    }
    preflight = client.options("/nowhere", headers=headers)
    assert (preflight.status_code, preflight.text) == (200, "OK")
    assert preflight.headers["access-control-allow-headers"] == "authorization, x-a"
    assert client.get("/", headers={"Origin": "https://evil.example"}).headers["vary"] == "Origin"


@pytest.mark.parametrize("make", APPS)
def test_wrapped_around_the_finished_app_it_reaches_the_500_of_an_exception(make: Callable[[], Any]) -> None:
    app = CORSMiddleware(make(), allow_origins=[ORIGIN])
    client = TestClient(app, raise_server_exceptions=False)
    response = client.get("/broken", headers={"Origin": ORIGIN})
    assert response.status_code == 500
    assert response.headers["access-control-allow-origin"] == ORIGIN
    assert response.headers["vary"] == "Origin"
    with pytest.raises(RuntimeError, match="unhandled"):
        TestClient(app).get("/broken", headers={"Origin": ORIGIN})


@pytest.mark.parametrize("make", APPS)
def test_added_inside_it_cannot_reach_that_500(make: Callable[[], Any]) -> None:
    app = make()
    app.add_middleware(CORSMiddleware, allow_origins=[ORIGIN])
    response = TestClient(app, raise_server_exceptions=False).get("/broken", headers={"Origin": ORIGIN})
    assert response.status_code == 500
    assert "access-control-allow-origin" not in response.headers


def test_wrapping_tells_a_wrong_configuration_at_once() -> None:
    app = starlette_app()
    with pytest.raises(CORSConfigError, match="A-CFG-2"):
        CORSMiddleware(app, allow_origins=ORIGIN)
    app.add_middleware(CORSMiddleware, allow_origins=ORIGIN)  # Starlette builds it later
    with pytest.raises(CORSConfigError, match="A-CFG-2"):
        TestClient(app).get("/")


def test_streams_sockets_and_the_lifespan_work_behind_it() -> None:
    with TestClient(CORSMiddleware(starlette_app(), allow_origins=[ORIGIN])) as client:
        response = client.get("/stream", headers={"Origin": ORIGIN})
        assert response.text == "abc"
        assert response.headers["vary"] == "Accept, Origin"
        with client.websocket_connect("/socket", headers={"Origin": "https://evil.example"}) as socket:
            assert socket.receive_text() == "hello"


def test_wrapping_twice_answers_as_wrapping_once() -> None:
    once = CORSMiddleware(starlette_app(), allow_origins=[ORIGIN], expose_headers=["X-A"])
    twice = CORSMiddleware(once, allow_origins=[ORIGIN], expose_headers=["X-A"])
    for headers in ({}, {"Origin": ORIGIN}, {"Origin": "https://evil.example"}):
        first, second = (TestClient(app).get("/stream", headers=headers) for app in (once, twice))
        assert first.headers.multi_items() == second.headers.multi_items()
