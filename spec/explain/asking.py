"""A fetch before real servers: each request is sent once, whatever number of engines would send it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Literal, NamedTuple

from spec.browser import Engine, Fetch, Hop, trace
from spec.browser.whole_fetch import Server
from spec.explain.story import Silence
from spec.http import Headers, Request, Response
from spec.origin import is_loopback, parts
from spec.suffixes import registrable_domain

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
USER_AGENT = b"verified-cors"


Answer = Response | Silence


class Story(NamedTuple):
    """What an engine does for a fetch, hop by hop.

    `silence` says why the last request has no response; it is None when it has one.
    """

    engine: Engine
    hops: list[Hop]
    silence: Silence | None = None

    @property
    def verdict(self) -> Literal["allowed", "blocked", "unknown"]:
        """Whether the script may read the response. It is unknown when there is none."""
        if self.silence:
            return "unknown"
        return "allowed" if self.hops[-1].outcome.allowed else "blocked"


class Asking:
    """Asks servers what a fetch needs. One object asks on behalf of any number of engines."""

    def __init__(
        self,
        connect: Callable[[str], Callable[[Request], Answer]],
        *,
        sends_unsafe: bool = False,
        cookie: str = "",
    ) -> None:
        """`connect` makes the way to the server of an origin; it is called once for each.

        `cookie` goes with requests, not with preflights, to the first origin, when credentials are included.
        """
        self.connect, self.sends_unsafe, self.cookie = connect, sends_unsafe, cookie
        self._servers: dict[str, Callable[[Request], Answer]] = {}
        self._answers: dict[tuple[str, Request, int], Answer] = {}

    def story(self, fetch: Fetch, engine: Engine) -> Story:
        """What this engine does, and what servers respond. What was sent for another is not sent again."""
        return _Told(self, fetch, engine).story()

    def answer(self, origin: str, request: Request, occurrence: int) -> Answer:
        """The answer to the request that is sent there for the nth time in one fetch."""
        if request.method not in SAFE_METHODS and not self.sends_unsafe:
            return Silence(f"{request.method} may change something: pass --unsafe to send it.", is_sent=False)
        key = (origin, request, occurrence)
        if key not in self._answers:
            if origin not in self._servers:
                self._servers[origin] = self.connect(origin)
            self._answers[key] = self._servers[origin](request)
        return self._answers[key]


class Everywhere(Mapping[str, Server]):
    """The servers of all origins, made as they are asked for: none is listed."""

    def __init__(self, server: Callable[[str], Server]) -> None:
        self.server = server

    def __getitem__(self, origin: str) -> Server:
        return self.server(origin)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


class _Told:
    """One fetch in one engine."""

    def __init__(self, asking: Asking, fetch: Fetch, engine: Engine) -> None:
        self.asking, self.fetch, self.engine = asking, fetch, engine
        self.silence: Silence | None = None
        self._sent: list[tuple[str, Request]] = []

    def story(self) -> Story:
        serve = self._server(self.fetch.url_origin)
        hops = trace(self.fetch, serve, elsewhere=Everywhere(self._server), engine=self.engine)
        return Story(self.engine, [self._as_sent(hop) for hop in hops], self.silence)

    def _server(self, origin: str) -> Server:
        def serve(request: Request) -> Response | None:
            sent = self._completed(request, (*(before for before, _ in self._sent), origin))
            self._sent.append((origin, sent))
            answer = self.asking.answer(origin, sent, self._sent.count((origin, sent)))
            if isinstance(answer, Silence):
                self.silence = answer
                return None
            return answer

        return serve

    def _completed(self, request: Request, origins: tuple[str, ...]) -> Request:
        is_first = origins[-1] == self.fetch.url_origin
        sends_cookie = is_first and self.fetch.credentials == "include"
        return completed(request, self.fetch.page_origin, origins, self.asking.cookie if sends_cookie else "")

    def _as_sent(self, hop: Hop) -> Hop:
        """With what was really sent."""
        origins = (*hop.fetch.redirected_from, hop.fetch.url_origin)
        if hop.preflight_request is not None:
            hop = replace(hop, preflight_request=self._completed(hop.preflight_request, origins))
        return hop if hop.request is None else replace(hop, request=self._completed(hop.request, origins))


def completed(request: Request, page_origin: str, origins: tuple[str, ...], cookie: str = "") -> Request:
    """The request with what browsers add that servers may look at.

    `origins` are those of the URLs up to this one. https://www.w3.org/TR/fetch-metadata/
    """
    is_preflight = bool(request.lines("access-control-request-method"))
    added: list[tuple[bytes, bytes]] = []
    if not request.lines("accept"):
        added.append((b"accept", b"*/*"))
    if not request.lines("user-agent"):
        added.append((b"user-agent", USER_AGENT))
    if request.method in ("POST", "PUT"):
        added.append((b"content-length", b"0"))
    if cookie and not is_preflight:
        added.append((b"cookie", cookie.encode("latin-1", "replace")))
    if origins[-1].startswith("https:") or is_loopback(origins[-1]):
        added += [
            (b"sec-fetch-dest", b"empty"),
            (b"sec-fetch-mode", b"cors"),
            (b"sec-fetch-site", site(page_origin, origins)),
        ]
    headers: Headers = (*request.headers, *added)
    return replace(request, headers=headers)


def site(page_origin: str, origins: tuple[str, ...]) -> bytes:
    """How far from each other the page and all URLs are.

    https://www.w3.org/TR/fetch-metadata/#abstract-opdef-set-site
    """
    if all(origin == page_origin for origin in origins):
        return b"same-origin"
    page = _site(page_origin)
    return b"same-site" if page and all(_site(origin) == page for origin in origins) else b"cross-site"


def _site(origin: str) -> tuple[str, str] | None:
    """https://html.spec.whatwg.org/multipage/browsers.html#obtain-a-site"""
    found = parts(origin)
    if found is None:
        return None
    is_address = found.host[-1] == "]" or found.host[-1].isdigit()
    return found.scheme, found.host if is_address else registrable_domain(found.host) or found.host
