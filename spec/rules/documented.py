"""What the documentation page promises, and what follows from its promises (D, S-ORG, S-CRD, S-PF, S-RSP).

Source of the D-rules: https://fastapi.tiangolo.com/tutorial/cors/
"""

import re
from dataclasses import replace

from spec.http import elements, is_ok_status, is_token, names
from spec.origin import is_origin_shaped
from spec.policy import (
    ALWAYS_ALLOWED_HEADERS,
    STANDARD_METHODS,
    any_header_is_allowed,
    any_origin_is_allowed,
    exposed_headers,
    has_origin,
    header_is_allowed,
    is_preflight,
    method_is_allowed,
    origin_is_listed,
    refusals,
    requested_headers,
    requested_methods,
)
from spec.rule import Exchange, Level, Profile, Rule, Scope, fetch, page
from spec.rules.protocol import ACRH, asked_headers, the_origin
from spec.rules.reading import (
    ACAC,
    ACAH,
    ACAM,
    ACAO,
    ACEH,
    MAX_AGE,
    actual,
    allowed,
    answered,
    app,
    app_is_called_once,
    asked_fetch,
    calls_are_known,
    combined_cors,
    disallowed,
    granted,
    granted_with_credentials,
    it_is_not_granted,
    it_is_not_granted_with_credentials,
    listed,
    method_listed,
    only_the_allowed_one_is_granted,
    origin,
    preflight,
    preflight_of_an_allowed_origin,
    proceeds,
    same_app_behind,
    same_but_for,
    unchanged_but_for,
)

# Origins


def only_one_is_allowed(a: Exchange, b: Exchange) -> bool:
    """Each names one origin, and the configuration allows just one of the two."""
    return a.config == b.config and None not in (origin(a), origin(b)) and allowed(a) != allowed(b)


LOCALHOSTS = frozenset({b"http://localhost", b"https://localhost", b"http://localhost:8080"})


def only_one_localhost_is_allowed(a: Exchange, b: Exchange) -> bool:
    return only_one_is_allowed(a, b) and LOCALHOSTS.issuperset((origin(a), origin(b)))


def origin_is_judged_by_a_list(exchange: Exchange) -> bool:
    config = exchange.config
    plain = not any_origin_is_allowed(config) and config.allow_origin_regex is None
    return plain and bool(config.allow_origins) and origin(exchange) is not None


def origin_is_judged_by_the_wildcard(exchange: Exchange) -> bool:
    return any_origin_is_allowed(exchange.config) and origin(exchange) is not None


def every_origin_is_granted(exchange: Exchange) -> bool:
    return granted_as_it_should(exchange, True)


def no_origin_is_configured(exchange: Exchange) -> bool:
    config = exchange.config
    return not config.allow_origins and config.allow_origin_regex is None and bool(origin(exchange))


def origin_is_judged_by_a_regex(exchange: Exchange) -> bool:
    config = exchange.config
    return config.allow_origin_regex is not None and not config.allow_origins and origin(exchange) is not None


def origin_is_judged_by_list_and_regex(exchange: Exchange) -> bool:
    config = exchange.config
    both = config.allow_origin_regex is not None and bool(config.allow_origins)
    return both and not any_origin_is_allowed(config) and origin(exchange) is not None


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


def granted_as_it_should(exchange: Exchange, should: bool) -> bool:
    """Granted if and only if it should be; a preflight that is refused for its method may say nothing."""
    if should and preflight(exchange) and refusals(exchange.config, exchange.request):
        return True
    return granted(exchange) == should


def has_an_origin(exchange: Exchange) -> bool:
    return has_origin(exchange.request)


def granted_if_and_only_if_allowed(exchange: Exchange) -> bool:
    return granted_as_it_should(exchange, allowed(exchange))


def same_origin_asked_alike(a: Exchange, b: Exchange) -> bool:
    """One origin, and requests of one kind that differ in what must not matter to the decision."""
    if a.config != b.config or origin(a) is None or origin(a) != origin(b) or a.request == b.request:
        return False
    if preflight(a) or preflight(b):
        return same_but_for(a, b, "cookie", "referer", "host", "authorization")
    return same_app_behind(a, b)


def decision_is_the_same(a: Exchange, b: Exchange) -> bool:
    return granted(a) == granted(b) and granted_with_credentials(a) == granted_with_credentials(b)


# Credentials


def origin_may_have_credentials(exchange: Exchange) -> bool:
    """Allowed, with credentials; of preflights those that ask for nothing that is refused."""
    config = exchange.config
    refused = preflight(exchange) and bool(refusals(config, exchange.request))
    return config.allow_credentials is True and allowed(exchange) and not refused


def credentials_are_granted(exchange: Exchange) -> bool:
    return answered(exchange, ACAC) == [b"true"]


def preflight_and_request_with_credentials(a: Exchange, b: Exchange) -> bool:
    pair = a.config == b.config and origin(a) == origin(b) and preflight(a) != preflight(b)
    return pair and origin_may_have_credentials(a) and origin_may_have_credentials(b)


def both_grant_credentials(a: Exchange, b: Exchange) -> bool:
    return credentials_are_granted(a) and credentials_are_granted(b)


def credentials_are_configured_for_a_preflight(exchange: Exchange) -> bool:
    return exchange.config.allow_credentials is True and preflight(exchange) and allowed(exchange)


def nothing_relies_on_a_wildcard(exchange: Exchange) -> bool:
    """`*` is among what is listed only where it is meant as a name: because it was asked for as one."""
    asked = names(exchange.request.lines(ACRH))
    meant = b"*" in asked or b"*" not in elements(exchange.response.lines(ACAH))
    return meant and b"*" not in elements(exchange.response.lines(ACAM))


def credentials_are_not_configured(exchange: Exchange) -> bool:
    return exchange.config.allow_credentials is False


def credentials_are_not_granted(exchange: Exchange) -> bool:
    return not answered(exchange, ACAC)


def preflight_is_answered_without_authentication(exchange: Exchange) -> bool:
    return exchange.response.status != 401


# Preflights


def preflights_alone_are_intercepted(exchange: Exchange) -> bool:
    return (exchange.app_calls == 0) == is_preflight(exchange.request)


def preflight_whose_calls_are_known(exchange: Exchange) -> bool:
    return preflight(exchange) and calls_are_known(exchange)


def app_is_not_called(exchange: Exchange) -> bool:
    return exchange.app_calls == 0


def status_says_whether_it_is_allowed(exchange: Exchange) -> bool:
    return exchange.response.status == (400 if refusals(exchange.config, exchange.request) else 200)


def allowed_preflight_and_its_request(a: Exchange, b: Exchange) -> bool:
    """An allowed preflight as a browser sends it, and the actual request that it was sent for."""
    first, second = preflight_first(a, b)
    if preflight(second) or a.config != b.config or origin(a) != origin(b):
        return False
    asked = requested_methods(first.request) == [second.request.method.encode()]
    return asked and is_allowed_preflight(first) and a_browser_sends_it(first)


def preflight_first(a: Exchange, b: Exchange) -> tuple[Exchange, Exchange]:
    """Both, a preflight before the other."""
    return (a, b) if preflight(a) else (b, a)


def a_browser_sends_it(exchange: Exchange) -> bool:
    """A preflight that a browser sends for some fetch."""
    return asked_fetch(exchange, exchange.config.allow_credentials) is not None


def browser_lets_both_pass(a: Exchange, b: Exchange) -> bool:
    first, second = preflight_first(a, b)
    credentials = a.config.allow_credentials
    return proceeds(first, credentials) and (granted_with_credentials if credentials else granted)(second)


def preflight_that_asks_for_nothing_more(exchange: Exchange) -> bool:
    """Without Access-Control-Request-Headers, and nothing else that is refused."""
    return is_allowed_preflight(exchange) and not exchange.request.lines(ACRH)


def is_allowed_preflight(exchange: Exchange) -> bool:
    """A preflight that asks for nothing that is not configured."""
    return preflight(exchange) and not refusals(exchange.config, exchange.request)


def preflight_is_successful(exchange: Exchange) -> bool:
    return exchange.response.status == 200


def allowed_preflight_for_always_allowed_headers(exchange: Exchange) -> bool:
    """Allowed, and asking for headers that the page always allows and for no other."""
    asked = names(exchange.request.lines(ACRH))
    always = {name.lower().encode() for name in ALWAYS_ALLOWED_HEADERS}
    return is_allowed_preflight(exchange) and bool(asked) and asked <= always


def always_allowed_headers_are_listed(exchange: Exchange) -> bool:
    return preflight_is_successful(exchange) and all_requested_headers_are_listed(exchange)


def preflight_for_one_method(exchange: Exchange) -> bool:
    if not preflight_of_an_allowed_origin(exchange):
        return False
    asked = set(requested_methods(exchange.request))
    return len(asked) == 1 and is_token(*asked) and b"*" not in asked


def configured_methods_alone_are_listed(exchange: Exchange) -> bool:
    method = requested_methods(exchange.request)[0]
    return method_listed(exchange, method) == method_is_allowed(exchange.config, method)


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


def all_headers_are_configured(exchange: Exchange) -> bool:
    return any_header_is_allowed(exchange.config) and preflight_for_headers(exchange)


def all_requested_headers_are_listed(exchange: Exchange) -> bool:
    return listed(exchange, ACAH, asked_headers(exchange)) == asked_headers(exchange)


def authorization_is_asked_of_the_wildcard(exchange: Exchange) -> bool:
    asked = names(exchange.request.lines(ACRH))
    return all_headers_are_configured(exchange) and b"authorization" in asked


def authorization_is_listed_by_name(exchange: Exchange) -> bool:
    return b"authorization" in names(exchange.response.lines(ACAH))


def all_methods_are_configured(exchange: Exchange) -> bool:
    return "*" in exchange.config.allow_methods and preflight_of_an_allowed_origin(exchange)


def standard_methods_are_listed(exchange: Exchange) -> bool:
    # QUERY is left out: it is our reading of "standard", younger than the page.
    standard = [method.encode() for method in STANDARD_METHODS if method != "QUERY"]
    return all(method_listed(exchange, method) for method in standard)


def methods_are_the_default(exchange: Exchange) -> bool:
    return exchange.config.allow_methods == ("GET",) and preflight_of_an_allowed_origin(exchange)


def get_alone_is_listed(exchange: Exchange) -> bool:
    return elements(exchange.response.lines(ACAM)) == [b"GET"]


def all_is_configured_with_credentials(exchange: Exchange) -> bool:
    """The page's example, asked as a browser asks."""
    config = exchange.config
    if not (config.allow_credentials and "*" in config.allow_methods and any_header_is_allowed(config)):
        return False
    return is_allowed_preflight(exchange) and a_browser_sends_it(exchange)


def browser_proceeds_with_credentials(exchange: Exchange) -> bool:
    return proceeds(exchange, credentials=True)


def max_age_is_as_configured(exchange: Exchange) -> bool:
    return exchange.response.lines(MAX_AGE) == [str(exchange.config.max_age).encode()]


def preflight_is_not_redirected(exchange: Exchange) -> bool:
    return not 300 <= exchange.response.status <= 399


def preflights_that_differ_in_what_must_not_matter(a: Exchange, b: Exchange) -> bool:
    """The same question at another path, or with other cookies or authentication."""
    alike = replace(a, request=replace(a.request, path=b.request.path))
    return preflight(a) and a.request != b.request and same_but_for(alike, b, "cookie", "authorization")


def status_and_cors_headers_are_the_same(a: Exchange, b: Exchange) -> bool:
    return (a.response.status, combined_cors(a)) == (b.response.status, combined_cors(b))


def options_that_is_no_preflight(exchange: Exchange) -> bool:
    return exchange.request.method == "OPTIONS" and actual(exchange) and calls_are_known(exchange)


# Actual responses


def no_origin_and_known_app(exchange: Exchange) -> bool:
    return not has_an_origin(exchange) and exchange.app_response is not None


def all_but_vary_and_a_constant_permission_is_the_apps(exchange: Exchange) -> bool:
    return unchanged_but_for(exchange, {"vary"} | static_permission(exchange))


def static_permission(exchange: Exchange) -> set[str]:
    """Allow-Origin, if `*` was added: what a server that allows all may send without being asked."""
    return {ACAO} if answered(exchange, ACAO) == [b"*"] else set()


def actual_request_and_known_app(exchange: Exchange) -> bool:
    return actual(exchange) and has_an_origin(exchange) and app_is_known(exchange)


def app_is_known(exchange: Exchange) -> bool:
    """We saw what the application answered, and whether it was called."""
    return exchange.app_response is not None and calls_are_known(exchange)


def app_answers_but_for_cors_headers(exchange: Exchange) -> bool:
    changed = {"vary", ACAO, ACAC, ACEH} if allowed(exchange) else {"vary"}
    return app_is_called_once(exchange) and unchanged_but_for(exchange, changed)


def unusual_status_for_an_allowed_origin(exchange: Exchange) -> bool:
    return actual_response_to_an_allowed_origin(exchange) and not is_ok_status(exchange.response.status)


def actual_response_to_an_allowed_origin(exchange: Exchange) -> bool:
    return actual(exchange) and allowed(exchange)


def configured_headers_are_exposed(exchange: Exchange) -> bool:
    configured = [name.encode() for name in exposed_headers(exchange.config)]
    return elements(answered(exchange, ACEH)) == configured


def post_from_an_unlisted_origin(exchange: Exchange) -> bool:
    return exchange.request.method == "POST" and disallowed(exchange) and app_is_known(exchange)


def it_is_served(exchange: Exchange) -> bool:
    return app_is_called_once(exchange) and exchange.response.status == app(exchange).status


MUST, INFO, DOCUMENTED, PAIR = Level.MUST, Level.INFO, Profile.DOCUMENTED, Scope.PAIR

USE = page("#use-corsmiddleware")
PREFLIGHTS = page("#cors-preflight-requests")
SIMPLE = page("#simple-requests")

RULES = (
    Rule("D-01", "Scheme, host and port all take part in the comparison of origins",
         source=page("#origin"), level=MUST, profile=DOCUMENTED, scope=PAIR,
         applies=only_one_is_allowed, holds=only_the_allowed_one_is_granted,
         implies=("D-16", "S-ORG-2", "S-ORG-5", "SEC-3")),
    Rule("D-02",
         "localhost over http, over https and on another port are three origins: allowing one allows no "
         "other",
         source=page("#origin"), level=MUST, profile=DOCUMENTED, scope=PAIR,
         applies=only_one_localhost_is_allowed, holds=only_the_allowed_one_is_granted,
         implies=("D-01", "D-05", "S-ORG-2", "S-ORG-5")),
    Rule("D-04",
         "After an allowed preflight the browser lets the script send its request, and read the answer",
         source=page("#steps"), level=MUST, profile=DOCUMENTED, scope=PAIR,
         applies=allowed_preflight_and_its_request, holds=browser_lets_both_pass,
         same_as=("S-PF-4",), implies=("D-05", "S-ORG-2", "S-WRK-1")),
    Rule("D-05", "With a list of origins, those on the list may read answers, and no other",
         source=page("#steps"), level=MUST, profile=DOCUMENTED,
         applies=origin_is_judged_by_a_list, holds=list_and_regex_alone_grant,
         implies=("S-ORG-2", "S-WRK-1")),
    Rule("D-06", "With the wildcard every origin may read answers",
         source=page("#wildcards"), level=MUST, profile=DOCUMENTED,
         applies=origin_is_judged_by_the_wildcard, holds=every_origin_is_granted,
         same_as=("D-15",), implies=("S-ORG-2", "S-WRK-1")),
    Rule("D-07", "With the wildcard no answer to a request with credentials may be read",
         source=page("#wildcards"), level=MUST, profile=DOCUMENTED,
         applies=origin_is_judged_by_the_wildcard, holds=it_is_not_granted_with_credentials,
         implies=("D-21", "S-CRD-4")),
    Rule("D-10", "With allow_credentials, allowed origins may read answers to requests with credentials",
         source=USE, level=MUST, profile=DOCUMENTED,
         applies=origin_may_have_credentials, holds=credentials_are_granted, implies=("S-WRK-1",)),
    Rule("D-11", "The answer to a preflight names the requested method if and only if it is configured",
         source=USE, level=MUST, profile=DOCUMENTED,
         applies=preflight_for_one_method, holds=configured_methods_alone_are_listed,
         implies=("A-PF-6", "S-WRK-2")),
    Rule("D-12",
         "The answer to a preflight names the requested headers that are configured, and no other of them",
         source=USE, level=MUST, profile=DOCUMENTED,
         applies=preflight_for_headers, holds=configured_headers_alone_are_listed,
         implies=("A-PF-7", "S-WRK-2")),
    Rule("D-13", "All methods and all headers work with credentials too, where `*` has no power",
         source=USE, level=MUST, profile=DOCUMENTED,
         applies=all_is_configured_with_credentials, holds=browser_proceeds_with_credentials,
         implies=("D-10", "A-PF-5", "S-WRK-2")),
    Rule("D-14", "By default no origin may read answers",
         source=USE, level=MUST, profile=DOCUMENTED,
         applies=no_origin_is_configured, holds=it_is_not_granted, implies=("S-ORG-2", "S-ORG-5")),
    Rule("D-15", "`*` in allow_origins allows any origin",
         source=USE, level=MUST, profile=DOCUMENTED,
         applies=origin_is_judged_by_the_wildcard, holds=every_origin_is_granted,
         same_as=("D-06",), implies=("S-ORG-2", "S-WRK-1")),
    Rule("D-16", "allow_origin_regex allows the origins that it matches from end to end",
         source=USE, level=MUST, profile=DOCUMENTED,
         applies=origin_is_judged_by_a_regex, holds=list_and_regex_alone_grant,
         implies=("S-ORG-2", "S-WRK-1")),
    Rule("D-17", "A list and a regular expression together allow what either allows",
         source=USE, level=MUST, profile=DOCUMENTED,
         applies=origin_is_judged_by_list_and_regex, holds=list_and_regex_alone_grant,
         implies=("S-ORG-2", "S-WRK-1")),
    Rule("D-18", "By default GET alone is allowed",
         source=USE, level=MUST, profile=DOCUMENTED,
         applies=methods_are_the_default, holds=get_alone_is_listed, implies=("A-PF-6",)),
    Rule("D-19", "`*` in allow_headers allows every request header",
         source=USE, level=MUST, profile=DOCUMENTED,
         applies=all_headers_are_configured, holds=all_requested_headers_are_listed,
         implies=("D-12", "A-PF-8", "S-WRK-2")),
    Rule("D-20", "Accept, Accept-Language, Content-Language and Content-Type are always allowed",
         source=USE, level=MUST, profile=DOCUMENTED,
         applies=allowed_preflight_for_always_allowed_headers, holds=always_allowed_headers_are_listed,
         same_as=("S-PF-10",), implies=("D-12", "A-PF-7")),
    Rule("D-21", "Without allow_credentials no answer allows credentials",
         source=USE, level=MUST, profile=DOCUMENTED,
         applies=credentials_are_not_configured, holds=credentials_are_not_granted, same_as=("S-CRD-4",)),
    Rule("D-23", "Answers to allowed origins expose the configured response headers",
         source=USE, level=MUST, profile=DOCUMENTED,
         applies=actual_response_to_an_allowed_origin, holds=configured_headers_are_exposed,
         same_as=("S-RSP-5",)),
    Rule("D-24", "Browsers may remember a preflight for max_age seconds",
         source=USE, level=MUST, profile=DOCUMENTED,
         applies=preflight_of_an_allowed_origin, holds=max_age_is_as_configured, same_as=("S-PF-13",)),
    Rule("D-25", "A request without Origin is answered by the application alone, but for Vary",
         source=USE, level=MUST, profile=DOCUMENTED,
         applies=no_origin_and_known_app, holds=all_but_vary_and_a_constant_permission_is_the_apps,
         same_as=("S-RSP-1",), implies=("A-ACT-4",)),
    Rule("D-26", "OPTIONS with Origin and Access-Control-Request-Method is intercepted, and nothing else",
         source=PREFLIGHTS, level=MUST, profile=DOCUMENTED,
         applies=calls_are_known, holds=preflights_alone_are_intercepted,
         same_as=("S-PF-1",), implies=("A-ACT-5",)),
    Rule("D-27", "A preflight is answered 200 when it is allowed and 400 when it is not",
         source=PREFLIGHTS, level=MUST, profile=DOCUMENTED,
         applies=preflight, holds=status_says_whether_it_is_allowed, same_as=("S-PF-3",)),
    Rule("D-28",
         "Any other request with an Origin reaches the application once, and its answer gains only "
         "headers",
         source=SIMPLE, level=MUST, profile=DOCUMENTED,
         applies=actual_request_and_known_app, holds=app_answers_but_for_cors_headers,
         same_as=("S-RSP-2",), implies=("A-ACT-4",)),
    Rule("D-30", "The example application answers GET / with its greeting",
         source=USE, level=MUST, profile=DOCUMENTED,
         not_executable="it concerns one application; the demonstration checks it"),
    Rule("S-ORG-2", "An answer is granted to its sender if and only if the configuration allows the origin",
         source=USE, level=MUST, profile=DOCUMENTED,
         applies=has_an_origin, holds=granted_if_and_only_if_allowed),
    Rule("S-ORG-7",
         "The decision depends on the origin and the configuration, on nothing else in the request",
         source=fetch("#cors-protocol-and-credentials"), level=MUST, profile=DOCUMENTED, scope=PAIR,
         applies=same_origin_asked_alike, holds=decision_is_the_same, implies=("D-10",)),
    Rule("S-CRD-2", "Credentials are allowed on the preflight and on the actual answer alike",
         source=fetch("#http-access-control-allow-credentials"), level=MUST, profile=DOCUMENTED, scope=PAIR,
         applies=preflight_and_request_with_credentials, holds=both_grant_credentials,
         implies=("D-10", "A-PF-5", "S-WRK-2")),
    Rule("S-CRD-3", "With allow_credentials methods and headers are listed by name, for `*` has no power",
         source=fetch("#http-new-header-syntax"), level=MUST, profile=DOCUMENTED,
         applies=credentials_are_configured_for_a_preflight, holds=nothing_relies_on_a_wildcard,
         implies=("A-PF-6",)),
    Rule("S-CRD-4", "Without allow_credentials Access-Control-Allow-Credentials is absent",
         source=USE, level=MUST, profile=DOCUMENTED,
         applies=credentials_are_not_configured, holds=credentials_are_not_granted, same_as=("D-21",)),
    Rule("S-CRD-5", "A preflight, which never carries credentials, is not asked to authenticate",
         source=fetch("#http-responses"), level=INFO, profile=DOCUMENTED,
         applies=preflight, holds=preflight_is_answered_without_authentication,
         implies=("D-27", "S-PF-3", "S-WRK-2")),
    Rule("S-PF-1",
         "A request is intercepted if and only if it is OPTIONS with Origin and "
         "Access-Control-Request-Method",
         source=PREFLIGHTS, level=MUST, profile=DOCUMENTED,
         applies=calls_are_known, holds=preflights_alone_are_intercepted,
         same_as=("D-26",), implies=("A-ACT-5",)),
    Rule("S-PF-2", "A preflight does not reach the application",
         source=PREFLIGHTS, level=MUST, profile=DOCUMENTED,
         applies=preflight_whose_calls_are_known, holds=app_is_not_called, implies=("D-26", "S-PF-1")),
    Rule("S-PF-3", "The status of a preflight's answer is 200 if it is allowed, otherwise 400",
         source=PREFLIGHTS, level=MUST, profile=DOCUMENTED,
         applies=preflight, holds=status_says_whether_it_is_allowed, same_as=("D-27",)),
    Rule("S-PF-4",
         "What the configuration allows passes the browser's checks, on the preflight and on the answer",
         source=fetch("#cors-preflight-fetch"), level=MUST, profile=DOCUMENTED, scope=PAIR,
         applies=allowed_preflight_and_its_request, holds=browser_lets_both_pass,
         same_as=("D-04",), implies=("D-05", "S-ORG-2", "S-WRK-1")),
    Rule("S-PF-9", "A preflight without Access-Control-Request-Headers asks for no headers",
         source=fetch("#http-access-control-request-headers"), level=MUST, profile=DOCUMENTED,
         applies=preflight_that_asks_for_nothing_more, holds=preflight_is_successful,
         implies=("D-27", "S-PF-3", "S-WRK-2")),
    Rule("S-PF-10", "A preflight for the four always allowed headers is not refused for them",
         source=USE, level=MUST, profile=DOCUMENTED,
         applies=allowed_preflight_for_always_allowed_headers, holds=always_allowed_headers_are_listed,
         same_as=("D-20",), implies=("D-12", "A-PF-7")),
    Rule("S-PF-11",
         "Where all headers are allowed Authorization is listed by name, for `*` does not cover it",
         source=fetch("#cors-non-wildcard-request-header-name"), level=MUST, profile=DOCUMENTED,
         applies=authorization_is_asked_of_the_wildcard, holds=authorization_is_listed_by_name,
         implies=("D-12", "D-19", "A-PF-8")),
    Rule("S-PF-12", "Where all methods are allowed each standard method is listed, by name with credentials",
         source=USE, level=MUST, profile=DOCUMENTED,
         applies=all_methods_are_configured, holds=standard_methods_are_listed, implies=("A-PF-6",)),
    Rule("S-PF-13", "Access-Control-Max-Age is the configured max_age",
         source=USE, level=MUST, profile=DOCUMENTED,
         applies=preflight_of_an_allowed_origin, holds=max_age_is_as_configured, same_as=("D-24",)),
    Rule("S-PF-14", "A preflight is not redirected, for no browser follows",
         source=fetch("#cors-preflight-fetch"), level=MUST, profile=DOCUMENTED,
         applies=preflight, holds=preflight_is_not_redirected, implies=("D-27", "S-PF-3", "S-WRK-2")),
    Rule("S-PF-15", "The answer to a preflight does not depend on the path, on cookies or on authentication",
         source=PREFLIGHTS, level=MUST, profile=DOCUMENTED, scope=PAIR,
         applies=preflights_that_differ_in_what_must_not_matter, holds=status_and_cors_headers_are_the_same,
         implies=("A-PF-6",)),
    Rule("S-PF-16", "OPTIONS that is no preflight reaches the application",
         source=SIMPLE, level=MUST, profile=DOCUMENTED,
         applies=options_that_is_no_preflight, holds=app_is_called_once, implies=("A-ACT-5",)),
    Rule("S-RSP-1", "Without Origin the answer is the application's, but for Vary or a constant permission",
         source=fetch("#cors-protocol-and-http-caches"), level=MUST, profile=DOCUMENTED,
         applies=no_origin_and_known_app, holds=all_but_vary_and_a_constant_permission_is_the_apps,
         same_as=("D-25",), implies=("A-ACT-4",)),
    Rule("S-RSP-2",
         "With an Origin the application is called once; status, body and other headers are its own",
         source=SIMPLE, level=MUST, profile=DOCUMENTED,
         applies=actual_request_and_known_app, holds=app_answers_but_for_cors_headers,
         same_as=("D-28",), implies=("A-ACT-4",)),
    Rule("S-RSP-3", "Redirects and errors for an allowed origin are granted like any other answer",
         source=SIMPLE, level=MUST, profile=DOCUMENTED,
         applies=unusual_status_for_an_allowed_origin, holds=granted,
         same_as=("S-RSP-6",), implies=("D-06", "D-15", "S-ORG-2")),
    Rule("S-RSP-5", "Access-Control-Expose-Headers is the configured list, on answers to allowed origins",
         source=USE, level=MUST, profile=DOCUMENTED,
         applies=actual_response_to_an_allowed_origin, holds=configured_headers_are_exposed,
         same_as=("D-23",)),
    Rule("S-RSP-6", "No status keeps an allowed origin from reading the answer",
         source=fetch("#http-responses"), level=INFO, profile=DOCUMENTED,
         applies=unusual_status_for_an_allowed_origin, holds=granted,
         same_as=("S-RSP-3",), implies=("D-06", "D-15", "S-ORG-2")),
    Rule("S-RSP-8", "A POST from an origin that is not allowed is served all the same",
         source=SIMPLE, level=MUST, profile=DOCUMENTED,
         applies=post_from_an_unlisted_origin, holds=it_is_served, implies=("D-28", "S-RSP-2", "A-ACT-4")),
    Rule("S-RSP-9", "WebSocket and lifespan scopes pass untouched",
         source=fetch("#concept-main-fetch"), level=MUST, profile=DOCUMENTED,
         not_executable="no HTTP exchange shows it; the middleware's own tests do"),
    Rule("S-RSP-10", "Streaming and background work are left alone",
         source=SIMPLE, level=MUST, profile=DOCUMENTED,
         not_executable="an exchange does not show timing; the middleware's own tests do"),
)  # fmt: skip
