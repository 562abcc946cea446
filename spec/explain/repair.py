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
from spec.http import Response, elements, is_token, tokens

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
        found += _until_passed(
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
    if rule == "C-PF-8":
        header = METHODS if tokens(current.lines(METHODS)) is None else HEADERS
        kept = [element for element in elements(current.lines(header)) if is_token(element)]
        return header, _joined(kept) if kept else None, rule
    includes = fetch.credentials == "include"
    methods = allowed_methods(fetch, current, engine) or []
    method = normalize_method(fetch.method)
    any_method = method in SAFELISTED_METHODS or (b"*" in methods and not includes)
    if method.encode() not in methods and not any_method:
        return METHODS, _joined([*_without_wildcard(methods, includes), method.encode()]), rule
    names = allowed_headers(current) or []
    covers = b"*" in names and not includes
    missing = [
        name
        for name in dict.fromkeys(unsafe_header_names(fetch, engine))
        if name not in names and (not covers or (rule == "C-PF-10" and name == b"authorization"))
    ]
    listed = elements(current.lines(HEADERS))
    return HEADERS, _joined([*_without_wildcard(listed, includes), *missing]), rule


def _without_wildcard(values: list[bytes], includes: bool) -> list[bytes]:
    """The list as it is, without a `*` that means nothing."""
    return [value for value in values if value != b"*" or not includes]


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
    if header == STATUS:
        return replace(response, status=int(value or "0"))
    kept = tuple(line for line in response.headers if line[0].lower() != header.encode())
    return replace(response, headers=kept if value is None else (*kept, (header.encode(), value.encode())))
