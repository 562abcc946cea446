"""The table of all rules, gathered from its chapters."""

from collections.abc import Mapping
from types import MappingProxyType

from spec.rule import Rule
from spec.rules import browser, caching, configuration, documented, house, protocol, security

CHAPTERS = (documented, protocol, caching, security, browser, configuration, house)


def table(*chapters: tuple[Rule, ...]) -> Mapping[str, Rule]:
    """The rules of these chapters by id, in order; ValueError if an id stands twice."""
    found: dict[str, Rule] = {}
    for rule in (rule for chapter in chapters for rule in chapter):
        if rule.id in found:
            raise ValueError(f"two rules have the id {rule.id}")
        found[rule.id] = rule
    return MappingProxyType(found)


RULES: Mapping[str, Rule] = table(*(chapter.RULES for chapter in CHAPTERS))

# Advice that our own middleware knowingly does not follow, so that its right answers break it.
ADVICE = frozenset({"S-HTTP-11", "S-VARY-3"})
