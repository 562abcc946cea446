"""The rules about which request headers need no preflight."""

from dataclasses import replace

import pytest

from spec.browser import CHROMIUM, FIREFOX, WEBKIT
from spec.rules.browser.examples import PAGE, PUT, script, twice
from tests.helpers.verdicts import BROKEN, HOLDS, NOT
from tests.unit.spec.rules.browser.examples import A_128, LISTED, TRACE, Row, by, either, judge, naming, told


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
HIGH = ("Accept", "\x80")

ROWS: list[Row] = [
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
    # Where engines leave the standard, the standard's classification does not apply
    ("C-SAF-2", HOLDS, by(FIREFOX, naming("", *((A_128,) * 8)))),
    ("C-SAF-2", NOT, by(FIREFOX, naming("accept", HIGH))),
    ("C-SAF-2", NOT, by(FIREFOX, naming("accept", HIGH, ("X-A", "1")))),
    ("C-SAF-2", HOLDS, by(WEBKIT, naming("", HIGH))),
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
    # Where engines leave the standard, the standard's classification does not apply
    ("C-SAF-6", NOT, by(FIREFOX, naming("", *((A_128,) * 9)))),
    ("C-SAF-6", NOT, by(FIREFOX, naming("", *((A_128,) * 8), ("Accept", "a")))),
    ("C-SAF-6", HOLDS, by(WEBKIT, naming("accept", *((A_128,) * 9)))),
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
    ("C-SAF-7", BROKEN, naming("x-a", ("X-A", "1"), ("X-B", "2"))),
    ("C-SAF-7", HOLDS, naming("x-b, x-a", ("X-A", "1"), ("X-B", "2"))),
    # Where engines leave the standard, the standard's classification does not apply
    ("C-SAF-7", BROKEN, by(CHROMIUM, naming("", ("X-A", "1"), ("x-a", "2")))),
    ("C-SAF-7", NOT, by(FIREFOX, naming("", ("X-A", "1"), ("x-a", "2")))),
    ("C-SAF-7", HOLDS, by(CHROMIUM, naming("x-a,x-b", ("X-A", "1"), ("X-B", "2")))),
    ("C-SAF-7", HOLDS, by(WEBKIT, naming("x-a", ("X-A", "1"), ("x-a", "2")))),
    ("C-SAF-7", NOT, by(CHROMIUM, naming("", ("Save-Data", "on"), ("X-A", "1")))),
    ("C-SAF-7", HOLDS, by(FIREFOX, naming("save-data", ("Save-Data", "on")))),
    ("C-SAF-7", HOLDS, by(FIREFOX, naming("x-a", ("X-A", "\x80"), ("Accept", "a")))),
]


@pytest.mark.slow
@pytest.mark.mutation
@pytest.mark.parametrize("rule", told(ROWS))
def test_a_rule_says_of_what_a_browser_did(rule: str) -> None:
    judge(rule, ROWS)
