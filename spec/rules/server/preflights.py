"""What a response to a preflight allows as a whole, and what it must not allow."""

from dataclasses import replace

from spec.browser import preflight_request
from spec.browser.preflight_cache import max_age
from spec.config import Config
from spec.http import Response
from spec.policy import headers_are_allowed, requested_methods
from spec.rules.record import Exchange, Expectation, Level, Profile, Rule, Severity, Subject
from spec.rules.server.examples import COUNT, LIST, TOKEN, A, asks, get, gives, permits, says, seen
from spec.rules.server.facts import (
    ACRH,
    MAX_AGE,
    a_browser_sends_it,
    allowed,
    asked_headers,
    combined_cors,
    granted,
    granted_with_credentials,
    header_is_configured,
    header_names_asked_for,
    is_allowed_preflight,
    method_could_be_allowed,
    method_is_configured,
    method_of,
    origin,
    origin_of_a_page,
    page_of_an_allowed_origin,
    preflight,
    preflight_of_an_allowed_origin,
    preflighted_fetch,
    proceeds,
    same_but_for,
    uses_credentials,
)
from spec.rules.sources import PARAMETERS, fetch, page

RULES: list[Rule] = []


ACRPN = "access-control-request-private-network"


def allowed_preflight_of_a_browser(exchange: Exchange) -> bool:
    """All that it asks for is configured, and it is exactly what a browser sends.

    What the documentation page always allows, without configuration, does not bind everyone.
    """
    if not preflight(exchange) or not page_of_an_allowed_origin(exchange) or refusals_of(exchange):
        return False
    if not method_is_configured(exchange, method_of(exchange)):
        return False
    if not all(header_is_configured(exchange, name) for name in asked_headers(exchange)):
        return False
    if exchange.request.lines(ACRPN) not in ([], [b"true"]):
        return False
    fetch = preflighted_fetch(exchange)
    sent = preflight_request(fetch) if fetch else None
    return sent is not None and sent.lines(ACRH) == exchange.request.lines(ACRH)


def refusals_of(exchange: Exchange) -> tuple[str, ...]:
    """What of this preflight the configuration does not allow."""
    return exchange.refused


def the_browser_goes_on(exchange: Exchange) -> bool:
    return proceeds(exchange, credentials=uses_credentials(exchange))


def what_cannot_be_configured_is_asked_for(
    lacks: frozenset[str], unasked: Response | None, exchange: Exchange
) -> bool:
    """An implementation without a parameter for methods or headers allows those that it has chosen."""
    of_methods = "allow_methods" in lacks and method_of(exchange) not in (b"GET", b"HEAD", b"POST")
    return of_methods or ("allow_headers" in lacks and bool(asked_headers(exchange)))


RULES.append(
    Rule(
        id="S-WRK-2",
        title="Allowed preflights succeed in browsers",
        sentence=(
            "After a preflight that requests only what is configured, the browser sends the actual request"
        ),
        sources=(fetch("#cors-preflight-fetch"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        applies=allowed_preflight_of_a_browser,
        holds=the_browser_goes_on,
        needs=("preflights",),
        excuses=what_cannot_be_configured_is_asked_for,
        why=("The browser blocks requests that the configuration allows, before they are sent."),
        repair=(
            "Respond with a 2xx status, allow the origin (and credentials if configured), and list "
            "the requested method and headers."
        ),
        implies=("D-11", "A-PF-6"),
        counterexample=seen(LIST, asks(more=TOKEN), says(200, "OK", permits(methods="GET"))),
    )
)


def preflight_asks_for_what_is_not_allowed(exchange: Exchange) -> bool:
    """A preflight as a browser sends it, for an origin, a method or a header that is not configured.

    GET, HEAD and POST are out of it: no preflight answer can withhold them. So are methods that are not
    standard where all are allowed, for others may take "all" by its word.
    """
    if not preflight(exchange) or not origin_of_a_page(exchange) or preflighted_fetch(exchange) is None:
        return False
    method = requested_methods(exchange.request)[0]
    method_passes = method in (b"GET", b"HEAD", b"POST") or method_could_be_allowed(exchange, method)
    headers_pass = headers_are_allowed(exchange.config, header_names_asked_for(exchange.request))
    return not (allowed(exchange) and method_passes and headers_pass)


def browser_stops(exchange: Exchange) -> bool:
    """Already without credentials, when it accepts all that it accepts with them."""
    return not proceeds(exchange)


def what_cannot_be_restricted_is_asked_for(
    lacks: frozenset[str], unasked: Response | None, exchange: Exchange
) -> bool:
    """An implementation that cannot restrict methods or headers can only refuse origins."""
    return not lacks.isdisjoint({"allow_methods", "allow_headers"}) and allowed(exchange)


RULES.append(
    Rule(
        id="S-PF-5",
        title="A preflight response allows only what is configured",
        sentence=(
            "After a preflight for an origin, header or method (except GET, HEAD, POST) that is not "
            "allowed, the browser sends no request"
        ),
        sources=(fetch("#cors-preflight-fetch"),),
        level=Level.SECURITY,
        severity=Severity.LETS_IN,
        profile=Profile.SECURITY,
        applies=preflight_asks_for_what_is_not_allowed,
        holds=browser_stops,
        excuses=what_cannot_be_restricted_is_asked_for,
        why=(
            "A page can send requests that nobody enabled, such as DELETE, and they take effect on "
            "the server."
        ),
        repair=(
            "Refuse such a preflight with a status outside 200 to 299, such as 400, or do not list "
            "the origin, method or header in its CORS headers."
        ),
        implies=("D-11", "D-27", "A-PF-6"),
        counterexample=seen(
            LIST,
            asks(method="DELETE"),
            says(200, "Disallowed CORS method", permits(methods="GET, PUT, DELETE")),
        ),
    )
)


def allowed_preflight_and_its_request(a: Exchange, b: Exchange) -> bool:
    """An allowed preflight as a browser sends it, and the actual request that it was sent for."""
    first, second = preflight_first(a, b)
    if preflight(second) or a.config != b.config or origin(a) != origin(b):
        return False
    asked = requested_methods(first.request) == [second.request.method.encode()]
    return asked and is_allowed_preflight(first) and a_browser_sends_it(first)


def preflight_first(a: Exchange, b: Exchange) -> tuple[Exchange, Exchange]:
    """Both, a preflight before the other."""
    return (a, b) if preflight(a) else (b, a)


def browser_lets_both_pass(a: Exchange, b: Exchange) -> bool:
    first, second = preflight_first(a, b)
    credentials = a.config.allow_credentials
    return proceeds(first, credentials) and (granted_with_credentials if credentials else granted)(second)


RULES.append(
    Rule(
        id="D-04",
        aliases=("S-PF-4",),
        title="Allowed preflight, then a readable response",
        sentence=(
            "After an allowed preflight the browser sends the request and lets the page read the "
            "response, with credentials if allowed"
        ),
        sources=(page("#steps"), fetch("#cors-preflight-fetch")),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.DOCUMENTED,
        subject=Subject.PAIR,
        applies=allowed_preflight_and_its_request,
        holds=browser_lets_both_pass,
        needs=("preflights",),
        why=(
            "Requests that the configuration allows fail in the browser: they are not sent, or the "
            "page cannot read the response."
        ),
        repair=(
            "Send the same origin and credentials headers on both responses, and list the requested "
            "method and headers on the preflight response."
        ),
        implies=("D-05", "S-ORG-2", "S-WRK-1"),
        counterexample=(
            *seen(LIST, asks(more=TOKEN), says(200, "OK", permits())),
            *seen(LIST, get(f"origin: {A}", "PUT"), gives(COUNT)),
        ),
    )
)


def preflights_that_differ_in_what_must_not_matter(a: Exchange, b: Exchange) -> bool:
    """The same question at another path, or with other cookies or authentication."""
    alike = replace(a, request=replace(a.request, path=b.request.path))
    return preflight(a) and a.request != b.request and same_but_for(alike, b, "cookie", "authorization")


def status_and_cors_headers_are_the_same(a: Exchange, b: Exchange) -> bool:
    return (a.response.status, combined_cors(a)) == (b.response.status, combined_cors(b))


RULES.append(
    Rule(
        id="S-PF-15",
        title="Preflights ignore path, cookies and Authorization",
        sentence=(
            "Status and CORS headers of a preflight response do not depend on path, cookies or Authorization"
        ),
        sources=(page("#cors-preflight-requests"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.DOCUMENTED,
        subject=Subject.PAIR,
        applies=preflights_that_differ_in_what_must_not_matter,
        holds=status_and_cors_headers_are_the_same,
        needs=("preflights",),
        why=(
            "CORS works for some URLs or visitors and not for others, although there is only one "
            "configuration."
        ),
        repair=(
            "Decide from Origin, the requested method and headers, and the configuration, never from "
            "path, Cookie or Authorization."
        ),
        implies=("A-PF-6",),
        counterexample=(
            *seen(LIST, asks(), says(200, "OK", permits())),
            *seen(LIST, asks(path="/other"), says(200, "OK", permits(methods="PUT, GET"))),
        ),
    )
)


def max_age_is_as_configured(exchange: Exchange) -> bool:
    return exchange.response.lines(MAX_AGE) == [str(exchange.config.max_age).encode()]


RULES.append(
    Rule(
        id="D-24",
        aliases=("S-PF-13",),
        title="Max age is sent as configured",
        sentence=(
            "Preflight responses to allowed origins have Access-Control-Max-Age exactly once, with the "
            "configured max_age"
        ),
        sources=(PARAMETERS,),
        level=Level.MUST,
        severity=Severity.CACHE,
        profile=Profile.DOCUMENTED,
        applies=preflight_of_an_allowed_origin,
        holds=max_age_is_as_configured,
        needs=("max_age", "preflights"),
        why=(
            "Browsers repeat preflights too often, which slows pages down, or keep using old "
            "permissions for longer than configured."
        ),
        repair=(
            "Send one Access-Control-Max-Age with the value of max_age in seconds on every preflight "
            "response to an allowed origin."
        ),
        counterexample=seen(
            LIST,
            asks(method="DELETE"),
            says(400, "Disallowed CORS method", permits().replace("age: 600", "age: 60")),
        ),
    )
)


def allowed_preflight_that_succeeds(exchange: Exchange) -> bool:
    return allowed_preflight_of_a_browser(exchange) and the_browser_goes_on(exchange)


def it_is_a_default_that_nobody_stated(
    lacks: frozenset[str], unasked: Response | None, exchange: Exchange
) -> bool:
    return "max_age" in lacks and exchange.config.max_age == Config().max_age


def browsers_remember_it_as_long_as_configured(exchange: Exchange) -> bool:
    """As long as the standard's browser does; what is above every browser's limit is all the same."""
    configured = Response(200, ((MAX_AGE.encode(), str(exchange.config.max_age).encode()),))
    return max_age(exchange.response) == max_age(configured)


def max_age_is_shown(exchange: Exchange) -> list[Expectation]:
    met = browsers_remember_it_as_long_as_configured(exchange)
    return [Expectation(MAX_AGE, str(exchange.config.max_age), met)]


RULES.append(
    Rule(
        id="S-WRK-4",
        title="A stated max_age takes effect",
        sentence=(
            "If max_age is stated, browsers remember an allowed preflight for that many seconds, or as long "
            "as they remember any"
        ),
        sources=(fetch("#http-access-control-max-age"),),
        level=Level.MUST,
        severity=Severity.CACHE,
        profile=Profile.PROTOCOL,
        applies=allowed_preflight_that_succeeds,
        holds=browsers_remember_it_as_long_as_configured,
        needs=("max_age", "preflights"),
        excuses=it_is_a_default_that_nobody_stated,
        shows=max_age_is_shown,
        why=(
            "Without it browsers repeat a preflight after five seconds, which slows pages down. With a "
            "larger value they keep using old permissions."
        ),
        repair=(
            "Send one Access-Control-Max-Age with the value of max_age in seconds on every response to an "
            "allowed preflight."
        ),
        implies=("D-24",),
        counterexample=seen(
            LIST, asks(more=TOKEN), says(200, "OK", permits().replace("age: 600", "age: 60"))
        ),
    )
)
