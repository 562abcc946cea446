"""`install_cors`: outermost in Starlette and FastAPI, judged at its line, and the app stays what it was."""

from __future__ import annotations

import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, HTTPException
from fastapi.middleware.cors import CORSMiddleware as StarletteMiddleware
from flask import Flask
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.middleware.httpsredirect import HTTPSRedirectMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, Router, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from impl import CORSByPath, CORSConfigError, CORSConfigWarning, CORSMiddleware, install_cors
from tests.helpers.asgi import http_scope
from tests.servers.running import running

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Starlette would rather have another HTTP client than the one installed
    from starlette.testclient import TestClient

ORIGIN = "https://app.example.com"
UNLISTED = "https://evil.example"
FROM = {"Origin": ORIGIN}
PREFLIGHT = {
    **FROM,
    "Access-Control-Request-Method": "PUT",
    "Access-Control-Request-Headers": "authorization",
}


def install(app: Starlette) -> None:
    """CORS for one origin."""
    install_cors(app, allow_origins=[ORIGIN], allow_methods=["PUT"], allow_headers=["*"])


async def greet(request: Request) -> JSONResponse:
    return JSONResponse({"message": "Hello World"})


async def fail(request: Request) -> JSONResponse:
    raise RuntimeError("unhandled")


async def hello(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("hello")
    await socket.close()


def user() -> str:
    return "somebody"


def starlette_app(**more: Any) -> Starlette:
    routes = [Route("/", greet), Route("/broken", fail), WebSocketRoute("/socket", hello)]
    return Starlette(routes=[*routes, Route("/folder/", greet)], **more)


def fastapi_app(**more: Any) -> FastAPI:
    app = FastAPI(**more)

    @app.get("/")
    async def main() -> dict[str, str]:
        return {"message": "Hello World"}

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("unhandled")

    @app.get("/folder/")
    async def folder() -> None: ...

    @app.get("/items/{item}")
    async def items(item: int, name: str = Depends(user)) -> str:
        return name

    app.add_api_websocket_route("/socket", hello)
    return app


APPS: list[Callable[..., Any]] = [starlette_app, fastapi_app]
each_app = pytest.mark.parametrize("make", APPS)


def client(app: Any) -> TestClient:
    return TestClient(app, raise_server_exceptions=False, follow_redirects=False)


def is_shared(response: httpx.Response) -> bool:
    """Whether a response has the CORS header of the origin, once, and varies by it."""
    values = response.headers.get_list("access-control-allow-origin")
    return values == [ORIGIN] and response.headers.get_list("vary") == ["Origin"]


class OnlyWithToken:
    """An authenticating middleware, which refuses preflights, too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and b"authorization" not in dict(scope["headers"]):
            await Response(status_code=401)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


@each_app
def test_every_response_has_cors_headers(make: Callable[..., Any]) -> None:
    app = make()
    assert install_cors(app, allow_origins=[ORIGIN]) is None  # type: ignore[func-returns-value]
    browser = client(app)
    for method, path, status in (
        ("GET", "/", 200),
        ("GET", "/broken", 500),
        ("GET", "/nowhere", 404),
        ("POST", "/", 405),
        ("GET", "/folder", 307),
    ):
        response = browser.request(method, path, headers=FROM)
        assert response.status_code == status
        assert is_shared(response), path
    assert "access-control-allow-origin" not in browser.get("/broken", headers={"Origin": UNLISTED}).headers


def test_an_error_of_validation_has_cors_headers() -> None:
    app = fastapi_app()
    install_cors(app, allow_origins=[ORIGIN])
    response = client(app).get("/items/one", headers=FROM)
    assert response.status_code == 422
    assert is_shared(response)


@each_app
def test_an_unhandled_exception_still_reaches_the_server_and_the_test(make: Callable[..., Any]) -> None:
    app = make()
    install_cors(app, allow_origins=[ORIGIN])
    with pytest.raises(RuntimeError, match="unhandled"):
        TestClient(app).get("/broken", headers=FROM)


@each_app
def test_the_debug_page_stays_and_has_cors_headers(make: Callable[..., Any]) -> None:
    app = make(debug=True)
    install_cors(app, allow_origins=[ORIGIN])
    response = client(app).get("/broken", headers={**FROM, "Accept": "text/html"})
    assert "Traceback" in response.text and "RuntimeError" in response.text
    assert is_shared(response)


@each_app
def test_the_policy_is_the_one_of_the_arguments(make: Callable[..., Any]) -> None:
    app = make()
    install_cors(
        app,
        allow_origins=["http://localhost:*"],
        allow_credentials=True,
        allow_methods=["PUT"],
        allow_headers=["X-Token"],
        expose_headers=["X-Count"],
        max_age=5,
    )
    headers = {
        "Origin": "http://localhost:3000",
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "x-token",
    }
    preflight = client(app).options("/", headers=headers)
    assert (preflight.status_code, preflight.text) == (200, "OK")
    assert preflight.headers["access-control-allow-credentials"] == "true"
    assert preflight.headers["access-control-max-age"] == "5"
    response = client(app).get("/", headers={"Origin": "http://localhost:3000"})
    assert response.headers["access-control-expose-headers"] == "X-Count"


@each_app
def test_middleware_that_is_added_before_or_after_comes_behind_it(make: Callable[..., Any]) -> None:
    for install_first in (True, False):
        app = make()
        if install_first:
            install_cors(app, allow_origins=[ORIGIN], allow_methods=["PUT"], allow_headers=["Authorization"])
            app.add_middleware(OnlyWithToken)
        else:
            app.add_middleware(OnlyWithToken)
            install_cors(app, allow_origins=[ORIGIN], allow_methods=["PUT"], allow_headers=["Authorization"])
        browser = client(app)
        assert browser.options("/", headers=PREFLIGHT).status_code == 200
        refused = browser.get("/", headers=FROM)
        assert refused.status_code == 401
        assert is_shared(refused)
        assert browser.get("/", headers={**FROM, "Authorization": "Bearer 1"}).status_code == 200


@each_app
def test_a_redirect_of_another_middleware_has_cors_headers(make: Callable[..., Any]) -> None:
    app = make()
    install_cors(app, allow_origins=[ORIGIN])
    app.add_middleware(HTTPSRedirectMiddleware)
    response = client(app).get("/", headers=FROM)
    assert response.status_code == 307
    assert is_shared(response)


@each_app
def test_an_authentication_outside_of_cors_answers_preflights_with_401(make: Callable[..., Any]) -> None:
    app = make()  # what the documents warn of, for those who use add_middleware
    app.add_middleware(CORSMiddleware, allow_origins=[ORIGIN], allow_methods=["PUT"])
    app.add_middleware(OnlyWithToken)
    preflight = client(app).options("/", headers=PREFLIGHT)
    assert preflight.status_code == 401
    assert "access-control-allow-origin" not in preflight.headers


@each_app
def test_routes_and_exception_handlers_that_are_added_afterwards_work(make: Callable[..., Any]) -> None:
    app = make()
    install_cors(app, allow_origins=[ORIGIN])

    async def teapot(request: Request, error: Exception) -> Response:
        return PlainTextResponse(f"{error!r}", status_code=418)

    async def late(request: Request) -> Response:
        raise HTTPException(409) if "conflict" in request.query_params else KeyError("late")

    app.add_exception_handler(KeyError, teapot)
    app.add_exception_handler(500, teapot)
    app.add_route("/late", late)
    browser = client(app)
    for path, status in (("/late", 418), ("/late?conflict", 409), ("/broken", 418)):
        response = browser.get(path, headers=FROM)
        assert response.status_code == status
        assert is_shared(response)


@each_app
def test_websockets_and_the_lifespan_work(make: Callable[..., Any]) -> None:
    events: list[str] = []

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[dict[str, str]]:
        events.append("up")
        yield {"of": "the lifespan"}
        events.append("down")

    app = make(lifespan=lifespan)
    install_cors(app, allow_origins=[ORIGIN])

    async def state(request: Request) -> Response:
        assert request.app is app
        return PlainTextResponse(request.state.of)

    app.add_route("/state", state)
    with TestClient(app) as browser:
        assert browser.get("/state").text == "the lifespan"
        with browser.websocket_connect("/socket", headers={"Origin": UNLISTED}) as socket:
            assert socket.receive_text() == "hello"
    assert events == ["up", "down"]


@each_app
def test_a_mounted_app_has_a_policy_of_its_own(make: Callable[..., Any]) -> None:
    mounted = make()
    install_cors(mounted, allow_origins=[ORIGIN])
    browser = client(Starlette(routes=[Mount("/api", mounted), Route("/", greet)]))
    for path, status in (("/api/", 200), ("/api/broken", 500), ("/api/nowhere", 404)):
        response = browser.get(path, headers=FROM)
        assert response.status_code == status
        assert is_shared(response)
    assert "access-control-allow-origin" not in browser.get("/", headers=FROM).headers


def test_mounts_of_the_app_are_behind_it() -> None:
    app = fastapi_app()
    install_cors(app, allow_origins=[ORIGIN])
    app.mount("/api", starlette_app())
    for path in ("/api/", "/api/broken", "/api/nowhere"):
        assert is_shared(client(app).get(path, headers=FROM))


def test_what_is_fastapis_stays() -> None:
    app = fastapi_app()
    schema = fastapi_app().openapi()
    install_cors(app, allow_origins=[ORIGIN])
    assert isinstance(app, FastAPI)
    app.dependency_overrides[user] = lambda: "nobody"
    assert client(app).get("/items/1").json() == "nobody"
    response = client(app).get("/openapi.json", headers=FROM)
    assert response.json() == schema == app.openapi()
    assert is_shared(response)
    assert client(app).get("/docs").status_code == 200


@each_app
def test_a_stack_that_is_built_again_has_cors_around_the_new_one(make: Callable[..., Any]) -> None:
    app = make()  # some instrumentations add their middleware late, and build the stack again
    install_cors(app, allow_origins=[ORIGIN], allow_methods=["PUT"], allow_headers=["*"])
    assert client(app).get("/", headers=FROM).status_code == 200
    app.user_middleware.insert(0, Middleware(OnlyWithToken))
    app.middleware_stack = app.build_middleware_stack()
    assert is_shared(client(app).get("/", headers=FROM))
    assert client(app).get("/", headers=FROM).status_code == 401
    assert client(app).options("/", headers=PREFLIGHT).status_code == 200


def instrument(app: Starlette) -> None:
    """As OpenTelemetry does it: around the outermost layer, whose `app` gets another such layer."""
    build = app.build_middleware_stack

    def build_instrumented() -> ASGIApp:
        outermost = build()
        assert isinstance(outermost, ServerErrorMiddleware)
        again = ServerErrorMiddleware(outermost.app, outermost.handler, outermost.debug)
        return ServerErrorMiddleware(Counted(again))

    vars(app)["build_middleware_stack"] = build_instrumented


class Counted:
    """Counts what passes."""

    def __init__(self, app: ASGIApp) -> None:
        self.app, self.count = app, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.count += 1
        await self.app(scope, receive, send)


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("order", [[instrument, install], [install, instrument]])
@each_app
def test_an_instrumentation_that_builds_the_outermost_layer_again_keeps_cors(
    make: Callable[..., Any], order: list[Callable[[Any], None]], debug: bool
) -> None:
    handled = []

    async def handler(request: Request, problem: Exception) -> Response:
        handled.append(problem)
        return PlainTextResponse("handled", 500)

    app = make(debug=debug, exception_handlers={Exception: handler})
    for step in order:
        step(app)
    for path in ("/", "/broken", "/none"):
        assert is_shared(client(app).get(path, headers=FROM))
    assert client(app).options("/", headers=PREFLIGHT).status_code == 200
    assert len(handled) == (not debug)  # the debug page comes instead of what it returns


def test_what_else_replaces_the_building_of_the_stack_is_kept() -> None:
    class Own(Starlette):
        def build_middleware_stack(self) -> ASGIApp:
            return OnlyWithToken(super().build_middleware_stack())

    app = Own(routes=[Route("/", greet)])
    install_cors(app, allow_origins=[ORIGIN])
    response = client(app).get("/", headers=FROM)
    assert response.status_code == 401
    assert is_shared(response)


def test_a_function_may_be_the_outermost_layer() -> None:
    class Own(Starlette):
        def build_middleware_stack(self) -> ASGIApp:
            async def answer(scope: Scope, receive: Receive, send: Send) -> None:
                await PlainTextResponse("hello")(scope, receive, send)

            return answer

    app = Own()
    install_cors(app, allow_origins=[ORIGIN])
    assert is_shared(client(app).get("/", headers=FROM))


@each_app
def test_an_instrumentation_shows_nobody_what_an_override_raises(make: Callable[..., Any]) -> None:
    class Broken(CORSMiddleware):
        def is_allowed_origin(self, origin: str) -> bool:
            raise LookupError("secret")

    app = make()
    install_cors(app, middleware=Broken)
    instrument(app)
    response = client(app).get("/", headers=FROM)
    assert (response.status_code, response.text) == (500, "Internal Server Error")


@each_app
def test_what_an_override_raises_reaches_the_server_and_nothing_is_sent(make: Callable[..., Any]) -> None:
    class Broken(CORSMiddleware):
        def is_allowed_origin(self, origin: str) -> bool:
            raise LookupError(origin)

    app = make(debug=True)
    install_cors(app, middleware=Broken)
    with pytest.raises(LookupError, match=ORIGIN):
        app(http_scope("GET", [(b"origin", ORIGIN.encode())]), None, None).send(None)  # and sends nothing


@each_app
def test_a_subclass_decides_about_origins(make: Callable[..., Any]) -> None:
    class Customers(CORSMiddleware):
        async def is_allowed_origin(self, origin: str) -> bool:
            return origin == ORIGIN

    app = make()
    install_cors(app, middleware=Customers, allow_credentials=True)
    response = client(app).get("/broken", headers=FROM)
    assert is_shared(response)
    assert response.headers["access-control-allow-credentials"] == "true"
    assert "access-control-allow-origin" not in client(app).get("/", headers={"Origin": UNLISTED}).headers


@each_app
@pytest.mark.parametrize("inner", [CORSMiddleware, StarletteMiddleware])
def test_cors_that_is_also_added_with_add_middleware_doubles_nothing(
    make: Callable[..., Any], inner: Any
) -> None:
    policy: Any = {"allow_origins": [ORIGIN], "allow_credentials": True, "expose_headers": ["X-Count"]}
    once, twice = make(), make()
    install_cors(once, **policy)
    install_cors(twice, **policy)
    twice.add_middleware(inner, **policy)
    for path in ("/", "/broken", "/nowhere"):
        for origin in (ORIGIN, UNLISTED):
            for method in ("GET", "OPTIONS"):
                headers = {"Origin": origin, "Access-Control-Request-Method": "GET"}
                found = [client(app).request(method, path, headers=headers) for app in (once, twice)]
                lines = [sorted(each.headers.multi_items()) for each in found]
                if (inner, origin, method) == (StarletteMiddleware, UNLISTED, "GET") and path != "/broken":
                    # what the app adds for an origin that is not allowed stays, here Starlette's doing
                    lines[1].remove(("access-control-allow-credentials", "true"))
                    lines[1].remove(("access-control-expose-headers", "X-Count"))
                assert lines[0] == lines[1]


def test_the_installed_policy_decides_before_the_one_that_is_added() -> None:
    app = starlette_app()
    install_cors(app, allow_origins=[ORIGIN])
    app.add_middleware(CORSMiddleware, allow_origins=["https://other.example"])
    headers = {"Origin": "https://other.example", "Access-Control-Request-Method": "GET"}
    assert client(app).options("/", headers=headers).status_code == 400
    response = client(app).get("/", headers={"Origin": "https://other.example"})
    assert response.headers.get_list("access-control-allow-origin") == ["https://other.example"]


@each_app
def test_each_prefix_of_the_path_may_have_a_policy(make: Callable[..., Any]) -> None:
    app = make()
    install_cors(app, policies={"/folder": {"allow_origins": ["*"]}, "/": {"allow_origins": [ORIGIN]}})
    for path, value in (("/broken", ORIGIN), ("/folder/", "*"), ("/folder/nothing", "*")):
        response = client(app).get(path, headers=FROM)
        assert response.headers.get_list("access-control-allow-origin") == [value]


def test_an_app_by_path_is_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.setattr("impl.install.CORSByPath", lambda app, policies: seen.append((app, policies)))
    app = starlette_app()
    install_cors(app, policies={})
    assert seen == [(app, {})]


# When it is refused


@each_app
def test_a_wrong_configuration_is_an_error_at_the_line_and_the_app_is_as_it_was(
    make: Callable[..., Any],
) -> None:
    app = make()
    before = dict(vars(app))
    with pytest.raises(CORSConfigError) as raised:
        install_cors(app, allow_origins="https://App.example/", max_age="600")  # type: ignore[arg-type]
    assert [problem.rule for problem in raised.value.problems] == ["A-CFG-2", "A-CFG-17"]
    assert vars(app) == before
    install_cors(app, allow_origins=[ORIGIN])
    assert is_shared(client(app).get("/", headers=FROM))


@each_app
def test_an_app_has_two_attributes_more(make: Callable[..., Any]) -> None:
    app = make()
    before = dict(vars(app))
    install_cors(app, allow_origins=[ORIGIN])
    added = {name: value for name, value in vars(app).items() if name not in before}
    assert added.pop("build_middleware_stack") != app.__class__.build_middleware_stack
    assert added == {"_has_installed_cors": True}


@each_app
def test_twice_is_an_error(make: Callable[..., Any]) -> None:
    app = make()
    install_cors(app, allow_origins=[ORIGIN])
    with pytest.raises(RuntimeError) as raised:
        install_cors(app, allow_origins=[UNLISTED])
    assert str(raised.value) == (
        "install_cors was already called for this app. Call it once, with the whole policy."
    )
    client(app).get("/")
    with pytest.raises(RuntimeError, match="already called"):
        install_cors(app, allow_origins=[ORIGIN])
    assert is_shared(client(app).get("/", headers=FROM))


@each_app
def test_after_the_stack_was_built_it_is_an_error(make: Callable[..., Any]) -> None:
    app = make()
    client(app).get("/")
    with pytest.raises(RuntimeError) as raised:
        install_cors(app, allow_origins=[ORIGIN])
    assert str(raised.value) == (
        "install_cors was called too late: the app has started, and built its middleware. "
        "Call it where the app is made, before its first request and its lifespan."
    )
    assert "access-control-allow-origin" not in client(app).get("/", headers=FROM).headers


@pytest.mark.parametrize(
    ("other", "described"),
    [
        (Flask("shop"), "an object of Flask"),
        (APIRouter(), "an object of APIRouter"),
        (Router(), "an object of Router"),
        (CORSMiddleware(Starlette(), [ORIGIN]), "an object of CORSMiddleware"),
        (None, "an object of NoneType"),
        (FastAPI, "the class fastapi.applications.FastAPI"),
    ],
)
def test_anything_but_an_app_of_these_frameworks_is_an_error(other: Any, described: str) -> None:
    with pytest.raises(TypeError) as raised:
        install_cors(other, allow_origins=[ORIGIN])
    assert str(raised.value) == (
        f"install_cors takes a Starlette or FastAPI app, and this is {described}. "
        "Wrap any other ASGI app, and serve the result: served = CORSMiddleware(app, …). "
        "Convert a WSGI app, such as one of Flask, first: a2wsgi.WSGIMiddleware(app)"
    )


class Own(CORSMiddleware):
    """A subclass."""


@pytest.mark.parametrize("more", [{"allow_origins": [ORIGIN]}, {"max_age": 0}])
def test_policies_beside_one_policy_are_an_error(more: dict[str, Any]) -> None:
    app = Starlette()
    with pytest.raises(TypeError) as raised:
        install_cors(app, policies={"/": {"allow_origins": [ORIGIN]}}, **more)
    assert str(raised.value) == (
        "install_cors takes the arguments of one policy, or policies. "
        "For both write the one policy as policies={'/': {…}, …}"
    )
    install_cors(app, policies={"/": {"allow_origins": [ORIGIN]}})


def test_a_middleware_of_ones_own_beside_policies_is_an_error() -> None:
    app = Starlette()
    with pytest.raises(TypeError) as raised:
        install_cors(app, policies={"/": {"allow_origins": [ORIGIN]}}, middleware=Own)
    assert str(raised.value) == (
        "install_cors takes a middleware of your own with one policy, not with policies. "
        "Mount an app for each prefix, and install Own in those where it decides."
    )
    install_cors(app, middleware=Own, allow_origins=[ORIGIN])


@pytest.mark.parametrize(
    ("middleware", "described"),
    [
        (StarletteMiddleware, "the class starlette.middleware.cors.CORSMiddleware"),
        (HTTPSRedirectMiddleware, "the class starlette.middleware.httpsredirect.HTTPSRedirectMiddleware"),
        (CORSByPath, "the class impl.by_path.CORSByPath"),
        (CORSMiddleware(Starlette(), [ORIGIN]), "an object of CORSMiddleware"),
        (None, "an object of NoneType"),
        ("CORSMiddleware", "an object of str"),
    ],
)
def test_a_middleware_that_is_none_of_ours_is_an_error(middleware: Any, described: str) -> None:
    app = Starlette()
    with pytest.raises(TypeError) as raised:
        install_cors(app, middleware=middleware, allow_origins=[ORIGIN])
    assert str(raised.value) == (
        "install_cors takes as middleware impl.CORSMiddleware or a subclass of it, and this is "
        f"{described}. Leave it out, or let your class inherit from impl.CORSMiddleware."
    )
    install_cors(app, allow_origins=[ORIGIN])


def test_an_argument_that_does_not_exist_is_an_error() -> None:
    app = starlette_app()
    with pytest.raises(TypeError, match="unexpected keyword argument 'allow_origin'"):
        install_cors(app, allow_origin=[ORIGIN])  # type: ignore[call-arg]
    install_cors(app, allow_origins=[ORIGIN])


def test_a_warning_names_the_line_that_installs() -> None:
    class Customers(CORSMiddleware):
        def __init__(self, *args: Any, **arguments: Any) -> None:
            super().__init__(*args, **arguments)
            seen.append(self.app)

    seen: list[Any] = []
    app = fastapi_app()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        install_cors(starlette_app())
        install_cors(app, middleware=Customers, allow_origins=[ORIGIN], max_age=100_000)
    assert seen == [app]  # a subclass that looks at the app sees it
    lines = Path(__file__).read_text().splitlines()
    assert [warning.category for warning in caught] == [CORSConfigWarning] * 2
    assert [warning.filename for warning in caught] == [__file__, __file__]
    assert [lines[warning.lineno - 1].strip() for warning in caught] == [
        "install_cors(starlette_app())",
        "install_cors(app, middleware=Customers, allow_origins=[ORIGIN], max_age=100_000)",
    ]


@pytest.mark.slow
@each_app
def test_a_server_serves_the_app_with_cors_around_it(make: Callable[..., Any]) -> None:
    app = make()
    install_cors(app, allow_origins=[ORIGIN])
    with running(app) as origin:
        response = httpx.get(f"{origin}/broken", headers=FROM)
    assert response.status_code == 500
    assert is_shared(response)
