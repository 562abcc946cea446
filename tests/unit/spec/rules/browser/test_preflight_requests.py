"""The rules about when a browser sends a preflight, and what is in it."""

from dataclasses import replace

import pytest

from spec.browser import CHROMIUM, FIREFOX, WEBKIT
from spec.rules.browser.examples import CREDENTIALED_PUT, GET, PAGE, PUT, SERVER, asks, script, twice
from tests.helpers.verdicts import BROKEN, HOLDS, NOT
from tests.unit.spec.rules.browser.examples import (
    A_128,
    AUTHORIZED,
    FLAGGED,
    HOME,
    LISTED,
    OPAQUE,
    POST,
    STREAMED,
    TAINTED,
    TRACE,
    WATCHED,
    Row,
    asked,
    by,
    either,
    hop_to,
    judge,
    method,
    naming,
    setting,
    simply,
    told,
)

BOTH = script("X-A", "1", ("X-B", "2"))
RANGES = (("Range", "bytes=0-1"), ("Range", "bytes=2-3"))

ROWS: list[Row] = [
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
    # Where engines leave the standard, the standard's classification does not apply
    ("C-PF-1", BROKEN, by(FIREFOX, simply(replace(WATCHED, preflighted=True)))),
    ("C-PF-1", NOT, by(FIREFOX, simply(replace(GET, preflighted=True)))),
    ("C-PF-1", HOLDS, by(CHROMIUM, simply(replace(GET, preflighted=True)))),
    ("C-PF-1", BROKEN, by(FIREFOX, simply(WATCHED))),
    ("C-PF-1", BROKEN, by(WEBKIT, simply(replace(WATCHED, preflighted=True)))),
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
    ("C-PF-4", BROKEN, naming("", ("X-A", "bytes=0-"))),
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
    # What engines are known to do otherwise is no breach of theirs, and one of the others
    ("C-PF-4", HOLDS, naming("range", *RANGES, fetch=FLAGGED)),
    ("C-PF-4", BROKEN, naming("", *RANGES, fetch=FLAGGED)),
    ("C-PF-4", HOLDS, naming("", *RANGES)),
    ("C-PF-4", HOLDS, naming("", ("Content-Language", "a"), ("Range", "bytes=0-1"), fetch=FLAGGED)),
    ("C-PF-5", NOT, simply(PUT, "cookie: a=1")),
    ("C-PF-5", HOLDS, asked(AUTHORIZED, asks("PUT", "authorization"))),
    ("C-PF-5", BROKEN, asked(AUTHORIZED, asks("PUT", "authorization", more="authorization: k"))),
    ("C-PF-5", BROKEN, asked(CREDENTIALED_PUT, asks(more="cookie: a=1"))),
]


@pytest.mark.parametrize("rule", told(ROWS))
def test_a_rule_says_of_what_a_browser_did(rule: str) -> None:
    judge(rule, ROWS)
