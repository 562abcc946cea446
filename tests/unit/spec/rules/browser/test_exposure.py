"""The rules about which response headers a script may read."""

import pytest

from spec.rules.browser.examples import CREDENTIALED, EXPOSED, GET, MINE, get, says
from tests.helpers.verdicts import NOT
from tests.unit.spec.rules.browser.examples import HOME, OPEN, SEVEN, Row, judge, nothing, readable, told

ALL_SEVEN = " | ".join(f"{name.title()}: 1" for name in SEVEN.split())
MORE = "x-a: 1 | X-B: 1 | x-c: 1 | content-type: a/b"

ROWS: list[Row] = [
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
]


@pytest.mark.parametrize("rule", told(ROWS))
def test_a_rule_says_of_what_a_browser_did(rule: str) -> None:
    judge(rule, ROWS)
