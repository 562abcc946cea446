"""Which methods and headers a script may set, and how they are sent."""

import re
from collections.abc import Iterable

from spec.browser.engines import STANDARD, Engine
from spec.browser.fetch import Fetch
from spec.http import OWS, Headers, is_token

NORMALIZED_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"})
FORBIDDEN_METHODS = frozenset({b"CONNECT", b"TRACE", b"TRACK"})
# https://fetch.spec.whatwg.org/#forbidden-request-header
FORBIDDEN_REQUEST_HEADERS = frozenset({
    b"accept-charset", b"accept-encoding", b"access-control-request-headers",
    b"access-control-request-method", b"connection", b"content-length", b"cookie", b"cookie2", b"date",
    b"dnt", b"expect", b"host", b"keep-alive", b"origin", b"referer", b"set-cookie", b"te", b"trailer",
    b"transfer-encoding", b"upgrade", b"via",
})  # fmt: skip
METHOD_OVERRIDES = frozenset({b"x-http-method", b"x-http-method-override", b"x-method-override"})
# One element of a list whose commas do not split inside quotes, closed or not.
ELEMENT_WITH_QUOTES = re.compile(rb'(?:[^,"]|"(?:[^"\\]|\\.)*(?:"|\\?\Z))+')
HTTP_WHITESPACE = b"\t\n\r "
# https://fetch.spec.whatwg.org/#header-value
NEVER_IN_VALUES = frozenset(b"\0\n\r")


def normalize_method(method: str) -> str:
    """https://fetch.spec.whatwg.org/#concept-method-normalize"""
    return method.upper() if method.upper() in NORMALIZED_METHODS and method.isascii() else method


def is_forbidden_header(name: bytes, value: bytes, engine: Engine = STANDARD) -> bool:
    """Whether a script cannot set this, the name in lower case.

    https://fetch.spec.whatwg.org/#forbidden-request-header
    """
    return (
        name in FORBIDDEN_REQUEST_HEADERS
        or name in engine.further_forbidden_headers
        or name.startswith((b"proxy-", b"sec-"))
        or (name in METHOD_OVERRIDES and names_forbidden_method(value, engine))
    )


def names_forbidden_method(value: bytes, engine: Engine = STANDARD) -> bool:
    """Whether one of the methods in this list is forbidden, in whatever letter case."""
    elements = value.split(b",") if engine.splits_inside_quotes else ELEMENT_WITH_QUOTES.findall(value)
    methods = [element.strip(OWS) for element in elements]
    return any(method.upper() in FORBIDDEN_METHODS for method in methods)


def header_list(fetch: Fetch, engine: Engine = STANDARD) -> Headers:
    """The headers of the request: normalized, in lower case, without the forbidden ones.

    Raises ValueError for a name or a value that makes the Headers constructor throw.
    https://fetch.spec.whatwg.org/#concept-headers-append
    """
    kept = []
    for name_text, value_text in fetch.headers:
        name = name_text.encode("latin-1").lower()
        value = value_text.encode("latin-1").strip(HTTP_WHITESPACE)
        if not is_token(name) or not NEVER_IN_VALUES.isdisjoint(value):
            raise ValueError(f"not a header: {name_text!r}: {value_text!r}")
        if not is_forbidden_header(name, value, engine):
            kept.append((name, value))
    return joined(kept) if fetch.upload_listener else tuple(kept)


def joined(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """Each name once, its values joined, as an XMLHttpRequest does it:
    https://xhr.spec.whatwg.org/#the-setrequestheader()-method"""
    values: dict[bytes, list[bytes]] = {}
    for name, value in headers:
        values.setdefault(name, []).append(value)
    return tuple((name, b", ".join(found)) for name, found in values.items())


def throws(fetch: Fetch) -> str:
    """The id of the rule by which this fetch throws before anything is sent; empty when it does not.

    https://fetch.spec.whatwg.org/#dom-request
    """
    method = fetch.method.encode(errors="replace")
    if not is_token(method) or method.upper() in FORBIDDEN_METHODS:
        return "C-MTH-3"
    if fetch.stream_body and normalize_method(fetch.method) in ("GET", "HEAD"):
        return "C-MTH-5"
    try:
        header_list(fetch)
    except ValueError:
        return "C-HDR-3"
    return ""
