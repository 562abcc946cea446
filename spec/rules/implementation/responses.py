"""What this implementation decides for all other responses, beyond the standards."""

from spec.http import elements, names
from spec.origin import parse_pattern
from spec.policy import exposed_headers, origin_is_listed
from spec.rules.record import Exchange, Level, Profile, Rule, Severity
from spec.rules.server.examples import COUNT, LIST, PATTERN, PLAIN, B, get, gives, seen
from spec.rules.server.facts import (
    ACAC,
    ACAO,
    ACEH,
    VARY,
    actual,
    allowed,
    app,
    app_is_called_once,
    calls_are_known,
    granted_as_it_should,
    origin_is_judged_by_a_list,
    permission_is_sent,
    text,
    the_origin,
    unchanged_but_for,
)
from spec.rules.sources import fetch, page

RULES: list[Rule] = []


def origin_is_judged_by_patterns(exchange: Exchange) -> bool:
    """There is one Origin, and the list, which alone decides, has a pattern and does not name it."""
    patterns = [entry for entry in exchange.config.allow_origins if parse_pattern(entry)]
    if not patterns or not origin_is_judged_by_a_list(exchange):
        return False
    written = text(the_origin(exchange))
    return written in patterns or written not in exchange.config.allow_origins


def patterns_alone_grant(exchange: Exchange) -> bool:
    return granted_as_it_should(exchange, origin_is_listed(exchange.config, the_origin(exchange)))


RULES.append(
    Rule(
        id="A-ORG-1",
        title="Patterns allow exactly what they match",
        sentence=(
            "Without a regular expression or `*`, origins that are not listed exactly are allowed if "
            "and only if a pattern matches them"
        ),
        sources=(fetch("#origin-header"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.IMPLEMENTATION,
        applies=origin_is_judged_by_patterns,
        holds=patterns_alone_grant,
        needs=("origin_patterns",),
        why=(
            "A page of an origin outside the pattern can read the response, or a page of an origin "
            "that the pattern covers cannot."
        ),
        repair=(
            "Let `*.` match one or more whole labels and `:*` match any port, and compare the scheme "
            "and the rest of the origin exactly."
        ),
        implies=("D-05", "S-ORG-2", "S-WRK-1"),
        counterexample=seen(PATTERN, get("origin: https://b.a.example"), gives()),
    )
)


def actual_response_and_known_app(exchange: Exchange) -> bool:
    return actual(exchange) and exchange.app_response is not None


def permission_follows_the_configuration(exchange: Exchange) -> bool:
    """For an allowed origin as configured; for any other, and without one, as the application said."""
    if allowed(exchange):
        return permission_is_sent(exchange)
    return all(exchange.response.lines(name) == app(exchange).lines(name) for name in (ACAO, ACAC))


RULES.append(
    Rule(
        id="A-ACT-1",
        title="Configuration decides for allowed origins",
        sentence=(
            "On actual responses, origin and credentials headers are as configured for an allowed "
            "origin, otherwise as the application sent"
        ),
        sources=(page("#simple-requests"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.IMPLEMENTATION,
        applies=actual_response_and_known_app,
        holds=permission_follows_the_configuration,
        why=(
            "Pages of allowed origins cannot read responses that the configuration allows, or the "
            "application's own CORS headers are lost."
        ),
        repair=(
            "For an allowed origin, replace Access-Control-Allow-Origin and "
            "Access-Control-Allow-Credentials. Otherwise leave both unchanged."
        ),
        implies=("D-25",),
        counterexample=seen(
            LIST,
            get(),
            gives("vary: Origin"),
            gives("access-control-allow-origin: *"),
        ),
    )
)


def exposed_headers_follow_the_configuration(exchange: Exchange) -> bool:
    """For an allowed origin as configured; where nothing is configured as the application said."""
    sent = exchange.response.lines(ACEH)
    if allowed(exchange) and exchange.config.expose_headers:
        return sent == [", ".join(exposed_headers(exchange.config)).encode()]
    return sent == app(exchange).lines(ACEH)


RULES.append(
    Rule(
        id="A-ACT-2",
        title="Configured exposed headers replace others",
        sentence=(
            "For an allowed origin, expose_headers, if configured, replaces the application's exposed "
            "headers; otherwise these are unchanged"
        ),
        sources=(page("#use-corsmiddleware"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.IMPLEMENTATION,
        applies=actual_response_and_known_app,
        holds=exposed_headers_follow_the_configuration,
        why=(
            "Scripts cannot read response headers that are configured as readable, or can read others "
            "that are not."
        ),
        repair=(
            "For an allowed origin send one Access-Control-Expose-Headers with expose_headers. If "
            "that is empty, keep the application's header."
        ),
        implies=("D-25",),
        counterexample=seen(LIST, get(), gives("vary: Origin"), gives(COUNT)),
    )
)


def vary_gains_origin(exchange: Exchange) -> bool:
    """Untouched if it says so already; else one line, the application's elements first."""
    before = app(exchange).lines(VARY)
    if b"*" in names(before) or (len(before) == 1 and b"origin" in names(before)):
        return exchange.response.lines(VARY) == before
    expected = elements(before)
    if b"origin" not in names(before):
        expected.append(b"Origin")
    return exchange.response.lines(VARY) == [b", ".join(expected)]


RULES.append(
    Rule(
        id="A-ACT-3",
        title="Actual responses vary by Origin",
        sentence=(
            "Vary of an actual response is unchanged if it has `*` or is one field line with Origin; "
            "otherwise it becomes one field line that names Origin"
        ),
        sources=(fetch("#cors-protocol-and-http-caches"),),
        level=Level.MUST,
        severity=Severity.CACHE,
        profile=Profile.IMPLEMENTATION,
        applies=actual_response_and_known_app,
        holds=vary_gains_origin,
        why=(
            "A cache may serve a response made for another origin. The browser then blocks an allowed "
            "page, or a page can read too much."
        ),
        repair=(
            "Join the application's Vary names in one field line and append `Origin` if missing. "
            "Change nothing if Vary contains `*`."
        ),
        counterexample=seen(LIST, get(), gives("vary: Accept, Origin"), gives("vary: Accept,Origin")),
    )
)


def the_rest_is_the_apps(exchange: Exchange) -> bool:
    return unchanged_but_for(exchange, {ACAO, ACAC, ACEH, VARY})


RULES.append(
    Rule(
        id="A-ACT-4",
        title="All else comes from the application",
        sentence=(
            "Actual responses keep the application's status, body and headers, apart from three CORS "
            "headers and Vary"
        ),
        sources=(page("#simple-requests"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.IMPLEMENTATION,
        applies=actual_response_and_known_app,
        holds=the_rest_is_the_apps,
        why=(
            "Content, cookies, caching or errors that the application sends are changed or lost only "
            "because CORS is enabled."
        ),
        repair=(
            "Change only Access-Control-Allow-Origin, Access-Control-Allow-Credentials, "
            "Access-Control-Expose-Headers and Vary."
        ),
        counterexample=seen(LIST, get(f"origin: {B}"), gives("vary: Origin", body="other"), PLAIN),
    )
)


def actual_request_and_known_calls(exchange: Exchange) -> bool:
    return actual(exchange) and calls_are_known(exchange)


RULES.append(
    Rule(
        id="A-ACT-5",
        title="Actual requests reach the application once",
        sentence="A request that is not a preflight reaches the application exactly once",
        sources=(page("#simple-requests"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.IMPLEMENTATION,
        applies=actual_request_and_known_calls,
        holds=app_is_called_once,
        why=("The application's work is skipped, or done twice, such as an order that is placed twice."),
        repair=(
            "Call the application exactly once for each request that is not a preflight, whatever its Origin."
        ),
        counterexample=seen(LIST, get(), gives("vary: Origin"), calls=2),
    )
)
