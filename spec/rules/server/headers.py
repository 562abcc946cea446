"""Which request headers a preflight response allows."""

from spec.http import names
from spec.policy import ALWAYS_ALLOWED_HEADERS, any_header_is_allowed, header_is_allowed, requested_headers
from spec.rules.record import Exchange, Level, Profile, Rule, Severity
from spec.rules.server.examples import ANY_HEADER, HEADERS, LIST, TOKEN, asks, permits, says, seen
from spec.rules.server.facts import (
    ACAH,
    ACRH,
    asked_headers,
    is_allowed_preflight,
    listed,
    preflight_of_an_allowed_origin,
)
from spec.rules.sources import PARAMETERS, fetch

RULES: list[Rule] = []


def preflight_for_headers(exchange: Exchange) -> bool:
    asked = requested_headers(exchange.request)
    if not asked or not preflight_of_an_allowed_origin(exchange):
        return False
    return b"*" not in asked


def configured_headers_alone_are_listed(exchange: Exchange) -> bool:
    asked = asked_headers(exchange)
    return listed(exchange, ACAH, asked) == [
        name for name in asked if header_is_allowed(exchange.config, name)
    ]


RULES.append(
    Rule(
        id="D-12",
        title="Preflight responses list only allowed headers",
        sentence=(
            "Of the requested headers, the response to a preflight from an allowed origin lists "
            "exactly the allowed ones"
        ),
        sources=(PARAMETERS,),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.DOCUMENTED,
        applies=preflight_for_headers,
        holds=configured_headers_alone_are_listed,
        needs=("allow_headers", "preflights"),
        why=(
            "Pages can send request headers that nobody enabled, or the browser blocks headers that "
            "are configured."
        ),
        repair=(
            "Put the names from allow_headers and the four always allowed headers into "
            "Access-Control-Allow-Headers, and copy requested names only if `*` is configured."
        ),
        implies=("A-PF-7", "S-WRK-2"),
        counterexample=seen(
            LIST,
            asks(more=TOKEN),
            says(200, "OK", permits(headers=HEADERS)),
        ),
    )
)


def all_headers_are_configured(exchange: Exchange) -> bool:
    return any_header_is_allowed(exchange.config) and preflight_for_headers(exchange)


def all_requested_headers_are_listed(exchange: Exchange) -> bool:
    return listed(exchange, ACAH, asked_headers(exchange)) == asked_headers(exchange)


RULES.append(
    Rule(
        id="D-19",
        title="The wildcard allows every request header",
        sentence=(
            "With `*` in allow_headers, preflight responses to allowed origins cover every requested header"
        ),
        sources=(PARAMETERS,),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.DOCUMENTED,
        applies=all_headers_are_configured,
        holds=all_requested_headers_are_listed,
        needs=("allow_headers", "preflights"),
        why=("The browser blocks requests whose headers the configuration allows, Authorization among them."),
        repair=(
            "Copy the names from Access-Control-Request-Headers into Access-Control-Allow-Headers "
            "when `*` is in allow_headers."
        ),
        implies=("D-12", "A-PF-8", "S-WRK-2"),
        counterexample=seen(
            ANY_HEADER, asks(more=TOKEN), says(200, "OK", permits(methods="PUT", headers=""))
        ),
    )
)


def preflight_is_successful(exchange: Exchange) -> bool:
    return exchange.response.status == 200


def allowed_preflight_for_always_allowed_headers(exchange: Exchange) -> bool:
    """Allowed, and asking for headers that the page always allows and for no other."""
    asked = names(exchange.request.lines(ACRH))
    always = {name.lower().encode() for name in ALWAYS_ALLOWED_HEADERS}
    return is_allowed_preflight(exchange) and bool(asked) and asked <= always


def always_allowed_headers_are_listed(exchange: Exchange) -> bool:
    return preflight_is_successful(exchange) and all_requested_headers_are_listed(exchange)


RULES.append(
    Rule(
        id="D-20",
        aliases=("S-PF-10",),
        title="Four request headers are always allowed",
        sentence=(
            "An otherwise allowed preflight for only Accept, Accept-Language, Content-Language or "
            "Content-Type gets 200 and lists them"
        ),
        sources=(PARAMETERS,),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.DOCUMENTED,
        applies=allowed_preflight_for_always_allowed_headers,
        holds=always_allowed_headers_are_listed,
        needs=("allow_headers", "preflights"),
        why=(
            "Requests with a JSON Content-Type, for example, fail although the documentation says "
            "that this header is always allowed."
        ),
        repair=(
            "Add Accept, Accept-Language, Content-Language and Content-Type to the allowed headers, "
            "whatever allow_headers contains."
        ),
        implies=("D-12", "A-PF-7"),
        counterexample=seen(
            LIST,
            asks(more="access-control-request-headers: content-type"),
            says(200, "OK", permits(headers="Accept, Accept-Language, Content-Language, X-Token")),
        ),
    )
)


def preflight_that_asks_for_nothing_more(exchange: Exchange) -> bool:
    """Without Access-Control-Request-Headers, and nothing else that is refused."""
    return is_allowed_preflight(exchange) and not exchange.request.lines(ACRH)


RULES.append(
    Rule(
        id="S-PF-9",
        title="Preflights may request no headers",
        sentence=("An otherwise allowed preflight without Access-Control-Request-Headers gets status 200"),
        sources=(fetch("#http-access-control-request-headers"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.DOCUMENTED,
        applies=preflight_that_asks_for_nothing_more,
        holds=preflight_is_successful,
        needs=("preflights",),
        why=(
            "Browsers leave this header out when there is nothing to list, so PUT or DELETE without "
            "special headers fails."
        ),
        repair=(
            "Treat a missing Access-Control-Request-Headers as an empty list, and respond with 200 if "
            "origin and method are allowed."
        ),
        implies=("D-27", "S-WRK-2"),
        counterexample=seen(LIST, asks(), says(400, "OK", permits())),
    )
)


def authorization_is_asked_of_the_wildcard(exchange: Exchange) -> bool:
    asked = names(exchange.request.lines(ACRH))
    return all_headers_are_configured(exchange) and b"authorization" in asked


def authorization_is_listed_by_name(exchange: Exchange) -> bool:
    return b"authorization" in names(exchange.response.lines(ACAH))


RULES.append(
    Rule(
        id="S-PF-11",
        title="Authorization is listed by name",
        sentence=(
            "With `*` in allow_headers, preflight responses to allowed origins list Authorization by "
            "name when it is requested"
        ),
        sources=(fetch("#cors-non-wildcard-request-header-name"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.DOCUMENTED,
        applies=authorization_is_asked_of_the_wildcard,
        holds=authorization_is_listed_by_name,
        needs=("allow_headers", "preflights"),
        why=("Browsers do not count `*` as covering Authorization, so requests with tokens are blocked."),
        repair=(
            "Add `Authorization` to Access-Control-Allow-Headers when it is requested, next to or "
            "instead of `*`."
        ),
        implies=("D-12", "D-19", "A-PF-8"),
        counterexample=seen(
            ANY_HEADER,
            asks(more="access-control-request-headers: authorization"),
            says(200, "OK", permits(methods="PUT", headers="*")),
        ),
    )
)
