"""Which origins may read responses: exactly those that the configuration allows."""

import re

from spec.http import is_ok_status
from spec.origin import is_origin_shaped
from spec.policy import any_origin_is_allowed, origin_is_listed
from spec.rules.record import Exchange, Level, Profile, Rule, Severity, Subject
from spec.rules.server.examples import (
    A_ALONE,
    A_WITH_CREDENTIALS,
    BOTH,
    COUNT,
    CREDENTIALS,
    DEFAULT,
    LIST,
    REGEX,
    WILDCARD,
    A,
    B,
    get,
    gives,
    seen,
)
from spec.rules.server.facts import (
    actual,
    allowed,
    granted,
    granted_as_it_should,
    granted_with_credentials,
    has_an_origin,
    it_is_not_granted,
    method_is_configured,
    origin,
    origin_is_judged_by_a_list,
    origin_is_judged_by_the_wildcard,
    page_of_an_allowed_origin,
    preflight,
    same_app_behind,
    same_but_for,
    the_origin,
    uses_credentials,
)
from spec.rules.sources import PARAMETERS, fetch, page

RULES: list[Rule] = []


def granted_if_and_only_if_allowed(exchange: Exchange) -> bool:
    return granted_as_it_should(exchange, allowed(exchange))


RULES.append(
    Rule(
        id="S-ORG-2",
        title="Exactly the configured origins are allowed",
        sentence=(
            "A response allows the origin of the request if and only if the configuration does; a "
            "refused preflight may leave it out"
        ),
        sources=(PARAMETERS,),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.DOCUMENTED,
        applies=has_an_origin,
        holds=granted_if_and_only_if_allowed,
        why=("A page of an unlisted origin can read the response, or a page of an allowed origin cannot."),
        repair=(
            "Send Access-Control-Allow-Origin with `*` or the exact Origin if the configuration "
            "allows that origin, otherwise do not send it."
        ),
        counterexample=seen(WILDCARD, get(f"origin: {A} | origin: {B}"), gives()),
    )
)


def same_origin_asked_alike(a: Exchange, b: Exchange) -> bool:
    """One origin, and requests of one kind that differ in what must not matter to the decision."""
    if a.config != b.config or origin(a) is None or origin(a) != origin(b) or a.request == b.request:
        return False
    if preflight(a) or preflight(b):
        return same_but_for(a, b, "cookie", "referer", "host", "authorization")
    return same_app_behind(a, b)


def decision_is_the_same(a: Exchange, b: Exchange) -> bool:
    return granted(a) == granted(b) and granted_with_credentials(a) == granted_with_credentials(b)


RULES.append(
    Rule(
        id="S-ORG-7",
        title="Only origin and configuration decide",
        sentence=(
            "Whether a response allows the origin, with or without credentials, depends only on the "
            "origin and the configuration"
        ),
        sources=(fetch("#cors-protocol-and-credentials"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.DOCUMENTED,
        subject=Subject.PAIR,
        applies=same_origin_asked_alike,
        holds=decision_is_the_same,
        why=(
            "The same page can read some responses and not others, depending on cookies, host or "
            "path, which is hard to explain and debug."
        ),
        repair=(
            "Decide from Origin and the configuration alone, not from Cookie, Authorization, Referer, "
            "Host, method or path."
        ),
        implies=("D-10",),
        counterexample=(
            *seen(CREDENTIALS, get(f"origin: {A}"), gives(f"{A_WITH_CREDENTIALS} | vary: Origin")),
            *seen(CREDENTIALS, get(f"origin: {A}", "POST"), gives(f"{A_ALONE} | vary: Origin")),
        ),
    )
)


def successful_answer_to_an_allowed_page(exchange: Exchange) -> bool:
    """An actual request of a configured method; what an error says to a page is left to the application."""
    if not actual(exchange) or not method_is_configured(exchange, exchange.request.method.encode()):
        return False
    return page_of_an_allowed_origin(exchange) and is_ok_status(exchange.response.status)


def the_page_may_read(exchange: Exchange) -> bool:
    return granted_with_credentials(exchange) if uses_credentials(exchange) else granted(exchange)


RULES.append(
    Rule(
        id="S-WRK-1",
        title="Allowed pages can read responses",
        sentence=(
            "A page of an allowed origin can read a 2xx response to a configured method, with "
            "credentials if they are allowed"
        ),
        sources=(fetch("#concept-cors-check"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        applies=successful_answer_to_an_allowed_page,
        holds=the_page_may_read,
        why="The browser blocks responses that the configuration allows the page to read.",
        repair=(
            "Send `*` or the exact Origin in Access-Control-Allow-Origin, and for credentials the "
            "exact Origin and `Access-Control-Allow-Credentials: true`."
        ),
        implies=("D-05", "S-ORG-2"),
        counterexample=seen(LIST, get(f"origin: {A}"), gives(COUNT)),
    )
)


def list_and_regex_alone_grant(exchange: Exchange) -> bool:
    value = the_origin(exchange)
    is_listed = origin_is_listed(exchange.config, value)
    return granted_as_it_should(exchange, is_listed or regex_matches(exchange, value))


def regex_matches(exchange: Exchange, value: bytes) -> bool:
    """The regex, if there is one, matches this value, which has the shape of an origin, from end to end."""
    regex = exchange.config.allow_origin_regex
    if regex is None or not is_origin_shaped(value):
        return False
    return re.fullmatch(regex, value.decode()) is not None


RULES.append(
    Rule(
        id="D-05",
        title="Exactly the listed origins are allowed",
        sentence=(
            "With only a list of origins in allow_origins, responses allow the listed origins and no "
            "other origin"
        ),
        sources=(page("#steps"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.DOCUMENTED,
        applies=origin_is_judged_by_a_list,
        holds=list_and_regex_alone_grant,
        why=("A page of an unlisted origin can read the response, or a page of a listed origin cannot."),
        repair=(
            "If Origin matches an entry of allow_origins, send it back in "
            "Access-Control-Allow-Origin, otherwise do not send that header."
        ),
        implies=("S-ORG-2", "S-WRK-1"),
        counterexample=seen(LIST, get(f"origin: {A}"), gives(COUNT)),
    )
)


def every_origin_is_granted(exchange: Exchange) -> bool:
    return granted_as_it_should(exchange, True)


RULES.append(
    Rule(
        id="D-06",
        aliases=("D-15",),
        title="The wildcard allows every origin",
        sentence="With `*` in allow_origins, responses allow every origin",
        sources=(page("#wildcards"), PARAMETERS),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.DOCUMENTED,
        applies=origin_is_judged_by_the_wildcard,
        holds=every_origin_is_granted,
        why=("Pages cannot read responses that are configured to be readable from everywhere."),
        repair=(
            "Send `Access-Control-Allow-Origin: *` when `*` is in allow_origins, whatever Origin the "
            "request has."
        ),
        implies=("S-ORG-2", "S-WRK-1"),
        counterexample=seen(WILDCARD, get(f"origin: {A}"), gives()),
    )
)


def no_origin_is_configured(exchange: Exchange) -> bool:
    config = exchange.config
    return not config.allow_origins and config.allow_origin_regex is None and bool(origin(exchange))


RULES.append(
    Rule(
        id="D-14",
        title="No origin is allowed by default",
        sentence="With no origins configured, no response allows the origin of the request",
        sources=(PARAMETERS,),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.DOCUMENTED,
        applies=no_origin_is_configured,
        holds=it_is_not_granted,
        why=("Pages of any website can read responses of a server whose owner has enabled nothing."),
        repair=(
            "Do not send Access-Control-Allow-Origin when allow_origins is empty and "
            "allow_origin_regex is not set."
        ),
        implies=("S-ORG-2", "S-ORG-5"),
        counterexample=seen(
            DEFAULT, get(f"origin: {A}"), gives("access-control-allow-origin: * | vary: Origin")
        ),
    )
)


def origin_is_judged_by_a_regex(exchange: Exchange) -> bool:
    config = exchange.config
    return config.allow_origin_regex is not None and not config.allow_origins and origin(exchange) is not None


RULES.append(
    Rule(
        id="D-16",
        title="allow_origin_regex must match the whole origin",
        sentence=(
            "With only allow_origin_regex, responses allow exactly the origins, never `null`, that it "
            "matches from start to end"
        ),
        sources=(PARAMETERS,),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.DOCUMENTED,
        applies=origin_is_judged_by_a_regex,
        holds=list_and_regex_alone_grant,
        needs=("allow_origin_regex",),
        why=(
            "A partial match allows origins such as `https://app.example.org.evil.example`. A failed "
            "match blocks pages that should work."
        ),
        repair=(
            "Match the regular expression against the whole Origin value (as `re.fullmatch` does), "
            "never against `null`, and allow nothing else."
        ),
        implies=("S-ORG-2", "S-WRK-1"),
        counterexample=seen(REGEX, get(f"origin: {A}"), gives()),
    )
)


def origin_is_judged_by_list_and_regex(exchange: Exchange) -> bool:
    config = exchange.config
    both = config.allow_origin_regex is not None and bool(config.allow_origins)
    return both and not any_origin_is_allowed(config) and origin(exchange) is not None


RULES.append(
    Rule(
        id="D-17",
        title="List and regular expression work together",
        sentence=(
            "With both allow_origins and allow_origin_regex, responses allow exactly the origins that "
            "at least one of them allows"
        ),
        sources=(PARAMETERS,),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.DOCUMENTED,
        applies=origin_is_judged_by_list_and_regex,
        holds=list_and_regex_alone_grant,
        needs=("allow_origin_regex",),
        why=("Pages of some configured origins cannot read responses, or pages of other origins can."),
        repair=(
            "Allow the origin if it matches an entry of allow_origins or if allow_origin_regex "
            "matches all of it, and in no other case."
        ),
        implies=("S-ORG-2", "S-WRK-1"),
        counterexample=seen(BOTH, get(f"origin: {A}"), gives()),
    )
)
