"""Each rule is broken by its counterexample, alone but for the rules that follow from it."""

import pytest

from spec import RULES, Rule
from tests.tools.records import broken_by

BINDING = [rule for rule in RULES.values() if rule.binding]


@pytest.mark.parametrize("rule", BINDING, ids=lambda rule: rule.id)
def test_a_counterexample_breaks_its_rule_and_what_that_implies(rule: Rule) -> None:
    assert broken_by(rule.counterexample, BINDING) == {rule.id, *rule.implies}
