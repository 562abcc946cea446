"""What was seen of a case, and whether the modelled browser would have done the same."""

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace

from spec.browser import STANDARD, Engine, Fetch, Hop, preflight_request
from spec.browser.origins import is_cors
from spec.browser.preflight import needs_preflight
from spec.http import OWS, Request, combined
from spec.policy import fetch_is_allowed, readable_headers
from tests.browsers.cases import APP_RESPONSE, GUARDED, Case, predicted
from tests.browsers.deviations import DEVIATIONS

VARYING = replace(APP_RESPONSE, headers=(*APP_RESPONSE.headers, (b"vary", b"Origin")))
"""What the middleware makes of the application's answer, but for CORS headers."""

# Where all headers are exposed the CORS headers themselves are among them.
CORS_HEADERS = frozenset(
    f"access-control-{rest}" for rest in ("allow-origin", "allow-credentials", "expose-headers")
)

CREDENTIALS = ("authorization", "proxy-authorization")
"""Headers that carry credentials, besides Cookie."""

UNSHOWN = tuple(deviation.field for deviation in DEVIATIONS if deviation.case is None)
"""Fields of an engine that no case can show."""


@dataclass(frozen=True)
class Sent:
    """A request as far as CORS decides it. `method` and `names` are those that a preflight asks for.

    `headers` are the names, in lower case, that the script wrote into an actual request; of a preflight they
    are those that carry credentials, which none may.
    """

    url: str
    is_preflight: bool
    method: str
    origin: str | None
    names: str | None = None
    headers: tuple[str, ...] = ()
    cookie: str | None = None

    def __str__(self) -> str:
        names = self.names if self.is_preflight else ", ".join(self.headers)
        return " ".join(
            [
                "preflight for" if self.is_preflight else "",
                f"{self.method} {self.url} from {self.origin or 'nowhere'}",
                f"with {names}" if names else "",
                f"carrying {', '.join(self.headers)}" if self.is_preflight and self.headers else "",
                f"and Cookie: {self.cookie}" if self.cookie else "",
            ]
        ).strip()


@dataclass(frozen=True)
class Got:
    """What a script got of one fetch."""

    allowed: bool
    readable_headers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Seen:
    """What was seen of a case: the requests in order, and what the script got of each fetch."""

    sent: tuple[Sent, ...]
    got: tuple[Got, ...]


def sent(case: Case, received: Iterable[tuple[str, Request]]) -> tuple[Sent, ...]:
    """What these requests, each with the origin of the server that it reached, tell."""
    script = [line for fetch in case.fetches for line in fetch.headers if line[0].isascii()]
    return tuple(_sent(origin + request.path, request, script) for origin, request in received)


def _sent(url: str, request: Request, script: Sequence[tuple[str, str]]) -> Sent:
    origin, cookie = _text(request, "origin"), _text(request, "cookie")
    cookie = cookie and "; ".join(sorted(cookie.split("; ")))
    method = _text(request, "access-control-request-method")
    if request.method == "OPTIONS" and method is not None:
        names = _text(request, "access-control-request-headers")
        secrets = tuple(name for name in CREDENTIALS if request.lines(name))
        return Sent(url, True, method, origin, names, secrets, cookie)
    headers = {name.lower() for name, value in script if _has_written(request, name, value)}
    return Sent(url, False, request.method, origin, None, tuple(sorted(headers)), cookie)


def _text(request: Request, name: str) -> str | None:
    value = combined(request.headers, name)
    return None if value is None else value.decode("latin-1")


def _has_written(request: Request, name: str, value: str) -> bool:
    """Whether a script's header is in a request, not one that the browser writes itself under this name.

    WebKit writes characters above ASCII in UTF-8; no rule of CORS sees the difference.
    """
    found = combined(request.headers, name)
    if found is None:
        return False
    wanted = value.strip("\t\n\r ")
    return any(_elements(wanted.encode(code)) <= _elements(found) for code in ("latin-1", "utf-8"))


def _elements(value: bytes) -> set[bytes]:
    return {element.strip(OWS) for element in value.split(b",")}


def sends_credentials(fetch: Fetch) -> bool:
    """Whether cookies go with the request itself, and those that its response sets are stored; never with a
    preflight. https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch
    """
    return fetch.credentials == "include" or (fetch.credentials == "same-origin" and not is_cors(fetch))


def expected(case: Case, trace: Sequence[Sequence[Hop]]) -> list[tuple[Sent, bool]]:
    """The requests of the modelled browser, and whether each must be sent.

    A preflight that could be remembered may be sent all the same.
    """
    found: list[tuple[Sent, bool]] = []
    jar = {"c=1"} if case.theorem == "credentials" else set()
    for hop in (hop for hops in trace for hop in hops):
        origin = hop.fetch.url_origin
        if hop.preflight_request is not None:
            found += ((request, True) for request in sent(case, [(origin, hop.preflight_request)]))
        elif hop.request is not None and needs_preflight(hop.fetch, hop.engine):
            asked = preflight_request(hop.fetch, hop.engine)
            assert asked is not None
            found += ((request, False) for request in sent(case, [(origin, asked)]))
        if hop.request is not None:
            (request,) = sent(case, [(origin, hop.request)])
            has_credentials = sends_credentials(hop.fetch)
            cookie = "; ".join(sorted(jar)) if jar and has_credentials else None
            found.append((replace(request, cookie=cookie), True))
            if hop.response is not None and has_credentials:
                jar |= {line.partition(b";")[0].decode() for line in hop.response.lines("set-cookie") if jar}
    return found


def is_sequence(requests: Sequence[Sent], wanted: Sequence[tuple[Sent, bool]]) -> bool:
    """Whether these are the wanted requests in order, some of those that need not be sent left out."""
    left = list(requests)
    for request, is_due in wanted:
        if left and left[0] == request:
            left.pop(0)
        elif is_due:
            return False
    return not left


def disagreements(case: Case, seen: Seen, engine: Engine) -> list[str]:
    """In what a browser differed from the modelled one, in words; empty when it did not."""
    trace = predicted(case, engine)
    wanted = expected(case, trace)
    found = []
    if not is_sequence(seen.sent, wanted):
        sent, due = ("; ".join(map(str, each)) or "nothing" for each in (seen.sent, (w for w, _ in wanted)))
        found.append(f"sent {sent}, not {due}")
    for hops, got in zip(trace, seen.got, strict=True):
        outcome = hops[-1].outcome
        if got.allowed != outcome.allowed:
            found.append(f"{'allowed' if got.allowed else 'blocked'} against {outcome.reason}")
        elif got.readable_headers != outcome.readable_headers:
            found.append(f"reads {sorted(got.readable_headers)}, not {sorted(outcome.readable_headers)}")
    return found + contradictions(case, seen, engine)


def means_the_same(fetch: Fetch, engine: Engine) -> bool:
    """Whether the meaning of a configuration is stated for what this engine does with the fetch.

    It speaks of what a browser asks for in a preflight; some engines ask otherwise than the standard.
    """
    return preflight_request(fetch, engine) == preflight_request(fetch)


def contradictions(case: Case, seen: Seen, engine: Engine) -> list[str]:
    """Where a script got something else of the middleware than the configuration means (T-4), in words."""
    found = []
    for fetch, got in zip(case.fetches, seen.got, strict=True):
        if case.config is not None and fetch.url_origin == GUARDED and means_the_same(fetch, engine):
            meant = fetch_is_allowed(case.config, fetch)
            readable = readable_headers(case.config, fetch, VARYING) if meant else frozenset()
            if got.allowed != meant:
                found.append(f"{'allowed' if got.allowed else 'blocked'}, which {case.config} does not mean")
            elif got.readable_headers - CORS_HEADERS != readable - CORS_HEADERS:
                found.append(f"reads {sorted(got.readable_headers)}, but {sorted(readable)} are meant")
    return found


def modelled(case: Case, engine: Engine) -> Seen:
    """What would be seen of the modelled browser, which remembers all that it may."""
    trace = predicted(case, engine)
    requests = tuple(request for request, is_due in expected(case, trace) if is_due)
    outcomes = [hops[-1].outcome for hops in trace]
    return Seen(requests, tuple(Got(each.allowed, each.readable_headers) for each in outcomes))


def hidden_deviations(engine: Engine, tried: Iterable[tuple[Case, Seen]]) -> list[str]:
    """What an engine is said to do otherwise, though no case shows it.

    A case shows it when exactly that was seen which the modelled browser does, and would not do without it.
    """
    own = {deviation.field: deviation.case for deviation in DEVIATIONS}  # is asked first, and mostly tells
    cases = list(tried)
    usual = {each.name: getattr(STANDARD, each.name) for each in fields(Engine)}
    without = {
        name: replace(engine, **{name: value})
        for name, value in usual.items()
        if name not in ("name", *UNSHOWN) and value != getattr(engine, name)
    }
    return [
        name
        for name, other in without.items()
        if not any(
            seen != modelled(case, other) and seen == modelled(case, engine)
            for case, seen in sorted(cases, key=lambda each: each[0] != own[name])
        )
    ]


def exchanges(case: Case, engine: Engine) -> str:
    """The requests that the modelled browser sends, as curl commands, each with what is answered."""
    found = []
    for hop in (hop for hops in predicted(case, engine) for hop in hops):
        pairs = (
            (hop.preflight_request, hop.preflight_response),
            (hop.request, hop.response),
        )
        for request, response in pairs:
            if request is not None and response is not None:
                lines = [f"-H {shlex.quote(': '.join(map(_latin, line)))}" for line in request.headers]
                url = hop.fetch.url_origin + request.path
                found.append(" ".join(["curl -i -X", shlex.quote(request.method), *lines, shlex.quote(url)]))
                found.append(f"  HTTP/1.1 {response.status}")
                found += (f"  {': '.join(map(_latin, line))}" for line in response.headers)
    return "\n".join(found)


def _latin(value: bytes) -> str:
    return value.decode("latin-1")
