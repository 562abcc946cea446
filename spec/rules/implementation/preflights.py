"""What this implementation decides for preflight responses, beyond the standards."""

from collections import Counter

from spec.http import Response
from spec.rules.record import Exchange, Level, Profile, Rule, Severity
from spec.rules.server.examples import LIST, B, asks, lines, permits, says, seen
from spec.rules.server.facts import (
    ACEH,
    CORS_HEADERS,
    VARY,
    allowed,
    permission_is_sent,
    preflight,
    preflight_of_an_allowed_origin,
)
from spec.rules.sources import fetch, page, rfc9110

RULES: list[Rule] = []


def body_says_what_is_refused(exchange: Exchange) -> bool:
    refused = exchange.refused
    said = "Disallowed CORS " + ", ".join(refused) if refused else "OK"
    return exchange.response.body == said.encode()


RULES.append(
    Rule(
        id="A-PF-1",
        title="The preflight body names what is refused",
        sentence=(
            "The body of a preflight response is `OK`, or `Disallowed CORS ` followed by the refused parts"
        ),
        sources=(page("#cors-preflight-requests"),),
        level=Level.MUST,
        severity=Severity.HYGIENE,
        profile=Profile.IMPLEMENTATION,
        applies=preflight,
        holds=body_says_what_is_refused,
        why=(
            "Developers who look at a failed preflight cannot see whether origin, method, headers or "
            "private network access was refused."
        ),
        repair=(
            "Send `OK`, or for example `Disallowed CORS origin, method`, naming each of origin, "
            "method, headers, private-network that is refused."
        ),
        counterexample=seen(LIST, asks(), says(200, "Okay", permits())),
    )
)


CONTENT_TYPE, CONTENT_LENGTH = "content-type", "content-length"


def content_is_described(exchange: Exchange) -> bool:
    response = exchange.response
    plain_text = response.lines(CONTENT_TYPE) == [b"text/plain; charset=utf-8"]
    return plain_text and response.lines(CONTENT_LENGTH) == [str(len(response.body)).encode()]


RULES.append(
    Rule(
        id="A-PF-2",
        title="Preflight responses declare type and length",
        sentence=(
            "A preflight response has `Content-Type: text/plain; charset=utf-8` and the "
            "Content-Length of its body, each once"
        ),
        sources=(rfc9110("8.6"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.IMPLEMENTATION,
        applies=preflight,
        holds=content_is_described,
        why=(
            "With a wrong length, clients wait for missing bytes or misread the next response. "
            "Without a type, they guess what the body is."
        ),
        repair=(
            "Send `Content-Type: text/plain; charset=utf-8` and a Content-Length with the number of "
            "bytes in the body."
        ),
        counterexample=seen(LIST, asks(), Response(200, says(200, "not OK", permits()).headers, b"OK")),
    )
)


def vary_names_all_that_is_read(exchange: Exchange) -> bool:
    read = (
        b"Origin, Access-Control-Request-Method, Access-Control-Request-Headers,"
        b" Access-Control-Request-Private-Network"
    )
    return exchange.response.lines(VARY) == [read]


RULES.append(
    Rule(
        id="A-PF-3",
        title="Preflight responses vary by four headers",
        sentence=(
            "A preflight response has one Vary field line with Origin and the three "
            "Access-Control-Request headers, in fixed order"
        ),
        sources=(rfc9110("12.5.5"),),
        level=Level.MUST,
        severity=Severity.CACHE,
        profile=Profile.IMPLEMENTATION,
        applies=preflight,
        holds=vary_names_all_that_is_read,
        why=(
            "A CDN that is set up to store OPTIONS responses may serve the response to one preflight "
            "for another, with the wrong permissions."
        ),
        repair=(
            "Send Vary with Origin, Access-Control-Request-Method, Access-Control-Request-Headers, "
            "Access-Control-Request-Private-Network."
        ),
        counterexample=seen(
            LIST,
            asks(),
            Response(
                200, (*says(200, "OK", permits()).headers[:2], *lines(f"vary: Origin | {permits()}")), b"OK"
            ),
        ),
    )
)


def preflight_of_another_origin(exchange: Exchange) -> bool:
    return preflight(exchange) and not allowed(exchange)


def no_cors_header_is_sent(exchange: Exchange) -> bool:
    return not any(name.lower().startswith(b"access-control-") for name, _ in exchange.response.headers)


RULES.append(
    Rule(
        id="A-PF-4",
        title="No CORS headers for unlisted origins",
        sentence=(
            "The response to a preflight from an origin that is not allowed has no header whose name "
            "starts with `Access-Control-`"
        ),
        sources=(fetch("#http-responses"),),
        level=Level.MUST,
        severity=Severity.HYGIENE,
        profile=Profile.IMPLEMENTATION,
        applies=preflight_of_another_origin,
        holds=no_cors_header_is_sent,
        why=(
            "The response shows unlisted origins which methods and headers are configured, and makes "
            "a refusal look like a permission."
        ),
        repair=(
            "Send no Access-Control headers at all when the configuration does not allow the origin "
            "of a preflight."
        ),
        counterexample=seen(
            LIST, asks(B), says(400, "Disallowed CORS origin", "access-control-max-age: 600")
        ),
    )
)


RULES.append(
    Rule(
        id="A-PF-5",
        title="Preflights always allow an allowed origin",
        sentence=(
            "Every preflight response to an allowed origin, also a refusal, allows that origin, and "
            "credentials if and only if configured"
        ),
        sources=(fetch("#http-responses"),),
        level=Level.MUST,
        severity=Severity.KEEPS_OUT,
        profile=Profile.IMPLEMENTATION,
        applies=preflight_of_an_allowed_origin,
        holds=permission_is_sent,
        why=(
            "Browsers report a wrong origin when in fact the method or a header was refused, and "
            "developers look in the wrong place."
        ),
        repair=(
            "Send `*` (if configured) or the Origin, and with allow_credentials "
            "`Access-Control-Allow-Credentials: true`, also with status 400."
        ),
        counterexample=seen(
            LIST, asks(method="DELETE"), says(400, "Disallowed CORS method", permits().split(" | ", 1)[1])
        ),
    )
)


PREFLIGHT_FIELDS = frozenset(
    name.encode() for name in (*CORS_HEADERS, CONTENT_TYPE, CONTENT_LENGTH, VARY) if name != ACEH
)


def nothing_else_is_sent(exchange: Exchange) -> bool:
    """Only fields that are known, each once, with names in lower case."""
    sent = Counter(name for name, _ in exchange.response.headers)
    return set(sent) <= PREFLIGHT_FIELDS and set(sent.values()) <= {1}


RULES.append(
    Rule(
        id="A-PF-10",
        title="Preflight responses have no other headers",
        sentence=(
            "Preflight responses have only CORS headers for preflights, Content-Type, Content-Length "
            "and Vary, once each, in lower case"
        ),
        sources=(page("#cors-preflight-requests"),),
        level=Level.MUST,
        severity=Severity.HYGIENE,
        profile=Profile.IMPLEMENTATION,
        applies=preflight,
        holds=nothing_else_is_sent,
        why=(
            "Unexpected or repeated headers waste bytes and can change the meaning of the response. "
            "ASGI servers expect names in lower case."
        ),
        repair=(
            "Remove all other headers, Access-Control-Expose-Headers included, and write each "
            "remaining name once in lower case."
        ),
        counterexample=seen(LIST, asks(), says(200, "OK", permits(more="x-extra: 1"))),
    )
)
