"""The stories of the fetches in an export: which of them a page could not read, and why."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from spec.browser import Engine, Fetch, PreflightCache, trace
from spec.browser.location import location_url
from spec.browser.methods_and_headers import normalize_method
from spec.browser.origins import is_cors
from spec.browser.preflight import needs_preflight
from spec.browser.preflight_cache import cache_key
from spec.browser.safelists import unsafe_header_names
from spec.browser.whole_fetch import Server
from spec.explain.asking import Everywhere, Story
from spec.explain.har import Entry, Export, origin_of
from spec.explain.script_headers import Pairs, script_headers
from spec.explain.story import Silence
from spec.http import Request, Response, elements, is_redirect_status, is_token

BLOCKED = "net::ERR_FAILED"
"""What Chromium calls it when a page could not read a response; other errors have other causes."""

NO_PREFLIGHT = (
    "Its preflight is not in the export: the browser remembered an earlier one, or the export leaves it out."
)
INFERRED = (
    "The export does not say whether credentials were included. They were: without them the browser would "
    "not have failed."
)
UNKNOWN = "(unknown)"
"""A value that nobody knows. Of every header it is one that takes a preflight."""
PERHAPS = (
    "The page could read this if the script has not included credentials. The export does not say: cookies "
    "are left out of exports, or there were none."
)


class Told(NamedTuple):
    """A cross-origin fetch of an export: where it begins there, its story, and what is not known of it."""

    number: int
    story: Story
    notes: list[str]


def fetches(export: Export) -> Iterator[Told]:
    """Every cross-origin fetch of an export, in the order of time, its redirects and preflights with it."""
    left = list(export.entries)
    while entry := next((one for one in left if one.is_cors and not one.is_preflight), None):
        preflight = preflight_of(entry, left)
        page = page_origin(entry, preflight)
        if page is None:
            left.remove(entry)
            continue
        played = _chosen(entry, preflight, page, left, export.engine)
        left = played.left
        if is_cors(played.story.hops[-1].fetch):
            yield Told(entry.number, played.story, played.notes)


def preflight_of(entry: Entry, listed: list[Entry]) -> Entry | None:
    """The preflight of a request: the nearest in time that fits. Browsers date it before or after that."""
    fits = [
        one
        for one in listed
        if one.is_preflight
        and (one.origin, one.path) == (entry.origin, entry.path)
        and one.value("access-control-request-method") == normalize_method(entry.method)
        and entry.value("origin") in (None, one.value("origin"))
    ]
    return min(fits, key=lambda one: abs(one.time - entry.time), default=None)


def page_origin(entry: Entry, preflight: Entry | None) -> str | None:
    """The origin of the page; None where the export does not say it."""
    for one in (entry, preflight):
        told = None if one is None else one.value("origin")
        if told is not None:
            return told
    if entry.value("sec-fetch-site") == "same-origin":
        return entry.origin
    referer = entry.value("referer")
    return (None if referer is None else origin_of(referer)) or entry.page


def fetch_of(entry: Entry, preflight: Entry | None, page: str, engine: Engine) -> Fetch:
    """What the script did."""
    fetch = Fetch(page, entry.origin, entry.method, headers_of(entry, preflight), path=entry.path)
    if preflight is not None and not needs_preflight(fetch, engine):
        return replace(fetch, upload_listener=True)  # nothing else asks for one
    return fetch


def headers_of(entry: Entry, preflight: Entry | None) -> Pairs:
    """The headers that the script has set: all that its preflight asks for, and those that need none.

    Chromium exports a request that was not sent without them: their values are then UNKNOWN.
    """
    if preflight is None:
        return script_headers(entry.headers)
    asked = elements(value.encode() for value in preflight.values("access-control-request-headers"))
    names = [name.decode().lower() for name in asked if is_token(name)]
    plain = tuple(
        (name, value)
        for name, value in script_headers(entry.headers)
        if name.lower() not in names
        and not unsafe_header_names(Fetch(entry.origin, entry.origin, headers=((name, value),)))
    )
    return tuple((name, entry.value(name) or UNKNOWN) for name in names) + plain


class _Played(NamedTuple):
    story: Story
    notes: list[str]
    left: list[Entry]


def _chosen(entry: Entry, preflight: Entry | None, page: str, left: list[Entry], engine: Engine) -> _Played:
    """The fetch with the credentials mode that the export shows, or that explains what it shows."""
    plain = fetch_of(entry, preflight, page, engine)
    included = replace(plain, credentials="include")
    if any(_shows_credentials(one) for one in (entry, preflight) if one is not None):
        return _Played(*_Replay(entry, preflight, left, engine).play(included))
    without = _Played(*_Replay(entry, preflight, left, engine).play(plain))
    if without.story.verdict == "blocked":
        return without
    with_them = _Played(*_Replay(entry, preflight, left, engine).play(included))
    if with_them.story.verdict != "blocked":
        return without
    failed = {one.error for one in left if one not in without.left} & {BLOCKED}
    if failed:
        return with_them._replace(notes=[*with_them.notes, INFERRED])
    if without.story.verdict == "unknown":
        return without
    return without._replace(notes=[*without.notes, PERHAPS])


def _shows_credentials(entry: Entry) -> bool:
    """Whether this was sent with credentials for certain: without them browsers send none of these."""
    return entry.has_cookies or entry.value("sec-fetch-storage-access") is not None


class _Replay:
    """A fetch before servers that respond what is in an export."""

    def __init__(self, entry: Entry, preflight: Entry | None, left: list[Entry], engine: Engine) -> None:
        self.entry, self.preflight, self.engine = entry, preflight, engine
        self.left = list(left)
        self.silence: Silence | None = None

    def play(self, fetch: Fetch) -> tuple[Story, list[str], list[Entry]]:
        """The story, what is not known of it, and the entries that are no part of it."""
        notes, cache = [], None
        if self.preflight is None and self.entry.response is not None and needs_preflight(fetch, self.engine):
            notes.append(NO_PREFLIGHT)
            cache = PreflightCache(now=lambda: 0.0)
            method = [normalize_method(fetch.method).encode()]
            names = unsafe_header_names(fetch, self.engine)
            cache.store(cache_key(fetch), method, names, math.inf, self.engine)
        serve, elsewhere = self._server(fetch.url_origin), Everywhere(self._server)
        hops = trace(fetch, serve, elsewhere=elsewhere, cache=cache, engine=self.engine)
        last = hops[-1]
        if last.request is None:  # the entry of a request that its preflight has stopped
            method_sent = normalize_method(last.fetch.method)
            self._take(last.fetch.url_origin, last.fetch.path, method_sent, is_preflight=False)
        elif last.response is not None and is_redirect_status(last.response.status):
            self._take_target(last.fetch, last.response)
        return Story(self.engine, hops, self.silence), notes, self.left

    def _server(self, origin: str) -> Server:
        return lambda request: self._respond(origin, request)

    def _respond(self, origin: str, request: Request) -> Response | None:
        asked = request.lines("access-control-request-method")
        method = asked[0].decode() if asked else request.method
        found = self._take(origin, request.path, method, is_preflight=bool(asked))
        if found is None:
            self.silence = Silence(f"The export does not have this {'preflight' if asked else 'request'}.")
            return None
        if found.response is None:
            self.silence = Silence(f"The export has no response: {found.error or 'its status is 0'}.")
        return found.response

    def _take(self, origin: str, path: str, method: str, *, is_preflight: bool) -> Entry | None:
        """The entry of this request, or of the preflight for it: that of the fetch itself, then the first."""
        own = (self.entry, self.preflight)
        fits = [
            one
            for one in self.left
            if one.is_preflight == is_preflight
            and (one.origin, one.path, _method(one)) == (origin, path, method)
            and (one in own or one.time >= self.entry.time)
        ]
        return self._without(sorted(fits, key=lambda one: one not in own))

    def _take_target(self, fetch: Fetch, response: Response) -> None:
        """Leave out the entry of a redirect that was not followed, if there is one: it has no response."""
        targets = [
            location_url(fetch.url_origin, fetch.path, location) for location in response.lines("location")
        ]
        places = [(target.origin, target.path) for target in targets if target is not None]
        self._without(
            one
            for one in self.left
            if one.response is None and (one.origin, one.path) in places and one.time >= self.entry.time
        )

    def _without(self, fits: Iterable[Entry]) -> Entry | None:
        """The first of these, if there is one, which is then left out."""
        found = next(iter(fits), None)
        if found is not None:
            self.left.remove(found)
        return found


def _method(entry: Entry) -> str | None:
    """The method of a request, or the one that a preflight asks for."""
    return (
        entry.value("access-control-request-method") if entry.is_preflight else normalize_method(entry.method)
    )
