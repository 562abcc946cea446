"""That no cache hands one origin's answer to another (S-VARY, S-RSP-7, S-HTTP-9, S-HTTP-10, SEC-11)."""

from collections import Counter

from spec.config import Config
from spec.http import Response, combined, elements, is_token
from spec.policy import any_origin_is_allowed
from spec.rule import Exchange, Level, Profile, Rule, Scope, fetch, rfc9110, rfc9111
from spec.rules.reading import (
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
    method_is_configured,
    origin,
    same_app_behind,
    same_but_for,
    text,
    varies_by,
    vary,
)


def actual_answers(exchanges: tuple[Exchange, ...]) -> list[Exchange]:
    """The exchanges that are no preflights."""
    return [exchange for exchange in exchanges if actual(exchange)]


def permission(exchange: Exchange) -> tuple[list[bytes], list[bytes]]:
    """The lines that say who may read, and whether with credentials."""
    return answered(exchange, ACAO), answered(exchange, ACAC)


def permissions_of_one_resource_differ(*exchanges: Exchange) -> bool:
    """Answers for one path, under one configuration, that do not all allow the same."""
    found = actual_answers(exchanges)
    one_resource = all(resource(exchange) == resource(found[0]) for exchange in found)
    by_origin = any(differ_in(exchange, found[0], ORIGIN) for exchange in found)
    differ = any(permission(exchange) != permission(found[0]) for exchange in found)
    return one_resource and by_origin and differ


def resource(exchange: Exchange) -> tuple[Config, str]:
    """What was asked for, and under which configuration."""
    return exchange.config, exchange.request.path


def every_answer_varies_by_origin(*exchanges: Exchange) -> bool:
    return all(varies_by(exchange.response, b"origin") for exchange in actual_answers(exchanges))


def only_the_origins_differ(a: Exchange, b: Exchange) -> bool:
    """Two actual requests that differ in Origin alone, and got different CORS headers.

    Preflights are left out: no cache keeps an answer to OPTIONS (RFC 9110 section 9.3.7).
    """
    same = actual(a) and actual(b) and same_but_for(a, b, ORIGIN) and differ_in(a, b, ORIGIN)
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


def permission_is_constant(exchange: Exchange) -> bool:
    return any_origin_is_allowed(exchange.config) and actual(exchange)


def it_is_always_sent_and_varies_by_nothing(exchange: Exchange) -> bool:
    return answered(exchange, ACAO) == [b"*"] and b"origin" not in vary(exchange.response)


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


def one_could_be_served_for_the_other(*exchanges: Exchange) -> bool:
    """Some stored answer is what a cache would give to another of these requests."""
    return bool(reuses(exchanges))


def reuses(exchanges: tuple[Exchange, ...]) -> list[tuple[Exchange, Exchange]]:
    """The pairs of a stored exchange and another whose request a cache would answer from it."""
    found = [exchange for exchange in actual_answers(exchanges) if exchange.request.method in ("GET", "HEAD")]
    return [
        (stored, other)
        for stored in found
        for other in found
        if stored is not other and a_cache_reuses(stored, other)
    ]


def a_cache_reuses(stored: Exchange, other: Exchange) -> bool:
    """Same resource, and the same request headers as far as the stored Vary names them.

    The applications behind must have answered alike: where they do not, CORS headers of their own may differ.
    """
    if not may_be_stored(stored.response):
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


def head_or_not_modified_beside_get(a: Exchange, b: Exchange) -> bool:
    return head_beside_get(a, b) or not_modified_beside_ok(a, b)


def head_beside_get(a: Exchange, b: Exchange) -> bool:
    """The same request once with HEAD and once with GET, answered with the same status: there is a HEAD."""
    same = (a.config, a.request.headers, a.request.path) == (b.config, b.request.headers, b.request.path)
    if a.response.status != b.response.status:
        return False
    return same and {a.request.method, b.request.method} == {"HEAD", "GET"} and same_app_behind(a, b)


def not_modified_beside_ok(a: Exchange, b: Exchange) -> bool:
    """The same request answered 200, and 304 when it was made conditional."""
    statuses = {a.response.status, b.response.status} == {200, 304}
    conditional = ("if-none-match", "if-modified-since")
    return statuses and actual(a) and same_but_for(a, b, *conditional) and same_app_behind(a, b)


def cors_headers_and_vary_are_the_same(a: Exchange, b: Exchange) -> bool:
    same_cors = combined_cors(a) == combined_cors(b) or head_is_withheld(a) or head_is_withheld(b)
    return same_cors and vary(a.response) == vary(b.response)


def head_is_withheld(exchange: Exchange) -> bool:
    """HEAD is not configured, and its answer allows nothing: a choice that reuses of GET do not notice."""
    configured = method_is_configured(exchange, b"HEAD")
    return exchange.request.method == "HEAD" and not configured and not combined_cors(exchange)


MUST, SHOULD, INFO = Level.MUST, Level.SHOULD, Level.INFO
PROTOCOL, SECURITY, PAIR, SET = Profile.PROTOCOL, Profile.SECURITY, Scope.PAIR, Scope.SET

CACHES = fetch("#cors-protocol-and-http-caches")

RULES = (
    Rule("S-VARY-1", "Where the permission depends on Origin every answer of the resource varies by it",
         source=CACHES, level=SHOULD, profile=PROTOCOL, scope=SET,
         applies=permissions_of_one_resource_differ, holds=every_answer_varies_by_origin),
    Rule("S-VARY-2",
         "Answers that differ in CORS headers, to requests that differ in Origin, vary by it, if caches keep "
         "them",
         source=rfc9111("4.1"), level=MUST, profile=PROTOCOL, scope=PAIR,
         applies=only_the_origins_differ, holds=both_vary_by_origin,
         same_as=("SEC-11",), implies=("S-VARY-1",)),
    Rule("S-VARY-3", "A permission that is the same for all is sent always, and varies by nothing",
         source=CACHES, level=INFO, profile=PROTOCOL,
         applies=permission_is_constant, holds=it_is_always_sent_and_varies_by_nothing),
    Rule("S-VARY-4",
         "What the application nominates in Vary is kept, Origin is added once, `*` is left alone",
         source=rfc9110("12.5.5"), level=MUST, profile=PROTOCOL,
         applies=app_sent_readable_vary, holds=vary_is_kept, implies=("A-ACT-3",)),
    Rule("S-VARY-5",
         "No answer that a cache reuses lets a page read what its own answer would not, or the reverse",
         source=rfc9111("4.1"), level=MUST, profile=PROTOCOL, scope=SET,
         applies=one_could_be_served_for_the_other, holds=no_reuse_changes_a_verdict, implies=("S-VARY-1",)),
    Rule("S-VARY-6", "On preflight answers Vary does no harm and is not required",
         source=rfc9110("9.3.7"), level=INFO, profile=PROTOCOL,
         not_executable="it permits everything, so nothing can break it"),
    Rule("S-RSP-7", "HEAD and 304 carry the CORS headers and the Vary of the answer that they stand for",
         source=rfc9110("9.3.2"), level=MUST, profile=PROTOCOL, scope=PAIR,
         applies=head_or_not_modified_beside_get, holds=cors_headers_and_vary_are_the_same,
         implies=("S-HTTP-10",)),
    Rule("S-HTTP-9",
         "A 304 carries the CORS headers and the Vary of the 200, for they replace the stored ones",
         source=rfc9110("15.4.5"), level=MUST, profile=PROTOCOL, scope=PAIR,
         applies=not_modified_beside_ok, holds=cors_headers_and_vary_are_the_same, implies=("S-RSP-7",)),
    Rule("S-HTTP-10", "HEAD gets the CORS headers and the Vary that GET gets",
         source=rfc9110("9.3.2"), level=SHOULD, profile=PROTOCOL, scope=PAIR,
         applies=head_beside_get, holds=cors_headers_and_vary_are_the_same, implies=("S-RSP-7",)),
    Rule("SEC-11", "Where Access-Control-Allow-Origin depends on Origin, Vary says so",
         source=CACHES, level=Level.SECURITY, profile=SECURITY, scope=PAIR,
         applies=only_the_origins_differ, holds=both_vary_by_origin,
         same_as=("S-VARY-2",), implies=("S-VARY-1",)),
)  # fmt: skip
