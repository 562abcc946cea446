"""Each rule is broken by its saboteur, alone but for the rules that say the same or follow from it."""

import pytest

from spec import RULES, check, check_config, check_fetch
from spec.config import Config
from spec.rule import Exchange, Scope
from spec.rules import ADVICE
from spec.saboteurs import SABOTEURS

EXECUTABLE = [rule.id for rule in RULES.values() if rule.holds or rule.finds]


def test_every_executable_rule_has_a_saboteur_and_no_other_has() -> None:
    assert set(SABOTEURS) == set(EXECUTABLE) - ADVICE


@pytest.mark.parametrize("rule_id", sorted(set(EXECUTABLE) - ADVICE))
def test_a_saboteur_breaks_its_rule_and_what_that_declares(rule_id: str) -> None:
    rule = RULES[rule_id]
    expected = {rule_id, *rule.same_as, *rule.implies}
    assert broken(rule_id) == expected


def broken(rule_id: str) -> set[str]:
    """The ids of all rules that a saboteur breaks."""
    saboteur = SABOTEURS[rule_id]
    rules = [rule for rule in RULES.values() if rule.id not in ADVICE]
    if isinstance(saboteur, Config):
        found = check_config(saboteur, rules)
    elif isinstance(saboteur[0], Exchange):
        found = check(*saboteur, rules=rules)
    else:
        found = check_fetch(*saboteur, rules=rules)
    return {violation.rule.id for violation in found}


def test_rules_that_say_the_same_share_their_predicates_and_say_so_of_each_other() -> None:
    for rule in RULES.values():
        for other in (RULES[twin] for twin in rule.same_as):
            assert rule.id in other.same_as
            if rule.scope in (Scope.EXCHANGE, Scope.PAIR, Scope.SET):
                assert (rule.applies, rule.holds) == (other.applies, other.holds)


def test_what_a_rule_implies_is_a_rule() -> None:
    assert {other for rule in RULES.values() for other in (*rule.implies, *rule.same_as)} <= set(RULES)
