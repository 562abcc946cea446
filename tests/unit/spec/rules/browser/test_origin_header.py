"""The rules about what the Origin header says."""

from dataclasses import replace

import pytest

from spec.browser import FIREFOX, Fetch
from spec.rules.browser.examples import GET, OTHER, PAGE, PUT, SERVER, asks, did, says, sends
from tests.helpers.verdicts import BROKEN, HOLDS, NOT
from tests.unit.spec.rules.browser.examples import (
    HOME,
    OPAQUE,
    TAINTED,
    Row,
    asked,
    by,
    either,
    hop_to,
    judge,
    simply,
    told,
)


def origins(rule: str, fetch: Fetch, right: str, wrong: str) -> list[Row]:
    """What Origin must say, in preflights and in requests."""
    return [
        *either(rule, breaks=simply(fetch, origin=wrong), keeps=simply(fetch, origin=right)),
        *either(rule, breaks=asked(fetch, asks(origin=wrong)), keeps=asked(fetch, asks(origin=right))),
        (rule, NOT, simply(fetch, origin="")),
        (rule, BROKEN, simply(fetch, f"origin: {right}", origin=right)),
        (rule, BROKEN, (did(fetch, asks(origin=wrong), says(), sends(origin=right), says()),)),
    ]


UNTAINTED = (hop_to(SERVER), hop_to(PAGE), hop_to(SERVER, PAGE), hop_to(SERVER, PAGE, SERVER, SERVER))

ROWS: list[Row] = [
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


@pytest.mark.parametrize("rule", told(ROWS))
def test_a_rule_says_of_what_a_browser_did(rule: str) -> None:
    judge(rule, ROWS)
