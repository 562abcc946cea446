"""The browser rules and the modelled browser are two readings of one standard: here each checks the other."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from itertools import chain, product
from typing import Any, Literal

import pytest

from spec.browser import CHROMIUM, FIREFOX, STANDARD, WEBKIT, Engine, Fetch, Hop, PreflightCache, trace
from spec.http import Headers, Request, Response
from spec.rules import RULES, guidance
from spec.rules.browser import CHAPTERS
from spec.rules.record import Level, Profile, Rule, Subject
from tests.unit.spec.rules.browser.examples import told

HOME, AWAY, FAR = "https://page.example", "https://server.example", "https://far.example"
ENGINES = (STANDARD, CHROMIUM, FIREFOX, WEBKIT)
MODES: tuple[Literal["omit", "same-origin", "include"], ...] = ("omit", "same-origin", "include")
EXECUTABLE = {rule.id: rule for rule in RULES.values() if rule.subject is Subject.FETCH}

Case = list[Hop]


def lines(**fields: Any) -> Headers:
    """Header lines from keywords, `_` for `-`, a tuple for several lines, None for no line."""
    return tuple(
        (name.replace("_", "-").encode(), value.encode("latin-1"))
        for name, values in fields.items()
        for value in (values if isinstance(values, tuple) else (values,))
        if value is not None
    )


def cors(origin: Any = None, credentials: Any = None, methods: Any = None, headers: Any = None) -> Headers:
    return lines(
        access_control_allow_origin=origin,
        access_control_allow_credentials=credentials,
        access_control_allow_methods=methods,
        access_control_allow_headers=headers,
    )


def answering(preflight: Response, response: Response) -> Callable[[Request], Response]:
    return lambda request: preflight if request.lines("access-control-request-method") else response


def open_to(request: Request) -> Response:
    """A server that allows whoever asks whatever is asked, with credentials too."""
    asked = request.lines("access-control-request-headers")
    method = request.lines("access-control-request-method") or [b"GET"]
    origin = request.lines("origin") or [b"*"]
    return Response(
        200,
        cors(origin[0].decode(), "true", method[0].decode(), asked[0].decode() if asked else None)
        + lines(content_type="text/plain", set_cookie="a=1", x_count="1"),
    )


# The scope: what the modelled browser does in all of these cases

ORIGIN_VALUES = (
    None, "*", HOME, "null", AWAY, HOME + "/", HOME.upper(), HOME + ":443", HOME + "\x0b", f" {HOME}\t",
    f"{HOME}, {HOME}", (HOME, HOME), ("*", "*"), ("*", HOME), "", " *",
)  # fmt: skip
CREDENTIALS_VALUES = (None, "true", "True", "false", ("true", "true"), " true ", "true\x00")
METHOD_LISTS = (
    None, "", "PUT", "put", "*", "PUT, *", " , PUT ,,\tPATCH", ("PUT", "PATCH"), ("PUT", "a b"), "PUT;q=1",
    ",",
    "patch", "Patch", "DELETE", ("", "*"),
)  # fmt: skip
HEADER_LISTS = (
    None, "", "x-a", "X-A,x-b", "*", "*, authorization", "Authorization, x-a", ("x-a", "*"), ("x-a", "x b"),
    " x-a ,, x-b ", '"x-a"', "authorization", ("", "x-a, x-b"), ",", "x-a\x0b",
)  # fmt: skip
EXPOSED_LISTS = (
    None, "", "x-count", "X-Count, x-other", "*", "*, x-count", ("x-count", "x-other"), ("x-count", "x@"),
    "set-cookie",
    "x-count;", '"*"', " , x-count",
)  # fmt: skip
STATUSES = (200, 201, 204, 206, 299, 300, 301, 302, 303, 304, 307, 308, 400, 401, 404, 500, 199)

# What the CORS check reads: all values at one status, the telling values at every status.
CHECKED = (
    *product((200,), ORIGIN_VALUES, CREDENTIALS_VALUES),
    *product(STATUSES, (None, "*", HOME, "null"), (None, "true")),
)

PLAIN = Fetch(HOME, AWAY)
ASKING = (
    Fetch(HOME, AWAY, "put"),
    Fetch(HOME, AWAY, "patch"),
    Fetch(HOME, AWAY, "*"),
    Fetch(HOME, AWAY, "GET", (("X-A", "1"),)),
    Fetch(HOME, AWAY, "PUT", (("X-B", "1"), ("x-a", "2"), ("X-b", "3"))),
    Fetch(HOME, AWAY, "GET", (("Authorization", "k"),)),
    Fetch(HOME, AWAY, "GET", (("Authorization", "k"), ("X-A", "1"), ("*", "1"))),
    Fetch(HOME, AWAY, "post", upload_listener=True),
    Fetch(HOME, AWAY, "PUT", stream_body=True),
)


def judged_preflights() -> Iterator[Case]:
    """Every form of every header that decides about a preflight."""
    good = Response(200, cors(HOME, "true"))
    everywhere = chain(
        product((STANDARD,), MODES[1:], ASKING, METHOD_LISTS, ("x-a", "*", "x-a, x-b, authorization")),
        product((STANDARD,), MODES[1:], ASKING, ("PUT", "*, PUT", None), HEADER_LISTS),
    )
    with_authorization = product(ENGINES[1:], MODES[1:], ASKING[5:7], ("GET",), HEADER_LISTS)
    for engine, mode, fetch, methods, headers in chain(everywhere, with_authorization):
        answer = Response(204, cors(HOME, "true", methods, headers))
        yield trace(replace(fetch, credentials=mode), answering(answer, good), engine=engine)
    for mode, (status, origin, credentials) in product(MODES, CHECKED):
        answer = Response(status, cors(origin, credentials, "PUT"))
        yield trace(Fetch(HOME, AWAY, "PUT", credentials=mode), answering(answer, good))


def judged_responses() -> Iterator[Case]:
    """Every form of every header that decides about a response."""
    more = lines(content_type="a/b", x_count="1", x_other="2", set_cookie="a=1", Set_Cookie2="b", Pragma="x")
    for page, mode, (status, origin, credentials) in product((HOME, "null"), MODES, CHECKED):
        response = Response(status, cors(origin, credentials) + more)
        yield trace(Fetch(page, AWAY, credentials=mode), answering(response, response))
    for url, mode, exposed, status in product((HOME, AWAY), MODES, EXPOSED_LISTS, (200, 301, 404)):
        response = Response(status, cors(HOME, "true") + more + lines(access_control_expose_headers=exposed))
        yield trace(Fetch(HOME, url, credentials=mode), answering(response, response))


BYTES = [chr(byte) for byte in range(256)]
HEADERS_BY_BYTE = (
    *(("Accept", f"text/{byte}") for byte in BYTES),
    *(("Accept-Language", f"e{byte}n") for byte in BYTES),
    *(("content-language", f"e{byte}n") for byte in BYTES),
    *(("Content-Type", f"text/plain{byte}") for byte in BYTES),
    *(("Content-Type", f"text/plain;{byte}") for byte in BYTES),
    *(("Content-Type", f"text{byte}/plain") for byte in BYTES),
    *(("Range", f"bytes=1{byte}-5") for byte in BYTES),
    *((byte, "1") for byte in BYTES),
)
SCRIPT_HEADERS = (
    *(("Accept", value) for value in ("\x7f", "\x80", "\xff")),
    *((name, "1" * length) for name in ("Accept", "ACCEPT-LANGUAGE", "X-A") for length in (0, 127, 128, 129)),
    *(("Content-Type", "text/plain;" + "a" * length) for length in (116, 117, 118)),
    *(("Range", f"bytes=0-{'9' * length}") for length in (119, 120, 121)),
    *(
        ("Content-Type", value)
        for value in (
            "", "text/plain", "TEXT/Plain", " text/plain ", "text/plain ; charset=utf-8", "text/ plain",
            "/", "text/",
            "/plain", "text", "text/plain, text/plain", "multipart/form-data; boundary=x", "application/json",
            "application/x-www-form-urlencoded", "text/plain;charset=\"utf-8", "text/html", "text/plain\x0b",
        )
    ),
    *(
        ("Range", value)
        for value in (
            "bytes=0-", "bytes=0-0", "bytes=-5", "bytes=5-4", "bytes=5-5", "bytes=05-5", "bytes=-",
            "bytes=", "bytes",
            "Bytes=0-", "bytes=0-1,2-3", "bytes = 0-1", "bytes=0 -1", "bytes=0- 1", "items=0-1",
            "bytes=a-", "",
            "bytes=\xb2-", "bytes=0-1-2",
        )
    ),
    *(
        (name, "x")
        for name in (
            "Accept-Charset", "Accept-Encoding", "Access-Control-Request-Headers",
            "access-control-request-method",
            "Connection", "Content-Length", "Cookie", "Cookie2", "Date", "DNT", "Expect", "Host",
            "Keep-Alive",
            "Origin", "Referer", "Set-Cookie", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Via",
            "Proxy-X",
            "Sec-X", "proxy", "sec", "Secure", "User-Agent", "X-Cookie", "DPR", "Save-Data",
            "Viewport-Width", "Width",
            "Downlink", "Authorization", "Access-Control-Request-Private-Network",
        )
    ),
    *(
        (name, value)
        for name in ("X-HTTP-Method", "x-http-method-override", "X-Method-Override", "X-Method")
        for value in (
            "GET", "TRACE", "trace", "GET, TRACK", "GET,connect ,", "TRACES", '"a,TRACE', '"a",TRACE',
            '"a\\",TRACE,',
            '"a\\",",TRACE', "x\"a,TRACE\"", '"TRACE"', '"a\\',
        )
    ),
)  # fmt: skip
REPEATED = (
    (("Accept", "a" * 64), ("accept", "b" * 63)),
    (("Accept", "a" * 100), ("accept", "b" * 100)),
    (("Range", "bytes=0-1"), ("Range", "bytes=2-3")),
    (("X-A", "1"), ("x-a", "2"), ("Accept", ":")),
    *(
        (
            *((("Accept", "a" * 128),) * 7),
            ("Content-Language", "b" * 64),
            ("Accept-Language", "c" * length),
            *more,
        )
        for length in (63, 64, 65)
        for more in ((), (("X-A", "1" * 200),), (("Accept", "a" * 129),))
    ),
)
METHODS = (
    "GET", "get", "HEAD", "head", "POST", "Post", "PUT", "put", "DELETE", "delete", "OPTIONS", "options",
    "PATCH",
    "patch", "QUERY", "CONNECT", "trace", "Track", "", "a b", "PO\u017fT", "\xe9", "*", "UNLINK",
)  # fmt: skip


def classified_requests() -> Iterator[Case]:
    """Every header value, every method, whether watched or streamed."""
    for header in HEADERS_BY_BYTE:
        yield trace(Fetch(HOME, AWAY, headers=(header,)), open_to)
    for engine, header in product(ENGINES, SCRIPT_HEADERS):
        yield trace(Fetch(HOME, AWAY, headers=(header,)), open_to, engine=engine)
    for header in SCRIPT_HEADERS:
        yield trace(Fetch("null", AWAY, "PUT", (header, ("X-Z", " 1\t"), ("a", ""))), open_to)
    for engine, headers, method in product(ENGINES, REPEATED, ("GET", "PUT")):
        yield trace(Fetch(HOME, AWAY, method, headers), open_to, engine=engine)
    for page, method, watched, streamed, url in product(
        (HOME, "null"), METHODS, (False, True), (False, True), (HOME, AWAY)
    ):
        yield trace(Fetch(page, url, method, (), "include", watched, streamed, "/a?b"), open_to)


LOCATIONS = (
    None, "/next", "next?q#f", "", FAR, FAR + "/x", HOME + "/x", AWAY + "/x", "//far.example",
    "http://far.example",
    "https://user@far.example", "https://user:pw@server.example/x", "https://:@far.example/",
    "https://@page.example/",
    "https://user@page.example/", "ftp://far.example", "data:,x", "https://", "https://far.example:99999",
    "HTTPS://FAR.EXAMPLE:443/x", ("/a", "/a"), "\\\\far.example/x", "https:next", "https:\\\\far.example",
)  # fmt: skip


def redirecting(status: int, location: Any) -> Callable[[Request], Response]:
    def serve(request: Request) -> Response:
        answer = open_to(request)
        if request.lines("access-control-request-method") or request.path != "/":
            return answer
        return replace(answer, status=status, headers=answer.headers + lines(location=location))

    return serve


def redirected_fetches() -> Iterator[Case]:
    """One redirect of every kind, chains of them, and redirects whose hops fail."""
    kinds = (
        Fetch(HOME, AWAY),
        Fetch(HOME, HOME),
        Fetch("null", AWAY),
        Fetch(HOME, AWAY, "POST", (("Content-Type", "text/plain"), ("Content-Language", "en"))),
        Fetch(HOME, AWAY, "PUT", (("Authorization", "k"), ("Content-Type", "a/b")), "include"),
        Fetch(HOME, HOME, "POST", (("Authorization", "k"), ("Content-Location", "x"), ("X-A", "1"))),
        Fetch(HOME, AWAY, "HEAD", (("Authorization", "k"),)),
        Fetch(HOME, AWAY, "POST", stream_body=True),
        Fetch(HOME, AWAY, "POST", upload_listener=True),
    )
    servers = {HOME: open_to, AWAY: open_to, FAR: open_to}
    everywhere = product((STANDARD,), kinds, (200, 301, 302, 303, 304, 307, 308), LOCATIONS)
    by_engine = product(
        ENGINES[1:], kinds, (302, 303, 307), ("/next", HOME + "/x", FAR, "//user@far.example")
    )
    for engine, fetch, status, location in chain(everywhere, by_engine):
        yield trace(fetch, redirecting(status, location), elsewhere=servers, engine=engine)
    for first, second, third, method, origin in product(
        (HOME, AWAY), (HOME, AWAY, FAR), (HOME, AWAY, FAR), ("GET", "PUT"), (None, "*", HOME, "null")
    ):
        serve = led_through(second, third, Response(200, cors(origin, "true", "PUT") + lines(x="1")))
        everyone = {HOME: serve, AWAY: serve, FAR: serve}
        yield trace(Fetch(HOME, first, method), serve, elsewhere=everyone)
    yield trace(PLAIN, lambda request: Response(302, cors("*") + lines(location="")))


def led_through(second: str, third: str, last: Response) -> Callable[[Request], Response]:
    """A server for `/`, which leads to `/2` there, which leads to `/3` there, which answers this."""

    def serve(request: Request) -> Response:
        if request.path == "/":
            return redirecting(302, second + "/2")(request)
        if request.path == "/2" and not request.lines("access-control-request-method"):
            return Response(307, last.headers + lines(location=third + "/3"))
        return last

    return serve


MAX_AGES = (
    None, "", "0", "00", "1", "5", "6", "10", "010", "600", "601", "7200", "7201", "86400", "86401",
    "9" * 19, "9" * 20,
    "9" * 5000, "-1", "abc", "+5", "1.5", "10, 20", ("10", "10"), " 10 ", "10\x0b",
)  # fmt: skip
MOMENTS = (0.0, 0.5, 1.0, 4.9, 5.0, 9.0, 10.0, 600.0, 7199.0, 7200.0, 86399.0, 86400.0)


def remembered_fetches() -> Iterator[Case]:
    """Two and three fetches that share a cache, at every interesting moment."""

    def sequence(engine: Engine, *steps: tuple[float, Fetch, Callable[[Request], Response]]) -> Case:
        clock = [0.0]
        cache = PreflightCache(now=lambda: clock[0])
        done: Case = []
        for moment, fetch, serve in steps:
            clock[0] = moment
            done += trace(fetch, serve, cache=cache, engine=engine)
        return done

    put = Fetch(HOME, AWAY, "PUT")
    for engine, age, moment in product(ENGINES, MAX_AGES, MOMENTS):
        answer = Response(200, cors("*", None, "PUT") + lines(access_control_max_age=age))
        serve = answering(answer, answer)
        yield sequence(engine, (0.0, put, serve), (moment, put, serve))
    wanted = (
        put,
        replace(put, credentials="include"),
        replace(put, path="/other"),
        replace(put, page_origin="null"),
        replace(put, method="PATCH"),
        replace(put, method="GET", headers=(("X-A", "1"),)),
        replace(put, headers=(("Authorization", "k"),)),
        replace(put, method="POST", upload_listener=True),
        PLAIN,
    )
    forbidden = answering(Response(200, ()), Response(200, ()))
    failing = answering(
        Response(200, cors(HOME, "true", "PUT, *", "*, authorization, x-a")), Response(200, ())
    )
    listed = (("PUT", "*"), ("*", "*, authorization"), ("PUT, PATCH, POST", "x-a, Authorization"))
    everywhere = product((STANDARD,), wanted, wanted, listed, MODES[1:], (HOME, "null"))
    by_engine = product(ENGINES[1:], wanted[:-1], wanted, listed[:2], MODES[1:], (HOME,))
    for engine, first, second, (methods, headers), mode, origin in chain(everywhere, by_engine):
        answer = Response(200, cors(origin, "true", methods, headers))
        serve = answering(answer, answer)
        yield sequence(engine, (0.0, replace(first, credentials=mode), serve), (1.0, second, serve))
    for engine, first, broken, between in product((STANDARD, CHROMIUM), wanted, wanted, (forbidden, failing)):
        yield sequence(engine, (0.0, first, open_to), (1.0, broken, between), (2.0, first, open_to))


# How often each rule must at least apply in the scope below.
FLOOR = 4

FAMILIES = {
    "P": 6, "C-MTH": 5, "C-HDR": 3, "C-SAF": 8, "C-ORG": 6, "C-PF": 15, "C-WLD": 2, "C-LST": 2, "C-CHK": 10,
    "C-EXP": 4, "C-RED": 7, "C-CAC": 8, "C-CRD": 3, "C-MODE": 1,
}  # fmt: skip

SCOPE = {
    "preflights": judged_preflights,
    "responses": judged_responses,
    "requests": classified_requests,
    "redirects": redirected_fetches,
    "memory": remembered_fetches,
}


def broken_rules(case: tuple[Hop, ...], applied: Counter[str] | None = None) -> list[str]:
    """The ids of the rules that these hops break; counts those that apply."""
    broken = []
    for id, rule in EXECUTABLE.items():
        if rule.applies(*case):
            if applied is not None:
                applied[id] += 1
            assert rule.holds is not None
            if not rule.holds(*case):
                broken.append(id)
    return broken


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize("subject", SCOPE)
def test_the_modelled_browser_breaks_no_rule_in_every_seventh_case(subject: str) -> None:
    for case in list(SCOPE[subject]())[::7]:
        broken = broken_rules(tuple(case))
        assert not broken, case


@pytest.mark.slow
@pytest.mark.mutation_skip  # every seventh case is enough to notice a mutant
def test_the_modelled_browser_breaks_no_rule() -> None:
    applied: Counter[str] = Counter()
    seen = 0
    for cases in SCOPE.values():
        for case in cases():
            seen += len(case)
            broken = broken_rules(tuple(case), applied)
            assert not broken, case
    assert seen > 15_000
    assert all(applied[id] >= FLOOR for id in EXECUTABLE), applied


def test_every_rule_of_browsers_is_in_the_table() -> None:
    ids = {id for rule in EXECUTABLE.values() for id in rule.ids} | guidance().keys()
    for family, last in FAMILIES.items():
        assert {id for id in ids if id.rpartition("-")[0] == family} >= {
            f"{family}-{number}" for number in range(1, last + 1)
        }


@pytest.mark.parametrize("rule", EXECUTABLE.values(), ids=lambda rule: rule.id)
def test_a_rule_is_complete(rule: Rule) -> None:
    places = ("https://fetch.spec.whatwg.org/#", "https://www.rfc-editor.org/rfc/")
    assert all(source.startswith(places) for source in rule.sources)
    assert (rule.level, rule.profile) == (Level.MUST, Profile.PROTOCOL)
    assert rule.holds is not None


def test_every_rule_has_rows_with_those_of_its_chapter() -> None:
    for chapter in CHAPTERS:
        tests = import_module(f"{__package__}.test_{chapter.__name__.rpartition('.')[2]}")
        assert set(told(tests.ROWS)) == {rule.id for rule in chapter.RULES}
