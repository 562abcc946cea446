"""How Access-Control-Request-Headers is read: as a list, whatever its form."""

from spec.http import elements, is_ok_status, is_token, names
from spec.policy import requested_headers, requested_methods
from spec.rules.record import Exchange, Expectation, Level, Profile, Rule, Severity, Subject
from spec.rules.server.examples import HEADERS, LIST, TOKEN, asks, permits, says, seen
from spec.rules.server.facts import (
    ACAH,
    ACAM,
    ACRH,
    asked_headers,
    differ_in,
    granted,
    header_names_asked_for,
    listed,
    lower,
    preflight,
    same_but_for,
)
from spec.rules.sources import rfc9110

RULES: list[Rule] = []


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


RULES.append(
    Rule(
        id="S-PF-7",
        title="Form of the requested headers is irrelevant",
        sentence=(
            "Order, repetition, letter case, white space and splitting of "
            "Access-Control-Request-Headers do not change the result"
        ),
        sources=(rfc9110("5.6.1.2"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        subject=Subject.PAIR,
        applies=lists_of_one_meaning,
        holds=verdicts_are_the_same,
        needs=("preflights",),
        why=(
            "Allowed preflights are refused after a proxy or another client has written the same list "
            "in another form."
        ),
        repair=(
            "Join all field lines, split at commas, trim white space, drop empty elements, and compare "
            "the names case-insensitively."
        ),
        implies=("D-27",),
        counterexample=(
            *seen(
                LIST,
                asks(more="access-control-request-headers: accept,x-token"),
                says(200, "OK", permits()),
            ),
            *seen(
                LIST,
                asks(more="access-control-request-headers: x-token,accept"),
                says(400, "OK", permits()),
            ),
        ),
    )
)


def preflight_is_malformed(exchange: Exchange) -> bool:
    """What is asked for is no method, or no list of field names."""
    asked = requested_methods(exchange.request) + header_names_asked_for(exchange.request)
    return preflight(exchange) and not all(is_token(element) for element in asked)


def malformed_parts_are_not_reflected(exchange: Exchange) -> bool:
    listed = exchange.response.lines(ACAM) + exchange.response.lines(ACAH)
    return all(is_token(element) for element in elements(listed))


def lists_of_the_preflight_are_shown(exchange: Exchange) -> list[Expectation]:
    met = malformed_parts_are_not_reflected(exchange)
    return [Expectation(name, "tokens alone", met) for name in (ACAM, ACAH) if exchange.response.lines(name)]


RULES.append(
    Rule(
        id="S-PF-8",
        title="Invalid requested names are not listed",
        sentence=(
            "If a preflight requests a method or header that is not a valid token, the response lists "
            "only valid tokens as methods and headers"
        ),
        sources=(rfc9110("5.5"),),
        level=Level.SECURITY,
        severity=Severity.HYGIENE,
        profile=Profile.SECURITY,
        applies=preflight_is_malformed,
        holds=malformed_parts_are_not_reflected,
        shows=lists_of_the_preflight_are_shown,
        why=(
            "Unchecked text from the request reaches response headers, where it breaks the list or is "
            "read differently by each recipient."
        ),
        repair=(
            "Check that requested names are valid tokens before copying them to the response, and "
            "refuse the preflight with status 400 if not."
        ),
        implies=("S-SYN-3", "A-PF-7"),
        counterexample=seen(
            LIST,
            asks(more="access-control-request-headers: x token"),
            says(400, "Disallowed CORS headers", permits(headers=f"{HEADERS}, X-Token, x token")),
        ),
    )
)


def lists_alike_but_for_case(a: Exchange, b: Exchange) -> bool:
    return lists_of_one_meaning(a, b) and lower(a.request.lines(ACRH)) == lower(b.request.lines(ACRH))


RULES.append(
    Rule(
        id="S-HTTP-2",
        title="Header names are case-insensitive",
        sentence=(
            "The letter case of the names in Access-Control-Request-Headers does not change the "
            "result of a preflight"
        ),
        sources=(rfc9110("5.1"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        subject=Subject.PAIR,
        applies=lists_alike_but_for_case,
        holds=verdicts_are_the_same,
        needs=("preflights",),
        why=(
            "Browsers send these names in lower case, but other clients and proxies may not. A "
            "case-sensitive comparison refuses configured headers."
        ),
        repair=("Convert the requested and the configured header names to lower case before comparing them."),
        implies=("D-27", "S-PF-7"),
        counterexample=(
            *seen(LIST, asks(more=TOKEN), says(200, "OK", permits())),
            *seen(
                LIST,
                asks(more="access-control-request-headers: X-TOKEN"),
                says(400, "OK", permits()),
            ),
        ),
    )
)


def lists_alike_but_for_blanks(a: Exchange, b: Exchange) -> bool:
    """The same names on as many field lines, with other white space, empty elements or empty field lines."""
    same_lines = lines_with_names(a) == lines_with_names(b)
    return lists_of_one_meaning(a, b) and same_lines and asked_headers(a) == asked_headers(b)


def lines_with_names(exchange: Exchange) -> int:
    """How many field lines have a name in them."""
    return sum(bool(elements([value])) for value in exchange.request.lines(ACRH))


RULES.append(
    Rule(
        id="S-HTTP-3",
        title="White space in requested headers is irrelevant",
        sentence=(
            "White space, empty elements and empty field lines of Access-Control-Request-Headers do "
            "not change the result of a preflight"
        ),
        sources=(rfc9110("5.6.1.2"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        subject=Subject.PAIR,
        applies=lists_alike_but_for_blanks,
        holds=verdicts_are_the_same,
        needs=("preflights",),
        why=(
            "A preflight that should be allowed is refused after a proxy or another client has "
            "written the same list with other white space."
        ),
        repair=(
            "Split the value at commas, trim spaces and tabs around each element, and drop empty "
            "elements before comparing the names."
        ),
        implies=("D-27", "S-PF-7"),
        counterexample=(
            *seen(LIST, asks(more=TOKEN), says(200, "OK", permits())),
            *seen(
                LIST,
                asks(more="access-control-request-headers: x-token, "),
                says(400, "OK", permits()),
            ),
        ),
    )
)


def lists_alike_but_for_lines(a: Exchange, b: Exchange) -> bool:
    """The same names on another number of field lines; those without a name do not count."""
    same_lines = lines_with_names(a) == lines_with_names(b)
    return lists_of_one_meaning(a, b) and not same_lines and asked_headers(a) == asked_headers(b)


RULES.append(
    Rule(
        id="S-HTTP-5",
        title="Requested headers may span field lines",
        sentence=(
            "A list of requested headers gives the same preflight result on one "
            "Access-Control-Request-Headers field line or on several"
        ),
        sources=(rfc9110("5.3"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        subject=Subject.PAIR,
        applies=lists_alike_but_for_lines,
        holds=verdicts_are_the_same,
        needs=("preflights",),
        why=(
            "If only the first field line is read, headers go unchecked. If several are refused, an "
            "allowed preflight fails after a rewrite on the way."
        ),
        repair=(
            "Join all Access-Control-Request-Headers field lines with commas before splitting them "
            "into names."
        ),
        implies=("D-27", "S-PF-7"),
        counterexample=(
            *seen(
                LIST, asks(more="access-control-request-headers: x-token,accept"), says(200, "OK", permits())
            ),
            *seen(
                LIST,
                asks(more="access-control-request-headers: x-token | access-control-request-headers: accept"),
                says(400, "OK", permits()),
            ),
        ),
    )
)
