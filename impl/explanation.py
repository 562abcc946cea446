"""Why a request is refused, for people: what of it, and which configured entry comes closest.

Nothing is decided here: the middleware says what it has refused. Whatever a client sends takes a bounded time
and space, and is shown escaped and cut, so that it can forge no line of a log.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from impl.config import Config
from impl.policy import Policy

Line = tuple[bytes, bytes]

LONGEST_SHOWN = 120
"""Characters of a value that are shown; the rest is cut."""

MOST_SHOWN = 3
"""Refused names, or field lines, that are shown; the others are counted."""

MOST_COMPARED = 3
"""Entries of one host that are compared: with ten thousand it must not take longer."""

_LONGEST_COMPARED = 512
_MOST_LABELS = 8
_ORIGIN_SHAPE = re.compile(r"[a-z][a-z0-9+.\-]*://[^\x00-\x20/?#@\\,\x7f-\xff]+", re.IGNORECASE)
_SWAPPED = str.maketrans("_", "-")


@dataclass(frozen=True)
class Refusal:
    """One part of a request that the configuration does not allow.

    `part` is `origin`, `method`, `headers` or `private-network`, `value` what was sent, escaped and cut.
    `reason` is a sentence without its full stop. `closest` is the configured entry that comes closest, or
    None, and `difference` how the value differs from it (`only by the port`). `rule` is the id of the rule:
    `verified-cors rules ID` tells all of it.
    """

    part: str
    value: str
    reason: str
    rule: str
    closest: str | None = None
    difference: str = ""

    def __str__(self) -> str:
        near = (
            "" if self.closest is None else f"; {self.closest!r} is configured, it differs {self.difference}"
        )
        return f"{self.part} {self.value}: {self.reason}{near} ({self.rule})"


@dataclass(frozen=True)
class Explanation:
    """What the middleware makes of a request: whether it is a preflight, whether it is allowed, why not.

    A preflight is allowed if the browser may send the request that it asks for; another request, if pages of
    its origin may read the response. `refusals` is empty for an allowed request, and for one without Origin,
    which is no cross-origin request: pages of other origins may not read its response.
    """

    is_preflight: bool
    is_allowed: bool
    refusals: tuple[Refusal, ...] = ()

    def __str__(self) -> str:
        kind = "preflight" if self.is_preflight else "request"
        if self.is_allowed:
            return f"{kind} allowed"
        return f"{kind} refused: {'; '.join(map(str, self.refusals)) or 'it has no Origin'}"


def shown(value: bytes | str) -> str:
    """A value that a client has sent, in quotes, escaped and cut."""
    text = value[: LONGEST_SHOWN + 1]
    text = text.decode("latin-1") if isinstance(text, bytes) else text
    return ascii(text) if len(text) <= LONGEST_SHOWN else f"{text[:-1]!a}..."


def header_lines(headers: Mapping[str, str] | Iterable[tuple[str | bytes, str | bytes]]) -> list[Line]:
    """Header lines as ASGI has them, names in lower case, from what people write."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    return [(_bytes(name).lower(), _bytes(value)) for name, value in pairs]


def _bytes(text: str | bytes) -> bytes:
    return text.encode("latin-1", "backslashreplace") if isinstance(text, str) else bytes(text)


class Explainer:
    """What is configured, arranged so that the closest entry is found in one or a few look-ups."""

    def __init__(self, config: Config, policy: Policy) -> None:
        self.config, self.policy = config, policy
        self._by_host: dict[str, list[str]] = {}
        self._by_parent: dict[str, list[str]] = {}
        for entry in config.allow_origins:
            _, host, _ = _parts(entry)
            _note(self._by_host, host.removeprefix("*."), entry)
            _note(self._by_parent, host.partition(".")[2], entry)
        self._methods = {method.upper(): method.decode() for method in sorted(policy.methods, reverse=True)}
        self._headers = {_plain(name): name for name in reversed(config.allow_headers)}

    def origin(self, origins: list[bytes], is_overridden: bool) -> Refusal:
        """Why this Origin, or these, are refused."""
        if len(origins) > 1:
            value = ", ".join(map(shown, origins[:MOST_SHOWN]))
            return Refusal("origin", value, "there is more than one Origin field line", "S-ORG-6")
        origin = origins[0][: _LONGEST_COMPARED + 1].decode("latin-1")
        if is_overridden:
            return Refusal("origin", shown(origin), "is_allowed_origin did not return True", "S-ORG-2")
        if origin == "null":
            reason = (
                "pages without an origin (sandboxed frames, files, some redirects) send it; not configured"
            )
            return Refusal("origin", shown(origin), reason, "S-ORG-4")
        if len(origin) > _LONGEST_COMPARED or _ORIGIN_SHAPE.fullmatch(origin) is None:
            return Refusal("origin", shown(origin), "no browser sends this as an origin", "S-ORG-6")
        reason = "not configured"
        if self.config.allow_origin_regex is not None:
            reason += ", and allow_origin_regex does not match the whole of it"
        entry, difference = self._closest(origin, _parts(origin)[1].lower())
        return Refusal("origin", shown(origin), reason, "S-ORG-2", entry, difference)

    def _closest(self, origin: str, host: str) -> tuple[str | None, str]:
        """The entry that comes closest to an origin, and how it differs."""
        labels = host.rsplit(".", _MOST_LABELS)
        parents = [".".join(labels[start:]) for start in range(1, len(labels))]
        found = [self._by_host.get(host), *map(self._by_host.get, parents), self._by_parent.get(host)]
        if parents and "." in parents[0]:  # under a top-level domain, everybody is a neighbour
            found.append(self._by_parent.get(parents[0]))
        near = next(filter(None, found), None)
        if near is None:
            return None, ""
        differences = [(_differences(origin, entry), entry) for entry in near]
        least, entry = min(differences, key=lambda each: len(each[0]))
        return entry, f"{'only ' if len(least) == 1 else ''}by {' and '.join(least)}"

    def method(self, methods: list[bytes]) -> Refusal:
        """Why this requested method, or these, are refused."""
        if len(set(methods)) > 1:
            value = ", ".join(map(shown, methods[:MOST_SHOWN]))
            return Refusal("method", value, "there is more than one requested method", "D-11")
        entry = self._methods.get(methods[0][:_LONGEST_COMPARED].upper())
        difference = "" if entry is None else "only by the letter case"
        return Refusal("method", shown(methods[0]), "not in allow_methods", "D-11", entry, difference)

    def headers(self, requested: list[bytes], limit: int) -> Refusal:
        """Why these requested headers are refused: those of them that are not allowed, or no names at all."""
        value = b",".join(requested)
        if sum(map(len, requested)) > limit:
            return Refusal("headers", shown(value), f"the list is longer than {limit:,} bytes", "D-12")
        names = [name.strip(b" \t") for name in value.split(b",")]
        refused = [name for name in dict.fromkeys(names) if name.lower() not in self.policy.headers]
        if self.policy.any_header:
            return Refusal("headers", shown(value), "one of them is no header name", "S-PF-8")
        named = ", ".join(map(shown, refused[:MOST_SHOWN]))
        more = f" and {len(refused) - MOST_SHOWN:,} more" if len(refused) > MOST_SHOWN else ""
        first = refused[0][:_LONGEST_COMPARED].decode("latin-1") if refused else ""
        entry = self._headers.get(_plain(first))
        difference = "" if entry is None else "only by _ and -"
        return Refusal("headers", named + more, "not in allow_headers", "D-12", entry, difference)

    def private_network(self) -> Refusal:
        """Why access to a private network is refused."""
        return Refusal("private-network", "'true'", "allow_private_network is not set", "X-PNA-1")


def _note(index: dict[str, list[str]], key: str, entry: str) -> None:
    if key and len(entries := index.setdefault(key, [])) < MOST_COMPARED:
        entries.append(entry)


def _plain(name: str) -> str:
    return name.lower().translate(_SWAPPED)


def _parts(origin: str) -> tuple[str, str, str]:
    """Scheme, host and port, each empty if it is missing, of whatever this is."""
    scheme, _, rest = origin.partition("://")
    host, colon, port = rest.rpartition(":")
    if not colon or rest.endswith("]"):  # an IPv6 address
        host, port = rest, ""
    return scheme, host, port


def _differences(origin: str, entry: str) -> list[str]:
    """In what an origin differs from an entry of the same host, or of one near it."""
    (scheme, host, port), (its_scheme, its_host, its_port) = _parts(origin.lower()), _parts(entry)
    is_host = host.endswith(its_host[1:]) if its_host.startswith("*.") else host == its_host
    same = {
        "the scheme": scheme == its_scheme,
        "the subdomain": is_host,
        "the port": its_port in (port, "*"),
    }
    return [part for part, is_same in same.items() if not is_same] or ["the letter case"]
