"""Hypothesis strategies for the Origin lines of a request: allowed by a configuration, or nearly so."""

from collections.abc import Mapping
from functools import lru_cache

from spec.config import Config
from spec.generate.drawing import pick, st
from spec.generate.near_miss_origins import NearMiss, near_misses, usual_near_misses
from spec.generate.near_miss_patterns import pattern_examples
from spec.generate.vocabulary import BLANKS, LINE_ENDS, ORIGINS, PATTERNS, UNUSUAL_ORIGINS, Lines
from spec.policy import any_origin_is_allowed, origin_is_allowed


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
def known_allowed(config: Config) -> list[str]:
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


def is_regex_alive(config: Config) -> bool:
    """Whether there is a regex, and not one that is known to allow nothing."""
    regex = config.allow_origin_regex
    return regex is not None and (regex not in PATTERNS or PATTERNS[regex] != ())


def allowed_origins(config: Config) -> st.SearchStrategy[str]:
    """Origins that this configuration allows; nothing when it allows none."""
    known = known_allowed(config)
    if known or not is_regex_alive(config):
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


def _near_miss(draw: st.DrawFn, config: Config) -> Lines:
    entries = [entry for entry in config.allow_origins if entry != "*"]
    entry = pick(draw, entries or known_allowed(config)[:8] or ORIGINS)
    other = pick(draw, entries or ORIGINS)
    families = _near_misses(entry, other)
    # The families are large and rare mistakes fill most of them: the usual ones come as often as all others.
    if pick(draw, (True, False)):
        usual = [(value,) for value in usual_near_misses(entry) if _is_refused(config, (value,))]
        return pick(draw, usual or [()])
    family = families[pick(draw, (*families, "several values", "bytes"))]
    refused = [near_miss.lines for near_miss in family if _is_refused(config, near_miss.lines)]
    return pick(draw, refused or [()])


def origin_lines(draw: st.DrawFn, config: Config) -> Lines:
    """The Origin lines of a request: one or two, allowed or not."""
    kind = pick(draw, ("allowed", "allowed", "allowed", "miss", "miss", "miss", "pool", "tail", "doubled"))
    if kind == "miss" and (found := _near_miss(draw, config)):
        return found
    if kind in ("pool", "miss") or not (known_allowed(config) or is_regex_alive(config)):
        return (pick(draw, (*ORIGINS, "null")).encode(),)
    origin = draw(allowed_origins(config)).encode()
    if kind == "tail":
        return (origin + pick(draw, (b"\n", *LINE_ENDS, *BLANKS, b" ")),)
    if kind == "doubled":
        return (origin, pick(draw, (origin, b"https://evil.example", b"")))
    return (origin,)
