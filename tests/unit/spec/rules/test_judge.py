"""Judging: which subjects a rule is given, and what a violation says of what was judged."""

from typing import Any

import pytest

from spec import RULES, Config, Exchange, Place, Rule, Subject, Violation, check, check_config, check_fetch
from spec.rules.browser.examples import COOKIE_READ, FORGETFUL
from spec.rules.judge import describe, name_place
from spec.rules.record import NETWORK_ERROR, Level, Profile, Severity
from spec.rules.server.examples import A_ALONE, LIST, A, asks, get, gives, seen

GETS = tuple(exchange for path in "abc" for exchange in seen(LIST, get(path=path), gives()))


def rule_about(subject: Subject, **more: Any) -> Rule:
    """A rule of which nothing matters but what it judges."""
    told: dict[str, Any] = {
        "title": "Nothing",
        "sentence": "Nothing is right",
        "why": "It is.",
        "repair": "Mend it.",
    }
    kinds: dict[str, Any] = {
        "level": Level.MUST, "severity": Severity.HYGIENE, "profile": Profile.IMPLEMENTATION, "sources": (),
    }  # fmt: skip
    return Rule(id="X-1", subject=subject, **told, **kinds, **more)


def broken_by_all(subject: Subject) -> Rule:
    """A rule that nothing keeps."""
    return rule_about(subject, holds=lambda *given: False)


@pytest.mark.parametrize(
    ("subject", "number", "expected"),
    [
        (Subject.EXCHANGE, 0, []),
        (Subject.EXCHANGE, 2, ["a", "b"]),
        (Subject.PAIR, 1, []),
        (Subject.PAIR, 3, ["ab", "ac", "bc"]),
        (Subject.SET, 0, []),
        (Subject.SET, 3, ["abc"]),
        (Subject.FETCH, 3, []),
        (Subject.CONFIGURATION, 3, []),
    ],
)
def test_a_rule_judges_its_subject(subject: Subject, number: int, expected: list[str]) -> None:
    rule = broken_by_all(subject)
    found = check(*GETS[:number], rules=[rule])
    assert ["".join(one.request.path for one in violation.exchanges) for violation in found] == expected
    assert all(violation.rule is rule for violation in found)


@pytest.mark.parametrize("subject", Subject)
def test_a_rule_without_a_predicate_finds_nothing(subject: Subject) -> None:
    rule = rule_about(subject)
    assert check(*GETS, rules=[rule]) == check_config(Config(), [rule]) == check_fetch(rules=[rule]) == []


def test_a_violation_tells_the_rule_and_each_exchange_in_lines_of_their_own() -> None:
    (violation,) = check(*GETS[:2], rules=[broken_by_all(Subject.PAIR)])
    assert violation.explanation == "X-1: Nothing is right\nGET a [] -> 200 []\nGET b [] -> 200 []"
    assert violation.place is None


def test_a_violation_of_a_browser_tells_the_rule_and_what_came_of_the_last_fetch() -> None:
    rules = {subject: broken_by_all(subject) for subject in Subject}
    trace = (*FORGETFUL, *COOKIE_READ)
    (violation,) = check_fetch(*trace, rules=rules.values())
    explanation = f"Nothing is right: {trace[-1].outcome}"
    assert violation == Violation(rules[Subject.FETCH], trace, explanation)


def test_nothing_breaks_no_rule() -> None:
    rules = [broken_by_all(subject) for subject in Subject]
    assert check(rules=rules) == check_fetch(rules=rules) == []


def test_an_exchange_is_told_by_what_matters_to_cors() -> None:
    (exchange,) = seen(LIST, asks(more="x-other: 1"), gives(f"Vary: a | {A_ALONE} | x-more: 1", status=204))
    assert describe(exchange) == (
        f"OPTIONS / [origin: {A!r}; access-control-request-method: 'PUT']"
        f" -> 204 [Vary: 'a'; access-control-allow-origin: {A!r}]"
    )


def test_of_an_exchange_without_response_the_reason_is_told() -> None:
    exchange = Exchange(LIST, get("origin: a"), NETWORK_ERROR, no_response="gone")
    assert describe(exchange) == "GET / [origin: 'a'] -> no response: gone"


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
    rule = rule_about(Subject.CONFIGURATION, finds=lambda config: places)
    assert check_config(LIST, [RULES["D-10"], rule]) == [
        Violation(rule, (), "Nothing is right: max_age is 600", places[0]),
        Violation(rule, (), "Nothing is right: allow_methods[1] is 'PUT'", places[1]),
    ]


def test_a_rule_that_does_not_apply_to_a_configuration_finds_nothing() -> None:
    rule = rule_about(
        Subject.CONFIGURATION, applies=lambda config: False, finds=lambda config: [Place("max_age")]
    )
    assert check_config(LIST, [rule]) == []


def test_a_rule_that_holds_is_not_broken() -> None:
    rule = rule_about(Subject.EXCHANGE, holds=lambda one: True)
    assert check(*GETS, rules=[rule]) == []


def test_a_rule_that_does_not_apply_is_not_broken() -> None:
    rule = rule_about(Subject.EXCHANGE, applies=lambda one: False, holds=lambda one: False)
    subject: Exchange = GETS[0]
    assert check(subject, rules=[rule]) == []
