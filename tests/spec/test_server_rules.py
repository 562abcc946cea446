"""What rules about answers say on both sides of their decisions."""

import pytest

from spec import RULES, Exchange
from spec.saboteurs import (
    A_ALONE,
    A_WITH_CREDENTIALS,
    ALLOWED,
    ANY_HEADER,
    COUNT,
    CREDENTIALS,
    LIST,
    PLAIN,
    TOKEN,
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

HOLDS, BROKEN, NOT = "holds", "broken", "not applicable"
FROM_A, FROM_B = get(f"origin: {A}"), get(f"origin: {B}")
ROWS: list[tuple[str, tuple[Exchange, ...], str]] = [
    ("A-PF-1", seen(LIST, asks(), says(200, "OK")), HOLDS),
    ("A-PF-1", seen(LIST, asks(B, "DELETE"), says(400, "Disallowed CORS origin, method")), HOLDS),
    ("A-PF-1", seen(LIST, asks(B), says(400, "OK")), BROKEN),
    ("A-PF-1", seen(LIST, FROM_A, gives()), NOT),
    ("A-PF-2", seen(LIST, asks(), says(200, "OK")), HOLDS),
    ("A-PF-2", seen(LIST, asks(), gives("content-type: text/plain; charset=utf-8")), BROKEN),
    ("A-PF-2", seen(LIST, asks(), gives("content-length: 5")), BROKEN),
    ("A-PF-3", seen(LIST, asks(), says(200, "OK")), HOLDS),
    ("A-PF-4", seen(LIST, asks(), says(200, "OK", permits())), NOT),
    ("A-PF-4", seen(LIST, FROM_B, gives()), NOT),
    ("A-PF-4", seen(LIST, asks(B), gives("x-extra: 1")), HOLDS),
    ("A-PF-4", seen(LIST, asks(B), gives("Access-Control-Other: 1")), BROKEN),
    ("A-PF-5", seen(LIST, asks(B), gives()), NOT),
    ("A-PF-5", seen(LIST, FROM_A, gives()), NOT),
    ("A-PF-5", seen(LIST, asks(), gives(A_ALONE)), HOLDS),
    ("A-PF-5", seen(LIST, asks(), gives(A_WITH_CREDENTIALS)), BROKEN),
    ("A-PF-5", seen(CREDENTIALS, asks(), gives(A_WITH_CREDENTIALS)), HOLDS),
    ("A-PF-5", seen(CREDENTIALS, asks(), gives(A_ALONE)), BROKEN),
    ("A-PF-5", seen(WILDCARD, asks(), gives("access-control-allow-origin: *")), HOLDS),
    ("A-PF-5", seen(WILDCARD, asks(), gives(A_ALONE)), BROKEN),
    ("A-PF-7", seen(ANY_HEADER, asks(), gives()), NOT),
    ("A-PF-7", seen(LIST, asks(B), gives()), NOT),
    ("A-PF-8", seen(LIST, asks(), gives()), NOT),
    ("A-PF-8", seen(ANY_HEADER, asks(B), gives()), NOT),
    ("A-PF-8", seen(ANY_HEADER, asks(), gives()), HOLDS),
    ("A-PF-8", seen(ANY_HEADER, asks(), gives("access-control-allow-headers: ")), BROKEN),
    ("A-PF-8", seen(ANY_HEADER, asks(more=TOKEN), gives("access-control-allow-headers: x-token")), HOLDS),
    ("A-PF-10", seen(LIST, asks(), says(200, "OK", permits())), HOLDS),
    ("A-PF-10", seen(LIST, asks(), gives(COUNT)), BROKEN),
    ("A-PF-10", seen(LIST, asks(), gives("vary: a | vary: a")), BROKEN),
    ("A-ACT-1", seen(LIST, FROM_A, gives()), NOT),
    ("A-ACT-1", seen(LIST, asks(), gives(), PLAIN), NOT),
    ("A-ACT-1", seen(LIST, FROM_A, gives(ALLOWED), PLAIN), HOLDS),
    ("A-ACT-1", seen(LIST, FROM_B, gives(), PLAIN), HOLDS),
    ("A-ACT-1", seen(LIST, FROM_B, gives(A_ALONE), PLAIN), BROKEN),
    ("A-ACT-2", seen(LIST, FROM_A, gives(ALLOWED), PLAIN), HOLDS),
    ("A-ACT-2", seen(LIST, FROM_A, gives(), PLAIN), BROKEN),
    ("A-ACT-2", seen(CREDENTIALS, FROM_A, gives(COUNT), gives(COUNT)), HOLDS),
    ("A-ACT-2", seen(LIST, FROM_B, gives(COUNT), PLAIN), BROKEN),
    ("A-ACT-3", seen(LIST, get(), gives("vary: *"), gives("vary: *")), HOLDS),
    ("A-ACT-3", seen(LIST, get(), gives("vary: a,origin"), gives("vary: a,origin")), HOLDS),
    ("A-ACT-3", seen(LIST, get(), gives("vary: a, origin"), gives("vary: a | vary: origin")), HOLDS),
    ("A-ACT-3", seen(LIST, get(), gives("vary: a, Origin"), gives("vary: a")), HOLDS),
    ("A-ACT-3", seen(LIST, get(), gives("vary: Origin"), PLAIN), HOLDS),
    ("A-ACT-4", seen(LIST, get(), gives("vary: Origin"), PLAIN), HOLDS),
    ("A-ACT-4", seen(LIST, get(), gives(status=404), PLAIN), BROKEN),
    ("A-ACT-4", seen(LIST, get(), gives("x-extra: 1"), PLAIN), BROKEN),
    ("A-ACT-5", seen(LIST, get(), gives()), NOT),
    ("A-ACT-5", seen(LIST, asks(), gives(), calls=0), NOT),
    ("A-ACT-5", seen(LIST, get(), gives(), calls=1), HOLDS),
    ("A-ACT-5", seen(LIST, get(), gives(), calls=0), BROKEN),
]


@pytest.mark.parametrize(("rule_id", "exchanges", "expected"), ROWS)
def test_a_rule_says(rule_id: str, exchanges: tuple[Exchange, ...], expected: str) -> None:
    rule = RULES[rule_id]
    assert rule.holds is not None
    verdict = NOT if not rule.applies(*exchanges) else HOLDS if rule.holds(*exchanges) else BROKEN
    assert verdict == expected
