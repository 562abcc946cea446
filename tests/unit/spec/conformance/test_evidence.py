"""What shows a violation: in which headers, from a browser or not, and how hard it is to read."""

import pytest

from spec import RULES, Config, Exchange, Request, Response
from spec.conformance.evidence import (
    comes_from_a_page,
    headers_of,
    is_reachable,
    oddness,
    oddness_of_names,
    shows_in_credentials_alone,
    size,
)
from spec.rules.record import Violation
from spec.rules.server.examples import CREDENTIALS, LIST, TRUE, A, asks, get, gives, seen
from tests.unit.spec.conformance.test_run import judged

B = "https://b.example"
TWICE = f"origin: {A} | origin: {B}"


def violation(rule: str, *exchanges: Exchange) -> Violation:
    return Violation(RULES[rule], exchanges, rule)


@pytest.mark.parametrize(
    ("headers", "is_from_a_page"),
    [
        ("", True),
        ("x-origin: a b", True),
        (f"origin: {A}", True),
        ("origin: null", True),
        ("origin: https://foo_bar.example", True),
        ("origin: https://a.example.", True),
        ("origin: https:///a", False),
        ("origin: https://a/b", False),
        ("origin: https://A.example", False),
        ("origin: https://a.example:443", False),
        ("origin: ", False),
        (TWICE, False),
    ],
)
def test_a_browser_sends_one_origin_of_a_page_or_none(headers: str, is_from_a_page: bool) -> None:
    [exchange] = seen(LIST, get(headers), gives())
    assert comes_from_a_page(exchange) is is_from_a_page
    assert is_reachable(violation("SEC-2", exchange)) is is_from_a_page
    [ordinary] = seen(LIST, get(f"origin: {B}"), gives())
    for pair in ((ordinary, exchange), (exchange, ordinary)):
        assert is_reachable(violation("S-ORG-3", *pair)) is is_from_a_page


@pytest.mark.parametrize(
    ("methods", "is_sent"),
    [
        (["PUT"], True),
        (["patch"], True),
        (["purge"], True),
        (["put"], False),
        (["Get"], False),
        (["GET", "delete"], False),
    ],
)
def test_a_browser_sends_the_usual_methods_in_upper_case(methods: list[str], is_sent: bool) -> None:
    more = "".join(f" | access-control-request-method: {method}" for method in methods[1:])
    [exchange] = seen(LIST, asks(method=methods[0] + more), gives())
    assert comes_from_a_page(exchange) is is_sent
    [usual] = seen(LIST, asks(), gives())
    assert is_reachable(violation("S-PF-6", usual, exchange)) is is_sent


@pytest.mark.parametrize(
    ("rule", "headers", "is_alone"),
    [
        ("S-ORG-5", TRUE, True),
        ("S-ORG-5", f"{TRUE} | access-control-allow-origin: {B}", False),
        ("S-ORG-5", f"access-control-allow-origin: {B}", False),
        ("S-ORG-5", "", False),
        ("S-SYN-2", "access-control-allow-credentials: false", True),
        ("S-SYN-3", f"{TRUE} | access-control-expose-headers: a b", False),
    ],
)
def test_credentials_without_an_allowed_origin_change_nothing(
    rule: str, headers: str, is_alone: bool
) -> None:
    [exchange] = seen(CREDENTIALS, get(f"origin: {B}"), gives(headers))
    assert shows_in_credentials_alone(violation(rule, exchange)) is is_alone
    assert is_reachable(violation(rule, exchange)) is not is_alone


def test_an_allowed_origin_in_one_of_two_responses_is_no_credentials_alone() -> None:
    one, other = (
        seen(CREDENTIALS, get(f"origin: {B}"), gives(headers))[0]
        for headers in (TRUE, f"access-control-allow-origin: {A} | {TRUE}")
    )
    assert not shows_in_credentials_alone(violation("S-ORG-5", one, other))
    assert shows_in_credentials_alone(violation("S-ORG-5", one, one))


SIZES = [
    (judged(1), (False, False, 1, 0, 0, 0)),
    (judged(1, (b"ab", b"c")), (False, False, 1, 0, 1, 3)),
    (judged(1, (b"a", b"b"), (b"c", b"d")), (False, False, 1, 0, 2, 4)),
    (judged(1, origin=b"https://a.example"), (False, False, 1, 0, 1, 23)),
    (judged(1, origin=b"https://a.example/"), (True, False, 1, 5, 1, 24)),
    (judged(2), (False, False, 2, 0, 0, 0)),
    (judged(2, origin=b"A"), (True, False, 2, 10, 2, 14)),
]


@pytest.mark.parametrize(("violation", "expected"), SIZES)
def test_the_size_of_a_violation_is_what_there_is_to_read(
    violation: Violation, expected: tuple[int, ...]
) -> None:
    assert size(violation) == expected


def test_of_who_is_let_in_a_response_that_a_page_may_read_is_the_first_example() -> None:
    sent = {B: "null", "null": "null", A: A}
    unread, read, other = (
        seen(CREDENTIALS, get(f"origin: {origin}"), gives(f"access-control-allow-origin: {came} | {TRUE}"))[0]
        for origin, came in sent.items()
    )
    assert size(violation("S-ORG-5", read)) < size(violation("S-ORG-5", unread))
    assert size(violation("S-ORG-1", unread)) < size(violation("S-ORG-1", read))
    assert not size(violation("S-ORG-3", unread, other))[1]
    assert size(violation("S-ORG-3", unread, unread))[1]


APP = "https://app.example"
CONFIG = Config(allow_origins=(APP,))


def exchange(origin: str, *allowed: str) -> Exchange:
    headers = tuple((b"access-control-allow-origin", each.encode()) for each in allowed)
    return Exchange(CONFIG, Request("GET", ((b"origin", origin.encode()),)), Response(200, headers))


EVIL = exchange("https://evil.example", "https://evil.example")


def test_a_violation_shows_in_the_headers_of_its_rule_or_in_those_that_are_wrong() -> None:
    assert headers_of(violation("SEC-2", EVIL)) == {"access-control-allow-origin"}
    assert headers_of(violation("S-VARY-1", EVIL)) == {"vary"}


@pytest.mark.parametrize(
    ("origin", "odd"),
    [
        (APP, 0),
        ("https://evil.example", 0),
        ("https://evil.test", 1),
        ("https://app.example1", 2),
        ("https://pp.example", 2),
        ("http://evil.example", 3),
        ("https://evil.example:8443", 3),
        ("https://[::1]", 3),
        ("null", 4),
        ("https://EVIL.example", 5),
        ("", 5),
    ],
)
def test_an_ordinary_origin_is_shown_before_anything_odd(origin: str, odd: int) -> None:
    assert oddness(exchange(origin)) == odd


@pytest.mark.parametrize(
    ("entries", "origin", "odd"),
    [
        ((APP, "https://b.test"), "https://app.example1", 2),
        (("https://b.test", APP), "https://b.test.example", 2),
        ((), "https://app.example1", 1),
        (("*",), "https://app.example1", 1),
        (("null",), "https://null.example", 1),
    ],
)
def test_an_origin_is_odd_when_it_is_like_any_configured_one(
    entries: tuple[str, ...], origin: str, odd: int
) -> None:
    request = Request("GET", ((b"origin", origin.encode()),))
    assert oddness(Exchange(Config(entries), request, Response(200, ()))) == odd


def test_requests_without_an_origin_are_ordinary_and_with_two_are_not() -> None:
    assert oddness(Exchange(CONFIG, Request("GET", ()), Response(200, ()))) == 0
    twice = ((b"origin", b"https://a.example"),) * 2
    assert oddness(Exchange(CONFIG, Request("GET", twice), Response(200, ()))) == 5


def test_what_a_rule_names_and_is_met_shows_no_violation() -> None:
    varies = Exchange(CONFIG, EVIL.request, Response(200, (*EVIL.response.headers, (b"vary", b"Origin"))))
    assert headers_of(violation("S-VARY-1", varies)) == {"access-control-allow-origin"}


@pytest.mark.parametrize(
    ("method", "more", "odd"),
    [
        ("PUT", "", 0),
        ("GET", "access-control-request-headers: x-token", 0),
        ("PATCH", "access-control-request-headers: X-1,x-evil", 0),
        ("M-SEARCH", "", 0),
        ("PURGE", "", 1),
        ("put", "", 1),
        ("PURGE", "access-control-request-method: PURGE", 2),
        ("*", "", 3),
        ("", "", 3),
        ("PUT,PUT", "", 3),
        ("PUT X", "", 3),
        ("1", "", 3),
        ("GET", "access-control-request-headers: *", 2),
        ("GET", 'access-control-request-headers: x-token, x-token"', 2),
        ("GET", "access-control-request-headers: -x,*", 4),
        ("PURGE", "access-control-request-headers: *", 3),
    ],
)
def test_what_is_requested_is_odd_when_it_is_no_word_or_no_method_that_is_known(
    method: str, more: str, odd: int
) -> None:
    config = Config(allow_origins=(A,), allow_methods=("GET", "M-SEARCH"))
    [exchange] = seen(config, asks(method=method, more=more), gives())
    assert oddness_of_names(exchange) == odd
    assert size(violation("S-SYN-4", exchange, exchange))[3] == 2 * odd


def test_a_method_of_a_wildcard_is_as_odd_as_any_other() -> None:
    [exchange] = seen(Config(allow_origins=(A,), allow_methods=("*",)), asks(method="*"), gives())
    [other] = seen(exchange.config, asks(method="PURGE"), gives())
    assert oddness_of_names(exchange) > oddness_of_names(other)


def test_what_requests_nothing_has_no_odd_name() -> None:
    assert oddness_of_names(EVIL) == 0
