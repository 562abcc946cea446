"""The rules about requests with credentials, and about those that must have none."""

from dataclasses import replace

import pytest

from spec.browser import CHROMIUM, WEBKIT
from spec.rules.browser.examples import (
    CREDENTIALED,
    CREDENTIALS,
    EVERYONE,
    GET,
    MINE,
    PAGE,
    PUT,
    SERVER,
    asks,
    get,
    says,
)
from tests.helpers.verdicts import HOLDS, NOT
from tests.unit.spec.rules.browser.examples import (
    HOME,
    LOCATION,
    NULL,
    ON_THE_WAY,
    OPAQUE,
    OPEN,
    TAINTED,
    Row,
    asked,
    by,
    either,
    hop_to,
    judge,
    not_shared,
    nothing,
    shared,
    simply,
    told,
)

OMITTING = replace(GET, credentials="omit")
NOWHERE = get(says(f"{MINE} | location: ", 302))

ROWS: list[Row] = [
    ("P-2", NOT, get(says(MINE))),
    ("P-2", NOT, get(says(f"{OPEN} | {CREDENTIALS}"))),
    ("P-2", NOT, get(says(OPEN), fetch=CREDENTIALED)),
    ("P-2", NOT, get(says(f"{MINE} | {MINE}"), fetch=HOME)),
    *not_shared("P-2", f"{MINE} | {MINE}"),
    *not_shared("P-2", f"{OPEN} | {CREDENTIALS}", CREDENTIALED),
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
    # What engines are known to do otherwise is no breach of theirs, and one of the others
    ("C-CHK-7", NOT, NOWHERE),
    ("C-CHK-7", NOT, by(WEBKIT, NOWHERE)),
    ("C-CHK-7", HOLDS, by(CHROMIUM, NOWHERE)),
    ("C-CHK-7", NOT, by(CHROMIUM, get(says(LOCATION, 302)))),
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


@pytest.mark.parametrize("rule", told(ROWS))
def test_a_rule_says_of_what_a_browser_did(rule: str) -> None:
    judge(rule, ROWS)
