"""What a script asks for, what it gets, and what was done for it."""

from dataclasses import dataclass
from typing import Literal

from spec.browser.engines import Engine
from spec.http import Request, Response


@dataclass(frozen=True)
class Fetch:
    """What a script asks for: `fetch(url, …)` in mode "cors", or an XMLHttpRequest.

    Origins are serialized: `https://example.com`, or `null` for an opaque page. `path` may hold a query.
    Header names and values are strings of code points up to U+00FF, as in JavaScript. The last five fields
    are set by redirects only: the origins of the URLs before this one, whether the last hop needed a
    preflight (or had headers that do, were it only to its own server), whether the use-CORS-preflight flag
    was set there, whether this has become a GET, and the headers that it has lost.
    """

    page_origin: str
    url_origin: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    credentials: Literal["omit", "same-origin", "include"] = "same-origin"
    upload_listener: bool = False
    stream_body: bool = False
    path: str = "/"
    redirected_from: tuple[str, ...] = ()
    preflighted: bool = False
    flagged: bool = False
    became_get: bool = False
    dropped: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What a script gets: whether it may read the response, which of its headers (in lower case), and why.

    `reason` is the id of the rule that decided, or "same-origin".
    """

    allowed: bool
    readable_headers: frozenset[str]
    reason: str


@dataclass(frozen=True)
class Hop:
    """All that a browser did in one hop of a fetch. What was not sent, or not answered, is None.

    `time` is that of the preflight cache's clock, in seconds (0 without a cache).
    """

    fetch: Fetch
    engine: Engine
    preflight_request: Request | None
    preflight_response: Response | None
    request: Request | None
    response: Response | None
    outcome: Outcome
    time: float = 0.0


def blocked(rule: str) -> Outcome:
    """A network error: https://fetch.spec.whatwg.org/#concept-network-error"""
    return Outcome(False, frozenset(), rule)
