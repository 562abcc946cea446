"""What happens to the application's responses."""

from spec.http import elements, is_ok_status
from spec.policy import exposed_headers
from spec.rules.record import Exchange, Level, Profile, Rule, Severity, Subject
from spec.rules.server.examples import A_ALONE, ALLOWED, LIST, PLAIN, WILDCARD, A, B, get, gives, seen
from spec.rules.server.facts import (
    ACAC,
    ACAO,
    ACEH,
    actual,
    allowed,
    answered,
    app,
    app_is_called_once,
    calls_are_known,
    disallowed,
    granted,
    has_an_origin,
    is_sent_by_a_page,
    origin,
    same_but_for,
    unchanged_but_for,
)
from spec.rules.sources import PARAMETERS, fetch, page

RULES: list[Rule] = []


def no_origin_and_known_app(exchange: Exchange) -> bool:
    return not has_an_origin(exchange) and exchange.app_response is not None


def all_but_vary_and_a_constant_permission_is_the_apps(exchange: Exchange) -> bool:
    return unchanged_but_for(exchange, {"vary"} | static_permission(exchange))


def static_permission(exchange: Exchange) -> set[str]:
    """Allow-Origin, if `*` was added: what a server that allows all may send without being asked."""
    return {ACAO} if answered(exchange, ACAO) == [b"*"] else set()


RULES.append(
    Rule(
        id="D-25",
        aliases=("S-RSP-1",),
        title="Requests without Origin are left alone",
        sentence=(
            "The response to a request without Origin is the application's, except for Vary and an "
            "added `Access-Control-Allow-Origin: *`"
        ),
        sources=(PARAMETERS, fetch("#cors-protocol-and-http-caches")),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.DOCUMENTED,
        applies=no_origin_and_known_app,
        holds=all_but_vary_and_a_constant_permission_is_the_apps,
        why=(
            "Page loads, same-origin scripts and command line clients get something other than what "
            "the application sent."
        ),
        repair=(
            "Pass requests without Origin to the application and keep its status, body and headers, "
            "adding only Vary or `Access-Control-Allow-Origin: *`."
        ),
        implies=("A-ACT-4",),
        counterexample=seen(LIST, get(), gives("x-extra: 1 | vary: Origin"), PLAIN, 1),
    )
)


def actual_request_and_known_app(exchange: Exchange) -> bool:
    return actual(exchange) and has_an_origin(exchange) and app_is_known(exchange)


def app_is_known(exchange: Exchange) -> bool:
    """We saw what the application answered, and whether it was called."""
    return exchange.app_response is not None and calls_are_known(exchange)


def app_answers_but_for_cors_headers(exchange: Exchange) -> bool:
    changed = {"vary", ACAO, ACAC, ACEH} if allowed(exchange) else {"vary"}
    return app_is_called_once(exchange) and unchanged_but_for(exchange, changed)


RULES.append(
    Rule(
        id="D-28",
        aliases=("S-RSP-2",),
        title="Actual requests pass through to the application",
        sentence=(
            "An actual request with Origin reaches the application once, and only Vary and an allowed "
            "origin's CORS headers may change"
        ),
        sources=(page("#simple-requests"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.DOCUMENTED,
        applies=actual_request_and_known_app,
        holds=app_answers_but_for_cors_headers,
        why=(
            "The application's work is skipped, repeated or altered, only because a request has an "
            "Origin header."
        ),
        repair=(
            "Call the application once, keep its status, body and headers, and change only Vary and, "
            "for an allowed origin, the CORS headers."
        ),
        implies=("A-ACT-4",),
        counterexample=seen(LIST, get(f"origin: {A}"), gives(ALLOWED, body="other"), PLAIN, 1),
    )
)


def actual_response_to_an_allowed_origin(exchange: Exchange) -> bool:
    return actual(exchange) and allowed(exchange)


def configured_headers_are_exposed(exchange: Exchange) -> bool:
    configured = [name.encode() for name in exposed_headers(exchange.config)]
    return elements(answered(exchange, ACEH)) == configured


RULES.append(
    Rule(
        id="D-23",
        aliases=("S-RSP-5",),
        title="Configured response headers are exposed",
        sentence=(
            "Actual responses to allowed origins list exactly expose_headers in "
            "Access-Control-Expose-Headers, in the configured order"
        ),
        sources=(PARAMETERS,),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.DOCUMENTED,
        applies=actual_response_to_an_allowed_origin,
        holds=configured_headers_are_exposed,
        needs=("expose_headers",),
        why=(
            "Scripts cannot read response headers that are configured as readable, or can read others "
            "that are not."
        ),
        repair=(
            "Send the names from expose_headers in Access-Control-Expose-Headers on every actual "
            "response to an allowed origin, error responses included."
        ),
        implies=("S-WRK-3",),
        counterexample=seen(LIST, get(f"origin: {A}"), gives(f"{A_ALONE} | vary: Origin")),
    )
)


def unusual_status_for_an_allowed_origin(exchange: Exchange) -> bool:
    return actual_response_to_an_allowed_origin(exchange) and not is_ok_status(exchange.response.status)


RULES.append(
    Rule(
        id="S-RSP-3",
        aliases=("S-RSP-6",),
        title="Redirects and errors are readable too",
        sentence=(
            "An actual response to an allowed origin also allows that origin when its status is not 2xx"
        ),
        sources=(page("#simple-requests"), fetch("#http-responses")),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.DOCUMENTED,
        applies=unusual_status_for_an_allowed_origin,
        holds=granted,
        why=(
            "The page sees a network error in place of the status and message of an error, and "
            "redirects fail."
        ),
        repair=(
            "Add Access-Control-Allow-Origin to responses for allowed origins whatever their status, "
            "3xx, 4xx and 5xx included."
        ),
        implies=("D-06", "S-ORG-2", "S-WRK-5"),
        counterexample=seen(WILDCARD, get(f"origin: {A}"), gives(status=500)),
    )
)


def post_from_an_unlisted_origin(exchange: Exchange) -> bool:
    return exchange.request.method == "POST" and disallowed(exchange) and app_is_known(exchange)


def it_is_served(exchange: Exchange) -> bool:
    return app_is_called_once(exchange) and exchange.response.status == app(exchange).status


RULES.append(
    Rule(
        id="S-RSP-8",
        title="POST requests from unlisted origins are served",
        sentence=(
            "A POST from an origin that is not allowed reaches the application once and gets the "
            "application's status"
        ),
        sources=(page("#simple-requests"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.DOCUMENTED,
        applies=post_from_an_unlisted_origin,
        holds=it_is_served,
        why=(
            "Browsers send Origin with POST requests to their own site too. Rejecting them breaks the "
            "site's own forms and scripts."
        ),
        repair=(
            "Pass the request on to the application and leave out the CORS headers, instead of "
            "responding with an error."
        ),
        implies=("D-28", "A-ACT-4"),
        counterexample=seen(LIST, get(f"origin: {B}", "POST"), gives("vary: Origin", status=403), PLAIN, 1),
    )
)


def unlisted_page_and_nobody(a: Exchange, b: Exchange) -> bool:
    """One actual request without Origin, which succeeds, and the same from a page that is not allowed."""
    nobody, page = without_origin_first(a, b)
    sent = origin(page)
    if sent is None or has_an_origin(nobody) or allowed(page) or not is_sent_by_a_page(sent):
        return False
    alike = same_but_for(a, b, "origin") and actual(page) and a.app_response == b.app_response
    return alike and is_ok_status(nobody.response.status)


def without_origin_first(a: Exchange, b: Exchange) -> tuple[Exchange, Exchange]:
    """Both, one without Origin before the other."""
    return (b, a) if has_an_origin(a) else (a, b)


def both_have_one_status(a: Exchange, b: Exchange) -> bool:
    return a.response.status == b.response.status


RULES.append(
    Rule(
        id="S-RSP-11",
        title="Unlisted origins get the usual status",
        sentence=(
            "An actual request from an origin that is not allowed gets the status that the same request "
            "without Origin gets"
        ),
        sources=(page("#simple-requests"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.DOCUMENTED,
        subject=Subject.PAIR,
        applies=unlisted_page_and_nobody,
        holds=both_have_one_status,
        why=(
            "The documentation passes such requests on. Rejecting them breaks clients that send an Origin "
            "without needing CORS, such as the site's own forms."
        ),
        repair=(
            "Pass the request on to the application and leave out the CORS headers, instead of responding "
            "with 403 or another error."
        ),
        counterexample=(
            *seen(LIST, get(), gives("vary: Origin")),
            *seen(LIST, get(f"origin: {B}"), gives("vary: Origin", status=403)),
        ),
    )
)
