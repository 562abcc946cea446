"""What responses vary by, so that caches serve no response to the wrong page."""

from collections import Counter

from spec.config import Config
from spec.http import Response, combined, elements, is_token
from spec.policy import any_origin_is_allowed
from spec.rules.record import Exchange, Expectation, Level, Profile, Rule, Severity, Subject
from spec.rules.server.examples import A_ALONE, ALLOWED, LIST, TWO, A, B, get, gives, seen
from spec.rules.server.facts import (
    ACAC,
    ACAO,
    ORIGIN,
    VARY,
    actual,
    answered,
    app,
    combined_cors,
    differ_in,
    lower,
    origin,
    same_app_behind,
    same_but_for,
    text,
    varies_by,
    vary,
)
from spec.rules.sources import fetch, rfc9110, rfc9111

RULES: list[Rule] = []


CACHED_METHODS = ("GET", "HEAD")
"""Methods whose responses caches store and reuse: https://www.rfc-editor.org/rfc/rfc9110#section-9.2.3

A stored response is never reused for a POST: https://www.rfc-editor.org/rfc/rfc9110#section-9.3.3.
Responses to OPTIONS are not cacheable: https://www.rfc-editor.org/rfc/rfc9110#section-9.3.7
"""


def cacheable(exchanges: tuple[Exchange, ...]) -> list[Exchange]:
    """Those with a method whose responses caches reuse."""
    return [exchange for exchange in exchanges if exchange.request.method in CACHED_METHODS]


def permission(exchange: Exchange) -> tuple[list[bytes], list[bytes]]:
    """The lines that say who may read, and whether with credentials."""
    return answered(exchange, ACAO), answered(exchange, ACAC)


def permissions_of_one_resource_differ(*exchanges: Exchange) -> bool:
    """Responses for one path, with one status, under one configuration, that do not all allow the same."""
    found = cacheable(exchanges)
    one_resource = all(resource(exchange) == resource(found[0]) for exchange in found)
    return one_resource and bool(that_differ_by_origin(found))


def that_differ_by_origin(found: list[Exchange]) -> list[Exchange]:
    """The responses of each status with which permissions differ by origin.

    Where only the status differs, the server had another reason than the origin.
    """
    return [exchange for exchange in found if is_one_that_differs(exchange, found)]


def is_one_that_differs(exchange: Exchange, found: list[Exchange]) -> bool:
    """Whether, of those with its status, one has another Origin, and one another permission."""
    alike = [one for one in found if one.response.status == exchange.response.status]
    other_origin = any(differ_in(one, exchange, ORIGIN) for one in alike)
    return other_origin and any(permission(one) != permission(exchange) for one in alike)


def resource(exchange: Exchange) -> tuple[Config, str]:
    """What was asked for, and under which configuration."""
    return exchange.config, exchange.request.path


def every_answer_varies_by_origin(*exchanges: Exchange) -> bool:
    found = that_differ_by_origin(cacheable(exchanges))
    return all(varies_by(exchange.response, b"origin") for exchange in found)


def vary_is_shown(exchange: Exchange) -> list[Expectation]:
    return [Expectation(VARY, "names Origin", varies_by(exchange.response, b"origin"))]


RULES.append(
    Rule(
        id="S-VARY-1",
        title="Vary names Origin on every response",
        sentence=(
            "If responses to GET and HEAD with one status allow some origins only, all of them have "
            "`Origin` or `*` in Vary"
        ),
        sources=(fetch("#cors-protocol-and-http-caches"),),
        level=Level.SHOULD,
        severity=Severity.CACHE,
        profile=Profile.PROTOCOL,
        subject=Subject.SET,
        applies=permissions_of_one_resource_differ,
        holds=every_answer_varies_by_origin,
        shows=vary_is_shown,
        why=(
            "A cache may serve a response made for another origin, or for no origin. The browser then "
            "blocks an allowed page, or a page can read too much."
        ),
        repair=(
            "Add `Vary: Origin` to every response of the resource: for allowed origins, for other "
            "origins and for requests without Origin."
        ),
        counterexample=(
            *seen(LIST, get(f"origin: {A}", "HEAD"), gives(ALLOWED, body="")),
            *seen(LIST, get(f"origin: {B}"), gives()),
        ),
    )
)


def only_the_origins_differ(a: Exchange, b: Exchange) -> bool:
    """Two GET or two HEAD requests that differ in Origin alone, and got different CORS headers."""
    same = a.request.method in CACHED_METHODS and same_but_for(a, b, ORIGIN) and differ_in(a, b, ORIGIN)
    return same and combined_cors(a) != combined_cors(b)


def both_vary_by_origin(a: Exchange, b: Exchange) -> bool:
    """Each that a cache may keep."""
    return all(varies_by(one.response, b"origin") or not may_be_stored(one.response) for one in (a, b))


# https://www.rfc-editor.org/rfc/rfc9110#section-15.1
KEPT_UNASKED = frozenset({200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501})


def may_be_stored(response: Response) -> bool:
    """A cache may keep it: https://www.rfc-editor.org/rfc/rfc9111#section-3"""
    directives = {element.lower().partition(b"=")[0] for element in elements(response.lines("cache-control"))}
    asked = response.lines("expires") or not directives.isdisjoint(
        {b"public", b"private", b"max-age", b"s-maxage"}
    )
    return b"no-store" not in directives and (response.status in KEPT_UNASKED or bool(asked))


RULES.append(
    Rule(
        id="S-VARY-2",
        aliases=("SEC-11",),
        title="Vary names Origin where responses differ",
        sentence=(
            "If two GET or two HEAD requests differ only in Origin and the CORS headers of the "
            "responses differ, both responses, if cacheable, vary by Origin"
        ),
        sources=(rfc9111("4.1"), fetch("#cors-protocol-and-http-caches")),
        level=Level.SECURITY,
        severity=Severity.CACHE,
        profile=Profile.PROTOCOL,
        subject=Subject.PAIR,
        applies=only_the_origins_differ,
        holds=both_vary_by_origin,
        shows=vary_is_shown,
        why=(
            "A cache may serve the response for one origin to another. The browser then blocks an "
            "allowed page, or a page can read too much."
        ),
        repair=(
            "Add `Vary: Origin` to both responses, also to one without CORS headers, or send the same "
            "CORS headers to every origin."
        ),
        implies=("S-VARY-1", "S-VARY-5"),
        counterexample=(
            *seen(TWO, get(f"origin: {A}"), gives(A_ALONE)),
            *seen(TWO, get(f"origin: {B}"), gives(f"access-control-allow-origin: {B}")),
        ),
    )
)


def permission_is_constant(exchange: Exchange) -> bool:
    return any_origin_is_allowed(exchange.config) and actual(exchange)


def it_is_always_sent_and_varies_by_nothing(exchange: Exchange) -> bool:
    return answered(exchange, ACAO) == [b"*"] and b"origin" not in vary(exchange.response)


RULES.append(
    Rule(
        id="S-VARY-3",
        title="Constant permissions need no Vary",
        sentence=(
            "With `*` in allow_origins, every actual response has `Access-Control-Allow-Origin: *` "
            "once and does not name Origin in Vary"
        ),
        sources=(fetch("#cors-protocol-and-http-caches"),),
        level=Level.INFO,
        severity=Severity.CACHE,
        profile=Profile.PROTOCOL,
        applies=permission_is_constant,
        holds=it_is_always_sent_and_varies_by_nothing,
        binding=False,
        why=(
            "Caches store one copy for each origin without need. A copy stored without the header "
            "blocks pages that should be able to read it."
        ),
        repair=(
            "Send `Access-Control-Allow-Origin: *` on every response, also without Origin in the "
            "request, and do not add `Origin` to Vary."
        ),
    )
)


def app_sent_readable_vary(exchange: Exchange) -> bool:
    """What the application nominates is known, and tokens."""
    if exchange.app_response is None or not actual(exchange):
        return False
    return all(is_token(element) for element in elements(exchange.app_response.lines(VARY)))


def vary_is_kept(exchange: Exchange) -> bool:
    """All that the application nominated is still there, and Origin at most beside it, once."""
    before = app(exchange).lines(VARY)
    after = exchange.response.lines(VARY)
    if b"*" in elements(before):
        return after == before
    was, now = Counter(lower(elements(before))), Counter(lower(elements(after)))
    return now in (was, was | Counter([b"origin"]))


RULES.append(
    Rule(
        id="S-VARY-4",
        title="The application's Vary is kept",
        sentence=(
            "Vary keeps the names that the application set and gains at most `Origin`, once, and is "
            "unchanged if it contains `*`"
        ),
        sources=(rfc9110("12.5.5"),),
        level=Level.MUST,
        severity=Severity.CACHE,
        profile=Profile.PROTOCOL,
        applies=app_sent_readable_vary,
        holds=vary_is_kept,
        why=(
            "If a name such as Accept-Encoding or Cookie is lost, caches serve the wrong encoding or "
            "another user's version of a response."
        ),
        repair=(
            "Append `Origin` to the existing Vary unless it already contains `Origin` in any letter "
            "case or `*`, and remove nothing."
        ),
        implies=("A-ACT-3",),
        counterexample=seen(LIST, get(f"origin: {B}"), gives("vary: Origin"), gives("vary: Accept")),
    )
)


def one_could_be_served_for_the_other(*exchanges: Exchange) -> bool:
    """Some stored answer is what a cache would give to another of these requests."""
    return bool(reuses(exchanges))


def reuses(exchanges: tuple[Exchange, ...]) -> list[tuple[Exchange, Exchange]]:
    """The pairs of a stored exchange and another whose request a cache would answer from it."""
    found = cacheable(exchanges)
    return [
        (stored, other)
        for stored in found
        for other in found
        if stored is not other and a_cache_reuses(stored, other)
    ]


def a_cache_reuses(stored: Exchange, other: Exchange) -> bool:
    """Same resource, and the same request headers as far as the stored Vary names them.

    The applications behind must have answered alike: where they do not, CORS headers of their own may differ.
    They have not where more than Origin differs in the requests, and the status too.
    """
    if not may_be_stored(stored.response):
        return False
    if stored.response.status != other.response.status and not same_but_for(stored, other, ORIGIN):
        return False
    nominated = vary(stored.response)
    same_method = stored.request.method == other.request.method
    if resource(stored) != resource(other) or not same_method or not same_app_behind(stored, other):
        return False
    return b"*" not in nominated and not any(differ_in(stored, other, text(name)) for name in nominated)


def no_reuse_changes_a_verdict(*exchanges: Exchange) -> bool:
    """A page that is served the stored answer may read it exactly if it may read its own.

    No page sends two Origin lines, and without Origin nothing is checked.
    """
    return all(
        may_read(other, stored.response) == may_read(other, other.response)
        for stored, other in reuses(exchanges)
        if origin(other) is not None
    )


def may_read(exchange: Exchange, response: Response) -> tuple[bool, bool]:
    """The CORS check, without and with credentials: https://fetch.spec.whatwg.org/#concept-cors-check"""
    permitted = combined(response.headers, ACAO)
    by_name = permitted == origin(exchange)
    return by_name or permitted == b"*", by_name and combined(response.headers, ACAC) == b"true"


RULES.append(
    Rule(
        id="S-VARY-5",
        title="Cached responses are readable by the same pages",
        sentence=(
            "A page can read a response from a cache if and only if it can read the response that "
            "the server would send to it"
        ),
        sources=(rfc9111("4.1"),),
        level=Level.MUST,
        severity=Severity.CACHE,
        profile=Profile.PROTOCOL,
        subject=Subject.SET,
        applies=one_could_be_served_for_the_other,
        holds=no_reuse_changes_a_verdict,
        shows=vary_is_shown,
        why=(
            "With another origin's cached response the browser blocks an allowed page, or lets a "
            "page read what the server would not allow it to read."
        ),
        repair=(
            "Add `Vary: Origin` to every cacheable response of a resource that sends CORS headers to "
            "some origins only, including the responses without any."
        ),
        implies=("S-VARY-1",),
        counterexample=(
            *seen(LIST, get(f"origin: {A} | x-other: 1"), gives(ALLOWED)),
            *seen(LIST, get(f"origin: {B}"), gives("vary: Accept")),
        ),
    )
)
