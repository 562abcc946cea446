"""T-12 totality: a configuration that constructs raises on no request, and writes only valid field lines."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl import CORSConfigError
from spec import strategies
from spec.config import Config
from spec.generate.near_miss_methods_and_headers import (
    header_list_breakers,
    header_list_floods,
    method_near_misses,
)
from spec.generate.near_miss_origins import near_misses
from spec.http import Headers, Request, Response, is_token
from spec.rules.judge import errors
from tests.helpers.thresholds import hit, thresholds
from tests.theorems.serving import answer, answering_app, is_preflight, protect, serve

# https://www.rfc-editor.org/rfc/rfc9110#section-5.5: visible characters and bytes above, blanks only inside.
VALUE = re.compile(rb"(?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?")


def written(response: Response, app_response: Response) -> Headers:
    """The lines of an answer that are not the app's."""
    return tuple(line for line in response.headers if line not in app_response.headers)


def check_lines(lines: Headers) -> None:
    for name, value in lines:
        assert is_token(name), name
        assert VALUE.fullmatch(value), (name, value)


any_cases = strategies.configs().flatmap(
    lambda config: st.tuples(
        st.just(config),
        st.one_of(strategies.requests(config), strategies.any_requests()),
        strategies.app_responses(),
    )
)


@pytest.mark.slow
@thresholds(preflight=0.05, odd_bytes=0.05, wrote=0.3)
@given(any_cases)
def test_every_line_that_is_written_is_valid(case: tuple[Config, Request, Response]) -> None:
    config, request, app_response = case
    found = answer(config, request, app_response)
    lines = written(found, app_response)
    hit(
        preflight=is_preflight(request),
        odd_bytes=any(not VALUE.fullmatch(value) for _, value in request.headers),
        wrote=bool(lines),
    )
    check_lines(lines)


@pytest.mark.slow
@given(strategies.configs(), st.binary(max_size=600), st.binary(max_size=60), st.binary(max_size=60))
def test_any_bytes_may_be_asked_with(config: Config, origin: bytes, method: bytes, headers: bytes) -> None:
    lines = (
        (b"origin", origin),
        (b"access-control-request-method", method),
        (b"access-control-request-headers", headers),
        (b"access-control-request-private-network", method),
    )
    for verb in ("OPTIONS", "GET"):
        check_lines(answer(config, Request(verb, lines), Response(200, ())).headers)


@pytest.mark.slow
@pytest.mark.parametrize("credentials", [False, True])
def test_no_near_miss_raises_or_slips_into_a_line(credentials: bool) -> None:
    config = Config((), ("*",), ("*",), credentials, "(?s).*", True, ("X",))
    app = protect(answering_app, config)
    for near_miss in near_misses("https://app.example.com", ["http://localhost:3000"]):
        for method in ("GET", "OPTIONS"):
            lines = [(b"origin", value) for value in near_miss.lines]
            request = Request(method, (*lines, (b"access-control-request-method", b"GET")))
            check_lines(serve(app, request, Response(200, ())).headers)
    asked = [((b"PUT",), lists) for lists in (*header_list_breakers(["x-a"]), *header_list_floods(["x-a"]))]
    for methods, headers in [*asked, *((lines, (b"x-a",)) for lines in method_near_misses("PUT"))]:
        fields = [(b"access-control-request-method", value) for value in methods]
        fields += [(b"access-control-request-headers", value) for value in headers]
        request = Request("OPTIONS", ((b"origin", b"https://app.example.com"), *fields))
        check_lines(serve(app, request, Response(200, ())).headers)


@thresholds(constructs=0.05, refused=0.2)
@given(st.one_of(strategies.configs(), strategies.bad_configs()), strategies.any_requests())
def test_a_configuration_is_refused_or_answers(config: Config, request: Request) -> None:
    try:
        app = protect(answering_app, config)
    except CORSConfigError:
        hit(refused=True)
        assert errors(config)
        return
    hit(constructs=True)
    assert not errors(config)
    assert app.config is app.config
    check_lines(answer(config, request, Response(200, ())).headers)
