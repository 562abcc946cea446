"""What pages of allowed origins can read of a response: the configured headers, and errors."""

from spec.browser.exposure import FORBIDDEN_RESPONSE_HEADERS, SAFELISTED_RESPONSE_HEADERS
from spec.http import is_ok_status, tokens
from spec.policy import exposed_headers
from spec.rules.record import Exchange, Expectation, Level, Profile, Rule, Severity
from spec.rules.server.examples import A_ALONE, COUNT, LIST, A, get, gives, seen
from spec.rules.server.facts import (
    ACEH,
    answered,
    granted,
    granted_with_credentials,
    method_is_configured,
    page_of_an_allowed_origin,
    text,
    uses_credentials,
)
from spec.rules.sources import fetch

RULES: list[Rule] = []

ALWAYS_READABLE = SAFELISTED_RESPONSE_HEADERS
NEVER_READABLE = FORBIDDEN_RESPONSE_HEADERS


def response_with_configured_headers(exchange: Exchange) -> bool:
    """A successful GET of a page of an allowed origin, where headers to be exposed are configured."""
    if not exchange.config.expose_headers or not page_gets(exchange):
        return False
    return is_ok_status(exchange.response.status)


def page_gets(exchange: Exchange) -> bool:
    """A GET, which is configured, of a page of an allowed origin."""
    configured = method_is_configured(exchange, b"GET") and page_of_an_allowed_origin(exchange)
    return configured and exchange.request.method == "GET"


def exposed(exchange: Exchange) -> set[str]:
    """What Access-Control-Expose-Headers lists for a browser, in lower case; `*` where it is listed."""
    return {text(name).lower() for name in tokens(answered(exchange, ACEH)) or ()}


def configured_to_be_exposed(exchange: Exchange) -> set[str]:
    """expose_headers in lower case."""
    return {name.lower() for name in exposed_headers(exchange.config)}


def all_configured_headers_are_readable(exchange: Exchange) -> bool:
    listed, wanted = exposed(exchange), configured_to_be_exposed(exchange)
    if "*" in listed and not uses_credentials(exchange):
        return True
    if "*" in wanted and not uses_credentials(exchange):
        wanted |= {text(name).lower() for name, _ in exchange.response.headers}
    return wanted - {"*"} - ALWAYS_READABLE - NEVER_READABLE <= listed


def configured_headers_are_shown(exchange: Exchange) -> list[Expectation]:
    wanted = ", ".join(exposed_headers(exchange.config))
    return [Expectation(ACEH, f"names {wanted}", all_configured_headers_are_readable(exchange))]


RULES.append(
    Rule(
        id="S-WRK-3",
        title="Configured response headers are readable",
        sentence=(
            "A page of an allowed origin can read the headers in expose_headers from a 2xx response to GET"
        ),
        sources=(fetch("#http-access-control-expose-headers"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        applies=response_with_configured_headers,
        holds=all_configured_headers_are_readable,
        needs=("expose_headers",),
        shows=configured_headers_are_shown,
        why="Scripts get null for response headers that are configured as readable.",
        repair=(
            "Send the names from expose_headers in Access-Control-Expose-Headers on actual responses; with "
            "credentials list them by name, not by `*`."
        ),
        implies=("D-23",),
        counterexample=seen(LIST, get(f"origin: {A}"), gives(f"{A_ALONE} | vary: Origin")),
    )
)


def nothing_else_is_exposed(exchange: Exchange) -> bool:
    configured = configured_to_be_exposed(exchange)
    return "*" in configured or exposed(exchange) <= configured | ALWAYS_READABLE | NEVER_READABLE


def nothing_more_is_shown(exchange: Exchange) -> list[Expectation]:
    wanted = ", ".join(exposed_headers(exchange.config))
    return [Expectation(ACEH, f"no other name than {wanted}", nothing_else_is_exposed(exchange))]


RULES.append(
    Rule(
        id="SEC-15",
        title="Only configured response headers are exposed",
        sentence=(
            "With expose_headers, a response to an allowed page exposes no other header, save those that "
            "every page can read"
        ),
        sources=(fetch("#http-access-control-expose-headers"),),
        level=Level.SECURITY,
        severity=Severity.LETS_IN,
        profile=Profile.SECURITY,
        applies=response_with_configured_headers,
        holds=nothing_else_is_exposed,
        needs=("expose_headers",),
        shows=nothing_more_is_shown,
        why="Scripts of other sites can read response headers that nobody enabled, such as tokens.",
        repair=(
            "List only the names from expose_headers in Access-Control-Expose-Headers, and send `*` only if "
            "`*` is configured."
        ),
        implies=("D-23",),
        counterexample=seen(LIST, get(f"origin: {A}"), gives(f"{A_ALONE} | {COUNT}, X-More | vary: Origin")),
    )
)


def error_for_an_allowed_page(exchange: Exchange) -> bool:
    return page_gets(exchange) and exchange.response.status >= 400


def the_page_may_read_it(exchange: Exchange) -> bool:
    return (granted_with_credentials if uses_credentials(exchange) else granted)(exchange)


RULES.append(
    Rule(
        id="S-WRK-5",
        title="Allowed pages can read errors",
        sentence=(
            "A page of an allowed origin can read the error of the path that the server is said to respond "
            "to with one"
        ),
        sources=(fetch("#http-responses"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        applies=error_for_an_allowed_page,
        holds=the_page_may_read_it,
        path="error_path",
        why="The page sees a network error in place of the status and the message of the error.",
        repair=(
            "Add the CORS headers to errors as well: let the component that handles CORS wrap the one that "
            "handles errors."
        ),
        implies=("D-05", "S-ORG-2", "S-RSP-3"),
        counterexample=seen(LIST, get(f"origin: {A}"), gives(COUNT, status=404)),
    )
)
