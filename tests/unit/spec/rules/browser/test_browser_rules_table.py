"""What each rule about browsers says on both sides of its decisions."""

from dataclasses import replace

import pytest

from spec import RULES
from spec.browser import CHROMIUM, FIREFOX, STANDARD, WEBKIT, Engine, Fetch, Hop
from spec.http import Request
from spec.rules.browser.examples import (
    CREDENTIALED,
    CREDENTIALED_PUT,
    CREDENTIALS,
    EVERYONE,
    EXPOSED,
    GET,
    HEADERS,
    HOUR,
    METHODS,
    MINE,
    NEXT,
    OTHER,
    PAGE,
    PUT,
    SERVER,
    asks,
    did,
    get,
    redirected,
    says,
    script,
    sends,
    sent_after,
    stopped_after,
    twice,
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
FAR = replace(NEXT, url_origin=OTHER)
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


# Primitives


def arriving(sent: str, *headers: tuple[str, str]) -> Doings:
    """A script sets these headers, and those lines arrive."""
    return simply(setting(*headers), sent)


def override(value: str, *, is_sent: bool, name: str = "X-HTTP-Method") -> list[Row]:
    """Whether a value with quotes may override the method."""
    sent, dropped = arriving(f"{name}: {value}", (name, value)), arriving("", (name, value))
    return either("P-5", breaks=dropped, keeps=sent) if is_sent else either("P-5", breaks=sent, keeps=dropped)


PRIMITIVES: list[Row] = [
    ("P-1", NOT, simply(GET)),
    ("P-1", NOT, arriving("", ("Host", "a"))),
    ("P-1", NOT, naming("x-a", ("X-A", "1"))),
    ("P-1", HOLDS, arriving("x-a: 1", ("X-A", "\r 1\t\n"))),
    ("P-1", HOLDS, arriving("x-a: X", ("X-A", "X"))),
    ("P-1", BROKEN, arriving("x-a: 1", ("X-A", "1\x0b"))),
    ("P-1", BROKEN, arriving("", ("X-A", "1"))),
    ("P-1", HOLDS, arriving("x-a: 1 | x-a: 2", ("X-A", "1"), ("x-a", "2"))),
    ("P-1", HOLDS, arriving("x-a: 1, 2", ("X-A", "1"), ("x-a", "2"))),
    ("P-1", BROKEN, arriving("x-a: 1", ("X-A", "1"), ("x-a", "2"))),
    ("P-1", HOLDS, simply(replace(setting(("X-A", "1"), ("x-a", "2")), upload_listener=True), "x-a: 1, 2")),
    ("P-1", BROKEN, arriving("x-a: 1 | x-b: 3", ("X-A", "1"), ("X-B", "2"))),
    ("P-2", NOT, get(says(MINE))),
    ("P-2", NOT, get(says(f"{OPEN} | {CREDENTIALS}"))),
    ("P-2", NOT, get(says(OPEN), fetch=CREDENTIALED)),
    ("P-2", NOT, get(says(f"{MINE} | {MINE}"), fetch=HOME)),
    *not_shared("P-2", f"{MINE} | {MINE}"),
    *not_shared("P-2", f"{OPEN} | {CREDENTIALS}", CREDENTIALED),
    ("P-3", NOT, get(says(f"{MINE} | {EXPOSED}x a"))),
    ("P-3", NOT, get(says(f"{MINE} | {EXPOSED}x-a | {EXPOSED}x-b"))),
    ("P-3", NOT, get(says(f"{EXPOSED}x-a | {EXPOSED}x b"), fetch=HOME)),
    *failing("P-3", f"{LISTED} | {METHODS}x b"),
    *failing("P-3", f"{NAMED} | {HEADERS}x b"),
    *readable("P-3", f"{MINE} | {EXPOSED}x-a | {EXPOSED}x b", SEVEN, f"{SEVEN} x-a"),
    ("P-3", HOLDS, (did(PUT, asks(), says(f"{LISTED} | {METHODS}x b"), allowed=False, readable="x-a"),)),
    (
        "P-3",
        HOLDS,
        (did(PUT, asks(), says(LISTED), sends("PUT"), says(f"{EXPOSED}x-a | {EXPOSED}x b")),),
    ),
    ("P-4", NOT, stopped_after(LISTED)),
    ("P-4", NOT, stopped_after(f"{LISTED} | {HEADERS}X")),
    ("P-4", NOT, stopped_after(f"{METHODS}PUT | {HEADERS}")),
    *passing("P-4", f"{LISTED} | {HEADERS}"),
    *passing("P-4", f"{LISTED} | {HEADERS} ,\t,"),
    *passing("P-4", f"{LISTED} | {METHODS},"),
    ("P-5", NOT, arriving("x-http-method: TRACE", ("X-HTTP-Method", "TRACE"))),
    ("P-5", NOT, arriving("", ("X-A", '"'))),
    ("P-5", NOT, naming("x-http-method", ("X-HTTP-Method", '"'))),
    *override('"', is_sent=True),
    *override('"TRACE"', is_sent=True),
    *override('"a,TRACE', is_sent=True),
    *override('x"a,TRACE"', is_sent=True),
    *override('"a\\",TRACE,', is_sent=True),
    *override('\\",TRACE,"', is_sent=True),
    *override('"a",\x0bTRACE', is_sent=True),
    *override('"a",TRACES', is_sent=True),
    *override('"a",TRACE', is_sent=False),
    *override('"a",\t TRACE \t,', is_sent=False),
    *override('"a\\",",TRACE', is_sent=False),
    *override('"a\\\\",TRACE', is_sent=False),
    *override('"ab",\\,TRACE,"', is_sent=False),
    *override('TRACE,"a"', is_sent=False),
    *override('"a",track,b', is_sent=False),
    *override('"a",Connect', is_sent=False),
    *override('"a",TRACE', is_sent=False, name="x-http-method-override"),
    *override('"a",TRACE', is_sent=False, name="X-Method-Override"),
    *(("P-5", NOT, by(engine, arriving("", ("X-HTTP-Method", '"a,TRACE')))) for engine in (FIREFOX, WEBKIT)),
    ("P-5", BROKEN, arriving('x-http-method: "', ("X-HTTP-Method", '"'), ("X-Method-Override", '"'))),
    ("P-5", HOLDS, arriving('x-http-method: "', ("X-HTTP-Method", '"'), ("X-A", "1"))),
    ("P-5", HOLDS, arriving('x-http-method: "', ("X-HTTP-Method", '"'), ("\u0100", "\u0100"))),
    ("P-6", NOT, get(says(MINE), allowed=False)),
    ("P-6", HOLDS, get(says(MINE))),
    ("P-6", HOLDS, get(says(MINE, 302))),
    *(
        row
        for status in (301, 302, 303, 307, 308)
        for row in either(
            "P-6",
            breaks=get(says(f"{MINE} | location: /next", status)),
            keeps=redirected(GET, NEXT, status=status),
        )
    ),
    *(
        row
        for status in (200, 300, 304, 305, 306, 309, 404)
        for row in either(
            "P-6",
            breaks=redirected(GET, NEXT, status=status),
            keeps=get(says(f"{MINE} | location: /next", status)),
        )
    ),
    ("P-6", HOLDS, (*get(says(f"{MINE} | location: /", 302), allowed=False), *get(says(MINE)))),
    ("P-6", BROKEN, (*get(says(f"{MINE} | location: /", 302)), *get(says(MINE)))),
    ("P-6", BROKEN, (*get(says(f"{MINE} | location: /", 302)), *get(says(MINE), allowed=False))),
    ("P-6", BROKEN, (*redirected(GET, NEXT), *get(says(f"{MINE} | location: /", 302)))),
]

# Methods and headers


def sent_as(asked_for: str, sent: str, named: str = "") -> Doings:
    """A method that a script asks for, the one that the preflight names, and the one that is sent."""
    return (did(method(asked_for), asks(named or sent), says(MINE), sends(sent), says()),)


def listing(asked_for: str, methods: str, *headers: tuple[str, str]) -> Doings:
    """A request that was sent after an answer that lists these methods."""
    return sent_after(f"{MINE} | {METHODS}{methods}", fetch=setting(*headers, fetch=method(asked_for)))


FORBIDDEN = (
    "accept-charset accept-encoding connection content-length cookie cookie2 date dnt expect host keep-alive "
    "referer set-cookie te trailer transfer-encoding upgrade via proxy-x sec-x"
).split()
OF_PREFLIGHTS = ("access-control-request-method", "access-control-request-headers")
OVERRIDES = ("x-http-method", "x-http-method-override", "x-method-override")

METHODS_AND_HEADERS: list[Row] = [
    ("C-MTH-1", NOT, nothing(method("put"))),
    *(
        row
        for name in ("DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT")
        for row in [
            ("C-MTH-1", HOLDS, sent_as(name.title(), name)),
            ("C-MTH-1", HOLDS, asked(method(name.lower()), asks(name))),
            ("C-MTH-1", HOLDS, simply(method(name))),
            ("C-MTH-1", BROKEN, sent_as(name.lower(), name.lower())),
            ("C-MTH-1", BROKEN, sent_as(name.lower(), name, named=name.lower())),
            ("C-MTH-1", BROKEN, asked(method(name.lower()), asks(name.lower()))),
        ]
    ),
    *either("C-MTH-1", breaks=sent_as("patch", "PATCH"), keeps=sent_as("patch", "patch")),
    *either("C-MTH-1", breaks=sent_as("PUTS", "puts"), keeps=sent_as("PUTS", "PUTS")),
    ("C-MTH-2", NOT, simply(method("patch"))),
    ("C-MTH-2", NOT, listing("patch", "PUT")),
    ("C-MTH-2", NOT, listing("patch", "PATCH, patch")),
    ("C-MTH-2", NOT, listing("patch", "PATCH, *")),
    ("C-MTH-2", NOT, listing("get", "get")),
    ("C-MTH-2", NOT, listing("patch", "PATCH, a b")),
    *failing("C-MTH-2", f"{MINE} | {METHODS}PUT, patch", method("Patch")),
    *failing("C-MTH-2", f"{MINE} | {METHODS}PATCH", method("patch")),
    ("C-MTH-3", NOT, nothing(method("CONNECTS"))),
    *(
        row
        for name in ("CONNECT", "trace", "Track", "a b", "", "PO\u017fT", "\xe9", "\ud800")
        for row in [
            ("C-MTH-3", HOLDS, nothing(method(name))),
            ("C-MTH-3", BROKEN, nothing(method(name), allowed=True)),
            ("C-MTH-3", BROKEN, asked(method(name), asks("X"))),
            ("C-MTH-3", BROKEN, (did(method(name), sent=sends("X"), allowed=False),)),
        ]
    ),
    *(
        row
        for name in ("GET", "head", "Post")
        for row in either("C-MTH-4", breaks=sent_as(name, name.upper()), keeps=simply(method(name)))
    ),
    *(
        row
        for name in ("DELETE", "OPTIONS", "put", "PATCH", "patch", "*")
        for row in either("C-MTH-4", breaks=simply(method(name)), keeps=sent_as(name, name))
    ),
    ("C-MTH-4", NOT, simply(replace(HOME, method="PUT"))),
    ("C-MTH-4", NOT, simply(setting(("X-A", "1")))),
    ("C-MTH-4", NOT, simply(WATCHED)),
    ("C-MTH-4", NOT, simply(STREAMED)),
    ("C-MTH-4", NOT, simply(TRACE)),
    ("C-MTH-4", HOLDS, twice(LISTED)),
    ("C-MTH-5", NOT, nothing(HOME)),
    ("C-MTH-5", NOT, nothing(STREAMED)),
    *(
        row
        for name in ("GET", "head")
        for row in either(
            "C-MTH-5",
            breaks=simply(replace(method(name), stream_body=True)),
            keeps=nothing(replace(method(name), stream_body=True)),
        )
    ),
    ("C-HDR-1", NOT, nothing(setting(("Host", "1")))),
    *(
        ("C-HDR-1", NOT, arriving(f"{name}: 1", (name, "1")))
        for name in ("accept", "proxy", "sec", "user-agent", "x-cookie", "x-proxy-x", *OVERRIDES)
    ),
    ("C-HDR-1", NOT, arriving("", ("X-HTTP-Method", '"a",TRACE'))),
    *(
        row
        for name in FORBIDDEN
        for row in [
            ("C-HDR-1", HOLDS, arriving("", (name.title(), "1"))),
            ("C-HDR-1", HOLDS, arriving(f"{name}: 2", (name, "1"))),
            ("C-HDR-1", BROKEN, arriving(f"{name}: 1", (name, "1"))),
            ("C-HDR-1", BROKEN, arriving(f"{name}: 1", ("X-A", "1"), (name, "1"))),
            ("C-HDR-1", BROKEN, naming(name, (name, "1"))),
            ("C-HDR-1", BROKEN, asked(setting((name, "1")), asks(more=f"{name}: 1"))),
        ]
    ),
    *either(
        "C-HDR-1",
        breaks=arriving(f"origin: {PAGE}", ("Origin", PAGE)),
        keeps=arriving("", ("Origin", PAGE)),
    ),
    *either(
        "C-HDR-1",
        breaks=asked(setting(("Origin", PAGE), fetch=PUT), asks(more=f"origin: {PAGE}")),
        keeps=naming("", ("Origin", PAGE)),
    ),
    *(
        row
        for name, value in zip(OF_PREFLIGHTS, ("PUT", "x-a"), strict=True)
        for row in [
            ("C-HDR-1", HOLDS, arriving("", (name, value))),
            ("C-HDR-1", BROKEN, arriving(f"{name}: {value}", (name, value))),
            ("C-HDR-1", HOLDS, naming("x-a", (name, value), ("X-A", "1"))),
            ("C-HDR-1", BROKEN, asked(setting((name, value)), asks("PUT", "x-a", more=f"{name}: {value}"))),
        ]
    ),
    *(
        row
        for name in OVERRIDES
        for value in ("TRACE", "connect", "GET, Track ,PUT")
        for row in [
            ("C-HDR-1", HOLDS, arriving("", (name, value))),
            ("C-HDR-1", BROKEN, arriving(f"{name}: {value}", (name, value))),
            ("C-HDR-1", HOLDS, naming(name, (name, value), (name, "GET"))),
        ]
    ),
    ("C-HDR-1", NOT, arriving("x-method: TRACE", ("X-Method", "TRACE"))),
    ("C-HDR-1", BROKEN, by(CHROMIUM, arriving("user-agent: 1", ("User-Agent", "1")))),
    ("C-HDR-1", BROKEN, arriving("host: 1", ("Cookie", "1"), ("Host", "1"))),
    *(
        row
        for id in ("C-HDR-2", "C-EXP-4")
        for row in [
            (id, NOT, get(says("cookie: 1"), readable="set-cookie")),
            (id, NOT, nothing(GET)),
            *readable(id, "Set-Cookie: a=1", "", "set-cookie", "set-cookie x-a"),
            *readable(id, "x-a: 1 | set-cookie2: a=1", "x-a", "set-cookie2 x-a"),
        ]
    ),
    *(
        ("C-HDR-3", NOT, simply(setting(header)))
        for header in [("X-A", "\r\n 1\t\r\n"), ("X-A", "\xff"), ("X-A", ""), ("!#$%&'*+-.^_`|~", "\x01")]
    ),
    *(
        row
        for header in [
            *((name, "1") for name in ("", "x a", "x:", "\xe9", "\u0100", "\ud800")),
            *(
                ("X-A", value)
                for value in ("\u2003", "a\0b", "\0", "a\rb", "X\nX", "a\nb", "\u0100", "a\U0010ffffb")
            ),
        ]
        for row in [
            ("C-HDR-3", HOLDS, nothing(setting(("X-B", "1"), header))),
            ("C-HDR-3", BROKEN, nothing(setting(header), allowed=True)),
            ("C-HDR-3", BROKEN, simply(setting(header))),
        ]
    ),
]

# Safelisted request headers


def free(rule: str, *headers: tuple[str, str]) -> list[Row]:
    """The first of these headers takes no preflight."""
    name = headers[0][0].lower()
    return either(rule, breaks=naming(name, *headers), keeps=naming("", *headers))


def asked_for(rule: str, *headers: tuple[str, str]) -> list[Row]:
    """The first of these headers takes a preflight."""
    name = headers[0][0].lower()
    return either(rule, breaks=naming("x-other", *headers), keeps=naming(name, *headers))


SAFE = frozenset(
    "\t !#$%&'*+,-./0123456789;=ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~"
    + "".join(map(chr, range(0x80, 0x100)))
)
LANGUAGE = frozenset(" *,-.0123456789;=ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
BYTES = [chr(byte) for byte in range(256) if chr(byte) not in "\0\r\n"]
A_128 = ("Accept", "a" * 128)

SAFELISTED: list[Row] = [
    ("C-SAF-1", NOT, naming("", A_128)),
    ("C-SAF-1", NOT, naming("", ("Accept", "a" * 129), fetch=replace(PUT, url_origin=PAGE))),
    ("C-SAF-1", NOT, naming("", ("Accept", "a" * 129), fetch=TRACE)),
    ("C-SAF-1", NOT, naming("", ("Host", "a" * 129))),
    *asked_for("C-SAF-1", ("Accept", "a" * 129)),
    *asked_for("C-SAF-1", ("Accept-Language", "a" * 129)),
    *asked_for("C-SAF-1", ("Content-Type", "text/plain;" + "a" * 118)),
    *asked_for("C-SAF-1", ("Accept", "a" * 129), ("Range", "bytes=0-1")),
    ("C-SAF-1", BROKEN, naming("accept", ("Accept", "a" * 129), ("Content-Language", "a" * 129))),
    ("C-SAF-1", NOT, twice(LISTED, second=script("Accept", "a" * 129))),
    ("C-SAF-2", NOT, naming("")),
    ("C-SAF-2", NOT, naming("accept", ("X-A", "1"))),
    ("C-SAF-2", NOT, naming("accept", ("Accept", "a" * 129))),
    ("C-SAF-2", NOT, naming("accept", ("Accept", "1"), ("Accept", "a" * 129))),
    ("C-SAF-2", NOT, naming("accept", *((A_128,) * 8), ("Accept", "a"))),
    ("C-SAF-2", NOT, naming("", ("Accept", ":"), fetch=replace(PUT, url_origin=PAGE))),
    ("C-SAF-2", NOT, naming("", ("Accept", ":"), fetch=TRACE)),
    *free("C-SAF-2", *((A_128,) * 8)),
    *free("C-SAF-2", A_128, ("X-A", "1" * 1024)),
    *free("C-SAF-2", ("Accept", "")),
    *asked_for("C-SAF-2", ("Accept", "a"), ("Accept", ":")),
    *(
        row
        for byte in BYTES
        for row in (free if byte in SAFE else asked_for)("C-SAF-2", ("Accept", f"a{byte}b"))
    ),
    *(
        row
        for name in ("Accept-Language", "content-language")
        for byte in BYTES
        for row in (free if byte in LANGUAGE else asked_for)("C-SAF-3", (name, f"a{byte}b"))
    ),
    ("C-SAF-3", NOT, naming("", ("Accept", ":"))),
    ("C-SAF-3", HOLDS, naming("content-language", ("Accept-Language", "en"), ("Content-Language", "_"))),
    ("C-SAF-3", BROKEN, naming("", ("Accept-Language", "en"), ("Content-Language", "_"))),
    ("C-SAF-4", NOT, naming("", ("Accept", ":"))),
    *(
        row
        for value in (
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "text/plain",
            " TEXT/Plain\t;charset=utf-8",
            "text/plain \t ;",
            "text/plain;;/",
            "text/plain;" + "a" * 117,
        )
        for row in free("C-SAF-4", ("Content-Type", value))
    ),
    *(
        row
        for value in (
            "",
            "text",
            "text/",
            "/plain",
            "text/html",
            "text/ plain",
            "text /plain",
            "text/plain/x",
            "x/text/plain",
            "text/plain, text/plain",
            "text/plain x",
            'text/plain;a="b"',
            "text/plain\x0b",
            "application/json",
            "multipart/form",
            "text/plain;\x01",
            "xtext/plain",
        )
        for row in asked_for("C-SAF-4", ("Content-Type", value))
    ),
    ("C-SAF-5", NOT, naming("", ("Accept", ":"))),
    *(
        row
        for value in (
            "bytes=0-",
            "bytes=0-0",
            "bytes=5-5",
            "bytes=05-5",
            "bytes=9-10",
            "bytes=0-" + "9" * 120,
        )
        for row in free("C-SAF-5", ("Range", value))
    ),
    *(
        row
        for value in (
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=-5",
            "bytes=5-4",
            "bytes=5",
            "Bytes=0-",
            "bytes=0-1,2-3",
            "bytes =0-1",
            "bytes= 0-1",
            "bytes=0 -1",
            "bytes=0- 1",
            "items=0-1",
            "bytes=a-",
            "bytes=0-a",
            "bytes=\xb2-",
            "bytes=0-1-2",
            "bytes=0--",
            "xbytes=0-",
            "bytes=10-9",
            "bytes=010-9",
        )
        for row in asked_for("C-SAF-5", ("Range", value))
    ),
    ("C-SAF-6", NOT, naming("", *((A_128,) * 8))),
    ("C-SAF-6", NOT, naming("", *((A_128,) * 7), ("Accept", "a" * 129), ("X-A", "1" * 999))),
    ("C-SAF-6", NOT, naming("", *((A_128,) * 9), fetch=replace(PUT, url_origin=PAGE))),
    ("C-SAF-6", NOT, naming("", *((A_128,) * 9), fetch=TRACE)),
    *asked_for("C-SAF-6", *((A_128,) * 8), ("Accept", "a")),
    *asked_for("C-SAF-6", *((A_128,) * 9), ("X-A", "1"), ("Accept-Language", "_")),
    ("C-SAF-6", BROKEN, naming("accept", *((A_128,) * 8), ("Range", "bytes=0-"))),
    ("C-SAF-6", HOLDS, naming("accept,range", *((A_128,) * 8), ("Range", "bytes=0-"))),
    ("C-SAF-7", NOT, naming("", ("Accept", ":"), ("Accept-Language", "_"), ("Content-Language", "_"))),
    ("C-SAF-7", NOT, naming("", ("Content-Type", "x"), ("Range", "x"), ("Host", "x"))),
    ("C-SAF-7", NOT, naming("", ("X-A", "1"), fetch=replace(PUT, url_origin=PAGE))),
    ("C-SAF-7", NOT, naming("", ("X-A", "1"), fetch=TRACE)),
    *(
        row
        for name in ("X-A", "Authorization", "User-Agent", "Save-Data", "Content-Encoding", "X-HTTP-Method")
        for row in asked_for("C-SAF-7", (name, "1"))
    ),
    *asked_for("C-SAF-7", ("X-A", "1"), ("Accept", "a")),
    *asked_for("C-SAF-7", ("X-A", "bytes=0-")),
    ("C-PF-4", BROKEN, naming("", ("X-A", "bytes=0-"))),
    ("C-SAF-7", BROKEN, naming("x-a", ("X-A", "1"), ("X-B", "2"))),
    ("C-SAF-7", HOLDS, naming("x-b, x-a", ("X-A", "1"), ("X-B", "2"))),
]

# Where engines leave the standard, the standard's classification does not apply

HIGH = ("Accept", "\x80")
ENGINES: list[Row] = [
    ("C-SAF-7", BROKEN, by(CHROMIUM, naming("", ("X-A", "1"), ("x-a", "2")))),
    ("C-SAF-7", NOT, by(FIREFOX, naming("", ("X-A", "1"), ("x-a", "2")))),
    ("C-SAF-7", HOLDS, by(CHROMIUM, naming("x-a,x-b", ("X-A", "1"), ("X-B", "2")))),
    ("C-SAF-7", HOLDS, by(WEBKIT, naming("x-a", ("X-A", "1"), ("x-a", "2")))),
    ("C-SAF-7", NOT, by(CHROMIUM, naming("", ("Save-Data", "on"), ("X-A", "1")))),
    ("C-SAF-7", HOLDS, by(FIREFOX, naming("save-data", ("Save-Data", "on")))),
    ("C-SAF-6", NOT, by(FIREFOX, naming("", *((A_128,) * 9)))),
    ("C-SAF-6", NOT, by(FIREFOX, naming("", *((A_128,) * 8), ("Accept", "a")))),
    ("C-SAF-6", HOLDS, by(WEBKIT, naming("accept", *((A_128,) * 9)))),
    ("C-SAF-2", HOLDS, by(FIREFOX, naming("", *((A_128,) * 8)))),
    ("C-SAF-2", NOT, by(FIREFOX, naming("accept", HIGH))),
    ("C-SAF-2", NOT, by(FIREFOX, naming("accept", HIGH, ("X-A", "1")))),
    ("C-SAF-2", HOLDS, by(WEBKIT, naming("", HIGH))),
    ("C-SAF-7", HOLDS, by(FIREFOX, naming("x-a", ("X-A", "\x80"), ("Accept", "a")))),
    ("C-PF-1", BROKEN, by(FIREFOX, simply(replace(WATCHED, preflighted=True)))),
    ("C-PF-1", NOT, by(FIREFOX, simply(replace(GET, preflighted=True)))),
    ("C-PF-1", HOLDS, by(CHROMIUM, simply(replace(GET, preflighted=True)))),
    ("C-PF-1", BROKEN, by(FIREFOX, simply(WATCHED))),
    ("C-PF-1", BROKEN, by(WEBKIT, simply(replace(WATCHED, preflighted=True)))),
]

# The Origin header


def hop_to(origin: str, *before: str, page: str = PAGE) -> Fetch:
    """A GET that redirects have led over these origins to this one."""
    return replace(GET, page_origin=page, url_origin=origin, redirected_from=before)


def origins(rule: str, fetch: Fetch, right: str, wrong: str) -> list[Row]:
    """What Origin must say, in preflights and in requests."""
    return [
        *either(rule, breaks=simply(fetch, origin=wrong), keeps=simply(fetch, origin=right)),
        *either(rule, breaks=asked(fetch, asks(origin=wrong)), keeps=asked(fetch, asks(origin=right))),
        (rule, NOT, simply(fetch, origin="")),
        (rule, BROKEN, simply(fetch, f"origin: {right}", origin=right)),
        (rule, BROKEN, (did(fetch, asks(origin=wrong), says(), sends(origin=right), says()),)),
    ]


TAINTED = (
    hop_to(OTHER, SERVER),
    hop_to(PAGE, SERVER),
    hop_to(OTHER, PAGE, SERVER),
    hop_to(PAGE, PAGE, SERVER, PAGE),
    hop_to(SERVER, OTHER, SERVER),
)
UNTAINTED = (hop_to(SERVER), hop_to(PAGE), hop_to(SERVER, PAGE), hop_to(SERVER, PAGE, SERVER, SERVER))

ORIGINS: list[Row] = [
    *(row for fetch in UNTAINTED for row in origins("C-ORG-1", fetch, PAGE, PAGE + "/")),
    *(("C-ORG-1", NOT, simply(fetch)) for fetch in (*TAINTED, OPAQUE)),
    *origins("C-ORG-2", OPAQUE, "null", PAGE),
    *origins("C-ORG-2", hop_to(OTHER, SERVER, page="null"), "null", SERVER),
    *(("C-ORG-2", NOT, simply(fetch, origin="null")) for fetch in (*TAINTED, *UNTAINTED)),
    *(row for fetch in TAINTED for row in origins("C-ORG-3", fetch, "null", PAGE)),
    *(("C-ORG-3", NOT, simply(fetch, origin="null")) for fetch in UNTAINTED),
    *(
        row
        for fetch in TAINTED
        for row in [
            ("C-ORG-3", HOLDS, by(FIREFOX, asked(fetch, asks(origin=PAGE)))),
            ("C-ORG-3", HOLDS, by(FIREFOX, simply(fetch, origin="null"))),
            ("C-ORG-3", BROKEN, by(FIREFOX, simply(fetch, origin=PAGE))),
            ("C-ORG-3", BROKEN, by(FIREFOX, simply(fetch, "origin: null", origin="null"))),
        ]
    ),
    (
        "C-ORG-3",
        HOLDS,
        by(FIREFOX, (did(TAINTED[0], asks(origin=PAGE), says(), sends(origin=""), says()),)),
    ),
    ("C-ORG-4", NOT, asked(PUT, asks())),
    *(
        row
        for fetch in (
            *TAINTED,
            GET,
            hop_to(SERVER, PAGE),
            OPAQUE,
            replace(HOME, method="put"),
            replace(HOME, method="POST"),
            replace(HOME, method="OPTIONS"),
        )
        for row in either("C-ORG-4", breaks=simply(fetch, origin=""), keeps=simply(fetch, origin="null"))
    ),
    *(
        row
        for fetch in (HOME, hop_to(PAGE, PAGE), replace(HOME, method="head"))
        for row in either("C-ORG-4", breaks=simply(fetch), keeps=simply(fetch, origin=""))
    ),
]

# Preflights


AUTHORIZED = script("Authorization", "k")
BOTH = script("X-A", "1", ("X-B", "2"))

PREFLIGHTS: list[Row] = [
    ("C-PF-1", NOT, simply(replace(HOME, method="PUT"))),
    ("C-PF-1", NOT, simply(TRACE)),
    ("C-PF-1", NOT, simply(replace(GET, stream_body=True))),
    ("C-PF-1", NOT, simply(setting(("a b", "1")))),
    ("C-PF-1", HOLDS, twice(LISTED)),
    ("C-PF-1", BROKEN, twice(LISTED, second=replace(PUT, path="/other"))),
    *(
        row
        for fetch in (GET, method("head"), POST, setting(("Accept", "a")), setting(("Host", "a")), OPAQUE)
        for row in either("C-PF-1", breaks=asked(fetch, asks()), keeps=simply(fetch))
    ),
    *(
        row
        for fetch in (
            PUT,
            WATCHED,
            STREAMED,
            setting(("X-A", "1")),
            setting(("Accept", ":")),
            replace(OPAQUE, method="PUT"),
            replace(hop_to(PAGE, SERVER), method="PUT"),
        )
        for row in either("C-PF-1", breaks=simply(fetch), keeps=asked(fetch, asks()))
    ),
    ("C-PF-2", NOT, simply(PUT)),
    ("C-PF-2", HOLDS, asked(replace(PUT, path="/a?b"), asks(path="/a?b"))),
    ("C-PF-2", HOLDS, asked(TAINTED[0], asks(origin="null"))),
    ("C-PF-2", BROKEN, asked(PUT, asks(path="/a"))),
    ("C-PF-2", BROKEN, asked(PUT, replace(asks(), method="GET"))),
    ("C-PF-2", BROKEN, asked(PUT, asks(more="accept: a"))),
    ("C-PF-2", BROKEN, asked(PUT, asks(more=f"origin: {PAGE}"))),
    ("C-PF-2", BROKEN, asked(PUT, replace(asks(), headers=asks().headers[1:]))),
    ("C-PF-2", BROKEN, asked(PUT, replace(asks(), headers=asks().headers[:-1]))),
    ("C-PF-3", NOT, simply(PUT)),
    *either("C-PF-3", breaks=asked(method("put"), asks("put")), keeps=asked(method("put"), asks("PUT"))),
    *either(
        "C-PF-3", breaks=asked(method("patch"), asks("PATCH")), keeps=asked(method("patch"), asks("patch"))
    ),
    ("C-PF-3", BROKEN, asked(PUT, asks(more="access-control-request-method: PUT"))),
    ("C-PF-3", BROKEN, asked(PUT, replace(asks(), headers=()))),
    ("C-PF-4", NOT, simply(script("X-A", "1"))),
    ("C-PF-4", NOT, asked(replace(PUT, page_origin=SERVER), asks())),
    ("C-PF-4", NOT, by(CHROMIUM, naming("", ("Save-Data", "on")))),
    *either("C-PF-4", breaks=naming("accept", ("Accept", "a")), keeps=naming("", ("Accept", "a"))),
    *either(
        "C-PF-4",
        breaks=naming("x-b,x-a", ("X-B", "1"), ("X-A", "2")),
        keeps=asked(BOTH, asks("PUT", "x-a,x-b")),
    ),
    *either(
        "C-PF-4",
        breaks=asked(BOTH, asks("PUT", "x-a, x-b")),
        keeps=naming("x-a,x-b", ("X-B", "1"), ("X-A", "2")),
    ),
    *either("C-PF-4", breaks=naming("X-A", ("X-A", "1")), keeps=naming("x-a", ("X-A", "1"), ("x-a", "2"))),
    ("C-PF-4", BROKEN, naming("x-a,x-a", ("X-A", "1"), ("x-a", "2"))),
    ("C-PF-4", HOLDS, naming("", *((A_128,) * 8))),
    ("C-PF-4", BROKEN, naming("", *((A_128,) * 8), ("Accept", "a"))),
    ("C-PF-4", BROKEN, asked(PUT, asks(more="access-control-request-headers: "))),
    ("C-PF-5", NOT, simply(PUT, "cookie: a=1")),
    ("C-PF-5", HOLDS, asked(AUTHORIZED, asks("PUT", "authorization"))),
    ("C-PF-5", BROKEN, asked(AUTHORIZED, asks("PUT", "authorization", more="authorization: k"))),
    ("C-PF-5", BROKEN, asked(CREDENTIALED_PUT, asks(more="cookie: a=1"))),
    ("C-PF-6", NOT, simply(PUT)),
    *((("C-PF-6", HOLDS, sent_after(LISTED, status=status))) for status in (200, 204, 299)),
    *(row for status in (101, 199, 300, 304, 404, 500) for row in failing("C-PF-6", LISTED, status=status)),
    ("C-PF-6", BROKEN, (did(PUT, asks(), None, sends("PUT"), says()),)),
    ("C-PF-7", NOT, simply(PUT)),
    ("C-PF-7", NOT, (did(PUT, asks(), allowed=False),)),
    ("C-PF-7", HOLDS, sent_after(MINE, asked=replace(asks(), headers=()))),
    ("C-PF-7", HOLDS, sent_after(MINE)),
    ("C-PF-7", HOLDS, sent_after(f"access-control-allow-origin: \t{PAGE} ")),
    ("C-PF-7", HOLDS, sent_after(EVERYONE)),
    ("C-PF-7", HOLDS, sent_after(OPEN, fetch=CREDENTIALED_PUT)),
    ("C-PF-7", HOLDS, sent_after(NULL, fetch=TAINTED[0], asked=asks(origin="null"))),
    ("C-PF-7", HOLDS, by(FIREFOX, sent_after(MINE, fetch=TAINTED[0], asked=asks()))),
    *(
        row
        for answer in ("", NULL, f"{MINE}/", f"{MINE} | {MINE}", f"{MINE}\x0b", f"{EVERYONE} | {EVERYONE}")
        for row in failing("C-PF-7", answer)
    ),
    *(
        row
        for answer in (
            MINE,
            f"{EVERYONE} | {CREDENTIALS}",
            f"{MINE} | access-control-allow-credentials: True",
            f"{OPEN} | {CREDENTIALS}",
            f"{MINE} | {CREDENTIALS}\x0b",
            CREDENTIALS,
        )
        for row in failing("C-PF-7", answer, CREDENTIALED_PUT)
    ),
    ("C-PF-8", NOT, simply(PUT)),
    *(
        ("C-PF-8", HOLDS, sent_after(answer))
        for answer in ("", NAMED, f"{NAMED} ,, x-b\t", f"{NAMED} | {HEADERS}x-b")
    ),
    *(
        row
        for answer in (
            f"{METHODS}P T",
            f"{HEADERS}x a",
            f'{HEADERS}"x-a"',
            f"{METHODS}PUT;q=1",
            f"{METHODS}PUT\x0b",
            f"{METHODS}PUT | {METHODS}a b",
        )
        for row in failing("C-PF-8", answer)
    ),
    ("C-PF-9", NOT, simply(PUT)),
    ("C-PF-9", NOT, sent_after(f"{METHODS}PUT, P T")),
    ("C-PF-9", NOT, sent_after(f"{LISTED} | {HEADERS}x a")),
    *(
        ("C-PF-9", HOLDS, sent_after(answer, fetch=fetch))
        for answer, fetch in (
            (f"{METHODS}PATCH , PUT", PUT),
            (f"{METHODS}PATCH | {METHODS}PUT", PUT),
            (f"{METHODS}*", PUT),
            (f"{METHODS}PUT", method("put")),
            (f"{METHODS}patch", method("patch")),
            (f"{METHODS}PUT", CREDENTIALED_PUT),
            (f"{METHODS}*", replace(CREDENTIALED, method="*")),
            ("", GET),
            ("", method("head")),
            ("", POST),
            ("", STREAMED),
            ("", replace(PUT, upload_listener=True)),
            ("", replace(PUT, stream_body=True)),
        )
    ),
    *(
        row
        for answer, fetch in (
            ("", PUT),
            (f"{METHODS}put", PUT),
            (f"{METHODS}PATCH", PUT),
            (METHODS, replace(PUT, upload_listener=True)),
            (f"{METHODS}PATCH", method("patch")),
            (f"{METHODS}*", CREDENTIALED_PUT),
            (f"{METHODS}PUTS", PUT),
        )
        for row in failing("C-PF-9", answer, fetch)
    ),
    ("C-PF-10", NOT, simply(AUTHORIZED)),
    ("C-PF-10", NOT, sent_after(LISTED, fetch=script("X-Authorization", "k"))),
    *(
        ("C-PF-10", HOLDS, sent_after(f"{HEADERS}{names}", fetch=fetch))
        for names in ("authorization", "*, Authorization", "x-a , AUTHORIZATION")
        for fetch in (AUTHORIZED, replace(AUTHORIZED, credentials="include"))
    ),
    *(
        row
        for names in ("", "*", "x-a", "authorization x", "authorizations")
        for row in failing("C-PF-10", f"{HEADERS}{names}", AUTHORIZED)
    ),
    ("C-PF-10", NOT, by(WEBKIT, sent_after(f"{HEADERS}*", fetch=AUTHORIZED))),
    ("C-PF-10", HOLDS, by(WEBKIT, sent_after(f"{HEADERS}*, authorization", fetch=AUTHORIZED))),
    ("C-PF-10", BROKEN, by(WEBKIT, sent_after(f"{HEADERS}x-a", fetch=AUTHORIZED))),
    (
        "C-PF-10",
        BROKEN,
        by(WEBKIT, sent_after(f"{HEADERS}*", fetch=replace(AUTHORIZED, credentials="include"))),
    ),
    ("C-PF-11", NOT, simply(PUT)),
    ("C-PF-11", NOT, sent_after(f"{METHODS}P T")),
    ("C-PF-11", NOT, sent_after(f"{HEADERS}x a")),
    *(
        ("C-PF-11", HOLDS, sent_after(f"{HEADERS}{listed}", fetch=fetch, asked=asks("PUT", names)))
        for listed, names, fetch in (
            ("", "", PUT),
            ("X-B, x-a", "x-a,x-b", PUT),
            ("*", "x-a,x-b", PUT),
            ("*, x-c", "x-a", PUT),
            ("x-a", "X-A", CREDENTIALED_PUT),
            ("*", "*", CREDENTIALED_PUT),
        )
    ),
    *(
        row
        for listed, names, fetch in (
            ("", "x-a", PUT),
            ("x-a", "x-a,x-b", PUT),
            ("x-ab", "x-a", PUT),
            ("*", "x-a", CREDENTIALED_PUT),
        )
        for row in either(
            "C-PF-11",
            breaks=sent_after(f"{HEADERS}{listed}", fetch=fetch, asked=asks("PUT", names)),
            keeps=stopped(sent_after(f"{HEADERS}{listed}", fetch=fetch, asked=asks("PUT", names))),
        )
    ),
    ("C-PF-13", NOT, simply(PUT)),
    *(("C-PF-13", NOT, sent_after(LISTED, status=status)) for status in (200, 300, 304, 305, 306, 309, 404)),
    *(row for status in (301, 302, 303, 307, 308) for row in failing("C-PF-13", LISTED, status=status)),
    ("C-PF-14", NOT, stopped_after(LISTED, fetch=PUT)),
    ("C-PF-14", NOT, stopped_after(MINE, fetch=POST)),
    ("C-PF-14", NOT, stopped_after(LISTED, fetch=replace(PUT, upload_listener=True))),
    ("C-PF-14", NOT, stopped_after(f"{MINE} | {METHODS}", fetch=replace(PUT, upload_listener=True))),
    ("C-PF-14", NOT, stopped_after("", fetch=replace(PUT, upload_listener=True))),
    ("C-PF-14", NOT, (did(replace(PUT, upload_listener=True), asks(), allowed=False),)),
    *passing("C-PF-14", MINE, replace(PUT, upload_listener=True)),
    *passing("C-PF-14", MINE, replace(PUT, stream_body=True)),
    ("C-PF-15", NOT, nothing(PUT)),
    ("C-PF-15", NOT, (did(PUT, asks(), allowed=False),)),
    ("C-PF-15", NOT, stopped_after(f"{METHODS}PUT")),
    ("C-PF-15", NOT, stopped_after(MINE)),
    ("C-PF-15", NOT, stopped_after(f"{LISTED} | {HEADERS}x a")),
    ("C-PF-15", NOT, stopped_after(LISTED, fetch=script("X-A", "1"), asked=asks("PUT", "x-a"))),
    (
        "C-PF-15",
        NOT,
        stopped_after(f"{LISTED} | {HEADERS}*", fetch=AUTHORIZED, asked=asks("PUT", "authorization")),
    ),
    *(
        ("C-PF-15", NOT, stopped(sent_after(LISTED, status=status)))
        for status in (101, 199, 300, 301, 304, 400, 500)
    ),
    *passing("C-PF-15", LISTED),
    *passing("C-PF-15", LISTED, status=204),
    *passing("C-PF-15", LISTED, status=299),
    *passing("C-PF-15", MINE, STREAMED),
    *passing("C-PF-15", f"{LISTED} | {HEADERS}Authorization", AUTHORIZED),
    *passing("C-PF-15", f"{EVERYONE} | {METHODS}*"),
    ("C-PF-15", BROKEN, by(WEBKIT, stopped_after(f"{LISTED} | {HEADERS}*", fetch=AUTHORIZED))),
]

# Wildcards and lists

EXPOSING = f"{OPEN} | {EXPOSED}*, x-a | x-a: 1 | x-b: 1 | set-cookie: 1 | expires: 0 | *: 1"
WILDCARDS: list[Row] = [
    ("C-WLD-1", NOT, sent_after(f"{LISTED}, *")),
    ("C-WLD-1", NOT, get(says(EVERYONE))),
    ("C-WLD-1", NOT, get(says(EVERYONE), fetch=replace(CREDENTIALED, url_origin=PAGE))),
    ("C-WLD-1", NOT, get(says(f"{OPEN} | {EXPOSED}x-*"), fetch=CREDENTIALED)),
    ("C-WLD-1", NOT, sent_after(OPEN, fetch=CREDENTIALED_PUT)),
    *failing("C-WLD-1", EVERYONE, CREDENTIALED),
    *failing("C-WLD-1", f"{OPEN} | {METHODS}PATCH , *", CREDENTIALED_PUT),
    *not_shared("C-WLD-1", EVERYONE, CREDENTIALED),
    *(
        ("C-WLD-1", HOLDS, sent_after(f"{OPEN} | {answer}", fetch=fetch, asked=asks("PUT", names)))
        for answer, fetch, names in (
            (f"{METHODS}*, PUT", CREDENTIALED_PUT, ""),
            (f"{METHODS}*", replace(CREDENTIALED, method="*"), ""),
            (f"{METHODS}*", CREDENTIALED, ""),
            (f"{HEADERS}*", CREDENTIALED, ""),
            (f"{HEADERS}*, x-a", CREDENTIALED, "x-a"),
            (f"{HEADERS}*", CREDENTIALED, "*"),
            (f"{METHODS}* | {HEADERS}x-b", CREDENTIALED, "x-a"),
            (f"{METHODS}PATCH | {HEADERS}*", CREDENTIALED_PUT, ""),
        )
    ),
    *either(
        "C-WLD-1",
        breaks=sent_after(f"{OPEN} | {HEADERS}*", fetch=CREDENTIALED, asked=asks("GET", "x-a")),
        keeps=stopped(sent_after(f"{OPEN} | {HEADERS}*", fetch=CREDENTIALED, asked=asks("GET", "x-a"))),
    ),
    *readable("C-WLD-1", EXPOSING, f"{SEVEN} set-cookie set-cookie2 x-a *", fetch=CREDENTIALED),
    *readable("C-WLD-1", EXPOSING, "x-a * expires set-cookie", "x-b", "x-a x-b", fetch=CREDENTIALED),
    *readable("C-WLD-1", f"{OPEN} | {EXPOSED}*", "", fetch=CREDENTIALED),
    ("C-WLD-1", HOLDS, get(says(EXPOSING), fetch=CREDENTIALED, readable="x-b", allowed=False)),
    ("C-WLD-1", HOLDS, get(says(f"{OPEN} | {METHODS}* | x-b: 1"), fetch=CREDENTIALED, readable="x-b")),
    ("C-WLD-2", NOT, sent_after(LISTED, fetch=AUTHORIZED)),
    ("C-WLD-2", NOT, sent_after(f"{HEADERS}*", fetch=script("X-A", "1"))),
    ("C-WLD-2", NOT, sent_after(f"{HEADERS}*, Authorization", fetch=AUTHORIZED)),
    ("C-WLD-2", NOT, sent_after(f"{HEADERS}*", fetch=replace(AUTHORIZED, credentials="include"))),
    ("C-WLD-2", NOT, by(CHROMIUM, sent_after(f"{HEADERS}*", fetch=AUTHORIZED))),
    ("C-WLD-2", NOT, simply(AUTHORIZED)),
    *failing("C-WLD-2", f"{HEADERS}x-a, *", AUTHORIZED),
    ("C-LST-1", NOT, stopped_after(NAMED)),
    ("C-LST-1", NOT, stopped_after(f"{METHODS}PATCH | {METHODS}PUT")),
    *passing("C-LST-1", f"{MINE} | {METHODS}PATCH | {METHODS}PUT"),
    *passing("C-LST-1", f"{NAMED} | {HEADERS}x-b"),
    ("C-LST-2", NOT, stopped_after(f"{LISTED}, PATCH | {HEADERS}x-a, x-b")),
    ("C-LST-2", NOT, stopped_after(f"{MINE} | {METHODS}PATCH | {METHODS}PUT")),
    ("C-LST-2", NOT, stopped_after(f"{METHODS}PATCH ,PUT")),
    *passing("C-LST-2", f"{MINE} | {METHODS}PATCH,PUT"),
    *passing("C-LST-2", f"{MINE} | {METHODS},, PUT\t,"),
    *passing("C-LST-2", f"{NAMED} ,"),
]

# The CORS check

SEVERAL = (f"{MINE} | {MINE}", f"{EVERYONE} | {EVERYONE}", f"{EVERYONE} | {MINE}", f"{MINE} | {NULL}")
ON_THE_WAY = " | location: /next"

CHECKED: list[Row] = [
    ("C-CHK-1", NOT, get(says(), fetch=HOME)),
    ("C-CHK-1", NOT, get(says(""), fetch=HOME)),
    ("C-CHK-1", NOT, nothing(GET)),
    ("C-CHK-1", BROKEN, (*get(says("")), *get(says(""), allowed=False))),
    ("C-CHK-1", NOT, get(says(MINE))),
    ("C-CHK-1", NOT, get(says("access-control-allow-origin: "))),
    *not_shared("C-CHK-1", "x-a: 1"),
    *not_shared("C-CHK-1", "location: /next", status=302),
    ("C-CHK-2", NOT, get(says(MINE))),
    ("C-CHK-2", NOT, get(says(f"{MINE} "), fetch=HOME)),
    ("C-CHK-2", NOT, get(says(f"{MINE}\x0b"))),
    ("C-CHK-2", NOT, get(says(f"{NULL} "))),
    ("C-CHK-2", NOT, get(says(f"{MINE} "), fetch=CREDENTIALED)),
    ("C-CHK-2", NOT, get(says(f"{MINE} {ON_THE_WAY}", 302))),
    *shared("C-CHK-2", f"{MINE}\t "),
    *shared("C-CHK-2", "access-control-allow-origin: \t*"),
    *shared("C-CHK-2", f"{MINE}  | {CREDENTIALS}\t", CREDENTIALED),
    ("C-CHK-3", NOT, get(says(MINE))),
    ("C-CHK-3", NOT, get(says(EVERYONE), fetch=HOME)),
    ("C-CHK-3", NOT, get(says(EVERYONE), fetch=CREDENTIALED)),
    ("C-CHK-3", NOT, get(says(EVERYONE + ON_THE_WAY, 302))),
    ("C-CHK-3", NOT, get(says(f"{EVERYONE} | {EVERYONE}"))),
    *shared("C-CHK-3", EVERYONE),
    *shared("C-CHK-3", f"{EVERYONE} ", OPAQUE),
    *shared("C-CHK-3", EVERYONE, replace(GET, credentials="omit")),
    *shared("C-CHK-3", EVERYONE, status=302),
    *shared("C-CHK-3", EVERYONE + ON_THE_WAY, status=200),
    ("C-CHK-4", NOT, get(says(MINE))),
    ("C-CHK-4", NOT, get(says(EVERYONE))),
    ("C-CHK-4", NOT, get(says(""))),
    ("C-CHK-4", NOT, get(says(NULL), fetch=TAINTED[0])),
    ("C-CHK-4", NOT, get(says(NULL), fetch=HOME)),
    *not_shared("C-CHK-4", EVERYONE, CREDENTIALED),
    *not_shared("C-CHK-4", MINE, TAINTED[0]),
    *not_shared("C-CHK-4", MINE, OPAQUE),
    *(
        row
        for value in (
            "",
            "null",
            SERVER,
            PAGE.upper(),
            f"{PAGE}/",
            f"{PAGE}:443",
            f"{PAGE}\x0b",
            f"{PAGE}, {PAGE}",
        )
        for row in not_shared("C-CHK-4", f"access-control-allow-origin: {value}")
    ),
    *(row for answer in SEVERAL for row in not_shared("C-CHK-5", answer)),
    ("C-CHK-5", NOT, get(says(f"{MINE}, {MINE}"))),
    ("C-CHK-5", NOT, get(says(f"{MINE} | {MINE}"), fetch=HOME)),
    ("C-CHK-6", NOT, get(says(OPEN))),
    ("C-CHK-6", NOT, get(says(f"{NULL} | {CREDENTIALS}"), fetch=CREDENTIALED)),
    ("C-CHK-6", NOT, get(says(OPEN), fetch=replace(CREDENTIALED, url_origin=PAGE))),
    ("C-CHK-6", NOT, get(says(OPEN + ON_THE_WAY, 302), fetch=CREDENTIALED)),
    *shared("C-CHK-6", OPEN, CREDENTIALED),
    *shared("C-CHK-6", f"{MINE} | access-control-allow-credentials: \ttrue ", CREDENTIALED),
    *(
        row
        for value in ("", "True", "TRUE", "false", "*", "true\x0b", "true, true", "1")
        for row in not_shared("C-CHK-6", f"{MINE} | access-control-allow-credentials: {value}", CREDENTIALED)
    ),
    *not_shared("C-CHK-6", MINE, CREDENTIALED),
    ("C-CHK-7", NOT, get(says(OPEN), fetch=CREDENTIALED)),
    ("C-CHK-7", NOT, get(says(EVERYONE))),
    ("C-CHK-7", NOT, get(says(MINE), fetch=HOME)),
    ("C-CHK-7", NOT, get(says(MINE + ON_THE_WAY, 307))),
    *shared("C-CHK-7", MINE),
    *shared("C-CHK-7", NULL, OPAQUE),
    *shared("C-CHK-7", NULL, TAINTED[0]),
    *shared("C-CHK-7", MINE, status=302),
    ("C-CHK-8", NOT, get(says(MINE))),
    ("C-CHK-8", NOT, get(says(MINE, 404), fetch=HOME)),
    ("C-CHK-8", NOT, get(says("", 404))),
    ("C-CHK-8", NOT, get(says(MINE, 404), fetch=CREDENTIALED)),
    ("C-CHK-8", NOT, get(says(MINE + ON_THE_WAY, 302))),
    *(row for status in (199, 201, 404, 500) for row in shared("C-CHK-8", MINE, status=status)),
    *shared("C-CHK-8", OPEN, CREDENTIALED, 500),
    ("C-CHK-10", NOT, get(says(MINE), readable="x-a")),
    ("C-CHK-10", HOLDS, nothing(GET)),
    ("C-CHK-10", BROKEN, (did(GET, allowed=False, readable="x-a"),)),
]

# Which headers a script may read

ALL_SEVEN = " | ".join(f"{name.title()}: 1" for name in SEVEN.split())
MORE = "x-a: 1 | X-B: 1 | x-c: 1 | content-type: a/b"

EXPOSURE: list[Row] = [
    ("C-EXP-1", NOT, get(says(f"{ALL_SEVEN}"), fetch=HOME)),
    ("C-EXP-1", NOT, get(says(f"{MINE} | {ALL_SEVEN}"), allowed=False)),
    ("C-EXP-1", NOT, get(says(f"{MINE} | x-a: 1"))),
    ("C-EXP-1", NOT, nothing(GET, allowed=True)),
    *(
        row
        for name in SEVEN.split()
        for row in readable("C-EXP-1", f"{MINE} | x-a: 1 | {name.title()}: 1", name, "", "x-a")
    ),
    *readable(
        "C-EXP-1", f"{MINE} | {ALL_SEVEN}", SEVEN, *(SEVEN.replace(name, "") for name in SEVEN.split())
    ),
    ("C-EXP-2", NOT, get(says(f"{MINE} | {MORE}"), fetch=HOME)),
    ("C-EXP-2", NOT, get(says(f"{MINE} | {MORE}"), allowed=False)),
    ("C-EXP-2", NOT, get(says(f"{MINE} | {EXPOSED}x-a, * | {MORE}"))),
    *readable("C-EXP-2", f"{MINE} | {MORE}", "content-type", "x-a", "x-a x-b x-c content-type"),
    *readable(
        "C-EXP-2", f"{MINE} | {EXPOSED}x-b , X-A | {MORE}", "x-a x-b content-type", "x-a", "x-a x-b x-c"
    ),
    *readable("C-EXP-2", f"{MINE} | {EXPOSED}x-b, x-d | {MORE}", "x-b", "x-b x-d", "x-c"),
    *readable("C-EXP-2", f"{MINE} | {EXPOSED}x-a | {EXPOSED}x-b | {MORE}", "x-a x-b", "x-a"),
    *readable("C-EXP-2", f"{MINE} | {EXPOSED}x-a, x b | {MORE}", "", "x-a"),
    *readable(
        "C-EXP-2", f"{OPEN} | {EXPOSED}x-a, * | {MORE} | *: 1", "x-a *", "x-a x-b x-c", fetch=CREDENTIALED
    ),
    *readable("C-EXP-2", f"{MINE} | {EXPOSED}x-a, content-type, set-cookie | {MORE} | set-cookie: 1", "x-a"),
    ("C-EXP-3", NOT, get(says(f"{EXPOSED}* | {MORE}"), fetch=HOME)),
    ("C-EXP-3", NOT, get(says(f"{MINE} | {EXPOSED}* | {MORE}"), allowed=False)),
    ("C-EXP-3", NOT, get(says(f"{MINE} | {EXPOSED}x-a | {MORE}"))),
    ("C-EXP-3", NOT, get(says(f"{OPEN} | {EXPOSED}* | {MORE}"), fetch=CREDENTIALED)),
    ("C-EXP-3", NOT, nothing(GET, allowed=True)),
    *readable(
        "C-EXP-3",
        f"{MINE} | {EXPOSED}* | {MORE} | set-cookie: 1",
        "access-control-allow-origin access-control-expose-headers x-a x-b x-c content-type",
        "access-control-allow-origin access-control-expose-headers x-a x-b content-type",
        "access-control-allow-origin access-control-expose-headers x-a x-b x-c content-type x-d",
    ),
]

# Redirects


def led(
    first: Fetch, status: int, location: str, after: Fetch, *, sent: Request | None = None, got: str = MINE
) -> Doings:
    """A hop that is redirected, and the one after it, which sends this or nothing."""
    after = replace(after, redirected_from=(*first.redirected_from, first.url_origin))
    return (
        did(first, None, None, sends(first.method), says(f"{got} | location: {location}", status)),
        did(after, None, None, sent, says(OPEN) if sent else None, allowed=sent is not None),
    )


def with_user(location: str, first: Fetch = GET, after: Fetch = NEXT) -> Doings:
    """A redirect to this URL that is followed."""
    return led(first, 302, location, after)


def turned(before: Fetch, status: int, after: Fetch) -> Doings:
    """A fetch and what a redirect with this status makes of it."""
    return led(before, status, "/next", after)


BODY = tuple((f"Content-{name}", "a") for name in ("Encoding", "Language", "Location", "Type"))
KEPT = replace(AUTHORIZED, path="/next")
IN_A_RING = replace(GET, redirected_from=(SERVER,) * 19)

REDIRECTS: list[Row] = [
    ("C-RED-1", NOT, get(says(""))),
    ("C-RED-1", NOT, led(HOME, 302, "/next", replace(HOME, path="/next"), got="x-a: 1")),
    *(
        row
        for first, right, wrong in (
            (GET, MINE, "x-a: 1"),
            (GET, EVERYONE, NULL),
            (CREDENTIALED, OPEN, MINE),
            (TAINTED[0], NULL, MINE),
            (OPAQUE, NULL, MINE),
        )
        for row in either(
            "C-RED-1",
            breaks=led(first, 302, "/next", NEXT, got=wrong),
            keeps=led(first, 302, "/next", NEXT, got=right),
        )
    ),
    (
        "C-RED-1",
        HOLDS,
        (
            *led(HOME, 302, f"{SERVER}/next", NEXT, got="x-a: 1"),
            *led(GET, 302, "/next", NEXT),
        ),
    ),
    ("C-RED-1", BROKEN, (*led(GET, 302, "/next", NEXT), *led(GET, 302, "/next", NEXT, got="x-a: 1"))),
    ("C-RED-2", NOT, get(says(""), fetch=HOME)),
    ("C-RED-2", NOT, get(says(""), fetch=TAINTED[0])),
    ("C-RED-2", NOT, nothing(hop_to(PAGE, SERVER), allowed=True)),
    ("C-RED-2", HOLDS, get(says(NULL), fetch=hop_to(PAGE, SERVER))),
    ("C-RED-2", HOLDS, get(says(EVERYONE), fetch=hop_to(PAGE, SERVER))),
    *not_shared("C-RED-2", MINE, hop_to(PAGE, SERVER)),
    *not_shared("C-RED-2", NULL, replace(hop_to(PAGE, SERVER), credentials="include")),
    ("C-RED-3", NOT, simply(WATCHED)),
    ("C-RED-3", NOT, simply(replace(HOME, redirected_from=(PAGE,), upload_listener=True))),
    ("C-RED-3", NOT, by(FIREFOX, simply(replace(hop_to(SERVER, SERVER), preflighted=True)))),
    *either("C-RED-3", breaks=asked(hop_to(SERVER, PAGE), asks("GET")), keeps=simply(hop_to(SERVER, PAGE))),
    *either(
        "C-RED-3",
        breaks=simply(replace(hop_to(SERVER, PAGE), method="PUT")),
        keeps=asked(replace(hop_to(SERVER, PAGE), method="PUT"), asks()),
    ),
    ("C-RED-4", NOT, with_user("/next")),
    ("C-RED-4", NOT, with_user("//@server.example/next")),
    ("C-RED-4", NOT, with_user("https://:@server.example/next")),
    ("C-RED-4", NOT, with_user("/a//user@server.example/next")),
    ("C-RED-4", NOT, with_user("//server.example/user@next")),
    ("C-RED-4", NOT, with_user("//server.example?user@next")),
    ("C-RED-4", NOT, with_user("//server.example#user@next")),
    ("C-RED-4", NOT, get(says(f"{MINE} | location: https://user@server.example/", 200))),
    *(
        row
        for location in (
            "//user@server.example/next",
            "https://user@server.example/next",
            "http://user@server.example/",
            "HTTPS://user:pw@server.example/next",
            "//:pw@server.example/next",
            "//user:@server.example/next",
            "//us@er@server.example/next",
        )
        for row in either(
            "C-RED-4",
            breaks=with_user(location),
            keeps=get(says(f"{MINE} | location: {location}", 302), allowed=False),
        )
    ),
    ("C-RED-4", BROKEN, with_user("https://user@server.example/", HOME)),
    ("C-RED-4", BROKEN, with_user("//user@server.example/next | location: /next")),
    ("C-RED-4", BROKEN, with_user("//user@page.example/", GET, replace(NEXT, url_origin=PAGE))),
    ("C-RED-4", BROKEN, with_user("//user@server.example/", replace(OPAQUE, url_origin=SERVER))),
    ("C-RED-4", HOLDS, with_user("//user@page.example/next", HOME, replace(NEXT, url_origin=PAGE))),
    ("C-RED-4", HOLDS, with_user("//user@page.example:443/next", HOME, replace(NEXT, url_origin=PAGE))),
    (
        "C-RED-4",
        HOLDS,
        (*get(says(f"{MINE} | location: //user@a/", 302), allowed=False), *redirected(GET, NEXT)),
    ),
    ("C-RED-5", NOT, get(says(), fetch=AUTHORIZED)),
    ("C-RED-5", NOT, led(PUT, 307, "/next", replace(PUT, path="/next"))),
    ("C-RED-5", HOLDS, led(AUTHORIZED, 307, "/next", KEPT)),
    ("C-RED-5", HOLDS, led(AUTHORIZED, 307, "/next", KEPT, sent=sends("PUT", "authorization: k"))),
    ("C-RED-5", BROKEN, led(AUTHORIZED, 307, "/next", KEPT, sent=sends("PUT"))),
    ("C-RED-5", BROKEN, led(AUTHORIZED, 307, "/next", replace(PUT, path="/next"))),
    ("C-RED-5", BROKEN, led(AUTHORIZED, 307, OTHER, replace(KEPT, url_origin=OTHER))),
    ("C-RED-5", HOLDS, led(AUTHORIZED, 307, OTHER, replace(PUT, url_origin=OTHER))),
    ("C-RED-5", HOLDS, led(AUTHORIZED, 307, OTHER, replace(PUT, url_origin=OTHER), sent=sends("PUT"))),
    (
        "C-RED-5",
        BROKEN,
        led(AUTHORIZED, 307, OTHER, replace(PUT, url_origin=OTHER), sent=sends("PUT", "authorization: k")),
    ),
    (
        "C-RED-5",
        HOLDS,
        (*led(AUTHORIZED, 307, "/next", KEPT), *led(PUT, 307, "/next", replace(PUT, path="/next"))),
    ),
    (
        "C-RED-5",
        BROKEN,
        (*led(AUTHORIZED, 307, "/next", KEPT), *led(AUTHORIZED, 307, "/next", replace(PUT, path="/next"))),
    ),
    *((("C-RED-6", NOT, get(says(LOCATION, status)))) for status in (200, 303)),
    *(
        row
        for name, status in (
            ("POST", 301),
            ("post", 302),
            ("POST", 303),
            ("PUT", 303),
            ("DELETE", 303),
            ("patch", 303),
        )
        for row in either(
            "C-RED-6",
            breaks=turned(method(name), status, replace(method(name), path="/next")),
            keeps=turned(method(name), status, NEXT),
        )
    ),
    *(
        row
        for name, status in (
            ("PUT", 301),
            ("PUT", 302),
            ("PUT", 307),
            ("PUT", 308),
            ("POST", 307),
            ("POST", 308),
            ("HEAD", 303),
            ("head", 302),
            ("patch", 301),
        )
        for row in either(
            "C-RED-6",
            breaks=turned(method(name), status, NEXT),
            keeps=turned(method(name), status, replace(method(name), path="/next")),
        )
    ),
    ("C-RED-6", HOLDS, turned(GET, 303, NEXT)),
    ("C-RED-6", HOLDS, turned(setting(BODY[0]), 303, setting(BODY[0], fetch=NEXT))),
    ("C-RED-6", BROKEN, turned(setting(BODY[0]), 303, NEXT)),
    ("C-RED-6", HOLDS, turned(method("put"), 307, replace(PUT, path="/next"))),
    ("C-RED-6", BROKEN, (*turned(GET, 302, NEXT), *turned(POST, 302, replace(POST, path="/next")))),
    *(
        row
        for line in BODY
        for row in [
            (
                "C-RED-6",
                HOLDS,
                turned(setting(line, ("X-A", "1"), fetch=POST), 302, setting(("X-A", "1"), fetch=NEXT)),
            ),
            ("C-RED-6", BROKEN, turned(setting(line, fetch=POST), 302, setting(line, fetch=NEXT))),
            (
                "C-RED-6",
                HOLDS,
                turned(setting(line, fetch=PUT), 302, setting(line, fetch=replace(PUT, path="/next"))),
            ),
            ("C-RED-6", BROKEN, turned(setting(line, fetch=PUT), 302, replace(PUT, path="/next"))),
        ]
    ),
    ("C-RED-7", NOT, get(says(LOCATION, 302))),
    ("C-RED-7", HOLDS, led(IN_A_RING, 302, "/next", NEXT)),
    ("C-RED-7", BROKEN, led(replace(IN_A_RING, redirected_from=(SERVER,) * 20), 302, "/next", NEXT)),
    ("C-RED-7", HOLDS, led(GET, 302, "http://a.example", replace(NEXT, url_origin="http://a.example"))),
    ("C-RED-7", BROKEN, led(GET, 302, "ftp://a.example", replace(NEXT, url_origin="ftp://a.example"))),
    ("C-RED-7", HOLDS, led(STREAMED, 303, "/next", NEXT)),
    *(("C-RED-7", BROKEN, led(STREAMED, status, "/next", NEXT)) for status in (301, 302, 307, 308)),
    ("C-RED-7", BROKEN, (*led(GET, 302, "/next", NEXT), *led(STREAMED, 302, "/next", NEXT))),
]

# What is remembered

LIST = f"{LISTED} | {HOUR}"
ALL = f"{OPEN} | {METHODS}*, PUT | {HEADERS}*, x-a | {HOUR}"
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


def refused(fetch: Fetch = PUT) -> Doings:
    """A preflighted fetch that ends in a network error."""
    return then(0.5, asked(fetch, asks(fetch.method)))


def lasting(age: str, time: float, engine: Engine = STANDARD) -> Doings:
    """What is remembered of an answer with this line, or with these, is used then."""
    return by(engine, twice(f"{LISTED}{age and ' | '}{age}", at=time))


def aged(value: str) -> str:
    """A Max-Age line."""
    return f"access-control-max-age: {value}"


MEMORABLE = ("C-PF-12", *(f"C-CAC-{number}" for number in range(1, 9)))
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

MEMORY: list[Row] = [
    *((rule, NOT, trace) for rule in MEMORABLE for trace in NOT_REMEMBERED),
    *((rule, HOLDS, (*answered("PUT"), *later(PUT))) for rule in MEMORABLE),
    *(
        ("C-CAC-1", HOLDS, (*answered(methods, first, headers), *later(second)))
        for methods, headers, first, second in (
            ("PUT", "", PUT, GET),
            ("PATCH, PUT", "", PUT, PATCH),
            ("*", "", PUT, PATCH),
            ("PUT", "X-A", PUT, A_LINE),
            ("PUT", "*", PUT, TWO_LINES),
            ("PUT", "x-b, x-a", PUT, TWO_LINES),
            ("GET", "", PUT, WATCHED),
            ("*", "", PUT, STREAMED),
            ("put, PUT", "", PUT, method("put")),
        )
    ),
    *(
        ("C-CAC-1", BROKEN, (*answered(methods, first, headers), *later(second)))
        for methods, headers, first, second in (
            ("PUT", "", PUT, PATCH),
            ("patch", "", PUT, PATCH),
            ("x-a, PUT", "", PUT, A_LINE),
            ("PUT", "x-b", PUT, A_LINE),
            ("PUT", "x-a", PUT, TWO_LINES),
            ("x-a", "PUT", PUT, PUT),
            ("PUT", "", PUT, WATCHED),
            ("PUT", "", PUT, STREAMED),
            ("PUT", "", PUT, replace(PUT, page_origin=OTHER)),
            ("PUT", "", replace(PUT, page_origin=OTHER), PUT),
            ("PUT", "x a", PUT, A_LINE),
        )
    ),
    ("C-CAC-1", HOLDS, (*sent_after(f"{MINE} | {HOUR}", fetch=FLAGGED), *later(PUT))),
    ("C-CAC-1", BROKEN, (*sent_after(f"{MINE} | {HOUR}", fetch=FLAGGED), *later(PATCH))),
    ("C-CAC-1", BROKEN, (*answered("PUT"), *stopped(answered("PATCH")), *later(PATCH))),
    ("C-CAC-1", BROKEN, (*answered("PUT"), *answered("PATCH", replace(PUT, path="/other")), *later(PATCH))),
    ("C-CAC-1", BROKEN, (*answered("PUT"), *later(PATCH), *answered("PATCH"))),
    ("C-CAC-1", BROKEN, (*answered("PUT"), *later(PUT), *later(PATCH))),
    ("C-CAC-1", BROKEN, (*answered("PUT"), *later(PATCH), *later(PUT))),
    ("C-CAC-1", HOLDS, (*answered("PUT"), *answered("PATCH"), *later(PATCH), *later(PUT))),
    ("C-CAC-1", HOLDS, (*answered("PUT"), *later(REPEATED, engine=CHROMIUM), *later(PUT))),
    (
        "C-CAC-1",
        HOLDS,
        (*answered("PUT"), *later(replace(REPEATED, method="PATCH"), engine=CHROMIUM), *later(PUT)),
    ),
    # What is forgotten when its time is over
    *(("C-CAC-2", NOT, (*answered("PUT"), *later(fetch))) for fetch in (PATCH, CREDENTIALED_PATCH)),
    *(
        row
        for age, last in (
            ("", 5),
            (aged("1"), 1),
            (aged("3600"), 3600),
            (aged("010"), 10),
            (aged(" 10\t"), 10),
            (aged("86399"), 86399),
            (aged("86400"), 86400),
            (aged("86401"), 86400),
            (aged("100000"), 86400),
            (aged("9" * 5000), 86400),
            (aged("-1"), 5),
            (aged(""), 5),
            (f"{aged('10')} | {aged('10')}", 5),
        )
        for row in either("C-CAC-2", breaks=lasting(age, last), keeps=lasting(age, last - 0.1))
    ),
    *(
        row
        for engine, last in ((CHROMIUM, 7200), (WEBKIT, 600))
        for row in either(
            "C-CAC-2",
            breaks=lasting(aged("86400"), last, engine),
            keeps=lasting(aged("86400"), last - 0.1, engine),
        )
    ),
    *either(
        "C-CAC-2",
        breaks=(*then(100, answered("PUT")), *later(PUT, 3700)),
        keeps=(*then(100, answered("PUT")), *later(PUT, 3699.9)),
    ),
    ("C-CAC-2", HOLDS, (*lasting(aged("10"), 5), *then(6, answered("PUT")), *later(PUT, 100))),
    ("C-CAC-2", BROKEN, (*lasting(aged("10"), 10), *then(11, answered("PUT")), *later(PUT, 100))),
    (
        "C-CAC-2",
        BROKEN,
        (*answered("PUT"), *refused(), *then(0.6, sent_after(f"{LISTED} | {aged('1')}")), *later(PUT, 2)),
    ),
    ("C-CAC-2", NOT, (*answered("PUT"), *later(CREDENTIALED_PATCH, 9999))),
    ("C-CAC-2", BROKEN, (*lasting(aged("1"), 0.5), *answered("PATCH"), *later(PUT, 1))),
    ("C-CAC-2", HOLDS, (*answered("PUT", headers="x-a"), *later(PUT), *later(REPEATED, 9999, CHROMIUM))),
    ("C-CAC-2", HOLDS, (*answered("PUT"), *refused(), *later(PUT, 9999))),
    *either("C-CAC-3", breaks=lasting(aged("0"), 0), keeps=lasting(aged("1"), 9999)),
    *either("C-CAC-3", breaks=lasting(aged(" 00"), 0), keeps=lasting(aged(""), 9999)),
    ("C-CAC-3", HOLDS, lasting(f"{aged('0')} | {aged('0')}", 9999)),
    *(
        row
        for rule in ("C-CAC-4", "C-PF-12")
        for age in (
            "",
            *map(aged, ("", "abc", "-1", "+10", "1.5", "10, 20", "10\x0b", "\xb2")),
            f"{aged('10')} | {aged('10')}",
        )
        for row in either(rule, breaks=lasting(age, 5), keeps=lasting(age, 4.9))
    ),
    *(
        row
        for rule in ("C-CAC-4", "C-PF-12")
        for age in (aged("86401"), aged("100000"), aged("086401"), aged("9" * 5000))
        for row in either(rule, breaks=lasting(age, 86400), keeps=lasting(age, 86399.9))
    ),
    *(
        (rule, HOLDS, lasting(age, 99999))
        for rule in ("C-CAC-4", "C-PF-12")
        for age in map(aged, ("0", "10", " 10\t", "010", "86400"))
    ),
    *(
        row
        for rule in ("C-CAC-4", "C-PF-12")
        for row in either(
            rule, breaks=lasting(aged("7201"), 7200, CHROMIUM), keeps=lasting(aged("7200"), 7200, CHROMIUM)
        )
    ),
    # With and without credentials, wildcards, Authorization
    *(("C-CAC-5", NOT, (*answered("PUT"), *later(fetch))) for fetch in (PATCH, CREDENTIALED_PATCH)),
    ("C-CAC-5", NOT, (*answered("*", CREDENTIALED_PUT), *later(PATCH))),
    ("C-CAC-5", HOLDS, (*answered("*"), *later(PATCH))),
    ("C-CAC-5", HOLDS, (*answered("PUT", CREDENTIALED_PUT), *later(PUT))),
    ("C-CAC-5", HOLDS, (*answered("PUT", CREDENTIALED_PUT), *later(CREDENTIALED_PUT))),
    ("C-CAC-5", HOLDS, (*answered("PUT"), *answered("PUT", CREDENTIALED_PUT), *later(CREDENTIALED_PUT))),
    ("C-CAC-5", BROKEN, (*answered("PUT"), *later(CREDENTIALED_PUT))),
    ("C-CAC-5", BROKEN, (*answered("*"), *later(CREDENTIALED_PATCH))),
    ("C-CAC-5", BROKEN, (*answered("PUT"), *later(PUT), *later(CREDENTIALED_PUT))),
    ("C-CAC-5", HOLDS, (*answered("PUT"), *later(PUT), *later(PATCH))),
    ("C-CAC-6", NOT, (*answered("PUT", headers="x-a"), *later(AUTHORIZED))),
    ("C-CAC-6", HOLDS, (*answered("PUT", headers="*"), *later(TWO_LINES))),
    ("C-CAC-6", HOLDS, (*answered("PUT", headers="*, Authorization"), *later(AUTHORIZED))),
    ("C-CAC-6", HOLDS, (*answered("*"), *later(method("authorization")))),
    ("C-CAC-6", HOLDS, (*answered("PUT", headers="*"), *later(AUTHORIZED, engine=CHROMIUM))),
    ("C-CAC-6", BROKEN, (*answered("PUT", headers="*"), *later(AUTHORIZED))),
    ("C-CAC-6", BROKEN, (*answered("PUT, authorization", headers="*"), *later(AUTHORIZED))),
    ("C-CAC-7", NOT, (*answered("PUT", headers="*"), *later(AUTHORIZED))),
    ("C-CAC-7", HOLDS, (*answered("*"), *later(PATCH))),
    ("C-CAC-7", HOLDS, (*answered("*"), *later(CREDENTIALED_PATCH))),
    ("C-CAC-7", HOLDS, (*answered("*", CREDENTIALED_PUT), *later(method("*")))),
    ("C-CAC-7", HOLDS, (*answered("*, PUT", CREDENTIALED_PUT), *later(PUT))),
    ("C-CAC-7", HOLDS, (*answered("PUT", CREDENTIALED_PUT, "*"), *later(script("*", "1")))),
    ("C-CAC-7", BROKEN, (*answered("*", CREDENTIALED_PUT), *later(PATCH))),
    ("C-CAC-7", BROKEN, (*answered("*", CREDENTIALED_PUT), *later(CREDENTIALED_PATCH))),
    ("C-CAC-7", BROKEN, (*answered("PUT", CREDENTIALED_PUT, "*"), *later(A_LINE))),
    # Network errors
    *(("C-CAC-8", NOT, (*answered("PUT"), *later(fetch))) for fetch in (PATCH, CREDENTIALED_PATCH)),
    *(
        ("C-CAC-8", BROKEN, (*answered("PUT"), *failure, *later(PUT)))
        for failure in (
            refused(),
            refused(PATCH),
            (*refused(), *simply(GET)),
            (did(PUT, None, None, sends("PUT"), None, allowed=False),),
            (did(PUT, asks(), says(LIST), sends("PUT"), None, allowed=False),),
            get(says(""), fetch=PUT, allowed=False),
            (did(GET, asks("GET"), None, allowed=False),),
            (did(WATCHED, None, None, sends(), None, allowed=False),),
        )
    ),
    *(
        ("C-CAC-8", HOLDS, (*answered("PUT"), *failure, *later(PUT)))
        for failure in (
            get(says(LISTED), fetch=PUT),
            get(says(""), allowed=False),
            refused(replace(PUT, path="/other")),
            refused(replace(PUT, url_origin=OTHER)),
            refused(replace(PUT, page_origin=OTHER)),
            nothing(TRACE),
            (*refused(), *answered("PUT")),
        )
    ),
    (
        "C-CAC-8",
        HOLDS,
        by(CHROMIUM, (*answered("PUT"), *get(says(""), fetch=PUT, allowed=False), *later(PUT))),
    ),
    ("C-CAC-8", HOLDS, (*answered("PUT"), *later(PUT), *refused())),
    ("C-CAC-8", BROKEN, by(CHROMIUM, (*answered("PUT"), *refused(), *later(PUT)))),
    ("C-CAC-8", BROKEN, (*answered("PUT"), *refused(), *refused(GET), *later(PUT))),
    ("C-CAC-8", BROKEN, (*answered("PUT"), *refused(), *answered("PATCH"), *later(PUT))),
    ("C-CAC-8", BROKEN, (*answered("PUT"), *refused(), *answered("PATCH"), *refused(), *later(PATCH))),
    ("C-CAC-8", BROKEN, (*answered("PUT"), *later(PUT), *refused(), *later(PUT))),
    (
        "C-CAC-8",
        HOLDS,
        (*answered("PUT", headers="x-a"), *later(PUT), *refused(), *later(REPEATED, engine=CHROMIUM)),
    ),
    ("C-CAC-8", HOLDS, (*answered("PUT"), *refused(), *answered("PUT"), *later(PUT), *later(PATCH))),
]

# Credentials

OMITTING = replace(GET, credentials="omit")

CREDENTIALS_MODES: list[Row] = [
    ("C-CRD-1", NOT, simply(CREDENTIALED, "cookie: a=1")),
    ("C-CRD-1", NOT, simply(HOME, "cookie: a=1")),
    ("C-CRD-1", NOT, nothing(OMITTING)),
    *(
        row
        for fetch in (OMITTING, GET, OPAQUE, hop_to(PAGE, SERVER), replace(HOME, credentials="omit"))
        for row in either("C-CRD-1", breaks=simply(fetch, "cookie: a=1"), keeps=simply(fetch, "x-a: 1"))
    ),
    *either("C-CRD-1", breaks=asked(PUT, asks(more="cookie: a=1")), keeps=asked(PUT, asks())),
]

# What engines are known to do otherwise is no breach of theirs, and one of the others

UNLISTED = sent_after(MINE, fetch=FLAGGED)
HOMECOMING = replace(PUT, url_origin=PAGE, redirected_from=(SERVER,))
UNSHARED = sent_after(f"{METHODS}PUT", fetch=HOMECOMING)
BY_WILDCARD = sent_after(f"{EVERYONE} | {METHODS}PUT", fetch=replace(HOMECOMING, credentials="include"))
NOWHERE = get(says(f"{MINE} | location: ", 302))
REFUSED_PATCH = stopped(answered("PATCH"))
STARRED = answered("*", replace(POST, headers=(("X-A", "1"),), credentials="include"), "x-a")
RANGES = (("Range", "bytes=0-1"), ("Range", "bytes=2-3"))


def unanswered(fetch: Fetch) -> Doings:
    """Something is remembered; then this goes without preflight, and is not answered; then memory is used."""
    return (
        *answered("PUT"),
        did(fetch, None, None, sends(fetch.method), None, allowed=False, time=0.5),
        *later(PUT),
    )


DEVIATIONS: list[Row] = [
    ("C-PF-4", HOLDS, naming("range", *RANGES, fetch=FLAGGED)),
    ("C-PF-4", BROKEN, naming("", *RANGES, fetch=FLAGGED)),
    ("C-PF-4", HOLDS, naming("", *RANGES)),
    ("C-PF-4", HOLDS, naming("", ("Content-Language", "a"), ("Range", "bytes=0-1"), fetch=FLAGGED)),
    ("C-PF-9", HOLDS, UNLISTED),
    ("C-PF-14", HOLDS, UNLISTED),
    *(("C-PF-9", BROKEN, by(engine, UNLISTED)) for engine in (CHROMIUM, FIREFOX, WEBKIT)),
    *(("C-PF-14", NOT, by(engine, UNLISTED)) for engine in (CHROMIUM, FIREFOX, WEBKIT)),
    ("C-PF-7", BROKEN, UNSHARED),
    ("C-PF-7", BROKEN, by(WEBKIT, UNSHARED)),
    ("C-PF-7", NOT, by(FIREFOX, UNSHARED)),
    ("C-PF-7", NOT, by(FIREFOX, nothing(PUT))),
    ("C-PF-7", BROKEN, by(FIREFOX, sent_after(f"{METHODS}PUT"))),
    ("C-WLD-1", BROKEN, BY_WILDCARD),
    ("C-WLD-1", HOLDS, by(FIREFOX, BY_WILDCARD)),
    ("C-WLD-1", BROKEN, by(FIREFOX, sent_after(f"{EVERYONE} | {METHODS}PUT", fetch=CREDENTIALED))),
    ("C-CHK-7", NOT, NOWHERE),
    ("C-CHK-7", NOT, by(WEBKIT, NOWHERE)),
    ("C-CHK-7", HOLDS, by(CHROMIUM, NOWHERE)),
    ("C-CHK-7", NOT, by(CHROMIUM, get(says(LOCATION, 302)))),
    *(
        ("C-CAC-8", HOLDS, by(CHROMIUM, unanswered(replace(WATCHED, method=name))))
        for name in ("GET", "HEAD")
    ),
    ("C-CAC-8", BROKEN, by(CHROMIUM, unanswered(replace(WATCHED, method="POST")))),
    ("C-CAC-8", BROKEN, by(FIREFOX, unanswered(WATCHED))),
    ("C-CAC-8", BROKEN, by(CHROMIUM, unanswered(replace(GET, flagged=True)))),
    ("C-CAC-8", HOLDS, unanswered(GET)),
    ("C-CAC-8", HOLDS, by(WEBKIT, (*answered("PUT"), *refused(), *later(PUT)))),
    ("C-CAC-1", BROKEN, (*answered("PUT"), *REFUSED_PATCH, *later(PATCH))),
    ("C-CAC-1", HOLDS, by(WEBKIT, (*answered("PUT"), *REFUSED_PATCH, *later(PATCH)))),
    ("C-CAC-1", HOLDS, by(WEBKIT, (*REFUSED_PATCH, *later(PATCH)))),
    ("C-CAC-1", NOT, by(WEBKIT, (*stopped(sent_after(f"{METHODS}PATCH | {HOUR}")), *later(PATCH)))),
    ("C-CAC-1", NOT, by(CHROMIUM, (*REFUSED_PATCH, *later(PATCH)))),
    ("C-CAC-1", BROKEN, (*answered("PUT"), *later(replace(POST, upload_listener=True)))),
    *(
        ("C-CAC-1", HOLDS, by(engine, (*answered("PUT"), *later(replace(POST, upload_listener=True)))))
        for engine in (CHROMIUM, FIREFOX, WEBKIT)
    ),
    ("C-CAC-1", BROKEN, by(CHROMIUM, (*answered("PUT"), *later(replace(PATCH, upload_listener=True))))),
    ("C-CAC-7", BROKEN, (*STARRED, *later(PATCH))),
    ("C-CAC-7", HOLDS, by(WEBKIT, (*STARRED, *later(PATCH)))),
    ("C-CAC-7", BROKEN, by(WEBKIT, (*STARRED, *later(CREDENTIALED_PATCH)))),
]

ROWS: list[Row] = [
    *DEVIATIONS,
    *PRIMITIVES,
    *METHODS_AND_HEADERS,
    *SAFELISTED,
    *ENGINES,
    *ORIGINS,
    *PREFLIGHTS,
    *WILDCARDS,
    *CHECKED,
    *EXPOSURE,
    *REDIRECTS,
    *MEMORY,
    *CREDENTIALS_MODES,
]


TOLD = list(dict.fromkeys(RULES[rule].id for rule, _, _ in ROWS))


def test_most_rules_about_browsers_have_rows() -> None:
    assert len(TOLD) >= 71


@pytest.mark.parametrize("rule", TOLD)
def test_a_rule_says_of_what_a_browser_did(rule: str) -> None:
    rows = [row for row in ROWS if RULES[row[0]].id == rule]
    assert {expected for _, expected, _ in rows} == {HOLDS, BROKEN, NOT}
    for _, expected, trace in rows:
        assert verdict(rule, trace) == expected, trace
