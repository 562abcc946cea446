"""Origin patterns: entries that stand for the subdomains of a domain, or for every port."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from impl.origin import DEFAULT_PORTS, canonical
from impl.validation.suffixes import registrable_domain

# Browsers send no origin of these (https://url.spec.whatwg.org/#concept-url-origin).
_NEVER_SENT = frozenset({"file", "ftp", "ws", "wss"})

LONGEST_ORIGIN = 512

_LABEL = r"[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?"
_LABELS = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_PORT = re.compile(r"0|[1-9][0-9]{0,4}")
_PATTERN = re.compile(r"([a-z][a-z0-9+.\-]*)://(\*\.)?([a-z0-9.\-]+|\[[0-9a-f:]+\])(?::(\*|[0-9]+))?")
_ORIGIN = re.compile(r"([^:]+)://(\[[^\]]*\]|[^:]*)(?::(.*))?")


@dataclass(frozen=True)
class Pattern:
    """`scheme://*.host`, `scheme://host:*`, or both; `port` is "" for none and "*" for any, or a number."""

    scheme: str
    is_subdomain: bool
    host: str
    port: str

    @property
    def domain(self) -> str | None:
        """What follows `*.`; None for a pattern of ports alone."""
        return self.host if self.is_subdomain else None

    def __str__(self) -> str:
        below = "*." if self.is_subdomain else ""
        return f"{self.scheme}://{below}{self.host}{self.port and f':{self.port}'}"


def parse(entry: str) -> Pattern | None:
    """The pattern that an entry is; None for any other entry, and for a pattern that is not allowed.

    What follows `*.` must be registrable, or below what is: `*.github.io` would allow everyone who has an
    account there.
    """
    found = _PATTERN.fullmatch(entry)
    if found is None or "*" not in entry or found[1] in _NEVER_SENT:
        return None
    pattern = Pattern(found[1], bool(found[2]), found[3], found[4] or "")
    if pattern.is_subdomain and registrable_domain(pattern.host) is None:
        return None
    # The shortest origin that it could match: a pattern that does not match this one matches nothing.
    host = f"a.{pattern.host}" if pattern.is_subdomain else pattern.host
    port = "" if pattern.port == "*" else pattern.port
    is_possible = _is_canonical_host(host) and (not port or _is_canonical_port(pattern.scheme, port))
    return (
        pattern
        if is_possible and len(f"{pattern.scheme}://{host}{port and f':{port}'}") <= LONGEST_ORIGIN
        else None
    )


class Patterns:
    """Several patterns, of which one must match. How many they are makes no difference to the time."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._ports: dict[tuple[str, bool, str], set[str]] = {}
        self._deepest = 0  # labels of a domain after `*.`
        for pattern in patterns:
            key = (pattern.scheme, pattern.is_subdomain, pattern.host)
            self._ports.setdefault(key, set()).add(pattern.port)
            if pattern.is_subdomain:
                self._deepest = max(self._deepest, pattern.host.count(".") + 1)

    def match(self, origin: str) -> bool:
        """Whether one of them matches this value, which has the shape of an origin, and may not be one."""
        parts = _ORIGIN.fullmatch(origin)
        if parts is None:
            return False
        scheme, host, port = parts.groups()
        if port is not None and not _is_canonical_port(scheme, port):
            return False
        if (scheme, False, host) in self._ports:
            return True
        start = None
        for _ in range(self._deepest):
            start = host.rfind(".", 0, start)
            if start < 1:
                return False
            ports = self._ports.get((scheme, True, host[start + 1 :]))
            if ports and ("*" in ports or (port or "") in ports):
                return _is_canonical_host(host)
        return False


def _is_canonical_host(host: str) -> bool:
    """Whether browsers write a host so: labels that DNS can hold, in lower case, with valid Punycode.

    Hosts of other schemes are judged like those of https.
    """
    is_in_grammar = host.startswith("[") or _LABELS.fullmatch(host) is not None
    return is_in_grammar and canonical(f"https://{host}") == f"https://{host}"


def _is_canonical_port(scheme: str, port: str) -> bool:
    return _PORT.fullmatch(port) is not None and int(port) <= 65535 and int(port) != DEFAULT_PORTS.get(scheme)
