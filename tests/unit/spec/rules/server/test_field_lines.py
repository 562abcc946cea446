"""The rules about how often a header may be sent, and what its lines may contain."""

import pytest

from spec import Exchange
from spec.rules.server.examples import (
    A_ALONE,
    A_WITH_CREDENTIALS,
    COUNT,
    LIST,
    PLAIN,
    TRUE,
    asks,
    get,
    gives,
    seen,
)
from tests.helpers.verdicts import BROKEN, HOLDS, NOT, Row, verdict
from tests.unit.spec.rules.server.examples import (
    ACAC,
    ACAH,
    ACAM,
    ACAO,
    ACEH,
    APP_TRUE,
    FROM_A,
    FROM_B,
    MAX_AGE,
)

ROWS: list[Row] = [
    *(
        ("S-SYN-5", seen(LIST, get(), gives(f"x-note: {value}")), expected)
        for value, expected in [("one two", HOLDS), ("\r", BROKEN), ("\n", BROKEN), ("\0", BROKEN)]
    ),
    ("S-SYN-5", seen(LIST, get(), gives("x-note: \r"), gives("x-note: \r")), NOT),
    ("S-SYN-5", seen(LIST, get(), gives("x-note: \r"), PLAIN), BROKEN),
    *(
        ("S-HTTP-4", seen(LIST, get(), gives(name + value)), expected)
        for name in (ACAM, ACAH, ACEH, "vary: ", "VARY: ")
        for value, expected in [
            ("", HOLDS),
            ("a, b", HOLDS),
            ("a, b,", BROKEN),
            ("a, \t,b", BROKEN),
            ("a, \x0b", HOLDS),
        ]
    ),
    ("S-HTTP-4", seen(LIST, get(), gives("x-list: a,,b")), HOLDS),
    ("S-HTTP-4", seen(LIST, get(), gives("vary: a,,b"), gives("vary: a,,b")), HOLDS),
    # What the application says is not the server's
    ("S-HTTP-4", seen(LIST, get(), gives("vary: a,, b"), gives("vary: a,, b")), HOLDS),
    ("S-HTTP-4", seen(LIST, get(), gives("vary: a,, b"), gives("vary: a, b")), BROKEN),
    ("S-HTTP-4", seen(LIST, get(), gives("vary: a,, b | vary: a,, b"), gives("vary: a,, b")), BROKEN),
    ("S-HTTP-4", seen(LIST, asks(), gives("vary: a,, b"), gives("vary: a,, b")), BROKEN),
    *(
        ("S-HTTP-6", seen(LIST, get(), gives(f"{name}a | {name}b")), expected)
        for name, expected in [(ACAO, BROKEN), (ACAC, BROKEN), (MAX_AGE, BROKEN), (ACAM, HOLDS)]
    ),
    # What the application says is not the server's
    ("S-HTTP-6", seen(LIST, FROM_B, gives(f"{TRUE} | {TRUE}"), APP_TRUE), HOLDS),
    ("S-HTTP-6", seen(LIST, FROM_A, gives(f"{TRUE} | {TRUE}"), APP_TRUE), BROKEN),
    ("S-RSP-4", seen(LIST, FROM_A, gives(COUNT)), NOT),
    ("S-RSP-4", seen(LIST, FROM_A, gives(COUNT), PLAIN), NOT),
    ("S-RSP-4", seen(LIST, asks(), gives(), gives(COUNT)), NOT),
    *(
        ("S-RSP-4", seen(LIST, FROM_A, gives(headers), gives(f"{name}x")), expected)
        for name in (ACAO, ACAC, ACEH)
        for headers, expected in [
            ("", HOLDS),
            (f"{A_ALONE} | {COUNT}", HOLDS),
            (f"{A_WITH_CREDENTIALS} | {COUNT}", HOLDS),
            (f"{A_ALONE} | {A_ALONE}", BROKEN),
            (f"{A_WITH_CREDENTIALS} | {TRUE}", BROKEN),
            (f"{A_ALONE} | {ACEH}X Count", BROKEN),
        ]
    ),
]


@pytest.mark.parametrize(("rule_id", "exchanges", "expected"), ROWS)
def test_a_rule_says(rule_id: str, exchanges: tuple[Exchange, ...], expected: str) -> None:
    assert verdict(rule_id, exchanges) == expected
