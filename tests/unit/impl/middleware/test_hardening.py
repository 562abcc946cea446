"""Nothing that a client sends, or a careless app answers, makes the middleware raise or write nonsense."""

from __future__ import annotations

import inspect
import re
import time
import warnings
from collections.abc import Iterator
from dataclasses import FrozenInstanceError
from itertools import product
from typing import Any

import pytest
from starlette.middleware.cors import CORSMiddleware as StarletteMiddleware

import impl
from impl import CORSConfigWarning, CORSMiddleware
from tests.helpers.asgi import Recorder, call, http_scope
from tests.unit.impl.cases import ORIGIN, UNLISTED, advice, preflight

CONFIGURATIONS: list[dict[str, Any]] = [
    {"allow_origins": [ORIGIN.decode()]},
    {"allow_origins": ["*"], "allow_headers": ["*"], "allow_methods": ["*"]},
    {
        "allow_origin_regex": r"https://[a-z\s]+\.a\.example",
        "allow_headers": ["*"],
        "allow_credentials": True,
    },
]
ODD_VALUES = [
    b"",
    b"\xff\xfe",
    b"\r\n",
    b"a\r\nset-cookie: a=b",
    b"\x00",
    b"https://a.example\n",
    b"https://a.example\r\nx: y",
    "https://bücher.example".encode(),
    b"A" * 1_000_000,
    b"https://" + b"a" * 1_000_000 + b".example",
    b"," * 1_000_000,
]
NAMES = (
    b"origin",
    b"access-control-request-method",
    b"access-control-request-headers",
    b"access-control-request-private-network",
)


@pytest.mark.parametrize("arguments", CONFIGURATIONS)
def test_odd_request_headers_neither_raise_nor_come_back(arguments: dict[str, Any]) -> None:
    middleware = CORSMiddleware(Recorder(), **arguments)
    for method, name, value, doubled in product(("GET", "OPTIONS"), NAMES, ODD_VALUES, (False, True)):
        lines = [line for line in preflight() if line[0] != name or doubled]
        result = call(middleware, method, [*lines, (name, value)])
        for line in result.headers:
            assert not re.search(rb"[\x00\r\n\x80-\xff]", b"".join(line))
            assert len(line[1]) < 1_000


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
@pytest.mark.parametrize("name", NAMES)
def test_a_line_of_many_takes_as_long_as_one_of_few(name: bytes, method: str) -> None:
    middleware = CORSMiddleware(Recorder(), [ORIGIN.decode()])
    started = time.process_time()
    call(middleware, method, [*preflight(), *[(name, b"a")] * 50_000])
    assert (
        time.process_time() - started < 0.5
    )  # some milliseconds are usual; seconds, if each line copies all


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_a_scope_without_headers_has_none(method: str) -> None:
    middleware = CORSMiddleware(Recorder(), [ORIGIN.decode()])
    assert call(middleware, scope={"type": "http", "method": method}).headers == ((b"vary", b"Origin"),)
    assert call(middleware, scope={"type": "http", "method": method, "headers": None}).status == 200


def test_request_headers_may_be_any_sequence_of_pairs() -> None:
    middleware = CORSMiddleware(Recorder(), [ORIGIN.decode()])
    for headers in (tuple(preflight()), [list(line) for line in preflight()]):
        for method in ("GET", "OPTIONS"):
            result = call(middleware, scope={"type": "http", "method": method, "headers": headers})
            assert result.values(b"access-control-allow-origin") == [ORIGIN]


def test_upper_case_request_names_do_no_harm() -> None:
    app = Recorder()
    headers = [(name.upper(), value) for name, value in preflight()]
    result = call(CORSMiddleware(app, [ORIGIN.decode()]), "OPTIONS", headers)
    assert result.headers == ((b"vary", b"Origin"),)
    assert len(app.calls) == 1


def generated(lines: list[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    yield from lines


@pytest.mark.parametrize("headers", [[], [(b"origin", ORIGIN)], [(b"origin", UNLISTED)]])
@pytest.mark.parametrize("lines", [[], [(b"x-a", b"1"), (b"VARY", b"accept")]])
def test_the_app_may_give_its_headers_in_any_form(
    headers: list[tuple[bytes, bytes]], lines: list[tuple[bytes, bytes]]
) -> None:
    forms: list[Any] = [lines, tuple(lines), generated(lines), [list(line) for line in lines]]
    messages: list[dict[str, Any]] = [
        {"type": "http.response.start", "status": 200, "headers": form} for form in forms
    ]
    if not lines:
        messages += [
            {"type": "http.response.start", "status": 200, "headers": None},
            {"type": "http.response.start", "status": 200},
        ]
    expected = call(CORSMiddleware(Recorder(200, lines), [ORIGIN.decode()]), "GET", headers).headers
    for message in messages:
        middleware = CORSMiddleware(Recorder(messages=[message]), [ORIGIN.decode()])
        assert call(middleware, "GET", headers).headers == expected


def test_the_arguments_are_read_once_and_then_forgotten() -> None:
    origins, methods = [ORIGIN.decode()], {"PUT"}
    middleware = CORSMiddleware(
        Recorder(), origins, methods, (name for name in ("X-A", "X-B")), expose_headers={"X-C": 1}
    )
    origins.append(UNLISTED.decode())
    methods.clear()
    assert middleware.config == impl.Config(
        allow_origins=(ORIGIN.decode(),),
        allow_methods=("PUT",),
        allow_headers=("X-A", "X-B"),
        expose_headers=("X-C",),
    )
    assert call(middleware, "GET", [(b"origin", UNLISTED)]).headers == ((b"vary", b"Origin"),)
    result = call(
        middleware, "OPTIONS", preflight((b"access-control-request-headers", b"x-a,x-b"), method=b"PUT")
    )
    assert result.status == 200


def test_the_configuration_is_frozen_and_keeps_the_regex_as_given() -> None:
    pattern = re.compile(r"HTTPS://a\.example", re.IGNORECASE)
    middleware = CORSMiddleware(Recorder(), allow_origin_regex=pattern)
    assert middleware.config.allow_origin_regex is pattern
    assert middleware.is_allowed_origin("https://a.example")
    assert CORSMiddleware(Recorder(), allow_origin_regex="https://a").config.allow_origin_regex == "https://a"
    with pytest.raises(FrozenInstanceError):
        middleware.config.max_age = 1  # type: ignore[misc]  # the very assignment that must fail
    with pytest.raises(AttributeError):
        middleware.config = impl.Config()  # type: ignore[misc]  # likewise


def test_the_defaults_allow_no_origin() -> None:
    with pytest.warns(CORSConfigWarning, match="A-CFG-27"):
        middleware = CORSMiddleware(Recorder())
    assert middleware.config == impl.Config()
    assert call(middleware, "GET", [(b"origin", ORIGIN)]).headers == ((b"vary", b"Origin"),)


def test_parameters_are_those_of_starlette() -> None:
    def parameters(function: Any) -> list[tuple[str, Any, Any]]:
        signature = inspect.signature(function)
        return [(one.name, one.kind, one.default) for one in signature.parameters.values()]

    assert parameters(CORSMiddleware.__init__) == parameters(StarletteMiddleware.__init__)
    assert [one[::2] for one in parameters(impl.Config)] == [
        one[::2] for one in parameters(CORSMiddleware)[1:]
    ]


def test_servers_can_tell_the_middleware_for_asgi_3() -> None:
    assert inspect.iscoroutinefunction(CORSMiddleware.__call__)


def test_the_public_names() -> None:
    everything: dict[str, object] = {}
    exec("from impl import *", everything)
    assert sorted(everything.keys() - {"__builtins__"}) == [
        "CORSByPath",
        "CORSConfigError",
        "CORSConfigWarning",
        "CORSMiddleware",
        "Config",
        "Problem",
        "install_cors",
    ]


def test_str_subclasses_and_long_lists_are_fine() -> None:
    class Name(str):
        __slots__ = ()

    assert advice(allow_origins=[Name("https://a.example")], allow_headers=[Name("X-A")]) == []
    assert advice(allow_origins=[f"https://a{number}.example" for number in range(2_000)]) == []


def test_header_lines_that_can_be_read_once_reach_the_app_too() -> None:
    lines = [(b"origin", b"https://app.example.com"), (b"x-token", b"1")]
    app = Recorder()
    scope = http_scope("GET")
    scope["headers"] = iter(lines)
    result = call(CORSMiddleware(app, allow_origins=["https://app.example.com"]), scope=scope)
    assert result.values(b"access-control-allow-origin") == [b"https://app.example.com"]
    assert list(app.calls[0].scope["headers"]) == lines


def test_a_regex_that_will_mean_something_else_one_day_is_taken_as_it_is_today() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        middleware = CORSMiddleware(Recorder(), allow_origin_regex=r"https://[[a]\.example\.org")
    assert middleware.is_allowed_origin("https://[.example.org")
