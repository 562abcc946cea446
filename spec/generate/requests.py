"""Hypothesis strategies for requests, near a configuration or not.

A request is drawn near the configuration that it is sent to (a listed value, a near miss of one, a value
from a shared pool), because independent draws hardly ever meet. `any_requests` is the one that knows nothing.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from spec.config import Config
from spec.generate.drawing import pick, picks, st
from spec.generate.near_miss_methods_and_headers import (
    header_list_breakers,
    header_list_floods,
    header_list_forms,
    method_near_misses,
)
from spec.generate.origin_lines import origin_lines
from spec.generate.vocabulary import (
    CREDENTIALS_HEADERS,
    IRRELEVANT_HEADERS,
    METHODS,
    ODD_METHODS,
    ORIGINS,
    REQUEST_HEADERS,
    Lines,
)
from spec.http import Headers, Request
from spec.policy import allowed_headers, allowed_methods


def _method_lines(draw: st.DrawFn, config: Config) -> Lines:
    """What a preflight asks for in Access-Control-Request-Method: at least one line."""
    method = pick(draw, allowed_methods(config) or ("GET",))
    kind = pick(draw, ("listed", "listed", "listed", "listed", "pool", "near miss", "twice"))
    if kind == "pool":
        return (pick(draw, METHODS + ODD_METHODS).encode(),)
    if kind == "near miss":
        return pick(draw, _method_near_misses(method))
    return (method.encode(),) * (2 if kind == "twice" else 1)


_method_near_misses = lru_cache(maxsize=256)(method_near_misses)


@lru_cache(maxsize=256)
def _moderate_floods(names: tuple[str, ...]) -> list[Lines]:
    """Floods of few lines: a server's time for thousands of lines is its parser's."""
    return [lines for lines in header_list_floods(names, sizes=(16384, 16385)) if len(lines) < 4]


def _header_list_lines(draw: st.DrawFn, config: Config) -> Lines:
    """What a preflight asks for in Access-Control-Request-Headers; no line is an empty wish."""
    kind = pick(draw, ("browser", "browser", "forms", "forms", "forms", "forms", "breakers", "floods"))
    listed = tuple(name for name in allowed_headers(config) if name != "*")
    mixed = (*REQUEST_HEADERS, *listed, "x-toke", "x-token-", "*")
    names = picks(draw, pick(draw, (listed, listed, mixed)), 4, pick(draw, (1, 1, 1, 0)))
    if kind == "browser":
        return header_list_forms(names)[0]
    if kind == "breakers":
        return pick(draw, header_list_breakers(names))
    if kind == "floods":
        return pick(draw, _moderate_floods(names))
    return pick(draw, header_list_forms(names))


_PRIVATE_NETWORK: tuple[Lines, ...] = (
    (),
    (),
    (),
    (b"true",),
    (b"true",),
    (b"true",),
    (b"false",),
    (b"TRUE",),
    (b"",),
    (b"true\n",),
    (b" true",),
    (b"true", b"true"),
    (b"true", b"false"),
    (b"?1",),
)

_IRRELEVANT: Headers = (
    *CREDENTIALS_HEADERS,
    *IRRELEVANT_HEADERS,
    (b"host", b"api.example"),
    (b"accept", b"*/*"),
)

_PATHS = ("/", "/items/1", "/%C3%A9", "/a b", "*")


def _named(name: bytes, values: Iterable[bytes]) -> list[tuple[bytes, bytes]]:
    return [(name, value) for value in values]


def _request(draw: st.DrawFn, method: str, *groups: Sequence[tuple[bytes, bytes]]) -> Request:
    """A request with these lines among others that must not matter; lines of one name stay in order."""
    if pick(draw, (False, False, True)):
        groups = groups[::-1]
    groups = (picks(draw, _IRRELEVANT, 2), *groups, picks(draw, _IRRELEVANT, 1))
    return Request(method, tuple(line for group in groups for line in group), pick(draw, _PATHS))


@st.composite
def preflights(draw: st.DrawFn, config: Config) -> Request:
    """Preflights near this configuration: OPTIONS with Origin and Access-Control-Request-Method.

    What they ask is listed, nearly listed or malformed: doubled lines, newline tails, Unicode blanks, control
    bytes, header lists in all their forms and beyond their bounds.
    """
    return _preflight(draw, config)


def _preflight(draw: st.DrawFn, config: Config) -> Request:
    wishes = _header_list_lines(draw, config) if pick(draw, (False, True, True, True)) else ()
    return _request(
        draw,
        "OPTIONS",
        _named(b"origin", origin_lines(draw, config)),
        _named(b"access-control-request-method", _method_lines(draw, config)),
        _named(b"access-control-request-headers", wishes),
        _named(b"access-control-request-private-network", pick(draw, _PRIVATE_NETWORK)),
    )


def _actual_request(draw: st.DrawFn, config: Config) -> Request:
    """A request that is no preflight: an Origin or none, and at most a part of what makes a preflight."""
    method = pick(draw, ("GET", "POST", "OPTIONS", "HEAD", *METHODS, "options", "Options"))
    origin = _named(b"origin", origin_lines(draw, config) if pick(draw, (True, True, True, False)) else ())
    if pick(draw, (False, False, True)):
        wish = [] if method == "OPTIONS" and origin else _method_lines(draw, config)
        return _request(
            draw,
            method,
            origin,
            _named(b"access-control-request-method", wish),
            _named(b"access-control-request-headers", _header_list_lines(draw, config)),
            _named(b"access-control-request-private-network", pick(draw, _PRIVATE_NETWORK)),
        )
    return _request(draw, method, origin)


@st.composite
def requests(draw: st.DrawFn, config: Config) -> Request:
    """Requests near this configuration: preflights, actual requests with and without Origin, and mixtures.

    They keep what ASGI promises of a request: header names are in lower case.
    """
    if pick(draw, (False, True)):
        return _preflight(draw, config)
    return _actual_request(draw, config)


@st.composite
def any_requests(draw: st.DrawFn) -> Request:
    """Requests that know no configuration: any lines of the names that matter, in any number and order."""
    lines = draw(_ANY_LINES)
    method = draw(_ANY_METHODS)
    return Request(method, tuple(lines), pick(draw, _PATHS))


_ANY_VALUES = st.one_of(
    st.sampled_from(
        [value.encode() for value in (*ORIGINS, "null", *METHODS, *REQUEST_HEADERS, "true", "*")]
    ),
    st.binary(max_size=20),
    st.text(alphabet="htps:/.,*aA\n\x00 \t\u00e9", max_size=20).map(str.encode),
)
_ANY_NAMES = st.sampled_from(
    (
        b"origin",
        b"access-control-request-method",
        b"access-control-request-headers",
        b"access-control-request-private-network",
        b"vary",
        b"x-token",
    )
)
_ANY_LINES = st.lists(st.tuples(_ANY_NAMES, _ANY_VALUES), max_size=8)
_ANY_METHODS = st.one_of(
    st.just("OPTIONS"), st.sampled_from(METHODS), st.text(alphabet="GETOPINS!*-", min_size=1, max_size=8)
)
