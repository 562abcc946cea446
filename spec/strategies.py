"""Hypothesis strategies for configurations, requests, fetches and application responses.

They are correlated: a request is drawn near the configuration that it is sent to (a listed value, a near
miss of one, a value from a shared pool), because independent draws hardly ever meet. `any_requests` is
the one that knows nothing. Simple values come first in every pool, so that failures shrink to them.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any, Literal, TypeVar

from spec.extras import needed

try:
    from hypothesis import strategies as st
except ModuleNotFoundError as problem:
    raise needed(problem) from None

from spec.browser import Fetch
from spec.config import Config
from spec.http import Headers, Request, Response, has_no_content
from spec.near_misses import (
    BLANKS,
    IRRELEVANT_HEADERS,
    LINE_ENDS,
    Lines,
    NearMiss,
    header_list_breakers,
    header_list_floods,
    header_list_forms,
    method_near_misses,
    near_misses,
    pattern_examples,
    pattern_misses,
)
from spec.origin import DEFAULT_PORTS
from spec.policy import allowed_headers, allowed_methods, any_origin_is_allowed, origin_is_allowed

# Origins that are one change away from one another: the pool from which entries and their twins come.
ORIGINS = (
    "https://example.com",
    "http://example.com",
    "https://example.com:8443",
    "https://app.example.com",
    "https://a.b.example.com",
    "https://example.org",
    "https://a.example.org",
    "http://localhost",
    "http://localhost:8080",
    "http://localhost:3000",
    "http://127.0.0.1:3000",
    "http://[::1]:8080",
    "https://xn--bcher-kva.example",
    "capacitor://localhost",
    "chrome-extension://aapbdbdomjkkjkaonfhkkikfgjllcleb",
)

# They work, and are risky: the grammar refuses the host, or the port is useless.
UNUSUAL_ORIGINS = (
    "http://foo_bar.example",
    "https://example.com.",
    "http://localhost:0",
    "file://",
    "app://.",
)

# Entries that are patterns.
ORIGIN_PATTERNS = (
    "https://*.example.com",
    "http://localhost:*",
    "https://*.b.example:8443",
    "http://*.localhost:*",
    "https://*.xn--bcher-kva.example",
    "capacitor://localhost:*",
    "https://*.a.example.org:*",
    "http://127.0.0.1:*",
    "http://[::1]:*",
    "https://example.com:*",
)

# Regexes, each with origins that it allows. All of them compile; some are careless, and some allow nothing or
# take long, though not on what is sent here.
PATTERNS: Mapping[str, tuple[str, ...]] = {
    r"https://.*\.example\.org": ("https://a.example.org", "https://a.b.example.org"),
    r"https?://(app|api)\.example\.com": ("https://app.example.com", "http://api.example.com"),
    r"http://localhost:\d+": ("http://localhost:8080", "http://localhost:3000"),
    r"https://[a-z0-9-]+\.example\.com(:\d+)?": ("https://app.example.com", "https://x-1.example.com:8443"),
    r"https://example\.com|https://example\.org": ("https://example.com", "https://example.org"),
    r"^https://example\.com$": ("https://example.com",),
    r"https://app.example.com": ("https://app.example.com", "https://appxexample.com"),
    r"https://.+": ("https://example.com", "https://evil.example"),
    r".*": ("https://example.com", "http://evil.example", "capacitor://localhost"),
    r"(?s).*example.*": ("https://example.com", "https://example.evil"),
    r"(?i)https://app\.example\.com": ("https://app.example.com", "https://APP.example.com"),
    r"null|https://example\.com": ("https://example.com",),
    r"https://(?:[a-z]+\.)*example\.com": ("https://example.com", "https://a.b.example.com"),
    r"https://example\.com\s*": ("https://example.com",),
    r"(?:https://example\.com|)": ("https://example.com",),
    r"https://.*example\.com": ("https://app.example.com", "https://evilexample.com"),
    r"https?://localhost.*": ("http://localhost:8080", "http://localhost.evil.example"),
    r"https://.*\.co\.uk": ("https://example.co.uk", "https://evil.co.uk"),
    r"https://.*\.github\.io": ("https://example.github.io", "https://evil.github.io"),
    r"https://(app|api)\.(example|sample)\.(com|org)": ("https://app.example.com", "https://api.sample.org"),
    r"https://[a-z0-9-]+\.example\.com": ("https://app.example.com", "https://x-1.example.com"),
    r"http://localhost:[0-9]+": ("http://localhost:8080", "http://localhost:3000"),
    r"http://[a-z]+\.localhost(:\d+)?": ("http://app.localhost", "http://app.localhost:8080"),
    r"http://192\.168\.\d+\.\d+(:\d+)?": ("http://192.168.0.1", "http://192.168.1.2:3000"),
    r"https://app\.example\.com/": (),
    r"app\.example\.com": (),
    r"https://app\.example\.com|api\.example\.com": ("https://app.example.com",),
    r"https://(z+)+\.example\.com": ("https://z.example.com", "https://zz.example.com"),
}

METHODS = (
    "GET",
    "POST",
    "PUT",
    "DELETE",
    "PATCH",
    "HEAD",
    "OPTIONS",
    "QUERY",
    "PURGE",
    "patch",
    "M-SEARCH",
    "X",
)
ODD_METHODS = ("Patch", "purge", "GET|POST", "ALL", "!#$%&'*+-.^_`|~", "GETT", "ET")

REQUEST_HEADERS = (
    "X-Token",
    "x-token",
    "X-TOKEN",
    "X-Requested-With",
    "Authorization",
    "Content-Type",
    "content-type",
    "Accept",
    "Range",
    "X",
    "!#$%&'*+-.^_`|~",
)
UNWISE_REQUEST_HEADERS = ("Cookie", "Sec-Fetch-Mode", "Access-Control-Allow-Origin")
RESPONSE_HEADERS = ("X-Total", "x-total", "ETag", "Content-Type", "Link", "Set-Cookie", "*")

MAX_AGES = (600, 0, 1, 5, 7200, 86400, 86401, 2**31, 10**20)


Value = TypeVar("Value")


# Building and validating a strategy costs more than drawing from it: these are built once for each size.
@cache
def _indices(size: int) -> st.SearchStrategy[int]:
    return st.integers(0, size - 1)


@cache
def _index_lists(size: int, most: int, least: int = 0) -> st.SearchStrategy[list[int]]:
    return st.lists(_indices(size), min_size=least, max_size=most)


def _pick(draw: st.DrawFn, pool: Sequence[Value]) -> Value:
    """One value of a pool, the first when it shrinks; values that stand in it twice come more often."""
    return pool[draw(_indices(len(pool)))]


def _picks(draw: st.DrawFn, pool: Sequence[Value], most: int, least: int = 0) -> tuple[Value, ...]:
    """Some values of a pool, some of them perhaps more than once."""
    return tuple(pool[index] for index in draw(_index_lists(len(pool), most, least)))


_LABELS = st.text(alphabet="abcxyz019-", min_size=1, max_size=5)
_PORTS = st.integers(1, 65535)


@st.composite
def origins(draw: st.DrawFn) -> str:
    """Canonical origins: what a browser can send, and what may stand in `allow_origins` without a warning."""
    if _pick(draw, (True, True, True, False)):
        return _pick(draw, ORIGINS)
    scheme = _pick(draw, ("https", "http"))
    labels = [draw(_LABELS) for _ in range(_pick(draw, (1, 2, 3)))]
    host = ".".join(label if label.strip("-") == label else f"a{label}b" for label in (*labels, "test"))
    port = draw(_PORTS) if _pick(draw, (False, True)) else DEFAULT_PORTS[scheme]
    return f"{scheme}://{host}" if port == DEFAULT_PORTS[scheme] else f"{scheme}://{host}:{port}"


def _regex(draw: st.DrawFn) -> str:
    if _pick(draw, (True, True, True, False)):
        return _pick(draw, tuple(PATTERNS))
    return "|".join(map(re.escape, _picks(draw, ORIGINS, 3, 1)))


_ORIGIN_STRATEGY = origins()


def _origin_entries(draw: st.DrawFn, allow_credentials: bool) -> tuple[str, ...]:
    kinds = ("pool", "pool", "pool", "patterns", "patterns", "any", "unusual")
    kind = _pick(draw, kinds if allow_credentials else (*kinds, "wildcard", "wildcard", "null"))
    if kind == "wildcard":
        return _pick(draw, (("*",), ("*",), ("*", "https://example.com"), ("null", "*")))
    if kind == "patterns":
        patterns = _picks(draw, ORIGIN_PATTERNS, 3, 1)
        origins = _picks(draw, ORIGINS, 2)
        return _pick(draw, (patterns, (*origins, *patterns), (*patterns, *origins)))
    entries = _picks(draw, ORIGINS, 4)
    if kind == "any":
        return (draw(_ORIGIN_STRATEGY), *entries)
    if kind == "unusual":
        return (*entries, _pick(draw, UNUSUAL_ORIGINS))
    return (*entries, "null") if kind == "null" else entries


_WILDCARD_METHODS = (("*",), ("*", "PURGE"), ("PURGE", "*", "GET"))
_WILDCARD_HEADERS = (("*",), ("*", "X-Token"), ("x-token", "*"))


@st.composite
def configs(draw: st.DrawFn) -> Config:
    """Configurations that can be constructed: they break no configuration rule of level MUST.

    Among them patterns, regexes, wildcards, `null`, entries that come twice or differ only in case, and
    values that only deserve a warning.
    """
    allow_credentials = _pick(draw, (False, True))
    any_method = _pick(draw, (False, False, False, True))
    any_header = _pick(draw, (False, False, False, True))
    return Config(
        allow_origins=_origin_entries(draw, allow_credentials),
        allow_methods=_pick(draw, _WILDCARD_METHODS)
        if any_method
        else _picks(draw, METHODS + ODD_METHODS, 4),
        allow_headers=_pick(draw, _WILDCARD_HEADERS)
        if any_header
        else _picks(draw, REQUEST_HEADERS + UNWISE_REQUEST_HEADERS, 5),
        allow_credentials=allow_credentials,
        allow_origin_regex=_regex(draw) if _pick(draw, (False, False, True)) else None,
        allow_private_network=_pick(draw, (False, True)),
        expose_headers=_picks(draw, RESPONSE_HEADERS, 4),
        max_age=_pick(draw, MAX_AGES),
    )


_BAD_ORIGINS = (
    "https://EXAMPLE.com",
    "HTTPS://example.com",
    "https://example.com/",
    "https://example.com/path",
    "https://example.com?",
    "https://example.com#",
    "https://user@example.com",
    "https://example.com:443",
    "http://example.com:80",
    "http://example.com:",
    "http://example.com:0080",
    "http://example.com:08080",
    "http://example.com:65536",
    "http://127.1",
    "http://0x7f.1",
    "http://256.1.1.1",
    "http://[0:0:0:0:0:0:0:1]",
    "http://[2001:DB8::1]",
    "http://[::ffff:127.0.0.1]",
    "http://[fe80::1%25eth0]",
    "http://::1",
    "https://b\u00fccher.example",
    "http://%65xample.com",
    "example.com",
    "//example.com",
    "*.example.com",
    "https://*.com",
    "https://*.co.uk",
    "https://*.github.io",
    "https://*.internal",
    "https://pr-*.example.com",
    "https://a.*.example.com",
    "https://*.*.example.com",
    "*://example.com",
    "https://*",
    "https://*:*",
    "https://*.1.2.3.4",
    "https://*.[::1]",
    "https://*.EXAMPLE.com",
    "https://*.example.com:443",
    "https://*.example.com:65536",
    "https://*.example.com/",
    "https://*.example.com.",
    "https://*.foo_bar.example",
    "https://*.xn--.example",
    "http://127.1:*",
    "http://localhost:*/",
    "http://localhost:80*",
    "ws://example.com",
    "wss://example.com",
    "wss://*.example.com",
    "ftp://example.com",
    "https://",
    "https:",
    "",
    "Null",
    "NULL",
    " null",
    " https://example.com",
    "https://example.com ",
    "https://example.com\n",
    "https://example.com, https://example.org",
    "https://example.com\u00a0",
    "capacitor://localhost/",
)

_NO_TOKENS = (
    "",
    " ",
    "X Token",
    "X-Token\n",
    "X-Token\r\nX-Injected: 1",
    "X:",
    "X,Y",
    "\u00e9",
    "X-Token\u00a0",
    '"X"',
)

_NO_LISTS = (None, 1, True, "https://example.com", b"https://example.com", "GET", "*", "")

_NO_STRINGS = (b"https://example.com", None, 1, ("GET",))

# For each parameter, what spoils it: values of a list are put among good ones.
_BAD_ELEMENTS: Mapping[str, tuple[object, ...]] = {
    "allow_origins": (*_BAD_ORIGINS, *_NO_STRINGS),
    "allow_methods": (
        *_NO_TOKENS,
        *_NO_STRINGS,
        "CONNECT",
        "trace",
        "Track",
        "get",
        "Post",
        "oPTIONS",
        "delete",
    ),
    "allow_headers": (*_NO_TOKENS, *_NO_STRINGS),
    "expose_headers": (*_NO_TOKENS, *_NO_STRINGS),
}
_BAD_VALUES: Mapping[str, tuple[object, ...]] = {
    "allow_origins": _NO_LISTS,
    "allow_methods": _NO_LISTS,
    "allow_headers": _NO_LISTS,
    "expose_headers": _NO_LISTS,
    "allow_credentials": (1, 0, None, "true", "false", "", 1.0),
    "allow_private_network": (1, 0, None, "true", "false"),
    "allow_origin_regex": (
        *("", "(", "[a-z", b"https://.*", 1, True, ("https://.*",)),
        *("*.example.com", "https://*.example.com", "http://localhost:*", "https?://*.example.com", "*"),
    ),
    "max_age": (-1, True, False, None, "600", 600.0, -(10**20)),
}


_CONFIG_STRATEGY = configs()


@st.composite
def bad_configs(draw: st.DrawFn) -> Config:
    """Configurations that cannot be constructed, each close to one that can.

    They break at least one configuration rule of level MUST, in one place or several. Parameters may hold
    values of any type.
    """
    config = draw(_CONFIG_STRATEGY)
    if _pick(draw, (False, False, False, True)):
        entry = _pick(draw, ("*", "null"))
        entries = config.allow_origins
        return replace(
            config,
            allow_credentials=True,
            allow_origins=(*entries, entry) if _pick(draw, (False, True)) else (entry, *entries),
        )
    changes: dict[str, Any] = {}
    for parameter in _picks(draw, (*_BAD_ELEMENTS, *_BAD_VALUES), 3, 1):
        given = changes.get(parameter, getattr(config, parameter))
        if parameter in _BAD_ELEMENTS and isinstance(given, tuple) and _pick(draw, (True, True, False)):
            at = _pick(draw, range(len(given) + 1))
            changes[parameter] = (*given[:at], _pick(draw, _BAD_ELEMENTS[parameter]), *given[at:])
        else:
            changes[parameter] = _pick(draw, _BAD_VALUES[parameter])
    return replace(config, **changes)


@lru_cache(maxsize=256)
def _near_misses(origin: str, other: str) -> Mapping[str, list[NearMiss]]:
    families: dict[str, list[NearMiss]] = {}
    for near_miss in near_misses(origin, (other,)):
        families.setdefault(near_miss.family, []).append(near_miss)
    return families


def _is_refused(config: Config, lines: Lines) -> bool:
    """Whether these Origin lines are not allowed: two lines only by the wildcard, none never."""
    if any_origin_is_allowed(config):
        return not lines
    return len(lines) != 1 or not origin_is_allowed(config, lines[0])


@lru_cache(maxsize=256)
def _known_allowed(config: Config) -> list[str]:
    """Origins that it allows: its entries, examples of its patterns, those of the pools and the regexes."""
    entries = [entry for entry in config.allow_origins if entry != "*"]
    pool = (
        *(origin for entry in entries for origin in pattern_examples(entry)),
        *ORIGINS,
        *UNUSUAL_ORIGINS,
        "null",
        *(origin for examples in PATTERNS.values() for origin in examples),
    )
    candidates = dict.fromkeys([*entries, *pool])
    return [origin for origin in candidates if origin_is_allowed(config, origin.encode())]


def _is_regex_alive(config: Config) -> bool:
    """Whether there is a regex, and not one that is known to allow nothing."""
    regex = config.allow_origin_regex
    return regex is not None and (regex not in PATTERNS or PATTERNS[regex] != ())


def allowed_origins(config: Config) -> st.SearchStrategy[str]:
    """Origins that this configuration allows; nothing when it allows none."""
    known = _known_allowed(config)
    if known or not _is_regex_alive(config):
        return st.sampled_from(known) if known else st.nothing()
    assert config.allow_origin_regex is not None
    printable = st.characters(min_codepoint=0x21, max_codepoint=0x7E)
    made = st.from_regex(config.allow_origin_regex, fullmatch=True, alphabet=printable)
    return made.filter(lambda origin: origin_is_allowed(config, origin.encode()))


@st.composite
def near_miss_origins(draw: st.DrawFn, config: Config) -> Lines:
    """The Origin lines of requests that this configuration does not allow, though they look like it.

    No line, one, or two. A configuration with the wildcard allows all but the request without Origin.
    """
    return _near_miss(draw, config)


def usual_near_misses(origin: str) -> list[bytes]:
    """What a comparison that is a little too kind takes for this origin: each by one common mistake.

    Those of a pattern are all its near misses, of which a few are allowed.
    """
    if misses := pattern_misses(origin):
        return misses
    scheme, _, rest = origin.partition("://")
    has_port = re.fullmatch(r".*:[0-9]+", rest) is not None
    host = rest.rpartition(":")[0] if has_port else rest
    swapped = {"http": "https", "https": "http"}.get(scheme, "https")
    found = (
        f"{scheme}://{rest.upper()}",
        f"{scheme.upper()}://{rest}",
        f"{origin}/",
        f"{scheme}://{host}" if has_port else f"{origin}:443",
        f"{origin}.evil.example",
        f"{scheme}://{host}.evil.example",
        f"{scheme}://evil{rest}",
        f"{scheme}://evil.{rest}",
        f"{swapped}://{rest}",
        f"{origin}, https://evil.example",
        f"https://evil.example/{rest}",
        f"{scheme}://{rest.replace('.', 'x', 1)}",
        f"{origin}1",
        "null",
        "https://evil.example",
    )
    return [value.encode() for value in dict.fromkeys(found) if value != origin]


def _near_miss(draw: st.DrawFn, config: Config) -> Lines:
    entries = [entry for entry in config.allow_origins if entry != "*"]
    entry = _pick(draw, entries or _known_allowed(config)[:8] or ORIGINS)
    other = _pick(draw, entries or ORIGINS)
    families = _near_misses(entry, other)
    # The families are large and rare mistakes fill most of them: the usual ones come as often as all others.
    if _pick(draw, (True, False)):
        usual = [(value,) for value in usual_near_misses(entry) if _is_refused(config, (value,))]
        return _pick(draw, usual or [()])
    family = families[_pick(draw, (*families, "several values", "bytes"))]
    refused = [near_miss.lines for near_miss in family if _is_refused(config, near_miss.lines)]
    return _pick(draw, refused or [()])


def _origin_lines(draw: st.DrawFn, config: Config) -> Lines:
    """The Origin lines of a request: one or two, allowed or not."""
    kind = _pick(draw, ("allowed", "allowed", "allowed", "miss", "miss", "miss", "pool", "tail", "doubled"))
    if kind == "miss" and (found := _near_miss(draw, config)):
        return found
    if kind in ("pool", "miss") or not (_known_allowed(config) or _is_regex_alive(config)):
        return (_pick(draw, (*ORIGINS, "null")).encode(),)
    origin = draw(allowed_origins(config)).encode()
    if kind == "tail":
        return (origin + _pick(draw, (b"\n", *LINE_ENDS, *BLANKS, b" ")),)
    if kind == "doubled":
        return (origin, _pick(draw, (origin, b"https://evil.example", b"")))
    return (origin,)


def _method_lines(draw: st.DrawFn, config: Config) -> Lines:
    """What a preflight asks for in Access-Control-Request-Method: at least one line."""
    method = _pick(draw, allowed_methods(config) or ("GET",))
    kind = _pick(draw, ("listed", "listed", "listed", "listed", "pool", "near miss", "twice"))
    if kind == "pool":
        return (_pick(draw, METHODS + ODD_METHODS).encode(),)
    if kind == "near miss":
        return _pick(draw, _method_near_misses(method))
    return (method.encode(),) * (2 if kind == "twice" else 1)


_method_near_misses = lru_cache(maxsize=256)(method_near_misses)


@lru_cache(maxsize=256)
def _moderate_floods(names: tuple[str, ...]) -> list[Lines]:
    """Floods of few lines: a server's time for thousands of lines is its parser's."""
    return [lines for lines in header_list_floods(names, sizes=(16384, 16385)) if len(lines) < 4]


def _header_list_lines(draw: st.DrawFn, config: Config) -> Lines:
    """What a preflight asks for in Access-Control-Request-Headers; no line is an empty wish."""
    kind = _pick(draw, ("browser", "browser", "forms", "forms", "forms", "forms", "breakers", "floods"))
    listed = tuple(name for name in allowed_headers(config) if name != "*")
    mixed = (*REQUEST_HEADERS, *listed, "x-toke", "x-token-", "*")
    names = _picks(draw, _pick(draw, (listed, listed, mixed)), 4, _pick(draw, (1, 1, 1, 0)))
    if kind == "browser":
        return header_list_forms(names)[0]
    if kind == "breakers":
        return _pick(draw, header_list_breakers(names))
    if kind == "floods":
        return _pick(draw, _moderate_floods(names))
    return _pick(draw, header_list_forms(names))


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

_BYSTANDERS: Headers = (
    *IRRELEVANT_HEADERS,
    (b"host", b"api.example"),
    (b"accept", b"*/*"),
    (b"referer", b"https://a/"),
)

_PATHS = ("/", "/items/1", "/%C3%A9", "/a b", "*")


def _named(name: bytes, values: Iterable[bytes]) -> list[tuple[bytes, bytes]]:
    return [(name, value) for value in values]


def _request(draw: st.DrawFn, method: str, *groups: Sequence[tuple[bytes, bytes]]) -> Request:
    """A request with these lines among others that must not matter; lines of one name stay in order."""
    if _pick(draw, (False, False, True)):
        groups = groups[::-1]
    groups = (_picks(draw, _BYSTANDERS, 2), *groups, _picks(draw, _BYSTANDERS, 1))
    return Request(method, tuple(line for group in groups for line in group), _pick(draw, _PATHS))


@st.composite
def preflights(draw: st.DrawFn, config: Config) -> Request:
    """Preflights near this configuration: OPTIONS with Origin and Access-Control-Request-Method.

    What they ask is listed, nearly listed or malformed: doubled lines, newline tails, Unicode blanks, control
    bytes, header lists in all their forms and beyond their bounds.
    """
    return _preflight(draw, config)


def _preflight(draw: st.DrawFn, config: Config) -> Request:
    wishes = _header_list_lines(draw, config) if _pick(draw, (False, True, True, True)) else ()
    return _request(
        draw,
        "OPTIONS",
        _named(b"origin", _origin_lines(draw, config)),
        _named(b"access-control-request-method", _method_lines(draw, config)),
        _named(b"access-control-request-headers", wishes),
        _named(b"access-control-request-private-network", _pick(draw, _PRIVATE_NETWORK)),
    )


def _actual_request(draw: st.DrawFn, config: Config) -> Request:
    """A request that is no preflight: an Origin or none, and at most a part of what makes a preflight."""
    method = _pick(draw, ("GET", "POST", "OPTIONS", "HEAD", *METHODS, "options", "Options"))
    origin = _named(b"origin", _origin_lines(draw, config) if _pick(draw, (True, True, True, False)) else ())
    if _pick(draw, (False, False, True)):
        wish = [] if method == "OPTIONS" and origin else _method_lines(draw, config)
        return _request(
            draw,
            method,
            origin,
            _named(b"access-control-request-method", wish),
            _named(b"access-control-request-headers", _header_list_lines(draw, config)),
            _named(b"access-control-request-private-network", _pick(draw, _PRIVATE_NETWORK)),
        )
    return _request(draw, method, origin)


@st.composite
def requests(draw: st.DrawFn, config: Config) -> Request:
    """Requests near this configuration: preflights, actual requests with and without Origin, and mixtures.

    They keep what ASGI promises of a request: header names are in lower case.
    """
    if _pick(draw, (False, True)):
        return _preflight(draw, config)
    return _actual_request(draw, config)


@st.composite
def any_requests(draw: st.DrawFn) -> Request:
    """Requests that know no configuration: any lines of the names that matter, in any number and order."""
    lines = draw(_ANY_LINES)
    method = draw(_ANY_METHODS)
    return Request(method, tuple(lines), _pick(draw, _PATHS))


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


_SAFELISTED_HEADERS: tuple[tuple[str, str], ...] = (
    ("Accept", "application/json"),
    ("Content-Type", "text/plain;charset=UTF-8"),
    ("Range", "bytes=0-5"),
)

_SCRIPT_HEADERS: tuple[tuple[str, str], ...] = (
    *_SAFELISTED_HEADERS,
    ("Accept", "a(b"),
    ("Accept", "a" * 129),
    ("Accept-Language", "en"),
    ("Accept-Language", "e_n"),
    ("Content-Language", "de, en"),
    ("Content-Type", "application/json"),
    ("content-type", "application/x-www-form-urlencoded"),
    ("Content-Type", "text/plain, application/json"),
    ("Range", "bytes=-5"),
    ("Authorization", "Bearer 1"),
    ("Cookie", "session=1"),
    ("Sec-Fetch-Mode", "cors"),
    ("X-Unlisted", "1"),
    ("*", "1"),
)


@st.composite
def fetches(draw: st.DrawFn, config: Config) -> Fetch:
    """What scripts do to a server with this configuration: pages that it allows and near misses, simple and
    preflighted, with every credentials mode. All go to another origin, and none throws.
    """
    known = _known_allowed(config)
    is_allowed = _pick(draw, (True, True, False))
    page = _pick(draw, known if known and is_allowed else (*ORIGINS, "null"))
    listed = tuple((name, "1") for name in allowed_headers(config) if name != "*")
    methods = allowed_methods(config) or ("PUT",)
    if _pick(draw, (True, False, False)):
        method, headers = _pick(draw, ("GET", "POST", "HEAD")), _picks(draw, _SAFELISTED_HEADERS, 2)
    else:
        method = _pick(draw, _pick(draw, (methods, methods, METHODS, ("GET", "put", "patch", "get"))))
        headers = _picks(draw, _pick(draw, (listed, _SCRIPT_HEADERS)), 3)
    return Fetch(
        page_origin=page,
        url_origin="https://api.example",
        method=method,
        headers=headers,
        credentials=_pick(draw, _CREDENTIALS),
        upload_listener=_pick(draw, (False, False, False, False, True)),
        path=_pick(draw, ("/", "/items/1")),
    )


_CREDENTIALS: tuple[Literal["omit", "same-origin", "include"], ...] = (
    "same-origin",
    "omit",
    "include",
    "include",
)


_STATUSES = (200, 201, 204, 206, 301, 304, 307, 400, 401, 403, 404, 405, 418, 500, 503)

_VARY_VALUES = (
    b"Origin",
    b"origin",
    b"Accept-Encoding",
    b"Accept-Encoding, Origin",
    b"ORIGIN,Cookie",
    b"*",
    b"Accept, *",
    b"",
    b",",
    b" , Accept-Encoding ,,\tCookie ",
    b"X-Origin",
    b"Origin-Agent-Cluster",
    b"Origin, origin",
    b"Accept-Encoding, Accept-Encoding",
)

_APP_VALUES: Mapping[bytes, tuple[bytes, ...]] = {
    b"Content-Type": (b"text/plain", b"application/json"),
    b"Set-Cookie": (b"a=1", b"b=2; Path=/"),
    b"X-Total": (b"1", b"\xe9"),
    b"ETag": (b'"1"',),
    b"Location": (b"https://example.org/",),
    b"Cache-Control": (b"max-age=60", b"no-store"),
    b"Access-Control-Allow-Origin": (b"*", b"https://example.com", b"https://app.internal", b"null", b""),
    b"Access-Control-Allow-Credentials": (b"true", b"false", b"True"),
    b"Access-Control-Expose-Headers": (b"X-App", b"*", b"X-Total,,"),
    b"Access-Control-Allow-Methods": (b"GET, X-APP",),
    b"Access-Control-Allow-Headers": (b"X-App",),
    b"Access-Control-Max-Age": (b"1",),
    b"Access-Control-Allow-Private-Network": (b"true",),
}

_CASES: tuple[Callable[[bytes], bytes], ...] = (bytes.lower, bytes.title, bytes.upper)


@st.composite
def app_responses(draw: st.DrawFn) -> Response:
    """What applications answer: any status, CORS headers of their own, Vary in many forms, doubled lines.

    Names come in any case (apps break ASGI's promise of lower case); every line is a valid field line.
    """
    lines = list(_picks(draw, _APP_LINES, 5))
    is_doubled = _pick(draw, (False, False, False, True))
    if lines and is_doubled:
        lines.append(_pick(draw, lines))
    case = _pick(draw, (*_CASES, None))
    headers = tuple(((case or _pick(draw, _CASES))(name), value) for name, value in lines)
    status = _pick(draw, _STATUSES)
    body = b"" if has_no_content(status) else _pick(draw, (b"", b"hello", b'{"message": "Hello World"}'))
    return Response(status, headers, body)


_PLAIN_LINES = tuple((name, value) for name, values in _APP_VALUES.items() for value in values)
_APP_LINES = (*_PLAIN_LINES, *((b"Vary", value) for value in _VARY_VALUES))
