"""The rules about which redirects a browser follows, and how it checks them."""

from dataclasses import replace

import pytest

from spec.browser import FIREFOX, Fetch
from spec.rules.browser.examples import (
    CREDENTIALED,
    EVERYONE,
    GET,
    MINE,
    NEXT,
    PAGE,
    SERVER,
    asks,
    get,
    redirected,
    says,
)
from tests.helpers.verdicts import BROKEN, HOLDS, NOT
from tests.unit.spec.rules.browser.examples import (
    HOME,
    NULL,
    OPAQUE,
    OPEN,
    TAINTED,
    WATCHED,
    Doings,
    Row,
    asked,
    by,
    either,
    hop_to,
    judge,
    led,
    not_shared,
    nothing,
    simply,
    told,
)


def with_user(location: str, first: Fetch = GET, after: Fetch = NEXT) -> Doings:
    """A redirect to this URL that is followed."""
    return led(first, 302, location, after)


ROWS: list[Row] = [
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
]


@pytest.mark.parametrize("rule", told(ROWS))
def test_a_rule_says_of_what_a_browser_did(rule: str) -> None:
    judge(rule, ROWS)
