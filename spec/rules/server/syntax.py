"""How the CORS response headers are written."""

from spec.config import Config
from spec.http import is_token
from spec.rules.record import Exchange, Expectation, Level, Profile, Rule, Severity
from spec.rules.server.examples import (
    CREDENTIALS,
    HEADERS,
    LIST,
    WILDCARD,
    A,
    B,
    asks,
    get,
    gives,
    permits,
    says,
    seen,
)
from spec.rules.server.facts import (
    ACAC,
    ACAH,
    ACAM,
    ACAO,
    ACEH,
    MAX_AGE,
    ORIGIN,
    actual,
    allow_credentials_is_true_or_absent,
    allow_origin_is_one_origin,
    answered,
    has_allow_origin,
    is_configured,
    lists_are_of_tokens,
    lists_that_are_sent,
    method_of,
    preflight,
)
from spec.rules.sources import fetch

RULES: list[Rule] = []


def its_syntax_is_shown(exchange: Exchange) -> list[Expectation]:
    if not has_allow_origin(exchange):
        return []
    return [Expectation(ACAO, "*, null or one origin, once", allow_origin_is_one_origin(exchange))]


RULES.append(
    Rule(
        id="S-SYN-1",
        title="One valid Access-Control-Allow-Origin",
        sentence=(
            "Access-Control-Allow-Origin appears at most once, and its value is `*`, `null` or one origin"
        ),
        sources=(fetch("#http-new-header-syntax"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        applies=has_allow_origin,
        holds=allow_origin_is_one_origin,
        shows=its_syntax_is_shown,
        why=("Browsers reject lists, patterns and repeated field lines, so no page can read the response."),
        repair=(
            "Send one Access-Control-Allow-Origin field line with `*` or with the single origin that "
            "is allowed for this request."
        ),
        counterexample=seen(WILDCARD, get("origin: a b"), gives("access-control-allow-origin: a b")),
    )
)


def allow_origin_is_the_senders_or_static(exchange: Exchange) -> bool:
    """`*`, an Origin that was sent, or an origin that is configured by name."""
    value, *more = answered(exchange, ACAO)
    return not more and (value in (b"*", *exchange.request.lines(ORIGIN)) or is_configured(exchange, value))


def allowed_values_are_shown(exchange: Exchange) -> list[Expectation]:
    if not has_allow_origin(exchange):
        return []
    met = allow_origin_is_the_senders_or_static(exchange)
    return [Expectation(ACAO, "*, the origin that was sent, or one that is configured", met)]


RULES.append(
    Rule(
        id="S-ORG-1",
        title="Access-Control-Allow-Origin fits the request",
        sentence=(
            "Access-Control-Allow-Origin, if sent, is one value: `*`, the Origin of the request or an "
            "origin from the configuration"
        ),
        sources=(fetch("#http-responses"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        applies=has_allow_origin,
        holds=allow_origin_is_the_senders_or_static,
        shows=allowed_values_are_shown,
        why=(
            "Browsers reject a response that names an origin other than that of the page, so the page "
            "cannot read it."
        ),
        repair=(
            "Send `*`, the exact Origin of the request or one configured origin, not a pattern and "
            "not a rewritten value."
        ),
        counterexample=seen(LIST, get(), gives(f"access-control-allow-origin: {B} | vary: Origin")),
    )
)


def allow_credentials_is_shown(exchange: Exchange) -> list[Expectation]:
    return [Expectation(ACAC, "true, once, or absent", allow_credentials_is_true_or_absent(exchange))]


RULES.append(
    Rule(
        id="S-SYN-2",
        title="Access-Control-Allow-Credentials is `true` or absent",
        sentence=(
            "Access-Control-Allow-Credentials is absent, or appears once with exactly the value `true`"
        ),
        sources=(fetch("#http-new-header-syntax"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        holds=allow_credentials_is_true_or_absent,
        shows=allow_credentials_is_shown,
        why=(
            "Browsers ignore any other value, such as `True` or `true, true`, so responses to "
            "requests with credentials cannot be read."
        ),
        repair=(
            "Send `Access-Control-Allow-Credentials: true` once, or leave it out instead of sending `false`."
        ),
        counterexample=seen(
            CREDENTIALS, get(), gives("access-control-allow-credentials: false | vary: Origin")
        ),
    )
)


def lists_are_shown(exchange: Exchange) -> list[Expectation]:
    return lists_that_are_sent(exchange, ACAM, ACAH, ACEH)


RULES.append(
    Rule(
        id="S-SYN-3",
        title="Lists in CORS headers contain only tokens",
        sentence=(
            "Each field line that lists methods, allowed headers or exposed headers is empty or has "
            "tokens separated by single commas"
        ),
        sources=(fetch("#http-new-header-syntax"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        holds=lists_are_of_tokens,
        shows=lists_are_shown,
        why=(
            "One element that is not a token makes the whole list invalid: the preflight fails, or "
            "pages see no exposed header."
        ),
        repair=(
            "Write valid method or header names separated by a comma and a space, without quotes, "
            "brackets or empty elements."
        ),
        counterexample=seen(LIST, get(), gives("access-control-expose-headers: X Count | vary: Origin")),
    )
)


def has_max_age(exchange: Exchange) -> bool:
    return bool(answered(exchange, MAX_AGE))


def max_age_is_one_number(exchange: Exchange) -> bool:
    values = answered(exchange, MAX_AGE)
    return len(values) == 1 and values[0].isdigit()


def max_age_is_shown(exchange: Exchange) -> list[Expectation]:
    return [Expectation(MAX_AGE, "digits, once", max_age_is_one_number(exchange))]


RULES.append(
    Rule(
        id="S-SYN-4",
        title="Access-Control-Max-Age is one number",
        sentence=("If Access-Control-Max-Age is sent, it is a single field line that contains only digits"),
        sources=(fetch("#http-new-header-syntax"),),
        level=Level.MUST,
        severity=Severity.CACHE,
        profile=Profile.PROTOCOL,
        applies=has_max_age,
        holds=max_age_is_one_number,
        shows=max_age_is_shown,
        why=(
            "Browsers cannot read the value and keep the preflight result for only a few seconds, so "
            "they send more preflights."
        ),
        repair=(
            "Send one Access-Control-Max-Age with a whole number of seconds, such as `600`, without "
            "sign, unit, fraction or quotes."
        ),
        counterexample=seen(
            Config(allow_origins=(A,), max_age=-1),
            asks(method="GET"),
            says(200, "OK", permits(methods="GET", headers=HEADERS).replace("600", "-1")),
        ),
    )
)


def is_clearly_of_one_kind(exchange: Exchange) -> bool:
    """No preflight, or one that asks for a method: without one it is an ordinary request to some servers."""
    return actual(exchange) or is_token(method_of(exchange))


def permissions_are_where_browsers_look(exchange: Exchange) -> bool:
    """Methods, request headers and Max-Age answer preflights; exposed headers answer actual requests."""
    return not any(answered(exchange, name) for name in misplaced_headers(exchange))


def misplaced_headers(exchange: Exchange) -> tuple[str, ...]:
    """The headers that have no effect on this kind of response."""
    return (ACEH,) if preflight(exchange) else (ACAM, ACAH, MAX_AGE)


def misplaced_headers_are_shown(exchange: Exchange) -> list[Expectation]:
    found = [name for name in misplaced_headers(exchange) if exchange.response.lines(name)]
    return [Expectation(name, "absent", False) for name in found]


RULES.append(
    Rule(
        id="S-SYN-6",
        title="CORS headers only where they are used",
        sentence=(
            "Allowed methods, allowed headers and max age are sent only on preflight responses, "
            "exposed headers only on actual ones"
        ),
        sources=(fetch("#http-responses"),),
        level=Level.SHOULD,
        severity=Severity.HYGIENE,
        profile=Profile.PROTOCOL,
        applies=is_clearly_of_one_kind,
        holds=permissions_are_where_browsers_look,
        shows=misplaced_headers_are_shown,
        why=(
            "Browsers ignore these headers elsewhere. They waste bytes and show the configuration to "
            "clients that do not need it."
        ),
        repair=(
            "Send Access-Control-Allow-Methods, Access-Control-Allow-Headers and "
            "Access-Control-Max-Age only on preflights, Access-Control-Expose-Headers only elsewhere."
        ),
        counterexample=seen(LIST, get(), gives("access-control-max-age: 600 | vary: Origin")),
    )
)
