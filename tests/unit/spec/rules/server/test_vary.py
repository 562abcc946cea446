"""The rules about what responses vary by, so that caches serve no response to the wrong page."""

import pytest

from spec import Exchange, Response
from spec.rules.server.examples import (
    A_ALONE,
    A_WITH_CREDENTIALS,
    ALLOWED,
    CREDENTIALS,
    DEFAULT,
    LIST,
    PLAIN,
    TRUE,
    WILDCARD,
    A,
    B,
    asks,
    get,
    gives,
    seen,
)
from spec.rules.server.vary import may_be_stored
from tests.helpers.verdicts import BROKEN, HOLDS, NOT, Row, together, verdict
from tests.unit.spec.rules.server.examples import ANYONE, APP_TRUE, BY_ORIGIN, FROM_A, FROM_B

A_AGAIN = get(f"origin: {A} | x-other: 1")
ONLY_OPTIONS = get("access-control-request-method: PUT", "OPTIONS")

ROWS: list[Row] = [
    ("S-VARY-1", together(LIST, (FROM_A, gives(ALLOWED)), (FROM_B, gives(BY_ORIGIN))), HOLDS),
    ("S-VARY-1", together(LIST, (FROM_A, gives(A_ALONE)), (FROM_B, gives(BY_ORIGIN))), BROKEN),
    ("S-VARY-1", together(LIST, (FROM_A, gives(TRUE)), (FROM_B, gives())), BROKEN),
    ("S-VARY-1", together(LIST, (FROM_A, gives(ALLOWED))), NOT),
    ("S-VARY-1", together(LIST, (FROM_A, gives()), (FROM_B, gives())), NOT),
    ("S-VARY-1", together(LIST, (FROM_A, gives(ALLOWED)), (A_AGAIN, gives())), NOT),
    ("S-VARY-1", together(LIST, (FROM_A, gives(ALLOWED)), (get(path="/other"), gives())), NOT),
    ("S-VARY-1", (*seen(LIST, FROM_A, gives(ALLOWED)), *seen(DEFAULT, FROM_B, gives())), NOT),
    ("S-VARY-1", together(LIST, (asks(), gives(ALLOWED)), (FROM_B, gives())), NOT),
    (
        "S-VARY-1",
        together(LIST, (FROM_A, gives(ALLOWED)), (FROM_B, gives(BY_ORIGIN)), (asks(), gives())),
        HOLDS,
    ),
    # Caches reuse responses to GET and HEAD, and to nothing else.
    *(
        (
            "S-VARY-1",
            together(
                LIST,
                (FROM_A, gives(ALLOWED)),
                (FROM_B, gives(BY_ORIGIN)),
                (get(f"origin: {B}", method), gives()),
            ),
            verdict,
        )
        for method, verdict in [("HEAD", BROKEN), ("OPTIONS", HOLDS), ("POST", HOLDS)]
    ),
    ("S-VARY-1", together(LIST, (FROM_A, gives(ALLOWED)), (get(f"origin: {B}", "OPTIONS"), gives())), NOT),
    # A status of its own has a reason of its own.
    ("S-VARY-1", together(LIST, (FROM_A, gives(ALLOWED)), (FROM_B, gives(status=404))), NOT),
    (
        "S-VARY-1",
        together(LIST, (FROM_A, gives(ALLOWED)), (FROM_B, gives(BY_ORIGIN)), (FROM_B, gives(status=404))),
        HOLDS,
    ),
    *(
        (
            "S-VARY-1",
            together(
                LIST,
                (get(), gives(vary, status=404)),
                (FROM_A, gives(ALLOWED, status=404)),
                (FROM_B, gives()),
                (FROM_A, gives()),
            ),
            verdict,
        )
        for vary, verdict in [(BY_ORIGIN, HOLDS), ("", BROKEN)]
    ),
    # What the status says of a reuse, where more than Origin differs
    *(
        (
            "S-VARY-5",
            together(LIST, (get(f"origin: {A}{more}"), gives(ALLOWED)), (FROM_B, gives(status=status))),
            verdict,
        )
        for more, status, verdict in [
            ("", 404, BROKEN),
            (" | x-other: 1", 404, NOT),
            (" | x-other: 1", 200, BROKEN),
        ]
    ),
    ("S-VARY-2", together(LIST, (FROM_A, gives(ALLOWED)), (FROM_B, gives(BY_ORIGIN))), HOLDS),
    ("S-VARY-2", together(LIST, (FROM_A, gives(A_ALONE)), (FROM_B, gives(BY_ORIGIN))), BROKEN),
    ("S-VARY-2", together(LIST, (FROM_A, gives(ALLOWED)), (FROM_B, gives())), BROKEN),
    ("S-VARY-2", together(LIST, (FROM_A, gives()), (FROM_B, gives())), NOT),
    ("S-VARY-2", together(LIST, (FROM_A, gives(ALLOWED)), (FROM_A, gives())), NOT),
    ("S-VARY-2", together(LIST, (A_AGAIN, gives(ALLOWED)), (FROM_B, gives())), NOT),
    ("S-VARY-2", together(LIST, (asks(), gives(A_ALONE)), (ONLY_OPTIONS, gives())), NOT),
    ("S-VARY-2", together(LIST, (ONLY_OPTIONS, gives()), (asks(), gives(A_ALONE))), NOT),
    *(
        (
            "S-VARY-2",
            together(
                LIST, (get(f"origin: {A}", method), gives(A_ALONE)), (get(f"origin: {B}", method), gives())
            ),
            verdict,
        )
        for method, verdict in [("HEAD", BROKEN), ("POST", NOT), ("OPTIONS", NOT), ("get", NOT)]
    ),
    # What lists name
    (
        "S-VARY-2",
        together(LIST, (FROM_A, gives(f"{A_ALONE} | vary: *")), (FROM_B, gives("vary: a,*"))),
        HOLDS,
    ),
    (
        "S-VARY-2",
        together(LIST, (FROM_A, gives(f"{A_ALONE} | Vary: a, ORIGIN")), (FROM_B, gives(BY_ORIGIN))),
        HOLDS,
    ),
    # How two exchanges compare
    *(
        ("S-VARY-2", together(LIST, (one, gives(A_ALONE)), (other, gives())), verdict)
        for one, other, verdict in [
            (get(f"x: 1 | origin: {A} | y: 2"), get(f"y: 2 | X: 1 | Origin: {B}"), BROKEN),
            (get(f"x: 1 | origin: {A}"), get(f"x: 2 | origin: {B}"), NOT),
            (get(f"x: 1 | x: 1 | origin: {A}"), get(f"x: 1 | origin: {B}"), NOT),
            (FROM_A, get(f"origin: {B}", "HEAD"), NOT),
            (FROM_A, get(f"origin: {B}", path="/other"), NOT),
        ]
    ),
    ("S-VARY-2", (*seen(LIST, FROM_A, gives(A_ALONE)), *seen(DEFAULT, FROM_B, gives())), NOT),
    (
        "S-VARY-2",
        (*seen(LIST, FROM_A, gives(TRUE), APP_TRUE), *seen(LIST, FROM_B, APP_TRUE, APP_TRUE)),
        BROKEN,
    ),
    ("S-VARY-2", (*seen(LIST, get(), APP_TRUE, APP_TRUE), *seen(LIST, FROM_B, APP_TRUE, APP_TRUE)), NOT),
    # What no cache keeps need not vary.
    *(
        (
            rule,
            together(LIST, (FROM_A, gives(f"{A_ALONE} | {more}", status)), (FROM_B, gives(more, status))),
            said,
        )
        for rule, otherwise in [("S-VARY-2", HOLDS), ("SEC-11", HOLDS), ("S-VARY-5", NOT)]
        for more, status, said in [
            ("x: 1", 200, BROKEN),
            ("x: 1", 404, BROKEN),
            ("x: 1", 403, otherwise),
            ("x: 1", 500, otherwise),
            ("expires: 0", 403, BROKEN),
            ("cache-control: max-age=60", 403, BROKEN),
            ("cache-control: s-maxage=60", 403, BROKEN),
            ("cache-control: x, Public", 403, BROKEN),
            ("cache-control: private", 403, BROKEN),
            ("cache-control: no-cache", 403, otherwise),
            ("cache-control: no-cache", 200, BROKEN),
            ("cache-control: no-store", 200, otherwise),
            ("cache-control: public, No-Store", 200, otherwise),
            ("cache-control: public | cache-control: no-store", 200, otherwise),
        ]
    ),
    *(
        ("S-VARY-2", together(LIST, (FROM_A, gives(one)), (FROM_B, gives(other, 403))), said)
        for one, other, said in [
            (f"{A_ALONE} | vary: Origin", "x: 1", HOLDS),
            (A_ALONE, "x: 1", BROKEN),
            (A_ALONE, "vary: Origin", BROKEN),
        ]
    ),
    ("S-VARY-3", seen(LIST, FROM_A, gives()), NOT),
    ("S-VARY-3", seen(WILDCARD, asks(), gives()), NOT),
    ("S-VARY-3", seen(WILDCARD, get(), gives("access-control-allow-origin: *")), HOLDS),
    ("S-VARY-3", seen(WILDCARD, get(), gives()), BROKEN),
    ("S-VARY-3", seen(WILDCARD, get(), gives("access-control-allow-origin: * | vary: Origin")), BROKEN),
    ("S-VARY-4", seen(LIST, get(), gives(), gives("vary: a, b c")), NOT),
    ("S-VARY-4", seen(LIST, asks(), gives(), PLAIN), NOT),
    ("S-VARY-4", seen(LIST, get(), gives("vary: *, Origin"), gives("vary: *")), BROKEN),
    ("S-VARY-4", seen(LIST, get(), gives("vary: Accept, Origin, Origin"), gives("vary: Accept")), BROKEN),
    ("S-VARY-4", seen(LIST, get(), gives("vary: Accept, Cookie, Origin"), gives("vary: Accept")), BROKEN),
    ("S-VARY-4", seen(LIST, get(), gives("vary: ACCEPT"), gives("vary: accept")), HOLDS),
    ("S-VARY-4", seen(LIST, get(), gives("vary: a, *"), gives("vary: a, *")), HOLDS),
    ("S-VARY-4", seen(LIST, get(), gives("vary: Accept"), gives("vary: Accept")), HOLDS),
    ("S-VARY-4", seen(LIST, get(), gives("vary: Accept, Origin"), gives("vary: Accept")), HOLDS),
    ("S-VARY-4", seen(LIST, get(), gives("vary: Origin, Accept"), gives("vary: Accept, origin")), HOLDS),
    ("S-VARY-4", seen(LIST, get(), gives("vary: Origin, Origin"), gives("vary: Origin")), BROKEN),
    ("S-VARY-4", seen(LIST, get(), gives("vary: Accept"), gives("vary: Accept, Accept")), BROKEN),
    ("S-VARY-5", together(LIST, (FROM_A, gives())), NOT),
    *(
        ("S-VARY-5", together(LIST, (get("x: 1", method), gives()), (get(method=method), gives())), verdict)
        for method, verdict in [("GET", HOLDS), ("HEAD", HOLDS), ("POST", NOT), ("OPTIONS", NOT)]
    ),
    ("S-VARY-5", together(LIST, (get(), gives()), (get(method="HEAD"), gives())), NOT),
    ("S-VARY-5", together(LIST, (get(), gives()), (get(path="/other"), gives())), NOT),
    ("S-VARY-5", (*seen(LIST, get(), gives()), *seen(DEFAULT, get(), gives())), NOT),
    ("S-VARY-5", (*seen(LIST, get(), gives(), PLAIN), *seen(LIST, get(), gives(), gives(TRUE))), NOT),
    ("S-VARY-5", together(LIST, (get(), gives("vary: *")), (get(), gives("vary: *"))), NOT),
    ("S-VARY-5", together(LIST, (get(), gives("vary: Accept")), (get(), gives("vary: Accept"))), HOLDS),
    (
        "S-VARY-5",
        together(LIST, (FROM_A, gives("vary: Accept, Origin")), (FROM_B, gives("vary: Accept, Origin"))),
        NOT,
    ),
    *(
        ("S-VARY-5", together(CREDENTIALS, (A_AGAIN, gives(one)), (FROM_A, gives(other))), verdict)
        for one, other, verdict in [
            (A_ALONE, A_ALONE, HOLDS),
            (A_ALONE, "", BROKEN),
            (A_ALONE, ANYONE, HOLDS),
            (A_ALONE, f"access-control-allow-origin: {B}", BROKEN),
            (A_ALONE, A_WITH_CREDENTIALS, BROKEN),
            (A_WITH_CREDENTIALS, A_WITH_CREDENTIALS, HOLDS),
            (A_WITH_CREDENTIALS, f"{A_ALONE} | access-control-allow-credentials: True", BROKEN),
            (A_WITH_CREDENTIALS, ANYONE, BROKEN),
            (ANYONE, f"{ANYONE} | {TRUE}", HOLDS),
            (ANYONE, f"{ANYONE} | {ANYONE}", BROKEN),
        ]
    ),
    *(
        ("S-VARY-5", together(LIST, (FROM_A, gives(A_ALONE)), (other, gives(BY_ORIGIN))), verdict)
        for other, verdict in [(get(), HOLDS), (get(f"origin: {A} | origin: {B}"), HOLDS), (FROM_B, HOLDS)]
    ),
]


@pytest.mark.parametrize(("rule_id", "exchanges", "expected"), ROWS)
def test_a_rule_says(rule_id: str, exchanges: tuple[Exchange, ...], expected: str) -> None:
    assert verdict(rule_id, exchanges) == expected


@pytest.mark.parametrize("status", range(200, 600))
def test_what_caches_keep_without_being_asked(status: int) -> None:
    kept = {200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501}
    assert may_be_stored(Response(status, ())) is (status in kept)
