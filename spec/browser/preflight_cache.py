"""What a browser remembers of preflights: https://fetch.spec.whatwg.org/#cors-preflight-cache"""

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from spec.browser.engines import STANDARD, Engine
from spec.browser.fetch import Fetch
from spec.browser.methods_and_headers import normalize_method
from spec.browser.origins import serialized_origin
from spec.browser.preflight import method_needs_preflight
from spec.browser.safelists import unsafe_header_names
from spec.http import OWS, Response

DEFAULT_MAX_AGE = 5

# Python refuses to read a number of thousands of digits; the first twenty already exceed every limit.
DELTA_SECONDS = re.compile(rb"0*([0-9]{1,20})[0-9]*")
NEGATIVE = re.compile(rb"-[0-9]+")


class Key(NamedTuple):
    """What entries are found by. There is one network partition only."""

    origin: bytes  # as serialized in the request
    url: str  # without fragment
    credentials: bool  # whether the credentials mode is "include"


@dataclass(frozen=True)
class Entry:
    """One method, or one header name in lower case, that a server allowed."""

    key: Key
    kind: Literal["method", "header"]
    name: bytes


def max_age(response: Response, engine: Engine = STANDARD) -> int:
    """For how many seconds this answer to a preflight may be remembered (the last steps of
    https://fetch.spec.whatwg.org/#cors-preflight-fetch)."""
    values = [value.strip(OWS) for value in response.lines("access-control-max-age")]
    if values in ([], [b""]):
        return DEFAULT_MAX_AGE
    if len(values) == 1 and NEGATIVE.fullmatch(values[0]):
        return engine.negative_max_age
    found = DELTA_SECONDS.fullmatch(values[0])
    if len(values) > 1 or found is None:
        return engine.malformed_max_age
    seconds = int(found[1])
    if engine.largest_max_age is not None and seconds > engine.largest_max_age:
        return engine.malformed_max_age
    return min(seconds, engine.max_age_limit)


class PreflightCache:
    """Entries and the moments at which they go, by a clock of seconds that may be any callable."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.now = now
        self.expiry: dict[Entry, float] = {}

    def has_method(self, key: Key, method: bytes, engine: Engine = STANDARD) -> bool:
        """Whether this method needs no preflight: https://fetch.spec.whatwg.org/#method-cache-entry-match"""
        return any(
            self.now() < gone and matches(entry, Entry(key, "method", method), engine)
            for entry, gone in self.expiry.items()
        )

    def has_header(self, key: Key, name: bytes, engine: Engine = STANDARD) -> bool:
        """Whether this header needs no preflight:
        https://fetch.spec.whatwg.org/#header-name-cache-entry-match"""
        return any(
            self.now() < gone and matches(entry, Entry(key, "header", name.lower()), engine)
            for entry, gone in self.expiry.items()
        )

    def store(
        self,
        key: Key,
        methods: Iterable[bytes],
        headers: Iterable[bytes],
        seconds: float,
        engine: Engine = STANDARD,
    ) -> None:
        """Remember what an answer listed, for so many seconds from now.

        The standard sets the max-age of every entry that matches. Here an answer only shortens what other
        entries (a `*`, an entry made with credentials) allow: nothing that it said can lengthen that.
        """
        gone = self.now() + seconds
        more = (b"GET", b"HEAD", b"POST") if engine.remembers_safelisted_methods else ()
        for entry in [Entry(key, "method", name) for name in (*methods, *more)] + [
            Entry(key, "header", name.lower()) for name in headers
        ]:
            for known in self.expiry:
                if matches(known, entry, engine):
                    self.expiry[known] = min(self.expiry[known], gone)
            self.expiry[entry] = gone

    def clear(self, key: Key) -> None:
        """Forget all about this origin and URL, with and without credentials:
        https://fetch.spec.whatwg.org/#concept-cache-clear"""
        for entry in list(self.expiry):
            if entry.key.origin == key.origin and entry.key.url == key.url:
                del self.expiry[entry]


def matches(entry: Entry, wanted: Entry, engine: Engine = STANDARD) -> bool:
    """Whether an entry serves a request for that method or header:
    https://fetch.spec.whatwg.org/#concept-cache-match"""
    if (entry.key.origin, entry.key.url, entry.kind) != (wanted.key.origin, wanted.key.url, wanted.kind):
        return False
    serves_all = entry.key.credentials and engine.credentialed_entries_serve_all
    if entry.key.credentials != wanted.key.credentials and not serves_all:
        return False
    if entry.name == wanted.name:
        return True
    # To the letter a `*` that came with credentials would match all; it was a literal when it was sent.
    if entry.name != b"*" or wanted.key.credentials or not engine.remembers_wildcards:
        return False
    if entry.key.credentials and not engine.remembers_credentialed_wildcards:
        return False
    return (entry.kind, wanted.name) != ("header", b"authorization") or engine.wildcard_covers_authorization


def cache_key(fetch: Fetch) -> Key:
    """What the preflight cache finds entries by: https://fetch.spec.whatwg.org/#concept-cache-create-entry"""
    return Key(serialized_origin(fetch), fetch.url_origin + fetch.path, fetch.credentials == "include")


def is_remembered(fetch: Fetch, cache: PreflightCache, engine: Engine = STANDARD) -> bool:
    """Whether the cache saves this fetch its preflight: https://fetch.spec.whatwg.org/#concept-http-fetch"""
    key, method = cache_key(fetch), normalize_method(fetch.method).encode()
    return (not method_needs_preflight(fetch, engine) or cache.has_method(key, method, engine)) and all(
        cache.has_header(key, name, engine) for name in unsafe_header_names(fetch, engine)
    )
