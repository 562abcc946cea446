"""The rules about which methods and headers a script may use."""

from dataclasses import replace

import pytest

from spec.browser import CHROMIUM, FIREFOX, WEBKIT
from spec.rules.browser.examples import GET, MINE, PAGE, PUT, asks, did, says, sends, twice
from tests.helpers.verdicts import BROKEN, HOLDS, NOT
from tests.unit.spec.rules.browser.examples import (
    HOME,
    LISTED,
    STREAMED,
    TRACE,
    WATCHED,
    Doings,
    Row,
    asked,
    by,
    either,
    judge,
    method,
    naming,
    nothing,
    setting,
    simply,
    told,
)


def arriving(sent: str, *headers: tuple[str, str]) -> Doings:
    """A script sets these headers, and those lines arrive."""
    return simply(setting(*headers), sent)


def override(value: str, *, is_sent: bool, name: str = "X-HTTP-Method") -> list[Row]:
    """Whether a value with quotes may override the method."""
    sent, dropped = arriving(f"{name}: {value}", (name, value)), arriving("", (name, value))
    return either("P-5", breaks=dropped, keeps=sent) if is_sent else either("P-5", breaks=sent, keeps=dropped)


def sent_as(asked_for: str, sent: str, named: str = "") -> Doings:
    """A method that a script asks for, the one that the preflight names, and the one that is sent."""
    return (did(method(asked_for), asks(named or sent), says(MINE), sends(sent), says()),)


FORBIDDEN = (
    "accept-charset accept-encoding connection content-length cookie cookie2 date dnt expect host keep-alive "
    "referer set-cookie te trailer transfer-encoding upgrade via proxy-x sec-x"
).split()
OF_PREFLIGHTS = ("access-control-request-method", "access-control-request-headers")
OVERRIDES = ("x-http-method", "x-http-method-override", "x-method-override")

ROWS: list[Row] = [
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
]


@pytest.mark.parametrize("rule", told(ROWS))
def test_a_rule_says_of_what_a_browser_did(rule: str) -> None:
    judge(rule, ROWS)
