"""T-10 transparency: on actual answers all but the CORS headers and Vary is as the app sent it.

For requests without Origin, and for origins that are refused, all but Vary.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec import strategies
from spec.config import Config
from spec.http import Headers, Request, Response
from spec.policy import request_origin_is_allowed
from tests.helpers.asgi import Message, Recorder, call, drive, exchange, http_scope
from tests.helpers.thresholds import hit, thresholds
from tests.theorems.serving import cases, is_preflight, protect

# What the middleware may write on an answer that is no preflight's.
EDITED = frozenset(
    {
        b"access-control-allow-origin",
        b"access-control-allow-credentials",
        b"access-control-expose-headers",
        b"vary",
    }
)


def without(headers: Headers, edited: frozenset[bytes]) -> Headers:
    """The lines of other names, in order and spelling as they are."""
    return tuple(line for line in headers if line[0].lower() not in edited)


@pytest.mark.slow
@thresholds(shared=0.1, refused=0.05, no_origin=0.02, own_headers=0.05)
@given(cases)
def test_other_lines_keep_their_order_and_spelling(case: tuple[Config, Request, Response]) -> None:
    config, request, app_response = case
    if is_preflight(request):
        return
    allowed = request_origin_is_allowed(config, request)
    hit(
        shared=allowed,
        refused=bool(request.lines("origin")) and not allowed,
        no_origin=not request.lines("origin"),
        own_headers=without(app_response.headers, EDITED) != app_response.headers,
    )
    app = Recorder(app_response.status, app_response.headers, app_response.body)
    found = call(protect(app, config), request.method, request.headers, request.path)
    edited = EDITED if allowed else frozenset({b"vary"})
    assert without(found.headers, edited) == without(app_response.headers, edited)
    assert (found.status, found.body) == (app_response.status, app_response.body)


def streamed(headers: Headers) -> list[Message]:
    """The messages of a long answer: hints before it, pieces, trailers, and extensions nobody knows."""
    return [
        {"type": "http.response.early_hint", "links": [b"</style.css>; rel=preload"]},
        {
            "type": "http.response.start",
            "status": 206,
            "headers": list(headers),
            "trailers": True,
            "x": object(),
        },
        {"type": "http.response.body", "body": b"one", "more_body": True},
        {"type": "http.response.pathsend", "path": "/file"},
        {"type": "http.response.body", "body": b"two", "more_body": True},
        {"type": "http.response.body"},
        {
            "type": "http.response.trailers",
            "headers": [(b"vary", b"x"), (b"access-control-allow-origin", b"x")],
        },
        {"type": "unheard-of", "headers": [(b"vary", b"x")]},
    ]


def actual_requests(config: Config) -> st.SearchStrategy[Request]:
    """Requests near this configuration that reach the app."""
    return strategies.requests(config).filter(lambda request: not is_preflight(request))


actual_cases = strategies.configs().flatmap(
    lambda config: st.tuples(st.just(config), actual_requests(config), strategies.app_responses())
)


@pytest.mark.slow
@given(actual_cases)
def test_other_messages_pass_as_they_are_and_in_order(case: tuple[Config, Request, Response]) -> None:
    config, request, app_response = case
    sent = streamed(app_response.headers)
    copies = [dict(message) for message in sent]
    found = call(protect(Recorder(messages=sent), config), request.method, request.headers)
    assert len(found.messages) == len(sent)
    for before, after in zip(sent, found.messages, strict=True):
        if before["type"] == "http.response.start":
            assert {**after, "headers": None} == {**before, "headers": None}
        else:
            assert after is before
    assert [dict(message) for message in sent] == copies


def _as_lists(headers: Headers) -> object:
    return [list(line) for line in headers]


def _as_generator(headers: Headers) -> object:
    return (line for line in headers)


@pytest.mark.slow
@pytest.mark.parametrize("shape", [list, tuple, _as_lists, _as_generator])
@given(actual_cases)
def test_header_lines_may_come_in_any_iterable(
    shape: Callable[[Headers], object], case: tuple[Config, Request, Response]
) -> None:
    config, request, app_response = case
    start = {"type": "http.response.start", "status": 200, "headers": shape(app_response.headers)}
    body = {"type": "http.response.body", "body": b""}
    found = call(protect(Recorder(messages=[start, body]), config), request.method, request.headers)
    plain = call(
        protect(Recorder(200, app_response.headers), config),
        request.method,
        request.headers,
    )
    assert found.headers == plain.headers


@pytest.mark.slow
@given(actual_cases)
def test_what_the_app_may_keep_is_not_changed(case: tuple[Config, Request, Response]) -> None:
    """A cached answer goes to one client after the other: what it says to the first must not stay in it."""
    config, request, app_response = case
    headers = list(app_response.headers)
    start = {"type": "http.response.start", "status": 200, "headers": headers}
    app = protect(Recorder(messages=[start, {"type": "http.response.body", "body": b""}]), config)
    first = call(app, request.method, request.headers)
    assert headers == list(app_response.headers)
    assert start == {"type": "http.response.start", "status": 200, "headers": headers}
    assert call(app, request.method, request.headers).headers == first.headers


@pytest.mark.slow
@given(actual_cases)
def test_an_answer_without_header_lines_is_one_with_none(case: tuple[Config, Request, Response]) -> None:
    config, request, _ = case
    messages: list[Message] = [
        {"type": "http.response.start", "status": 200},
        {"type": "http.response.body", "body": b""},
    ]
    found = call(protect(Recorder(messages=messages), config), request.method, request.headers)
    empty = call(protect(Recorder(200, ()), config), request.method, request.headers)
    assert found.headers == empty.headers


@pytest.mark.slow
@given(actual_cases, st.sampled_from([ValueError("the app's own"), KeyboardInterrupt(), GeneratorExit()]))
def test_what_the_app_raises_is_not_swallowed(
    case: tuple[Config, Request, Response], error: BaseException
) -> None:
    config, request, app_response = case
    before_and_after_the_answer: tuple[list[Message] | None, ...] = ([], None)
    for messages in before_and_after_the_answer:
        app = Recorder(200, app_response.headers, messages=messages, error=error)
        with pytest.raises(type(error)) as raised:
            drive(exchange(protect(app, config), http_scope(request.method, request.headers)))
        assert raised.value is error
