"""The rules about what a browser remembers of preflight responses, and for how long."""

from dataclasses import replace

import pytest

from spec.browser import CHROMIUM, FIREFOX, STANDARD, WEBKIT, Engine, Fetch
from spec.rules.browser.examples import (
    GET,
    HOUR,
    METHODS,
    MINE,
    OTHER,
    PUT,
    asks,
    did,
    get,
    says,
    sends,
    sent_after,
    twice,
)
from tests.helpers.verdicts import BROKEN, HOLDS, NOT
from tests.unit.spec.rules.browser.examples import (
    A_LINE,
    CREDENTIALED_PATCH,
    FLAGGED,
    LIST,
    LISTED,
    NOT_REMEMBERED,
    PATCH,
    POST,
    REPEATED,
    STREAMED,
    TRACE,
    TWO_LINES,
    WATCHED,
    Doings,
    Row,
    answered,
    asked,
    by,
    either,
    judge,
    later,
    method,
    nothing,
    simply,
    stopped,
    then,
    told,
)


def refused(fetch: Fetch = PUT) -> Doings:
    """A preflighted fetch that ends in a network error."""
    return then(0.5, asked(fetch, asks(fetch.method)))


def lasting(age: str, time: float, engine: Engine = STANDARD) -> Doings:
    """What is remembered of an answer with this line, or with these, is used then."""
    return by(engine, twice(f"{LISTED}{age and ' | '}{age}", at=time))


def aged(value: str) -> str:
    """A Max-Age line."""
    return f"access-control-max-age: {value}"


REFUSED_PATCH = stopped(answered("PATCH"))


def unanswered(fetch: Fetch) -> Doings:
    """Something is remembered; then this goes without preflight, and is not answered; then memory is used."""
    return (
        *answered("PUT"),
        did(fetch, None, None, sends(fetch.method), None, allowed=False, time=0.5),
        *later(PUT),
    )


MEMORABLE = ("C-PF-12", "C-CAC-1", "C-CAC-2", "C-CAC-3", "C-CAC-4", "C-CAC-8")

ROWS: list[Row] = [
    *((rule, NOT, trace) for rule in MEMORABLE for trace in NOT_REMEMBERED),
    *((rule, HOLDS, (*answered("PUT"), *later(PUT))) for rule in MEMORABLE),
    *(
        ("C-CAC-1", HOLDS, (*answered(methods, first, headers), *later(second)))
        for methods, headers, first, second in (
            ("PUT", "", PUT, GET),
            ("PATCH, PUT", "", PUT, PATCH),
            ("*", "", PUT, PATCH),
            ("PUT", "X-A", PUT, A_LINE),
            ("PUT", "*", PUT, TWO_LINES),
            ("PUT", "x-b, x-a", PUT, TWO_LINES),
            ("GET", "", PUT, WATCHED),
            ("*", "", PUT, STREAMED),
            ("put, PUT", "", PUT, method("put")),
        )
    ),
    *(
        ("C-CAC-1", BROKEN, (*answered(methods, first, headers), *later(second)))
        for methods, headers, first, second in (
            ("PUT", "", PUT, PATCH),
            ("patch", "", PUT, PATCH),
            ("x-a, PUT", "", PUT, A_LINE),
            ("PUT", "x-b", PUT, A_LINE),
            ("PUT", "x-a", PUT, TWO_LINES),
            ("x-a", "PUT", PUT, PUT),
            ("PUT", "", PUT, WATCHED),
            ("PUT", "", PUT, STREAMED),
            ("PUT", "", PUT, replace(PUT, page_origin=OTHER)),
            ("PUT", "", replace(PUT, page_origin=OTHER), PUT),
            ("PUT", "x a", PUT, A_LINE),
        )
    ),
    ("C-CAC-1", HOLDS, (*sent_after(f"{MINE} | {HOUR}", fetch=FLAGGED), *later(PUT))),
    ("C-CAC-1", BROKEN, (*sent_after(f"{MINE} | {HOUR}", fetch=FLAGGED), *later(PATCH))),
    ("C-CAC-1", BROKEN, (*answered("PUT"), *stopped(answered("PATCH")), *later(PATCH))),
    ("C-CAC-1", BROKEN, (*answered("PUT"), *answered("PATCH", replace(PUT, path="/other")), *later(PATCH))),
    ("C-CAC-1", BROKEN, (*answered("PUT"), *later(PATCH), *answered("PATCH"))),
    ("C-CAC-1", BROKEN, (*answered("PUT"), *later(PUT), *later(PATCH))),
    ("C-CAC-1", BROKEN, (*answered("PUT"), *later(PATCH), *later(PUT))),
    ("C-CAC-1", HOLDS, (*answered("PUT"), *answered("PATCH"), *later(PATCH), *later(PUT))),
    ("C-CAC-1", HOLDS, (*answered("PUT"), *later(REPEATED, engine=CHROMIUM), *later(PUT))),
    (
        "C-CAC-1",
        HOLDS,
        (*answered("PUT"), *later(replace(REPEATED, method="PATCH"), engine=CHROMIUM), *later(PUT)),
    ),
    # What engines are known to do otherwise is no breach of theirs, and one of the others
    ("C-CAC-1", BROKEN, (*answered("PUT"), *REFUSED_PATCH, *later(PATCH))),
    ("C-CAC-1", HOLDS, by(WEBKIT, (*answered("PUT"), *REFUSED_PATCH, *later(PATCH)))),
    ("C-CAC-1", HOLDS, by(WEBKIT, (*REFUSED_PATCH, *later(PATCH)))),
    ("C-CAC-1", NOT, by(WEBKIT, (*stopped(sent_after(f"{METHODS}PATCH | {HOUR}")), *later(PATCH)))),
    ("C-CAC-1", NOT, by(CHROMIUM, (*REFUSED_PATCH, *later(PATCH)))),
    ("C-CAC-1", BROKEN, (*answered("PUT"), *later(replace(POST, upload_listener=True)))),
    *(
        ("C-CAC-1", HOLDS, by(engine, (*answered("PUT"), *later(replace(POST, upload_listener=True)))))
        for engine in (CHROMIUM, FIREFOX, WEBKIT)
    ),
    ("C-CAC-1", BROKEN, by(CHROMIUM, (*answered("PUT"), *later(replace(PATCH, upload_listener=True))))),
    # What is forgotten when its time is over
    *(("C-CAC-2", NOT, (*answered("PUT"), *later(fetch))) for fetch in (PATCH, CREDENTIALED_PATCH)),
    *(
        row
        for age, last in (
            ("", 5),
            (aged("1"), 1),
            (aged("3600"), 3600),
            (aged("010"), 10),
            (aged(" 10\t"), 10),
            (aged("86399"), 86399),
            (aged("86400"), 86400),
            (aged("86401"), 86400),
            (aged("100000"), 86400),
            (aged("9" * 5000), 86400),
            (aged("-1"), 5),
            (aged(""), 5),
            (f"{aged('10')} | {aged('10')}", 5),
        )
        for row in either("C-CAC-2", breaks=lasting(age, last), keeps=lasting(age, last - 0.1))
    ),
    *(
        row
        for engine, last in ((CHROMIUM, 7200), (WEBKIT, 600))
        for row in either(
            "C-CAC-2",
            breaks=lasting(aged("86400"), last, engine),
            keeps=lasting(aged("86400"), last - 0.1, engine),
        )
    ),
    *either(
        "C-CAC-2",
        breaks=(*then(100, answered("PUT")), *later(PUT, 3700)),
        keeps=(*then(100, answered("PUT")), *later(PUT, 3699.9)),
    ),
    ("C-CAC-2", HOLDS, (*lasting(aged("10"), 5), *then(6, answered("PUT")), *later(PUT, 100))),
    ("C-CAC-2", BROKEN, (*lasting(aged("10"), 10), *then(11, answered("PUT")), *later(PUT, 100))),
    (
        "C-CAC-2",
        BROKEN,
        (*answered("PUT"), *refused(), *then(0.6, sent_after(f"{LISTED} | {aged('1')}")), *later(PUT, 2)),
    ),
    ("C-CAC-2", NOT, (*answered("PUT"), *later(CREDENTIALED_PATCH, 9999))),
    ("C-CAC-2", BROKEN, (*lasting(aged("1"), 0.5), *answered("PATCH"), *later(PUT, 1))),
    ("C-CAC-2", HOLDS, (*answered("PUT", headers="x-a"), *later(PUT), *later(REPEATED, 9999, CHROMIUM))),
    ("C-CAC-2", HOLDS, (*answered("PUT"), *refused(), *later(PUT, 9999))),
    *either("C-CAC-3", breaks=lasting(aged("0"), 0), keeps=lasting(aged("1"), 9999)),
    *either("C-CAC-3", breaks=lasting(aged(" 00"), 0), keeps=lasting(aged(""), 9999)),
    ("C-CAC-3", HOLDS, lasting(f"{aged('0')} | {aged('0')}", 9999)),
    *(
        row
        for rule in ("C-CAC-4", "C-PF-12")
        for age in (
            "",
            *map(aged, ("", "abc", "-1", "+10", "1.5", "10, 20", "10\x0b", "\xb2")),
            f"{aged('10')} | {aged('10')}",
        )
        for row in either(rule, breaks=lasting(age, 5), keeps=lasting(age, 4.9))
    ),
    *(
        row
        for rule in ("C-CAC-4", "C-PF-12")
        for age in (aged("86401"), aged("100000"), aged("086401"), aged("9" * 5000))
        for row in either(rule, breaks=lasting(age, 86400), keeps=lasting(age, 86399.9))
    ),
    *(
        (rule, HOLDS, lasting(age, 99999))
        for rule in ("C-CAC-4", "C-PF-12")
        for age in map(aged, ("0", "10", " 10\t", "010", "86400"))
    ),
    *(
        row
        for rule in ("C-CAC-4", "C-PF-12")
        for row in either(
            rule, breaks=lasting(aged("7201"), 7200, CHROMIUM), keeps=lasting(aged("7200"), 7200, CHROMIUM)
        )
    ),
    # Network errors
    *(("C-CAC-8", NOT, (*answered("PUT"), *later(fetch))) for fetch in (PATCH, CREDENTIALED_PATCH)),
    *(
        ("C-CAC-8", BROKEN, (*answered("PUT"), *failure, *later(PUT)))
        for failure in (
            refused(),
            refused(PATCH),
            (*refused(), *simply(GET)),
            (did(PUT, None, None, sends("PUT"), None, allowed=False),),
            (did(PUT, asks(), says(LIST), sends("PUT"), None, allowed=False),),
            get(says(""), fetch=PUT, allowed=False),
            (did(GET, asks("GET"), None, allowed=False),),
            (did(WATCHED, None, None, sends(), None, allowed=False),),
        )
    ),
    *(
        ("C-CAC-8", HOLDS, (*answered("PUT"), *failure, *later(PUT)))
        for failure in (
            get(says(LISTED), fetch=PUT),
            get(says(""), allowed=False),
            refused(replace(PUT, path="/other")),
            refused(replace(PUT, url_origin=OTHER)),
            refused(replace(PUT, page_origin=OTHER)),
            nothing(TRACE),
            (*refused(), *answered("PUT")),
        )
    ),
    (
        "C-CAC-8",
        HOLDS,
        by(CHROMIUM, (*answered("PUT"), *get(says(""), fetch=PUT, allowed=False), *later(PUT))),
    ),
    ("C-CAC-8", HOLDS, (*answered("PUT"), *later(PUT), *refused())),
    ("C-CAC-8", BROKEN, by(CHROMIUM, (*answered("PUT"), *refused(), *later(PUT)))),
    ("C-CAC-8", BROKEN, (*answered("PUT"), *refused(), *refused(GET), *later(PUT))),
    ("C-CAC-8", BROKEN, (*answered("PUT"), *refused(), *answered("PATCH"), *later(PUT))),
    ("C-CAC-8", BROKEN, (*answered("PUT"), *refused(), *answered("PATCH"), *refused(), *later(PATCH))),
    ("C-CAC-8", BROKEN, (*answered("PUT"), *later(PUT), *refused(), *later(PUT))),
    (
        "C-CAC-8",
        HOLDS,
        (*answered("PUT", headers="x-a"), *later(PUT), *refused(), *later(REPEATED, engine=CHROMIUM)),
    ),
    ("C-CAC-8", HOLDS, (*answered("PUT"), *refused(), *answered("PUT"), *later(PUT), *later(PATCH))),
    # What engines are known to do otherwise is no breach of theirs, and one of the others
    *(
        ("C-CAC-8", HOLDS, by(CHROMIUM, unanswered(replace(WATCHED, method=name))))
        for name in ("GET", "HEAD")
    ),
    ("C-CAC-8", BROKEN, by(CHROMIUM, unanswered(replace(WATCHED, method="POST")))),
    ("C-CAC-8", BROKEN, by(FIREFOX, unanswered(WATCHED))),
    ("C-CAC-8", BROKEN, by(CHROMIUM, unanswered(replace(GET, flagged=True)))),
    ("C-CAC-8", HOLDS, unanswered(GET)),
    ("C-CAC-8", HOLDS, by(WEBKIT, (*answered("PUT"), *refused(), *later(PUT)))),
]


@pytest.mark.parametrize("rule", told(ROWS))
def test_a_rule_says_of_what_a_browser_did(rule: str) -> None:
    judge(rule, ROWS)
