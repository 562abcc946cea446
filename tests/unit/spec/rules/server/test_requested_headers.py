"""The rules about how Access-Control-Request-Headers is read: as a list, whatever its form."""

import pytest

from spec import RULES, Config, Exchange, Request, Response
from spec.rules.server.examples import CREDENTIALS, LIST, TOKEN, A, B, asks, get, gives, permits, says, seen
from tests.helpers.verdicts import BROKEN, HOLDS, NOT, Row, together, verdict
from tests.unit.spec.rules.server.examples import ACRH, FROM_A, OK

ROWS: list[Row] = [
    ("S-PF-8", seen(LIST, FROM_A, gives()), NOT),
    ("S-PF-8", seen(LIST, asks(more=TOKEN), gives()), NOT),
    ("S-PF-8", seen(LIST, asks(method="P UT"), gives()), HOLDS),
    ("S-PF-8", seen(LIST, get("access-control-request-headers: a b"), gives()), NOT),
    ("S-PF-8", seen(LIST, asks(), gives()), NOT),
    ("S-PF-8", seen(LIST, asks(method=""), gives()), HOLDS),
    ("S-PF-8", seen(LIST, asks(more="access-control-request-headers: x-a, x b"), gives()), HOLDS),
    ("S-PF-8", seen(LIST, asks(method="P UT"), gives("access-control-allow-methods: GET, P UT")), BROKEN),
    ("S-PF-8", seen(LIST, asks(method="P UT"), gives(permits())), HOLDS),
]


@pytest.mark.parametrize(("rule_id", "exchanges", "expected"), ROWS)
def test_a_rule_says(rule_id: str, exchanges: tuple[Exchange, ...], expected: str) -> None:
    assert verdict(rule_id, exchanges) == expected


# Two preflights whose Access-Control-Request-Headers say the same

TWO_NAMES = f"{ACRH}x-token,accept"
ONE_MORE = f"{ACRH}accept,x-token,x-other"
FORMS = ("S-PF-7", "S-HTTP-2", "S-HTTP-3", "S-HTTP-5")


def asks_for(headers: str) -> tuple[Request, Response]:
    """A preflight with these lines more, and a right answer."""
    return asks(more=headers), OK


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (TWO_NAMES, TWO_NAMES, ""),
        (TWO_NAMES, ONE_MORE, ""),
        (TWO_NAMES, "", ""),
        (TWO_NAMES, f"{ACRH}accept,x-token", "S-PF-7"),
        (TWO_NAMES, f"{ACRH}x-token,accept,accept", "S-PF-7"),
        (TWO_NAMES, f"{ACRH}X-Token,Accept", "S-PF-7 S-HTTP-2"),
        (f"{ACRH}X-Token,accept", f"{ACRH}x-token,ACCEPT", "S-PF-7 S-HTTP-2"),
        (TWO_NAMES, f"{ACRH}Accept,X-Token", "S-PF-7"),
        (TWO_NAMES, f"{ACRH}x-token, accept", "S-PF-7 S-HTTP-3"),
        (TWO_NAMES, f"{ACRH},x-token\t,,accept", "S-PF-7 S-HTTP-3"),
        (TWO_NAMES, f"{ACRH}X-Token, Accept", "S-PF-7"),
        (TWO_NAMES, f"{ACRH}x-token | {ACRH}accept", "S-PF-7 S-HTTP-5"),
        (TWO_NAMES, f"{ACRH}accept | {ACRH}x-token", "S-PF-7"),
        (TWO_NAMES, f"{ACRH} | {TWO_NAMES}", "S-PF-7 S-HTTP-3"),
        (TWO_NAMES, f"{TWO_NAMES} | {ACRH}, | {ACRH} ", "S-PF-7 S-HTTP-3"),
        (TWO_NAMES, f"{ACRH}x-token | {ACRH} | {ACRH}accept", "S-PF-7 S-HTTP-5"),
        (f"{ACRH}x-token | {ACRH}accept", f"{ACRH}x-token, | {ACRH}, | {ACRH}accept", "S-PF-7 S-HTTP-3"),
        ("", ACRH, "S-PF-7 S-HTTP-3"),
        (f"{ACRH}x token", f"{ACRH}X TOKEN", ""),
        (f"{ACRH}x token", f"{ACRH}x token,", ""),
        (f"{ACRH}x-token", f"{ACRH}x-token{16 * 1024 * ','}", ""),
        (f"{TWO_NAMES} | cookie: a", f"{ACRH}x-token | {ACRH}accept", ""),
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


DISALLOWED = says(400, "Disallowed CORS headers", permits())


def allows(headers: str) -> Response:
    """An answer that allows these headers."""
    return says(200, "OK", permits(headers=headers))


@pytest.mark.parametrize("rule_id", FORMS)
@pytest.mark.parametrize(
    ("config", "names", "one", "other", "expected"),
    [
        (LIST, "x-token", OK, OK, HOLDS),
        (LIST, "x-token", OK, says(204, "", permits()), HOLDS),
        (LIST, "x-token", DISALLOWED, says(403, "no", permits()), HOLDS),
        (LIST, "x-token", OK, DISALLOWED, BROKEN),
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
