"""For each browser rule what a browser might do that breaks it, and with it only what the rule declares.

They are written by hand, as if recorded, header lines as `name: value` between bars. Each differs in one
respect from what a right browser does.
"""

from dataclasses import replace

from spec.browser import STANDARD, Account, Fetch, Outcome
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
) -> Account:
    """What a browser did, and what it let the script have."""
    outcome = Outcome(allowed, frozenset(readable.split()), "as observed")
    return Account(fetch, STANDARD, asked, answer, sent, got, outcome, time)


def get(
    got: Response, *, fetch: Fetch = GET, allowed: bool = True, readable: str = ""
) -> tuple[Account, ...]:
    """A simple request, and its answer."""
    return (did(fetch, None, None, sends(), got, allowed=allowed, readable=readable),)


def sent_after(
    answer: str, *, fetch: Fetch = PUT, status: int = 200, asked: Request | None = None, headers: str = ""
) -> tuple[Account, ...]:
    """A request that was sent after this answer to its preflight, and was allowed."""
    sent = sends(fetch.method, headers)
    got = says(f"{MINE} | {CREDENTIALS}")
    return (did(fetch, asked or asks(fetch.method), says(answer, status), sent, got),)


def stopped_after(answer: str, *, fetch: Fetch = PUT, asked: Request | None = None) -> tuple[Account, ...]:
    """A request that was not sent after this answer to its preflight."""
    return (did(fetch, asked or asks(fetch.method), says(answer), allowed=False),)


def script(name: str, value: str, *more: tuple[str, str]) -> Fetch:
    """A PUT that sets this header, so that it is preflighted in any case."""
    return replace(PUT, headers=((name, value), *more))


def not_asked_for(*headers: tuple[str, str]) -> tuple[Account, ...]:
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
) -> tuple[Account, Account]:
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
    between: tuple[Account, ...] = (),
) -> tuple[Account, ...]:
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
COOKIE = get(says(f"{MINE} | set-cookie: a=1"), readable="set-cookie")

SABOTEURS: dict[str, tuple[Account, ...]] = {
    # Primitives
    "P-1": sent_after(
        f"{MINE} | {METHODS}PUT | {HEADERS}x-a",
        fetch=script("X-A", " 1"),
        asked=asks("PUT", "x-a"),
        headers="x-a:  1",
    ),
    "P-2": get(says(f"{MINE} | {CREDENTIALS} | {CREDENTIALS}"), fetch=CREDENTIALED),
    "P-3": get(says(f"{MINE} | {EXPOSED}x-a | {EXPOSED}x b | x-a: 1"), readable="x-a"),
    "P-4": stopped_after(f"{MINE} | {METHODS}PUT | {HEADERS}"),
    "P-5": sent_after(
        f"{MINE} | {METHODS}PUT",
        fetch=script("X-HTTP-Method", '"a",TRACE'),
        headers='x-http-method: "a",TRACE',
    ),
    "P-6": redirected(GET, NEXT, status=300),
    # Methods and headers
    "C-MTH-1": sent_after(f"{MINE} | {METHODS}PUT", fetch=replace(GET, method="put"), asked=asks("PUT")),
    "C-MTH-2": sent_after(f"{MINE} | {METHODS}PATCH", fetch=replace(GET, method="patch")),
    "C-MTH-3": sent_after(f"{MINE} | {METHODS}TRACE", fetch=replace(GET, method="TRACE")),
    "C-MTH-4": (did(replace(GET, method="PATCH"), None, None, sends("PATCH"), says()),),
    "C-MTH-5": sent_after(MINE, fetch=replace(GET, stream_body=True)),
    "C-HDR-1": (did(replace(GET, headers=(("Host", "a"),)), None, None, sends("GET", "host: a"), says()),),
    "C-HDR-2": COOKIE,
    "C-HDR-3": sent_after(
        f"{MINE} | {METHODS}PUT | {HEADERS}x-a",
        fetch=script("X-A", "1\n2"),
        asked=asks("PUT", "x-a"),
        headers="x-a: 1\n2",
    ),
    # Safelisted request headers
    "C-SAF-1": not_asked_for(LONG_ACCEPT),
    "C-SAF-2": not_asked_for(("Accept", "a:b")),
    "C-SAF-3": not_asked_for(("Content-Language", "a_b")),
    "C-SAF-4": not_asked_for(("Content-Type", "application/json")),
    "C-SAF-5": not_asked_for(("Range", "bytes=-5")),
    "C-SAF-6": (
        did(
            replace(PUT, headers=(("Accept", "a" * 128),) * 9),
            asks("PUT"),
            says(f"{MINE} | {METHODS}PUT"),
            sends("PUT", " | ".join(["accept: " + "a" * 128] * 9)),
            says(),
        ),
    ),
    "C-SAF-7": not_asked_for(("X-A", "1")),
    # The Origin header
    "C-ORG-1": (did(GET, None, None, sends(origin=PAGE + "/"), says()),),
    "C-ORG-2": (
        did(replace(GET, page_origin="null"), None, None, sends(), says("access-control-allow-origin: null")),
    ),
    "C-ORG-3": (
        redirected(GET, replace(NEXT, url_origin=OTHER))[0],
        replace(redirected(GET, replace(NEXT, url_origin=OTHER))[1], request=sends(path="/next")),
    ),
    "C-ORG-4": (did(GET, None, None, sends(origin=""), says()),),
    # Preflights
    "C-PF-1": (did(replace(GET, upload_listener=True), None, None, sends(), says()),),
    "C-PF-2": sent_after(f"{MINE} | {METHODS}PUT", asked=asks(path="/elsewhere")),
    "C-PF-3": sent_after(f"{MINE} | {METHODS}PUT", asked=asks(more="access-control-request-method: PUT")),
    "C-PF-4": sent_after(
        f"{MINE} | {METHODS}PUT | {HEADERS}x-a, x-b",
        fetch=script("X-A", "1", ("X-B", "2")),
        asked=asks("PUT", "x-b,x-a"),
        headers="x-a: 1 | x-b: 2",
    ),
    "C-PF-5": sent_after(f"{MINE} | {METHODS}PUT", asked=asks(more="authorization: k")),
    "C-PF-6": sent_after(f"{MINE} | {METHODS}PUT", status=400),
    "C-PF-7": sent_after(f"{METHODS}PUT"),
    "C-PF-8": sent_after(f"{MINE} | {METHODS}PUT | {HEADERS}x a"),
    "C-PF-9": sent_after(f"{MINE} | {METHODS}DELETE"),
    "C-PF-10": sent_after(
        f"{MINE} | {METHODS}PUT",
        fetch=AUTHORIZED,
        asked=asks("PUT", "authorization"),
        headers="authorization: k",
    ),
    "C-PF-11": sent_after(
        f"{MINE} | {METHODS}PUT | {HEADERS}x-b",
        fetch=script("X-A", "1"),
        asked=asks("PUT", "x-a"),
        headers="x-a: 1",
    ),
    "C-PF-12": FORGETFUL,
    "C-PF-13": sent_after(f"{MINE} | {METHODS}PUT | location: /next", status=307),
    "C-PF-14": stopped_after(MINE, fetch=replace(PUT, upload_listener=True)),
    "C-PF-15": stopped_after(f"{MINE} | {METHODS}PUT"),
    "C-WLD-1": sent_after(f"{MINE} | {CREDENTIALS} | {METHODS}*", fetch=CREDENTIALED_PUT),
    "C-WLD-2": sent_after(
        f"{MINE} | {METHODS}PUT | {HEADERS}*",
        fetch=AUTHORIZED,
        asked=asks("PUT", "authorization"),
        headers="authorization: k",
    ),
    "C-LST-1": stopped_after(f"{MINE} | {METHODS}PATCH | {METHODS}PUT"),
    "C-LST-2": stopped_after(f"{MINE} | {METHODS}PATCH ,,PUT"),
    # The CORS check
    "C-CHK-1": get(says("")),
    "C-CHK-2": get(says(f"{MINE} "), allowed=False),
    "C-CHK-3": get(says(EVERYONE), allowed=False),
    "C-CHK-4": get(says(f"{MINE}.evil.example")),
    "C-CHK-5": get(says(f"{MINE} | {MINE}")),
    "C-CHK-6": get(says(f"{MINE} | access-control-allow-credentials: True"), fetch=CREDENTIALED),
    "C-CHK-7": get(says(), allowed=False),
    "C-CHK-8": get(says(MINE, 500), allowed=False),
    "C-CHK-10": get(says("content-type: text/plain"), allowed=False, readable="content-type"),
    # What a script may read
    "C-EXP-1": get(says(f"{MINE} | expires: 0")),
    "C-EXP-2": get(says(f"{MINE} | {EXPOSED}x-a | x-a: 1")),
    "C-EXP-3": get(says(f"{MINE} | {EXPOSED}* | x-a: 1"), readable="access-control-allow-origin"),
    "C-EXP-4": COOKIE,
    # Redirects
    "C-RED-1": (
        replace(
            redirected(GET, NEXT)[0],
            response=says("location: /next", 302),
            outcome=Outcome(False, frozenset(), "as observed"),
        ),
        redirected(GET, NEXT)[1],
    ),
    "C-RED-2": (
        redirected(GET, replace(NEXT, url_origin=PAGE))[0],
        replace(redirected(GET, replace(NEXT, url_origin=PAGE))[1], response=says()),
    ),
    "C-RED-3": redirected(
        replace(GET, url_origin=PAGE, upload_listener=True),
        replace(NEXT, upload_listener=True),
        location=f"{SERVER}/next",
        home=True,
    ),
    "C-RED-4": redirected(GET, NEXT, location="https://user@server.example/next"),
    "C-RED-5": (
        did(
            replace(GET, url_origin=PAGE, headers=KEY),
            None,
            None,
            sends("GET", "authorization: k", origin=""),
            says(f"location: {SERVER}/next", 307),
        ),
        did(
            replace(NEXT, headers=KEY, redirected_from=(PAGE,)),
            asks("GET", "authorization", path="/next"),
            says(f"{MINE} | {HEADERS}authorization"),
            sends("GET", "authorization: k", path="/next"),
            says(),
        ),
    ),
    "C-RED-6": redirected(replace(GET, method="POST"), replace(NEXT, method="POST"), location="/next"),
    "C-RED-7": redirected(replace(GET, redirected_from=(SERVER,) * 20), NEXT),
    # What is remembered
    "C-CAC-1": twice(f"{MINE} | {METHODS}PUT | {HOUR}", second=replace(PUT, method="PATCH")),
    "C-CAC-2": twice(f"{MINE} | {METHODS}PUT | {HOUR}", at=3600.0),
    "C-CAC-3": twice(f"{MINE} | {METHODS}PUT | access-control-max-age: 0"),
    "C-CAC-4": FORGETFUL,
    "C-CAC-5": twice(f"{MINE} | {CREDENTIALS} | {METHODS}PUT | {HOUR}", second=CREDENTIALED_PUT),
    "C-CAC-6": twice(
        f"{MINE} | {METHODS}PUT | {HEADERS}* | {HOUR}", second=AUTHORIZED, headers="authorization: k"
    ),
    "C-CAC-7": twice(
        f"{MINE} | {CREDENTIALS} | {METHODS}PUT, * | {HOUR}",
        first=CREDENTIALED_PUT,
        second=replace(PUT, method="PATCH"),
    ),
    "C-CAC-8": twice(
        f"{MINE} | {METHODS}PUT | {HOUR}", between=(did(PUT, asks("PUT"), says(""), allowed=False, time=0.5),)
    ),
    # Cookies
    "C-CRD-1": (did(GET, None, None, sends("GET", "cookie: a=1"), says()),),
}
