"""How often a header may be sent, and what its field lines may contain."""

from spec.http import OWS
from spec.rules.record import Exchange, Expectation, Level, Profile, Rule, Severity
from spec.rules.server.examples import A_ALONE, COUNT, CREDENTIALS, LIST, TRUE, A, get, gives, seen
from spec.rules.server.facts import (
    ACAC,
    ACAH,
    ACAM,
    ACAO,
    ACEH,
    MAX_AGE,
    VARY,
    allow_credentials_is_true_or_absent,
    allow_origin_is_one_origin,
    answer_of_the_app,
    answered,
    has_allow_origin,
    lists_are_of_tokens,
    lists_that_are_sent,
    text,
    written,
)
from spec.rules.sources import rfc9110

RULES: list[Rule] = []


def app_sends_valid_values(exchange: Exchange) -> bool:
    apps = exchange.app_response.headers if exchange.app_response else ()
    return all(is_clean(value) for _, value in apps)


def values_have_no_line_breaks(exchange: Exchange) -> bool:
    return all(is_clean(value) for _, value in written(exchange))


def is_clean(value: bytes) -> bool:
    """There is no CR, LF or NUL in it."""
    return not any(byte in value for byte in b"\r\n\0")


def unclean_headers_are_shown(exchange: Exchange) -> list[Expectation]:
    unclean = [text(name).lower() for name, value in exchange.response.headers if not is_clean(value)]
    return [Expectation(name, "no CR, LF or NUL", False) for name in dict.fromkeys(unclean)]


RULES.append(
    Rule(
        id="S-SYN-5",
        aliases=("S-HTTP-8",),
        title="No line breaks in header values",
        sentence=(
            "If the application's header values are valid, the server adds no header value that "
            "contains CR, LF or NUL"
        ),
        sources=(rfc9110("5.5"),),
        level=Level.MUST,
        severity=Severity.LETS_IN,
        profile=Profile.PROTOCOL,
        applies=app_sends_valid_values,
        holds=values_have_no_line_breaks,
        shows=unclean_headers_are_shown,
        why=(
            "A crafted request can inject headers or a body into the response, which others may then "
            "receive from a cache."
        ),
        repair=(
            "Copy a value from the request into the response only if it is a well-formed origin or a "
            "valid token."
        ),
        counterexample=seen(LIST, get(), gives("x-note: one\r\ntwo | vary: Origin")),
    )
)


def lists_have_no_empty_elements(exchange: Exchange) -> bool:
    lists = {name.encode() for name in (ACAM, ACAH, ACEH)} | {b"vary"}
    values = [value for name, value in written(exchange) if name.lower() in lists]
    return all(value == b"" or all(part.strip(OWS) for part in value.split(b",")) for value in values)


def all_lists_are_shown(exchange: Exchange) -> list[Expectation]:
    return lists_that_are_sent(exchange, ACAM, ACAH, ACEH, VARY)


RULES.append(
    Rule(
        id="S-HTTP-4",
        title="Lists have no empty elements",
        sentence=(
            "The lists of methods, allowed headers, exposed headers and Vary that the server writes "
            "have no empty elements between commas"
        ),
        sources=(rfc9110("5.6.1.1"),),
        level=Level.MUST,
        severity=Severity.HYGIENE,
        profile=Profile.PROTOCOL,
        holds=lists_have_no_empty_elements,
        shows=all_lists_are_shown,
        why=(
            "A sender must not generate them, and recipients need only ignore a reasonable number, "
            "so the same response works with one client and not with another."
        ),
        repair=(
            "Join only non-empty names with a comma and a space, and leave the header out when there "
            "is nothing to list."
        ),
        counterexample=seen(LIST, get(), gives("vary: Origin, , Accept")),
    )
)


def single_fields_are_sent_once(exchange: Exchange) -> bool:
    return all(len(answered(exchange, name)) <= 1 for name in (ACAO, ACAC, MAX_AGE))


def repeated_headers_are_shown(exchange: Exchange) -> list[Expectation]:
    found = {name: exchange.response.lines(name) for name in (ACAO, ACAC, MAX_AGE)}
    return [Expectation(name, "one field line", len(values) == 1) for name, values in found.items() if values]


RULES.append(
    Rule(
        id="S-HTTP-6",
        title="Single-value CORS headers are not repeated",
        sentence=(
            "Access-Control-Allow-Origin, Access-Control-Allow-Credentials and Access-Control-Max-Age "
            "each appear at most once in a response"
        ),
        sources=(rfc9110("5.3"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        holds=single_fields_are_sent_once,
        shows=repeated_headers_are_shown,
        why=(
            "Browsers combine repeated field lines: `*, *` fails the CORS check, `true, true` too if "
            "there are credentials, and a repeated Access-Control-Max-Age is ignored."
        ),
        repair=(
            "Replace an existing field line instead of adding a second one, and add CORS headers in "
            "one place only (application, middleware or proxy)."
        ),
        implies=("S-SYN-2",),
        counterexample=seen(CREDENTIALS, get(), gives(f"{TRUE} | {TRUE} | vary: Origin")),
    )
)


def app_set_cors_headers(exchange: Exchange) -> bool:
    app = answer_of_the_app(exchange)
    return app is not None and any(app.lines(name) for name in (ACAO, ACAC, ACEH))


def syntax_holds_all_the_same(exchange: Exchange) -> bool:
    one_origin = not has_allow_origin(exchange) or allow_origin_is_one_origin(exchange)
    return one_origin and allow_credentials_is_true_or_absent(exchange) and lists_are_of_tokens(exchange)


RULES.append(
    Rule(
        id="S-RSP-4",
        title="Application's CORS headers cause no errors",
        sentence=(
            "If the application sets CORS headers, the response still has at most one origin, only "
            "`true` for credentials and valid lists"
        ),
        sources=(rfc9110("5.3"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.PROTOCOL,
        applies=app_set_cors_headers,
        holds=syntax_holds_all_the_same,
        why=(
            "Browsers reject a response with two origins or malformed values, so pages that are "
            "allowed cannot read it."
        ),
        repair=(
            "Replace the CORS headers of the application instead of adding second field lines, and do "
            "not pass on malformed ones."
        ),
        implies=("S-SYN-3", "A-ACT-2"),
        counterexample=seen(
            LIST, get(f"origin: {A}"), gives(f"{A_ALONE} | {COUNT}, | vary: Origin"), gives(f"{COUNT},")
        ),
    )
)
