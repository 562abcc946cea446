"""The rules about what a browser keeps of a request that is redirected, and when it stops."""

from dataclasses import replace

import pytest

from spec.browser import Fetch
from spec.rules.browser.examples import GET, NEXT, OTHER, PUT, SERVER, get, says, sends
from tests.helpers.verdicts import BROKEN, HOLDS, NOT
from tests.unit.spec.rules.browser.examples import (
    AUTHORIZED,
    LOCATION,
    POST,
    STREAMED,
    Doings,
    Row,
    either,
    judge,
    led,
    method,
    setting,
    told,
)


def turned(before: Fetch, status: int, after: Fetch) -> Doings:
    """A fetch and what a redirect with this status makes of it."""
    return led(before, status, "/next", after)


BODY = tuple((f"Content-{name}", "a") for name in ("Encoding", "Language", "Location", "Type"))
KEPT = replace(AUTHORIZED, path="/next")
IN_A_RING = replace(GET, redirected_from=(SERVER,) * 19)

ROWS: list[Row] = [
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


@pytest.mark.parametrize("rule", told(ROWS))
def test_a_rule_says_of_what_a_browser_did(rule: str) -> None:
    judge(rule, ROWS)
