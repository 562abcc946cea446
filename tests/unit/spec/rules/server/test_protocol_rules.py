"""What the rules of Fetch and HTTP about every server say on both sides of their decisions."""

import pytest

import spec.rules.server.examples
from spec import RULES, Config, Exchange, Request, Response
from spec.rules.server.examples import (
    A_ALONE,
    A_WITH_CREDENTIALS,
    ANY_HEADER,
    BOTH,
    COUNT,
    CREDENTIALS,
    EVERYTHING,
    IMPOSSIBLE,
    LIST,
    PATTERN,
    PLAIN,
    REGEX,
    TRUE,
    WILDCARD,
    A,
    B,
    asks,
    get,
    gives,
    permits,
    says,
    seen,
)
from tests.helpers.verdicts import BROKEN, HOLDS, NOT, Row, either_way, together, verdict

FROM_A, FROM_B = get(f"origin: {A}"), get(f"origin: {B}")
ACAO, ACAC, ACAM, ACAH, ACEH, MAX_AGE = (
    "access-control-allow-origin: ", "access-control-allow-credentials: ", "access-control-allow-methods: ",
    "access-control-allow-headers: ", "access-control-expose-headers: ", "access-control-max-age: ",
)  # fmt: skip
ACRPN = "access-control-request-private-network: "
NETWORK = Config(allow_origins=(A,), allow_methods=("PUT",), allow_private_network=True)
CAPITALS = Config(allow_origins=("https://A.example",), allow_methods=("PUT",))
OPTIONS_TOO = Config(allow_origins=(A,), allow_methods=("OPTIONS", "PUT"))
ODD = Config(allow_origins=("HTTPS://A.example", "http://\xe4"))

SYNTAX: list[Row] = [
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
        ("S-SYN-5", seen(LIST, get(), gives(f"x-note: {value}")), expected)
        for value, expected in [("one two", HOLDS), ("\r", BROKEN), ("\n", BROKEN), ("\0", BROKEN)]
    ),
    ("S-SYN-5", seen(LIST, get(), gives("x-note: \r"), gives("x-note: \r")), NOT),
    ("S-SYN-5", seen(LIST, get(), gives("x-note: \r"), PLAIN), BROKEN),
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
    ("S-ORG-1", seen(LIST, get(), gives()), NOT),
    ("S-ORG-1", seen(LIST, FROM_B, gives(A_ALONE)), HOLDS),
    ("S-ORG-1", seen(REGEX, FROM_B, gives(A_ALONE)), BROKEN),
    ("S-ORG-1", seen(PATTERN, FROM_B, gives(f"{ACAO}https://*.a.example")), BROKEN),
    ("S-ORG-1", seen(REGEX, FROM_A, gives(A_ALONE)), HOLDS),
    ("S-ORG-1", seen(REGEX, FROM_A, gives(f"{ACAO}*")), HOLDS),
    ("S-ORG-1", seen(REGEX, FROM_A, gives(f"{A_ALONE} | {A_ALONE}")), BROKEN),
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
    *(
        ("S-HTTP-6", seen(LIST, get(), gives(f"{name}a | {name}b")), expected)
        for name, expected in [(ACAO, BROKEN), (ACAC, BROKEN), (MAX_AGE, BROKEN), (ACAM, HOLDS)]
    ),
]

OK, NO = says(200, "OK", permits()), says(400, "Disallowed CORS headers", permits())
PUT, LOWER_CASE_PUT = asks(), asks(method="put")
ALLOWS_PUT_TWICE = gives(f"{ACAM}GET, PUT, put")
ACRM, ACRH = "access-control-request-method: ", "access-control-request-headers: "
PUT_TWICE = asks(more=f"{ACRM}PUT")
CHOICE = spec.rules.server.examples.TWO
LIST_AND_PATTERN = Config(allow_origins=(A,), allow_origin_regex="https://b[.]example")
TWO, ONE_MORE = f"{ACRH}x-token,accept", f"{ACRH}accept,x-token,x-other"

READING: list[Row] = [
    *(
        row
        for rule in ("S-PF-6", "S-HTTP-1")
        for other, answer, expected in [
            (LOWER_CASE_PUT, ALLOWS_PUT_TWICE, BROKEN),
            (LOWER_CASE_PUT, OK, HOLDS),
            (PUT, ALLOWS_PUT_TWICE, NOT),
            (asks(method="GET"), OK, NOT),
            (asks(method="pat"), OK, NOT),
            (asks(method="put", path="/other"), OK, NOT),
            (asks(method="put", more=f"{ACRM}put"), OK, NOT),
            (get(f"origin: {A}", "OPTIONS"), OK, NOT),
        ]
        for row in either_way(rule, LIST, (PUT, OK), (other, answer), expected)
    ),
    *either_way("S-PF-6", LIST, (asks(method="Put"), OK), (LOWER_CASE_PUT, OK), NOT),
    *either_way("S-PF-6", LIST, (PUT_TWICE, OK), (asks(method="put", more=f"{ACRM}put"), OK), NOT),
    *either_way("S-PF-6", LIST, (asks(B), OK), (asks(B, "put"), OK), NOT),
    *either_way("S-PF-6", EVERYTHING, (asks(), OK), (LOWER_CASE_PUT, OK), NOT),
    ("S-HTTP-7", seen(LIST, get(), gives()), NOT),
    ("S-HTTP-7", seen(WILDCARD, get(), gives()), NOT),
    ("S-HTTP-7", seen(WILDCARD, get(f"origin: {A} "), gives()), NOT),
    ("S-HTTP-7", seen(LIST, FROM_A, gives()), NOT),
    ("S-HTTP-7", seen(LIST, FROM_B, gives()), NOT),
    ("S-HTTP-7", seen(LIST, get(f"origin: {B} "), gives()), NOT),
    ("S-HTTP-7", seen(LIST, get(f"origin: {A}\x0b"), gives()), NOT),
    *(
        ("S-HTTP-7", seen(CHOICE, get(f"origin: {sent}"), gives(headers)), expected)
        for sent in (f" {A}", f"{A}\t", f"\t {A} ")
        for headers, expected in [
            ("", HOLDS),
            (f"{ACAO}{B}", HOLDS),
            (A_ALONE, BROKEN),
            (f"{ACAO}{sent}", BROKEN),
            (f"{ACAO}*", BROKEN),
        ]
    ),
    # A server may name its one origin to everyone; not when it has to choose, nor with a value that was sent.
    ("S-HTTP-7", seen(LIST, get(f"origin: {A} "), gives(A_ALONE)), HOLDS),
    ("S-HTTP-7", seen(LIST, get(f"origin: {A} "), gives(f"{A_ALONE} | {A_ALONE}")), HOLDS),
    ("S-HTTP-7", seen(LIST, get(f"origin: {A} "), gives(f"{ACAO}{A} ")), BROKEN),
    ("S-HTTP-7", seen(BOTH, get(f"origin: {A} "), gives(A_ALONE)), BROKEN),
    ("S-HTTP-7", seen(LIST_AND_PATTERN, get(f"origin: {A} "), gives(A_ALONE)), BROKEN),
    # Whoever sets Accept must ask for nothing that the page allows without configuration.
    ("S-WRK-2", seen(LIST, asks(more=f"{ACRH}accept"), says(200, "OK", permits(headers=""))), NOT),
    ("S-WRK-2", seen(LIST, asks(more=f"{ACRH}accept,x-token"), says(200, "OK", permits())), NOT),
    ("S-WRK-2", seen(LIST, asks(more=f"{ACRH}x-token"), says(200, "OK", permits(headers=""))), BROKEN),
    ("S-WRK-2", seen(LIST, asks(more=f"{ACRH}x-token"), says(200, "OK", permits())), HOLDS),
    ("S-WRK-2", seen(LIST, asks(more=f"{ACRH}X-Token"), says(200, "OK", permits())), NOT),
    ("S-WRK-2", seen(LIST, asks(), says(200, "OK", permits(headers=""))), HOLDS),
    ("S-WRK-2", seen(LIST, asks(), says(400, "OK", permits())), BROKEN),
    ("S-WRK-2", seen(ANY_HEADER, asks(more=f"{ACRH}accept"), says(200, "OK", permits())), HOLDS),
    ("S-WRK-2", seen(ANY_HEADER, asks(more=f"{ACRH}accept"), says(200, "OK", permits(headers=""))), BROKEN),
    # Only what a browser sends binds: a preflight, an origin that it writes so, `true` and nothing else.
    ("S-WRK-2", seen(LIST, get(f"origin: {A} | access-control-request-method: PUT"), gives()), NOT),
    ("S-WRK-2", seen(CAPITALS, asks("https://A.example"), gives()), NOT),
    *(
        ("S-WRK-2", seen(NETWORK, asks(more=more), gives()), expected)
        for more, expected in [
            ("", BROKEN),
            (f"{ACRPN}true", BROKEN),
            (f"{ACRPN}TRUE", NOT),
            (f"{ACRPN}false", NOT),
            (f"{ACRPN}true | {ACRPN}true", NOT),
        ]
    ),
    # Where credentials are allowed together with everyone they cannot be had: reading without them is enough.
    ("S-WRK-1", seen(IMPOSSIBLE, FROM_A, gives(f"{ACAO}*")), HOLDS),
    ("S-WRK-1", seen(IMPOSSIBLE, FROM_A, gives()), BROKEN),
    ("S-WRK-1", seen(OPTIONS_TOO, asks(), gives()), NOT),
]

ALLOW = "allow: GET, HEAD"
STATUSES: list[Row] = [
    ("S-HTTP-11", seen(LIST, FROM_A, gives()), NOT),
    ("S-HTTP-11", seen(LIST, asks(), gives(status=400)), NOT),
    ("S-HTTP-11", seen(LIST, asks(), gives()), BROKEN),
    ("S-HTTP-11", seen(LIST, asks(), gives(ALLOW, 204)), HOLDS),
    ("S-HTTP-12", seen(LIST, get(), gives(status=404)), NOT),
    ("S-HTTP-12", seen(LIST, get(), gives(status=405)), BROKEN),
    ("S-HTTP-12", seen(LIST, get(), gives(ALLOW, 405)), HOLDS),
    ("S-HTTP-12", seen(LIST, asks(), gives(status=405), gives(ALLOW)), BROKEN),
    ("S-HTTP-12", seen(LIST, asks(), gives("allow: PUT", 405), gives(ALLOW)), HOLDS),
    ("S-HTTP-12", seen(LIST, asks(), gives(status=400), gives(ALLOW, 405)), NOT),
    ("S-HTTP-12", seen(LIST, get(), gives(), gives(ALLOW)), NOT),
    ("S-HTTP-12", seen(LIST, get(), gives(), gives(ALLOW, 501)), NOT),
    ("S-HTTP-12", seen(LIST, get(), gives(status=405), gives(status=405)), NOT),
    ("S-HTTP-12", seen(LIST, get(), gives(ALLOW, 405), gives(ALLOW, 405)), HOLDS),
    ("S-HTTP-12", seen(LIST, get(), gives("allow: PUT", 405), gives(ALLOW, 405)), BROKEN),
    ("S-HTTP-12", seen(LIST, get(), gives(ALLOW, 501), gives(ALLOW, 405)), BROKEN),
    *(
        ("S-HTTP-13", seen(LIST, request, gives(status=status, body=body), app), expected)
        for request, status, body, app, expected in [
            (get(), 200, "", None, NOT),
            (get(), 204, "", None, HOLDS),
            (get(), 304, "", None, HOLDS),
            (get(), 304, "a", None, BROKEN),
            (asks(), 204, "a", PLAIN, BROKEN),
            (get(), 204, "a", PLAIN, NOT),
        ]
    ),
]


@pytest.mark.parametrize(("rule_id", "exchanges", "expected"), SYNTAX + READING + STATUSES)
def test_a_rule_of_the_protocol_says(rule_id: str, exchanges: tuple[Exchange, ...], expected: str) -> None:
    assert verdict(rule_id, exchanges) == expected


# Two preflights whose Access-Control-Request-Headers say the same

FORMS = ("S-PF-7", "S-HTTP-2", "S-HTTP-3", "S-HTTP-5")


def asks_for(headers: str) -> tuple[Request, Response]:
    """A preflight with these lines more, and a right answer."""
    return asks(more=headers), OK


def allows(headers: str) -> Response:
    """An answer that allows these headers."""
    return says(200, "OK", permits(headers=headers))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (TWO, TWO, ""),
        (TWO, ONE_MORE, ""),
        (TWO, "", ""),
        (TWO, f"{ACRH}accept,x-token", "S-PF-7"),
        (TWO, f"{ACRH}x-token,accept,accept", "S-PF-7"),
        (TWO, f"{ACRH}X-Token,Accept", "S-PF-7 S-HTTP-2"),
        (f"{ACRH}X-Token,accept", f"{ACRH}x-token,ACCEPT", "S-PF-7 S-HTTP-2"),
        (TWO, f"{ACRH}Accept,X-Token", "S-PF-7"),
        (TWO, f"{ACRH}x-token, accept", "S-PF-7 S-HTTP-3"),
        (TWO, f"{ACRH},x-token\t,,accept", "S-PF-7 S-HTTP-3"),
        (TWO, f"{ACRH}X-Token, Accept", "S-PF-7"),
        (TWO, f"{ACRH}x-token | {ACRH}accept", "S-PF-7 S-HTTP-5"),
        (TWO, f"{ACRH}accept | {ACRH}x-token", "S-PF-7"),
        ("", ACRH, "S-PF-7 S-HTTP-5"),
        (f"{ACRH}x token", f"{ACRH}X TOKEN", ""),
        (f"{ACRH}x token", f"{ACRH}x token,", ""),
        (f"{ACRH}x-token", f"{ACRH}x-token{16 * 1024 * ','}", ""),
        (f"{TWO} | cookie: a", f"{ACRH}x-token | {ACRH}accept", ""),
    ],
)
def test_two_forms_of_a_list_are_judged_by_what_differs(one: str, other: str, expected: str) -> None:
    for pair in (
        together(LIST, asks_for(one), asks_for(other)),
        together(LIST, asks_for(other), asks_for(one)),
    ):
        assert {rule for rule in FORMS if RULES[rule].applies(*pair)} == set(expected.split())


@pytest.mark.parametrize("rule_id", FORMS)
def test_lists_are_compared_on_preflights_only(rule_id: str) -> None:
    requests = [get(f"origin: {A} | {ACRH}{names}", "OPTIONS") for names in ("x-token", "X-Token")]
    assert verdict(rule_id, together(LIST, *((request, OK) for request in requests))) == NOT


@pytest.mark.parametrize("rule_id", FORMS)
@pytest.mark.parametrize(
    ("config", "names", "one", "other", "expected"),
    [
        (LIST, "x-token", OK, OK, HOLDS),
        (LIST, "x-token", OK, says(204, "", permits()), HOLDS),
        (LIST, "x-token", NO, says(403, "no", permits()), HOLDS),
        (LIST, "x-token", OK, NO, BROKEN),
        (LIST, "x-token", OK, says(200, "OK", permits(B)), BROKEN),
        (LIST, "x-token", OK, allows("X-Other"), BROKEN),
        (LIST, "x-token,x-other", OK, allows("X-Other"), HOLDS),
        (LIST, "x-token,x-other", OK, allows("X-Token, X-Other"), BROKEN),
        (LIST, "x-token", OK, allows("*"), HOLDS),
        (LIST, "authorization", allows("Authorization"), allows("*"), BROKEN),
        (CREDENTIALS, "x-token", OK, allows("*"), BROKEN),
    ],
)
def test_the_form_of_a_list_does_not_change_the_verdict(
    rule_id: str, config: Config, names: str, one: Response, other: Response, expected: str
) -> None:
    holds = RULES[rule_id].holds
    assert holds is not None
    pair = together(config, (asks(more=f"{ACRH}{names}"), one), (asks(more=f"{ACRH}{names.upper()}"), other))
    assert (HOLDS if holds(*pair) else BROKEN) == expected
