"""When responses allow credentials."""

from spec.http import elements, names
from spec.rules.record import Exchange, Expectation, Level, Profile, Rule, Severity, Subject
from spec.rules.server.examples import (
    A_ALONE,
    A_WITH_CREDENTIALS,
    CREDENTIALS,
    HEADERS,
    LIST,
    TOKEN,
    TRUE,
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
    ACRH,
    allowed,
    answered,
    disallowed,
    granted,
    names_the_only_origin,
    origin,
    preflight,
)
from spec.rules.sources import PARAMETERS, fetch

RULES: list[Rule] = []


def nothing_permits_the_sender(exchange: Exchange) -> bool:
    credentials = answered(exchange, ACAC) and not names_the_only_origin(exchange)
    return not granted(exchange) and not credentials


RULES.append(
    Rule(
        id="S-ORG-5",
        title="Nothing is allowed for unlisted origins",
        sentence=(
            "Responses to an unlisted origin do not allow it; they have "
            "Access-Control-Allow-Credentials only if they name the only configured origin"
        ),
        sources=(fetch("#http-responses"),),
        level=Level.SECURITY,
        severity=Severity.LETS_IN,
        profile=Profile.SECURITY,
        applies=disallowed,
        holds=nothing_permits_the_sender,
        why=(
            "A page of an unlisted origin can read the response, or needs only one more mistake in "
            "the server to read it with credentials."
        ),
        repair=(
            "Leave out Access-Control-Allow-Origin and Access-Control-Allow-Credentials when the "
            "configuration does not allow the Origin."
        ),
        counterexample=seen(CREDENTIALS, get(f"origin: {B}"), gives(f"{TRUE} | vary: Origin")),
    )
)


def wildcard_never_meets_credentials(exchange: Exchange) -> bool:
    return not (b"*" in answered(exchange, ACAO) and b"true" in answered(exchange, ACAC))


def wildcard_beside_credentials_is_shown(exchange: Exchange) -> list[Expectation]:
    return [Expectation(ACAO, "anything but * beside true", wildcard_never_meets_credentials(exchange))]


RULES.append(
    Rule(
        id="S-CRD-1",
        title="No wildcard origin together with credentials",
        sentence=(
            "No response has both `Access-Control-Allow-Origin: *` and "
            "`Access-Control-Allow-Credentials: true`"
        ),
        sources=(fetch("#cors-protocol-and-credentials"),),
        level=Level.SHOULD,
        severity=Severity.KEEPS_OUT,
        profile=Profile.SECURITY,
        holds=wildcard_never_meets_credentials,
        shows=wildcard_beside_credentials_is_shown,
        why=(
            "Browsers reject this combination for requests with credentials, so logged-in use fails "
            "although it looks enabled."
        ),
        repair=(
            "Send the exact Origin of an allowed origin with `Access-Control-Allow-Credentials: "
            "true`, or send `*` without that header."
        ),
        implies=("S-WRK-1",),
        counterexample=seen(
            CREDENTIALS, get(f"origin: {A}"), gives(f"access-control-allow-origin: * | {TRUE} | vary: Origin")
        ),
    )
)


def origin_may_have_credentials(exchange: Exchange) -> bool:
    """Allowed, with credentials; of preflights those that ask for nothing that is refused."""
    config = exchange.config
    refused = preflight(exchange) and bool(exchange.refused)
    return config.allow_credentials is True and allowed(exchange) and not refused


def credentials_are_granted(exchange: Exchange) -> bool:
    return answered(exchange, ACAC) == [b"true"]


def preflight_and_request_with_credentials(a: Exchange, b: Exchange) -> bool:
    pair = a.config == b.config and origin(a) == origin(b) and preflight(a) != preflight(b)
    return pair and origin_may_have_credentials(a) and origin_may_have_credentials(b)


def both_grant_credentials(a: Exchange, b: Exchange) -> bool:
    return credentials_are_granted(a) and credentials_are_granted(b)


RULES.append(
    Rule(
        id="S-CRD-2",
        title="Credentials are allowed on both responses",
        sentence=(
            "With allow_credentials, allowed preflights and actual requests of an allowed origin get "
            "`Access-Control-Allow-Credentials: true`"
        ),
        sources=(fetch("#http-access-control-allow-credentials"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.DOCUMENTED,
        subject=Subject.PAIR,
        applies=preflight_and_request_with_credentials,
        holds=both_grant_credentials,
        needs=("allow_credentials", "preflights"),
        why=(
            "If it is missing on the preflight, the request is not sent. If it is missing on the "
            "actual response, the page cannot read it."
        ),
        repair=(
            "Add `Access-Control-Allow-Credentials: true` to the preflight response and to the actual "
            "response."
        ),
        implies=("D-10", "A-PF-5", "S-WRK-2"),
        counterexample=(
            *seen(CREDENTIALS, asks(), says(200, "OK", permits(headers=HEADERS))),
            *seen(CREDENTIALS, get(f"origin: {A}"), gives(f"{A_WITH_CREDENTIALS} | vary: Origin")),
        ),
    )
)


def credentials_are_configured_for_a_preflight(exchange: Exchange) -> bool:
    return exchange.config.allow_credentials is True and preflight(exchange) and allowed(exchange)


def nothing_relies_on_a_wildcard(exchange: Exchange) -> bool:
    """`*` is among what is listed only where it is meant as a name: because it was asked for as one."""
    asked = names(exchange.request.lines(ACRH))
    meant = b"*" in asked or b"*" not in elements(exchange.response.lines(ACAH))
    return meant and b"*" not in elements(exchange.response.lines(ACAM))


RULES.append(
    Rule(
        id="S-CRD-3",
        title="No wildcard lists with credentials",
        sentence=(
            "With allow_credentials, preflight responses to allowed origins do not use `*` as a "
            "wildcard for methods or headers"
        ),
        sources=(fetch("#http-new-header-syntax"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.DOCUMENTED,
        applies=credentials_are_configured_for_a_preflight,
        holds=nothing_relies_on_a_wildcard,
        needs=("allow_credentials", "preflights"),
        why=("Browsers read `*` as a literal name when credentials are used, so they block the request."),
        repair=(
            "List the methods by name, and the allowed headers by name, in "
            "Access-Control-Allow-Methods and Access-Control-Allow-Headers."
        ),
        implies=("A-PF-6",),
        counterexample=seen(
            CREDENTIALS, asks(), says(200, "OK", permits(methods="GET, PUT, *", headers=HEADERS, more=TRUE))
        ),
    )
)


def preflight_is_answered_without_authentication(exchange: Exchange) -> bool:
    return exchange.response.status != 401


RULES.append(
    Rule(
        id="S-CRD-5",
        title="Preflights need no authentication",
        sentence="The response to a preflight never has status 401",
        sources=(fetch("#http-responses"),),
        level=Level.INFO,
        severity=Severity.KEEPS_OUT,
        profile=Profile.DOCUMENTED,
        applies=preflight,
        holds=preflight_is_answered_without_authentication,
        needs=("preflights",),
        why=(
            "Browsers send preflights without cookies or Authorization, so the preflight always fails "
            "and the actual request is never sent."
        ),
        repair=("Handle preflights before authentication, and respond with 200 or 400 instead of 401."),
        implies=("D-27", "S-WRK-2"),
        counterexample=seen(LIST, asks(more=TOKEN), says(401, "OK", permits())),
    )
)


RULES.append(
    Rule(
        id="D-10",
        title="allow_credentials works for allowed origins",
        sentence=(
            "With allow_credentials, every response to an allowed origin, except to a refused "
            "preflight, has `Access-Control-Allow-Credentials: true`"
        ),
        sources=(PARAMETERS,),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.DOCUMENTED,
        applies=origin_may_have_credentials,
        holds=credentials_are_granted,
        needs=("allow_credentials",),
        why=(
            "Pages of allowed origins cannot read responses to requests with cookies or HTTP "
            "authentication, so logged-in use fails."
        ),
        repair=(
            "Add `Access-Control-Allow-Credentials: true`, once and in lower case, to responses for "
            "allowed origins when allow_credentials is on."
        ),
        implies=("S-WRK-1",),
        counterexample=seen(CREDENTIALS, get(f"origin: {A}"), gives(f"{A_ALONE} | vary: Origin")),
    )
)
