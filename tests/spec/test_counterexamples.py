"""Each rule is broken by its counterexample, alone but for the rules that follow from it."""

import pytest

from spec import RULES, Config, Exchange, Rule, check, check_config, check_fetch

BINDING = [rule for rule in RULES.values() if rule.binding]


@pytest.mark.parametrize("rule", BINDING, ids=lambda rule: rule.id)
def test_a_counterexample_breaks_its_rule_and_what_that_implies(rule: Rule) -> None:
    assert broken_by(rule.counterexample) == {rule.id, *rule.implies}


def broken_by(counterexample: object) -> set[str]:
    """The ids of all binding rules that a counterexample breaks."""
    if isinstance(counterexample, Config):
        found = check_config(counterexample, BINDING)
    else:
        assert isinstance(counterexample, tuple)
        judge = check if isinstance(counterexample[0], Exchange) else check_fetch
        found = judge(*counterexample, rules=BINDING)
    return {violation.rule.id for violation in found}
