"""What our middleware does where no standard and no page decides: the exact answers.

These rules bind no other implementation. Together with the others they leave one answer to each request,
up to the order of the header lines.
"""

from collections import Counter

from spec.http import elements, names
from spec.origin import parse_pattern
from spec.policy import (
    allowed_headers,
    allowed_methods,
    any_header_is_allowed,
    any_origin_is_allowed,
    asks_for_private_network,
    exposed_headers,
    origin_is_listed,
    refusals,
    requested_headers,
)
from spec.rule import Exchange, Level, Profile, Rule, fetch, page, rfc9110
from spec.rules.documented import granted_as_it_should, origin_is_judged_by_a_list
from spec.rules.protocol import the_origin
from spec.rules.reading import (
    ACAC,
    ACAH,
    ACAM,
    ACAO,
    ACAPN,
    ACEH,
    CORS_HEADERS,
    VARY,
    actual,
    allowed,
    app,
    app_is_called_once,
    calls_are_known,
    origin,
    preflight,
    preflight_of_an_allowed_origin,
    text,
    unchanged_but_for,
)

CONTENT_TYPE, CONTENT_LENGTH = "content-type", "content-length"

# Origins


def origin_is_judged_by_patterns(exchange: Exchange) -> bool:
    """There is one Origin, and the list, which alone decides, has a pattern and does not name it."""
    patterns = [entry for entry in exchange.config.allow_origins if parse_pattern(entry)]
    if not patterns or not origin_is_judged_by_a_list(exchange):
        return False
    written = text(the_origin(exchange))
    return written in patterns or written not in exchange.config.allow_origins


def patterns_alone_grant(exchange: Exchange) -> bool:
    return granted_as_it_should(exchange, origin_is_listed(exchange.config, the_origin(exchange)))


# Preflights


def body_says_what_is_refused(exchange: Exchange) -> bool:
    refused = refusals(exchange.config, exchange.request)
    said = "Disallowed CORS " + ", ".join(refused) if refused else "OK"
    return exchange.response.body == said.encode()


def content_is_described(exchange: Exchange) -> bool:
    response = exchange.response
    plain_text = response.lines(CONTENT_TYPE) == [b"text/plain; charset=utf-8"]
    return plain_text and response.lines(CONTENT_LENGTH) == [str(len(response.body)).encode()]


def vary_names_all_that_is_read(exchange: Exchange) -> bool:
    read = (
        b"Origin, Access-Control-Request-Method, Access-Control-Request-Headers,"
        b" Access-Control-Request-Private-Network"
    )
    return exchange.response.lines(VARY) == [read]


def preflight_of_another_origin(exchange: Exchange) -> bool:
    return preflight(exchange) and not allowed(exchange)


def no_cors_header_is_sent(exchange: Exchange) -> bool:
    return not any(name.lower().startswith(b"access-control-") for name, _ in exchange.response.headers)


def permission_is_sent(exchange: Exchange) -> bool:
    expected = b"*" if any_origin_is_allowed(exchange.config) else origin(exchange)
    with_credentials = [b"true"] if exchange.config.allow_credentials else []
    return (exchange.response.lines(ACAO), exchange.response.lines(ACAC)) == ([expected], with_credentials)


def methods_are_listed_in_order(exchange: Exchange) -> bool:
    methods = ", ".join(allowed_methods(exchange.config)).encode()
    return exchange.response.lines(ACAM) == ([methods] if methods else [])


def preflight_against_a_list_of_headers(exchange: Exchange) -> bool:
    return preflight_of_an_allowed_origin(exchange) and not any_header_is_allowed(exchange.config)


def headers_are_listed_in_order(exchange: Exchange) -> bool:
    return exchange.response.lines(ACAH) == [", ".join(allowed_headers(exchange.config)).encode()]


def preflight_against_any_header(exchange: Exchange) -> bool:
    return preflight_of_an_allowed_origin(exchange) and any_header_is_allowed(exchange.config)


def headers_are_listed_as_asked(exchange: Exchange) -> bool:
    asked = b", ".join(requested_headers(exchange.request) or ())
    return exchange.response.lines(ACAH) == ([asked] if asked else [])


def private_network_is_granted_on_demand(exchange: Exchange) -> bool:
    asked = asks_for_private_network(exchange.request)
    granted = asked and not refusals(exchange.config, exchange.request)
    return exchange.response.lines(ACAPN) == ([b"true"] if granted else [])


PREFLIGHT_FIELDS = frozenset(
    name.encode() for name in (*CORS_HEADERS, CONTENT_TYPE, CONTENT_LENGTH, VARY) if name != ACEH
)


def nothing_else_is_sent(exchange: Exchange) -> bool:
    """Only fields that are known, each once, with names in lower case."""
    sent = Counter(name for name, _ in exchange.response.headers)
    return set(sent) <= PREFLIGHT_FIELDS and set(sent.values()) <= {1}


# Actual responses


def actual_response_and_known_app(exchange: Exchange) -> bool:
    return actual(exchange) and exchange.app_response is not None


def permission_follows_the_configuration(exchange: Exchange) -> bool:
    """For an allowed origin as configured; for any other, and without one, as the application said."""
    if allowed(exchange):
        return permission_is_sent(exchange)
    return all(exchange.response.lines(name) == app(exchange).lines(name) for name in (ACAO, ACAC))


def exposed_headers_follow_the_configuration(exchange: Exchange) -> bool:
    """For an allowed origin as configured; where nothing is configured as the application said."""
    sent = exchange.response.lines(ACEH)
    if allowed(exchange) and exchange.config.expose_headers:
        return sent == [", ".join(exposed_headers(exchange.config)).encode()]
    return sent == app(exchange).lines(ACEH)


def vary_gains_origin(exchange: Exchange) -> bool:
    """Untouched if it says so already; else one line, the application's elements first."""
    before = app(exchange).lines(VARY)
    if b"*" in names(before) or (len(before) == 1 and b"origin" in names(before)):
        return exchange.response.lines(VARY) == before
    expected = elements(before)
    if b"origin" not in names(before):
        expected.append(b"Origin")
    return exchange.response.lines(VARY) == [b", ".join(expected)]


def the_rest_is_the_apps(exchange: Exchange) -> bool:
    return unchanged_but_for(exchange, {ACAO, ACAC, ACEH, VARY})


def actual_request_and_known_calls(exchange: Exchange) -> bool:
    return actual(exchange) and calls_are_known(exchange)


MUST, HOUSE = Level.MUST, Profile.HOUSE

RULES = (
    Rule("A-ORG-1", "An origin pattern allows the origins that it matches, and no others",
         source=fetch("#origin-header"), level=MUST, profile=HOUSE,
         applies=origin_is_judged_by_patterns, holds=patterns_alone_grant,
         implies=("D-05", "S-ORG-2", "S-WRK-1")),
    Rule("A-PF-1", "The body of a preflight's answer is `OK`, or says which parts are refused",
         source=page("#cors-preflight-requests"), level=MUST, profile=HOUSE,
         applies=preflight, holds=body_says_what_is_refused),
    Rule("A-PF-2", "The body of a preflight's answer is described as plain text of its length",
         source=rfc9110("8.6"), level=MUST, profile=HOUSE,
         applies=preflight, holds=content_is_described),
    Rule("A-PF-3", "The answer to a preflight varies by the four request headers that it depends on",
         source=rfc9110("12.5.5"), level=MUST, profile=HOUSE,
         applies=preflight, holds=vary_names_all_that_is_read),
    Rule("A-PF-4", "An origin that is not allowed learns nothing of the policy from a preflight",
         source=fetch("#http-responses"), level=MUST, profile=HOUSE,
         applies=preflight_of_another_origin, holds=no_cors_header_is_sent),
    Rule("A-PF-5", "An allowed origin is told so, also where its method or a header is refused",
         source=fetch("#http-responses"), level=MUST, profile=HOUSE,
         applies=preflight_of_an_allowed_origin, holds=permission_is_sent),
    Rule("A-PF-6", "The methods are listed in the configured order, each once, the wildcard written out",
         source=fetch("#http-access-control-allow-methods"), level=MUST, profile=HOUSE,
         applies=preflight_of_an_allowed_origin, holds=methods_are_listed_in_order),
    Rule("A-PF-7",
         "Configured request headers are listed with the always allowed ones, sorted, in one spelling "
         "each",
         source=fetch("#http-access-control-allow-headers"), level=MUST, profile=HOUSE,
         applies=preflight_against_a_list_of_headers, holds=headers_are_listed_in_order),
    Rule("A-PF-8",
         "Where all request headers are allowed the requested ones are listed as they were asked for",
         source=fetch("#http-access-control-allow-headers"), level=MUST, profile=HOUSE,
         applies=preflight_against_any_header, holds=headers_are_listed_as_asked),
    Rule("A-PF-9",
         "Private network access is granted on an allowed preflight that asks for it, and nowhere else",
         source="https://wicg.github.io/private-network-access/#cors-preflight", level=MUST, profile=HOUSE,
         applies=preflight, holds=private_network_is_granted_on_demand),
    Rule("A-PF-10", "The answer to a preflight has no other header lines, and none twice",
         source=page("#cors-preflight-requests"), level=MUST, profile=HOUSE,
         applies=preflight, holds=nothing_else_is_sent),
    Rule("A-ACT-1", "For an allowed origin the configuration says who may read, for others the application",
         source=page("#simple-requests"), level=MUST, profile=HOUSE,
         applies=actual_response_and_known_app, holds=permission_follows_the_configuration,
         implies=("D-25", "S-RSP-1")),
    Rule("A-ACT-2", "For an allowed origin the configured exposed headers replace the application's",
         source=page("#use-corsmiddleware"), level=MUST, profile=HOUSE,
         applies=actual_response_and_known_app, holds=exposed_headers_follow_the_configuration,
         implies=("D-25", "S-RSP-1")),
    Rule("A-ACT-3", "Every answer varies by Origin, in one line, or in the application's if that says so",
         source=fetch("#cors-protocol-and-http-caches"), level=MUST, profile=HOUSE,
         applies=actual_response_and_known_app, holds=vary_gains_origin),
    Rule("A-ACT-4", "Status, body and all other header lines are the application's",
         source=page("#simple-requests"), level=MUST, profile=HOUSE,
         applies=actual_response_and_known_app, holds=the_rest_is_the_apps),
    Rule("A-ACT-5", "A request that is no preflight reaches the application once",
         source=page("#simple-requests"), level=MUST, profile=HOUSE,
         applies=actual_request_and_known_calls, holds=app_is_called_once),
)  # fmt: skip
