"""What a server would have to send for a fetch to be allowed, header by header."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Literal, NamedTuple

from spec.browser import Engine, Fetch
from spec.browser.checks import Check, cors_check, get
from spec.browser.methods_and_headers import normalize_method, throws
from spec.browser.origins import is_cors, preflight_origin, serialized_origin
from spec.browser.preflight import allowed_headers, allowed_methods, needs_preflight, preflight_check
from spec.browser.safelists import SAFELISTED_METHODS, unsafe_header_names
from spec.browser.whole_fetch import response_check
from spec.http import Response, elements, is_token

Message = Literal["preflight", "response"]

ORIGIN = "access-control-allow-origin"
CREDENTIALS = "access-control-allow-credentials"
METHODS = "access-control-allow-methods"
HEADERS = "access-control-allow-headers"
STATUS = "status"

NOTHING_YET: dict[Message, Response] = {"preflight": Response(0, ()), "response": Response(200, ())}
"""What a message is taken for that nobody has seen."""


class Change(NamedTuple):
    """One thing that must be different in a response.

    message: the response to the preflight, or to the request itself
    header: a lower-case field name, or `status`
    got: its value, all lines joined; None where there is none, or where nobody has seen the message
    needed: the value that it must have; None where the header must not be there
    rule: the id of the rule that asks for it
    """

    message: Message
    header: str
    got: str | None
    needed: str | None
    rule: str


def changes(
    fetch: Fetch, engine: Engine, preflight: Response | None, response: Response | None
) -> list[Change]:
    """What must be different for this hop to be allowed; nothing if it is.

    None is a message that is not known: all that it needs is listed. Raises ValueError for a fetch that
    throws, which no server can help.
    """
    rule = throws(fetch)
    if rule:
        raise ValueError(f"this fetch throws ({rule}): {fetch}")
    found: list[Change] = []
    if needs_preflight(fetch, engine):
        origin = preflight_origin(fetch, engine)
        found = _until_passed(
            "preflight",
            preflight,
            lambda current: preflight_check(fetch, current, engine),
            lambda current, rule: _of_preflight(fetch, engine, origin, current, rule),
        )
    if is_cors(fetch):
        origin = serialized_origin(fetch)
        found += _until_passed(
            "response",
            response,
            lambda current: response_check(fetch, current, engine),
            lambda current, rule: _of_sharing(origin, rule),
        )
    return found


def changed(message: Message, response: Response | None, listed: Iterable[Change]) -> Response:
    """The response with all of the changes that concern it."""
    current = NOTHING_YET[message] if response is None else response
    for change in listed:
        if change.message == message:
            current = _with(current, change.header, change.needed)
    return current


Mend = tuple[str, str | None, str]
"""A header, the value that it needs, and the rule that asks for it."""


def _until_passed(
    message: Message,
    response: Response | None,
    check: Callable[[Response], Check],
    mend: Callable[[Response, str], Mend],
) -> list[Change]:
    """Mend what the browser finds, until it finds nothing more."""
    current = NOTHING_YET[message] if response is None else response
    found: dict[str, Change] = {}
    while not (verdict := check(current)).passed:
        header, needed, rule = mend(current, verdict.rule)
        if header in found:
            found[header] = found[header]._replace(needed=needed)
        else:
            found[header] = Change(message, header, _value(response, header), needed, rule)
        current = _with(current, header, needed)
    return list(found.values())


def _of_sharing(origin: bytes, rule: str) -> Mend:
    """What the CORS check asks for."""
    if rule == "C-CHK-6":
        return CREDENTIALS, "true", rule
    return ORIGIN, origin.decode(), rule


def _of_preflight(fetch: Fetch, engine: Engine, origin: bytes, current: Response, rule: str) -> Mend:
    """What the check of a preflight asks for."""
    if rule == "C-PF-7":
        return _of_sharing(origin, cors_check(origin, fetch.credentials, current).rule)
    if rule in ("C-PF-6", "C-PF-13"):
        return STATUS, "204", rule
    methods, names = allowed_methods(fetch, current, engine), allowed_headers(current)
    if methods is None or names is None:
        header = METHODS if methods is None else HEADERS
        kept = [element for element in elements(current.lines(header)) if is_token(element)]
        return header, _joined(kept) if kept else None, rule
    method = normalize_method(fetch.method)
    methods = _without_vain_wildcard(fetch, methods)
    if method not in SAFELISTED_METHODS and method.encode() not in methods and b"*" not in methods:
        return METHODS, _joined([*methods, method.encode()]), rule
    listed = _without_vain_wildcard(fetch, elements(current.lines(HEADERS)))
    missing = [
        name
        for name in unsafe_header_names(fetch, engine)
        if name not in names and (b"*" not in listed or name == b"authorization")
    ]
    return HEADERS, _joined([*listed, *missing]), rule


def _without_vain_wildcard(fetch: Fetch, values: list[bytes]) -> list[bytes]:
    """The list, without a `*` that means nothing: with credentials it is a name as any other."""
    return [value for value in values if value != b"*" or fetch.credentials != "include"]


def _joined(values: list[bytes]) -> str:
    return b", ".join(values).decode()


def _value(response: Response | None, header: str) -> str | None:
    if response is None:
        return None
    if header == STATUS:
        return str(response.status)
    value = get(response, header)
    return None if value is None else value.decode("latin-1")


def _with(response: Response, header: str, value: str | None) -> Response:
    kept = tuple(line for line in response.headers if line[0].lower() != header.encode())
    if value is None:
        return replace(response, headers=kept)
    if header == STATUS:
        return replace(response, status=int(value))
    return replace(response, headers=(*kept, (header.encode(), value.encode())))
