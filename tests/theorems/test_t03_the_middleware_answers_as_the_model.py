"""T-3 conformance: status, header lines, body and what reaches the app are the model's."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.server import respond, respond_by_path
from spec import strategies
from spec.config import Config
from spec.generate.near_miss_methods_and_headers import (
    header_list_breakers,
    header_list_floods,
    header_list_forms,
    method_near_misses,
)
from spec.generate.near_miss_origins import near_misses
from spec.generate.vocabulary import Lines
from spec.http import Request, Response
from spec.paths import certain_segments, is_prefix, policy_of, segments_of
from tests.helpers.asgi import Recorder, call, drive, exchange, http_scope
from tests.helpers.paths import PLAIN, TRICKY, readings, sent_to
from tests.helpers.thresholds import hit, thresholds
from tests.theorems.serving import APP_RESPONSE as SENT
from tests.theorems.serving import (
    answer,
    answering_app,
    cases,
    comparable,
    is_preflight,
    is_shared,
    protect,
    protect_by_path,
    response_of,
    serve,
)

APP_RESPONSE = Response(200, ((b"content-type", b"text/plain"), (b"Vary", b"Accept")), b"hello")


@pytest.mark.slow
@pytest.mark.mutation
@thresholds(
    allowed_preflight=0.05,
    refused_preflight=0.1,
    shared=0.1,
    unshared=0.05,
    no_origin=0.02,
    own_headers=0.02,
    private_network=0.01,
)
@given(cases)
def test_the_middleware_answers_near_its_configuration_as_the_model(
    case: tuple[Config, Request, Response],
) -> None:
    config, request, app_response = case
    expected = respond(config, request, app_response)
    found = answer(config, request, app_response)
    preflight = is_preflight(request)
    hit(
        allowed_preflight=preflight and expected.status == 200,
        refused_preflight=preflight and expected.status == 400,
        shared=not preflight and is_shared(expected),
        unshared=not preflight and not is_shared(expected),
        no_origin=not request.lines("origin"),
        own_headers=not preflight and is_shared(app_response),
        private_network=bool(expected.lines("access-control-allow-private-network")),
    )
    assert comparable(found) == comparable(expected)


@thresholds(preflight=0.01, shared=0.01)
@given(strategies.configs(), strategies.any_requests(), strategies.app_responses())
def test_the_middleware_answers_anything_as_the_model(
    config: Config, request: Request, app_response: Response
) -> None:
    expected = respond(config, request, app_response)
    hit(preflight=is_preflight(request), shared=is_shared(expected))
    assert comparable(answer(config, request, app_response)) == comparable(expected)


@pytest.mark.slow
@pytest.mark.mutation
@thresholds(preflight=0.1, actual=0.1)
@given(cases)
def test_the_app_is_asked_once_with_what_it_would_have_seen_and_never_on_a_preflight(
    case: tuple[Config, Request, Response],
) -> None:
    config, request, app_response = case
    app = Recorder(app_response.status, app_response.headers, app_response.body)
    scope = http_scope(request.method, request.headers, request.path)
    before = dict(scope, headers=list(scope["headers"]))
    result = call(protect(app, config), scope=scope)
    hit(preflight=is_preflight(request), actual=not is_preflight(request))
    assert scope == before
    if is_preflight(request):
        assert app.calls == []
    else:
        (seen,) = app.calls
        assert seen.scope is scope
        assert seen.receive is result.receive


@pytest.mark.slow
@pytest.mark.mutation
@given(cases)
def test_a_slow_client_and_a_slow_app_get_the_same_answer(case: tuple[Config, Request, Response]) -> None:
    config, request, app_response = case
    app = Recorder(app_response.status, app_response.headers, app_response.body)
    coroutine = exchange(protect(app, config), http_scope(request.method, request.headers), pausing=True)
    steps = 0
    while True:
        try:
            coroutine.send(None)
            steps += 1
        except StopIteration as stop:
            found = response_of(stop.value)
            break
    assert steps == 2  # one for each of the two messages: nothing is sent twice or held back
    assert comparable(found) == comparable(respond(config, request, app_response))


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize("kind", ["websocket", "lifespan", "unheard-of"])
@given(strategies.configs())
def test_what_is_not_http_passes_untouched(kind: str, config: Config) -> None:
    app = Recorder(messages=[{"type": f"{kind}.accept", "headers": [(b"x", b"1")]}])
    scope = {"type": kind, "headers": [(b"origin", b"https://example.com")], "path": "/"}
    before = dict(scope)
    result = drive(exchange(protect(app, config), scope))
    (seen,) = app.calls
    assert (seen.scope, seen.receive, seen.send) == (scope, result.receive, result.send)
    assert seen.scope is scope
    assert scope == before


CONFIGS = {
    "listed": Config(
        ("https://app.example.com", "http://localhost:3000"), ("GET", "PUT"), ("X-Token",), True
    ),
    "pattern": Config((), ("*",), ("*",), False, r"https://.*\.example\.com"),
    "careless pattern": Config((), ("GET",), (), True, "https://app.example.com|.*localhost.*"),
    "wildcard": Config(("*",), ("*",), ("*",)),
    "null": Config(("null",), ("PUT",), ("x-token",)),
    "nothing": Config(),
}


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize("name", CONFIGS)
@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_the_middleware_judges_every_near_miss_as_the_model(name: str, method: str) -> None:
    config = CONFIGS[name]
    app = protect(answering_app, config)
    for origin in ("https://app.example.com", "http://localhost:3000", "null"):
        for near_miss in near_misses(origin, ["https://app.example.com", "http://localhost:3000"]):
            headers = [(b"origin", line) for line in near_miss.lines]
            headers.append((b"access-control-request-method", b"PUT"))
            request = Request(method, tuple(headers))
            expected = respond(config, request, APP_RESPONSE)
            assert comparable(serve(app, request, APP_RESPONSE)) == comparable(expected), near_miss


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize("name", CONFIGS)
def test_the_middleware_reads_every_method_and_header_list_as_the_model(name: str) -> None:
    config = CONFIGS[name]
    app = protect(answering_app, config)
    names = ("X-Token", "content-type")
    lists = [*header_list_forms(names), *header_list_breakers(names), *header_list_floods(names)]
    asked: list[tuple[Lines, Lines]] = [((b"PUT",), lines) for lines in lists]
    asked += [(lines, (b"x-token",)) for lines in method_near_misses("PUT")]
    for origin in (b"https://app.example.com", b"null"):
        for methods, headers in asked:
            lines = [(b"origin", origin)]
            lines += [(b"access-control-request-method", value) for value in methods]
            lines += [(b"access-control-request-headers", value) for value in headers]
            request = Request("OPTIONS", tuple(lines))
            expected = respond(config, request, APP_RESPONSE)
            found = serve(app, request, APP_RESPONSE)
            assert comparable(found) == comparable(expected), (methods, headers[:3])


@pytest.mark.slow
@pytest.mark.mutation
@given(st.sampled_from(list(CONFIGS.values())))
def test_the_configuration_of_the_middleware_is_the_one_it_was_given(config: Config) -> None:
    assert vars(protect(Recorder(), config).config) == vars(config)


@st.composite
def cases_by_path(draw: st.DrawFn) -> tuple[dict[str, Config], Request, Response]:
    """Policies of a few prefixes, a request near one of them whose path is near a prefix, and an answer."""
    segments = st.sampled_from(PLAIN) | st.text("ab.~é", min_size=1, max_size=3)
    prefixes = st.lists(segments, max_size=3).map(lambda found: "/" + "/".join(found)).filter(is_prefix)
    policies = draw(st.dictionaries(prefixes, strategies.configs(), min_size=1, max_size=4))
    near = draw(st.sampled_from([*policies]))
    request = draw(strategies.requests(policies[near]))
    path = quote(near.rstrip("/"))
    for segment in draw(st.lists(st.sampled_from((*PLAIN, *PLAIN, *TRICKY)), max_size=3)):
        path += draw(st.sampled_from(("/", "/", "/", "/", "//", "%2F", "", "/../", "\\"))) + segment
    return policies, Request(request.method, request.headers, path), draw(strategies.app_responses())


@thresholds(preflight=0.1, shared=0.05, read_alike=0.2, read_differently=0.1, no_policy=0.1)
@given(cases_by_path(), st.sampled_from(["", "/api", "/api/v1"]), st.sampled_from(["", "/mounted"]))
def test_with_a_policy_for_each_prefix_the_middleware_answers_as_the_model(
    case: tuple[dict[str, Config], Request, Response], root_path: str, mounted: str
) -> None:
    policies, request, app_response = case
    expected = respond_by_path(policies, request, app_response)
    app = protect_by_path(answering_app, policies)
    if request.path[:1] not in ("", "/"):
        root_path = mounted = ""  # a path without a leading slash is below no mount
    scope = sent_to(
        request.path,
        request.method,
        request.headers,
        root_path=root_path,
        mounted=mounted,
        **{SENT: app_response},
    )
    found = response_of(call(app, scope=scope))
    policy = policy_of(policies, request.path)
    hit(
        preflight=policy is not None and is_preflight(request),
        shared=policy is not None and not is_preflight(request) and is_shared(expected),
        read_alike=policy is not None and certain_segments(request.path)[1],
        read_differently=not certain_segments(request.path)[1],
        no_policy=policy is None,
    )
    assert comparable(found) == comparable(expected)
    if policy is None:
        assert found == app_response


@pytest.mark.slow
@pytest.mark.mutation
@given(cases_by_path())
def test_a_path_has_a_policy_only_if_every_application_reads_it_so(
    case: tuple[dict[str, Config], Request, Response],
) -> None:
    policies, request, _ = case
    policy = policy_of(policies, request.path)
    if policy is not None:
        for segments in readings(request.path):
            fitting = [prefix for prefix in policies if is_beginning(segments_of(prefix), segments)]
            assert policies[max(fitting, key=len)] == policy


def is_beginning(some: tuple[str, ...], segments: tuple[str, ...]) -> bool:
    return segments[: len(some)] == some
