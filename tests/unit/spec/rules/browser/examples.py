"""What the tables of rules about browsers are written with, and how they are held against the rules."""

from dataclasses import replace

from spec import RULES
from spec.browser import CHROMIUM, STANDARD, Engine, Fetch, Hop
from spec.http import Request
from spec.rules.browser.examples import (
    CREDENTIALED,
    CREDENTIALS,
    GET,
    HEADERS,
    HOUR,
    METHODS,
    MINE,
    OTHER,
    PAGE,
    PUT,
    SERVER,
    asks,
    did,
    get,
    says,
    script,
    sends,
    sent_after,
)
from tests.helpers.verdicts import BROKEN, HOLDS, NOT, verdict

Doings = tuple[Hop, ...]
Row = tuple[str, str, Doings]

HOME = replace(GET, url_origin=PAGE)
OPAQUE = replace(GET, page_origin="null")
PATCH = replace(GET, method="PATCH")
POST = replace(GET, method="POST")
TRACE = replace(GET, method="TRACE")
WATCHED = replace(GET, upload_listener=True)
STREAMED = replace(POST, stream_body=True)
LOCATION = f"{MINE} | location: /next"
NULL = "access-control-allow-origin: null"
OPEN = f"{MINE} | {CREDENTIALS}"
LISTED = f"{MINE} | {METHODS}PUT"
NAMED = f"{LISTED} | {HEADERS}x-a"
SEVEN = "cache-control content-language content-length content-type expires last-modified pragma"


def by(engine: Engine, trace: Doings) -> Doings:
    """The same, done by another engine."""
    return tuple(replace(hop, engine=engine) for hop in trace)


def then(time: float, trace: Doings) -> Doings:
    """The same, done at this time."""
    return tuple(replace(hop, time=time) for hop in trace)


def method(name: str) -> Fetch:
    """A fetch with this method."""
    return replace(GET, method=name)


def setting(*headers: tuple[str, str], fetch: Fetch = GET) -> Fetch:
    """A fetch that sets these headers."""
    return replace(fetch, headers=headers)


def nothing(fetch: Fetch, *, allowed: bool = False) -> Doings:
    """Nothing was sent."""
    return (did(fetch, allowed=allowed),)


def simply(fetch: Fetch, headers: str = "", *, origin: str = PAGE) -> Doings:
    """A request without preflight, with these headers, that is answered."""
    return (did(fetch, None, None, sends(fetch.method, headers, origin=origin), says(OPEN)),)


def asked(fetch: Fetch, request: Request) -> Doings:
    """A preflight that is not passed."""
    return (did(fetch, request, says(""), allowed=False),)


def naming(names: str, *headers: tuple[str, str], fetch: Fetch = PUT) -> Doings:
    """A preflight that names these names, of a fetch that sets these headers."""
    return asked(setting(*headers, fetch=fetch), asks(fetch.method, names))


def either(rule: str, *, breaks: Doings, keeps: Doings) -> list[Row]:
    """Two rows: what breaks a rule, and what keeps it."""
    return [(rule, BROKEN, breaks), (rule, HOLDS, keeps)]


def passing(rule: str, answer: str, fetch: Fetch = PUT, status: int = 200) -> list[Row]:
    """A preflight with this answer passes: the request must be sent."""
    keeps = sent_after(answer, fetch=fetch, status=status)
    return either(rule, breaks=stopped(keeps), keeps=keeps)


def failing(rule: str, answer: str, fetch: Fetch = PUT, status: int = 200) -> list[Row]:
    """A preflight with this answer does not pass: the request must not be sent."""
    breaks = sent_after(answer, fetch=fetch, status=status)
    return either(rule, breaks=breaks, keeps=stopped(breaks))


def stopped(trace: Doings) -> Doings:
    """The same, but that nothing was sent after the preflight."""
    return tuple(
        replace(one, request=None, response=None, outcome=replace(one.outcome, allowed=False))
        for one in trace
    )


def shared(rule: str, answer: str, fetch: Fetch = GET, status: int = 200) -> list[Row]:
    """A response with these lines is shared."""
    allowed = get(says(answer, status), fetch=fetch)
    return either(rule, breaks=get(says(answer, status), fetch=fetch, allowed=False), keeps=allowed)


def not_shared(rule: str, answer: str, fetch: Fetch = GET, status: int = 200) -> list[Row]:
    """A response with these lines is not shared."""
    allowed = get(says(answer, status), fetch=fetch)
    return either(rule, breaks=allowed, keeps=get(says(answer, status), fetch=fetch, allowed=False))


def readable(rule: str, answer: str, right: str, *wrong: str, fetch: Fetch = GET) -> list[Row]:
    """Of a response with these lines these headers are readable, not those."""
    return [
        (rule, HOLDS, get(says(answer), fetch=fetch, readable=right)),
        *((rule, BROKEN, get(says(answer), fetch=fetch, readable=names)) for names in wrong),
    ]


A_128 = ("Accept", "a" * 128)


def hop_to(origin: str, *before: str, page: str = PAGE) -> Fetch:
    """A GET that redirects have led over these origins to this one."""
    return replace(GET, page_origin=page, url_origin=origin, redirected_from=before)


TAINTED = (
    hop_to(OTHER, SERVER),
    hop_to(PAGE, SERVER),
    hop_to(OTHER, PAGE, SERVER),
    hop_to(PAGE, PAGE, SERVER, PAGE),
    hop_to(SERVER, OTHER, SERVER),
)
AUTHORIZED = script("Authorization", "k")
ON_THE_WAY = " | location: /next"


def led(
    first: Fetch, status: int, location: str, after: Fetch, *, sent: Request | None = None, got: str = MINE
) -> Doings:
    """A hop that is redirected, and the one after it, which sends this or nothing."""
    after = replace(after, redirected_from=(*first.redirected_from, first.url_origin))
    return (
        did(first, None, None, sends(first.method), says(f"{got} | location: {location}", status)),
        did(after, None, None, sent, says(OPEN) if sent else None, allowed=sent is not None),
    )


LIST = f"{LISTED} | {HOUR}"
A_LINE = script("X-A", "1")
TWO_LINES = script("X-A", "1", ("X-B", "2"))
CREDENTIALED_PATCH = replace(CREDENTIALED, method="PATCH")
REPEATED = script("Range", "bytes=0-1", ("Range", "bytes=2-3"))
FLAGGED = replace(PUT, upload_listener=True)


def answered(methods: str, fetch: Fetch = PUT, headers: str = "") -> Doings:
    """A preflighted fetch whose answer is remembered for an hour."""
    more = f" | {HEADERS}{headers}" if headers else ""
    return sent_after(f"{OPEN} | {METHODS}{methods}{more} | {HOUR}", fetch=fetch)


def later(fetch: Fetch, time: float = 1.0, engine: Engine = STANDARD) -> Doings:
    """A fetch that goes without preflight."""
    return by(engine, then(time, simply(fetch)))


NOT_REMEMBERED: tuple[Doings, ...] = (
    sent_after(LIST),
    nothing(PUT),
    (*answered("PUT"), *answered("PUT")),
    (*answered("PUT"), *simply(replace(PUT, path="/other"))),
    (*answered("PUT"), *simply(replace(PUT, url_origin=OTHER))),
    (*answered("PUT"), *nothing(PUT)),
    (*stopped(answered("PUT")), *simply(PUT)),
    (*simply(PUT), *simply(PUT)),
    (*simply(PUT), *answered("PUT")),
    (*answered("PUT"), *simply(TRACE)),
    (*answered("PUT", replace(PUT, page_origin=SERVER)), *simply(replace(PUT, page_origin=SERVER))),
    by(CHROMIUM, (*answered("PUT"), *simply(REPEATED))),
)
"""Nothing here goes without a preflight because of what was remembered, as far as the standard knows."""
HOMECOMING = replace(PUT, url_origin=PAGE, redirected_from=(SERVER,))


def told(rows: list[Row]) -> list[str]:
    """The rules that these rows are about."""
    return list(dict.fromkeys(RULES[rule].id for rule, _, _ in rows))


def judge(id: str, rows: list[Row]) -> None:
    """Hold a rule against its rows among these, which show it on all sides."""
    about = [row for row in rows if RULES[row[0]].id == id]
    assert {expected for _, expected, _ in about} == {HOLDS, BROKEN, NOT}, id
    for rule, expected, trace in about:
        said = verdict(rule, trace)
        assert said == expected, f"{rule}: {said}, not {expected}: {trace}"
