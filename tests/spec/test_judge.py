"""Judging: which subjects a rule is given, and what a violation says of what was judged."""

import pytest

from spec import RULES, Config, Exchange, Place, Rule, Scope, Violation, check, check_config, check_fetch
from spec.judge import describe, name_place
from spec.rule import Level, Profile
from spec.rules.browser_saboteurs import COOKIE, FORGETFUL
from spec.saboteurs import A_ALONE, LIST, A, asks, get, gives, seen

GETS = tuple(exchange for path in "abc" for exchange in seen(LIST, get(path=path), gives()))


def broken_by_all(scope: Scope) -> Rule:
    """A rule that nothing keeps."""
    return Rule("X-1", "Nothing is right", "", Level.MUST, Profile.HOUSE, scope, holds=lambda *subject: False)


@pytest.mark.parametrize(
    ("scope", "number", "expected"),
    [
        (Scope.EXCHANGE, 0, []),
        (Scope.EXCHANGE, 2, ["a", "b"]),
        (Scope.PAIR, 1, []),
        (Scope.PAIR, 3, ["ab", "ac", "bc"]),
        (Scope.SET, 0, []),
        (Scope.SET, 3, ["abc"]),
        (Scope.FETCH, 3, []),
        (Scope.CONFIGURATION, 3, []),
    ],
)
def test_a_rule_judges_what_its_scope_says(scope: Scope, number: int, expected: list[str]) -> None:
    rule = broken_by_all(scope)
    found = check(*GETS[:number], rules=[rule])
    assert ["".join(one.request.path for one in violation.exchanges) for violation in found] == expected
    assert all(violation.rule is rule for violation in found)


@pytest.mark.parametrize("scope", Scope)
def test_a_rule_that_cannot_be_executed_finds_nothing(scope: Scope) -> None:
    rule = Rule("X-2", "It cannot be told", "", Level.MUST, Profile.HOUSE, scope)
    assert check(*GETS, rules=[rule]) == check_config(Config(), [rule]) == check_fetch(rules=[rule]) == []


def test_a_violation_tells_the_rule_and_each_exchange_in_lines_of_their_own() -> None:
    (violation,) = check(*GETS[:2], rules=[broken_by_all(Scope.PAIR)])
    assert violation.explanation == "X-1: Nothing is right\nGET a [] -> 200 []\nGET b [] -> 200 []"
    assert violation.place is None


def test_a_violation_of_a_browser_tells_the_rule_and_what_came_of_the_last_fetch() -> None:
    rules = {scope: broken_by_all(scope) for scope in Scope}
    accounts = (*FORGETFUL, *COOKIE)
    (violation,) = check_fetch(*accounts, rules=rules.values())
    explanation = f"Nothing is right: {accounts[-1].outcome}"
    assert violation == Violation(rules[Scope.FETCH], accounts, explanation)


def test_nothing_breaks_no_rule() -> None:
    rules = [broken_by_all(scope) for scope in Scope]
    assert check(rules=rules) == check_fetch(rules=rules) == []


def test_an_exchange_is_told_by_what_matters_to_cors() -> None:
    (exchange,) = seen(LIST, asks(more="x-other: 1"), gives(f"Vary: a | {A_ALONE} | x-more: 1", status=204))
    assert describe(exchange) == (
        f"OPTIONS / [origin: {A!r}; access-control-request-method: 'PUT']"
        f" -> 204 [Vary: 'a'; access-control-allow-origin: {A!r}]"
    )


def test_bytes_that_are_no_text_are_told() -> None:
    (exchange,) = seen(LIST, get("origin: \xe4"), gives("vary: \xf6"))
    assert describe(exchange) == "GET / [origin: 'ä'] -> 200 [vary: 'ö']"


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (Place("max_age"), "max_age is 600"),
        (Place("allow_methods", 1), "allow_methods[1] is 'PUT'"),
        (Place("allow_methods", 0), "allow_methods[0] is 'GET'"),
    ],
)
def test_a_place_is_named_with_its_value(place: Place, expected: str) -> None:
    assert name_place(LIST, place) == expected


def test_each_place_that_breaks_a_rule_is_a_violation() -> None:
    places = [Place("max_age"), Place("allow_methods", 1)]
    rule = Rule(
        "X-3", "All is wrong", "", Level.MUST, Profile.HOUSE, Scope.CONFIGURATION, finds=lambda config: places
    )
    assert check_config(LIST, [RULES["D-10"], rule]) == [
        Violation(rule, (), "All is wrong: max_age is 600", places[0]),
        Violation(rule, (), "All is wrong: allow_methods[1] is 'PUT'", places[1]),
    ]


def test_a_rule_that_holds_is_not_broken() -> None:
    rule = Rule("X-5", "Always", "", Level.MUST, Profile.HOUSE, holds=lambda one: True)
    assert check(*GETS, rules=[rule]) == []


def test_a_rule_that_does_not_apply_is_not_broken() -> None:
    rule = Rule(
        "X-4", "Never", "", Level.MUST, Profile.HOUSE, applies=lambda one: False, holds=lambda one: False
    )
    subject: Exchange = GETS[0]
    assert check(subject, rules=[rule]) == []
