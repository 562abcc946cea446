"""T-7 cache safety: a stored answer, served by the rules of HTTP, allows nobody whom the server blocks.

The cache is the most careless that the standard admits: it stores every answer that is not to a preflight
(answers to OPTIONS are not cacheable), for ever, and reuses one whenever
https://www.rfc-editor.org/rfc/rfc9111#section-4.1 lets it.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec import strategies
from spec.browser import Fetch, actual_request, outcome, preflight_request
from spec.config import Config
from spec.http import Request, Response, combined, elements
from tests.helpers.thresholds import hit, thresholds
from tests.theorems.serving import answer


def may_serve(stored_for: Request, stored: Response, request: Request) -> bool:
    """Whether a cache may answer this request with what it stored for another: RFC 9111, sections 4 and 4.1.

    The method and the URL match, and so does every request header that the stored Vary nominates; one that
    is absent matches only where it is absent too. `*` matches nothing.
    """
    if (stored_for.path, stored_for.method) not in ((request.path, request.method), (request.path, "GET")):
        return False
    if request.method not in ("GET", "HEAD"):
        return False
    nominated = [name.decode("latin-1") for name in elements(stored.lines("vary"))]
    return "*" not in nominated and all(
        combined(stored_for.headers, name) == combined(request.headers, name) for name in nominated
    )


def is_allowed(fetch: Fetch, serve: Callable[[Request], Response], response: Response) -> bool:
    """Whether a browser lets the script read this response; a preflight is answered by the server itself."""
    preflight = preflight_request(fetch)
    return outcome(fetch, serve(preflight) if preflight else None, response).allowed


def neighbours(config: Config) -> st.SearchStrategy[tuple[Config, Request, Fetch, Response]]:
    """A request that fills the cache (of a script, or any other), then a fetch, and what the app answers."""
    first = st.one_of(
        strategies.fetches(config).map(actual_request),
        strategies.fetches(config).map(actual_request),
        strategies.requests(config),
    )
    return st.tuples(st.just(config), first, strategies.fetches(config), strategies.app_responses())


@pytest.mark.slow
@thresholds(allowed=0.03, blocked=0.01, vary_matters=0.05)
@given(strategies.configs().flatmap(neighbours))
def test_a_cache_allows_nobody_whom_the_server_blocks(case: tuple[Config, Request, Fetch, Response]) -> None:
    config, first, fetch, app_response = case

    def serve(request: Request) -> Response:
        return answer(config, request, app_response)

    stored, request = serve(first), actual_request(fetch)
    reused = may_serve(first, stored, request)
    from_server = is_allowed(fetch, serve, serve(request))
    from_cache = is_allowed(fetch, serve, stored)
    hit(
        allowed=reused and from_cache,
        blocked=reused and not from_cache,
        vary_matters=not reused and from_cache != from_server,
    )
    if reused:
        assert from_server or not from_cache


@pytest.mark.slow
@thresholds(reused=0.3, from_another=0.1)
@given(strategies.configs().flatmap(lambda config: st.tuples(st.just(config), strategies.fetches(config))))
def test_a_cache_serves_each_page_what_the_server_would(case: tuple[Config, Fetch]) -> None:
    """With pages of all sorts before it in one cache, each gets its own verdict: neither more nor less."""
    config, fetch = case
    app_response = Response(200, ((b"cache-control", b"max-age=60"),), b"hello")

    def serve(request: Request) -> Response:
        return answer(config, request, app_response)

    pages = dict.fromkeys([fetch.page_origin, *config.allow_origins, "https://evil.example", "null"])
    simple = [Fetch(page, fetch.url_origin, credentials=fetch.credentials) for page in pages if page != "*"]
    cache = [(request, serve(request)) for request in map(actual_request, simple)]
    cache.insert(0, (Request("GET", ()), serve(Request("GET", ()))))
    reuses = [
        (later, first, stored)
        for later in simple
        for first, stored in cache
        if may_serve(first, stored, actual_request(later))
    ]
    hit(reused=bool(reuses), from_another=len(simple) > 2)
    for later, _, stored in reuses:
        assert is_allowed(later, serve, stored) == is_allowed(later, serve, serve(actual_request(later)))


def without_vary(response: Response) -> Response:
    return replace(response, headers=tuple(line for line in response.headers if line[0].lower() != b"vary"))


def test_without_vary_a_cache_would_block_whom_the_server_allows() -> None:
    config = Config(allow_origins=("https://a.example", "https://b.example"))
    first = actual_request(Fetch("https://a.example", "https://api.example"))
    later = actual_request(Fetch("https://b.example", "https://api.example"))
    stored = answer(config, first, Response(200, ()))
    assert not may_serve(first, stored, later)
    assert may_serve(first, without_vary(stored), later)


def test_without_vary_a_cache_would_allow_whom_the_server_blocks() -> None:
    """The app allows credentials, the configuration does not: for the origins that it allows, it decides."""
    config = Config(allow_origins=("https://a.example",))
    own = (
        (b"access-control-allow-origin", b"https://a.example"),
        (b"access-control-allow-credentials", b"true"),
    )
    first = Request("GET", ())
    fetch = Fetch("https://a.example", "https://api.example", credentials="include")

    def serve(request: Request) -> Response:
        return answer(config, request, Response(200, own))

    stored = serve(first)
    assert not is_allowed(fetch, serve, serve(actual_request(fetch)))
    assert is_allowed(fetch, serve, stored)
    assert not may_serve(first, stored, actual_request(fetch))
    assert may_serve(first, without_vary(stored), actual_request(fetch))


def test_the_cache_matches_as_the_standard_says() -> None:
    get, head, post = Request("GET", ()), Request("HEAD", ()), Request("POST", ())
    with_a, with_b = Request("GET", ((b"origin", b"a"),)), Request("GET", ((b"origin", b"b"),))
    plain, varying, never = (
        Response(200, ()),
        Response(200, ((b"vary", b"ORIGIN"),)),
        Response(200, ((b"Vary", b"*"),)),
    )
    assert may_serve(get, plain, get)
    assert may_serve(get, plain, head)
    assert may_serve(get, plain, with_a)
    assert may_serve(with_a, varying, with_a)
    assert may_serve(get, varying, get)
    assert not may_serve(get, plain, post)
    assert not may_serve(post, plain, post)
    assert not may_serve(head, plain, get)
    assert not may_serve(Request("GET", (), "/other"), plain, get)
    assert not may_serve(with_a, varying, with_b)
    assert not may_serve(with_a, varying, get)
    assert not may_serve(get, varying, with_a)
    assert not may_serve(get, never, get)
