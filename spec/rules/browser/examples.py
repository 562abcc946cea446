"""What counterexamples of rules about browsers are written with: fetches, and what a browser did with them.

Header lines are `name: value`, with bars between them. Each counterexample differs in one respect from what a
right browser does.
"""

from dataclasses import replace

from spec.browser import STANDARD, Fetch, Hop, Outcome
from spec.http import Headers, Request, Response

PAGE, SERVER, OTHER = "https://page.example", "https://server.example", "https://other.example"

GET = Fetch(PAGE, SERVER)
PUT = replace(GET, method="PUT")
CREDENTIALED = replace(GET, credentials="include")
CREDENTIALED_PUT = replace(PUT, credentials="include")

MINE = f"access-control-allow-origin: {PAGE}"
EVERYONE = "access-control-allow-origin: *"
CREDENTIALS = "access-control-allow-credentials: true"
METHODS = "access-control-allow-methods: "
HEADERS = "access-control-allow-headers: "
EXPOSED = "access-control-expose-headers: "


def lines(text: str) -> Headers:
    """Header lines from `name: value` between bars."""
    pairs = (line.split(": ", 1) for line in text.split(" | ")) if text else ()
    return tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs)


def asks(
    method: str = "PUT", names: str = "", *, origin: str = PAGE, more: str = "", path: str = "/"
) -> Request:
    """A preflight."""
    parts = ("accept: */*", f"access-control-request-method: {method}", f"origin: {origin}")
    listed = (f"access-control-request-headers: {names}",) if names else ()
    return Request("OPTIONS", lines(" | ".join((*parts, *listed, *((more,) if more else ())))), path)


def sends(method: str = "GET", headers: str = "", *, origin: str = PAGE, path: str = "/") -> Request:
    """A request, with an Origin unless that is empty."""
    parts = [f"origin: {origin}"] if origin else []
    return Request(method, lines(" | ".join([*parts, *([headers] if headers else [])])), path)


def says(headers: str = MINE, status: int = 200) -> Response:
    """An answer that allows the page, or one with these header lines."""
    return Response(status, lines(headers))


def did(
    fetch: Fetch,
    asked: Request | None = None,
    answer: Response | None = None,
    sent: Request | None = None,
    got: Response | None = None,
    *,
    allowed: bool = True,
    readable: str = "",
    time: float = 0.0,
) -> Hop:
    """What a browser did, and what it let the script have."""
    outcome = Outcome(allowed, frozenset(readable.split()), "as observed")
    return Hop(fetch, STANDARD, asked, answer, sent, got, outcome, time)


def get(got: Response, *, fetch: Fetch = GET, allowed: bool = True, readable: str = "") -> tuple[Hop, ...]:
    """A simple request, and its answer."""
    return (did(fetch, None, None, sends(), got, allowed=allowed, readable=readable),)


def sent_after(
    answer: str, *, fetch: Fetch = PUT, status: int = 200, asked: Request | None = None, headers: str = ""
) -> tuple[Hop, ...]:
    """A request that was sent after this answer to its preflight, and was allowed."""
    sent = sends(fetch.method, headers)
    got = says(f"{MINE} | {CREDENTIALS}")
    return (did(fetch, asked or asks(fetch.method), says(answer, status), sent, got),)


def stopped_after(answer: str, *, fetch: Fetch = PUT, asked: Request | None = None) -> tuple[Hop, ...]:
    """A request that was not sent after this answer to its preflight."""
    return (did(fetch, asked or asks(fetch.method), says(answer), allowed=False),)


def script(name: str, value: str, *more: tuple[str, str]) -> Fetch:
    """A PUT that sets this header, so that it is preflighted in any case."""
    return replace(PUT, headers=((name, value), *more))


def not_asked_for(*headers: tuple[str, str]) -> tuple[Hop, ...]:
    """A PUT whose preflight does not name these headers, though it had to."""
    text = " | ".join(f"{name.lower()}: {value}" for name, value in headers)
    fetch = replace(PUT, headers=headers)
    return sent_after(f"{MINE} | {METHODS}PUT", fetch=fetch, headers=text)


def redirected(
    first: Fetch,
    following: Fetch,
    *,
    status: int = 302,
    location: str = "/next",
    headers: str = "",
    home: bool = False,
) -> tuple[Hop, Hop]:
    """A fetch and the hop after it, without preflight, both allowed; `home`: it begins with GET there."""
    named = "null" if following.url_origin != first.url_origin and not home else PAGE
    after = replace(following, redirected_from=(*first.redirected_from, first.url_origin))
    return (
        did(
            first,
            None,
            None,
            sends(first.method, origin="" if home else PAGE),
            says(f"{MINE} | location: {location}", status),
        ),
        did(
            after,
            None,
            None,
            sends(after.method, origin=named, path=after.path),
            says(f"access-control-allow-origin: {named}"),
        ),
    )


NEXT = replace(GET, path="/next")


def twice(
    answer: str,
    *,
    first: Fetch = PUT,
    second: Fetch = PUT,
    headers: str = "",
    at: float = 1.0,
    between: tuple[Hop, ...] = (),
) -> tuple[Hop, ...]:
    """A preflighted fetch, then one, with these headers, that goes without preflight at that time."""
    return (
        *sent_after(answer, fetch=first),
        *between,
        did(second, None, None, sends(second.method, headers), says(f"{MINE} | {CREDENTIALS}"), time=at),
    )


KEY = (("Authorization", "k"),)
AUTHORIZED = replace(PUT, headers=KEY)
LONG_ACCEPT = ("Accept", "a" * 129)
HOUR = "access-control-max-age: 3600"
FORGETFUL = twice(f"{MINE} | {METHODS}PUT", at=6.0)
COOKIE_READ = get(says(f"{MINE} | set-cookie: a=1"), readable="set-cookie")
