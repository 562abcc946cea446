"""What a configuration permits: the meaning of its parameters, and of the requests that ask.

Everything here supposes a configuration that breaks no configuration rule of level MUST.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from spec.browser import Fetch, preflight_request
from spec.browser.exposure import FORBIDDEN_RESPONSE_HEADERS, SAFELISTED_RESPONSE_HEADERS
from spec.browser.origins import is_cors
from spec.config import Config
from spec.http import Request, Response, elements, is_token
from spec.origin import is_origin_shaped, parse_pattern, pattern_matches

# "All standard methods" of the documentation page, by name: with credentials `*` would be taken literally.
STANDARD_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY")

# The request headers that the documentation page always allows.
ALWAYS_ALLOWED_HEADERS = ("Accept", "Accept-Language", "Content-Language", "Content-Type")

# No browser comes near it. What is longer is refused unread, so that it costs nothing.
MAX_REQUEST_HEADERS_BYTES = 16 * 1024


# What the configuration says


def any_origin_is_allowed(config: Config) -> bool:
    """Whether the wildcard is configured, so that answers name `*` and no origin."""
    return "*" in config.allow_origins


def origin_is_allowed(config: Config, origin: bytes) -> bool:
    """Whether a page of this origin (the value of one Origin line) may read answers.

    The wildcard allows all, an entry what equals it byte for byte, or what it matches if it is a pattern, and
    the regular expression what it matches from end to end, if that has the shape of an origin (so never
    `null`).
    """
    if any_origin_is_allowed(config) or origin_is_listed(config, origin):
        return True
    if config.allow_origin_regex is None or not is_origin_shaped(origin):
        return False
    return re.fullmatch(config.allow_origin_regex, origin.decode("ascii")) is not None


def origin_is_listed(config: Config, origin: bytes) -> bool:
    """Whether an entry of `allow_origins`, as it stands there or as a pattern, allows this origin."""
    return any(_entry_allows(entry, origin) for entry in config.allow_origins)


def _allows(entry: str, origin: bytes) -> bool:
    pattern = parse_pattern(entry)
    # A pattern is no origin: who sends it as it is written is not allowed.
    return origin.decode("latin-1") == entry if pattern is None else pattern_matches(pattern, origin)


# There are few entries and few origins, and they are compared by the million.
_entry_allows = lru_cache(_allows)


def credentials_are_allowed(config: Config, origin: bytes) -> bool:
    """Whether a page of this origin may read answers to requests with cookies or HTTP authentication."""
    return config.allow_credentials and origin_is_allowed(config, origin)


def allowed_methods(config: Config) -> tuple[str, ...]:
    """The allowed methods, each once, in the configured order; the wildcard is written out, first."""
    wildcard = STANDARD_METHODS if "*" in config.allow_methods else ()
    configured = (method for method in config.allow_methods if method != "*")
    return tuple(dict.fromkeys([*wildcard, *configured]))


def method_is_allowed(config: Config, method: bytes) -> bool:
    """Whether the configuration names this method; case matters."""
    return method.decode("latin-1") in allowed_methods(config)


def any_header_is_allowed(config: Config) -> bool:
    """Whether the wildcard is configured, so that every request header is allowed."""
    return "*" in config.allow_headers


def allowed_headers(config: Config) -> tuple[str, ...]:
    """The allowed request headers when there is no wildcard: one spelling of each, sorted by code point."""
    first_come = (*ALWAYS_ALLOWED_HEADERS, *config.allow_headers)
    spellings = {name.lower(): name for name in reversed(first_come)}
    return tuple(sorted(spellings.values()))


def header_is_allowed(config: Config, name: bytes) -> bool:
    """Whether a page may send this request header; case does not matter."""
    if any_header_is_allowed(config):
        return is_token(name)
    return name.decode("latin-1").lower() in {allowed.lower() for allowed in allowed_headers(config)}


def headers_are_allowed(config: Config, names: Iterable[bytes]) -> bool:
    """Whether a page may send all these request headers."""
    return all(header_is_allowed(config, name) for name in names)


def exposed_headers(config: Config) -> tuple[str, ...]:
    """The response headers that scripts may read besides the safelisted ones, each once, in order."""
    return tuple(dict.fromkeys(config.expose_headers))


# What a request asks


def has_origin(request: Request) -> bool:
    """Whether the request has an Origin line at all."""
    return bool(request.lines("origin"))


def is_preflight(request: Request) -> bool:
    """Whether this is a preflight: OPTIONS, with Origin and Access-Control-Request-Method.

    https://fastapi.tiangolo.com/tutorial/cors/#cors-preflight-requests
    """
    return request.method == "OPTIONS" and has_origin(request) and bool(requested_methods(request))


def requested_methods(request: Request) -> list[bytes]:
    """The values of the Access-Control-Request-Method lines."""
    return request.lines("access-control-request-method")


def requested_headers(request: Request) -> list[bytes] | None:
    """The names that Access-Control-Request-Headers asks for, as asked; None when it cannot be read.

    All lines are one list. It cannot be read when an element is no token, or when it is too long.
    """
    values = request.lines("access-control-request-headers")
    if sum(map(len, values)) > MAX_REQUEST_HEADERS_BYTES:
        return None
    asked = elements(values)
    return asked if all(is_token(name) for name in asked) else None


def asks_for_private_network(request: Request) -> bool:
    """Whether a preflight asks to reach a more private network: one line, exactly `true`."""
    return request.lines("access-control-request-private-network") == [b"true"]


# What the configuration says to a request


def request_origin_is_allowed(config: Config, request: Request) -> bool:
    """Whether the sender of this request may read the answer; False without an Origin.

    Two Origin lines are malformed, and allowed by the wildcard alone.
    """
    origins = request.lines("origin")
    if any_origin_is_allowed(config):
        return bool(origins)
    return len(origins) == 1 and origin_is_allowed(config, origins[0])


def refusals(config: Config, request: Request) -> tuple[str, ...]:
    """What of this preflight is refused: of origin, method, headers, private-network, or nothing."""
    asked = requested_headers(request)
    allowed = {
        "origin": request_origin_is_allowed(config, request),
        "method": len(set(requested_methods(request))) == 1
        and method_is_allowed(config, requested_methods(request)[0]),
        "headers": asked is not None and headers_are_allowed(config, asked),
        "private-network": config.allow_private_network or not asks_for_private_network(request),
    }
    return tuple(part for part, is_allowed in allowed.items() if not is_allowed)


# What the configuration says to a script


def fetch_is_allowed(config: Config, fetch: Fetch) -> bool:
    """Whether a script that does this fetch may read the answer: the configuration in one sentence.

    A page may always read its own origin. Of others it may if its origin is allowed, with credentials if they
    are; methods and headers only count when the browser asks for them, in a preflight, and then all of them,
    safelisted methods too. For fetches that do not throw.
    """
    asked = preflight_request(fetch)
    if not is_cors(fetch):
        return True
    origin = fetch.page_origin.encode("ascii")
    wants_credentials = fetch.credentials == "include"
    if not (credentials_are_allowed if wants_credentials else origin_is_allowed)(config, origin):
        return False
    return asked is None or not refusals(config, asked)


def readable_headers(config: Config, fetch: Fetch, response: Response) -> frozenset[str]:
    """The headers of an answer, in lower case, that a script may read if it may read the answer at all."""
    present = {name.lower().decode("latin-1") for name, _ in response.headers}
    exposed = {name.lower() for name in config.expose_headers} | SAFELISTED_RESPONSE_HEADERS
    everything = not is_cors(fetch) or ("*" in exposed and fetch.credentials != "include")
    return frozenset((present if everything else present & exposed) - FORBIDDEN_RESPONSE_HEADERS)
