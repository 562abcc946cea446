"""An exchange for a reader: as a curl line, and header by header, what was expected against what came."""

import re
import shlex
from dataclasses import dataclass

from spec.conformance.transports import NOTHING, Address, Extra
from spec.http import Request, elements, is_ok_status
from spec.policy import header_is_allowed, method_is_allowed, requested_methods
from spec.rules.record import Exchange, Rule
from spec.rules.server.comparison import no_origin_of_the_request_is_granted
from spec.rules.server.facts import (
    ACAC,
    ACAH,
    ACAM,
    ACAO,
    ACEH,
    MAX_AGE,
    VARY,
    allowed,
    granted,
    header_names_asked_for,
    is_configured,
    listed,
    method_listed,
    names_the_only_origin,
    origin,
    preflight,
    text,
    uses_credentials,
)


def curl(request: Request, base: str, extra: Extra = NOTHING) -> str:
    """A command line that repeats this request, for a POSIX shell; `base` is the URL of the server."""
    return " ".join(curl_words(request, base, extra))


def curl_words(request: Request, base: str, extra: Extra = NOTHING) -> list[str]:
    """The same, option by option."""
    address = Address.parse(base)
    parts = [f"curl -i -X {shlex.quote(request.method)}" if request.method != "HEAD" else "curl -I"]
    if address.socket_file is not None:
        parts.append(f"--unix-socket {shlex.quote(address.socket_file)}")
    for name, value in (*request.headers, *extra.of(request)):
        # To curl a header without a value is one to leave out; with a semicolon it is sent empty.
        parts.append("-H " + quoted(name + (b": " + value if value else b";")))
    if request.body:
        parts.append("--data-binary " + quoted(request.body))
    return [*parts, shlex.quote(address.origin + address.target(request.path))]


def quoted(value: bytes) -> str:
    """A word of a shell; what cannot be printed is escaped, as $'…' does it."""
    if re.fullmatch(rb"[ -~]*", value):
        return shlex.quote(value.decode())
    escaped = re.sub(rb"[^ -&(-\[\]-~]", lambda found: b"\\x%02x" % found[0][0], value)
    return "$'" + escaped.decode() + "'"


def outcome(exchange: Exchange) -> str:
    """The status of the response, or why there is none."""
    if exchange.no_response:
        return f"no response: {exchange.no_response}"
    return f"status {exchange.response.status}"


@dataclass(frozen=True)
class Line:
    """A header of an answer: what the configuration makes of it, what came, and whether that fits."""

    name: str
    expected: str
    actual: str
    fits: bool


def lines(exchange: Exchange, rule: Rule | None = None) -> list[Line]:
    """The headers that decide what a browser does with this response, and those that this rule is about."""
    found = [_allow_origin(exchange), _allow_credentials(exchange)]
    if preflight(exchange):
        found = [*_status(exchange), *found, _allow_methods(exchange), _allow_headers(exchange)]
        found.append(_shown(exchange, MAX_AGE))
    else:
        found.append(_shown(exchange, ACEH))
    found.append(_shown(exchange, VARY))
    more = [_line(exchange, *expectation) for expectation in rule.shows(exchange)] if rule else []
    by_name = {line.name: line for line in (*found, *more)}
    return [line for line in by_name.values() if line.expected or line.actual]


def _line(exchange: Exchange, name: str, expected: str, fits: bool) -> Line:
    if name == "(body)":
        return Line(name, expected, printable(exchange.response.body), fits)
    titled = "-".join(part.title() for part in name.split("-"))
    came = [printable(value) for value in exchange.response.lines(name)]
    return Line(titled, expected, " | ".join(value or "(empty)" for value in came), fits)


def _shown(exchange: Exchange, name: str) -> Line:
    return _line(exchange, name, "", True)


def _status(exchange: Exchange) -> list[Line]:
    status = exchange.response.status
    if exchange.refused:
        return []
    came = "" if exchange.no_response else str(status)
    return [Line("(status)", "200 to 299", came, is_ok_status(status))]


def _allow_origin(exchange: Exchange) -> Line:
    sent, came = origin(exchange), exchange.response.lines(ACAO)
    if not exchange.request.lines("origin"):
        return _line(exchange, ACAO, "anything that is the same for all", len(came) <= 1)
    if allowed(exchange) and sent is not None:
        wildcard = " or *" if sent != b"*" and not uses_credentials(exchange) else ""
        return _line(exchange, ACAO, printable(sent) + wildcard, granted(exchange))
    is_static = len(came) < 2 and all(is_configured(exchange, value) for value in came)
    fits = is_static and no_origin_of_the_request_is_granted(exchange)
    return _line(exchange, ACAO, "absent, or a configured origin", fits)


def _allow_credentials(exchange: Exchange) -> Line:
    came = exchange.response.lines(ACAC)
    if not exchange.request.lines("origin"):
        return _line(exchange, ACAC, "", came in ([], [b"true"]))
    if allowed(exchange) and uses_credentials(exchange):
        return _line(exchange, ACAC, "true", came == [b"true"])
    return _line(exchange, ACAC, "absent", not came or names_the_only_origin(exchange))


def _allow_methods(exchange: Exchange) -> Line:
    asked = requested_methods(exchange.request)[0]
    if allowed(exchange) and method_is_allowed(exchange.config, asked):
        fits = method_listed(exchange, asked) or asked in (b"GET", b"HEAD", b"POST")
        return _line(exchange, ACAM, f"names {printable(asked)}", fits)
    fits = asked not in elements(exchange.response.lines(ACAM)) or not allowed(exchange)
    return _line(exchange, ACAM, f"does not name {printable(asked)}", fits)


def _allow_headers(exchange: Exchange) -> Line:
    asked = header_names_asked_for(exchange.request)
    if not asked:
        return _shown(exchange, ACAH)
    wanted = [name for name in asked if header_is_allowed(exchange.config, name)]
    if not allowed(exchange) or len(wanted) < len(asked):
        refused = [name for name in asked if name not in wanted] or asked
        fits = not allowed(exchange) or listed(exchange, ACAH, asked) != asked
        return _line(exchange, ACAH, f"does not name {short(refused)}", fits)
    return _line(exchange, ACAH, f"names {short(wanted)}", listed(exchange, ACAH, wanted) == wanted)


def short(names: list[bytes]) -> str:
    """Some names, in a line."""
    found = ", ".join(printable(name) for name in names[:4])
    return found + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def printable(value: bytes, most: int = 200) -> str:
    """A value that can stand in a line: what is not printable ASCII is escaped, what is long is cut."""
    found = ascii(text(value))[1:-1] if not re.fullmatch(rb"[ -~]*", value) else value.decode()
    return found if len(found) <= most else f"{found[:most]}... ({len(value):,} bytes)"
