"""What a browser does with a cross-origin fetch: the Fetch standard, in plain functions named as its steps.

Mode "cors" only. What a browser adds of its own accord (Accept on actual requests, User-Agent, cookies) is
left out, for no step of CORS looks at it. https://fetch.spec.whatwg.org/
"""

import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal, NamedTuple

from spec.engine import CHROMIUM, FIREFOX, STANDARD, WEBKIT, Engine
from spec.http import (
    OWS,
    Headers,
    Request,
    Response,
    is_ok_status,
    is_redirect_status,
    is_token,
    tokens,
)
from spec.location import location_url
from spec.preflight_cache import Key, PreflightCache, max_age

__all__ = [
    "CHROMIUM",
    "FIREFOX",
    "STANDARD",
    "WEBKIT",
    "Engine",
    "Fetch",
    "Hop",
    "Outcome",
    "actual_request",
    "outcome",
    "perform",
    "preflight_request",
    "trace",
]

NORMALIZED_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"})
FORBIDDEN_METHODS = frozenset({b"CONNECT", b"TRACE", b"TRACK"})
SAFELISTED_METHODS = frozenset({"GET", "HEAD", "POST"})

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
# https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte
UNSAFE_BYTES = frozenset(set(range(0x20)) - {0x09} | set(b'"():<>?@[\\]{}') | {0x7F})
LANGUAGE_VALUE = re.compile(rb"[0-9A-Za-z *,\-.;=]*")
SIMPLE_TYPES = frozenset({b"application/x-www-form-urlencoded", b"multipart/form-data", b"text/plain"})

FORBIDDEN_RESPONSE_HEADERS = frozenset({"set-cookie", "set-cookie2"})
# https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name
SAFELISTED_RESPONSE_HEADERS = frozenset({
    "cache-control", "content-language", "content-length", "content-type", "expires", "last-modified",
    "pragma",
})  # fmt: skip

# https://fetch.spec.whatwg.org/#request-body-header-name
REQUEST_BODY_HEADERS = frozenset({
    "content-encoding", "content-language", "content-location", "content-type",
})  # fmt: skip


@dataclass(frozen=True)
class Fetch:
    """What a script asks for: `fetch(url, …)` in mode "cors", or an XMLHttpRequest.

    Origins are serialized: `https://example.com`, or `null` for an opaque page. `path` may hold a query.
    Header names and values are strings of code points up to U+00FF, as in JavaScript. The last five fields
    are set by redirects only: the origins of the URLs before this one, whether the last hop needed a
    preflight (or had headers that do, were it only to its own server), whether the use-CORS-preflight flag
    was set there, whether this has become a GET, and the headers that it has lost.
    """

    page_origin: str
    url_origin: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    credentials: Literal["omit", "same-origin", "include"] = "same-origin"
    upload_listener: bool = False
    stream_body: bool = False
    path: str = "/"
    redirected_from: tuple[str, ...] = ()
    preflighted: bool = False
    flagged: bool = False
    became_get: bool = False
    dropped: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What a script gets: whether it may read the response, which of its headers (in lower case), and why.

    `reason` is the id of the rule that decided, or "same-origin".
    """

    allowed: bool
    readable_headers: frozenset[str]
    reason: str


@dataclass(frozen=True)
class Hop:
    """All that a browser did in one hop of a fetch. What was not sent, or not answered, is None.

    `time` is that of the preflight cache's clock, in seconds (0 without a cache).
    """

    fetch: Fetch
    engine: Engine
    preflight_request: Request | None
    preflight_response: Response | None
    request: Request | None
    response: Response | None
    outcome: Outcome
    time: float = 0.0


# What is sent


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
        if not is_token(name) or any(byte in b"\0\n\r" for byte in value):
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


def is_cross_origin(fetch: Fetch, url_origin: str) -> bool:
    """Whether the page and this URL have different origins; an opaque origin is the same as nothing."""
    return fetch.page_origin == "null" or fetch.page_origin != url_origin


def is_cors(fetch: Fetch) -> bool:
    """Whether the response tainting is "cors": once it is, it stays.

    https://fetch.spec.whatwg.org/#concept-request-response-tainting
    """
    return any(is_cross_origin(fetch, origin) for origin in (*fetch.redirected_from, fetch.url_origin))


def is_tainted(fetch: Fetch) -> bool:
    """Whether a redirect led from a foreign origin to yet another one.

    https://fetch.spec.whatwg.org/#concept-request-tainted-origin
    """
    origins = (*fetch.redirected_from, fetch.url_origin)
    return any(
        before != after and is_cross_origin(fetch, before) for before, after in itertools.pairwise(origins)
    )


def serialized_origin(fetch: Fetch) -> bytes:
    """https://fetch.spec.whatwg.org/#byte-serializing-a-request-origin"""
    return b"null" if is_tainted(fetch) else fetch.page_origin.encode()


def preflight_origin(fetch: Fetch, engine: Engine = STANDARD) -> bytes:
    """The origin that a preflight carries and is checked against."""
    return fetch.page_origin.encode() if engine.preflights_keep_origin else serialized_origin(fetch)


def is_simple_type(value: bytes) -> bool:
    """Whether the essence of this MIME type is one that a form could send, whatever its parameters are.

    Type and subtype must be tokens; the three are. https://mimesniff.spec.whatwg.org/#parse-a-mime-type
    """
    return value.split(b";")[0].strip(HTTP_WHITESPACE).lower() in SIMPLE_TYPES


def is_simple_range(value: bytes, engine: Engine = STANDARD) -> bool:
    """Whether this is one range with a start: https://fetch.spec.whatwg.org/#simple-range-header-value"""
    found = engine.simple_range.fullmatch(value)
    if found is None:
        return False
    numbers = [int(number) for number in found.groups() if number]
    is_too_large = engine.largest_range_number is not None and max(numbers) > engine.largest_range_number
    return numbers == sorted(numbers) and not is_too_large


def is_safelisted_header(name: bytes, value: bytes, engine: Engine = STANDARD) -> bool:
    """Whether this header alone causes no preflight, the name in lower case.

    https://fetch.spec.whatwg.org/#cors-safelisted-request-header
    """
    if len(value) > 128:
        return False
    if name == b"accept":
        if not engine.safelists_high_bytes_in_accept and not value.isascii():
            return False
        return not UNSAFE_BYTES.intersection(value)
    if name in (b"accept-language", b"content-language"):
        return LANGUAGE_VALUE.fullmatch(value) is not None
    if name == b"content-type":
        unsafe = UNSAFE_BYTES | engine.further_unsafe_type_bytes
        return not unsafe.intersection(value) and is_simple_type(value)
    if name == b"range":
        return is_simple_range(value, engine)
    further = engine.further_safelisted_headers
    return further is not None and further.fullmatch(name + b": " + value) is not None


def unsafe_header_names(fetch: Fetch, engine: Engine = STANDARD) -> list[bytes]:
    """The names that need a preflight: in lower case, each once, sorted.

    https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
    """
    return sorted({*_unsafe_header_names(fetch, engine)})


def _unsafe_header_names(fetch: Fetch, engine: Engine) -> list[bytes]:
    if engine.asks_for_dropped_headers:
        fetch = replace(fetch, headers=fetch.headers + fetch.dropped)
    headers = header_list(fetch, engine)
    if engine.joins_repeated_headers:
        headers = joined(headers)
    safelisted_size = sum(len(value) for name, value in headers if is_safelisted_header(name, value, engine))
    too_long = engine.limits_total_length and safelisted_size > 1024
    return [name for name, value in headers if too_long or not is_safelisted_header(name, value, engine)]


def uses_cors_preflight(fetch: Fetch, engine: Engine = STANDARD) -> bool:
    """https://fetch.spec.whatwg.org/#use-cors-preflight-flag"""
    uploads = engine.preflights_uploads_without_body or normalize_method(fetch.method) not in ("GET", "HEAD")
    return fetch.stream_body or fetch.flagged or (fetch.upload_listener and uploads)


def method_needs_preflight(fetch: Fetch, engine: Engine = STANDARD) -> bool:
    """Whether the method, or a flag, asks for a preflight."""
    if uses_cors_preflight(fetch, engine) or (engine.preflights_stick and fetch.preflighted):
        return True
    return normalize_method(fetch.method) not in SAFELISTED_METHODS


def needs_preflight(fetch: Fetch, engine: Engine = STANDARD) -> bool:
    """Whether this is preflighted, unless it is remembered: https://fetch.spec.whatwg.org/#concept-main-fetch"""
    return is_cors(fetch) and (
        method_needs_preflight(fetch, engine) or len(unsafe_header_names(fetch, engine)) > 0
    )


def preflight_request(fetch: Fetch, engine: Engine = STANDARD) -> Request | None:
    """The preflight of this fetch; None when it has none, or throws.

    https://fetch.spec.whatwg.org/#cors-preflight-fetch
    """
    if throws(fetch) or not needs_preflight(fetch, engine):
        return None
    headers = [
        (b"accept", b"*/*"),
        (b"access-control-request-method", normalize_method(fetch.method).encode()),
    ]
    unsafe = unsafe_header_names(fetch, engine)
    if engine.repeats_unsafe_names:
        unsafe = sorted(_unsafe_header_names(fetch, engine))
    if unsafe:
        headers.append((b"access-control-request-headers", b",".join(unsafe)))
    headers.append((b"origin", preflight_origin(fetch, engine)))
    return Request("OPTIONS", tuple(headers), fetch.path)


def actual_request(fetch: Fetch, engine: Engine = STANDARD) -> Request:
    """The request itself: what the script set, and Origin where one is due.

    Raises ValueError for a fetch that throws. https://fetch.spec.whatwg.org/#append-a-request-origin-header
    """
    rule = throws(fetch)
    if rule:
        raise ValueError(f"this fetch throws ({rule}): {fetch}")
    method = normalize_method(fetch.method)
    headers = header_list(fetch, engine)
    keeps_origin = engine.redirects_keep_origin_header and fetch.became_get
    if is_cors(fetch) or method not in ("GET", "HEAD") or keeps_origin:
        headers += ((b"origin", serialized_origin(fetch)),)
    return Request(method, headers, fetch.path)


# What is accepted


class Check(NamedTuple):
    """Whether a check is passed, and the id of the rule that says so."""

    passed: bool
    rule: str


def get(response: Response, name: str) -> bytes | None:
    """The joined value of a header, blanks around every line stripped as the HTTP parser does (P-1, P-2)."""
    values = [value.strip(OWS) for value in response.lines(name)]
    return b", ".join(values) if values else None


def cors_check(origin: bytes, credentials: str, response: Response) -> Check:
    """https://fetch.spec.whatwg.org/#concept-cors-check"""
    allowed = get(response, "access-control-allow-origin")
    if allowed is None:
        return Check(False, "C-CHK-1")
    if credentials != "include" and allowed == b"*":
        return Check(True, "C-CHK-3")
    if allowed != origin:
        if allowed == b"*":
            return Check(False, "C-WLD-1")
        several = len(response.lines("access-control-allow-origin")) > 1
        return Check(False, "C-CHK-5" if several else "C-CHK-4")
    if credentials != "include":
        return Check(True, "C-CHK-7")
    return Check(get(response, "access-control-allow-credentials") == b"true", "C-CHK-6")


def allowed_methods(fetch: Fetch, preflight: Response, engine: Engine = STANDARD) -> list[bytes] | None:
    """The methods that an answer lists, None when that is no list (C-PF-8, C-PF-14)."""
    lines = preflight.lines("access-control-allow-methods")
    if not lines and uses_cors_preflight(fetch) and engine.unlisted_method_of_upload_is_allowed:
        return [normalize_method(fetch.method).encode()]
    return tokens(lines)


def allowed_headers(preflight: Response) -> list[bytes] | None:
    """The header names that an answer lists, in lower case, None when that is no list (C-PF-8)."""
    found = tokens(preflight.lines("access-control-allow-headers"))
    return None if found is None else [name.lower() for name in found]


def preflight_check(fetch: Fetch, response: Response | None, engine: Engine = STANDARD) -> Check:
    """Whether this answer (None: there was none) lets the request go.

    https://fetch.spec.whatwg.org/#cors-preflight-fetch
    """
    if response is None:
        return Check(False, "C-PF-6")
    is_own = engine.preflights_keep_origin and not is_cross_origin(fetch, fetch.url_origin)
    if not is_own and not cors_check(preflight_origin(fetch, engine), fetch.credentials, response).passed:
        return Check(False, "C-PF-7")
    if is_redirect_status(response.status):
        return Check(False, "C-PF-13")
    if not is_ok_status(response.status):
        return Check(False, "C-PF-6")
    methods, names = allowed_methods(fetch, response, engine), allowed_headers(response)
    if methods is None or names is None:
        return Check(False, "C-PF-8")
    method = normalize_method(fetch.method)
    with_credentials = fetch.credentials == "include"
    any_method = method in SAFELISTED_METHODS or (b"*" in methods and not with_credentials)
    if method.encode() not in methods and not any_method:
        return Check(False, "C-WLD-1" if b"*" in methods else "C-PF-9")
    unsafe = unsafe_header_names(fetch, engine)
    any_name = b"*" in names and not with_credentials
    covered = b"authorization" in names or (any_name and engine.wildcard_covers_authorization)
    if b"authorization" in unsafe and not covered:
        return Check(False, "C-PF-10")
    for name in unsafe:
        if name not in names and not any_name:
            return Check(False, "C-WLD-1" if b"*" in names else "C-PF-11")
    return Check(True, "C-PF-15")


def readable_headers(fetch: Fetch, response: Response) -> frozenset[str]:
    """The names of the response's headers that a script may read, in lower case.

    https://fetch.spec.whatwg.org/#concept-filtered-response-cors
    """
    present = {name.decode("latin-1").lower() for name, _ in response.headers} - FORBIDDEN_RESPONSE_HEADERS
    if not is_cors(fetch):
        return frozenset(present)
    exposed = tokens(response.lines("access-control-expose-headers")) or []
    if b"*" in exposed and fetch.credentials != "include":
        return frozenset(present)
    listed = {name.decode().lower() for name in exposed}
    return frozenset(present & (SAFELISTED_RESPONSE_HEADERS | listed))


def blocked(rule: str) -> Outcome:
    """A network error: https://fetch.spec.whatwg.org/#concept-network-error"""
    return Outcome(False, frozenset(), rule)


def actual_outcome(fetch: Fetch, response: Response | None, engine: Engine = STANDARD) -> Outcome:
    """What the response (None: there was none) means for the script, once any preflight is passed."""
    if response is None:
        return blocked("C-CHK-10")
    if not is_cors(fetch):
        return Outcome(True, readable_headers(fetch, response), "same-origin")
    credentials: str = fetch.credentials
    if engine.checks_later_redirects_with_credentials and credentials == "same-origin":
        came_from_own = fetch.redirected_from != () and not is_cross_origin(fetch, fetch.redirected_from[0])
        if came_from_own and is_redirect_status(response.status):
            credentials = "include"
    passed, rule = cors_check(serialized_origin(fetch), credentials, response)
    return Outcome(True, readable_headers(fetch, response), rule) if passed else blocked(rule)


def outcome(
    fetch: Fetch, preflight: Response | None, response: Response | None, engine: Engine = STANDARD
) -> Outcome:
    """What a script gets from one hop, redirects not followed, nothing remembered.

    `preflight` is ignored when the fetch has none; None where one was needed, and None for `response`, are
    network errors.
    """
    rule = throws(fetch)
    if rule:
        return blocked(rule)
    if needs_preflight(fetch, engine):
        passed, rule = preflight_check(fetch, preflight, engine)
        if not passed:
            return blocked(rule)
    return actual_outcome(fetch, response, engine)


# A whole fetch


def leads_on(hop: Hop) -> bool:
    """Whether the response is a redirect that passed its checks. Without a Location it is a mere response."""
    response = hop.response
    if not hop.outcome.allowed or response is None or not is_redirect_status(response.status):
        return False
    location = get(response, "location")
    return location is not None and (location != b"" or hop.engine.empty_location != "none")


def redirect(hop: Hop, engine: Engine = STANDARD) -> Fetch | str:
    """The next hop, or the id of the rule that ends this fetch with a network error.

    https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
    """
    fetch, response = hop.fetch, hop.response
    assert response is not None
    locations = response.lines("location")
    target = location_url(fetch.url_origin, fetch.path, locations[0]) if len(locations) == 1 else None
    is_invalid = engine.empty_location == "invalid" and get(response, "location") == b""
    if target is None or is_invalid or len(fetch.redirected_from) >= 20:
        return "C-RED-7"
    if target.has_credentials and (is_cross_origin(fetch, target.origin) or is_cors(fetch)):
        return "C-RED-4"
    if response.status != 303 and fetch.stream_body:
        return "C-RED-7"
    method = normalize_method(fetch.method)
    headers = fetch.headers
    if (response.status in (301, 302) and method == "POST") or (
        response.status == 303 and method not in ("GET", "HEAD")
    ):
        method = "GET"
        headers = tuple(line for line in headers if line[0].lower() not in REQUEST_BODY_HEADERS)
    if target.origin != fetch.url_origin:
        headers = tuple(line for line in headers if line[0].lower() != "authorization")
    return replace(
        fetch,
        url_origin=target.origin,
        path=target.path,
        method=method,
        headers=headers,
        stream_body=False,
        redirected_from=(*fetch.redirected_from, fetch.url_origin),
        preflighted=needs_preflight(fetch, engine) or unsafe_header_names(fetch, engine) != [],
        flagged=uses_cors_preflight(fetch, engine),
        became_get=fetch.became_get or method != normalize_method(fetch.method),
        dropped=fetch.dropped + tuple(line for line in fetch.headers if line not in headers),
    )


def is_network_error_after_preflight(done: Sequence[Hop], engine: Engine) -> bool:
    """Whether this fetch ends so that the cache forgets its last URL: the end of
    https://fetch.spec.whatwg.org/#concept-main-fetch"""
    last = done[-1]
    if last.outcome.allowed or throws(last.fetch) or engine.remembers_refusals:
        return False
    if last.response is not None and not engine.cors_failure_clears_cache:
        return False
    return any(needs_preflight(hop.fetch, engine) for hop in done)


def cache_key(fetch: Fetch) -> Key:
    """What the preflight cache finds entries by: https://fetch.spec.whatwg.org/#concept-cache-create-entry"""
    return Key(serialized_origin(fetch), fetch.url_origin + fetch.path, fetch.credentials == "include")


def is_remembered(fetch: Fetch, cache: PreflightCache, engine: Engine = STANDARD) -> bool:
    """Whether the cache saves this fetch its preflight: https://fetch.spec.whatwg.org/#concept-http-fetch"""
    key, method = cache_key(fetch), normalize_method(fetch.method).encode()
    return (not method_needs_preflight(fetch, engine) or cache.has_method(key, method, engine)) and all(
        cache.has_header(key, name, engine) for name in unsafe_header_names(fetch, engine)
    )


def one_hop(
    fetch: Fetch, serve: Callable[[Request], Response | None], cache: PreflightCache | None, engine: Engine
) -> Hop:
    """One request and its preflight; a server may answer nothing."""
    time = 0.0 if cache is None else cache.now()
    rule = throws(fetch)
    if rule:
        return Hop(fetch, engine, None, None, None, None, blocked(rule), time)
    is_known = cache is not None and is_remembered(fetch, cache, engine)
    asked = None if is_known else preflight_request(fetch, engine)
    answer = None
    if asked is not None:
        answer = serve(asked)
        passed, rule = preflight_check(fetch, answer, engine)
        refuses = rule in ("C-PF-9", "C-PF-10", "C-PF-11", "C-WLD-1")
        if cache is not None and answer is not None and (passed or (refuses and engine.remembers_refusals)):
            methods, names = allowed_methods(fetch, answer, engine) or [], allowed_headers(answer) or []
            cache.store(cache_key(fetch), methods, names, max_age(answer, engine), engine)
        if not passed:
            return Hop(fetch, engine, asked, answer, None, None, blocked(rule), time)
    request = actual_request(fetch, engine)
    response = serve(request)
    outcome_of_it = actual_outcome(fetch, response, engine)
    return Hop(fetch, engine, asked, answer, request, response, outcome_of_it, time)


def nobody(_request: Request) -> None:
    """What answers where no server is."""


def trace(
    fetch: Fetch,
    serve: Callable[[Request], Response],
    *,
    elsewhere: Mapping[str, Callable[[Request], Response]] = MappingProxyType({}),
    cache: PreflightCache | None = None,
    engine: Engine = STANDARD,
) -> list[Hop]:
    """Every hop of a fetch, in order; the outcome of the last one is that of the whole.

    Parameters as of `perform`.
    """
    servers = {**elsewhere, fetch.url_origin: serve}
    done = [one_hop(fetch, serve, cache, engine)]
    while leads_on(done[-1]):
        following = redirect(done[-1], engine)
        if isinstance(following, str):
            done[-1] = replace(done[-1], outcome=blocked(following))
        else:
            done.append(one_hop(following, servers.get(following.url_origin, nobody), cache, engine))
    if cache is not None and is_network_error_after_preflight(done, engine):
        cache.clear(cache_key(done[-1].fetch))
    return done


def perform(
    fetch: Fetch,
    serve: Callable[[Request], Response],
    *,
    elsewhere: Mapping[str, Callable[[Request], Response]] = MappingProxyType({}),
    cache: PreflightCache | None = None,
    engine: Engine = STANDARD,
) -> Outcome:
    """What a script gets from a fetch in the end, redirects followed, preflights remembered in `cache`.

    `serve` answers for the fetch's own URL origin, `elsewhere` maps other origins to their servers.
    """
    return trace(fetch, serve, elsewhere=elsewhere, cache=cache, engine=engine)[-1].outcome
