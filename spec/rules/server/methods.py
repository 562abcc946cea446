"""Which methods a preflight response allows."""

from spec.config import Config
from spec.http import elements, is_token
from spec.policy import STANDARD_METHODS, any_header_is_allowed, method_is_allowed, requested_methods
from spec.rules.record import Exchange, Level, Profile, Rule, Severity, Subject
from spec.rules.server.examples import (
    ALL_METHODS,
    EVERYTHING,
    HEADERS,
    LIST,
    TOKEN,
    TRUE,
    A,
    asks,
    permits,
    says,
    seen,
)
from spec.rules.server.facts import (
    ACAM,
    a_browser_sends_it,
    is_allowed_preflight,
    lower,
    method_listed,
    method_of,
    preflight_of_an_allowed_origin,
    proceeds,
    same_but_for,
)
from spec.rules.sources import PARAMETERS, rfc9110

RULES: list[Rule] = []


ACRM = "access-control-request-method"


def methods_alike_but_for_case(a: Exchange, b: Exchange) -> bool:
    """Two preflights that ask for one method in two spellings, of which just one is allowed, by its name."""
    if not (preflight_of_an_allowed_origin(a) and same_but_for(a, b, ACRM)) or "*" in a.config.allow_methods:
        return False
    one, other = requested_methods(a.request), requested_methods(b.request)
    if len(one) > 1 or lower(one) != lower(other):
        return False
    return method_is_allowed(a.config, method_of(a)) != method_is_allowed(b.config, method_of(b))


def exact_method_alone_is_listed(a: Exchange, b: Exchange) -> bool:
    """The answer to the one that is not allowed does not name its method; a browser compares them exactly."""
    wrong = b if method_is_allowed(a.config, method_of(a)) else a
    return method_of(wrong) not in elements(wrong.response.lines(ACAM))


RULES.append(
    Rule(
        id="S-PF-6",
        aliases=("S-HTTP-1",),
        title="Methods are case-sensitive",
        sentence=(
            "A preflight response does not list a requested method that differs from a configured one "
            "only in letter case"
        ),
        sources=(rfc9110("9.1"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        subject=Subject.PAIR,
        applies=methods_alike_but_for_case,
        holds=exact_method_alone_is_listed,
        needs=("allow_methods", "preflights"),
        why=(
            "Method names are case-sensitive: where PATCH is configured, a page can send `patch`, which "
            "nobody enabled. Browsers send DELETE, GET, HEAD, OPTIONS, POST and PUT in upper case."
        ),
        repair=(
            "Compare Access-Control-Request-Method with the configured methods exactly, and list these as "
            "they are configured, without converting to upper or lower case."
        ),
        implies=("D-11", "A-PF-6"),
        counterexample=(
            *seen(LIST, asks(), says(200, "OK", permits())),
            *seen(
                LIST,
                asks(method="put"),
                says(400, "Disallowed CORS method", permits(methods="GET, PUT, put")),
            ),
        ),
    )
)


def all_methods_are_configured(exchange: Exchange) -> bool:
    return "*" in exchange.config.allow_methods and preflight_of_an_allowed_origin(exchange)


def standard_methods_are_listed(exchange: Exchange) -> bool:
    # QUERY is left out: it is our reading of "standard", younger than the page.
    standard = [method.encode() for method in STANDARD_METHODS if method != "QUERY"]
    return all(method_listed(exchange, method) for method in standard)


RULES.append(
    Rule(
        id="S-PF-12",
        title="All standard methods are listed",
        sentence=(
            "With `*` in allow_methods, preflight responses to allowed origins cover DELETE, GET, "
            "HEAD, OPTIONS, PATCH, POST and PUT"
        ),
        sources=(PARAMETERS,),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.DOCUMENTED,
        applies=all_methods_are_configured,
        holds=standard_methods_are_listed,
        needs=("allow_methods", "preflights"),
        why=(
            "The browser blocks methods that the configuration allows. With allow_credentials a bare "
            "`*` covers none of them."
        ),
        repair=(
            "List all seven by name in Access-Control-Allow-Methods, or send `*` if allow_credentials is off."
        ),
        implies=("A-PF-6",),
        counterexample=seen(
            EVERYTHING, asks(), says(200, "OK", permits(methods="PUT", headers="", more=TRUE))
        ),
    )
)


def preflight_for_one_method(exchange: Exchange) -> bool:
    if not preflight_of_an_allowed_origin(exchange):
        return False
    asked = set(requested_methods(exchange.request))
    return len(asked) == 1 and is_token(*asked) and b"*" not in asked


def configured_methods_alone_are_listed(exchange: Exchange) -> bool:
    method = requested_methods(exchange.request)[0]
    return method_listed(exchange, method) == method_is_allowed(exchange.config, method)


RULES.append(
    Rule(
        id="D-11",
        title="Preflight responses list only configured methods",
        sentence=(
            "The response to a preflight from an allowed origin lists the requested method if and "
            "only if it is configured"
        ),
        sources=(PARAMETERS,),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.DOCUMENTED,
        applies=preflight_for_one_method,
        holds=configured_methods_alone_are_listed,
        needs=("allow_methods", "preflights"),
        why=(
            "Pages can send methods that nobody enabled, or the browser blocks methods that are configured."
        ),
        repair=(
            "Build Access-Control-Allow-Methods from allow_methods, and never copy the requested "
            "method into it unchecked."
        ),
        implies=("A-PF-6", "S-WRK-2"),
        counterexample=seen(LIST, asks(), says(200, "OK", permits(methods="GET"))),
    )
)


def all_is_configured_with_credentials(exchange: Exchange) -> bool:
    """The page's example, asked as a browser asks."""
    config = exchange.config
    if not (config.allow_credentials and "*" in config.allow_methods and any_header_is_allowed(config)):
        return False
    return is_allowed_preflight(exchange) and a_browser_sends_it(exchange)


def browser_proceeds_with_credentials(exchange: Exchange) -> bool:
    return proceeds(exchange, credentials=True)


RULES.append(
    Rule(
        id="D-13",
        title="All methods and headers work with credentials",
        sentence=(
            "With allow_credentials and `*` for methods and headers, the browser accepts an allowed "
            "preflight for a request with credentials"
        ),
        sources=(PARAMETERS,),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.DOCUMENTED,
        applies=all_is_configured_with_credentials,
        holds=browser_proceeds_with_credentials,
        needs=("allow_credentials", "preflights"),
        why=(
            "Browsers read `*` as a literal name when credentials are used, so they block every such "
            "request that needs a preflight."
        ),
        repair=(
            "List the methods by name, copy the requested headers into Access-Control-Allow-Headers, "
            "and send the exact origin and `true` for credentials."
        ),
        implies=("D-10", "A-PF-5", "S-WRK-2"),
        counterexample=seen(
            EVERYTHING,
            asks(more=TOKEN),
            says(200, "OK", permits(methods=ALL_METHODS, headers="x-token")),
        ),
    )
)


def methods_are_the_default(exchange: Exchange) -> bool:
    return exchange.config.allow_methods == ("GET",) and preflight_of_an_allowed_origin(exchange)


def get_alone_is_listed(exchange: Exchange) -> bool:
    return elements(exchange.response.lines(ACAM)) == [b"GET"]


RULES.append(
    Rule(
        id="D-18",
        title="Only GET is allowed by default",
        sentence=(
            "With the default allow_methods, preflight responses to allowed origins list GET and no "
            "other method"
        ),
        sources=(PARAMETERS,),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.DOCUMENTED,
        applies=methods_are_the_default,
        holds=get_alone_is_listed,
        needs=("allow_methods", "preflights"),
        why="Pages can send methods that nobody enabled, such as PUT or DELETE.",
        repair=("Send `Access-Control-Allow-Methods: GET` when allow_methods contains only GET."),
        implies=("A-PF-6",),
        counterexample=seen(
            Config(allow_origins=(A,)),
            asks(method="GET"),
            says(200, "OK", permits(methods="GET, PUT", headers=HEADERS)),
        ),
    )
)
