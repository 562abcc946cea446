"""The rules about how a browser reads lists in responses, wildcards included."""

from dataclasses import replace

import pytest

from spec.browser import CHROMIUM, FIREFOX
from spec.rules.browser.examples import (
    CREDENTIALED,
    CREDENTIALED_PUT,
    EVERYONE,
    EXPOSED,
    HEADERS,
    METHODS,
    MINE,
    PAGE,
    PUT,
    asks,
    did,
    get,
    says,
    script,
    sends,
    sent_after,
    stopped_after,
)
from tests.helpers.verdicts import BROKEN, HOLDS, NOT
from tests.unit.spec.rules.browser.examples import (
    AUTHORIZED,
    HOME,
    HOMECOMING,
    LISTED,
    NAMED,
    OPEN,
    SEVEN,
    Row,
    by,
    either,
    failing,
    judge,
    not_shared,
    passing,
    readable,
    simply,
    stopped,
    told,
)

EXPOSING = f"{OPEN} | {EXPOSED}*, x-a | x-a: 1 | x-b: 1 | set-cookie: 1 | expires: 0 | *: 1"
BY_WILDCARD = sent_after(f"{EVERYONE} | {METHODS}PUT", fetch=replace(HOMECOMING, credentials="include"))

ROWS: list[Row] = [
    ("P-3", NOT, get(says(f"{MINE} | {EXPOSED}x a"))),
    ("P-3", NOT, get(says(f"{MINE} | {EXPOSED}x-a | {EXPOSED}x-b"))),
    ("P-3", NOT, get(says(f"{EXPOSED}x-a | {EXPOSED}x b"), fetch=HOME)),
    *failing("P-3", f"{LISTED} | {METHODS}x b"),
    *failing("P-3", f"{NAMED} | {HEADERS}x b"),
    *readable("P-3", f"{MINE} | {EXPOSED}x-a | {EXPOSED}x b", SEVEN, f"{SEVEN} x-a"),
    ("P-3", HOLDS, (did(PUT, asks(), says(f"{LISTED} | {METHODS}x b"), allowed=False, readable="x-a"),)),
    (
        "P-3",
        HOLDS,
        (did(PUT, asks(), says(LISTED), sends("PUT"), says(f"{EXPOSED}x-a | {EXPOSED}x b")),),
    ),
    ("P-4", NOT, stopped_after(LISTED)),
    ("P-4", NOT, stopped_after(f"{LISTED} | {HEADERS}X")),
    ("P-4", NOT, stopped_after(f"{METHODS}PUT | {HEADERS}")),
    *passing("P-4", f"{LISTED} | {HEADERS}"),
    *passing("P-4", f"{LISTED} | {HEADERS} ,\t,"),
    *passing("P-4", f"{LISTED} | {METHODS},"),
    ("C-WLD-1", NOT, sent_after(f"{LISTED}, *")),
    ("C-WLD-1", NOT, get(says(EVERYONE))),
    ("C-WLD-1", NOT, get(says(EVERYONE), fetch=replace(CREDENTIALED, url_origin=PAGE))),
    ("C-WLD-1", NOT, get(says(f"{OPEN} | {EXPOSED}x-*"), fetch=CREDENTIALED)),
    ("C-WLD-1", NOT, sent_after(OPEN, fetch=CREDENTIALED_PUT)),
    *failing("C-WLD-1", EVERYONE, CREDENTIALED),
    *failing("C-WLD-1", f"{OPEN} | {METHODS}PATCH , *", CREDENTIALED_PUT),
    *not_shared("C-WLD-1", EVERYONE, CREDENTIALED),
    *(
        ("C-WLD-1", HOLDS, sent_after(f"{OPEN} | {answer}", fetch=fetch, asked=asks("PUT", names)))
        for answer, fetch, names in (
            (f"{METHODS}*, PUT", CREDENTIALED_PUT, ""),
            (f"{METHODS}*", replace(CREDENTIALED, method="*"), ""),
            (f"{METHODS}*", CREDENTIALED, ""),
            (f"{HEADERS}*", CREDENTIALED, ""),
            (f"{HEADERS}*, x-a", CREDENTIALED, "x-a"),
            (f"{HEADERS}*", CREDENTIALED, "*"),
            (f"{METHODS}* | {HEADERS}x-b", CREDENTIALED, "x-a"),
            (f"{METHODS}PATCH | {HEADERS}*", CREDENTIALED_PUT, ""),
        )
    ),
    *either(
        "C-WLD-1",
        breaks=sent_after(f"{OPEN} | {HEADERS}*", fetch=CREDENTIALED, asked=asks("GET", "x-a")),
        keeps=stopped(sent_after(f"{OPEN} | {HEADERS}*", fetch=CREDENTIALED, asked=asks("GET", "x-a"))),
    ),
    *readable("C-WLD-1", EXPOSING, f"{SEVEN} set-cookie set-cookie2 x-a *", fetch=CREDENTIALED),
    *readable("C-WLD-1", EXPOSING, "x-a * expires set-cookie", "x-b", "x-a x-b", fetch=CREDENTIALED),
    *readable("C-WLD-1", f"{OPEN} | {EXPOSED}*", "", fetch=CREDENTIALED),
    ("C-WLD-1", HOLDS, get(says(EXPOSING), fetch=CREDENTIALED, readable="x-b", allowed=False)),
    ("C-WLD-1", HOLDS, get(says(f"{OPEN} | {METHODS}* | x-b: 1"), fetch=CREDENTIALED, readable="x-b")),
    # What engines are known to do otherwise is no breach of theirs, and one of the others
    ("C-WLD-1", BROKEN, BY_WILDCARD),
    ("C-WLD-1", HOLDS, by(FIREFOX, BY_WILDCARD)),
    ("C-WLD-1", BROKEN, by(FIREFOX, sent_after(f"{EVERYONE} | {METHODS}PUT", fetch=CREDENTIALED))),
    ("C-WLD-2", NOT, sent_after(LISTED, fetch=AUTHORIZED)),
    ("C-WLD-2", NOT, sent_after(f"{HEADERS}*", fetch=script("X-A", "1"))),
    ("C-WLD-2", NOT, sent_after(f"{HEADERS}*, Authorization", fetch=AUTHORIZED)),
    ("C-WLD-2", NOT, sent_after(f"{HEADERS}*", fetch=replace(AUTHORIZED, credentials="include"))),
    ("C-WLD-2", NOT, by(CHROMIUM, sent_after(f"{HEADERS}*", fetch=AUTHORIZED))),
    ("C-WLD-2", NOT, simply(AUTHORIZED)),
    *failing("C-WLD-2", f"{HEADERS}x-a, *", AUTHORIZED),
    ("C-LST-1", NOT, stopped_after(NAMED)),
    ("C-LST-1", NOT, stopped_after(f"{METHODS}PATCH | {METHODS}PUT")),
    *passing("C-LST-1", f"{MINE} | {METHODS}PATCH | {METHODS}PUT"),
    *passing("C-LST-1", f"{NAMED} | {HEADERS}x-b"),
    ("C-LST-2", NOT, stopped_after(f"{LISTED}, PATCH | {HEADERS}x-a, x-b")),
    ("C-LST-2", NOT, stopped_after(f"{MINE} | {METHODS}PATCH | {METHODS}PUT")),
    ("C-LST-2", NOT, stopped_after(f"{METHODS}PATCH ,PUT")),
    *passing("C-LST-2", f"{MINE} | {METHODS}PATCH,PUT"),
    *passing("C-LST-2", f"{MINE} | {METHODS},, PUT\t,"),
    *passing("C-LST-2", f"{NAMED} ,"),
]


@pytest.mark.parametrize("rule", told(ROWS))
def test_a_rule_says_of_what_a_browser_did(rule: str) -> None:
    judge(rule, ROWS)
