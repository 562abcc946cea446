"""A fetch from its first preflight to what the script gets."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from spec.browser.checks import Check, cors_check
from spec.browser.engines import STANDARD, Engine
from spec.browser.exposure import readable_headers
from spec.browser.fetch import Fetch, Hop, Outcome, blocked
from spec.browser.methods_and_headers import header_list, normalize_method, throws
from spec.browser.origins import is_cors, is_cross_origin, serialized_origin
from spec.browser.preflight import (
    allowed_headers,
    allowed_methods,
    needs_preflight,
    preflight_check,
    preflight_request,
)
from spec.browser.preflight_cache import PreflightCache, cache_key, is_remembered, max_age
from spec.browser.redirects import leads_on, redirect
from spec.http import Request, Response, is_redirect_status

Server = Callable[[Request], Response | None]


def actual_request(fetch: Fetch, engine: Engine = STANDARD) -> Request:
    """The request itself: what the script set, and Origin where one is due.

    Raises ValueError for a fetch that throws. https://fetch.spec.whatwg.org/#append-a-request-origin-header
    """
    rule = throws(fetch)
    if rule:
        raise ValueError(f"this fetch throws ({rule}): {fetch}")
    method = normalize_method(fetch.method)
    headers = header_list(fetch, engine)
    keeps_origin = engine.redirects_keep_origin_header and fetch.became_get
    if is_cors(fetch) or method not in ("GET", "HEAD") or keeps_origin:
        headers += ((b"origin", serialized_origin(fetch)),)
    return Request(method, headers, fetch.path)


def actual_outcome(fetch: Fetch, response: Response | None, engine: Engine = STANDARD) -> Outcome:
    """What the response (None: there was none) means for the script, once any preflight is passed."""
    if response is None:
        return blocked("C-CHK-10")
    if not is_cors(fetch):
        return Outcome(True, readable_headers(fetch, response), "same-origin")
    passed, rule = response_check(fetch, response, engine)
    return Outcome(True, readable_headers(fetch, response), rule) if passed else blocked(rule)


def response_check(fetch: Fetch, response: Response, engine: Engine = STANDARD) -> Check:
    """The CORS check of the response to the request itself."""
    credentials: str = fetch.credentials
    if engine.checks_later_redirects_with_credentials and credentials == "same-origin":
        came_from_own = fetch.redirected_from != () and not is_cross_origin(fetch, fetch.redirected_from[0])
        if came_from_own and is_redirect_status(response.status):
            credentials = "include"
    return cors_check(serialized_origin(fetch), credentials, response)


def outcome(
    fetch: Fetch, preflight: Response | None, response: Response | None, engine: Engine = STANDARD
) -> Outcome:
    """What a script gets from one hop, redirects not followed, nothing remembered.

    `preflight` is ignored when the fetch has none; None where one was needed, and None for `response`, are
    network errors.
    """
    rule = throws(fetch)
    if rule:
        return blocked(rule)
    if needs_preflight(fetch, engine):
        passed, rule = preflight_check(fetch, preflight, engine)
        if not passed:
            return blocked(rule)
    return actual_outcome(fetch, response, engine)


def one_hop(fetch: Fetch, serve: Server, cache: PreflightCache | None, engine: Engine) -> Hop:
    """One request and its preflight; a server may answer nothing."""
    time = 0.0 if cache is None else cache.now()
    rule = throws(fetch)
    if rule:
        return Hop(fetch, engine, None, None, None, None, blocked(rule), time)
    is_known = cache is not None and is_remembered(fetch, cache, engine)
    asked = None if is_known else preflight_request(fetch, engine)
    answer = None
    if asked is not None:
        answer = serve(asked)
        passed, rule = preflight_check(fetch, answer, engine)
        refuses = rule in ("C-PF-9", "C-PF-10", "C-PF-11", "C-WLD-1")
        if cache is not None and answer is not None and (passed or (refuses and engine.remembers_refusals)):
            methods, names = allowed_methods(fetch, answer, engine) or [], allowed_headers(answer) or []
            cache.store(cache_key(fetch), methods, names, max_age(answer, engine), engine)
        if not passed:
            return Hop(fetch, engine, asked, answer, None, None, blocked(rule), time)
    request = actual_request(fetch, engine)
    response = serve(request)
    outcome_of_it = actual_outcome(fetch, response, engine)
    return Hop(fetch, engine, asked, answer, request, response, outcome_of_it, time)


def is_network_error_after_preflight(done: Sequence[Hop], engine: Engine) -> bool:
    """Whether this fetch ends so that the cache forgets its last URL: the end of
    https://fetch.spec.whatwg.org/#concept-main-fetch"""
    last = done[-1]
    if last.outcome.allowed or throws(last.fetch) or engine.remembers_refusals:
        return False
    if last.response is not None and not engine.cors_failure_clears_cache:
        return False
    return any(needs_preflight(hop.fetch, engine) for hop in done)


def nobody(_request: Request) -> None:
    """What answers where no server is."""


def trace(
    fetch: Fetch,
    serve: Server,
    *,
    elsewhere: Mapping[str, Server] = MappingProxyType({}),
    cache: PreflightCache | None = None,
    engine: Engine = STANDARD,
) -> list[Hop]:
    """Every hop of a fetch, in order; the outcome of the last one is that of the whole.

    Parameters as of `perform`. `elsewhere` is asked with `get`, for one origin after another as redirects
    lead there: it may make the way to a server when it is needed.
    """
    done = [one_hop(fetch, serve, cache, engine)]
    while leads_on(done[-1]):
        following = redirect(done[-1], engine)
        if isinstance(following, str):
            done[-1] = replace(done[-1], outcome=blocked(following))
        else:
            is_back = following.url_origin == fetch.url_origin
            server = serve if is_back else elsewhere.get(following.url_origin, nobody)
            done.append(one_hop(following, server, cache, engine))
    if cache is not None and is_network_error_after_preflight(done, engine):
        cache.clear(cache_key(done[-1].fetch))
    return done


def perform(
    fetch: Fetch,
    serve: Server,
    *,
    elsewhere: Mapping[str, Server] = MappingProxyType({}),
    cache: PreflightCache | None = None,
    engine: Engine = STANDARD,
) -> Outcome:
    """What a script gets from a fetch in the end, redirects followed, preflights remembered in `cache`.

    `serve` responds for the fetch's own URL origin, `elsewhere` maps other origins to their servers. A server
    that gives None does not respond: that is a network error.
    """
    return trace(fetch, serve, elsewhere=elsewhere, cache=cache, engine=engine)[-1].outcome
