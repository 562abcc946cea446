"""The rules about how the CORS response headers are written."""

import pytest

from spec import Config, Exchange
from spec.rules.server.examples import (
    A_ALONE,
    COUNT,
    LIST,
    PATTERN,
    PLAIN,
    REGEX,
    TRUE,
    A,
    B,
    asks,
    get,
    gives,
    permits,
    seen,
)
from tests.helpers.verdicts import BROKEN, HOLDS, NOT, Row, verdict
from tests.unit.spec.rules.server.examples import ACAC, ACAH, ACAM, ACAO, ACEH, FROM_A, FROM_B, MAX_AGE

ODD = Config(allow_origins=("HTTPS://A.example", "http://\xe4"))
WITHOUT_EXPOSED = Config(allow_origins=(A,))

ROWS: list[Row] = [
    ("S-SYN-1", seen(LIST, get(), gives()), NOT),
    *(
        ("S-SYN-1", seen(ODD, get(), gives(headers)), expected)
        for headers, expected in [
            (f"{ACAO}*", HOLDS),
            (f"{ACAO}null", HOLDS),
            (f"{ACAO}{A}", HOLDS),
            (f"{ACAO}HTTPS://A.example", HOLDS),
            (f"{ACAO}HTTPS://B.example", BROKEN),
            (f"{ACAO}http://\xe4", HOLDS),
            (f"{ACAO}http://\xf6", BROKEN),
            (f"{ACAO}{A} {B}", BROKEN),
            (f"{ACAO}* | {ACAO}*", BROKEN),
            (f"{ACAO}{A} | {ACAO}{B}", BROKEN),
        ]
    ),
    # What the application says is not the server's
    *(
        ("S-SYN-1", seen(LIST, request, gives("access-control-allow-origin: a b"), app), verdict)
        for request, app, verdict in [
            (FROM_A, gives("access-control-allow-origin: a b"), BROKEN),
            (FROM_B, gives("access-control-allow-origin: a b"), NOT),
            (FROM_B, PLAIN, BROKEN),
        ]
    ),
    ("S-ORG-1", seen(LIST, get(), gives()), NOT),
    ("S-ORG-1", seen(LIST, FROM_B, gives(A_ALONE)), HOLDS),
    ("S-ORG-1", seen(REGEX, FROM_B, gives(A_ALONE)), BROKEN),
    ("S-ORG-1", seen(PATTERN, FROM_B, gives(f"{ACAO}https://*.a.example")), BROKEN),
    ("S-ORG-1", seen(REGEX, FROM_A, gives(A_ALONE)), HOLDS),
    ("S-ORG-1", seen(REGEX, FROM_A, gives(f"{ACAO}*")), HOLDS),
    ("S-ORG-1", seen(REGEX, FROM_A, gives(f"{A_ALONE} | {A_ALONE}")), BROKEN),
    *(
        ("S-SYN-2", seen(LIST, get(), gives(headers)), expected)
        for headers, expected in [
            ("", HOLDS),
            (f"{ACAC}true", HOLDS),
            (f"{ACAC}True", BROKEN),
            (f"{ACAC}", BROKEN),
            (f"{ACAC}true | {ACAC}true", BROKEN),
        ]
    ),
    # What the application says is not the server's
    *(
        ("S-SYN-2", seen(LIST, request, gives(f"{TRUE}, x"), gives(f"{TRUE}, x")), verdict)
        for request, verdict in [(FROM_A, BROKEN), (FROM_B, HOLDS), (get(), HOLDS), (asks(), BROKEN)]
    ),
    *(
        ("S-SYN-3", seen(LIST, get(), gives(name + value)), expected)
        for name in (ACAM, ACAH, ACEH)
        for value, expected in [
            ("", HOLDS),
            ("a", HOLDS),
            ("*", HOLDS),
            ("a,b ,\tc", HOLDS),
            ("a b", BROKEN),
            ("a,,b", BROKEN),
            ("a,", BROKEN),
            ("a, \x0bb", BROKEN),
            ('"a"', BROKEN),
        ]
    ),
    # What the application says is not the server's
    *(
        ("S-SYN-3", seen(config, request, gives(f"{name}: a b"), gives(f"{name}: a b")), verdict)
        for config, request, name, verdict in [
            (LIST, FROM_A, "access-control-expose-headers", BROKEN),
            (LIST, FROM_B, "access-control-expose-headers", HOLDS),
            (WITHOUT_EXPOSED, FROM_A, "access-control-expose-headers", HOLDS),
            (LIST, FROM_A, "access-control-allow-methods", HOLDS),
            (LIST, FROM_A, "access-control-allow-headers", HOLDS),
            (LIST, asks(), "access-control-allow-headers", BROKEN),
        ]
    ),
    ("S-SYN-4", seen(LIST, asks(), gives()), NOT),
    *(
        ("S-SYN-4", seen(LIST, asks(), gives(headers)), expected)
        for headers, expected in [
            (f"{MAX_AGE}0", HOLDS),
            (f"{MAX_AGE}600", HOLDS),
            (f"{MAX_AGE}", BROKEN),
            (f"{MAX_AGE}6.0", BROKEN),
            (f"{MAX_AGE}600 | {MAX_AGE}600", BROKEN),
        ]
    ),
    *(
        ("S-SYN-6", seen(LIST, request, gives(name + value)), expected)
        for name, value, on_a_preflight, on_another_request in [
            (ACAO, A, HOLDS, HOLDS),
            (ACAC, "true", HOLDS, HOLDS),
            (ACAM, "PUT", HOLDS, BROKEN),
            (ACAH, "x-token", HOLDS, BROKEN),
            (MAX_AGE, "600", HOLDS, BROKEN),
            (ACEH, "x-count", BROKEN, HOLDS),
        ]
        for request, expected in [(asks(), on_a_preflight), (FROM_A, on_another_request)]
    ),
    # What the application says is not the server's
    ("S-SYN-6", seen(LIST, FROM_A, gives(permits()), gives(permits())), HOLDS),
    *(
        ("S-SYN-6", seen(LIST, FROM_A, gives(f"{name}: 1"), PLAIN), BROKEN)
        for name in ("access-control-allow-methods", "access-control-allow-headers", "access-control-max-age")
    ),
    ("S-SYN-6", seen(LIST, asks(), gives(COUNT), gives(COUNT)), BROKEN),
    # Without a method it is no preflight to some servers.
    ("S-SYN-6", seen(LIST, asks(method=""), gives(COUNT)), NOT),
    ("S-SYN-6", seen(LIST, asks(method="a b"), gives(COUNT)), NOT),
    ("S-SYN-6", seen(LIST, asks(), gives(COUNT)), BROKEN),
]


@pytest.mark.parametrize(("rule_id", "exchanges", "expected"), ROWS)
def test_a_rule_says(rule_id: str, exchanges: tuple[Exchange, ...], expected: str) -> None:
    assert verdict(rule_id, exchanges) == expected
