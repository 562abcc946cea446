"""What came of a run: a verdict for each rule, and the smallest exchanges that break the others."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Literal

from spec.config import Config
from spec.conformance.evidence import is_reachable
from spec.http import Request
from spec.rules.record import Level, Rule, Violation

Breach = frozenset[tuple[Config, Request]]
"""The requests that one breach of a rule is about, each with the configuration of the server."""

Verdict = Literal["pass", "fail", "not applicable", "inconclusive"]


@dataclass
class Report:
    """What a server was found to do.

    `policies` are the configurations by prefix of the path, where there is one for each; `config` is then the
    first. `verdicts` by rule id; `reasons` says of each verdict that is neither pass nor fail why.
    `violations` has the smallest that was found for each broken rule, one that a browser can bring about if
    there is any; `broken` how often each was broken, `breaches` the requests each time, `apart` those that a
    browser cannot send, `planned` those of both that are not drawn, `applied` how often each applied,
    `doubts` how often a violation did not show again.
    `trouble`: requests that got no response, or one that says that the server failed. `in_a_test`: it is read
    in a test, whose author has no command line.
    """

    target: str
    config: Config
    profiles: tuple[str, ...]
    seed: int
    rules: tuple[Rule, ...] = ()
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)
    applied: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    breaches: dict[str, list[Breach]] = field(default_factory=dict)
    apart: dict[str, list[Breach]] = field(default_factory=dict)
    planned: dict[str, set[Breach]] = field(default_factory=dict)
    doubts: Counter[str] = field(default_factory=Counter)
    started: datetime = field(default_factory=lambda: datetime.now(timezone.utc))
    policies: Mapping[str, Config] = field(default_factory=dict)
    requests: int = 0
    skipped: int = 0
    trouble: list[str] = field(default_factory=list)
    in_a_test: bool = False
    inconclusive: str = ""
    """Why the run is inconclusive; empty when it is not."""

    def count(self, violation: Violation, reachable: bool, planned: bool) -> None:
        """Count a violation, among those that a browser can bring about or among the others."""
        id = violation.rule.id
        self.broken[id] += 1
        breach = frozenset((exchange.config, exchange.request) for exchange in violation.exchanges)
        (self.breaches if reachable else self.apart).setdefault(id, []).append(breach)
        if planned:
            self.planned.setdefault(id, set()).add(breach)

    def forget(self, rule: Rule) -> None:
        """Count no violation of this rule: none has shown again."""
        del self.broken[rule.id]
        self.breaches.pop(rule.id, None)
        self.apart.pop(rule.id, None)
        self.planned.pop(rule.id, None)

    @property
    def conforms(self) -> bool:
        """No rule that binds is broken, and the run means something."""
        return not self.inconclusive and not self.failures()

    def failures(self, *, strict: bool = False, expected: frozenset[str] = frozenset()) -> list[Violation]:
        """The violations that fail a run: of MUST and SECURITY, if a browser can bring them about.

        When it is strict those of SHOULD, too, and those that no browser can bring about.
        """
        binding = {Level.MUST, Level.SECURITY, *([Level.SHOULD] if strict else [])}
        return [
            one
            for one in self.violations
            if one.rule.level in binding and one.rule.id not in expected and (strict or is_reachable(one))
        ]

    def counts(self, *, strict: bool = False, expected: frozenset[str] = frozenset()) -> dict[str, int]:
        """How many rules got each verdict; of the failed ones those apart that fail no run."""
        failing = {one.rule.id for one in self.failures(strict=strict, expected=expected)}
        tolerated = {id for id, verdict in self.verdicts.items() if verdict == "fail"} - failing
        return {
            "failed": len(failing),
            "expected to fail": len(tolerated & expected),
            "violated (not binding)": len(tolerated - expected),
            "passed": sum(verdict == "pass" for verdict in self.verdicts.values()),
            "not applicable": sum(verdict == "not applicable" for verdict in self.verdicts.values()),
            "inconclusive": sum(verdict == "inconclusive" for verdict in self.verdicts.values()),
        }

    def unexpected_passes(self, expected: frozenset[str]) -> list[str]:
        """The rules that were expected to be broken, and hold."""
        return sorted(rule for rule in expected if self.verdicts.get(rule) == "pass")
