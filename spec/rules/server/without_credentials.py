"""When responses must not allow credentials."""

from spec.policy import any_origin_is_allowed, credentials_are_allowed, origin_is_listed
from spec.rules.record import Exchange, Expectation, Level, Profile, Rule, Severity
from spec.rules.server.examples import (
    A_WITH_CREDENTIALS,
    COUNT,
    IMPOSSIBLE,
    LIST,
    TRUE,
    WILDCARD,
    A,
    get,
    gives,
    seen,
)
from spec.rules.server.facts import (
    ACAC,
    answered,
    is_sent_by_a_page,
    it_is_not_granted_with_credentials,
    origin,
    origin_is_judged_by_the_wildcard,
)
from spec.rules.sources import PARAMETERS, WSTG, fetch, page

RULES: list[Rule] = []


def page_without_configured_credentials(exchange: Exchange) -> bool:
    """A page of one origin, which the configuration does not allow with credentials: `*` alone never does."""
    config, value = exchange.config, origin(exchange)
    if value is None or not is_sent_by_a_page(value):
        return False
    by_wildcard = any_origin_is_allowed(config) and not origin_is_listed(config, value)
    return by_wildcard or not credentials_are_allowed(config, value)


def no_credentials_are_shown(exchange: Exchange) -> list[Expectation]:
    return [Expectation(ACAC, "absent", it_is_not_granted_with_credentials(exchange))]


RULES.append(
    Rule(
        id="SEC-14",
        title="Credentials only where they are configured",
        sentence=(
            "A response lets a page read it with credentials only if the configuration allows the "
            "page's origin with credentials"
        ),
        sources=(WSTG, fetch("#cors-protocol-and-credentials")),
        level=Level.SECURITY,
        severity=Severity.LETS_IN,
        profile=Profile.SECURITY,
        applies=page_without_configured_credentials,
        holds=it_is_not_granted_with_credentials,
        shows=no_credentials_are_shown,
        why=(
            "A page can send requests with its visitor's cookies, or read what the visitor sees when logged "
            "in, although nobody enabled that."
        ),
        repair=(
            "Send `Access-Control-Allow-Credentials: true` only if allow_credentials is on and the Origin is "
            "configured. If all origins are allowed, send `*` without it."
        ),
        implies=("D-21",),
        counterexample=seen(
            LIST, get(f"origin: {A}"), gives(f"{A_WITH_CREDENTIALS} | {COUNT} | vary: Origin")
        ),
    )
)


def wildcard_is_configured_with_credentials(exchange: Exchange) -> bool:
    config, value = exchange.config, origin(exchange)
    by_name = value is not None and origin_is_listed(config, value)
    return any_origin_is_allowed(config) and config.allow_credentials and not by_name


RULES.append(
    Rule(
        id="S-CRD-6",
        aliases=("SEC-7",),
        title="Wildcard does not become reflection with credentials",
        sentence=(
            "With `*` in allow_origins and allow_credentials on, only origins listed by name can "
            "read responses with credentials"
        ),
        sources=(WSTG,),
        level=Level.SECURITY,
        severity=Severity.LETS_IN,
        profile=Profile.SECURITY,
        applies=wildcard_is_configured_with_credentials,
        holds=it_is_not_granted_with_credentials,
        why="Any website can read what its visitor sees when logged in to this server.",
        repair=(
            "Send `Access-Control-Allow-Origin: *` without Access-Control-Allow-Credentials, or "
            "reject this configuration at startup."
        ),
        implies=("D-07", "SEC-14"),
        counterexample=seen(
            IMPOSSIBLE,
            get(f"origin: {A}"),
            gives(f"{A_WITH_CREDENTIALS} | vary: Origin"),
        ),
    )
)


RULES.append(
    Rule(
        id="D-07",
        title="No credentials with the wildcard origin",
        sentence=("With `*` in allow_origins, no response allows a page to read it with credentials"),
        sources=(page("#wildcards"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.DOCUMENTED,
        applies=origin_is_judged_by_the_wildcard,
        holds=it_is_not_granted_with_credentials,
        why="Any website can read what its visitor sees when logged in to this server.",
        repair=(
            "With `*` in allow_origins send `Access-Control-Allow-Origin: *`, never the Origin of the "
            "request together with `Access-Control-Allow-Credentials: true`."
        ),
        implies=("D-21", "SEC-14"),
        counterexample=seen(WILDCARD, get(f"origin: {A}"), gives(f"{A_WITH_CREDENTIALS} | vary: Origin")),
    )
)


def credentials_are_not_configured(exchange: Exchange) -> bool:
    return exchange.config.allow_credentials is False


def credentials_are_not_granted(exchange: Exchange) -> bool:
    return not answered(exchange, ACAC)


RULES.append(
    Rule(
        id="D-21",
        aliases=("S-CRD-4",),
        title="No credentials without allow_credentials",
        sentence=("Without allow_credentials, responses do not contain Access-Control-Allow-Credentials"),
        sources=(PARAMETERS,),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.DOCUMENTED,
        applies=credentials_are_not_configured,
        holds=credentials_are_not_granted,
        why=(
            "Pages of allowed origins can read what a visitor sees when logged in, although nobody "
            "enabled that."
        ),
        repair=(
            "Leave out Access-Control-Allow-Credentials when allow_credentials is off, and do not "
            "send it with the value `false`."
        ),
        counterexample=seen(
            LIST,
            get(),
            gives(f"{TRUE} | vary: Origin"),
        ),
    )
)
