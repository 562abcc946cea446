"""The rules about which responses a browser shares with a script: the CORS check."""

from dataclasses import replace

import pytest

from spec.rules.browser.examples import (
    CREDENTIALED,
    CREDENTIALS,
    EVERYONE,
    GET,
    MINE,
    PAGE,
    SERVER,
    did,
    get,
    says,
)
from tests.helpers.verdicts import BROKEN, HOLDS, NOT
from tests.unit.spec.rules.browser.examples import (
    HOME,
    NULL,
    ON_THE_WAY,
    OPAQUE,
    OPEN,
    TAINTED,
    Row,
    judge,
    not_shared,
    nothing,
    shared,
    told,
)

SEVERAL = (f"{MINE} | {MINE}", f"{EVERYONE} | {EVERYONE}", f"{EVERYONE} | {MINE}", f"{MINE} | {NULL}")

ROWS: list[Row] = [
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


@pytest.mark.parametrize("rule", told(ROWS))
def test_a_rule_says_of_what_a_browser_did(rule: str) -> None:
    judge(rule, ROWS)
