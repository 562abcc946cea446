"""What this implementation decides for lists in preflight responses, and for private networks."""

from spec.config import Config
from spec.policy import (
    allowed_headers,
    allowed_methods,
    any_header_is_allowed,
    asks_for_private_network,
    requested_headers,
)
from spec.rules.record import Exchange, Level, Profile, Rule, Severity
from spec.rules.server.examples import ALL_METHODS, EVERYTHING, HEADERS, LIST, TRUE, asks, permits, says, seen
from spec.rules.server.facts import ACAH, ACAM, ACAPN, preflight, preflight_of_an_allowed_origin
from spec.rules.sources import fetch

RULES: list[Rule] = []


def methods_are_listed_in_order(exchange: Exchange) -> bool:
    methods = ", ".join(allowed_methods(exchange.config)).encode()
    return exchange.response.lines(ACAM) == ([methods] if methods else [])


RULES.append(
    Rule(
        id="A-PF-6",
        title="Methods are listed by name in order",
        sentence=(
            "Preflight responses to allowed origins list each method once, in configured order; `*` "
            "stands for all standard methods, which come first"
        ),
        sources=(fetch("#http-access-control-allow-methods"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.IMPLEMENTATION,
        applies=preflight_of_an_allowed_origin,
        holds=methods_are_listed_in_order,
        needs=("allow_methods",),
        why=(
            "Browsers read `*` as a literal name when credentials are used, and block methods that "
            "the list does not contain."
        ),
        repair=(
            "Join the methods with a comma and a space in one Access-Control-Allow-Methods, or leave "
            "it out if no method is configured."
        ),
        counterexample=seen(LIST, asks(), says(200, "OK", permits(methods="PUT, GET"))),
    )
)


def preflight_against_a_list_of_headers(exchange: Exchange) -> bool:
    return preflight_of_an_allowed_origin(exchange) and not any_header_is_allowed(exchange.config)


def headers_are_listed_in_order(exchange: Exchange) -> bool:
    return exchange.response.lines(ACAH) == [", ".join(allowed_headers(exchange.config)).encode()]


RULES.append(
    Rule(
        id="A-PF-7",
        title="Allowed headers are listed and sorted",
        sentence=(
            "Without `*` in allow_headers, preflights from allowed origins get one sorted list of its "
            "names and the four always allowed ones"
        ),
        sources=(fetch("#http-access-control-allow-headers"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.IMPLEMENTATION,
        applies=preflight_against_a_list_of_headers,
        holds=headers_are_listed_in_order,
        needs=("allow_headers",),
        why=(
            "Browsers block request headers that are configured but not listed. A changing order or "
            "spelling makes responses hard to compare."
        ),
        repair=(
            "Send one Access-Control-Allow-Headers with allow_headers, Accept, Accept-Language, "
            "Content-Language and Content-Type, each once."
        ),
        counterexample=seen(LIST, asks(), says(200, "OK", permits(headers=f"X-Token, {HEADERS}"))),
    )
)


def preflight_against_any_header(exchange: Exchange) -> bool:
    return preflight_of_an_allowed_origin(exchange) and any_header_is_allowed(exchange.config)


def headers_are_listed_as_asked(exchange: Exchange) -> bool:
    asked = b", ".join(requested_headers(exchange.request) or ())
    return exchange.response.lines(ACAH) == ([asked] if asked else [])


RULES.append(
    Rule(
        id="A-PF-8",
        title="Requested headers are listed as sent",
        sentence=(
            "With `*` in allow_headers, preflights from allowed origins get the requested headers as "
            "sent, or none if the list is invalid"
        ),
        sources=(fetch("#http-access-control-allow-headers"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.IMPLEMENTATION,
        applies=preflight_against_any_header,
        holds=headers_are_listed_as_asked,
        needs=("allow_headers",),
        why=(
            "Browsers block headers that are missing from the list, and with credentials or for "
            "Authorization they do not accept `*` instead."
        ),
        repair=(
            "Copy the requested names, joined with a comma and a space. Send no list if one is not a "
            "token or the value exceeds 16 KiB."
        ),
        counterexample=seen(
            EVERYTHING,
            asks(more="access-control-request-headers: x-b,x-a"),
            says(200, "OK", permits(methods=ALL_METHODS, headers="x-a, x-b", more=TRUE)),
        ),
    )
)


def private_network_is_granted_on_demand(exchange: Exchange) -> bool:
    asked = asks_for_private_network(exchange.request)
    granted = asked and not exchange.refused
    return exchange.response.lines(ACAPN) == ([b"true"] if granted else [])


RULES.append(
    Rule(
        id="A-PF-9",
        title="Private network access on allowed preflights",
        sentence=(
            "`Access-Control-Allow-Private-Network: true` is sent once if a preflight requests it and "
            "is not refused, and otherwise not at all"
        ),
        sources=("https://wicg.github.io/private-network-access/#cors-preflight",),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.IMPLEMENTATION,
        applies=preflight,
        holds=private_network_is_granted_on_demand,
        needs=("allow_private_network",),
        why=(
            "Pages cannot reach a private network server that is configured to allow it, or a refused "
            "preflight appears to allow it."
        ),
        repair=(
            "Send `Access-Control-Allow-Private-Network: true` if the preflight has "
            "`Access-Control-Request-Private-Network: true` and nothing in it is refused."
        ),
        counterexample=seen(
            Config(**(vars(LIST) | {"allow_private_network": True})),
            asks(more="access-control-request-private-network: true"),
            says(200, "OK", permits()),
        ),
    )
)
