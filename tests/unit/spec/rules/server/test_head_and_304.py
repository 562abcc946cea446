"""The rules about what HEAD and 304 responses repeat."""

import pytest

from spec import Config, Exchange
from spec.rules.server.examples import (
    A_ALONE,
    COUNT,
    DEFAULT,
    EVERYTHING,
    LIST,
    PLAIN,
    A,
    asks,
    get,
    gives,
    seen,
)
from tests.helpers.verdicts import BROKEN, HOLDS, NOT, Row, together, verdict
from tests.unit.spec.rules.server.examples import BY_ORIGIN, FROM_A, PRIVATE_TOO

ROWS: list[Row] = [
    ("S-RSP-7", together(LIST, (get(), gives(BY_ORIGIN)), (get(method="HEAD"), gives(BY_ORIGIN))), HOLDS),
    ("S-RSP-7", together(LIST, (get(), gives()), (get("if-none-match: 1"), gives(status=304))), HOLDS),
    ("S-RSP-7", together(LIST, (get(), gives()), (get(), gives())), NOT),
    *(
        ("S-HTTP-9", together(LIST, (one, gives(A_ALONE)), (other, gives(status=304))), verdict)
        for one, other, verdict in [
            (get(), get(), BROKEN),
            (get(), get("if-none-match: 1"), BROKEN),
            (get(), get("if-modified-since: 1"), BROKEN),
            (get(), get("if-none-match: 1 | if-modified-since: 1"), BROKEN),
            (get(), get("if-match: 1"), NOT),
            (get(), FROM_A, NOT),
            (asks(), asks(more="if-none-match: 1"), NOT),
        ]
    ),
    ("S-HTTP-9", together(LIST, (get(), gives(status=304)), (get(), gives())), HOLDS),
    ("S-HTTP-9", together(LIST, (get(), gives(BY_ORIGIN)), (get(), gives(status=304))), BROKEN),
    ("S-HTTP-9", together(LIST, (get(), gives()), (get(), gives(BY_ORIGIN))), NOT),
    ("S-HTTP-9", together(LIST, (get(), gives(status=404)), (get(), gives(status=304))), NOT),
    ("S-HTTP-9", (*seen(LIST, get(), gives(), PLAIN), *seen(LIST, get(), gives(status=304))), NOT),
    ("S-HTTP-10", (*seen(LIST, get(), gives("vary: a")), *seen(LIST, get("x: 1", "HEAD"), gives())), NOT),
    ("S-HTTP-10", (*seen(LIST, get(), gives()), *seen(LIST, get(method="HEAD"), gives(A_ALONE))), BROKEN),
    ("S-HTTP-10", (*seen(LIST, get(), gives(), PLAIN), *seen(LIST, get(method="HEAD"), gives())), NOT),
    ("S-HTTP-10", together(LIST, (get(), gives()), (get(method="HEAD"), gives())), HOLDS),
    ("S-HTTP-10", together(LIST, (get(method="HEAD"), gives()), (get(), gives())), HOLDS),
    ("S-HTTP-10", together(LIST, (get(), gives()), (get(method="POST"), gives())), NOT),
    ("S-HTTP-10", together(LIST, (get(), gives()), (get(method="HEAD", path="/other"), gives())), NOT),
    ("S-HTTP-10", (*seen(LIST, get(), gives()), *seen(DEFAULT, get(method="HEAD"), gives())), NOT),
    # How two exchanges compare
    *(
        (
            "S-HTTP-10",
            (*seen(LIST, get(), gives(), one), *seen(LIST, get(method="HEAD"), gives(), other)),
            verdict,
        )
        for one, other, verdict in [
            (None, PLAIN, NOT),
            (PLAIN, None, NOT),
            (PLAIN, gives(body=""), HOLDS),
            (gives("a: 1 | b: 2"), gives("b: 2 | a: 1"), HOLDS),
            (gives("a: 1"), gives("a: 2"), NOT),
        ]
    ),
    *(
        ("S-HTTP-10", together(LIST, (get(), gives(one)), (get(method="HEAD"), gives(other))), verdict)
        for one, other, verdict in [
            ("vary: a | Vary: B", "vary: b,a", HOLDS),
            (f"{COUNT} | {COUNT}", f"{COUNT}, X-Count", HOLDS),
            (COUNT, COUNT.lower(), BROKEN),
            ("", "access-control-max-age: 1", BROKEN),
            # HEAD is not configured here: a server may withhold it, and then does so of all CORS headers.
            (PRIVATE_TOO, "", HOLDS),
            (f"{PRIVATE_TOO} | {COUNT}", COUNT, BROKEN),
            ("", PRIVATE_TOO, BROKEN),
            (f"{PRIVATE_TOO} | vary: a", "", BROKEN),
        ]
    ),
    *(
        (
            "S-HTTP-10",
            together(config, (FROM_A, gives(A_ALONE)), (get(f"origin: {A}", "HEAD"), gives())),
            verdict,
        )
        for config, verdict in [
            (LIST, HOLDS),
            (EVERYTHING, BROKEN),
            (Config(allow_origins=(A,), allow_methods=("GET", "HEAD")), BROKEN),
        ]
    ),
    ("S-HTTP-10", together(EVERYTHING, (get(method="HEAD"), gives()), (get(), gives(A_ALONE))), BROKEN),
    (
        "S-HTTP-10",
        together(EVERYTHING, (get(), gives(A_ALONE)), (get(method="HEAD"), gives(status=405))),
        NOT,
    ),
    ("S-HTTP-10", together(LIST, (get(method="HEAD"), gives()), (get(), gives(A_ALONE))), HOLDS),
]


@pytest.mark.parametrize(("rule_id", "exchanges", "expected"), ROWS)
def test_a_rule_says(rule_id: str, exchanges: tuple[Exchange, ...], expected: str) -> None:
    assert verdict(rule_id, exchanges) == expected
