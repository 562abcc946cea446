"""What Fetch and HTTP ask of every server that speaks CORS (S-SYN, S-HTTP, and others of level MUST)."""

from spec.browser import preflight_request
from spec.http import OWS, Response, elements, is_ok_status, is_token, names
from spec.origin import Kind, canonical, is_origin_shaped, parse_pattern
from spec.policy import (
    any_origin_is_allowed,
    method_is_allowed,
    origin_is_allowed,
    refusals,
    requested_headers,
    requested_methods,
)
from spec.rule import Exchange, Level, Profile, Rule, Scope, fetch, rfc9110
from spec.rules.reading import (
    ACAC,
    ACAH,
    ACAM,
    ACAO,
    ACEH,
    MAX_AGE,
    ORIGIN,
    actual,
    allowed,
    answered,
    differ_in,
    granted,
    granted_with_credentials,
    header_is_configured,
    it_is_not_granted,
    listed,
    lower,
    method_is_configured,
    names_the_only_origin,
    origin,
    preflight,
    preflight_of_an_allowed_origin,
    preflighted_fetch,
    proceeds,
    same_but_for,
    text,
    written,
)

ACRM = "access-control-request-method"
ACRH = "access-control-request-headers"
ACRPN = "access-control-request-private-network"
ALLOW = "allow"

# Syntax of the answer


def has_allow_origin(exchange: Exchange) -> bool:
    return bool(answered(exchange, ACAO))


def allow_origin_is_one_origin(exchange: Exchange) -> bool:
    value, *more = answered(exchange, ACAO)
    one = value in (b"*", b"null") or is_origin_shaped(value) or is_configured(exchange, value)
    return one and not more


def is_configured(exchange: Exchange, value: bytes) -> bool:
    """One of the configured origins, letter by letter; a pattern is none."""
    written = text(value)
    return written in exchange.config.allow_origins and parse_pattern(written) is None


def allow_credentials_is_true_or_absent(exchange: Exchange) -> bool:
    return answered(exchange, ACAC) in ([], [b"true"])


def lists_are_of_tokens(exchange: Exchange) -> bool:
    """Every line of the three lists is empty, or tokens between single commas."""
    values = [value for name in (ACAM, ACAH, ACEH) for value in answered(exchange, name)]
    return all(is_list_of_tokens(value) for value in values)


def is_list_of_tokens(value: bytes) -> bool:
    """Empty, or tokens between single commas."""
    return value == b"" or all(is_token(element.strip(OWS)) for element in value.split(b","))


def has_max_age(exchange: Exchange) -> bool:
    return bool(answered(exchange, MAX_AGE))


def max_age_is_one_number(exchange: Exchange) -> bool:
    values = answered(exchange, MAX_AGE)
    return len(values) == 1 and values[0].isdigit()


def app_sends_valid_values(exchange: Exchange) -> bool:
    apps = exchange.app_response.headers if exchange.app_response else ()
    return all(is_clean(value) for _, value in apps)


def values_have_no_line_breaks(exchange: Exchange) -> bool:
    return all(is_clean(value) for _, value in written(exchange))


def is_clean(value: bytes) -> bool:
    """There is no CR, LF or NUL in it."""
    return not any(byte in value for byte in b"\r\n\0")


def is_clearly_of_one_kind(exchange: Exchange) -> bool:
    """No preflight, or one that asks for a method: without one it is an ordinary request to some servers."""
    return actual(exchange) or is_token(method_of(exchange))


def permissions_are_where_browsers_look(exchange: Exchange) -> bool:
    """Methods, request headers and Max-Age answer preflights; exposed headers answer actual requests."""
    misplaced = (ACEH,) if preflight(exchange) else (ACAM, ACAH, MAX_AGE)
    return not any(answered(exchange, name) for name in misplaced)


def allow_origin_is_the_senders_or_static(exchange: Exchange) -> bool:
    """`*`, an Origin that was sent, or an origin that is configured by name."""
    value, *more = answered(exchange, ACAO)
    return not more and (value in (b"*", *exchange.request.lines(ORIGIN)) or is_configured(exchange, value))


def single_fields_are_sent_once(exchange: Exchange) -> bool:
    return all(len(answered(exchange, name)) <= 1 for name in (ACAO, ACAC, MAX_AGE))


def app_set_cors_headers(exchange: Exchange) -> bool:
    app = answer_of_the_app(exchange)
    return app is not None and any(app.lines(name) for name in (ACAO, ACAC, ACEH))


def answer_of_the_app(exchange: Exchange) -> Response | None:
    """What the application answered; None if it was not asked, or we do not see it."""
    return exchange.app_response if actual(exchange) else None


def syntax_holds_all_the_same(exchange: Exchange) -> bool:
    one_origin = not has_allow_origin(exchange) or allow_origin_is_one_origin(exchange)
    return one_origin and allow_credentials_is_true_or_absent(exchange) and lists_are_of_tokens(exchange)


def lists_have_no_empty_elements(exchange: Exchange) -> bool:
    lists = {name.encode() for name in (ACAM, ACAH, ACEH)} | {b"vary"}
    values = [value for name, value in written(exchange) if name.lower() in lists]
    return all(value == b"" or all(part.strip(OWS) for part in value.split(b",")) for value in values)


# What the server reads of the request


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


def method_of(exchange: Exchange) -> bytes:
    """The first method that a preflight asks for."""
    return requested_methods(exchange.request)[0]


def lists_of_one_meaning(a: Exchange, b: Exchange) -> bool:
    """Two preflights whose Access-Control-Request-Headers are two forms of one list."""
    if not (preflight(a) and same_but_for(a, b, ACRH) and differ_in(a, b, ACRH)):
        return False
    can_be_read = None not in (requested_headers(a.request), requested_headers(b.request))
    return can_be_read and names(a.request.lines(ACRH)) == names(b.request.lines(ACRH))


def verdicts_are_the_same(a: Exchange, b: Exchange) -> bool:
    return verdict(a) == verdict(b)


def verdict(exchange: Exchange) -> tuple[bool, bool, bool]:
    """Whether the status is a success, the origin is granted, and all requested headers are listed."""
    asked = asked_headers(exchange)
    covered = listed(exchange, ACAH, asked) == asked
    return is_ok_status(exchange.response.status), granted(exchange), covered


def asked_headers(exchange: Exchange) -> list[bytes]:
    """The headers that a preflight asks for, as it spells them, on however many lines."""
    return elements(exchange.request.lines(ACRH))


def lists_alike_but_for_case(a: Exchange, b: Exchange) -> bool:
    return lists_of_one_meaning(a, b) and lower(a.request.lines(ACRH)) == lower(b.request.lines(ACRH))


def lists_alike_but_for_blanks(a: Exchange, b: Exchange) -> bool:
    """The same elements on the same number of lines, with other white space or empty elements."""
    same_lines = len(a.request.lines(ACRH)) == len(b.request.lines(ACRH))
    return lists_of_one_meaning(a, b) and same_lines and asked_headers(a) == asked_headers(b)


def lists_alike_but_for_lines(a: Exchange, b: Exchange) -> bool:
    """The same elements on another number of lines."""
    same_lines = len(a.request.lines(ACRH)) == len(b.request.lines(ACRH))
    return lists_of_one_meaning(a, b) and not same_lines and asked_headers(a) == asked_headers(b)


def origin_has_blanks_around_it(exchange: Exchange) -> bool:
    """The value, as the parser left it, would be allowed without the space or tab around it."""
    if origin(exchange) is None or allowed(exchange):
        return False
    return origin_is_allowed(exchange.config, middle(exchange))


def middle(exchange: Exchange) -> bytes:
    """The Origin that was sent, without space and tab around it."""
    return the_origin(exchange).strip(OWS)


def the_origin(exchange: Exchange) -> bytes:
    """The Origin, of a request that has one."""
    return exchange.request.lines("origin")[0]


def neither_it_nor_its_middle_is_granted(exchange: Exchange) -> bool:
    its_middle = answered(exchange, ACAO) == [middle(exchange)] and not names_the_only_origin(exchange)
    return it_is_not_granted(exchange) and not its_middle


# What the configuration allows works


def page_of_an_allowed_origin(exchange: Exchange) -> bool:
    """There is one Origin, a browser sends it, and it is allowed."""
    value = origin(exchange)
    return value is not None and allowed(exchange) and canonical(text(value)).kind is not Kind.NEVER


def successful_answer_to_an_allowed_page(exchange: Exchange) -> bool:
    """An actual request of a configured method; what an error says to a page is left to the application."""
    if not actual(exchange) or not method_is_configured(exchange, exchange.request.method.encode()):
        return False
    return page_of_an_allowed_origin(exchange) and is_ok_status(exchange.response.status)


def uses_credentials(exchange: Exchange) -> bool:
    """Credentials are allowed, and could be: the wildcard does not go with them."""
    return exchange.config.allow_credentials and not any_origin_is_allowed(exchange.config)


def the_page_may_read(exchange: Exchange) -> bool:
    return granted_with_credentials(exchange) if uses_credentials(exchange) else granted(exchange)


def allowed_preflight_of_a_browser(exchange: Exchange) -> bool:
    """All that it asks for is configured, and it is letter by letter what a browser sends.

    What the documentation page always allows, without configuration, does not bind everyone.
    """
    if not preflight(exchange) or not page_of_an_allowed_origin(exchange) or refusals_of(exchange):
        return False
    if not method_is_configured(exchange, method_of(exchange)):
        return False
    if not all(header_is_configured(exchange, name) for name in asked_headers(exchange)):
        return False
    if exchange.request.lines(ACRPN) not in ([], [b"true"]):
        return False
    fetch = preflighted_fetch(exchange)
    sent = preflight_request(fetch) if fetch else None
    return sent is not None and sent.lines(ACRH) == exchange.request.lines(ACRH)


def refusals_of(exchange: Exchange) -> tuple[str, ...]:
    """What of this preflight the configuration does not allow."""
    return refusals(exchange.config, exchange.request)


def the_browser_goes_on(exchange: Exchange) -> bool:
    return proceeds(exchange, credentials=uses_credentials(exchange))


# Statuses and methods


def successful_preflight(exchange: Exchange) -> bool:
    return preflight(exchange) and is_ok_status(exchange.response.status)


def allow_is_sent(exchange: Exchange) -> bool:
    return bool(exchange.response.lines(ALLOW))


def method_is_not_allowed(exchange: Exchange) -> bool:
    """405, and by the application if we see it."""
    app = answer_of_the_app(exchange)
    if app is not None:
        return app.status == 405 and bool(app.lines(ALLOW))
    return exchange.response.status == 405


def allow_is_the_apps(exchange: Exchange) -> bool:
    app = answer_of_the_app(exchange)
    if app is not None:
        return exchange.response.status == 405 and exchange.response.lines(ALLOW) == app.lines(ALLOW)
    return allow_is_sent(exchange)


def status_has_no_content(exchange: Exchange) -> bool:
    return exchange.response.status in (204, 304) and answer_of_the_app(exchange) is None


def body_is_empty(exchange: Exchange) -> bool:
    return exchange.response.body == b""


MUST, SHOULD, INFO, PROTOCOL, PAIR = Level.MUST, Level.SHOULD, Level.INFO, Profile.PROTOCOL, Scope.PAIR

SYNTAX = fetch("#http-new-header-syntax")

RULES = (
    Rule("S-SYN-1", "Access-Control-Allow-Origin is sent at most once, and is `*`, `null` or one origin",
         source=SYNTAX, level=MUST, profile=PROTOCOL,
         applies=has_allow_origin, holds=allow_origin_is_one_origin),
    Rule("S-SYN-2", "Access-Control-Allow-Credentials is absent, or exactly `true`, once",
         source=SYNTAX, level=MUST, profile=PROTOCOL,
         holds=allow_credentials_is_true_or_absent),
    Rule("S-SYN-3", "Allowed methods, allowed headers and exposed headers are lists of tokens",
         source=SYNTAX, level=MUST, profile=PROTOCOL,
         holds=lists_are_of_tokens),
    Rule("S-SYN-4", "Access-Control-Max-Age is one line of digits",
         source=SYNTAX, level=MUST, profile=PROTOCOL,
         applies=has_max_age, holds=max_age_is_one_number),
    Rule("S-SYN-5", "No line that the server writes has CR, LF or NUL in its value",
         source=rfc9110("5.5"), level=MUST, profile=PROTOCOL,
         applies=app_sends_valid_values, holds=values_have_no_line_breaks, same_as=("S-HTTP-8",)),
    Rule("S-SYN-6",
         "Methods, request headers and Max-Age stand on preflight answers, exposed headers on actual "
         "answers",
         source=fetch("#http-responses"), level=SHOULD, profile=PROTOCOL,
         applies=is_clearly_of_one_kind, holds=permissions_are_where_browsers_look),
    Rule("S-ORG-1", "Access-Control-Allow-Origin is `*`, the origin that was sent, or one that is configured",
         source=fetch("#http-responses"), level=MUST, profile=PROTOCOL,
         applies=has_allow_origin, holds=allow_origin_is_the_senders_or_static),
    Rule("S-WRK-1",
         "A page of an allowed origin may read what it asked for, with credentials if they are allowed",
         source=fetch("#concept-cors-check"), level=MUST, profile=PROTOCOL,
         applies=successful_answer_to_an_allowed_page, holds=the_page_may_read, implies=("D-05", "S-ORG-2")),
    Rule("S-WRK-2", "After a preflight for nothing but what is allowed the browser sends the request",
         source=fetch("#cors-preflight-fetch"), level=MUST, profile=PROTOCOL,
         applies=allowed_preflight_of_a_browser, holds=the_browser_goes_on, implies=("D-11", "A-PF-6")),
    Rule("S-PF-6", "The requested method is compared with its letter case",
         source=rfc9110("9.1"), level=MUST, profile=PROTOCOL, scope=PAIR,
         applies=methods_alike_but_for_case, holds=exact_method_alone_is_listed,
         same_as=("S-HTTP-1",), implies=("D-11", "A-PF-6")),
    Rule("S-PF-7",
         "The form of Access-Control-Request-Headers does not change the verdict, only what it names",
         source=rfc9110("5.6.1.2"), level=MUST, profile=PROTOCOL, scope=PAIR,
         applies=lists_of_one_meaning, holds=verdicts_are_the_same, implies=("D-27", "S-PF-3")),
    Rule("S-RSP-4", "CORS headers that the application sets itself leave the answer well-formed",
         source=rfc9110("5.3"), level=MUST, profile=PROTOCOL,
         applies=app_set_cors_headers, holds=syntax_holds_all_the_same, implies=("S-SYN-3", "A-ACT-2")),
    Rule("S-HTTP-1", "Methods are case-sensitive: an answer does not allow `put` because PUT is configured",
         source=rfc9110("9.1"), level=MUST, profile=PROTOCOL, scope=PAIR,
         applies=methods_alike_but_for_case, holds=exact_method_alone_is_listed,
         same_as=("S-PF-6",), implies=("D-11", "A-PF-6")),
    Rule("S-HTTP-2", "Requested header names mean the same in any letter case",
         source=rfc9110("5.1"), level=MUST, profile=PROTOCOL, scope=PAIR,
         applies=lists_alike_but_for_case, holds=verdicts_are_the_same, implies=("D-27", "S-PF-3", "S-PF-7")),
    Rule("S-HTTP-3", "White space and empty elements in the requested headers mean nothing",
         source=rfc9110("5.6.1.2"), level=MUST, profile=PROTOCOL, scope=PAIR,
         applies=lists_alike_but_for_blanks, holds=verdicts_are_the_same,
         implies=("D-27", "S-PF-3", "S-PF-7")),
    Rule("S-HTTP-4", "No list that the server writes has empty elements",
         source=rfc9110("5.6.1.1"), level=MUST, profile=PROTOCOL,
         holds=lists_have_no_empty_elements),
    Rule("S-HTTP-5", "Requested headers on several lines mean the same as on one",
         source=rfc9110("5.3"), level=MUST, profile=PROTOCOL, scope=PAIR,
         applies=lists_alike_but_for_lines, holds=verdicts_are_the_same,
         implies=("D-27", "S-PF-3", "S-PF-7")),
    Rule("S-HTTP-6", "Allow-Origin, Allow-Credentials and Max-Age are sent once at most",
         source=rfc9110("5.3"), level=MUST, profile=PROTOCOL,
         holds=single_fields_are_sent_once, implies=("S-SYN-2",)),
    Rule("S-HTTP-7",
         "An Origin is compared as the parser gives it; blanks around it are not stripped a second time",
         source=rfc9110("5.5"), level=MUST, profile=PROTOCOL,
         applies=origin_has_blanks_around_it, holds=neither_it_nor_its_middle_is_granted),
    Rule("S-HTTP-8", "CR, LF and NUL of a request never reach the answer",
         source=rfc9110("5.5"), level=MUST, profile=PROTOCOL,
         applies=app_sends_valid_values, holds=values_have_no_line_breaks, same_as=("S-SYN-5",)),
    Rule("S-HTTP-11", "A successful answer to OPTIONS says in Allow which methods there are",
         source=rfc9110("9.3.7"), level=INFO, profile=PROTOCOL,
         applies=successful_preflight, holds=allow_is_sent),
    Rule("S-HTTP-12", "A 405 carries Allow, the application's when it sent one",
         source=rfc9110("15.5.6"), level=MUST, profile=PROTOCOL,
         applies=method_is_not_allowed, holds=allow_is_the_apps),
    Rule("S-HTTP-13", "204 and 304 have no content",
         source=rfc9110("15.3.5"), level=MUST, profile=PROTOCOL,
         applies=status_has_no_content, holds=body_is_empty),
    Rule("S-HTTP-14", "A cache reuses an answer only for requests that match it in all that Vary names",
         source="https://www.rfc-editor.org/rfc/rfc9111#section-4.1", level=INFO, profile=PROTOCOL,
         not_executable="it binds caches, not servers; the simulated cache of S-VARY-5 follows it"),
)  # fmt: skip
