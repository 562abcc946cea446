"""Which rules about browsers real browsers have confirmed, and with how many cases: a column of RULES.md.

A rule is confirmed by a case when it applies to, and holds on, what the modelled browser does there; what was
seen is the same, which the replay asserts.
"""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from spec.rule import Scope
from spec.rules import RULES
from tests.browsers.cases import Case, predicted
from tests.browsers.engines import ENGINES
from tests.browsers.outcomes import Browser
from tests.spec.verdicts import HOLDS, verdict

CONFIRMED = Path(__file__).with_name("confirmed.json")
JUDGED = [rule.id for rule in RULES.values() if rule.scope is Scope.FETCH and not rule.not_executable]

Counts = dict[str, dict[str, int]]
"""By the ids of rules: by the names of engines, the number of cases."""


def confirmations(browsers: Mapping[str, Browser], cases: Mapping[str, Case]) -> Counts:
    """How many of the cases, given by their keys, confirm each rule in each engine that has tried them."""
    counts: dict[str, Counter[str]] = {rule: Counter() for rule in JUDGED}
    for name, browser in browsers.items():
        for key in browser.seen:
            accounts = tuple(hop for hops in predicted(cases[key], ENGINES[name]) for hop in hops)
            for rule in JUDGED:
                counts[rule][name] += verdict(rule, accounts) == HOLDS
    return {rule: {name: number for name, number in each.items() if number} for rule, each in counts.items()}


def write(counts: Counts) -> None:
    """Keep the counts, a line for each rule."""
    lines = [f"{json.dumps(rule)}: {json.dumps(each)}" for rule, each in counts.items()]
    CONFIRMED.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def read() -> Counts:
    """The counts of the last run."""
    found: Counts = json.loads(CONFIRMED.read_text())
    return found
