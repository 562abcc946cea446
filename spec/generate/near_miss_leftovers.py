"""Leftovers: origins that people forget in the lists of servers, and that nobody configured for this one.

They stay from development, from apps and extensions, from other stages and names of a site.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from spec.generate.origin_parts import Allowed, origin_of, parsed
from spec.suffixes import public_suffix

# Where servers of front ends listen unless they are told otherwise.
FRONT_END_PORTS = (
    "", "1234", "3000", "3001", "4173", "4200", "4321", "5000", "5173", "5500", "6006", "8000", "8080",
    "8081", "8100", "8888", "9000", "19006",
)  # fmt: skip

APPS_AND_EXTENSIONS = (
    "ionic://localhost",
    "capacitor://localhost",
    "https://localhost",
    "tauri://localhost",
    "http://tauri.localhost",
    "app://localhost",
    "file://",
    "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
    "moz-extension://01234567-89ab-4cde-8f01-23456789abcd",
    "safari-web-extension://01234567-89AB-4CDE-8F01-23456789ABCD",
)

STAGES = ("dev", "staging", "test", "qa", "uat", "beta", "demo", "preview", "old", "www", "app", "admin")

SUFFIXES = ("com", "net", "org", "io", "dev", "app", "co", "co.uk", "de", "test", "local")


def leftovers(origins: Sequence[str]) -> list[str]:
    """The leftovers beside these allowed origins, each once; a pattern or a regex may allow some of them."""
    found = [origin_of("http", "localhost", port) for port in FRONT_END_PORTS]
    found += [origin_of("http", "127.0.0.1", port) for port in ("", "3000", "8080")]
    found += APPS_AND_EXTENSIONS
    for parts in filter(None, map(parsed, origins)):
        if is_a_domain(parts.host):
            found += [*siblings(parts), *stages(parts), *below_other_suffixes(parts)]
    found += glued(origins)
    return [each for each in dict.fromkeys(found) if each not in origins]


def is_a_domain(host: str) -> bool:
    """Neither an address nor a single label."""
    return "." in host and not re.fullmatch(r"[\d.]+|\[.*", host)


def siblings(allowed: Allowed) -> Iterator[str]:
    """The host with a number behind its first label, or with another than it has."""
    first, _, rest = allowed.host.partition(".")
    name = first.rstrip("0123456789")
    number = first[len(name) :]
    for other in (str(int(number) + 1), "") if number else ("1", "2", "-1", "-2"):
        if name + other:
            yield origin_of(allowed.scheme, f"{name}{other}.{rest}", allowed.port)


def stages(allowed: Allowed) -> Iterator[str]:
    """The host of other stages: instead of its first label where that is a subdomain, or named in it."""
    first, _, rest = allowed.host.partition(".")
    is_subdomain = public_suffix(allowed.host) != rest
    for stage in STAGES:
        yield origin_of(allowed.scheme, f"{stage}.{rest if is_subdomain else allowed.host}", allowed.port)
        yield origin_of(allowed.scheme, f"{first}-{stage}.{rest}", allowed.port)


def below_other_suffixes(allowed: Allowed) -> Iterator[str]:
    """The same name below other public suffixes than its own."""
    name = allowed.host.removesuffix("." + public_suffix(allowed.host))
    for suffix in SUFFIXES:
        yield origin_of(allowed.scheme, f"{name}.{suffix}", allowed.port)


def glued(origins: Sequence[str]) -> Iterator[str]:
    """Two allowed origins in one, as where a list lacks a comma."""
    for one, other in pairwise(origins):
        for first, second in ((one, other), (other, one)):
            yield first + second
            yield first + second.partition("://")[2]
