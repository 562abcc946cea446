"""T-17 overrides: a response is shared with an origin if and only if an override said `True` of it.

The override may be plain or async, return awaitables of any kind, any odd value, or raise. It is asked once
for each request with one Origin that could be one; what it raises reaches the caller, and nothing is sent.
"""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Callable, Generator
from decimal import Decimal
from functools import partial
from inspect import isawaitable
from types import coroutine
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl import CORSConfigWarning, CORSMiddleware
from spec.config import Config
from spec.http import Request, Response
from spec.origin import is_origin_shaped
from spec.policy import has_origin, is_preflight
from tests.helpers.asgi import Recorder, exchange, http_scope, interleave, pause
from tests.helpers.thresholds import hit, thresholds
from tests.theorems.serving import CORS_HEADERS, cases

Verdict = Callable[[], Any]


class Truthy:
    """Counts as true, and equals everything."""

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = object.__hash__


class Waiting:
    """An awaitable that is no coroutine."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __await__(self) -> Generator[None, None, object]:
        yield
        return self.value


async def pausing(value: object) -> object:
    await pause()
    return value


@coroutine
def of_old(value: object) -> Generator[None, None, object]:
    yield
    return value


async def async_generator() -> Any:
    yield True


class Broken(Exception):
    """What an override raises."""


def raising(error: BaseException) -> Any:
    raise error


async def raising_later(error: BaseException) -> Any:
    await pause()
    raise error


ODD: tuple[Any, ...] = (
    False, None, 1, 0, 1.0, "true", "no", "", b"1", [True], (True,), {"allowed": True}, NotImplemented, ...,
    object(), Decimal(1), Truthy(), bool, lambda: True, "https://example.com",
)  # fmt: skip
"""Nothing of this is `True`."""

REFUSING: tuple[Verdict, ...] = (
    *(partial(lambda value: value, value) for value in ODD),
    *(partial(pausing, value) for value in ODD),
    lambda: Waiting(1),
    lambda: of_old("yes"),
    lambda: (True for _ in "x"),
    lambda: iter([True]),
    async_generator,
    lambda: pausing(Waiting(True)),  # awaited once
)
ALLOWING: tuple[Verdict, ...] = (
    lambda: True,
    partial(pausing, True),
    lambda: Waiting(True),
    lambda: of_old(True),
)
ERRORS = (Broken("x"), KeyError("x"), asyncio.CancelledError(), SystemExit(3), StopAsyncIteration())
RAISING: tuple[Verdict, ...] = tuple(
    partial(how, error) for how in (raising, raising_later) for error in ERRORS
)
VERDICTS = st.sampled_from((*ALLOWING * 6, *REFUSING, *RAISING * 2))


def overriding(
    config: Config, verdict: Verdict, is_async: bool
) -> tuple[CORSMiddleware, Recorder, list[Any]]:
    """A middleware whose override has this verdict, the app behind it, and what the override was asked."""
    questions: list[Any] = []

    class Plain(CORSMiddleware):
        def is_allowed_origin(self, *positional: Any, **named: Any) -> Any:
            questions.append((positional, named))
            return verdict()

    class Async(CORSMiddleware):
        async def is_allowed_origin(self, *positional: Any, **named: Any) -> Any:
            questions.append((positional, named))
            found = verdict()
            return await found if isawaitable(found) else found

    app = Recorder()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CORSConfigWarning)
        middleware = (Async if is_async else Plain)(app, **vars(config))
    return middleware, app, questions


def is_asked(config: Config, request: Request) -> bool:
    """Whether A.2 has the override asked about this request."""
    values = request.lines("origin")
    if len(values) != 1:
        return False
    text = values[0].decode("latin-1")
    return text == "null" or text in set(config.allow_origins) - {"*"} or is_origin_shaped(values[0])


def send(
    middleware: CORSMiddleware, app: Recorder, request: Request, app_response: Response
) -> tuple[list[Any], BaseException | None]:
    """The messages that were sent, and what was raised."""
    app.status, app.headers, app.body = app_response.status, app_response.headers, app_response.body
    messages: list[Any] = []
    scope = http_scope(request.method, request.headers, request.path)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def collect(message: Any) -> None:
        messages.append(message)

    async def run() -> BaseException | None:
        try:
            await middleware(scope, receive, collect)
        except BaseException as error:
            return error
        return None

    (error,) = interleave([run()])
    return messages, error


@pytest.mark.slow
@pytest.mark.mutation
@thresholds(asked=0.4, allowed=0.1, raised=0.05, refused=0.15, preflight=0.25)
@given(cases, VERDICTS, st.booleans())
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
def test_a_response_is_shared_if_and_only_if_the_override_said_true(
    case: tuple[Config, Request, Response], verdict: Verdict, is_async: bool
) -> None:
    config, request, app_response = case
    middleware, app, questions = overriding(config, verdict, is_async)
    messages, error = send(middleware, app, request, app_response)
    says_true = verdict in ALLOWING
    asked = is_asked(config, request)
    hit(
        asked=asked,
        allowed=asked and says_true,
        raised=asked and verdict in RAISING,
        refused=asked and verdict in REFUSING,
        preflight=is_preflight(request),
    )
    origins = request.lines("origin")
    expected = [((), {"origin": origins[0].decode("latin-1")})] if asked else []
    assert questions == expected
    if asked and verdict in RAISING:
        assert error is not None and type(error) in {type(each) for each in ERRORS}
        assert (messages, app.calls) == ([], [])
        return
    assert error is None
    assert len(app.calls) == (0 if is_preflight(request) else 1)
    start = messages[0]
    allow_origin = [
        value for name, value in start["headers"] if name.lower() == b"access-control-allow-origin"
    ]
    if asked and says_true:
        assert allow_origin == [b"*" if "*" in config.allow_origins else origins[0]]
    elif is_preflight(request):
        assert start["status"] == 400
        assert not {name for name, _ in start["headers"]} & CORS_HEADERS
    else:  # what the application says for itself passes
        assert allow_origin == app_response.lines("access-control-allow-origin")
    assert has_origin(request) or not asked


def test_every_verdict_on_a_preflight_and_on_a_request_with_credentials() -> None:
    config = Config(allow_origins=("https://listed.example",), allow_credentials=True)
    stranger = (b"origin", b"https://stranger.example")
    requests = (
        Request("GET", (stranger,)),
        Request("OPTIONS", (stranger, (b"access-control-request-method", b"GET"))),
    )
    tried = 0
    for verdict in (*REFUSING, *ALLOWING):
        for request in requests:
            middleware, app, questions = overriding(config, verdict, is_async=False)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)  # what is awaited once may hold what never is
                messages, error = send(middleware, app, request, Response(200, ()))
            shared = dict(messages[0]["headers"])
            expected = b"https://stranger.example" if verdict in ALLOWING else None
            assert shared.get(b"access-control-allow-origin") == expected
            assert shared.get(b"access-control-allow-credentials") == (expected and b"true")
            assert (error, len(questions)) == (None, 1)
            tried += 1
    assert tried == 2 * len((*REFUSING, *ALLOWING))


def test_the_app_runs_after_the_verdict() -> None:
    order: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        order.append("app")
        await send({"type": "http.response.start", "status": 200, "headers": []})

    class Slow(CORSMiddleware):
        async def is_allowed_origin(self, origin: str) -> bool:
            order.append("asked")
            await asyncio.sleep(0)
            order.append("decided")
            return True

    middleware = Slow(app, allow_origins=["https://a.example"])
    asyncio.run(exchange(middleware, http_scope(headers=[(b"origin", b"https://b.example")])))
    assert order == ["asked", "decided", "app"]
