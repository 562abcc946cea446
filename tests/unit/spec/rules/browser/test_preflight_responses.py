"""The rules about which responses to a preflight let the browser send the request."""

from dataclasses import replace

import pytest

from spec.browser import CHROMIUM, FIREFOX, WEBKIT
from spec.rules.browser.examples import (
    CREDENTIALED,
    CREDENTIALED_PUT,
    CREDENTIALS,
    EVERYONE,
    GET,
    HEADERS,
    METHODS,
    MINE,
    PAGE,
    PUT,
    asks,
    did,
    says,
    script,
    sends,
    sent_after,
    stopped_after,
)
from tests.helpers.verdicts import BROKEN, HOLDS, NOT
from tests.unit.spec.rules.browser.examples import (
    AUTHORIZED,
    FLAGGED,
    HOMECOMING,
    LISTED,
    NAMED,
    NULL,
    OPEN,
    POST,
    STREAMED,
    TAINTED,
    Doings,
    Row,
    by,
    either,
    failing,
    judge,
    method,
    nothing,
    passing,
    setting,
    simply,
    stopped,
    told,
)


def listing(asked_for: str, methods: str, *headers: tuple[str, str]) -> Doings:
    """A request that was sent after an answer that lists these methods."""
    return sent_after(f"{MINE} | {METHODS}{methods}", fetch=setting(*headers, fetch=method(asked_for)))


UNLISTED = sent_after(MINE, fetch=FLAGGED)
UNSHARED = sent_after(f"{METHODS}PUT", fetch=HOMECOMING)

ROWS: list[Row] = [
    ("C-MTH-2", NOT, simply(method("patch"))),
    ("C-MTH-2", NOT, listing("patch", "PUT")),
    ("C-MTH-2", NOT, listing("patch", "PATCH, patch")),
    ("C-MTH-2", NOT, listing("patch", "PATCH, *")),
    ("C-MTH-2", NOT, listing("get", "get")),
    ("C-MTH-2", NOT, listing("patch", "PATCH, a b")),
    *failing("C-MTH-2", f"{MINE} | {METHODS}PUT, patch", method("Patch")),
    *failing("C-MTH-2", f"{MINE} | {METHODS}PATCH", method("patch")),
    ("C-PF-6", NOT, simply(PUT)),
    *((("C-PF-6", HOLDS, sent_after(LISTED, status=status))) for status in (200, 204, 299)),
    *(row for status in (101, 199, 300, 304, 404, 500) for row in failing("C-PF-6", LISTED, status=status)),
    ("C-PF-6", BROKEN, (did(PUT, asks(), None, sends("PUT"), says()),)),
    ("C-PF-7", NOT, simply(PUT)),
    ("C-PF-7", NOT, (did(PUT, asks(), allowed=False),)),
    ("C-PF-7", HOLDS, sent_after(MINE, asked=replace(asks(), headers=()))),
    ("C-PF-7", HOLDS, sent_after(MINE)),
    ("C-PF-7", HOLDS, sent_after(f"access-control-allow-origin: \t{PAGE} ")),
    ("C-PF-7", HOLDS, sent_after(EVERYONE)),
    ("C-PF-7", HOLDS, sent_after(OPEN, fetch=CREDENTIALED_PUT)),
    ("C-PF-7", HOLDS, sent_after(NULL, fetch=TAINTED[0], asked=asks(origin="null"))),
    ("C-PF-7", HOLDS, by(FIREFOX, sent_after(MINE, fetch=TAINTED[0], asked=asks()))),
    *(
        row
        for answer in ("", NULL, f"{MINE}/", f"{MINE} | {MINE}", f"{MINE}\x0b", f"{EVERYONE} | {EVERYONE}")
        for row in failing("C-PF-7", answer)
    ),
    *(
        row
        for answer in (
            MINE,
            f"{EVERYONE} | {CREDENTIALS}",
            f"{MINE} | access-control-allow-credentials: True",
            f"{OPEN} | {CREDENTIALS}",
            f"{MINE} | {CREDENTIALS}\x0b",
            CREDENTIALS,
        )
        for row in failing("C-PF-7", answer, CREDENTIALED_PUT)
    ),
    # What engines are known to do otherwise is no breach of theirs, and one of the others
    ("C-PF-7", BROKEN, UNSHARED),
    ("C-PF-7", BROKEN, by(WEBKIT, UNSHARED)),
    ("C-PF-7", NOT, by(FIREFOX, UNSHARED)),
    ("C-PF-7", NOT, by(FIREFOX, nothing(PUT))),
    ("C-PF-7", BROKEN, by(FIREFOX, sent_after(f"{METHODS}PUT"))),
    ("C-PF-8", NOT, simply(PUT)),
    *(
        ("C-PF-8", HOLDS, sent_after(answer))
        for answer in ("", NAMED, f"{NAMED} ,, x-b\t", f"{NAMED} | {HEADERS}x-b")
    ),
    *(
        row
        for answer in (
            f"{METHODS}P T",
            f"{HEADERS}x a",
            f'{HEADERS}"x-a"',
            f"{METHODS}PUT;q=1",
            f"{METHODS}PUT\x0b",
            f"{METHODS}PUT | {METHODS}a b",
        )
        for row in failing("C-PF-8", answer)
    ),
    ("C-PF-9", NOT, simply(PUT)),
    ("C-PF-9", NOT, sent_after(f"{METHODS}PUT, P T")),
    ("C-PF-9", NOT, sent_after(f"{LISTED} | {HEADERS}x a")),
    *(
        ("C-PF-9", HOLDS, sent_after(answer, fetch=fetch))
        for answer, fetch in (
            (f"{METHODS}PATCH , PUT", PUT),
            (f"{METHODS}PATCH | {METHODS}PUT", PUT),
            (f"{METHODS}*", PUT),
            (f"{METHODS}PUT", method("put")),
            (f"{METHODS}patch", method("patch")),
            (f"{METHODS}PUT", CREDENTIALED_PUT),
            (f"{METHODS}*", replace(CREDENTIALED, method="*")),
            ("", GET),
            ("", method("head")),
            ("", POST),
            ("", STREAMED),
            ("", replace(PUT, upload_listener=True)),
            ("", replace(PUT, stream_body=True)),
        )
    ),
    *(
        row
        for answer, fetch in (
            ("", PUT),
            (f"{METHODS}put", PUT),
            (f"{METHODS}PATCH", PUT),
            (METHODS, replace(PUT, upload_listener=True)),
            (f"{METHODS}PATCH", method("patch")),
            (f"{METHODS}*", CREDENTIALED_PUT),
            (f"{METHODS}PUTS", PUT),
        )
        for row in failing("C-PF-9", answer, fetch)
    ),
    # What engines are known to do otherwise is no breach of theirs, and one of the others
    ("C-PF-9", HOLDS, UNLISTED),
    *(("C-PF-9", BROKEN, by(engine, UNLISTED)) for engine in (CHROMIUM, FIREFOX, WEBKIT)),
    ("C-PF-10", NOT, simply(AUTHORIZED)),
    ("C-PF-10", NOT, sent_after(LISTED, fetch=script("X-Authorization", "k"))),
    *(
        ("C-PF-10", HOLDS, sent_after(f"{HEADERS}{names}", fetch=fetch))
        for names in ("authorization", "*, Authorization", "x-a , AUTHORIZATION")
        for fetch in (AUTHORIZED, replace(AUTHORIZED, credentials="include"))
    ),
    *(
        row
        for names in ("", "*", "x-a", "authorization x", "authorizations")
        for row in failing("C-PF-10", f"{HEADERS}{names}", AUTHORIZED)
    ),
    ("C-PF-10", NOT, by(WEBKIT, sent_after(f"{HEADERS}*", fetch=AUTHORIZED))),
    ("C-PF-10", HOLDS, by(WEBKIT, sent_after(f"{HEADERS}*, authorization", fetch=AUTHORIZED))),
    ("C-PF-10", BROKEN, by(WEBKIT, sent_after(f"{HEADERS}x-a", fetch=AUTHORIZED))),
    (
        "C-PF-10",
        BROKEN,
        by(WEBKIT, sent_after(f"{HEADERS}*", fetch=replace(AUTHORIZED, credentials="include"))),
    ),
    ("C-PF-11", NOT, simply(PUT)),
    ("C-PF-11", NOT, sent_after(f"{METHODS}P T")),
    ("C-PF-11", NOT, sent_after(f"{HEADERS}x a")),
    *(
        ("C-PF-11", HOLDS, sent_after(f"{HEADERS}{listed}", fetch=fetch, asked=asks("PUT", names)))
        for listed, names, fetch in (
            ("", "", PUT),
            ("X-B, x-a", "x-a,x-b", PUT),
            ("*", "x-a,x-b", PUT),
            ("*, x-c", "x-a", PUT),
            ("x-a", "X-A", CREDENTIALED_PUT),
            ("*", "*", CREDENTIALED_PUT),
        )
    ),
    *(
        row
        for listed, names, fetch in (
            ("", "x-a", PUT),
            ("x-a", "x-a,x-b", PUT),
            ("x-ab", "x-a", PUT),
            ("*", "x-a", CREDENTIALED_PUT),
        )
        for row in either(
            "C-PF-11",
            breaks=sent_after(f"{HEADERS}{listed}", fetch=fetch, asked=asks("PUT", names)),
            keeps=stopped(sent_after(f"{HEADERS}{listed}", fetch=fetch, asked=asks("PUT", names))),
        )
    ),
    ("C-PF-13", NOT, simply(PUT)),
    *(("C-PF-13", NOT, sent_after(LISTED, status=status)) for status in (200, 300, 304, 305, 306, 309, 404)),
    *(row for status in (301, 302, 303, 307, 308) for row in failing("C-PF-13", LISTED, status=status)),
    ("C-PF-14", NOT, stopped_after(LISTED, fetch=PUT)),
    ("C-PF-14", NOT, stopped_after(MINE, fetch=POST)),
    ("C-PF-14", NOT, stopped_after(LISTED, fetch=replace(PUT, upload_listener=True))),
    ("C-PF-14", NOT, stopped_after(f"{MINE} | {METHODS}", fetch=replace(PUT, upload_listener=True))),
    ("C-PF-14", NOT, stopped_after("", fetch=replace(PUT, upload_listener=True))),
    ("C-PF-14", NOT, (did(replace(PUT, upload_listener=True), asks(), allowed=False),)),
    *passing("C-PF-14", MINE, replace(PUT, upload_listener=True)),
    *passing("C-PF-14", MINE, replace(PUT, stream_body=True)),
    # What engines are known to do otherwise is no breach of theirs, and one of the others
    ("C-PF-14", HOLDS, UNLISTED),
    *(("C-PF-14", NOT, by(engine, UNLISTED)) for engine in (CHROMIUM, FIREFOX, WEBKIT)),
    ("C-PF-15", NOT, nothing(PUT)),
    ("C-PF-15", NOT, (did(PUT, asks(), allowed=False),)),
    ("C-PF-15", NOT, stopped_after(f"{METHODS}PUT")),
    ("C-PF-15", NOT, stopped_after(MINE)),
    ("C-PF-15", NOT, stopped_after(f"{LISTED} | {HEADERS}x a")),
    ("C-PF-15", NOT, stopped_after(LISTED, fetch=script("X-A", "1"), asked=asks("PUT", "x-a"))),
    (
        "C-PF-15",
        NOT,
        stopped_after(f"{LISTED} | {HEADERS}*", fetch=AUTHORIZED, asked=asks("PUT", "authorization")),
    ),
    *(
        ("C-PF-15", NOT, stopped(sent_after(LISTED, status=status)))
        for status in (101, 199, 300, 301, 304, 400, 500)
    ),
    *passing("C-PF-15", LISTED),
    *passing("C-PF-15", LISTED, status=204),
    *passing("C-PF-15", LISTED, status=299),
    *passing("C-PF-15", MINE, STREAMED),
    *passing("C-PF-15", f"{LISTED} | {HEADERS}Authorization", AUTHORIZED),
    *passing("C-PF-15", f"{EVERYONE} | {METHODS}*"),
    ("C-PF-15", BROKEN, by(WEBKIT, stopped_after(f"{LISTED} | {HEADERS}*", fetch=AUTHORIZED))),
]


@pytest.mark.parametrize("rule", told(ROWS))
def test_a_rule_says_of_what_a_browser_did(rule: str) -> None:
    judge(rule, ROWS)
