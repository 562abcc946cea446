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
_ORIGIN = re.compile(
    r"([a-z][a-z0-9+.\-]*)://(\[[0-9a-f:.]*\]|[^\x00-\x20/?#@\\,:\x7f-\xff]+)(?::([0-9]+|\*))?", re.IGNORECASE
)
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
    text = _text(text) if isinstance(text, bytes) else text
    return ascii(text) if len(text) <= LONGEST_SHOWN else f"{text[:-1]!a}..."


def _text(value: bytes) -> str:
    return value.decode("latin-1")


def header_lines(headers: Mapping[str, str] | Iterable[tuple[str | bytes, str | bytes]]) -> list[Line]:
    """Header lines as ASGI has them, names in lower case, from what people write."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    return [(_bytes(name).lower(), _bytes(value)) for name, value in pairs]


def _bytes(text: str | bytes) -> bytes:
    if not isinstance(text, (str, bytes)):
        raise TypeError(f"explain takes headers as str or bytes, and this is {text!r}: write it as a str")
    return text.encode("latin-1", "backslashreplace") if isinstance(text, str) else text


class Explainer:
    """What is configured, arranged so that the closest entry is found in one or a few look-ups."""

    def __init__(self, config: Config, policy: Policy) -> None:
        self.config, self.policy = config, policy
        self._by_host: dict[str, list[re.Match[str]]] = {}
        self._by_parent: dict[str, list[re.Match[str]]] = {}
        for entry in config.allow_origins:
            if found := _ORIGIN.fullmatch(entry):  # not `*` or `null`
                _note(self._by_host, found[2].removeprefix("*."), found)
                _note(self._by_parent, found[2].partition(".")[2], found)
        self._methods = {method.upper(): method.decode() for method in sorted(policy.methods, reverse=True)}
        self._headers = {_plain(name): name for name in reversed(config.allow_headers)}

    def origin(self, origins: list[bytes], is_overridden: bool) -> Refusal:
        """Why this Origin, or these, are refused."""
        if len(origins) > 1:
            value = ", ".join(map(shown, origins[:MOST_SHOWN]))
            return Refusal("origin", value, "there is more than one Origin field line", "S-ORG-6")
        value = shown(origins[0])
        if is_overridden:
            return Refusal("origin", value, "is_allowed_origin did not return True", "S-ORG-2")
        if origins[0] == b"null":
            reason = "not configured; sandboxed frames, files and pages after some redirects send it"
            return Refusal("origin", value, reason, "S-ORG-4")
        found = None if len(origins[0]) > _LONGEST_COMPARED else _ORIGIN.fullmatch(_text(origins[0]))
        if found is None:
            return Refusal("origin", value, "no browser sends this as an origin", "S-ORG-6")
        reason = "not configured"
        if self.config.allow_origin_regex is not None:
            reason += ", and allow_origin_regex does not match the whole of it"
        return Refusal("origin", value, reason, "S-ORG-2", *self._closest(found))

    def _closest(self, origin: re.Match[str]) -> tuple[str | None, str]:
        """The entry that comes closest to an origin, and how it differs."""
        hosts = [origin[2].lower()]
        while "." in hosts[-1]:
            hosts.append(hosts[-1].partition(".")[2])
        # A subdomain of it, or a neighbour; but under a top-level domain everybody is a neighbour.
        parents = hosts[: 2 if len(hosts) > 2 else 1]
        near = [*map(self._by_host.get, hosts), *map(self._by_parent.get, parents)]
        entries = next(filter(None, near), None)
        if entries is None:
            return None, ""
        differences = [(_differences(origin, entry), entry) for entry in entries]
        least, entry = min(differences, key=lambda each: len(each[0]))
        return entry[0], f"only by {' and '.join(least or [self._oddity(origin)])}"

    def _oddity(self, origin: re.Match[str]) -> str:
        """In what an origin differs from an entry that all its parts fit."""
        if origin[0] != origin[0].lower():
            return "the letter case"
        # So the entry is a pattern, which allows only hosts and ports as browsers write them.
        patterns = self.policy.origin_patterns
        without_port = f"{origin[1]}://{origin[2]}"
        is_the_port = patterns is not None and patterns.match(without_port)
        return "a port that no browser writes so" if is_the_port else "a host name that no pattern allows"

    def method(self, methods: list[bytes]) -> Refusal:
        """Why this requested method, or these, are refused."""
        if len(set(methods)) > 1:
            value = ", ".join(map(shown, methods[:MOST_SHOWN]))
            return Refusal("method", value, "there is more than one requested method", "D-11")
        entry = self._methods.get(methods[0].upper())
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
        entry = self._headers.get(_plain(_text(refused[0])))
        difference = "" if entry is None else "only by _ and -"
        return Refusal("headers", named + more, "not in allow_headers", "D-12", entry, difference)

    def private_network(self) -> Refusal:
        """Why access to a private network is refused."""
        return Refusal("private-network", "'true'", "allow_private_network is not set", "X-PNA-1")


def _note(index: dict[str, list[re.Match[str]]], key: str, entry: re.Match[str]) -> None:
    if len(entries := index.setdefault(key, [])) < MOST_COMPARED:
        entries.append(entry)


def _plain(name: str) -> str:
    return name.lower().translate(_SWAPPED)


def _differences(origin: re.Match[str], entry: re.Match[str]) -> list[str]:
    """The parts in which an origin differs from an entry of the same host, or of one near it."""
    host, its_host = origin[2].lower(), entry[2]
    same = {
        "the scheme": origin[1].lower() == entry[1],
        "the subdomain": host.endswith(its_host[1:]) if "*" in its_host else host == its_host,
        "the port": entry[3] in (origin[3], "*"),
    }
    return [part for part, is_same in same.items() if not is_same]
