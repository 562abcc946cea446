"""`CORSByPath`: a policy for each prefix, in any ASGI app, in Starlette and in FastAPI."""

from __future__ import annotations

import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket

from impl import Config, CORSByPath, CORSConfigError, CORSConfigWarning, install_cors
from tests.helpers.asgi import Recorder, call, drive, exchange, http_scope

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Starlette would rather have another HTTP client than the one installed
    from starlette.testclient import TestClient

APP, ANYONE = "https://app.example", "https://anyone.example"
POLICIES: dict[str, Any] = {
    "/": {"allow_origins": [APP], "allow_credentials": True, "allow_methods": ["PUT"]},
    "/public": {"allow_origins": ["*"]},
    "/public/admin": Config(allow_origins=(APP,)),
}


def allowed(app: Any, path: str, origin: str = APP, **scope: Any) -> str | None:
    """The Access-Control-Allow-Origin of a response; None if there is none."""
    lines = [(b"origin", origin.encode())]
    scope = {"raw_path": path.encode(), **scope}
    values = call(app, scope=http_scope("GET", lines, path, **scope)).values(b"access-control-allow-origin")
    assert len(values) < 2
    return values[0].decode() if values else None


@pytest.mark.parametrize(
    ("path", "mine", "anyones"),
    [
        ("/", APP, None),
        ("", APP, None),
        ("/items", APP, None),
        ("/publications", APP, None),
        ("/Public", APP, None),
        ("/public.html", APP, None),
        ("/items/public", APP, None),
        ("/public", "*", "*"),
        ("/public/", "*", "*"),
        ("/public/items/1/", "*", "*"),
        ("/public/administration", "*", "*"),
        ("/public/admin", APP, None),
        ("/public/admin/", APP, None),
        ("/public/admin/users/1", APP, None),
    ],
)
def test_the_longest_prefix_of_whole_segments_decides(
    path: str, mine: str | None, anyones: str | None
) -> None:
    app = CORSByPath(Recorder(), POLICIES)
    assert allowed(app, path) == mine
    assert allowed(app, path, ANYONE) == anyones


@pytest.mark.parametrize(
    ("path", "raw_path", "mine"),
    [
        ("/public/../admin", "/public/../admin", None),
        ("/public/../admin", "/public/%2e%2e/admin", None),
        ("/public/../admin", "/public%2F..%2Fadmin", None),
        ("/items/..", "/items/..", None),
        ("//public", "//public", None),
        ("/public//x", "/public//x", None),
        ("/public/items//x", "/public/items//x", "*"),
        ("/items//public", "/items//public", APP),
        ("/public/.", "/public/.", None),
        ("/public/admin/.", "/public/admin/.", APP),
        ("/./public", "/./public", None),
        ("/public\\admin", "/public%5Cadmin", None),
        ("/public/x/a\\b", "/public/x/a%5Cb", "*"),
        ("/public/admin", "/public%2Fadmin", None),
        ("/public/admin", "/public%2fadmin", None),
        ("/public/x/a/b", "/public/x/a%2Fb", "*"),
        ("/projects/group/name", "/projects/group%2Fname", APP),
        ("/public%2Fadmin", "/public%252Fadmin", None),
        ("/items/100%", "/items/100%25", APP),
        ("/100%", "/100%25", None),
        ("/public/...", "/public/...", "*"),
        ("/public/.well-known", "/public/.well-known", "*"),
        ("*", "*", None),
        ("http://a.example/public", "http://a.example/public", None),
    ],
)
def test_a_path_that_apps_read_differently_has_no_cors_where_a_longer_prefix_could_follow(
    path: str, raw_path: str, mine: str | None
) -> None:
    app = CORSByPath(Recorder(), POLICIES)
    assert allowed(app, path, raw_path=raw_path.encode()) == mine
    assert allowed(CORSByPath(Recorder(), {"/": POLICIES["/"]}), path, raw_path=raw_path.encode()) == APP


@pytest.mark.parametrize(
    ("root_path", "path", "raw_path", "mine"),
    [
        ("/api", "/api/public", None, "*"),
        ("/api", "/api/public", b"/api/public", "*"),
        ("/api", "/api", b"/api", APP),
        ("/api", "/api/", b"/api/", APP),
        ("/api", "/apis/public", b"/apis/public", APP),
        ("/api", "/public", b"/public", "*"),  # a proxy has taken it off
        ("/api", "/api/api/public", b"/api/api/public", APP),
        ("/api", "/api//public", b"/api//public", None),
        ("/api", "//api/public", b"//api/public", None),
        ("/api", "/api/public/admin", b"/api/public%2Fadmin", None),
        ("/api", "/api/public/x/a/b", b"/api/public/x/a%2Fb", "*"),
        ("/api", "/api/public/x/a/b", b"/public/x/a%2Fb", "*"),  # some servers put it in front of one alone
        ("/api", "/api/public/x/a/b", b"/elsewhere/x/a%2Fb/c", None),
        ("/api", "/api/public/x", b"/api%2Fpublic/x", None),
        ("/api/v1", "/api/v1/public", b"/api/v1/public", "*"),
        ("/api/", "/api/public", b"/api/public", APP),
        ("/public", "/public", b"/public", APP),
        ("/public", "/public/public", b"/public/public", "*"),
        ("/api", "/xyz/public", b"/xyz/public", APP),
        ("", "/public/x/abc", b"/zz/a%2Fb", None),  # somebody has changed one of them
        ("/", "/public", b"/public", "*"),
        ("", "/public", None, "*"),
        (None, "/public", b"/public", "*"),
        ("", "/public/x/a/b", b"/public/x/a%2Fb?c=%2Fd", "*"),
        ("", "/public", b"/public?back=%2F", "*"),
    ],
)
def test_root_path_is_taken_off_as_starlette_takes_it_off(
    root_path: str | None, path: str, raw_path: bytes | None, mine: str | None
) -> None:
    app = CORSByPath(Recorder(), POLICIES)
    assert allowed(app, path, raw_path=raw_path, root_path=root_path) == mine


def test_a_scope_without_root_path_and_raw_path_will_do() -> None:
    scope = http_scope("GET", [(b"origin", APP.encode())], "/public")
    del scope["root_path"], scope["raw_path"]
    result = call(CORSByPath(Recorder(), POLICIES), scope=scope)
    assert result.values(b"access-control-allow-origin") == [b"*"]


def test_preflights_are_answered_by_the_policy_of_their_path() -> None:
    app = Recorder()
    cors = CORSByPath(app, POLICIES)
    lines = [(b"origin", ANYONE.encode()), (b"access-control-request-method", b"GET")]
    assert [call(cors, "OPTIONS", lines, path).status for path in ("/", "/public")] == [400, 200]
    assert app.calls == []


def test_an_actual_request_reaches_the_app_as_it_came() -> None:
    app = Recorder()
    scope = http_scope("GET", [(b"origin", APP.encode())], "/public")
    result = call(CORSByPath(app, POLICIES), scope=scope)
    (seen,) = app.calls
    assert seen.scope is scope
    assert seen.receive is result.receive
    assert result.body == b""


def test_without_a_policy_the_app_responds_alone() -> None:
    app = Recorder(204, [(b"x-own", b"1")])
    cors = CORSByPath(app, {"/public": {"allow_origins": ["*"]}})
    scope = http_scope("OPTIONS", [(b"origin", b"null"), (b"access-control-request-method", b"GET")], "/x")
    result = call(cors, scope=scope)
    (seen,) = app.calls
    assert (seen.scope, seen.receive, seen.send) == (scope, result.receive, result.send)
    assert seen.scope is scope
    assert (result.status, result.headers) == (204, ((b"x-own", b"1"),))


@pytest.mark.parametrize("kind", ["websocket", "lifespan"])
def test_what_is_not_http_passes_untouched(kind: str) -> None:
    app = Recorder(messages=[])
    scope = {"type": kind}
    result = drive(exchange(CORSByPath(app, POLICIES), scope))
    (seen,) = app.calls
    assert (seen.scope, seen.receive, seen.send) == (scope, result.receive, result.send)


def test_two_origin_lines_are_read_by_each_policy_as_alone() -> None:
    lines = [(b"origin", APP.encode())] * 2
    for path, value in (("/", []), ("/public", [b"*"])):
        result = call(CORSByPath(Recorder(), POLICIES), "GET", lines, path)
        assert result.values(b"access-control-allow-origin") == value


def test_the_policies_can_be_read_and_not_changed() -> None:
    given: dict[str, Any] = {
        "/a": {"allow_origins": (each for each in [APP]), "max_age": 5},
        "/": Config((APP,)),
    }
    app = CORSByPath(Recorder(), given)
    given.clear()
    assert app.policies == {"/a": Config((APP,), max_age=5), "/": Config((APP,))}
    assert isinstance(app.policies, MappingProxyType)
    assert allowed(app, "/a") == APP


def test_pairs_are_as_good_as_a_mapping() -> None:
    app = CORSByPath(Recorder(), ((prefix, policy) for prefix, policy in POLICIES.items()))
    assert [*app.policies] == [*POLICIES]


def test_many_prefixes_are_found() -> None:
    policies = {
        "/" + "/".join("a" * depth): {"allow_origins": [f"https://a{depth}.example"]} for depth in range(9)
    }
    policies["/"] = policies.pop("/")
    app = CORSByPath(Recorder(), policies)
    for depth in range(9):
        assert allowed(app, "/" + "a/" * depth + "b", f"https://a{depth}.example") is not None


# In Starlette and FastAPI


async def items(request: Request) -> Response:
    return PlainTextResponse("items")


async def fail(request: Request) -> Response:
    raise RuntimeError("unhandled")


def routes() -> list[Any]:
    inside = [Route("/items", items), Route("/broken", fail)]
    return [Mount("/public", routes=inside), *inside]


def with_install(**more: Any) -> Any:
    app = FastAPI(routes=routes(), **more)
    install_cors(app, policies=POLICIES)
    return app


def with_add_middleware(**more: Any) -> Any:
    app = Starlette(routes=routes(), **more)
    app.add_middleware(CORSByPath, policies=POLICIES)
    return app


def in_the_list(**more: Any) -> Any:
    return Starlette(routes=routes(), middleware=[Middleware(CORSByPath, policies=POLICIES)], **more)


def wrapped(**more: Any) -> Any:
    return CORSByPath(Starlette(routes=routes(), **more), POLICIES)


@pytest.mark.parametrize("make", [with_install, with_add_middleware, in_the_list, wrapped])
def test_it_is_put_around_an_app_in_every_way(make: Callable[..., Any]) -> None:
    client = TestClient(make())
    for path, mine, anyones in (("/items", APP, None), ("/public/items", "*", "*"), ("/nowhere", APP, None)):
        for origin, value in ((APP, mine), (ANYONE, anyones)):
            headers = client.get(path, headers={"Origin": origin}).headers
            assert headers.get("access-control-allow-origin") == value
            assert headers["vary"] == "Origin"


def test_installed_it_reaches_the_500_of_an_exception() -> None:
    client = TestClient(with_install(), raise_server_exceptions=False)
    for path, value in (("/broken", APP), ("/public/broken", "*")):
        response = client.get(path, headers={"Origin": APP})
        assert response.status_code == 500
        assert response.headers["access-control-allow-origin"] == value


@pytest.mark.parametrize("root_path", ["", "/api"])
@pytest.mark.parametrize("mounted", ["", "/v1"])
def test_prefixes_are_those_of_the_app_wherever_it_is(root_path: str, mounted: str) -> None:
    app = with_install()
    outer = Starlette(routes=[Mount(mounted, app)]) if mounted else app
    client = TestClient(outer, root_path=root_path)
    for path, value in (("/items", None), ("/public/items", "*")):
        response = client.get(root_path + mounted + path, headers={"Origin": ANYONE})
        assert response.text == "items"
        assert response.headers.get("access-control-allow-origin") == value


def test_the_root_path_of_a_fastapi_app_is_taken_off() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # newer ones would rather have it in the server
        app = FastAPI(root_path="/api", routes=[Route("/public/items", items)])
    install_cors(app, policies=POLICIES)
    for path in ("/public/items", "/api/public/items"):
        response = TestClient(app).get(path, headers={"Origin": ANYONE})
        assert (response.text, response.headers["access-control-allow-origin"]) == ("items", "*")


def test_websockets_and_the_lifespan_work() -> None:
    events = []

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[None]:
        events.append("up")
        yield

    async def hello(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text("hello")
        await socket.close()

    app = with_install(lifespan=lifespan)
    app.router.routes.append(WebSocketRoute("/socket", hello))
    with TestClient(app) as client, client.websocket_connect("/socket") as socket:
        assert socket.receive_text() == "hello"
    assert events == ["up"]


# As they are sent; some are read alike by every application, some are not.
SENT = (
    "/", "/public/", "/public/admin/x", "/public/x", "/admin%2Fx", "/public%2Fadmin/x", "/public//admin",
    "//admin", "/x%2Fadmin", "/public/%2e%2e/admin", "/admin/%2e%2e", "/Admin", "/publications",
    "/admin/public/admin", "/public/x%2F..%2Fadmin", "/%61dmin/", "/public/admin%2F",
)  # fmt: skip


def test_starlette_routes_a_path_where_its_policy_is() -> None:
    """The prefix whose policy a response has is the one whose mount has answered."""
    prefixes = ("/public/admin", "/public", "/admin")

    def named(prefix: str) -> Any:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            await PlainTextResponse(prefix)(scope, receive, send)

        return app

    app = Starlette(routes=[Mount(prefix, named(prefix)) for prefix in (*prefixes, "")])
    install_cors(
        app,
        policies={
            prefix or "/": {"allow_origins": [APP], "expose_headers": ["X" + prefix.replace("/", "-")]}
            for prefix in (*prefixes, "")
        },
    )
    client = TestClient(app)
    with_policy = 0
    for path in SENT:
        response = client.get(path, headers={"Origin": APP})
        exposed = response.headers.get("access-control-expose-headers")
        if exposed is not None:
            assert exposed == "X" + response.text.replace("/", "-"), path
            with_policy += 1
    assert 6 <= with_policy < len(SENT)


# When it is refused


def test_a_wrong_configuration_is_an_error_at_the_line_that_installs() -> None:
    app = Starlette()
    with pytest.raises(CORSConfigError, match=r"policies\['/a'\]\['max_age'\] = '5'") as raised:
        install_cors(app, policies={"/a": {"allow_origins": [APP], "max_age": "5"}})
    assert raised.value.corrected is None
    install_cors(app, policies={"/a": {"allow_origins": [APP], "max_age": 5}})


def test_a_warning_names_the_line_that_constructs() -> None:
    class Derived(CORSByPath):
        def __init__(self, app: Any, policies: Any) -> None:
            super().__init__(app, policies)

    risky = {"/": {"allow_origins": ["null"]}}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        CORSByPath(Recorder(), risky)
        Derived(Recorder(), risky)
        install_cors(Starlette(), policies=risky)
    lines = Path(__file__).read_text().splitlines()
    assert [warning.category for warning in caught] == [CORSConfigWarning] * 3
    assert [warning.filename for warning in caught] == [__file__] * 3
    assert [lines[warning.lineno - 1].strip() for warning in caught] == [
        "CORSByPath(Recorder(), risky)",
        "Derived(Recorder(), risky)",
        "install_cors(Starlette(), policies=risky)",
    ]
