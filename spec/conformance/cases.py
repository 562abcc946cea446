"""The systematic requests: derived from the intended configuration; of the server's host one is derived.

What must work is asked for as browsers ask. Odd shapes are there for what must not happen. Actual requests
use GET, HEAD and OPTIONS alone, so that a server that is tried keeps what it has.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

from spec.browser.methods_and_headers import is_forbidden_header
from spec.config import Config
from spec.conformance.target import Target
from spec.generate.near_miss_leftovers import leftovers
from spec.generate.near_miss_methods_and_headers import (
    header_list_breakers,
    header_list_floods,
    header_list_forms,
    method_near_misses,
)
from spec.generate.near_miss_origins import near_misses, sequences, usual_near_misses
from spec.generate.near_miss_patterns import pattern_examples, pattern_misses
from spec.generate.origin_lines import allowed_origins
from spec.generate.vocabulary import IRRELEVANT_HEADERS, Lines
from spec.http import Headers, Request
from spec.policy import (
    allowed_headers,
    allowed_methods,
    any_header_is_allowed,
    any_origin_is_allowed,
    origin_is_allowed,
)

ACRM = b"access-control-request-method"
ACRH = b"access-control-request-headers"
ACRPN = b"access-control-request-private-network"

UNLISTED = "https://evil.example"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

# Enough of a list to see each mistake; the rest are alike.
ORIGINS_TRIED, METHODS_TRIED, HEADERS_TRIED = 3, 4, 4


Drawn = TypeVar("Drawn")


@dataclass(frozen=True)
class Group:
    """Requests that are judged together, in the order in which they are sent.

    `afresh`: each is sent even when the same request was answered before, for the server may have a memory.
    """

    name: str
    requests: tuple[Request, ...]
    afresh: bool = False


def named(name: bytes, values: Iterable[bytes]) -> Headers:
    """Header lines of one name."""
    return tuple((name, value) for value in values)


def actual(origins: Lines = (), method: str = "GET", path: str = "/", more: Headers = ()) -> Request:
    """A request that is no preflight."""
    return Request(method, (*named(b"origin", origins), *more), path)


def preflight(
    origins: Lines, methods: Lines = (b"GET",), names: Lines = (), path: str = "/", more: Headers = ()
) -> Request:
    """A preflight; no names: it asks for no headers."""
    asked = (*named(ACRM, methods), *named(ACRH, names))
    return Request("OPTIONS", (*named(b"origin", origins), *asked, *more), path)


def known_origins(config: Config) -> list[str]:
    """Some origins that the configuration allows: of its list, and what its patterns and its regex match."""
    by_entry = [pattern_examples(entry) or [entry] for entry in config.allow_origins if entry != "*"]
    found = [first for first, *_ in by_entry if is_allowed(config, first)][:ORIGINS_TRIED]
    # An origin more for each pattern: another name, or a port.
    found += [second for _, second, *_ in (each for each in by_entry if len(each) > 1)][:ORIGINS_TRIED]
    if config.allow_origin_regex is not None:
        matched = examples(allowed_origins(Config(allow_origin_regex=config.allow_origin_regex)), 20)
        found += sorted(matched, key=lambda origin: (len(origin), origin))[:2]
    if any_origin_is_allowed(config):
        found += ["https://app.example.com", "http://localhost:8080"]
    return list(dict.fromkeys(found))


def is_allowed(config: Config, origin: str) -> bool:
    """Whether the configuration allows this origin."""
    return origin_is_allowed(config, origin.encode())


def examples(strategy: st.SearchStrategy[Drawn], draws: int, root: int = 0) -> list[Drawn]:
    """What comes of so many draws, each once, always the same for a root."""
    found: dict[Drawn, None] = {}

    @seed(root)
    @settings(
        max_examples=draws,
        database=None,
        deadline=None,  # inputs are drawn here, not a property tested: no profile of tests applies
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(value: Drawn) -> None:
        found[value] = None

    with suppress(Unsatisfiable):  # there is none, as of a regex that matches no origin
        collect()
    return list(found)


def groups(config: Config, target: Target, own_origin: str = "") -> list[Group]:
    """All systematic groups, the most telling first.

    `own_origin` is that of the server's own host over http, if that is another than its own.
    """
    origins = known_origins(config)
    path = target.path
    if not origins:
        return [Group("nobody is allowed", tuple(unlisted(path)))]
    return [
        *basics(config, origins, target),
        *near_miss_groups(config, origins, path),
        *leftover_groups(config, origins, own_origin, path),
        *(
            Group("one after the other", tuple(actual(lines, path=path) for lines in order), afresh=True)
            for order in sequences(origins[0], UNLISTED)
        ),
        *methods(config, origins[0].encode(), path),
        *headers(config, origins[0].encode(), path),
    ]


def unlisted(path: str) -> Iterator[Request]:
    """Requests of nobody whom the configuration knows."""
    for lines in ((), (UNLISTED.encode(),), (b"null",), (b"*",), (b"",)):
        yield actual(lines, path=path)
        yield actual(lines, "HEAD", path)
        yield preflight(lines, path=path)


def basics(config: Config, origins: Sequence[str], target: Target) -> Iterator[Group]:
    """Every kind of request once, from those who are allowed and from unlisted origins."""
    path, first = target.path, origins[0].encode()
    everyone = [(), *((origin.encode(),) for origin in origins), (UNLISTED.encode(),), (b"null",)]
    for method in ("GET", "HEAD"):
        yield Group(f"{method} of each origin", tuple(actual(lines, method, path) for lines in everyone))
    yield Group("preflight of each origin", tuple(
        preflight(lines, (usual_method(config),), path=path) for lines in everyone if lines
    ))  # fmt: skip
    for origin in origins:
        yield Group("a preflight and its request", (
            preflight((origin.encode(),), (b"GET",), path=path), actual((origin.encode(),), path=path)
        ))  # fmt: skip
    for lines in everyone:
        yield Group("GET and HEAD", (actual(lines, path=path), actual(lines, "HEAD", path)))
        conditional = ((b"if-none-match", b"*"),)
        yield Group("GET and its 304", (actual(lines, path=path), actual(lines, path=path, more=conditional)))
        yield Group("irrelevant headers", (
            actual(lines, path=path), *(actual(lines, path=path, more=(line,)) for line in IRRELEVANT_HEADERS)
        ))  # fmt: skip
        yield Group("method requested without OPTIONS", (actual(lines, path=path, more=((ACRM, b"PUT"),)),))
        if target.error_path:
            yield Group("an error", (actual(lines, path=target.error_path),))
    for line in IRRELEVANT_HEADERS:
        unlisted = actual((UNLISTED.encode(),), path=path, more=(line,))
        yield Group("irrelevant headers of an unlisted origin", (actual((first,), path=path), unlisted))
    unlisted = actual((UNLISTED.encode(),), "HEAD", path, IRRELEVANT_HEADERS[:1])
    yield Group("HEAD beside GET", (actual((first,), path=path), unlisted))
    if target.options_path:
        own = [actual(lines, "OPTIONS", target.options_path) for lines in everyone]
        yield Group("OPTIONS that is no preflight", tuple(own))
    for value in (b"true", b"false", b"TRUE"):
        yield Group("private network", (preflight((first,), path=path, more=((ACRPN, value),)),))
    yield Group("private network", (preflight((UNLISTED.encode(),), path=path, more=((ACRPN, b"true"),)),))
    yield Group("a preflight with irrelevant headers", (
        preflight((first,), path=path),
        *(preflight((first,), path=path, more=(line,)) for line in IRRELEVANT_HEADERS),
    ))  # fmt: skip
    yield Group("a preflight of another URL", (
        preflight((first,), path=path), preflight((first,), path=path + "?other=1")
    ))  # fmt: skip


def usual_method(config: Config) -> bytes:
    """A method that takes a preflight, if one is allowed."""
    listed = [name for name in allowed_methods(config) if name not in ("GET", "HEAD", "POST")]
    return (listed or ["GET"])[0].encode()


def near_miss_groups(config: Config, origins: Sequence[str], path: str) -> Iterator[Group]:
    """What looks like an allowed origin, beside the origin itself: all of the first one, and of patterns."""
    method = usual_method(config)
    patterns = [entry for entry in config.allow_origins if pattern_examples(entry)]
    for entry in patterns[:ORIGINS_TRIED]:
        right = actual((pattern_examples(entry)[0].encode(),), path=path)
        for value in pattern_misses(entry):
            yield Group("near misses of a pattern", (right, actual((value,), path=path)))
            yield Group("near misses, preflighted", (preflight((value,), (method,), path=path),))
    for number, origin in enumerate(origins):
        right = actual((origin.encode(),), path=path)
        usual: list[Lines] = [(value,) for value in usual_near_misses(origin)]
        others = [other for other in origins if other != origin]
        all_near_misses = [] if number else [near_miss.lines for near_miss in near_misses(origin, others)]
        for lines in dict.fromkeys([*usual, *all_near_misses]):
            yield Group("near misses", (right, actual(lines, path=path)))
        for lines in usual:
            yield Group("near misses, preflighted", (preflight(lines, (method,), path=path),))


def leftover_groups(config: Config, origins: Sequence[str], own_origin: str, path: str) -> Iterator[Group]:
    """Origins that are forgotten in lists; and an unlisted one that looks like a page of the site at work."""
    right = actual((origins[0].encode(),), path=path)
    for origin in dict.fromkeys([*filter(None, [own_origin]), *leftovers(origins[:ORIGINS_TRIED])]):
        yield Group("leftovers", (right, actual((origin.encode(),), path=path)))
    usual = {b"referer": origins[0].encode() + b"/", b"x-requested-with": b"XMLHttpRequest"}
    usual |= {name.encode(): b"1" for name in sent_by_scripts(config)[:HEADERS_TRIED]}
    if config.allow_credentials:
        usual[b"cookie"] = b"seen=1"  # some servers reflect the origin then alone; it is nobody's session
    for more in [*((line,) for line in usual.items()), tuple(usual.items())]:
        unlisted = actual((UNLISTED.encode(),), path=path, more=more)
        yield Group("an unlisted origin with usual headers", (right, unlisted))


def sent_by_scripts(config: Config) -> list[str]:
    """The configured request headers that scripts can send, in lower case."""
    names = [name.lower() for name in config.allow_headers if name != "*"]
    return [name for name in names if not is_forbidden_header(name.encode(), b"1")]


def methods(config: Config, origin: bytes, path: str) -> Iterator[Group]:
    """What is allowed and what is not, and whatever looks like a method that is."""
    allowed = list(allowed_methods(config))
    known = dict.fromkeys([*allowed, *allowed_methods(Config(allow_methods=("*",))), "PURGE", "get", "patch"])
    yield Group("methods", tuple(preflight((origin,), (name.encode(),), path=path) for name in known))
    tried = [name for name in allowed if name not in ("GET", "HEAD", "POST")] or allowed
    for name in tried[:METHODS_TRIED]:
        right = preflight((origin,), (name.encode(),), path=path)
        yield Group("a preflight and its request", (right, actual((origin,), path=path)))
        for lines in method_near_misses(name):
            yield Group("near methods", (right, preflight((origin,), lines, path=path)))


def headers(config: Config, origin: bytes, path: str) -> Iterator[Group]:
    """Request headers as browsers ask for them; then other forms of the same list, and what is no list."""
    method = (usual_method(config),)
    anything = any_header_is_allowed(config)
    listed = ["X-Token"] if anything else [name for name in config.allow_headers if name != "*"]
    names = listed[:HEADERS_TRIED]
    known = [*allowed_headers(Config()), *names, "Authorization", "X-Evil", *(f"{name}x" for name in names)]
    known += [name[:-1] for name in names if len(name) > 1] + ["*"]
    yield Group("request headers", tuple(
        preflight((origin,), method, (name.lower().encode(),), path) for name in dict.fromkeys(known)
    ))  # fmt: skip
    asking = preflight((origin,), (b"GET",), header_list_forms(names)[0], path)
    yield Group("a preflight and its request", (asking, actual((origin,), path=path)))
    for together in (names, [*names, "content-type"], [*names, "x-evil"]):
        usual, *odd = header_list_forms(together)
        right = preflight((origin,), method, usual, path)
        for lines in odd:
            yield Group("forms of a header list", (right, preflight((origin,), method, lines, path)))
    for lines in header_list_breakers(names[:1]):
        yield Group("no header list", (preflight((origin,), method, lines, path),))
    for lines in header_list_floods(names[:1], sizes=(8192, 16385)):
        if len(lines) < 4:
            yield Group("a flood of headers", (preflight((origin,), method, lines, path),))
