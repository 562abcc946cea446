"""What came of a run: a verdict for each rule, and the smallest exchanges that break the others."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from spec.config import Config
from spec.rules.record import Level, Rule, Violation

Verdict = Literal["pass", "fail", "not applicable", "inconclusive"]


@dataclass
class Report:
    """What a server was found to do.

    `verdicts` by rule id; `because` says of each verdict that is neither pass nor fail why. `violations` has
    the smallest that was found for each broken rule, `broken` how often each was broken, `applied` how often
    each applied. `trouble`: requests that got no answer, or one that says that the server failed.
    """

    target: str
    config: Config
    profiles: tuple[str, ...]
    seed: int
    rules: tuple[Rule, ...] = ()
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    because: dict[str, str] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)
    applied: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    left_out: int = 0
    trouble: list[str] = field(default_factory=list)
    control: str = ""
    """Why the run means nothing; empty when the positive control was passed."""

    @property
    def conforms(self) -> bool:
        """No rule that binds is broken, and the run means something."""
        return not self.control and not self.failures()

    def failures(self, *, strict: bool = False, expected: frozenset[str] = frozenset()) -> list[Violation]:
        """The violations that fail a run: of MUST and SECURITY, and of SHOULD when it is strict."""
        binding = {Level.MUST, Level.SECURITY, *([Level.SHOULD] if strict else [])}
        return [one for one in self.violations if one.rule.level in binding and one.rule.id not in expected]

    def unexpected_passes(self, expected: frozenset[str]) -> list[str]:
        """The rules that were expected to be broken, and hold."""
        return sorted(rule for rule in expected if self.verdicts.get(rule) == "pass")
