"""What shows a violation: in which headers, whether a browser can bring it about, how hard it is to read."""

import re
from collections.abc import Iterable

from spec.browser.methods_and_headers import normalize_method
from spec.conformance.cases import UNLISTED
from spec.conformance.exchange import lines
from spec.origin import Kind, canonical
from spec.policy import STANDARD_METHODS
from spec.rules.record import Exchange, Rule, Severity, Violation
from spec.rules.server.facts import ACAC, ACAO, granted, header_names_asked_for, origin_of_a_page, text

ACRM = "access-control-request-method"


def headers_of(violation: Violation) -> frozenset[str]:
    """The headers in which a violation shows: those that the rule names, or all that are not as expected."""
    return frozenset(name for exchange in violation.exchanges for name in _shown(violation.rule, exchange))


def _shown(rule: Rule, exchange: Exchange) -> Iterable[str]:
    named = [expectation.header for expectation in rule.shows(exchange) if not expectation.met]
    return named or [line.name.lower() for line in lines(exchange) if not line.fits]


def is_reachable(violation: Violation) -> bool:
    """Whether it can be brought about from a browser, where it shows in one.

    Access-Control-Allow-Credentials alone, without Access-Control-Allow-Origin, changes nothing there:
    https://fetch.spec.whatwg.org/#concept-cors-check
    """
    return all(map(comes_from_a_page, violation.exchanges)) and not shows_in_credentials_alone(violation)


def comes_from_a_page(exchange: Exchange) -> bool:
    """Whether a browser sends these Origin lines, none or one that some page has, and methods in this case.

    It asks for PUT where a script says `put`: https://fetch.spec.whatwg.org/#concept-method-normalize
    """
    if exchange.request.lines("origin") and not origin_of_a_page(exchange):
        return False
    return all(normalize_method(method) == method for method in map(text, exchange.request.lines(ACRM)))


def shows_in_credentials_alone(violation: Violation) -> bool:
    """Whether nothing is wrong but Access-Control-Allow-Credentials where nobody is allowed to read."""
    if any(exchange.response.lines(ACAO) for exchange in violation.exchanges):
        return False
    return headers_of(violation) == {ACAC}


def size(violation: Violation) -> tuple[bool, bool, int, int, int, int]:
    """How hard a violation is to believe: whether a browser cannot bring it about, whether no page may read
    where the rule is about that, exchanges, how odd the origins and the requested names are, header lines,
    bytes."""
    lets_in = violation.rule.severity is Severity.LETS_IN
    is_unread = lets_in and not any(map(granted, violation.exchanges))
    odd = sum(oddness(exchange) + oddness_of_names(exchange) for exchange in violation.exchanges)
    found = [line for exchange in violation.exchanges for line in exchange.request.headers]
    length = sum(len(name) + len(value) for name, value in found)
    return not is_reachable(violation), is_unread, len(violation.exchanges), odd, len(found), length


def oddness(exchange: Exchange) -> int:
    """How far the origin is from an ordinary one: 0 a configured one, or the unlisted one that every server
    meets, 1 `https://` and a name unlike the configured ones, 2 one that is like them, 3 another origin of a
    page, 4 `null`, 5 what no page has."""
    values = [text(value) for value in exchange.request.lines("origin")]
    if len(values) != 1:
        return 5 * bool(values)
    [value] = values
    if value in (*exchange.config.allow_origins, UNLISTED):
        return 0
    if value == "null":
        return 4
    if canonical(value).kind is not Kind.CANONICAL:
        return 5
    if not re.fullmatch(r"https://[a-z0-9.-]+\.[a-z][a-z0-9]+", value):
        return 3
    hosts = [origin.partition("://")[2] for origin in exchange.config.allow_origins]
    return 1 + any(host in value or value.partition("://")[2] in host for host in hosts if host)


def oddness_of_names(exchange: Exchange) -> int:
    """How far what a preflight requests is from ordinary: 2 for each name that is no word, such as `*`, which
    looks as if it were the server's, and 1 for each method that is neither standard nor configured."""
    methods = [text(value) for value in exchange.request.lines(ACRM)]
    headers = [text(value) for value in header_names_asked_for(exchange.request)]
    rare = [method for method in methods if method not in (*STANDARD_METHODS, *exchange.config.allow_methods)]
    odd = [name for name in (*methods, *headers) if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", name)]
    return len(rare) + 2 * len(odd)
