"""Hypothesis strategies for configurations that can be constructed, and for the origins in them."""

import re

from spec.config import Config
from spec.generate.drawing import pick, picks, st
from spec.generate.vocabulary import (
    MAX_AGES,
    METHODS,
    ODD_METHODS,
    ORIGIN_PATTERNS,
    ORIGINS,
    PATTERNS,
    REQUEST_HEADERS,
    RESPONSE_HEADERS,
    RISKY_REQUEST_HEADERS,
    UNUSUAL_ORIGINS,
)
from spec.origin import DEFAULT_PORTS

_LABELS = st.text(alphabet="abcxyz019-", min_size=1, max_size=5)
_PORTS = st.integers(1, 65535)


@st.composite
def origins(draw: st.DrawFn) -> str:
    """Canonical origins: what a browser can send, and what may stand in `allow_origins` without a warning."""
    if pick(draw, (True, True, True, False)):
        return pick(draw, ORIGINS)
    scheme = pick(draw, ("https", "http"))
    labels = [draw(_LABELS) for _ in range(pick(draw, (1, 2, 3)))]
    host = ".".join(label if label.strip("-") == label else f"a{label}b" for label in (*labels, "test"))
    port = draw(_PORTS) if pick(draw, (False, True)) else DEFAULT_PORTS[scheme]
    return f"{scheme}://{host}" if port == DEFAULT_PORTS[scheme] else f"{scheme}://{host}:{port}"


def _regex(draw: st.DrawFn) -> str:
    if pick(draw, (True, True, True, False)):
        return pick(draw, tuple(PATTERNS))
    return "|".join(map(re.escape, picks(draw, ORIGINS, 3, 1)))


_ORIGIN_STRATEGY = origins()


def _origin_entries(draw: st.DrawFn, allow_credentials: bool) -> tuple[str, ...]:
    kinds = ("pool", "pool", "pool", "patterns", "patterns", "any", "unusual")
    kind = pick(draw, kinds if allow_credentials else (*kinds, "wildcard", "wildcard", "null"))
    if kind == "wildcard":
        return pick(draw, (("*",), ("*",), ("*", "https://example.com"), ("null", "*")))
    if kind == "patterns":
        patterns = picks(draw, ORIGIN_PATTERNS, 3, 1)
        origins = picks(draw, ORIGINS, 2)
        return pick(draw, (patterns, (*origins, *patterns), (*patterns, *origins)))
    entries = picks(draw, ORIGINS, 4)
    if kind == "any":
        return (draw(_ORIGIN_STRATEGY), *entries)
    if kind == "unusual":
        return (*entries, pick(draw, UNUSUAL_ORIGINS))
    return (*entries, "null") if kind == "null" else entries


_WILDCARD_METHODS = (("*",), ("*", "PURGE"), ("PURGE", "*", "GET"))
_WILDCARD_HEADERS = (("*",), ("*", "X-Token"), ("x-token", "*"))


@st.composite
def configs(draw: st.DrawFn) -> Config:
    """Configurations that can be constructed: they break no configuration rule of level MUST.

    Among them patterns, regexes, wildcards, `null`, entries that come twice or differ only in case, and
    values that only deserve a warning.
    """
    allow_credentials = pick(draw, (False, True))
    any_method = pick(draw, (False, False, False, True))
    any_header = pick(draw, (False, False, False, True))
    return Config(
        allow_origins=_origin_entries(draw, allow_credentials),
        allow_methods=pick(draw, _WILDCARD_METHODS) if any_method else picks(draw, METHODS + ODD_METHODS, 4),
        allow_headers=pick(draw, _WILDCARD_HEADERS)
        if any_header
        else picks(draw, REQUEST_HEADERS + RISKY_REQUEST_HEADERS, 5),
        allow_credentials=allow_credentials,
        allow_origin_regex=_regex(draw) if pick(draw, (False, False, True)) else None,
        allow_private_network=pick(draw, (False, True)),
        expose_headers=picks(draw, RESPONSE_HEADERS, 4),
        max_age=pick(draw, MAX_AGES),
    )
