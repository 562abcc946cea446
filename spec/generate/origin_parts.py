"""The parts of an allowed origin, of which near misses are made."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from spec.generate.vocabulary import Lines


class Allowed(NamedTuple):
    """An allowed origin in its parts; the port is empty when the origin has none."""

    scheme: str
    host: str
    port: str

    def __str__(self) -> str:
        return origin_of(self.scheme, self.host, self.port)


# What a family yields: one Origin value as text (sent as UTF-8), or lines as they are.
Form = str | bytes | Lines
Family = Callable[[Allowed, tuple[Allowed, ...], str], Iterator[Form]]

_ORIGIN = re.compile(r"([^:/]+)://(\[[^\]]*\]|[^:]*)(?::([^:]*))?", re.DOTALL)


def origin_of(scheme: str, host: str, port: str) -> str:
    """The origin of these parts."""
    return f"{scheme}://{host}:{port}" if port else f"{scheme}://{host}"


def parsed(origin: str) -> Allowed | None:
    """The parts of an origin; None for what has none."""
    found = _ORIGIN.fullmatch(origin)
    return Allowed(found[1], found[2], found[3] or "") if found else None
